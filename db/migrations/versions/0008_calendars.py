"""Bank holidays that an administrator put in place of the shipped ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_calendars
from db.times import Moment

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "calendar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("first_known", sa.Date(), nullable=False),
        sa.Column("last_known", sa.Date(), nullable=False),
        sa.Column("replaced_by", sa.Integer(), nullable=False),
        sa.Column("replaced_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["replaced_by"], ["user.id"], name=op.f("fk_calendar_replaced_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar")),
        sqlite_autoincrement=True,
    )
    for statement in guards_calendars.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before. Its triggers go with the table."""
    op.drop_table("calendar")
