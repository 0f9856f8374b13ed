"""Whoever proposed a disposal run may take it back."""

from __future__ import annotations

from alembic import op

from db.migrations import guards_runs

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """To this revision."""
    for statement in guards_runs.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before. A run that was taken back stays so."""
    for statement in guards_runs.before():
        op.execute(statement.replace(":", "\\:"))
