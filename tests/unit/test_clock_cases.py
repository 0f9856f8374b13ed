"""Deadlines that others published, each with its source: other systems' own tests, and the regulator's examples.

Those that are doubtful in law are listed as warnings, and what the law says of them is asserted instead.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.records import Pause
from desktop.policy import clocks
from desktop.policy.calendars import Calendar, Holiday, load_calendars
from desktop.policy.wording import LONDON

CALENDARS = load_calendars()
CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "deadlines.json").read_text("utf-8"))

NOT_OURS = {
    "calendar_days_roll_forward_with_4pm_cutoff": "a civil court's cut-off at 4pm: here a whole day runs to midnight",
    "chase_schedule": "the dates of another system's reminders to third parties",
    "retention_state_transition": "another system's states; ours are tested with the retention window",
    "retention_filter_bucket": "another system's filters: ours end a month ahead, see test_retention",
    "retention_form_validation": "another system's form",
    "destruction_guard": "what may be destroyed is no matter of dates alone",
    "two_stage_destruction": "another system's purge, which no person approves",
}
ELSEWHERE = {
    "retention_date": "tests/unit/test_retention.py",
    "pause_validation": "tests/store/test_pause_cases.py",
}

SHORT_LISTS = {
    "O026": "day 40 is 10 December 2007 only with St Andrew's Day (30 November), which the case's list leaves out",
}
"""Cases whose own list of holidays cannot give their answer: asked by the calendar of the law instead."""

LAWFUL = {
    # 2 January 2015 was a bank holiday in Scotland: their calendar had none. Nor does asking again reset a clock.
    "O022": "2015-01-30",
    "O023": "2015-02-27",
    # Their dates are of a notice "overdue", on the day after. No bank holiday falls in this one: the same.
    "O029": "2015-02-28",
    "O030": "2015-02-28",
    # 17 March, Good Friday and Easter Monday do not count.
    "O031": "2015-04-30",
    # A pause of no days moved their date by one, because two calendars were mixed.
    "O087": "2025-12-02",
}
"""For each case that is doubtful in law: what the law says, worked out by hand."""


def moment(text: str) -> date | datetime:
    """A day, or a moment: in its own zone where it names one, else as clocks in London show it."""
    if "T" not in text:
        return date.fromisoformat(text)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=LONDON)


def listed(case: dict[str, Any]) -> Calendar:
    """A calendar of the holidays that the case itself lists."""
    off = {date.fromisoformat(text): (Holiday("Listed", ()),) for text in case["holidays"]}
    weekend = frozenset[int]() if case.get("params", {}).get("weekends_are_working") else frozenset({5, 6})
    return Calendar(case["calendar"], off, date.min, date.max, weekend)


def taken(case: dict[str, Any]) -> list[Calendar]:
    """The calendars by which the case must come out: its own list, and ours where it names one of ours."""
    if case["id"] in SHORT_LISTS:
        return [CALENDARS["uk-any-part"]]
    named = CALENDARS.get(case["calendar"])
    return [listed(case), named] if named is not None and named.id != "none" else [listed(case)]


def _after(case: dict[str, Any], calendar: Calendar) -> date:
    return clocks.working_days(moment(case["received"]), case["params"]["n"], calendar).due_on


def _inclusive(case: dict[str, Any], calendar: Calendar) -> date:
    # Their first day is the day itself where it is a working day: one less to count.
    start = clocks.next_working_day(date.fromisoformat(case["received"]), calendar)
    return clocks.working_days(start, case["params"]["n"] - 1, calendar).due_on


def _before(case: dict[str, Any], calendar: Calendar) -> date:
    return clocks.working_days_before(date.fromisoformat(case["received"]), case["params"]["n"], calendar)


def _between(case: dict[str, Any], calendar: Calendar) -> int:
    start, end = date.fromisoformat(case["received"]), date.fromisoformat(case["params"]["to"])
    return clocks.working_days_between(start, end, calendar)


def _taken(case: dict[str, Any], calendar: Calendar) -> int:
    start = date.fromisoformat(case["received"])
    return _between(case, calendar) + calendar.is_working(start)


def _next(case: dict[str, Any], calendar: Calendar) -> date:
    return clocks.next_working_day(date.fromisoformat(case["received"]), calendar)


def _previous(case: dict[str, Any], calendar: Calendar) -> date:
    return clocks.previous_working_day(date.fromisoformat(case["received"]), calendar)


def _months(case: dict[str, Any], calendar: Calendar) -> date:
    return clocks.months(moment(case["received"]), case["params"]["n"], calendar).due_on


def _days(case: dict[str, Any], calendar: Calendar) -> date:
    return clocks.calendar_days(moment(case["received"]), case["params"]["n"], calendar, roll=False).due_on


def _rolled_days(case: dict[str, Any], calendar: Calendar) -> date:
    return clocks.calendar_days(moment(case["received"]), case["params"]["n"], calendar, roll=True).due_on


def _paused_deadline(case: dict[str, Any], calendar: Calendar) -> date:
    # They give the deadline before the pause, not the receipt: a clock that is up on that day, paused before it.
    before = date.fromisoformat(case["params"]["deadline_before"])
    received = before - timedelta(days=30)
    pause = Pause(received, received + timedelta(days=case["params"]["paused_calendar_days"]), "")
    return clocks.calendar_days(received, 30, calendar, [pause], roll=True).due_on


def _paused_total(case: dict[str, Any], calendar: Calendar) -> int:
    assert case["params"]["events"] == []
    return clocks.working_days(date.fromisoformat(case["received"]), 20, calendar).totals.paused


def _late_from(case: dict[str, Any], calendar: Calendar) -> date:
    return _after(case, calendar) + timedelta(days=1)


def _status(case: dict[str, Any], calendar: Calendar) -> str:
    now = moment(case["params"]["at"])
    assert isinstance(now, datetime)
    received = date.fromisoformat(case["received"])
    if clocks.is_late(clocks.working_days(received, case["params"]["very_n"], calendar).due_on, now):
        return "very_overdue"
    late = clocks.is_late(clocks.working_days(received, case["params"]["due_n"], calendar).due_on, now)
    return "overdue" if late else "in_time"


ASK: dict[str, Callable[[dict[str, Any], Calendar], date | int | str]] = {
    "working_days_after": _after,
    "working_days_inclusive_start": _inclusive,
    "working_days_before": _before,
    "working_days_between_excl_start_incl_end": _between,
    "working_days_taken_inclusive": _taken,
    "next_working_day_or_same": _next,
    "previous_working_day_or_same": _previous,
    "calendar_months_roll_forward": _months,
    "calendar_days": _days,
    "calendar_days_roll_forward": _rolled_days,
    "fixed_day_term": _days,
    "pause_resume_calendar_days": _paused_deadline,
    "paused_days_total": _paused_total,
    "overdue_event_timestamp": _late_from,
    "status_at": _status,
}

SOUND = [case for case in CASES if case["kind"] in ASK and not case.get("doubtful_in_law")]
DOUBTFUL = [case for case in CASES if case.get("doubtful_in_law")]


def by_id(case: dict[str, Any]) -> str:
    return str(case["id"])


def found(case: dict[str, Any], calendar: Calendar) -> object:
    """Our answer, as the file writes it."""
    answer = ASK[case["kind"]](case, calendar)
    return answer.isoformat() if isinstance(answer, date) else answer


@pytest.mark.parametrize("case", SOUND, ids=by_id)
def test_a_published_deadline_comes_out(case: dict[str, Any]) -> None:
    for calendar in taken(case):
        assert found(case, calendar) == case["expected"], (calendar.id, case["source"], case["note"])


@pytest.mark.filterwarnings("always::UserWarning")
@pytest.mark.parametrize("case", DOUBTFUL, ids=by_id)
def test_a_deadline_that_is_doubtful_in_law_is_flagged_and_not_followed(case: dict[str, Any]) -> None:
    lawful = LAWFUL[case["id"]]
    warnings.warn(
        f"{case['id']} is doubtful in law: {case['source']} expects {case['expected']}, the law {lawful}. "
        f"{case['note']}",
        UserWarning,
        stacklevel=1,
    )
    assert found(case, CALENDARS["uk-any-part"]) == lawful


def test_every_doubtful_case_has_its_lawful_answer_and_they_do_differ() -> None:
    assert {case["id"] for case in DOUBTFUL} == set(LAWFUL)
    same = {case["id"] for case in DOUBTFUL if case["expected"] == LAWFUL[case["id"]]}
    # O029 has no bank holiday in it; O087 goes wrong on the way: the date before its pause was a bank holiday.
    assert same == {"O029", "O087"}


@pytest.mark.parametrize(("calendar", "due_on"), [("uk-any-part", "2025-12-02"), ("england-and-wales", "2025-12-01")])
def test_a_pause_of_no_days_moves_nothing_whatever_the_calendar(calendar: str, due_on: str) -> None:
    """The defect behind O087: stopped and restarted on 6 November 2025."""
    received, pause = date(2025, 11, 1), Pause(date(2025, 11, 6), date(2025, 11, 6), "")
    without = clocks.months(received, 1, CALENDARS[calendar])
    assert clocks.months(received, 1, CALENDARS[calendar], [pause]) == without
    assert without.due_on.isoformat() == due_on


def test_every_case_is_asked_or_left_out_for_a_reason() -> None:
    assert {case["kind"] for case in CASES} == {*ASK, *NOT_OURS, *ELSEWHERE}
    assert len({case["id"] for case in CASES}) == len(CASES) == 113
    assert all(case["source"].strip() for case in CASES)


@pytest.mark.parametrize("case", [case for case in CASES if "DIFFERS" in case.get("note", "")], ids=by_id)
def test_england_and_wales_alone_would_be_a_day_or_more_early(case: dict[str, Any]) -> None:
    alone = case["note"].split("would give ")[1].split()[0]
    assert found(case, CALENDARS["england-and-wales"]) == alone
    assert alone < case["expected"]


@pytest.mark.parametrize(
    ("received", "length", "calendar", "due_on"),
    [
        ("2017-05-18", 20, "uk-any-part", "2017-06-16"),
        ("2017-05-18", 3, "uk-any-part", "2017-05-23"),
        ("2017-05-18", 10, "uk-any-part", "2017-06-02"),
        ("2017-05-18", 30, "uk-any-part", "2017-06-30"),
        ("2017-05-18", 40, "uk-any-part", "2017-07-17"),
        ("2021-05-01", 20, "uk-any-part", "2021-06-01"),
        ("2021-07-03", 20, "uk-any-part", "2021-08-03"),
        ("2023-11-27", 20, "uk-any-part", "2023-12-28"),
        ("2023-11-27", 20, "england-and-wales", "2023-12-27"),
        ("2014-03-16", 20, "uk-any-part", "2014-04-14"),
        ("2014-03-16", 20, "england-and-wales", "2014-04-11"),
        ("2021-06-18", 20, "uk-any-part", "2021-07-19"),
        # Four requests to the Home Office of 2021, cases 65915, 66190, 66674 and 67563.
        ("2021-09-06", 20, "uk-any-part", "2021-10-04"),
        ("2021-09-27", 20, "uk-any-part", "2021-10-25"),
        ("2021-10-28", 20, "uk-any-part", "2021-11-25"),
        ("2021-12-20", 20, "uk-any-part", "2022-01-21"),
        ("2021-12-21", 20, "england-and-wales", "2022-01-21"),
    ],
)
def test_deadlines_that_real_letters_and_reports_gave(received: str, length: int, calendar: str, due_on: str) -> None:
    owed = clocks.working_days(date.fromisoformat(received), length, CALENDARS[calendar])
    assert (owed.due_on, owed.provisional) == (date.fromisoformat(due_on), False)
