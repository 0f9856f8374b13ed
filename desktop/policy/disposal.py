"""Disposal in words: what keeps a case, and how a run stands. The days are those that the database holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from desktop.policy.clocks import add_months

GRACE_DAYS = 14
"""Days between the approval of a run and the first day on which it is carried out: time to say no."""
QUIET_DAYS = 30
"""Days for which a case must have got nothing new before it is destroyed."""
MOST_YEARS = 20
"""For so long from today a case may be kept longer, as the Records Management Code of Practice has it; and a hold is
reviewed within them.
"""

KEPT_WORDS: Mapping[str, str] = {
    "held": "A hold stands over it.",
    "beside": "A linked case, or a request for information about the same person, is open.",
    "fresh": f"Something new came to it in the last {QUIET_DAYS} days.",
    "on_run": "It is on a run already.",
    "author": "You worked on it, so somebody else proposes it.",
    "early": "It is not due for review.",
    "state": "It is not a closed case.",
}
"""Why a case is not destroyed, or can be put on no run, a sentence each."""


def last_review(today: date) -> date:
    """The last day that may be given for the next review of a case or a hold."""
    return add_months(today, MOST_YEARS * 12)


def first_day(approved_on: date) -> date:
    """The first day on which a run that was approved on this day may be carried out."""
    return approved_on + timedelta(days=GRACE_DAYS)
