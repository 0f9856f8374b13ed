"""Timers of closed cases: what rules each, what started it, what has happened, and when it is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from db.migrations.conditions_0017 import APPEALED, WITHDRAWN
from db.migrations.conditions_0032 import CONSULTED, SENT, timers
from db.records import Outcome
from db.records_log import Timer
from db.schema import retention
from db.schema_disposal import retention_change, retention_event

CLOSED = "pinned.case_id IN (SELECT id FROM cases WHERE state IN ('issued', 'withdrawn'))"
"""SQL: whether a timer is of a case that still has something to destroy: stubs keep theirs, and are far more."""
CHANGED = "pinned.case_id IN (SELECT case_id FROM retention_change)"
"""SQL: whether somebody moved it."""
_TIMERS = f"""
SELECT timer.*, cases.reference, cases.agreement_id, cases.outcome
  FROM ({timers(CLOSED)}) AS timer JOIN cases ON cases.id = timer.case_id
 ORDER BY timer.due_on, timer.case_id LIMIT :most
"""
_DUE = f"""
SELECT COUNT(*)
  FROM ({timers(f"{CLOSED} AND (+pinned.due_on <= :on OR {CHANGED})")}) AS timer
  JOIN cases ON cases.id = timer.case_id
 WHERE timer.due_on <= :on
"""
_HAPPENED = f"""
SELECT one.case_id, {CONSULTED} AS last_consulted, {SENT} AS letter_sent, {WITHDRAWN} AS agreement_withdrawn,
       {APPEALED} AS appealed,
       (SELECT status_answer FROM finding WHERE finding.case_id = one.case_id ORDER BY number DESC LIMIT 1) AS answer
  FROM retention AS one JOIN cases ON cases.id = one.case_id
 WHERE cases.state <> 'destroyed' AND cases.agreement_id = :agreement_id
"""


@dataclass(frozen=True, slots=True)
class Happened:
    """What is known of a closed case that can bear on its timer under another rule."""

    days: Mapping[str, date]
    """Trigger to the day on which it happened, or will; what has not happened is left out."""
    answer: str
    """The answer that it had, where its agreement is not for tracing; else empty."""
    appealed: bool


def start_retention(tx: Connection, values: Mapping[str, Any]) -> None:
    """Starts a closed case's timer."""
    tx.execute(insert(retention).values(**values))


def add_event(tx: Connection, values: Mapping[str, Any]) -> None:
    """That what starts a timer happened, or will, on a day."""
    tx.execute(insert(retention_event).values(**values))


def running(tx: Connection, limit: int = 10_000) -> tuple[Timer, ...]:
    """The timers of cases that are not destroyed, in the order of their dates."""
    return tuple(
        Timer(
            case_id=row.case_id,
            reference=row.reference,
            agreement_id=row.agreement_id,
            outcome=Outcome(row.outcome),
            trigger=row.trigger,
            started_on=date.fromisoformat(row.started_on),
            happened_on=_day(row.happened_on),
            due_on=date.fromisoformat(row.due_on),
            rule=row.rule,
            source=row.source,
            waits=row.happened_on is None and row.months is not None,
        )
        for row in tx.execute(text(_TIMERS), {"most": limit})
    )


def due_count(tx: Connection, on: date) -> int:
    """How many cases are due for review by this day."""
    return int(tx.execute(text(_DUE), {"on": on.isoformat()}).scalar_one())


def pinned_rule(tx: Connection, case_id: int) -> tuple[str, bool] | None:
    """What starts a case's timer, and whether it is still waited for; None where no timer runs."""
    row = tx.execute(text(timers("pinned.case_id = :id")), {"id": case_id}).first()
    return (row.trigger, row.happened_on is None and row.months is not None) if row else None


def happened(tx: Connection, agreement_id: str) -> dict[int, Happened]:
    """What is known of each closed case of an agreement."""
    events: dict[int, dict[str, date]] = {}
    for row in tx.execute(select(retention_event).order_by(retention_event.c.id)):
        events.setdefault(row.case_id, {})[row.trigger] = row.happened_on
    found = {}
    for row in tx.execute(text(_HAPPENED), {"agreement_id": agreement_id}):
        days = {
            name: date.fromisoformat(on)
            for name in ("last_consulted", "letter_sent", "agreement_withdrawn")
            if (on := getattr(row, name))
        }
        found[row.case_id] = Happened(days | events.get(row.case_id, {}), row.answer or "", bool(row.appealed))
    return found


def add_change(tx: Connection, values: Mapping[str, Any]) -> None:
    """A new date for a timer, and why. What ``values`` does not say of its rule stays as it is."""
    row = tx.execute(text(timers("pinned.case_id = :id")), {"id": values["case_id"]}).one()
    stands = {name: getattr(row, name) for name in ("trigger", "months", "appealed_months")}
    stands["longstop_on"] = _day(row.longstop_on)
    tx.execute(insert(retention_change).values(**stands | dict(values)))


def retained(tx: Connection) -> frozenset[int]:
    """The cases that somebody gave a date of their own, as the last change of their timer."""
    newest = select(func.max(retention_change.c.id)).group_by(retention_change.c.case_id)
    query = select(retention_change.c.case_id).where(
        retention_change.c.id.in_(newest), retention_change.c.kind == "retain"
    )
    return frozenset(tx.execute(query).scalars())


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
