"""A thousand cases destroyed from a large store, beside the bare deletes of as many with the same settings."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
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
_EMPTIED = (
    "UPDATE cases SET state = 'destroyed', requester = '', requester_reference = '', family_name = '',"
    " given_names = '', born = '', salt = x'' WHERE id = :c"
)


def measure(folder: Path, count: int = COUNT) -> tuple[float, float]:
    """Milliseconds to carry out a run of `count` cases, and to delete as many by bare SQL, on copies of the store."""
    with _copy(folder) as (store, _where):
        floor = _bare(store, count)
    with _copy(folder) as (store, where):
        ours = _run(store, where, count)
    return ours, floor


@contextmanager
def _copy(folder: Path) -> Iterator[tuple[Store, Path]]:
    with tempfile.TemporaryDirectory() as made:
        where = Path(made) / "desk"
        shutil.copytree(folder, where)
        store = open_store(where, KEY)
        try:
            yield store, where
        finally:
            store.close()


def _closed(tx: Tx, count: int) -> list[int]:
    query = "SELECT id FROM cases WHERE state = 'issued' ORDER BY id LIMIT :n"
    return [row[0] for row in tx.execute(text(query), {"n": count})]


def _years_later(store: Store, count: int) -> datetime:
    """When the last timer of these cases has run out, and the journal's last entry is past."""
    due = "SELECT max(due_on) || 'T12:00:00+00:00' FROM retention WHERE case_id IN (SELECT value FROM json_each(:c))"
    with store.read() as tx:
        last = tx.execute(text(due), {"c": json.dumps(_closed(tx, count))}).scalar_one()
        written = tx.execute(text("SELECT max(at) FROM journal")).scalar_one()
    return max(datetime.fromisoformat(last), datetime.fromisoformat(written)) + timedelta(days=1)


def _bare(store: Store, count: int) -> float:
    """Deletes the cases' rows and empties what stays, a transaction a case. No reference is looked after: to see that
    no row of another table leads to each that goes would take most of the time.
    """
    with store.read() as tx:
        raw: Any = tx.connection.driver_connection
    raw.execute("PRAGMA foreign_keys = OFF")
    with store.write() as tx:
        for name in guards():
            tx.exec_driver_sql(f"DROP TRIGGER {name}")
        ids = _closed(tx, count)
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


def _run(store: Store, folder: Path, count: int) -> float:
    """Carries out a run of the same cases, with its certificate, once their timers have run out."""
    clock = MovingClock(_years_later(store, count))
    entry = entry_for(store, folder, KEY, clock)
    officers = [Desk(**_of(entry), user=one) for one in users(entry) if one.role is Role.RECORDS_OFFICER]
    who = next(one.id for one in users(entry) if one.role is Role.CASEWORKER)
    with store.write() as tx:
        ids = tuple(_closed(tx, count))
    run = disposal.propose_run(officers[0], ProposeRun(case_ids=ids, because="Measured."))
    disposal.decide_run(officers[1], DecideRun(run_id=run, approved=True))
    for days in (5, 5, GRACE_DAYS - 10):
        clock.at += timedelta(days=days)
        with store.write() as tx:
            append(tx, at=clock.at, actor_id=who, action="sign_in", heading=Heading.SYSTEM)
    start = perf_counter()
    found = disposal.carry_out(officers[0], run)
    taken = (perf_counter() - start) * 1000
    if found.destroyed != count:
        raise RuntimeError(f"{found.destroyed} of {count} cases were destroyed")
    return taken


def _of(entry: Any) -> dict[str, Any]:
    names = ("store", "clock", "random", "agreements", "calendars", "secrets")
    return {name: getattr(entry, name) for name in names}
