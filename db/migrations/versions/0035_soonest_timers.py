"""The timers of closed cases that are due soon are found beside a million of destroyed ones, whose timers stay."""

from __future__ import annotations

from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """To this revision."""
    op.create_index("ix_retention_case_id_due_on", "retention", ["case_id", "due_on"])


def downgrade() -> None:
    """Back to the one before."""
    op.drop_index("ix_retention_case_id_due_on", "retention")
