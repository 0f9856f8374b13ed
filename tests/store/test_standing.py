"""How timers stand: on hold, on a run that waits, kept longer, or merely running."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from db.records import Role
from desktop.casework import disposal
from desktop.casework.desk import Refused
from desktop.casework.disposal import DecideRun, Retain, TakeOff
from desktop.casework.holds import DecideRelease, PlaceHold, ProposeRelease, decide_release, place_hold, propose_release
from desktop.casework.standing import standings
from tests.fixtures import Office
from tests.store.disposing import approved, behind_guards, many_closed, proposed


def hold(office: Office, reference: str) -> int:
    review = office.entry.today() + timedelta(days=30)
    command = PlaceHold(case=reference, authority="The court’s order", because="It may be needed.", review_on=review)
    return place_hold(office.officers[0], command).number


def test_each_standing_is_what_was_decided_last(office: Office) -> None:
    plain, kept, waits, taken, both = many_closed(office, 5)
    ids = [one.case_id for one in (plain, kept, waits, taken, both)]
    officer = office.officers[0]
    assert standings(officer, ids) == {}
    later = office.entry.today() + timedelta(days=400)
    disposal.retain(officer, Retain(case_ids=(kept.case_id,), review_on=later, because="An appeal may follow."))
    run = approved(office, waits, taken)
    disposal.take_off(officer, TakeOff(run_id=run, case_id=taken.case_id, why="A complaint came in."))
    proposed(office, both)
    number = hold(office, "TR-000005-0")
    assert standings(officer, ids) == {kept.case_id: "retained", waits.case_id: "proposed", both.case_id: "held"}
    assert standings(officer, [waits.case_id]) == {waits.case_id: "proposed"}
    propose_release(officer, ProposeRelease(hold_id=number, because="It is over."))
    decide_release(office.guardian, DecideRelease(hold_id=number, release=True, because="It is."))
    assert standings(officer, ids)[both.case_id] == "proposed"
    disposal.decide_run(office.officers[1], DecideRun(run_id=run + 1, approved=False, reasons="Not yet."))
    assert both.case_id not in standings(officer, ids)


def test_only_those_who_see_retention_ask(office: Office) -> None:
    for role in (Role.CASEWORKER, Role.REVIEWER):
        with pytest.raises(Refused):
            standings(office.desk(role), [1])


def test_a_body_is_on_hold_however_its_name_is_written(office: Office) -> None:
    (done,) = many_closed(office, 1)
    officer = office.officers[0]
    with office.entry.store.read() as tx:
        name = tx.execute(text("SELECT requester FROM cases WHERE id = :id"), {"id": done.case_id}).scalar_one()
    review = officer.today() + timedelta(days=30)
    command = PlaceHold(requester=name.upper().replace(" ", "  "), authority="An order", because="x", review_on=review)
    place_hold(officer, command)
    assert [one.kept_by for one in disposal.candidates(officer)] == [("held",)]
    assert standings(officer, [done.case_id]) == {done.case_id: "held"}


def test_a_case_whose_day_was_taken_away_is_on_hold_by_whoever_asked_and_not_by_days(office: Office) -> None:
    (done,) = many_closed(office, 1)
    behind_guards(office, "cases", "UPDATE cases SET received_on = NULL")
    officer = office.officers[0]
    more: dict[str, Any] = {"authority": "An order", "because": "x", "review_on": officer.today() + timedelta(days=30)}
    place_hold(officer, PlaceHold(received_from=date(2020, 1, 1), received_to=officer.today(), **more))
    assert standings(officer, [done.case_id]) == {}
    place_hold(officer, PlaceHold(requester="Northshire Police", **more))
    assert standings(officer, [done.case_id]) == {done.case_id: "held"}
