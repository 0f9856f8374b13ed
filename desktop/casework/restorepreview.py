"""What restoring a backup would change, and what of it can be known: said before it is done, and changing nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db import backup, heldrows, swapping
from db.engine import told
from db.errors import StoreDamaged, StoreError, StoreMissing, WrongKey
from db.replaced import OF_RUNS, READ, Replaced, agreeing, case_keys, later, listed_in, narrowed, new_cases, new_holds
from db.salvage import look_past_damage
from db.store import FILE
from desktop.casework import backups
from desktop.casework.desk import Entry
from desktop.casework.heldcopies import COPIED
from desktop.casework.keptfolders import folders_of, one_name
from desktop.casework.listssaid import Lists, lists_in
from desktop.policy.wording import clock_time, day, join_and, london, plural
from desktop.security.keys import KeyProblem, WrongRecoveryCode, open_sealed, read_store_id

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Preview:
    """What a restore would change. Each list has references."""

    contents: backup.Contents
    lost: tuple[str, ...] = ()
    """Cases that the backup does not have."""
    older: tuple[str, ...] = ()
    """Cases that go back to an earlier form."""
    erased: tuple[str, ...] = ()
    """Cases that were destroyed since, and will be again."""
    held: frozenset[str] = frozenset()
    """Of these, the cases over which a hold stands now."""
    listed: int = 0
    """Cases that the erasure list alone knows as destroyed."""
    spared: frozenset[str] = frozenset()
    """Cases that the erasure lists have, and that stay: see ``db.replaced.listed_in``."""
    entries: int = 0
    """Entries of the journal since: what they did is lost, and they themselves are carried over."""
    holds: int = 0
    """Holds that were placed, steps that were taken towards their release, and links that were made or ended, since:
    they are carried over, from the store and from the copy of its holds.
    """
    narrowed: tuple[str, ...] = ()
    """Cases that a hold on a person would not reach any more: each gets a hold of its own."""
    later: int = 0
    """Cases that are due for review later than by the backup: the later days stay."""
    readable: bool = True
    """Whether the store that is replaced can be read: else the erasure list alone says who was destroyed."""
    unread: tuple[str, ...] = ()
    """What some of it cannot be read, in words: the rest is carried over."""
    there: bool = True
    """Whether there is a store to be replaced."""
    copied: bool = True
    """Whether a copy of the holds can be read: else those placed since are lost where the store cannot be read."""
    list_faults: tuple[str, ...] = ()
    """What is wrong with the erasure lists and the copies of the holds."""

    def sentences(self) -> list[str]:
        """What would change, in words."""
        there = self.contents
        lines = [f"{there.path.name} holds {plural(there.cases, 'case')}, as of {when_written(there)}."]
        if self.unread:
            lines.append(
                f"The store here is damaged: some {join_and(self.unread)} cannot be read, and would be lost."
                " The rest would be carried over, and so would what the erasure list and the copy of the holds say."
            )
        if self.readable:
            for found, words in (
                (self.lost, "that the backup does not have would be lost"),
                (self.older, "would go back to an earlier form"),
                (self.erased, "that came back with it would be destroyed again"),
            ):
                if found:
                    more = ", …" if len(found) > _SHOWN else ""
                    lines.append(f"{plural(len(found), 'case')} {words}: {', '.join(found[:_SHOWN])}{more}.")
                if held := [one for one in found if one in self.held]:
                    are = "is" if len(held) == 1 else "are"
                    lines.append(f"{len(held)} of them {are} under a hold: {', '.join(held)}.")
            since = f"{plural(self.entries, 'entry', 'entries')} of the journal since then"
            holds = f" and {plural(self.holds, 'change')} of holds and links" if self.holds else ""
            lines.append(f"{since}{holds} would be carried over.")
            if self.later:
                lines.append(f"{plural(self.later, 'case')} would keep the later day of review that the store has now.")
        else:
            here = "The store here cannot be read" if self.there else "There is no store here"
            lines.append(f"{here}: what was done since the backup is lost{self._held()}")
        if self.listed or not self.readable:
            again = plural(self.listed, "case") if self.listed else "no case"
            lines.append(f"By the erasure list, {again} in it would be destroyed again.")
        if self.spared:
            lines.append(spared_words(self.spared))
        if self.narrowed:
            one = len(self.narrowed) == 1
            each = "1 case gets a hold of its own" if one else f"{len(self.narrowed)} cases get holds of their own"
            why = f"the backup lacks what joins a hold on a person to {'it' if one else 'them'}"
            lines.append(f"{each}, since {why}: {', '.join(self.narrowed)}.")
        return [*lines, *(f"Wrong: {fault}." for fault in self.list_faults)]

    def _held(self) -> str:
        if not self.copied:
            return ", and holds with it."
        changes = plural(self.holds, "change") if self.holds else "no change"
        return f". From the copy of the holds, {changes} of holds and links would be carried over."


def spared_words(references: frozenset[str]) -> str:
    """What is said of cases that an erasure list has, and that stay."""
    many = len(references) > 1
    case = f"{plural(len(references), 'case')} {'stay' if many else 'stays'} though the erasure list has"
    which, them = ("their references", "them") if many else ("its reference", "it")
    why = f"a hold stands over {them}, or the store knows another case that was destroyed under {which}"
    return f"{case} {which}, since {why}: {', '.join(sorted(references))}."


def when_written(held: backup.Contents) -> str:
    """Until when a backup knows what was done."""
    if not held.written_until:
        return "its beginning"
    at = london(datetime.fromisoformat(held.written_until))
    return f"{day(at.date())} at {clock_time(at)}"


def preview_restore(entry: Entry, file: Path, recovery: str = "") -> Preview:
    """What restoring this backup would change. Changes nothing. Raises StoreError, KeyProblem or OSError."""
    home = entry.store.path.parent
    # What is in the write-ahead log counts: the look below reads the file alone.
    entry.store.empty_log()
    return _preview(home, entry.store.key, file, key_of(home, file, entry.store.key, recovery))


def preview(home: Path, key: bytes, file: Path, its_key: bytes) -> Preview:
    """The same for a folder whose store is open nowhere, and may not open. What is in its log goes into the file."""
    with swapping.at_rest(home / FILE, key):
        return _preview(home, key, file, its_key)


def _preview(home: Path, key: bytes, file: Path, its_key: bytes) -> Preview:
    contents = backup.look_into(file, its_key)
    known = listed(home, file, key, its_key)
    with looking(file, its_key) as new, heldrows.as_store(known.rows) as copy, replaced_store(home, key) as old:
        others = [copy] if old is None else [old, copy]
        of_cases = case_keys((key, its_key), new, *others)
        again, spared = listed_in(new, others, known.hashes, of_cases, new.knowingly(of_cases))
        if old is None:
            return Preview(
                contents,
                listed=len(again),
                holds=new_holds(new, copy),
                narrowed=tuple(sorted(narrowed(new, copy))),
                spared=spared,
                readable=False,
                there=(home / FILE).exists(),
                copied=known.copied,
                list_faults=known.faults,
            )
        lost, older, erased = new_cases(old, new)
        return Preview(
            contents,
            tuple(lost),
            tuple(older),
            tuple(erased),
            old.held() & {*lost, *older},
            listed=len(again - {*erased}),
            entries=old.entries_after(agreeing(old, new)),
            holds=new_holds(new, old, copy),
            narrowed=tuple(sorted(narrowed(new, old, copy))),
            later=len(later(old, new)),
            spared=spared - {*erased},
            unread=parts_of(old.unread),
            copied=known.copied,
            list_faults=known.faults,
        )


@contextmanager
def replaced_store(home: Path, key: bytes) -> Iterator[Replaced | None]:
    """The store that a restore replaces, which is at rest; None where nothing of it can be read. The restore and what
    is said before it both read it through this.
    """
    with ExitStack() as stack:
        old = None
        with suppress(StoreDamaged, StoreMissing, WrongKey):
            old = stack.enter_context(looking(home / FILE, key, READ))
        yield old


@contextmanager
def looking(path: Path, key: bytes, tables: Collection[str] = ()) -> Iterator[Replaced]:
    """A store that is at rest, or a backup, to be read. Of these tables, rows that are lost to damage are not there.

    Raises StoreError, for any other damage too.
    """
    if not path.exists():
        raise StoreMissing
    raw, unread = look_past_damage(path, key, tables)
    try:
        with told(path):
            yield Replaced(raw, unread)
    finally:
        raw.close()


_PARTS = {
    "hold": "holds", "hold_step": "holds", "cases": "cases", "agreement_text": "cases", "identifier": "cases",
    "link": "links between cases", "relation": "links between cases", "disposal_run": "disposal runs",
    **dict.fromkeys(OF_RUNS, "disposal runs"), "destruction_certificate": "certificates of destruction",
    "user": "accounts", "journal": "entries of the journal", "meta": "numbers that were given out",
    "sqlite_sequence": "numbers that were given out",
}  # fmt: skip


def parts_of(tables: frozenset[str]) -> tuple[str, ...]:
    """What stands in tables of a store, in words: what moves a review is all the rest."""
    found = {_PARTS.get(one, "days of review") for one in tables}
    return tuple(sorted(found, key=[*_PARTS.values(), "days of review"].index))


def key_of(home: Path, file: Path, key: bytes, recovery: str = "") -> bytes:
    """The key that opens a backup: that of the store in `home`, else what the backup's recovery key unseals.

    Raises KeyProblem or StoreError, also for another desk's backup where there is a store, which may not open.
    """
    its_key = _opening(file, key, recovery)
    ours, theirs = _id_here(home, key), _id_of(file, its_key)
    if ours and theirs and ours != theirs:
        raise StoreError(
            f"{file.name} is a backup of another desk’s store.",
            safe="Nothing was changed.",
            todo="Choose a backup of this store. Restore the other one into an empty folder of its own.",
        )
    return its_key


class EarlierKey(WrongKey):
    """A backup that the store's key does not open: the recovery key of its day may."""


