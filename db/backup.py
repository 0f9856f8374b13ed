"""Whole, encrypted copies of the store, and what is carried over when one is brought back. SQLite alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, select, text

from db import disposal
from db.errors import StoreDamaged, known
from db.journal import append, last_entry
from db.migrations import guards
from db.records import Heading, Json
from db.schema import cases
from db.store import Store

_CARRIED = (
    ("user", "id NOT IN (SELECT id FROM main.user)"),
    ("disposal_run", "id NOT IN (SELECT id FROM main.disposal_run)"),
    ("disposal_item", "case_id IN (SELECT id FROM main.cases)"),
    ("disposal_transfer", "run_id IN (SELECT id FROM main.disposal_run)"),
    ("disposal_verdict", "run_id IN (SELECT id FROM main.disposal_run)"),
    ("transfer_package", "case_id IN (SELECT id FROM main.cases)"),
    ("disposal_result", "case_id IN (SELECT id FROM main.cases)"),
    ("destruction_certificate", "run_id IN (SELECT id FROM main.disposal_run)"),
    (
        "hold",
        (
            "(case_id IS NULL OR case_id IN (SELECT id FROM main.cases))"
            " AND (person_of IS NULL OR person_of IN (SELECT id FROM main.cases))"
        ),
    ),
    ("hold_step", "hold_id IN (SELECT id FROM main.hold)"),
)
"""What is taken from the store that is replaced, and which of its rows: runs, results and holds outlive a restore."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a store or a backup holds, in figures."""

    head: int
    """The number of the journal's last entry."""
    head_hash: str
    last_at: datetime | None
    cases: int
    destroyed: int


def contents(tx: Connection) -> Contents:
    """What this store holds."""
    seq, head = last_entry(tx)
    last = tx.execute(text("SELECT at FROM journal ORDER BY seq DESC LIMIT 1")).scalar()
    count = tx.execute(text("SELECT COUNT(*), COALESCE(SUM(state = 'destroyed'), 0) FROM cases")).one()
    return Contents(seq, head, datetime.fromisoformat(last) if last else None, int(count[0]), int(count[1]))


def destroyed(tx: Connection) -> frozenset[str]:
    """The references of the cases of which only the stub is left."""
    return frozenset(tx.execute(select(cases.c.reference).where(cases.c.state == "destroyed")).scalars())


def last_destroyed(tx: Connection) -> datetime | None:
    """When the last case was destroyed; None where none was."""
    last = tx.execute(text("SELECT MAX(done_at) FROM disposal_result WHERE destroyed")).scalar()
    return datetime.fromisoformat(last) if last else None


def whole(tx: Connection) -> tuple[str, ...]:
    """The references of all others."""
    query = select(cases.c.reference).where(cases.c.state != "destroyed").order_by(cases.c.id)
    return tuple(tx.execute(query).scalars())


def faults_of(store: Store) -> tuple[str, ...]:
    """The pages of an open store that are not as they were written."""
    with store.raw() as raw:
        return tuple(str(row[0]) for row in raw.execute("PRAGMA cipher_integrity_check"))


def write_backup(store: Store, path: Path) -> Contents:
    """Writes a whole copy to `path`, which must not be there, under the store's own key; returns what it holds.

    It is written beside its place, put on the disk, read back and compared, and then takes its name. Raises
    StoreDamaged where what was read back is not sound, or a StoreError or OSError; then nothing is left.
    """
    making = path.with_name(f".making-{path.name}")
    making.unlink(missing_ok=True)
    try:
        with store.raw() as raw:
            raw.execute("VACUUM INTO ?", (str(making),))
            making.chmod(0o600)
            _on_disk(making)
            found = _checked(raw, making)
        making.rename(path)
        _on_disk(path.parent)
    except BaseException as error:
        making.unlink(missing_ok=True)
        if isinstance(error, sqlcipher.DatabaseError) and (ours := known(error, path)):
            raise ours from error
        raise
    return found


