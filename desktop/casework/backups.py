"""Backups, and bringing one back without bringing back whom the desk has destroyed.

A backup is a whole copy under the store's own key. Beside each backup, and beside the store, lies the list of
erasures; it is replayed on every backup that is brought back. Holds, runs and the numbers that were given out go on as
they are in the store that is replaced.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db import backup
from db.backup import Contents
from db.errors import StoreDamaged, StoreError
from db.journal import append
from db.records import Heading, Json
from db.store import FILE, Store, open_store
from desktop.casework.anchors import FILE_NAME as ANCHORS
from desktop.casework.anchors import journal_lines
from desktop.casework.desk import Desk, Entry, Refused
from desktop.security.erasures import (
    FILE_NAME,
    erasure_hash,
    erasure_key,
    read_erasures,
    write_erasures,
)
from desktop.security.files import write_private

_NAME = re.compile(r"desk-(\d{4}-\d\d-\d\dT\d{6}Z)\.db")
_STAMP = "%Y-%m-%dT%H%M%SZ"
_MAKING = ".restoring"
KEEP_ALL = timedelta(days=7)
KEEP_WEEKLY = timedelta(weeks=5)
KEEP_MONTHLY = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was written, what it holds, and which older ones gave way to it."""

    path: Path
    contents: Contents
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What bringing a backup back would change."""

    contents: Contents
    now: Contents | None
    """What the store holds now; None where it does not open."""
    erased_again: tuple[str, ...]
    """References of cases in the backup that were destroyed since."""
    faults: tuple[str, ...]
    """What is wrong with the list of erasures."""

    def sentences(self) -> tuple[str, ...]:
        """In words."""
        on = self.contents.last_at.strftime("%d %B %Y, %H:%M UTC").lstrip("0") if self.contents.last_at else "no day"
        said = [f"The backup holds {self.contents.cases} cases, as of {on}."]
        if self.now is None:
            said.append("The store that it would replace does not open: what it alone holds is lost.")
        else:
            lost, cases = self.now.head - self.contents.head, self.now.cases - self.contents.cases
            said.append(f"{max(lost, 0)} entries of the journal and {max(cases, 0)} cases came since, and would go.")
        if self.erased_again:
            said.append(f"{len(self.erased_again)} cases in it were destroyed since: they are destroyed again.")
        said += [f"The list of erasures is not sound: {one}." for one in self.faults]
        return tuple(said)


@dataclass(frozen=True, slots=True)
class Restored:
    """The store as it is after a backup was brought back, and where the one before it was kept."""

    erased_again: tuple[str, ...]
    kept: Path | None


def back_up(entry: Entry, folder: Path) -> Backup:
    """Writes a backup into the folder, with the list of erasures beside it, and lets older ones give way by their age.

    Raises StoreError or OSError; then there is none.
    """
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(folder))
    at = entry.clock()
    note_erasures(entry)
    path = folder / f"desk-{at.astimezone(UTC).strftime(_STAMP)}.db"
    if path.exists():
        raise Refused(f"There is a backup of this second in {folder} already.")
    found = backup.write_backup(entry.store, path)
    _copy_beside(entry.store.path.parent, folder)
    removed = _rotate(folder, at)
    said: dict[str, Json] = {"file": path.name, "head": found.head, "hash": found.head_hash, "cases": found.cases}
    actor = entry.user.id if isinstance(entry, Desk) else None
    with entry.store.write() as tx:
        append(tx, at=at, actor_id=actor, action="back_up", heading=Heading.SYSTEM, data=said)
    return Backup(path, found, removed)


def _copy_beside(store: Path, folder: Path) -> None:
    """What a backup needs beside it: the list of erasures, and the sealed keys that open it."""
    for path in (store / FILE_NAME, *store.glob("store.*"), *store.glob(ANCHORS)):
        write_private(folder / path.name, path.read_bytes())


def old_copies(entry: Entry) -> tuple[str, ...]:
    """Copies beside the store that are older than the last case that was destroyed, for the checks of the store.

    An update and a restore leave one each; who was destroyed since is still in them.
    """
    with entry.store.read() as tx:
        last = backup.last_destroyed(tx)
    if last is None:
        return ()
    folder = entry.store.path.parent
    copies = sorted((*folder.glob("desk-before-*.db"), *folder.glob("desk-replaced-*.db")))
    old = [path.name for path in copies if path.stat().st_mtime < last.timestamp()]
    return tuple(f"{name} is older than the last destruction, and holds who was destroyed: remove it" for name in old)


def backups_in(folder: Path) -> tuple[tuple[datetime, Path], ...]:
    """The desk's backups in a folder by their moment, the newest first."""
    named = [(found[1], path) for path in folder.glob("desk-*.db") if (found := _NAME.fullmatch(path.name))]
    dated = ((datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC), path) for stamp, path in named)
    return tuple(sorted(dated, reverse=True))


