"""Who may take a second look at a decision, and when it is asked for no more, as SQL: for the guards of revision 0030,
and for the list that shows what waits.
"""

from __future__ import annotations

FACT = "second_look_secret"
"""The fact about the store that keeps the secret of the draw, in hex."""
DECIDING = "('approve', 'refuse', 'reject')"
"""The decisions of which a share is drawn."""


def over(case_id: str, decision_id: str) -> str:
    """SQL: whether no second look is asked for any more: the case is destroyed, or the decision void."""
    return (
        f"((SELECT state FROM cases WHERE id = {case_id}) = 'destroyed'"
        f" OR EXISTS (SELECT 1 FROM voiding WHERE decision_id = {decision_id}))"
    )


def worked(case_id: str, who: str) -> str:
    """SQL: whether a person had a part in a case: as an author, or in any decision or release."""
    return (
        f"({who} IN (SELECT user_id FROM case_author WHERE case_id = {case_id})"
        f" OR {who} IN (SELECT created_by FROM cases WHERE id = {case_id})"
        f" OR {who} IN (SELECT submitted_by FROM submission WHERE case_id = {case_id})"
        f" OR {who} IN (SELECT decided_by FROM decision WHERE case_id = {case_id})"
        f" OR {who} IN (SELECT reviewed_by FROM finding_review WHERE case_id = {case_id}))"
    )


def saw(case_id: str, decision_id: str, who: str) -> str:
    """SQL: whether a person opened the case since the decision was made, and so knows it."""
    return (
        f"EXISTS (SELECT 1 FROM journal WHERE case_id = {case_id} AND actor_id = {who} AND action = 'open_case'"
        f" AND at >= (SELECT decided_at FROM decision WHERE id = {decision_id}))"
    )
