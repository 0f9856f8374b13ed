"""What the check says of destroyed cases: those that went as no run lets them go, and what is left. SQLite alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, text

from db.disposal import emptied
from db.health import seen_between
from db.migrations import whole_schema
from db.migrations.conditions_0017 import CLOSING, due_of
from db.migrations.guards_disposal import GRACE_DAYS
from db.schema import cases
from db.schema_disposal import destruction_certificate
from db.times import moment_text

REST = 31
"""Days of a time in which nothing was written that count as gone by, where a review had to become due: a month. No desk
rests for longer without a reason, and a clock that jumped to the day of a review went further.
"""
_FIXED = (
    "NOT EXISTS (SELECT 1 FROM retention WHERE case_id = gone.id"
    f' AND ("trigger" NOT IN {CLOSING} OR appealed_months > months))'
    " AND NOT EXISTS (SELECT 1 FROM retention_change WHERE case_id = gone.id AND months IS NOT NULL)"
)
"""SQL: whether nothing that came after its destruction can have moved the day of the case of ``gone``."""
_GONE = """
told AS (
    SELECT seq, case_id, action, at, actor_id, MIN(at) OVER (
        ORDER BY seq DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS later FROM journal
), gone AS (
    SELECT cases.id, cases.reference, journal.seq, journal.at, journal.later, journal.actor_id,
           date(journal.at, '+1 hour') AS on_day
      FROM told AS journal JOIN cases ON cases.id = journal.case_id
     WHERE journal.action = 'destroy' AND state = 'destroyed'
)
"""
"""SQL: what was destroyed, with the earliest moment that the journal has after it."""


def wrongly_destroyed(tx: Connection, now: datetime) -> tuple[str, ...]:
    """Cases that went before their day, by one person or by somebody who worked on them, within the days of grace, or
    at a moment that cannot be.
    """
    query = f"""
WITH {_GONE}, approval AS MATERIALIZED (
    SELECT data ->> 'run' AS run_id, at FROM journal WHERE action = 'approve_run')
SELECT reference, 'was destroyed before its day' AS said FROM gone
 WHERE (on_day < COALESCE({due_of("gone.id")}, '9999') AND {_FIXED})
    OR on_day < (SELECT due_on FROM disposal_item JOIN disposal_result AS result USING (run_id, case_id)
                  WHERE case_id = gone.id AND result.destroyed)
    OR NOT EXISTS (SELECT 1 FROM disposal_result AS result JOIN disposal_verdict AS verdict USING (run_id)
                    WHERE result.case_id = gone.id AND result.destroyed AND not_before <= on_day)
       AND NOT EXISTS (SELECT 1 FROM journal WHERE case_id = gone.id AND action = 'erase_again'
                          AND data ->> 'run' = 'unread')
UNION ALL SELECT reference, 'was destroyed within its days of grace' FROM gone
 WHERE EXISTS (SELECT 1 FROM disposal_result AS result JOIN approval USING (run_id)
                WHERE result.case_id = gone.id AND result.destroyed
                  AND on_day < date(approval.at, '+{GRACE_DAYS} days'))
UNION ALL SELECT reference, 'was destroyed by one person' FROM gone
 WHERE EXISTS (SELECT 1 FROM disposal_result AS result JOIN disposal_verdict USING (run_id)
                 JOIN disposal_run ON disposal_run.id = result.run_id
                WHERE result.case_id = gone.id AND result.destroyed AND proposed_by = decided_by)
UNION ALL SELECT reference, 'was destroyed by somebody who worked on it' FROM gone
 WHERE EXISTS (SELECT 1 FROM case_author WHERE case_id = gone.id AND user_id = gone.actor_id)
"""
    return (*(f"{row.reference} {row.said}" for row in tx.execute(text(query))), *_out_of_time(tx, now))


# By a clock that was put back


class _Day(NamedTuple):
    """A day of which the journal says something, and the first and last entry that does."""

    on: date
    first: int
    last: int


def _out_of_time(tx: Connection, now: datetime) -> Iterable[str]:
    """Cases that went at a moment that is still to come, or that is later than what came after it, but for those whose
    clock was right then and is wrong, or was, since.
    """
    query = f"""
WITH {_GONE}
SELECT reference, seq, at, later, decided_at, MAX(item.due_on, CASE WHEN {_FIXED} THEN {due_of("gone.id")} ELSE '' END)
       AS due_on, date(at) > date(:now, '+1 day') AS to_come, date(later, '+1 day') < date(at) AS overtaken
  FROM gone
  LEFT JOIN disposal_result AS result ON result.case_id = gone.id AND result.destroyed
  LEFT JOIN disposal_item AS item ON item.case_id = gone.id AND item.run_id = result.run_id
  LEFT JOIN disposal_verdict AS verdict ON verdict.run_id = result.run_id AND verdict.approved
 WHERE to_come OR overtaken
"""
    found = tx.execute(text(query), {"now": moment_text(now)}).all()
    if not found:
        return
    spoken = "SELECT date(at), MIN(seq), MAX(seq) FROM journal WHERE date(at) IS NOT NULL GROUP BY 1 ORDER BY 1"
    days = [_Day(date.fromisoformat(row[0]), row[1], row[2]) for row in tx.execute(text(spoken))]
    graced: dict[str, bool] = {}
    for row in found:
        if row.decided_at is not None and row.decided_at not in graced:
            graced[row.decided_at] = _grace_seen(tx, row)
        if row.decided_at is not None and graced[row.decided_at] and _clock_was_right(row, days, now):
            continue
        if row.to_come:
            yield f"{row.reference} was destroyed on a day that is still to come"
        if row.overtaken:
            yield f"{row.reference} was destroyed at a later moment than what came after it"


def _grace_seen(tx: Connection, row: Any) -> bool:
    """Whether the journal saw the days of grace go by from a run's approval to the destruction of one of its cases."""
    approved, gone = datetime.fromisoformat(row.decided_at), datetime.fromisoformat(row.at)
    # London may have begun a day an hour before Greenwich.
    began = datetime.combine((approved + timedelta(hours=1)).date(), datetime.min.time(), UTC) - timedelta(hours=1)
    grace = timedelta(days=GRACE_DAYS)
    return seen_between(tx, began, gone, grace, row.seq) >= grace


def _clock_was_right(row: Any, days: Sequence[_Day], now: datetime) -> bool:
    """Whether the clock that destroyed a case was right, and a clock that came after it wrong.

    Whoever puts a clock forward to destroy puts it back to go on: sooner or later the journal says of days between the
    approval and the destruction that they came after it. Nor does a review become due by a jump: of the time up to the
    destruction, what nobody saw go by is taken off.
    """
    approved, gone = datetime.fromisoformat(row.decided_at).date(), datetime.fromisoformat(row.at).date()
    after = [one.on for one in days if one.last > row.seq and one.on < gone - timedelta(days=1)]
    after += [now.date()] if row.to_come else []
    if any(approved <= one for one in after):
        return False
    before = [one.on for one in days if one.first <= row.seq and one.on <= gone]
    since = max(min(after), before[0])
    seen = [since, *(one for one in before if one > since)]
    unseen = sum(max((later - one).days - REST, 0) for one, later in pairwise(seen))
    return gone - timedelta(days=unseen) >= date.fromisoformat(row.due_on)


# What is left of them


def remains(tx: Connection) -> tuple[str, ...]:
    """What destroyed cases still hold, or lack: nothing in a sound store."""
    found: list[str] = []
    for table in whole_schema().sorted_tables:
        empty = emptied(table)
        if not empty:
            continue
        at = "cases.id = t.id" if table is cases else "cases.id = t.case_id"
        full = " OR ".join(f"COALESCE(length(t.{name}), 0) > 0" for name in empty)
        query = (
            f'SELECT DISTINCT cases.reference FROM "{table.name}" AS t JOIN cases ON {at}'
            f" WHERE cases.state = 'destroyed' AND ({full})"
        )
        said = f"is destroyed, and {table.name} still says something of it"
        found += [f"{row[0]} {said}" for row in tx.execute(text(query))]
    unsaid = (
        "SELECT reference FROM cases WHERE state = 'destroyed' AND NOT EXISTS (SELECT 1 FROM journal"
        " WHERE case_id = cases.id AND action = 'erase_again') AND (NOT EXISTS (SELECT 1 FROM disposal_result"
        " WHERE case_id = cases.id AND destroyed) OR NOT EXISTS (SELECT 1 FROM journal WHERE case_id = cases.id"
        " AND action = 'destroy'))"
    )
    found += [f"nothing says why {row[0]} was destroyed" for row in tx.execute(text(unsaid))]
    found += _certificates(tx)
    return tuple(found)


def _certificates(tx: Connection) -> Sequence[str]:
    made = destruction_certificate.c
    rows = tx.execute(select(made.number, made.pdf, made.sha256))
    return [
        f"destruction certificate {row.number} was changed"
        for row in rows
        if hashlib.sha256(row.pdf).hexdigest() != row.sha256
    ]
