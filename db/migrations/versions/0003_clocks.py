"""What a requester was asked for, and extensions of the time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_clocks
from db.times import Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "asking",
        sa.Column("pause_id", sa.Integer(), nullable=False),
        sa.Column("ask", sa.String(length=60), nullable=False),
        sa.Column("restarts", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["pause_id"], ["pause.id"], name=op.f("fk_asking_pause_id_pause")),
        sa.PrimaryKeyConstraint("pause_id", name=op.f("pk_asking")),
    )
    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("because", sa.String(length=60), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("extended_by", sa.Integer(), nullable=False),
        sa.Column("extended_at", Moment(), nullable=False),
        sa.CheckConstraint("length >= 1", name=op.f("ck_extension_length")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_extension_case_id_cases")),
        sa.ForeignKeyConstraint(["extended_by"], ["user.id"], name=op.f("fk_extension_extended_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_extension_case_id", "extension", ["case_id"], unique=False)
    for statement in guards_clocks.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before."""
    for name in guards_clocks.names():
        op.execute(f"DROP TRIGGER {name}")
    for table in ("extension", "asking"):
        op.drop_table(table)
