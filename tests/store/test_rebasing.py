"""Timers under the rule of their day, put under the rule of today once every date was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from db import journal
from db.errors import RuleKept
from db.journal import append
from db.migrations import guards_retention
from db.records import Heading, Role, State
from desktop.casework import disposal, rebasing
from desktop.casework.desk import Invalid, Refused
from desktop.casework.disposal import Retain
from desktop.casework.rebasing import Rebase
from desktop.casework.register import timers
from desktop.casework.sample import sample_password
from desktop.policy.agreements import decode
from desktop.policy.clocks import add_months
from desktop.policy.disposal import MOST_YEARS
from tests.fixtures import Office
from tests.store.disposing import behind_guards, faults, many_closed, moment, pass_days, statement


def moving(office: Office, seen: tuple[tuple[int, date], ...], because: str = "New.", second: str = "") -> Rebase:
    """What the first records officer asks for and the other, or somebody else, confirms."""
    name = second or office.officers[1].user.username
    return Rebase(seen=seen, because=because, second=name, password=sample_password())


def new_rule(office: Office, years: int) -> None:
    """The agreement for law enforcement keeps its cases for so long from today on."""
    now = office.entry.agreements.get("law-enforcement-tracing")
    after = decode(now.text.replace("\nyears = 3\n", f"\nyears = {years}\n"), now.id)
    assert after.retention.years == years
    office.entry.agreements.put(after, 0)


def test_a_new_rule_moves_no_timer_by_itself_and_each_when_it_is_said(office: Office) -> None:
    cases = many_closed(office, 3)
    officer = office.officers[0]
    before = {one.timer.case_id: one.timer for one in timers(officer)}
    assert rebasing.moved_dates(officer) == ()
    new_rule(office, 6)
    assert {one.timer.case_id: one.timer for one in timers(officer)} == before
    later = officer.today() + timedelta(days=100)
    disposal.retain(officer, Retain(case_ids=(cases[2].case_id,), review_on=later, because="An appeal may follow."))
    moved = rebasing.moved_dates(officer)
    assert {one.case_id for one in moved} == {cases[0].case_id, cases[1].case_id}, "a date of one's own stays"
    for one in moved:
        assert one.before == before[one.case_id].due_on
        assert one.after == add_months(before[one.case_id].started_on, 72)
        assert one.rule == "6 years after the letter is issued"
    seen = tuple((one.case_id, one.after) for one in moved)
    assert rebasing.rebase(officer, moving(office, seen, "The code of practice changed.")) == 2
    after = {one.timer.case_id: one.timer for one in timers(officer)}
    for one in moved:
        assert (after[one.case_id].due_on, after[one.case_id].rule) == (one.after, one.rule)
    assert rebasing.moved_dates(officer) == ()
    assert disposal.candidates(officer) == (), "what was due is not, by the rule of today"
    assert not faults(office)


def test_only_what_was_seen_moves_and_by_a_records_officer_with_a_reason(office: Office) -> None:
    (case,) = many_closed(office, 1)
    officer = office.officers[0]
    new_rule(office, 6)
    (one,) = rebasing.moved_dates(officer)
    with pytest.raises(Invalid, match="Say why"):
        rebasing.rebase(officer, moving(office, ((case.case_id, one.after),), " "))
    for seen in ((), ((case.case_id, one.before),), ((99, one.after),)):
        with pytest.raises(Refused, match="Look at them again"):
            rebasing.rebase(officer, moving(office, seen))
    for desk in (office.caseworker, office.reviewer, office.guardian):
        with pytest.raises(Refused):
            rebasing.rebase(desk, moving(office, ((case.case_id, one.after),)))


def test_nobody_puts_timers_under_a_new_rule_alone(office: Office) -> None:
    """Neither by themselves, nor under another account of theirs, nor with whoever has no say in it."""
    (case,) = many_closed(office, 1)
    officer, other = office.officers
    new_rule(office, 2)
    (one,) = rebasing.moved_dates(officer)
    seen = ((case.case_id, one.after),)
    for second in (officer, office.caseworker, office.desk(Role.ADMINISTRATOR)):
        with pytest.raises(Invalid) as caught:
            rebasing.rebase(officer, moving(office, seen, second=second.user.username))
        assert caught.value.problems[0].field == "second"
    with pytest.raises(Invalid) as caught:
        rebasing.rebase(officer, replace(moving(office, seen), password="another"))
    assert caught.value.problems[0].field == "password"
    same = replace(officer, user=replace(officer.user, name=other.user.name.upper()))
    with pytest.raises(Invalid, match="than you"):
        rebasing.rebase(same, moving(office, seen))
    assert rebasing.moved_dates(officer) == (one,)
    assert rebasing.rebase(officer, moving(office, seen, second=office.guardian.user.username)) == 1
    with office.entry.store.read() as tx:
        said = next(journal.of_action(tx, "rebase"))
        kept = tx.execute(text("SELECT confirmed_by FROM retention_change")).scalar_one()
    assert kept == said.data["confirmed_by"] == office.guardian.user.id
    assert faults(office) == []


def test_sql_moves_no_timer_that_the_journal_does_not_say_right_before(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    officer = office.officers[0].user.id
    values = {"id": done.case_id, "by": officer, "at": moment(office), "second": office.guardian.user.id}
    into = (
        "INSERT INTO retention_change (case_id, kind, due_on, rule, source, because, decided_by, decided_at,"
        " \"trigger\", months, longstop_on, confirmed_by) VALUES (:id, :kind, :due, 'x', 'x', 'x', :by, :at, :trigger,"
        " :months, :longstop, :second)"
    )
    due = (office.officers[0].today() + timedelta(days=2000)).isoformat()
    rebased = {"kind": "rebase", "due": due, "trigger": "letter_issued", "months": 1, "longstop": None}
    retained = {"kind": "retain", "due": due, "trigger": "letter_issued", "months": 36, "longstop": None}
    statement(office, into, **values, **rebased)
    statement(office, into, **values, **retained)
    for wrong, why in (
        (rebased | {"months": 1201}, "a new rule"),
        (rebased | {"trigger": "letter_sent", "longstop": "9999-12-31"}, "a new rule"),
        (retained | {"due": "9999-12-31"}, "20 years"),
    ):
        with pytest.raises(RuleKept, match=why):
            said_and_changed(office, into, values | wrong, officer)
    with pytest.raises(RuleKept, match="entry of the journal"):
        said_and_changed(office, into, values | rebased, office.officers[1].user.id)
    for second in (None, officer, office.caseworker.user.id, office.desk(Role.ADMINISTRATOR).user.id):
        with pytest.raises(RuleKept, match=r"two people|CHECK"):
            said_and_changed(office, into, values | rebased | {"second": second}, officer)
    for right in (rebased, retained):
        said_and_changed(office, into, values | right, officer)


def said_and_changed(office: Office, into: str, values: dict[str, Any], who: int) -> None:
    """Changes a timer by SQL, with the entry of the journal that belongs to it."""
    said = {"at": datetime.fromisoformat(values["at"]), "actor_id": who, "action": values["kind"]}
    with office.entry.store.write() as tx:
        append(tx, **said, heading=Heading.ERASURE, case_id=values["id"])
        tx.execute(text(into), values)


def test_a_case_is_kept_twenty_years_longer_at_most(office: Office) -> None:
    (case,) = many_closed(office, 1)
    officer = office.officers[0]
    last = add_months(officer.today(), MOST_YEARS * 12)
    with pytest.raises(Invalid, match="within 20 years"):
        disposal.retain(
            officer, Retain(case_ids=(case.case_id,), review_on=last + timedelta(days=1), because="An appeal.")
        )
    disposal.retain(officer, Retain(case_ids=(case.case_id,), review_on=last, because="An appeal."))
    assert MOST_YEARS == guards_retention.MOST_YEARS
    assert not faults(office)


def test_a_shorter_rule_makes_due_earlier_and_destroys_nothing(office: Office) -> None:
    office.in_state(State.ISSUED)
    pass_days(office, 2 * 366 + 30)
    officer = office.officers[0]
    assert disposal.candidates(officer) == ()
    new_rule(office, 2)
    (one,) = rebasing.moved_dates(officer)
    assert one.after < one.before
    rebasing.rebase(officer, moving(office, ((one.case_id, one.after),)))
    assert disposal.candidates(officer)[0].due_on == one.after
    assert not faults(office)
    behind_guards(office, "retention_change", "UPDATE retention_change SET months = 1")
    assert "the timer of TR-000001-7 counts by another period than its rule says" in faults(office)
