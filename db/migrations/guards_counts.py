"""Rules that the database keeps since revision 0032 for what the store knows of itself, and for numbers of its rows.

A fact about the store has one name and one value for good: its own number, its keys and secrets, the hashes of what was
destroyed. Only counts go on, and what is known of files outside of the store is known anew. SQLite's own counts can be
set back by SQL, and no trigger can stand on them: where rows are never deleted nothing comes of it, and where they are,
no number is taken that the journal knows already.
"""

from __future__ import annotations

from db.migrations import guards_secondlooks

_COUNT = "LIKE 'sequence.%'"
CHANGING = "('erasure_lists', 'recovery_sheet')"
"""The facts that are known anew: how the erasure lists were left, and whether somebody has the recovery sheet."""
_NO_NUMBER = f"NEW.key {_COUNT} AND NEW.value IS NOT CAST(MAX(CAST(NEW.value AS INTEGER), 0) AS TEXT)"
_WHOLE = "a count is a whole number"
_REPLACED = "meta_secret"
"""The guard of revision 0030 that kept one of the facts."""


_NUMBERED = {
    "saved_view": (("save_filter", "filter"), ("save_report_choices", "report")),
    "requester_body": (("add_requester", "requester"),),
    "requester_officer": (("add_officer", "officer"),),
}
"""The tables whose rows may go: the entries of the journal that say of a new row, and where they have its number."""


def _taken(told: tuple[tuple[str, str], ...]) -> str:
    return " OR ".join(
        f"NEW.id <= COALESCE((SELECT MAX(data ->> '{part}') FROM journal WHERE action = '{action}'), 0)"
        for action, part in told
    )


_TRIGGERS = {
    "meta_fixed": (
        "BEFORE UPDATE ON meta",
        f"NEW.key IS NOT OLD.key OR (NEW.value IS NOT OLD.value AND NOT (OLD.key {_COUNT} OR OLD.key IN {CHANGING}))",
        "what the store knows of itself is never changed",
    ),
    "meta_count_insert": ("BEFORE INSERT ON meta", _NO_NUMBER, _WHOLE),
    "meta_count_update": ("BEFORE UPDATE ON meta", _NO_NUMBER, _WHOLE),
} | {
    # The number that a row is given is not known before.
    f"{table}_taken": (f"AFTER INSERT ON {table}", _taken(told), "a number is never given out twice")
    for table, told in _NUMBERED.items()
}


def statements() -> tuple[str, ...]:
    """The statements, in the order in which they are run."""
    return (
        f"DROP TRIGGER {_REPLACED}",
        *(
            f"CREATE TRIGGER {name} {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{said}'); END"
            for name, (event, when, said) in _TRIGGERS.items()
        ),
    )


def undone() -> tuple[str, ...]:
    """The statements that bring the guards of before back."""
    earlier = (one for one in guards_secondlooks.statements() if one.startswith(f"CREATE TRIGGER {_REPLACED} "))
    return (*(f"DROP TRIGGER {name}" for name in _TRIGGERS), *earlier)
