"""Timers with more than one trigger, what starts them, and cases that are handed over in sealed packages."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_retention, guards_transfer
from db.times import Moment

revision = "0017"
down_revision = "0016"

_RULE: dict[str, Any] = {
    "trigger": sa.String(length=30),
    "months": sa.Integer(),
    "appealed_months": sa.Integer(),
    "longstop_on": sa.Date(),
}


def upgrade() -> None:
    """To this revision."""
    for name, kind in _RULE.items():
        if name != "trigger":
            op.add_column("retention", sa.Column(name, kind, nullable=True))
        op.add_column("retention_change", sa.Column(name, kind, nullable=True))
    event = "retention_event"
    op.create_table(
        event,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("trigger", sa.String(length=30), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "\"trigger\" IN ('debt_settled', 'share_code_expired', 'agreement_withdrawn')",
            name=op.f("ck_retention_event_trigger"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_retention_event_case_id_cases")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_retention_event_recorded_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_retention_event_case_id_id"), event, ["case_id", "id"], unique=False)
    _transfers()
    for statement in (*guards_retention.statements(), *guards_transfer.statements()):
        op.execute(statement.replace(":", "\\:"))


def _transfers() -> None:
    transfer, package = "disposal_transfer", "transfer_package"
    op.create_table(
        transfer,
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["disposal_run.id"], name=op.f("fk_disposal_transfer_run_id_disposal_run")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_disposal_transfer")),
    )
    op.create_table(
        package,
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["disposal_run.id"], name=op.f("fk_transfer_package_run_id_disposal_run")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_transfer_package_case_id_cases")),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_transfer_package_made_by_user")),
        sa.PrimaryKeyConstraint("run_id", "case_id", name=op.f("pk_transfer_package")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Back to the one before. A store with a timer that waits would count it from its closing there."""
    for statement in (*guards_transfer.undone(), *guards_retention.undone()):
        op.execute(statement.replace(":", "\\:"))
    for table in ("transfer_package", "disposal_transfer", "retention_event"):
        op.drop_table(table)
    for name in reversed(_RULE):
        op.execute(f'ALTER TABLE retention_change DROP COLUMN "{name}"')
        if name != "trigger":
            op.execute(f'ALTER TABLE retention DROP COLUMN "{name}"')
