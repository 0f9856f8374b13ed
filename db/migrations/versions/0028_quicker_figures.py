"""Figures of any days are counted from indexes: what was done when."""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"

_WITHDRAWN = "ix_journal_withdraw"
_DATED = (
    ("ix_disclosure_disclosed_on", "disclosure", "disclosed_on"),
    ("ix_disposal_result_done_at", "disposal_result", "done_at"),
)


def upgrade() -> None:
    """To this revision."""
    for name, table, column in _DATED:
        op.create_index(name, table, [column])
    op.execute(f"CREATE INDEX {_WITHDRAWN} ON journal (at, case_id) WHERE action = 'withdraw'")


def downgrade() -> None:
    """Back to the one before."""
    op.execute(f"DROP INDEX {_WITHDRAWN}")
    for name, table, _column in _DATED:
        op.drop_index(name, table)
