"""When a closed case is due for review. A trigger to review, never to delete (Records Management Code of Practice)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal

from db.records import Outcome
from desktop.policy.clocks import add_months
from desktop.policy.wording import join_and, plural

if TYPE_CHECKING:
    from desktop.policy.agreements import RetentionRule

Bucket = Literal["due", "soon", "waiting", "running"]
AFTER: Mapping[str, str] = {
    "letter_issued": "the letter is issued",
    "letter_sent": "the letter is sent",
    "case_closed": "the case is closed",
    "debt_settled": "the debt is settled",
    "share_code_expired": "the share code expires",
    "agreement_withdrawn": "the agreement is withdrawn",
    "last_consulted": "the case was last looked at",
}
"""What can start a timer, so that "3 years after …" reads well."""
SINCE: Mapping[str, str] = {
    "letter_issued": "The letter was issued",
    "letter_sent": "The letter was sent",
    "case_closed": "The case was closed",
    "debt_settled": "The debt was settled",
    "share_code_expired": "The share code expires",
    "agreement_withdrawn": "The agreement was withdrawn",
    "last_consulted": "The case was last looked at",
}
"""The same of what happened: fits "… on 6 August 2018"."""
WAITS_FOR: Mapping[str, str] = {
    "letter_sent": "the letter to be marked as sent",
    "debt_settled": "the debt to be settled",
    "agreement_withdrawn": "the agreement to be withdrawn",
}
"""What may not have happened yet when a case is closed: fits "Waits for …"."""
CLOSING = ("letter_issued", "case_closed")
"""Triggers that have happened when a case is closed."""
_WHATEVER_THE_END = ("case_closed", "agreement_withdrawn", "last_consulted")
_OF_AN_ANSWER = ("debt_settled", "share_code_expired")


_PERIOD = re.compile(r"(?:(\d+) years?)?(?: and )?(?:(\d+) months?)?")


def review_date(rule: RetentionRule, started_on: date) -> date:
    """The day on which the review is due: the corresponding date, else the month's last day. It does not roll."""
    return add_months(started_on, rule.years * 12 + rule.months)


def longstop(rule: RetentionRule, closed_on: date) -> date | None:
    """The day on which the case is reviewed although what starts its timer has not happened; None for no such day."""
    return add_months(closed_on, rule.longstop_years * 12) if rule.longstop_years else None


def trigger_of(rule: RetentionRule, outcome: Outcome, answer: str) -> str:
    """What starts the timer of one case: the rule's trigger where it bears on how the case ended, else its closing."""
    closing = "case_closed" if outcome is Outcome.WITHDRAWN else "letter_issued"
    unasked = rule.trigger not in _WHATEVER_THE_END and outcome is Outcome.WITHDRAWN
    unanswered = rule.trigger in _OF_AN_ANSWER and outcome in (Outcome.REFUSED, Outcome.REJECTED)
    if unasked or unanswered or rule.trigger == "letter_issued" or (rule.answers and answer not in rule.answers):
        return closing
    return rule.trigger


def review(rule: RetentionRule, trigger: str, closed_on: date, happened_on: date | None, *, appealed: bool) -> date:
    """The day on which a case is reviewed. ``happened_on``: the day of what starts the timer; None while it is still to
    come: then it is the longstop.

    Nothing starts it before the case is closed. The store counts the same by ``db.migrations.conditions_0032.due_of``.
    """
    months = rule.years * 12 + rule.months
    if appealed:
        months = max(months, rule.appealed_years * 12)
    if trigger in CLOSING:
        happened_on = closed_on
    elif trigger == "last_consulted":
        happened_on = happened_on or closed_on
    if happened_on is not None:
        return add_months(max(closed_on, happened_on), months)
    last = longstop(rule, closed_on)
    if last is None:
        raise ValueError("a rule that may wait has a longstop")
    return last


def period_words(rule: RetentionRule) -> str:
    """Such as "3 years" or "8 years and 6 months"."""
    parts = [plural(count, unit) for count, unit in ((rule.years, "year"), (rule.months, "month")) if count]
    return join_and(parts) or "no time"


def months_in(words: str) -> int:
    """The months of the period with which a rule in words begins: see ``period_words``."""
    found = _PERIOD.match(words)
    years, months = found.groups(default="0") if found else ("0", "0")
    return int(years) * 12 + int(months)


def longstop_words(rule: RetentionRule) -> str:
    """When a case is reviewed although its trigger has not happened: "6 years after the case is closed", or ""."""
    return f"{plural(rule.longstop_years, 'year')} after the case is closed" if rule.longstop_years else ""


def trigger_words(rule: RetentionRule, answers: Sequence[str]) -> str:
    """What starts its timers, and for which of the ``answers``; what ends otherwise starts its timer as it closes."""
    words = f"{AFTER[rule.trigger][:1].upper()}{AFTER[rule.trigger][1:]}"
    if rule.trigger == "share_code_expired":
        words += f", {plural(rule.code_days, 'day')} after it was made or the request came"
    if rule.trigger == "last_consulted":
        words += ", or closed where nobody looked"
    if not answers:
        return words
    return f"{words}, where the answer was {join_and([f'“{one}”' for one in answers])}; else the case is closed"


def rule_words(rule: RetentionRule, trigger: str = "") -> str:
    """Such as "3 years after the letter is issued". ``trigger``: what does start it, where that is not the rule's."""
    trigger = trigger or rule.trigger
    words = f"{period_words(rule)} after {AFTER[trigger]}"
    if rule.appealed_years:
        words += f", {plural(rule.appealed_years, 'year')} if the answer is looked at again"
    if trigger in WAITS_FOR:
        words += f"; until that happens, {longstop_words(rule)}"
    return words


def bucket(due_on: date, today: date, *, waits: bool = False) -> Bucket:
    """Due for review, due within a month, waiting for what starts its timer, or running."""
    if due_on <= today:
        return "due"
    if due_on <= add_months(today, 1):
        return "soon"
    return "waiting" if waits else "running"
