"""What of a filter can be saved, and that nothing else can."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records import Outcome, State
from db.records_views import Due, RegisterChoices, RegisterFilter, Sort
from desktop.policy.savedviews import (
    NO_BODY,
    NO_DAY,
    NO_TEXT,
    NOTHING,
    choices_of,
    decoded,
    due_days,
    encoded,
    filter_of,
    name_problems,
)

TODAY = date(2026, 6, 10)
BODIES = {"Eastmoor Constabulary": 3}
every = st.builds(
    RegisterChoices,
    state=st.none() | st.sampled_from(State),
    open_only=st.booleans(),
    outcome=st.none() | st.sampled_from(Outcome),
    due=st.none() | st.sampled_from(Due),
    agreement=st.sampled_from(["", "foi", "home-office-tracing"]),
    body=st.sampled_from([None, 3]),
    sort=st.sampled_from(Sort),
    descending=st.booleans(),
)


@given(every, st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_what_is_saved_comes_back_on_any_day(choices: RegisterChoices, today: date) -> None:
    assert decoded(encoded(choices)) == choices
    wanted = filter_of(choices, today, {3: "Eastmoor Constabulary"})
    assert wanted is not None
    # A Monday is the first day of a week, so what is due today and this week is never the same.
    assert choices_of(wanted, today, BODIES) == (choices if choices != RegisterChoices() else NOTHING)


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (RegisterFilter(text="Kowalczyk", open_only=True), NO_TEXT),
        (RegisterFilter(text="943 476 5919"), NO_TEXT),
        (RegisterFilter(requester="Anna Kowalczyk"), NO_BODY),
        (RegisterFilter(due_to=date(1984, 6, 30)), NO_DAY),
        (RegisterFilter(due_from=date(2026, 6, 1), due_to=date(2026, 6, 30)), NO_DAY),
        (RegisterFilter(), NOTHING),
    ],
)
def test_what_may_be_about_a_person_is_refused_and_said(wanted: RegisterFilter, why: str) -> None:
    assert choices_of(wanted, TODAY, BODIES) == why


def test_each_way_to_filter_is_saved_or_refused() -> None:
    """A new one that ``choices_of`` does not know would be lost without a word."""
    known = {"text", "agreement_id", "requester", "state", "open_only", "outcome", "due_from", "due_to"}
    assert {one.name for one in fields(RegisterFilter)} == known | {"sort", "descending"}


def test_what_is_late_is_late_on_the_day_of_looking() -> None:
    wanted = RegisterFilter(due_to=date(2026, 6, 9), open_only=True)
    found = choices_of(wanted, TODAY, BODIES)
    assert isinstance(found, RegisterChoices)
    later = filter_of(found, date(2026, 7, 1), {})
    assert later is not None
    assert (later.due_from, later.due_to) == (None, date(2026, 6, 30))
    assert due_days(Due.WEEK, TODAY) == (date(2026, 6, 8), date(2026, 6, 14))


def test_a_body_that_is_on_record_no_more_shows_nothing() -> None:
    assert filter_of(RegisterChoices(body=3), TODAY, {}) is None


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"text": "Kowalczyk"}',
        '{"state": "Kowalczyk"}',
        '{"outcome": 1}',
        '{"due": "1984-06-30"}',
        '{"sort": "person"}',
        '{"open_only": "yes"}',
        '{"agreement": 1}',
        '{"body": "Kowalczyk"}',
        '{"body": true}',
        "nothing",
    ],
)
def test_anything_else_is_not_read(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the words
        decoded(text)


def test_only_what_was_chosen_is_kept() -> None:
    assert json.loads(encoded(RegisterChoices(state=State.DRAFT))) == {"state": "draft"}


@pytest.mark.parametrize(
    "name",
    [
        "late police requests",
        "Open in 2026",
        "third quarter 2026",
        "due this week, Home Office",
        "West Yorkshire Police",
        "Late FOI",
        "Annual Report 2025",
        "Late Cases This Week",
        "Open Requests",
        "Caldicott Guardian",
        "Public Accounts Committee",
        "Q3 2026",
        "police, q1 2027",
        "2025/26",
        "board 2025-26, top 10",
        "FY2026/27",
        "Q4 2099/00",
        "FY25/26",
        "FY 26, late",
        "Jan 2026 to Mar 2026",
        "police, April 2025–March 2026",
    ],
)
def test_a_name_says_what_the_filter_shows(name: str) -> None:
    assert name_problems(name, "late police requests") == ()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("  ", "Give it a name"),
        ("x" * 41, "41 characters long"),
        ("a\u202eb", "hidden mark"),
        ("943 476 5919", "Leave dates and numbers out"),
        ("born 30/6/84", "Leave dates and numbers out"),
        ("2026 1234", "Leave dates and numbers out"),
        ("Q3 2026 943", "Leave dates and numbers out"),
        ("1984 2026", "Leave dates and numbers out"),
        ("FY25/27", "Leave dates and numbers out"),
        ("Jan 2026 to Mar 2026, 943", "Leave dates and numbers out"),
        ("Ann 2026 to Bob 2027", "Leave dates and numbers out"),
        ("late 3 jan 2001 to mar 2003", "Leave dates and numbers out"),
        ("2025/27", "Leave dates and numbers out"),
        ("2026-27-01", "Leave dates and numbers out"),
        ("20261234", "Leave dates and numbers out"),
        ("12/2026", "Leave dates and numbers out"),
        ("Q3 2026 and 3/4", "Leave dates and numbers out"),
        ("Anna Kowalczyk", "named a person"),
        ("about Mr Kowalczyk", "named a person"),
        ("Tom Kowalczyk request", "named a person"),
        ("Late Tom Kowalczyk", "named a person"),
        ("Open Cases Tom Kowalczyk today", "named a person"),
        ("late, LS99 9ZZ", "named a person"),
        ("near sw1a 1aa", "named a person"),
        ("ruth@desk.example", "named a person"),
    ],
)
def test_a_name_is_nobodys(name: str, said: str) -> None:
    (found,) = name_problems(name, "late police requests")
    assert said in found.message


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "\u2060 \u3164"])
def test_a_name_shows_something(name: str) -> None:
    (found,) = name_problems(name, "late police requests")
    assert found.message.startswith("Give it a name")
