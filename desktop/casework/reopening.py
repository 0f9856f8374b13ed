"""Taking a withdrawal back: the request goes on as a draft, its timer goes, and the next closing starts another. A day
until which a records officer kept it is the earliest of the next one too.

What was answered stays answered: who asks again about that makes a request that follows it up.
"""

from __future__ import annotations

from datetime import datetime

from db import casefile, disposal, relations, timers
from db import reasons as given
from db.casereads import load_case
from db.journal import append
from db.records import Action, Case, Heading, Json, State
from db.reopened import withdrawn_held
from db.store import Tx
from desktop.casework.bound import bound
from desktop.casework.concerns import spread_over_person
from desktop.casework.desk import Desk, Done, Refused, act, case_for, need_reasons, touched
from desktop.casework.links import leading_of
from desktop.casework.projection import project
from desktop.casework.requests import WithReasons, agreement_of
from desktop.policy.agreements import Agreement
from desktop.policy.life import TABLE

_ANEW = "If the requester asks again, register it as a new request."


def why_not_reopen(desk: Desk, tx: Tx, agreement: Agreement, case: Case) -> str:
    """Why a withdrawn case stays closed; "" where the withdrawal can be taken back. The database holds the same, but
    for what was suspended since.
    """
    leading = leading_of(relations.linked_to(tx, case.row.id))
    if case.row.received_on is None:
        why = "It was withdrawn before the day of its receipt was written down. " + _ANEW
    elif withdrawn_held(tx, case.row.id) or project(agreement, case.answers, desk.calendars, ()).suspended:
        why = "Its agreement was suspended when it was received. " + _ANEW
    elif leading is not None:
        why = f"It is a duplicate of {leading.reference}. Unlink it first."
    elif disposal.run_of(tx, case.row.id) is not None:
        why = "It is on a disposal run. " + _ANEW
    elif timers.was_rebased(tx, case.row.id):
        why = "Its timer was given a new rule since. " + _ANEW
    else:
        why = ""
    return why


def reopen(desk: Desk, command: WithReasons) -> Done:
    """Takes a withdrawal back: a draft again, whose clock ran on. Where it stood still because the requester was asked
    for something, it counts on from the day after this one.
    """

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.REOPEN)
        agreement = agreement_of(desk, tx, case)
        if why := why_not_reopen(desk, tx, agreement, case):
            raise Refused(why)
        reasons = need_reasons(command.reasons, "reopening it")
        casefile.close_pause(tx, case.row.id, desk.today())
        paused = load_case(tx, case.row.id).pauses
        row = project(agreement, case.answers, desk.calendars, paused, case.extensions)
        data: dict[str, Json] = {**bound(tx, case.row.id, {"reasons": reasons})}
        if row.due_on is not None:
            data["due"] = row.due_on.isoformat()
        append(
            tx,
            at=now,
            actor_id=desk.user.id,
            action=Action.REOPEN.value,
            heading=Heading.DECISION,
            case_id=case.row.id,
            data=data,
        )
        given.give(tx, case.row.id, reasons)
        state = TABLE[State.WITHDRAWN, Action.REOPEN].to
        values = {"outcome": None, "closed_on": None, "due_on": row.due_on, "provisional": row.provisional}
        changed = {"state": state.value, **touched(desk, now), **values}
        version = casefile.update_case(tx, case.row.id, case.row.version, changed)
        timers.cancel(tx, case.row.id)
        spread_over_person(desk, tx, case.row.id, now)
        return Done(case.row.id, version, state, row.due_on)

    return act(desk, command.command_id, "reopen", body)
