"""Two requests side by side: what agrees, what differs, what cannot be told; and what is enough to disclose."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records import Answers, Json
from desktop.policy.people import (
    IDENTIFIERS,
    compare,
    enough_identifiers,
    may_be_same,
    name_key,
    not_enough,
    other_names,
)


def boxes(day: str, month: str, year: str) -> Json:
    return {"day": day, "month": month, "year": year, "unknown": True}


def person(**parts: Json) -> Answers:
    return {f"person.{key}": value for key, value in parts.items()}


TOMASZ = person(
    given_names="Tomasz Paweł",
    family_name="Kowalczyk",
    other_names=[{"name": "Tomas Kowalczyk", "kind": "spelling"}, {"name": "Tom Hale", "kind": "alias"}],
    born=boxes("29", "6", "1984"),
    gender="1",
    nationality="Polish",
    nhs_number="943 476 5919",
    home_office_reference="Z1234567",
    passport="",
    address={"lines": "Flat 3, 18 Tanners Row\nNorthbridge", "postcode": "NB2 6QX"},
)
EARLIER = person(
    given_names="Tomas",
    family_name="KOWALCZYK ",
    other_names=[{"name": "tom hale", "kind": "alias"}],
    born=boxes("30", "June", "1984"),
    gender="1",
    nationality="polish",
    nhs_number="9434765919",
    home_office_reference="z 123-4567",
    passport="PA1234567",
)


def rows(now: Answers, earlier: Answers) -> dict[str, tuple[str, str]]:
    return {row.label: (row.earlier, row.verdict) for row in compare(now, earlier)}


def test_the_comparison_of_two_requests() -> None:
    assert rows(TOMASZ, EARLIER) == {
        "Family name": ("KOWALCZYK", "agrees"),
        "Given names": ("Tomas", "differs"),
        "Other names": ("tom hale", "agrees"),
        "Born": ("30 June 1984", "differs"),
        "Gender": ("Male", "agrees"),
        "Nationality": ("polish", "agrees"),
        "NHS number": ("943 476 5919", "agrees"),
        "Home Office reference": ("z 123-4567", "agrees"),
        "Passport": ("PA1234567", "unknown"),
        "Address": ("Not given", "unknown"),
    }


def test_a_comparison_gives_no_number() -> None:
    """Facts only: nothing in it may be read as a likelihood."""
    for row in compare(TOMASZ, EARLIER):
        assert [type(getattr(row, name)) for name in ("label", "earlier", "verdict")] == [str, str, str]
        assert row.verdict in ("agrees", "differs", "unknown")


def test_nothing_against_nothing_is_unknown() -> None:
    assert {verdict for _, verdict in rows({}, {}).values()} == {"unknown"}
    assert {words for words, _ in rows({}, {}).values()} == {"Not given"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kowalczyk", "KOWALCZYK"),
        ("Núñez", "Nunez"),
        ("Łukasz", "lukasz"),
        ("Strauß", "STRAUSS"),
        ("Bjørn", "Bjorn"),
        ("O’Brien", "O'Brien"),
        ("O’Brien", "Obrien"),
        ("Carvalho-Webb", "Carvalho Webb"),
        ("van der Berg", "Van Der Berg"),
        ("مُحَمَّد", "محمد"),
        ("Ｌｉ", "Li"),
        ("Zoe\u0308", "Zoë"),
    ],
)
def test_names_that_are_written_differently_agree(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("Khan", "Kahn"), ("が", "か"), ("की", "क"), ("李", "王"), ("Tomas", "Tomasz")]
)
def test_names_that_are_different_differ(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text(max_size=40))
def test_a_key_of_a_key_is_the_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name) == name_key(f" {name}-")


@pytest.mark.parametrize(
    ("now", "earlier", "words", "verdict"),
    [
        (boxes("29", "6", "1984"), boxes("29", "06", "1984"), "29 June 1984", "agrees"),
        (boxes("29", "6", "1984"), boxes("", "6", "1984"), "June 1984, day not known", "agrees"),
        (boxes("29", "6", "1984"), boxes("", "", "1984"), "1984, day and month not known", "agrees"),
        (boxes("29", "6", "1984"), boxes("", "7", "1984"), "July 1984, day not known", "differs"),
        (boxes("29", "6", "1984"), boxes("29", "6", "1985"), "29 June 1985", "differs"),
        (boxes("29", "6", "1984"), boxes("29", "6", ""), "29 June, year not known", "unknown"),
        (boxes("29", "6", "1984"), boxes("28", "6", ""), "28 June, year not known", "differs"),
        (boxes("29", "", ""), boxes("", "6", "1984"), "June 1984, day not known", "unknown"),
        (boxes("29", "6", "1984"), boxes("", "", ""), "Not given", "unknown"),
        (boxes("29", "6", "1984"), boxes("31", "6", "1984"), "31 6 1984 (not a date)", "unknown"),
        (None, boxes("29", "6", "1984"), "29 June 1984", "unknown"),
    ],
)
def test_dates_compare_as_far_as_they_are_known(now: Json, earlier: Json, words: str, verdict: str) -> None:
    assert rows(person(born=now), person(born=earlier))["Born"] == (words, verdict)


@pytest.mark.parametrize(
    ("now", "earlier", "expected"),
    [
        ("1", "2", ("Female", "differs")),
        ("2", "2", ("Female", "agrees")),
        ("1", "9", ("Not specified", "unknown")),
        ("0", "0", ("Not known", "unknown")),
        ("1", "", ("Not given", "unknown")),
    ],
)
def test_a_gender_that_is_not_known_cannot_differ(now: str, earlier: str, expected: tuple[str, str]) -> None:
    assert rows(person(gender=now), person(gender=earlier))["Gender"] == expected


def address(lines: str, postcode: str = "") -> Answers:
    return person(address={"lines": lines, "postcode": postcode})


@pytest.mark.parametrize(
    ("now", "earlier", "words", "verdict"),
    [
        (
            address("Flat 3, 18 Tanners Row", "NB2 6QX"),
            address("18 Tanners Row\nFlat 3,", "nb26qx"),
            "18 Tanners Row, Flat 3, nb26qx",
            "agrees",
        ),
        (
            address("18 Tanners Row", "NB2 6QX"),
            address("18 tanners row"),
            "18 tanners row",
            "agrees",
        ),
        (
            address("18 Tanners Row", "NB2 6QX"),
            address("18 Tanners Row", "NB2 6QY"),
            "18 Tanners Row, NB2 6QY",
            "differs",
        ),
        (
            address("18 Tanners Row", "NB2 6QX"),
            address("Flat 3, 18 Tanners Row", "NB2 6QX"),
            "Flat 3, 18 Tanners Row, NB2 6QX",
            "differs",
        ),
        (
            # A postcode is no address.
            address("18 Tanners Row", "NB2 6QX"),
            address("", "NB2 6QX"),
            "NB2 6QX",
            "unknown",
        ),
    ],
)
def test_addresses(now: Answers, earlier: Answers, words: str, verdict: str) -> None:
    assert rows(now, earlier)["Address"] == (words, verdict)


def test_other_names_are_read_whatever_was_stored() -> None:
    assert other_names(TOMASZ) == ("Tomas Kowalczyk", "Tom Hale")
    assert other_names({}) == ()
    assert other_names(person(other_names=[{"name": " "}, "Tom", {"kind": "alias"}, {"name": 7}])) == ()
    assert rows(TOMASZ, person(other_names=[{"name": "Anna Hale", "kind": "alias"}]))["Other names"][1] == "differs"


# What is worth showing

ANNA = person(given_names="Anna Maria", family_name="Petrova", born=boxes("4", "11", "1991"))


@pytest.mark.parametrize(
    "earlier",
    [
        person(given_names="Anna", family_name="PETROVA"),
        person(given_names="Olga", family_name="Petrova", born=boxes("", "", "1991")),
        person(given_names="Petrova", family_name="Anna Maria", born=boxes("", "", "1991")),
        person(given_names="Petrova", family_name="Anna Maria"),
        person(given_names="Anna Maria", family_name="Hartley", born=boxes("4", "11", "1991")),
        person(given_names="Jane", family_name="Doe", other_names=[{"name": "Anna Petrova", "kind": "alias"}]),
        person(given_names="Anna", family_name="Hartley", other_names=[{"name": "Petrova", "kind": "former"}]),
        person(given_names="", family_name="Petrova Anna Maria"),
        person(given_names="Anna-Maria PETROVA", family_name=""),
        person(given_names="A", family_name="Petrova-Lind", born=boxes("4", "11", "1991")),
        person(given_names="Olga Petrova", family_name="Lind", born=boxes("4", "11", "1991")),
    ],
    ids=[
        "given name",
        "year",
        "swapped, year",
        "swapped",
        "given names and birth",
        "alias",
        "former name",
        "in one field",
        "in the other field",
        "two family names and birth",
        "family name among the given ones and birth",
    ],
)
def test_worth_showing(earlier: Answers) -> None:
    assert may_be_same(ANNA, earlier)
    assert may_be_same(earlier, ANNA)


@pytest.mark.parametrize(
    "earlier",
    [
        {},
        person(given_names="Olga", family_name="Petrova"),
        person(given_names="Olga", family_name="Petrova", born=boxes("4", "11", "1990")),
        person(given_names="Anna", family_name="Hartley", born=boxes("4", "11", "1991")),
        person(given_names="Anna Maria", family_name="Hartley", born=boxes("", "", "1991")),
        person(given_names="Anna Maria", family_name="", born=boxes("", "", "1991")),
        person(given_names="", family_name="Petrova"),
        person(born=boxes("4", "11", "1991")),
        person(given_names="Petrova", family_name="Hartley", born=boxes("", "", "1991")),
        person(given_names="A", family_name="Petrova-Lind", born=boxes("5", "11", "1991")),
    ],
    ids=[
        "nothing",
        "name",
        "another year",
        "another name",
        "year alone",
        "no family name",
        "family name",
        "birth alone",
        "half swapped",
        "two family names, another day",
    ],
)
def test_not_worth_showing(earlier: Answers) -> None:
    assert not may_be_same(ANNA, earlier)
    assert not may_be_same(earlier, ANNA)


@pytest.mark.parametrize(
    ("key", "one", "other", "same"),
    [
        ("nhs_number", "943 476 5919", "9434765919", True),
        ("nhs_number", "943 476 5918", "9434765918", False),
        ("nhs_number", "", "", False),
        ("home_office_reference", "Z1234567", "z 1234567", True),
        ("home_office_reference", "", "-", False),
        ("passport", "PA1234567", "PA 1234567", True),
        ("passport", "PA1234567", "PA1234568", False),
        ("ni_number", "QQ 12 34 56 C", "QQ123456C", True),
    ],
)
def test_a_number_that_agrees_is_worth_showing(key: str, one: str, other: str, same: bool) -> None:
    now = person(family_name="Petrova", **{key: one})
    assert may_be_same(now, person(family_name="Hartley", **{key: other})) is same


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("name kind lines postcode day month year".split()), inner, max_size=3)
    ),
    max_leaves=5,
)
PEOPLE = st.dictionaries(st.sampled_from(sorted(TOMASZ)), VALUES)


@given(PEOPLE, PEOPLE)
def test_whatever_is_stored_can_be_compared(one: Answers, other: Answers) -> None:
    assert [row.label for row in compare(one, other)] == [row.label for row in compare(TOMASZ, EARLIER)]
    assert [row.verdict for row in compare(one, other)] == [row.verdict for row in compare(other, one)]
    assert may_be_same(one, other) == may_be_same(other, one)


# What is enough


def test_a_name_a_birth_date_and_one_more_are_enough_and_nothing_less_is() -> None:
    for size in range(len(IDENTIFIERS) + 1):
        for chosen in combinations(sorted(IDENTIFIERS), size):
            expected = "name" in chosen and "born" in chosen and size >= 3
            assert enough_identifiers(chosen) is expected, chosen
            assert (not_enough(chosen) == "") is expected


@pytest.mark.parametrize(
    "matched",
    [("nhs_number",), ("nhs_number", "born"), ("name", "born"), ("name", "born", "born"), ("name", "born", "x")],
)
def test_never_enough(matched: tuple[str, ...]) -> None:
    assert not enough_identifiers(matched)


def test_what_is_missing_in_words() -> None:
    assert not_enough(()) == "Say which identifiers agree: the name, the date of birth and at least one more."
    assert not_enough(["nhs_number"]) == (
        "An NHS number alone is never enough. "
        "Before anything is disclosed, the name and the date of birth must agree too."
    )
    assert not_enough(["name", "born"]) == "Before anything is disclosed, one more identifier must agree too."
    assert not_enough(["name"]) == (
        "Before anything is disclosed, the date of birth and one more identifier must agree too."
    )
