"""The reasons for withdrawing, reopening and taking off hold are kept with their case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_reasons

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "given_reason",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_given_reason_case_id_cases")),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_given_reason")),
    )
    op.create_index(op.f("ix_given_reason_case_id"), "given_reason", ["case_id"])
    for statement in guards_reasons.statements():
        op.execute(statement)


def downgrade() -> None:
    """Back to the one before. The triggers go with the table."""
    op.drop_table("given_reason")
