"""The escalation, draft and final points: known dates, what moves them, and when one calls for someone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from db.records import Extension, Pause
from desktop.policy.agreements import ClockRule, load_agreements
from desktop.policy.calendars import Calendar, Holiday, load_calendars
from desktop.policy.clocks import due
from desktop.policy.points import Point, points, points_on, reminder, reminder_words
from tests.unit.ledgers import ONE_DAY, extendable, pause, restart, rule
from tests.unit.test_clock_properties import pauses_after

CALENDARS = load_calendars()
ANY_PART = CALENDARS["uk-any-part"]
RECEIVED = date(2017, 5, 18)
DAYS = st.dates(date(2004, 1, 1), date(2030, 12, 31))
CALENDAR = st.sampled_from(list(CALENDARS.values()))
KINDS = st.sampled_from(["working_days", "months", "calendar_days"])


def clock(kind: str = "working_days", length: int = 20, escalate: int = 3, draft: int = 10) -> ClockRule:
    return structs.replace(rule(kind, length), escalate_at=escalate, draft_at=draft)


def dates(found: tuple[Point, ...]) -> list[date]:
    return [one.on for one in found]


@pytest.mark.parametrize("agreement", ["law-enforcement-tracing", "home-office-tracing", "foi", "court-order"])
def test_the_points_of_a_request_of_18_may_2017(agreement: str) -> None:
    """Three, ten and twenty working days; 29 May is a bank holiday everywhere."""
    found = points(load_agreements().get(agreement).clock, RECEIVED, ANY_PART)
    assert found == (
        Point("escalation", date(2017, 5, 23)),
        Point("draft", date(2017, 6, 2)),
        Point("final", date(2017, 6, 16)),
    )


def test_a_point_that_is_0_does_not_exist() -> None:
    assert [one.kind for one in points(clock(escalate=0), RECEIVED, ANY_PART)] == ["draft", "final"]


@pytest.mark.parametrize("agreement", ["sar", "rectification"])
def test_the_points_of_a_clock_of_months_are_working_days(agreement: str) -> None:
    found = points(load_agreements().get(agreement).clock, RECEIVED, ANY_PART)
    assert found == (Point("draft", date(2017, 6, 2)), Point("final", date(2017, 6, 19)))
    # None falls after the due date, whatever holidays there are.
    assert dates(points(clock("months", 1, 19, 19), date(2026, 12, 1), ANY_PART))[-1] == date(2027, 1, 5)
    late = points(clock("months", 1, 0, 19), date(2024, 12, 5), ANY_PART)
    assert late[0].on <= late[1].on == date(2025, 1, 6)


def test_a_moment_of_receipt_is_its_day_in_london() -> None:
    moment = datetime(2017, 5, 17, 23, 30, tzinfo=UTC)
    assert points(clock(), moment, ANY_PART) == points(clock(), RECEIVED, ANY_PART)


def test_a_pause_moves_the_points_that_were_not_reached() -> None:
    paused = [pause(date(2017, 5, 24), date(2017, 5, 31))]
    # Of the days from 25 to 31 May four are working days.
    moved = [date(2017, 5, 23), date(2017, 6, 8), date(2017, 6, 22)]
    assert dates(points(clock(), RECEIVED, ANY_PART, paused)) == moved


def test_an_answer_that_restarts_the_clock_is_day_0_for_the_points_too() -> None:
    """Also for those that were reached before it was asked for."""
    answered = date(2017, 6, 12)
    asked = [restart(date(2017, 6, 8), answered)]
    found = points(clock(), RECEIVED, ANY_PART, asked)
    assert found == points(clock(), answered, ANY_PART)
    assert dates(found)[0] == date(2017, 6, 15)


def test_an_expedited_case_keeps_its_points_within_its_shorter_time() -> None:
    police = load_agreements().get("law-enforcement-tracing").clock
    found = points(police, RECEIVED, ANY_PART, expedited=True)
    assert dates(found) == [date(2017, 5, 23), date(2017, 5, 25), date(2017, 5, 25)]
    assert points_on(found, date(2017, 5, 25)) == "draft point and final point"
    assert points_on(found, date(2017, 5, 24)) == ""


def test_an_extension_moves_the_final_point_alone() -> None:
    asked = structs.replace(extendable("working_days", 20, longest=20, tell_within=20), escalate_at=3, draft_at=10)
    plain = points(asked, RECEIVED, ANY_PART)
    found = points(asked, RECEIVED, ANY_PART, extensions=[Extension(20, date(2017, 6, 1))])
    assert found[:-1] == plain[:-1]
    assert found[-1].on == date(2017, 7, 17) > plain[-1].on


def test_points_past_the_known_holidays_are_provisional() -> None:
    found = points(clock(), date(2028, 12, 20), ANY_PART)
    assert [one.provisional for one in found] == [False, True, True]
    waiting = points(clock(), RECEIVED, ANY_PART, [pause(date(2017, 5, 24), None)])
    assert [one.provisional for one in waiting] == [False, True, True]


# What must hold of any clock


@given(st.data(), DAYS, KINDS, st.integers(1, 30), st.booleans(), CALENDAR)
def test_no_point_falls_after_the_final_one_which_is_the_due_date(
    data: st.DataObject, received: date, kind: str, length: int, expedited: bool, calendar: Calendar
) -> None:
    early = st.integers(0, length)
    asked = clock(kind, length, data.draw(early), data.draw(early))
    asked = structs.replace(asked, expedited_length=data.draw(st.integers(1, length)))
    pauses = data.draw(pauses_after(received))
    found = points(asked, received, calendar, pauses, expedited=expedited)
    assert found[-1].on == due(asked, received, calendar, pauses, expedited=expedited).due_on
    assert all(received <= one.on <= found[-1].on for one in found)
    assert [one.kind for one in found] == [
        kind for kind, at in (("escalation", asked.escalate_at), ("draft", asked.draft_at), ("final", 1)) if at
    ]


@given(st.data(), DAYS, KINDS, st.integers(1, 30), CALENDAR)
def test_another_pause_never_moves_a_point_earlier(
    data: st.DataObject, received: date, kind: str, length: int, calendar: Calendar
) -> None:
    asked = clock(kind, length, data.draw(st.integers(1, length)), data.draw(st.integers(1, length)))
    pauses = data.draw(pauses_after(received))
    more, fewer = points(asked, received, calendar, pauses), points(asked, received, calendar, pauses[1:])
    assert more[-1].on >= fewer[-1].on
    # A short month after the answer may leave the clock from receipt as the later one: its points are that one's.
    begins = [due(asked, received, calendar, some).begins for some in (pauses, pauses[1:])]
    if kind != "months" or begins[0] >= begins[1]:
        assert all(one.on >= other.on for one, other in zip(more, fewer, strict=True))


def test_a_pause_around_the_answer_that_restarts_the_clock_leaves_that_answer_day_0() -> None:
    """Both clocks are due on the same day then: the points are those of the answer."""
    answered = restart(date(2026, 6, 10), date(2026, 6, 17))
    around = pause(date(2026, 6, 9), date(2026, 6, 21))
    asked = clock("months", 3, 1, 1)
    assert dates(points(asked, date(2026, 6, 8), ANY_PART, [answered])) == [
        date(2026, 6, 18), date(2026, 6, 18), date(2026, 9, 17)
    ]  # fmt: skip
    assert dates(points(asked, date(2026, 6, 8), ANY_PART, [around, answered])) == [
        date(2026, 6, 22), date(2026, 6, 22), date(2026, 9, 21)
    ]  # fmt: skip


@given(st.data(), DAYS, KINDS, st.integers(1, 30))
def test_another_holiday_never_moves_a_point_earlier(
    data: st.DataObject, received: date, kind: str, length: int
) -> None:
    asked = clock(kind, length, data.draw(st.integers(1, length)), data.draw(st.integers(1, length)))
    pauses = data.draw(pauses_after(received))
    proclaimed = received + data.draw(st.integers(0, 120)) * ONE_DAY
    more = replace(ANY_PART, holidays={**ANY_PART.holidays, proclaimed: (Holiday("Proclaimed", ("Scotland",)),)})
    later, plain = points(asked, received, more, pauses), points(asked, received, ANY_PART, pauses)
    assert all(one.on >= other.on for one, other in zip(later, plain, strict=True))


@given(st.data(), DAYS, KINDS, st.integers(2, 30), st.integers(1, 20), CALENDAR)
def test_an_extension_never_moves_another_point(
    data: st.DataObject, received: date, kind: str, length: int, more: int, calendar: Calendar
) -> None:
    asked = extendable(kind, length, longest=20, tell_within=length)
    asked = structs.replace(asked, escalate_at=1, draft_at=data.draw(st.integers(1, length)))
    pauses = [Pause(one.since, one.until, "") for one in data.draw(pauses_after(received))]
    plain = points(asked, received, calendar, pauses)
    found = points(asked, received, calendar, pauses, extensions=[Extension(more, received)])
    assert dates(found[:-1]) == dates(plain[:-1])
    assert found[-1].on >= plain[-1].on


# When a point calls for someone


def calling(today: date, *, unfinished: bool = True) -> str:
    one = reminder(points(clock(), RECEIVED, ANY_PART), today, ANY_PART, unfinished=unfinished)
    return reminder_words(one, today) if one is not None else ""


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2017, 5, 22), ""),
        (date(2017, 5, 23), "Escalation point: today"),
        (
            date(2017, 6, 1),
            "Escalation point: 23 May",
        ),
        (date(2017, 6, 2), "Draft point: today"),
        (date(2017, 6, 14), "Draft point: 2 June"),
        (date(2017, 6, 15), "Due tomorrow"),
        (date(2017, 6, 16), "Due today"),
        (date(2017, 6, 17), ""),
    ],
)
def test_d18_the_most_pressing_point_calls_in_words(today: date, words: str) -> None:
    assert calling(today) == words


def test_what_is_with_others_is_called_for_by_its_final_point_alone() -> None:
    assert [calling(date(2017, 6, on), unfinished=False) for on in (14, 15, 16, 17)] == [
        "",
        "Due tomorrow",
        "Due today",
        "",
    ]


def test_before_a_weekend_and_a_holiday_the_next_working_day_is_said() -> None:
    one = Point("final", date(2017, 5, 30))
    found = {day: reminder([one], date(2017, 5, day), ANY_PART, unfinished=False) for day in (25, 26, 27, 29)}
    assert [on for on, said in found.items() if said] == [26, 27, 29]
    assert reminder_words(one, date(2017, 5, 26)) == "Due on Tuesday 30 May, the next working day"
    assert reminder_words(one, date(2017, 5, 29)) == "Due tomorrow"


def test_a_point_of_another_year_says_its_year() -> None:
    said = reminder_words(Point("draft", date(2025, 12, 30)), date(2026, 1, 5))
    assert said == "Draft point: 30 December 2025"
