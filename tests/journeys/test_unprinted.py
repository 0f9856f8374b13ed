"""Characters that no font of the desk has: told early, with whose they are, and never released or issued."""

from __future__ import annotations

from typing import Any

import pytest

from db.records import Outcome, State
from desktop.casework import issuing, outcomes
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done, Refused
from tests.fixtures import Office, on

UNKNOWN = "\U00010080"
"""Linear B: no person's name is written in it."""
MATCHED = ("name", "born", "address")


def found(done: Done, value: str = "27 Ropewalk Court", recorded_on: str = "19 January 2016") -> outcomes.Record:
    values = {"address": {"value": value, "recorded_on": recorded_on}}
    return outcomes.Record(**on(done), outcome=Outcome.TRACED, matched=MATCHED, values=values)


@pytest.mark.parametrize("value", [{"value": f"27 {UNKNOWN} Court"}, {"recorded_on": f"{UNKNOWN} 2016"}])
def test_a_value_of_our_record_is_warned_of_and_not_released(office: Office, value: dict[str, str]) -> None:
    done = office.in_state(State.APPROVED)
    command = found(done, **value)
    (warned,) = outcomes.unprinted_outcome(office.caseworker, command)
    assert (warned.field, warned.hard) == ("values.address", False)
    assert f"“{UNKNOWN}” (U+10080)" in warned.message
    assert "our record" in warned.message
    assert "requester" not in warned.message
    done = outcomes.record(office.caseworker, command)
    with pytest.raises(Refused, match="our record: change the outcome"):
        office.release(done)
    assert case_page(office.reviewer, done.case_id).case.row.state is State.RECORDED
    (problem,) = issuing.preview(office.caseworker, done.case_id).problems
    assert problem == warned.message
    office.release(outcomes.record(office.caseworker, found(done)))


@pytest.mark.parametrize("key", ["requester__officer", "requester__reference", "person__family_name"])
def test_a_value_of_the_requesters_form_is_theirs_to_spell(office: Office, key: str) -> None:
    given: dict[str, Any] = {key: f"Marsh {UNKNOWN}"}
    done = office.approve(office.submit(office.register(**given)))
    (warned,) = outcomes.unprinted_outcome(office.caseworker, found(done))
    assert (warned.field, warned.hard) == ("outcome", False)
    assert "the requester’s form" in warned.message
    assert "our record" not in warned.message
    done = outcomes.record(office.caseworker, found(done))
    with pytest.raises(Refused, match="the requester’s form"):
        office.release(done)


def test_both_sources_are_named_each_with_its_own(office: Office) -> None:
    done = office.approve(office.submit(office.register(requester__officer=f"Marsh {UNKNOWN}")))
    done = outcomes.record(office.caseworker, found(done, value="\U00010081 Court"))
    ours, theirs = issuing.preview(office.caseworker, done.case_id).problems
    assert "U+10081" in ours
    assert "our record" in ours
    assert "U+10080" in theirs
    assert "the requester’s form" in theirs


def test_an_outcome_that_prints_is_not_warned_of(office: Office) -> None:
    done = office.in_state(State.APPROVED)
    assert outcomes.unprinted_outcome(office.caseworker, found(done)) == ()
    nothing = outcomes.Record(**on(done), outcome=Outcome.NO_TRACE)
    assert outcomes.unprinted_outcome(office.caseworker, nothing) == ()


def test_whoever_prefers_welsh_is_answered_where_there_is_no_welsh(office: Office) -> None:
    """What no Welsh text or phrase is there for goes in English; nothing stops on the way to it."""
    done = office.approve(office.submit(office.register(requester__language="cy")))
    values = {"address": {"value": "27 Ropewalk Court\nWestmere WM4 8RD", "recorded_on": "early in 2016"}}
    typed = outcomes.Record(**on(done), outcome=Outcome.TRACED, matched=("name", "born", "address"), values=values)
    assert outcomes.unprinted_outcome(office.caseworker, typed) == ()
    done = office.release(outcomes.record(office.caseworker, typed))
    preview = issuing.preview(office.caseworker, done.case_id)
    assert preview.pdf
    assert "early in 2016" in preview.note


def test_an_answer_that_has_no_welsh_text_goes_in_english(office: Office) -> None:
    agreement = office.entry.agreements.get("nhs-status-check")
    answer = next(one for one in agreement.answers if not one.items)
    done = office.approve(office.submit(office.register("nhs-status-check", "trust", requester__language="cy")))
    matched = MATCHED if answer.matched else ()
    typed = outcomes.Record(**on(done), outcome=Outcome.STATUS, status_answer=answer.id, matched=matched)
    done = office.release(outcomes.record(office.caseworker, typed))
    preview = issuing.preview(office.caseworker, done.case_id)
    assert preview.pdf
    assert "no Welsh text" in preview.note
