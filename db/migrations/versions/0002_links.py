"""Linked cases, attachments, and chasing the requester."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_links
from db.times import Moment

revision = "0002"
down_revision = "0001"

_STANDS = sa.text("unlinked_at IS NULL")


def _relation() -> None:
    op.create_table(
        "relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("linked_by", sa.Integer(), nullable=False),
        sa.Column("linked_at", Moment(), nullable=False),
        sa.Column("unlinked_by", sa.Integer(), nullable=True),
        sa.Column("unlinked_at", Moment(), nullable=True),
        sa.CheckConstraint("case_id <> other_id", name=op.f("ck_relation_two_cases")),
        sa.CheckConstraint(
            "kind IN ('duplicate', 'follow_up', 'same_request', 'related')", name=op.f("ck_relation_kind")
        ),
        sa.CheckConstraint("(unlinked_by IS NULL) = (unlinked_at IS NULL)", name=op.f("ck_relation_unlinked")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_relation_case_id_cases")),
        sa.ForeignKeyConstraint(["other_id"], ["cases.id"], name=op.f("fk_relation_other_id_cases")),
        sa.ForeignKeyConstraint(["linked_by"], ["user.id"], name=op.f("fk_relation_linked_by_user")),
        sa.ForeignKeyConstraint(["unlinked_by"], ["user.id"], name=op.f("fk_relation_unlinked_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_relation_other_id", "relation", ["other_id"], unique=False)
    op.create_index(
        "uq_relation_pair",
        "relation",
        ["case_id", "other_id"],
        unique=True,
        sqlite_where=_STANDS,
        postgresql_where=_STANDS,
    )


def _attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("submitted", sa.Integer(), nullable=True),
        sa.Column("removed_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", Moment(), nullable=True),
        sa.CheckConstraint("size BETWEEN 1 AND 10485760", name=op.f("ck_attachment_size")),
        sa.CheckConstraint("content IS NULL OR length(content) = size", name=op.f("ck_attachment_content")),
        sa.CheckConstraint("(removed_by IS NULL) = (removed_at IS NULL)", name=op.f("ck_attachment_removed")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_attachment_case_id_cases")),
        sa.ForeignKeyConstraint(["added_by"], ["user.id"], name=op.f("fk_attachment_added_by_user")),
        sa.ForeignKeyConstraint(["removed_by"], ["user.id"], name=op.f("fk_attachment_removed_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_attachment_case_id", "attachment", ["case_id"], unique=False)
    op.create_index("ix_attachment_sha256", "attachment", ["sha256"], unique=False)


def _chase() -> None:
    op.create_table(
        "chase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("chased_on", sa.Date(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint("chased_on IS NULL OR chased_on >= asked_on", name=op.f("ck_chase_chased")),
        sa.CheckConstraint("next_on > COALESCE(chased_on, asked_on)", name=op.f("ck_chase_next")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_chase_case_id_cases")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_chase_recorded_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chase")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_chase_case_id", "chase", ["case_id"], unique=False)


def upgrade() -> None:
    """To this revision."""
    _relation()
    _attachment()
    _chase()
    for statement in guards_links.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before."""
    for name in guards_links.names():
        op.execute(f"DROP TRIGGER {name}")
    for table in ("chase", "attachment", "relation"):
        op.drop_table(table)
