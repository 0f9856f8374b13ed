"""What is kept beside the cases: the journal's entries, and the timers of closed cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from db.records import Heading, Json, Outcome


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One link of the chain."""

    seq: int
    at: datetime
    actor_id: int | None
    actor: str
    action: str
    heading: Heading
    case_id: int | None
    reference: str
    data: Mapping[str, Json]
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Timer:
    """A closed case's retention timer. The date is a trigger to review, never to delete."""

    case_id: int
    reference: str
    agreement_id: str
    outcome: Outcome
    trigger: str
    """One of ``desktop.policy.retention.AFTER``."""
    started_on: date
    """The day of closing."""
    happened_on: date | None
    """The day of what started it, which may be to come; None while that has not happened, or where it is not kept."""
    due_on: date
    rule: str  # in words, such as "3 years after the letter is issued"
    source: str
    waits: bool
    """Whether what starts it has not happened: ``due_on`` is the day on which it is looked at all the same."""
