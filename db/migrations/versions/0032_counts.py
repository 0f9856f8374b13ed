"""What the store knows of itself is fixed, two people put timers under a new rule, and their days are London's; what is
kept of an imported file goes with its cases.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_counts, guards_london, guards_rebasing

revision = "0032"
down_revision = "0031"

# A column with a reference, which Alembic cannot add to a table of SQLite.
_CONFIRMED_BY = (
    "confirmed_by INTEGER CONSTRAINT fk_retention_change_confirmed_by_user REFERENCES user (id)"
    " CONSTRAINT ck_retention_change_confirmed_by CHECK (confirmed_by <> decided_by)"
)


def upgrade() -> None:
    """To this revision."""
    op.add_column("import_batch", sa.Column("first_case", sa.Integer(), nullable=True))
    op.execute(f"ALTER TABLE retention_change ADD COLUMN {_CONFIRMED_BY}")
    for statement in (*guards_counts.statements(), *guards_rebasing.statements(), *guards_london.statements()):
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before. Who confirmed a new rule is in the journal."""
    for statement in (*guards_london.before(), *guards_rebasing.undone(), *guards_counts.undone()):
        op.execute(statement.replace(":", "\\:"))
    op.execute("ALTER TABLE retention_change DROP COLUMN confirmed_by")
    op.execute("ALTER TABLE import_batch DROP COLUMN first_case")
