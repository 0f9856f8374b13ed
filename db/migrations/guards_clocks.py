"""Rules that the database keeps for what moves a due date (with the tables of the same revision).

What a requester was asked for is written with the pause, and an extension while the clock of the case runs; nothing
changes either after.
"""

from __future__ import annotations

_EXTENDABLE = "('draft', 'sent_back', 'submitted', 'escalated', 'approved', 'recorded')"


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def statements() -> list[str]:
    """The CREATE TRIGGER statements, in the order in which they are run."""
    fixed = [
        _trigger(
            f"{table}_no_{event.lower()}", f"{event} ON {table}", "1", f"{table} rows are never changed or deleted"
        )
        for table in ("asking", "extension")
        for event in ("UPDATE", "DELETE")
    ]
    lasting = "EXISTS (SELECT 1 FROM pause WHERE id = NEW.pause_id AND until IS NULL)"
    state = "(SELECT state FROM cases WHERE id = NEW.case_id)"
    may = (
        "EXISTS (SELECT 1 FROM user WHERE id = NEW.extended_by AND active"
        " AND role IN ('caseworker', 'reviewer', 'guardian'))"
    )
    return [
        *fixed,
        _trigger(
            "asking_begin",
            "INSERT ON asking",
            f"NOT {lasting} OR EXISTS (SELECT 1 FROM asking WHERE pause_id = NEW.pause_id)",
            "what was asked for is written when the clock stops",
        ),
        _trigger(
            "extension_no_replace",
            "INSERT ON extension",
            "EXISTS (SELECT 1 FROM extension WHERE id = NEW.id)",
            "this extension row is there already",
        ),
        _trigger(
            "extension_open",
            "INSERT ON extension",
            f"{state} NOT IN {_EXTENDABLE}",
            "the time of this case cannot be extended now",
        ),
        _trigger("extension_role", "INSERT ON extension", f"NOT {may}", "this person may not extend the time"),
    ]


def names() -> list[str]:
    """The triggers' names, for dropping them."""
    return [statement.split()[2] for statement in statements()]
