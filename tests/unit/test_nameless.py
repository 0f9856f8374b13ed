"""What names a person, in a query that may carry a reference alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.policy.nameless import is_no_code, names_someone

NAMING = (
    "Tomasz Kowalczyk", "KOWALCZYK, Tomasz", "Sought for Tomasz Kowalczyk, who overstayed", "born in 1984", "DOB?",
    "d.o.b. 30/06/84", "30 June 1984", "30/06/1984", "1984-06-30", "June 30, 1984", "tomasz kowalczyk 30.6.1984",
    "Mr Kowalczyk overstayed", "known as Tomek", "alias: Tomek", "name: tomasz", "a man called Tomasz", "Élodie Ång",
    "Family name Kowalczyk", "He is aged 34", "Mrs. Hale", "née Hale", "O’Hara Flynn",
)  # fmt: skip
NAMELESS = (
    "Identity is in doubt after a visa refusal.", "The United Kingdom refused leave on 3 May 2026.", "Home Office case",
    "New Zealand asks under Article 4 of the Protocol", "Immigration Act 1971, section 24", "Details as given", "",
    "Claim made at Port of Dover on 12 March 2021", "Named in our letter of 2 June 2026", "Border Force stopped them",
    "They say two identities are used.", "High Court order of 1 May 2025", "Upper Tribunal", "Age is disputed",
)  # fmt: skip


@pytest.mark.parametrize("text", NAMING)
def test_what_names_someone_is_found(text: str) -> None:
    assert names_someone(text)
    assert is_no_code(text)


@pytest.mark.parametrize("text", NAMELESS)
def test_bodies_countries_and_laws_pass(text: str) -> None:
    assert not names_someone(text)


@pytest.mark.parametrize("text", ["tomasz kowalczyk", "FP 12 of 3 May 2026", "kowalczyk", "Query for him, 12"])
def test_a_reference_is_a_code(text: str) -> None:
    assert is_no_code(text)


@pytest.mark.parametrize(
    "text", ["REF/2026/7", "CA-2026-000123", "FP 0012 34", "AU/BIO/2026/11", "CA-12-05-2026-001", ""]
)
def test_a_code_passes(text: str) -> None:
    assert not is_no_code(text)


@given(st.text(max_size=60))
def test_any_text_can_be_looked_through(text: str) -> None:
    assert isinstance(is_no_code(text), bool)
