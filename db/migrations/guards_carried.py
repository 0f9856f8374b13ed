"""A rule that the database keeps for destruction since revision 0025.

What came to a case in the last days keeps it, also where a restore carried over the entry that says so.
"""

from __future__ import annotations

from db.migrations import guards_disposal
from db.migrations.conditions_0016 import fresh as fresh_0016
from db.migrations.conditions_0025 import fresh

_NAME = "cases_quiet"


def _earlier() -> str:
    return next(one for one in guards_disposal.statements() if one.startswith(f"CREATE TRIGGER {_NAME} "))


def statements() -> tuple[str, ...]:
    """What is run to come to this revision's rule."""
    before, now = fresh_0016("OLD", "NEW.changed_at"), fresh("OLD", "NEW.changed_at")
    return (f"DROP TRIGGER {_NAME}", _earlier().replace(before, now))


def before() -> tuple[str, ...]:
    """What is run to go back to the rule before."""
    return (f"DROP TRIGGER {_NAME}", _earlier())
