"""What a rejection may rest on, and that nothing is submitted without its clock."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from db.casereads import load_case
from db.records import Json, Outcome, State
from desktop.casework import decisions, outcomes
from desktop.casework.desk import Done, Invalid
from desktop.casework.sample import MovingClock
from tests.fixtures import Office, on

NOT_MET: dict[str, Any] = {"answer": "not_met", "reasons": "No.", "evidence": []}


def on_day(day: date) -> Json:
    return {"day": str(day.day), "month": str(day.month), "year": str(day.year)}


def reject(office: Office, done: Done, **more: Any) -> Done:
    return decisions.reject(office.reviewer, office.decide(done, reasons="No.", because_of=("authorised",), **more))


def test_a_rejection_rests_on_nothing_that_is_held_to_be_met(office: Office) -> None:
    met = office.submit(office.register())
    with pytest.raises(Invalid, match="is met, and you did not disagree"):
        reject(office, met)
    command = office.decide(met, reasons="No.", because_of=("authorised",))
    views = {**command.views, "authorised": {"view": "disagree", "note": "The countersigner is of no rank."}}
    assert reject(office, met, views=views).state is State.REJECTED
    failed = office.submit(office.register(person=1, criteria__authorised=NOT_MET))
    assert reject(office, failed).state is State.REJECTED


def test_a_day_that_was_to_come_when_it_was_typed_has_its_clock_at_submission(office: Office) -> None:
    done = office.register(received=date(2026, 6, 1))
    later = office.caseworker.today() + timedelta(days=8)
    done = office.save(done, received__on=on_day(later))
    clock = office.entry.clock
    assert isinstance(clock, MovingClock)
    with pytest.raises(Invalid):
        office.submit(done)
    clock.at += timedelta(days=10)
    done = office.submit(done)
    with office.entry.store.read() as tx:
        row = load_case(tx, done.case_id).row
    assert (row.received_on, row.state) == (later, State.SUBMITTED)
    assert row.due_on is not None
    assert row.due_on > later


@pytest.mark.parametrize("recorded_on", ["31 December 9999", "1 January 1066", "2031"])
def test_nothing_was_recorded_in_a_year_that_cannot_be(office: Office, recorded_on: str) -> None:
    done = office.approve(office.submit(office.register()))
    values = {"address": {"value": "27 Ropewalk Court\nWestmere WM4 8RD", "recorded_on": recorded_on}}
    command = outcomes.Record(**on(done), outcome=Outcome.TRACED, matched=("name", "born", "address"), values=values)
    with pytest.raises(Invalid, match="Check the year"):
        outcomes.record(office.caseworker, command)
