"""Waiting for a requester: reminding them, and how a case stands that waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from db import chases
from db.records import Action, Case, Heading, State
from db.store import Tx
from desktop.casework.bound import bound
from desktop.casework.desk import Desk, Done, Invalid, OnCase, act, case_for
from desktop.casework.requests import agreement_of, move
from desktop.policy.agreements import Agreement
from desktop.policy.fields import Problem, check_text
from desktop.policy.waiting import Waiting, next_chase, waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Chase(OnCase):
    """That the requester was reminded on a day outside, and when to do it next."""

    on: date
    next_on: date | None = None
    """None for as many working days later as the agreement says."""
    note: str = ""


def chase(desk: Desk, command: Chase) -> Done:
    """Records a reminder. The case goes on waiting; its clock stays as it is."""

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.CHASE)
        agreement = agreement_of(desk, tx, case)
        asked_on = case.pauses[-1].since
        if command.on > desk.today():
            raise Invalid((Problem("on", "This day is in the future.", hard=True),))
        if command.on < asked_on:
            raise Invalid((Problem("on", "This is before they were asked. Check the date.", hard=True),))
        if unsafe := check_text("note", command.note):
            raise Invalid(unsafe)
        next_on = command.next_on or next_chase(agreement.waiting, command.on, desk.calendars[agreement.clock.calendar])
        _check_next(next_on, command.on, desk.today())
        data = {
            "on": command.on.isoformat(),
            "next": next_on.isoformat(),
            **bound(tx, case.row.id, {"note": command.note}),
        }
        done = move(desk, tx, case, Action.CHASE, now, {}, heading=Heading.ALTERATION, data=data)
        kept = {"asked_on": asked_on, "chased_on": command.on, "next_on": next_on, "note": command.note.strip()}
        chases.add_chase(tx, case.row.id, kept, desk.user.id, now)
        return done

    return act(desk, command.command_id, "chase", body)


def waiting_of(desk: Desk, tx: Tx, case: Case, agreement: Agreement) -> Waiting | None:
    """How a returned case stands today; None where nothing is asked of the requester."""
    if case.row.state is not State.RETURNED:
        return None
    return waiting_in(desk, tx, {case.row.id: agreement}).get(case.row.id)


def waiting_in(desk: Desk, tx: Tx, agreements: dict[int, Agreement]) -> dict[int, Waiting]:
    """How those of these cases (id to its agreement) stand today that wait for their requester."""
    found = {}
    for case_id, (asked_on, done) in chases.chases_of(tx, list(agreements)).items():
        agreement = agreements[case_id]
        chased = tuple(one.chased_on for one in done if one.chased_on is not None)
        planned = done[-1].next_on if done else None
        calendar = desk.calendars[agreement.clock.calendar]
        found[case_id] = waiting(agreement.waiting, asked_on, chased, planned, calendar, desk.today())
    return found


def _check_next(next_on: date, after: date, today: date) -> None:
    if next_on <= max(after, today):
        raise Invalid((Problem("next_on", "Give a day that is still to come.", hard=True),))
