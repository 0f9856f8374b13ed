"""A case is destroyed only where the journal says that it was closed."""

from __future__ import annotations

from alembic import op

from db.migrations import guards_closedsaid

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    """To this revision."""
    for statement in guards_closedsaid.statements():
        op.execute(statement)


def downgrade() -> None:
    """Back to the one before."""
    op.execute(f"DROP TRIGGER {guards_closedsaid.NAME}")
