"""A thousand cases destroyed from a large store, beside the bare deletes of as many with the same settings."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import text

from db.journal import append
from db.migrations import guards
from db.migrations.guards_disposal import WIPED
from db.records import Heading, Role
from db.store import Store, Tx, open_store
from desktop.casework import disposal
from desktop.casework.accounts import users
from desktop.casework.desk import Desk
from desktop.casework.disposal import DecideRun, ProposeRun
from desktop.casework.sample import MovingClock
from desktop.casework.setup import entry_for
from desktop.policy.disposal import GRACE_DAYS
from tests.fixtures import KEY

COUNT = 1000
FIELDS = 40
LETTER = 30_000
"""Bytes of a letter's file."""
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def measure(folder: Path) -> tuple[float, float]:
    """Milliseconds to carry out a run of ``COUNT`` cases, and to delete as many by bare SQL, on copies of the store."""
    with _copy(folder) as (store, _where):
        floor = _bare(store)
    with _copy(folder) as (store, where):
        ours = _run(store, where)
    return ours, floor


@contextmanager
def _copy(folder: Path) -> Iterator[tuple[Store, Path]]:
    with tempfile.TemporaryDirectory() as made:
        where = Path(made) / "desk"
        shutil.copytree(folder, where)
        store = open_store(where, KEY)
        _fill(store)
        try:
            yield store, where
        finally:
            store.close()


def _closed(tx: Tx) -> list[int]:
    query = "SELECT id FROM cases WHERE state = 'issued' ORDER BY id LIMIT :n"
    return [row[0] for row in tx.execute(text(query), {"n": COUNT})]


def _fill(store: Store) -> None:
    """Gives the first closed cases all that a case has: answers, a submission, decisions, an outcome, a letter."""
    with store.write() as tx:
        for name in guards():
            tx.exec_driver_sql(f"DROP TRIGGER {name}")
        ids = _closed(tx)
        by = tx.execute(text("SELECT id FROM user ORDER BY id LIMIT 1")).scalar_one()
        at, day = "2019-01-07T09:30:00.000000Z", date(2022, 1, 7).isoformat()
        for sql, times in _ROWS:
            rows = [
                {"c": one, "n": number, "by": by, "at": at, "day": day, "text": "An invented answer. " * 6}
                for one in ids
                for number in range(1, times + 1)
            ]
            tx.execute(text(sql), rows)
        for statement in guards().values():
            tx.exec_driver_sql(statement)
    store.empty_log()


_ROWS: tuple[tuple[str, int], ...] = (
    ("INSERT OR IGNORE INTO case_author VALUES (:c, :by)", 1),
    ("INSERT INTO answer VALUES (:c, 'field.n' || :n, :text, :by, :at)", FIELDS),
    ("INSERT INTO submission VALUES (:c, :n, :by, :at, :text || :text || :text || :text, 'x')", 1),
    (
        (
            "INSERT INTO decision (case_id, submission, action, decided_by, decided_at, reasons, because_of, views)"
            " VALUES (:c, 1, 'approve', :by, :at, :text, '[]', :text)"
        ),
        1,
    ),
    ("INSERT INTO finding VALUES (:c, 1, 1, 'traced', :by, :at, '[]', :text, '', :at, 'x')", 1),
    (
        (
            "INSERT INTO letter (number, case_id, kind, sha256, snapshot_hash, issued_by, issued_at, pdf, recipient)"
            f" VALUES (:c, :c, 'disclosure', 'x', 'x', :by, :at, randomblob({LETTER}), :text)"
        ),
        1,
    ),
    ("INSERT INTO retention VALUES (:c, 'letter_issued', '2019-01-07', :day, '3 years', 'x', 36, NULL, NULL)", 1),
)


def _bare(store: Store) -> float:
    """Deletes the cases' rows, a transaction a case."""
    with store.write() as tx:
        for name in guards():
            tx.exec_driver_sql(f"DROP TRIGGER {name}")
        ids = _closed(tx)
    start = perf_counter()
    for one in ids:
        with store.write() as tx:
            tx.execute(text("DELETE FROM search WHERE rowid = :c"), {"c": one})
            for table in reversed(WIPED):
                tx.execute(text(f"DELETE FROM {table} WHERE case_id = :c"), {"c": one})
            for table in ("retention", "case_author"):
                tx.execute(text(f"DELETE FROM {table} WHERE case_id = :c"), {"c": one})
            tx.execute(text("DELETE FROM cases WHERE id = :c"), {"c": one})
    store.empty_log()
    return (perf_counter() - start) * 1000


def _run(store: Store, folder: Path) -> float:
    """Carries out a run of the same cases, with its certificate."""
    clock = MovingClock(NOW)
    entry = entry_for(store, folder, KEY, clock)
    officers = [Desk(**_of(entry), user=one) for one in users(entry) if one.role is Role.RECORDS_OFFICER]
    with store.write() as tx:
        ids = tuple(_closed(tx))
    run = disposal.propose_run(officers[0], ProposeRun(case_ids=ids, because="Measured."))
    disposal.decide_run(officers[1], DecideRun(run_id=run, approved=True))
    for days in (5, 5, GRACE_DAYS - 10):
        clock.at += timedelta(days=days)
        with store.write() as tx:
            append(tx, at=clock.at, actor_id=None, action="sign_in", heading=Heading.SYSTEM)
    start = perf_counter()
    found = disposal.carry_out(officers[0], run)
    taken = (perf_counter() - start) * 1000
    if found.destroyed != COUNT:
        raise RuntimeError(f"{found.destroyed} of {COUNT} cases were destroyed")
    return taken


def _of(entry: Any) -> dict[str, Any]:
    names = ("store", "clock", "random", "agreements", "calendars", "secrets")
    return {name: getattr(entry, name) for name in names}
