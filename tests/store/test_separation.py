"""Two people, always: what the functions refuse, and what the database refuses to direct SQL."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from db.errors import RuleKept
from db.records import Outcome, Role, State
from desktop.casework import decisions, outcomes, requests
from desktop.casework.casepage import case_page
from desktop.casework.desk import Conflict, Desk, Invalid, Refused
from tests.fixtures import Office, on

DECIDING = {
    "approve": decisions.approve,
    "refuse": decisions.refuse,
    "reject": decisions.reject,
    "send_back": decisions.send_back,
    "escalate": decisions.escalate,
}


def as_role(desk: Desk, role: Role) -> Desk:
    """The same person with another role: what an administrator's mistake would make."""
    with desk.store.write() as tx:
        made = tx.execute(text("SELECT sql FROM sqlite_master WHERE name = 'user_fixed'")).scalar_one()
        tx.exec_driver_sql("DROP TRIGGER user_fixed")
        tx.execute(text("UPDATE user SET role = :role WHERE id = :id"), {"role": role.value, "id": desk.user.id})
        tx.exec_driver_sql(made)
    return replace(desk, user=replace(desk.user, role=role))


@pytest.mark.parametrize("name", DECIDING)
def test_a_caseworker_made_reviewer_cannot_decide_what_they_wrote(office: Office, name: str) -> None:
    done = office.in_state(State.SUBMITTED)
    turned = as_role(office.caseworker, Role.REVIEWER)
    with pytest.raises(Refused, match="You worked on this case"):
        DECIDING[name](turned, office.decide(done, reasons="Because.", because_of=("tried",)))
    assert case_page(office.reviewer, done.case_id).case.row.state is State.SUBMITTED


def test_a_caseworker_made_reviewer_cannot_release_what_they_recorded(office: Office) -> None:
    done = office.in_state(State.RECORDED)
    turned = as_role(office.caseworker, Role.REVIEWER)
    with pytest.raises(Refused, match="You worked on this case"):
        outcomes.release(turned, outcomes.Release(**on(done)))


def insert_decision(office: Office, case_id: int, user_id: int, action: str, submission: int = 1) -> None:
    with office.entry.store.write() as tx:
        tx.execute(
            text(
                "INSERT INTO decision (case_id, submission, action, decided_by, decided_at, reasons, because_of, views)"
                " VALUES (:case, :submission, :action, :who, '2026-06-10T09:00:00.000000Z', '', '[]', '{}')"
            ),
            {"case": case_id, "submission": submission, "action": action, "who": user_id},
        )


@pytest.mark.parametrize("action", ["approve", "refuse", "reject", "send_back", "escalate"])
@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.RECORDS_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_sql_cannot_write_a_decision_by_the_wrong_person(office: Office, action: str, role: Role) -> None:
    done = office.in_state(State.SUBMITTED)
    with pytest.raises(RuleKept):
        insert_decision(office, done.case_id, office.desk(role).user.id, action)


def test_sql_cannot_write_a_decision_by_an_author_with_the_right_role(office: Office) -> None:
    done = office.in_state(State.SUBMITTED)
    turned = as_role(office.caseworker, Role.REVIEWER)
    with pytest.raises(RuleKept, match="an author may not decide"):
        insert_decision(office, done.case_id, turned.user.id, "approve")


def test_sql_cannot_decide_an_older_submission_or_another_state(office: Office) -> None:
    done = office.in_state(State.SUBMITTED)
    reviewer = office.reviewer.user.id
    with pytest.raises(RuleKept):
        insert_decision(office, done.case_id, reviewer, "approve", submission=2)
    with pytest.raises(RuleKept):
        insert_decision(office, office.in_state(State.DRAFT).case_id, reviewer, "approve")


