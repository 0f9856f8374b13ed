"""What stays of a destroyed case: enough to answer for it, and nothing of whom it was about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from db import journal, stubs
from db.casereads import load_case
from db.records import Action, CaseRow, State
from db.store import Tx
from db.stubs import Ended
from desktop.casework.desk import Desk, Refused

__all__ = ["Ended", "IsDestroyed", "Stub", "need_whole"]

_DECIDING = {Action.APPROVE: "Approved", Action.REFUSE: "Refused", Action.REJECT: "Rejected"}


@dataclass(frozen=True, slots=True)
class Stub:
    """A destroyed case: its row, how it was decided, and the run that it went in."""

    row: CaseRow
    closed_on: date | None
    agreement: str
    decided: tuple[tuple[str, str, datetime], ...]
    """What was decided, by whom and when; the last first."""
    letters: tuple[int, ...]
    """The numbers of its letters."""
    ended: Ended | None
    entries: int
    """How many entries the journal has of it."""


class IsDestroyed(Refused):
    """A case that was asked for is destroyed: its stub can be shown."""

    def __init__(self, stub: Stub) -> None:
        super().__init__(f"{stub.row.reference} was destroyed. Its stub says when, by which rule and by whom.")
        self.stub = stub


def need_whole(desk: Desk, tx: Tx, row: CaseRow) -> None:
    """Raises IsDestroyed for a case of which only the stub is left."""
    if row.state is State.DESTROYED:
        raise IsDestroyed(_stub(desk, tx, row.id))


def _stub(desk: Desk, tx: Tx, case_id: int) -> Stub:
    case = load_case(tx, case_id)
    known = desk.agreements
    title = known.get(case.row.agreement_id).title if known.has(case.row.agreement_id) else case.row.agreement_id
    decided = tuple(
        (_DECIDING[one.action], one.decided_by_name, one.decided_at)
        for one in reversed(case.decisions)
        if one.action in _DECIDING and not one.void
    )
    return Stub(
        row=case.row,
        closed_on=stubs.closed_on(tx, case_id),
        agreement=title,
        decided=decided,
        letters=tuple(one.number for one in case.letters),
        ended=stubs.ended(tx, case_id),
        entries=journal.count_of(tx, case_id),
    )
