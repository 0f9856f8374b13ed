"""The points of many cases at once, and which of them calls for someone today: worked out when it is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from db.casereads import pinned_agreement
from db.clocks import Clocked, clocks_of
from db.records import Case, CaseRow, State
from db.store import Tx
from desktop.casework.desk import Desk
from desktop.casework.pinned import decoded
from desktop.policy.agreements import Agreement, ClockRule
from desktop.policy.points import Point, points, reminder

UNFINISHED = frozenset({State.DRAFT, State.SENT_BACK})
"""States in which a case is still with its caseworker, to be drafted and submitted."""
_STOPPED = frozenset({State.RETURNED, State.HELD})
_SOON = timedelta(days=14)
"""No next working day is further away than this."""
_OVER = frozenset({State.ISSUED, State.WITHDRAWN, State.DESTROYED})


def rules_in(desk: Desk, tx: Tx, rows: Sequence[CaseRow]) -> dict[int, tuple[ClockRule, Clocked]]:
    """For each of these cases the clock of the agreement that it is pinned to, and what moved it."""
    known = {one.content_hash: one for one in desk.agreements.all()}
    clocked = clocks_of(tx, [row.id for row in rows])
    found = {}
    for row in rows:
        one = clocked[row.id]
        if one.agreement_hash not in known:
            known[one.agreement_hash] = decoded(pinned_agreement(tx, one.agreement_hash), row.agreement_id)
        found[row.id] = known[one.agreement_hash].clock, one
    return found


def points_of(desk: Desk, row: CaseRow, rule: ClockRule, clocked: Clocked) -> tuple[Point, ...]:
    """The points of a case; () where it has no due date yet."""
    if row.received_on is None:
        return ()
    calendar, moved = desk.calendars[rule.calendar], clocked.extensions
    return points(rule, row.received_on, calendar, clocked.pauses, expedited=row.expedited, extensions=moved)


def case_points(desk: Desk, agreement: Agreement, case: Case) -> tuple[Point, ...]:
    """The points of a case that is loaded whole."""
    clocked = Clocked(case.agreement_hash, case.pauses, case.extensions)
    return points_of(desk, case.row, agreement.clock, clocked)


def runs(row: CaseRow, clocked: Clocked) -> bool:
    """Whether the clock of a case runs: it is open, not held, and nothing is asked of its requester."""
    return row.state not in _STOPPED | _OVER and not clocked.stopped


def reminders_in(desk: Desk, tx: Tx, rows: Sequence[CaseRow]) -> dict[int, Point]:
    """Those of these cases that a point calls for someone today, each with the most pressing one."""
    today, found = desk.today(), {}
    soon = today + _SOON
    open_rows = [row for row in rows if row.state not in _STOPPED | _OVER]
    # What is late is not reminded of, and what is with others only shortly before it is due.
    near = [row for row in open_rows if row.due_on and today <= row.due_on and (_unfinished(row) or row.due_on <= soon)]
    rules = rules_in(desk, tx, near)
    for row in near:
        rule, clocked = rules[row.id]
        if clocked.stopped:
            continue
        calendar = desk.calendars[rule.calendar]
        final = (Point("final", row.due_on, row.provisional),) if row.due_on is not None else ()
        one = reminder(final, today, calendar, unfinished=False)
        if one is None and _unfinished(row):
            one = reminder(points_of(desk, row, rule, clocked), today, calendar, unfinished=True)
        if one is not None:
            found[row.id] = one
    return found


def _unfinished(row: CaseRow) -> bool:
    return row.state in UNFINISHED
