"""Restoring a backup, and the way back. What it would change is said first: see ``restorepreview``.

The backup is brought into a fresh file beside the store, which takes over what may not be lost (destroyed cases, holds,
runs, accounts, the journal's tail), is migrated and checked, and only then takes the store's place in one step. The
store that it replaces stays beside it until somebody confirms the restore.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db import backup, chain, health, heldrows, replaying, swapping
from db.destroyed import remains
from db.engine import rekey
from db.erasures import keep_earlier_key
from db.errors import StoreDamaged, WrongKey
from db.files import copy_whole, write_whole
from db.journal import append
from db.records import Heading, Json, Role
from db.replaced import READ, Replaced, case_keys, listed_in
from db.replayheld import carry_copied
from db.replaying import Carried
from db.store import FILE, Store, Tx, open_store
from db.wholeness import changed_schema
from desktop.casework import backups
from desktop.casework.accounts import NotSignedIn, sign_in
from desktop.casework.anchors import FILE_NAME as ANCHORS
from desktop.casework.anchors import journal_lines
from desktop.casework.desk import Desk, Entry, Invalid, Refused, check_signed_in, need_role
from desktop.casework.keptfolders import keep_restored, mend_kept
from desktop.casework.keptlists import write_lists
from desktop.casework.listssaid import Lists
from desktop.casework.restorepreview import (
    key_of,
    listed,
    looking,
    parts_of,
    replaced_store,
    spared_words,
)
from desktop.casework.setup import SAMPLE_ID
from desktop.policy.fields import Problem
from desktop.policy.wording import join_and, plural
from desktop.security.keys import ID_FILE, RECOVERY_FILE, write_store_id

SECOND = (Role.RECORDS_OFFICER, Role.GUARDIAN)
"""Who confirms a restore beside an administrator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """Restores a backup: an administrator asks, and a records officer or the guardian confirms with their password.

    `recovery`: the recovery key of a backup that is under an earlier key of the store.
    """

    file: Path
    second: str
    password: str
    recovery: str = ""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did. The store that it replaced is at `replaced`, if there was one."""

    contents: backup.Contents
    carried: Carried
    listed: tuple[str, ...]
    """Cases that the erasure list alone knew as destroyed, and that were emptied again."""
    readable: bool
    replaced: Path | None
    list_faults: tuple[str, ...]
    """What was wrong with the erasure lists and the copies of the holds: it may not know all that was destroyed."""

    @property
    def again(self) -> tuple[str, ...]:
        """The cases that came back and were destroyed again."""
        return (*self.carried.erased, *self.listed)

    @property
    def unread(self) -> tuple[str, ...]:
        """What some of it could not be read in the store that it replaced, in words."""
        return parts_of(self.carried.unread)

    def sentences(self) -> list[str]:
        """What it did, in words."""
        lines = [f"{self.contents.path.name} is the store now."]
        if self.again:
            lines.append(f"{plural(len(self.again), 'case')} that came back with it went again.")
        if self.carried.spared:
            lines.append(spared_words(self.carried.spared))
        if self.unread:
            lines.append(f"Some {join_and(self.unread)} could not be read in the store that it replaced, and are lost.")
        copied = self.carried.copied
        if changes := copied.changes + copied.links:
            lines.append(f"{plural(changes, 'change')} of holds and links came from the copy of the holds.")
        if copied.accounts:
            lines.append(f"{plural(copied.accounts, 'account')} came with them, switched off and without a password.")
        return [*lines, *(f"Wrong: {fault}." for fault in self.list_faults)]


def restore(desk: Desk, command: Restore) -> Restored:
    """Restores a backup in the place of the store. Raises Refused, StoreError, KeyProblem or OSError: then all is as it
    was. The desk is to be opened anew afterwards.
    """
    need_role(desk, Role.ADMINISTRATOR)
    with desk.store.read() as tx:
        check_signed_in(tx, desk.user)
    second = confirmed_by(desk, command.second, command.password)
    by = {"asked_by": desk.user.id, "confirmed_by": second.user.id}
    return _restore(desk, command.file, command.recovery, desk.user.id, by)


def confirmed_by(desk: Desk, username: str, password: str) -> Desk:
    """The second person, by a password of their own choice. Raises Invalid beside `second` or `password`."""
    try:
        second = sign_in(desk, username, password)
    except NotSignedIn as error:
        raise Invalid((Problem("password", str(error), hard=True),)) from error
    try:
        with desk.store.read() as tx:
            check_signed_in(tx, second.user)
    except Refused as error:
        raise Invalid((Problem("second", str(error), hard=True),)) from error
    if second.user.role not in SECOND:
        raise Invalid((Problem("second", "A records officer or the guardian confirms this.", hard=True),))
    return second


def restore_unattended(entry: Entry, file: Path, recovery: str = "") -> Restored:
    """The same with nobody signed in, by whoever has the store's key."""
    return _restore(entry, file, recovery, None, {})


