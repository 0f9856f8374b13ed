"""What SQL cannot lift with every guard in place, and what the checks say of it where a guard was away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from db.errors import RuleKept
from db.journal import append
from db.records import Heading, State
from desktop.casework import disposal
from desktop.casework.desk import Refused
from desktop.casework.register import timers
from tests.fixtures import Office
from tests.store.backing import linked
from tests.store.disposing import (
    approved,
    closed,
    faults,
    moment,
    note,
    pass_days,
    said_and_destroyed,
    state_of,
    without,
)
from tests.store.test_triggers import ruled

EARLY = "1999-01-01T00:00:00.000000Z"
SENT = "INSERT INTO letter_event (letter_id, action, done_by, done_at) VALUES (1, 'mark_sent', :by, :at)"
WITHDRAWN = (
    "INSERT INTO policy_change (agreement_id, kind, takes_effect, because, agreement_hash, decided_by, decided_at)"
    " SELECT agreement_id, 'withdraw', '1999-01-01', 'x', agreement_hash, :by, :at FROM cases LIMIT 1"
)
UNLINKED = "UPDATE relation SET unlinked_by = :by, unlinked_at = :at"
SECOND = (
    "INSERT INTO organisation (id, name, team, address, phone, email, hours, signatory_name, signatory_title, sample)"
    " SELECT 7, name, team, address, phone, email, hours, signatory_name, signatory_title, 1 FROM organisation"
)


def ran(office: Office, sql: str, *lifted: str, **values: object) -> None:
    with office.entry.store.write() as tx, without(tx, *lifted):
        tx.execute(text(sql), values)


@pytest.mark.parametrize("trigger", ["letter_sent", "agreement_withdrawn"])
def test_sql_starts_no_timer_that_waits(office: Office, trigger: str) -> None:
    ruled(office, trigger)
    done = office.in_state(State.ISSUED)
    pass_days(office, 3 * 366)
    before = timers(office.officers[0])[0].timer.due_on
    sql, by = (SENT, office.caseworker) if trigger == "letter_sent" else (WITHDRAWN, office.guardian)
    for at in (EARLY, moment(office)):
        with pytest.raises(RuleKept):
            ran(office, sql, by=by.user.id, at=at)
    assert timers(office.officers[0])[0].timer.due_on == before
    assert state_of(office, done) is State.ISSUED
    assert not faults(office)


@pytest.mark.parametrize("at", [EARLY, "2999-13-01T00:00:00.000000Z", "soon", ""])
def test_a_letter_goes_out_at_no_moment_before_it_is_issued_or_that_is_none(office: Office, at: str) -> None:
    closed(office)
    with pytest.raises(RuleKept, match="a letter goes out after it is issued"):
        ran(office, SENT, "letter_event_said", by=office.caseworker.user.id, at=at)


def test_a_letter_that_a_fast_clock_issued_goes_out_once_the_clock_is_said_to_be_right(office: Office) -> None:
    pass_days(office, 400)
    done = office.in_state(State.ISSUED)
    pass_days(office, -400)
    with pytest.raises(Refused, match="a letter goes out after it is issued"):
        office.sent(done)
    with office.entry.store.write() as tx:
        who = office.guardian.user.id
        append(tx, at=office.entry.clock(), actor_id=who, action="clock_right", heading=Heading.SYSTEM)
    assert office.sent(done).state is State.ISSUED


def test_what_is_not_in_the_journal_of_a_letter_an_agreement_and_a_link_is_found_by_the_checks(office: Office) -> None:
    done = closed(office)
    foi = office.register()
    linked(office, foi, done)
    assert not faults(office)
    now = moment(office)
    ran(office, SENT, "letter_event_said", by=office.caseworker.user.id, at=now)
    ran(office, WITHDRAWN, "policy_change_said", by=office.guardian.user.id, at=now)
    ran(office, UNLINKED, "relation_end_said", by=office.caseworker.user.id, at=now)
    again = (
        "INSERT INTO relation (case_id, other_id, kind, linked_by, linked_at)"
        " VALUES (:one, :other, 'related', :by, :at)"
    )
    pair = {"one": foi.case_id, "other": done.case_id}
    ran(office, again, "relation_said", **pair, by=office.caseworker.user.id, at=now)
    found = faults(office)
    assert "a step with a letter of TR-000001-7 is not in the journal" in found
    assert "a change of an agreement is not in the journal" in found
    assert any(one.startswith("an end of a link of ") for one in found)
    assert any(one.startswith("a link of ") for one in found)


def test_sql_ends_no_link_that_keeps_a_case_and_makes_none(office: Office) -> None:
    done = closed(office)
    foi = office.register()
    linked(office, foi, done)
    kept = disposal.candidates(office.officers[0])[0].against
    assert kept
    with pytest.raises(RuleKept, match="a link ends with the entry"):
        ran(office, UNLINKED, by=office.caseworker.user.id, at=moment(office))
    assert disposal.candidates(office.officers[0])[0].against == kept


def test_a_second_organisation_makes_no_sample_of_a_store(office: Office) -> None:
    ran(office, "UPDATE organisation SET sample = 0", "organisation_sample")
    for sql in (SECOND, "UPDATE organisation SET id = 0"):
        with pytest.raises(RuleKept, match="one organisation"):
            ran(office, sql)
    ran(office, SECOND, "organisation_one")
    assert "the store knows more than one organisation" in faults(office)


def test_in_winter_sql_destroys_nothing_in_the_last_hour_before_the_first_day(office: Office) -> None:
    done = closed(office)
    clock = office.entry.clock
    pass_days(office, (datetime(2029, 12, 1, 9, tzinfo=UTC) - clock()).days)
    approved(office, done)
    with office.entry.store.read() as tx:
        first = datetime.fromisoformat(tx.execute(text("SELECT not_before FROM disposal_verdict")).scalar_one())
    for _ in range(3):
        pass_days(office, 4)
        note(office)
    midnight = first.replace(tzinfo=UTC)
    by = office.officers[0].user.id
    with pytest.raises(RuleKept, match="only an approved run"), office.entry.store.write() as tx:
        said_and_destroyed(tx, done, by, midnight - timedelta(minutes=1))
    with office.entry.store.write() as tx:
        said_and_destroyed(tx, done, by, midnight + timedelta(minutes=1))
    assert state_of(office, done) is State.DESTROYED


@pytest.mark.parametrize("action", ["lock", "sign_out", "edit"])
def test_what_an_empty_desk_writes_says_of_no_day_of_grace_that_somebody_saw_it(office: Office, action: str) -> None:
    done = closed(office)
    run = approved(office, done)
    for _ in range(4):
        pass_days(office, 4)
        with office.entry.store.write() as tx:
            who = office.caseworker.user.id
            append(tx, at=office.entry.clock(), actor_id=who, action=action, heading=Heading.SYSTEM)
    with pytest.raises(Refused):
        disposal.carry_out(office.officers[0], run)
