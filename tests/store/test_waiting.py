"""Waiting for the requester: chase dates, reminders, and closing that is proposed and never done by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from db.errors import RuleKept
from db.records import State
from desktop.casework import returning, waiting
from desktop.casework.casepage import CasePage, case_page
from desktop.casework.desk import Conflict, Desk, Done, Invalid, Refused
from desktop.casework.sample import MovingClock
from desktop.casework.work import my_work
from desktop.policy import waiting as policy
from desktop.policy.agreements import decode
from tests.fixtures import Office, on


def returned(office: Office, chase_on: date | None = None) -> Done:
    command = returning.Dated(
        **on(office.register()), on=date(2026, 6, 10), reasons="Which sources?", chase_on=chase_on
    )
    return returning.return_to_requester(office.caseworker, command)


def later(desk: Desk, day: date) -> Desk:
    """The same desk on another day."""
    return replace(desk, clock=MovingClock(datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC)))


def page_on(office: Office, done: Done, day: date) -> CasePage:
    return case_page(later(office.caseworker, day), done.case_id)


def test_the_agreement_says_when_to_chase_and_when_to_propose_closing(office: Office) -> None:
    state = page_on(office, returned(office), date(2026, 6, 10)).waiting
    assert state is not None
    # Ten and forty working days after Wednesday 10 June 2026. 15 June and 3 August are holidays in Scotland, and
    # 13 July is one in Northern Ireland.
    assert state.chase_on == date(2026, 6, 25)
    assert state.close_on == date(2026, 8, 10)
    assert (state.chase_due, state.close_proposed) == (False, False)


def test_an_agreement_may_say_otherwise(office: Office) -> None:
    text = office.entry.agreements.get("law-enforcement-tracing").text
    rule = '[waiting]\nchase_after = 2\nclose_after = 5\nsource = "The procedure, paragraph 9"\n\n[retention]'
    agreement = decode(text.replace("[retention]", rule, 1), "own.toml")
    assert (agreement.waiting.chase_after, agreement.waiting.close_after) == (2, 5)
    asked = policy.waiting(
        agreement.waiting,
        date(2026, 6, 10),
        (),
        None,
        office.entry.calendars["uk-any-part"],
        date(2026, 6, 18),
    )
    assert (asked.chase_on, asked.close_on, asked.close_proposed) == (date(2026, 6, 12), date(2026, 6, 18), False)


def test_d18_what_is_due_is_worked_out_when_it_is_read(office: Office) -> None:
    done = returned(office)
    for day, chase_due, close in (
        (date(2026, 6, 24), False, False),
        (date(2026, 6, 25), True, False),
        (date(2026, 8, 10), True, False),
        (date(2026, 8, 11), True, True),
        (date(2026, 6, 11), False, False),
    ):
        page = page_on(office, done, day)
        assert page.waiting is not None
        assert (page.waiting.chase_due, page.waiting.close_proposed) == (chase_due, close), day
        assert page.case.row.state is State.RETURNED


def test_a_reminder_moves_the_next_one_and_a_day_can_be_chosen(office: Office) -> None:
    done = returned(office, chase_on=date(2026, 6, 15))
    assert page_on(office, done, date(2026, 6, 12)).waiting.chase_on == date(2026, 6, 15)  # type: ignore[union-attr]
    desk = later(office.caseworker, date(2026, 6, 16))
    again = waiting.chase(desk, waiting.Chase(**on(done), on=date(2026, 6, 16), note="By telephone."))
    state = case_page(desk, done.case_id).waiting
    assert state is not None
    assert (state.chased, state.chase_on) == ((date(2026, 6, 16),), date(2026, 6, 30))
    assert state.words(date(2026, 6, 16)) == "Asked on 10 June, chased on 16 June. Chase on 30 June"
    waiting.chase(desk, waiting.Chase(**on(again), on=date(2026, 6, 16), next_on=date(2026, 7, 1)))
    state = case_page(desk, done.case_id).waiting
    assert state is not None
    assert state.chase_on == date(2026, 7, 1)


def test_whoever_chases_after_the_time_is_up_gives_more_of_it(office: Office) -> None:
    done = returned(office)
    desk = later(office.caseworker, date(2026, 8, 10))
    waiting.chase(desk, waiting.Chase(**on(done), on=date(2026, 8, 10)))
    assert not page_on(office, done, date(2026, 8, 11)).waiting.close_proposed  # type: ignore[union-attr]
    assert page_on(office, done, date(2026, 8, 24)).waiting.close_proposed  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("day", "next_on", "words"),
    [
        (date(2026, 6, 12), None, "in the future"),
        (date(2026, 6, 9), None, "before they were asked"),
        (date(2026, 6, 10), date(2026, 6, 10), "still to come"),
    ],
)
def test_days_that_cannot_be(office: Office, day: date, next_on: date | None, words: str) -> None:
    done = returned(office)
    with pytest.raises(Invalid, match=words):
        waiting.chase(office.caseworker, waiting.Chase(**on(done), on=day, next_on=next_on))
    with pytest.raises(Invalid, match="a day after"):
        returned(office, chase_on=date(2026, 6, 10))


def test_my_work_says_whom_to_chase_and_what_to_close(office: Office) -> None:
    done = returned(office)

    def row(day: date) -> tuple[str, str, str]:
        groups = my_work(later(office.caseworker, day)).groups
        ((group, one),) = [(one.key, work) for one in groups for work in one.rows if work.row.id == done.case_id]
        return group, one.next_step, one.why

    group, step, why = row(date(2026, 6, 12))
    assert (group, step) == ("waiting", "Waiting for the requester")
    assert why == "Asked on 10 June. Chase on 25 June"
    assert row(date(2026, 6, 25))[:2] == ("chase", "Chase them")
    assert row(date(2026, 8, 11))[:2] == ("chase", "No answer: close it, or chase again")


def test_d25_a_double_click_chases_once(office: Office) -> None:
    done = returned(office)
    command = waiting.Chase(**on(done), on=date(2026, 6, 10))
    assert waiting.chase(office.caseworker, command) == waiting.chase(office.caseworker, command)
    assert len(case_page(office.caseworker, done.case_id).waiting.chased) == 1  # type: ignore[union-attr]


def test_two_windows_do_not_chase_unknown_to_each_other(office: Office) -> None:
    done = returned(office)
    waiting.chase(office.caseworker, waiting.Chase(**on(done), on=date(2026, 6, 10)))
    with pytest.raises(Conflict, match="changed this case"):
        waiting.chase(office.caseworker, waiting.Chase(**on(done), on=date(2026, 6, 10)))


def test_a_case_taken_up_and_returned_again_waits_anew(office: Office) -> None:
    done = returned(office)
    chased = waiting.chase(office.caseworker, waiting.Chase(**on(done), on=date(2026, 6, 10)))
    desk = later(office.caseworker, date(2026, 6, 15))
    up = returning.resume(desk, returning.Dated(**on(chased), on=date(2026, 6, 12)))
    assert case_page(desk, up.case_id).waiting is None
    with pytest.raises(Refused, match="does not let anyone chase"):
        waiting.chase(desk, waiting.Chase(**on(up), on=date(2026, 6, 15)))
    returning.return_to_requester(desk, returning.Dated(**on(up), on=date(2026, 6, 15), reasons="And when?"))
    state = case_page(desk, up.case_id).waiting
    assert state is not None
    assert (state.asked_on, state.chased) == (date(2026, 6, 15), ())


COPY = "INSERT INTO chase (case_id, asked_on, chased_on, next_on, note, recorded_by, recorded_at) VALUES"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE chase SET chased_on = NULL",
        "DELETE FROM chase",
        "INSERT OR REPLACE INTO chase SELECT * FROM chase",
        f"{COPY} (2, '2026-06-10', '2026-06-10', '2026-06-20', '', 1, '2026-06-10T09:00:00.000000Z')",
        f"{COPY} (1, '2026-06-10', '2026-06-10', '2026-06-10', '', 1, '2026-06-10T09:00:00.000000Z')",
    ],
)
def test_d19_reminders_are_append_only_and_of_returned_cases(office: Office, sql: str) -> None:
    done = returned(office)
    office.register()
    waiting.chase(office.caseworker, waiting.Chase(**on(done), on=date(2026, 6, 10)))
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        tx.execute(text(sql))
