"""That two cases were put together, as the journal of both tells it."""

from __future__ import annotations

from datetime import datetime

from db import relations
from db.journal import append
from db.records import CaseRow, Heading, Relation
from db.store import Tx
from desktop.casework.desk import Desk


def journal_both(desk: Desk, tx: Tx, now: datetime, action: str, case: CaseRow, other: CaseRow) -> None:
    """One entry in each history, naming the other case; the second one's action ends in "_from"."""
    for one, beside, suffix in ((case, other, ""), (other, case, "_from")):
        append(
            tx,
            at=now,
            actor_id=desk.user.id,
            action=f"{action}{suffix}",
            heading=Heading.COMBINATION,
            case_id=one.id,
            data={"other": beside.reference},
        )


def relate(desk: Desk, tx: Tx, now: datetime, case: CaseRow, others: tuple[CaseRow, ...]) -> None:
    """Links a case to others that it is about, where it is not linked to them already."""
    linked = {one.case_id for one in relations.linked_to(tx, case.id)}
    for other in others:
        if other.id not in linked:
            journal_both(desk, tx, now, f"link_{Relation.RELATED.value}", case, other)
            relations.add_relation(tx, case.id, other.id, Relation.RELATED, desk.user.id, now)
