"""Safeguarding: the guardian alone decides, and the address stays off, in the functions and against direct SQL."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from db.errors import RuleKept
from db.migrations.guards_safeguards import LOCATING
from db.records import Action, Json, Outcome, Role, State
from desktop.casework import concerns, decisions, issuing, outcomes, register, requests
from desktop.casework.casepage import case_page, history
from desktop.casework.desk import Done, Invalid, Refused
from desktop.casework.work import review_queue
from desktop.policy.safeguards import Side, same_side, tells_where
from tests.fixtures import Office, on
from tests.store.disposing import without
from tests.store.test_separation import DECIDING, insert_decision

NOT_MET: dict[str, Any] = {"answer": "not_met", "reasons": "One answer is yes.", "evidence": []}
ADDRESS = {"value": "27 Ropewalk Court\nWestmere WM4 8RD", "recorded_on": "19 January 2016"}
NAME = {"value": "Li Wen Ashworth", "recorded_on": "19 January 2016"}


def flagged(office: Office, **changes: Json) -> Done:
    """A submitted case whose safeguarding screen calls for the guardian. It asks for a name and an address."""
    answers: dict[str, Any] = {
        "safeguarding__abuse": "yes",
        "criteria__safeguarding": NOT_MET,
        "asked__items": ["name", "address"],
        "release__items": ["name", "address"],
    }
    return office.submit(office.register(**(answers | changes)))


def escalated(office: Office, done: Done) -> Done:
    return decisions.escalate(office.reviewer, office.decide(done, reasons="For the guardian."))


def approved(office: Office, done: Done, *, let_go: bool = False) -> Done:
    """Approved by the guardian, with or without the address."""
    command = office.decide(escalated(office, done), reasons="It is right.", let_address_go=let_go)
    return decisions.approve(office.guardian, command)


def approved_plainly(office: Office, person: int = 0) -> Done:
    """Approved by the reviewer, with no concern."""
    return office.approve(office.submit(office.register(person=person, asked__items=["name"], release__items=["name"])))


def record(office: Office, done: Done, **values: dict[str, str]) -> Done:
    command = outcomes.Record(**on(done), outcome=Outcome.TRACED, matched=("name", "born", "address"), values=values)
    return outcomes.record(office.caseworker, command)


def raise_concern(office: Office, done: Done, who: str = "", why: str = "She asked us not to say.") -> Done:
    command = concerns.RaiseConcern(command_id=str(uuid4()), case_id=done.case_id, why=why, who=who)
    return concerns.raise_concern(office.reviewer, command)


@pytest.mark.parametrize("name", ["approve", "refuse", "reject"])
def test_a_flagged_case_is_decided_by_the_guardian_alone(office: Office, name: str) -> None:
    done = flagged(office)
    with pytest.raises(Refused, match="only the guardian may"):
        DECIDING[name](office.reviewer, office.decide(done, reasons="Because.", because_of=("authorised", "tried")))
    with pytest.raises(RuleKept, match="only the guardian decides"):
        insert_decision(office, done.case_id, office.reviewer.user.id, name)
    assert case_page(office.reviewer, done.case_id).actions[Action(name)].startswith("A safeguarding concern stands")


@pytest.mark.parametrize("name", ["approve", "refuse", "reject"])
def test_a_flag_set_after_submission_counts_as_well(office: Office, name: str) -> None:
    done = raise_concern(office, office.in_state(State.SUBMITTED))
    with pytest.raises(Refused, match="only the guardian may"):
        DECIDING[name](office.reviewer, office.decide(done, reasons="Because.", because_of=("authorised", "tried")))
    with pytest.raises(RuleKept, match="only the guardian decides"):
        insert_decision(office, done.case_id, office.reviewer.user.id, name)


def test_a_criterion_that_says_so_flags_it_though_the_screen_does_not(office: Office) -> None:
    done = flagged(office, safeguarding__abuse="no")
    with pytest.raises(Refused, match="only the guardian may"):
        decisions.refuse(office.reviewer, office.decide(done, reasons="Because.", because_of=("tried",)))


def test_sending_back_and_escalating_stay_open_to_the_reviewer(office: Office) -> None:
    back = decisions.send_back(office.reviewer, office.decide(flagged(office), reasons="Say when."))
    assert back.state is State.SENT_BACK
    assert escalated(office, flagged(office)).state is State.ESCALATED


def test_a_concern_stands_whatever_is_edited_later(office: Office) -> None:
    done = office.save(flagged(office), safeguarding__abuse="no", criteria__safeguarding={**NOT_MET, "answer": "met"})
    done = office.submit(done)
    with pytest.raises(Refused, match="only the guardian may"):
        decisions.refuse(office.reviewer, office.decide(done, reasons="Because.", because_of=("tried",)))


def test_sql_that_submits_a_flagged_case_flags_it(office: Office) -> None:
    done = office.register(safeguarding__abuse="cant_tell")
    with office.entry.store.write() as tx:
        tx.execute(
            text(
                "INSERT INTO submission (case_id, number, submitted_by, submitted_at, snapshot, snapshot_hash)"
                " VALUES (:case, 1, :who, '2026-06-10T09:00:00.000000Z', '{\"safeguarding.abuse\":\"cant_tell\"}', '')"
            ),
            {"case": done.case_id, "who": office.caseworker.user.id},
        )
    assert [one.about for one in case_page(office.caseworker, done.case_id).case.concerns] == ["person"]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE concern SET case_id = case_id + 1",
        "UPDATE concern SET who = ''",
        "DELETE FROM concern",
        "INSERT OR REPLACE INTO concern SELECT * FROM concern",
        "UPDATE address_release SET released_at = released_at",
        "DELETE FROM address_release",
        "INSERT OR REPLACE INTO address_release SELECT * FROM address_release",
    ],
)
def test_d19_sql_takes_no_concern_off_and_changes_no_decision_about_an_address(office: Office, sql: str) -> None:
    approved(office, flagged(office), let_go=True)
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        tx.execute(text(sql))


def test_the_address_is_kept_off_unless_the_guardian_lets_it_go(office: Office) -> None:
    done = approved(office, flagged(office))
    with pytest.raises(Invalid, match="not approved for release"):
        record(office, done, address=ADDRESS)
    done = record(office, done, name=NAME)
    with pytest.raises(Refused, match="only the guardian may release it"):
        office.release(done)
    done = outcomes.release(office.guardian, outcomes.Release(**on(done)))
    assert issuing.issue(office.caseworker, issuing.Issue(**on(done))).state is State.ISSUED


def test_the_guardians_decision_about_the_address_is_recorded_and_journalled(office: Office) -> None:
    for let_go, said in ((True, "let go"), (False, "kept off")):
        done = approved(office, flagged(office), let_go=let_go)
        assert case_page(office.guardian, done.case_id).case.address_let_go is let_go
        with office.entry.store.read() as tx:
            found = tx.execute(
                text("SELECT data FROM journal WHERE case_id = :id AND action = 'approve'"), {"id": done.case_id}
            ).scalar_one()
        assert f'"address":"{said}"' in found.replace(": ", ":")


def test_the_guardian_who_let_the_address_go_releases_it_and_nobody_else(office: Office) -> None:
    done = record(office, approved(office, flagged(office), let_go=True), name=NAME, address=ADDRESS)
    with pytest.raises(Refused, match="only the guardian may release it"):
        office.release(done)
    with pytest.raises(RuleKept, match="only the guardian releases"), office.entry.store.write() as tx:
        insert_release(tx, done, office.reviewer.user.id)
    done = outcomes.release(office.guardian, outcomes.Release(**on(done)))
    assert issuing.issue(office.caseworker, issuing.Issue(**on(done))).state is State.ISSUED


def insert_release(tx: Any, done: Done, who: int) -> None:
    tx.execute(
        text(
            "INSERT INTO finding_review (case_id, number, action, reviewed_by, reviewed_at, reasons) SELECT case_id,"
            " MAX(number), 'release', :who, recorded_at, '' FROM finding WHERE case_id = :case"
        ),
        {"case": done.case_id, "who": who},
    )


def test_letting_the_address_go_needs_reasons_a_concern_and_the_guardian(office: Office) -> None:
    with pytest.raises(Invalid, match="Say why the address may go"):
        decisions.approve(office.guardian, office.decide(escalated(office, flagged(office)), let_address_go=True))
    plain = escalated(office, office.submit(office.register(person=1)))
    with pytest.raises(Invalid, match="No concern keeps the address off"):
        decisions.approve(office.guardian, office.decide(plain, reasons="Yes.", let_address_go=True))
    only = flagged(office, asked__items=["address"], release__items=["address"])
    with pytest.raises(Invalid, match="nothing is left to give"):
        approved(office, only)


@pytest.mark.parametrize("who", ["reviewer", "caseworker", "guardian"])
def test_sql_lets_no_address_go_but_in_the_guardians_own_approval(office: Office, who: str) -> None:
    done = approved(office, flagged(office))
    with pytest.raises(RuleKept, match="only the guardian lets an address go"), office.entry.store.write() as tx:
        tx.execute(
            text(
                "INSERT INTO address_release (decision_id, case_id, released_by, released_at)"
                " SELECT id, case_id, :who, decided_at FROM decision WHERE case_id = :case AND action = 'approve'"
            ),
            {"case": done.case_id, "who": getattr(office, who).user.id},
        )


def test_a_concern_raised_after_the_outcome_keeps_its_address_from_going_out(office: Office) -> None:
    done = raise_concern(office, office.in_state(State.RECORDED))
    with pytest.raises(Refused, match="kept off this case"):
        outcomes.release(office.guardian, outcomes.Release(**on(done)))
    with pytest.raises(RuleKept, match="the address is kept off"), office.entry.store.write() as tx:
        insert_release(tx, done, office.guardian.user.id)


def test_a_concern_raised_after_the_release_stops_the_letter(office: Office) -> None:
    done = raise_concern(office, office.in_state(State.RELEASED))
    assert "kept off" in issuing.preview(office.caseworker, done.case_id).problems[0]
    with pytest.raises(Refused, match="kept off this case"):
        issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        tx.execute(
            text(
                "INSERT INTO letter (number, case_id, kind, sha256, snapshot_hash, issued_by, issued_at, recipient)"
                " SELECT 77, case_id, 'disclosure', 'x', snapshot_hash, 1, recorded_at, '' FROM finding"
                " WHERE case_id = :id"
            ),
            {"id": done.case_id},
        )


def test_an_address_in_another_item_is_found_too(office: Office) -> None:
    done = approved(office, flagged(office))
    for told, piece in (
        ({**NAME, "value": "Li Wen Ashworth, WM4 8RD"}, "WM4 8RD"),
        ({**NAME, "value": "Tomasz, now at 27 Ropewalk Court, Westmere"}, "27 ropewalk court"),
        ({**NAME, "recorded_on": "when she moved to Ropewalk Court"}, "ropewalk court"),
    ):
        with pytest.raises(Invalid, match=f"“.*{piece}” tells where the person is"):
            record(office, done, name=told)


def test_what_was_recorded_before_the_concern_is_neither_released_nor_issued(office: Office) -> None:
    told = {**NAME, "value": "Li Wen Ashworth, at 27 Ropewalk Court"}
    done = raise_concern(office, record(office, approved_plainly(office), name=told))
    with pytest.raises(Refused, match="27 ropewalk court” in the outcome tells it"):
        outcomes.release(office.guardian, outcomes.Release(**on(done)))
    released = office.release(record(office, approved_plainly(office, person=1), name=told))
    raise_concern(office, released)
    with pytest.raises(Refused, match="in the outcome tells it"):
        issuing.issue(office.caseworker, issuing.Issue(**on(released)))


def test_an_edit_takes_the_address_back(office: Office) -> None:
    done = office.save(approved(office, flagged(office), let_go=True), person__nationality="Changed")
    case = case_page(office.guardian, office.submit(done).case_id).case
    assert case.address_kept_off


def test_what_tells_where_a_person_is() -> None:
    for key, label in (
        ("address", "Last known address"), ("area", "Primary care area"), ("gp_practice", "GP practice"),
        ("contact", "Telephone or e-mail"), ("x", "Where they live"), ("home", "Residence"), ("postcode", "Post code"),
    ):  # fmt: skip
        assert tells_where(key, label), key
    for key, label in (
        ("name", "Name"), ("born", "Date of birth"), ("requests", "Who asked us about you, when, under what"),
        ("match", "Whether the fingerprints match"), ("leave_type", "Kind of leave"), ("home_office", "Their status"),
    ):  # fmt: skip
        assert not tells_where(key, label), key
    assert all(tells_where(word.strip("_"), "") for word in LOCATING)


def test_a_named_risk_flags_the_case_and_needs_both_who_and_why(office: Office) -> None:
    done = office.register(safeguarding__risk_who="DS Amara Okafor")
    with pytest.raises(Invalid, match="Say why they may be the risk"):
        office.submit(done)
    done = office.submit(office.save(done, safeguarding__risk_why="She is the person’s former partner."))
    (concern,) = case_page(office.guardian, done.case_id).case.concerns
    assert (concern.about, concern.who) == ("requester", "DS Amara Okafor")
    with pytest.raises(Refused, match="only the guardian may"):
        office.approve(done)


UNIT: dict[str, Any] = {"requester__body": "Westmere Police", "requester__unit": "Missing persons"}


def test_other_open_and_later_requests_of_that_side_come_to_the_guardian(office: Office) -> None:
    same_unit = office.submit(office.register(person=1, **UNIT, requester__officer="Tom Reed"))
    same_person = office.register(person=2, requester__body="Other Police", requester__officer="Amara Okafor")
    nobody = office.submit(office.register(person=3, requester__body="Other Police", requester__officer="Jo Bell"))
    named = office.submit(office.register(person=4, **UNIT, requester__officer="Amara Okafor"))
    raise_concern(office, named, who="DS Amara Okafor", why="Former partner of the person.")
    later = office.submit(office.register(person=5, **UNIT, requester__officer="New Officer"))
    for done in (same_unit, same_person, later):
        page = case_page(office.guardian, done.case_id)
        assert [one.about for one in page.case.concerns] == ["elsewhere"]
        assert page.case.concerns[0].from_reference == case_page(office.guardian, named.case_id).case.row.reference
        assert any("guardian’s attention" in line.what for line in history(office.guardian, done.case_id))
    assert case_page(office.guardian, nobody.case_id).case.concerns == ()
    queue = {row.row.id: row.why for row in review_queue(office.guardian)}
    assert {same_unit.case_id, named.case_id, later.case_id} <= set(queue)
    assert queue[later.case_id].startswith("A safeguarding concern stands")
    with pytest.raises(Refused, match="only the guardian may"):
        office.approve(later)


def test_who_is_of_the_same_side() -> None:
    named = Side("Westmere Police", "Missing persons", "Amara Okafor")
    assert same_side("nobody in particular", named, Side("WESTMERE police", "missing  Persons", "Tom Reed"))
    assert same_side("DS Amara Okafor (badge 7)", named, Side("Other", "", "Okafor, Amara"))
    assert same_side("Ana Ruiz", named, Side("Ana Ruiz", "", ""))
    assert same_side("DS Okafor", named, Side("Other", "", "Okafor"))
    assert not same_side("Amara Okafor", named, Side("Westmere Police", "Fraud", "Tom Reed"))
    assert not same_side("", Side("Westmere Police", "", ""), Side("Westmere Police", "", ""))


OTHER_UNIT: dict[str, Any] = {"requester__body": "Other Police", "requester__unit": "Unit B"}
IN_ANOTHER_UNIT: dict[str, dict[str, Any]] = {
    "with the rank": {"requester__officer": "DS Amara Okafor"},
    "promoted": {"requester__officer": "DI Amara Okafor"},
    "as countersigner": {"requester__officer": "PC Jo Bloggs", "countersigner__name": "Amara Okafor"},
    "by e-mail": {"requester__officer": "PC Jo Bloggs", "requester__email": "amara.okafor@other.police.uk.example"},
}


@pytest.mark.parametrize("how", IN_ANOTHER_UNIT)
def test_a_named_risk_who_asks_from_another_unit_comes_to_the_guardian(office: Office, how: str) -> None:
    changes = OTHER_UNIT | IN_ANOTHER_UNIT[how]
    earlier = office.submit(office.register(person=1, **changes))
    named = office.submit(office.register(person=2, **UNIT, requester__officer="DS Amara Okafor"))
    raise_concern(office, named, who="Amara Okafor", why="Former partner of the person.")
    later = office.submit(office.register(person=3, **changes))
    for done in (earlier, later):
        assert [one.about for one in case_page(office.guardian, done.case_id).case.concerns] == ["elsewhere"]
        with pytest.raises(Refused, match="only the guardian may"):
            office.approve(done)


def test_whoever_asks_is_looked_for_again_when_the_named_side_is_corrected(office: Office) -> None:
    of_b = office.submit(office.register(person=1, **OTHER_UNIT, requester__officer="Jo Bell"))
    named = office.submit(office.register(person=2, **UNIT, requester__officer="DS Amara Okafor"))
    raise_concern(office, named, who="Amara Okafor", why="Former partner of the person.")
    assert not case_page(office.guardian, of_b.case_id).case.concerns
    office.submit(office.save(named, **OTHER_UNIT))
    assert [one.about for one in case_page(office.guardian, of_b.case_id).case.concerns] == ["elsewhere"]


def test_roles_without_sight_and_the_records_officer_raise_nothing(office: Office) -> None:
    done = office.in_state(State.DRAFT)
    for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.RECORDS_OFFICER):
        command = concerns.RaiseConcern(command_id=str(uuid4()), case_id=done.case_id, why="x")
        with pytest.raises(Refused):
            concerns.raise_concern(office.desk(role), command)
        with pytest.raises(RuleKept), office.entry.store.write() as tx:
            tx.execute(
                text(
                    "INSERT INTO concern (case_id, about, who, why, raised_by, raised_at)"
                    " VALUES (:id, 'person', '', '', :who, '2026-06-10T09:00:00.000000Z')"
                ),
                {"id": done.case_id, "who": office.desk(role).user.id},
            )


def test_d25_a_double_click_raises_one_concern(office: Office) -> None:
    done = office.in_state(State.DRAFT)
    command = concerns.RaiseConcern(command_id=str(uuid4()), case_id=done.case_id, why="She asked.", who="")
    assert concerns.raise_concern(office.caseworker, command) == concerns.raise_concern(office.caseworker, command)
    assert len(case_page(office.caseworker, done.case_id).case.concerns) == 1


def test_the_register_finds_nobody_by_a_concern(office: Office) -> None:
    done = office.in_state(State.SUBMITTED)
    raise_concern(office, done, who="DS Zebedee Quill", why="Quillmarker")
    assert register.find(office.caseworker, "Quill") == ()
    with office.entry.store.read() as tx:
        rows = tx.execute(text("SELECT data FROM journal")).scalars()
        assert not any("Quill" in row for row in rows)
    requests.withdraw(office.caseworker, requests.WithReasons(**on(done), reasons="No longer asked."))


WRITTEN_BY_A_CASEWORKER = {
    "attachment": "INSERT INTO attachment (case_id, name, media_type, size, sha256, content, added_by, added_at)"
    " VALUES (:case, 'x', 'text/plain', 1, 'x', X'00', :who, '2026-06-10T09:00:00.000000Z')",
    "chase": "INSERT INTO chase (case_id, asked_on, chased_on, next_on, note, recorded_by, recorded_at)"
    " VALUES (:returned, '2026-06-01', NULL, '2026-06-20', '', :who, '2026-06-10T09:00:00.000000Z')",
    "relation": "INSERT INTO relation (case_id, other_id, kind, linked_by, linked_at)"
    " VALUES (:case, :returned, 'related', :who, '2026-06-10T09:00:00.000000Z')",
}


@pytest.mark.parametrize("table", WRITTEN_BY_A_CASEWORKER)
def test_sql_writes_nothing_beside_the_answers_for_anyone_but_a_caseworker(office: Office, table: str) -> None:
    ids = {"case": office.in_state(State.DRAFT).case_id, "returned": office.in_state(State.RETURNED).case_id}
    sql = text(WRITTEN_BY_A_CASEWORKER[table])
    unsaid = ("relation_said",) if table == "relation" else ()
    for role in Role:
        values = ids | {"who": office.desk(role).user.id}
        if role is Role.CASEWORKER:
            continue
        with pytest.raises(RuleKept, match="only a caseworker"), office.entry.store.write() as tx, without(tx, *unsaid):
            tx.execute(sql, values)
    with office.entry.store.write() as tx, without(tx, *unsaid):
        tx.execute(sql, ids | {"who": office.caseworker.user.id})
