"""What the check says of destroyed cases: those that went as no run lets them go, and what is left. SQLite alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from db.emptying import emptied
from db.health import GAP, seen_between
from db.migrations import whole_schema
from db.migrations.conditions_0017 import CLOSING
from db.migrations.conditions_0032 import due_of, london_day
from db.migrations.guards_disposal import GRACE_DAYS
from db.said import JOURNALLED_OF_NO_CASE, entries_of, said_of, told
from db.schema import cases
from db.times import moment_text

_FIXED = (
    "NOT EXISTS (SELECT 1 FROM retention WHERE case_id = gone.id"
    f' AND ("trigger" NOT IN {CLOSING} OR appealed_months > months))'
    " AND NOT EXISTS (SELECT 1 FROM retention_change WHERE case_id = gone.id AND months IS NOT NULL)"
)
"""SQL: whether nothing that came after its destruction can have moved the day of the case of ``gone``."""
_GONE = f"""
told AS (
    SELECT seq, case_id, action, at, actor_id, MIN(at) OVER (
        ORDER BY seq DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS later FROM journal
), gone AS (
    SELECT cases.id, cases.reference, journal.seq, journal.at, journal.later, journal.actor_id,
           {london_day("journal.at")} AS on_day
      FROM told AS journal JOIN cases ON cases.id = journal.case_id
     WHERE journal.action = 'destroy' AND state = 'destroyed'
), went AS (
    SELECT item.case_id, item.due_on, run_id
      FROM disposal_item AS item JOIN disposal_result AS result USING (run_id, case_id) WHERE result.destroyed
)
"""
"""SQL: what was destroyed, with the earliest moment that the journal has after it; and by which run each case went, to
be looked up by its item, for of results there is no index of cases.
"""


def wrongly_destroyed(tx: Connection, now: datetime) -> tuple[str, ...]:
    """Cases that went before their day, by one person or by somebody who worked on them, within the days of grace, or
    at a moment that cannot be.
    """
    table, verb, actions, number = JOURNALLED_OF_NO_CASE["decision of a disposal run"]
    query = f"""
WITH {_GONE}, approval AS MATERIALIZED (
    SELECT {told("run")} AS run_id, at FROM journal WHERE action = 'approve_run'
), entry AS MATERIALIZED (SELECT * FROM journal WHERE {entries_of(actions)}
), unsaid AS MATERIALIZED (
    SELECT run_id FROM {table} WHERE approved AND NOT EXISTS (
        SELECT 1 FROM entry WHERE {said_of(table, verb, number)}))
SELECT reference, 'was destroyed before its day' AS said FROM gone
 WHERE (on_day < COALESCE({due_of("gone.id")}, '9999') AND {_FIXED})
    OR on_day < (SELECT due_on FROM went WHERE case_id = gone.id)
    OR NOT EXISTS (SELECT 1 FROM went JOIN disposal_verdict AS verdict USING (run_id)
                    WHERE case_id = gone.id AND approved AND not_before <= on_day)
       AND NOT EXISTS (SELECT 1 FROM journal WHERE case_id = gone.id AND action = 'erase_again'
                          AND {told("run")} = 'unread')
UNION SELECT reference, 'was destroyed within its days of grace' FROM cases
 WHERE id IN (SELECT case_id FROM approval CROSS JOIN disposal_result USING (run_id)
               WHERE destroyed AND {london_day("done_at")} < date(approval.at, '+{GRACE_DAYS} days'))
UNION SELECT reference, 'was destroyed by a run that the journal does not say was approved'
  FROM gone JOIN went ON case_id = gone.id JOIN unsaid USING (run_id)
UNION ALL SELECT reference, 'was destroyed by one person' FROM gone
 WHERE EXISTS (SELECT 1 FROM went JOIN disposal_verdict USING (run_id) JOIN disposal_run ON disposal_run.id = run_id
                WHERE case_id = gone.id AND proposed_by = decided_by)
UNION ALL SELECT reference, 'was destroyed by somebody who worked on it' FROM gone
 WHERE EXISTS (SELECT 1 FROM case_author WHERE case_id = gone.id AND user_id = gone.actor_id)
"""
    return (*(f"{row.reference} {row.said}" for row in tx.execute(text(query))), *_out_of_time(tx, now))


# By a clock that was put back


def _out_of_time(tx: Connection, now: datetime) -> Iterable[str]:
    """Cases that went at a moment that is still to come, or that is later than what came after it, but for those whose
    clock was right then, and was put back and set right since.
    """
    query = f"""
WITH {_GONE}
SELECT gone.reference, gone.seq, gone.at, proposed_by, decided_by, decided_at,
       date(gone.at) > date(:now, '+1 day') AS to_come, date(later, '+1 day') < date(gone.at) AS overtaken
  FROM gone
  LEFT JOIN disposal_result AS result ON result.case_id = gone.id AND result.destroyed
  LEFT JOIN disposal_verdict AS verdict ON verdict.run_id = result.run_id AND verdict.approved
  LEFT JOIN disposal_run AS run ON run.id = verdict.run_id
 WHERE to_come OR overtaken
 ORDER BY gone.seq
"""
    found = tx.execute(text(query), {"now": moment_text(now)}).all()
    if not found:
        return
    turns = _turns(tx, found[0].seq)
    graced: dict[str | None, bool] = {None: False}
    for row in found:
        if row.decided_at not in graced:
            graced[row.decided_at] = _grace_seen(tx, row)
        later = [*(at for seq, at in turns if seq > row.seq), now]
        if graced[row.decided_at] and _set_right(datetime.fromisoformat(row.at), later):
            continue
        if row.to_come:
            yield f"{row.reference} was destroyed on a day that is still to come by this computer’s clock"
        if row.overtaken:
            yield f"{row.reference} was destroyed at a later moment than what came after it"


def _turns(tx: Connection, since: int) -> list[tuple[int, datetime]]:
    """The numbers and moments of the entries after one that are the first or the last of their day as they follow one
    another: a few for each day, however much was done on it.
    """
    query = """
SELECT seq, at FROM (SELECT seq, at, date(at) AS day, LAG(date(at)) OVER (ORDER BY seq) AS before,
                            LEAD(date(at)) OVER (ORDER BY seq) AS after FROM journal WHERE seq > :since)
 WHERE day IS NOT NULL AND (day IS NOT before OR day IS NOT after) ORDER BY seq
"""
    return [(row.seq, datetime.fromisoformat(row.at)) for row in tx.execute(text(query), {"since": since})]


def _grace_seen(tx: Connection, row: Any) -> bool:
    """Whether others than the two who agreed to a run saw its days of grace go by, from its approval to the destruction
    of one of its cases.
    """
    approved, gone = datetime.fromisoformat(row.decided_at), datetime.fromisoformat(row.at)
    # London may have begun a day an hour before Greenwich.
    began = datetime.combine((approved + timedelta(hours=1)).date(), datetime.min.time(), UTC) - timedelta(hours=1)
    grace = timedelta(days=GRACE_DAYS)
    return seen_between(tx, began, gone, grace, (row.proposed_by, row.decided_by), row.seq) >= grace


_DAY = timedelta(days=1)
"""By less than that a clock may differ from itself without a word."""


def _set_right(gone: datetime, later: Sequence[datetime]) -> bool:
    """Whether a clock that fell behind a moment at which it destroyed was each time set right, by these moments.

    It is set right in one step, as long as it had been put back: then it was right before. Where the days up to that
    moment come again one by one, or are still to come, it was ahead; and so it was where all its leaps since leave it
    further back than they found it, as when it leapt once more in between.
    """
    least, before, leapt = None, gone, timedelta()
    for at in later:
        if abs(at - before) > GAP:
            leapt += at - before
        if at < gone - _DAY:
            least = at if least is None else min(least, at)
        elif least is not None:
            if at - before < gone - least:
                return False
            least = None
        before = at
    return least is None and leapt > -_DAY


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
        " WHERE case_id = cases.id AND action = 'erase_again') AND (id NOT IN (SELECT case_id FROM disposal_result"
        " WHERE destroyed) OR NOT EXISTS (SELECT 1 FROM journal WHERE case_id = cases.id AND action = 'destroy'))"
    )
    found += [f"nothing says why {row[0]} was destroyed" for row in tx.execute(text(unsaid))]
    found += _certificates(tx)
    return tuple(found)


def _certificates(tx: Connection) -> Sequence[str]:
    """Those whose page is not of its hash, which the journal says too, or whose content the journal says otherwise."""
    table, verb, actions, number = JOURNALLED_OF_NO_CASE["destruction certificate"]
    content = "SELECT part.value FROM entry JOIN json_tree(entry.data) AS part ON part.key = 'content'"
    query = (
        f"WITH entry AS MATERIALIZED (SELECT * FROM journal WHERE json_valid(data) AND {entries_of(actions)})"
        f" SELECT number, content, pdf, sha256, ({content} WHERE {said_of(table, verb, number)}) AS said FROM {table}"
    )
    return [
        f"destruction certificate {row.number} was changed"
        for row in tx.execute(text(query))
        if hashlib.sha256(row.pdf).hexdigest() != row.sha256
        or (row.said and hashlib.sha256(row.content.encode()).hexdigest() != row.said)
    ]
