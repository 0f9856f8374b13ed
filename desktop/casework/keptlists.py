"""The lists that lie beside the store and beside its backups, and outlive it.

The erasure list says who was destroyed (``db.erasures``); the copy of the holds, what may not be
(``desktop.casework.heldcopies``). Both are written from the store again at any time, and neither forgets.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from db import erasures, heldrows, journal, people
from db.chain import entry_hash
from db.erasures import Erasures
from db.errors import RuleKept, StoreDamaged, StoreError
from db.files import disk_told, set_aside, sweep
from db.journal import JournalFilter, append
from db.records import Heading, Json
from db.store import Tx
from desktop.casework import heldcopies
from desktop.casework.desk import Entry
from desktop.casework.heldcopies import COPY, LIST, in_words
from desktop.casework.keptfolders import (
    LEFT,
    anothers,
    folders_of,
    keep_unopened,
    kept_faults,
    kept_of,
    lists_aside,
    mend_kept,
    seal_beside,
    unreached,
)
from desktop.casework.listssaid import Lists, lists_in, unread, why
from desktop.policy.wording import lower_first, plural

_DESTROYING = ("destroy", "erase_again")
_BEHIND = 60.0
"""How many seconds the erasure lists may be behind a run."""
_APART = 9
"""How many times as long as a list takes to write it may be behind: a tenth of a run's time goes into its lists."""
_GONE = "connect its disk, or, where it is gone for good, give it up in Administration, Backups"
_ANOTHERS = "is another desk’s, and was left alone: back up into a folder that no other desk uses"


# Written


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
    home = entry.store.path.parent
    anew = mend_kept(entry)
    found: list[str] = []
    unwritten = [f"{LIST} in {one} cannot be reached" for one in unreached(home)]
    back: tuple[str, ...] = ()
    with entry.store.read() as tx:
        last = _last_destroyed(tx)
        stand = people.fact(tx, LEFT) == _as_now(last, home)
    if not stand:
        missing = len(unwritten)
        mended, failed, back = _write_each(entry)
        found += mended
        unwritten += failed
        if len(unwritten) == missing and not back:
            _note_lists(entry, last)
    told = _journalled(entry, found)
    return KeptLists((*anew, *found, *keep_holds(entry).mended), (*unwritten, *told), back)


def _write_each(entry: Entry) -> tuple[list[str], list[str], tuple[str, ...]]:
    """Reads each erasure list once, and writes it where it is not as it should be: what was wrong with one, which could
    not be written, and which cases are back.
    """
    key, mended, unwritten = entry.store.key, list[str](), list[str]()
    lists: dict[Path, Erasures] = {}
    for folder in folders_of(entry.store.path.parent):
        try:
            lists[folder] = erasures.read_list(folder / erasures.NAME, key)
        except OSError as error:
            unwritten.append(f"{LIST} in {folder} cannot be written: {why(error)}")
    with entry.store.read() as tx:
        known = erasures.all_hashes(tx, key)
    back: tuple[str, ...] = ()
    if unknown := _said(lists.values()) - known:
        with entry.store.write() as tx:
            back = erasures.keep_unknown(tx, unknown, key)
            known = erasures.all_hashes(tx, key)
    with entry.store.read() as tx:
        for folder, was in lists.items():
            try:
                if anothers(tx, entry, folder, was):
                    unwritten.append(f"{LIST} in {folder} {_ANOTHERS}")
                else:
                    if was.foreign:
                        keep_unopened(entry.store.path.parent, folder, key)
                        seal_beside(entry.store.path.parent, folder)
                    before = erasures.bring_up_to_date(folder / erasures.NAME, was, known, key)
                    mended += in_words(LIST, folder, before.faults)
            except OSError as error:
                unwritten.append(f"{LIST} in {folder} cannot be written: {why(error)}")
    return mended, unwritten, back


def _said(lists: Iterable[Erasures]) -> frozenset[str]:
    """The hashes of the lists that are under the store's key."""
    return frozenset[str]().union(*(one.hashes for one in lists if not one.foreign))


