"""A case stays while a request for information is open that may be about its person, however the names were typed."""

from __future__ import annotations

from alembic import op

from db.migrations import guards_turned

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    """To this revision."""
    for statement in guards_turned.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before."""
    for statement in guards_turned.before():
        op.execute(statement.replace(":", "\\:"))
