"""Timers of closed cases: what rules each, what started it, what has happened, and when it is due."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text

from db.migrations.conditions_0017 import APPEALED, WITHDRAWN, months_on
from db.migrations.conditions_0032 import CONSULTED, SENT, timers
from db.records import Outcome
from db.records_log import Timer
from db.schema import retention
from db.schema_disposal import retention_change, retention_event

_CLOSED = "cases.state IN ('issued', 'withdrawn')"
"""Stubs keep their timers, and are far more."""
_RUNNING = f"pinned.case_id IN (SELECT id FROM cases WHERE {_CLOSED})"
COULD_BE_DUE = f"""pinned.case_id IN (
 SELECT soon.case_id FROM cases CROSS JOIN retention AS soon INDEXED BY ix_retention_timer
     ON soon.case_id = cases.id
  WHERE {_CLOSED} AND soon.due_on <= :on
 UNION ALL
 SELECT moved.case_id FROM retention_change AS moved JOIN cases ON cases.id = moved.case_id WHERE {_CLOSED})"""
"""SQL: whether a timer is of a case that still has something to destroy, and could be due by the day ``:on``: by its
rule it is not before ``retention.due_on``, unless somebody moved it.
"""
_TIMERS = f"""
SELECT timer.*, cases.reference, cases.agreement_id, cases.outcome
  FROM ({timers("pinned.case_id IN (SELECT value FROM json_each(:ids))")}) AS timer
  JOIN cases ON cases.id = timer.case_id
"""
_DUE = f"SELECT COUNT(*) FROM ({timers(COULD_BE_DUE)}) AS timer WHERE timer.due_on <= :on"


def _days_of(where: str) -> str:
    """SQL: the cases of each day on which any of these timers is due, apart by whether they wait for their trigger."""
    pinned = "FROM retention AS pinned"
    # What the rule says in words, most of a row, is not asked for.
    of_index = timers(where).replace(pinned, f"{pinned} INDEXED BY ix_retention_timer")
    return f"""
WITH timed AS MATERIALIZED (
  SELECT case_id, due_on, happened_on IS NULL AND months IS NOT NULL AS waits FROM ({of_index}) AS timer
)
SELECT due_on, waits, group_concat(case_id, ',' ORDER BY case_id) AS ids FROM timed
 GROUP BY due_on, waits ORDER BY due_on, waits
"""


_DAYS, _SOONEST = _days_of(_RUNNING), _days_of(COULD_BE_DUE)
_ANSWER = "(SELECT status_answer FROM finding WHERE finding.case_id = {} ORDER BY number DESC LIMIT 1)"
_HAPPENED = f"""
SELECT one.case_id, {CONSULTED} AS last_consulted, {SENT} AS letter_sent, {WITHDRAWN} AS agreement_withdrawn,
       {APPEALED} AS appealed,
       {_ANSWER.format("one.case_id")} AS answer
  FROM retention AS one JOIN cases ON cases.id = one.case_id
 WHERE cases.state <> 'destroyed' AND cases.agreement_id = :agreement_id
