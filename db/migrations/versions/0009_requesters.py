"""Requesters as records: bodies, their officers and secure addresses, and accreditations with their expiry."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_requesters
from db.times import Moment

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "requester_body",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("addresses", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["user.id"], name=op.f("fk_requester_body_changed_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requester_body")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_requester_body_name_key", "requester_body", ["name_key"], unique=True)
    op.create_table(
        "requester_officer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("grade", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("countersigns", sa.Boolean(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["body_id"], ["requester_body.id"], name=op.f("fk_requester_officer_body_id_requester_body")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requester_officer")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_requester_officer_body_id_name_key", "requester_officer", ["body_id", "name_key"], unique=True)
    op.create_table(
        "accreditation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.String(length=60), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("given_at", Moment(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_accreditation_valid")),
        sa.CheckConstraint("(ended_on IS NULL) = (ended_by IS NULL)", name=op.f("ck_accreditation_ended")),
        sa.CheckConstraint(
            "ended_on IS NULL OR length(trim(ended_because)) > 0", name=op.f("ck_accreditation_because")
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["requester_body.id"], name=op.f("fk_accreditation_body_id_requester_body")
        ),
        sa.ForeignKeyConstraint(["given_by"], ["user.id"], name=op.f("fk_accreditation_given_by_user")),
        sa.ForeignKeyConstraint(["ended_by"], ["user.id"], name=op.f("fk_accreditation_ended_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accreditation")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_accreditation_body_id_id", "accreditation", ["body_id", "id"])
    for statement in guards_requesters.statements():
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    """Back to the one before. The triggers go with the tables."""
    for table in ("accreditation", "requester_officer", "requester_body"):
        op.drop_table(table)
