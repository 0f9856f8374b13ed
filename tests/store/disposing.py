"""Short ways to destroy invented cases, and to try what the store does not allow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from db.casereads import load_case
from db.errors import RuleKept
from db.journal import append
from db.migrations import guards, guards_disposal, guards_reasons, guards_secondlooks
from db.records import Heading, Json, State
from db.store import Tx
from db.times import moment_text
from desktop.casework import disposal
from desktop.casework.desk import Done
from desktop.casework.disposal import DecideRun, ProposeRun
from desktop.casework.sample import MovingClock
from desktop.casework.verifying import verify_store
from desktop.policy.disposal import GRACE_DAYS
from tests.fixtures import Office

DESTROY = (
    "UPDATE cases SET state = 'destroyed', version = version + 1, changed_by = :by, changed_at = :at, requester = '',"
    " requester_reference = '', family_name = '', given_names = '', born = '', salt = X'' WHERE id = :id"
)
"""Destroys a case by SQL alone: ``:id``, by ``:by`` and at ``:at``."""
WIPED = {**guards_disposal.WIPED, **guards_secondlooks.WIPED, **guards_reasons.WIPED}
"""The tables of a case: the columns that stay, and what the others are emptied to."""
WHY = "The review found no reason to keep them."


def pass_days(office: Office, days: int) -> None:
    clock = office.entry.clock
    assert isinstance(clock, MovingClock)
    clock.at += timedelta(days=days)


def pass_grace(office: Office) -> None:
    """The days of grace of a run, in which a caseworker signed in now and then."""
    for days in (5, 5, GRACE_DAYS - 10):
        note(office)
        pass_days(office, days)


def note(office: Office) -> None:
    """Something that the journal says of this moment: a caseworker's sign-in."""
    with office.entry.store.write() as tx:
        who = office.caseworker.user.id
        append(tx, at=office.entry.clock(), actor_id=who, action="sign_in", heading=Heading.SYSTEM)


def closed(office: Office) -> Done:
    """A case that was answered, whose review is due."""
    return many_closed(office, 1)[0]


def many_closed(office: Office, count: int) -> list[Done]:
    """So many of them."""
    cases = [office.in_state(State.ISSUED) for _ in range(count)]
    pass_days(office, 3 * 366)
    return cases


def faults(office: Office) -> list[str]:
    """What is wrong with the store, but for bank holidays of years to come."""
    return [fault for name, found in verify_store(office.entry).checks if name != "Bank holidays" for fault in found]


def proposed(office: Office, *cases: Done) -> int:
    return disposal.propose_run(
        office.officers[0], ProposeRun(case_ids=tuple(one.case_id for one in cases), because=WHY)
    )


def approved(office: Office, *cases: Done) -> int:
    run = proposed(office, *cases)
    disposal.decide_run(office.officers[1], DecideRun(run_id=run, approved=True))
    return run


def destroyed(office: Office, *cases: Done) -> disposal.CarriedOut:
    run = approved(office, *cases)
    pass_grace(office)
    return disposal.carry_out(office.officers[0], run)


def state_of(office: Office, done: Done) -> State:
    with office.entry.store.read() as tx:
        return load_case(tx, done.case_id).row.state


def statement(office: Office, sql: str, **values: Any) -> None:
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        tx.execute(text(sql), values)


def said_and_destroyed(tx: Tx, done: Done, by: int, at: datetime, said_by: int = 0) -> None:
    """Destroys a case by SQL, with the entry of the journal that belongs to it, or that is by somebody else."""
    append(tx, at=at, actor_id=said_by or by, action="destroy", heading=Heading.ERASURE, case_id=done.case_id, data={})
    tx.execute(text(DESTROY), {"by": by, "at": moment_text(at), "id": done.case_id})


def destroy_by_sql(
    office: Office, done: Done, by: int, said: str, at: datetime | None = None, said_by: int = 0
) -> None:
    """The same, which the store refuses with `said`."""
    with pytest.raises(RuleKept, match=said), office.entry.store.write() as tx:
        said_and_destroyed(tx, done, by, at or office.entry.clock(), said_by)


def said_and_proposed(tx: Tx, run: int, done: Done, by: int, at: datetime, due_on: str = "2020-01-01") -> None:
    """Proposes a run of a case by SQL that asks nothing, with the entry of the journal that belongs to it."""
    query = text("SELECT reference FROM cases WHERE id = :id")
    said: dict[str, Json] = {"run": run, "cases": [tx.execute(query, {"id": done.case_id}).scalar_one()]}
    append(tx, at=at, actor_id=by, action="propose_run", heading=Heading.ERASURE, data=said)
    values = {"run": run, "by": by, "at": moment_text(at), "id": done.case_id, "due": due_on}
    tx.execute(text("INSERT INTO disposal_run VALUES (:run, 'x', :by, :at)"), values)
    tx.execute(text("INSERT INTO disposal_item VALUES (:run, :id, :due, 'x')"), values)


@contextmanager
def without(tx: Tx, *names: str) -> Iterator[None]:
    """Takes guards away, and puts the very same ones back."""
    for name in names:
        tx.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for name in names:
        tx.exec_driver_sql(guards()[name])


def behind_guards(office: Office, table: str, *statements: str, **values: Any) -> None:
    """Changes a table by SQL as whoever has the key can: its guards are away meanwhile, and back after."""
    names = [name for name, sql in guards().items() if f" ON {table} " in sql]
    with office.entry.store.write() as tx, without(tx, *names):
        for one in statements:
            tx.execute(text(one), values)


def said_and_decided(tx: Tx, run: int, by: int, at: datetime, first: str, *, said_at: datetime | None = None) -> None:
    """Approves a run by SQL, with the entry of the journal that belongs to it, or that is of another moment."""
    said: dict[str, Json] = {"run": run, "reasons": "", "not_before": first}
    append(tx, at=said_at or at, actor_id=by, action="approve_run", heading=Heading.ERASURE, data=said)
    values = {"run": run, "by": by, "at": moment_text(at), "first": first}
    tx.execute(text("INSERT INTO disposal_verdict VALUES (:run, 1, '', :by, :at, :first)"), values)


def decide_by_sql(office: Office, run: int, by: int, said: str, first: str) -> None:
    """The same now, which the store refuses with `said`."""
    with pytest.raises(RuleKept, match=said), office.entry.store.write() as tx:
        said_and_decided(tx, run, by, office.entry.clock(), first)


def moment(office: Office) -> str:
    return office.entry.clock().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
