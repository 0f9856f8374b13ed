"""The first schema's tables: people, agreements and cases (revision 0001)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.times import Moment


def _agreement_text() -> None:
    op.create_table(
        "agreement_text",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("agreement_id", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_agreement_text")),
    )


def _command() -> None:
    op.create_table(
        "command",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_command")),
        sqlite_with_rowid=False,
    )


def _meta() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )


def _organisation() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("signatory_name", sa.Text(), nullable=False),
        sa.Column("signatory_title", sa.Text(), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )


def _user() -> None:
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("locked_until", Moment(), nullable=True),
        sa.Column("last_seen_at", Moment(), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "role IN ('caseworker', 'reviewer', 'guardian', 'records_officer', 'administrator', 'auditor')",
            name=op.f("ck_user_role"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("username", name=op.f("uq_user_username")),
        sqlite_autoincrement=True,
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("agreement_id", sa.String(length=60), nullable=False),
        sa.Column("agreement_version", sa.Integer(), nullable=False),
        sa.Column("agreement_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("requester_kind", sa.String(length=60), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("expedited", sa.Boolean(), nullable=False),
        sa.Column("caseworker_id", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("sent_back", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("requester_reference", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("given_names", sa.Text(), nullable=False),
        sa.Column("born", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('traced', 'no_trace', 'more_than_one', 'status', 'refused', 'rejected', 'withdrawn')",
            name=op.f("ck_cases_outcome"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'held', 'returned', 'submitted', 'sent_back', 'escalated', 'approved', 'recorded', 'released', 'refused', 'rejected', 'issued', 'withdrawn', 'destroyed')",
            name=op.f("ck_cases_state"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_hash"], ["agreement_text.hash"], name=op.f("fk_cases_agreement_hash_agreement_text")
        ),
        sa.ForeignKeyConstraint(["caseworker_id"], ["user.id"], name=op.f("fk_cases_caseworker_id_user")),
        sa.ForeignKeyConstraint(["changed_by"], ["user.id"], name=op.f("fk_cases_changed_by_user")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_cases_created_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("reference", name=op.f("uq_cases_reference")),
        sqlite_autoincrement=True,
    )
    _cases_indexes()


def _cases_indexes() -> None:
    op.create_index(op.f("ix_cases_agreement_id_due_on_id"), "cases", ["agreement_id", "due_on", "id"], unique=False)
    op.create_index(op.f("ix_cases_born_id"), "cases", ["born", "id"], unique=False)
    op.create_index(
        op.f("ix_cases_caseworker_id_state_due_on_id"),
        "cases",
        ["caseworker_id", "state", "due_on", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_cases_due_on_id"), "cases", ["due_on", "id"], unique=False)
    op.create_index(op.f("ix_cases_family_name_id"), "cases", ["family_name", "id"], unique=False)
    op.create_index(op.f("ix_cases_outcome_due_on_id"), "cases", ["outcome", "due_on", "id"], unique=False)
    op.create_index(op.f("ix_cases_received_on_id"), "cases", ["received_on", "id"], unique=False)
    op.create_index(op.f("ix_cases_requester_id"), "cases", ["requester", "id"], unique=False)
    op.create_index(op.f("ix_cases_state_due_on_id"), "cases", ["state", "due_on", "id"], unique=False)


TABLES = {
    "agreement_text": _agreement_text,
    "command": _command,
    "meta": _meta,
    "organisation": _organisation,
    "user": _user,
    "cases": _cases,
}
