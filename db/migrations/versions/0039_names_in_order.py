"""The register puts people and bodies in the order of their names, whatever their case and accents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"

_FAMILY_NAME = "ix_cases_family_name_id"


def upgrade() -> None:
    """To this revision."""
    op.drop_index(_FAMILY_NAME, table_name="cases")
    op.create_index("ix_cases_person", "cases", [sa.text("folded(family_name)"), sa.text("folded(given_names)"), "id"])
    op.create_index("ix_cases_body", "cases", [sa.text("folded(requester)"), "id"])


def downgrade() -> None:
    """Back to the one before."""
    op.drop_index("ix_cases_body", table_name="cases")
    op.drop_index("ix_cases_person", table_name="cases")
    op.create_index(_FAMILY_NAME, "cases", ["family_name", "id"])
