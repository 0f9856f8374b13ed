"""Filters of the register under a name, for one person or for everyone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_savedviews
from db.times import Moment

revision = "0031"
down_revision = "0030"

_REGISTER = (
    "json_remove(choices, '$.state', '$.open_only', '$.outcome', '$.due', '$.agreement', '$.body', '$.sort', "
    "'$.descending') = '{}' AND (json_type(choices, '$.state') IS NULL OR json_extract(choices, '$.state') IN "
    "('draft', 'held', 'returned', 'submitted', 'sent_back', 'escalated', 'approved', 'recorded', 'released', "
    "'refused', 'rejected', 'issued', 'withdrawn', 'destroyed')) AND (json_type(choices, '$.outcome') IS NULL OR "
    "json_extract(choices, '$.outcome') IN ('traced', 'no_trace', 'more_than_one', 'status', 'refused', "
    "'rejected', 'withdrawn')) AND (json_type(choices, '$.due') IS NULL OR json_extract(choices, '$.due') IN "
    "('late', 'today', 'week')) AND (json_type(choices, '$.sort') IS NULL OR json_extract(choices, '$.sort') IN "
    "('reference', 'state', 'family_name', 'born', 'requester', 'received_on', 'due_on', 'outcome')) AND "
    "COALESCE(json_type(choices, '$.open_only'), 'true') = 'true' AND COALESCE(json_type(choices, "
    "'$.descending'), 'true') = 'true' AND COALESCE(json_type(choices, '$.agreement'), 'text') = 'text' AND "
    "COALESCE(json_type(choices, '$.body'), 'integer') = 'integer'"
)
_NAME = (
    "length(name) BETWEEN 1 AND 40 AND name = trim(name) AND name NOT GLOB '*[0-9]*[0-9]*[0-9]*[0-9]*[0-9]*' AND "
    "name NOT GLOB '*[0-9][./-][0-9]*'"
)


def _check(test: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(test, name=op.f(f"ck_saved_view_{name}"))


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_key", sa.String(length=80), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.Column("saved_at", Moment(), nullable=False),
        _check("kind IN ('register', 'report')", "kind"),
        _check(_NAME, "name"),
        _check("json_valid(choices) AND json_type(choices) = 'object'", "choices"),
        _check(f"kind <> 'register' OR ({_REGISTER})", "register"),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_saved_view_owner_id_user")),
        sa.ForeignKeyConstraint(["saved_by"], ["user.id"], name=op.f("fk_saved_view_saved_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_saved_view_own", "saved_view", ["kind", "owner_id", "name_key"], unique=True)
    everyones = sa.text("owner_id IS NULL")
    op.create_index(
        "uq_saved_view_everyones",
        "saved_view",
        ["kind", "name_key"],
        unique=True,
        sqlite_where=everyones,
        postgresql_where=everyones,
    )
    for statement in guards_savedviews.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before. The triggers go with the table."""
    op.drop_table("saved_view")
