"""The tables of the sampled second review: which share of decisions is drawn, which were, and what was said of each."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from db.schema import keep, metadata, wipe
from db.times import Moment


def _of_case() -> Column[int]:
    return keep("case_id", Integer, ForeignKey("cases.id"), nullable=False)


def _who(name: str) -> Column[int]:
    return keep(name, Integer, ForeignKey("user.id"), nullable=False)


second_look_share = Table(
    "second_look_share",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("percent", Integer, nullable=False),
    keep("after_decision", Integer, nullable=False),
    _who("set_by"),
    keep("set_at", Moment, nullable=False),
    CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
    sqlite_autoincrement=True,
)
"""How many of a hundred decisions are drawn: of those whose number is after ``after_decision``, until the next row."""

second_look_draw = Table(
    "second_look_draw",
    metadata,
    keep("decision_id", Integer, ForeignKey("decision.id"), primary_key=True),
    _of_case(),
    Index(None, "case_id"),
)
"""A decision that was drawn when it was made. The case stands here too, as in every table that is about one."""

second_look = Table(
    "second_look",
    metadata,
    keep("decision_id", Integer, ForeignKey("second_look_draw.decision_id"), primary_key=True),
    _of_case(),
    keep("action", String(20), nullable=False),
    _who("looked_by"),
    keep("looked_at", Moment, nullable=False),
    wipe("reasons", Text, nullable=False),
    CheckConstraint("action IN ('approve', 'refuse', 'reject')", name="action"),
    Index(None, "case_id"),
)
"""What another person decided, who did not know the decision: the two agree where their ``action`` is the same."""
