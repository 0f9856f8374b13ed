"""Returning a request to whoever made it, and taking it up again when the answer has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from db import casefile, chases, clocks
from db.casereads import load_case
from db.records import Action, Case, Json, Pause
from db.store import Tx
from desktop.casework.bound import bound
from desktop.casework.desk import Desk, Done, Invalid, OnCase, act, case_for, need_reasons
from desktop.casework.projection import Projection, project
from desktop.casework.requests import agreement_of, move
from desktop.policy.agreements import Ask
from desktop.policy.fields import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(OnCase):
    """A step with a day on which it happened outside, and its reasons."""

    on: date
    reasons: str = ""
    chase_on: date | None = None
    """When a case is returned: the day of the first reminder, or None for the agreement's."""
    ask: str = ""
    """When a case is returned: what was asked for, where the agreement tells several things apart."""


def return_to_requester(desk: Desk, command: Dated) -> Done:
    """Asks the requester for what is missing. The clock stops from the day after `on`."""

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.RETURN)
        agreement = agreement_of(desk, tx, case)
        ask = agreement.clock.ask(command.ask)
        if ask is None and (agreement.clock.asks or command.ask):
            raise Invalid((Problem("ask", "Choose what you asked them for.", hard=True),))
        reasons = need_reasons(command.reasons, "returning it")
        earliest = max([case.row.received_on or command.on, *(one.until for one in case.pauses if one.until)])
        _check_day(command.on, earliest, desk.today())
        clocks.open_pause(tx, case.row.id, pause_for(command.on, reasons, ask))
        data = {**bound(tx, case.row.id, {"reasons": reasons}), **({"ask": ask.id} if ask else {})}
        row = _projected(desk, tx, case)
        done = move(desk, tx, case, Action.RETURN, now, _owed(row), data=data)
        if (chase_on := command.chase_on) is not None:
            if chase_on <= command.on:
                raise Invalid((Problem("chase_on", "Give a day after the one on which you asked.", hard=True),))
            first = {"asked_on": command.on, "chased_on": None, "next_on": chase_on, "note": ""}
            chases.add_chase(tx, case.row.id, first, desk.user.id, now)
        return done

    return act(desk, command.command_id, "return", body)


def resume(desk: Desk, command: Dated) -> Done:
    """Takes the request up again: the requester answered on `on`, which is day 0 where the answer restarts the clock.

    Otherwise the clock counts on from the day after.
    """

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.RESUME)
        _check_day(command.on, case.pauses[-1].since, desk.today())
        casefile.close_pause(tx, case.row.id, command.on)
        row = _projected(desk, tx, case)
        data: dict[str, Json] = {"on": command.on.isoformat(), "restarts": case.pauses[-1].restarts}
        if row.due_on is not None:
            data["due"] = row.due_on.isoformat()
        return move(desk, tx, case, Action.RESUME, now, _owed(row), data=data)

    return act(desk, command.command_id, "resume", body)


def pause_for(since: date, reasons: str, ask: Ask | None) -> Pause:
    """The pause that begins when something is asked for."""
    if ask is None:
        return Pause(since, None, reasons)
    return Pause(since, None, reasons, ask.id, restarts=ask.on_answer == "restart")


def _projected(desk: Desk, tx: Tx, before: Case) -> Projection:
    case = load_case(tx, before.row.id)
    agreement = agreement_of(desk, tx, case)
    return project(agreement, case.answers, desk.calendars, case.pauses, case.extensions)


def _owed(row: Projection) -> dict[str, object]:
    return {"due_on": row.due_on, "provisional": row.provisional}


def _check_day(on: date, earliest: date, today: date) -> None:
    if on > today:
        raise Invalid((Problem("on", "This day is in the future.", hard=True),))
    if on < earliest:
        raise Invalid((Problem("on", "This day is before the clock could stop or start. Check the date.", hard=True),))
