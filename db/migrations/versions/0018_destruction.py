"""Nothing is destroyed without its entry in the journal, and holds know bodies by their folded names."""

from __future__ import annotations

from alembic import op

from db.migrations import guards_destruction

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """To this revision."""
    for statement in guards_destruction.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before."""
    for statement in guards_destruction.before():
        op.execute(statement.replace(":", "\\:"))
