"""Notices of correction."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_notices
from db.times import Moment

revision = "0006"
down_revision = "0005"

TABLES = ("notice_excuse", "notice_event", "notice", "correction", "owed_notice")


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _owed() -> None:
    op.create_table(
        "owed_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("finding", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        _to("owed_notice", "case_id", "cases"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owed_notice")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_owed_notice_case_id", "owed_notice", ["case_id"], unique=False)
    op.create_table(
        "correction",
        sa.Column("owed_id", sa.Integer(), nullable=False),
        sa.Column("concerned_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        _to("correction", "owed_id", "owed_notice"),
        _to("correction", "concerned_id", "cases"),
        sa.PrimaryKeyConstraint("owed_id", "concerned_id", "item", name=op.f("pk_correction")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_correction_concerned_id", "correction", ["concerned_id"], unique=False)


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owed_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("snapshot_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        _to("notice", "owed_id", "owed_notice"),
        _to("notice", "case_id", "cases"),
        _to("notice", "issued_by", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("owed_id", name=op.f("uq_notice_owed_id")),
        sa.UniqueConstraint("number", name=op.f("uq_notice_number")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notice_case_id", "notice", ["case_id"], unique=False)
    op.create_table(
        "notice_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("done_by", sa.Integer(), nullable=False),
        sa.Column("done_at", Moment(), nullable=False),
        sa.CheckConstraint("action IN ('print', 'save_copy', 'mark_sent')", name=op.f("ck_notice_event_action")),
        _to("notice_event", "notice_id", "notice"),
        _to("notice_event", "done_by", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_event")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notice_event_notice_id", "notice_event", ["notice_id"], unique=False)


def _excuse() -> None:
    op.create_table(
        "notice_excuse",
        sa.Column("owed_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("because", sa.String(length=20), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("excused_by", sa.Integer(), nullable=False),
        sa.Column("excused_at", Moment(), nullable=False),
        sa.CheckConstraint("because IN ('impossible', 'disproportionate')", name=op.f("ck_notice_excuse_because")),
        _to("notice_excuse", "owed_id", "owed_notice"),
        _to("notice_excuse", "case_id", "cases"),
        _to("notice_excuse", "excused_by", "user"),
        sa.PrimaryKeyConstraint("owed_id", name=op.f("pk_notice_excuse")),
    )
    op.create_index("ix_notice_excuse_case_id", "notice_excuse", ["case_id"], unique=False)


def upgrade() -> None:
    """To this revision."""
    _owed()
    _notice()
    _excuse()
    for statement in guards_notices.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before."""
    for name in guards_notices.names():
        op.execute(f"DROP TRIGGER {name}")
    for table in TABLES:
        op.drop_table(table)
