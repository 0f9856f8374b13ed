"""The table of what came many at a time."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Table, Text

from db.schema import cases, keep, metadata
from db.times import Moment

import_batch = Table(
    "import_batch",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("agreement_id", String(60), nullable=False),
    keep("sha256", String(64), nullable=False),
    keep("rows", Integer, nullable=False),
    keep("imported", Integer, nullable=False),
    keep("layout", String(64), nullable=False),
    keep("columns", Text, nullable=False),
    keep("imported_by", Integer, ForeignKey("user.id"), nullable=False),
    keep("imported_at", Moment, nullable=False),
    keep("first_case", Integer),
    CheckConstraint("imported BETWEEN 1 AND rows", name="imported"),
    Index(None, "agreement_id", "sha256", unique=True),
    Index(None, "agreement_id", "layout", "id"),
    sqlite_autoincrement=True,
)
"""A file whose rows became drafts. ``layout``: the SHA-256 of its headings. ``columns``: what each filled, as JSON.

``first_case``: the number of the first of them, which follow one another. ``sha256`` is the file's hash keyed by the
salts of them all, so that it says nothing once one of them is destroyed; the hash itself where that number is missing.
"""

Index(None, cases.c.requester_reference)
"""Whether a request came before, by its requester's own reference."""
