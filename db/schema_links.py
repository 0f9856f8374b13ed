"""The tables of what belongs to a case beside its answers: linked cases, attached files, and chasing the requester."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from db.records import Relation
from db.schema import keep, metadata, wipe
from db.times import Moment

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes of one attachment; the database refuses a larger one."""
LARGEST_CASE = 50 * 1024 * 1024
"""Bytes of all the attachments of one case together; the database refuses more."""

_STANDS = text("unlinked_at IS NULL")

link = Table(
    "link",
    metadata,
    keep("case_id", Integer, ForeignKey("cases.id"), primary_key=True),
    keep("other_id", Integer, ForeignKey("cases.id"), primary_key=True),
    keep("same_person", Boolean, nullable=False),
    keep("linked_by", Integer, ForeignKey("user.id"), nullable=False),
    keep("linked_at", Moment, nullable=False),
    CheckConstraint("case_id <> other_id", name="two_cases"),
    Index(None, "other_id"),
    sqlite_with_rowid=False,
)


def _case(name: str = "case_id") -> Column[int]:
    return keep(name, Integer, ForeignKey("cases.id"), nullable=False)


def _who(name: str, *, nullable: bool = False) -> Column[int]:
    return keep(name, Integer, ForeignKey("user.id"), nullable=nullable)


relation = Table(
    "relation",
    metadata,
    keep("id", Integer, primary_key=True),
    _case(),
    _case("other_id"),
    keep("kind", String(20), nullable=False),
    _who("linked_by"),
    keep("linked_at", Moment, nullable=False),
    _who("unlinked_by", nullable=True),
    keep("unlinked_at", Moment),
    CheckConstraint("case_id <> other_id", name="two_cases"),
    CheckConstraint("kind IN (" + ", ".join(f"'{one.value}'" for one in Relation) + ")", name="kind"),
    CheckConstraint("(unlinked_by IS NULL) = (unlinked_at IS NULL)", name="unlinked"),
    # Beside the one of pairs that stand, which is not used where either end may be the case.
    Index("ix_relation_case_id", "case_id"),
    Index("ix_relation_other_id", "other_id"),
    Index("uq_relation_pair", "case_id", "other_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
    sqlite_autoincrement=True,
)

attachment = Table(
    "attachment",
    metadata,
    keep("id", Integer, primary_key=True),
    _case(),
    wipe("name", Text, nullable=False),
    keep("media_type", String(100), nullable=False),
    keep("size", Integer, nullable=False),
    wipe("sha256", String(64), nullable=False),
    wipe("content", LargeBinary),
    _who("added_by"),
    keep("added_at", Moment, nullable=False),
    keep("submitted", Integer),
    _who("removed_by", nullable=True),
    keep("removed_at", Moment),
    CheckConstraint(f"size BETWEEN 1 AND {LARGEST_FILE}", name="size"),
    CheckConstraint("content IS NULL OR length(content) = size", name="content"),
    CheckConstraint("(removed_by IS NULL) = (removed_at IS NULL)", name="removed"),
    Index("ix_attachment_case_id", "case_id"),
    Index("ix_attachment_sha256", "sha256"),
    sqlite_autoincrement=True,
)

chase = Table(
    "chase",
    metadata,
    keep("id", Integer, primary_key=True),
    _case(),
    keep("asked_on", Date, nullable=False),
    keep("chased_on", Date),
    keep("next_on", Date, nullable=False),
    wipe("note", Text, nullable=False),
    _who("recorded_by"),
    keep("recorded_at", Moment, nullable=False),
    CheckConstraint("chased_on IS NULL OR chased_on >= asked_on", name="chased"),
    CheckConstraint("next_on > COALESCE(chased_on, asked_on)", name="next"),
    Index("ix_chase_case_id", "case_id"),
    sqlite_autoincrement=True,
)
