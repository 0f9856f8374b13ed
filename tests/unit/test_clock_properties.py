"""What must hold of any clock, whatever the day, the length, the calendar, the pauses and the extensions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records import Extension, Pause
from desktop.policy.calendars import Calendar, Holiday, load_calendars
from desktop.policy.clocks import (
    add_months,
    calendar_days,
    due,
    is_late,
    months,
    next_working_day,
    previous_working_day,
    received_date,
    tell_by,
    working_days,
    working_days_before,
    working_days_between,
)
from desktop.policy.ledger import Due
from desktop.policy.wording import LONDON
from tests.unit.ledgers import ONE_DAY, adds_up, extendable, pause, rule

CALENDARS = load_calendars()
ANY_PART = CALENDARS["uk-any-part"]
DAYS = st.dates(date(2004, 1, 1), date(2030, 12, 31))
LENGTHS = st.integers(0, 60)
CALENDAR = st.sampled_from(list(CALENDARS.values()))


@st.composite
def pauses_after(draw: st.DrawFn, received: date) -> list[Pause]:
    """Up to three pauses of up to 40 days, in any order, which may overlap."""
    found = []
    for _ in range(draw(st.integers(0, 3))):
        since = received + draw(st.integers(0, 60)) * ONE_DAY
        until = since + draw(st.integers(0, 40)) * ONE_DAY
        found.append(Pause(since, until, "", restarts=draw(st.booleans())))
    return found


@given(st.data(), DAYS, LENGTHS, CALENDAR)
def test_more_days_are_never_due_earlier(data: st.DataObject, received: date, n: int, calendar: Calendar) -> None:
    pauses = data.draw(pauses_after(received))
    for clock in (working_days, months):
        assert clock(received, n, calendar, pauses).due_on <= clock(received, n + 1, calendar, pauses).due_on
    shorter = calendar_days(received, n, calendar, pauses, roll=True)
    assert shorter.due_on <= calendar_days(received, n + 1, calendar, pauses, roll=True).due_on


@given(st.data(), DAYS, st.integers(1, 40), st.sampled_from(["uk-any-part", "scotland", "none"]))
def test_a_ledger_always_adds_up(data: st.DataObject, received: date, n: int, calendar: str) -> None:
    pauses = data.draw(pauses_after(received))
    for owed in (
        working_days(received, n, CALENDARS[calendar], pauses),
        months(received, n, CALENDARS[calendar], pauses),
        calendar_days(received, n, CALENDARS[calendar], pauses, roll=False),
        calendar_days(received, n, CALENDARS[calendar], pauses, roll=True),
    ):
        adds_up(owed)
        assert not owed.is_paused(owed.due_on)


@given(DAYS, st.integers(1, 60), CALENDAR)
def test_the_days_between_receipt_and_due_are_the_clock(received: date, n: int, calendar: Calendar) -> None:
    owed = working_days(received, n, calendar)
    assert working_days_between(received, owed.due_on, calendar) == n
    assert working_days_between(owed.due_on, received, calendar) == -n
    assert next_working_day(owed.due_on, calendar) == previous_working_day(owed.due_on, calendar) == owed.due_on


@given(DAYS, st.integers(1, 40), st.integers(0, 60), st.integers(0, 40), st.integers(0, 40), CALENDAR)
def test_two_pauses_that_meet_are_one(
    received: date, n: int, after: int, first: int, second: int, calendar: Calendar
) -> None:
    since = received + after * ONE_DAY
    middle = since + first * ONE_DAY
    end = middle + second * ONE_DAY
    for clock in (working_days, months):
        parts = clock(received, n, calendar, [pause(middle, end), pause(since, middle)])
        assert parts == clock(received, n, calendar, [pause(since, end)])


@given(st.data(), DAYS, st.integers(1, 40), CALENDAR)
def test_another_pause_never_makes_it_due_earlier(
    data: st.DataObject, received: date, n: int, calendar: Calendar
) -> None:
    pauses = data.draw(pauses_after(received))
    for clock in (working_days, months):
        assert clock(received, n, calendar, pauses).due_on >= clock(received, n, calendar, pauses[1:]).due_on


@given(DAYS, st.integers(1, 40))
def test_a_holiday_anywhere_never_makes_it_due_earlier(received: date, n: int) -> None:
    anywhere = working_days(received, n, ANY_PART).due_on
    assert all(working_days(received, n, one).due_on <= anywhere for one in CALENDARS.values())


@given(DAYS, st.integers(0, 400))
def test_a_month_later_is_the_same_day_or_the_last(start: date, n: int) -> None:
    later = add_months(start, n)
    assert (later.year * 12 + later.month) - (start.year * 12 + start.month) == n
    assert later.day == start.day or (later.day < start.day and (later + ONE_DAY).day == 1)


@given(st.data(), DAYS, st.integers(1, 40), CALENDAR)
def test_an_answer_that_restarts_the_clock_is_never_worse_than_a_pause(
    data: st.DataObject, received: date, n: int, calendar: Calendar
) -> None:
    pauses = data.draw(pauses_after(received))
    plain = [Pause(one.since, one.until, "") for one in pauses]
    for clock in (working_days, months):
        assert clock(received, n, calendar, pauses).due_on >= clock(received, n, calendar, plain).due_on


@given(st.data(), DAYS, st.integers(1, 40))
def test_another_holiday_never_makes_it_due_earlier(data: st.DataObject, received: date, n: int) -> None:
    """Also a holiday that nobody knew of: any day at all, in each kind of clock, paused or not."""
    pauses = data.draw(pauses_after(received))
    proclaimed = received + data.draw(st.integers(0, 120)) * ONE_DAY
    holidays = {**ANY_PART.holidays, proclaimed: (Holiday("Proclaimed", ("Scotland",)),)}
    more = replace(ANY_PART, holidays=holidays)
    for clock in (working_days, months, rolling):
        assert clock(received, n, more, pauses).due_on >= clock(received, n, ANY_PART, pauses).due_on


def rolling(received: date, n: int, calendar: Calendar, pauses: list[Pause]) -> Due:
    return calendar_days(received, n, calendar, pauses, roll=True)


@given(st.data(), DAYS, st.integers(1, 40), st.integers(1, 20), CALENDAR, st.sampled_from(["working_days", "months"]))
def test_an_extension_never_makes_it_due_earlier_and_moves_it_from_receipt(
    data: st.DataObject, received: date, n: int, more: int, calendar: Calendar, kind: str
) -> None:
    pauses = data.draw(pauses_after(received))
    asked = extendable(kind, n, longest=20, tell_within=n)
    told_by = tell_by(asked, received, calendar, pauses)
    assert told_by is not None
    plain = due(asked, received, calendar, pauses)
    owed = due(asked, received, calendar, pauses, extensions=[Extension(more, told_by)])
    assert owed.due_on == due(rule(kind, n + more), received, calendar, pauses).due_on >= plain.due_on
    adds_up(owed)
    assert due(asked, received, calendar, pauses, extensions=[Extension(more, told_by + ONE_DAY)]) == plain


@given(DAYS, st.integers(1, 40), st.integers(0, 60), CALENDAR)
def test_d9_a_pause_of_no_days_is_identity(received: date, n: int, after: int, calendar: Calendar) -> None:
    """Another system mixed two calendars, so that a pause of no days moved the date by one."""
    on = received + after * ONE_DAY
    for kind in ("working_days", "months", "calendar_days"):
        asked = extendable(kind, n, longest=20, tell_within=n)
        for extensions in ([], [Extension(5, received)]):
            plain = due(asked, received, calendar, extensions=extensions)
            found = due(asked, received, calendar, [pause(on, on)], extensions=extensions)
            assert (found, found.ledger) == (plain, plain.ledger)


@given(DAYS, LENGTHS, CALENDAR)
def test_forward_then_back_is_identity(received: date, n: int, calendar: Calendar) -> None:
    start = next_working_day(received, calendar)
    there = working_days(start, n, calendar).due_on
    assert working_days_before(there, n, calendar) == start
    assert working_days(working_days_before(start, n, calendar), n, calendar).due_on == start


@pytest.mark.parametrize("on", [date(2017, 3, 26), date(2017, 10, 29), date(2026, 3, 29), date(2026, 10, 25)])
@pytest.mark.parametrize("clock", [working_days, months])
def test_a_minute_before_and_after_midnight_on_the_days_when_the_clocks_change(
    on: date, clock: Callable[..., Due]
) -> None:
    for day in (on, on + ONE_DAY):
        before = datetime.combine(day - ONE_DAY, time(23, 59), LONDON)
        after = datetime.combine(day, time(0, 1), LONDON)
        assert received_date(before) == day - ONE_DAY
        assert received_date(after) == day
        for moment, received in ((before, day - ONE_DAY), (after, day)):
            owed = clock(received, 20, ANY_PART)
            assert clock(moment, 20, ANY_PART) == clock(moment.astimezone(UTC), 20, ANY_PART) == owed
        # The last minute of the due date is in time, the next day is late.
        owed = clock(before, 20, ANY_PART)
        assert not is_late(owed.due_on, datetime.combine(owed.due_on, time(23, 59), LONDON))
        assert is_late(owed.due_on, datetime.combine(owed.due_on + ONE_DAY, time(0, 1), LONDON))


@given(st.dates(date(2007, 1, 1), date(2026, 6, 1)), st.integers(1, 40))
def test_d14_two_years_ago_and_in_two_years_are_worked_out_alike(today: date, n: int) -> None:
    """Another system knew the holidays of the year around today alone. No clock here asks what day it is."""
    for received in (add_months(today, -24), today, add_months(today, 24)):
        owed = working_days(received, n, ANY_PART)
        assert working_days_between(received, owed.due_on, ANY_PART) == n
        assert not owed.provisional or owed.due_on.year > ANY_PART.last.year
        off = sum(received < on <= owed.due_on and on.weekday() < 5 for on in ANY_PART.holidays)
        assert owed.totals.holidays == off


@given(st.integers(2029, 2060), st.integers(1, 366), st.integers(1, 40))
def test_d17_a_year_without_known_holidays_is_provisional_and_says_so(year: int, day: int, n: int) -> None:
    """Another system took a year that it had no holidays of to be a year without any, and said nothing."""
    received = date(year, 1, 1) + day * ONE_DAY
    for owed in (working_days(received, n, ANY_PART), months(received, n, ANY_PART)):
        assert owed.provisional
        assert owed.provisional_words == (
            "It is provisional: bank holidays are known up to 31 December 2028, so it may be later."
        )
    assert not working_days(received, n, CALENDARS["none"]).provisional
    across = working_days(date(2028, 12, 1), 20, ANY_PART)
    assert (across.provisional, across.due_on) == (True, date(2029, 1, 2))
    long_ago = working_days(date(2004, 12, 20), 20, ANY_PART)
    assert "are known from 1 January 2005" in long_ago.provisional_words
    assert working_days(date(2026, 6, 1), n, ANY_PART).provisional_words == ""
