"""Disposal runs: proposed by one, approved by another, carried out after the days of grace, certified, and whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from db.casereads import load_case
from db.records import Role, State
from desktop.casework import disposal
from desktop.casework.concerns import RaiseConcern, raise_concern
from desktop.casework.desk import Desk, Invalid, Refused
from desktop.casework.disposal import DecideRun, ProposeRun, Retain, TakeOff
from desktop.casework.foreseen import would_stay
from desktop.casework.holds import keeping
from desktop.casework.register import find, timers
from desktop.policy.disposal import GRACE_DAYS, QUIET_DAYS
from desktop.security.signing import State as Found
from desktop.security.signing import check
from tests.fixtures import Office
from tests.letters.conformance import problems
from tests.letters.reading import text_of
from tests.store.disposing import (
    WHY,
    approved,
    closed,
    decide_by_sql,
    destroy_by_sql,
    destroyed,
    faults,
    many_closed,
    moment,
    pass_days,
    pass_grace,
    proposed,
    said_and_decided,
    said_and_proposed,
    state_of,
    statement,
)
from tests.store.holding import place, reference


def test_d16_a_date_that_has_come_destroys_nothing(office: Office) -> None:
    done = closed(office)
    assert [one.case_id for one in disposal.candidates(office.officers[0])] == [done.case_id]
    assert timers(office.officers[0])[0].bucket == "due"
    assert state_of(office, done) is State.ISSUED


def test_a_run_goes_from_proposal_to_certificate(office: Office) -> None:
    done = closed(office)
    run = approved(office, done)
    first, second = office.officers
    with pytest.raises(Refused, match="days of grace"):
        disposal.carry_out(first, run)
    pass_grace(office)
    found = disposal.carry_out(second, run)
    assert (found.destroyed, found.kept, found.left) == (1, 0, 0)
    assert state_of(office, done) is State.DESTROYED
    number, content, pdf = disposal.read_certificate(first, run)
    assert number == found.certificate == 1
    told = json.loads(content)
    assert told["proposed"]["by"] == first.user.name
    assert told["approved"]["by"] == second.user.name
    (case,) = told["cases"]
    assert case["destroyed"]
    assert case["reference"].startswith("TR-")
    page = text_of(pdf)
    for words in (
        first.user.name,
        second.user.name,
        case["reference"],
        WHY,
        "Destruction certificate 1",
        "1 case was destroyed.",
    ):
        assert words in page
    digits = hashlib.sha256(content.encode()).hexdigest()
    assert digits in page.replace(" ", "").lower()
    assert not problems(pdf)
    assert check(pdf).state is Found.INTACT
    assert not faults(office)
    assert timers(first) == ()
    assert disposal.candidates(first) == ()


def test_what_stays_of_a_case_is_its_stub(office: Office) -> None:
    done = closed(office)
    destroyed(office, done)
    with office.entry.store.read() as tx:
        case = load_case(tx, done.case_id)
        salt = tx.execute(text("SELECT salt FROM cases WHERE id = :id"), {"id": done.case_id}).scalar_one()
        found = tx.execute(text("SELECT COUNT(*) FROM search")).scalar_one()
    assert (case.row.family_name, case.row.requester, case.row.born, bytes(salt), found) == ("", "", "", b"", 0)
    assert case.answers == {}
    assert case.row.reference
    assert case.row.outcome
    assert case.decisions[0].action
    assert case.letters[0].number == 1


# D1, D7: early, held and alone, in the function and in SQL.


def test_d1_a_case_is_not_destroyed_before_its_date(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    first = office.officers[0]
    with pytest.raises(Refused, match="not due"):
        proposed(office, done)
    # A run that never asked: put there and approved by SQL.
    with office.entry.store.write() as tx:
        said_and_proposed(tx, 1, done, first.user.id, office.entry.clock(), "2026-06-01")
        last = (office.caseworker.today() + timedelta(days=GRACE_DAYS)).isoformat()
        said_and_decided(tx, 1, office.officers[1].user.id, office.entry.clock(), last)
    pass_days(office, QUIET_DAYS)
    pass_grace(office)
    destroy_by_sql(office, done, first.user.id, "not due for review")
    assert disposal.carry_out(first, 1).kept == 1
    assert "not due" in disposal.run_items(first, 1)[0].why
    assert state_of(office, done) is State.ISSUED


def test_d1_a_case_is_not_destroyed_within_the_days_of_grace(office: Office) -> None:
    done = closed(office)
    approved(office, done)
    pass_days(office, GRACE_DAYS - 1)
    destroy_by_sql(office, done, office.officers[0].user.id, "only an approved run")


def test_d2_every_step_asks_who_takes_it(office: Office) -> None:
    done = closed(office)
    run = proposed(office, done)
    for role in Role:
        if role is Role.RECORDS_OFFICER:
            continue
        desk = office.desk(role)
        steps = (
            lambda desk=desk: disposal.propose_run(desk, ProposeRun(case_ids=(done.case_id,), because=WHY)),
            lambda desk=desk: disposal.decide_run(desk, DecideRun(run_id=run, approved=True)),
            lambda desk=desk: disposal.carry_out(desk, run),
            lambda desk=desk: disposal.take_off(desk, TakeOff(run_id=run, case_id=done.case_id, why="x")),
            lambda desk=desk: disposal.retain(
                desk, Retain(case_ids=(done.case_id,), review_on=date(2040, 1, 1), because="x")
            ),
        )
        for step in steps:
            with pytest.raises(Refused):
                step()
        by = {"by": desk.user.id, "at": moment(office)}
        statement(office, "INSERT INTO disposal_run VALUES (9, 'x', :by, :at)", **by)
        later = (desk.today() + timedelta(days=GRACE_DAYS)).isoformat()
        decide_by_sql(office, run, desk.user.id, "another records officer", later)


def test_d7_one_person_cannot_propose_and_approve(office: Office) -> None:
    done = closed(office)
    run = proposed(office, done)
    first = office.officers[0]
    with pytest.raises(Refused, match="You proposed"):
        disposal.decide_run(first, DecideRun(run_id=run, approved=True))
    later = (first.today() + timedelta(days=GRACE_DAYS)).isoformat()
    decide_by_sql(office, run, first.user.id, "another records officer", later)
    with pytest.raises(Refused, match="approves this run first"):
        disposal.carry_out(first, run)


def test_an_author_of_a_case_neither_proposes_nor_approves_nor_destroys_it(office: Office) -> None:
    done, other = many_closed(office, 2)
    first, second = office.officers
    with office.entry.store.write() as tx:
        tx.execute(text("INSERT INTO case_author VALUES (:id, :who)"), {"id": done.case_id, "who": first.user.id})
    with pytest.raises(Refused, match="You worked on it"):
        proposed(office, done)
    (one,) = [one for one in disposal.candidates(first) if one.case_id == done.case_id]
    assert one.kept_by == ("author",)
    run = disposal.propose_run(second, ProposeRun(case_ids=(done.case_id, other.case_id), because=WHY))
    with pytest.raises(Refused, match="store does not allow"):
        disposal.decide_run(first, DecideRun(run_id=run, approved=True))


def test_d3_each_case_has_its_own_result_and_the_run_goes_on_after_a_stop(office: Office) -> None:
    cases = many_closed(office, 4)
    run = approved(office, *cases)
    disposal.take_off(office.officers[0], TakeOff(run_id=run, case_id=cases[1].case_id, why="A complaint came in."))
    pass_grace(office)
    found = disposal.carry_out(office.officers[0], run, lambda done, _of: done < 1)
    assert (found.destroyed, found.kept, found.left, found.certificate) == (1, 1, 2, None)
    with pytest.raises(Refused, match="no certificate yet"):
        disposal.read_certificate(office.officers[0], run)
    found = disposal.carry_out(office.officers[1], run)
    assert (found.destroyed, found.kept, found.left, found.certificate) == (3, 1, 0, 1)
    results = {one.case_id: (one.destroyed, one.why) for one in disposal.run_items(office.officers[0], run)}
    assert results[cases[1].case_id] == (False, "A complaint came in.")
    assert state_of(office, cases[1]) is State.ISSUED
    # Done once is done: nothing changes, and there is one certificate.
    assert disposal.carry_out(office.officers[0], run) == found


def test_d4_who_let_it_go_and_by_what_rule_stays_known(office: Office) -> None:
    done = closed(office)
    destroyed(office, done)
    with office.entry.store.read() as tx:
        rows = tx.execute(
            text("SELECT action, actor_id FROM journal WHERE heading = 'erasure' ORDER BY seq")
        ).fetchall()
        item = tx.execute(text("SELECT rule, due_on FROM disposal_item")).one()
    first, second = (one.user.id for one in office.officers)
    assert [tuple(row) for row in rows] == [
        ("propose_run", first),
        ("approve_run", second),
        ("destroy", first),
        ("certify_run", first),
    ]
    assert item.rule == "3 years after the letter is issued"


def test_d19_what_was_said_to_a_run_stays_and_a_new_run_is_another(office: Office) -> None:
    done = closed(office)
    run = proposed(office, done)
    disposal.decide_run(
        office.officers[1], DecideRun(run_id=run, approved=False, reasons="One is wanted by the court.")
    )
    with pytest.raises(Refused, match="decided already"):
        disposal.decide_run(office.officers[1], DecideRun(run_id=run, approved=True))
    again = proposed(office, done)
    assert again != run
    kept = {one.id: one.verdict.reasons for one in disposal.runs(office.officers[0]) if one.verdict}
    assert kept == {run: "One is wanted by the court."}
    for sql in ("UPDATE disposal_verdict SET approved = 1", "DELETE FROM disposal_verdict"):
        statement(office, sql)


def test_d20_a_certificate_is_kept_before_anyone_is_told_that_it_is_done(office: Office) -> None:
    done = closed(office)
    found = destroyed(office, done)
    with office.entry.store.read() as tx:
        assert tx.execute(text("SELECT number FROM destruction_certificate")).scalar_one() == found.certificate


def test_a_case_on_a_run_is_on_no_other_and_is_not_kept_by_it(office: Office) -> None:
    done = closed(office)
    first = office.officers[0]
    assert keeping(first, done.case_id).run is None
    proposed(office, done)
    (found,) = disposal.candidates(first)
    assert (found.kept_by, found.against) == ((), ("on_run",))
    kept = keeping(first, done.case_id)
    assert (bool(kept), kept.run) == (False, disposal.runs(first)[0])
    with pytest.raises(Refused, match="on a run already"):
        proposed(office, done)


def test_what_would_stay_of_a_run_is_known_before_and_stays(office: Office) -> None:
    goes, held_since, taken, mine = many_closed(office, 4)
    run = approved(office, goes, held_since, taken, mine)
    first = office.officers[0]
    assert would_stay(first, run) == ()
    place(office.guardian, case=reference(office, held_since))
    disposal.take_off(first, TakeOff(run_id=run, case_id=taken.case_id, why="A complaint."))
    with office.entry.store.write() as tx:
        tx.execute(text("INSERT INTO case_author VALUES (:id, :who)"), {"id": mine.case_id, "who": first.user.id})
    pass_grace(office)
    found = {one.reference: one.why for one in would_stay(first, run)}
    assert found == {
        reference(office, held_since): "A hold stands over it.",
        reference(office, mine): f"{first.user.name} worked on it, so somebody else destroys it.",
    }
    assert [one.why for one in would_stay(office.officers[1], run)] == ["A hold stands over it."]
    with pytest.raises(Refused):
        would_stay(office.guardian, run)
    disposal.carry_out(first, run)
    results = {one.reference: one.why for one in disposal.run_items(first, run) if one.destroyed is False}
    assert results == {**found, reference(office, taken): "A complaint."}
    assert would_stay(first, run) == ()


def test_what_is_due_can_be_kept_longer_for_a_reason(office: Office) -> None:
    done = closed(office)
    first = office.officers[0]
    later = first.today() + timedelta(days=400)
    with pytest.raises(Invalid, match="still to come"):
        disposal.retain(first, Retain(case_ids=(done.case_id,), review_on=first.today(), because="x"))
    with pytest.raises(Invalid, match="Say why"):
        disposal.retain(first, Retain(case_ids=(done.case_id,), review_on=later, because=" "))
    disposal.retain(first, Retain(case_ids=(done.case_id,), review_on=later, because="An appeal may follow."))
    assert disposal.candidates(first) == ()
    (row,) = timers(first)
    assert (row.timer.due_on, row.bucket) == (later, "running")
    pass_days(office, 401)
    assert [one.case_id for one in disposal.candidates(first)] == [done.case_id]
    assert not faults(office)


def test_a_run_says_why_and_has_cases(office: Office) -> None:
    done = closed(office)
    first = office.officers[0]
    with pytest.raises(Invalid, match="Say why"):
        disposal.propose_run(first, ProposeRun(case_ids=(done.case_id,), because=" "))
    with pytest.raises(Refused, match="Choose the cases"):
        disposal.propose_run(first, ProposeRun(case_ids=(), because=WHY))
    with pytest.raises(Refused, match="no such run"):
        disposal.carry_out(first, 77)


def test_an_officer_who_was_switched_off_destroys_nothing(office: Office) -> None:
    done = closed(office)
    run = approved(office, done)
    pass_grace(office)
    first = office.officers[0]
    with office.entry.store.write() as tx:
        tx.execute(text("UPDATE user SET active = 0 WHERE id = :id"), {"id": first.user.id})
    with pytest.raises(Refused, match="Sign in again"):
        disposal.carry_out(replace(first), run)
    assert isinstance(first, Desk)


@pytest.mark.parametrize("kept", [False, True])
def test_a_run_that_two_officers_carry_out_at_once_is_told_as_that_to_one(office: Office, kept: bool) -> None:
    first, second = many_closed(office, 2)
    run = approved(office, first, second)
    if kept:
        raise_concern(office.caseworker, RaiseConcern(command_id=str(uuid4()), case_id=second.case_id, why="A threat."))
    pass_grace(office)
    found = []

    def meanwhile(_done: int, _of: int) -> bool:
        found.append(disposal.carry_out(office.officers[1], run))
        return True

    with pytest.raises(Refused, match=r"^Another officer is carrying this run out\.$"):
        disposal.carry_out(office.officers[0], run, meanwhile)
    (other,) = found
    assert (other.destroyed, other.kept, other.left, other.certificate) == (2 - kept, int(kept), 0, 1)
    assert faults(office) == []


def test_what_was_raised_or_asked_about_the_person_since_keeps_the_case(office: Office) -> None:
    """A concern, and an open request for information by whoever shares given names and date of birth."""
    (case,) = many_closed(office, 1)
    run = approved(office, case)
    raise_concern(office.caseworker, RaiseConcern(command_id=str(uuid4()), case_id=case.case_id, why="A threat."))
    assert disposal.candidates(office.officers[1])[0].kept_by[:1] == ("fresh",)
    pass_grace(office)
    assert disposal.carry_out(office.officers[0], run).kept == 1
    assert state_of(office, case) is State.ISSUED


def test_nothing_is_destroyed_where_it_could_not_be_certified(office: Office) -> None:
    (case,) = many_closed(office, 1)
    run = approved(office, case)
    pass_days(office, 5 * 366)
    pass_grace(office)
    with pytest.raises(Refused, match="certificate that letters are signed with ended"):
        disposal.carry_out(office.officers[0], run)
    assert state_of(office, case) is State.ISSUED


def test_sql_moves_no_date_forward_and_no_approval_into_the_past(office: Office) -> None:
    (case,) = many_closed(office, 1)
    first, second = office.officers
    run = proposed(office, case)
    for last in ("2020-02-01", "x"):
        decide_by_sql(office, run, second.user.id, "waits for its grace period", last)
    sql = (
        "INSERT INTO retention_change (case_id, kind, due_on, rule, source, because, decided_by, decided_at)"
        " VALUES (:id, 'retain', :due, 'x', 'x', 'x', :by, :at)"
    )
    for due in ("2020-01-01", "rubbish"):
        statement(office, sql, id=case.case_id, due=due, by=first.user.id, at=moment(office))


def test_a_stub_is_found_by_its_reference_and_nothing_names_it_anew(office: Office) -> None:
    gone, other = many_closed(office, 2)
    destroyed(office, gone)
    (row,) = find(office.caseworker, "tr-000001-7")
    assert (row.id, row.state) == (gone.case_id, State.DESTROYED)
    ids = {"id": gone.case_id, "other": other.case_id, "by": office.caseworker.user.id, "at": moment(office)}
    statement(office, "INSERT INTO link VALUES (:id, :other, 1, :by, :at)", **ids)
    statement(office, "INSERT INTO link VALUES (:other, :id, 1, :by, :at)", **ids)
    statement(office, "INSERT INTO case_author VALUES (:id, 3)", **ids)


def test_a_refusal_names_some_of_the_cases_that_cannot_go_and_how_many_more(office: Office) -> None:
    cases = many_closed(office, 7)
    proposed(office, *cases)
    with pytest.raises(Refused) as found:
        proposed(office, *cases)
    named = " ".join(f"TR-00000{number}: It is on a run already." for number in ("1-7", "2-5", "3-3", "4-1", "5-0"))
    assert str(found.value) == f"7 cases cannot go. {named} And 2 more."
