"""Every table of the store. Each column says what happens to it when its case is destroyed: keep or wipe."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from db.records import Heading, LetterKind, Outcome, Role, State
from db.times import Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Type = Any


def keep(name: str, kind: _Type, *rest: Any, **options: Any) -> Column[Any]:
    """A column that stays in the stub of a destroyed case: it identifies nobody."""
    return Column(name, kind, *rest, info={"disposal": "keep"}, **options)


def wipe(name: str, kind: _Type, *rest: Any, **options: Any) -> Column[Any]:
    """A column that is emptied when its case is destroyed."""
    return Column(name, kind, *rest, info={"disposal": "wipe"}, **options)


def _one_of(column: str, values: type[State | Role | Outcome | Heading]) -> CheckConstraint:
    listed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _case() -> Column[Any]:
    return keep("case_id", Integer, ForeignKey("cases.id"), nullable=False)


def _who(name: str) -> Column[Any]:
    return keep(name, Integer, ForeignKey("user.id"), nullable=False)


def _when(name: str, *, nullable: bool = False) -> Column[Any]:
    return keep(name, Moment, nullable=nullable)


meta = Table(
    "meta",
    metadata,
    keep("key", String(40), primary_key=True),
    keep("value", Text, nullable=False),
)

organisation = Table(
    "organisation",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("name", Text, nullable=False),
    keep("team", Text, nullable=False),
    keep("address", Text, nullable=False),
    keep("phone", Text, nullable=False),
    keep("email", Text, nullable=False),
    keep("hours", Text, nullable=False),
    keep("signatory_name", Text, nullable=False),
    keep("signatory_title", Text, nullable=False),
    keep("logo", LargeBinary),
    keep("sample", Boolean, nullable=False),
    keep("hours_welsh", Text, nullable=False, server_default=""),
    keep("signatory_title_welsh", Text, nullable=False, server_default=""),
)

user = Table(
    "user",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("username", String(60), nullable=False, unique=True),
    keep("name", Text, nullable=False),
    keep("role", String(20), nullable=False),
    keep("password_hash", Text, nullable=False),
    keep("active", Boolean, nullable=False),
    keep("failed", Integer, nullable=False),
    _when("locked_until", nullable=True),
    _when("last_seen_at", nullable=True),
    keep("must_change_password", Boolean, nullable=False),
    _one_of("role", Role),
    sqlite_autoincrement=True,
)

agreement_text = Table(
    "agreement_text",
    metadata,
    keep("hash", String(64), primary_key=True),
    keep("agreement_id", String(60), nullable=False),
    keep("text", Text, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("reference", String(16), nullable=False, unique=True),
    keep("kind", String(20), nullable=False),
    keep("agreement_id", String(60), nullable=False),
    keep("agreement_version", Integer, nullable=False),
    keep("agreement_hash", String(64), ForeignKey("agreement_text.hash"), nullable=False),
    keep("state", String(20), nullable=False),
    keep("outcome", String(20)),
    keep("requester_kind", String(60), nullable=False),
    keep("received_on", Date),
    keep("due_on", Date),
    keep("provisional", Boolean, nullable=False),
    keep("expedited", Boolean, nullable=False),
    _who("caseworker_id"),
    _who("created_by"),
    _when("created_at"),
    _who("changed_by"),
    _when("changed_at"),
    keep("version", Integer, nullable=False),
    keep("submission", Integer, nullable=False),
    keep("sent_back", Integer, nullable=False),
    keep("closed_on", Date),
    wipe("requester", Text, nullable=False),
    wipe("requester_reference", Text, nullable=False),
    wipe("family_name", Text, nullable=False),
    wipe("given_names", Text, nullable=False),
    wipe("born", Text, nullable=False),
    wipe("salt", LargeBinary, nullable=False),
    # Of an answer that is no trace: the title of its agreement's row of statistics, for the answer itself goes.
    keep("answered_as", Text),
    _one_of("state", State),
    CheckConstraint(
        "outcome IS NULL OR outcome IN (" + ", ".join(f"'{value.value}'" for value in Outcome) + ")", name="outcome"
    ),
    Index(None, "id"),
    Index(None, "state", "due_on", "id"),
    Index(None, "due_on", "id"),
    Index(None, "received_on", "id"),
    # As names are put in order, whatever their case and accents: see ``db.engine.folded``.
    Index("ix_cases_person", text("folded(family_name)"), text("folded(given_names)"), "id"),
    Index("ix_cases_body", text("folded(requester)"), "id"),
    Index(None, "born", "id"),
    Index(None, "requester", "id"),
    Index(None, "agreement_id", "due_on", "id"),
    Index(None, "outcome", "due_on", "id"),
    Index(None, "caseworker_id", "state", "due_on", "id"),
    Index(
        "ix_cases_closed_on",
        "closed_on",
        "received_on",
        "agreement_id",
        "requester_kind",
        "outcome",
        "answered_as",
        "due_on",
    ),
    sqlite_autoincrement=True,
)

answer = Table(
    "answer",
    metadata,
    keep("case_id", Integer, ForeignKey("cases.id"), primary_key=True),
    keep("field", String(80), primary_key=True),
    wipe("value", Text, nullable=False),
    _who("changed_by"),
    _when("changed_at"),
    sqlite_with_rowid=False,
)

case_author = Table(
    "case_author",
    metadata,
    keep("case_id", Integer, ForeignKey("cases.id"), primary_key=True),
    keep("user_id", Integer, ForeignKey("user.id"), primary_key=True),
    sqlite_with_rowid=False,
)

identifier = Table(
    "identifier",
    metadata,
    keep("id", Integer, primary_key=True),
    _case(),
    keep("kind", String(30), nullable=False),
    wipe("value", Text, nullable=False),
    Index(None, "kind", "value", "case_id"),
    Index(None, "case_id"),
)

submission = Table(
    "submission",
    metadata,
    keep("case_id", Integer, ForeignKey("cases.id"), primary_key=True),
    keep("number", Integer, primary_key=True),
    _who("submitted_by"),
    _when("submitted_at"),
    wipe("snapshot", Text, nullable=False),
    keep("snapshot_hash", String(64), nullable=False),
    sqlite_with_rowid=False,
)

decision = Table(
    "decision",
    metadata,
    keep("id", Integer, primary_key=True),
    _case(),
    keep("submission", Integer, nullable=False),
    keep("action", String(20), nullable=False),
    _who("decided_by"),
    _when("decided_at"),
    wipe("reasons", Text, nullable=False),
    keep("because_of", Text, nullable=False),
    wipe("views", Text, nullable=False),
    CheckConstraint("action IN ('approve', 'refuse', 'reject', 'send_back', 'escalate')", name="action"),
    Index(None, "case_id"),
    Index(None, "decided_at"),
    sqlite_autoincrement=True,
)

voiding = Table(
    "voiding",
    metadata,
    keep("decision_id", Integer, ForeignKey("decision.id"), primary_key=True),
    _who("voided_by"),
    _when("voided_at"),
)

finding = Table(
    "finding",
    metadata,
    keep("case_id", Integer, ForeignKey("cases.id"), primary_key=True),
    keep("number", Integer, primary_key=True),
    keep("submission", Integer, nullable=False),
    keep("outcome", String(20), nullable=False),
    _who("recorded_by"),
    _when("recorded_at"),
    keep("matched", Text, nullable=False),
    wipe("released", Text, nullable=False),
    wipe("status_answer", Text, nullable=False),
    _when("taken_at"),
    keep("snapshot_hash", String(64), nullable=False),
    _one_of("outcome", Outcome),
    sqlite_with_rowid=False,
)

finding_review = Table(
    "finding_review",
    metadata,
    keep("id", Integer, primary_key=True),
    _case(),
    keep("number", Integer, nullable=False),
    keep("action", String(20), nullable=False),
    _who("reviewed_by"),
    _when("reviewed_at"),
    wipe("reasons", Text, nullable=False),
    CheckConstraint("action IN ('release', 'return_outcome')", name="action"),
    Index(None, "case_id"),
    Index(None, "reviewed_at"),
    sqlite_autoincrement=True,
)

letter = Table(
    "letter",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("number", Integer, nullable=False, unique=True),
    _case(),
    keep("kind", String(20), nullable=False),
    keep("sha256", String(64), nullable=False),
    keep("snapshot_hash", String(64), nullable=False),
    _who("issued_by"),
    _when("issued_at"),
    wipe("pdf", LargeBinary),
    wipe("recipient", Text, nullable=False),
    # Of a letter on the way to the answer: what it was made from, which its snapshot_hash binds.
    wipe("facts", Text),
    keep("replaces", Integer, ForeignKey("letter.id")),
    # A notice of correction is no answer to a case: see ``schema_notices``.
    CheckConstraint(
        "kind IN (" + ", ".join(f"'{one.value}'" for one in LetterKind if one is not LetterKind.CORRECTION) + ")",
        name="kind",
    ),
    Index(None, "case_id"),
    sqlite_autoincrement=True,
)

letter_event = Table(
    "letter_event",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("letter_id", Integer, ForeignKey("letter.id"), nullable=False),
    keep("action", String(20), nullable=False),
    _who("done_by"),
    _when("done_at"),
    CheckConstraint("action IN ('print', 'save_copy', 'prepare_mail', 'mark_sent')", name="action"),
    Index(None, "letter_id"),
)

disclosure = Table(
    "disclosure",
    metadata,
    keep("id", Integer, primary_key=True),
    _case(),
    keep("letter_id", Integer, ForeignKey("letter.id"), nullable=False),
    keep("gateway", Text, nullable=False),
    keep("items", Text, nullable=False),
    wipe("recipient", Text, nullable=False),
    keep("disclosed_on", Date, nullable=False),
    Index(None, "case_id"),
    Index(None, "disclosed_on"),
)

pause = Table(
    "pause",
    metadata,
    keep("id", Integer, primary_key=True),
    _case(),
    keep("since", Date, nullable=False),
    keep("until", Date),
    wipe("reason", Text, nullable=False),
    CheckConstraint("until IS NULL OR until >= since", name="order"),
    Index(None, "case_id"),
)

retention = Table(
    "retention",
    metadata,
    keep("case_id", Integer, ForeignKey("cases.id"), primary_key=True),
    keep("trigger", String(30), nullable=False),
    keep("started_on", Date, nullable=False),
    keep("due_on", Date, nullable=False),
    keep("rule", Text, nullable=False),
    keep("source", Text, nullable=False),
    keep("months", Integer),
    keep("appealed_months", Integer),
    keep("longstop_on", Date),
    Index(None, "due_on", "case_id"),
    Index(
        "ix_retention_timer",
        *("case_id", "due_on", "trigger", "started_on", "months", "appealed_months", "longstop_on"),
    ),
)
"""The rule that a case was closed under. ``due_on``: no review is due by it before that day. ``months``: NULL in a
timer of before there was more than one trigger. When it is due: ``db.migrations.conditions_0032``.
"""

STANDS_OUT = "instr(data, '\"restricted\"\\:') > 0"
"""SQL: whether an entry says that a look at a case stands out."""

journal = Table(
    "journal",
    metadata,
    keep("seq", Integer, primary_key=True),
    _when("at"),
    keep("actor_id", Integer, ForeignKey("user.id")),
    keep("action", String(40), nullable=False),
    keep("heading", String(20), nullable=False),
    keep("case_id", Integer, ForeignKey("cases.id")),
    keep("data", Text, nullable=False),
    keep("prev_hash", String(64), nullable=False),
    keep("hash", String(64), nullable=False),
    _one_of("heading", Heading),
    Index(None, "case_id", "seq"),
    Index(None, "action"),
    Index(None, "actor_id"),
    Index(None, "at"),
    Index("ix_journal_restricted", "seq", sqlite_where=text(STANDS_OUT)),
    sqlite_autoincrement=True,
)

command = Table(
    "command",
    metadata,
    keep("id", String(36), primary_key=True),
    keep("action", String(40), nullable=False),
    _when("at"),
    keep("result", Text, nullable=False),
    sqlite_with_rowid=False,
)
