"""Which cases are linked to which, and how. The rules of it are the database's (``db.migrations.guards_links``)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CTE, Column, Connection, Integer, bindparam, insert, literal, or_, select, update

from db.records import Outcome, Relation, State
from db.schema import cases, decision
from db.schema_links import relation

_STANDS = relation.c.unlinked_at.is_(None)


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """A case that is linked to another one, as seen from that other one."""

    case_id: int
    reference: str
    agreement_id: str
    requester: str
    state: State
    outcome: Outcome | None
    kind: Relation
    leads: bool
    """True where this is the leading case, the earlier one, or the one that the request was split from."""
    linked_at: datetime


def add_relation(tx: Connection, case_id: int, other_id: int, kind: Relation, by: int, at: datetime) -> None:
    """Links a case to another: a duplicate to its leading case, a follow-up to the earlier one."""
    tx.execute(insert(relation).values(case_id=case_id, other_id=other_id, kind=kind.value, linked_by=by, linked_at=at))


def end_relation(tx: Connection, case_id: int, other_id: int, by: int, at: datetime) -> bool:
    """Ends the link of two cases, whichever way it runs; False where there is none."""
    pair = or_(
        (relation.c.case_id == case_id) & (relation.c.other_id == other_id),
        (relation.c.case_id == other_id) & (relation.c.other_id == case_id),
    )
    done = tx.execute(update(relation).where(pair, _STANDS).values(unlinked_by=by, unlinked_at=at))
    return bool(done.rowcount)


def linked_to(tx: Connection, case_id: int) -> tuple[LinkedCase, ...]:
    """The cases that one is linked to: leading case, chain and request first, in the order of their references."""
    found = [
        *_side(tx, relation.c.case_id == case_id, leads=True),
        *_side(tx, relation.c.other_id == case_id, leads=False),
    ]
    order = list(Relation)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), not one.leads, one.case_id)))


def _side(tx: Connection, where: object, *, leads: bool) -> list[LinkedCase]:
    other = relation.c.other_id if leads else relation.c.case_id
    query = (
        select(cases, relation.c.kind.label("relation_kind"), relation.c.linked_at)
        .join_from(relation, cases, cases.c.id == other)
        .where(where, _STANDS)  # type: ignore[arg-type]
    )
    return [
        LinkedCase(
            case_id=row.id,
            reference=row.reference,
            agreement_id=row.agreement_id,
            requester=row.requester,
            state=State(row.state),
            outcome=Outcome(row.outcome) if row.outcome else None,
            kind=Relation(row.relation_kind),
            leads=leads,
            linked_at=row.linked_at,
        )
        for row in tx.execute(query)
    ]


def _chain(to: Column[int], back: Column[int]) -> CTE:
    """The follow-ups from the case `of` on, from one end of each to the other, with how far off each is."""
    found = select(bindparam("of", type_=Integer).label("id"), literal(0).label("depth")).cte("chain", recursive=True)
    return found.union_all(
        select(to, found.c.depth + 1)
        .join_from(relation, found, back == found.c.id)
        .where(_STANDS, relation.c.kind == Relation.FOLLOW_UP.value)
    )


_back, _onward = _chain(relation.c.other_id, relation.c.case_id), _chain(relation.c.case_id, relation.c.other_id)
_EARLIER = select(_back.c.id).where(_back.c.depth > 0).order_by(_back.c.depth)
_LATER = (
    select(_onward.c.id, cases.c.reference)
    .join_from(_onward, cases, cases.c.id == _onward.c.id)
    .order_by(_onward.c.depth, _onward.c.id)
)


def earlier_ids(tx: Connection, case_id: int) -> tuple[int, ...]:
    """The chain of requests that a case follows up, the latest first."""
    return tuple(tx.execute(_EARLIER, {"of": case_id}).scalars())


def chain_of(tx: Connection, case_id: int) -> tuple[tuple[int, str], ...]:
    """The follow-ups that a case is part of, from the first request on: ids and references. Empty for none."""
    first = (case_id, *earlier_ids(tx, case_id))[-1]
    rows = tx.execute(_LATER, {"of": first}).all()
    return tuple((row.id, row.reference) for row in rows) if len(rows) > 1 else ()


def following(tx: Connection, ids: Collection[int], decided_by: int) -> tuple[int, ...]:
    """Which of these cases follow up one in which this person decided something."""
    query = (
        select(relation.c.case_id)
        .join(decision, decision.c.case_id == relation.c.other_id)
        .where(
            relation.c.case_id.in_(list(ids)),
            relation.c.kind == Relation.FOLLOW_UP.value,
            _STANDS,
            decision.c.decided_by == decided_by,
        )
        .distinct()
    )
    return tuple(tx.execute(query).scalars())
