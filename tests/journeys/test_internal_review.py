"""An internal review: linked to the answer that it looks at again, and decided by somebody else."""

from __future__ import annotations

from uuid import uuid4

import pytest

from db.records import Action, Outcome, State
from desktop.casework import decisions, issuing, links, outcomes
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done, Invalid, Refused
from desktop.casework.work import review_queue
from tests.fixtures import Office, on
from tests.journeys.walking import approved, follow, recorded, registered


@pytest.fixture
def earlier(office: Office) -> Done:
    """An answer under the Act, approved and released by the reviewer."""
    agreement = office.entry.agreements.get("foi")
    done = office.release(recorded(office, agreement, approved(office, agreement), agreement.answers[0]))
    return issuing.issue(office.caseworker, issuing.Issue(**on(done)))


def review(office: Office) -> Done:
    """A draft that asks for an internal review, linked to nothing yet."""
    return registered(office, office.entry.agreements.get("foi"), ground__ground="review")


def test_a_review_names_the_answer_that_it_looks_at(office: Office) -> None:
    done = review(office)
    assert [one.field for one in case_page(office.caseworker, done.case_id).problems] == ["ground.ground"]
    with pytest.raises(Invalid, match="Link this case, as a follow-up"):
        office.submit(done)
    follow(office, done, office.in_state(State.DRAFT))
    with pytest.raises(Invalid, match="has no answer yet"):
        office.submit(done)


def test_who_decided_the_answer_does_not_decide_its_review(office: Office, earlier: Done) -> None:
    done = review(office)
    follow(office, done, earlier)
    done = office.submit(done)
    actions = case_page(office.reviewer, done.case_id).actions
    assert "which this case reviews" in actions[Action.APPROVE]
    assert actions[Action.ESCALATE] == ""
    queued = {one.row.id: one for one in review_queue(office.reviewer)}[done.case_id]
    assert not queued.may_decide
    assert "which this case reviews" in queued.why
    for decide in (decisions.approve, decisions.refuse, decisions.reject):
        with pytest.raises(Refused, match="so someone else decides it"):
            decide(office.reviewer, office.decide(done, reasons="As before.", because_of=("exempt",)))
    done = decisions.escalate(office.reviewer, office.decide(done, reasons="I decided it."))
    done = decisions.approve(office.guardian, office.decide(done))
    agreement = office.entry.agreements.get("foi")
    done = recorded(office, agreement, done, agreement.answer("changed_part"))
    with pytest.raises(Refused, match="so someone else decides it"):
        office.release(done)
    done = outcomes.release(office.guardian, outcomes.Release(**on(done)))
    assert issuing.issue(office.caseworker, issuing.Issue(**on(done))).state is State.ISSUED


def test_taking_the_link_away_lets_nobody_decide(office: Office, earlier: Done) -> None:
    done = review(office)
    follow(office, done, earlier)
    done = office.submit(done)
    command = links.UnlinkCases(command_id=str(uuid4()), case_id=done.case_id, other_id=earlier.case_id)
    links.unlink_cases(office.caseworker, command)
    with pytest.raises(Refused, match="not linked any more"):
        office.approve(done)


def test_a_review_has_answers_of_its_own(office: Office) -> None:
    agreement = office.entry.agreements.get("foi")
    assert {one.id for one in agreement.answers_on("review")} == {"upheld", "changed_part", "changed"}
    done = approved(office, agreement)
    for answer in agreement.answers_on("review"):
        command = outcomes.Record(**on(done), outcome=Outcome.STATUS, status_answer=answer.id)
        with pytest.raises(Invalid, match="Choose the answer"):
            outcomes.record(office.caseworker, command)
