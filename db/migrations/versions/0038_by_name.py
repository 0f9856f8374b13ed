"""A case stays while a request for information is open that may be about its person by name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_beside
from db.migrations.conditions_0038 import OPEN_INFORMATION

revision = "0038"
down_revision = "0037"

_INDEX = "ix_cases_open_information"


def upgrade() -> None:
    """To this revision."""
    op.create_index(_INDEX, "cases", ["id"], sqlite_where=sa.text(OPEN_INFORMATION))
    for statement in guards_beside.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before."""
    for statement in guards_beside.before():
        op.execute(statement.replace(":", "\\:"))
    op.drop_index(_INDEX, table_name="cases")
