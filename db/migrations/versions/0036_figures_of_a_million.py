"""Figures of a million cases: what is rare among them is found by itself, and no page of a certificate is read for its
day.
"""

from __future__ import annotations

from alembic import op

revision = "0036"
down_revision = "0035"

_RARE = (
    ("ix_cases_long", "cases (closed_on, received_on)", "julianday(closed_on) - julianday(received_on) > 366"),
    (
        "ix_cases_out_of_order",
        "cases (agreement_id)",
        "closed_on IS NOT NULL AND ((received_on IS NULL AND outcome <> 'withdrawn') OR closed_on < received_on)",
    ),
    ("ix_journal_withdrawn_held", "journal (at, case_id)", "action = 'withdraw' AND instr(data, '\"held\"\\:') > 0"),
)
_MADE = ("destruction_certificate", "transfer_package")


def upgrade() -> None:
    """To this revision."""
    op.drop_index("ix_journal_withdraw", "journal")
    for name, columns, which in _RARE:
        op.execute(f"CREATE INDEX {name} ON {columns} WHERE {which}")
    for table in _MADE:
        op.create_index(f"ix_{table}_made_at", table, ["made_at"])


def downgrade() -> None:
    """Back to the one before."""
    for table in _MADE:
        op.drop_index(f"ix_{table}_made_at", table)
    for name, _columns, _which in _RARE:
        op.execute(f"DROP INDEX {name}")
    op.execute("CREATE INDEX ix_journal_withdraw ON journal (at, case_id) WHERE action = 'withdraw'")
