"""Retention timers: started when a case closes, or by what happens after. A date is a trigger to review, not to delete.

What starts a timer is kept here only where nothing else of the store has it: that a debt was settled is told by
somebody, and the last day of a share code or of an agreement's version is known when the case closes.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from db import timers
from db.records import Case, Outcome
from db.store import Tx
from desktop.casework.desk import Desk
from desktop.policy.agreements import Agreement, RetentionRule
from desktop.policy.fields import parse_date
from desktop.policy.retention import longstop, review_date, rule_words, trigger_of

FORESEEN = ("share_code_expired", "agreement_withdrawn")
"""Triggers whose day may be known when a case closes."""


def start_timer(
    desk: Desk, tx: Tx, agreement: Agreement, case: Case, now: datetime, *, withdrawn: bool = False
) -> None:
    """Starts the timer of a case that closes today, by the rule of the agreement that it is pinned to."""
    outcome = Outcome.WITHDRAWN if withdrawn or case.row.outcome is None else case.row.outcome
    rule, today = agreement.retention, desk.today()
    trigger = trigger_of(rule, outcome, case.finding.status_answer if case.finding else "")
    values = {
        "case_id": case.row.id,
        "trigger": trigger,
        "started_on": today,
        "due_on": review_date(rule, today),
        "rule": rule_words(rule, trigger),
        "source": rule.source,
    }
    timers.start_retention(tx, values | terms_of(rule, trigger, today))
    if trigger in FORESEEN and (on := foreseen_day(agreement, case, trigger)) is not None:
        note_event(desk, tx, case.row.id, trigger, on, now)


def terms_of(rule: RetentionRule, trigger: str, closed_on: date) -> dict[str, object]:
    """The rule as the store counts by it."""
    months = rule.years * 12 + rule.months
    appealed = rule.appealed_years * 12 or None
    waits = rule.trigger == trigger
    return {
        "months": months,
        "appealed_months": appealed,
        "longstop_on": longstop(rule, closed_on) if waits else None,
    }


def foreseen_day(agreement: Agreement, case: Case, trigger: str) -> date | None:
    """The day on which a trigger happens, where the case or its agreement says so already."""
    if trigger == "agreement_withdrawn":
        version = agreement.version(case.row.agreement_version)
        return version.in_force_to if version else None
    rule = agreement.retention
    made_on = parse_date(case.answers.get(rule.code_from)) or case.row.received_on
    return made_on + timedelta(days=rule.code_days) if made_on else None


def note_event(desk: Desk, tx: Tx, case_id: int, trigger: str, on: date, now: datetime) -> None:
    """Keeps the day on which what starts a timer happened, or will. Whoever calls it journals why right before."""
    values = {"case_id": case_id, "trigger": trigger, "happened_on": on}
    timers.add_event(tx, {**values, "recorded_by": desk.user.id, "recorded_at": now})