class WrongEarlierCode(WrongRecoveryCode):
    """What was typed is not the recovery key of a backup's day."""

    what = "The recovery key does not open this backup."
    todo = "Type the one of the sheet that was printed last before the backup was made."


def _opening(file: Path, key: bytes, recovery: str) -> bytes:
    if backup.opens(file, key):
        return key
    if recovery:
        try:
            return open_sealed(backups.recovery_of(file), recovery)
        except WrongRecoveryCode as error:
            # What is not a whole recovery key says so itself.
            other = error.what == WrongRecoveryCode.what
            raise WrongEarlierCode("" if other else error.what, todo="" if other else error.todo) from error
    if not file.is_file():
        raise StoreMissing("There is no such file.", todo="Choose a backup.")
    raise EarlierKey(
        f"{file.name} does not open with the key of this store.",
        todo="Choose another backup of this store, or give the recovery key of its day if it is under an earlier key.",
    )


def _id_here(home: Path, key: bytes) -> str:
    """The id of the store in a folder, also of one that does not open; "" where there is none, or it is not known."""
    if not (home / FILE).exists():
        return ""
    with suppress(KeyProblem):
        return _id_of(home / FILE, key) or read_store_id(home)
    return ""


def _id_of(path: Path, key: bytes) -> str:
    """The id of a store or a backup; "" for one that is not there, cannot be read, or is older than ids."""
    return _fact_of(path, key, "store_id")


