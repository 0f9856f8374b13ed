"""The first schema's tables: what hangs on a case (revision 0001)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.times import Moment


def _answer() -> None:
    op.create_table(
        "answer",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_answer_case_id_cases")),
        sa.ForeignKeyConstraint(["changed_by"], ["user.id"], name=op.f("fk_answer_changed_by_user")),
        sa.PrimaryKeyConstraint("case_id", "field", name=op.f("pk_answer")),
        sqlite_with_rowid=False,
    )


def _case_author() -> None:
    op.create_table(
        "case_author",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_author_case_id_cases")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_case_author_user_id_user")),
        sa.PrimaryKeyConstraint("case_id", "user_id", name=op.f("pk_case_author")),
        sqlite_with_rowid=False,
    )


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("because_of", sa.Text(), nullable=False),
        sa.Column("views", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "action IN ('approve', 'refuse', 'reject', 'send_back', 'escalate')", name=op.f("ck_decision_action")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_decision_case_id_cases")),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_decision_decided_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_decision_case_id"), "decision", ["case_id"], unique=False)


def _finding() -> None:
    op.create_table(
        "finding",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("matched", sa.Text(), nullable=False),
        sa.Column("released", sa.Text(), nullable=False),
        sa.Column("status_answer", sa.Text(), nullable=False),
        sa.Column("taken_at", Moment(), nullable=False),
        sa.Column("snapshot_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('traced', 'no_trace', 'more_than_one', 'status', 'refused', 'rejected', 'withdrawn')",
            name=op.f("ck_finding_outcome"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_finding_case_id_cases")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_finding_recorded_by_user")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_finding")),
        sqlite_with_rowid=False,
    )


def _finding_review() -> None:
    op.create_table(
        "finding_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("reviewed_by", sa.Integer(), nullable=False),
        sa.Column("reviewed_at", Moment(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.CheckConstraint("action IN ('release', 'return_outcome')", name=op.f("ck_finding_review_action")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_finding_review_case_id_cases")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["user.id"], name=op.f("fk_finding_review_reviewed_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_review")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_finding_review_case_id"), "finding_review", ["case_id"], unique=False)


def _identifier() -> None:
    op.create_table(
        "identifier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_identifier_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identifier")),
    )
    op.create_index(op.f("ix_identifier_case_id"), "identifier", ["case_id"], unique=False)
    op.create_index(op.f("ix_identifier_kind_value"), "identifier", ["kind", "value"], unique=False)


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("heading", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "heading IN ('collection', 'alteration', 'consultation', 'disclosure', 'combination', 'erasure', 'decision', 'system')",
            name=op.f("ck_journal_heading"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_journal_actor_id_user")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_journal_case_id_cases")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_journal_case_id_seq"), "journal", ["case_id", "seq"], unique=False)


def _letter() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("snapshot_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('disclosure', 'no_trace', 'refusal', 'rejection', 'status_answer', 'answer')",
            name=op.f("ck_letter_kind"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_letter_case_id_cases")),
        sa.ForeignKeyConstraint(["issued_by"], ["user.id"], name=op.f("fk_letter_issued_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("number", name=op.f("uq_letter_number")),
        sqlite_autoincrement=True,
    )


def _link() -> None:
    op.create_table(
        "link",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("same_person", sa.Boolean(), nullable=False),
        sa.Column("linked_by", sa.Integer(), nullable=False),
        sa.Column("linked_at", Moment(), nullable=False),
        sa.CheckConstraint("case_id <> other_id", name=op.f("ck_link_two_cases")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_link_case_id_cases")),
        sa.ForeignKeyConstraint(["linked_by"], ["user.id"], name=op.f("fk_link_linked_by_user")),
        sa.ForeignKeyConstraint(["other_id"], ["cases.id"], name=op.f("fk_link_other_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "other_id", name=op.f("pk_link")),
        sqlite_with_rowid=False,
    )


def _pause() -> None:
    op.create_table(
        "pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_pause_order")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_pause_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    op.create_index(op.f("ix_pause_case_id"), "pause", ["case_id"], unique=False)


def _retention() -> None:
    op.create_table(
        "retention",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("trigger", sa.String(length=30), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_retention_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_retention")),
    )
    op.create_index(op.f("ix_retention_due_on_case_id"), "retention", ["due_on", "case_id"], unique=False)


def _submission() -> None:
    op.create_table(
        "submission",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submitted_by", sa.Integer(), nullable=False),
        sa.Column("submitted_at", Moment(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("snapshot_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_submission_case_id_cases")),
        sa.ForeignKeyConstraint(["submitted_by"], ["user.id"], name=op.f("fk_submission_submitted_by_user")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_submission")),
        sqlite_with_rowid=False,
    )


def _disclosure() -> None:
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("disclosed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_disclosure_case_id_cases")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_disclosure_letter_id_letter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    op.create_index(op.f("ix_disclosure_case_id"), "disclosure", ["case_id"], unique=False)


def _letter_event() -> None:
    op.create_table(
        "letter_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("done_by", sa.Integer(), nullable=False),
        sa.Column("done_at", Moment(), nullable=False),
        sa.CheckConstraint("action IN ('print', 'save_copy', 'mark_sent')", name=op.f("ck_letter_event_action")),
        sa.ForeignKeyConstraint(["done_by"], ["user.id"], name=op.f("fk_letter_event_done_by_user")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_letter_event_letter_id_letter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_event")),
    )
    op.create_index(op.f("ix_letter_event_letter_id"), "letter_event", ["letter_id"], unique=False)


def _voiding() -> None:
    op.create_table(
        "voiding",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("voided_by", sa.Integer(), nullable=False),
        sa.Column("voided_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_voiding_decision_id_decision")),
        sa.ForeignKeyConstraint(["voided_by"], ["user.id"], name=op.f("fk_voiding_voided_by_user")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_voiding")),
    )


TABLES = {
    "answer": _answer,
    "case_author": _case_author,
    "decision": _decision,
    "finding": _finding,
    "finding_review": _finding_review,
    "identifier": _identifier,
    "journal": _journal,
    "letter": _letter,
    "link": _link,
    "pause": _pause,
    "retention": _retention,
    "submission": _submission,
    "disclosure": _disclosure,
    "letter_event": _letter_event,
    "voiding": _voiding,
}
