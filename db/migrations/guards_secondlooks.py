"""Rules that the database keeps for second looks since revision 0030.

A decision is drawn when it is made or never, and only while a share is set. Whoever had a part in the case, or knows
what was decided, takes no second look at it. What was drawn and said stays; with its case the reasons go.
"""

from __future__ import annotations

from db.migrations.conditions_0030 import DECIDING, FACT, over, saw, worked

WIPED = {"second_look": ("decision_id, case_id, action, looked_by, looked_at", {"reasons": "''"})}
"""As in ``guards_disposal``."""
_KEYS = {"second_look_share": "id", "second_look_draw": "decision_id", "second_look": "decision_id"}
_LAST = "COALESCE((SELECT MAX(id) FROM decision), 0)"
_SHARE = "COALESCE((SELECT percent FROM second_look_share ORDER BY id DESC LIMIT 1), 0)"
_DRAWABLE = (
    f"EXISTS (SELECT 1 FROM decision WHERE id = NEW.decision_id AND case_id = NEW.case_id AND action IN {DECIDING})"
)
_DRAWN = "EXISTS (SELECT 1 FROM second_look_draw WHERE decision_id = NEW.decision_id AND case_id = NEW.case_id)"


def _user(who: str, roles: str) -> str:
    return f"EXISTS (SELECT 1 FROM user WHERE id = NEW.{who} AND active AND role IN ({roles}))"


_SETTER = _user("set_by", "'administrator'")
_LOOKER = _user("looked_by", "'reviewer', 'guardian'")
_OVER = over("NEW.case_id", "NEW.decision_id")


def _destroyed(row: str) -> str:
    return f"COALESCE((SELECT state FROM cases WHERE id = {row}.case_id) = 'destroyed', 0)"


def _same() -> str:
    kept, emptied = WIPED["second_look"]
    same = [f"NEW.{name} IS OLD.{name}" for name in kept.split(", ")]
    return " AND ".join((*same, *(f"NEW.{name} IS {value}" for name, value in emptied.items())))


_TRIGGERS = {
    "second_look_share_begin": (
        "INSERT ON second_look_share",
        f"NOT {_SETTER} OR NEW.after_decision IS NOT {_LAST}",
        "an administrator sets the share of second looks, for the decisions to come",
    ),
    "second_look_draw_begin": (
        "INSERT ON second_look_draw",
        f"NOT {_DRAWABLE} OR NEW.decision_id <> {_LAST} OR {_SHARE} = 0",
        "a decision is drawn for a second look when it is made",
    ),
    "second_look_begin": (
        "INSERT ON second_look",
        f"NOT ({_DRAWN} AND {_LOOKER}) OR {_OVER} OR length(trim(NEW.reasons)) = 0",
        "a reviewer or the guardian takes a second look at what was drawn, and says why",
    ),
    "second_look_second_person": (
        "INSERT ON second_look",
        worked("NEW.case_id", "NEW.looked_by"),
        "whoever had a part in a case takes no second look at it",
    ),
    "second_look_blind": (
        "INSERT ON second_look",
        saw("NEW.case_id", "NEW.decision_id", "NEW.looked_by"),
        "whoever knows a decision takes no second look at it",
    ),
    "second_look_no_update": (
        "UPDATE ON second_look",
        f"NOT {_destroyed('OLD')}",
        "second_look rows are never changed or deleted",
    ),
    "second_look_wiped": (
        "UPDATE ON second_look",
        f"{_destroyed('OLD')} AND NOT ({_same()})",
        "nothing comes back to a destroyed case",
    ),
    "meta_secret": (
        "UPDATE ON meta",
        f"OLD.key = '{FACT}' OR NEW.key = '{FACT}'",
        "the secret that second looks are drawn by is never changed",
    ),
}


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def statements() -> tuple[str, ...]:
    """The CREATE TRIGGER statements."""
    never = [
        _trigger(
            f"{table}_no_{event.lower()}", f"{event} ON {table}", "1", f"{table} rows are never changed or deleted"
        )
        for table in _KEYS
        for event in ("UPDATE", "DELETE")
        if not (table in WIPED and event == "UPDATE")
    ]
    once = [
        _trigger(
            f"{table}_no_replace",
            f"INSERT ON {table}",
            f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})",
            f"this {table} row is there already",
        )
        for table, key in _KEYS.items()
    ]
    return (*never, *once, *(_trigger(name, *rule) for name, rule in _TRIGGERS.items()))


def on_meta() -> tuple[str, ...]:
    """The triggers on a table that was there before, for dropping them: the others go with their tables."""
    return ("meta_secret",)
