"""Safeguarding: concerns, and the guardian's decisions about an address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_safeguards
from db.times import Moment

revision = "0005"
down_revision = "0004"

_FROM_BEFORE = (
    "INSERT INTO concern (case_id, about, who, why, raised_by, raised_at)"
    " SELECT submission.case_id, 'person', '', '', submission.submitted_by, MIN(submission.submitted_at)"
    " FROM submission WHERE EXISTS (SELECT 1 FROM json_each(submission.snapshot)"
    f" WHERE {guards_safeguards.SCREENED}) GROUP BY submission.case_id"
)
"""What was submitted before with a screen that calls for the guardian has its concern from the start."""


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("from_case", sa.Integer(), nullable=True),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("raised_by", sa.Integer(), nullable=False),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.CheckConstraint("about IN ('person', 'requester', 'elsewhere')", name=op.f("ck_concern_about")),
        sa.CheckConstraint("(about = 'elsewhere') = (from_case IS NOT NULL)", name=op.f("ck_concern_origin")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_concern_case_id_cases")),
        sa.ForeignKeyConstraint(["from_case"], ["cases.id"], name=op.f("fk_concern_from_case_cases")),
        sa.ForeignKeyConstraint(["raised_by"], ["user.id"], name=op.f("fk_concern_raised_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_concern_case_id", "concern", ["case_id"], unique=False)
    op.create_table(
        "address_release",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("released_by", sa.Integer(), nullable=False),
        sa.Column("released_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_address_release_decision_id_decision")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_address_release_case_id_cases")),
        sa.ForeignKeyConstraint(["released_by"], ["user.id"], name=op.f("fk_address_release_released_by_user")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_address_release")),
    )
    op.create_index("ix_address_release_case_id", "address_release", ["case_id"], unique=False)
    op.execute(_FROM_BEFORE)
    for statement in guards_safeguards.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before."""
    for name in guards_safeguards.names():
        op.execute(f"DROP TRIGGER {name}")
    for table in ("address_release", "concern"):
        op.drop_table(table)