SQL_THAT_IS_REFUSED = {
    "approve without a decision": "UPDATE cases SET state = 'approved', version = version + 1 WHERE id = {submitted}",
    "refuse without a decision": "UPDATE cases SET state = 'refused', version = version + 1 WHERE id = {submitted}",
    "reject without a decision": "UPDATE cases SET state = 'rejected', version = version + 1 WHERE id = {submitted}",
    "skip a step": "UPDATE cases SET state = 'issued', version = version + 1 WHERE id = {draft}",
    "skip the reviewer": "UPDATE cases SET state = 'approved', version = version + 1 WHERE id = {draft}",
    "submit nothing": "UPDATE cases SET state = 'submitted', submission = 1, version = version + 1 WHERE id = {draft}",
    "release alone": "UPDATE cases SET state = 'released', version = version + 1 WHERE id = {recorded}",
    "issue without a letter": "UPDATE cases SET state = 'issued', version = version + 1 WHERE id = {released}",
    "re-open what is closed": "UPDATE cases SET state = 'draft', version = version + 1 WHERE id = {issued}",
    "change a decided person": "UPDATE cases SET family_name = 'X', version = version + 1 WHERE id = {approved}",
    "change a decided date": "UPDATE cases SET received_on = '2020-01-01', version = version + 1 WHERE id = {approved}",
    "change without a version": "UPDATE cases SET requester = 'X' WHERE id = {draft}",
    "change who created it": "UPDATE cases SET created_by = 2, version = version + 1 WHERE id = {draft}",
    "change the reference": "UPDATE cases SET reference = 'TR-1', version = version + 1 WHERE id = {draft}",
    "delete a case": "DELETE FROM cases WHERE id = {draft}",
    "change an approved answer": "UPDATE answer SET value = '1' WHERE case_id = {approved}",
    "delete an approved answer": "DELETE FROM answer WHERE case_id = {approved}",
    "add an approved answer": "INSERT INTO answer SELECT case_id, 'x', value, changed_by, changed_at"
    " FROM answer WHERE case_id = {approved} LIMIT 1",
    "change a decision": "UPDATE decision SET action = 'refuse'",
    "delete a decision": "DELETE FROM decision",
    "change a submission": "UPDATE submission SET snapshot = '{{}}'",
    "delete a submission": "DELETE FROM submission",
    "change a finding": "UPDATE finding SET released = '{{}}'",
    "forget an author": "DELETE FROM case_author",
    "rename an author": "UPDATE case_author SET user_id = 2",
    "change a letter": "UPDATE letter SET pdf = X'00'",
    "delete a letter": "DELETE FROM letter",
    "change what was disclosed": "UPDATE disclosure SET items = '[]'",
    "delete a letter's history": "DELETE FROM letter_event",
    "change the pinned agreement": "UPDATE agreement_text SET text = ''",
    "delete a person": "DELETE FROM user",
    "make a caseworker a reviewer": "UPDATE user SET role = 'reviewer' WHERE role = 'caseworker'",
    "be someone else": "UPDATE user SET id = 99 WHERE role = 'caseworker'",
    "take someone's name": "UPDATE OR REPLACE user SET username = 'daniel.osei' WHERE role = 'caseworker'",
    "move a case": "UPDATE OR REPLACE cases SET id = 777, version = version + 1 WHERE id = {submitted}",
    "pin another agreement": "UPDATE cases SET agreement_hash = 'x', version = version + 1 WHERE id = {draft}",
    "put forward what was not submitted": "UPDATE cases SET submission = submission + 1, version = version + 1"
    " WHERE id = {approved}",
    "submit behind an approval": "INSERT INTO submission SELECT case_id, number + 1, submitted_by, submitted_at,"
    " snapshot, snapshot_hash FROM submission WHERE case_id = {released}",
    "submit behind a refusal": "INSERT INTO submission SELECT case_id, number + 1, submitted_by, submitted_at,"
    " snapshot, snapshot_hash FROM submission WHERE case_id = {refused}",
    "submit as a reviewer": "INSERT INTO submission SELECT {draft}, 1, (SELECT id FROM user WHERE role = 'reviewer'),"
    " submitted_at, snapshot, snapshot_hash FROM submission LIMIT 1",
    "end a closed case otherwise": "UPDATE cases SET outcome = 'no_trace', version = version + 1 WHERE id = {issued}",
    "put off a review": "UPDATE retention SET due_on = '2099-01-01'",
    "forget a review": "DELETE FROM retention",
    "forget a pause": "DELETE FROM pause",
    "change a pause": "UPDATE pause SET since = '2020-01-01'",
    "forget a command": "DELETE FROM command",
    "count again": "UPDATE meta SET value = '1' WHERE key = 'sequence.case.TR'",
    "forget the organisation": "DELETE FROM organisation",
    "put off a deadline": "UPDATE cases SET due_on = '2030-01-01', version = version + 1 WHERE id = {submitted}",
    "put off an approved deadline": "UPDATE cases SET due_on = NULL, version = version + 1 WHERE id = {approved}",
    "call it certain": "UPDATE cases SET provisional = 1, version = version + 1 WHERE id = {approved}",
    "say that it was found": "UPDATE cases SET outcome = 'traced', version = version + 1 WHERE id = {submitted}",
    "say that a refused one was found": "UPDATE cases SET outcome = 'traced', version = version + 1"
    " WHERE id = {refused}",
    "say that it was not found": "UPDATE cases SET outcome = 'no_trace', version = version + 1 WHERE id = {recorded}",
    "say nothing of what was found": "UPDATE cases SET outcome = NULL, version = version + 1 WHERE id = {recorded}",
    "give a case to another": "UPDATE cases SET caseworker_id = 2, version = version + 1 WHERE id = {submitted}",
    "take a case out of earlier requests": "DELETE FROM identifier WHERE case_id = {submitted}",
    "change what a case is found by": "UPDATE identifier SET value = 'x' WHERE case_id = {draft}",
    "start a timer early": 'INSERT INTO retention SELECT {submitted}, "trigger", started_on, due_on, rule, source,'
    " months, appealed_months, longstop_on FROM retention LIMIT 1",
    "void as a reviewer": "INSERT INTO voiding SELECT id, (SELECT id FROM user WHERE role = 'reviewer'), decided_at"
    " FROM decision WHERE case_id = {approved}",
    "void what is closed": "INSERT INTO voiding SELECT id, (SELECT id FROM user WHERE role = 'caseworker'), decided_at"
    " FROM decision WHERE case_id = {issued}",
    "be no sample": "UPDATE organisation SET sample = 0",
    "begin as approved": "INSERT INTO cases SELECT NULL, 'TR-9', kind, agreement_id, agreement_version, agreement_hash,"
    " 'approved', outcome, requester_kind, received_on, due_on, provisional, expedited, caseworker_id, created_by,"
    " created_at, changed_by, changed_at, version, submission, sent_back, closed_on, requester, requester_reference,"
    " family_name, given_names, born, salt, answered_as FROM cases WHERE id = {draft}",
}


