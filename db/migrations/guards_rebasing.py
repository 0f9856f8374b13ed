"""A rule that the database keeps for timers since revision 0032.

A new retention rule may make a case due years earlier. So nobody puts a timer under one alone: another records officer
or the guardian says so with them.
"""

from __future__ import annotations

from db.migrations import guards_retention

ADDED = {"retention_change": ("confirmed_by",)}
"""As in ``guards_retention``."""
_SECOND = (
    "EXISTS (SELECT 1 FROM user WHERE id = NEW.confirmed_by AND id <> NEW.decided_by AND active"
    " AND role IN ('records_officer', 'guardian'))"
)
_WIPED = "retention_change_wiped"


def _earlier() -> str:
    made = guards_retention.statements()
    return next(one for one in made if one.startswith(f"CREATE TRIGGER {_WIPED} "))


def statements() -> tuple[str, ...]:
    """The statements, in the order in which they are run."""
    return (
        f"DROP TRIGGER {_WIPED}",
        _earlier().replace("NEW.id IS OLD.id AND", "NEW.confirmed_by IS OLD.confirmed_by AND NEW.id IS OLD.id AND"),
        (
            "CREATE TRIGGER retention_change_second BEFORE INSERT ON retention_change FOR EACH ROW"
            f" WHEN NEW.kind = 'rebase' AND NOT {_SECOND}"
            " BEGIN SELECT RAISE(ABORT, 'two people put a timer under a new rule'); END"
        ),
    )


def undone() -> tuple[str, ...]:
    """The statements that bring the guards of before back."""
    return ("DROP TRIGGER retention_change_second", f"DROP TRIGGER {_WIPED}", _earlier())
