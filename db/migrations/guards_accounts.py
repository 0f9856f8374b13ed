"""Rules that the database keeps for accounts since revision 0045: nobody comes to the desk, back to it or in by another
password without a word in the journal right before, a person keeps their name, and an answer stays with its case.

The first account of a store is the administrator's who sets it up, and a sample is filled at once.
"""

from __future__ import annotations

_LAST = "SELECT 1 FROM journal WHERE seq = (SELECT MAX(seq) FROM journal)"
_SAMPLE = "EXISTS (SELECT 1 FROM organisation WHERE sample)"
_OF = "action = '{0}' AND data ->> 'user' = NEW.id"
_ADDED = f"{_OF.format('add_user')} AND data ->> 'role' = NEW.role"
_ON = f"{_OF.format('switch_on_user')} AND NEW.active IS 1"
_OWN = "action = 'change_password' OR action = 'sign_in' AND data ->> 'rehashed'"
_PASSWORD = f"({_OF.format('reset_password')} OR actor_id = NEW.id AND ({_OWN}))"
_TRIGGERS = {
    "user_said": (
        "INSERT ON user",
        f"EXISTS (SELECT 1 FROM user) AND NOT {_SAMPLE} AND NOT EXISTS ({_LAST} AND {_ADDED})",
        "an account is made with the entry of the journal that says so",
    ),
    "user_on_said": (
        "UPDATE OF active ON user",
        # What is no number counts as off for the database, and as on for a program.
        f"NEW.active IS NOT OLD.active AND NEW.active IS NOT 0 AND NOT EXISTS ({_LAST} AND {_ON})",
        "an account is switched on with the entry of the journal that says so",
    ),
    "user_password_said": (
        "UPDATE OF password_hash ON user",
        f"NEW.password_hash IS NOT OLD.password_hash AND NOT EXISTS ({_LAST} AND {_PASSWORD})",
        "a password changes with the entry of the journal that says so",
    ),
    "user_named": ("UPDATE OF name ON user", "NEW.name IS NOT OLD.name", "a person keeps their name"),
    "answer_fixed": (
        "UPDATE OF case_id, field ON answer",
        "NEW.case_id IS NOT OLD.case_id OR NEW.field IS NOT OLD.field",
        "an answer stays with its case and its question",
    ),
}


def statements() -> tuple[str, ...]:
    """The CREATE TRIGGER statements."""
    return tuple(
        f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{said}'); END"
        for name, (event, when, said) in _TRIGGERS.items()
    )


def names() -> tuple[str, ...]:
    """The triggers' names, for dropping them."""
    return tuple(_TRIGGERS)
