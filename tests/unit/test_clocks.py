"""Due dates: the ledger, pauses, midnight in London, the edge of what is known, and what must hold of any clock."""

from __future__ import annotations

import timeit
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records import Pause
from desktop.policy.agreements import ClockRule
from desktop.policy.calendars import Calendar, load_calendars
from desktop.policy.clocks import (
    Due,
    Totals,
    add_months,
    calendar_days,
    clock_words,
    day_number,
    due,
    is_late,
    months,
    next_working_day,
    previous_working_day,
    received_date,
    working_days,
    working_days_before,
    working_days_between,
)
from desktop.policy.wording import LONDON

CALENDARS = load_calendars()
ANY_PART = CALENDARS["uk-any-part"]
ONE_DAY = timedelta(days=1)


def pause(since: date, until: date | None) -> Pause:
    return Pause(since, until, "Dates and results of the sources tried")


MAY_PAUSE = pause(date(2017, 5, 8), date(2017, 6, 8))


# The ledger


def test_the_ledger_of_a_paused_clock_adds_up() -> None:
    owed = working_days(date(2017, 4, 11), 20, ANY_PART, [MAY_PAUSE])
    assert owed.due_on == date(2017, 6, 14)
    assert owed.paused == ((date(2017, 5, 9), date(2017, 6, 8)),)
    assert owed.totals == Totals(days=64, weekend=10, holidays=3, paused=31, moved=0, counted=20)
    days = {one.on: one for one in owed.ledger}
    assert len(days) == len(owed.ledger) == 65
    assert (days[date(2017, 4, 11)].count, days[date(2017, 4, 11)].kind) == (None, "received")
    assert (days[date(2017, 4, 12)].count, days[date(2017, 4, 12)].kind) == (1, "counted")
    assert days[date(2017, 4, 14)].why == "Good Friday (whole UK)"
    assert days[date(2017, 4, 15)].why == "Saturday"
    assert days[date(2017, 4, 17)].kind == "holiday"
    assert days[date(2017, 4, 17)].holidays[0].nations == ("England and Wales", "Northern Ireland")
    assert days[date(2017, 5, 8)].count == 16
    assert (days[date(2017, 5, 9)].kind, days[date(2017, 5, 9)].why) == ("paused", "Paused")
    assert days[date(2017, 5, 29)].why == "Paused: Spring bank holiday (whole UK)"
    assert days[date(2017, 5, 29)].holidays[0].name == "Spring bank holiday"
    assert days[date(2017, 6, 9)].count == 17
    assert (days[date(2017, 6, 14)].count, days[date(2017, 6, 14)].kind) == (20, "due")
    # What the window says beside it.
    assert working_days(date(2017, 4, 11), 20, ANY_PART).due_on == date(2017, 5, 12)
    assert working_days(date(2017, 4, 11), 20, CALENDARS["scotland"], [MAY_PAUSE]).due_on == date(2017, 6, 13)


def test_the_ledger_of_months_counts_every_day_and_says_where_it_moved_on() -> None:
    owed = months(date(2019, 4, 6), 1, ANY_PART)
    assert owed.due_on == date(2019, 5, 7)
    assert owed.up_on == date(2019, 5, 6)
    assert (owed.ledger[-2].count, owed.ledger[-2].kind) == (30, "counted")
    assert (owed.ledger[-1].count, owed.ledger[-1].kind) == (None, "due")
    assert owed.totals == Totals(days=31, weekend=0, holidays=0, paused=0, moved=1, counted=30)
    over_easter = months(date(2019, 3, 19), 1, ANY_PART)
    assert over_easter.due_on == date(2019, 4, 23)
    assert [(one.kind, one.why) for one in over_easter.ledger[-4:]] == [
        ("moved", "Saturday"),
        ("moved", "Sunday"),
        ("moved", "Easter Monday (England and Wales, Northern Ireland)"),
        ("due", "Due"),
    ]


def test_the_number_of_today() -> None:
    owed = working_days(date(2017, 5, 18), 20, ANY_PART)
    assert owed.due_on == date(2017, 6, 16)
    numbers = [day_number(owed, date(2017, 5, 17) + n * ONE_DAY) for n in (0, 1, 2, 3, 4, 26, 30, 60)]
    assert numbers == [0, 0, 1, 1, 1, 16, 20, 20]


# Pauses


def test_a_pause_counts_again_from_the_day_after_the_answer() -> None:
    friday = date(2017, 6, 2)
    assert working_days(friday, 3, ANY_PART).due_on == date(2017, 6, 7)
    asked_on_receipt = working_days(friday, 3, ANY_PART, [pause(friday, date(2017, 6, 6))])
    assert asked_on_receipt.due_on == date(2017, 6, 9)
    assert [one.count for one in asked_on_receipt.ledger] == [None, None, None, None, None, 1, 2, 3]


