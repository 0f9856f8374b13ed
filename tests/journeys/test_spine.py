"""The main job through the actions: from a request received to a letter issued and a retention timer running."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from db.records import Action, Json, LetterKind, Outcome, Role, State
from db.records_views import RegisterFilter
from desktop.casework import decisions, issuing, outcomes, register, requests, returning, work
from desktop.casework.casepage import case_page, changes_since_sent_back, history, open_case
from desktop.casework.desk import Done, Invalid, Refused
from desktop.casework.verifying import verify_store
from tests.fixtures import Office, on


def test_from_request_to_letter_and_timer(office: Office) -> None:
    done = office.register()
    page = open_case(office.caseworker, done.case_id)
    assert page.case.row.reference == "TR-000001-7"
    assert page.case.row.due_on == date(2026, 6, 30)
    assert page.verdict.may_approve
    assert page.problems == ()
    done = office.submit(done)
    assert [one.row.id for one in work.review_queue(office.reviewer)] == [done.case_id]
    done = office.approve(done)
    assert done.state is State.APPROVED
    done = office.traced(done)
    with pytest.raises(Refused, match="second person"):
        issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    done = office.release(done)
    seen = issuing.preview(office.caseworker, done.case_id)
    assert seen.kind is LetterKind.PARTIAL_DISCLOSURE
    done = issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    assert done.state is State.ISSUED
    pdf = issuing.read_letter(office.caseworker, done.case_id)
    page = case_page(office.caseworker, done.case_id)
    assert page.case.letter is not None
    assert hashlib.sha256(pdf).hexdigest() == page.case.letter.sha256
    done = issuing.printed(office.caseworker, issuing.Handled(**on(done)))
    with pytest.raises(Invalid, match="not the reference on the letter"):
        office.sent(done, typed_reference="NSP/ECU/2026/999")
    with pytest.raises(Invalid, match="not the first line of the address"):
        office.sent(done, typed_line="Somebody Else")
    assert office.sent(done).state is State.ISSUED
    (timer,) = register.timers(office.desk(Role.RECORDS_OFFICER))
    assert timer.timer.due_on == date(2029, 6, 10)
    assert timer.timer.reference == "TR-000001-7"
    assert "3 years" in timer.timer.rule
    assert verify_store(office.entry).sound
    told = [line.what for line in reversed(history(office.caseworker, done.case_id))]
    assert told[0] == "registered the request"
    assert told[-1] == "marked the letter as sent"


def test_the_preview_is_what_is_issued(office: Office) -> None:
    done = office.in_state(State.RELEASED)
    seen = issuing.preview(office.caseworker, done.case_id)
    issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    issued = issuing.read_letter(office.caseworker, done.case_id)
    # Only the document's title tells a preview from letter 1: the pages are the same.
    assert len(seen.pdf) - len(issued) < 200
    with office.entry.store.read() as tx:
        bound = tx.execute(text("SELECT snapshot_hash FROM letter")).scalar_one()
        approved = tx.execute(text("SELECT snapshot_hash FROM finding")).scalar_one()
    assert bound == approved


@pytest.mark.parametrize("outcome", [Outcome.NO_TRACE, Outcome.MORE_THAN_ONE])
def test_no_trace_needs_no_release(office: Office, outcome: Outcome) -> None:
    done = office.in_state(State.APPROVED)
    done = outcomes.record(office.caseworker, outcomes.Record(**on(done), outcome=outcome))
    with pytest.raises(Refused, match="Nothing is disclosed"):
        office.release(done)
    assert issuing.preview(office.caseworker, done.case_id).kind is LetterKind.NO_TRACE
    assert issuing.issue(office.caseworker, issuing.Issue(**on(done))).state is State.ISSUED


def test_status_check_is_answered(office: Office) -> None:
    done = office.register("nhs-status-check", "trust", 4)
    done = office.approve(office.submit(done))
    values = {"status": {"value": "Settled", "recorded_on": "14 May 2019"}}
    done = outcomes.record(
        office.caseworker,
        outcomes.Record(**on(done), outcome=Outcome.STATUS, status_answer="settled", values=values),
    )
    done = issuing.issue(office.caseworker, issuing.Issue(**on(office.release(done))))
    assert case_page(office.caseworker, done.case_id).case.letter.kind is LetterKind.STATUS_ANSWER  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("matched", "message"),
    [
        ((), "at least"),
        (("nhs_number",), "NHS number"),
        (("name", "born"), "one more"),
        (("nhs_number", "gender", "nationality"), "name"),
    ],
)
def test_too_few_identifiers_disclose_nothing(office: Office, matched: tuple[str, ...], message: str) -> None:
    done = office.in_state(State.APPROVED)
    values = {"address": {"value": "27 Ropewalk Court", "recorded_on": ""}}
    command = outcomes.Record(**on(done), outcome=Outcome.TRACED, matched=matched, values=values)
    with pytest.raises(Invalid) as caught:
        outcomes.record(office.caseworker, command)
    assert any(problem.field == "matched" for problem in caught.value.problems)
    assert case_page(office.caseworker, done.case_id).case.row.state is State.APPROVED


def test_only_what_was_approved_can_be_released(office: Office) -> None:
    done = office.in_state(State.APPROVED)
    for item in ("gp_practice", "health", "registered_on", "next_of_kin"):
        command = outcomes.Record(
            **on(done),
            outcome=Outcome.TRACED,
            matched=("name", "born", "address"),
            values={item: {"value": "x", "recorded_on": ""}},
        )
        with pytest.raises(Invalid, match="not approved for release"):
            outcomes.record(office.caseworker, command)


def test_an_item_that_is_not_permitted_stops_the_approval(office: Office) -> None:
    done = office.register(asked__items=["address", "gp_practice"], release__items=["address", "gp_practice"])
    page = case_page(office.caseworker, done.case_id)
    assert page.verdict.leads == "narrow"
    with pytest.raises(Invalid):
        office.approve(office.submit(done))
    assert case_page(office.caseworker, done.case_id).case.row.state is not State.APPROVED


def criterion(answer: str) -> dict[str, Json]:
    return {"answer": answer, "reasons": "As the file shows.", "evidence": []}


@pytest.mark.parametrize(
    ("answer", "view", "words"),
    [
        ("met", "agree", "Criterion 4 is met, and you did not disagree"),
        ("met", "", "Criterion 4 is met, and you did not disagree"),
        ("met", "disagree", ""),
        ("not_met", "agree", ""),
        ("not_met", "", ""),
        ("cant_tell", "agree", ""),
    ],
)
def test_a_refusal_rests_on_what_is_not_met_or_disagreed_with(
    office: Office, answer: str, view: str, words: str
) -> None:
    done = office.submit(office.register(criteria__tried=criterion(answer)))
    command = office.decide(done, reasons="No.", because_of=("tried",))
    command = replace(command, views={**command.views, "tried": {"view": view, "note": ""}})
    if not words:
        assert decisions.refuse(office.reviewer, command).state is State.REFUSED
        return
    with pytest.raises(Invalid, match=words) as refused:
        decisions.refuse(office.reviewer, command)
    assert [one.field for one in refused.value.problems] == ["because_of"]
    assert case_page(office.reviewer, done.case_id).case.row.state is State.SUBMITTED


def test_each_criterion_of_a_refusal_counts(office: Office) -> None:
    done = office.submit(office.register(criteria__tried=criterion("not_met")))
    with pytest.raises(Invalid, match="Criterion 2 is met"):
        decisions.refuse(office.reviewer, office.decide(done, reasons="No.", because_of=("channel", "tried")))
    done = decisions.refuse(office.reviewer, office.decide(done, reasons="No.", because_of=("tried",)))
    assert done.state is State.REFUSED


@pytest.mark.parametrize("answer", ["met", "not_met"])
def test_procedure_is_rejected_and_not_refused(office: Office, answer: str) -> None:
    done = office.submit(office.register(criteria__channel=criterion(answer)))
    command = office.decide(done, reasons="No.", because_of=("channel",))
    command = replace(command, views={**command.views, "channel": {"view": "disagree", "note": ""}})
    with pytest.raises(Invalid, match="fails the procedure is rejected"):
        decisions.refuse(office.reviewer, command)


def test_the_guardian_disagrees_with_what_is_met_before_refusing_for_it(office: Office) -> None:
    done = decisions.escalate(office.reviewer, office.decide(office.submit(office.register()), reasons="Look at this."))
    command = office.decide(done, reasons="She hides.", because_of=("safeguarding",))
    with pytest.raises(Invalid, match="is met, and you did not disagree"):
        decisions.refuse(office.guardian, command)
    command = replace(command, views={**command.views, "safeguarding": {"view": "disagree", "note": ""}})
    assert decisions.refuse(office.guardian, command).state is State.REFUSED


def test_what_changed_since_it_was_sent_back(office: Office) -> None:
    done = office.in_state(State.SENT_BACK)
    done = office.save(done, tried__statement="Every source was tried in May.")
    done = office.submit(done)
    page = case_page(office.reviewer, done.case_id)
    (change,) = changes_since_sent_back(page)
    assert "Every source was tried in May." in change.after
    assert page.case.row.sent_back == 1


def test_an_escalated_case_is_for_the_guardian(office: Office) -> None:
    done = office.in_state(State.ESCALATED)
    with pytest.raises(Refused, match="Only a guardian"):
        office.approve(done)
    done = decisions.approve(office.guardian, office.decide(done))
    assert done.state is State.APPROVED


def test_the_home_office_agreement_as_it_was(office: Office) -> None:
    def received(on_day: date) -> Done:
        return office.register("home-office-tracing", "home_office", 7, on_day)

    first = received(date(2018, 5, 8))
    assert first.state is State.DRAFT
    assert case_page(office.caseworker, first.case_id).case.row.agreement_version == 1
    narrowed = received(date(2018, 5, 9))
    assert narrowed.state is State.HELD
    released = requests.take_off_hold(
        office.guardian, requests.WithReasons(**on(narrowed), reasons="It meets the narrowed criteria.")
    )
    assert released.state is State.DRAFT
    assert received(date(2018, 11, 8)).state is State.HELD
    late = received(date(2018, 11, 9))
    page = case_page(office.caseworker, late.case_id)
    assert page.verdict.leads == "reject"
    assert not page.verdict.may_approve
    done = office.submit(late)
    for wrong in (decisions.approve, decisions.refuse):
        with pytest.raises(Invalid):
            wrong(office.reviewer, office.decide(done, reasons="No.", because_of=("tried",)))
    done = decisions.reject(office.reviewer, office.decide(done, reasons="No agreement permits it."))
    assert issuing.preview(office.caseworker, done.case_id).kind is LetterKind.NOT_PERMITTED
    assert issuing.issue(office.caseworker, issuing.Issue(**on(done))).state is State.ISSUED


def test_a_corrected_date_of_receipt_moves_the_case_to_the_version_then_in_force(office: Office) -> None:
    done = office.register("home-office-tracing", "home_office", 7, date(2018, 5, 8))
    done = office.save(done, received__on={"day": "11", "month": "6", "year": "2018"})
    assert done.state is State.HELD
    done = office.save(done, received__on={"day": "1", "month": "", "year": ""})
    assert done.due_on is None
    done = office.save(done, received__on={"day": "1", "month": "6", "year": "2017"})
    assert done.state is State.DRAFT
    assert case_page(office.caseworker, done.case_id).case.row.agreement_version == 1


def test_a_returned_request_stops_the_clock(office: Office) -> None:
    done = office.register(received=date(2026, 6, 1))
    before = case_page(office.caseworker, done.case_id).case.row.due_on
    done = returning.return_to_requester(
        office.caseworker, returning.Dated(**on(done), on=date(2026, 6, 3), reasons="Dates are missing.")
    )
    done = returning.resume(office.caseworker, returning.Dated(**on(done), on=date(2026, 6, 10)))
    page = case_page(office.caseworker, done.case_id)
    assert before == date(2026, 6, 30)
    # Thursday 4 to Wednesday 10 June do not count: five working days.
    assert page.case.row.due_on == date(2026, 7, 7)


def test_late_cases_lead_and_the_queue_is_in_order_of_urgency(sample_office: Office) -> None:
    mine = work.my_work(sample_office.caseworker)
    assert mine.groups[0].key == work.LATE
    queue = work.review_queue(sample_office.reviewer)
    assert queue[0].row.expedited
    dates = [one.row.due_on for one in queue if not one.row.expedited and one.row.due_on]
    assert dates == sorted(dates)


def test_an_auditor_sees_no_names(sample_office: Office) -> None:
    auditor = sample_office.desk(Role.AUDITOR)
    ids = register.register_ids(auditor, RegisterFilter())
    rows = register.register_rows(auditor, ids)
    assert rows
    assert not any(row.family_name or row.given_names or row.requester or row.born for row in rows)
    with pytest.raises(Refused):
        register.find(auditor, "Kowalczyk")
    with pytest.raises(Refused):
        open_case(auditor, ids[0])


def test_search_finds_by_every_key(office: Office) -> None:
    done = office.register(person=0)
    for typed in ("TR-000001-7", "kowal", "Tomasz Kowalczyk", "30 June 1984", "943 476 5919", "9434765919", "NSP/ECU"):
        assert [row.id for row in register.find(office.caseworker, typed)] == [done.case_id], typed
    for typed in ("", "   ", '"', "*", "AND", "Nobody", "' OR 1=1 --"):
        assert register.find(office.caseworker, typed) == (), typed


def test_earlier_requests_are_facts(sample_office: Office) -> None:
    ids = register.register_ids(sample_office.caseworker, RegisterFilter(text="Kowalczyk"))
    rows = {row.given_names: row for row in register.register_rows(sample_office.caseworker, ids)}
    page = case_page(sample_office.caseworker, rows["Tomasz Paweł"].id)
    (earlier,) = [one for one in page.earlier if one.row.given_names == "Tomas"]
    verdicts = {one.label: one.verdict for one in earlier.comparison}
    assert verdicts["Family name"] == "agrees"
    assert verdicts["Born"] == "differs"
    assert set(verdicts.values()) <= {"agrees", "differs", "unknown"}


def test_a_closed_case_takes_no_more_steps(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    page = case_page(office.caseworker, done.case_id)
    allowed = {action for action, why in page.actions.items() if not why}
    assert allowed == {Action.PRINT, Action.SAVE_COPY, Action.PREPARE_MAIL, Action.MARK_SENT, Action.REISSUE}


def test_being_late_is_told_from_the_clock(office: Office) -> None:
    done = office.register(received=date(2026, 5, 1))
    late = replace(office.caseworker, clock=lambda: datetime(2026, 6, 2, 23, 1, tzinfo=UTC))
    page = case_page(late, done.case_id)
    assert page.case.row.due_on == date(2026, 6, 2)
    # 23.01 in UTC on 2 June is 00.01 in London on 3 June: late from that minute.
    assert page.days_left == -1


def test_there_is_no_copy_of_a_letter_that_nobody_knows_of(office: Office, tmp_path: Path) -> None:
    done = office.in_state(State.ISSUED)
    reference = case_page(office.caseworker, done.case_id).case.row.reference
    out = tmp_path / "copy.pdf"

    def copies() -> int:
        return sum(line.what == "saved a copy of the letter" for line in history(office.caseworker, done.case_id))

    issuing.copy_letter(office.caseworker, reference, out)
    assert copies() == 1
    with pytest.raises(FileExistsError):
        issuing.copy_letter(office.caseworker, reference, out)
    assert copies() == 1, "nothing was written, so nothing is journalled"
    with office.entry.store.write() as tx:
        tx.exec_driver_sql(
            "CREATE TEMP TRIGGER full BEFORE INSERT ON letter_event BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    other = tmp_path / "other.pdf"
    with pytest.raises(Refused, match="does not allow"):
        issuing.copy_letter(office.caseworker, reference, other)
    assert not other.exists()