def write_first(tx: Tx, entry: Entry, folder: Path) -> None:
    """Writes the lists into a folder that has no backup yet: none is ever without them, so that one that was taken away
    is missed. Raises OSError.
    """
    key, path = entry.store.key, folder / erasures.NAME
    erasures.bring_up_to_date(path, erasures.read_list(path, key), erasures.all_hashes(tx, key), key)
    heldcopies.bring_up_to_date(tx, folder, key, entry.random)


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
            self._behind = max(_BEHIND, _APART * (self._written - begun))


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
    for name, folder in (("", home), *((str(one), one) for one in kept_of(home).folders)):
        files[name] = None
        with suppress(OSError):
            at = (folder / erasures.NAME).stat()
            files[name] = [at.st_ino, at.st_size, at.st_mtime_ns]
    return json.dumps([last, files], sort_keys=True)


def _note_lists(entry: Entry, last: list[tuple[int, str | None]]) -> None:
    """Keeps in the store how the erasure lists were left, with the last destruction that they were written from: one
    that came since is looked for the next time. Raises nothing.
    """
    with suppress(StoreError, RuleKept), entry.store.write() as tx:
        people.change_fact(tx, LEFT, _as_now(last, entry.store.path.parent))


@dataclass(frozen=True, slots=True)
class KeptHolds:
    """What became of the copies of the holds: what was wrong with one before, and which could not be written."""

    mended: tuple[str, ...] = ()
    unwritten: tuple[str, ...] = ()


def keep_holds(entry: Entry) -> KeptHolds:
    """Brings the copies of the holds alone up to date, as a hold is placed and with each step towards its release.

    Raises nothing: what was done stands in the store by now.
    """
    key, home = entry.store.key, entry.store.path.parent
    found: list[str] = []
    unwritten = [f"{COPY} in {one} cannot be reached" for one in unreached(home)]
    try:
        with entry.store.read() as tx:
            for folder in folders_of(home):
                for name in (heldcopies.NAME, erasures.NAME):
                    sweep(folder / name)
                try:
                    if _others_copy(tx, entry, folder):
                        unwritten.append(f"{COPY} in {folder} {_ANOTHERS}")
                    else:
                        was = heldcopies.bring_up_to_date(tx, folder, key, entry.random)
                        found += in_words(COPY, folder, was.faults)
                except OSError as error:
                    unwritten.append(f"{COPY} in {folder} cannot be written: {why(error)}")
    except StoreError as error:
        entry.store.reopen()
        unwritten.append(f"the copies of the holds cannot be written: {why(error)}")
    note_copied(entry)
    return KeptHolds(tuple(found), (*unwritten, *_journalled(entry, found)))


def _others_copy(tx: Tx, entry: Entry, folder: Path) -> bool:
    """Whether the copy of the holds in a folder is another desk's, which the list beside it tells. Raises OSError."""
    if heldcopies.read_copy(folder, entry.store.key).readable or not (folder / heldcopies.NAME).exists():
        return False
    return anothers(tx, entry, folder, erasures.read_list(folder / erasures.NAME, entry.store.key))


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
        reason = lower_first(error.what.rstrip(".")) if isinstance(error, StoreError) else "the store refused it"
        return (f"that a damaged list was written anew stands in no entry of the journal: {reason}",)
    return ()


def settle_lists(entry: Entry) -> str:
    """What opening the store does: brings the lists up to date, which a run or a hold that was cut short left behind;
    keeps whose references are not given out again; says which list was damaged and is written anew, which destroyed
    cases are back, and which holds are not there. A list or a store that cannot be read is found by ``tracing-desk
    verify``.
    """
    names = (erasures.NAME, heldcopies.NAME)
    anew = " ".join(f"{one}: see Administration, Backups." for one in mend_kept(entry))
    try:
        with entry.store.read() as tx:
            there = any((one / name).exists() for one in folders_of(entry.store.path.parent) for name in names)
            if not there and not erasures.all_hashes(tx, entry.store.key) and not heldrows.held_in(tx)["hold"]:
                return anew
            gone = _missing_holds(entry, tx)
        kept = write_lists(entry)
    except StoreDamaged:
        entry.store.reopen()
        return anew
    except StoreError:
        return anew
    said = [f"{plural(len(kept.back), 'destroyed case')} came back"] if kept.back else []
    if gone:
        said.append(f"{plural(gone, 'change')} of holds {'is' if gone == 1 else 'are'} not in the store any more")
    damaged = f"It was written anew from the store: {'; '.join(kept.mended)}." if kept.mended else ""
    told = (f"{', and '.join(said)}: run tracing-desk verify." if said else "", _settled_aside(entry), anew, damaged)
    return " ".join(one for one in told if one)


