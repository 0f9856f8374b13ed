"""Figures of any days are counted from indexes: what ended with its due date, and what was done when."""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0026"

_CLOSED = "ix_cases_closed_on"
_WITHDRAWN = "ix_journal_withdraw"
_BEFORE = ["closed_on", "received_on", "agreement_id", "requester_kind", "outcome", "answered_as"]
_DATED = (
    ("ix_decision_decided_at", "decision", "decided_at"),
    ("ix_finding_review_reviewed_at", "finding_review", "reviewed_at"),
    ("ix_disclosure_disclosed_on", "disclosure", "disclosed_on"),
    ("ix_disposal_result_done_at", "disposal_result", "done_at"),
)


def upgrade() -> None:
    """To this revision."""
    op.drop_index(_CLOSED, "cases")
    op.create_index(_CLOSED, "cases", [*_BEFORE, "due_on"])
    for name, table, column in _DATED:
        op.create_index(name, table, [column])
    op.execute(f"CREATE INDEX {_WITHDRAWN} ON journal (at, case_id) WHERE action = 'withdraw'")


def downgrade() -> None:
    """Back to the one before."""
    op.execute(f"DROP INDEX {_WITHDRAWN}")
    for name, table, _column in _DATED:
        op.drop_index(name, table)
    op.drop_index(_CLOSED, "cases")
    op.create_index(_CLOSED, "cases", _BEFORE)
