"""What keeps a case whose date has come: an open linked case, a request for information about it, something new.

Each in the list, in the proposal, at the moment of destruction, and in the database when nothing else asks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from db.records import Relation, Role, State
from desktop.casework import disposal, links, requests
from desktop.casework.casepage import open_case
from desktop.casework.desk import Done, Refused
from desktop.policy.disposal import QUIET_DAYS
from tests.fixtures import Office, on
from tests.journeys.walking import registered
from tests.store.disposing import approved, closed, moment, pass_days, pass_grace, proposed, state_of, statement
from tests.store.holding import reference, same_person

_DESTROY = (
    "UPDATE cases SET state = 'destroyed', version = version + 1, changed_by = :by, changed_at = :at, requester = '',"
    " requester_reference = '', family_name = '', given_names = '', born = '', salt = X'' WHERE id = :id"
)
Touch = Callable[[Office, Done], Done]


def linked(kind: Relation, agreement_id: str = "coroner") -> Touch:
    """An open case that somebody linked to it, about another person."""

    def touch(office: Office, done: Done) -> Done:
        other = registered(office, office.entry.agreements.get(agreement_id))
        command = links.LinkCases(
            command_id=str(uuid4()), case_id=other.case_id, reference=reference(office, done), kind=kind
        )
        links.link_cases(office.caseworker, command)
        return other

    return touch


def access(office: Office, _done: Done) -> Done:
    """An open subject access request by the person."""
    return office.register("sar")


def said_to_be_one(office: Office, done: Done) -> Done:
    """An open case that shares nothing with it, and somebody said that it is about the same person."""
    other = office.register(person=5)
    same_person(office, other, done, same=True)
    return other


BESIDE: dict[str, Touch] = {
    "a follow-up": linked(Relation.FOLLOW_UP),
    "a related case": linked(Relation.RELATED),
    "a request under the Act": linked(Relation.RELATED, "foi"),
    "a subject access request": access,
    "one about the same person": said_to_be_one,
}


def quiet(office: Office) -> None:
    """Nothing new came for long enough, and the days of grace are over."""
    pass_days(office, QUIET_DAYS)
    pass_grace(office)


@pytest.mark.parametrize("touch", BESIDE.values(), ids=BESIDE)
def test_an_open_case_beside_it_keeps_it_until_that_is_closed(office: Office, touch: Touch) -> None:
    done = closed(office)
    run = approved(office, done)
    other = touch(office, done)
    quiet(office)
    officer = office.officers[0]
    kept = disposal.candidates(office.officers[1])[0].kept_by
    assert kept[0] == "beside"
    statement(office, _DESTROY, by=officer.user.id, at=moment(office), id=done.case_id)
    assert disposal.carry_out(officer, run).kept == 1
    assert disposal.run_items(officer, run)[0].why.startswith("A linked case, or a request for information")
    with pytest.raises(Refused, match="is open"):
        proposed(office, done)
    requests.withdraw(office.caseworker, requests.WithReasons(**on(other), reasons="No longer asked."))
    quiet(office)
    run = approved(office, done)
    pass_grace(office)
    assert disposal.carry_out(officer, run).destroyed == 1


def test_a_request_about_somebody_else_of_the_same_name_keeps_nothing_once_that_is_said(office: Office) -> None:
    done = closed(office)
    other = access(office, done)
    same_person(office, other, done, same=False)
    quiet(office)
    assert disposal.candidates(office.officers[0])[0].kept_by == ()


def test_something_new_keeps_it_for_thirty_days_to_the_day(office: Office) -> None:
    done = closed(office)
    run = approved(office, done)
    pass_grace(office)
    office.sent(done)
    officer = office.officers[0]
    statement(office, _DESTROY, by=officer.user.id, at=moment(office), id=done.case_id)
    assert disposal.carry_out(officer, run).kept == 1
    assert disposal.run_items(officer, run)[0].why == f"Something new came to it in the last {QUIET_DAYS} days."
    came = office.entry.today()
    pass_days(office, QUIET_DAYS - 1)
    assert office.entry.today() == came + timedelta(days=QUIET_DAYS - 1)
    assert disposal.candidates(officer)[0].kept_by == ("fresh",)
    with pytest.raises(Refused, match="Something new"):
        proposed(office, done)
    pass_days(office, 1)
    assert disposal.candidates(officer)[0].kept_by == ()
    assert state_of(office, done) is State.ISSUED
    assert proposed(office, done)


def test_to_look_at_it_is_nothing_new(office: Office) -> None:
    done = closed(office)
    open_case(office.caseworker, done.case_id)
    open_case(office.desk(Role.RECORDS_OFFICER), done.case_id)
    assert disposal.candidates(office.officers[0])[0].kept_by == ()
