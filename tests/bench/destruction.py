"""A thousand cases destroyed from a large store, beside the bare deletes of as many with the same settings."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import text

from db.journal import append
from db.migrations import guards
from db.migrations.guards_disposal import WIPED
from db.records import Heading, Role
from db.replaying import without_guards
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
_EMPTIED = (
    "UPDATE cases SET state = 'destroyed', requester = '', requester_reference = '', family_name = '',"
    " given_names = '', born = '', salt = x'' WHERE id = :c"
)


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
        _make_due(store)
        try:
            yield store, where
        finally:
            store.close()


def _closed(tx: Tx) -> list[int]:
    query = "SELECT id FROM cases WHERE state = 'issued' ORDER BY id LIMIT :n"
    return [row[0] for row in tx.execute(text(query), {"n": COUNT})]


def _make_due(store: Store) -> None:
    """Lets the first closed cases have been closed so long ago that their timers have run out: a run is refused where a
    timer is not that of its agreement.
    """
    closed = "UPDATE cases SET closed_on = '2014-01-07' WHERE id = :c"
    due = "date('2014-01-07', '+' || months || ' months')"
    timed = f"UPDATE retention SET started_on = '2014-01-07', due_on = {due} WHERE case_id = :c"
    with store.write() as tx, without_guards(tx):
        for one in _closed(tx):
            for sql in (closed, timed):
                tx.execute(text(sql), {"c": one})
    store.empty_log()


def _bare(store: Store) -> float:
    """Deletes the cases' rows and empties what stays, a transaction a case. No reference is looked after: to see that
    no row of another table leads to each that goes would take most of the time.
    """
    with store.read() as tx:
        raw: Any = tx.connection.driver_connection
    raw.execute("PRAGMA foreign_keys = OFF")
    with store.write() as tx:
        for name in guards():
            tx.exec_driver_sql(f"DROP TRIGGER {name}")
        ids = _closed(tx)
    start = perf_counter()
    for one in ids:
        with store.write() as tx:
            tx.execute(text("DELETE FROM search WHERE rowid = :c"), {"c": one})
            events = "DELETE FROM letter_event WHERE letter_id IN (SELECT id FROM letter WHERE case_id = :c)"
            tx.execute(text(events), {"c": one})
            for table in reversed(WIPED):
                tx.execute(text(f"DELETE FROM {table} WHERE case_id = :c"), {"c": one})
            for table in ("retention", "case_author"):
                tx.execute(text(f"DELETE FROM {table} WHERE case_id = :c"), {"c": one})
            # Its row stays, since the journal is of it: what tells of people goes.
            tx.execute(text(_EMPTIED), {"c": one})
    store.empty_log()
    return (perf_counter() - start) * 1000


def _run(store: Store, folder: Path) -> float:
    """Carries out a run of the same cases, with its certificate."""
    # The store's cases end today.
    clock = MovingClock(datetime.now(UTC))
    entry = entry_for(store, folder, KEY, clock)
    officers = [Desk(**_of(entry), user=one) for one in users(entry) if one.role is Role.RECORDS_OFFICER]
    who = next(one.id for one in users(entry) if one.role is Role.CASEWORKER)
    with store.write() as tx:
        ids = tuple(_closed(tx))
    run = disposal.propose_run(officers[0], ProposeRun(case_ids=ids, because="Measured."))
    disposal.decide_run(officers[1], DecideRun(run_id=run, approved=True))
    for days in (5, 5, GRACE_DAYS - 10):
        clock.at += timedelta(days=days)
        with store.write() as tx:
            append(tx, at=clock.at, actor_id=who, action="sign_in", heading=Heading.SYSTEM)
    start = perf_counter()
    found = disposal.carry_out(officers[0], run)
    taken = (perf_counter() - start) * 1000
    if found.destroyed != COUNT:
        raise RuntimeError(f"{found.destroyed} of {COUNT} cases were destroyed")
    return taken


def _of(entry: Any) -> dict[str, Any]:
    names = ("store", "clock", "random", "agreements", "calendars", "secrets")
    return {name: getattr(entry, name) for name in names}