@pytest.mark.parametrize("name", SQL_THAT_IS_REFUSED)
def test_direct_sql_is_refused(sample_office: Office, name: str) -> None:
    ids = {}
    with sample_office.entry.store.read() as tx:
        for state in ("draft", "submitted", "approved", "recorded", "released", "refused", "issued"):
            ids[state] = tx.execute(text("SELECT id FROM cases WHERE state = :s LIMIT 1"), {"s": state}).scalar_one()
    with pytest.raises(RuleKept), sample_office.entry.store.write() as tx:
        tx.exec_driver_sql(SQL_THAT_IS_REFUSED[name].format(**ids))


def test_a_letter_that_is_not_bound_to_what_was_approved_is_refused(office: Office) -> None:
    done = office.in_state(State.RELEASED)
    with pytest.raises(RuleKept, match="bound to what was approved"), office.entry.store.write() as tx:
        tx.execute(
            text(
                "INSERT INTO letter (number, case_id, kind, sha256, snapshot_hash, issued_by, issued_at, recipient)"
                " VALUES (77, :id, 'disclosure', 'x', 'forged', 1, '2026-06-10T09:00:00.000000Z', '')"
            ),
            {"id": done.case_id},
        )


@pytest.mark.parametrize("state", [State.SUBMITTED, State.APPROVED, State.RECORDED, State.RELEASED, State.REFUSED])
def test_editing_after_submission_voids_the_decision(office: Office, state: State) -> None:
    done = office.in_state(state)
    edited = office.save(done, person__nationality="Changed")
    page = case_page(office.caseworker, edited.case_id)
    assert page.case.row.state is State.DRAFT
    assert page.case.row.outcome is None
    assert all(decision.void for decision in page.case.decisions)
    with pytest.raises(Refused):
        outcomes.record(office.caseworker, outcomes.Record(**on(edited), outcome=Outcome.NO_TRACE))