def _rotate(folder: Path, now: datetime) -> tuple[str, ...]:
    """Keeps every backup of 7 days, one a week of 5 weeks, and one a month of a year; files of others stay."""
    kept: set[tuple[str, int, int]] = set()
    removed = []
    for at, path in backups_in(folder):
        age = now - at
        if age <= KEEP_ALL:
            continue
        year, week, _day = at.isocalendar()
        period = ("week", year, week) if age <= KEEP_WEEKLY else ("month", at.year, at.month)
        if age > KEEP_MONTHLY or period in kept:
            path.unlink()
            removed.append(path.name)
        kept.add(period)
    return tuple(removed)


def note_erasures(entry: Entry) -> None:
    """Brings the list beside the store up to date with every stub of the store. Raises OSError."""
    listed = entry.secrets.erasure_key()
    path = entry.store.path.parent / FILE_NAME
    with entry.store.read() as tx:
        gone = backup.destroyed(tx)
    known = read_erasures(path, listed).hashes
    write_erasures(path, listed, known | {erasure_hash(listed, one) for one in gone})


def preview_restore(folder: Path, file: Path, key: bytes) -> Preview:
    """What bringing this backup back would change; nothing is changed. Raises StoreError, or OSError."""
    listed = erasure_key(key)
    making = _copied(folder, file)
    try:
        with _opened(making, key) as store, store.read() as tx:
            found = backup.contents(tx)
            references = backup.whole(tx)
        now, gone = _as_is(folder, key)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    hashes, faults = _listed(folder, file, listed)
    again = tuple(one for one in references if one in gone or erasure_hash(listed, one) in hashes)
    return Preview(found, now, again, faults)


def restore(folder: Path, file: Path, key: bytes, at: datetime) -> Restored:
    """Brings a backup back: into a fresh file, which then takes the store's place in one step.

    The store must not be open. What was the store before is kept beside it, until ``confirm_restore``. Raises
    StoreError or OSError; then the store is as it was.
    """
    listed = erasure_key(key)
    now, _gone = _as_is(folder, key)
    current = folder / FILE if now is not None else None
    making = _copied(folder, file)
    try:
        hashes, _faults = _listed(folder, file, listed)
        said: dict[str, Json] = {
            "replaced_head": now.head if now else None,
            "replaced_hash": now.head_hash if now else None,
        }
        with _opened(making, key) as store:
            again = backup.carry_over(store, current, lambda one: erasure_hash(listed, one) in hashes, at, said)
            with store.read() as tx:
                lines = journal_lines(tx)
        kept = _swap(folder, making / FILE, at)
        if (folder / ANCHORS).exists():
            (folder / ANCHORS).replace(folder / f"anchors-replaced-{at.astimezone(UTC).strftime(_STAMP)}.txt")
        write_private(folder / ANCHORS, "".join(f"{line}\n" for line in lines).encode())
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return Restored(again, kept)


def confirm_restore(folder: Path) -> tuple[str, ...]:
    """Removes the stores that backups took the place of; returns their names."""
    found = sorted(folder.glob("desk-replaced-*.db"))
    for path in found:
        path.unlink()
    return tuple(path.name for path in found)


def _copied(folder: Path, file: Path) -> Path:
    """A folder inside the store's with a copy of the backup: what a crash leaves of one is taken away by the next."""
    making = folder / _MAKING
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    shutil.copyfile(file, making / FILE)
    (making / FILE).chmod(0o600)
    return making


@contextmanager
def _opened(making: Path, key: bytes) -> Iterator[Store]:
    """A copy of a backup, open and brought up to date. Raises StoreDamaged where a page is not as it was written."""
    store = open_store(making, key)
    try:
        if backup.faults_of(store):
            raise StoreDamaged("This backup was changed or is damaged.", todo="Take another one.")
        yield store
    finally:
        store.close()


def _as_is(folder: Path, key: bytes) -> tuple[Contents | None, frozenset[str]]:
    """What the store holds now and which cases are destroyed in it; None where it is not there or does not open."""
    try:
        store = open_store(folder, key, busy_seconds=0.5)
    except StoreError:
        return None, frozenset()
    try:
        with store.read() as tx:
            return backup.contents(tx), backup.destroyed(tx)
    except StoreError:
        return None, frozenset()
    finally:
        store.close()


def _listed(folder: Path, file: Path, key: bytes) -> tuple[frozenset[str], tuple[str, ...]]:
    """What the lists beside the store and beside the backup say together."""
    ours, theirs = read_erasures(folder / FILE_NAME, key), read_erasures(file.parent / FILE_NAME, key)
    return ours.hashes | theirs.hashes, tuple(dict.fromkeys((*ours.faults, *theirs.faults)))


def _swap(folder: Path, fresh: Path, at: datetime) -> Path | None:
    """Puts the fresh file in the store's place in one step; the one before is kept under another name."""
    place = folder / FILE
    kept: Path | None = None
    if place.exists():
        kept = folder / f"desk-replaced-{at.astimezone(UTC).strftime(_STAMP)}.db"
        os.link(place, kept)
    for rest in (f"{FILE}-wal", f"{FILE}-shm"):
        (folder / rest).unlink(missing_ok=True)
    fresh.replace(place)
    return kept
