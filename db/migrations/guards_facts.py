"""Rules that the database keeps for what a case's row, its index and its timer say, and for accounts.

What follows from other records is written with them: a due date that moves once a case is submitted moves with an
extension or with new bank holidays, an outcome is the one that was decided or found, a timer starts when a case is
closed, and a decision becomes void while its case is open and by a caseworker, who changes or ends the request.
Nobody has the password of another, but in a store of invented cases, whose password is printed. What no rule can
hold, ``verify`` finds: see ``desktop.casework.recounting``.
"""

from __future__ import annotations


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


_EDITABLE = "('draft', 'sent_back', 'held')"
_CLOSED = "('issued', 'withdrawn')"
_DATES = " OR ".join(f"NEW.{one} IS NOT OLD.{one}" for one in ("due_on", "provisional", "expedited"))
_MOVED_WITH = (
    "EXISTS (SELECT 1 FROM extension WHERE case_id = NEW.id AND extended_at = NEW.changed_at)"
    " OR EXISTS (SELECT 1 FROM calendar WHERE replaced_at = NEW.changed_at)"
)
_FOUND = (
    "EXISTS (SELECT 1 FROM finding WHERE case_id = NEW.id AND submission = NEW.submission AND outcome = NEW.outcome"
    " AND number = (SELECT MAX(number) FROM finding WHERE case_id = NEW.id))"
)
_OUTCOME = (
    "CASE WHEN NEW.outcome IS NULL THEN NEW.state IS NOT OLD.state"
    " WHEN NEW.outcome IN ('refused', 'rejected', 'withdrawn') THEN NEW.state = NEW.outcome"
    f" ELSE NEW.state = 'recorded' AND {_FOUND} END"
)
_IN_OPEN_CASE = (
    "EXISTS (SELECT 1 FROM decision JOIN cases ON cases.id = decision.case_id"
    f" WHERE decision.id = NEW.decision_id AND cases.state NOT IN {_CLOSED})"
)
_CASEWORKER = "EXISTS (SELECT 1 FROM user WHERE id = NEW.voided_by AND active AND role = 'caseworker')"
_SHARED = (
    "EXISTS (SELECT 1 FROM user WHERE password_hash = NEW.password_hash AND id IS NOT NEW.id)"
    " AND NOT EXISTS (SELECT 1 FROM organisation WHERE sample)"
)
_TRIGGERS = {
    "cases_dates": (
        "UPDATE ON cases",
        f"OLD.state NOT IN ('draft', 'sent_back', 'held', 'returned') AND ({_DATES}) AND NOT ({_MOVED_WITH})",
        "the dates of a submitted case move with an extension or new bank holidays",
    ),
    "cases_outcome": (
        "UPDATE ON cases",
        f"NEW.outcome IS NOT OLD.outcome AND NOT ({_OUTCOME})",
        "an outcome is what was decided or found",
    ),
    "cases_caseworker": (
        "UPDATE OF caseworker_id ON cases",
        "NEW.caseworker_id IS NOT OLD.caseworker_id",
        "whose case it is is fixed",
    ),
    "identifier_no_update": ("UPDATE ON identifier", "1", "identifiers are written anew, never changed"),
    "identifier_open": (
        "DELETE ON identifier",
        f"(SELECT state FROM cases WHERE id = OLD.case_id) NOT IN {_EDITABLE}",
        "what this case is found by is fixed",
    ),
    "retention_closed": (
        "INSERT ON retention",
        f"(SELECT state FROM cases WHERE id = NEW.case_id) NOT IN {_CLOSED}",
        "a timer starts when a case is closed",
    ),
    "voiding_open": (
        "INSERT ON voiding",
        f"NOT ({_IN_OPEN_CASE} AND {_CASEWORKER})",
        "a decision becomes void when a caseworker changes or ends an open request",
    ),
    "user_new_password": ("INSERT ON user", _SHARED, "nobody has the password of another"),
    "user_own_password": ("UPDATE OF password_hash ON user", _SHARED, "nobody has the password of another"),
    "organisation_sample": (
        "UPDATE ON organisation",
        "NEW.sample IS NOT OLD.sample",
        "whether a store is a sample is fixed",
    ),
}


def statements() -> tuple[str, ...]:
    """The CREATE TRIGGER statements."""
    return tuple(_trigger(name, *rule) for name, rule in _TRIGGERS.items())


def names() -> tuple[str, ...]:
    """The triggers' names, for dropping them."""
    return tuple(_TRIGGERS)
