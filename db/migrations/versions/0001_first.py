"""The first schema: every table, the rules that the database keeps, and the full-text index."""

from __future__ import annotations

from alembic import op

from db.migrations import guards_0001, search_0001, tables_0001_1, tables_0001_2

revision = "0001"
down_revision = None

_TABLES = {**tables_0001_1.TABLES, **tables_0001_2.TABLES}


def upgrade() -> None:
    """To this revision."""
    for make in _TABLES.values():
        make()
    for statement in (*guards_0001.statements(), *search_0001.STATEMENTS):
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to an empty file."""
    op.execute("DROP TABLE search")
    for name in guards_0001.names():
        op.execute(f"DROP TRIGGER {name}")
    for name in reversed(_TABLES):
        op.drop_table(name)
