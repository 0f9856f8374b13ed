"""What a restored file takes over from the store that it replaces, so that a restore brings nobody back and frees
nothing that is held: destroyed cases, runs with their results and certificates, holds, later dates, accounts, counts,
and the journal's tail. SQLite alone.

It works on a file that is not yet the store, in one transaction in which the guards are away: they know of approved
runs alone. Rows are told apart by what they say, not by their numbers: a store and its backup may both have gone on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, text

from db import emptying
from db.erasures import ERASED, ERASED_CASE_KEY, ERASED_KEY, keep_hashes
from db.journal import Canonical, append_each, canonical
from db.lostentries import write_lost
from db.migrations import guards
from db.migrations.conditions_0032 import timers
from db.records import Heading, Json, Role
from db.replaced import OF_RUNS, Replaced, agreeing, later
from db.replayheld import Held, add_account, carry_held, journal_holds
from db.replayrows import insert_row, mapped, put_row, same_cases
from db.timers import add_change
from db.wholeness import drop_strangers, mend_indexes

GAP = 1000
"""Numbers that are skipped where the replaced store cannot be read: it gave out some that the backup does not know."""

_SEPARATE = ("destroy", "add_user")
"""Entries of the tail that stand under their own action: what they say holds in the restored store too."""


@dataclass(slots=True)
class Carried:
    """What was taken over: references of the cases that were emptied again, and how much of the rest."""

    erased: list[str] = field(default_factory=list)
    held: Held = field(default_factory=Held)
    copied: Held = field(default_factory=Held)
    """What only a copy of the holds knew."""
    entries: int = 0
    spared: frozenset[str] = frozenset()
    """References of cases that stay though an erasure list has them: see ``replaced.listed_in``."""
    knowing: frozenset[str] = frozenset()
    """References of cases that the backup itself kept though an erasure list has them."""
    unread: frozenset[str] = frozenset()
    """The tables of which some rows could not be read in the replaced store."""
    people: Mapping[int, int] = field(default_factory=dict)
    """The numbers of accounts in the replaced store, and theirs here."""


@contextmanager
def without_guards(tx: Connection) -> Iterator[None]:
    """Takes the guards away within a transaction, and puts the very same ones back before it can end. What no migration
    made goes for good, and what is missing of indexes comes back.
    """
    drop_strangers(tx)
    mend_indexes(tx)
    names = [row[0] for row in tx.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))]
    for name in names:
        tx.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield
    for statement in guards().values():
        tx.exec_driver_sql(statement)


def carry_over(tx: Connection, old: Replaced, at: datetime, by: int | None = None) -> Carried:
    """Takes over into the restored file, whose guards are away, what stands in the store that it replaces.

    `by`: who restores, by their number in the replaced store.
    """
    done = Carried(unread=old.unread)
    users = done.people = _users(tx, old, at)
    same = same_cases(tx, old)
    fresh = Replaced(tx.connection.driver_connection)
    common = agreeing(fresh, old)
    erased = _erase(tx, old, same, users)
    done.erased = list(erased)
    _disposal(tx, old, same, users)
    done.held = carry_held(tx, old, same, users)
    _retention(tx, old, same, users)
    _published(tx, old, users)
    _counts(tx, old)
    done.entries = _tail(tx, old, common, same, users, at)
    journal_holds(tx, done.held.kept, at, "restore")
    _days(tx, later(old, fresh), at, None if by is None else users[by])
    known = set(tx.execute(text("SELECT case_id FROM disposal_result JOIN disposal_verdict USING (run_id)")).scalars())
    about: list[tuple[int | None, Mapping[str, Json]]] = [
        (one, {"by": "store"} if one in known else {"by": "store", "run": "unread"}) for one in erased.values()
    ]
    if about:
        append_each(tx, about, at=at, actor_id=None, action="erase_again", heading=Heading.ERASURE)
    if "journal" in old.unread:
        write_lost(tx, at)
    return done


def erase_listed(tx: Connection, again: frozenset[str], hashes: frozenset[str], at: datetime) -> list[str]:
    """Empties cases that an erasure list knows, with an entry in the journal for each; returns their references.

    What the list knows is known to the file from then on.
    """
    keep_hashes(tx, hashes)
    query = text("SELECT id, reference, version FROM cases WHERE state <> 'destroyed' ORDER BY id")
    found = [row for row in tx.execute(query).fetchall() if row.reference in again]
    for row in found:
        emptying.destroy_again(tx, row.id, {"version": row.version + 1, "changed_at": at})
    about: list[tuple[int | None, Mapping[str, Json]]] = [(row.id, {"by": "list"}) for row in found]
    if about:
        append_each(tx, about, at=at, actor_id=None, action="erase_again", heading=Heading.ERASURE)
    return [row.reference for row in found]


def skip_numbers(tx: Connection) -> None:
    """Leaves a gap in every count, where nobody knows which numbers the lost store gave out."""
    tx.execute(text("UPDATE meta SET value = CAST(value AS INTEGER) + :gap WHERE key LIKE 'sequence.%'"), {"gap": GAP})
    # The journal's numbers have no gap: they are its chain. Accounts are told apart by their user names.
    tx.execute(text("UPDATE sqlite_sequence SET seq = seq + :gap WHERE name NOT IN ('journal', 'user')"), {"gap": GAP})


# The parts


class _People(dict[int, int]):
    """The numbers of accounts there, and here. One that cannot be read there is the account that has its number here;
    where that is another's, or nobody's, an account without a password stands for it, so that what it did stays.
    """

    def __init__(self, tx: Connection, at: datetime) -> None:
        super().__init__()
        self._tx, self._at = tx, at

    def __missing__(self, number: int) -> int:
        there = self._tx.execute(text("SELECT 1 FROM user WHERE id = :id"), {"id": number}).first()
        if there is None or number in self.values():
            name = f"Account {number}, which could not be read"
            said = {"username": f"unread-{number}", "name": name, "role": Role.AUDITOR.value}
            self[number] = add_account(self._tx, said, self._at, "store")
        else:
            self[number] = number
        return self[number]


def _users(tx: Connection, old: Replaced, at: datetime) -> _People:
    """Accounts as they stand now: whoever was switched off since stays so, and keeps the password of today."""
    here = {row.username: row.id for row in tx.execute(text("SELECT id, username FROM user"))}
    taken = set(here.values())
    now = _People(tx, at)
    for row in old.rows("user", "ORDER BY id"):
        if (found := here.get(row["username"])) is not None:
            now[row["id"]] = found
            values = {name: row[name] for name in _CHANGES_OF_USER} | {"id": found}
            sets = ", ".join(f"{name} = :{name}" for name in _CHANGES_OF_USER)
            tx.execute(text(f"UPDATE user SET {sets} WHERE id = :id"), values)
        else:
            number = row["id"] if row["id"] not in taken else max(taken) + 1
            taken.add(number)
            now[row["id"]] = insert_row(tx, "user", row | {"id": number})
    return now


_CHANGES_OF_USER = ("name", "password_hash", "active", "failed", "locked_until", "must_change_password")


def _erase(tx: Connection, old: Replaced, same: Mapping[int, int], users: Mapping[int, int]) -> dict[str, int]:
    """Every stub of the replaced store is a stub again, as it stands there; returns their references and numbers."""
    erased = {}
    query = text("SELECT id, created_at FROM cases WHERE state <> 'destroyed'")
    standing = {row.id: row.created_at for row in tx.execute(query)}
    texts = {row["hash"]: row for row in old.rows("agreement_text")}
    for row in old.rows("cases", "WHERE state = 'destroyed' ORDER BY id"):
        case_id = same.get(row["id"])
        # Its reference may have been given out once more where an older copy of the store was put in place.
        if case_id is None or standing.get(case_id) != row["created_at"]:
            continue
        stub = mapped("cases", row, users)
        if known := texts.get(row["agreement_hash"]):
            tx.execute(text("INSERT OR IGNORE INTO agreement_text VALUES (:hash, :agreement_id, :text)"), known)
        else:
            # It cannot be read, and the backup may not have it: the case keeps the agreement that it has there.
            del stub["agreement_hash"]
        sets = ", ".join(f"{name} = :{name}" for name in stub if name != "id")
        tx.execute(text(f"UPDATE cases SET {sets} WHERE id = :id"), stub | {"id": case_id})
        emptying.destroy_again(tx, case_id, {})
        erased[row["reference"]] = case_id
    return erased


def _disposal(tx: Connection, old: Replaced, same: Mapping[int, int], users: Mapping[int, int]) -> None:
    """Runs with their cases, verdicts, results and certificates."""
    numbers = {}
    for row in old.rows("disposal_run", "ORDER BY id"):
        numbers[row["id"]], _ = put_row(tx, "disposal_run", mapped("disposal_run", row, users))
    for table in OF_RUNS:
        for there in old.rows(table):
            if there["run_id"] not in numbers or ("case_id" in there and there["case_id"] not in same):
                continue
            row = mapped(table, there, users) | {"run_id": numbers[there["run_id"]]}
            if "case_id" in row:
                row["case_id"] = same[row["case_id"]]
            insert_row(tx, table, row, "OR IGNORE")


def _retention(tx: Connection, old: Replaced, same: Mapping[int, int], users: Mapping[int, int]) -> None:
    """What moved the timers that the file has. What was written beside a destroyed case stays empty."""
    timed = {row.case_id for row in tx.execute(text("SELECT case_id FROM retention"))}
    for table in ("retention_change", "retention_event"):
        for row in old.rows(table, "ORDER BY id"):
            if (case_id := same.get(row["case_id"])) in timed:
                put_row(tx, table, mapped(table, row, users) | {"case_id": case_id})


def _published(tx: Connection, old: Replaced, users: Mapping[int, int]) -> None:
    """What was published: nobody publishes the same days in another way for a backup that does not know of it."""
    for row in old.rows("publication", "ORDER BY id"):
        put_row(tx, "publication", mapped("publication", row, users))


def _days(tx: Connection, due: Mapping[str, str], at: datetime, by: int | None) -> None:
    """Keeps the later day of the replaced store, whatever it was that moved it there: nothing is due earlier."""
    here = {row.reference: row.id for row in tx.execute(text("SELECT id, reference FROM cases"))}
    first = tx.execute(text("SELECT MIN(id) FROM user")).scalar_one()
    for reference, day in due.items():
        case_id = here[reference]
        values = {
            "case_id": case_id,
            "kind": "retain",
            "due_on": date.fromisoformat(day),
            "rule": "as in the store that a restore replaced",
            "source": tx.execute(text(timers("pinned.case_id = :id")), {"id": case_id}).one().rule,
            "because": "Kept from the store that a restore replaced.",
            # With nobody signed in, the first account stands for whoever has the key; the entry names nobody.
            "decided_by": first if by is None else by,
            "decided_at": at,
        }
        add_change(tx, values)
    about: list[tuple[int | None, Mapping[str, Json]]] = [
        (here[reference], {"review_on": day, "by": "restore"}) for reference, day in due.items()
    ]
    if about:
        append_each(tx, about, at=at, actor_id=by, action="retain", heading=Heading.ERASURE)


def _counts(tx: Connection, old: Replaced) -> None:
    """No number is given out twice: neither one of the store's counts nor one that a table numbers its rows with. Where
    some of them cannot be read, a gap is left.
    """
    for row in old.rows("meta", "WHERE key LIKE 'sequence.%'"):
        tx.execute(
            text(
                "INSERT INTO meta VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
                " WHERE CAST(excluded.value AS INTEGER) > CAST(meta.value AS INTEGER)"
            ),
            row,
        )
    for begin in (ERASED, ERASED_KEY, ERASED_CASE_KEY):
        for row in old.rows("meta", f"WHERE key LIKE '{begin}%'"):
            tx.execute(text("INSERT OR IGNORE INTO meta VALUES (:key, :value)"), row)
    for row in old.rows("sqlite_sequence"):
        if row["name"] != "journal":
            tx.execute(text("UPDATE sqlite_sequence SET seq = MAX(seq, :seq) WHERE name = :name"), row)
    if old.unread & {"meta", "sqlite_sequence"}:
        skip_numbers(tx)


def _tail(
    tx: Connection, old: Replaced, common: int, same: Mapping[int, int], users: Mapping[int, int], at: datetime
) -> int:
    """The entries that only the replaced store has, each whole within an entry of the file's own chain."""
    rows = old.rows("journal", "WHERE seq > ? ORDER BY seq", (common,))
    for (own, heading, actor), some in groupby(
        rows, key=lambda row: (row["action"] if row["action"] in _SEPARATE else "", row["heading"], row["actor_id"])
    ):
        action = "destroy" if own == "destroy" else "add_user" if own == "add_user" else "carried"
        about = [(same.get(row["case_id"]), _entry(row, action, users)) for row in some]
        append_each(
            tx,
            about,
            at=at,
            actor_id=users[actor] if actor is not None else None,
            action=action,
            heading=Heading(heading) if own else Heading.SYSTEM,
        )
    return len(rows)


def _entry(row: Mapping[str, Any], action: str, users: Mapping[int, int]) -> Canonical:
    said: dict[str, Any] = json.loads(row["data"])
    origin: dict[str, Json] = {name: row[name] for name in ("seq", "at", "hash")}
    if action == "carried":
        return Canonical(
            canonical(
                {
                    **origin,
                    "action": row["action"],
                    "heading": row["heading"],
                    "data": said,
                    "actor": row["actor_id"],
                    "case": row["case_id"],
                    "prev": row["prev_hash"],
                }
            )
        )
    if action == "add_user":
        said |= {part: users[said[part]] for part in ("user", "with") if part in said}
    if "carried" in said:
        # It came from another store before: where it stood first goes on within.
        origin["carried"] = said["carried"]
    return Canonical(canonical({**said, "carried": origin}))
