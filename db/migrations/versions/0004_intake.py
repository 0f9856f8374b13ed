"""What came many at a time, and the requester's own reference to find it again by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_intake
from db.times import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("imported", sa.Integer(), nullable=False),
        sa.Column("layout", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("imported_by", sa.Integer(), nullable=False),
        sa.Column("imported_at", Moment(), nullable=False),
        sa.CheckConstraint("imported BETWEEN 1 AND rows", name=op.f("ck_import_batch_imported")),
        sa.ForeignKeyConstraint(["imported_by"], ["user.id"], name=op.f("fk_import_batch_imported_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_import_batch_agreement_id_sha256", "import_batch", ["agreement_id", "sha256"], unique=True)
    op.create_index("ix_import_batch_agreement_id_layout_id", "import_batch", ["agreement_id", "layout", "id"])
    op.create_index("ix_cases_requester_reference", "cases", ["requester_reference"])
    for statement in guards_intake.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before."""
    for name in guards_intake.names():
        op.execute(f"DROP TRIGGER {name}")
    op.drop_index("ix_cases_requester_reference", "cases")
    op.drop_table("import_batch")
