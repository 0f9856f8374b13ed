"""Guards for what a case's row, its index and its timer say, and for accounts."""

from __future__ import annotations

from alembic import op

from db.migrations import guards_facts

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """To this revision."""
    for statement in guards_facts.statements():
        op.execute(statement)


def downgrade() -> None:
    """Back to the one before."""
    for name in guards_facts.names():
        op.execute(f"DROP TRIGGER {name}")
