"""Requests that come on hold, or go off it, because their agreement was suspended on the day of receipt or was not."""

from __future__ import annotations

from datetime import datetime

from db.journal import append
from db.records import Action, Case, Heading, State
from db.store import Tx
from desktop.casework.desk import Desk
from desktop.casework.projection import Projection


def by_receipt(state: State, case: Case, row: Projection) -> State:
    """Held or not, where the corrected date of receipt says so."""
    if row.received_on == case.row.received_on:
        return state
    return by_agreement(state, row)


def by_agreement(state: State, row: Projection) -> State:
    """Held or not, as the agreement says of the date of receipt."""
    if row.suspended:
        return State.HELD
    return State.DRAFT if state is State.HELD else state


def tell_hold(desk: Desk, tx: Tx, now: datetime, case: Case, state: State) -> None:
    """Journals that a case comes on hold or goes off it, if it does: what was held on a day is counted from there. What
    made it so is journalled before.
    """
    if State.HELD not in (case.row.state, state) or case.row.state is state:
        return
    append(
        tx,
        at=now,
        actor_id=desk.user.id,
        action="put_on_hold" if state is State.HELD else Action.TAKE_OFF_HOLD.value,
        heading=Heading.ALTERATION,
        case_id=case.row.id,
    )
