"""A rule that the database keeps for destruction since revision 0048: a case goes only where the journal says that it
was closed on the day from which its timer counts, and was not reopened since.

What an earlier store was carried over from (``carried``) has its days in what that entry holds, which ``verify`` reads.
"""

from __future__ import annotations

from db.migrations.conditions_0032 import london_day

NAME = "cases_closed_said"
_AGAIN = "SELECT 1 FROM journal AS again WHERE again.case_id = OLD.id AND again.action = 'reopen'"
_REOPENED = f"{_AGAIN} AND again.seq > journal.seq"
_SAID = (
    "SELECT 1 FROM journal WHERE case_id = OLD.id AND (action = 'carried' OR action IN ('issue', 'withdraw')"
    f" AND {london_day('journal.at')} = OLD.closed_on AND NOT EXISTS ({_REOPENED}))"
)


def statements() -> tuple[str, ...]:
    """The CREATE TRIGGER statement."""
    when = f"NEW.state = 'destroyed' AND OLD.state <> 'destroyed' AND NOT EXISTS ({_SAID})"
    raised = "SELECT RAISE(ABORT, 'the journal does not say that this case was closed then')"
    return (f"CREATE TRIGGER {NAME} BEFORE UPDATE ON cases FOR EACH ROW WHEN {when} BEGIN {raised}; END",)
