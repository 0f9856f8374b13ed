"""Rectification where someone may be in danger, where nothing is known any more, and where nothing may be said."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text

from desktop.casework import decisions, issuing, notices, outcomes, requests
from desktop.casework.concerns import RaiseConcern, raise_concern
from desktop.casework.desk import Done, Invalid, Refused
from desktop.casework.owing import told_words
from desktop.policy.corrections import NOT_TO_BE_USED, NOTHING_IN_PLACE
from tests.fixtures import Office, on
from tests.journeys.rectification import (
    MET,
    WAS,
    another,
    asked,
    given,
    issue,
    notice_text,
    page,
    recorded,
    reference,
    released,
    same_person,
    tell,
    wrong,
)
from tests.letters.reading import text_of

__all__ = ["given"]


@pytest.mark.parametrize("where", ["mine", "theirs"])
def test_where_someone_may_be_in_danger_a_notice_has_no_value(office: Office, given: Done, where: str) -> None:
    """A protected address never stands in a notice, in whichever case the concern is."""
    mine = asked(office, given)
    screen = f"safeguarding__{office.entry.agreements.get('rectification').safeguarding[1].id}"
    if where == "theirs":
        theirs = office.register()
        same_person(office, mine, theirs)
        concern = RaiseConcern(command_id=str(uuid4()), case_id=theirs.case_id, why="She is hiding from someone.")
        raise_concern(office.reviewer, concern)
    else:
        mine = office.save(mine, **{screen: "yes"}, criteria__safeguarding=MET)
    done = office.submit(office.save(mine, register__wrong=wrong(office, given)))
    done = decisions.escalate(office.reviewer, office.decide(done, reasons="For the guardian."))
    done = decisions.approve(office.guardian, office.decide(done))
    done = outcomes.release(office.guardian, outcomes.Release(**on(recorded(office, done))))
    done = tell(office, done)
    said = " ".join(notice_text(office, done).split())
    assert "Tannery" not in said
    assert WAS not in said
    assert NOTHING_IN_PLACE in said
    letter = text_of(issuing.read_letter(office.caseworker, issue(office, done).case_id))
    assert "Tannery" not in letter


def test_a_concern_after_the_release_takes_the_values_out(office: Office, given: Done) -> None:
    done = released(office, given)
    concern = RaiseConcern(command_id=str(uuid4()), case_id=given.case_id, why="She is hiding from someone.")
    raise_concern(office.reviewer, concern)
    assert NOTHING_IN_PLACE in " ".join(text_of(notices.preview_notice(office.caseworker, done.case_id, 0).pdf).split())
    said = " ".join(notice_text(office, tell(office, done)).split())
    assert NOTHING_IN_PLACE in said
    assert "Tannery" not in said
    assert WAS not in said


def test_where_nobody_knows_what_is_right_the_notice_says_the_same(office: Office, given: Done) -> None:
    done = tell(office, released(office, given, marks=wrong(office, given, right="")))
    said = " ".join(notice_text(office, done).split())
    assert NOTHING_IN_PLACE in said
    assert WAS in said


def test_a_destroyed_case_shows_its_stub(office: Office, given: Done) -> None:
    kept = another(office)
    mine = asked(office, given, kept)
    gone = reference(office, given)
    with office.entry.store.write() as tx:
        # As after a run: what an approved one leaves is put there.
        held = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('cases', 'disclosure', 'finding')"
        )
        for name in tx.execute(text(held)).scalars().all():
            tx.execute(text(f"DROP TRIGGER {name}"))
        tx.execute(
            text("UPDATE cases SET state = 'destroyed', version = version + 1, requester = '' WHERE id = :id"),
            {"id": given.case_id},
        )
        tx.execute(text("UPDATE disclosure SET recipient = '' WHERE case_id = :id"), {"id": given.case_id})
        tx.execute(text("UPDATE finding SET released = '' WHERE case_id = :id"), {"id": given.case_id})
    field = page(office, mine).agreement.field("register.wrong")
    assert field is not None
    stub = next(one for one in field.options if not one.approved)
    assert stub.id == gone
    assert "destroyed at the end of its retention" in stub.label
    assert [one.id for one in field.options if one.approved] == [f"{reference(office, kept)}:address"]
    marked = office.save(mine, register__wrong=[{"item": gone, "finding": "wrong", "right": "x"}])
    with pytest.raises(Invalid, match="not among what was given"):
        office.submit(marked)
    done = office.submit(office.save(marked, register__wrong=wrong(office, kept)))
    done = office.release(recorded(office, office.approve(done)))
    assert told_words(page(office, done).notices) == "0 of 1 recipient told"


def test_clinical_words_are_kept_out(office: Office, given: Done) -> None:
    marks = wrong(office, given, right="Was diagnosed elsewhere")
    with pytest.raises(Invalid, match="clinical"):
        office.submit(office.save(asked(office, given), register__wrong=marks))


def test_nobody_is_forgotten_because_a_case_was_taken_for_someone_elses(office: Office, given: Done) -> None:
    done = office.approve(office.submit(office.save(asked(office, given), register__wrong=wrong(office, given))))
    recorded_first = recorded(office, done)
    command = requests.Link(command_id=str(uuid4()), case_id=done.case_id, other_id=given.case_id, same=False)
    requests.link(office.caseworker, command)
    for step in (office.release, lambda one: recorded(office, one)):
        with pytest.raises(Refused, match=f"given in {reference(office, given)} is not in the register"):
            step(recorded_first)
    same_person(office, done, given)
    assert len(page(office, office.release(recorded_first)).notices) == 1


def test_the_person_is_told_without_the_value_where_it_is_kept_back(office: Office, given: Done) -> None:
    done = tell(office, released(office, given, marks=wrong(office, given, right="")))
    said = " ".join(text_of(issuing.read_letter(office.caseworker, issue(office, done).case_id)).split())
    assert NOT_TO_BE_USED in said
    assert WAS not in said
