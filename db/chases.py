"""How a requester who was asked for more is reminded."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from db.schema import cases, pause, user
from db.schema_links import chase


@dataclass(frozen=True, slots=True)
class Chase:
    """That the requester was reminded (or, without ``chased_on``, when to do so first), and when to do it next."""

    asked_on: date
    chased_on: date | None
    next_on: date
    note: str
    recorded_by_name: str


def add_chase(tx: Connection, case_id: int, values: Mapping[str, Any], by: int, at: datetime) -> None:
    """Keeps a reminder, or (without ``chased_on``) the day of the first one. Nothing changes it after."""
    tx.execute(insert(chase).values(case_id=case_id, recorded_by=by, recorded_at=at, **values))


def chases_of(tx: Connection, ids: Collection[int]) -> dict[int, tuple[date, tuple[Chase, ...]]]:
    """For each of these cases that waits for its requester: the day on which it was last asked, and what was done."""
    asked = (
        select(pause.c.case_id, pause.c.since)
        .join_from(pause, cases, cases.c.id == pause.c.case_id)
        .where(pause.c.case_id.in_(list(ids)), pause.c.until.is_(None), cases.c.state == "returned")
        .order_by(pause.c.id)
    )
    since = {row.case_id: row.since for row in tx.execute(asked)}
    found: dict[int, tuple[date, tuple[Chase, ...]]] = {case_id: (on, ()) for case_id, on in since.items()}
    query = (
        select(chase, user.c.name)
        .join_from(chase, user, user.c.id == chase.c.recorded_by)
        .where(chase.c.case_id.in_(list(since)))
        .order_by(chase.c.id)
    )
    for row in tx.execute(query):
        on, before = found[row.case_id]
        if row.asked_on == on:
            one = Chase(row.asked_on, row.chased_on, row.next_on, row.note, row.name)
            found[row.case_id] = (on, (*before, one))
    return found
