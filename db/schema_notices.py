"""The tables of notices of correction: to whom one is owed, what it corrects, and that it was issued or why not.

UK General Data Protection Regulation, Articles 16 and 19: each recipient of what was wrong is told, unless that is
impossible or involves disproportionate effort.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from db.schema import keep, metadata, wipe
from db.times import Moment


def _case(name: str = "case_id", *, primary_key: bool = False) -> Column[int]:
    return keep(name, Integer, ForeignKey("cases.id"), nullable=False, primary_key=primary_key)


def _who(name: str) -> Column[int]:
    return keep(name, Integer, ForeignKey("user.id"), nullable=False)


owed_notice = Table(
    "owed_notice",
    metadata,
    keep("id", Integer, primary_key=True),
    _case(),
    keep("finding", Integer, nullable=False),
    wipe("recipient", Text, nullable=False),
    wipe("content", Text, nullable=False),
    Index("ix_owed_notice_case_id", "case_id"),
    sqlite_autoincrement=True,
)

correction = Table(
    "correction",
    metadata,
    keep("owed_id", Integer, ForeignKey("owed_notice.id"), primary_key=True),
    _case("concerned_id", primary_key=True),
    keep("item", String(80), primary_key=True),
    Index("ix_correction_concerned_id", "concerned_id"),
    sqlite_with_rowid=False,
)

notice = Table(
    "notice",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("owed_id", Integer, ForeignKey("owed_notice.id"), nullable=False, unique=True),
    _case(),
    keep("number", Integer, nullable=False, unique=True),
    keep("sha256", String(64), nullable=False),
    keep("snapshot_hash", String(64), nullable=False),
    _who("issued_by"),
    keep("issued_at", Moment, nullable=False),
    wipe("pdf", LargeBinary),
    Index("ix_notice_case_id", "case_id"),
    sqlite_autoincrement=True,
)

notice_event = Table(
    "notice_event",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("notice_id", Integer, ForeignKey("notice.id"), nullable=False),
    keep("action", String(20), nullable=False),
    _who("done_by"),
    keep("done_at", Moment, nullable=False),
    CheckConstraint("action IN ('print', 'save_copy', 'mark_sent')", name="action"),
    Index("ix_notice_event_notice_id", "notice_id"),
    sqlite_autoincrement=True,
)

notice_excuse = Table(
    "notice_excuse",
    metadata,
    keep("owed_id", Integer, ForeignKey("owed_notice.id"), primary_key=True),
    _case(),
    keep("because", String(20), nullable=False),
    wipe("reasons", Text, nullable=False),
    _who("excused_by"),
    keep("excused_at", Moment, nullable=False),
    CheckConstraint("because IN ('impossible', 'disproportionate')", name="because"),
    Index("ix_notice_excuse_case_id", "case_id"),
)
