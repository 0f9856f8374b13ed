"""Agreements that are suspended, resumed, superseded or withdrawn, and cases that go with them by a person's step."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_policy
from db.times import Moment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "policy_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("takes_effect", sa.Date(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("agreement_hash", sa.String(length=64), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('suspend', 'resume', 'withdraw', 'supersede')", name=op.f("ck_policy_change_kind")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_hash"], ["agreement_text.hash"], name=op.f("fk_policy_change_agreement_hash_agreement_text")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_policy_change_decided_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_change")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_policy_change_agreement_id_id", "policy_change", ["agreement_id", "id"])
    for statement in guards_policy.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before."""
    for name in guards_policy.names():
        op.execute(f"DROP TRIGGER {name}")
    op.drop_table("policy_change")
    for statement in guards_policy.before():
        op.execute(statement.replace(":", "\\:"))
