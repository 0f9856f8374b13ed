"""Where the store is backed up to, and the lists that lie beside it and beside its backups, and outlive it.

The erasure list says who was destroyed (``db.erasures``); the copy of the holds, what may not be
(``desktop.casework.heldcopies``). Both are written from the store again at any time, and neither forgets.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from db import erasures, heldrows, journal, people
from db.backup import backups_in, opens
from db.chain import entry_hash
from db.errors import RuleKept, StoreDamaged, StoreError
from db.files import is_folder, set_aside, sweep, write_whole
from db.heldrows import Rows
from db.journal import JournalFilter, append
from db.records import Heading, Json
from db.store import Tx
from desktop.casework import heldcopies
from desktop.casework.desk import Entry
from desktop.policy.wording import lower_first, plural

_LEFT = "erasure_lists"
"""The fact about a store that says how its erasure lists were left."""
_DESTROYING = ("destroy", "erase_again")
_BEHIND = 5.0
"""How many seconds the erasure lists may be behind a run."""
KNOWN = "store.backups"
"""The file beside the store that says where this computer keeps its backups."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where this computer keeps its backups, and which of them are under an earlier key of the store."""

    folders: tuple[Path, ...] = ()
    """Each folder that a backup was written to, the newest first."""
    under_old_key: tuple[Path, ...] = ()


def kept_of(folder: Path) -> Kept:
    """Where the store in this folder is backed up to; nowhere where that was not kept or cannot be read."""
    try:
        found = json.loads((folder / KNOWN).read_bytes())
        return Kept(tuple(map(Path, found["folders"])), tuple(map(Path, found["under_old_key"])))
    except (OSError, ValueError, KeyError, TypeError):
        return Kept()


def keep(folder: Path, kept: Kept) -> None:
    """Remembers it. Raises OSError."""
    said = {"folders": [str(one) for one in kept.folders], "under_old_key": [str(one) for one in kept.under_old_key]}
    write_whole(folder / KNOWN, json.dumps(said, indent=2).encode())


def keep_restored(home: Path, file: Path, its_key: bytes, key: bytes) -> None:
    """Remembers the folder of a backup that was restored, after those that are known: the lists beside it are kept up
    too, unless they are under another key and so another store's. Raises nothing: the restore is done, and the next
    backup there does it.
    """
    folder, kept = file.absolute().parent, kept_of(home)
    if folder == home.absolute() or folder in kept.folders:
        return
    with suppress(OSError):
        sealed = (folder / heldcopies.NAME).exists() and not heldcopies.read_copy(folder, key).readable
        if sealed or erasures.read_list(folder / erasures.NAME, key).foreign:
            return
        old = () if its_key == key else tuple(one for one in backups_in(folder) if opens(one, its_key))
        keep(home, Kept((*kept.folders, folder), tuple(dict.fromkeys((*kept.under_old_key, *old)))))


# The lists


def folders_of(home: Path) -> tuple[Path, ...]:
    """Where lists lie: beside the store in this folder, and beside its backups as far as they can be reached."""
    return tuple(one for one in (home, *kept_of(home).folders) if is_folder(one))


def unreached(home: Path) -> tuple[Path, ...]:
    """Where backups are kept, and lists with them, that cannot be reached now: a drive that was taken out, say."""
    return tuple(one for one in kept_of(home).folders if not is_folder(one))


@dataclass(frozen=True, slots=True)
class KeptLists:
    """What became of the lists: what was wrong with one before, which erasure lists could not be written, and which
    cases are back though one has them.
    """

    mended: tuple[str, ...] = ()
    unwritten: tuple[str, ...] = ()
    back: tuple[str, ...] = ()


def write_lists(entry: Entry) -> KeptLists:
    """Brings the lists beside the store, and beside each of its backups that can be reached, up to date; journals that
    one that was wrong was written anew.

    The store keeps first what the lists alone know, so that no reference of theirs is given out again.
    """
    key, home = entry.store.key, entry.store.path.parent
    found: list[str] = []
    unwritten = [f"the erasure list in {one} cannot be reached" for one in unreached(home)]
    back: tuple[str, ...] = ()
    unknown: frozenset[str] = frozenset()
    with entry.store.read() as tx:
        last = _last_destroyed(tx)
        stand = people.fact(tx, _LEFT) == _as_now(last, home)
        if not stand:
            unknown = _listed(entry) - erasures.all_hashes(tx, key)
            back = erasures.back_again(tx, unknown, key)
    if not stand:
        if new := unknown - {erasures.hash_of(one, key) for one in back}:
            with entry.store.write() as tx:
                erasures.keep_hashes(tx, new)
        missing = len(unwritten)
        with entry.store.read() as tx:
            for folder in folders_of(home):
                try:
                    was = erasures.bring_up_to_date(tx, folder, key)
                    found += [f"the erasure list in {folder}: {fault}" for fault in was.faults]
                except (OSError, StoreError) as error:
                    unwritten.append(f"the erasure list in {folder} cannot be written: {_why(error)}")
        if len(unwritten) == missing and not back:
            _note_lists(entry, last)
    told = _journalled(entry, found)
    return KeptLists((*found, *keep_holds(entry).mended), (*unwritten, *told), back)


