"""Rules that the database keeps for who may ask: administrators and guardians say so, and an accreditation stays."""

from __future__ import annotations


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def _may(who: str) -> str:
    roles = "('administrator', 'guardian')"
    return f"EXISTS (SELECT 1 FROM user WHERE id = NEW.{who} AND active AND role IN {roles})"


_FIXED = ("id", "body_id", "agreement_id", "reference", "valid_from", "valid_to", "given_by", "given_at")
_CHANGED = " OR ".join(f"NEW.{one} IS NOT OLD.{one}" for one in _FIXED)
_WHO = "only an administrator or a guardian says who may ask"
_TRIGGERS = {
    "requester_body_insert": ("INSERT ON requester_body", f"NOT {_may('changed_by')}", _WHO),
    "requester_body_update": (
        "UPDATE ON requester_body",
        f"NOT {_may('changed_by')} OR NEW.id <> OLD.id OR NEW.version <> OLD.version + 1",
        _WHO,
    ),
    "requester_body_delete": (
        "DELETE ON requester_body",
        "EXISTS (SELECT 1 FROM accreditation WHERE body_id = OLD.id)",
        "a body that was accredited is never forgotten",
    ),
    "accreditation_insert": (
        "INSERT ON accreditation",
        f"NOT {_may('given_by')} OR NEW.ended_on IS NOT NULL OR EXISTS (SELECT 1 FROM accreditation WHERE id = NEW.id)",
        _WHO,
    ),
    "accreditation_update": (
        "UPDATE ON accreditation",
        f"{_CHANGED} OR OLD.ended_on IS NOT NULL OR NOT {_may('ended_by')}",
        "an accreditation is ended once, and never changed otherwise",
    ),
    "accreditation_delete": ("DELETE ON accreditation", "1", "an accreditation is never forgotten"),
}


def statements() -> tuple[str, ...]:
    """The CREATE TRIGGER statements."""
    return tuple(_trigger(name, *rule) for name, rule in _TRIGGERS.items())
