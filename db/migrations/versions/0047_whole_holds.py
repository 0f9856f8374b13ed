"""A hold over a case, or on a person, has no other bounds."""

from __future__ import annotations

from alembic import op

from db.migrations import guards_wholehold

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    """To this revision."""
    for statement in guards_wholehold.statements():
        op.execute(statement)


def downgrade() -> None:
    """Back to the one before."""
    op.execute(f"DROP TRIGGER {guards_wholehold.NAME}")
