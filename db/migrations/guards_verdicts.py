"""A rule that the database keeps for disposal runs since revision 0023.

A run is decided with the journal's entry that says so right before, of the same run, person and moment; and that moment
is one from which the days of grace can be counted: what SQLite cannot count is NULL, which no earlier guard refuses.
"""

from __future__ import annotations

from db.migrations.guards_disposal import GRACE_DAYS

_SAID = (
    "EXISTS (SELECT 1 FROM journal WHERE seq = (SELECT MAX(seq) FROM journal)"
    " AND ((NEW.approved AND action = 'approve_run')"
    " OR (NOT NEW.approved AND action IN ('turn_down_run', 'withdraw_run')))"
    " AND data ->> 'run' = NEW.run_id AND actor_id = NEW.decided_by AND at = NEW.decided_at)"
)
_COUNTED = (
    f"substr(NEW.decided_at, 1, 10) IS date(NEW.decided_at) AND date(NEW.decided_at, '+{GRACE_DAYS} days') IS NOT NULL"
)


def _trigger(name: str, unless: str, message: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE INSERT ON disposal_verdict FOR EACH ROW WHEN NOT ({unless})"
        f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def statements() -> tuple[str, ...]:
    """The statements, in the order in which they are run."""
    return (
        _trigger("disposal_verdict_said", _SAID, "a run is decided with the entry of the journal that says so"),
        _trigger("disposal_verdict_counted", _COUNTED, "a run is decided at a moment that days can be counted from"),
    )


def names() -> tuple[str, ...]:
    """The triggers' names, for dropping them."""
    return tuple(one.split()[2] for one in statements())
