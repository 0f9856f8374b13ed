"""A rule that the database keeps for disposal runs since revision 0022.

A run is decided no earlier than what the journal knows. What a clock wrote that ran far ahead counts no more once two
people have said that it is right: else one wrong year would keep every run from being decided until then.
"""

from __future__ import annotations

from db.migrations import guards_destruction

_NAME = "disposal_verdict_moment"
WAITED_FOR = 30
"""Days that a clock ran ahead which are waited for, whoever says that it is right."""
SINCE_RIGHT = "seq >= COALESCE((SELECT MAX(seq) FROM journal WHERE action = 'clock_right'), 0)"
"""SQL: whether an entry of the journal came with or after the last word that the clock is right."""


def latest(moment: str) -> str:
    """SQL: the latest moment that the journal knows and that counts at this one."""
    near = f"julianday(at) <= julianday({moment}, '+{WAITED_FOR} days')"
    return f"(SELECT MAX(at) FROM journal WHERE {SINCE_RIGHT} OR {near})"


def _earlier() -> str:
    return next(one for one in guards_destruction.statements() if one.startswith(f"CREATE TRIGGER {_NAME} "))


def statements() -> tuple[str, ...]:
    """What is run to come to this revision's rule."""
    return (
        f"DROP TRIGGER {_NAME}",
        _earlier().replace("(SELECT MAX(at) FROM journal)", latest("NEW.decided_at")),
    )


def before() -> tuple[str, ...]:
    """What is run to go back to the rule before."""
    return (f"DROP TRIGGER {_NAME}", _earlier())
