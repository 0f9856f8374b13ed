"""A withdrawal can be taken back: the case is reopened, and its timer goes."""

from __future__ import annotations

from alembic import op

from db.migrations import guards_reopened

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    """To this revision."""
    for statement in guards_reopened.statements():
        op.execute(statement)


def downgrade() -> None:
    """Back to the one before."""
    for statement in guards_reopened.undone():
        op.execute(statement)
