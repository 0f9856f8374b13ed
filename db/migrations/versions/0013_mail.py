"""What is done with a letter may be that an e-mail was prepared with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_0001
from db.times import Moment

revision = "0013"
down_revision = "0012"

_BEFORE = "'print', 'save_copy', 'mark_sent'"
_SINCE = "'print', 'save_copy', 'prepare_mail', 'mark_sent'"


def upgrade() -> None:
    """To this revision."""
    _make_anew(_SINCE)


def downgrade() -> None:
    """Back to the one before, which knows nothing of e-mails."""
    _make_anew(_BEFORE)


def _make_anew(actions: str) -> None:
    """SQLite cannot change a constraint: the rows go into a new table, with the guards that the old one had."""
    op.create_table(
        "new_letter_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("done_by", sa.Integer(), nullable=False),
        sa.Column("done_at", Moment(), nullable=False),
        sa.CheckConstraint(f"action IN ({actions})", name=op.f("ck_letter_event_action")),
        sa.ForeignKeyConstraint(["done_by"], ["user.id"], name=op.f("fk_letter_event_done_by_user")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_letter_event_letter_id_letter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_event")),
    )
    op.execute(f"INSERT INTO new_letter_event SELECT * FROM letter_event WHERE action IN ({actions})")
    op.drop_table("letter_event")
    op.rename_table("new_letter_event", "letter_event")
    op.create_index(op.f("ix_letter_event_letter_id"), "letter_event", ["letter_id"], unique=False)
    for statement in guards_0001.statements():
        if statement.startswith("CREATE TRIGGER letter_event_"):
            op.execute(statement.replace(":", "\\:"))
