"""The journal: append-only, hash-chained, with personal values only as keyed commitments.

An entry's hash is SHA-256 over its canonical JSON (keys sorted, no spaces, UTF-8) with the hash of the entry before.
A value is bound by HMAC-SHA256 under its case's salt: once the salt is destroyed with the case, the chain still
verifies and says nothing about the person.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, TextClause, func, select, text

from db.bulk import insert_many
from db.records import Heading, Json
from db.records_log import JournalEntry
from db.schema import STANDS_OUT, cases, journal, user
from db.times import moment_text

FIRST = "0" * 64
"""What stands as the hash before the first entry."""


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


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


_LAST = select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)


def last_entry(tx: Connection) -> tuple[int, str]:
    """The number and the hash of the last entry: the head of the chain."""
    last = tx.execute(_LAST).first()
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


@dataclass(frozen=True, slots=True)
class Looks:
    """How often somebody of the desk looked at cases, and when last."""

    name: str
    times: int
    last: datetime


def looks_at(tx: Connection, case_ids: Collection[int]) -> tuple[Looks, ...]:
    """Who looked at these cases, the latest first."""
    last = func.max(journal.c.at)
    query = (
        select(user.c.name, func.count().label("times"), last.label("last"))
        .join_from(journal, user, journal.c.actor_id == user.c.id)
        .where(journal.c.case_id.in_(list(case_ids)), journal.c.heading == Heading.CONSULTATION.value)
        .group_by(user.c.id)
        .order_by(last.desc(), user.c.id)
    )
    return tuple(Looks(row.name, row.times, row.last) for row in tx.execute(query))


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Which entries are wanted; what is None or empty admits every one."""

    heading: Heading | None = None
    actor_id: int | None = None
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """The first moment that is too late."""
    case_id: int | None = None
    restricted: bool = False
    """Only those of cases that were not the person's own, or have a safeguarding concern."""


def numbers(tx: Connection, wanted: JournalFilter, most: int) -> Sequence[int]:
    """The numbers of the entries that the filter admits, the newest first; where it narrows, the newest ``most`` alone.

    Without a filter none is read: what is missing among them is for the chain to tell.
    """
    if wanted == JournalFilter():
        return range(last_entry(tx)[0], 0, -1)
    dated = wanted.since is not None or wanted.until is not None
    found: set[int] = set()
    for tests in _tests(wanted, dated=dated):
        query = select(journal.c.seq).where(*tests).limit(most)
        # Both are ways from the end backwards, so that the first rows that fit are enough.
        query = query.order_by(journal.c.at.desc()) if dated else query.order_by(journal.c.seq.desc())
        found.update(tx.execute(query).scalars())
    return sorted(found, reverse=True)[:most]


def _tests(wanted: JournalFilter, *, dated: bool) -> Iterator[list[ColumnElement[bool] | TextClause]]:
    """What an entry is to be, and where its heading or action is asked for, what one is to be that a restore carried
    over: what it was before stands within its data.
    """
    # What is found by its moment is found by nothing else: what is added to is in no index.
    actor = journal.c.actor_id + 0 if dated else journal.c.actor_id
    columns = {"heading": journal.c.heading, "action": journal.c.action + "" if dated else journal.c.action}
    tests: list[ColumnElement[bool] | TextClause] = []
    if wanted.actor_id is not None:
        tests.append(actor == wanted.actor_id)
    if wanted.since is not None:
        tests.append(journal.c.at >= wanted.since)
    if wanted.until is not None:
        tests.append(journal.c.at < wanted.until)
    if wanted.case_id is not None:
        tests.append(journal.c.case_id == wanted.case_id)
    if wanted.restricted:
        tests.append(text(STANDS_OUT))
    was = [("heading", wanted.heading.value)] if wanted.heading is not None else []
    was += [("heading", Heading.CONSULTATION.value)] if wanted.restricted else []
    was += [("action", wanted.action)] if wanted.action else []
    yield [*tests, *(columns[name] == value for name, value in was)]
    if was:
        within = (journal.c.data.contains(f'"{name}":{canonical(value)}', autoescape=True) for name, value in was)
        yield [*tests, journal.c.action == "carried", *within]


def with_numbers(tx: Connection, seqs: Collection[int]) -> tuple[JournalEntry, ...]:
    """The entries of these numbers, the newest first; numbers that are not there are left out."""
    query = _entries().where(journal.c.seq.in_(list(seqs))).order_by(journal.c.seq.desc())
    return tuple(_entry(row) for row in tx.execute(query))


def actions(tx: Connection) -> tuple[str, ...]:
    """Every action that the journal has, in order of their names."""
    found: list[str] = []
    # From each to the next, however many entries it has.
    after = select(func.min(journal.c.action))
    while last := tx.execute(after.where(journal.c.action > found[-1]) if found else after).scalar():
        found.append(last)
    return tuple(found)


def of_action(tx: Connection, action: str) -> Iterator[JournalEntry]:
    """The entries of one action, the newest first."""
    for row in tx.execute(_entries().where(journal.c.action == action).order_by(journal.c.seq.desc())):
        yield _entry(row)


def ever_said(tx: Connection, action: str) -> Iterator[dict[str, Json]]:
    """What the entries of one action say, also those that a restore carried over, from one store to the next."""
    for tests in _tests(JournalFilter(action=action), dated=False):
        for data in tx.execute(select(journal.c.data).where(*tests)).scalars():
            said = json.loads(data)
            while "action" in said and isinstance(within := said.get("data"), dict):
                said = within
            yield said


_BOUND = text(
    "SELECT case_id, data FROM json_each(:ids) AS one JOIN journal ON case_id = one.value"
    " WHERE action IN ('register', 'save_answers') ORDER BY seq"
)


def answers_bound(tx: Connection, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Of each case, the commitment to each answer as it was last written: what ``commitment`` gives of it."""
    found: dict[int, dict[str, str]] = {one: {} for one in ids}
    for case_id, data in tx.execute(_BOUND, {"ids": json.dumps(list(ids))}):
        found[case_id] |= json.loads(data).get("bound", {})
    return found


def entries(tx: Connection, *, case_id: int | None = None, after: int = 0, limit: int = 1000) -> Iterator[JournalEntry]:
    """Entries in order, of one case or of all, from the one after `after`."""
    query = _entries().where(journal.c.seq > after).order_by(journal.c.seq).limit(limit)
    if case_id is not None:
        query = query.where(journal.c.case_id == case_id)
    for row in tx.execute(query):
        yield _entry(row)


def _entries() -> Select[Any]:
    return (
        select(journal, user.c.name.label("actor_name"), cases.c.reference)
        .join_from(journal, user, journal.c.actor_id == user.c.id, isouter=True)
        .join(cases, journal.c.case_id == cases.c.id, isouter=True)
    )


def _entry(row: Any) -> JournalEntry:
    return JournalEntry(
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
