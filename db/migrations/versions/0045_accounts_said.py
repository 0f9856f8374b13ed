"""What changes an account is said in the journal right before, and an answer stays with its case."""

from __future__ import annotations

from alembic import op

from db.migrations import guards_accounts

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    """To this revision."""
    for statement in guards_accounts.statements():
        op.execute(statement)


def downgrade() -> None:
    """Back to the one before."""
    for name in guards_accounts.names():
        op.execute(f"DROP TRIGGER {name}")
