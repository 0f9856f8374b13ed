"""An organisation's own words for parts of its letters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_letterwords
from db.times import Moment

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "letter_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("english", sa.Text(), nullable=True),
        sa.Column("welsh", sa.Text(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.CheckConstraint("english IS NOT NULL OR welsh IS NULL", name=op.f("ck_letter_words_english")),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_letter_words_made_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_words")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_letter_words_kind_part_id"), "letter_words", ["kind", "part", "id"], unique=False)
    for statement in guards_letterwords.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before. Its triggers go with the table."""
    op.drop_table("letter_words")
