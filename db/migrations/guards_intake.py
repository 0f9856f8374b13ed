"""Rules that the database keeps for what came many at a time: a file is imported once, and that stays."""

from __future__ import annotations


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


_THERE = (
    "EXISTS (SELECT 1 FROM import_batch WHERE id = NEW.id OR (agreement_id = NEW.agreement_id AND sha256 = NEW.sha256))"
)
_TRIGGERS = {
    "import_batch_no_update": ("UPDATE ON import_batch", "1", "what was imported is never changed"),
    "import_batch_no_delete": ("DELETE ON import_batch", "1", "what was imported is never forgotten"),
    "import_batch_once": ("INSERT ON import_batch", _THERE, "this file was imported already"),
}


def statements() -> tuple[str, ...]:
    """The triggers, as SQL."""
    return tuple(_trigger(name, *rule) for name, rule in _TRIGGERS.items())


def names() -> tuple[str, ...]:
    """Their names."""
    return tuple(_TRIGGERS)
