"""Rules that the database keeps for bank holidays: an administrator puts them in force, and a row never changes."""

from __future__ import annotations


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


_ADMINISTRATOR = "EXISTS (SELECT 1 FROM user WHERE id = NEW.replaced_by AND active AND role = 'administrator')"
_TRIGGERS = {
    "calendar_no_update": ("UPDATE ON calendar", "1", "bank holidays that were in force are never changed"),
    "calendar_no_delete": ("DELETE ON calendar", "1", "bank holidays that were in force are never forgotten"),
    "calendar_begin": (
        "INSERT ON calendar",
        f"NOT {_ADMINISTRATOR} OR EXISTS (SELECT 1 FROM calendar WHERE id = NEW.id)",
        "only an administrator replaces the bank holidays",
    ),
}


def statements() -> tuple[str, ...]:
    """The CREATE TRIGGER statements."""
    return tuple(_trigger(name, *rule) for name, rule in _TRIGGERS.items())
