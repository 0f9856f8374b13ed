"""Backups: written and verified, rotated by age, with the lists beside them; and those to be replaced.

A backup that is older than a destruction still holds whoever was destroyed. Restoring it destroys them again; replacing
it is the better thing, and the desk names which these are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from db import backup, erasures, swapping
from db.backup import Contents
from db.engine import look_at, told
from db.errors import StoreError, WrongKey
from db.files import write_whole
from db.journal import append
from db.records import Heading, Json, Role
from db.replaced import Replaced
from db.store import HEAD
from desktop.casework.anchors import FILE_NAME as ANCHORS
from desktop.casework.anchors import anchor_lines
from desktop.casework.desk import Desk, Entry, Refused, check_signed_in, need_role
from desktop.casework.keptfolders import (
    Kept,
    anothers,
    keep,
    kept_faults,
    kept_of,
    known_as,
    mend_kept,
    one_name,
    own_names,
    unreached,
)
from desktop.casework.keptlists import note_copied, write_first, write_lists
from desktop.security.keys import RECOVERY_FILE


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was written and read back, the older ones that it made superfluous, and what was tidied up."""

    contents: Contents
    removed: tuple[Path, ...]
    swept: int
    """Backups that were cut short before, and are taken away."""
    mended: tuple[str, ...]
    """What was wrong with an erasure list or a copy of the holds, which was written anew."""


@dataclass(frozen=True, slots=True)
class OldFile:
    """A backup, or another copy of the store, that holds people who were destroyed since."""

    path: Path
    people: int
    """Cases in it that were destroyed since; 0 where it cannot be looked into: under an earlier key, or damaged."""


@dataclass(frozen=True, slots=True)
class Overview:
    """How things stand with the backups, for an administrator."""

    folder: Path | None
    """Where the last backup was written; None before the first."""
    written: tuple[tuple[datetime, Path], ...]
    """Every backup that can be reached with its moment, the newest first."""
    old: tuple[OldFile, ...]
    replaced: tuple[Path, ...]
    """Stores that a restore replaced, and that are kept until it is confirmed."""
    unreached: tuple[Path, ...]
    """Folders of backups that cannot be reached: the lists beside them fall behind."""
    faults: tuple[str, ...]
    """What was lost of where backups are kept, in words."""


def back_up(desk: Desk, folder: Path) -> BackedUp:
    """Backs the store up into a folder, as an administrator. Raises Refused, StoreError or OSError."""
    need_role(desk, Role.ADMINISTRATOR)
    return _back_up(desk, folder, desk)


def back_up_unattended(entry: Entry, folder: Path) -> BackedUp:
    """The same by the clock of the computer, with nobody signed in: whoever has the store's key can do it."""
    return _back_up(entry, folder, None)


