"""Rules that the database keeps for certificates: none is changed or forgotten, and an administrator replaces one."""

from __future__ import annotations


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


_ADMINISTRATOR = "EXISTS (SELECT 1 FROM user WHERE id = NEW.made_by AND active AND role = 'administrator')"
_FIRST = "(NEW.made_by IS NULL AND NOT NEW.imported AND NOT EXISTS (SELECT 1 FROM certificate))"
_REPLACED = f"({_ADMINISTRATOR} AND length(trim(NEW.because)) > 0)"
_OLDER = "EXISTS (SELECT 1 FROM certificate WHERE NEW.id > 0 AND id >= NEW.id)"
_TRIGGERS = {
    "certificate_no_update": ("UPDATE ON certificate", "1", "a certificate is never changed"),
    "certificate_no_delete": ("DELETE ON certificate", "1", "a certificate is never forgotten"),
    "certificate_insert": (
        "INSERT ON certificate",
        f"NOT ({_FIRST} OR {_REPLACED}) OR {_OLDER}",
        "only an administrator replaces the certificate, and says why",
    ),
}


def statements() -> tuple[str, ...]:
    """The CREATE TRIGGER statements."""
    return tuple(_trigger(name, *rule) for name, rule in _TRIGGERS.items())
