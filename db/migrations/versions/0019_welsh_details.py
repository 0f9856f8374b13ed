"""What letters in Welsh say of the organisation's hours and of who signs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_COLUMNS = ("hours_welsh", "signatory_title_welsh")


def upgrade() -> None:
    """To this revision."""
    for name in _COLUMNS:
        op.add_column("organisation", sa.Column(name, sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Back to the one before, whose Welsh letters had both in English."""
    for name in reversed(_COLUMNS):
        op.drop_column("organisation", name)
