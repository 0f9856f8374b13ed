"""When a closed case is due for review, as SQL: for the guards of revision 0017, and for every list that shows it.

The same is counted by ``desktop.policy.retention.review``. What starts a timer is looked up here and now: no column
says that a case was looked at again, that its letter went out or that its agreement was withdrawn, so none can be late.
"""

from __future__ import annotations

from db.migrations.guards_letters import ENDING

CLOSING = "('letter_issued', 'case_closed')"
"""Triggers that have happened when a case is closed."""
TRIGGERS = (
    "letter_issued", "letter_sent", "case_closed", "debt_settled", "share_code_expired", "agreement_withdrawn",
    "last_consulted",
)  # fmt: skip

_ANSWERS = ", ".join(f"'{one}'" for one in ENDING)


def months_on(day: str, months: str) -> str:
    """SQL: the corresponding day so many months on, else that month's last day."""
    return (
        f"MIN(date({day}, '+' || ({months}) || ' months'),"
        f" date({day}, 'start of month', '+' || (({months}) + 1) || ' months', '-1 day'))"
    )


def _day(moment: str) -> str:
    # Greenwich may still be in yesterday when London begins a day.
    return f"date({moment}, '+1 hour')"


CONSULTED = (
    f"(SELECT {_day('journal.at')} FROM journal WHERE journal.case_id = one.case_id AND (journal.heading = 'disclosure'"
    " OR (journal.action = 'open_case' AND json_extract(journal.data, '$.why') IS NOT 'appraisal'))"
    " ORDER BY journal.seq DESC LIMIT 1)"
)
"""SQL: the day on which somebody last used the case of ``one``. Who looks whether it may go does not use it."""
SENT = (
    f"(SELECT {_day('MAX(letter_event.done_at)')} FROM letter_event JOIN letter ON letter.id = letter_event.letter_id"
    f" WHERE letter.case_id = one.case_id AND letter.kind IN ({_ANSWERS}) AND letter_event.action = 'mark_sent')"
)
"""SQL: the day on which the letter that answers the case of ``one`` last went out."""
EVENT = (
    "(SELECT happened_on FROM retention_event WHERE retention_event.case_id = one.case_id"
    ' AND retention_event."trigger" = one."trigger" ORDER BY id DESC LIMIT 1)'
)
"""SQL: the day on which the trigger of ``one`` happened, as it was recorded last."""
WITHDRAWN = (
    "(SELECT policy_change.takes_effect FROM cases JOIN policy_change ON policy_change.agreement_id ="
    " cases.agreement_id WHERE cases.id = one.case_id AND policy_change.kind = 'withdraw'"
    " ORDER BY policy_change.id DESC LIMIT 1)"
)
"""SQL: the day from which the agreement of the case of ``one`` is withdrawn."""
APPEALED = (
    "EXISTS (SELECT 1 FROM relation WHERE relation.kind = 'follow_up' AND relation.unlinked_at IS NULL"
    " AND (relation.case_id = one.case_id OR relation.other_id = one.case_id))"
)
"""SQL: whether somebody asked to look again at the answer of the case of ``one``, or it is that request."""


def timers(where: str = "1") -> str:
    """SQL: a query of the timers, each with what rules it, what started it and when it is due.

    Columns: case_id, started_on, trigger, rule, source, kind (of the newest change, or NULL), said_on, longstop_on,
    happened_on (NULL while the trigger is still to come), due_on. ``where``: of ``retention``, as ``pinned``.
    """
    newest = "(SELECT MAX(id) FROM retention_change WHERE retention_change.case_id = pinned.case_id)"
    changed = "changed.months IS NOT NULL"
    ruled = (
        'SELECT pinned.case_id, pinned.started_on, changed.kind, COALESCE(changed."trigger", pinned."trigger") AS'
        ' "trigger",'
        f" CASE WHEN {changed} THEN changed.months ELSE pinned.months END AS months,"
        f" CASE WHEN {changed} THEN changed.appealed_months ELSE pinned.appealed_months END AS appealed_months,"
        f" CASE WHEN {changed} THEN changed.longstop_on ELSE pinned.longstop_on END AS longstop_on,"
        " COALESCE(changed.due_on, pinned.due_on) AS said_on, COALESCE(changed.rule, pinned.rule) AS rule,"
        " CASE WHEN changed.kind = 'rebase' THEN changed.source ELSE pinned.source END AS source"
        " FROM retention AS pinned LEFT JOIN retention_change AS changed"
        f" ON changed.id = {newest} WHERE {where}"
    )
    began = (
        f'SELECT one.*, CASE WHEN one."trigger" IN {CLOSING} THEN one.started_on'
        f" WHEN one.\"trigger\" = 'last_consulted' THEN COALESCE({CONSULTED}, one.started_on)"
        f" WHEN one.\"trigger\" = 'letter_sent' THEN {SENT}"
        f" WHEN one.\"trigger\" = 'agreement_withdrawn' THEN COALESCE({EVENT}, {WITHDRAWN})"
        f" ELSE {EVENT} END AS happened_on,"
        f" CASE WHEN one.appealed_months > one.months AND {APPEALED} THEN one.appealed_months ELSE one.months END"
        f" AS kept_months FROM ({ruled}) AS one"
    )
    counted = months_on("MAX(two.started_on, two.happened_on)", "two.kept_months")
    return (
        "SELECT two.*, CASE WHEN two.months IS NULL THEN two.said_on"
        " WHEN two.happened_on IS NULL THEN CASE two.kind WHEN 'retain' THEN two.said_on"
        " ELSE COALESCE(two.longstop_on, two.said_on) END"
        f" WHEN two.kind = 'retain' THEN MAX(two.said_on, {counted}) ELSE {counted} END AS due_on"
        f" FROM ({began}) AS two"
    )


def due_of(case_id: str) -> str:
    """SQL: the day on which the case of this id is due for review; NULL where no timer runs for it."""
    return f"(SELECT due_on FROM ({timers(f'pinned.case_id = {case_id}')}) AS timed)"
