"""Backups of an open store: written beside their name, verified, then named; and their rotation by age. SQLite alone.

A backup is made by ``VACUUM INTO``, so that it is whole whatever is written meanwhile, encrypted with the store's key.
Its name is its moment in UTC and says nothing else.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from db.engine import look_at, told
from db.errors import DiskFull, StoreDamaged, StoreError
from db.files import runs_elsewhere, sync
from db.journal import FIRST
from db.store import Store

KEPT_DAYS, KEPT_WEEKS, KEPT_MONTHS = 7, 5, 12
"""Every backup of so many days, then the newest of each of so many weeks, then of each of so many months."""
MOST_GONE = 3
"""So many old backups go at most when a new one is written."""

_NAME = re.compile(r"desk-(\d{4}-\d{2}-\d{2}T\d{6})Z\.db")
_WRITING = re.compile(r"\.desk-(\d+)\.part")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds: its size in bytes, its schema's revision, the journal's head, its cases and stubs."""

    path: Path
    size: int
    revision: str
    store_id: str
    head: int
    head_hash: str
    written_until: str
    """The moment of the journal's last entry."""
    cases: int
    destroyed: int


def backup_name(at: datetime) -> str:
    """The name of a backup of this moment."""
    return f"desk-{at.astimezone(UTC):%Y-%m-%dT%H%M%S}Z.db"


