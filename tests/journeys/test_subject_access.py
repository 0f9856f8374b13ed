"""A person asks what the desk was asked about them: answered from the register itself."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from db.records import Json, LetterKind, Outcome, State
from desktop.casework import issuing, outcomes, requests
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done, Invalid
from desktop.casework.letterfacts import NOBODY_ASKED
from tests.fixtures import Office, on
from tests.letters.reading import text_of

MET: Json = {"answer": "met", "reasons": "Looked at.", "evidence": []}
NOT_APPLICABLE: Json = {"answer": "not_applicable", "reasons": "They ask for themselves.", "evidence": []}
GIVEN = {"requests": {"value": "-", "recorded_on": ""}}


def answers(office: Office, like: Done) -> dict[str, Json]:
    """A complete request by the person that another case is about."""
    person = case_page(office.caseworker, like.case_id).case.answers
    agreement = office.entry.agreements.get("sar")
    found: dict[str, Json] = {key: value for key, value in person.items() if key.startswith("person.")}
    found |= {f"criteria.{one.id}": MET for one in agreement.criteria}
    found |= {f"safeguarding.{one.id}": "no" for one in agreement.safeguarding}
    found |= {
        "criteria.authority": NOT_APPLICABLE,
        "requester.kind": "person",
        "requester.body": "Sam Northcott",
        "requester.address": {"lines": "3 Weir Street\nWestmere", "postcode": "WM2 4QT"},
        "received.on": {"day": "30", "month": "1", "year": "2026"},
        "received.channel": "post",
        "identity.seen": "Driving licence, seen on 30 January",
        "ground.ground": "access",
        "ground.gateway": "article_15",
        "asked.items": ["requests"],
        "balance.for": "It is their right.",
        "balance.against": "A pending inquiry would be given away.",
        "release.items": ["requests"],
    }
    return {key: value for key, value in found.items() if agreement.field(key) is not None}


@pytest.fixture
def asked(office: Office) -> tuple[Done, Done, Done, Done]:
    """Three requests of the police, of which the third is about someone else, and the person's own."""
    told = office.in_state(State.ISSUED)
    kept = office.in_state(State.REFUSED)
    other = office.in_state(State.WITHDRAWN)
    command = requests.Register(command_id=str(uuid4()), agreement_id="sar", answers=answers(office, told))
    mine = requests.register(office.caseworker, command)
    for one, same in ((told, True), (kept, True), (other, False)):
        requests.link(
            office.caseworker,
            requests.Link(command_id=str(uuid4()), case_id=mine.case_id, other_id=one.case_id, same=same),
        )
    return told, kept, other, mine


def references(office: Office, *cases: Done) -> list[str]:
    return [case_page(office.caseworker, one.case_id).case.row.reference for one in cases]


def recorded(office: Office, done: Done, **more: Any) -> Done:
    given: dict[str, Any] = {"status_answer": "given_in_part", "matched": ("name", "born", "address"), "values": GIVEN}
    command = outcomes.Record(**on(done), outcome=Outcome.STATUS, **(given | more))
    return outcomes.record(office.caseworker, command)


def letter(office: Office, done: Done) -> str:
    """The text of the letter that is issued."""
    done = issuing.issue(office.caseworker, issuing.Issue(**on(office.release(done))))
    page = case_page(office.caseworker, done.case_id)
    assert page.case.letter is not None
    assert page.case.letter.kind is LetterKind.SAR_ANSWER
    return text_of(issuing.read_letter(office.caseworker, done.case_id))


def test_the_month_ends_on_its_last_day_and_rolls_to_a_working_day(
    office: Office, asked: tuple[Done, Done, Done, Done]
) -> None:
    # 30 January to 28 February, a Saturday in 2026; then the Monday.
    assert case_page(office.caseworker, asked[3].case_id).case.row.due_on == date(2026, 3, 2)


def test_the_register_offers_what_was_recorded_as_theirs(office: Office, asked: tuple[Done, Done, Done, Done]) -> None:
    told, kept, _other, mine = asked
    field = case_page(office.caseworker, mine.case_id).agreement.field("register.told")
    assert field is not None
    assert [option.id for option in field.options] == references(office, told, kept)
    assert "We gave them last known address on" in field.options[0].label
    assert "Northshire Police asked, under “Tracing requests from law enforcement bodies”" in field.options[0].label
    assert "We have given them nothing so far." in field.options[1].label


