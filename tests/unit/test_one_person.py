"""One request is about one person: lists are told from unusual names."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records import Json
from desktop.policy.agreements import Field
from desktop.policy.fields import check_field
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
        "see attached list",
        "See list",
        "attached spreadsheet",
        "all residents of 27 Ropewalk Court",
        "occupants",
        "everyone at the address",
        "five people",
        "two brothers",
        "various",
        "The Smith family",
        "John Smith & family",
        "Mr and Mrs Smith",
        "Smith x5",
        "John Smith + 3",
        "Smith (and 4 others)",
        "John Smith • Ann Jones",
        "John Smith. Ann Jones. Bob Brown",
        "John Smith with Ann Jones",
        "Ann Jones as well as Bob Brown",
        "王伟、李娜",
        "王伟；李娜",
        "Ann Jones； Bob Brown",
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
        "John Smith plus Ann Jones",
        "Ana Maria Plus Garcia Lopez",
        "John Smith und Ann Jones",
        "Jean Dupont et Marie Durand",
        "John Smith – Ann Jones",
        "John Smith   Ann Jones",
        "John Smith. Ann Jones",
        "Smith family",
        "Many",
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
        "See",
        "List",
        "Family",
        "Plus",
        "Anna Plus",
        "Abdul Rahman Md. Rafiqul Islam",
        "Siti Aishah Mohd. Yusof Ali",
        "J. R. R. Tolkien",
        "Sta. Maria Delos Santos",
        "约翰·史密斯",
        "Gal·la Placídia",
        "X",
        "Malcolm X",
        "People",
        "Jean-Luc de Saint-Exupéry",
        "Peoples",
        "Allen Childers",
        "Tenant",
    ],
)
def test_an_unusual_name_is_one_person(text: str) -> None:
    assert names_several(text) == "no"


@pytest.mark.parametrize(
    ("rows", "hard"),
    [
        (["Ann Jones; Bob Brown; Cy Dee"], True),
        (["Ann Jones", "Annie Jones"], False),
        (["Annie Jones", "see attached list"], True),
        (["Annie Jones", "Ann Brown / Ann Jones"], False),
    ],
)
def test_a_row_of_other_names_holds_one_name(rows: list[str], hard: bool) -> None:
    field = Field(key="person.other_names", label="Other names", kind="names")
    value: Json = [{"name": one, "kind": "alias"} for one in rows]
    found = check_field(field, value, today=date(2026, 6, 1))
    assert any(one.hard for one in found) is hard
    assert bool(found) is (hard or "/" in rows[-1])


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=6))
def test_no_run_of_names_without_a_mark_between_is_a_list(parts: list[str]) -> None:
    assert names_several(" ".join(parts)) == "no"


@given(st.lists(st.sampled_from(PARTS), min_size=2, max_size=5), st.sampled_from(["; ", " & ", "\n"]))
def test_whatever_the_names_a_mark_between_parts_them(parts: list[str], mark: str) -> None:
    named = [part for part in parts if part not in ("bin", "de la", "van der")]
    if len(named) > 1 and "李" not in named:
        assert names_several(mark.join(named)) == "surely"
