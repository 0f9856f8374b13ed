"""The journal: append-only, hash-chained, with personal values only as keyed commitments.

An entry's hash is SHA-256 over its canonical JSON (keys sorted, no spaces, UTF-8) with the hash of the entry before.
A value is bound by HMAC-SHA256 under its case's salt: once the salt is destroyed with the case, the chain still
verifies and says nothing about the person.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from db.bulk import insert_many
from db.records import Heading, Json
from db.records_log import JournalEntry
from db.schema import cases, journal, user
from db.times import moment_text

FIRST = "0" * 64
"""What stands as the hash before the first entry."""


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the chain breaks, and how."""

    seq: int
    what: str


class Canonical(str):
    """A canonical text that was made before: an entry's data as it is written."""

    __slots__ = ()


def canonical(value: Json) -> str:
    """JSON text that is the same for the same value: sorted keys, no spaces, characters as they are.

    Lone surrogates, which UTF-8 cannot carry, are escaped.
    """
    text = _ENCODER.encode(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return text


def digest(value: Json) -> str:
    """SHA-256 of a value's canonical text, in hex."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def commitment(salt: bytes, field: str, value: Json) -> str:
    """The keyed hash that binds a personal value without showing it."""
    return hmac.digest(salt, canonical([field, value]).encode(), "sha256").hex()


def commitment_to_text(salt: bytes, field: str, text: str) -> str:
    """The same for a value whose canonical text is at hand, and holds no lone surrogate."""
    return hmac.digest(salt, f"[{canonical(field)},{text}]".encode(), "sha256").hex()


def append(
    tx: Connection,
    *,
    at: datetime,
    actor_id: int | None,
    action: str,
    heading: Heading,
    case_id: int | None = None,
    data: Mapping[str, Json] | None = None,
) -> int:
    """Adds an entry to the chain and returns its number. `data` must hold no personal value in clear."""
    return append_each(tx, [(case_id, data or {})], at=at, actor_id=actor_id, action=action, heading=heading)


def last_entry(tx: Connection) -> tuple[int, str]:
    """The number and the hash of the last entry: the head of the chain."""
    last = tx.execute(select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)).first()
    return (last.seq, last.hash) if last else (0, FIRST)


def count_of(tx: Connection, case_id: int) -> int:
    """How many entries there are of a case."""
    return int(tx.execute(select(func.count()).select_from(journal).where(journal.c.case_id == case_id)).scalar_one())


def append_each(
    tx: Connection,
    about: Iterable[tuple[int | None, Mapping[str, Json] | Canonical]],
    *,
    at: datetime,
    actor_id: int | None,
    action: str,
    heading: Heading,
) -> int:
    """Adds an entry for each case, with its data, and returns the number of the last one."""
    seq, prev = last_entry(tx)
    moment = moment_text(at)
    rows = []
    for case_id, data in about:
        seq, text = seq + 1, data if isinstance(data, Canonical) else canonical(dict(data))
        entry_hash = _entry_hash(seq, moment, actor_id, action, heading, case_id, text, prev)
        rows.append((seq, at, actor_id, action, heading.value, case_id, text, prev, entry_hash))
        prev = entry_hash
    insert_many(tx, journal, _COLUMNS, rows)
    return seq


_COLUMNS = ("seq", "at", "actor_id", "action", "heading", "case_id", "data", "prev_hash", "hash")


def _entry_hash(
    seq: int, at: str, actor_id: int | None, action: str, heading: str, case_id: int | None, data: str, prev: str
) -> str:
    record = {
        "action": action,
        "actor": actor_id,
        "at": at,
        "case": case_id,
        "data": data,
        "heading": str(heading),
        "prev": prev,
        "seq": seq,
    }
    return digest(record)


def verify(tx: Connection) -> tuple[int, tuple[Fault, ...]]:
    """How many entries there are, and every place where the chain does not hold."""
    faults: list[Fault] = []
    expected, prev, count = 1, FIRST, 0
    for row in tx.execute(select(journal).order_by(journal.c.seq)):
        count += 1
        if row.seq != expected:
            faults.append(Fault(row.seq, f"entry {expected} is missing before it"))
        if row.prev_hash != prev:
            faults.append(Fault(row.seq, "it does not follow the entry before it"))
        found = _entry_hash(
            row.seq, moment_text(row.at), row.actor_id, row.action, row.heading, row.case_id, row.data, row.prev_hash
        )
        if found != row.hash:
            faults.append(Fault(row.seq, "its content was changed"))
        expected, prev = row.seq + 1, row.hash
    return count, tuple(faults)


def entries(tx: Connection, *, case_id: int | None = None, after: int = 0, limit: int = 1000) -> Iterator[JournalEntry]:
    """Entries in order, of one case or of all, from the one after `after`."""
    query = (
        select(journal, user.c.name.label("actor_name"), cases.c.reference)
        .join_from(journal, user, journal.c.actor_id == user.c.id, isouter=True)
        .join(cases, journal.c.case_id == cases.c.id, isouter=True)
        .where(journal.c.seq > after)
        .order_by(journal.c.seq)
        .limit(limit)
    )
    if case_id is not None:
        query = query.where(journal.c.case_id == case_id)
    for row in tx.execute(query):
        yield JournalEntry(
            seq=row.seq,
            at=row.at,
            actor_id=row.actor_id,
            actor=row.actor_name or "",
            action=row.action,
            heading=Heading(row.heading),
            case_id=row.case_id,
            reference=row.reference or "",
            data=json.loads(row.data),
            prev_hash=row.prev_hash,
            hash=row.hash,
        )
