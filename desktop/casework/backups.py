"""Backups: written and verified, rotated by age, with the lists beside them; and those to be replaced.

A backup that is older than a destruction still holds whoever was destroyed. Restoring it destroys them again; replacing
it is the better thing, and the desk names which these are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from db import backup, erasures, swapping
from db.backup import Contents
from db.chain import entry_hash
from db.engine import look_at, told
from db.errors import StoreError, WrongKey
from db.files import is_folder, write_whole
from db.journal import append
from db.records import Heading, Json, Role
from db.replaced import Replaced
from db.store import HEAD, Tx
from desktop.casework.anchors import FILE_NAME as ANCHORS
from desktop.casework.anchors import anchor_lines, store_name
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
from desktop.casework.keptlists import list_faults, note_copied, write_first, write_lists
from desktop.policy.wording import join_and, plural
from desktop.security.anchors import read_anchor
from desktop.security.keys import RECOVERY_FILE

_NAMED = 3
"""So many files or lines that one thing is said of are named."""
_ANEW = "Keep that file elsewhere: the next backup there writes it anew"


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
    contents = backup.write_backup(entry.store, folder, at)
    # Known before anything else can go wrong: what holds people is never out of sight.
    kept = kept_of(home)
    was = known_as(kept, folder)
    others = tuple(one for one in kept.folders if one != was)
    old = tuple(folder / one.name if one.parent == was else one for one in kept.under_old_key)
    keep(home, Kept((folder, *others), old))
    said: dict[str, Json] = {
        "backup": contents.path.name,
        "size": contents.size,
        "cases": contents.cases,
        "head": contents.head,
        "hash": contents.head_hash,
    }
    _journal(entry, desk, at, "back_up", said)
    if (ours := home / RECOVERY_FILE).exists():
        write_whole(recovery_of(contents.path), ours.read_bytes())
    # What a change of the key left there is not needed any more.
    (folder / RECOVERY_FILE).unlink(missing_ok=True)
    _add_anchors(entry, folder / ANCHORS)
    removed = backup.rotate(folder, entry.store.key, at)
    for path in removed:
        recovery_of(path).unlink(missing_ok=True)
    if removed:
        _journal(entry, desk, at, "rotate_backups", {"removed": [path.name for path in removed]})
    return BackedUp(contents, removed, swept, (*mended, *write_lists(entry).mended))


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
            for path in _backups(folder):
                if backup.opens(path, entry.store.key):
                    write_whole(recovery_of(path), today)
            if (left := folder / RECOVERY_FILE).exists():
                write_whole(left, today)


def backup_faults(entry: Entry) -> tuple[str, ...]:
    """What is wrong with the lists beside the store and its backups, backups that are damaged or whose key is
    sealed in another way, anchors that only a backup knows, and copies that hold a destroyed case.
    """
    home = entry.store.path.parent
    kept = kept_of(home)
    found = list(list_faults(entry))
    with entry.store.read() as tx:
        for folder in kept.folders:
            found += [
                *_damaged(entry, tx, folder, kept),
                *_other_sheets(entry, folder),
                *_unknown_anchors(entry, tx, folder),
            ]
    replaced = swapping.replaced_files(home)
    for one in old_files(entry):
        todo = "keep the restored store, or go back" if one.path in replaced else "replace it"
        found.append(f"{_said(one)}: {todo}, in Administration, Backups")
    return tuple(found)


def _damaged(entry: Entry, tx: Tx, folder: Path, kept: Kept) -> Iterator[str]:
    """The backups of this store in a folder that are not as they were written, page by page."""
    ours = own_names(tx)
    for path in _backups(folder):
        try:
            torn = bool(backup.broken_seals(path, entry.store.key))
        except StoreError:
            # Another desk's backup, or one under an earlier key, is not ours to read.
            torn = path.name in ours and path not in kept.under_old_key and not _was_away(entry, folder)
        if torn:
            yield f"{path.name} in {folder} is damaged: it is not as it was written"


def _was_away(entry: Entry, folder: Path) -> bool:
    """Whether the list in a folder is under another key, as where its disk was away as the key was changed: that is
    told, and its backups are known as under it once the lists are written next.
    """
    with suppress(OSError):
        return erasures.read_list(folder / erasures.NAME, entry.store.key).foreign
    return False


def _other_sheets(entry: Entry, folder: Path) -> Iterator[str]:
    """The keys of backups that are not sealed as the store's own is: by another sheet, or one of the two is damaged.
    Nothing else tells so before the sheet is needed.
    """
    ours = _content(entry.store.path.parent / RECOVERY_FILE)
    others = [
        recovery_of(path).name
        for path in _backups(folder)
        if _content(recovery_of(path)) != ours and backup.opens(path, entry.store.key)
    ]
    if others:
        named = join_and([*others[:_NAMED], *([f"{len(others) - _NAMED} more"] if len(others) > _NAMED else [])])
        yield (
            f"{named} in {folder} {'are' if len(others) > 1 else 'is'} not the same as {RECOVERY_FILE}: what the"
            " recovery sheet opens is damaged, missing or of an earlier sheet. Make a new one: Administration, Backups"
        )


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _unknown_anchors(entry: Entry, tx: Tx, folder: Path) -> Iterator[str]:
    """Anchors beside backups, of entries that the journal has not: an older copy of the whole folder was put back.

    Those of journals that a restore ended are kept beside the store, and are known.
    """
    home = entry.store.path.parent
    known = set(anchor_lines(entry))
    for one in home.glob("anchors-of-*.txt"):
        known |= set(one.read_text("utf-8", "replace").splitlines())
    try:
        lines = (folder / ANCHORS).read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return
    except OSError as error:
        if is_folder(folder):
            yield f"{ANCHORS} in {folder} cannot be read: {error.strerror or error}. {_ANEW}"
        return
    if torn := [str(number) for number, line in enumerate(lines, 1) if line not in known and not read_anchor(line)]:
        named = join_and([*torn[:_NAMED], *([f"{len(torn) - _NAMED} more"] if len(torn) > _NAMED else [])])
        yield f"{ANCHORS} in {folder} was changed, in line {named}. {_ANEW}"
    said = [made for line in lines if line not in known and (made := read_anchor(line))]
    name = store_name(tx)
    lost = [one.seq for one in said if one.store == name and entry_hash(tx, one.seq) != one.hash]
    if lost:
        yield (
            f"{ANCHORS} in {folder} knows entry {max(lost)}, which the journal has not: an older copy of the store was "
            "put back. If it was restored on purpose, keep that file elsewhere"
        )


def _said(one: OldFile) -> str:
    if not one.people:
        return f"{one.path.name} cannot be looked into: it is under an earlier key of the store, or damaged"
    were = "was" if one.people == 1 else "were"
    return f"{one.path.name} holds {plural(one.people, 'case')} that {were} destroyed since"


# Those to be replaced


def old_files(entry: Entry) -> tuple[OldFile, ...]:
    """The backups and other copies of the store, as far as they are at hand, that hold cases which were destroyed."""
    home = entry.store.path.parent
    kept = kept_of(home)
    with entry.store.read() as tx:
        gone = frozenset(erasures.stubs(tx))
    paths = [*copies_beside(home), *(path for folder in kept.folders for path in _backups(folder))] if gone else []
    looked = [_old(path, home, entry.store.key, gone) for path in paths if path not in kept.under_old_key]
    return (*filter(None, looked), *(OldFile(path, 0) for path in kept.under_old_key if path.exists()))


def copies_beside(home: Path) -> tuple[Path, ...]:
    """What stands beside the store: its copies from before migrations, and those that a restore replaced."""
    return (*sorted(home.glob("desk-before-*.db")), *swapping.replaced_files(home))


def _backups(folder: Path) -> tuple[Path, ...]:
    try:
        return backup.backups_in(folder)
    except OSError:
        # A disk that is not plugged in has no backups to look at.
        return ()


def _old(path: Path, home: Path, key: bytes, gone: frozenset[str]) -> OldFile | None:
    """A copy that holds some of these cases, or may; None for one that does not, or is not this store's."""
    try:
        with closing(look_at(path, key)) as raw, told(path):
            held = len(gone & Replaced(raw).whole())
    except WrongKey:
        # What lies beside the store is its own, whether it opens or not; in a folder of backups others' may lie.
        return OldFile(path, 0) if path.parent == home else None
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
    written = ((backup.moment_of(path), path) for folder in folders for path in _backups(folder))
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
