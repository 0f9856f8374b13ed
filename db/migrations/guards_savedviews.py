"""Rules that the database keeps for saved views since revision 0031.

Nobody saves, renames or deletes the view of another, and only administrators those of everyone. What is saved of any
kind are choices: words from a list, marks and small numbers, never what somebody typed about a person.
"""

from __future__ import annotations

_DAY = "part.atom GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'"
_FIGURES = "part.atom GLOB '*[0-9]*[0-9]*[0-9]*[0-9]*[0-9]*'"
_LOOSE = (
    "NOT json_valid(NEW.choices) OR EXISTS (SELECT 1 FROM json_tree(NEW.choices) AS part WHERE"
    " (typeof(part.key) = 'text' AND part.key GLOB '*[^a-z_]*')"
    " OR (part.type = 'text' AND (part.atom GLOB '*[^a-z0-9_-]*' OR length(part.atom) > 60"
    f" OR ({_FIGURES} AND NOT (NEW.kind = 'report' AND {_DAY}))))"
    " OR (part.type = 'integer' AND part.atom NOT BETWEEN 0 AND 99999) OR part.type = 'real')"
)
_AGREEMENTS = "json_extract(NEW.choices, '$.agreement') IN (SELECT agreement_id FROM agreement_text)"
_BODIES = "json_extract(NEW.choices, '$.body') IN (SELECT id FROM requester_body)"
_UNKNOWN = (
    "json_valid(NEW.choices) AND NOT"
    f" ((json_type(NEW.choices, '$.agreement') IS NULL OR {_AGREEMENTS})"
    f" AND (json_type(NEW.choices, '$.body') IS NULL OR {_BODIES}))"
)


def _may(who: str, row: str) -> str:
    """SQL: whether a person may say what becomes of a view: its owner, or an administrator where it is everyone's."""
    return (
        f"EXISTS (SELECT 1 FROM user WHERE user.id = {who} AND active"
        f" AND ({row}.owner_id = user.id OR ({row}.owner_id IS NULL AND role = 'administrator')))"
    )


_SAID = "(SELECT actor_id FROM journal WHERE seq = (SELECT MAX(seq) FROM journal) AND action = 'delete_filter'"
_DELETED_BY = f"{_SAID} AND data ->> 'filter' = OLD.id)"
_FIXED = " OR ".join(f"NEW.{one} IS NOT OLD.{one}" for one in ("id", "kind", "owner_id", "choices"))
_SAME = "kind = NEW.kind AND name_key = NEW.name_key AND owner_id IS NEW.owner_id"
_OWN = "a view is saved, renamed and deleted by its owner, and everyone’s by an administrator"
_TRIGGERS = {
    "saved_view_owner": ("INSERT ON saved_view", f"NOT {_may('NEW.saved_by', 'NEW')}", _OWN),
    "saved_view_words": ("INSERT ON saved_view", _LOOSE, "a saved view holds choices, and nothing that was typed"),
    "saved_view_known": ("INSERT ON saved_view", _UNKNOWN, "a saved view is of agreements and bodies on record"),
    "saved_view_rename": ("UPDATE ON saved_view", f"{_FIXED} OR NOT {_may('NEW.saved_by', 'OLD')}", _OWN),
    "saved_view_delete": ("DELETE ON saved_view", f"NOT {_may(_DELETED_BY, 'OLD')}", _OWN),
    "saved_view_no_replace": (
        "INSERT ON saved_view",
        f"EXISTS (SELECT 1 FROM saved_view WHERE id = NEW.id OR ({_SAME}))",
        "this saved_view row is there already",
    ),
}


def statements() -> tuple[str, ...]:
    """The CREATE TRIGGER statements."""
    return tuple(
        f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"
        for name, (event, when, message) in _TRIGGERS.items()
    )
