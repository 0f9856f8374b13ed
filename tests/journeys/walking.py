"""Ways through every agreement, with answers made from its own file: what the tests of them share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from db.records import Action, Json, Leads, LetterKind, Outcome, Relation, State
from desktop.casework import (
    decisions,
    extending,
    issuing,
    links,
    notices,
    outcomes,
    requests,
    returning,
    writing,
)
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done
from desktop.casework.outcomes import carried_items
from desktop.casework.sample import MovingClock
from desktop.policy.agreements import CORRECTIONS_FIELD, Agreement, Answer, Criterion, Field, load_agreements
from desktop.policy.agreements import Test as Rule
from desktop.policy.letterkinds import SAID, TO_THE_PERSON
from tests.fixtures import Office, on
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


def set_clock(office: Office, on: date) -> None:
    """Makes it nine o'clock of a day."""
    clock = office.entry.clock
    assert isinstance(clock, MovingClock)
    clock.at = datetime.combine(on, time(9), UTC)


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


def registered(office: Office, agreement: Agreement, /, *received: date, **changes: Json) -> Done:
    """A draft, received on the day that is given or on one that the agreement covers."""
    answers = complete(agreement, next(iter(received), received_under(agreement)))
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
    for kind in case_page(office.caseworker, done.case_id).to_write:
        done = writing.write(office.caseworker, write_command(done, kind))
    done = issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    assert done.state is State.ISSUED
    said = text_of(issuing.read_letter(office.caseworker, done.case_id))
    assert "{" not in said
    return said


def write_command(done: Done, kind: LetterKind) -> writing.Write:
    said = "The date of birth of the person." if kind in SAID else ""
    recipient = "Li Wen Ashworth\n27 Ropewalk Court\nWestmere\nWM4 8RD" if kind in TO_THE_PERSON else ""
    return writing.Write(**on(done), kind=kind, said=said, recipient=recipient)


def kind_of(office: Office, done: Done) -> LetterKind:
    """The kind of the letter that answered."""
    found = case_page(office.caseworker, done.case_id).case.letter
    assert found is not None
    return found.kind


def squeezed(text: str) -> str:
    return " ".join(text.split())


def decided(office: Office, agreement: Agreement, criterion: Criterion) -> Done:
    done = registered(office, agreement, **{f"criteria__{criterion.id}": NOT_MET})
    how = decisions.refuse if criterion.leads is Leads.REFUSE else decisions.reject
    assert case_page(office.caseworker, done.case_id).verdict.leads == criterion.leads
    done = office.submit(done)
    return how(office.reviewer, office.decide(done, reasons="It is not met.", because_of=(criterion.id,)))


def brought_to(office: Office, agreement: Agreement, kind: LetterKind) -> Done:
    """A case in which the moment of this letter has come."""
    if kind in TO_THE_PERSON:
        answer = next(one for one in agreement.answers if one.to_person is kind)
        return office.release(recorded(office, agreement, approved(office, agreement, answer), answer))
    today = office.entry.today()
    version = agreement.version_on(today)
    open_still = version is not None and version.accepts and version.suspended_from is None
    received = (today,) if open_still else ()
    if kind in (LetterKind.EXPEDITE_ACCEPTED, LetterKind.EXPEDITE_DECLINED):
        urgent: dict[str, Json] = {"urgency__expedite": True, "urgency__reason": "A child may be in danger."}
        decided = "accepted" if kind is LetterKind.EXPEDITE_ACCEPTED else "declined"
        return registered(office, agreement, *received, **urgent, urgency__decision=decided)
    done = registered(office, agreement, *received)
    if kind is LetterKind.MORE_INFORMATION:
        ask = next((one.id for one in agreement.clock.asks), "")
        asked = returning.Dated(**on(done), on=today, reasons="More is needed.", ask=ask)
        return returning.return_to_requester(office.caseworker, asked)
    if kind is LetterKind.EXTENSION:
        assert agreement.clock.extension is not None
        because = agreement.clock.extension.reasons[0].id
        longer = extending.Extend(**on(done), length=1, because=because, told_on=today, reasons="It is complex.")
        return extending.extend(office.caseworker, longer)
    return done