def _restore(entry: Entry, file: Path, recovery: str, actor: int | None, by: dict[str, int]) -> Restored:
    key = entry.store.key
    home = entry.store.path.parent
    mend_kept(entry)
    entry.store.empty_log()
    its_key = key_of(home, file, key, recovery)
    entry.store.close()
    with swapping.alone(entry.store.path, key):
        found = put_back(home, key, file, its_key, entry.clock, actor=actor, by=by)
    keep_restored(home, file, its_key, key)
    write_lists(entry)
    return found


def put_back(
    home: Path,
    key: bytes,
    file: Path,
    its_key: bytes,
    clock: Callable[[], datetime],
    *,
    actor: int | None = None,
    by: dict[str, int] | None = None,
    sealed: Path | None = None,
) -> Restored:
    """Makes the fresh file from a backup and puts it into the store's place, whose file is at rest, damaged or gone.

    `sealed`: the file that seals the store's key, where that is known; else the one beside a backup that is under it.
    """
    contents = backup.look_into(file, its_key)
    known = listed(home, file, key, its_key)
    now = clock()
    with swapping.staged(home) as making:
        fresh = making / FILE
        copy_whole(file, fresh)
        if its_key != key:
            rekey(fresh, its_key, key)
        store = open_store(making, key)
        try:
            if its_key != key:
                with store.write() as tx:
                    keep_earlier_key(tx, its_key)
            said: dict[str, Json] = {
                "backup": contents.path.name,
                "head": contents.head,
                "hash": contents.head_hash,
                "list_faults": len(known.faults),
            }
            carried, again, readable = _replayed(store, home, key, known, now, (actor, by or {}), said)
            _check(store)
            name = swapping.replaced_name(home, now)
            _stage_anchors(store, home, making / ANCHORS, name)
            _stage_key(
                home, making, sealed or (backups.recovery_of(file) if its_key == key else None), contents.store_id
            )
        finally:
            store.close()
        with swapping.alone(fresh, key):
            pass
        there = (home / FILE).exists()
        swapping.swap(home, FILE, swapping.Mark(f"The restore of {contents.path.name}", name))
    return Restored(contents, carried, tuple(again), readable, home / name if there else None, known.faults)


def _stage_anchors(store: Store, home: Path, new: Path, replaced: str) -> None:
    """The restored journal has its own anchors. Those of the journal that ends here are kept beside the store that is
    replaced, and stay when that goes.
    """
    if (home / ANCHORS).exists():
        copy_whole(home / ANCHORS, new.with_name(f"anchors-of-{Path(replaced).stem}.txt"))
    with store.read() as tx:
        lines = journal_lines(tx)
    write_whole(new, "".join(f"{line}\n" for line in reversed(lines)).encode())


def _stage_key(home: Path, making: Path, sealed: Path | None, store_id: str) -> None:
    """What leads to the key comes from beside a backup, into a folder that has none of its own."""
    if sealed and sealed.exists() and not (home / RECOVERY_FILE).exists():
        write_whole(making / RECOVERY_FILE, sealed.read_bytes())
    if store_id not in ("", SAMPLE_ID) and not (home / ID_FILE).exists():
        write_store_id(making, store_id)


def _replayed(
    store: Store,
    home: Path,
    key: bytes,
    known: Lists,
    now: datetime,
    who: tuple[int | None, dict[str, int]],
    said: dict[str, Json],
) -> tuple[Carried, list[str], bool]:
    """What the fresh file takes over from the store that it replaces, or from the lists where that cannot be read."""
    with replaced_store(home, key) as old, store.write() as tx, replaying.without_guards(tx):
        # Asked first: the hashes that are taken over say nothing of what the backup kept.
        fresh = Replaced(tx.connection.driver_connection)
        knowing = fresh.knowingly(case_keys([key], fresh))
        if old is None:
            replaying.skip_numbers(tx)
            carried, who = Carried(), (None, {})
            said |= {"replaced": None}
        else:
            carried = replaying.carry_over(tx, old, now, who[0])
            seq, head = old.head()
            said |= {"replaced": {"head": seq, "hash": head}}
            if old.unread:
                said |= {"unread": [*parts_of(old.unread)]}
        carried.knowing = knowing
        again = _finish(tx, known, old, key, now, who, said, carried)
        return carried, again, old is not None