def test_a_pause_over_a_weekend_alone_takes_no_working_day() -> None:
    over_weekend = pause(date(2017, 6, 2), date(2017, 6, 4))
    assert working_days(date(2017, 5, 31), 5, ANY_PART, [over_weekend]).due_on == date(2017, 6, 7)


def test_pauses_that_overlap_or_meet_are_one() -> None:
    apart = [pause(date(2017, 5, 8), date(2017, 5, 20)), pause(date(2017, 5, 15), date(2017, 6, 1))]
    meeting = [pause(date(2017, 6, 1), date(2017, 6, 8)), *apart]
    assert working_days(date(2017, 4, 11), 20, ANY_PART, meeting) == working_days(
        date(2017, 4, 11), 20, ANY_PART, [MAY_PAUSE]
    )
    assert months(date(2017, 4, 11), 1, ANY_PART, meeting).paused == ((date(2017, 5, 9), date(2017, 6, 8)),)


def test_what_was_paused_before_receipt_or_after_the_end_moves_nothing() -> None:
    early, late = pause(date(2017, 4, 1), date(2017, 4, 11)), pause(date(2017, 8, 1), date(2017, 8, 31))
    for clock in (working_days, months):
        assert clock(date(2017, 4, 11), 2, ANY_PART, [early, late]) == clock(date(2017, 4, 11), 2, ANY_PART)


def test_months_add_the_days_paused_to_the_date_before_it_rolls() -> None:
    # 30 January, one month on: 28 February, a Friday. Paused 2 days: Sunday 2 March, so Monday 3 March.
    owed = months(date(2025, 1, 30), 1, ANY_PART, [pause(date(2025, 2, 3), date(2025, 2, 5))])
    assert (owed.up_on, owed.due_on) == (date(2025, 3, 2), date(2025, 3, 3))
    assert owed.totals == Totals(days=32, weekend=0, holidays=0, paused=2, moved=1, counted=29)


def test_while_a_pause_lasts_the_date_is_the_earliest_and_provisional() -> None:
    lasting = pause(date(2017, 5, 8), None)
    for clock in (working_days, months):
        without = clock(date(2017, 4, 11), 2, ANY_PART)
        owed = clock(date(2017, 4, 11), 2, ANY_PART, [lasting])
        assert (owed.due_on, owed.provisional, without.provisional) == (without.due_on, True, False)


# What is known


@pytest.mark.parametrize(
    ("received", "provisional"),
    [
        (date(2004, 12, 31), True),
        (date(2005, 1, 1), False),
        (date(2028, 11, 1), False),
        (date(2028, 12, 1), True),
        (date(2031, 5, 1), True),
    ],
)
def test_a_date_beyond_the_known_bank_holidays_is_provisional(received: date, provisional: bool) -> None:
    assert working_days(received, 20, ANY_PART).provisional is provisional
    assert working_days(received, 20, CALENDARS["none"]).provisional is False


def test_months_need_to_know_only_the_days_they_end_on() -> None:
    assert not months(date(2004, 12, 20), 1, ANY_PART).provisional
    assert months(date(2028, 12, 1), 1, ANY_PART).provisional
    assert not calendar_days(date(2028, 12, 20), 30, ANY_PART, roll=False).provisional


def test_years_ago_and_years_ahead_are_worked_out_alike() -> None:
    """Another system knew only the holidays of the year around today."""
    for year in range(2006, 2028):
        owed = working_days(date(year, 12, 18), 10, ANY_PART)
        assert not owed.provisional
        assert owed.totals.holidays >= 3, year


# Day 0, and late


def test_receipt_is_the_day_in_london() -> None:
    assert received_date(date(2017, 5, 18)) == date(2017, 5, 18)
    assert received_date(datetime(2017, 5, 18, 23, 30, tzinfo=UTC)) == date(2017, 5, 19)
    assert received_date(datetime(2017, 1, 18, 23, 30, tzinfo=UTC)) == date(2017, 1, 18)
    assert received_date(datetime(2017, 5, 18, 23, 59)) == date(2017, 5, 18)  # noqa: DTZ001 - London's own time
    late = datetime(2017, 3, 25, 23, 59, tzinfo=UTC)
    assert received_date(late) == date(2017, 3, 25)
    assert received_date(late + timedelta(days=1)) == date(2017, 3, 27)


def test_receipt_on_a_saturday_is_day_0() -> None:
    assert working_days(date(2021, 5, 1), 1, ANY_PART).due_on == date(2021, 5, 4)


def test_late_begins_at_midnight_in_london() -> None:
    summer, winter = date(2017, 6, 16), date(2017, 12, 15)
    assert not is_late(summer, datetime(2017, 6, 16, 23, 59, 59, tzinfo=LONDON))
    assert is_late(summer, datetime(2017, 6, 17, 0, 0, tzinfo=LONDON))
    assert not is_late(summer, datetime(2017, 6, 16, 22, 59, 59, tzinfo=UTC))
    assert is_late(summer, datetime(2017, 6, 16, 23, 0, tzinfo=UTC))
    assert not is_late(winter, datetime(2017, 12, 15, 23, 59, tzinfo=UTC))
    assert is_late(winter, datetime(2017, 12, 16, 0, 0, tzinfo=UTC))


