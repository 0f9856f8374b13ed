"""Rules that the database keeps for destruction since revision 0037: a case goes on no day before its first in London.

That day was counted as if it were always summer: in winter a case could go in the last hour of the day before.
"""

from __future__ import annotations

from db.migrations import guards_disposal, guards_london
from db.migrations.conditions_0032 import london_day

_REPLACED = ("cases_run", "cases_due")
_SUMMER = "date(NEW.changed_at, '+1 hour')"


def _earlier() -> list[str]:
    made = {
        one.split()[2]: one
        for module in (guards_disposal, guards_london)
        for one in module.statements()
        if one.startswith("CREATE TRIGGER")
    }
    return [made[name] for name in _REPLACED]


def statements() -> tuple[str, ...]:
    """What is run to come to this revision's rules."""
    now = (one.replace(_SUMMER, london_day("NEW.changed_at")) for one in _earlier())
    return (*(f"DROP TRIGGER {name}" for name in _REPLACED), *now)


def before() -> tuple[str, ...]:
    """What is run to go back to the rules before."""
    return (*(f"DROP TRIGGER {name}" for name in _REPLACED), *_earlier())
