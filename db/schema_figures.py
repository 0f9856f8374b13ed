"""The table of what was published: two tables of the same days could tell together what each of them keeps back."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String, Table, Text

from db.schema import keep, metadata
from db.times import Moment

publication = Table(
    "publication",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("title", Text, nullable=False),
    keep("first", Date, nullable=False),
    keep("last", Date, nullable=False),
    keep("per", String(20), nullable=False),
    keep("control", String(20), nullable=False),
    # The ids of the agreements whose requests it counts, as JSON, and the hash of what it says of them.
    keep("agreements", Text, nullable=False),
    keep("figures", String(64), nullable=False),
    keep("published_by", Integer, ForeignKey("user.id")),
    keep("published_at", Moment, nullable=False),
    CheckConstraint("last >= first", name="order"),
    sqlite_autoincrement=True,
)