def _finish(
    tx: Tx,
    known: Lists,
    old: Replaced | None,
    key: bytes,
    now: datetime,
    who: tuple[int | None, dict[str, int]],
    said: dict[str, Json],
    carried: Carried,
) -> list[str]:
    """`who`: whose deed it is, and who else had a part, by their numbers in the replaced store."""
    with heldrows.as_store(known.rows) as copy:
        carried.copied = carry_copied(tx, copy, now)
    fresh = Replaced(tx.connection.driver_connection)
    of_cases = case_keys([key], fresh)
    gone, carried.spared = listed_in(fresh, [old] if old else [], known.hashes, of_cases, carried.knowing)
    again = replaying.erase_listed(tx, gone, known.hashes, now)
    done: dict[str, Json] = {
        "erased": len(carried.erased) + len(again),
        # Where no list has anybody, somebody who was destroyed may be back.
        "erasure_list": bool(known.hashes),
        "spared": len(carried.spared),
        "holds": carried.held.changes,
        "links": carried.held.links,
        "holds_from_copy": carried.copied.changes,
        "links_from_copy": carried.copied.links,
    }
    by = {part: carried.people[number] for part, number in who[1].items()}
    actor = None if who[0] is None else carried.people[who[0]]
    data: dict[str, Json] = {**said, **by, **done, "carried": carried.entries}
    append(tx, at=now, actor_id=actor, action="restore", heading=Heading.SYSTEM, data=data)
    return again


def _check(store: Store) -> None:
    """Raises StoreDamaged where the fresh file is not sound: then it does not take the store's place."""
    with store.read() as tx:
        _, broken = chain.verify(tx, store=store)
        faults = [f"entry {one.seq} of the journal: {one.what}" for one in broken]
        faults += [*health.broken_pages(tx), *changed_schema(tx), *remains(tx)]
    if faults:
        raise StoreDamaged(
            f"The backup cannot be restored: {plural(len(faults), 'fault')} in it, the first: {faults[0]}.",
            safe="Nothing was changed.",
            todo="Restore another backup.",
        )


# After a restore


def undo_restore(desk: Desk, second: str, password: str) -> Restored:
    """Puts the store that the last restore replaced back, by a restore of its own: whoever was destroyed stays so.

    Raises Refused where there is none.
    """
    kept = swapping.replaced_files(desk.store.path.parent)
    if not kept:
        raise Refused("No restore waits to be confirmed.")
    return restore(desk, Restore(file=kept[-1], second=second, password=password))


def confirm_restore(desk: Desk) -> int:
    """Lets go of the stores that were replaced; returns how many. Raises Refused, also while one of them alone has a
    case over which a hold stands.
    """
    need_role(desk, Role.ADMINISTRATOR)
    kept = swapping.replaced_files(desk.store.path.parent)
    if not kept:
        raise Refused("No restore waits to be confirmed.")
    if alone := sorted(frozenset[str]().union(*(_held_there_alone(desk, path) for path in kept))):
        raise Refused(
            f"The store of before has {plural(len(alone), 'case')} under a hold that the restored store lacks:"
            f" {', '.join(alone)}. Go back to it, or have the hold released there first."
        )
    with desk.store.write() as tx:
        check_signed_in(tx, desk.user)
        said: dict[str, Json] = {"removed": [path.name for path in kept]}
        append(tx, at=desk.clock(), actor_id=desk.user.id, action="confirm_restore", heading=Heading.SYSTEM, data=said)
    for path in kept:
        path.unlink(missing_ok=True)
        swapping.log_of(path).unlink(missing_ok=True)
    return len(kept)


def _held_there_alone(desk: Desk, path: Path) -> frozenset[str]:
    """The cases over which a hold stands in a store that was replaced, and that this one does not know. A store of
    which nothing can be read knows none.
    """
    with suppress(StoreDamaged, WrongKey), looking(path, desk.store.key, READ) as old, desk.store.read() as tx:
        return old.held() - frozenset(Replaced(tx.connection.driver_connection).references.values())
    return frozenset()
