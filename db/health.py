"""What can be found wrong with the file: SQLite's own checks, changed records, clocks, accounts. SQLite alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, text

from db import reasons
from db.journal import commitment_to_text
from db.migrations.conditions_0032 import london_day
from db.migrations.guards_clockright import SINCE_RIGHT, latest
from db.records import State
from db.reopened import NOT_SINCE_REOPENED
from db.schema import cases, letter, submission
from db.schema_links import attachment
from db.schema_notices import notice
from db.times import moment_text


def broken_pages(tx: Connection) -> tuple[str, ...]:
    """What the database finds wrong with its own file: damaged pages, broken references. Empty when sound."""
    # Page by page against its code, before any page is read for what it holds.
    torn = [str(row[0]).rpartition(" ")[2] for row in tx.execute(text("PRAGMA cipher_integrity_check"))]
    if torn:
        return tuple(f"page {number} of the file is damaged or was changed" for number in torn)
    found = [str(row[0]) for row in tx.execute(text("PRAGMA integrity_check(20)")) if row[0] != "ok"]
    found += [f"a reference from {row[0]} leads nowhere" for row in tx.execute(text("PRAGMA foreign_key_check"))]
    return tuple(found)


_HASHED = tuple(letter.c[name] for name in ("number", "pdf", "sha256", "facts", "snapshot_hash"))


def _binds(snapshot_hash: str, salt: bytes, field: str, kept: str) -> bool:
    """Whether a snapshot's hash is of the text that is kept. The first versions of the desk did not key it."""
    return snapshot_hash in (commitment_to_text(salt, field, kept), hashlib.sha256(kept.encode()).hexdigest())


def changed_records(tx: Connection) -> tuple[str, ...]:
    """Submissions, letters, notices, attachments and reasons that no longer are what their hashes say."""
    kept = (submission.c.number, submission.c.snapshot, submission.c.snapshot_hash)
    submitted = select(cases.c.reference, cases.c.salt, *kept)
    submissions = (
        f"submission {row.number} of {row.reference} was changed"
        for row in tx.execute(
            submitted.join_from(submission, cases, cases.c.id == submission.c.case_id).where(
                cases.c.state != State.DESTROYED.value
            )
        )
        if not _binds(row.snapshot_hash, row.salt, "submission", row.snapshot)
    )
    letters = (
        f"letter {row.number} was changed"
        for row in tx.execute(select(*_HASHED, cases.c.salt).join_from(letter, cases, cases.c.id == letter.c.case_id))
        if (row.pdf is not None and hashlib.sha256(row.pdf).hexdigest() != row.sha256)
        or (row.facts is not None and not _binds(row.snapshot_hash, row.salt, "facts", row.facts))
    )
    notices = (
        f"notice {row.number} was changed"
        for row in tx.execute(select(notice.c.number, notice.c.pdf, notice.c.sha256))
        if row.pdf is not None and hashlib.sha256(row.pdf).hexdigest() != row.sha256
    )
    held = select(cases.c.reference, attachment.c.id, attachment.c.content, attachment.c.sha256)
    files = (
        f"attachment {row.id} of {row.reference} was changed"
        for row in tx.execute(held.join_from(attachment, cases, cases.c.id == attachment.c.case_id))
        if row.content is not None and hashlib.sha256(row.content).hexdigest() != row.sha256
    )
    given = (f"the reasons of {reference} were changed" for reference in reasons.changed(tx))
    return (*submissions, *letters, *notices, *files, *given)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A letter or notice whose pages are kept, with its case's salt and the hash that binds what it was made from."""

    number: int
    pdf: bytes
    snapshot_hash: str
    salt: bytes


def kept_files(tx: Connection) -> Iterator[KeptFile]:
    """Every letter and notice of which the pages are kept, one in memory at a time."""
    for table in (letter, notice):
        query = select(table.c.number, table.c.pdf, table.c.snapshot_hash, cases.c.salt)
        for row in tx.execute(query.join_from(table, cases, cases.c.id == table.c.case_id)):
            if row.pdf is not None and row.salt is not None:
                yield KeptFile(row.number, row.pdf, row.snapshot_hash, row.salt)


