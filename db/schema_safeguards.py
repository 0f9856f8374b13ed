"""The tables of safeguarding: concerns about a case, and the guardian's decisions to let an address go."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Table, Text

from db.schema import keep, metadata, wipe
from db.times import Moment

concern = Table(
    "concern",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("case_id", Integer, ForeignKey("cases.id"), nullable=False),
    keep("about", String(20), nullable=False),
    keep("from_case", Integer, ForeignKey("cases.id")),
    wipe("who", Text, nullable=False),
    wipe("why", Text, nullable=False),
    keep("raised_by", Integer, ForeignKey("user.id"), nullable=False),
    keep("raised_at", Moment, nullable=False),
    CheckConstraint("about IN ('person', 'requester', 'elsewhere')", name="about"),
    CheckConstraint("(about = 'elsewhere') = (from_case IS NOT NULL)", name="origin"),
    Index("ix_concern_case_id", "case_id"),
    sqlite_autoincrement=True,
)

address_release = Table(
    "address_release",
    metadata,
    keep("decision_id", Integer, ForeignKey("decision.id"), primary_key=True),
    keep("case_id", Integer, ForeignKey("cases.id"), nullable=False),
    keep("released_by", Integer, ForeignKey("user.id"), nullable=False),
    keep("released_at", Moment, nullable=False),
    Index("ix_address_release_case_id", "case_id"),
)
