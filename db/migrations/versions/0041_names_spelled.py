"""The search finds names by how they are typed without apostrophes, hyphens and strokes: O'Brien, Łukasz."""

from __future__ import annotations

from collections.abc import Callable

from alembic import op
from sqlalchemy import text

from db.searchwords import spelled

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    """To this revision."""
    _rewritten(spelled)


def downgrade() -> None:
    """Back to the one before."""
    # Of names with their spellings the spellings are the same.
    _rewritten(lambda names: names.removesuffix(spelled(names).removeprefix(names)))


def _rewritten(spell: Callable[[str], str]) -> None:
    """Writes the names of each case anew in the index where they are to be others."""
    bind = op.get_bind()
    rows = bind.execute(text("SELECT rowid, names FROM search"))
    changed = [{"id": row.rowid, "names": new} for row in rows if (new := spell(row.names or "")) != (row.names or "")]
    if changed:
        bind.execute(text("UPDATE search SET names = :names WHERE rowid = :id"), changed)
