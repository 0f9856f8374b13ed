"""Restoring a backup: what it would change, the change itself, and the way back.

The backup is brought into a fresh file beside the store, which takes over what may not be lost (destroyed cases, holds,
runs, accounts, the journal's tail), is migrated and checked, and only then takes the store's place in one step. The
store that it replaces stays beside it until somebody confirms the restore.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db import backup, chain, erasures, health, replaying, swapping
from db.disposal import remains
from db.engine import look_at, rekey, told
from db.errors import StoreDamaged, StoreError, StoreMissing, WrongKey
from db.files import copy_whole, write_whole
from db.journal import append
from db.records import Heading, Json, Role
from db.replaced import Replaced, agreeing, later, new_cases, new_holds
from db.replaying import Carried
from db.store import FILE, Store, Tx, open_store
from desktop.casework import backups
from desktop.casework.accounts import sign_in
from desktop.casework.anchors import FILE_NAME as ANCHORS
from desktop.casework.anchors import journal_lines
from desktop.casework.backups import write_erasures
from desktop.casework.desk import Desk, Entry, Refused, check_signed_in, need_role
from desktop.casework.setup import SAMPLE_ID
from desktop.policy.wording import clock_time, day, london, plural
from desktop.security.keys import ID_FILE, RECOVERY_FILE, open_sealed, write_store_id

_SHOWN = 20
SECOND = (Role.RECORDS_OFFICER, Role.GUARDIAN)
"""Who confirms a restore beside an administrator."""


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
    listed: int = 0
    """Cases that the erasure list alone knows as destroyed, where the store cannot be read."""
    entries: int = 0
    """Entries of the journal since: what they did is lost, and they themselves are carried over."""
    holds: int = 0
    """Holds that were placed, steps that were taken towards their release, and links that were made or ended, since:
    they are carried over.
    """
    later: int = 0
    """Cases that are due for review later than by the backup: the later days stay."""
    readable: bool = True
    """Whether the store that is replaced can be read: else the erasure list alone says who was destroyed."""
    there: bool = True
    """Whether there is a store to be replaced."""
    list_faults: tuple[str, ...] = ()
    """What is wrong with the erasure lists."""

    def sentences(self) -> list[str]:
        """What would change, in words."""
        held = self.contents
        lines = [f"{held.path.name} holds {plural(held.cases, 'case')}, as of {when_written(held)}."]
        if self.readable:
            for found, words in (
                (self.lost, "that the backup does not have would be lost"),
                (self.older, "would go back to an earlier form"),
                (self.erased, "that came back with it would be destroyed again"),
            ):
                if found:
                    more = ", …" if len(found) > _SHOWN else ""
                    lines.append(f"{plural(len(found), 'case')} {words}: {', '.join(found[:_SHOWN])}{more}.")
            since = f"{plural(self.entries, 'entry', 'entries')} of the journal since then"
            holds = f" and {plural(self.holds, 'change')} of holds and links" if self.holds else ""
            lines.append(f"{since}{holds} would be carried over.")
            if self.later:
                lines.append(f"{plural(self.later, 'case')} would keep the later day of review that the store has now.")
        else:
            here = "The store here cannot be read" if self.there else "There is no store here"
            lines.append(f"{here}: what was done since the backup is lost, and holds with it.")
            again = plural(self.listed, "case") if self.listed else "no case"
            lines.append(f"By the erasure list, {again} in it would be destroyed again.")
        return [*lines, *(f"Wrong: {fault}." for fault in self.list_faults)]


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
    return _preview(home, entry.store.key, file, key_of(file, entry.store.key, recovery))


def preview(home: Path, key: bytes, file: Path, its_key: bytes) -> Preview:
    """The same for a folder whose store is open nowhere, and may not open. What is in its log goes into the file."""
    with swapping.at_rest(home / FILE, key):
        return _preview(home, key, file, its_key)


def _preview(home: Path, key: bytes, file: Path, its_key: bytes) -> Preview:
    contents = backup.look_into(file, its_key)
    known, faults = _listed(home, file, key)
    with _looking(file, its_key) as new:
        try:
            with _looking(home / FILE, key) as old:
                lost, older, erased = new_cases(old, new)
                return Preview(
                    contents,
                    tuple(lost),
                    tuple(older),
                    tuple(erased),
                    entries=old.head()[0] - agreeing(old, new),
                    holds=new_holds(old, new),
                    later=len(later(old, new)),
                    list_faults=faults,
                )
        except StoreError:
            listed = sum(1 for one in new.whole() if erasures.hash_of(one, key) in known)
            there = (home / FILE).exists()
            return Preview(contents, listed=listed, readable=False, there=there, list_faults=faults)


@contextmanager
def _looking(path: Path, key: bytes) -> Iterator[Replaced]:
    if not path.exists():
        raise StoreMissing
    raw = look_at(path, key)
    try:
        with told(path):
            yield Replaced(raw)
    finally:
        raw.close()


def key_of(file: Path, key: bytes, recovery: str = "") -> bytes:
    """The key that opens a backup: the store's, else what its recovery key unseals. Raises StoreError or KeyProblem."""
    if backup.opens(file, key):
        return key
    if recovery:
        return open_sealed(backups.recovery_of(file), recovery)
    if not file.is_file():
        raise StoreMissing("There is no such file.", todo="Choose a backup.")
    raise WrongKey(
        f"{file.name} does not open with the key of this store.",
        todo="Choose another backup of this store, or give the recovery key of its day if it is under an earlier key.",
    )


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
    """The second person, by their password. Raises Refused."""
    second = sign_in(desk, username, password)
    if second.user.role not in SECOND:
        raise Refused("A records officer or the guardian confirms this.")
    return second


