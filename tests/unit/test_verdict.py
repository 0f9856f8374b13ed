"""What the agreement makes of a request: each outcome, which comes first, and what bars approval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records import Json, Leads, LetterKind, Met
from desktop.policy.agreements import Agreement, load_agreements
from desktop.policy.sheet import identifiers
from desktop.policy.verdict import Verdict, left_out, releasable, verdict

TODAY = date(2017, 6, 12)
SHIPPED = load_agreements()
POLICE = SHIPPED.get("law-enforcement-tracing").at(1, TODAY)
STATUS = SHIPPED.get("nhs-status-check").at(1, TODAY)
HOME = SHIPPED.get("home-office-tracing")
MET: Json = {"answer": "met", "reasons": "Seen in the request.", "evidence": []}


def said(answer: str) -> Json:
    return {"answer": answer, "reasons": "Seen in the request.", "evidence": []}


def complete(agreement: Agreement = POLICE) -> dict[str, Json]:
    """Answers that may be approved."""
    answers: dict[str, Json] = {
        "requester.body": "Northshire Police",
        "requester.officer": "Colin Marsden",
        "requester.reference": "NSP/ECU/2017/331",
        "received.on": {"day": "18", "month": "5", "year": "2017"},
        "received.channel": "secure_email",
        "countersigner.name": "Joanne Hale",
        "countersigner.grade": "Detective Inspector",
        "countersigner.on": {"day": "17", "month": "5", "year": "2017"},
        "person.family_name": "Kowalczyk",
        "person.born": {"day": "30", "month": "6", "year": "1984"},
        "person.gender": "1",
        "ground.ground": agreement.grounds[0].id,
        "tried.sources": [{"source": "council_tax", "on": "4 May 2017", "result": "Nothing found"}],
        "asked.items": [agreement.items[0].id],
        "necessity.statement": "No other way is left.",
        "release.items": [agreement.items[0].id],
    }
    answers |= {f"criteria.{one.id}": MET for one in agreement.criteria}
    answers |= {f"safeguarding.{one.id}": "no" for one in agreement.safeguarding}
    return answers


def judge(changes: Mapping[str, Json] | None = None, agreement: Agreement = POLICE, **more: Any) -> Verdict:
    version = agreement.version(1)
    return verdict(agreement, version, {**complete(agreement), **(changes or {})}, TODAY, **more)


def not_met(*criteria: str) -> dict[str, Json]:
    return {f"criteria.{one}": said("not_met") for one in criteria}


@pytest.mark.parametrize(("agreement", "letter"), [(POLICE, "disclosure"), (STATUS, "status_answer")])
def test_a_complete_and_lawful_request_may_be_approved(agreement: Agreement, letter: str) -> None:
    found = judge(agreement=agreement)
    assert (found.leads, found.title, found.proposed) == ("approve", "It may be approved", LetterKind(letter))
    assert found.may_approve
    assert not found.blocks
    assert not found.contradictions
    assert [row.key for row in found.rows if row.applies] == ["approve"]
    assert {row.why for row in found.rows if row.key in ("reject", "refuse", "return")} == {"Nothing calls for it"}
    assert found.summary == "All 8 criteria are answered."


@pytest.mark.parametrize("agreement", [POLICE, STATUS, HOME.at(1), HOME.at(2)], ids=["le", "nhs", "ho1", "ho2"])
@pytest.mark.parametrize("answer", ["not_met", "cant_tell", "not_applicable", ""])
@pytest.mark.parametrize("index", range(8))
def test_every_criterion_leads_where_its_agreement_says(agreement: Agreement, answer: str, index: int) -> None:
    criterion = agreement.criteria[index]
    found = judge({f"criteria.{criterion.id}": said(answer)}, agreement)
    if answer == "not_applicable" and criterion.may_not_apply:
        assert found.may_approve
        return
    assert not found.may_approve
    assert found.proposed not in (LetterKind.DISCLOSURE, LetterKind.STATUS_ANSWER)
    assert str(index + 1) in " ".join(found.blocks)
    expected = {
        "not_met": criterion.leads.value,
        "cant_tell": criterion.cant_tell.value,
        "not_applicable": "unfinished",
        "": "unfinished",
    }
    assert found.leads == expected[answer]
    assert found.unanswered == (1 if answer == "" else 0)


@pytest.mark.parametrize(
    ("changes", "leads", "title", "letter"),
    [
        (not_met("authorised"), "reject", "Reject it", "rejection"),
        (not_met("ground"), "refuse", "Refuse it", "refusal"),
        (not_met("items"), "narrow", "Narrow it first", None),
        (not_met("safeguarding"), "escalate", "Escalate it to the guardian", None),
        ({"criteria.tried": said("cant_tell")}, "return", "Return it to the requester", None),
        ({"criteria.tried": said("")}, "unfinished", "Not finished yet", None),
        # The first of several wins.
        (not_met("channel", "ground", "items", "safeguarding"), "reject", "Reject it", "rejection"),
        (not_met("ground", "items", "safeguarding"), "escalate", "Escalate it to the guardian", None),
        ({**not_met("ground", "items"), "criteria.tried": said("cant_tell")}, "refuse", "Refuse it", "refusal"),
        ({**not_met("items"), "criteria.tried": said("cant_tell")}, "return", "Return it to the requester", None),
        ({**not_met("items"), "criteria.tried": said("")}, "narrow", "Narrow it first", None),
    ],
)
def test_which_outcome_leads(changes: dict[str, Json], leads: str, title: str, letter: str | None) -> None:
    found = judge(changes)
    assert (found.leads, found.title, found.proposed) == (leads, title, LetterKind(letter) if letter else None)
    assert not found.may_approve


def test_the_rows_say_what_the_picture_of_the_window_says() -> None:
    answers = complete() | not_met("items") | {"asked.items": ["name", "born", "address", "gp_practice"]}
    answers = {key: value for key, value in answers.items() if not key.startswith(("safeguarding.", "release."))}
    for one in ("necessary", "proportion", "safeguarding"):
        del answers[f"criteria.{one}"]
    found = verdict(POLICE, POLICE.version(1), answers, TODAY)
    assert found.title == "Narrow it first"
    assert found.summary == "As answered so far. 3 criteria have no answer."
    assert [(row.label, row.why, row.applies, row.waits) for row in found.rows] == [
        ("Reject (procedure)", "Nothing calls for it", False, False),
        ("Refuse", "Nothing so far", False, False),
        ("Return to requester", "Nothing calls for it", False, False),
        ("Narrow", "Criterion 5: GP practice is not permitted", True, False),
        ("Escalate to the guardian", "Waits for the safeguarding screen", False, True),
        ("Approve", "Possible once narrowed and complete", False, True),
    ]


def test_nothing_answered_yet() -> None:
    found = verdict(POLICE, POLICE.version(1), {}, TODAY)
    assert (found.leads, found.unanswered, found.may_approve) == ("unfinished", 8, False)
    assert found.row("reject").why == found.row("refuse").why == "Nothing so far"
    assert found.row("approve").why == "Possible once complete"
    with pytest.raises(KeyError):
        found.row("unfinished")


def test_several_criteria_are_named_together() -> None:
    assert judge(not_met("tried", "necessary")).row("refuse").why == "Criteria 4 and 6 are not met"
    both = not_met("safeguarding") | {"criteria.proportion": said("cant_tell")}
    assert judge(both).row("escalate").why == "Criterion 8 is not met; criterion 7: can’t tell"


class TestNarrowing:
    """What is asked for and not permitted is left out, and the request may then be approved."""

    ASKED: Mapping[str, Json] = {"asked.items": ["name", "address", "gp_practice", "next_of_kin"], **not_met("items")}

    def test_is_needed_until_only_permitted_items_are_proposed(self) -> None:
        found = judge({**self.ASKED, "release.items": []})
        assert found.row("narrow").why == "Criterion 5: GP practice and next of kin are not permitted"
        assert found.leads == "narrow"

    def test_is_done_once_the_rest_is_left_out(self) -> None:
        found = judge({**self.ASKED, "release.items": ["address"]})
        assert found.row("narrow").why == "Done: Name, GP practice and next of kin left out"
        assert (found.leads, found.title) == ("approve", "It may be approved as narrowed")
        assert found.may_approve

    def test_cannot_be_faked_by_answering_met(self) -> None:
        found = judge({**self.ASKED, "criteria.items": MET, "release.items": ["address"]})
        assert found.contradictions == (
            "Criterion 5 is answered met, but GP practice and next of kin are not permitted.",
        )
        assert not found.may_approve

    @pytest.mark.parametrize("items", [["address", "gp_practice"], ["gp_practice"], ["health"]])
    def test_an_item_that_is_not_permitted_is_never_approved(self, items: list[Json]) -> None:
        found = judge({**self.ASKED, "release.items": items})
        assert not found.may_approve
        assert found.row("narrow").applies
        assert "take it out of the items to release" in found.row("narrow").why

    def test_an_item_that_was_not_asked_for_is_never_approved(self) -> None:
        found = judge({"release.items": ["name", "address"]})
        assert found.blocks == ("An item proposed for release is not permitted, or was not asked for",)
        assert found.leads == "unfinished"

    def test_not_met_with_nothing_left_out_stays_barred(self) -> None:
        found = judge(not_met("items"))
        assert (found.leads, found.row("narrow").why) == ("narrow", "Criterion 5 is not met")

    def test_a_request_for_nothing_permitted_is_refused(self) -> None:
        found = judge({"asked.items": ["gp_practice"], "release.items": [], **not_met("items")})
        assert (found.leads, found.row("refuse").why) == ("refuse", "Nothing that they ask for is permitted")

    def test_what_is_left_out_is_named(self) -> None:
        answers = {**self.ASKED, "release.items": ["address"]}
        assert [one.id for one in left_out(POLICE, answers)] == ["name", "gp_practice", "next_of_kin"]


class TestSafeguarding:
    """Any yes, and any doubt, goes to the guardian."""

    @pytest.mark.parametrize("agreement", [POLICE, STATUS], ids=["le", "nhs"])
    @pytest.mark.parametrize("answer", ["yes", "cant_tell"])
    @pytest.mark.parametrize("question", ["protected", "trafficking", "abuse", "child", "requester_risk"])
    def test_every_flag_escalates(self, agreement: Agreement, question: str, answer: str) -> None:
        found = judge({f"safeguarding.{question}": answer}, agreement)
        assert found.leads == "escalate"
        assert not found.may_approve
        assert "The safeguarding screen takes it to the guardian" in found.blocks
        assert "answered met, but an answer of the safeguarding screen" in found.contradictions[0]

    def test_an_open_question_bars_approval(self) -> None:
        found = judge({"safeguarding.child": ""})
        assert found.blocks == ("The safeguarding screen is not finished",)
        assert found.row("escalate").waits

    def test_the_guardian_may_weigh_it_and_nobody_else(self) -> None:
        flagged = {"safeguarding.child": "yes", **not_met("safeguarding")}
        assert not judge(flagged).may_approve
        assert judge(flagged, guardian=True).may_approve
        assert judge({"criteria.proportion": said("cant_tell")}, guardian=True).may_approve

    @pytest.mark.parametrize("criterion", ["authorised", "channel", "ground", "tried", "necessary", "proportion"])
    def test_the_guardian_is_bound_by_the_rest(self, criterion: str) -> None:
        flagged = {"safeguarding.child": "yes", **not_met("safeguarding", criterion)}
        assert not judge(flagged, guardian=True).may_approve

    def test_the_row_names_no_question(self) -> None:
        for question in POLICE.safeguarding:
            row = judge({f"safeguarding.{question.id}": "yes"}).row("escalate")
            assert row.why == "An answer of the safeguarding screen calls for it"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"countersigner.name": ""}, "“Name” under Countersigner is empty"),
        ({"countersigner.on": {"day": "", "month": "", "year": ""}}, "“Signed on” under Countersigner is empty"),
        ({"countersigner.name": "colin  MARSDEN"}, "the countersigner is the person who asks"),
        ({"countersigner.name": "Cólin Mars-Den"}, "the countersigner is the person who asks"),
        ({"requester.reference": " "}, "“Their reference” under Requester is empty"),
        ({"received.channel": "other"}, "“Another way: not approved” does not count"),
        ({"received.channel": "pigeon"}, "“pigeon” does not count"),
        ({"tried.sources": []}, "“Sources tried” under What they tried is empty"),
        ({"ground.ground": "none"}, "no ground of the agreement is chosen"),
        ({"ground.ground": "s24_1_b_i"}, "does not count under this version"),
        ({"necessity.statement": ""}, "“Why they need it” under Necessity is empty"),
    ],
)
def test_met_is_contradicted_by_the_form(changes: dict[str, Json], words: str) -> None:
    found = judge(changes)
    assert any(words in one for one in found.contradictions)
    assert not found.may_approve


def test_a_ground_is_open_to_some_bodies_only() -> None:
    then = SHIPPED.get("law-enforcement-tracing").at(1, date(2019, 3, 1))
    found = judge({"requester.kind": "police", "ground.ground": "nhs_fraud"}, then)
    assert any("not open to this kind of body" in one for one in found.contradictions)


def test_a_ground_that_the_law_no_longer_knew_is_refused() -> None:
    later = SHIPPED.get("law-enforcement-tracing").at(1, date(2021, 3, 1))
    found = judge({"ground.ground": "nhs_fraud"}, later)
    assert (found.leads, found.row("refuse").why) == ("refuse", "The ground does not count on the day of receipt")
    assert judge({"ground.ground": "none"}).row("refuse").why == "The request rests on no ground of the agreement"


@pytest.mark.parametrize(
    "changes",
    [
        {"person.born": {"day": "", "month": "", "year": ""}},
        {"person.born": {"day": "1", "month": "2", "year": "", "unknown": True}},
        {"person.gender": ""},
        {"person.gender": "0"},
        {"person.family_name": "", "person.nhs_number": "943 476 5919"},
    ],
)
def test_too_little_to_find_one_person_is_returned(changes: dict[str, Json]) -> None:
    found = judge(changes)
    assert found.leads == "return"
    assert "a year of birth and one more" in found.row("return").why
    assert not found.may_approve


def test_the_identifiers_that_a_request_gives() -> None:
    assert identifiers(complete()) == {"name", "born", "gender"}
    assert identifiers({"person.nhs_number": "943 476 5919"}) == {"nhs_number"}
    assert identifiers({}) == frozenset()


@pytest.mark.parametrize(("number", "received"), [(0, date(2016, 12, 31)), (3, date(2018, 11, 9))])
def test_without_an_agreement_it_can_only_be_rejected(number: int, received: date) -> None:
    seen = HOME.at(number, received)
    version = seen.version(number)
    for guardian in (False, True):
        found = verdict(seen, version, complete(HOME.at(1)), received, guardian=guardian)
        assert (found.leads, found.proposed, found.may_approve) == ("reject", LetterKind.REJECTION, False)
        assert [row.key for row in found.rows if row.applies] == ["reject"]
        assert found.blocks == (version.because if version else HOME.because_none,)
    assert releasable(seen, version) == ()


def test_what_may_be_released_follows_the_version() -> None:
    permitted = ["name", "former_names", "born", "gender", "address", "registered_on", "area"]
    assert [one.id for one in releasable(HOME, HOME.version(1))] == permitted
    assert releasable(HOME, HOME.version(3)) == ()
    assert releasable(HOME, None) == ()


@pytest.mark.parametrize(
    ("answer", "view", "block"),
    [
        ("met", "agree", ""),
        ("met", "disagree", "You disagree that criterion 4 is met"),
        ("not_applicable", "agree", ""),
        ("not_applicable", "disagree", "You disagree that criterion 4 does not apply"),
        ("not_met", "agree", "Criterion 4 is not met, and you agree"),
        ("not_met", "disagree", "Criterion 4 is not met: send it back if you disagree"),
        ("cant_tell", "", "Criterion 4 is answered “can’t tell”"),
    ],
)
def test_a_reviewer_cannot_turn_a_no_into_a_yes_alone(answer: str, view: str, block: str) -> None:
    found = judge({"criteria.tried": said(answer)}, views={"tried": {"view": view, "note": ""}})
    assert found.blocks == ((block,) if block else ())
    assert found.may_approve == (not block)


WAYS = st.sampled_from([*[one.value for one in Met], ""])
SCREEN = st.sampled_from(["yes", "no", "cant_tell", ""])
ITEMS = st.lists(st.sampled_from([one.id for one in POLICE.items]), unique=True)


@given(st.lists(WAYS, min_size=8, max_size=8), st.lists(SCREEN, min_size=5, max_size=5), ITEMS, ITEMS)
def test_nothing_is_ever_approved_that_the_agreement_forbids(
    ways: list[str], screen: list[str], asked: list[str], released: list[str]
) -> None:
    answers = complete() | {"asked.items": list(asked), "release.items": list(released)}
    answers |= {f"criteria.{c.id}": said(way) for c, way in zip(POLICE.criteria, ways, strict=True)}
    answers |= {f"safeguarding.{q.id}": way for q, way in zip(POLICE.safeguarding, screen, strict=True)}
    found = verdict(POLICE, POLICE.version(1), answers, TODAY)
    assert found.may_approve == (found.leads == "approve")
    assert found.row("approve").applies == found.may_approve
    if found.may_approve:
        permitted = {one.id for one in releasable(POLICE, POLICE.version(1))}
        assert set(screen) == {"no"}
        assert released
        assert set(released) <= permitted & set(asked)
        for criterion, way in zip(POLICE.criteria, ways, strict=True):
            allowed = way == "met" or (way == "not_applicable" and criterion.may_not_apply)
            assert allowed or (way == "not_met" and criterion.leads is Leads.NARROW)


@pytest.mark.parametrize("value", [None, 3, "met", [], {"answer": 7}, {"answer": "maybe"}, {}])
def test_answers_of_another_shape_are_no_answers(value: Json) -> None:
    found = judge({"criteria.tried": value, "asked.items": value, "person.born": value})
    assert not found.may_approve
    assert found.unanswered == 1