def latest_moment(tx: Connection, now: datetime) -> datetime:
    """The latest moment that the journal knows and that counts now, whatever the order of its entries: what a clock
    wrote that ran far ahead counts until it is said to be right. Long ago where there is none.
    """
    found = tx.execute(text(f"SELECT {latest(':now')}"), {"now": moment_text(now)}).scalar()
    return datetime.fromisoformat(found) if found else datetime.min.replace(tzinfo=UTC)


def newest_moment(tx: Connection) -> datetime | None:
    """The latest moment of the thousand entries at the journal's end, which are read at once. None where none is."""
    # What is no moment, in an entry that somebody changed, is for the check of the chain to tell.
    query = (
        "SELECT MAX(at) FROM (SELECT at FROM journal ORDER BY seq DESC LIMIT 1000)"
        " WHERE typeof(at) = 'text' AND at < '9999' AND substr(at, 1, 10) = date(substr(at, 1, 10))"
        " AND strftime('%Y-%m-%dT%H:%M:%S', at) = substr(at, 1, 19) AND length(at) = 27"
    )
    found = tx.execute(text(query)).scalar()
    return datetime.fromisoformat(found) if found else None


def latest_since_right(tx: Connection) -> datetime:
    """The latest moment of what was written since the clock was last said to be right; long ago where there is none."""
    found = tx.execute(text(f"SELECT MAX(at) FROM journal WHERE {SINCE_RIGHT}")).scalar()
    return datetime.fromisoformat(found) if found else datetime.min.replace(tzinfo=UTC)


GAP = timedelta(days=5)
"""So much of a time in which nothing was written counts as gone by: a weekend with two bank holidays."""


_AWAY = "('sign_in_failed', 'account_locked', 'unlock_failed', 'lock', 'sign_out', 'edit', 'carried')"
"""What does not say that a person was there: what somebody else may have tried at their account, what the desk does by
itself at a window that was left open, which it locks, once it has saved what stands in it, and what a restore carried
over, which was done before.
"""


def seen_between(
    tx: Connection, since: datetime, until: datetime, enough: timedelta, but: Collection[int], seq: int = 0
) -> timedelta:
    """How much time people of the desk saw go by from one moment to another, until that is `enough`: of each gap
    between two things that one of them did no more than `GAP`, since a clock may have jumped in it.

    `but`: whose deeds do not count. `seq`: by the entries of the journal before it alone.
    """
    seen, after = timedelta(), until
    entries = text(
        "SELECT at FROM journal WHERE (:seq = 0 OR seq < :seq) AND actor_id IS NOT NULL"
        f" AND actor_id NOT IN (SELECT value FROM json_each(:but)) AND action NOT IN {_AWAY} ORDER BY seq DESC"
    )
    for at in tx.execute(entries, {"seq": seq, "but": json.dumps(list(but))}).scalars():
        before = max(datetime.fromisoformat(at), since)
        if before < after:
            seen, after = seen + min(after - before, GAP), before
        if after == since or seen >= enough:
            return seen
    return seen + min(after - since, GAP)


def span_after(tx: Connection, seq: int) -> timedelta:
    """The time between the first and the last entry of the journal after one."""
    query = "SELECT MIN(at) AS first, MAX(at) AS last FROM journal WHERE seq > :seq"
    row = tx.execute(text(query), {"seq": seq}).one()
    return datetime.fromisoformat(row.last) - datetime.fromisoformat(row.first) if row.first else timedelta()


def put_back(tx: Connection) -> tuple[str, ...]:
    """Entries of the journal that are more than an hour earlier than one before them: the clock was put back.

    What comes before anybody signed in made the store, and invented cases are made one after another. What two people
    said of the clock once it was right explains what came before.
    """
    query = f"""
WITH told AS (
    SELECT seq, at, MAX(at) OVER (ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest FROM journal
     WHERE {SINCE_RIGHT} AND seq >= (SELECT MIN(seq) FROM journal WHERE action = 'sign_in'))
SELECT MIN(seq) AS first, MAX(seq) AS last, latest FROM told
 WHERE at < latest AND julianday(at) < julianday(latest, '-1 hour') GROUP BY latest ORDER BY first
"""
    return tuple(
        f"{f'entry {row.first} is' if row.first == row.last else f'entries {row.first} to {row.last} are'}"
        f" of more than an hour before {row.latest[:16]}, which an entry before says: the clock was put back"
        for row in tx.execute(text(query))
    )


