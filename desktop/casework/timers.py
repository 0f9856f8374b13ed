"""Retention timers: started when a case closes. Their date is a trigger to review, never to delete."""

from __future__ import annotations

from datetime import date

from db.casefile import start_retention
from db.store import Tx
from desktop.policy.agreements import Agreement
from desktop.policy.retention import review_date, rule_words


def start_timer(tx: Tx, agreement: Agreement, case_id: int, trigger: str, on: date) -> date:
    """Starts the timer by the agreement's rule; returns the day on which the review is due."""
    due_on = review_date(agreement.retention, on)
    start_retention(
        tx,
        {
            "case_id": case_id,
            "trigger": trigger,
            "started_on": on,
            "due_on": due_on,
            "rule": rule_words(agreement.retention, trigger),
            "source": agreement.retention.source,
        },
    )
    return due_on
