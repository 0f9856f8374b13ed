"""An internal review: a request that looks again at an earlier answer of the desk, decided by somebody else.

Whether a request is one, its ground says ("reviews" in the agreement's file). The earlier case is the one that it
follows up. That whoever decided then does not decide again is the code of practice under section 45 of the Freedom of
Information Act 2000: https://www.gov.uk/government/publications/freedom-of-information-code-of-practice
"""

from __future__ import annotations

from db import relations
from db.casereads import deciders
from db.records import Action, Answers, Case, Relation, State
from db.relations import LinkedCase
from db.store import Tx
from desktop.casework.desk import Desk, Refused
from desktop.policy.agreements import Agreement
from desktop.policy.answers import text_of
from desktop.policy.fields import Problem

_DECIDES = frozenset({Action.APPROVE, Action.REFUSE, Action.REJECT, Action.RELEASE})
"""What they leave to somebody else. They may send the review back or put it before the guardian."""


def review_problems(tx: Tx, agreement: Agreement, case: Case) -> tuple[Problem, ...]:
    """What a review lacks before it is submitted: the answered case that it reviews."""
    if not _reviews(agreement, case.answers):
        return ()
    earlier = _earlier(tx, case)
    if earlier is None:
        words = "Link this case, as a follow-up, to the one whose answer it reviews."
    elif earlier.state is not State.ISSUED:
        words = f"{earlier.reference} has no answer yet, so there is nothing to review."
    else:
        return ()
    return (Problem("ground.ground", words, hard=True, missing=True),)


def why_not_review(desk: Desk, tx: Tx, agreement: Agreement, case: Case, action: Action) -> str:
    """Why this person may not decide a review: they decided the answer that it looks at again. "" where they may."""
    answers = case.submissions[-1].snapshot if case.submissions else case.answers
    if action not in _DECIDES or not _reviews(agreement, answers):
        return ""
    earlier = _earlier(tx, case)
    if earlier is None:
        return "The case that this one reviews is not linked any more. Send it back."
    if desk.user.id not in deciders(tx, earlier.case_id):
        return ""
    return f"You decided {earlier.reference}, which this case reviews, so someone else decides it."


def need_independent(desk: Desk, tx: Tx, agreement: Agreement, case: Case, action: Action) -> None:
    """Raises Refused for someone who decided the answer that this case reviews."""
    if barred := why_not_review(desk, tx, agreement, case, action):
        raise Refused(barred)


def _reviews(agreement: Agreement, answers: Answers) -> bool:
    ground = agreement.ground(text_of(answers.get("ground.ground")))
    return ground is not None and ground.reviews


def _earlier(tx: Tx, case: Case) -> LinkedCase | None:
    links = relations.linked_to(tx, case.row.id)
    return next((one for one in links if one.kind is Relation.FOLLOW_UP and one.leads), None)
