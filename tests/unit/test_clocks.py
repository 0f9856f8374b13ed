"""Due dates: the ledger, pauses, midnight in London, the edge of what is known, and what must hold of any clock."""

from __future__ import annotations

import timeit
from datetime import UTC, date, datetime, timedelta

import pytest

from db.records import Extension
from desktop.policy.calendars import load_calendars
from desktop.policy.clocks import (
    calendar_days,
    clock_words,
    day_number,
    due,
    is_late,
    months,
    received_date,
    tell_by,
    working_days,
)
from desktop.policy.ledger import Totals
from desktop.policy.wording import LONDON
from tests.unit.ledgers import adds_up, extendable, pause, restart, rule

CALENDARS = load_calendars()
ANY_PART = CALENDARS["uk-any-part"]
ONE_DAY = timedelta(days=1)


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


def test_a_pause_of_the_day_to_which_a_date_rolled_moves_it_on_and_leaves_nothing_to_count() -> None:
    """31 days are up on Saturday 26 February 2005; Monday the 28th is paused, so Tuesday is the day."""
    first = pause(date(2005, 1, 3), date(2005, 1, 26))
    asked = months(date(2005, 1, 3), 1, ANY_PART, [first, pause(date(2005, 2, 27), date(2005, 2, 28))])
    assert (asked.up_on, asked.due_on, asked.days_counted) == (date(2005, 2, 26), date(2005, 3, 1), 31)
    adds_up(asked)
    assert [one.why for one in asked.ledger[-3:]] == ["Sunday", "Paused", "Due"]
    longer = months(date(2005, 1, 3), 1, ANY_PART, [first, pause(date(2005, 2, 27), date(2005, 3, 11))])
    assert longer.due_on == date(2005, 3, 14), "the pause ends on a Friday"
    sunday = months(date(2005, 1, 3), 1, ANY_PART, [first, pause(date(2005, 2, 26), date(2005, 2, 27))])
    assert sunday.due_on == date(2005, 2, 28), "it was no working day anyway"
    adds_up(longer)
    adds_up(sunday)


def test_while_a_pause_lasts_the_date_is_the_earliest_and_provisional() -> None:
    lasting = pause(date(2017, 4, 12), None)
    for clock in (working_days, months):
        without = clock(date(2017, 4, 11), 2, ANY_PART)
        owed = clock(date(2017, 4, 11), 2, ANY_PART, [lasting])
        assert (owed.due_on, owed.provisional, without.provisional) == (without.due_on, True, False)
        # Whoever is asked when the time is up moves nothing, whenever they answer.
        for since in (without.due_on, without.due_on + ONE_DAY):
            late = clock(date(2017, 4, 11), 2, ANY_PART, [pause(since, None)])
            assert (late, late.provisional) == (without, False)
            ended = clock(date(2017, 4, 11), 2, ANY_PART, [pause(since, since + 30 * ONE_DAY)])
            assert ended.due_on == without.due_on


# Answers that restart the clock, and extensions


def test_a_clarification_starts_the_clock_again_on_the_day_it_comes() -> None:
    """Freedom of Information Act 2000, section 10(6): the date of receipt is then that of the clarification."""
    received, asked, answered = date(2017, 5, 18), date(2017, 5, 22), date(2017, 6, 1)
    owed = working_days(received, 20, ANY_PART, [restart(asked, answered)])
    assert owed.due_on == working_days(answered, 20, ANY_PART).due_on == date(2017, 6, 29)
    assert (owed.received, owed.begins, owed.paused) == (received, answered, ())
    days = {one.on: one for one in owed.ledger}
    assert (days[received].kind, days[received].count) == ("received", None)
    assert (days[asked].kind, days[asked].count) == ("dropped", None)
    assert days[asked].why == "Before the answer that restarted the clock"
    assert (days[answered].kind, days[answered].why) == ("restarted", "Answered: day 0 again")
    assert (days[date(2017, 6, 2)].kind, days[date(2017, 6, 2)].count) == ("counted", 1)
    assert owed.totals.dropped == 14
    adds_up(owed)
    assert day_number(owed, asked) == 0
    # A fee pauses where a clarification restarts; the second answer counts, and a pause before it is no loss.
    fee = pause(date(2017, 5, 19), date(2017, 5, 26))
    again = [fee, restart(asked, answered), restart(date(2017, 6, 5), date(2017, 6, 12))]
    assert working_days(received, 20, ANY_PART, again).due_on == date(2017, 7, 10)


