"""Reminders in My work: worked out when they are read, one group to a case, and none while a clock is stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from db.records import Role, State
from desktop.casework import returning
from desktop.casework.casepage import case_page
from desktop.casework.desk import Desk, Done
from desktop.casework.sample import MovingClock
from desktop.casework.work import FINISH, LATE, REMIND, SENT_BACK, TAKE_IN, WAITING, my_work, review_queue
from desktop.policy.agreements import decode
from desktop.policy.points import Point
from tests.fixtures import Office, on
from tests.journeys.walking import registered
from tests.store.test_extending import extended, foi
from tests.store.test_waiting import later

# Received on Monday 1 June 2026: 15 June is a bank holiday in Scotland.
ESCALATION, DRAFT, FINAL = date(2026, 6, 4), date(2026, 6, 16), date(2026, 6, 30)


def stands(desk: Desk, done: Done) -> tuple[str, str, str]:
    """The one group that a case stands in, the point that calls for someone, and why it stands there."""
    found = [(group.key, row) for group in my_work(desk).groups for row in group.rows if row.row.id == done.case_id]
    ((key, row),) = found
    return key, row.reminder.kind if row.reminder is not None else "", row.why


def on_day(office: Office, done: Done, day: date) -> tuple[str, str]:
    return stands(later(office.caseworker, day), done)[:2]


def test_d18_a_clock_that_jumps_is_right_every_time(office: Office) -> None:
    """Another system stored what was reached, so that a computer with a wrong clock left it wrong for good."""
    done = office.register()
    expected = {
        date(2026, 6, 3): (FINISH, ""),
        ESCALATION: (REMIND, "escalation"),
        date(2026, 6, 15): (REMIND, "escalation"),
        DRAFT: (REMIND, "draft"),
        date(2026, 6, 28): (REMIND, "draft"),
        date(2026, 6, 29): (REMIND, "final"),
        FINAL: (REMIND, "final"),
        date(2026, 7, 1): (LATE, ""),
        date(2031, 1, 1): (LATE, ""),
    }
    forth = list(expected)
    for day in (*forth, *reversed(forth), date(2031, 1, 1), *forth[::2], ESCALATION, date(1999, 12, 31)):
        assert on_day(office, done, day) == expected.get(day, (FINISH, "")), day


def test_d18_the_day_is_londons(office: Office) -> None:
    """At half past eleven in the evening of universal time London is in the next day already, in summer."""
    done = office.register()
    for hour, found in ((22, FINISH), (23, REMIND)):
        at = datetime(2026, 6, 3, hour, 30, tzinfo=UTC)
        assert stands(replace(office.caseworker, clock=MovingClock(at)), done)[0] == found


def test_why_is_said_in_words(office: Office) -> None:
    done = office.register()
    said = {day: stands(later(office.caseworker, date(2026, 6, day)), done)[2] for day in (4, 16, 17, 29, 30)}
    assert said == {
        4: "Escalation point: today",
        16: "Draft point: today",
        17: "Draft point: 16 June",
        29: "Due tomorrow",
        30: "Due today",
    }


def test_a_case_with_the_reviewer_is_called_for_by_its_due_date_alone(office: Office) -> None:
    done = office.submit(office.register())
    assert on_day(office, done, date(2026, 6, 17)) == (WAITING, "")
    assert on_day(office, done, date(2026, 6, 29)) == (REMIND, "final")
    assert on_day(office, done, date(2026, 7, 1)) == (WAITING, "")


def test_a_case_sent_back_stays_with_those_sent_back(office: Office) -> None:
    done = office.in_state(State.SENT_BACK)
    key, kind, why = stands(later(office.caseworker, date(2026, 6, 17)), done)
    assert (key, kind) == (SENT_BACK, "draft")
    assert why.startswith("Sent back on 10 June by ")


def test_a_letter_that_is_due_tomorrow_is_called_for(office: Office) -> None:
    done = office.in_state(State.RELEASED)
    assert on_day(office, done, date(2026, 6, 29)) == (REMIND, "final")


@pytest.mark.parametrize("state", [State.RETURNED, State.HELD])
def test_nothing_calls_while_the_clock_is_stopped_or_the_case_held(office: Office, state: State) -> None:
    done = office.in_state(state)
    due_on = case_page(office.caseworker, done.case_id).case.row.due_on
    assert due_on is not None
    for day in (date(2026, 6, 12), DRAFT, date(2026, 6, 29), FINAL, due_on):
        assert on_day(office, done, day)[1] == ""


def test_a_pause_moves_the_points(office: Office) -> None:
    done = office.in_state(State.RETURNED)
    desk = later(office.caseworker, date(2026, 6, 17))
    # Asked on 10 June, answered on 17 June: 11, 12, 16 and 17 June were working days.
    done = returning.resume(desk, returning.Dated(**on(done), on=date(2026, 6, 17), reasons=""))
    assert case_page(desk, done.case_id).points[:2] == (
        Point("escalation", ESCALATION),
        Point("draft", date(2026, 6, 22)),
    )
    assert on_day(office, done, date(2026, 6, 19)) == (REMIND, "escalation")
    assert on_day(office, done, date(2026, 6, 22)) == (REMIND, "draft")


def test_an_extension_moves_the_final_point_alone(office: Office) -> None:
    done = foi(office)
    before = case_page(office.caseworker, done.case_id).points
    done = extended(office.caseworker, done)
    after = case_page(office.caseworker, done.case_id).points
    assert after[:2] == before[:2]
    assert (before[2].on, after[2].on) == (FINAL, date(2026, 7, 29))
    assert on_day(office, done, FINAL) == (REMIND, "draft")
    assert on_day(office, done, date(2026, 7, 28)) == (REMIND, "final")


def test_a_case_keeps_the_points_of_the_agreement_that_it_is_pinned_to(office: Office) -> None:
    done = office.register()
    known = office.entry.agreements.get("law-enforcement-tracing")
    text = known.text.replace("draft_at = 10", "draft_at = 6", 1)
    assert text != known.text
    office.entry.agreements.put(decode(text, "own.toml"), 1)
    assert office.entry.agreements.get(known.id).clock.draft_at == 6
    # It waits for someone to take the change in; until then its points are those of its own text.
    assert on_day(office, done, date(2026, 6, 15)) == (TAKE_IN, "escalation")
    assert on_day(office, done, DRAFT) == (TAKE_IN, "draft")


def test_reviewers_have_no_reminders(office: Office) -> None:
    done = office.submit(office.register())
    desk = later(office.desk(Role.REVIEWER), date(2026, 6, 29))
    (row,) = [one for one in review_queue(desk) if one.row.id == done.case_id]
    assert row.reminder is None
    assert row.why.startswith("You saved this") or " saved this " in row.why


def test_many_cases_ask_as_many_questions_as_one(office: Office) -> None:
    """However many cases there are, their pauses and extensions come with one question each."""

    def questions() -> int:
        asked: list[str] = []

        def hear(_c: object, _k: object, statement: str, *_more: object) -> None:
            asked.append(statement)

        engine = office.entry.store._engine
        event.listen(engine, "before_cursor_execute", hear)
        try:
            my_work(later(office.caseworker, DRAFT))
        finally:
            event.remove(engine, "before_cursor_execute", hear)
        return len(asked)

    office.register()
    one = questions()
    for person in range(1, 6):
        office.register(person=person)
    office.in_state(State.RETURNED)
    extended(office.caseworker, foi(office))
    assert questions() == one


@pytest.mark.parametrize("agreement", ["sar", "rectification"])
def test_a_clock_of_months_calls_at_its_draft_point_of_working_days(office: Office, agreement: str) -> None:
    done = registered(office, office.entry.agreements.get(agreement))
    assert case_page(office.caseworker, done.case_id).points[0] == Point("draft", DRAFT)
    assert on_day(office, done, date(2026, 6, 15)) == (FINISH, "")
    assert on_day(office, done, DRAFT) == (REMIND, "draft")
