"""What moves the due date of a case: its pauses, what was asked for, and its extensions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, insert, select

from db.records import Extension, Pause
from db.schema import pause, user
from db.schema_clocks import asking, extension


def open_pause(tx: Connection, case_id: int, one: Pause) -> None:
    """Stops the clock from a day on."""
    values = {"case_id": case_id, "since": one.since, "until": None, "reason": one.reason}
    pause_id = tx.execute(insert(pause).values(values).returning(pause.c.id)).scalar_one()
    if one.ask:
        tx.execute(insert(asking).values(pause_id=pause_id, ask=one.ask, restarts=one.restarts))


def pauses_of(tx: Connection, case_id: int) -> tuple[Pause, ...]:
    """The pauses of a case, in order."""
    query = (
        select(pause.c.since, pause.c.until, pause.c.reason, asking.c.ask, asking.c.restarts)
        .join_from(pause, asking, asking.c.pause_id == pause.c.id, isouter=True)
        .where(pause.c.case_id == case_id)
        .order_by(pause.c.since, pause.c.id)
    )
    return tuple(
        Pause(row.since, row.until, row.reason, row.ask or "", restarts=bool(row.restarts)) for row in tx.execute(query)
    )


def add_extension(tx: Connection, case_id: int, one: Extension, by: int, at: datetime) -> None:
    """Keeps an extension. Nothing changes it after."""
    values: dict[str, int | str | date] = {
        "length": one.length,
        "because": one.because,
        "told_on": one.told_on,
        "note": one.note,
    }
    tx.execute(insert(extension).values(case_id=case_id, extended_by=by, extended_at=at, **values))


def extensions_of(tx: Connection, case_id: int) -> tuple[Extension, ...]:
    """The extensions of a case, in order."""
    query = (
        select(extension, user.c.name)
        .join_from(extension, user, user.c.id == extension.c.extended_by)
        .where(extension.c.case_id == case_id)
        .order_by(extension.c.id)
    )
    return tuple(Extension(row.length, row.told_on, row.because, row.note, row.name) for row in tx.execute(query))