"""


@dataclass(frozen=True, slots=True)
class TimerDay:
    """The cases that are due for review on a day."""

    on: date
    waits: bool
    """Whether what starts their timers has not happened yet."""
    case_ids: array[int]


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


def cancel(tx: Connection, case_id: int) -> None:
    """Ends the timer of a case that is reopened, which the journal said right before."""
    tx.execute(delete(retention).where(retention.c.case_id == case_id))


def was_rebased(tx: Connection, case_id: int) -> bool:
    """Whether the timer of a case was ever given a new rule."""
    change = retention_change.c
    query = select(change.id).where(change.case_id == case_id, change.kind == "rebase").limit(1)
    return tx.execute(query).first() is not None


def add_event(tx: Connection, values: Mapping[str, Any]) -> None:
    """That what starts a timer happened, or will, on a day."""
    tx.execute(insert(retention_event).values(**values))


def days(tx: Connection, until: date | None = None) -> tuple[TimerDay, ...]:
    """The days on which the timers of cases that are not destroyed are due, in order. ``until``: no later ones."""
    found = tx.execute(text(_DAYS)) if until is None else tx.execute(text(_SOONEST), {"on": until.isoformat()})
    every = (
        TimerDay(date.fromisoformat(row.due_on), bool(row.waits), array("q", map(int, row.ids.split(","))))
        for row in found
    )
    return tuple(one for one in every if until is None or one.on <= until)


def timers_of(tx: Connection, ids: Sequence[int]) -> tuple[Timer, ...]:
    """The timers of these cases, in the order given; cases that have none are left out."""
    found = {row.case_id: _timer(row) for row in tx.execute(text(_TIMERS), {"ids": json.dumps(list(ids))})}
    return tuple(found[one] for one in ids if one in found)


def running(tx: Connection, limit: int = 10_000) -> tuple[Timer, ...]:
    """The timers of cases that are not destroyed, in the order of their dates."""
    return timers_of(tx, [one for day in days(tx) for one in day.case_ids][:limit])


def _timer(row: Any) -> Timer:
    return Timer(
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


@dataclass(frozen=True, slots=True)
class TimerRule:
    """How the timers of cases with one outcome run under the text of an agreement with a hash."""

    hash: str
    outcome: str
    months: int
    appealed: int | None
    """Months after an appeal."""
    waits: str
    """The trigger that has a longstop."""
    longstop: int | None
    """In months."""
    answers: tuple[str, ...]
    trigger: str
    """What starts the timer where the answer is one of these."""
    otherwise: str
    """What starts it after another one."""


def of_other_rules(tx: Connection, rules: Sequence[TimerRule], run_id: int | None = None) -> tuple[str, ...]:
    """References of the cases, or those of a run, whose timer is not by the rule of the agreement that they are under.
    An earlier program kept no months, and the day all the same; of a destroyed case no answer stays.
    """
    of_run = "" if run_id is None else "case_id IN (SELECT case_id FROM disposal_item WHERE run_id = :run) AND"
    names = [one.name for one in fields(TimerRule)]
    said = ", ".join(f"value ->> '{name}' AS {name}" for name in names)
    query = f"""
WITH rule AS MATERIALIZED (SELECT {said} FROM json_each(:rules))
SELECT reference FROM retention JOIN cases ON cases.id = case_id
  JOIN rule ON rule.hash = agreement_hash AND rule.outcome = COALESCE(cases.outcome, 'withdrawn')
 WHERE {of_run} (started_on IS NOT closed_on OR retention.due_on IS NOT {months_on("started_on", "rule.months")}
    OR (retention.months IS NOT NULL AND (retention.months <> rule.months OR appealed_months IS NOT rule.appealed
        OR longstop_on IS NOT CASE WHEN retention.trigger = waits THEN {months_on("started_on", "longstop")} END))
    OR CASE WHEN state = 'destroyed' THEN retention.trigger NOT IN (rule.trigger, otherwise)
       WHEN COALESCE({_ANSWER.format("cases.id")}, '') IN (SELECT value FROM json_each(answers))
       THEN retention.trigger <> rule.trigger ELSE retention.trigger <> otherwise END)
 ORDER BY cases.id
"""
    values = {"rules": json.dumps([asdict(one) for one in rules])} | ({} if run_id is None else {"run": run_id})
    return tuple(tx.execute(text(query), values).scalars())


def rebased(tx: Connection, run_id: int | None = None) -> Iterator[tuple[str, str, int]]:
    """The reference of each case, or of each in a run, whose timer was put under another rule, what that rule says, and
    the months that are counted by it.
    """
    of_run = "" if run_id is None else "AND case_id IN (SELECT case_id FROM disposal_item WHERE run_id = :run)"
    query = (
        "SELECT reference, rule, months FROM retention_change JOIN cases ON cases.id = case_id"
        f" WHERE retention_change.kind = 'rebase' AND months IS NOT NULL {of_run} ORDER BY retention_change.id"
    )
    yield from map(tuple, tx.execute(text(query), {} if run_id is None else {"run": run_id}))
