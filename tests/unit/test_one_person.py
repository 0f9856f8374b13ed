"""One request is about one person: lists are told from unusual names."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records import Json
from desktop.policy.agreements import Field
from desktop.policy.fields import check_field
from desktop.policy.oneperson import names_nobody, names_several, tells_of_others

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


ODD = [
    "Null", "Noone", "O'Brien-Ng", "Nguyễn", "X", "E", "Madonna", "de la Cruz", "Any", "Patient", "Patient Any", "Male",
    "Man", "An Man", "Child", "Somebodya", "Nemo", "Mu?oz", "-",
]  # fmt: skip


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
        "John Brown (DOB 1/1/80), Jane Green (DOB 2/2/81)",
        "John Brown DOB 1/1/80 and Jane Green DOB 2/2/81",
        "Brown 943 476 5919, Green 943 476 5870",
        "John Brown born 1 January 1980 Jane Green born 2 Feb 1981",
        "all patients at 3 Weir Street",
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
        "John Brown 1/1/80",
        "Brown (b. 1980)",
        *ODD,
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


@pytest.mark.parametrize(
    ("text", "nobody"),
    [
        ("Anyone", "surely"), ("at 3 Weir Street", "surely"), ("anybody from Flat 2 The Mill", "surely"),
        ("unknown male", "surely"), ("Unidentified young woman", "surely"), ("any male aged 20-30", "surely"),
        ("*", "surely"), ("%", "surely"), ("??", "surely"), ("Someone", "surely"), ("no one", "surely"),
        ("Unknown", "perhaps"), ("not known", "perhaps"), ("The Occupier", "perhaps"), ("any male", "perhaps"),
        *((name, "no") for name in ODD),
    ],
)  # fmt: skip
def test_nobody_in_particular_is_no_name(text: str, nobody: str) -> None:
    assert names_nobody(text) == nobody
    for key in ("person.family_name", "person.given_names"):
        found = check_field(Field(key=key, label="", kind="text"), text, today=date(2026, 6, 1))
        assert [one.hard for one in found] == {"surely": [True], "perhaps": [False], "no": []}[nobody]
    row: Json = [{"name": text, "kind": "alias"}]
    found = check_field(Field(key="person.other_names", label="", kind="names"), row, today=date(2026, 6, 1))
    assert any(one.hard for one in found) is (nobody == "surely")


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("Also trace: John Brown 1/1/80, Jane Green 2/2/81, Tom White 3/3/82", True),
        ("And the same for his brothers Tom Brown, Al Brown and Jo Brown", True),
        ("Tom Brown, Al Brown and Jo Brown", True),
        ("John Brown 943 476 5919, Jane Green 943 476 5870", True),
        ("Seen on 1/1/2026 in Leeds, and on 2/2/2026 in York with Mary Ann Smith.", False),
        ("Indicted at Leeds Crown Court on 3 June 2026; he left Northshire Police on 4 June 2026.", False),
        ("The date of his last entry.", False),
    ],
)
def test_others_asked_for_in_passing_are_worth_a_look(text: str, others: bool) -> None:
    assert tells_of_others(text) is others
    for key in ("ground.details", "asked.other"):
        found = check_field(Field(key=key, label="", kind="lines"), text, today=date(2026, 6, 1))
        assert [one.hard for one in found] == [False] * others


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        (["Jane Green", "Tom White", "Sue Black", "Al Grey", "Bo Blue", "Cy Red"], True),
        (["Jane Green", "Tom White"], False),
        (["Jane Green", "Jane White", "Jane Black"], False),
        (["Jay", "Greenie", "JG", "Jane Green"], False),
    ],
)
def test_other_names_with_nothing_in_common_are_worth_a_look(names: list[str], asked: bool) -> None:
    rows: Json = [{"name": name, "kind": "alias"} for name in names]
    found = check_field(Field(key="person.other_names", label="", kind="names"), rows, today=date(2026, 6, 1))
    assert [one.hard for one in found] == [False] * asked


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=6))
def test_no_run_of_names_without_a_mark_between_is_a_list(parts: list[str]) -> None:
    assert names_several(" ".join(parts)) == "no"


@given(st.lists(st.sampled_from(PARTS), min_size=2, max_size=5), st.sampled_from(["; ", " & ", "\n"]))
def test_whatever_the_names_a_mark_between_parts_them(parts: list[str], mark: str) -> None:
    named = [part for part in parts if part not in ("bin", "de la", "van der")]
    if len(named) > 1 and "李" not in named:
        assert names_several(mark.join(named)) == "surely"
