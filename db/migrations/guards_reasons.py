"""Rules that the database keeps for the reasons given for what the journal says, since revision 0049.

They are given once, with the newest entry of their kind, and stay as they are; with their case they go.
"""

from __future__ import annotations

GIVEN = "('withdraw', 'reopen', 'take_off_hold')"
"""What they are given for."""
WIPED = {"given_reason": ("entry, case_id", {"reasons": "''"})}
"""As in ``guards_disposal``."""
_NEWEST = f"(SELECT MAX(seq) FROM journal WHERE case_id = NEW.case_id AND action IN {GIVEN})"


def _destroyed(row: str) -> str:
    return f"COALESCE((SELECT state FROM cases WHERE id = {row}.case_id) = 'destroyed', 0)"


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return (
        f"CREATE TRIGGER given_reason_{name} BEFORE {event} ON given_reason FOR EACH ROW WHEN {when}"
        f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def statements() -> tuple[str, ...]:
    """The CREATE TRIGGER statements."""
    fixed = "given_reason rows are never changed or deleted"
    same = "NEW.entry IS OLD.entry AND NEW.case_id IS OLD.case_id AND NEW.reasons IS ''"
    return (
        _trigger(
            "begin",
            "INSERT",
            f"NEW.entry IS NOT {_NEWEST} OR length(trim(NEW.reasons)) = 0 OR {_destroyed('NEW')}",
            "reasons are given with what the journal says was done",
        ),
        _trigger(
            "no_replace",
            "INSERT",
            "EXISTS (SELECT 1 FROM given_reason WHERE entry = NEW.entry)",
            "this given_reason row is there already",
        ),
        _trigger("no_update", "UPDATE", f"NOT {_destroyed('OLD')}", fixed),
        _trigger("wiped", "UPDATE", f"{_destroyed('OLD')} AND NOT ({same})", "nothing comes back to a destroyed case"),
        _trigger("no_delete", "DELETE", "1", fixed),
    )