def _why(error: OSError | StoreError) -> str:
    return lower_first(error.what.rstrip(".")) if isinstance(error, StoreError) else error.strerror or str(error)


class KeptOnTheWay:
    """Brings the lists up to date on the way of a run, after each so many cases and after some seconds; a list of many
    is written whole each time, so that more pass where that takes longer.
    """

    def __init__(self, entry: Entry, every: int, seconds: Callable[[], float] = monotonic) -> None:
        self._entry, self._every, self._seconds = entry, every, seconds
        self._cases, self._written, self._behind = 0, seconds(), _BEHIND

    def gone(self) -> None:
        """One more case is done with."""
        self._cases += 1
        begun = self._seconds()
        if self._cases % self._every == 0 or begun - self._written >= self._behind:
            write_lists(self._entry)
            self._written = self._seconds()
            self._behind = max(_BEHIND, 4 * (self._written - begun))


def _last_destroyed(tx: Tx) -> list[tuple[int, str | None]]:
    """The last entries of a destruction, with their hashes."""
    last = [one for action in _DESTROYING for one in journal.numbers(tx, JournalFilter(action=action), 1)]
    return [(one, entry_hash(tx, one)) for one in last]


def _as_now(last: list[tuple[int, str | None]], home: Path) -> str:
    """What shows whether the erasure lists have to be looked at again: the last entries of a destruction, and each
    file's place on the disk, its size and the moment of its last change. To read a million lines at each start, and to
    make them again, takes a minute. ``list_faults`` reads each of them.
    """
    files: dict[str, list[int] | None] = {}
    for folder in folders_of(home):
        files[str(folder)] = None
        with suppress(OSError):
            at = (folder / erasures.NAME).stat()
            files[str(folder)] = [at.st_ino, at.st_size, at.st_mtime_ns]
    return json.dumps([last, files], sort_keys=True)


def _note_lists(entry: Entry, last: list[tuple[int, str | None]]) -> None:
    """Keeps in the store how the erasure lists were left, with the last destruction that they were written from: one
    that came since is looked for the next time. Raises nothing.
    """
    with suppress(StoreError, RuleKept), entry.store.write() as tx:
        people.change_fact(tx, _LEFT, _as_now(last, entry.store.path.parent))


@dataclass(frozen=True, slots=True)
class KeptHolds:
    """What became of the copies of the holds: what was wrong with one before, and which could not be written."""

    mended: tuple[str, ...] = ()
    unwritten: tuple[str, ...] = ()


def keep_holds(entry: Entry) -> KeptHolds:
    """Brings the copies of the holds alone up to date, as a hold is placed and with each step towards its release.

    Raises nothing: what was done stands in the store by now.
    """
    found: list[str] = []
    unwritten = [f"the copy of the holds in {one} cannot be reached" for one in unreached(entry.store.path.parent)]
    try:
        with entry.store.read() as tx:
            for folder in folders_of(entry.store.path.parent):
                for name in (heldcopies.NAME, erasures.NAME):
                    sweep(folder / name)
                try:
                    was = heldcopies.bring_up_to_date(tx, folder, entry.store.key, entry.random)
                    found += [f"the copy of the holds in {folder}: {fault}" for fault in was.faults]
                except OSError as error:
                    unwritten.append(f"the copy of the holds in {folder} cannot be written: {_why(error)}")
    except StoreError as error:
        entry.store.reopen()
        unwritten.append(f"the copies of the holds cannot be written: {_why(error)}")
    note_copied(entry)
    return KeptHolds(tuple(found), (*unwritten, *_journalled(entry, found)))


def note_copied(entry: Entry) -> None:
    """Keeps in the store that copies of its holds were written, the first time. Raises nothing: the next time does."""
    with suppress(StoreError, RuleKept):
        with entry.store.read() as tx:
            known = people.fact(tx, heldcopies.COPIED)
        if not known:
            with entry.store.write() as tx:
                people.put_fact(tx, heldcopies.COPIED, "yes")


def _journalled(entry: Entry, found: list[str]) -> tuple[str, ...]:
    """Journals that lists were written anew; why it could not, in words."""
    if not found:
        return ()
    try:
        with entry.store.write() as tx:
            said: dict[str, Json] = {"faults": len(found)}
            append(tx, at=entry.clock(), actor_id=None, action="mend_erasures", heading=Heading.SYSTEM, data=said)
    except (StoreError, RuleKept) as error:
        why = lower_first(error.what.rstrip(".")) if isinstance(error, StoreError) else "the store refused it"
        return (f"that a damaged list was written anew stands in no entry of the journal: {why}",)
    return ()


