"""The bank holidays in force, and the open cases whose due dates they move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from db.records import State
from db.schema import cases, user
from db.schema_calendars import calendar

_CLOSED = [one.value for one in (State.ISSUED, State.WITHDRAWN, State.DESTROYED)]


@dataclass(frozen=True, slots=True)
class StoredCalendar:
    """One file of bank holidays, and who put it in force."""

    id: int
    text: str
    hash: str
    source: str
    first_known: date
    last_known: date
    replaced_by: str
    replaced_at: datetime


def add_calendar(tx: Connection, values: Mapping[str, Any]) -> int:
    """Puts a calendar in force; returns its number."""
    return int(tx.execute(insert(calendar).values(**values)).lastrowid)


_NEWEST_SINCE = (
    select(calendar, user.c.name)
    .join_from(calendar, user, user.c.id == calendar.c.replaced_by)
    .where(calendar.c.id > bindparam("last"))
    .order_by(calendar.c.id.desc())
    .limit(1)
)


def newest_since(tx: Connection, last: int) -> StoredCalendar | None:
    """The calendar in force, where it came after the one numbered `last`."""
    row = tx.execute(_NEWEST_SINCE, {"last": last}).first()
    if row is None:
        return None
    return StoredCalendar(
        row.id, row.text, row.hash, row.source, row.first_known, row.last_known, row.name, row.replaced_at
    )


def open_with_due_date(tx: Connection) -> tuple[int, ...]:
    """The open cases whose clock runs or waits, in the order of their references."""
    query = select(cases.c.id).where(cases.c.state.not_in(_CLOSED), cases.c.due_on.is_not(None)).order_by(cases.c.id)
    return tuple(tx.execute(query).scalars())
