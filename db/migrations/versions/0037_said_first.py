"""What lifts or places what keeps a case is said in the journal right before, a store is of one organisation, and no
case goes before its first day in London.
"""

from __future__ import annotations

from alembic import op

from db.migrations import guards_firstday, guards_said

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """To this revision."""
    for statement in (*guards_said.statements(), *guards_firstday.statements()):
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before."""
    for statement in (*guards_firstday.before(), *(f"DROP TRIGGER {name}" for name in guards_said.names())):
        op.execute(statement.replace(":", "\\:"))