def decided_back(tx: Connection, now: datetime) -> tuple[str, ...]:
    """Runs that were approved at a moment before what the journal said already and what has come by now: by a clock
    that was put back, whoever said that it was right.
    """
    query = """
WITH told AS (
    SELECT action, data, at, MAX(CASE WHEN at <= :now THEN at END) OVER (
        ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest FROM journal)
SELECT json_extract(data, '$.run') AS run, at, latest FROM told
 WHERE action = 'approve_run' AND at < latest ORDER BY run
"""
    return tuple(
        f"run {row.run} was approved at {row.at[:16]}, before {row.latest[:16]}, which an entry before says: the clock"
        " was put back"
        for row in tx.execute(text(query), {"now": moment_text(now)})
    )


def without_timer(tx: Connection) -> tuple[str, ...]:
    """Closed cases whose retention does not run."""
    query = (
        "SELECT reference FROM cases WHERE state IN ('issued', 'withdrawn')"
        " AND id NOT IN (SELECT case_id FROM retention)"
    )
    return tuple(f"no retention timer runs for {row[0]}" for row in tx.execute(text(query)))


def closed_otherwise(tx: Connection, run_id: int | None = None) -> tuple[str, ...]:
    """Cases, or those of a run, that were closed on another day than the journal says, from which their retention
    counts.
    """
    within = (
        "SELECT 1 FROM json_tree(CASE WHEN json_valid(data) THEN data END) AS part"
        f" WHERE part.key = 'at' AND {london_day('part.value')} = closed_on"
    )
    said = (
        f"SELECT 1 FROM journal WHERE case_id = cases.id AND ((action IN ('issue', 'withdraw')"
        f" AND {london_day('journal.at')} = closed_on AND {NOT_SINCE_REOPENED})"
        f" OR (action = 'carried' AND EXISTS ({within})))"
    )
    query = f"SELECT reference FROM cases WHERE closed_on IS NOT NULL{_of(run_id)} AND NOT EXISTS ({said}) ORDER BY id"
    rows = tx.execute(text(query), {} if run_id is None else {"run": run_id})
    return tuple(f"{row[0]} was closed on another day than the journal says" for row in rows)


def ended_otherwise(tx: Connection, run_id: int | None = None) -> tuple[str, ...]:
    """Cases that were closed, also destroyed ones, or those of a run, whose outcome the journal does not say."""
    said = (
        "SELECT 1 FROM journal WHERE case_id = cases.id AND (action = 'carried'"
        f" OR (action = 'withdraw' AND outcome = 'withdrawn' AND {NOT_SINCE_REOPENED})"
        " OR (action = 'refuse' AND outcome = 'refused')"
        " OR (action = 'reject' AND outcome = 'rejected') OR (action = 'record' AND json_valid(data)"
        " AND data ->> 'outcome' = outcome))"
    )
    query = f"SELECT reference FROM cases WHERE closed_on IS NOT NULL{_of(run_id)} AND NOT EXISTS ({said}) ORDER BY id"
    rows = tx.execute(text(query), {} if run_id is None else {"run": run_id})
    return tuple(f"{row[0]} ended otherwise than the journal says" for row in rows)


def _of(run_id: int | None) -> str:
    return "" if run_id is None else " AND id IN (SELECT case_id FROM disposal_item WHERE run_id = :run)"


def under_another_agreement(tx: Connection) -> tuple[str, ...]:
    """Cases, also destroyed ones, that name another agreement than the one whose text they are pinned to."""
    query = (
        "SELECT reference FROM cases WHERE NOT EXISTS (SELECT 1 FROM agreement_text AS kept"
        " WHERE kept.hash = agreement_hash AND kept.agreement_id = cases.agreement_id) ORDER BY id"
    )
    return tuple(f"{row[0]} is not under the agreement that it names" for row in tx.execute(text(query)))


