"""A withdrawal that is taken back: its timer is cancelled, and the next closing starts another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from db import timers
from db.casereads import load_case
from db.errors import RuleKept
from db.journal import append
from db.records import Action, Heading, Json, Outcome, Relation, Role, State
from db.times import moment_text
from desktop.casework import disposal, issuing, links, outcomes, rebasing, reopening, requests, returning
from desktop.casework.casepage import case_page, open_case
from desktop.casework.desk import Done, Invalid, Refused
from desktop.policy.clocks import add_months
from tests.fixtures import Office, on
from tests.store.disposing import (
    approved,
    behind_guards,
    destroy_by_sql,
    faults,
    pass_days,
    pass_grace,
    proposed,
    state_of,
    statement,
)
from tests.store.test_rebasing import moving, new_rule

REOPEN = (
    "UPDATE cases SET state = 'draft', outcome = NULL, closed_on = NULL, version = version + 1, changed_by = :by,"
    " changed_at = :at WHERE id = :id"
)

CLOSE = (
    "UPDATE cases SET state = 'withdrawn', outcome = 'withdrawn', closed_on = :day, version = version + 1"
    " WHERE id = :id"
)


def withdrawn(office: Office, done: Done | None = None) -> Done:
    done = done or office.register(received=office.entry.today())
    return requests.withdraw(office.caseworker, requests.WithReasons(**on(done), reasons="Taken back."))


def reopened(office: Office, done: Done) -> Done:
    return reopening.reopen(office.caseworker, requests.WithReasons(**on(done), reasons="They go on with it."))


def answered(office: Office, done: Done) -> Done:
    """The request after nobody was found."""
    found = outcomes.Record(**on(office.approve(office.submit(done))), outcome=Outcome.NO_TRACE)
    return issuing.issue(office.caseworker, issuing.Issue(**on(outcomes.record(office.caseworker, found))))


def timer(office: Office, done: Done) -> Any:
    with office.entry.store.read() as tx:
        found = timers.timers_of(tx, [done.case_id])
    return found[0] if found else None


def test_reopening_cancels_the_timer_and_the_next_closing_starts_it_anew(office: Office) -> None:
    done = withdrawn(office)
    first = timer(office, done)
    assert first.trigger == "case_closed"
    assert first.started_on == office.entry.today()
    pass_days(office, 400)
    done = reopened(office, done)
    assert done.state is State.DRAFT
    assert timer(office, done) is None
    assert open_case(office.caseworker, done.case_id).case.row.outcome is None
    pass_days(office, 10)
    done = answered(office, done)
    second = timer(office, done)
    assert second.trigger == "letter_issued"
    assert second.started_on == office.entry.today()
    assert second.due_on > first.due_on
    assert faults(office) == []


def test_a_case_can_be_withdrawn_and_reopened_again(office: Office) -> None:
    done = withdrawn(office)
    for _ in range(3):
        pass_days(office, 31)
        done = withdrawn(office, reopened(office, done))
    found = timer(office, done)
    rule = office.entry.agreements.get("law-enforcement-tracing").retention
    assert found.due_on == add_months(office.entry.today(), rule.years * 12 + rule.months)
    assert faults(office) == []


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED, State.SUBMITTED, State.APPROVED, State.RECORDED])
def test_it_goes_on_as_a_draft_from_wherever_it_was_withdrawn(office: Office, state: State) -> None:
    done = reopened(office, withdrawn(office, office.in_state(state)))
    assert state_of(office, done) is State.DRAFT
    with office.entry.store.read() as tx:
        assert all(one.void for one in load_case(tx, done.case_id).decisions)
    assert state_of(office, answered(office, done)) is State.ISSUED


def test_the_clock_ran_on_and_counts_on_where_it_stood_still(office: Office) -> None:
    plain = office.register(received=office.entry.today())
    asked = office.register(person=1, received=office.entry.today())
    dated = returning.Dated(**on(asked), on=office.entry.today(), reasons="Who asks?")
    asked = returning.return_to_requester(office.caseworker, dated)
    plain, asked = withdrawn(office, plain), withdrawn(office, asked)
    before = open_case(office.caseworker, plain.case_id).case.row.due_on
    pass_days(office, 10)
    plain, asked = reopened(office, plain), reopened(office, asked)
    assert plain.due_on == before
    assert before is not None
    assert asked.due_on is not None
    assert asked.due_on > before
    case = open_case(office.caseworker, asked.case_id).case
    assert [one.until for one in case.pauses] == [office.entry.today()]
    assert faults(office) == []
    # Asked again, closed again, and taken up again.
    asked = returning.return_to_requester(
        office.caseworker, returning.Dated(**on(asked), on=office.entry.today(), reasons="And when?")
    )
    pass_days(office, 5)
    asked = reopened(office, withdrawn(office, asked))
    assert [one.until for one in case_page(office.caseworker, asked.case_id).case.pauses][1] == office.entry.today()
    assert faults(office) == []


def test_the_day_of_receipt_stays(office: Office) -> None:
    done = reopened(office, withdrawn(office))
    for typed in ({"day": "1", "month": "5", "year": "2026"}, {"day": "1", "month": "", "year": ""}):
        with pytest.raises(Invalid, match="day of its receipt stays"):
            office.save(done, received__on=typed)
    assert state_of(office, office.save(done, person__family_name="Orzeł")) is State.DRAFT


def why(office: Office, done: Done) -> str:
    """Why it is not reopened: what its page says, and what the function does."""
    said = open_case(office.caseworker, done.case_id).actions[Action.REOPEN]
    with pytest.raises(Refused) as refused:
        reopened(office, done)
    assert str(refused.value) == said
    return said


def test_an_answer_stays_answered(office: Office) -> None:
    assert "does not let anyone reopen it" in why(office, office.in_state(State.ISSUED))


def test_a_request_that_was_held_is_made_anew(office: Office) -> None:
    assert "suspended when it was received" in why(office, withdrawn(office, office.in_state(State.HELD)))


def test_a_duplicate_is_unlinked_first(office: Office) -> None:
    leading, done = office.register(), office.register(person=1)
    command = links.LinkCases(
        command_id=str(uuid4()),
        case_id=done.case_id,
        reference=open_case(office.caseworker, leading.case_id).case.row.reference,
        kind=Relation.DUPLICATE,
    )
    links.link_cases(office.caseworker, command)
    done = links.close_duplicate(office.caseworker, links.CloseDuplicate(**on(done)))
    assert "Unlink it first" in why(office, done)
    refused_by_sql(office, done, "stays closed")
    unlink = links.UnlinkCases(command_id=str(uuid4()), case_id=done.case_id, other_id=leading.case_id)
    links.unlink_cases(office.caseworker, unlink)
    assert state_of(office, reopened(office, done)) is State.DRAFT


def test_a_day_until_which_it_is_kept_is_the_earliest_of_the_next_timer_too(office: Office) -> None:
    kept, plain = withdrawn(office), withdrawn(office, office.register(person=1))
    pass_days(office, 3 * 366)
    later = office.entry.today() + timedelta(days=5000)
    command = disposal.Retain(case_ids=(kept.case_id,), review_on=later, because="The review is not over.")
    disposal.retain(office.officers[0], command)
    for done in (kept, plain):
        withdrawn(office, reopened(office, done))
    assert timer(office, kept).due_on == later > timer(office, plain).due_on > office.entry.today()
    assert faults(office) == []


def test_a_timer_that_was_given_a_new_rule_stays(office: Office) -> None:
    done = withdrawn(office)
    new_rule(office, 6)
    (one,) = rebasing.moved_dates(office.officers[0])
    rebasing.rebase(office.officers[0], moving(office, ((one.case_id, one.after),)))
    assert "given a new rule" in why(office, done)
    refused_by_sql(office, done, "stays closed")


def test_a_case_of_a_run_stays_closed_until_it_is_turned_down(office: Office) -> None:
    done = withdrawn(office)
    pass_days(office, 3 * 366)
    run = proposed(office, done)
    assert "on a disposal run" in why(office, done)
    turned_down = disposal.DecideRun(run_id=run, approved=False, reasons="It is still asked for.")
    disposal.decide_run(office.officers[1], turned_down)
    assert state_of(office, reopened(office, done)) is State.DRAFT


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.CASEWORKER])
def test_only_a_caseworker_reopens(office: Office, role: Role) -> None:
    done = withdrawn(office)
    with pytest.raises(Refused, match="Only a caseworker may reopen it"):
        reopening.reopen(office.desk(role), requests.WithReasons(**on(done), reasons="I want to."))
    with pytest.raises(Invalid, match="Give your reasons"):
        reopening.reopen(office.caseworker, requests.WithReasons(**on(done), reasons=" "))


def by_sql(office: Office, done: Done, then: str, **values: int) -> None:
    """Reopens a case by SQL, with the entry of the journal that belongs to it."""
    by, at = office.caseworker.user.id, office.entry.clock()
    with office.entry.store.write() as tx:
        data: dict[str, Json] = {"due": str(done.due_on)}
        append(tx, at=at, actor_id=by, action="reopen", heading=Heading.DECISION, case_id=done.case_id, data=data)
        tx.execute(text(REOPEN), {"id": done.case_id, "by": by, "at": moment_text(at)})
        tx.execute(text(then), values)


def refused_by_sql(office: Office, done: Done, match: str, then: str = "SELECT 1", **values: int) -> None:
    with pytest.raises(RuleKept, match=match):
        by_sql(office, done, then, **values)


def test_sql_reopens_nothing_without_a_word_and_stops_no_timer(office: Office) -> None:
    done, other = withdrawn(office), withdrawn(office, office.register(person=1))
    values = {"id": done.case_id, "by": office.caseworker.user.id, "at": moment_text(office.entry.clock())}
    statement(office, REOPEN, **values)
    cancel = "DELETE FROM retention WHERE case_id = :id"
    statement(office, cancel, id=done.case_id)
    refused_by_sql(office, done, "never changed or deleted", cancel, id=other.case_id)
    for state in (State.ISSUED, State.DRAFT):
        refused_by_sql(office, office.in_state(state), "only what was withdrawn is reopened")


def test_sql_moves_no_due_date_with_a_reopening_and_keeps_no_timer_of_before(office: Office) -> None:
    done = withdrawn(office)
    refused_by_sql(office, replace(done, due_on=date(2099, 1, 1)), "with the entry of the journal that says so")
    by_sql(office, done, "SELECT 1")
    with pytest.raises(RuleKept, match="once the timer of before is gone"), office.entry.store.write() as tx:
        tx.execute(text(CLOSE), {"id": done.case_id, "day": office.entry.today().isoformat()})


def test_sql_that_closes_a_reopened_case_on_the_day_of_before_is_told_and_frees_nothing(office: Office) -> None:
    """All in one transaction, beside one entry that says it was reopened: its timer would be the old one."""
    done, first = withdrawn(office), office.entry.today()
    pass_days(office, 3 * 366)
    by, at = office.caseworker.user.id, office.entry.clock()
    values = {"id": done.case_id, "by": by, "at": moment_text(at), "day": first.isoformat()}
    with office.entry.store.write() as tx:
        data: dict[str, Json] = {"due": str(done.due_on)}
        append(tx, at=at, actor_id=by, action="reopen", heading=Heading.DECISION, case_id=done.case_id, data=data)
        tx.execute(text(REOPEN), values)
        tx.execute(text("CREATE TEMP TABLE old AS SELECT * FROM retention WHERE case_id = :id"), values)
        tx.execute(text("DELETE FROM retention WHERE case_id = :id"), values)
        tx.execute(text(CLOSE), values)
        tx.execute(text("INSERT INTO retention SELECT * FROM old"))
    assert "TR-000001-7 was closed on another day than the journal says" in faults(office)
    stays(office, done)


def test_sql_that_closes_an_open_case_long_ago_is_told_and_frees_nothing(office: Office) -> None:
    done, model = office.register(), withdrawn(office, office.register(person=1))
    began = (
        "INSERT INTO retention SELECT :id, \"trigger\", :day, '2023-01-01', rule, source, months, appealed_months,"
        " longstop_on FROM retention WHERE case_id = :model"
    )
    values = {"id": done.case_id, "day": "2020-01-01", "model": model.case_id}
    with office.entry.store.write() as tx:
        for sql in (CLOSE, began):
            tx.execute(text(sql), values)
    stays(office, done)


def stays(office: Office, done: Done) -> None:
    """A run of a case that was closed otherwise than the journal says is not carried out, and SQL destroys it not."""
    pass_days(office, 40)
    run = approved(office, done)
    pass_grace(office)
    with pytest.raises(Refused, match="was closed on another day than the journal says"):
        disposal.carry_out(office.officers[0], run)
    said = "the journal does not say that this case was closed then"
    destroy_by_sql(office, done, office.officers[0].user.id, said)
    assert state_of(office, done) is State.WITHDRAWN


def test_the_day_of_an_earlier_withdrawal_is_no_day_of_closing_any_more(office: Office) -> None:
    """Whoever has the key puts the first closing back, after the case was closed again."""
    done = withdrawn(office)
    first = office.entry.today()
    pass_days(office, 31)
    done = withdrawn(office, reopened(office, done))
    assert faults(office) == []
    behind_guards(office, "cases", "UPDATE cases SET closed_on = :day, version = version + 1", day=first.isoformat())
    assert "TR-000001-7 was closed on another day than the journal says" in faults(office)
