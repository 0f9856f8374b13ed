"""A share of decisions goes to another reviewer, who does not know them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_secondlooks
from db.times import Moment

revision = "0030"
down_revision = "0028"


def _to(column: str, target: str, owner: str) -> sa.ForeignKeyConstraint:
    table = target.partition(".")[0]
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{owner}_{column}_{table}"))


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "second_look_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("after_decision", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", Moment(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_second_look_share_percent")),
        _to("set_by", "user.id", "second_look_share"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_look_share")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "second_look_draw",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        _to("decision_id", "decision.id", "second_look_draw"),
        _to("case_id", "cases.id", "second_look_draw"),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_second_look_draw")),
    )
    op.create_index(op.f("ix_second_look_draw_case_id"), "second_look_draw", ["case_id"])
    op.create_table(
        "second_look",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("looked_by", sa.Integer(), nullable=False),
        sa.Column("looked_at", Moment(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.CheckConstraint("action IN ('approve', 'refuse', 'reject')", name=op.f("ck_second_look_action")),
        _to("decision_id", "second_look_draw.decision_id", "second_look"),
        _to("case_id", "cases.id", "second_look"),
        _to("looked_by", "user.id", "second_look"),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_second_look")),
    )
    op.create_index(op.f("ix_second_look_case_id"), "second_look", ["case_id"])
    for statement in guards_secondlooks.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before. The other triggers go with the tables; the secret stays, for it never changes."""
    for name in guards_secondlooks.on_meta():
        op.execute(f"DROP TRIGGER {name}")
    for table in ("second_look", "second_look_draw", "second_look_share"):
        op.drop_table(table)
