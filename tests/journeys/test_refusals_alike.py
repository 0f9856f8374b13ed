"""A refusal with a safeguarding marker behind it is, byte for byte, one that any request can have."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from db.casereads import load_case
from db.records import Json, Leads, LetterKind
from desktop.casework import decisions
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done, Refused
from desktop.casework.issuing import preview
from desktop.casework.letterfacts import facts_for, letter_kind
from desktop.casework.requests import agreement_of
from desktop.letters.facts import LetterFacts
from desktop.letters.pages import render
from desktop.policy.agreements import Agreement, load_agreements
from tests.fixtures import Office
from tests.journeys.walking import NOT_MET, every_agreement, registered
from tests.store.test_safeguarding import escalated


def facts_of(office: Office, done: Done) -> LetterFacts:
    """What the letter of a decided case is made from, without its reference and what binds it to its snapshot."""
    desk = office.caseworker
    with desk.store.read() as tx:
        case = load_case(tx, done.case_id)
        agreement = agreement_of(desk, tx, case)
        facts = facts_for(tx, case, agreement, letter_kind(case, agreement), 1, date(2026, 6, 10))
    return replace(facts, reference="TR-000001-7", snapshot_hash="00" * 32, file_id="00" * 32)


def flagged(office: Office, agreement: Agreement) -> Done:
    """With the guardian, for the whole screen: every question of it, and a criterion."""
    marked: dict[str, Json] = {f"safeguarding__{one.id}": one.marker_answer for one in agreement.safeguarding}
    marked |= {f"criteria__{one.id}": NOT_MET for one in agreement.criteria if one.leads is Leads.ESCALATE}
    return escalated(office, office.submit(registered(office, agreement, **marked)))


@every_agreement
@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside another"])
def test_a_refusal_for_a_marker_is_an_ordinary_one(office: Office, agreement: Agreement, beside: bool) -> None:
    borrowed = agreement.borrowed_refusal
    ordinary = office.submit(registered(office, agreement, **{f"criteria__{borrowed}": NOT_MET}))
    assert case_page(office.reviewer, ordinary.case_id).case.concerns == ()
    ordinary = decisions.refuse(office.reviewer, office.decide(ordinary, reasons="No.", because_of=(borrowed,)))
    marker = flagged(office, agreement)
    criteria = case_page(office.guardian, marker.case_id).agreement.criteria
    because = [one.id for one in criteria if one.leads is Leads.ESCALATE]
    if beside:
        because += [one.id for one in criteria if one.leads is Leads.REFUSE and one.id != borrowed]
    command = office.decide(marker, reasons="She hides from whoever asks.", because_of=tuple(because))
    # The others are met in the file: the guardian sees them otherwise.
    command = replace(command, views={**command.views, **{one: {"view": "disagree", "note": ""} for one in because}})
    marker = decisions.refuse(office.guardian, command)
    assert facts_of(office, marker).marking == facts_of(office, ordinary).marking
    assert render(facts_of(office, marker)) == render(facts_of(office, ordinary))


@every_agreement
def test_a_rejection_says_nothing_of_a_marker(office: Office, agreement: Agreement) -> None:
    procedure = next(one.id for one in agreement.criteria if one.leads is Leads.REJECT)
    ordinary = office.submit(registered(office, agreement, **{f"criteria__{procedure}": NOT_MET}))
    ordinary = decisions.reject(office.reviewer, office.decide(ordinary, reasons="No.", because_of=(procedure,)))
    because = (procedure, *(one.id for one in agreement.criteria if one.leads is Leads.ESCALATE))
    marker = flagged(office, agreement)
    command = office.decide(marker, reasons="She hides.", because_of=because)
    # The procedure is met in the file: the guardian sees it otherwise.
    command = replace(command, views={**command.views, procedure: {"view": "disagree", "note": "It was not."}})
    marker = decisions.reject(office.guardian, command)
    assert render(facts_of(office, marker)) == render(facts_of(office, ordinary))


def test_a_letter_waits_for_the_criterion_it_rests_on(office: Office) -> None:
    agreement = load_agreements().get("sar")
    done = office.submit(registered(office, agreement))
    choices: tuple[tuple[LetterKind, tuple[str, ...]], ...]
    choices = ((LetterKind.REFUSAL, ()), (LetterKind.REJECTION, ("safeguarding",)))
    for kind, chosen in choices:
        with pytest.raises(Refused, match="choose the criterion"):
            preview(office.reviewer, done.case_id, kind, chosen)
