"""The tables of what moves a due date beside the pauses: what a requester was asked for, and extensions."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Table, Text

from db.schema import keep, metadata, wipe
from db.times import Moment

asking = Table(
    "asking",
    metadata,
    keep("pause_id", Integer, ForeignKey("pause.id"), primary_key=True),
    keep("ask", String(60), nullable=False),
    keep("restarts", Boolean, nullable=False),
)

extension = Table(
    "extension",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("case_id", Integer, ForeignKey("cases.id"), nullable=False),
    keep("length", Integer, nullable=False),
    keep("because", String(60), nullable=False),
    keep("told_on", Date, nullable=False),
    wipe("note", Text, nullable=False),
    keep("extended_by", Integer, ForeignKey("user.id"), nullable=False),
    keep("extended_at", Moment, nullable=False),
    CheckConstraint("length >= 1", name="length"),
    Index("ix_extension_case_id", "case_id"),
    sqlite_autoincrement=True,
)