def _checked(raw: Any, path: Path) -> Contents:
    """What the copy holds, once every page of it was read and its journal ends as the store's does."""
    raw.execute("ATTACH DATABASE ? AS copy", (str(path),))
    try:
        faults = [row[0] for row in raw.execute("PRAGMA copy.cipher_integrity_check")]
        faults += [row[0] for row in raw.execute("PRAGMA copy.quick_check") if row[0] != "ok"]
        query = "SELECT seq, hash, at FROM {}.journal ORDER BY seq DESC LIMIT 1"
        ours, theirs = (raw.execute(query.format(name)).fetchone() for name in ("main", "copy"))
        if faults or theirs is None or theirs[0] > ours[0]:
            raise StoreDamaged("The backup is not sound.", todo="Look at the disk that it was written to.")
        count = raw.execute("SELECT COUNT(*), COALESCE(SUM(state = 'destroyed'), 0) FROM copy.cases").fetchone()
    finally:
        raw.execute("DETACH DATABASE copy")
    return Contents(theirs[0], theirs[1], datetime.fromisoformat(theirs[2]), int(count[0]), int(count[1]))


def _on_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# Bringing one back


@contextmanager
def _beside(store: Store, other: Path | None) -> Iterator[bool]:
    """Another store under the same key, as "old" beside this one; False where there is none or it does not open."""
    with store.raw() as raw:
        try:
            if other is None:
                yield False
                return
            raw.execute("ATTACH DATABASE ? AS old", (str(other),))
            raw.execute("SELECT COUNT(*) FROM old.cases").fetchone()
        except Exception:  # noqa: BLE001 - whatever is wrong with it, it is passed over: the list of erasures remains
            yield False
            return
        try:
            yield True
        finally:
            raw.execute("DETACH DATABASE old")


def carry_over(
    store: Store, replaced: Path | None, erased: Callable[[str], bool], at: datetime, said: dict[str, Json]
) -> tuple[str, ...]:
    """Makes a backup that was opened what the store has to be: holds, runs and numbers go on, and whoever was destroyed
    since is destroyed again; returns the references of those.

    `replaced`: the store that it takes the place of, if that opens. `erased` says of a reference whether the list of
    erasures has it. `said` goes into the journal. All of it is one transaction.
    """
    with _beside(store, replaced) as opens, store.write() as tx:
        made = guards()
        for name in made:
            tx.exec_driver_sql(f"DROP TRIGGER {name}")
        gone: set[str] = set()
        if opens:
            _take(tx)
            gone = set(tx.execute(text("SELECT reference FROM old.cases WHERE state = 'destroyed'")).scalars())
        again = []
        rows = tx.execute(select(cases.c.id, cases.c.reference, cases.c.version).where(cases.c.state != "destroyed"))
        for row in rows.all():
            if row.reference in gone or erased(row.reference):
                disposal.empty_again(tx, row.id, row.version, at)
                append(tx, at=at, actor_id=None, action="erase_again", heading=Heading.ERASURE, case_id=row.id)
                again.append(row.reference)
        data: dict[str, Json] = {**said, "erased_again": list(again)}
        append(tx, at=at, actor_id=None, action="restore", heading=Heading.SYSTEM, data=data)
        for statement in made.values():
            tx.exec_driver_sql(statement)
    return tuple(again)


def _take(tx: Connection) -> None:
    """What outlives a restore, and the numbers that were given out."""
    for table, which in _CARRIED:
        keys = [row[1] for row in tx.exec_driver_sql(f'PRAGMA main.table_info("{table}")') if row[5]]
        there = " AND ".join(f"here.{key} = old_row.{key}" for key in keys)
        tx.exec_driver_sql(
            f'INSERT INTO main."{table}" SELECT * FROM old."{table}" AS old_row WHERE {which}'
            f' AND NOT EXISTS (SELECT 1 FROM main."{table}" AS here WHERE {there})'
        )
    tx.exec_driver_sql(
        "INSERT INTO main.meta SELECT key, value FROM old.meta WHERE key LIKE 'sequence.%'"
        " AND key NOT IN (SELECT key FROM main.meta)"
    )
    tx.exec_driver_sql(
        "UPDATE main.meta SET value = (SELECT value FROM old.meta WHERE old.meta.key = main.meta.key)"
        " WHERE key LIKE 'sequence.%' AND CAST(value AS INTEGER) <"
        " (SELECT CAST(value AS INTEGER) FROM old.meta WHERE old.meta.key = main.meta.key)"
    )
    tx.exec_driver_sql(
        "UPDATE main.sqlite_sequence SET seq = MAX(seq, COALESCE((SELECT seq FROM old.sqlite_sequence AS given"
        " WHERE given.name = main.sqlite_sequence.name), 0)) WHERE name <> 'journal'"
    )
