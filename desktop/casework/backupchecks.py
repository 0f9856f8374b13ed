"""What is wrong with backups: damaged, sealed in another way, or knowing more than the journal does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from db import backup, erasures, swapping
from db.chain import entry_hash
from db.engine import look_at, told
from db.errors import StoreError
from db.files import is_folder
from db.journal import of_action
from db.store import Tx
from desktop.casework.anchors import FILE_NAME as ANCHORS
from desktop.casework.anchors import anchor_lines, store_name
from desktop.casework.backups import OldFile, backups_at, old_files, recovery_of
from desktop.casework.desk import Entry
from desktop.casework.keptfolders import Kept, kept_of, own_names
from desktop.casework.keptlists import list_faults
from desktop.policy.wording import join_and, plural
from desktop.security.anchors import read_anchor
from desktop.security.keys import RECOVERY_FILE

_NAMED = 3
"""So many files or lines that one thing is said of are named."""
_ANEW = "Keep that file elsewhere: the next backup there writes it anew"


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
                *_unknown_entries(entry, tx, folder),
            ]
    replaced = swapping.replaced_files(home)
    for one in old_files(entry):
        todo = "keep the restored store, or go back" if one.path in replaced else "replace it"
        found.append(f"{_said(one)}: {todo}, in Administration, Backups")
    return tuple(found)


def _damaged(entry: Entry, tx: Tx, folder: Path, kept: Kept) -> Iterator[str]:
    """The backups of this store in a folder that are not as they were written, page by page."""
    ours = own_names(tx)
    for path in backups_at(folder):
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
        recovery_of(path)
        for path in backups_at(folder)
        if _content(recovery_of(path)) != ours and backup.opens(path, entry.store.key)
    ]
    gone = [path.name for path in others if not path.exists()]
    if gone and ours is not None:
        yield (
            f"{_listed(gone)} in {folder} {'are' if len(gone) > 1 else 'is'} missing, without which the recovery sheet"
            " opens nothing there. Back up into this folder: that puts it there again"
        )
    if named := [path.name for path in others if path.exists() or ours is None]:
        yield (
            f"{_listed(named)} in {folder} {'are' if len(named) > 1 else 'is'} not the same as {RECOVERY_FILE}: what"
            " the recovery sheet opens is damaged, missing or of an earlier sheet. Make a new one: Administration,"
            " Backups"
        )


def _listed(names: list[str]) -> str:
    return join_and([*names[:_NAMED], *([f"{len(names) - _NAMED} more"] if len(names) > _NAMED else [])])


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


def _unknown_entries(entry: Entry, tx: Tx, folder: Path) -> Iterator[str]:
    """The newest backup's last entry, where the journal has not that one: its end was cut off, or it was made anew. One
    from before a restore may know what that ended.
    """
    back = next(of_action(tx, "restore"), None)
    for path in reversed(backups_at(folder)):
        at = backup.moment_of(path)
        if at is None or (back is not None and at <= back.at) or not backup.opens(path, entry.store.key):
            continue
        try:
            with closing(look_at(path, entry.store.key)) as raw, told(path):
                seq, last = raw.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
        except StoreError:
            # Damage is told by itself; an older backup may know as much.
            continue
        if entry_hash(tx, seq) != last:
            yield (
                f"{path.name} in {folder} knows entry {seq} of the journal, and the journal has not that one: its end"
                " was cut off, it was changed, or an older copy of the store was put back"
            )
        return


def _said(one: OldFile) -> str:
    if not one.people:
        return f"{one.path.name} cannot be looked into: it is under an earlier key of the store, or damaged"
    were = "was" if one.people == 1 else "were"
    return f"{one.path.name} holds {plural(one.people, 'case')} that {were} destroyed since"
