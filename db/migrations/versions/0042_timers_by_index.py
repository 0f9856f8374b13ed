"""When every timer is due is counted from an index alone: the rule's words and its source are most of a row."""

from __future__ import annotations

from alembic import op

revision = "0042"
down_revision = "0041"

_BEFORE, _NOW = "ix_retention_case_id_due_on", "ix_retention_timer"


def upgrade() -> None:
    """To this revision."""
    # An index that is missing, or stands there, keeps no store from being opened: the check tells of it.
    op.drop_index(_BEFORE, "retention", if_exists=True)
    op.drop_index(_NOW, "retention", if_exists=True)
    columns = ["case_id", "due_on", "trigger", "started_on", "months", "appealed_months", "longstop_on"]
    op.create_index(_NOW, "retention", columns)


def downgrade() -> None:
    """Back to the one before."""
    op.drop_index(_NOW, "retention", if_exists=True)
    op.create_index(_BEFORE, "retention", ["case_id", "due_on"])
