"""Which decisions are drawn for a second look."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.policy.references import reference as make_reference
from desktop.policy.secondlooks import drawn

SECRET = bytes(range(32))
secrets = st.binary(min_size=32, max_size=32)
references = st.integers(1, 999_999).map(lambda number: make_reference("TR", number))


def test_the_draw_is_fixed() -> None:
    """Another way to draw would be another sample of every store that there is."""
    first = [number for number in range(1, 200) if drawn(SECRET, "TR-000001-7", number, 10)]
    assert first == FIXED


FIXED = [9, 17, 20, 26, 27, 36, 40, 42, 43, 69, 73, 82, 107, 113, 116, 119, 132, 133, 154, 169, 174, 186, 194, 196, 198]


@given(secrets, references, st.integers(1, 9))
def test_none_is_drawn_at_nothing_and_each_at_all(secret: bytes, reference: str, number: int) -> None:
    assert not drawn(secret, reference, number, 0)
    assert drawn(secret, reference, number, 100)


@given(secrets, references, st.integers(1, 9), st.integers(0, 99))
def test_what_is_drawn_at_a_share_is_drawn_at_a_larger_one(
    secret: bytes, reference: str, number: int, percent: int
) -> None:
    assert drawn(secret, reference, number, percent) <= drawn(secret, reference, number, percent + 1)


def test_about_the_share_is_drawn_and_another_secret_draws_others() -> None:
    cases = [make_reference("TR", number) for number in range(1, 10_001)]
    one, other = ({case for case in cases if drawn(secret, case, 1, 20)} for secret in (SECRET, bytes(32)))
    # Five standard deviations of 10,000 throws at 20 in a hundred.
    assert abs(len(one) - 2000) < 200
    assert abs(len(one & other) - 400) < 100