def test_two_windows_cannot_overwrite_each_other(office: Office) -> None:
    done = office.register()
    office.save(done, necessity__statement="The first window.")
    with pytest.raises(Conflict, match="Ruth Adeyemi changed this case"):
        office.save(done, necessity__statement="The second window.")
    assert case_page(office.caseworker, done.case_id).case.answers["necessity.statement"] == "The first window."


def test_a_double_click_does_it_once(office: Office) -> None:
    done = office.register()
    command = requests.Submit(**on(done))
    first = requests.submit(office.caseworker, command)
    assert requests.submit(office.caseworker, command) == first
    assert len(case_page(office.caseworker, done.case_id).case.submissions) == 1


def test_an_account_that_was_switched_off_does_nothing_more(office: Office) -> None:
    from desktop.casework.accounts import set_active

    done = office.register()
    set_active(office.desk(Role.ADMINISTRATOR), office.caseworker.user.id, active=False)
    with pytest.raises(Refused, match="Sign in again"):
        requests.submit(office.caseworker, requests.Submit(command_id=str(uuid4()), case_id=done.case_id, version=1))


@pytest.mark.parametrize("state", [state for state in State if state is not State.DESTROYED])
def test_every_state_is_reached_by_the_ordinary_way(office: Office, state: State) -> None:
    assert office.in_state(state).state is state


REPLACING = {
    "submission": "INSERT OR REPLACE INTO submission SELECT case_id, number, 1, submitted_at, '{}', snapshot_hash"
    " FROM submission LIMIT 1",
    "finding": "INSERT OR REPLACE INTO finding SELECT * FROM finding LIMIT 1",
    "letter_event": "INSERT OR REPLACE INTO letter_event SELECT * FROM letter_event LIMIT 1",
    "disclosure": "INSERT OR REPLACE INTO disclosure SELECT * FROM disclosure LIMIT 1",
    "agreement_text": "INSERT OR REPLACE INTO agreement_text SELECT hash, agreement_id, '' FROM agreement_text LIMIT 1",
    "user": "INSERT OR REPLACE INTO user SELECT * FROM user LIMIT 1",
    "cases": "INSERT OR REPLACE INTO cases SELECT * FROM cases LIMIT 1",
    "letter": "INSERT OR REPLACE INTO letter SELECT * FROM letter LIMIT 1",
    "decision": "INSERT OR REPLACE INTO decision SELECT * FROM decision LIMIT 1",
}


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("table", REPLACING)
def test_nothing_is_replaced(sample_office: Office, table: str, recursive: str) -> None:
    store = sample_office.entry.store
    with store.read() as tx:
        tx.exec_driver_sql(f"PRAGMA recursive_triggers = {recursive}")
    with pytest.raises(RuleKept), store.write() as tx:
        tx.exec_driver_sql(REPLACING[table])


