"""A hold on a person reaches every case that is joined to theirs, also by others between them."""

from __future__ import annotations

from alembic import op

from db.migrations import guards_person

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    """To this revision."""
    for statement in guards_person.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before."""
    for statement in guards_person.before():
        op.execute(statement.replace(":", "\\:"))
