"""Putting a finished file into the store's place: a crash at any moment leaves the one or the other. SQLite alone.

The new file is made and checked in a folder of its own, ``STAGING``. Writing ``MARK`` is the moment from which on the
swap counts: a swap without it is undone at the next start, and one with it is finished. The file that was replaced
stays beside the store, under a name with the moment alone, until somebody confirms the new one or goes back.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db.engine import connect, look_at, told
from db.errors import StoreBusy, StoreDamaged, StoreError, StoreMissing, StoreReadOnly, WrongKey
from db.files import disk_told, runs_elsewhere, sync, write_whole

STAGING = ".store.staging"
OWNER = "owner"
MARK = "store.swap"
REPLACED = "desk-replaced-"
_NAMED = f"{REPLACED}%Y-%m-%dT%H%M%SZ.db"
_BESIDE = ("store.", "erasures.", "holds.", "anchors")
"""How the files begin that may stand beside the new file in the staging folder and move with it: keys, sealed, the
erasure list, the copy of the holds, and the journal's anchors."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A swap that counts: what it is, in words, and the name under which the replaced file stays ("" for none)."""

    what: str
    replaced: str


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """An empty private folder for the new file, taken away at the end.

    Raises StoreBusy where another has it, and what the disk refuses on the way as a StoreError.
    """
    making = folder / STAGING
    if _of_another(making):
        raise _open_elsewhere()
    shutil.rmtree(making, ignore_errors=True)
    try:
        with disk_told():
            making.mkdir(mode=0o700)
            (making / OWNER).write_text(str(os.getpid()))
            yield making
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _of_another(making: Path) -> bool:
    """Whether another program that still runs works in the staging folder."""
    try:
        return runs_elsewhere(int((making / OWNER).read_text()))
    except (OSError, ValueError):
        return False


def replaced_name(folder: Path, at: datetime) -> str:
    """The name of a file that was replaced at this moment, or so much later that it is the last one, whatever the clock
    did between two of them.
    """
    for path in replaced_files(folder):
        with suppress(ValueError):
            at = max(at, datetime.strptime(path.name, _NAMED).replace(tzinfo=UTC) + timedelta(seconds=1))
    return at.strftime(_NAMED)


def replaced_files(folder: Path) -> tuple[Path, ...]:
    """The stores that were replaced and are kept until that is confirmed, the oldest first."""
    return tuple(sorted(folder.glob(f"{REPLACED}[0-9]*.db")))


def log_of(replaced: Path) -> Path:
    """Where the write-ahead log of a store that was replaced stands, if it could not be emptied into it."""
    return replaced.with_name(f"{replaced.name}-wal")


@contextmanager
def alone(path: Path, key: bytes) -> Iterator[None]:
    """A store's file at rest, its log emptied into it and removed, and nobody else let in until the end.

    Raises StoreBusy where it is open elsewhere.
    """
    raw = connect(path, key, busy_seconds=0.5)
    try:
        try:
            with told(path):
                found = raw.execute("PRAGMA journal_mode = DELETE").fetchone()
                if found is None or found[0] != "delete":
                    raise _open_elsewhere()
                raw.execute("BEGIN EXCLUSIVE")
        except StoreBusy as error:
            raise _open_elsewhere() from error
        except StoreReadOnly as error:
            # SQLite says so too of a file in which a page of its statistics is damaged.
            if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
                raise StoreDamaged from error
            raise
        if os.name != "posix":
            # Windows renames no file that is open.
            raw.close()
        yield
    finally:
        raw.close()


@contextmanager
def at_rest(path: Path, key: bytes) -> Iterator[None]:
    """The same for a store that may not open, or not be there: then it is as it is. Raises StoreBusy."""
    with ExitStack() as stack:
        # One that is damaged inside can still be open elsewhere, but cannot be put to rest.
        with suppress(StoreDamaged, StoreMissing, WrongKey):
            look_at(path, key).close()
            stack.enter_context(alone(path, key))
        yield


def _open_elsewhere() -> StoreBusy:
    return StoreBusy(
        "Another window or program has the store open.",
        safe="Nothing was changed.",
        todo="Close every other window of the desk, then do this again.",
    )


def swap(folder: Path, name: str, mark: Mark) -> None:
    """Puts the staged file into the place of the store's, which must be at rest. From the mark on it counts."""
    making = folder / STAGING
    for path in making.iterdir():
        sync(path)
    sync(making)
    write_whole(folder / MARK, json.dumps(asdict(mark)).encode())
    _finish(folder, name, mark)


def settle(folder: Path, name: str) -> str:
    """Finishes or undoes what a crash cut short; says which, or "". To be called before the store is opened.

    Raises StoreError where the disk does not let it.
    """
    counts, begun = (folder / MARK).exists(), (folder / STAGING).exists()
    try:
        if counts:
            mark = _read(folder / MARK)
            _finish(folder, name, mark)
            return f"{mark.what} was cut short after its last step began, and has been finished."
        if begun and not _of_another(folder / STAGING):
            shutil.rmtree(folder / STAGING)
            return (
                "Putting another file into the store’s place was cut short, and has been undone: nothing was changed."
            )
    except OSError as error:
        raise StoreError(
            f"What a crash cut short cannot be finished: {error.strerror or error}.",
            todo="See that the data folder may be written and the disk has room, then open the desk again.",
        ) from error
    return ""


def _finish(folder: Path, name: str, mark: Mark) -> None:
    """Each step is done once, or found done."""
    making, store = folder / STAGING, folder / name
    if (new := making / name).exists():
        if mark.replaced and store.exists():
            _keep(store, folder / mark.replaced)
        log = folder / f"{name}-wal"
        if mark.replaced and (folder / mark.replaced).exists() and log.exists() and log.stat().st_size:
            # Of a store that did not open: nobody emptied it, and what it holds is nowhere else.
            log.replace(log_of(folder / mark.replaced))
        for rest in (f"{name}-wal", f"{name}-shm", f"{name}-journal"):
            (folder / rest).unlink(missing_ok=True)
        for side in sorted(making.iterdir()):
            if side.name.startswith(_BESIDE):
                side.replace(folder / side.name)
        new.replace(store)
        sync(folder)
    shutil.rmtree(making, ignore_errors=True)
    (folder / MARK).unlink(missing_ok=True)
    sync(folder)


def _keep(store: Path, kept: Path) -> None:
    """A second name for the file that is replaced; where the disk knows no second names, its only one."""
    if kept.exists():
        return
    try:
        os.link(store, kept)
    except OSError:
        store.replace(kept)


def _read(path: Path) -> Mark:
    """The mark; one that was damaged still says that the swap counts."""
    try:
        found = json.loads(path.read_bytes())
        what, replaced = str(found["what"]), str(found["replaced"])
    except (ValueError, KeyError, TypeError):
        return Mark("A change of the store’s file", f"{REPLACED}unknown.db")
    sound = replaced == "" or (replaced.startswith(REPLACED) and Path(replaced).name == replaced)
    return Mark(what, replaced if sound else f"{REPLACED}unknown.db")
