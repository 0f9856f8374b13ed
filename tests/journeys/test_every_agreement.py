"""Every agreement, walked from intake to letter with answers made from its own file: approved, refused and rejected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from db.records import Json, Leads, LetterKind, Outcome, State
from desktop.casework import (
    outcomes,
    requests,
)
from desktop.casework.casepage import case_page
from desktop.casework.desk import Invalid
from desktop.casework.sending import letter_to_type_back
from desktop.policy.agreements import Agreement, Answer, Criterion, load_agreements
from desktop.policy.agreements import Test as Rule
from resources import resource
from tests.fixtures import Office, on, signed_in
from tests.journeys.walking import (
    MADE_UP,
    PUT_RIGHT,
    SHIPPED,
    TODAY,
    approved,
    date_value,
    decided,
    every_answer,
    judged,
    kind_of,
    letter,
    received_under,
    recorded,
    registered,
    squeezed,
)


@pytest.mark.parametrize("agreement", [one for one in SHIPPED if one.kind == "tracing"], ids=lambda one: one.id)
@pytest.mark.parametrize("in_part", [True, False])
def test_a_trace_ends_in_a_disclosure(office: Office, agreement: Agreement, in_part: bool) -> None:
    done = registered(office, agreement)
    if not in_part:
        done = office.save(done, asked__items=["name", "address"], release__items=["name", "address"])
    done = recorded(office, agreement, office.approve(office.submit(done)), None)
    said = letter(office, done)
    assert MADE_UP in said
    assert "3 Weir Street" in said
    assert kind_of(office, done) is (LetterKind.PARTIAL_DISCLOSURE if in_part else LetterKind.DISCLOSURE)
    assert kind_of(office, done) in agreement.letters


@pytest.mark.parametrize("agreement", [one for one in SHIPPED if one.kind == "tracing"], ids=lambda one: one.id)
def test_a_trace_that_finds_nothing_has_its_letter(office: Office, agreement: Agreement) -> None:
    done = approved(office, agreement)
    done = outcomes.record(office.caseworker, outcomes.Record(**on(done), outcome=Outcome.NO_TRACE))
    assert "No record agrees with enough of them" in letter(office, done)
    assert kind_of(office, done) is LetterKind.NO_TRACE
    assert LetterKind.NO_TRACE in agreement.letters


@every_answer
def test_each_answer_has_its_letter(office: Office, agreement: Agreement, answer: Answer) -> None:
    done = recorded(office, agreement, approved(office, agreement, answer), answer)
    said = letter(office, done)
    assert squeezed(answer.text) in said
    if agreement.answer_letter("") is not LetterKind.STATUS_ANSWER:
        assert squeezed(answer.heading) in said
        rights = [one for ground in agreement.grounds if ground.id in answer.grounds for one in ground.rights]
        assert all(squeezed(one) in said for one in rights or agreement.rights)
        assert all((squeezed(one) in said) == answer.gives for one in agreement.conditions)
    from_register = [one for one in agreement.items if one.from_register and one.id in answer.items]
    corrected = [one for one in agreement.items if one.from_corrections and one.id in answer.items]
    assert (MADE_UP in said) == (len(answer.items) > len(from_register) + len(corrected))
    assert (PUT_RIGHT in said) == bool(corrected)


@pytest.mark.parametrize(
    ("agreement", "criterion"),
    [
        (one, criterion)
        for one in SHIPPED
        for criterion in judged(one)
        if criterion.leads in (Leads.REFUSE, Leads.REJECT)
    ],
    ids=lambda one: one.id,
)
def test_each_refusal_and_rejection_has_its_letter(office: Office, agreement: Agreement, criterion: Criterion) -> None:
    said = letter(office, decided(office, agreement, criterion))
    assert squeezed(criterion.refusal) in said
    assert "It is not met." not in said
    assert MADE_UP not in said
    if criterion.leads is Leads.REJECT:
        assert all(squeezed(one) in said for one in agreement.how_to_ask)


@pytest.mark.parametrize(
    ("agreement", "criterion", "test"),
    [(a, c, t) for a in SHIPPED for c in a.criteria for t in c.tests],
    ids=lambda one: getattr(one, "id", "") or f"{one.kind}-{one.field}",
)
def test_what_the_answers_show_by_themselves_bars_approval(
    office: Office, agreement: Agreement, criterion: Criterion, test: Rule
) -> None:
    received = received_under(agreement)
    wrong: Json
    match test.kind:
        case "least":
            wrong = f"{min(step.least for step in test.steps) - 0.01:.2f}"
        case "older":
            wrong = date_value(received - timedelta(days=1))
        case "younger":
            wrong = date_value(received - timedelta(days=test.months * 31 + test.days + 1))
        case "not_after":
            wrong = date_value(received + timedelta(days=1))
        case "full_date":
            wrong = {"day": "", "month": "", "year": "1984", "unknown": False}
        case "nameless" | "code":
            wrong = "Tomasz Kowalczyk, born 30 June 1984"
        case _:
            wrong = "R4B9X7K2Q" if test.kind == "starts" else "none_of_these"
    done = registered(office, agreement, **{test.field.replace(".", "__"): wrong})
    verdict = case_page(office.caseworker, done.case_id).verdict
    assert not verdict.may_approve
    assert any(test.why in one for one in verdict.contradictions)


def test_a_charity_is_never_told_where_someone_lives(office: Office) -> None:
    agreement = office.entry.agreements.get("charity-letter-forwarding")
    assert agreement.item("address") is not None
    assert not any(one.id in ("address", "whether_known") for one in agreement.items if one.releasable)
    assert not any(one.items for one in agreement.answers)


def test_a_letter_to_forward_is_held_while_the_service_is_suspended(office: Office) -> None:
    agreement = office.entry.agreements.get("charity-letter-forwarding")
    done = registered(office, agreement, received__on=date_value(TODAY))
    assert done.state is State.HELD


def test_a_query_of_a_partner_has_no_field_about_the_person(office: Office) -> None:
    agreement = office.entry.agreements.get("m5-query")
    assert not [f.key for s in agreement.sections for f in s.fields if f.key.startswith("person.")]
    sharing = [one.id for one in agreement.answers if {"name", "born"} & set(one.items)]
    assert sharing == ["match_shared"]


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2021, 9, 6), date(2021, 10, 4)),
        (date(2021, 9, 27), date(2021, 10, 25)),
        (date(2021, 10, 28), date(2021, 11, 25)),
    ],
)
def test_three_linked_requests_for_information_are_due_when_the_authority_said(
    office: Office, received: date, due: date
) -> None:
    # Home Office references 65915, 66190 and 66674, at whatdotheyknow.com: "Immigration data sharing - 'SRTP'".
    agreement = office.entry.agreements.get("foi")
    done = registered(office, agreement, received__on=date_value(received))
    assert case_page(office.caseworker, done.case_id).case.row.due_on == due


def test_no_more_is_approved_than_the_cap_allows(office: Office, tmp_path: Path) -> None:
    text = resource("agreements", "m5-query.toml").read_text("utf-8")
    text = text.replace('id = "m5-query"', 'id = "small-query"').replace("most = 3000", "most = 1")
    (tmp_path / "small-query.toml").write_text(text, "utf-8")
    agreements = load_agreements(tmp_path)
    theirs = signed_in(replace(office.entry, agreements=agreements))
    agreement = agreements.get("small-query")
    partners = [one.id for one in agreement.requesters]
    first = theirs.approve(theirs.submit(registered(theirs, agreement, requester__kind=partners[0])))
    second = theirs.submit(registered(theirs, agreement, requester__kind=partners[0]))
    use = case_page(theirs.reviewer, second.case_id).cap
    assert use is not None
    assert use.words == "1 of 1 requests from United States in 2026 are approved"
    with pytest.raises(Invalid, match="the cap is reached"):
        theirs.approve(second)
    page = case_page(theirs.caseworker, second.case_id)
    assert page.beside["cap"].words == f"{use.words}."
    assert not page.verdict.may_approve
    assert page.verdict.title == "It cannot be approved as it stands"
    assert page.verdict.contradictions == (f"Criterion 4 is answered met, but the cap is reached: {use.words}.",)
    # Another partner, and another year, have caps of their own.
    theirs.approve(theirs.submit(registered(theirs, agreement, requester__kind=partners[1])))
    earlier = date_value(date(2025, 12, 31))
    theirs.approve(theirs.submit(registered(theirs, agreement, requester__kind=partners[0], received__on=earlier)))
    # What was taken back makes room.
    requests.withdraw(theirs.caseworker, requests.WithReasons(**on(first), reasons="No longer asked."))
    assert theirs.approve(second).state is State.APPROVED


def test_a_request_about_nobody_is_told_by_who_asks(office: Office) -> None:
    for agreement_id in ("foi", "m5-query"):
        row = case_page(
            office.caseworker, registered(office, office.entry.agreements.get(agreement_id)).case_id
        ).case.row
        assert not row.person
        assert row.about == "Body as given"


def test_an_older_debt_has_the_higher_threshold(office: Office) -> None:
    agreement = office.entry.agreements.get("nhs-debt-report")
    amount = {"debt__amount": "700.00"}
    for invoiced, may in ((date(2016, 4, 5), False), (date(2016, 4, 6), True)):
        done = registered(office, agreement, **amount, debt__invoiced_on=date_value(invoiced))
        assert case_page(office.caseworker, done.case_id).verdict.may_approve == may


def test_a_debt_from_before_there_was_a_threshold_says_so(office: Office) -> None:
    agreement = office.entry.agreements.get("nhs-debt-report")
    done = registered(office, agreement, debt__invoiced_on=date_value(date(2011, 10, 31)))
    (said,) = case_page(office.caseworker, done.case_id).verdict.contradictions
    assert "no threshold existed on the date of the invoice" in said


def test_a_patient_is_told_by_the_day_of_the_report(office: Office) -> None:
    agreement = office.entry.agreements.get("nhs-debt-report")
    for days, may in ((0, True), (1, False)):
        told = date_value(received_under(agreement) + timedelta(days=days))
        done = registered(office, agreement, debt__told_on=told)
        assert case_page(office.caseworker, done.case_id).verdict.may_approve == may


@pytest.mark.parametrize(
    ("agreement_id", "answer_id"),
    [
        *(("foi", one) for one in ("not_held", "withheld", "neither", "available", "cost", "upheld")),
        *(("nhs-status-check", one) for one in ("more_needed", "cannot_identify")),
    ],
)
def test_an_answer_that_gives_nothing_says_nothing_of_its_use(
    office: Office, agreement_id: str, answer_id: str
) -> None:
    agreement = office.entry.agreements.get(agreement_id)
    answer = agreement.answer(answer_id)
    assert answer is not None
    said = letter(office, recorded(office, agreement, approved(office, agreement, answer), answer))
    assert squeezed(answer.text) in said
    for nothing in ("You may use", "in another format", "Use it only", "Destroy it", "have checked the status"):
        assert squeezed(nothing) not in said, nothing
    assert said.count("looked at it again") + said.count("reviewed it") == (answer_id == "upheld")
    given = next(one for one in agreement.answers if one.gives and one.grounds == answer.grounds)
    said = letter(office, recorded(office, agreement, approved(office, agreement, given), given))
    assert "You may use the information" in said or "Destroy it when you no longer need it" in said


def test_where_they_gave_no_reference_the_letter_has_no_line_for_it(office: Office) -> None:
    for agreement_id in ("sar", "foi"):
        agreement = office.entry.agreements.get(agreement_id)
        done = office.approve(office.submit(registered(office, agreement, requester__reference="")))
        done = recorded(office, agreement, done, agreement.answers[0])
        said = letter(office, done)
        assert "your reference" not in said.casefold()
        assert "Not given" not in said
        asked = letter_to_type_back(office.caseworker, done.case_id)
        assert asked.ours
        assert asked.reference in said


@pytest.mark.parametrize("agreement_id", ["nhs-debt-report", "nhs-status-check"])
def test_a_clinical_word_bars_approval_and_is_never_answered(office: Office, agreement_id: str) -> None:
    agreement = office.entry.agreements.get(agreement_id)
    done = registered(office, agreement, asked__other="Needs dialysis.")
    verdict = case_page(office.caseworker, done.case_id).verdict
    assert not verdict.may_approve
    assert "has a word that may be clinical: “dialysis”" in verdict.contradictions[0]
    answer = next(one for one in agreement.answers if one.items)
    done = approved(office, agreement, answer)
    values = {one: {"value": "In the June return: dialysis, oncology ward", "recorded_on": ""} for one in answer.items}
    command = outcomes.Record(
        **on(done), outcome=Outcome.STATUS, status_answer=answer.id, values=values, matched=("name", "born", "address")
    )
    with pytest.raises(Invalid, match=r"“dialysis”\. Take it out"):
        outcomes.record(office.caseworker, command)


def test_one_more_agreement_is_one_file(office: Office, tmp_path: Path) -> None:
    text = resource("agreements", "nhs-debt-report.toml").read_text("utf-8")
    text = text.replace('id = "nhs-debt-report"', 'id = "council-debt-report"')
    text = text.replace('prefix = "DR"', 'prefix = "CD"')
    text = text.replace('title = "Reports of unpaid NHS debts"', 'title = "Reports of a council’s debts"')
    (tmp_path / "council-debt-report.toml").write_text(text, "utf-8")
    agreements = load_agreements(tmp_path)
    theirs = signed_in(replace(office.entry, agreements=agreements))
    agreement = agreements.get("council-debt-report")
    assert len(agreements.all()) == len(SHIPPED) + 1
    done = recorded(theirs, agreement, approved(theirs, agreement), agreement.answer("reported"))
    assert "Reports of a council’s debts" in letter(theirs, done)
    assert case_page(theirs.caseworker, done.case_id).case.row.reference.startswith("CD-")
    criterion = next(one for one in agreement.criteria if one.leads is Leads.REFUSE)
    assert squeezed(criterion.refusal) in letter(theirs, decided(theirs, agreement, criterion))
