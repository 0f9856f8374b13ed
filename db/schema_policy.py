"""The table of what befell the agreements: suspended, resumed, withdrawn or superseded."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Table, Text

from db.schema import keep, metadata
from db.times import Moment

policy_change = Table(
    "policy_change",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("agreement_id", String(60), nullable=False),
    keep("kind", String(20), nullable=False),
    keep("takes_effect", Date, nullable=False),
    keep("because", Text, nullable=False),
    keep("agreement_hash", String(64), ForeignKey("agreement_text.hash"), nullable=False),
    keep("decided_by", Integer, ForeignKey("user.id"), nullable=False),
    keep("decided_at", Moment, nullable=False),
    CheckConstraint("kind IN ('suspend', 'resume', 'withdraw', 'supersede')", name="kind"),
    Index(None, "agreement_id", "id"),
    sqlite_autoincrement=True,
)
"""``agreement_hash``: the agreement's whole text as the change left it."""
