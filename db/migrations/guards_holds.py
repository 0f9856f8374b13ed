"""A rule that the database keeps for holds since revision 0020.

A hold by person covers the cases that somebody recorded to be about the same person as the one that it names. While it
stands that is not taken back: it would release a case alone, where two people release a hold.
"""

from __future__ import annotations

_STANDS = (
    "EXISTS (SELECT 1 FROM hold WHERE person_of IN (OLD.case_id, OLD.other_id) AND NOT EXISTS (SELECT 1 FROM hold_step"
    " WHERE hold_step.hold_id = hold.id AND hold_step.step = 'release'))"
)


def statements() -> tuple[str, ...]:
    """The statements, in the order in which they are run."""
    said = "a hold is about the person of these two cases, and is released first"
    undone = f"OLD.same_person AND NOT NEW.same_person AND {_STANDS}"
    abort = f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
    return (f"CREATE TRIGGER link_held BEFORE UPDATE ON link FOR EACH ROW WHEN {undone} {abort}",)
