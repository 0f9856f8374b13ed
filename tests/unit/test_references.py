"""Case references and their check digit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.policy.references import check_digit, is_reference, reference


def test_known_references() -> None:
    assert reference("TR", 1) == "TR-000001-7"
    assert reference("TR", 133) == "TR-000133-1"
    assert reference("SR", 26) == "SR-000026-9"
    assert reference("TR", 1_234_567).startswith("TR-1234567-")


def test_the_check_digit_is_the_standards() -> None:
    """ISO 7064 gives 0794 with the check digit 5 as its example of MOD 11,10."""
    assert check_digit("0794") == 5


@pytest.mark.parametrize("text", ["TR-000001-7", " tr-000001-7 ", "SR-000026-9"])
def test_what_is_a_reference(text: str) -> None:
    assert is_reference(text)


@pytest.mark.parametrize(
    "text",
    ["", "TR", "TR-000001", "TR-000001-8", "TR-00001-7", "T-000001-7", "TR 000001 7", "TR-٠٠٠٠٠١-7", "TR-000001-7-"],
)
def test_what_is_not(text: str) -> None:
    assert not is_reference(text)


@given(st.integers(1, 10**9), st.integers(0, 8), st.integers(1, 9))
def test_every_slip_of_one_digit_is_found(sequence: int, place: int, by: int) -> None:
    prefix, digits, check = reference("TR", sequence).split("-")
    place %= len(digits)
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert is_reference(f"{prefix}-{digits}-{check}")
    assert not is_reference(f"{prefix}-{wrong}-{check}")