def restore_unattended(entry: Entry, file: Path, recovery: str = "") -> Restored:
    """The same with nobody signed in, by whoever has the store's key."""
    return _restore(entry, file, recovery, None, {})


def _restore(entry: Entry, file: Path, recovery: str, actor: int | None, by: dict[str, int]) -> Restored:
    key = entry.store.key
    its_key = key_of(file, key, recovery)
    home = entry.store.path.parent
    entry.store.close()
    with swapping.alone(entry.store.path, key):
        found = put_back(home, key, file, its_key, entry.clock, actor=actor, by=by)
    write_erasures(entry)
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
) -> Restored:
    """Makes the fresh file from a backup and puts it into the store's place, whose file is at rest, damaged or gone."""
    contents = backup.look_into(file, its_key)
    known, faults = _listed(home, file, key)
    now = clock()
    with swapping.staged(home) as making:
        fresh = making / FILE
        copy_whole(file, fresh)
        if its_key != key:
            rekey(fresh, its_key, key)
        store = open_store(making, key)
        try:
            said: dict[str, Json] = {
                "backup": contents.path.name,
                "head": contents.head,
                "hash": contents.head_hash,
                "list_faults": len(faults),
            }
            carried, listed, readable = _replayed(store, home, key, known, now, (actor, by or {}), said)
            _check(store)
            name = swapping.replaced_name(home, now)
            _stage_anchors(store, home, making / ANCHORS, name)
            _stage_key(home, making, file, contents.store_id, under=its_key == key)
        finally:
            store.close()
        with swapping.alone(fresh, key):
            pass
        there = (home / FILE).exists()
        swapping.swap(home, FILE, swapping.Mark(f"The restore of {contents.path.name}", name))
    return Restored(contents, carried, tuple(listed), readable, home / name if there else None)


def _stage_anchors(store: Store, home: Path, new: Path, replaced: str) -> None:
    """The restored journal has its own anchors. Those of the journal that ends here are kept beside the store that is
    replaced, and stay when that goes.
    """
    if (home / ANCHORS).exists():
        copy_whole(home / ANCHORS, new.with_name(f"anchors-of-{Path(replaced).stem}.txt"))
    with store.read() as tx:
        lines = journal_lines(tx)
    write_whole(new, "".join(f"{line}\n" for line in reversed(lines)).encode())


def _stage_key(home: Path, making: Path, file: Path, store_id: str, *, under: bool) -> None:
    """What leads to the key comes with a backup that is `under` it, into a folder that has none of its own."""
    sealed = backups.recovery_of(file)
    if under and sealed.exists() and not (home / RECOVERY_FILE).exists():
        write_whole(making / RECOVERY_FILE, sealed.read_bytes())
    if store_id not in ("", SAMPLE_ID) and not (home / ID_FILE).exists():
        write_store_id(making, store_id)


