"""A rule that the database keeps for disposal runs since revision 0021.

Whoever proposed a run does not approve it; whether they may take it back is no question of two people: nothing goes.
"""

from __future__ import annotations

from db.migrations import guards_disposal

_NAME = "disposal_verdict_second"
_BEFORE = "NEW.decided_by = (SELECT proposed_by FROM disposal_run WHERE id = NEW.run_id)"


def _earlier() -> str:
    return next(one for one in guards_disposal.statements() if one.startswith(f"CREATE TRIGGER {_NAME} "))


def statements() -> tuple[str, ...]:
    """What is run to come to this revision's rule."""
    return (f"DROP TRIGGER {_NAME}", _earlier().replace(_BEFORE, f"(NEW.approved AND {_BEFORE})"))


def before() -> tuple[str, ...]:
    """What is run to go back to the rule before."""
    return (f"DROP TRIGGER {_NAME}", _earlier())
