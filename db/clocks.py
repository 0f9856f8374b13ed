"""What moves the due date of a case: its pauses, what was asked for, and its extensions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select

from db.records import Extension, Pause
from db.schema import cases, pause, user
from db.schema_clocks import asking, extension


@dataclass(frozen=True, slots=True)
class Clocked:
    """What a case's dates are counted from, beside its row."""

    agreement_hash: str
    """Of the agreement's text that the case is pinned to."""
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()

    @property
    def stopped(self) -> bool:
        """Whether a pause has not ended."""
        return any(one.until is None for one in self.pauses)


def clocks_of(tx: Connection, ids: Collection[int]) -> dict[int, Clocked]:
    """What the dates of these cases are counted from: three questions, however many cases there are."""
    wanted = list(ids)
    pinned = select(cases.c.id, cases.c.agreement_hash).where(cases.c.id.in_(wanted))
    pauses, extensions = _pauses_in(tx, wanted), _extensions_in(tx, wanted)
    return {
        row.id: Clocked(row.agreement_hash, pauses.get(row.id, ()), extensions.get(row.id, ()))
        for row in tx.execute(pinned)
    }


def open_pause(tx: Connection, case_id: int, one: Pause) -> None:
    """Stops the clock from a day on."""
    values = {"case_id": case_id, "since": one.since, "until": None, "reason": one.reason}
    pause_id = tx.execute(insert(pause).values(values).returning(pause.c.id)).scalar_one()
    if one.ask:
        tx.execute(insert(asking).values(pause_id=pause_id, ask=one.ask, restarts=one.restarts))


def pauses_of(tx: Connection, case_id: int) -> tuple[Pause, ...]:
    """The pauses of a case, in order."""
    return _pauses_in(tx, [case_id]).get(case_id, ())


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
    return _extensions_in(tx, [case_id]).get(case_id, ())


def _pauses_in(tx: Connection, ids: Sequence[int]) -> dict[int, tuple[Pause, ...]]:
    query = (
        select(pause.c.case_id, pause.c.since, pause.c.until, pause.c.reason, asking.c.ask, asking.c.restarts)
        .join_from(pause, asking, asking.c.pause_id == pause.c.id, isouter=True)
        .where(pause.c.case_id.in_(ids))
        .order_by(pause.c.since, pause.c.id)
    )
    found: dict[int, tuple[Pause, ...]] = {}
    for row in tx.execute(query):
        one = Pause(row.since, row.until, row.reason, row.ask or "", restarts=bool(row.restarts))
        found[row.case_id] = (*found.get(row.case_id, ()), one)
    return found


def _extensions_in(tx: Connection, ids: Sequence[int]) -> dict[int, tuple[Extension, ...]]:
    query = (
        select(extension, user.c.name)
        .join_from(extension, user, user.c.id == extension.c.extended_by)
        .where(extension.c.case_id.in_(ids))
        .order_by(extension.c.id)
    )
    found: dict[int, tuple[Extension, ...]] = {}
    for row in tx.execute(query):
        one = Extension(row.length, row.told_on, row.because, row.note, row.name)
        found[row.case_id] = (*found.get(row.case_id, ()), one)
    return found