def _back_up(entry: Entry, folder: Path, desk: Desk | None) -> BackedUp:
    folder, home = one_name(folder), entry.store.path.parent
    if one_name(home) in (folder, *folder.parents):
        raise Refused("Choose another folder for backups than the one that the store is in, and none within it.")
    mended = mend_kept(entry)
    if known_as(kept_of(home), folder) in unreached(home):
        raise Refused(
            f"{folder} held backups, and nothing of them is there now: connect its disk. Where they are gone for good,"
            " give the folder up in Administration, Backups, then back up to it."
        )
    try:
        there = erasures.read_list(folder / erasures.NAME, entry.store.key)
    except OSError as error:
        raise Refused(
            f"{erasures.NAME} in {folder} cannot be read: {error.strerror or error}. Nobody can tell whose it is: see"
            " to it, or choose another folder."
        ) from error
    with entry.store.read() as tx:
        if desk is not None:
            check_signed_in(tx, desk.user)
        theirs = anothers(tx, entry, folder, there)
    if theirs:
        raise Refused(
            f"The erasure list in {folder} is another desk’s, or under an earlier key of this one. Choose a folder that"
            " no other desk uses, such as an empty one."
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    swept = backup.sweep(folder)
    if not backup.backups_in(folder):
        # The backup itself says what does not work.
        with suppress(OSError), entry.store.read() as tx:
            write_first(tx, entry, folder)
        note_copied(entry)
    at = entry.clock()
    with _foreseen(entry, folder, at):
        contents = backup.write_backup(entry.store, folder, at)
    said: dict[str, Json] = {
        "backup": contents.path.name,
        "size": contents.size,
        "cases": contents.cases,
        "head": contents.head,
        "hash": contents.head_hash,
    }
    _journal(entry, desk, at, "back_up", said)
    # What a change of the key left there is not needed any more.
    (folder / RECOVERY_FILE).unlink(missing_ok=True)
    _add_anchors(entry, folder / ANCHORS)
    removed = backup.rotate(folder, entry.store.key, at)
    for path in removed:
        recovery_of(path).unlink(missing_ok=True)
    if removed:
        _journal(entry, desk, at, "rotate_backups", {"removed": [path.name for path in removed]})
    return BackedUp(contents, removed, swept, (*mended, *write_lists(entry).mended))


@contextmanager
def _foreseen(entry: Entry, folder: Path, at: datetime) -> Iterator[None]:
    """Before a backup is there, the desk knows of its folder, and the key that opens it is sealed beside it: what holds
    people is never out of sight, nor a backup without its sheet. Where it is not written after all, all is as before.
    """
    home = entry.store.path.parent
    before = kept_of(home)
    was = known_as(before, folder)
    others = tuple(one for one in before.folders if one != was)
    old = tuple(folder / one.name if one.parent == was else one for one in before.under_old_key)
    made = folder / backup.backup_name(at)
    keep(home, Kept((folder, *others), old))
    try:
        # What does not work here the backup itself says.
        with suppress(OSError):
            _seal(entry, folder, made)
        yield
    except BaseException:
        keep(home, before)
        if not made.exists():
            recovery_of(made).unlink(missing_ok=True)
        raise
    _seal(entry, folder, made)


def _seal(entry: Entry, folder: Path, made: Path) -> None:
    """Puts the recovery file beside each backup of a folder that has none and opens with the store's key, and beside
    the one to be made. That of a backup that was killed before it was there goes; one of another sheet may be of a
    backup that somebody moved. Raises OSError.
    """
    file = entry.store.path.parent / RECOVERY_FILE
    if not file.exists():
        return
    ours = file.read_bytes()
    for path in folder.glob("desk-*.recovery"):
        if path != recovery_of(made) and not path.with_suffix(".db").exists() and path.read_bytes() == ours:
            path.unlink()
    for path in (*backups_at(folder), made):
        if not recovery_of(path).exists() and (not path.exists() or backup.opens(path, entry.store.key)):
            write_whole(recovery_of(path), ours)


def _add_anchors(entry: Entry, beside: Path) -> None:
    """Adds the lines of the store's anchors to those beside its backups: none is ever taken away. Raises OSError."""
    there = beside.read_text("utf-8", "surrogateescape").splitlines() if beside.exists() else []
    if new := [one for one in anchor_lines(entry) if one not in set(there)]:
        write_whole(beside, "".join(f"{one}\n" for one in (*there, *new)).encode("utf-8", "surrogateescape"))


def recovery_of(path: Path) -> Path:
    """The file beside a backup in which its key is sealed with the recovery key of its day."""
    return path.with_suffix(".recovery")


def reseal_backups(entry: Entry) -> None:
    """Puts the recovery file of today beside every backup that can be reached, in the place of that of its day: the
    earlier sheet opens them no more. Those that cannot be written to now still open with it.
    """
    home = entry.store.path.parent
    today = (home / RECOVERY_FILE).read_bytes()
    for folder in kept_of(home).folders:
        with suppress(OSError):
            for path in backups_at(folder):
                if backup.opens(path, entry.store.key):
                    write_whole(recovery_of(path), today)
            if (left := folder / RECOVERY_FILE).exists():
                write_whole(left, today)


# Those to be replaced


def old_files(entry: Entry) -> tuple[OldFile, ...]:
    """The backups and other copies of the store, as far as they are at hand, that hold cases which were destroyed, or
    that cannot be looked into.
    """
    home = entry.store.path.parent
    kept = kept_of(home)
    paths = [*copies_beside(home), *(path for folder in kept.folders for path in backups_at(folder))]
    with entry.store.read() as tx:
        gone = frozenset(erasures.stubs(tx)) if paths else frozenset[str]()
        ours = own_names(tx)
    # A store that a restore replaced may not open, which is why.
    left = {*kept.under_old_key, *(() if gone else swapping.replaced_files(home))}
    looked = [_old(path, home, entry.store.key, gone, ours) for path in paths if path not in left]
    return (*filter(None, looked), *(OldFile(path, 0) for path in kept.under_old_key if path.exists()))


def copies_beside(home: Path) -> tuple[Path, ...]:
    """What stands beside the store: its copies from before migrations, and those that a restore replaced."""
    return (*sorted(home.glob("desk-before-*.db")), *swapping.replaced_files(home))


def backups_at(folder: Path) -> tuple[Path, ...]:
    """The backups in a folder; none where its disk is away."""
    try:
        return backup.backups_in(folder)
    except OSError:
        # A disk that is not plugged in has no backups to look at.
        return ()


def _old(path: Path, home: Path, key: bytes, gone: frozenset[str], ours: Collection[str]) -> OldFile | None:
    """A copy that holds some of these cases, or may; None for one that does not, or is not this store's: `ours` are the
    names of the backups that are.
    """
    try:
        with closing(look_at(path, key)) as raw, told(path):
            held = len(gone & Replaced(raw).whole())
    except WrongKey:
        # What lies beside the store is its own, whether it opens or not; in a folder of backups others' may lie.
        return OldFile(path, 0) if path.parent == home or path.name in ours else None
    except StoreError:
        return OldFile(path, 0)
    return OldFile(path, held) if held else None


def replace_old_backups(desk: Desk) -> tuple[Path, ...]:
    """Writes a new backup into each folder that holds an old one, and removes the old ones; returns those.

    The copies beside the store go too, but for a store that a restore replaced: that one goes when the restore is
    confirmed. Raises Refused, StoreError or OSError; an old one goes only once the new one beside it is verified.
    """
    need_role(desk, Role.ADMINISTRATOR)
    home = desk.store.path.parent
    old = [one.path for one in old_files(desk) if one.path not in swapping.replaced_files(home)]
    removed = []
    for folder in dict.fromkeys(path.parent for path in old):
        if folder != home:
            back_up(desk, folder)
        for path in old:
            if path.parent == folder:
                path.unlink(missing_ok=True)
                recovery_of(path).unlink(missing_ok=True)
                removed.append(path)
    kept = kept_of(home)
    # What is on a disk that is away is not gone.
    left = (path for path in kept.under_old_key if path not in removed and (path.exists() or not path.parent.is_dir()))
    keep(home, Kept(kept.folders, tuple(left)))
    if removed:
        _journal(desk, desk, desk.clock(), "replace_backups", {"removed": [path.name for path in removed]})
    return tuple(removed)


def overview(desk: Desk) -> Overview:
    """How things stand with the backups."""
    need_role(desk, Role.ADMINISTRATOR)
    home = desk.store.path.parent
    folders = kept_of(home).folders
    written = ((backup.moment_of(path), path) for folder in folders for path in backups_at(folder))
    return Overview(
        folders[0] if folders else None,
        tuple(sorted(((at, path) for at, path in written if at), reverse=True)),
        old_files(desk),
        swapping.replaced_files(home),
        unreached(home),
        kept_faults(home),
    )


def _journal(entry: Entry, desk: Desk | None, at: datetime, action: str, said: dict[str, Json]) -> None:
    with entry.store.write() as tx:
        actor = desk.user.id if desk is not None else None
        append(tx, at=at, actor_id=actor, action=action, heading=Heading.SYSTEM, data=said)


def as_json(contents: Contents) -> dict[str, Any]:
    """A backup for programs."""
    return {
        "file": str(contents.path),
        "bytes": contents.size,
        "revision": contents.revision,
        "newest": contents.revision == HEAD,
        "cases": contents.cases,
        "destroyed": contents.destroyed,
        "entries": contents.head,
        "head": contents.head_hash,
        "written_until": contents.written_until,
    }
