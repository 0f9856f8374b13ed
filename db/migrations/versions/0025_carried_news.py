"""What a restore carried over of the last days keeps a case from being destroyed."""

from __future__ import annotations

from alembic import op

from db.migrations import guards_carried

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """To this revision."""
    for statement in guards_carried.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before."""
    for statement in guards_carried.before():
        op.execute(statement.replace(":", "\\:"))
