"""A concern about a person counts in every case about them, whoever asks, and tells nothing of who asked elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from db.records import Role, State
from desktop.casework import issuing, outcomes, requests
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done, Invalid, Refused
from tests.fixtures import Office, on
from tests.store.test_safeguarding import ADDRESS, NAME, approved, flagged, raise_concern, record

BOTH: dict[str, Any] = {"asked__items": ["name", "address"], "release__items": ["name", "address"]}


def link(office: Office, one: Done, other: Done, *, same: bool = True) -> None:
    command = requests.Link(command_id=str(uuid4()), case_id=one.case_id, other_id=other.case_id, same=same)
    requests.link(office.caseworker, command)


def about(office: Office, done: Done) -> list[tuple[str, str, str]]:
    found = case_page(office.guardian, done.case_id).case.concerns
    return [(one.about, one.who, one.why) for one in found]


OTHERS = [("person", "", "A concern stands in another request about the same person.")]


def of_another(office: Office, **changes: Any) -> Done:
    """A draft about the first person under no number of theirs."""
    return office.register(**({"person__nhs_number": ""} | BOTH | changes))


def test_a_later_request_with_the_same_number_comes_to_the_guardian(office: Office) -> None:
    flagged(office)
    done = office.submit(office.register(**BOTH))
    assert about(office, done) == OTHERS
    with pytest.raises(Refused, match="only the guardian may"):
        office.approve(done)
    with pytest.raises(Invalid, match="not approved for release"):
        record(office, approved(office, done), name=NAME, address=ADDRESS)


@pytest.mark.parametrize(
    ("key", "number"),
    [("home_office_reference", "K1234567"), ("passport", "ZX 123456"), ("ni_number", "QQ 12 34 56 C")],
)
def test_each_strong_number_tells_one_person(office: Office, key: str, number: str) -> None:
    flagged(office, person=1, **{f"person__{key}": number})
    done = office.submit(of_another(office, **{f"person__{key}": number.replace(" ", "").lower()}))
    assert about(office, done) == OTHERS


@pytest.mark.parametrize("note", ["none", "not known", "n/a 1"])
def test_a_note_in_the_place_of_a_number_tells_nobody(office: Office, note: str) -> None:
    flagged(office, person=1, person__passport=note)
    assert about(office, office.submit(of_another(office, person__passport=note))) == []


def test_a_person_of_the_same_name_is_somebody_else_until_it_is_said(office: Office) -> None:
    first = flagged(office)
    done = office.submit(of_another(office))
    assert about(office, done) == []
    link(office, done, first, same=False)
    assert about(office, done) == []
    link(office, done, first)
    assert about(office, done) == OTHERS
    with pytest.raises(Refused, match="only the guardian may"):
        office.approve(done)


def test_a_draft_has_it_from_its_submission_and_its_address_is_kept_off_before(office: Office) -> None:
    first = flagged(office)
    done = of_another(office)
    link(office, first, done)
    page = case_page(office.caseworker, done.case_id)
    assert page.case.concerns == ()
    assert page.case.address_kept_off
    assert about(office, office.submit(done)) == OTHERS


def test_it_goes_from_case_to_case_and_each_has_it_once(office: Office) -> None:
    first = office.submit(office.register(**BOTH))
    second = office.submit(of_another(office, person__passport="ZX123456"))
    third = office.submit(of_another(office, person__passport="ZX123456"))
    link(office, first, second)
    raise_concern(office, third)
    link(office, second, first)
    again = office.submit(office.save(second, person__nationality="Changed"))
    for done in (first, second, again):
        assert about(office, done) == OTHERS
    assert len(about(office, third)) == 1


def test_a_concern_about_who_asks_elsewhere_says_nothing_of_the_person(office: Office) -> None:
    unit: dict[str, Any] = {"requester__body": "Westmere Police", "requester__unit": "Missing persons"}
    office.submit(office.register(person=1, **unit, safeguarding__risk_who="A B", safeguarding__risk_why="Partner."))
    of_unit = office.submit(office.register(person=2, **unit))
    assert [one[0] for one in about(office, of_unit)] == ["elsewhere"]
    assert about(office, office.submit(office.register(person=2))) == []


GOING_OUT: dict[State, Callable[[Office, Done], Done]] = {
    State.RECORDED: lambda office, done: outcomes.release(office.guardian, outcomes.Release(**on(done))),
    State.RELEASED: lambda office, done: issuing.issue(office.caseworker, issuing.Issue(**on(done))),
}


@pytest.mark.parametrize("state", GOING_OUT)
def test_a_concern_that_comes_to_another_case_later_stops_what_was_approved(office: Office, state: State) -> None:
    done = record(office, office.approve(office.submit(of_another(office))), name=NAME, address=ADDRESS)
    done = office.release(done) if state is State.RELEASED else done
    first = office.submit(office.register(person=1))
    link(office, done, first)
    raise_concern(office, first)
    assert about(office, done) == OTHERS
    with pytest.raises(Refused, match="kept off this case"):
        GOING_OUT[state](office, done)


def test_the_question_is_asked_again_where_no_concern_was_brought(office: Office) -> None:
    """The number that tells it was put into the other case after, and is not submitted yet."""
    done = office.submit(of_another(office, person__passport="ZX123456"))
    done = record(office, office.approve(done), name=NAME, address=ADDRESS)
    office.save(flagged(office, person=1), person__passport="ZX123456")
    assert about(office, done) == []
    with pytest.raises(Refused, match="kept off this case"):
        outcomes.release(office.desk(Role.REVIEWER), outcomes.Release(**on(done)))


def test_an_issued_letter_is_not_touched_and_what_follows_it_is_kept_off(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    flagged(office)
    assert about(office, done) == []
    assert case_page(office.caseworker, done.case_id).case.address_kept_off
