"""A clock that ran ahead keeps no run from being decided once it is said to be right."""

from __future__ import annotations

from alembic import op

from db.migrations import guards_clockright

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """To this revision."""
    for statement in guards_clockright.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before."""
    for statement in guards_clockright.before():
        op.execute(statement.replace(":", "\\:"))
