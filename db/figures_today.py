"""What is open at the desk, what came in lately, and what was answered lately."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from db.records import Outcome, State
from db.schema import cases, user


@dataclass(frozen=True, slots=True)
class Open:
    """An open request."""

    id: int
    agreement_id: str
    state: State
    outcome: Outcome | None
    received_on: date | None
    due_on: date | None
    caseworker_id: int


@dataclass(frozen=True, slots=True)
class Dated:
    """A request that was received or answered on a day."""

    id: int
    agreement_id: str
    caseworker_id: int
    on: date


def open_requests(tx: Connection, states: Collection[State]) -> tuple[Open, ...]:
    """Every request in these states."""
    row = cases.c
    query = select(
        row.id, row.agreement_id, row.state, row.outcome, row.received_on, row.due_on, row.caseworker_id
    ).where(row.state.in_([state.value for state in states]))
    return tuple(
        Open(
            one.id,
            one.agreement_id,
            State(one.state),
            Outcome(one.outcome) if one.outcome else None,
            one.received_on,
            one.due_on,
            one.caseworker_id,
        )
        for one in tx.execute(query)
    )


def received_since(tx: Connection, since: date) -> Iterator[Dated]:
    """Every request that was received on this day or later."""
    row = cases.c
    query = select(row.id, row.agreement_id, row.caseworker_id, row.received_on).where(row.received_on >= since)
    yield from (Dated(*one) for one in tx.execute(query))


def answered_since(tx: Connection, since: date) -> Iterator[Dated]:
    """Every request that was answered on this day or later, however; none that was withdrawn."""
    row = cases.c
    query = select(row.id, row.agreement_id, row.caseworker_id, row.closed_on).where(
        row.closed_on >= since, row.outcome != Outcome.WITHDRAWN.value
    )
    yield from (Dated(*one) for one in tx.execute(query))


def names_of(tx: Connection) -> dict[int, str]:
    """Everybody's name by their id."""
    return {one.id: one.name for one in tx.execute(select(user.c.id, user.c.name))}
