"""Figures: the row in which an answer counts, what was published, and indexes that counting reads alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_figures
from db.times import Moment

revision = "0026"
down_revision = "0025"

_CLOSED = "ix_cases_closed_on"
_COUNTED = ["closed_on", "received_on", "agreement_id", "requester_kind", "outcome", "answered_as", "due_on"]


def upgrade() -> None:
    """To this revision."""
    op.add_column("cases", sa.Column("answered_as", sa.Text(), nullable=True))
    op.create_index(op.f(_CLOSED), "cases", _COUNTED)
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("per", sa.String(20), nullable=False),
        sa.Column("control", sa.String(20), nullable=False),
        sa.Column("agreements", sa.Text(), nullable=False),
        sa.Column("figures", sa.String(64), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", Moment(), nullable=False),
        sa.CheckConstraint("last >= first", name=op.f("ck_publication_order")),
        sa.ForeignKeyConstraint(["published_by"], ["user.id"], name=op.f("fk_publication_published_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sqlite_autoincrement=True,
    )
    for statement in guards_figures.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before."""
    for name in guards_figures.names():
        op.execute(f"DROP TRIGGER {name}")
    op.drop_table("publication")
    op.drop_index(op.f(_CLOSED), "cases")
    op.drop_column("cases", "answered_as")
