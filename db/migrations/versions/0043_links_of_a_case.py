"""The links of a case are found from it at either end: what asks for both ends at once uses no index of some rows."""

from __future__ import annotations

from alembic import op

from db.migrations import guards_linked

revision = "0043"
down_revision = "0042"

_INDEX = "ix_relation_case_id"


def upgrade() -> None:
    """To this revision."""
    # One that stands there already keeps no store from being opened: the check tells of it.
    op.drop_index(_INDEX, "relation", if_exists=True)
    op.create_index(_INDEX, "relation", ["case_id"])
    for statement in guards_linked.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before."""
    for statement in guards_linked.before():
        op.execute(statement.replace(":", "\\:"))
    op.drop_index(_INDEX, "relation", if_exists=True)