def test_while_a_clarification_is_awaited_the_date_is_the_earliest_and_provisional() -> None:
    owed = working_days(date(2017, 5, 18), 20, ANY_PART, [restart(date(2017, 5, 22), None)])
    assert (owed.due_on, owed.provisional) == (working_days(date(2017, 5, 22), 20, ANY_PART).due_on, True)
    assert owed.provisional_words.startswith("It is provisional until the requester answers")


def test_a_clarification_that_is_asked_for_when_the_time_is_up_does_not_help() -> None:
    received = date(2017, 5, 18)
    late = working_days(received, 20, ANY_PART, [restart(date(2017, 6, 17), date(2017, 6, 20))])
    assert late.due_on == date(2017, 6, 16)
    on_the_day = working_days(received, 20, ANY_PART, [restart(date(2017, 6, 16), date(2017, 6, 20))])
    assert on_the_day.due_on == date(2017, 7, 19)


def test_an_extension_counts_on_from_the_time_itself() -> None:
    received = date(2017, 5, 18)
    plain = extendable("working_days", 20, longest=20, tell_within=20)
    assert tell_by(plain, received, ANY_PART) == date(2017, 6, 16)
    owed = due(plain, received, ANY_PART, extensions=[Extension(15, date(2017, 6, 16))])
    assert (owed.due_on, owed.length, owed.extended) == (date(2017, 7, 7), 35, 15)
    assert owed.due_on == working_days(received, 35, ANY_PART).due_on
    whys = {one.count: one.why for one in owed.ledger if one.count}
    assert (whys[20], whys[21], whys[34], whys[35]) == ("", "Extended", "Extended", "Due")
    adds_up(owed)


def test_two_months_more_are_three_from_receipt_and_not_from_the_rolled_date() -> None:
    """Information Commissioner’s Office, right of access: three months from the day of receipt."""
    # 18 May, one month on: Sunday 18 June, so Monday 19 June. Three months on: Friday 18 August.
    plain = extendable("months", 1, longest=2, tell_within=1)
    received = date(2017, 5, 18)
    assert tell_by(plain, received, ANY_PART) == date(2017, 6, 19)
    owed = due(plain, received, ANY_PART, extensions=[Extension(2, date(2017, 6, 1))])
    assert (owed.due_on, owed.plain_days) == (date(2017, 8, 18), 31)
    paused = due(
        plain, received, ANY_PART, [pause(date(2017, 6, 1), date(2017, 6, 4))], extensions=[Extension(2, received)]
    )
    assert paused.due_on == date(2017, 8, 21)


def test_an_extension_told_of_too_late_does_not_count_and_none_goes_beyond_the_longest() -> None:
    received = date(2017, 5, 18)
    plain = extendable("working_days", 20, longest=20, tell_within=20)
    late = due(plain, received, ANY_PART, extensions=[Extension(20, date(2017, 6, 17))])
    assert late == due(plain, received, ANY_PART)
    # The same day is in time where the requester took three days to answer.
    waited = [pause(date(2017, 6, 5), date(2017, 6, 8))]
    assert tell_by(plain, received, ANY_PART, waited) == date(2017, 6, 21)
    assert due(plain, received, ANY_PART, waited, extensions=[Extension(20, date(2017, 6, 17))]).extended == 20
    twice = [Extension(15, date(2017, 6, 1)), Extension(15, date(2017, 6, 2))]
    assert due(plain, received, ANY_PART, extensions=twice).extended == 20
    assert tell_by(rule("working_days", 20), received, ANY_PART) is None
    assert due(rule("working_days", 20), received, ANY_PART, extensions=twice).extended == 0


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
