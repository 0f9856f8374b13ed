"""Letters of every kind: those on the way to the answer, and a letter in the place of another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_letters
from db.times import Moment

revision = "0011"
down_revision = "0010"

_BEFORE = ("disclosure", "no_trace", "refusal", "rejection", "status_answer", "answer")
_COLUMNS = "id, number, case_id, kind, sha256, snapshot_hash, issued_by, issued_at, pdf, recipient"
_AS_BEFORE = (
    "CASE kind WHEN 'partial_disclosure' THEN 'disclosure' WHEN 'not_permitted' THEN 'rejection'"
    " WHEN 'foi_answer' THEN 'answer' WHEN 'sar_answer' THEN 'answer' WHEN 'review_outcome' THEN 'answer'"
    " ELSE kind END"
)


def _make(name: str, kinds: tuple[str, ...], *more: sa.schema.SchemaItem) -> None:
    listed = ", ".join(f"'{one}'" for one in kinds)
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("snapshot_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("recipient", sa.Text(), nullable=False),
        *more,
        sa.CheckConstraint(f"kind IN ({listed})", name=op.f("ck_letter_kind")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_letter_case_id_cases")),
        sa.ForeignKeyConstraint(["issued_by"], ["user.id"], name=op.f("fk_letter_issued_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("number", name=op.f("uq_letter_number")),
        sqlite_autoincrement=True,
    )


def _take_the_place(kind: str, where: str) -> None:
    """The rows go over, with foreign keys off: what refers to a letter by its id goes on doing so."""
    columns = _COLUMNS.replace("kind", kind)
    op.execute(f"INSERT INTO letter_new ({_COLUMNS}) SELECT {columns} FROM letter {where}")
    op.drop_table("letter")
    op.rename_table("letter_new", "letter")


def _lift(names: list[str]) -> None:
    for name in names:
        op.execute(f"DROP TRIGGER IF EXISTS {name}")


def upgrade() -> None:
    """To this revision."""
    _lift([one.split()[2] for one in guards_letters.before()])
    _make(
        "letter_new",
        (*guards_letters.ENDING, *guards_letters.WRITTEN_IN),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("replaces", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["replaces"], ["letter.id"], name=op.f("fk_letter_replaces_letter")),
    )
    _take_the_place("kind", "")
    op.create_index("ix_letter_case_id", "letter", ["case_id"], unique=False)
    for statement in guards_letters.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before, which knew only letters that answer, one to a case."""
    _lift([one.split()[2] for one in guards_letters.statements()])
    kept = f"WHERE kind IN {guards_letters.ENDING} AND replaces IS NULL"
    for table in ("letter_event", "disclosure"):
        op.execute(f"DROP TRIGGER {table}_no_delete")
        op.execute(f"DELETE FROM {table} WHERE letter_id NOT IN (SELECT id FROM letter {kept})")
    _make("letter_new", _BEFORE)
    _take_the_place(_AS_BEFORE, kept)
    for statement in guards_letters.before():
        op.execute(statement.replace(":", "\\:"))
    for statement in guards_letters.deleting():
        op.execute(statement.replace(":", "\\:"))
