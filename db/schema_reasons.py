"""The table of the reasons that stand nowhere else."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Integer, Table, Text

from db.schema import keep, metadata, wipe

given_reason = Table(
    "given_reason",
    metadata,
    keep("entry", Integer, primary_key=True, autoincrement=False),
    keep("case_id", Integer, ForeignKey("cases.id"), nullable=False),
    wipe("reasons", Text, nullable=False),
    Index(None, "case_id"),
)
"""Why a request was withdrawn, reopened or taken off hold, as it was typed: `entry` is the journal's entry of it, which
says by whom and when, and holds a commitment to the words.
"""
