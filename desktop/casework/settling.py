"""That a debt was settled: told by somebody after the case was closed, and what its timer runs from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from db import timers
from db.records import Action, Heading, Json
from db.store import Tx
from desktop.casework.desk import Desk, Done, Invalid, OnCase, Refused, act, case_for
from desktop.casework.requests import move
from desktop.casework.timers import note_event
from desktop.policy.fields import Problem

SETTLED = "debt_settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle(OnCase):
    """The debt was settled on this day: paid, written off, or no longer owed."""

    on: date


def why_not_settle(tx: Tx, case_id: int) -> str:
    """Why nobody records that the debt of a closed case was settled; "" where its timer is started by that."""
    found = timers.pinned_rule(tx, case_id)
    if found is None or found[0] != SETTLED:
        return "The timer of this case does not wait for a debt to be settled."
    return ""


def settle(desk: Desk, command: Settle) -> Done:
    """Records the day on which a debt was settled: its timer runs from then. A later record puts an earlier right."""

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.SETTLE)
        if why := why_not_settle(tx, case.row.id):
            raise Refused(why)
        if command.on > desk.today():
            raise Invalid((Problem("on", "This day is in the future.", hard=True),))
        if case.row.received_on is not None and command.on < case.row.received_on:
            raise Invalid((Problem("on", "This day is before the debt was reported. Check it.", hard=True),))
        data: dict[str, Json] = {"on": command.on.isoformat()}
        done = move(desk, tx, case, Action.SETTLE, now, {}, heading=Heading.ALTERATION, data=data)
        note_event(desk, tx, case.row.id, SETTLED, command.on, now)
        return done

    return act(desk, command.command_id, "settle", body)