def _settled_aside(entry: Entry) -> str:
    """What is said at each start, until it is seen to, of an own erasure list that is under another key."""
    if not lists_aside(entry.store.path.parent):
        return ""
    return (
        "The erasure list beside the store was under another key, as where an older copy of the store was put back: run"
        " tracing-desk verify."
    )


def back_again(entry: Entry, tx: Tx) -> tuple[str, ...]:
    """The cases that a list at hand has as destroyed, and that the store holds in full: an older copy of it was put
    in its place.
    """
    key = entry.store.key
    return erasures.back_again(tx, _listed(entry) - erasures.all_hashes(tx, key), key)


def _listed(entry: Entry) -> frozenset[str]:
    """The hashes of every list at hand that can be read under the store's key."""
    found: list[Erasures] = []
    for folder in folders_of(entry.store.path.parent):
        with suppress(OSError):
            found.append(erasures.read_list(folder / erasures.NAME, entry.store.key))
    return _said(found)


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
    key, home = entry.store.key, entry.store.path.parent
    with entry.store.read() as tx:
        gone = erasures.all_hashes(tx, key)
        back = back_again(entry, tx)
    found = [f"{one} was destroyed, and is back: restore the newest backup, which destroys it again" for one in back]
    found += kept_faults(home)
    found += [f"the lists in {one} cannot be reached: {_GONE}" for one in unreached(home)]
    for folder in folders_of(home):
        try:
            said = erasures.read_list(folder / erasures.NAME, key)
            with entry.store.read() as tx:
                theirs = anothers(tx, entry, folder, said)
            if theirs:
                found.append(f"{LIST} in {folder} {_ANOTHERS}")
                continue
            found += in_words(LIST, folder, said.faults)
            if lacks := len(gone - said.hashes):
                found.append(f"{LIST} in {folder} lacks {plural(lacks, 'line')}")
        except OSError as error:
            found.append(unread(LIST, folder, error))
        try:
            with entry.store.read() as tx:
                found += heldcopies.copy_faults(tx, folder, key)
        except OSError as error:
            found.append(unread(COPY, folder, error))
    return tuple(found)


# Under a new key


def our_folders(entry: Entry) -> tuple[Path, ...]:
    """The folder of the store, and those of its backups whose lists can be read and are no other desk's.

    Remembers what is under an earlier key there, as each list is under the new one from here on. Raises StoreError,
    also where a list beside the store cannot be read.
    """
    key, home, ours = entry.store.key, entry.store.path.parent, list[Path]()
    with disk_told():
        heldcopies.read_copy(home, key)
        erasures.read_list(home / erasures.NAME, key)
    with entry.store.read() as tx:
        for folder in folders_of(home):
            # One that cannot be read is found by ``tracing-desk verify``, and is seen to as it can be.
            with suppress(OSError):
                said = erasures.read_list(folder / erasures.NAME, key)
                if not anothers(tx, entry, folder, said):
                    if said.foreign:
                        keep_unopened(home, folder, key)
                    ours.append(folder)
    return tuple(ours)


def translated(tx: Tx, folders: Iterable[Path], old: bytes, new: bytes) -> Lists:
    """What the lists in these folders say for a store whose key was changed, which keeps what they alone know, and the
    key under which they say it. Raises OSError.
    """
    erasures.keep_earlier_key(tx, old)
    said = lists_in(folders, old)
    unknown = said.hashes - erasures.all_hashes(tx, old)
    erasures.keep_unknown(tx, unknown, new)
    return replace(said, hashes=unknown | erasures.all_hashes(tx, new), rows=heldrows.brought_up(tx, said.rows))


def write_under(folder: Path, lists: Lists, key: bytes, old: bytes, random: Callable[[int], bytes]) -> None:
    """Writes both lists in a folder, written under the old key, anew; others are set aside. Raises OSError."""
    if erasures.read_list(folder / erasures.NAME, old).foreign:
        set_aside(folder / erasures.NAME)
    if (folder / heldcopies.NAME).exists() and not heldcopies.read_copy(folder, old).readable:
        set_aside(folder / heldcopies.NAME)
    erasures.write_list(folder / erasures.NAME, lists.hashes, key)
    heldcopies.write_copy(folder, lists.rows, key, random)
