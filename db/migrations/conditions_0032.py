"""When a closed case is due for review, as SQL, since revision 0032: what starts a timer does so on its day in London.

What else counts is as it was: see ``conditions_0017``.
"""

from __future__ import annotations

from db.migrations import conditions_0017


def london_day(moment: str) -> str:
    """SQL: the day in London of a moment. Its clocks are an hour ahead of Greenwich from one o'clock on the last Sunday
    of March to one o'clock on that of October.
    """
    spring, autumn = (f"date(substr({moment}, 1, 4) || '-{day}', 'weekday 0') || 'T01'" for day in ("03-25", "10-25"))
    return f"date({moment}, CASE WHEN {moment} >= {spring} AND {moment} < {autumn} THEN '+1 hour' ELSE '+0 hours' END)"


def _in_london(sql: str, moment: str) -> str:
    # As if it were always summer.
    before = f"date({moment}, '+1 hour')"
    if before not in sql:
        raise ValueError(sql)
    return sql.replace(before, london_day(moment))


CONSULTED = _in_london(conditions_0017.CONSULTED, "journal.at")
"""SQL: the day on which somebody last used the case of ``one``. Who looks whether it may go does not use it."""
SENT = _in_london(conditions_0017.SENT, "MAX(letter_event.done_at)")
"""SQL: the day on which the letter that answers the case of ``one`` last went out."""


def as_now(sql: str) -> str:
    """SQL of revision 0017 that counts when cases are due, as it counts now."""
    return sql.replace(conditions_0017.CONSULTED, CONSULTED).replace(conditions_0017.SENT, SENT)


def timers(where: str = "1") -> str:
    """SQL: a query of the timers, each with what rules it, what started it and when it is due; as in 0017."""
    return as_now(conditions_0017.timers(where))


def due_of(case_id: str) -> str:
    """SQL: the day on which the case of this id is due for review; NULL where no timer runs for it."""
    return as_now(conditions_0017.due_of(case_id))
