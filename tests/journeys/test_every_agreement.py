"""Every agreement, walked from intake to letter with answers made from its own file: approved, refused and rejected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db.records import Action, Json, Leads, LetterKind, Outcome, Relation, State
from desktop.casework import decisions, issuing, links, notices, outcomes, requests
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done, Invalid
from desktop.casework.outcomes import carried_items
from desktop.policy.agreements import CORRECTIONS_FIELD, Agreement, Answer, Criterion, Field, load_agreements
from desktop.policy.agreements import Test as Rule
from resources import resource
from tests.fixtures import Office, on, signed_in
from tests.letters.reading import text_of

SHIPPED = load_agreements().all()
TODAY = date(2026, 6, 1)
MET: Json = {"answer": "met", "reasons": "Looked at.", "evidence": []}
NOT_MET: Json = {"answer": "not_met", "reasons": "It is not.", "evidence": []}
MATCHED = ("name", "born", "address")
MADE_UP = "What the record says"
PUT_RIGHT = "9 Tannery Yard"

every_agreement = pytest.mark.parametrize("agreement", SHIPPED, ids=lambda one: one.id)
every_answer = pytest.mark.parametrize(
    ("agreement", "answer"),
    [(one, answer) for one in SHIPPED for answer in one.answers],
    ids=lambda one: one.id,
)


def received_under(agreement: Agreement) -> date:
    """The last day, up to the first of June 2026, on which the agreement takes a request on."""
    version = [one for one in agreement.versions if one.accepts][-1]
    days = [TODAY]
    if version.in_force_to is not None:
        days.append(version.in_force_to)
    if version.suspended_from is not None:
        days.append(version.suspended_from - timedelta(days=1))
    return min(days)


def judged(agreement: Agreement) -> tuple[Criterion, ...]:
    """The criteria that such a request is tested against."""
    version = agreement.version_on(received_under(agreement))
    return agreement.at(version.number if version else 0).criteria


def date_value(on_day: date) -> Json:
    return {"day": str(on_day.day), "month": str(on_day.month), "year": str(on_day.year)}


def complete(agreement: Agreement, received: date) -> dict[str, Json]:
    """A request whose every field is filled as its kind and the tests of the criteria ask."""
    version = agreement.version_on(received)
    seen = agreement.at(version.number if version else 0, received)
    kept = {item.id for item in seen.items if item.releasable}
    answers: dict[str, Json] = {
        field.key: filled(field, received, kept) for section in seen.sections for field in section.fields
    }
    open_to = [one for one in seen.grounds if not one.requesters or answers.get("requester.kind") in one.requesters]
    if open_to:
        answers["ground.ground"] = open_to[0].id
    answers |= {f"safeguarding.{one.id}": "no" for one in seen.safeguarding}
    answers |= {"safeguarding.risk_who": "", "safeguarding.risk_why": ""}
    for criterion in seen.criteria:
        for test in criterion.tests:
            answers |= passing(test, received)
    return {key: value for key, value in answers.items() if value not in (None, "", [])}


def filled(field: Field, received: date, releasable: set[str]) -> Json:
    approved: list[Json] = [option.id for option in field.options if option.approved]
    if field.key in ("asked.items", "release.items"):
        return [one for one in approved if one in releasable]
    by_kind: Mapping[str, Json] = {
        "email": "desk@westmere.example",
        "phone": "01632 960123",
        "reference": "REF/2026/7",
        "nhs_number": "9434765919",
        "time": "9.12am",
        "choice": approved[0] if approved else "",
        "choices": approved[:1],
        "tick": False,
        "date": date_value(received - timedelta(days=1)),
        "partial_date": {"day": "30", "month": "6", "year": "1984", "unknown": False},
        "names": [],
        "address": {"lines": "3 Weir Street\nWestmere", "postcode": "WM2 4QT"},
        "sources": [{"source": "Own systems", "on": "1 May", "result": "Nothing later"}],
        "money": "1250.00",
        "share_code": "W4B9X7K2Q",
        "criterion": MET,
        "corrections": [],
    }
    if field.key == "received.on":
        return date_value(received)
    # Each text is its own: a countersigner is someone else than the officer.
    return by_kind.get(field.kind, f"{field.key.rpartition('.')[2].title()} as given")


def passing(test: Rule, received: date) -> dict[str, Json]:
    """The answers that the test asks for."""
    match test.kind:
        case "least":
            return {test.field: f"{max(step.least for step in test.steps):.2f}"}
        case "older":
            return {test.field: date_value(received - timedelta(days=test.months * 31 + test.days))}
        case "is":
            return {test.field: test.words[0]}
        case _:
            return {}


def registered(office: Office, agreement: Agreement, **changes: Json) -> Done:
    answers = complete(agreement, received_under(agreement))
    answers |= {key.replace("__", "."): value for key, value in changes.items()}
    command = requests.Register(command_id=str(uuid4()), agreement_id=agreement.id, answers=answers)
    return requests.register(office.caseworker, command)


def approved(office: Office, agreement: Agreement, answer: Answer | None = None) -> Done:
    ground = next((one for one in agreement.grounds if answer is not None and one.id in answer.grounds), None)
    done = registered(office, agreement, **({"ground__ground": ground.id} if ground is not None else {}))
    if ground is not None and ground.reviews:
        follow(office, done, answered_by_guardian(office, agreement))
    if answer is not None and answer.corrects:
        done = marked(office, done)
    page = case_page(office.caseworker, done.case_id)
    assert page.problems == ()
    assert page.verdict.blocks == ()
    return office.approve(office.submit(done))


def answered_by_guardian(office: Office, agreement: Agreement) -> Done:
    """An issued answer in which the reviewer decided nothing."""
    done = office.submit(registered(office, agreement))
    done = decisions.escalate(office.reviewer, office.decide(done, reasons="For the guardian."))
    done = decisions.approve(office.guardian, office.decide(done))
    done = recorded(office, agreement, done, agreement.answers[0])
    done = outcomes.release(office.guardian, outcomes.Release(**on(done)))
    return issuing.issue(office.caseworker, issuing.Issue(**on(done)))


def follow(office: Office, done: Done, earlier: Done) -> None:
    """Links a case to the one that it follows up."""
    reference = case_page(office.caseworker, earlier.case_id).case.row.reference
    links.link_cases(
        office.caseworker,
        links.LinkCases(command_id=str(uuid4()), case_id=done.case_id, reference=reference, kind=Relation.FOLLOW_UP),
    )


def marked(office: Office, done: Done) -> Done:
    """Marks as wrong what an earlier request about the same person was given."""
    given = office.in_state(State.ISSUED)
    command = requests.Link(command_id=str(uuid4()), case_id=done.case_id, other_id=given.case_id, same=True)
    requests.link(office.caseworker, command)
    field = case_page(office.caseworker, done.case_id).agreement.field(CORRECTIONS_FIELD)
    assert field is not None
    wrong: list[Json] = [{"item": one.id, "finding": "wrong", "right": PUT_RIGHT} for one in field.options]
    return office.save(done, register__wrong=wrong)


def recorded(office: Office, agreement: Agreement, done: Done, answer: Answer | None) -> Done:
    case = case_page(office.caseworker, done.case_id).case
    more: dict[str, Any]
    if answer is None:
        keys: tuple[str, ...] = tuple(i for i in ("name", "address") if agreement.item(i) is not None)
        more = {"outcome": Outcome.TRACED, "matched": MATCHED}
    else:
        keys = carried_items(agreement, case, answer.id)
        more = {"outcome": Outcome.STATUS, "status_answer": answer.id, "matched": MATCHED if answer.matched else ()}
    more["values"] = {key: {"value": MADE_UP, "recorded_on": ""} for key in keys}
    return outcomes.record(office.caseworker, outcomes.Record(**on(done), **more))


def letter(office: Office, done: Done) -> str:
    """The text of the letter that is issued."""
    if not case_page(office.reviewer, done.case_id).actions[Action.RELEASE]:
        done = office.release(done)
    for one in case_page(office.caseworker, done.case_id).notices:
        done = notices.tell(office.caseworker, notices.Tell(**on(done), notice_id=one.id))
        assert PUT_RIGHT in text_of(notices.read_notice(office.caseworker, done.case_id, one.id))
    done = issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    assert done.state is State.ISSUED
    said = text_of(issuing.read_letter(office.caseworker, done.case_id))
    assert "{" not in said
    return said


def squeezed(text: str) -> str:
    return " ".join(text.split())


def decided(office: Office, agreement: Agreement, criterion: Criterion) -> Done:
    done = registered(office, agreement, **{f"criteria__{criterion.id}": NOT_MET})
    how = decisions.refuse if criterion.leads is Leads.REFUSE else decisions.reject
    assert case_page(office.caseworker, done.case_id).verdict.leads == criterion.leads
    done = office.submit(done)
    return how(office.reviewer, office.decide(done, reasons="It is not met.", because_of=(criterion.id,)))


@pytest.mark.parametrize("agreement", [one for one in SHIPPED if one.kind == "tracing"], ids=lambda one: one.id)
def test_a_trace_ends_in_a_disclosure(office: Office, agreement: Agreement) -> None:
    done = recorded(office, agreement, approved(office, agreement), None)
    said = letter(office, done)
    assert MADE_UP in said
    assert "3 Weir Street" in said


@every_answer
def test_each_answer_has_its_letter(office: Office, agreement: Agreement, answer: Answer) -> None:
    done = recorded(office, agreement, approved(office, agreement, answer), answer)
    said = letter(office, done)
    assert squeezed(answer.text) in said
    if agreement.answer_letter is LetterKind.ANSWER:
        assert squeezed(answer.heading) in said
        rights = [one for ground in agreement.grounds if ground.id in answer.grounds for one in ground.rights]
        assert all(squeezed(one) in said for one in (*agreement.conditions, *(rights or agreement.rights)))
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
        case "never_says":
            wrong = f"They say {test.words[0]}s."
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
