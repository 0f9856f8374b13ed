"""What a desk of twenty years asks of a million cases and twelve million entries is answered from indexes.

How selective those of the journal are is said, since no store measures it: of one case there are a dozen entries, of
one action or one person a large part of them all.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0027"
down_revision = "0026"

_STANDS_OUT = text("instr(data, '\"restricted\"\\:') > 0")
_KNOWN = {
    "ix_journal_case_id_seq": "12000000 12 1",
    "ix_journal_action": "12000000 600000",
    "ix_journal_actor_id": "12000000 600000",
    "ix_journal_at": "12000000 20",
    "ix_journal_restricted": "100000 1",
}


def upgrade() -> None:
    """To this revision."""
    op.create_index(op.f("ix_cases_id"), "cases", ["id"])
    op.create_index(op.f("ix_decision_decided_at"), "decision", ["decided_at"])
    op.create_index(op.f("ix_finding_review_reviewed_at"), "finding_review", ["reviewed_at"])
    op.drop_index(op.f("ix_identifier_kind_value"), "identifier")
    op.create_index(op.f("ix_identifier_kind_value_case_id"), "identifier", ["kind", "value", "case_id"])
    for name in ("action", "actor_id", "at"):
        op.create_index(op.f(f"ix_journal_{name}"), "journal", [name])
    op.create_index("ix_journal_restricted", "journal", ["seq"], sqlite_where=_STANDS_OUT)
    # Makes the table of what is known of indexes, from next to nothing.
    op.execute("ANALYZE organisation")
    op.execute("DELETE FROM sqlite_stat1")
    for name, said in _KNOWN.items():
        op.execute(f"INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('journal', '{name}', '{said}')")
    op.execute("ANALYZE sqlite_schema")


def downgrade() -> None:
    """Back to the one before."""
    op.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'journal'")
    op.drop_index("ix_journal_restricted", "journal")
    for name in ("action", "actor_id", "at"):
        op.drop_index(op.f(f"ix_journal_{name}"), "journal")
    op.drop_index(op.f("ix_identifier_kind_value_case_id"), "identifier")
    op.create_index(op.f("ix_identifier_kind_value"), "identifier", ["kind", "value"])
    op.drop_index(op.f("ix_finding_review_reviewed_at"), "finding_review")
    op.drop_index(op.f("ix_decision_decided_at"), "decision")
    op.drop_index(op.f("ix_cases_id"), "cases")
