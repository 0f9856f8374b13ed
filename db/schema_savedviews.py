"""The table of saved views: the choices of a register or a report under a name, for one person or for everyone."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Table, Text, text

from db.records import Outcome, State
from db.records_views import Due, Sort, ViewKind
from db.schema import keep, metadata
from db.times import Moment

_KEYS = ("state", "open_only", "outcome", "due", "agreement", "body", "sort", "descending")


def _is_one_of(key: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{one}'" for one in values)
    return f"(json_type(choices, '$.{key}') IS NULL OR json_extract(choices, '$.{key}') IN ({listed}))"


def _is_of(key: str, kind: str) -> str:
    return f"COALESCE(json_type(choices, '$.{key}'), '{kind}') = '{kind}'"


OF_REGISTER = (
    f"json_remove(choices, {', '.join(repr('$.' + key) for key in _KEYS)}) = '{{}}'"
    f" AND {_is_one_of('state', tuple(State))} AND {_is_one_of('outcome', tuple(Outcome))}"
    f" AND {_is_one_of('due', tuple(Due))} AND {_is_one_of('sort', tuple(Sort))}"
    f" AND {_is_of('open_only', 'true')} AND {_is_of('descending', 'true')}"
    f" AND {_is_of('agreement', 'text')} AND {_is_of('body', 'integer')}"
)
"""SQL: whether ``choices`` are those of a register: known keys, each a word of a list, a mark or a number."""
NAME = (
    "length(name) BETWEEN 1 AND 40 AND name = trim(name) AND name NOT GLOB '*[0-9]*[0-9]*[0-9]*[0-9]*[0-9]*'"
    " AND name NOT GLOB '*[0-9][./-][0-9]*'"
)
"""SQL: whether a name can be no number of a person, and no date: it has no more figures than a year."""

_EVERYONES = text("owner_id IS NULL")

saved_view = Table(
    "saved_view",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("kind", String(10), nullable=False),
    keep("name", String(40), nullable=False),
    keep("name_key", String(80), nullable=False),
    keep("owner_id", Integer, ForeignKey("user.id")),
    keep("choices", Text, nullable=False),
    keep("saved_by", Integer, ForeignKey("user.id"), nullable=False),
    keep("saved_at", Moment, nullable=False),
    CheckConstraint("kind IN (" + ", ".join(f"'{one}'" for one in ViewKind) + ")", name="kind"),
    CheckConstraint(NAME, name="name"),
    CheckConstraint("json_valid(choices) AND json_type(choices) = 'object'", name="choices"),
    CheckConstraint(f"kind <> 'register' OR ({OF_REGISTER})", name="register"),
    Index("uq_saved_view_own", "kind", "owner_id", "name_key", unique=True),
    Index(
        "uq_saved_view_everyones", "kind", "name_key", unique=True, sqlite_where=_EVERYONES, postgresql_where=_EVERYONES
    ),
    sqlite_autoincrement=True,
)
"""``owner_id``: whose it is; NULL for everyone's. ``name_key``: how the name compares."""
