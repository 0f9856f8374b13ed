"""What keeps a case from being submitted, and how answers and their changes read."""

from __future__ import annotations

from datetime import date

import pytest

from db.records import Json
from desktop.policy.agreements import Agreement, Field, load_agreements
from desktop.policy.answers import changed_fields, value_words
from desktop.policy.completeness import problems
from tests.unit.test_verdict import POLICE, STATUS, complete, not_met, said

TODAY = date(2017, 6, 12)
HOME = load_agreements().get("home-office-tracing")
BALANCE = ("for", "against", "necessity", "proportionality", "less_intrusive")


def whole(agreement: Agreement = POLICE) -> dict[str, Json]:
    return complete(agreement) | {f"balance.{one}": "Weighed." for one in BALANCE}


def missing(answers: dict[str, Json], agreement: Agreement = POLICE, number: int = 1) -> list[str]:
    found = problems(agreement, agreement.version(number), answers, TODAY)
    assert all(one.hard for one in found)
    return [one.field for one in found]


@pytest.mark.parametrize("agreement", [POLICE, STATUS], ids=["le", "nhs"])
def test_a_whole_case_may_be_submitted(agreement: Agreement) -> None:
    assert missing(whole(agreement), agreement) == []


@pytest.mark.parametrize(
    "key",
    [
        "requester.body",
        "requester.officer",
        "received.on",
        "received.channel",
        "person.family_name",
        "ground.ground",
        "asked.items",
        "release.items",
        *[f"balance.{one}" for one in BALANCE],
        *[f"criteria.{one.id}" for one in POLICE.criteria],
        *[f"safeguarding.{one.id}" for one in POLICE.safeguarding],
    ],
)
def test_what_is_needed_is_asked_for(key: str) -> None:
    answers = whole()
    del answers[key]
    assert key in missing(answers)


@pytest.mark.parametrize("key", ["countersigner.name", "requester.reference", "tried.sources", "necessity.statement"])
def test_what_the_requester_left_out_can_still_be_put_before_a_reviewer(key: str) -> None:
    answers = whole()
    answers.pop(key)
    assert missing(answers) == []


@pytest.mark.parametrize("reasons", ["", "  "])
def test_every_criterion_needs_its_reasons(reasons: str) -> None:
    answers = whole() | {"criteria.tried": {"answer": "met", "reasons": reasons, "evidence": []}}
    found = problems(POLICE, POLICE.version(1), answers, TODAY)
    assert [(one.field, one.message) for one in found] == [("criteria.tried", "Criterion 4 has no reasons.")]


def test_a_faster_answer_needs_its_reason() -> None:
    assert missing(whole() | {"urgency.expedite": True}) == ["urgency.reason"]
    assert missing(whole() | {"urgency.expedite": True, "urgency.reason": "A child is at risk."}) == []


def test_a_wrong_answer_stops_it() -> None:
    assert missing(whole() | {"person.nhs_number": "999 123 4567"}) == ["person.nhs_number"]


def test_only_what_is_permitted_and_asked_for_can_be_released() -> None:
    asked: dict[str, Json] = {"asked.items": ["name", "gp_practice"], **not_met("items")}
    for released in (["gp_practice"], ["name", "address"]):
        found = problems(POLICE, POLICE.version(1), whole() | asked | {"release.items": released}, TODAY)
        assert found
        assert {one.field for one in found} == {"release.items"}
        assert not any(one.missing for one in found)


@pytest.mark.parametrize("criterion", ["ground", "tried", "proportion", "safeguarding"])
def test_a_request_to_be_refused_or_escalated_proposes_nothing(criterion: str) -> None:
    assert missing(whole() | not_met(criterion) | {"release.items": []}) == []


def test_a_request_for_nothing_permitted_can_be_submitted_for_refusal() -> None:
    answers = whole() | {"asked.items": ["gp_practice"], "release.items": [], **not_met("items")}
    assert missing(answers) == []


def test_a_rejection_needs_the_procedure_and_no_more() -> None:
    answers = {key: value for key, value in complete().items() if not key.startswith(("safeguarding.", "release."))}
    answers |= not_met("authorised")
    for one in POLICE.criteria[2:]:
        del answers[f"criteria.{one.id}"]
    assert missing(answers) == []
    del answers["criteria.channel"]
    assert missing(answers) == ["criteria.channel"]


@pytest.mark.parametrize(("number", "received"), [(0, date(2016, 12, 31)), (3, date(2018, 11, 9))])
def test_without_an_agreement_only_the_request_is_asked_for(number: int, received: date) -> None:
    seen = HOME.at(number, received)
    request: dict[str, Json] = {
        "requester.body": "Home Office Immigration Enforcement",
        "requester.officer": "M Harding",
        "received.on": {"day": str(received.day), "month": str(received.month), "year": str(received.year)},
        "received.channel": "secure_email",
        "person.family_name": "Petrova-Lind",
    }
    assert [one.field for one in problems(seen, seen.version(number), request, date(2019, 1, 1))] == []
    del request["received.on"]
    assert [one.field for one in problems(seen, seen.version(number), request, date(2019, 1, 1))] == ["received.on"]


def field(key: str) -> Field:
    found = POLICE.field(key)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("requester.body", "  Northshire Police ", "Northshire Police"),
        ("requester.body", "", "Not given"),
        ("requester.body", None, "Not given"),
        ("received.on", {"day": "18", "month": "5", "year": "2017"}, "18 May 2017"),
        ("received.channel", "secure_email", "Secure e-mail"),
        ("received.channel", "pigeon", "pigeon"),
        ("person.gender", "9", "Not specified"),
        ("person.born", {"day": "", "month": "3", "year": "1979", "unknown": True}, "March 1979, day not known"),
        ("person.other_names", [{"name": "Tom Hale", "kind": "alias"}], "Tom Hale (known as)"),
        (
            "person.address",
            {"lines": "Flat 3\n18 Tanners Row", "postcode": "NB2 6QX"},
            "Flat 3\n18 Tanners Row\nNB2 6QX",
        ),
        ("asked.items", ["address", "name"], "Name and last known address"),
        ("ground.ground", "none", "None of these"),
        ("urgency.expedite", True, "Yes"),
        (
            "tried.sources",
            [{"source": "council_tax", "on": "4 May 2017", "result": "Nothing found"}, {"source": "A friend"}],
            "Council tax, 4 May 2017, Nothing found\nA friend",
        ),
        ("criteria.tried", said("not_met"), "Not met\nSeen in the request."),
        (
            "criteria.tried",
            {"answer": "", "reasons": "", "evidence": ["Request form, page 2"]},
            "No answer\nEvidence: Request form, page 2",
        ),
        ("safeguarding.child", "cant_tell", "Can’t tell"),
    ],
)
def test_an_answer_reads_as_words(key: str, value: Json, words: str) -> None:
    assert value_words(field(key), value) == words


def test_what_changed_is_told_in_the_order_of_the_form() -> None:
    before = whole()
    after = before | {"criteria.tried": said("not_met"), "requester.body": "Eastmoor Constabulary"}
    after["requester.reference"] = " NSP/ECU/2017/331 "
    changes = changed_fields(before, after, POLICE)
    assert [(one.section, one.label) for one in changes] == [
        ("Requester", "Organisation"),
        ("Criteria", "Have the usual sources been tried: what, and when?"),
    ]
    assert (changes[0].before, changes[0].after) == ("Northshire Police", "Eastmoor Constabulary")
    assert changes[1].after.startswith("Not met")
    assert changed_fields(before, before, POLICE) == ()
