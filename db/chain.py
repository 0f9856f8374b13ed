"""Whether the journal's chain holds, and where not: every record is put together again and hashed. SQLite alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from db.journal import FIRST
from db.stretches import RECORD, TEXTS, stretch, stretches

if TYPE_CHECKING:
    from db.store import Store

MOST_FAULTS = 100
"""Faults that are told one by one."""
_NEAR = 64
"""How far from its place an entry is looked for whose neighbours say nothing of where it stood."""
_LONG = 20_000
"""Entries that are worth other processes."""
_LINKS = (
    "CAST(prev_hash AS BLOB), CAST(hash AS BLOB),"
    f" CASE WHEN {TEXTS} THEN CAST({RECORD} AS BLOB) ELSE x'' END FROM journal WHERE seq > ? ORDER BY seq"
)
_LOWEST = -(1 << 63)
"""Below every number that an entry can have."""
_SEQ = re.compile(rb'"seq":-?\d+\}$')


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the chain breaks, and how: `what` is a sentence about the entry `seq` without its end."""

    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as those after it know it: its number and its hash."""

    seq: int
    hash: str


START = Link(0, FIRST)
"""What stands before the first entry."""


def verify(tx: Connection, since: Link = START, store: Store | None = None) -> tuple[int, tuple[Fault, ...]]:
    """How many entries there are after `since`, which the caller trusts, and every place where the chain breaks.

    An edit, an insertion, a deletion and a change of order are told apart as far as a chain can tell them; what was cut
    off its end is for the anchors to tell, and for the numbers that were given out. `store`: what `tx` reads, where
    other processes may open it, for their part of the work of a long journal.
    """
    if (many := _whole(tx, since, store)) is not None:
        return many, ()
    return sum(1 for _ in _rows(tx, since.seq)), tuple(_explained(tx, since))


def _rows(tx: Connection, after: int) -> Iterator[tuple[int, bytes | None, bytes | None, bytes]]:
    raw: Any = tx.connection.driver_connection
    return iter(raw.execute(f"SELECT seq, {_LINKS}", (after,)))


def _whole(tx: Connection, since: Link, store: Store | None) -> int | None:
    """How many entries there are, if nothing at all is wrong with them: the quick look."""
    raw: Any = tx.connection.driver_connection
    first, last = raw.execute(
        "SELECT coalesce((SELECT min(seq) FROM journal), 1), coalesce((SELECT max(seq) FROM journal), 0)"
    ).fetchone()
    if first < 1:
        return None
    if store is None or last - since.seq < _LONG:
        parts = [stretch(raw, since.seq, last)]
    else:
        parts = stretches(raw, store.path, store.key, since.seq, last)
    before = since.hash.encode()
    for one in parts:
        if one is None or one.prev not in (b"", before):
            return None
        before = one.hash or before
    return max(int(last) - since.seq, 0)


@dataclass(slots=True)
class _Displaced:
    """Entries one after the other that stand `by` places after (before, where less than 0) where they were."""

    first: int
    last: int
    by: int


def _explained(tx: Connection, since: Link) -> Iterator[Fault]:
    """What is wrong, entry by entry: the slow look at a chain that is broken."""
    at = {found: seq for seq, _prev, found, _record in _rows(tx, since.seq)}
    at[since.hash.encode()] = since.seq
    below = "it was put in: no entry has a number below 1"
    faults = [Fault(row[0], below) for row in takewhile(lambda row: row[0] < 1, _rows(tx, _LOWEST))]
    moved: list[_Displaced] = []
    expected, before, sound, gaps = since.seq + 1, since.hash.encode(), True, False
    for seq, prev, found, record in _rows(tx, since.seq):
        own = hashlib.sha256(record).hexdigest().encode() == found
        if seq > expected:
            gaps = True
            faults.append(Fault(seq, _missing(expected, seq - 1)))
        if not own:
            origin = _origin(seq, prev, found, record, at, moved)
            if origin is None:
                faults.append(Fault(seq, "its content was changed"))
            elif moved and moved[-1].last == seq - 1 and moved[-1].by == seq - origin:
                moved[-1].last = seq
            else:
                moved.append(_Displaced(seq, seq, seq - origin))
        elif prev != before and seq == expected and sound:
            faults.append(Fault(seq - 1, f"it was changed and hashed anew: entry {seq} follows another one"))
        expected, before, sound = seq + 1, found or b"", own
    # An entry that was put in may be no sound entry either: that it was put in says enough.
    known = {one.seq: one for one in (*faults, *_order(moved, gaps=gaps))}
    faults = [known[seq] for seq in sorted(known)]
    yield from faults[:MOST_FAULTS]
    if len(faults) > MOST_FAULTS:
        yield Fault(faults[MOST_FAULTS].seq, f"{len(faults) - MOST_FAULTS} more faults from here on")


def _missing(first: int, last: int) -> str:
    if first == last:
        return f"entry {first} is missing before it"
    return f"entries {first} to {last} are missing before it"


def _origin(
    seq: int,
    prev: bytes | None,
    found: bytes | None,
    record: bytes,
    at: dict[bytes | None, int],
    moved: list[_Displaced],
) -> int | None:
    """The number under which an entry was written that stands under another; None where it is none of those near."""
    likely = [seq - moved[-1].by] if moved else []
    if prev in at:
        likely.append(at[prev] + 1)
    near = (seq + way * step for step in range(1, _NEAR + 1) for way in (1, -1))
    for number in (*likely, *near):
        if hashlib.sha256(_SEQ.sub(b'"seq":%d}' % number, record)).hexdigest().encode() == found:
            return number
    return None


def _order(moved: list[_Displaced], *, gaps: bool) -> Iterator[Fault]:
    """What the entries tell that stand under the numbers of others; `gaps`: entries are missing too."""
    stand = {seq for run in moved for seq in range(run.first, run.last + 1)}
    stood = {seq - run.by for run in moved for seq in range(run.first, run.last + 1)}
    before = 0
    for run in moved:
        was, many, before = run.first - run.by, run.by - before, run.by
        if stand == stood:
            yield Fault(run.first, f"it was entry {was}: entries were put in another order")
        elif gaps:
            yield Fault(run.first, f"it was entry {was}")
        elif many == 1:
            yield Fault(run.first - 1, f"it was put in: entry {run.first} was entry {was}")
        elif many > 0:
            yield Fault(run.first - many, f"{many} entries were put in: entry {run.first} was entry {was}")
        else:
            yield Fault(run.first, f"it was entry {was}: {_entries(-many)} taken out before it")


def _entries(many: int) -> str:
    return "1 entry was" if many == 1 else f"{many} entries were"


def entry_hash(tx: Connection, seq: int) -> str | None:
    """The hash of one entry, as it stands; None where there is no such entry."""
    raw: Any = tx.connection.driver_connection
    row = raw.execute("SELECT hash FROM journal WHERE seq = ?", (seq,)).fetchone()
    return None if row is None else str(row[0])


def records(tx: Connection) -> Iterator[tuple[str, str]]:
    """Every record of the journal exactly as it was hashed, and its hash, in order."""
    for _seq, _prev, found, record in _rows(tx, _LOWEST):
        yield record.decode(errors="replace"), (found or b"").decode(errors="replace")