def moment_of(path: Path) -> datetime | None:
    """The moment in a backup's name; None for a file of another name."""
    found = _NAME.fullmatch(path.name)
    if found is None:
        return None
    try:
        return datetime.strptime(found.group(1), "%Y-%m-%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def backups_in(folder: Path) -> tuple[Path, ...]:
    """The files in a folder that are named as backups, the oldest first. Raises OSError."""
    found = [(at, path) for path in folder.iterdir() if (at := moment_of(path)) and path.is_file()]
    return tuple(path for _, path in sorted(found))


def write_backup(store: Store, folder: Path, at: datetime) -> Contents:
    """Writes a backup to a folder that is there, verifies it, and only then gives it its name, for its owner alone.

    Raises StoreError or OSError: then there is no file of that name, and what was there before is as it was.
    """
    part = folder / f".desk-{os.getpid()}.part"
    part.unlink(missing_ok=True)
    head = _head(store)
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        store.copy_to(part)
        sync(part)
        found = _verified(store, part, head)
        final = folder / backup_name(at)
        part.replace(final)
        sync(folder)
    except DiskFull as error:
        raise DiskFull(
            "The disk of the backup is full, so no backup was written.",
            safe="The store and the earlier backups are safe.",
            todo="Free some space there, or choose another folder, then back up again.",
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return Contents(final, *found)


def sweep(folder: Path) -> int:
    """Takes away what backups that were killed left half written; returns how many. Raises OSError."""
    left = [
        path
        for path in folder.iterdir()
        if (found := _WRITING.fullmatch(path.name)) and not runs_elsewhere(int(found.group(1)))
    ]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _head(store: Store) -> int:
    with store.read() as tx:
        return int(tx.exec_driver_sql("SELECT COALESCE(MAX(seq), 0) FROM journal").scalar_one())


def _verified(store: Store, path: Path, head: int) -> tuple[Any, ...]:
    """What a new backup holds. Raises StoreDamaged where it is not, page by page, what the store holds."""
    raw = look_at(path, store.key)
    try:
        with told(path):
            # Side by side: SQLite lets go of Python's lock while it looks.
            with ThreadPoolExecutor(1) as beside:
                seals = beside.submit(broken_seals, path, store.key)
                faults = [*_quick(raw), *seals.result()]
            found = _contents(raw, path)
    finally:
        raw.close()
    with store.read() as tx:
        there = tx.exec_driver_sql("SELECT hash FROM journal WHERE seq = ?", (found[3],)).scalar()
    if faults or found[3] < head or (found[3] and there != found[4]):
        raise StoreDamaged(
            "The backup could not be read back as it was written, so it was not kept.",
            safe="The store and the earlier backups are as they were.",
            todo="Try another disk. If it happens again, check the store: tracing-desk verify",
        )
    return found


def broken_seals(path: Path, key: bytes) -> list[str]:
    """What is wrong with the pages of a file, each against its seal. Raises StoreError where it does not open."""
    raw = look_at(path, key)
    try:
        with told(path):
            return [str(row[0]) for row in raw.execute("PRAGMA cipher_integrity_check")]
    finally:
        raw.close()


def _quick(raw: Any) -> list[str]:
    """The order of each table's rows and indexes.

    The rows of the copy are those of the store, which held its constraints and its index of words when they were
    written: to work these out again takes longer than the copy itself, and restoring does it.
    """
    found: list[str] = []
    raw.execute("PRAGMA ignore_check_constraints = ON")
    tables = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
    for (name,) in tables.fetchall():
        found += [str(row[0]) for row in raw.execute(f'PRAGMA quick_check("{name}")') if row[0] != "ok"]
    return found


def look_into(path: Path, key: bytes) -> Contents:
    """What a backup holds, once every page and reference of it was checked. Raises StoreError."""
    raw = look_at(path, key)
    try:
        with told(path):
            torn = raw.execute("PRAGMA cipher_integrity_check").fetchone()
            wrong = [row[0] for row in raw.execute("PRAGMA integrity_check(1)") if row[0] != "ok"]
            if torn or wrong:
                raise StoreDamaged
            return Contents(path, *_contents(raw, path))
    except StoreDamaged as error:
        raise _damaged(path) from error
    finally:
        raw.close()


def _damaged(path: Path) -> StoreDamaged:
    return StoreDamaged(
        f"{path.name} is damaged: it is not as it was written.",
        safe="Nothing was changed.",
        todo="Restore another backup.",
    )


def opens(path: Path, key: bytes) -> bool:
    """Whether a file opens with the key: whether it is a backup of this store, under the key of today."""
    try:
        look_at(path, key).close()
    except StoreError:
        return False
    return True


def _contents(raw: Any, path: Path) -> tuple[Any, ...]:
    def one(sql: str) -> Any:
        return raw.execute(sql).fetchone()

    last = one("SELECT seq, hash, at FROM journal ORDER BY seq DESC LIMIT 1") or (0, FIRST, "")
    store_id = one("SELECT value FROM meta WHERE key = 'store_id'")
    return (
        path.stat().st_size,
        str(one("SELECT version_num FROM alembic_version")[0]),
        str(store_id[0]) if store_id else "",
        int(last[0]),
        str(last[1]),
        str(last[2]),
        int(one("SELECT COUNT(*) FROM cases")[0]),
        int(one("SELECT COUNT(*) FROM cases WHERE state = 'destroyed'")[0]),
    )


# Rotation


def too_old(moments: Iterable[datetime], now: datetime) -> frozenset[datetime]:
    """Which of these backups are not kept. The newest always is, and so are those of days to come, which a clock that
    jumped has left: they count for nothing else.
    """
    newest_first = sorted((at for at in moments if at <= now), reverse=True)
    kept = set(newest_first[:1])
    today = now.astimezone(UTC).date()
    weeks: set[int] = set()
    months: set[tuple[int, int]] = set()
    for at in newest_first:
        day = at.astimezone(UTC).date()
        week = day.toordinal() // 7
        month = (day.year, day.month)
        if day > today - timedelta(days=KEPT_DAYS):
            kept.add(at)
        if day > today - timedelta(weeks=KEPT_WEEKS) and week not in weeks:
            weeks.add(week)
            kept.add(at)
        if _months_between(day, today) < KEPT_MONTHS and month not in months:
            months.add(month)
            kept.add(at)
    return frozenset(newest_first) - kept


def _months_between(one: Any, other: Any) -> int:
    return int((other.year - one.year) * 12 + other.month - one.month)


def rotate(folder: Path, key: bytes, now: datetime) -> tuple[Path, ...]:
    """Removes the backups that are too old, of those that this store wrote, the oldest first and `MOST_GONE` at most: a
    clock that jumps ahead takes few with it. Returns them. Raises OSError.
    """
    known = {at: path for path in backups_in(folder) if (at := moment_of(path)) and opens(path, key)}
    gone = tuple(known[at] for at in sorted(too_old(known, now)))[:MOST_GONE]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone
