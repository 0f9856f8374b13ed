"""When a closed case is due for review. A trigger to review, never to delete (Records Management Code of Practice)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from desktop.policy.clocks import add_months
from desktop.policy.wording import join_and, plural

if TYPE_CHECKING:
    from desktop.policy.agreements import RetentionRule

Bucket = Literal["due", "soon", "running"]
_TRIGGERS = {"letter_issued": "the letter is issued", "case_closed": "the case is closed"}


def review_date(rule: RetentionRule, started_on: date) -> date:
    """The day on which the review is due: the corresponding date, else the month's last day. It does not roll."""
    return add_months(started_on, rule.years * 12 + rule.months)


def period_words(rule: RetentionRule) -> str:
    """Such as "3 years" or "8 years and 6 months"."""
    parts = [plural(count, unit) for count, unit in ((rule.years, "year"), (rule.months, "month")) if count]
    return join_and(parts) or "no time"


def rule_words(rule: RetentionRule, trigger: str = "") -> str:
    """Such as "3 years after the letter is issued". ``trigger``: what did start it, where that is not the rule's."""
    return f"{period_words(rule)} after {_TRIGGERS[trigger or rule.trigger]}"


def bucket(due_on: date, today: date) -> Bucket:
    """Due for review, due within a month, or running."""
    if due_on <= today:
        return "due"
    return "soon" if due_on <= add_months(today, 1) else "running"
