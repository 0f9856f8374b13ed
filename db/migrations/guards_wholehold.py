"""A rule that the database keeps for holds since revision 0047: one over a case or on a person has no other bounds.

A hold on a person that left out some of their requests would let go what joins the others to them.
"""

from __future__ import annotations

NAME = "hold_whole"
_BOTH = "NEW.case_id IS NOT NULL AND NEW.person_of IS NOT NULL"
_EITHER = "NEW.case_id IS NOT NULL OR NEW.person_of IS NOT NULL"
_BOUNDS = "COALESCE(NEW.agreement_id, NEW.requester, NEW.received_from, NEW.received_to) IS NOT NULL"
_SAID = "a hold over a case, or on a person, has no other bounds"


def statements() -> tuple[str, ...]:
    """The CREATE TRIGGER statement."""
    when = f"({_BOTH}) OR ({_EITHER}) AND {_BOUNDS}"
    raised = f"SELECT RAISE(ABORT, '{_SAID}')"
    return (f"CREATE TRIGGER {NAME} BEFORE INSERT ON hold FOR EACH ROW WHEN {when} BEGIN {raised}; END",)