def last_number(tx: Connection, table: str) -> int:
    """The highest number that a table ever gave out, whether or not its row is still there."""
    given = tx.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table}).scalar()
    return int(given or 0)


def next_number(tx: Connection, table: str) -> int:
    """The number that a table gives its next row, as SQLite finds it, whose count may have been set back: for the entry
    of the journal that is written before it.
    """
    return max(last_number(tx, table), _highest(tx, table)) + 1


def _highest(tx: Connection, table: str) -> int:
    return int(tx.execute(text(f'SELECT MAX(rowid) FROM "{table}"')).scalar() or 0)


def set_back(tx: Connection) -> tuple[str, ...]:
    """Tables of which the highest number that was ever given out is below that of a row: SQLite never counts so."""
    counting = text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%' ORDER BY name")
    return tuple(
        f"the count of {name} was set back"
        for name in tx.execute(counting).scalars().all()
        if last_number(tx, name) < _highest(tx, name)
    )


def case_ids(tx: Connection) -> tuple[int, ...]:
    """Every case that is not destroyed, in order."""
    query = select(cases.c.id).where(cases.c.state != State.DESTROYED.value).order_by(cases.c.id)
    return tuple(tx.execute(query).scalars())


_FOUND_BY = text(
    "SELECT case_id, kind, identifier.value FROM json_each(:ids) AS one JOIN identifier ON case_id = one.value"
)


def identifiers_of(tx: Connection, ids: Sequence[int]) -> dict[int, set[tuple[str, str]]]:
    """What other requests about the person, or by who asks, find each case by: (kind, value) pairs."""
    found: dict[int, set[tuple[str, str]]] = {one: set() for one in ids}
    for case_id, kind, value in tx.execute(_FOUND_BY, {"ids": json.dumps(list(ids))}):
        found[case_id].add((kind, value))
    return found


def void_but_standing(tx: Connection) -> tuple[str, ...]:
    """Cases that stand as decided, though the decision of what was submitted is void or not there."""
    query = (
        "SELECT reference, state FROM cases WHERE state IN ('approved', 'refused', 'rejected', 'recorded', 'released',"
        " 'issued') AND NOT EXISTS (SELECT 1 FROM decision LEFT JOIN voiding ON voiding.decision_id = decision.id"
        " WHERE decision.case_id = cases.id AND decision.submission = cases.submission"
        " AND voiding.decision_id IS NULL AND decision.action IN ('approve', 'refuse', 'reject'))"
    )
    return tuple(f"{row[0]} stands as {row[1]}, and its decision is void" for row in tx.execute(text(query)))


def unmade_accounts(tx: Connection) -> Sequence[Row[Any]]:
    """The accounts after the first that no entry of the journal made: (id, username, role)."""
    made = "action = 'add_user' AND data ->> 'user' = user.id AND data ->> 'role' = user.role"
    return tx.execute(
        text(
            "SELECT id, username, role FROM user WHERE id > (SELECT MIN(id) FROM user)"
            f" AND NOT EXISTS (SELECT 1 FROM journal WHERE {made}) ORDER BY id"
        )
    ).fetchall()


def unknown_accounts(tx: Connection) -> tuple[str, ...]:
    """Accounts that no entry of the journal made, or made for another role, and those that share a password.

    The first account of a store comes with it, and so do all of a store of invented cases.
    """
    shared = (
        "SELECT username FROM user WHERE EXISTS (SELECT 1 FROM user AS other WHERE other.id < user.id"
        " AND other.password_hash = user.password_hash) ORDER BY id"
    )
    organisations = tx.execute(text("SELECT sample FROM organisation")).scalars().all()
    if organisations == [1]:
        return ()
    return (
        *(("the store knows more than one organisation",) if len(organisations) > 1 else ()),
        *(f"the account {row.username} is not in the journal" for row in unmade_accounts(tx)),
        *(f"the account {row[0]} has the password of another" for row in tx.execute(text(shared))),
    )