def test_a_draft_again_needs_its_decision_void(office: Office) -> None:
    done = office.in_state(State.APPROVED)
    with pytest.raises(RuleKept, match="must be void"), office.entry.store.write() as tx:
        tx.execute(text("UPDATE cases SET state = 'draft', version = version + 1 WHERE id = :id"), {"id": done.case_id})


def test_a_decided_submission_is_not_submitted_again(office: Office) -> None:
    done = office.save(office.in_state(State.APPROVED), person__nationality="Changed")
    with pytest.raises(RuleKept, match="nothing was submitted"), office.entry.store.write() as tx:
        tx.execute(
            text("UPDATE cases SET state = 'submitted', version = version + 1 WHERE id = :id"), {"id": done.case_id}
        )


def test_an_outcome_cannot_be_passed_off_as_another_to_skip_the_release(office: Office) -> None:
    done = office.in_state(State.RECORDED)
    with pytest.raises(RuleKept, match="what was decided or found"), office.entry.store.write() as tx:
        tx.execute(
            text("UPDATE cases SET outcome = 'no_trace', version = version + 1 WHERE id = :id"), {"id": done.case_id}
        )
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        tx.execute(
            text(
                "INSERT INTO letter (number, case_id, kind, sha256, snapshot_hash, issued_by, issued_at, recipient)"
                " SELECT 77, case_id, 'disclosure', 'x', snapshot_hash, 1, recorded_at, '' FROM finding"
                " WHERE case_id = :id"
            ),
            {"id": done.case_id},
        )


def test_who_changes_a_name_by_sql_is_an_author(office: Office) -> None:
    done = office.register()
    with office.entry.store.write() as tx:
        tx.execute(
            text("UPDATE cases SET family_name = 'X', changed_by = :who, version = version + 1 WHERE id = :id"),
            {"who": office.reviewer.user.id, "id": done.case_id},
        )
    assert office.reviewer.user.id in case_page(office.caseworker, done.case_id).case.authors


def test_an_empty_edit_voids_nothing(office: Office) -> None:
    done = office.in_state(State.APPROVED)
    assert (
        requests.save_answers(office.caseworker, requests.SaveAnswers(**on(done), answers={})).state is State.APPROVED
    )


def test_a_command_id_serves_one_action(office: Office) -> None:
    done = office.register()
    command = requests.Submit(**on(done))
    requests.submit(office.caseworker, command)
    other = requests.WithReasons(
        command_id=command.command_id, case_id=done.case_id, version=done.version, reasons="No longer."
    )
    with pytest.raises(Refused, match="mixed up"):
        requests.withdraw(office.caseworker, other)


def test_roles_that_see_no_names_read_no_letters(sample_office: Office) -> None:
    from db.records_views import RegisterFilter
    from desktop.casework import issuing, register

    caseworker = sample_office.caseworker
    (case_id, *_) = register.register_ids(caseworker, RegisterFilter(state=State.ISSUED))
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        for read in (issuing.read_letter, issuing.preview):
            with pytest.raises(Refused, match="not whom they are about"):
                read(sample_office.desk(role), case_id)


def test_a_first_password_opens_nothing_but_its_change(office: Office) -> None:
    from desktop.casework.accounts import reset_password

    reset_password(office.desk(Role.ADMINISTRATOR), office.caseworker.user.id, "another long sentence")
    with pytest.raises(Refused, match="password of your own"):
        office.register()


def test_an_edit_does_not_take_a_case_from_the_guardian(office: Office) -> None:
    done = office.in_state(State.ESCALATED)
    done = office.submit(office.save(done, person__nationality="Changed"))
    with pytest.raises(Invalid, match="only the guardian can approve it"):
        office.approve(done)
    with pytest.raises(RuleKept, match="may not decide this case now"):
        insert_decision(office, done.case_id, office.reviewer.user.id, "approve", submission=2)
    done = decisions.escalate(office.reviewer, office.decide(done, reasons="Again for the guardian."))
    assert decisions.approve(office.guardian, office.decide(done)).state is State.APPROVED
