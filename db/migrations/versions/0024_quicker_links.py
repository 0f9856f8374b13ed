"""Who is the same person is found from either end of a link: each opened case asks it."""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """To this revision."""
    op.create_index(op.f("ix_link_other_id"), "link", ["other_id"])


def downgrade() -> None:
    """Back to the one before."""
    op.drop_index(op.f("ix_link_other_id"), "link")
