"""Reports under a name: what the database takes as one, and that none goes unsaid."""

from __future__ import annotations

from alembic import op

from db.migrations import guards_savedreports

revision = "0034"
down_revision = "0032"


def upgrade() -> None:
    """To this revision."""
    for statement in guards_savedreports.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before. A saved report is none of its: nothing else could be done with it there."""
    for statement in guards_savedreports.before():
        op.execute(statement.replace(":", "\\:"))
