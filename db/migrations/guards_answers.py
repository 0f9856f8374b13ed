"""The rule that answers are written while a case can be edited, in a form that SQLite tests faster.

A list after NOT IN is built anew for every row: of an import of many requests that was a fifth of the time.
"""

from __future__ import annotations

from db.migrations import guards_0001

_NAME = "answer_insert_open"
_OPEN = " OR ".join(f"state = '{one}'" for one in ("draft", "sent_back", "held"))


_RULE = (
    f"CREATE TRIGGER {_NAME} BEFORE INSERT ON answer FOR EACH ROW"
    f" WHEN NOT EXISTS (SELECT 1 FROM cases WHERE id = NEW.case_id AND ({_OPEN}))"
    " BEGIN SELECT RAISE(ABORT, 'the answers of this case are fixed'); END"
)


def statements() -> tuple[str, ...]:
    """What is run to come to this revision's rules."""
    return (f"DROP TRIGGER {_NAME}", _RULE)


def before() -> tuple[str, ...]:
    """The rule as it was before, for going back."""
    return (
        f"DROP TRIGGER {_NAME}",
        *(one for one in guards_0001.statements() if one.startswith(f"CREATE TRIGGER {_NAME} ")),
    )
