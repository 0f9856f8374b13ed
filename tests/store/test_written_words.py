"""What a caseworker's own words may not bring into a letter, wherever they are typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from db.records import Json, LetterKind, Outcome, State
from desktop.casework import decisions, issuing, outcomes, reissuing, returning, writing
from desktop.casework.desk import Done, Invalid
from tests.fixtures import Office, on
from tests.journeys.walking import approved, recorded, registered
from tests.store.test_safeguarding import NOT_MET, escalated, flagged, raise_concern
from tests.store.test_safeguarding import approved as let_through


def returned(office: Office, done: Done) -> Done:
    """A case whose requester is asked for more."""
    ask = returning.Dated(**on(done), on=office.entry.today(), reasons="More is needed.")
    return returning.return_to_requester(office.caseworker, ask)


def write(office: Office, done: Done, said: str) -> Done:
    """Asks the requester for more, in these words."""
    return writing.write(office.caseworker, writing.Write(**on(done), kind=LetterKind.MORE_INFORMATION, said=said))


def test_no_letter_tells_where_a_person_is_while_the_address_is_kept_off(office: Office) -> None:
    told = "We found a Mary Hale at 9 Dock Road: is it her?"
    raised = raise_concern(office, office.register())
    with pytest.raises(Invalid, match="“9 dock road” tells where the person is"):
        write(office, returned(office, raised), told)
    write(office, returned(office, office.register(person=1)), told)


@pytest.mark.parametrize(
    "answers",
    [{"safeguarding__abuse": "yes"}, {"safeguarding__child": "cant_tell"}, {"criteria__safeguarding": NOT_MET}],
)
def test_a_draft_whose_screen_calls_for_the_guardian_has_its_address_kept_off_before_it_is_submitted(
    office: Office, answers: dict[str, Any]
) -> None:
    draft = office.register(**answers)
    told = "Is it the person of 18 Tanners Row, Northbridge NB2 6QX?"
    with pytest.raises(Invalid, match="tells where the person is"):
        write(office, returned(office, draft), told)
    elsewhere = office.register(person=1, requester__unit="Harbour Unit, 27 Ropewalk Court", **answers)
    done = returned(office, elsewhere)
    with pytest.raises(Invalid, match="take it out there"):
        write(office, done, "Say who asks.")


def test_no_letter_of_a_debt_report_has_a_clinical_word(office: Office) -> None:
    done = returned(office, registered(office, office.entry.agreements.get("nhs-debt-report")))
    with pytest.raises(Invalid, match="may be clinical: “dialysis”"):
        write(office, done, "Send the invoice for the dialysis.")
    write(office, done, "Send the invoice.")


def again(office: Office, done: Done, why: str) -> None:
    """Looks at the answer as it would be issued again for this reason, then issues it again."""
    command = reissuing.Reissue(**on(done), why=why)
    with pytest.raises(Invalid) as seen:
        reissuing.preview_reissue(office.caseworker, command)
    with pytest.raises(Invalid) as caught:
        reissuing.reissue(office.caseworker, command)
    assert seen.value.problems == caught.value.problems
    assert [one.field for one in caught.value.problems] == ["why"]
    raise caught.value


@pytest.mark.parametrize(
    "why",
    [
        "She no longer lives at Rose Cottage, Church Lane, Westmere.", "She is at 27 Ropewalk Court now.",
        "Ring her on 07700 900123.", "The postcode WM4 8RD was wrong.", "She is at 27 Rope\u00adwalk Court now.",
    ],
)  # fmt: skip
def test_no_reason_for_a_letter_again_tells_where_a_person_is_while_it_is_kept_off(office: Office, why: str) -> None:
    address: Json = {"lines": "Rose Cottage\nWestmere", "postcode": "WM4 8RD"}
    done = escalated(office, flagged(office, person__address=address))
    command = office.decide(done, reasons="She hides.", because_of=("safeguarding",))
    done = decisions.refuse(office.guardian, command)
    done = issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    with pytest.raises(Invalid, match="tells where the person is"):
        again(office, done, why)


def test_no_reason_for_a_letter_again_has_a_clinical_word(office: Office) -> None:
    agreement = office.entry.agreements.get("nhs-status-check")
    answer = agreement.answers[0]
    done = office.release(recorded(office, agreement, approved(office, agreement, answer), answer))
    done = issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    with pytest.raises(Invalid, match="may be clinical: “oncology”"):
        again(office, done, "The patient is on the oncology ward.")


def test_a_reason_that_tells_nothing_is_taken(office: Office) -> None:
    command = reissuing.Reissue(**on(office.in_state(State.ISSUED)), why="The first had our old number.")
    assert reissuing.reissue(office.caseworker, command).state is State.ISSUED


@pytest.mark.parametrize("part", ["value", "recorded_on"])
def test_no_value_hints_at_a_concern_that_stands(office: Office, part: str) -> None:
    done = let_through(office, flagged(office), let_go=True)
    name = {"value": "Tomasz Kowalczyk", "recorded_on": "2 May 2019"}
    values = {"name": name | {part: "There is an S\u2011flag on it"}}
    record = outcomes.Record(**on(done), outcome=Outcome.TRACED, matched=("name", "born", "gender"), values=values)
    with pytest.raises(Invalid, match=r"never hints at a safeguarding concern\. Take out “s-flag”"):
        outcomes.record(office.caseworker, record)
    assert outcomes.record(office.caseworker, replace(record, values={"name": name})).state is State.RECORDED
