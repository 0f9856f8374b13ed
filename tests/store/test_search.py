"""What is typed into the search field narrows with each key, however numbers, dates and names are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.records_views import RegisterFilter
from db.store import create_store, open_store
from desktop.casework.register import find, register_ids
from desktop.casework.verifying import verify_store
from tests.fixtures import KEY, Office, make_entry, signed_in, staffed
from tests.store.test_upgrade import taken_back

NUMBER = "9434765919"
SUMMER = {"day": "30", "month": "6", "year": "1984"}
AUTUMN = {"day": "3", "month": "9", "year": "1977"}
OTHERS = (
    {"day": "30", "month": "6", "year": "1985"},
    {"day": "3", "month": "10", "year": "1977"},
    {"day": "9", "month": "3", "year": "1977"},
    {"day": "4", "month": "9", "year": "1977"},
    {"day": "", "month": "7", "year": "2004"},
)


def found(office: Office, typed: str) -> set[int]:
    """The cases found, as the field above and that of the register find them."""
    ids = {row.id for row in find(office.caseworker, typed)}
    assert ids == set(register_ids(office.caseworker, RegisterFilter(text=typed))), typed
    return ids


def born(office: Office) -> dict[str, int]:
    """Cases of people by their dates of birth, with nothing else in them that looks like a date."""
    days = {"summer": SUMMER, "autumn": AUTUMN} | {f"other {at}": day for at, day in enumerate(OTHERS)}
    return {
        name: office.register(
            person__born=dict(day), person__nhs_number=NUMBER, requester__reference="AB", requester__officer="X"
        ).case_id
        for name, day in days.items()
    }


@pytest.mark.parametrize(
    "typed",
    [
        "943 476 5919",
        "943-476-5919",
        "943.476.5919",
        "943–476–5919",
        "NHS 943 476 5919",
        "nhs no. 9434765919",
        "943 4765919",
    ],
)
def test_an_nhs_number_is_found_with_each_digit_however_it_is_grouped(office: Office, typed: str) -> None:
    done = office.register(person__nhs_number=NUMBER)
    other = office.register(person__nhs_number="9434765870")
    office.register(person__nhs_number="9990000018", person__born=dict(AUTUMN))
    start = 1 + next(at for at, one in enumerate(typed) if one.isdigit())
    for end in range(start, len(typed) + 1):
        assert done.case_id in found(office, typed[:end]), typed[:end]
    assert found(office, typed[:-2]) == {done.case_id}
    assert found(office, typed) == {done.case_id}
    assert other.case_id in found(office, typed[: typed.index("943") + 3])


def test_a_number_in_groups_stands_beside_a_name(office: Office) -> None:
    done = office.register(person__nhs_number=NUMBER, person__family_name="Quill")
    office.register(person__nhs_number=NUMBER, person__family_name="Sand")
    assert found(office, "quill 943 476") == found(office, "943 476 59 quill") == {done.case_id}
    assert found(office, "quill 943 999") == set()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("30/06/1984", "summer"), ("30.6.1984", "summer"), ("30-06-1984", "summer"), ("30/6/84", "summer"),
        ("3/9/1977", "autumn"), ("03/09/1977", "autumn"), ("3.9.1977", "autumn"), ("3/9/77", "autumn"),
        ("30th June 1984", "summer"), ("3rd September 1977", "autumn"),
    ],
)  # fmt: skip
def test_a_date_of_birth_is_found_with_each_key_as_it_is_typed(office: Office, typed: str, name: str) -> None:
    cases = born(office)
    assert [typed[:end] for end in range(1, len(typed) + 1) if cases[name] not in found(office, typed[:end])] == []
    assert found(office, typed) == {cases[name]}


def test_each_part_of_a_date_narrows(office: Office) -> None:
    cases = born(office)
    year_later, next_month, turned, next_day = (cases[f"other {at}"] for at in range(4))
    assert found(office, "30/0") == found(office, "30/06/198") == {cases["summer"], year_later}
    assert found(office, "3/9") == {cases["autumn"], turned}
    assert found(office, "3/9/1") == found(office, "03.09.19") == {cases["autumn"]}
    assert found(office, "3/1") == {next_month, turned}
    assert found(office, "09/1977") == {cases["autumn"], next_day}
    assert found(office, "9/197") == {cases["autumn"], next_day}
    assert found(office, "07/2004") == {cases["other 4"]}
    assert found(office, "30061984") == {cases["summer"]}
    for typed in ("31/6/1984", "30/13", "30/06/2", "3/9/78", "13/1977", "32061984", "31st June 1984"):
        assert found(office, typed) == set(), typed


@pytest.mark.parametrize(
    "reference", ["27/11/1960", "12/2019", "3/9/77", "30th", "30061984", "943 476", "NHS 943/7", "TR0000017", "30/0A"]
)
def test_what_looks_like_a_date_or_a_number_may_be_the_requesters_reference(office: Office, reference: str) -> None:
    done = office.register(requester__reference=reference, person__born=dict(AUTUMN), person__nhs_number="9990000018")
    assert done.case_id in found(office, reference)
    if "/" in reference:
        assert done.case_id in found(office, reference[: reference.index("/") + 2])


NAMES = [
    ("O'Brien", "Séan", ("obrien", "OBri", "o brien", "o'brien", "O’Brien", "OʼBrien", "sean obrien")),
    ("o’neill", "Ann", ("oneill", "O'Neill", "neill")),
    ("D'Arcy", "Zoë", ("darcy", "d'arcy", "zoe darcy")),
    ("ONeal", "Tom", ("O'Neal", "oneal")),
    ("Smith-O'Hara", "Jo", ("ohara", "smith-o'hara", "smith-ohara", "smith")),
    ("Nowak", "Łukasz", ("lukasz", "Łukasz", "łuk", "lukasz now")),
    ("Lukaszewski", "Jan", ("łukaszew",)),
    ("Đorđević", "Nikola", ("dordevic", "Đorđević", "đorđ")),
    ("Çelik", "Özgür", ("celik", "ozgur", "Çelik")),
    ("Strauß", "Jürgen", ("strauss", "Strauß", "jurgen")),
]


@pytest.mark.parametrize(("family", "given", "typed"), NAMES, ids=[name for name, _, _ in NAMES])
def test_names_are_found_without_their_apostrophes_and_strokes(
    office: Office, family: str, given: str, typed: tuple[str, ...]
) -> None:
    done = office.register(person__family_name=family, person__given_names=given)
    for one in typed:
        assert found(office, one) == {done.case_id}, one


def test_another_name_is_found_without_its_apostrophe(office: Office) -> None:
    done = office.register(person__other_names=[{"name": "Mary O'Hara"}])
    assert found(office, "ohara") == {done.case_id}


def test_the_names_of_an_older_store_are_found_so_too(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir(mode=0o700)
    store = create_store(folder, KEY)
    office = staffed(make_entry(store))
    cases = [
        office.register(person__family_name=family, person__given_names=given).case_id
        for family, given in (("O'Brien", "Łukasz"), ("Smith", "Ann"), ("Smith-Jones", "obrien"))
    ]
    store.close()
    taken_back(folder, "0040")

    opened = open_store(folder, KEY)
    theirs = signed_in(make_entry(opened))
    assert found(theirs, "obrien lukasz") == {cases[0]}
    assert found(theirs, "smith") == {cases[1], cases[2]}
    assert dict(verify_store(theirs.entry).checks)["Search index"] == ()
    opened.close()


def test_a_page_that_was_pasted_finds_nothing_and_breaks_nothing(office: Office) -> None:
    office.register()
    pasted = "30/0 943 4 O'Brien NHS 1 3rd 09/1 " * 300
    assert found(office, pasted) == set()