@pytest.mark.parametrize("on", [date(2017, 3, 26), date(2017, 10, 29), date(2017, 12, 31)])
def test_late_begins_at_midnight_when_the_clocks_change_and_the_year_ends(on: date) -> None:
    midnight = datetime.combine(on + ONE_DAY, datetime.min.time(), LONDON)
    assert is_late(on, midnight)
    assert not is_late(on, midnight.astimezone(UTC) - timedelta(seconds=1))


# By an agreement's rule


def rule(kind: str, length: int, calendar: str = "uk-any-part", expedited: int | None = None) -> ClockRule:
    return ClockRule(
        kind=kind,  # type: ignore[arg-type]
        length=length,
        calendar=calendar,
        source="Test",
        expedited_length=expedited,
    )


def test_a_rule_chooses_its_clock() -> None:
    received = date(2017, 5, 18)
    assert due(rule("working_days", 20), received, ANY_PART).due_on == date(2017, 6, 16)
    assert due(rule("months", 1), received, ANY_PART).due_on == date(2017, 6, 19)
    assert due(rule("calendar_days", 30), received, ANY_PART).due_on == date(2017, 6, 19)
    assert due(rule("calendar_days", 30, "none"), received, CALENDARS["none"]).due_on == date(2017, 6, 17)
    assert due(rule("working_days", 20), received, ANY_PART, [pause(received, date(2017, 5, 19))]).due_on == date(
        2017, 6, 19
    )


def test_an_expedited_request_has_the_shorter_time_where_there_is_one() -> None:
    received = date(2017, 5, 18)
    assert due(rule("working_days", 20, expedited=5), received, ANY_PART, expedited=True).due_on == date(2017, 5, 25)
    assert due(rule("working_days", 20), received, ANY_PART, expedited=True).due_on == date(2017, 6, 16)


def test_a_rule_in_words() -> None:
    assert clock_words(rule("working_days", 20)) == "20 working days"
    assert clock_words(rule("months", 1)) == "1 month"
    assert clock_words(rule("calendar_days", 40)) == "40 days"


def test_a_due_date_is_worked_out_in_microseconds() -> None:
    """Lists work out hundreds. The ledger, which only one window shows, is made when it is asked for."""
    runs = 300
    best = min(timeit.repeat(lambda: working_days(date(2017, 5, 18), 20, ANY_PART), number=runs, repeat=5)) / runs
    assert best < 100e-6


# What must hold of any clock

DAYS = st.dates(date(2004, 1, 1), date(2030, 12, 31))
LENGTHS = st.integers(0, 60)
CALENDAR = st.sampled_from(list(CALENDARS.values()))


@st.composite
def pauses_after(draw: st.DrawFn, received: date) -> list[Pause]:
    """Up to three pauses of up to 40 days, in any order, which may overlap."""
    found = []
    for _ in range(draw(st.integers(0, 3))):
        since = received + draw(st.integers(0, 60)) * ONE_DAY
        found.append(pause(since, since + draw(st.integers(0, 40)) * ONE_DAY))
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
    ):
        adds_up(owed)


def adds_up(owed: Due) -> None:
    """The ledger has each day once, numbers without a gap, and a sum that is right."""
    days = (owed.due_on - owed.received).days
    assert [one.on for one in owed.ledger] == [owed.received + n * ONE_DAY for n in range(days + 1)]
    counts = [one.count for one in owed.ledger if one.count is not None]
    assert counts == list(range(1, owed.days_counted + 1))
    total = owed.totals
    assert total.days == days
    assert total.counted == owed.days_counted
    assert total.days == total.weekend + total.holidays + total.paused + total.moved + total.counted
    assert owed.ledger[-1].kind == ("due" if days else "received")


@given(DAYS, LENGTHS, CALENDAR)
def test_before_undoes_after_on_a_working_day(received: date, n: int, calendar: Calendar) -> None:
    start = next_working_day(received, calendar)
    assert working_days_before(working_days(start, n, calendar).due_on, n, calendar) == start


@given(DAYS, st.integers(1, 60), CALENDAR)
def test_the_days_between_receipt_and_due_are_the_clock(received: date, n: int, calendar: Calendar) -> None:
    owed = working_days(received, n, calendar)
    assert working_days_between(received, owed.due_on, calendar) == n
    assert working_days_between(owed.due_on, received, calendar) == -n
    assert next_working_day(owed.due_on, calendar) == previous_working_day(owed.due_on, calendar) == owed.due_on


@given(DAYS, st.integers(1, 40), st.integers(0, 60), CALENDAR)
def test_a_pause_of_no_days_changes_nothing(received: date, n: int, after: int, calendar: Calendar) -> None:
    on = received + after * ONE_DAY
    for clock in (working_days, months):
        assert clock(received, n, calendar, [pause(on, on)]) == clock(received, n, calendar)


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
