"""Rows of a table as requests: which column is which field, and what is wrong with a row."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.records import Json
from desktop.policy.agreements import load_agreements
from desktop.policy.intake import ReadRow, guessed_columns, month_first, read_row, send_back, targets
from desktop.policy.tables import Table, TableRow

AGREEMENTS = load_agreements()
POLICE = AGREEMENTS.get("law-enforcement-tracing")
TODAY = date(2026, 6, 10)
NEEDED = {"Organisation": "Northshire Police", "Surname": "Okafor", "Date received": "1/6/2026"}


def read(**cells: str) -> ReadRow:
    named = NEEDED | {key.replace("_", " "): value for key, value in cells.items()}
    headings = tuple(named)
    columns = guessed_columns(POLICE, headings)
    assert None not in columns
    return read_row(POLICE, columns, headings, TableRow(2, tuple(named.values())), TODAY)


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Surname", "person.family_name"),
        ("LAST NAME", "person.family_name"),
        ("person.family_name", "person.family_name"),
        ("First name", "person.given_names"),
        ("D.O.B.", "person.born"),
        ("Date of birth", "person.born"),
        ("NHS No.", "person.nhs_number"),
        ("Our reference", "requester.reference"),
        ("Force", "requester.body"),
        ("Date received", "received.on"),
    ],
)
def test_a_heading_is_known_by_what_people_call_the_field(heading: str, key: str) -> None:
    found = guessed_columns(POLICE, [heading])[0]
    assert found is not None
    assert found.key == key


def test_no_field_is_filled_by_two_columns_and_an_unknown_one_fills_none() -> None:
    assert [one.key if one else None for one in guessed_columns(POLICE, ["Surname", "Last name", "Colour"])] == [
        "person.family_name",
        None,
        None,
    ]


@pytest.mark.parametrize("agreement", AGREEMENTS.all(), ids=lambda one: one.id)
def test_every_agreement_has_columns_for_what_a_requester_fills(agreement: Any) -> None:
    found = targets(agreement)
    assert {"requester.body", "requester.reference", "received.on"} <= {one.key for one in found}
    assert not any(one.key.startswith(("criteria.", "safeguarding.", "release.")) for one in found)
    by_label = guessed_columns(agreement, [f"{one.key}.{one.part}" if one.part else one.key for one in found])
    assert by_label == found


@pytest.mark.parametrize(
    ("typed", "day", "month", "year"),
    [
        ("14/03/1990", "14", "3", "1990"),
        ("14-3-1990", "14", "3", "1990"),
        ("14.03.1990", "14", "3", "1990"),
        ("1990-03-14", "14", "3", "1990"),
        ("1990-03-14 00:00:00", "14", "3", "1990"),
        ("14 March 1990", "14", "March", "1990"),
        ("14th Mar 1990", "14", "Mar", "1990"),
        ("March 1990", "", "March", "1990"),
        ("03/1990", "", "3", "1990"),
        ("1990", "", "", "1990"),
        ("14th of March 1990", "14", "March", "1990"),
        ("Wed 14 March 1990", "14", "March", "1990"),
        ("unknown", "", "", ""),
    ],
)
def test_days_are_read_as_people_here_write_them(typed: str, day: str, month: str, year: str) -> None:
    row = read(DOB=typed)
    assert row.problems == ()
    assert row.answers["person.born"] == {"day": day, "month": month, "year": year, "unknown": not (day and month)}


@pytest.mark.parametrize("typed", ["03/14/1990", "14/3/90", "yesterday", "31/6/1990", "14/03/3000"])
def test_a_day_that_cannot_be_is_a_problem_and_never_guessed(typed: str) -> None:
    row = read(DOB=typed)
    assert [one.heading for one in row.problems] == ["DOB"]


def test_an_address_takes_its_postcode_from_its_own_column_or_its_end() -> None:
    one = read(Address="3 Weir Street, Westmere", Postcode="WM2 4QT")
    assert one.answers["person.address"] == {"lines": "3 Weir Street\nWestmere", "postcode": "WM2 4QT"}
    other = read(Postcode="WM2 4QT", Address="3 Weir Street\nWestmere")
    assert other.answers["person.address"] == one.answers["person.address"]
    assert read(Address="3 Weir Street, Westmere, WM2 4QT").answers["person.address"] == one.answers["person.address"]


def test_a_choice_is_known_by_its_label_and_else_the_choices_are_said() -> None:
    assert read(Sex="female").answers["person.gender"] == read(Sex="FEMALE").answers["person.gender"]
    problem = read(Sex="tall").problems[0]
    assert problem.heading == "Sex"
    assert "“Female”" in problem.message


def test_several_names_and_several_items_stand_in_one_cell() -> None:
    row = read(Aliases="Ade Okafor; Addie Finch")
    assert row.answers["person.other_names"] == [
        {"name": "Ade Okafor", "kind": "alias"},
        {"name": "Addie Finch", "kind": "alias"},
    ]


@pytest.mark.parametrize(
    ("cells", "heading"),
    [
        ({"Surname": ""}, "Family name"),
        ({"Organisation": ""}, "Organisation"),
        ({"Date_received": ""}, "Received on"),
        ({"Date_received": "11/6/2026"}, "Date received"),
        ({"NHS_number": "943 476 5910"}, "NHS number"),
    ],
)
def test_whose_request_it_is_and_when_it_came_must_be_said(cells: dict[str, str], heading: str) -> None:
    row = read(**cells)
    assert [one.heading for one in row.problems] == [heading]


def test_a_cell_without_a_heading_is_not_dropped_in_silence() -> None:
    headings = tuple(NEEDED)
    row = TableRow(2, (*NEEDED.values(), "and this"))
    found = read_row(POLICE, guessed_columns(POLICE, headings), headings, row, TODAY)
    assert "Column 4 has no heading" in found.problems[0].message


def test_hidden_characters_make_a_row_wrong() -> None:
    assert "hidden" in read(First_name="A\u202ede").problems[0].message


def test_rows_go_back_as_they_came_with_what_is_wrong() -> None:
    wrong = read(DOB="yesterday")
    table = Table(("Surname", "DOB", "Colour"), (TableRow(2, ("Okafor", "yesterday")), TableRow(3, ("B",))), "text/csv")
    headings, rows = send_back(table, [wrong])
    assert headings == ("Surname", "DOB", "Colour", "What is wrong")
    assert [row[:3] for row in rows] == [("Okafor", "yesterday", "")]
    assert rows[0][3].startswith("DOB: “yesterday” is not a date")


def test_the_day_of_receipt_may_be_given_for_the_whole_file() -> None:
    headings = ("Organisation", "Surname")
    columns = guessed_columns(POLICE, headings)
    found = read_row(POLICE, columns, headings, TableRow(2, ("Police", "Okafor")), TODAY, date(2026, 6, 1))
    expected: Json = {"day": "1", "month": "6", "year": "2026"}
    assert found.problems == ()
    assert found.answers["received.on"] == expected


def test_a_column_with_the_month_first_is_not_guessed_at() -> None:
    headings = ("Organisation", "Surname", "Date received", "DOB")
    columns = guessed_columns(POLICE, headings)
    cells = [("Police", "A", "1/6/2026", "03/14/1990"), ("Police", "B", "1/6/2026", "04/05/1990")]
    table = Table(headings, tuple(TableRow(n, one) for n, one in enumerate(cells, 2)), "text/csv")
    unsure = month_first(columns, table, POLICE)
    assert unsure == {3}
    found = [read_row(POLICE, columns, headings, row, TODAY, None, unsure) for row in table.rows]
    assert all("month first" in one.problems[0].message for one in found)


def test_a_formula_and_a_row_that_breaks_off_are_problems_of_their_row() -> None:
    headings = tuple(NEEDED)
    columns = guessed_columns(POLICE, headings)
    row = TableRow(2, tuple(NEEDED.values()), frozenset({1}), breaks_off=True)
    said = [one.message for one in read_row(POLICE, columns, headings, row, TODAY).problems]
    assert any("formula" in one for one in said)
    assert any("ends in the middle" in one for one in said)


def test_a_tick_of_a_workbook_is_no_name() -> None:
    headings = ("Surname", *NEEDED)
    columns = guessed_columns(POLICE, headings)
    row = TableRow(2, ("yes", *NEEDED.values()), ticks=frozenset({0}))
    found = [(one.heading, one.message) for one in read_row(POLICE, columns, headings, row, TODAY).problems]
    assert ("Surname", "TRUE or FALSE stands here, and no words. Write what it should say.") in found


def test_one_letter_is_enough_where_it_can_mean_one_thing_alone() -> None:
    assert read(Sex="F").answers["person.gender"] == read(Sex="Female").answers["person.gender"]
    assert read(Sex="N").problems


def test_what_is_only_doubtful_is_told_with_its_column_and_keeps_no_row_out() -> None:
    cells = {"Time received": "25:99", "E-mail": "not an email", "Postcode": "XX", "Date received": "1/6/1990"}
    found = read(**{**NEEDED, **cells})
    assert found.problems == ()
    assert {one.heading for one in found.doubts} >= set(cells)
    received = next(one.message for one in found.doubts if one.heading == "Date received")
    assert received.startswith("A request of this day can only be rejected.")
