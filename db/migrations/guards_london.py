"""Rules that the database keeps for timers since revision 0032: the days that they count from are those of London.

They were counted as if it were always summer: in winter, what happened in the last hour of a day was of the next.
"""

from __future__ import annotations

from db.migrations import guards_retention
from db.migrations.conditions_0032 import as_now

_REPLACED = ("cases_due", "retention_change_officer")


def _earlier() -> list[str]:
    made = {one.split()[2]: one for one in guards_retention.statements() if one.startswith("CREATE TRIGGER")}
    return [made[name] for name in _REPLACED]


def statements() -> tuple[str, ...]:
    """What is run to come to this revision's rules."""
    return (*(f"DROP TRIGGER {name}" for name in _REPLACED), *(as_now(one) for one in _earlier()))


def before() -> tuple[str, ...]:
    """What is run to go back to the rules before."""
    return (*(f"DROP TRIGGER {name}" for name in _REPLACED), *_earlier())
