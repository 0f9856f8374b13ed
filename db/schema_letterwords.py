"""The table of an organisation's own words for parts of its letters."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Table, Text

from db.schema import keep, metadata
from db.times import Moment

letter_words = Table(
    "letter_words",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("kind", String(20), nullable=False),
    keep("part", String(40), nullable=False),
    keep("english", Text),
    keep("welsh", Text),
    keep("because", Text, nullable=False),
    keep("made_by", Integer, ForeignKey("user.id"), nullable=False),
    keep("made_at", Moment, nullable=False),
    CheckConstraint("english IS NOT NULL OR welsh IS NULL", name="english"),
    Index(None, "kind", "part", "id"),
    sqlite_autoincrement=True,
)
"""The newest row of a part of a kind of letter is in use. ``english`` is NULL where the words are the desk's again.

``welsh`` is NULL where there are none: a letter that is wanted in Welsh then goes in English alone, and says so.
"""
