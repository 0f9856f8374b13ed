"""A run is decided with its entry of the journal, at a moment from which its days of grace can be counted."""

from __future__ import annotations

from alembic import op

from db.migrations import guards_verdicts

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """To this revision."""
    for statement in guards_verdicts.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before."""
    for name in guards_verdicts.names():
        op.execute(f"DROP TRIGGER {name}")