def _replayed(
    store: Store,
    home: Path,
    key: bytes,
    known: frozenset[str],
    now: datetime,
    who: tuple[int | None, dict[str, int]],
    said: dict[str, Json],
) -> tuple[Carried, list[str], bool]:
    """What the fresh file takes over from the store that it replaces, or from the list where that cannot be read."""
    unread = (StoreDamaged, StoreMissing, WrongKey)
    with ExitStack() as stack:
        old = None
        with suppress(*unread):
            old = stack.enter_context(_looking(home / FILE, key))
        if old is not None:
            try:
                with store.write() as tx, replaying.without_guards(tx):
                    carried = replaying.carry_over(tx, old, now, who[0])
                    seq, head = old.head()
                    said |= {"replaced": {"head": seq, "hash": head}}
                    listed = _finish(tx, known, key, now, who, said, carried)
                return carried, listed, True
            except unread:
                # A fault of the file that is being made is none of the store's.
                if not old.failed:
                    raise
    carried = Carried()
    with store.write() as tx, replaying.without_guards(tx):
        if (home / FILE).exists():
            replaying.skip_numbers(tx)
        listed = _finish(tx, known, key, now, (None, {}), said | {"replaced": None}, carried)
    return carried, listed, False


def _finish(
    tx: Tx,
    known: frozenset[str],
    key: bytes,
    now: datetime,
    who: tuple[int | None, dict[str, int]],
    said: dict[str, Json],
    carried: Carried,
) -> list[str]:
    """`who`: whose deed it is, and who else had a part, by their numbers in the replaced store."""
    listed = replaying.erase_listed(tx, known, key, now)
    again: dict[str, Json] = {
        "erased": len(carried.erased) + len(listed),
        "holds": carried.holds + carried.hold_steps,
        "links": carried.links,
    }
    by = {part: carried.people[number] for part, number in who[1].items()}
    actor = None if who[0] is None else carried.people[who[0]]
    data: dict[str, Json] = {**said, **by, **again, "carried": carried.entries}
    append(tx, at=now, actor_id=actor, action="restore", heading=Heading.SYSTEM, data=data)
    return listed


def _check(store: Store) -> None:
    """Raises StoreDamaged where the fresh file is not sound: then it does not take the store's place."""
    with store.read() as tx:
        _, broken = chain.verify(tx)
        faults = [f"entry {one.seq} of the journal: {one.what}" for one in broken]
        faults += [*health.broken_pages(tx), *health.changed_guards(tx), *remains(tx)]
    if faults:
        raise StoreDamaged(
            f"The backup cannot be restored: {plural(len(faults), 'fault')} in it, the first: {faults[0]}.",
            safe="Nothing was changed.",
            todo="Restore another backup.",
        )


def _listed(home: Path, file: Path, key: bytes) -> tuple[frozenset[str], tuple[str, ...]]:
    """What the erasure lists beside the store, beside the backup and beside the other backups say together."""
    folders = dict.fromkeys((home, file.absolute().parent, *backups.kept_of(home).folders))
    lists = [(folder, erasures.read_list(folder / erasures.NAME, key)) for folder in folders if folder.is_dir()]
    known = frozenset[str]().union(*(one.hashes for _, one in lists))
    if any(one.foreign for folder, one in lists if folder == home) and not backup.opens(home / FILE, key):
        raise WrongKey(
            "The erasure list beside the store is under another key, so nobody can tell who was destroyed since.",
            todo="Use the newest recovery sheet.",
        )
    return known, tuple(f"the erasure list in {folder}: {fault}" for folder, one in lists for fault in one.faults)


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
    """Lets go of the stores that were replaced; returns how many."""
    need_role(desk, Role.ADMINISTRATOR)
    kept = swapping.replaced_files(desk.store.path.parent)
    if not kept:
        raise Refused("No restore waits to be confirmed.")
    with desk.store.write() as tx:
        check_signed_in(tx, desk.user)
        said: dict[str, Json] = {"removed": [path.name for path in kept]}
        append(tx, at=desk.clock(), actor_id=desk.user.id, action="confirm_restore", heading=Heading.SYSTEM, data=said)
    for path in kept:
        path.unlink(missing_ok=True)
        swapping.log_of(path).unlink(missing_ok=True)
    return len(kept)