def test_what_two_people_chose_is_told_and_nothing_else(office: Office, asked: tuple[Done, Done, Done, Done]) -> None:
    told, kept, other, mine = asked
    (reference,) = references(office, told)
    done = office.save(mine, register__told=[reference], register__why="Crime exemption: it would tip them off.")
    done = recorded(office, office.approve(office.submit(done)))
    said = letter(office, done)
    assert "Dear Sam Northcott" in said
    assert "Northshire Police asked, under “Tracing requests from law enforcement bodies”" in said
    assert said.count("asked, under") == 1
    for hidden in ("tip them off", "exemption", *references(office, told, kept, other)):
        assert hidden not in said, hidden


def test_the_answer_fits_what_two_people_decided_to_tell(office: Office, asked: tuple[Done, Done, Done, Done]) -> None:
    told, kept, _other, mine = asked
    both = references(office, told, kept)
    done = office.approve(office.submit(office.save(mine, register__told=both)))
    with pytest.raises(Invalid, match="tells them of 2 requests"):
        recorded(office, done, status_answer="nothing", matched=(), values={})
    assert "What we found is below" in letter(office, recorded(office, done, status_answer="given"))


def test_what_keeps_something_back_is_not_given_in_full(office: Office, asked: tuple[Done, Done, Done, Done]) -> None:
    told, _kept, _other, mine = asked
    done = office.approve(office.submit(office.save(mine, register__told=references(office, told))))
    with pytest.raises(Invalid, match="keeps back 1 request, so it is not given in full"):
        recorded(office, done, status_answer="given")
    assert recorded(office, done).state is State.RECORDED


def test_no_search_is_finished_while_a_request_that_may_be_theirs_is_undecided(office: Office) -> None:
    theirs = [office.in_state(State.ISSUED), office.in_state(State.REFUSED)]
    command = requests.Register(command_id=str(uuid4()), agreement_id="sar", answers=answers(office, theirs[0]))
    mine = requests.register(office.caseworker, command)
    for one, words in zip(
        theirs, ("2 other requests that may be about this person are", "1 other request"), strict=True
    ):
        page = case_page(office.caseworker, mine.case_id)
        (said,) = page.verdict.contradictions
        assert said.startswith(f"Criterion 5 is answered met, but {words}")
        assert (page.verdict.may_approve, page.verdict.stuck) == (False, True)
        assert page.problems == ()
        link = requests.Link(command_id=str(uuid4()), case_id=mine.case_id, other_id=one.case_id, same=False)
        submitted = office.submit(mine)
        with pytest.raises(Invalid, match="not decided on"):
            office.approve(submitted)
        requests.link(office.caseworker, link)
        mine = office.save(submitted, register__why=f"Looked at {one.case_id}.")
    assert case_page(office.caseworker, mine.case_id).verdict.may_approve


def test_what_the_register_holds_cannot_be_typed(office: Office, asked: tuple[Done, Done, Done, Done]) -> None:
    done = office.approve(office.submit(office.save(asked[3], register__told=[])))
    typed = {"requests": {"value": "Northshire Police asked about you.", "recorded_on": "today"}}
    said = letter(office, recorded(office, done, values=typed))
    assert NOBODY_ASKED in said
    assert "Northshire" not in said


def test_a_request_found_after_the_approval_is_not_told_unseen(
    office: Office, asked: tuple[Done, Done, Done, Done]
) -> None:
    told, _kept, other, mine = asked
    (reference,) = references(office, told)
    done = office.approve(office.submit(office.save(mine, register__told=[reference])))
    requests.link(
        office.caseworker,
        requests.Link(command_id=str(uuid4()), case_id=mine.case_id, other_id=other.case_id, same=True),
    )
    assert letter(office, recorded(office, done)).count("asked, under") == 1


def test_an_answer_about_a_person_rests_on_enough_that_agrees(
    office: Office, asked: tuple[Done, Done, Done, Done]
) -> None:
    done = office.approve(office.submit(office.save(asked[3], register__told=[])))
    with pytest.raises(Invalid, match="one more"):
        recorded(office, done, matched=("name", "born"))
    assert recorded(office, done, status_answer="nothing", matched=(), values={}).state is State.RECORDED
