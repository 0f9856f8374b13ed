"""The copy of the holds: a small sealed file beside the store, and beside its backups, that outlives the store.

A restore takes holds over from the store that it replaces. Where that cannot be read any more, it takes them from here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from db import heldrows
from db.backup import backups_in
from db.erasures import derived
from db.files import is_folder, set_aside, write_whole
from db.heldrows import Rows
from db.people import fact
from db.store import Tx
from desktop.policy.wording import plural
from desktop.security.sealed import DoesNotOpen, seal_bytes, unseal_bytes

NAME = "holds.sealed"
LIST, COPY = "the erasure list", "the copy of the holds"
"""What the two lists beside a store and its backups are called."""
COPIED = "holds_copied"
"""The fact about a store that copies of its holds were written: from then on one that is missing was taken away."""
_HEAD = b"tracing-desk holds 1\n"
_PURPOSE = "tracing-desk copy of the holds"


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy of the holds says, and what is wrong with it, in words."""

    rows: Rows = field(default_factory=heldrows.together)
    readable: bool = False
    faults: tuple[str, ...] = ()


def read_copy(folder: Path, key: bytes, *, expected: bool = False) -> Copy:
    """The copy in a folder. One that is not there says nothing; beside backups, where one is `expected`, that is wrong
    with it.

    Raises OSError where it cannot be read.
    """
    try:
        data = (folder / NAME).read_bytes()
    except FileNotFoundError:
        beside = expected and is_folder(folder) and backups_in(folder)
        return Copy(faults=("it is missing: it was taken away",) if beside else ())
    try:
        rows: Rows = json.loads(unseal_bytes(data, derived(key, _PURPOSE), _HEAD))
    except DoesNotOpen:
        return Copy(faults=("it does not open: it was changed or cut short, or is under another key",))
    return Copy(rows, readable=True)


def write_copy(folder: Path, rows: Rows, key: bytes, random: Callable[[int], bytes]) -> None:
    """Writes the copy in a folder anew, whole or not at all. Raises OSError."""
    content = json.dumps(rows, ensure_ascii=True).encode()
    write_whole(folder / NAME, seal_bytes(content, derived(key, _PURPOSE), _HEAD, random))


def bring_up_to_date(tx: Tx, folder: Path, key: bytes, random: Callable[[int], bytes]) -> Copy:
    """Writes the copy in a folder from the store's holds and from what it says already, where that is not what it is;
    returns it as it was before. One that does not open, such as another desk's, is set aside.

    Raises OSError.
    """
    was = read_copy(folder, key, expected=bool(fact(tx, COPIED)))
    if not was.readable and (folder / NAME).exists():
        aside = set_aside(folder / NAME)
        was = replace(was, faults=tuple(f"{fault}; it was set aside as {aside}" for fault in was.faults))
    rows = heldrows.brought_up(tx, was.rows)
    if not was.readable or rows != was.rows:
        write_copy(folder, rows, key, random)
    return was


def in_words(what: str, folder: Path, faults: Iterable[str]) -> tuple[str, ...]:
    """What is wrong with the list or the copy in a folder, as it is told."""
    return tuple(f"{what} in {folder}: {fault}" for fault in faults)


def copy_faults(tx: Tx, folder: Path, key: bytes) -> tuple[str, ...]:
    """What is wrong with the copy in a folder: damage, what it lacks, and what it alone knows. Raises OSError."""
    one = read_copy(folder, key, expected=bool(fact(tx, COPIED)))
    found = list(one.faults)
    if not one.faults and (lacks := heldrows.lacking(tx, one.rows)):
        found.append(f"it lacks {plural(lacks, 'change')} of holds")
    if more := count(heldrows.unknown(tx, one.rows)):
        found.append(
            f"it knows {plural(more, 'change')} of holds that the store does not: an older copy of the store was put"
            " back. Restore the newest backup, which takes them over"
        )
    return in_words(COPY, folder, found)


def count(rows: Rows) -> int:
    """How many changes of holds these rows are."""
    return sum(map(len, rows.values()))
