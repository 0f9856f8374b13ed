"""Dates, times, names and numbers in words."""

from __future__ import annotations

import locale
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records import Json
from desktop.policy.calendars import load_calendars
from desktop.policy.wording import (
    clock_time,
    countdown,
    day,
    due_words,
    figures,
    join_and,
    left_words,
    london,
    lower_first,
    nhs_number_words,
    partial_date_words,
    person_name,
    plural,
    short_day,
    weekday_day,
    when,
)

ANY_PART = load_calendars()["uk-any-part"]
MONDAY = date(2017, 6, 12)


def test_days() -> None:
    assert day(date(2018, 8, 6)) == "6 August 2018"
    assert weekday_day(date(2017, 6, 16)) == "Friday 16 June 2017"
    assert short_day(date(2017, 6, 16)) == short_day(date(2017, 6, 16), MONDAY) == "16 June"
    assert short_day(date(2016, 6, 16), MONDAY) == "16 June 2016"


def test_months_are_english_whatever_the_system_speaks() -> None:
    before = locale.setlocale(locale.LC_TIME)
    try:
        for name in locale.locale_alias.values():
            try:
                locale.setlocale(locale.LC_TIME, name)
            except locale.Error:
                continue
            assert weekday_day(date(2017, 3, 1)) == "Wednesday 1 March 2017"
    finally:
        locale.setlocale(locale.LC_TIME, before)


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (17, 30, "5.30pm"),
        (9, 0, "9am"),
        (10, 42, "10.42am"),
        (0, 0, "midnight"),
        (0, 5, "12.05am"),
        (12, 0, "midday"),
        (12, 1, "12.01pm"),
        (16, 2, "4.02pm"),
    ],
)
def test_times(hour: int, minute: int, words: str) -> None:
    assert clock_time(datetime(2017, 1, 12, hour, minute, tzinfo=UTC)) == words
    assert clock_time(datetime(2017, 6, 12, hour, minute)) == words  # noqa: DTZ001 - already London's own


def test_times_are_londons() -> None:
    assert clock_time(datetime(2017, 6, 12, 16, 30, tzinfo=UTC)) == "5.30pm"
    assert london(datetime(2017, 6, 12, 23, 30, tzinfo=UTC)).date() == date(2017, 6, 13)
    with pytest.raises(ValueError, match="time zone"):
        london(datetime(2017, 6, 12, 23, 30))  # noqa: DTZ001 - the mistake that is refused


def test_moments() -> None:
    now = datetime(2017, 6, 12, 12, 0, tzinfo=UTC)
    assert when(datetime(2017, 6, 12, 9, 42, tzinfo=UTC), now) == "today at 10.42am"
    assert when(datetime(2017, 6, 11, 23, 10, tzinfo=UTC), now) == "today at 12.10am"
    assert when(datetime(2017, 6, 9, 15, 2, tzinfo=UTC), now) == "9 June at 4.02pm"
    assert when(datetime(2016, 6, 9, 15, 2, tzinfo=UTC), now) == "9 June 2016 at 4.02pm"


@pytest.mark.parametrize(
    ("due_on", "today", "words"),
    [
        (date(2017, 6, 16), MONDAY, "Due Friday 16 June 2017 — 4 working days left"),
        (date(2017, 6, 13), MONDAY, "Due Tuesday 13 June 2017 — 1 working day left"),
        (date(2017, 6, 12), MONDAY, "Due Monday 12 June 2017 — today"),
        (date(2017, 6, 9), MONDAY, "Late by 1 working day — was due Friday 9 June 2017"),
        # Late on the Saturday after, though no working day has passed; nor has one on a bank holiday after that.
        (date(2017, 6, 9), date(2017, 6, 10), "Late since Saturday 10 June 2017 — was due Friday 9 June 2017"),
        (date(2017, 4, 13), date(2017, 4, 17), "Late since Friday 14 April 2017 — was due Thursday 13 April 2017"),
        (date(2017, 4, 13), date(2017, 4, 18), "Late by 1 working day — was due Thursday 13 April 2017"),
        (date(2017, 6, 6), MONDAY, "Late by 4 working days — was due Tuesday 6 June 2017"),
        # A clock without rolling may end on a Sunday.
        (date(2017, 6, 11), date(2017, 6, 9), "Due Sunday 11 June 2017 — 2 days left"),
    ],
)
def test_what_is_due(due_on: date, today: date, words: str) -> None:
    assert due_words(due_on, today, ANY_PART) == words


