"""One request is about one person: lists are told from unusual names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.policy.oneperson import names_several

PARTS = [
    "Anne",
    "Marie",
    "Østergård",
    "de la",
    "Cruz",
    "bin",
    "Said",
    "al-Rashid",
    "O’Neill-Smith",
    "van der",
    "Szabó",
    "李",
]


@pytest.mark.parametrize(
    "text",
    [
        "Smith; Jones",
        "Adam Smith, Bettina Jones, Carol Brown",
        "adam smith, bettina jones and carol brown",
        "Adam Smith, Bettina Jones and Carol Brown",
        "Smith & Jones",
        "john smith and bob jones",
        "JOHN SMITH AND BOB JONES",
        "Smith and others",
        "Smith + 3 others",
        "Smith et al",
        "1. Smith 2. Jones",
        "(1) Smith (2) Jones",
        "12 people",
        "Smith | Jones",
        "Adam Smith\nBettina Jones",
    ],
)
def test_a_list_is_seen(text: str) -> None:
    assert names_several(text) == "surely"


@pytest.mark.parametrize(
    "text",
    [
        "García López, María José",
        "de la Cruz Santos, Anne Marie",
        "Adam Smith, Bettina Jones",
        "a smith, b jones",
        "Smith, Jones, Brown",
        "Smith and Jones",
        "Trinidad And Tobago",
        "Adam Smith / Bettina Jones",
    ],
)
def test_what_may_be_one_lawful_name_is_asked_about_and_never_barred(text: str) -> None:
    assert names_several(text) == "perhaps"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Anne Marie de la Cruz",
        "Al-Rashid bin Said",
        "O’Neill-Smith",
        "King, Jr.",
        "Smith, Adam",
        "de la Cruz, María José",
        "Ortega y Gasset",
        "von und zu Liechtenberg",
        "Anderson",
        "Sandra",
        "Ferdinand",
        "Smith/Smyth",
        "Adam Smith, OBE",
        "D'Souza, Fr.",
        "Mary-Ann",
        "Rand Brandon",
        "Nguyễn Thị Minh Khai",
        "Author, A. B.",
        "Robert'); DROP TABLE cases;--",
        'O"Brien; "x" = 1',
    ],
)
def test_an_unusual_name_is_one_person(text: str) -> None:
    assert names_several(text) == "no"


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=6))
def test_no_run_of_names_without_a_mark_between_is_a_list(parts: list[str]) -> None:
    assert names_several(" ".join(parts)) == "no"


@given(st.lists(st.sampled_from(PARTS), min_size=2, max_size=5), st.sampled_from(["; ", " & ", "\n"]))
def test_whatever_the_names_a_mark_between_parts_them(parts: list[str], mark: str) -> None:
    named = [part for part in parts if part not in ("bin", "de la", "van der")]
    if len(named) > 1 and "李" not in named:
        assert names_several(mark.join(named)) == "surely"