def settle_lists(entry: Entry) -> str:
    """What opening the store does: brings the lists up to date, which a run or a hold that was cut short left behind;
    keeps whose references are not given out again; says which destroyed cases are back, and which holds are not there.
    A list or a store that cannot be read is found by ``tracing-desk verify``.
    """
    names = (erasures.NAME, heldcopies.NAME)
    try:
        with entry.store.read() as tx:
            there = any((one / name).exists() for one in folders_of(entry.store.path.parent) for name in names)
            if not there and not erasures.all_hashes(tx, entry.store.key) and not heldrows.held_in(tx)["hold"]:
                return ""
            gone = _missing_holds(entry, tx)
        again = write_lists(entry).back
    except StoreDamaged:
        entry.store.reopen()
        return ""
    except StoreError:
        return ""
    said = [f"{plural(len(again), 'destroyed case')} came back"] if again else []
    if gone:
        said.append(f"{plural(gone, 'change')} of holds {'is' if gone == 1 else 'are'} not in the store any more")
    return f"{', and '.join(said)}: run tracing-desk verify." if said else ""


def back_again(entry: Entry, tx: Tx) -> tuple[str, ...]:
    """The cases that a list at hand has as destroyed, and that the store holds in full: an older copy of it was put
    in its place.
    """
    key = entry.store.key
    return erasures.back_again(tx, _listed(entry) - erasures.all_hashes(tx, key), key)


def _listed(entry: Entry) -> frozenset[str]:
    """The hashes of every list at hand that can be read under the store's key."""
    found: set[str] = set()
    for folder in folders_of(entry.store.path.parent):
        with suppress(OSError):
            one = erasures.read_list(folder / erasures.NAME, entry.store.key)
            found |= frozenset() if one.foreign else one.hashes
    return frozenset(found)


def _missing_holds(entry: Entry, tx: Tx) -> int:
    """How many changes of holds a copy at hand knows and the store does not, for the same reason."""
    copied = []
    for folder in folders_of(entry.store.path.parent):
        with suppress(OSError):
            copied.append(heldcopies.read_copy(folder, entry.store.key).rows)
    return heldcopies.count(heldrows.unknown(tx, heldrows.together(*copied)))


def list_faults(entry: Entry) -> tuple[str, ...]:
    """Lists that are not as they were written or lack something, cases that are back although a list has them, and
    holds that a copy has and the store has not.
    """
    key = entry.store.key
    with entry.store.read() as tx:
        gone = erasures.all_hashes(tx, key)
        back = back_again(entry, tx)
    found = [f"{one} was destroyed, and is back: restore the newest backup, which destroys it again" for one in back]
    found += [f"the lists in {one} cannot be reached" for one in unreached(entry.store.path.parent)]
    for folder in folders_of(entry.store.path.parent):
        try:
            said = erasures.read_list(folder / erasures.NAME, key)
        except OSError as error:
            found.append(f"the erasure list in {folder} cannot be read: {error.strerror}")
        else:
            found += [f"the erasure list in {folder}: {fault}" for fault in said.faults]
            if lacks := len(gone - said.hashes):
                found.append(f"the erasure list in {folder} lacks {plural(lacks, 'line')}")
        try:
            with entry.store.read() as tx:
                found += heldcopies.copy_faults(tx, folder, key)
        except OSError as error:
            found.append(f"the copy of the holds in {folder} cannot be read: {error.strerror}")
    return tuple(found)


# Under a new key


@dataclass(frozen=True, slots=True)
class Lists:
    """What every list at hand says together."""

    hashes: frozenset[str]
    rows: Rows


def translated(tx: Tx, home: Path, references: Iterable[str], old: bytes, new: bytes) -> Lists:
    """What the lists of a store whose key was changed say under its new one. Raises OSError."""
    known = [erasures.read_list(folder / erasures.NAME, old).hashes for folder in folders_of(home)]
    hashes = erasures.translated(frozenset().union(*known), references, old, new)
    copied = heldcopies.copies_in(folders_of(home), old).rows
    return Lists(frozenset(hashes) | erasures.all_hashes(tx, new), heldrows.brought_up(tx, copied))


def write_under(folder: Path, lists: Lists, key: bytes, old: bytes, random: Callable[[int], bytes]) -> None:
    """Writes both lists in a folder, written under the old key, anew; others are set aside. Raises OSError."""
    if erasures.read_list(folder / erasures.NAME, old).foreign:
        set_aside(folder / erasures.NAME)
    if (folder / heldcopies.NAME).exists() and not heldcopies.read_copy(folder, old).readable:
        set_aside(folder / heldcopies.NAME)
    erasures.write_list(folder / erasures.NAME, lists.hashes, key)
    heldcopies.write_copy(folder, lists.rows, key, random)
