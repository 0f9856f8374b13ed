"""The table of the bank holidays that an administrator put in place of the shipped ones."""

from __future__ import annotations

from sqlalchemy import Date, ForeignKey, Integer, String, Table, Text

from db.schema import keep, metadata
from db.times import Moment

calendar = Table(
    "calendar",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("text", Text, nullable=False),
    keep("hash", String(64), nullable=False),
    keep("source", Text, nullable=False),
    keep("first_known", Date, nullable=False),
    keep("last_known", Date, nullable=False),
    keep("replaced_by", Integer, ForeignKey("user.id"), nullable=False),
    keep("replaced_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)
"""``text``: all bank holidays that are known from then on, in the shape of GOV.UK's file; ``hash``: its SHA-256.

``source`` is where the administrator had the file from, in their own words. The newest row is in force.
"""