def _fact_of(path: Path, key: bytes, name: str) -> str:
    """A fact about a store or a backup; "" for one that is not there, cannot be read, or does not know it."""
    try:
        with looking(path, key, ("meta",)) as one:
            return next((str(row["value"]) for row in one.rows("meta", "WHERE key = ?", (name,))), "")
    except StoreError:
        return ""


_APART = " If the list is another desk’s, copy the backup and its recovery file into a folder of their own."


def listed(home: Path, file: Path, key: bytes, its_key: bytes) -> Lists:
    """What the lists beside the store, beside the backup and beside the other backups say together, and outlive the
    store.

    Raises OSError, or WrongKey where the erasure list beside the store, or beside the backup, is under another key
    while the store does not open: it may have been written under a newer one.
    """
    beside_it = one_name(file.parent)
    expected = any(_fact_of(path, one, COPIED) for path, one in ((file, its_key), (home / FILE, key)))
    found = lists_in(dict.fromkeys((*folders_of(home), beside_it)), key, expected=expected)
    if not backup.opens(home / FILE, key):
        for folder, beside, way in ((home, "the store", ""), (beside_it, "the backup", _APART)):
            if folder in found.foreign:
                raise WrongKey(
                    f"The erasure list beside {beside} is under another key, so nobody can tell who was destroyed"
                    " since.",
                    todo=f"Use the newest recovery sheet.{way}",
                )
    return found
