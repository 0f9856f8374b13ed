"""The tables of disposal: runs of cases that two people let go, what became of each, holds, and moved dates."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from db.migrations.conditions_0038 import OPEN_INFORMATION
from db.schema import cases, keep, metadata, wipe
from db.times import Moment

Index("ix_cases_open_information", cases.c.id, sqlite_where=text(OPEN_INFORMATION))


def _case(name: str = "case_id", *, nullable: bool = False, primary_key: bool = False) -> Column[int]:
    return keep(name, Integer, ForeignKey("cases.id"), nullable=nullable, primary_key=primary_key)


def _who(name: str) -> Column[int]:
    return keep(name, Integer, ForeignKey("user.id"), nullable=False)


def _run(*, primary_key: bool = True) -> Column[int]:
    return keep("run_id", Integer, ForeignKey("disposal_run.id"), primary_key=primary_key)


disposal_run = Table(
    "disposal_run",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("because", Text, nullable=False),
    _who("proposed_by"),
    keep("proposed_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)
"""A list of cases that one records officer proposes to destroy."""

disposal_item = Table(
    "disposal_item",
    metadata,
    _run(),
    _case(primary_key=True),
    keep("due_on", Date, nullable=False),
    keep("rule", Text, nullable=False),
    Index(None, "case_id"),
    sqlite_with_rowid=False,
)
"""A case of a run, with the date and the rule by which it was due."""

disposal_verdict = Table(
    "disposal_verdict",
    metadata,
    _run(),
    keep("approved", Boolean, nullable=False),
    keep("reasons", Text, nullable=False),
    _who("decided_by"),
    keep("decided_at", Moment, nullable=False),
    keep("not_before", Date),
    CheckConstraint("approved = (not_before IS NOT NULL)", name="not_before"),
)
"""What another records officer said to a run; ``not_before`` is the first day on which it may be carried out."""

disposal_result = Table(
    "disposal_result",
    metadata,
    _run(),
    _case(primary_key=True),
    keep("destroyed", Boolean, nullable=False),
    keep("why", Text, nullable=False),
    _who("done_by"),
    keep("done_at", Moment, nullable=False),
    CheckConstraint("destroyed = (why = '')", name="why"),
    Index(None, "done_at"),
    sqlite_with_rowid=False,
)
"""What became of a case of a run: destroyed, or why it was not."""

destruction_certificate = Table(
    "destruction_certificate",
    metadata,
    _run(),
    keep("number", Integer, nullable=False, unique=True),
    keep("content", Text, nullable=False),
    keep("pdf", LargeBinary, nullable=False),
    keep("sha256", String(64), nullable=False),
    _who("made_by"),
    keep("made_at", Moment, nullable=False),
)
"""The certificate of a run that is done: its content as canonical JSON, and the page that says the same."""

disposal_transfer = Table(
    "disposal_transfer",
    metadata,
    _run(),
    keep("recipient", Text, nullable=False),
)
"""A run whose cases are handed over to another body before they go: to whom."""

transfer_package = Table(
    "transfer_package",
    metadata,
    _run(),
    _case(primary_key=True),
    keep("sha256", String(64), nullable=False),
    keep("size", Integer, nullable=False),
    _who("made_by"),
    keep("made_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)
"""The sealed package of a case that was handed over, once it was written and read back."""

retention_change = Table(
    "retention_change",
    metadata,
    keep("id", Integer, primary_key=True),
    _case(),
    keep("kind", String(10), nullable=False),
    keep("due_on", Date, nullable=False),
    keep("rule", Text, nullable=False),
    keep("source", Text, nullable=False),
    wipe("because", Text, nullable=False),
    _who("decided_by"),
    keep("decided_at", Moment, nullable=False),
    keep("trigger", String(30)),
    keep("months", Integer),
    keep("appealed_months", Integer),
    keep("longstop_on", Date),
    keep("confirmed_by", Integer, ForeignKey("user.id")),
    CheckConstraint("kind IN ('retain', 'rebase')", name="kind"),
    CheckConstraint("confirmed_by <> decided_by", name="confirmed_by"),
    Index(None, "case_id", "id"),
    sqlite_autoincrement=True,
)
"""A later date for a timer, or another rule by which it runs, which two people put it under. The newest row counts."""

retention_event = Table(
    "retention_event",
    metadata,
    keep("id", Integer, primary_key=True),
    _case(),
    keep("trigger", String(30), nullable=False),
    keep("happened_on", Date, nullable=False),
    _who("recorded_by"),
    keep("recorded_at", Moment, nullable=False),
    CheckConstraint("\"trigger\" IN ('debt_settled', 'share_code_expired', 'agreement_withdrawn')", name="trigger"),
    Index(None, "case_id", "id"),
    sqlite_autoincrement=True,
)
"""That what starts the timer of a closed case happened, or will, and on which day. The newest row counts."""

hold = Table(
    "hold",
    metadata,
    keep("id", Integer, primary_key=True),
    _case(nullable=True),
    _case("person_of", nullable=True),
    keep("agreement_id", String(60)),
    keep("requester", Text),
    keep("received_from", Date),
    keep("received_to", Date),
    keep("authority", Text, nullable=False),
    keep("because", Text, nullable=False),
    keep("review_on", Date, nullable=False),
    _who("placed_by"),
    keep("placed_at", Moment, nullable=False),
    CheckConstraint(
        "case_id IS NOT NULL OR person_of IS NOT NULL OR agreement_id IS NOT NULL OR requester IS NOT NULL"
        " OR received_from IS NOT NULL OR received_to IS NOT NULL",
        name="scope",
    ),
    sqlite_autoincrement=True,
)
"""What may not be destroyed: every case, also a future one, for which all the parts of the scope hold that are given.

``person_of``: the cases about the person of that case. ``requester``: the body, as it stands in the register.
"""

hold_step = Table(
    "hold_step",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("hold_id", Integer, ForeignKey("hold.id"), nullable=False),
    keep("step", String(10), nullable=False),
    keep("because", Text, nullable=False),
    _who("taken_by"),
    keep("taken_at", Moment, nullable=False),
    CheckConstraint("step IN ('propose', 'release', 'keep')", name="step"),
    Index(None, "hold_id", "id"),
    sqlite_autoincrement=True,
)
"""Towards the release of a hold: proposed by one, released or kept by another."""
