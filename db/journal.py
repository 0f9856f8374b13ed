"""The journal: append-only, hash-chained, with personal values only as keyed commitments.

An entry's hash is SHA-256 over its canonical JSON (keys sorted, no spaces, UTF-8) with the hash of the entry before.
A value is bound by HMAC-SHA256 under its case's salt: once the salt is destroyed with the case, the chain still
verifies and says nothing about the person.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from db.records import Heading, JournalEntry, Json
from db.schema import cases, journal, user
from db.times import moment_text

FIRST = "0" * 64
"""What stands as the hash before the first entry."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the chain breaks, and how."""

    seq: int
    what: str


def canonical(value: Json) -> str:
    """JSON text that is the same for the same value: sorted keys, no spaces, characters as they are.

    Lone surrogates, which UTF-8 cannot carry, are escaped.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
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
    return hmac.new(salt, canonical([field, value]).encode(), hashlib.sha256).hexdigest()


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
    last = tx.execute(select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)).first()
    seq, prev = (last.seq + 1, last.hash) if last else (1, FIRST)
    text = canonical(dict(data or {}))
    entry_hash = _entry_hash(seq, at, actor_id, action, heading, case_id, text, prev)
    tx.execute(
        insert(journal).values(
            seq=seq,
            at=at,
            actor_id=actor_id,
            action=action,
            heading=heading.value,
            case_id=case_id,
            data=text,
            prev_hash=prev,
            hash=entry_hash,
        )
    )
    return seq


def _entry_hash(
    seq: int, at: datetime, actor_id: int | None, action: str, heading: str, case_id: int | None, data: str, prev: str
) -> str:
    record = {
        "action": action,
        "actor": actor_id,
        "at": moment_text(at),
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
            row.seq, row.at, row.actor_id, row.action, row.heading, row.case_id, row.data, row.prev_hash
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
