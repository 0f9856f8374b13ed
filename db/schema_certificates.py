"""The table of the certificates with which the organisation's letters are, or were, signed."""

from __future__ import annotations

from sqlalchemy import Boolean, ForeignKey, Integer, LargeBinary, String, Table, Text

from db.schema import keep, metadata
from db.times import Moment

certificate = Table(
    "certificate",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("fingerprint", String(64), nullable=False, unique=True),
    keep("der", LargeBinary, nullable=False),
    keep("packed", LargeBinary, nullable=False),
    keep("imported", Boolean, nullable=False),
    keep("because", Text, nullable=False),
    keep("made_by", Integer, ForeignKey("user.id")),
    keep("made_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)
"""The newest row is in use; the earlier ones say whose the earlier letters are.

``fingerprint`` is the SHA-256 of ``der``, the certificate itself. ``packed`` is a PKCS#12 file of it and its key, under
a random password that is not in the store: see desktop/security/signingsecrets.py. ``made_by`` is empty for the first,
which the desk made by itself.
"""
