"""What is wrong with an answer: softly or hard, in words that say what to do; and nothing a value holds breaks it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records import Answers, Json
from desktop.policy.agreements import Field, Option, Section, load_agreements
from desktop.policy.fields import (
    PartialDate,
    Problem,
    check_field,
    check_section,
    check_storable,
    is_empty,
    parse_date,
    parse_partial_date,
    section_status,
)
from desktop.policy.identifiers import (
    looks_like_ni_number,
    nhs_number_is_right,
    normalise_nhs_number,
    postcode_looks_right,
)

TODAY = date(2017, 6, 12)
LAW = load_agreements().get("law-enforcement-tracing")
FIELDS = [field for agreement in load_agreements().all() for section in agreement.sections for field in section.fields]


def field(kind: str, key: str = "person.thing", **more: Any) -> Field:
    return Field(key=key, label="Thing", kind=kind, **more)  # type: ignore[arg-type]


def check(kind: str, value: Json, key: str = "person.thing", **more: Any) -> tuple[Problem, ...]:
    return check_field(field(kind, key, **more), value, today=TODAY)


def boxes(day: str, month: str, year: str, **more: bool) -> dict[str, Json]:
    return {"day": day, "month": month, "year": year, **more}


def only(problems: tuple[Problem, ...]) -> Problem:
    (problem,) = problems
    return problem


# Dates


@pytest.mark.parametrize(
    ("value", "part", "message"),
    [
        (boxes("31", "6", "1984"), "day", "June has 30 days. Check the day with the requester."),
        (boxes("29", "2", "2017"), "day", "February 2017 has 28 days. Check the day with the requester."),
        (boxes("30", "2", "2016"), "day", "February 2016 has 29 days. Check the day with the requester."),
        (boxes("32", "1", "1984"), "day", "Months have 28 to 31 days. Check the day with the requester."),
        (boxes("0", "1", "1984"), "day", "Months have 28 to 31 days. Check the day with the requester."),
        (boxes("x", "1", "1984"), "day", "Write the day as a number, such as 27."),
        (boxes("-1", "1", "1984"), "day", "Write the day as a number, such as 27."),
        (boxes("1", "13", "1984"), "month", "A year has 12 months. Check the month with the requester."),
        (boxes("1", "Ju", "1984"), "month", "Write the month as a number or a name, such as 6 or June."),
        (boxes("1", "1", "84"), "year", "Write the year with 4 figures, such as 1984."),
        (boxes("1", "1", "19844"), "year", "Write the year with 4 figures, such as 1984."),
        (boxes("1", "1", "0984"), "year", "The year is outside 1850 to 2199. Check the year with the requester."),
        (boxes("1", "1", "9" * 5000), None, "Character"),
    ],
)
def test_each_box_of_a_date_can_be_wrong_alone(value: Json, part: str | None, message: str) -> None:
    for kind in ("date", "partial_date"):
        problem = check(kind, value)[0]
        assert problem.hard
        if part is not None:
            assert (problem.part, problem.message) == (part, message)
        assert parse_date(value) is None
        assert parse_partial_date(value) is None


def test_a_day_that_we_recorded_is_not_to_be_asked_for() -> None:
    assert only(check("date", boxes("31", "6", "2017"), "received.on")).message == "June has 30 days. Check the day."


@pytest.mark.parametrize("month", ["6", "06", "June", "jun", "JUNE", "Jun."])
def test_months_may_be_named(month: str) -> None:
    assert parse_date(boxes(" 14 ", month, "1984")) == date(1984, 6, 14)
    assert check("date", boxes("14", month, "1984")) == ()


def test_every_day_of_four_years_is_one() -> None:
    for ordinal in range(date(1999, 12, 1).toordinal(), date(2004, 2, 1).toordinal()):
        on = date.fromordinal(ordinal)
        value = boxes(str(on.day), str(on.month), str(on.year))
        assert parse_date(value) == on
        assert parse_partial_date(value) == PartialDate(on.year, on.month, on.day)
        assert check("date", value) == ()


def test_parts_may_be_missing_only_where_they_are_said_not_to_be_known() -> None:
    problem = only(check("partial_date", boxes("", "3", "1979")))
    assert (problem.message, problem.part) == ("Give the day, or tick “Part not known”.", "day")
    assert problem.hard
    assert problem.missing
    assert check("partial_date", boxes("", "3", "1979", unknown=True)) == ()
    assert check("partial_date", boxes("29", "2", "", unknown=True)) == ()
    assert check("partial_date", boxes("", "", "", unknown=True)) == ()
    assert only(check("date", boxes("", "3", ""))).message == "Give the day and year."
    assert parse_partial_date(boxes("", "3", "1979")) == PartialDate(1979, 3, None)
    assert parse_partial_date(boxes("", "", "", unknown=True)) is None
    assert parse_date(boxes("", "3", "1979")) is None


def test_the_future_and_the_distant_past() -> None:
    assert (
        only(check("date", boxes("13", "6", "2017"))).message
        == "This date is in the future. Check it with the requester."
    )
    assert only(check("date", boxes("13", "6", "2017"), "received.on")).hard
    assert check("date", boxes("12", "6", "2017")) == ()
    assert check("date", boxes("13", "6", "2017"), "urgency.needed_by") == ()
    assert only(check("partial_date", boxes("", "", "2018", unknown=True))).hard
    assert check("partial_date", boxes("", "", "2017", unknown=True)) == ()
    assert check("partial_date", boxes("20", "", "2017", unknown=True)) == ()
    old = only(check("partial_date", boxes("1", "1", "1890"), "person.born"))
    assert (old.hard, old.message) == (False, "That is 127 years ago. Check the year with the requester.")


# Numbers and addresses


@pytest.mark.parametrize(
    "text", ["9434765919", "943 476 5919", "943-476-5919", " 943\u00a0476\u20115919 ", "6541003238"]
)
def test_right_nhs_numbers(text: str) -> None:
    assert nhs_number_is_right(text)
    assert check("nhs_number", text) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9991234567", "The last figure does not fit the others. Check the number with the requester."),
        ("943 476 5918", "The last figure does not fit the others. Check the number with the requester."),
        ("943 476 591", "An NHS number has 10 figures and this has 9. Check it with the requester."),
        ("94347659190", "An NHS number has 10 figures and this has 11. Check it with the requester."),
        ("943 476 591X", "An NHS number has figures only. Check the number with the requester."),
        ("٩٤٣٤٧٦٥٩١٩", "An NHS number has figures only. Check the number with the requester."),
        ("QQ 12 34 56 C", "This looks like a National Insurance number. Put it in the field for those."),
        ("qq123456", "This looks like a National Insurance number. Put it in the field for those."),
    ],
)
def test_wrong_nhs_numbers(text: str, message: str) -> None:
    problem = only(check("nhs_number", text))
    assert (problem.hard, problem.message) == (True, message)
    assert not nhs_number_is_right(text)


def test_no_check_digit_makes_999000000_right() -> None:
    assert not any(nhs_number_is_right(f"999000000{last}") for last in range(10))


def test_every_slip_of_one_figure_is_found() -> None:
    digits = "9434765919"
    for place in range(10):
        for figure in "0123456789":
            changed = digits[:place] + figure + digits[place + 1 :]
            assert nhs_number_is_right(changed) == (changed == digits)


def test_ten_equal_figures_are_a_note() -> None:
    assert nhs_number_is_right("1111111111")
    assert not only(check("nhs_number", "1111111111")).hard


def test_numbers_for_comparing() -> None:
    assert normalise_nhs_number(" 943 476-5919\u200b") == "9434765919"
    assert normalise_nhs_number("none") == ""
    assert looks_like_ni_number("QQ 12 34 56 C")
    assert not looks_like_ni_number("Z1234567")


@pytest.mark.parametrize(
    "text",
    ["M1 1AA", "m60 1nw", "CR2 6XH", "DN55 1PT", "W1A 1HQ", "EC1A 1BB", "GIR 0AA", "BFPO 58", "sw1p4df", "(NB2) 6-QX."],
)
def test_postcodes(text: str) -> None:
    assert postcode_looks_right(text)


@pytest.mark.parametrize("text", ["", "M1", "12345", "M1 1AC", "M1 1AO", "XYZ 1AA", "75008 Paris"])
def test_what_is_no_postcode(text: str) -> None:
    assert not postcode_looks_right(text)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"lines": "18 Tanners Row\nNorthbridge", "postcode": "NB2 6QX"}, ""),
        ({"lines": "12 rue des Lilas\nParis", "postcode": "75020"}, "UK postcode"),
        ({"lines": "", "postcode": "ZZ99 3VZ"}, "ZZ99 stands for"),
        ({"lines": "1\n2\n3\n4\n5\n6", "postcode": ""}, "5 lines of 35 characters"),
        ({"lines": "x" * 36, "postcode": ""}, "5 lines of 35 characters"),
    ],
)
def test_addresses_are_only_ever_noted(value: Json, words: str) -> None:
    problems = check("address", value)
    assert not any(problem.hard for problem in problems)
    assert [words in problem.message for problem in problems] == ([True] if words else [])


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("email", "ecu@northshire.police.uk", ""),
        ("email", " O'Neill+x@Northshire.Police.UK ", ""),
        ("email", "ünï@b.example", "does not look like an e-mail address"),
        ("email", "a;b@c.example", "does not look like an e-mail address"),
        ("email", "desk@homeoffice.gov.uk", ""),
        ("email", "a.person@nhs.net", ""),
        ("email", "team@westmere.nhs.uk", ""),
        ("email", "court@court.cjsm.net", ""),
        ("email", "ecu@northshire.police.uk.example", ""),
        ("email", "tracing@immigration.example", "secure"),
        ("email", "someone@notpolice.uk", "secure"),
        ("email", "someone@police.uk.evil.example", "secure"),
        ("email", "someone", "e-mail address"),
        ("email", "a b@police.uk", "e-mail address"),
        ("email", "a@@police.uk", "e-mail address"),
        ("phone", "01632 960148", ""),
        ("phone", "+44 (0)1632 960148 ext. 12", ""),
        ("phone", "ask for Ann", "telephone"),
        ("time", "9.12am", ""),
        ("time", "17:30", ""),
        ("time", "5 pm", ""),
        ("time", "midday", ""),
        ("time", "teatime", "5.30pm"),
        ("reference", "Z1234567", ""),
        ("reference", "=anything at all/2017 №5", ""),
    ],
)
def test_what_others_wrote_is_noted_and_never_refused(kind: str, value: str, words: str) -> None:
    problems = check(kind, value)
    assert not any(problem.hard for problem in problems)
    assert [words in problem.message for problem in problems] == ([True] if words else [])


def test_names_have_any_characters_and_a_length_worth_a_look() -> None:
    for name in ("O’Brien", "Nuñez-Ångström 3rd", "李文", "محمد", "X Æ A-12", "-", "=Smith", "<b>Anne</b>"):
        assert check("text", name, "person.family_name") == ()
    long = only(check("text", "x" * 36, "person.given_names"))
    assert not long.hard
    assert "35 characters" in long.message
    assert check("text", "x" * 36, "requester.body") == ()


# Choices, rows and criteria


def test_a_choice_must_be_on_the_list() -> None:
    options = (Option(id="yes", label="Yes"), Option(id="no", label="No"))
    assert check("choice", "yes", options=options) == ()
    assert only(check("choice", "maybe", "safeguarding.abuse", options=options)).hard
    assert only(check("choices", ["yes", "maybe"], options=options)).hard
    # What the agreement's lists no longer hold is for the verdict to weigh: the requester did ask so.
    assert not only(check("choice", "gone", "ground.ground", options=options)).hard
    assert not only(check("items", ["gone"], "asked.items", options=options)).hard


def test_rows_of_names_and_sources() -> None:
    assert check("names", [{"name": "Tom Hale", "kind": "alias"}]) == ()
    assert not only(check("names", [{"name": "Tom", "kind": "alias"}, {"name": " ", "kind": "former"}])).hard
    assert only(check("names", [{"name": "Tom", "kind": "nickname"}])).hard
    assert check("sources", [{"source": "dvla", "on": "4 May 2017", "result": "No trace"}]) == ()
    assert "date and a result" in only(check("sources", [{"source": "dvla", "on": "", "result": "None"}])).message


def section(*fields: Field) -> Section:
    return Section(id="s", title="S", group="request", lead="", guidance="", source="Test", fields=fields)


CRITERION = field("criterion", "criteria.tried", required="hard")


@pytest.mark.parametrize(
    ("value", "messages", "status"),
    [
        (None, ["Choose an answer, and give your reasons."], "not_started"),
        ({"answer": "met", "reasons": "", "evidence": []}, ["Give your reasons."], "in_progress"),
        ({"answer": "", "reasons": "So far", "evidence": []}, ["Choose an answer."], "in_progress"),
        ({"answer": "met", "reasons": "They list four.", "evidence": ["Page 2"]}, [], "complete"),
        (
            {"answer": "perhaps", "reasons": "x", "evidence": []},
            ["This answer is not on the list. Choose again."],
            "error",
        ),
    ],
)
def test_a_criterion_needs_an_answer_and_reasons(value: Json, messages: list[str], status: str) -> None:
    answers = {"criteria.tried": value}
    found = check_section(section(CRITERION), answers, today=TODAY)
    assert [problem.message for problem in found] == messages
    assert section_status(section(CRITERION), answers, TODAY) == status


def test_how_far_a_section_has_come() -> None:
    needed, usual, any_date = (
        field("text", "requester.body", required="hard"),
        field("text", "requester.grade", required="soft"),
        field("date", "received.on"),
    )
    form = section(needed, usual, any_date)
    assert section_status(form, {}, TODAY) == "not_started"
    assert section_status(form, {"requester.body": "  ", "received.on": boxes("", "", "")}, TODAY) == "not_started"
    assert section_status(form, {"requester.grade": "Inspector"}, TODAY) == "in_progress"
    assert section_status(form, {"requester.body": "Northshire Police"}, TODAY) == "complete"
    half_typed: Answers = {"requester.body": "Northshire Police", "received.on": boxes("1", "", "")}
    assert section_status(form, half_typed, TODAY) == "in_progress"
    wrong: Answers = {"requester.body": "Northshire Police", "received.on": boxes("31", "6", "2017")}
    assert section_status(form, wrong, TODAY) == "error"
    usually = [problem for problem in check_section(form, {}, today=TODAY) if not problem.hard]
    assert [(problem.field, problem.missing) for problem in usually] == [("requester.grade", True)]


def test_urgency_needs_its_reason() -> None:
    urgency = LAW.section("urgency")
    assert urgency is not None
    assert check_section(urgency, {"urgency.expedite": False}, today=TODAY) == ()
    problem = only(check_section(urgency, {"urgency.expedite": True}, today=TODAY))
    assert (problem.field, problem.hard) == ("urgency.reason", True)
    answers: Answers = {"urgency.expedite": True, "urgency.reason": "A child is at risk."}
    assert check_section(urgency, answers, today=TODAY) == ()


@pytest.mark.parametrize(
    ("value", "empty"),
    [
        (None, True),
        ("", True),
        (" \n", True),
        (False, True),
        (True, False),
        ([], True),
        ([""], True),
        ({}, True),
        (boxes("", "", ""), True),
        (boxes("", "", "", unknown=True), False),
        ([{"name": "", "kind": ""}], True),
        ({"lines": "", "postcode": "x"}, False),
        (0, False),
    ],
)
def test_what_is_empty(value: Json, empty: bool) -> None:
    assert is_empty(value) is empty


# Anything at all

ANY_TEXT = st.text(st.characters(), max_size=30)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT
KEYS = st.sampled_from(
    "day month year unknown name kind lines postcode source on result answer reasons evidence x".split()
)
ANY_VALUE = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(FIELDS), ANY_VALUE)
def test_no_value_makes_it_fail(one: Field, value: Json) -> None:
    """Whatever is stored or imported, checking it gives problems and never an exception."""
    kept = check_storable(one, value)
    found = check_field(one, value, today=TODAY)
    assert all(problem.field == one.key and problem.message for problem in found)
    if kept:
        assert found == kept
        assert all(problem.hard for problem in kept)
    parse_date(value)
    parse_partial_date(value)
    is_empty(value)
    part = section(one)
    status = section_status(part, {one.key: value}, TODAY)
    hard = [problem for problem in check_section(part, {one.key: value}, today=TODAY) if problem.hard]
    assert (status == "complete") == (not hard and not is_empty(value))


@given(st.tuples(*[st.one_of(st.integers(-5, 3000).map(str), ANY_TEXT)] * 3), st.booleans())
def test_boxes_that_pass_are_a_date(typed: tuple[str, str, str], unknown: bool) -> None:
    value = boxes(*typed, unknown=unknown)
    problems = check("partial_date", value, "tried.lost_contact")
    if any(text.strip() for text in typed) and not any(problem.hard for problem in problems):
        assert parse_partial_date(value) is not None
