"""Runs the migrations on the connection that the program hands over; there is no alembic.ini."""

from __future__ import annotations

from typing import Any

from alembic import context

from db.migrations import whole_schema


def _ours(_thing: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """False for the full-text index and its shadow tables, which no table of the schema describes."""
    return not (kind == "table" and (name or "").startswith("search"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=whole_schema(),
    render_as_batch=True,
    include_object=_ours,
    transactional_ddl=False,
)
context.run_migrations()