def test_what_is_left() -> None:
    assert [left_words(days) for days in (4, 1, 0, -1, -4)] == [
        "4 working days left",
        "1 working day left",
        "Due today",
        "Late by 1 working day",
        "Late by 4 working days",
    ]
    assert left_words(-1, date(2017, 6, 10)) == "Late since Saturday"
    assert left_words(2, date(2017, 6, 10)) == "2 working days left"


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("2017-06-12", "Today"),
        ("2017-06-13", "Tomorrow"),
        ("2017-06-11", "Yesterday"),
        ("2017-06-16", "In 4 days"),
        ("2017-06-25", "In 13 days"),
        ("2017-06-26", "In 2 weeks"),
        ("2017-07-03", "In 3 weeks"),
        ("2017-07-18", "In 5 weeks"),
        ("2017-08-11", "In 8 weeks"),
        ("2017-08-12", "In 2 months"),
        ("2017-09-12", "In 3 months"),
        ("2019-06-11", "In 23 months"),
        ("2019-06-12", "In 2 years"),
        ("2020-06-12", "In 3 years"),
        ("2017-06-07", "5 days ago"),
        ("2017-05-12", "4 weeks ago"),
        ("2017-03-12", "3 months ago"),
    ],
)
def test_countdowns(on: str, words: str) -> None:
    assert countdown(date.fromisoformat(on), MONDAY) == words


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(1, 4000))
def test_a_countdown_never_says_nought(today: date, days: int) -> None:
    later = date.fromordinal(today.toordinal() + days)
    assert " 0 " not in countdown(later, today)
    assert " 0 " not in f" {countdown(today, later)}"


def test_lists_and_numbers() -> None:
    assert [join_and(list("abc"[:n])) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert [plural(n, "case") for n in (0, 1, 2, 1204)] == ["0 cases", "1 case", "2 cases", "1,204 cases"]
    assert plural(2, "criterion", "criteria") == "2 criteria"
    assert [figures(n) for n in (0, 999, 1958, 10_000)] == ["0", "999", "1,958", "10,000"]


def boxes(on: str, month: str, year: str) -> Json:
    return {"day": on, "month": month, "year": year, "unknown": True}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (boxes("4", "11", "1991"), "4 November 1991"),
        (boxes("04", "Nov", "1991"), "4 November 1991"),
        (boxes("", "3", "1979"), "March 1979, day not known"),
        (boxes("", "", "1979"), "1979, day and month not known"),
        (boxes("4", "11", ""), "4 November, year not known"),
        (boxes("4", "", "1991"), "day 4 of 1991, month not known"),
        (boxes("4", "", ""), "day 4, month and year not known"),
        (boxes("", "", ""), "Not known"),
        (boxes("31", "6", "1984"), "31 6 1984 (not a date)"),
        (None, "Not known"),
        ("1984", "Not known"),
        ({"day": 4, "month": 11, "year": 1991}, "Not known"),
        ([], "Not known"),
    ],
)
def test_dates_of_which_parts_are_known(value: Json, words: str) -> None:
    assert partial_date_words(value) == words


def test_names_and_numbers_of_people() -> None:
    assert person_name(" Li Wen ", "Ashworth") == "Li Wen Ashworth"
    assert person_name("", "Ashworth") == "Ashworth"
    assert nhs_number_words("9434765919") == nhs_number_words("943 476 5919") == "943 476 5919"
    assert nhs_number_words("943476") == "943476"
    assert nhs_number_words("") == ""


def test_labels_inside_a_sentence() -> None:
    assert lower_first("Last known address") == "last known address"
    assert lower_first("GP practice") == "GP practice"
    assert lower_first("NHS number") == "NHS number"
    assert lower_first("") == ""
