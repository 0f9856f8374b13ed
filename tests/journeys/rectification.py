"""The ways through a request for rectification that its tests share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest

from db.records import Json, Outcome, Role, State
from desktop.casework import issuing, notices, outcomes, requests
from desktop.casework.casepage import CasePage, case_page
from desktop.casework.desk import Done
from tests.fixtures import Office, on
from tests.letters.reading import text_of

MET: Json = {"answer": "met", "reasons": "Looked at.", "evidence": []}
NOT_MET: Json = {"answer": "not_met", "reasons": "It is not.", "evidence": []}
NOT_APPLICABLE: Json = {"answer": "not_applicable", "reasons": "They ask for themselves.", "evidence": []}
WAS = "27 Ropewalk Court"
RIGHT = "9 Tannery Yard\nWestmere WM1 2AA"


def answers(office: Office, like: Done) -> dict[str, Json]:
    """A complete request for rectification by the person that another case is about."""
    person = case_page(office.caseworker, like.case_id).case.answers
    agreement = office.entry.agreements.get("rectification")
    found: dict[str, Json] = {key: value for key, value in person.items() if key.startswith("person.")}
    found |= {f"criteria.{one.id}": MET for one in agreement.criteria}
    found |= {f"safeguarding.{one.id}": "no" for one in agreement.safeguarding}
    found |= {
        "criteria.authority": NOT_APPLICABLE,
        "requester.kind": "person",
        "requester.body": "Sam Northcott",
        "requester.address": {"lines": "3 Weir Street\nWestmere", "postcode": "WM2 4QT"},
        "received.on": {"day": "1", "month": "6", "year": "2026"},
        "received.channel": "post",
        "identity.seen": "Driving licence, seen on 1 June",
        "ground.ground": "inaccurate",
        "ground.gateway": "article_16",
        "challenge.wrong": "The address that you gave the police.",
        "asked.items": ["corrected", "reasons"],
        "balance.for": "The record shows it.",
        "balance.against": "Nothing.",
        "release.items": ["corrected", "reasons"],
    }
    return {key: value for key, value in found.items() if agreement.field(key) is not None}


def same_person(office: Office, mine: Done, *others: Done) -> None:
    for one in others:
        command = requests.Link(command_id=str(uuid4()), case_id=mine.case_id, other_id=one.case_id, same=True)
        requests.link(office.caseworker, command)


def asked(office: Office, *given: Done) -> Done:
    """The person's request, with these cases recorded as being about them."""
    command = requests.Register(
        command_id=str(uuid4()), agreement_id="rectification", answers=answers(office, given[0])
    )
    mine = requests.register(office.caseworker, command)
    same_person(office, mine, *given)
    return mine


def reference(office: Office, done: Done) -> str:
    return page(office, done).case.row.reference


def page(office: Office, done: Done) -> CasePage:
    return case_page(office.caseworker, done.case_id)


def wrong(office: Office, *given: Done, right: str = RIGHT, finding: str = "wrong") -> list[Json]:
    return [{"item": f"{reference(office, one)}:address", "finding": finding, "right": right} for one in given]


def recorded(office: Office, done: Done, answer: str = "rectified", **more: Any) -> Done:
    values = {"rectified": ["corrected"], "in_part": ["corrected", "reasons"], "not_rectified": ["reasons"]}[answer]
    given: dict[str, Any] = {
        "status_answer": answer,
        "matched": ("name", "born", "address"),
        "values": {key: {"value": "As typed", "recorded_on": ""} for key in values},
    }
    return outcomes.record(office.caseworker, outcomes.Record(**on(done), outcome=Outcome.STATUS, **(given | more)))


def released(office: Office, *given: Done, marks: Sequence[Json] | None = None) -> Done:
    """A request whose marks two people agreed on, released."""
    mine = asked(office, *given)
    marked = marks if marks is not None else wrong(office, *given)
    done = office.approve(office.submit(office.save(mine, register__wrong=marked)))
    return office.release(recorded(office, done))


def tell(office: Office, done: Done, place: int = 0) -> Done:
    one = page(office, done).notices[place]
    return notices.tell(office.caseworker, notices.Tell(**on(done), notice_id=one.id))


def excuse(office: Office, done: Done, role: Role = Role.REVIEWER, **more: Any) -> Done:
    one = next(one for one in page(office, done).notices if not one.settled)
    given: dict[str, Any] = {"because": "impossible", "reasons": "The unit was closed in 2025, and has no successor."}
    return notices.excuse(office.desk(role), notices.Excuse(**on(done), notice_id=one.id, **(given | more)))


def issue(office: Office, done: Done) -> Done:
    return issuing.issue(office.caseworker, issuing.Issue(**on(done)))


def notice_text(office: Office, done: Done, place: int = 0) -> str:
    one = page(office, done).notices[place]
    return text_of(notices.read_notice(office.caseworker, done.case_id, one.id))


@pytest.fixture
def given(office: Office) -> Done:
    """A disclosure of an address to the police."""
    return office.in_state(State.ISSUED)


def another(office: Office, body: str = "Eastshire Police") -> Done:
    """The same address, given to somebody else."""
    done = office.traced(office.approve(office.submit(office.register(requester__body=body))))
    return issue(office, office.release(done))
