"""A run is decided with the journal's word for it, and no sooner carried out than its days of grace are over."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from db import disposal as stored
from db import emptying
from db.errors import RuleKept
from db.journal import append
from db.records import Heading, Json
from db.store import Tx
from db.times import moment_text
from desktop.casework import disposal
from desktop.casework.desk import Done, Refused
from desktop.casework.destroyedrequests import remember_request
from tests.fixtures import Office
from tests.store.disposing import closed, faults, pass_grace, proposed, said_and_decided

_LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""Fourteen days after it there is nothing that SQLite can count."""


def test_a_verdict_of_a_moment_that_no_days_can_be_counted_from_does_not_skip_the_grace(office: Office) -> None:
    run = proposed(office, closed(office))
    by, now = office.officers[1].user.id, office.entry.clock()
    with pytest.raises(RuleKept, match="a run is decided"), office.entry.store.write() as tx:
        said_and_decided(tx, run, by, _LAST, "2000-01-01", said_at=now)
    with pytest.raises(RuleKept, match="days can be counted from"), office.entry.store.write() as tx:
        said_and_decided(tx, run, by, _LAST, "2000-01-01")
    with pytest.raises(Refused, match="approves this run first"):
        disposal.carry_out(office.officers[0], run)
    assert faults(office) == []


def test_a_verdict_is_of_the_person_run_and_kind_that_the_journal_says(office: Office) -> None:
    run = proposed(office, closed(office))
    first, second = (one.user.id for one in office.officers)
    now = office.entry.clock()
    wrong = ((run, first, "approve_run"), (run + 1, second, "approve_run"), (run, second, "turn_down_run"))
    for of, by, action in wrong:
        with pytest.raises(RuleKept, match="the entry of the journal"), office.entry.store.write() as tx:
            _approve(tx, run, second, now, {"run": of}, by, action)


def test_a_case_that_went_within_its_days_of_grace_is_found_by_the_checks(office: Office) -> None:
    done = closed(office)
    run = proposed(office, done)
    with office.entry.store.write() as tx:
        guards = tx.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).fetchall()
        for row in guards:
            tx.exec_driver_sql(f"DROP TRIGGER {row.name}")
        by = office.officers[1].user.id
        said_and_decided(tx, run, by, _LAST, "2000-01-01", said_at=office.entry.clock())
        _destroy(tx, office, run, done)
        for row in guards:
            tx.exec_driver_sql(row.sql)
    assert any(one.endswith("was destroyed within its days of grace") for one in faults(office))


def test_a_case_that_went_after_its_days_of_grace_is_not(office: Office) -> None:
    done = closed(office)
    run = proposed(office, done)
    disposal.decide_run(office.officers[1], disposal.DecideRun(run_id=run, approved=True))
    pass_grace(office)
    assert disposal.carry_out(office.officers[0], run).destroyed == 1
    assert faults(office) == []


def _approve(tx: Tx, run: int, by: int, at: datetime, data: dict[str, Json], said_by: int, action: str) -> None:
    append(tx, at=at, actor_id=said_by, action=action, heading=Heading.ERASURE, data=data)
    values = {"run": run, "by": by, "at": moment_text(at)}
    tx.execute(text("INSERT INTO disposal_verdict VALUES (:run, 1, '', :by, :at, '2099-01-01')"), values)


def _destroy(tx: Tx, office: Office, run: int, done: Done) -> None:
    by, now = office.officers[0].user.id, office.entry.clock()
    remember_request(tx, office.officers[0], done.case_id)
    append(tx, at=now, actor_id=by, action="destroy", heading=Heading.ERASURE, case_id=done.case_id, data={"run": run})
    emptying.destroy(tx, done.case_id, emptying.version_of(tx, done.case_id), by, now)
    values = {"run_id": run, "case_id": done.case_id, "destroyed": True, "why": "", "done_by": by, "done_at": now}
    stored.add_result(tx, values)
