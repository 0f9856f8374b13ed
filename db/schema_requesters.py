"""The tables of who may ask: bodies, their officers, and under which agreement each body is accredited until when."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Table, Text

from db.schema import keep, metadata
from db.times import Moment

requester_body = Table(
    "requester_body",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("name", String(200), nullable=False),
    keep("name_key", String(400), nullable=False),
    keep("addresses", Text, nullable=False),
    keep("note", Text, nullable=False),
    keep("version", Integer, nullable=False),
    keep("changed_by", Integer, ForeignKey("user.id"), nullable=False),
    keep("changed_at", Moment, nullable=False),
    Index("ix_requester_body_name_key", "name_key", unique=True),
    sqlite_autoincrement=True,
)
"""``addresses``: one secure address or domain a line."""

requester_officer = Table(
    "requester_officer",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("body_id", Integer, ForeignKey("requester_body.id"), nullable=False),
    keep("name", String(200), nullable=False),
    keep("name_key", String(400), nullable=False),
    keep("unit", String(200), nullable=False),
    keep("grade", String(100), nullable=False),
    keep("email", String(200), nullable=False),
    keep("countersigns", Boolean, nullable=False),
    keep("left_on", Date),
    Index("ix_requester_officer_body_id_name_key", "body_id", "name_key", unique=True),
    sqlite_autoincrement=True,
)
"""Officers of other bodies, in their office: they are of no case, and go when an administrator removes them."""

accreditation = Table(
    "accreditation",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("body_id", Integer, ForeignKey("requester_body.id"), nullable=False),
    keep("agreement_id", String(60), nullable=False),
    keep("reference", String(100), nullable=False),
    keep("valid_from", Date, nullable=False),
    keep("valid_to", Date, nullable=False),
    keep("given_by", Integer, ForeignKey("user.id"), nullable=False),
    keep("given_at", Moment, nullable=False),
    keep("ended_on", Date),
    keep("ended_because", Text, nullable=False, default=""),
    keep("ended_by", Integer, ForeignKey("user.id")),
    CheckConstraint("valid_from <= valid_to", name="valid"),
    CheckConstraint("(ended_on IS NULL) = (ended_by IS NULL)", name="ended"),
    CheckConstraint("ended_on IS NULL OR length(trim(ended_because)) > 0", name="because"),
    Index("ix_accreditation_body_id_id", "body_id", "id"),
    sqlite_autoincrement=True,
)
