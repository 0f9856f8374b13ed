"""What a hold by person rests on is not taken back while it stands."""

from __future__ import annotations

from alembic import op

from db.migrations import guards_holds

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """To this revision."""
    for statement in guards_holds.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before."""
    for name in guards_holds.names():
        op.execute(f"DROP TRIGGER {name}")
