"""What starts a timer: each trigger, what a case waits for meanwhile, and that list, function and database agree."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from db.errors import RuleKept
from db.journal import append
from db.migrations.conditions_0032 import due_of
from db.records import Action, Heading, Relation, Role, State
from db.records_log import Timer
from desktop.casework import disposal, links, policymoves, requests, settling
from desktop.casework.casepage import case_page, open_case
from desktop.casework.desk import Done, Invalid, Refused
from desktop.casework.disposal import Retain
from desktop.casework.rebasing import moved_dates, rebase
from desktop.casework.register import timers
from desktop.policy.agreements import Agreement, decode
from desktop.policy.clocks import add_months
from desktop.policy.retention import review
from tests.fixtures import Office, on
from tests.store.disposing import (
    WHY,
    behind_guards,
    faults,
    moment,
    pass_days,
    pass_grace,
    proposed,
    said_and_decided,
    said_and_proposed,
    statement,
)
from tests.store.test_rebasing import moving, said_and_changed

ID = "law-enforcement-tracing"
WAITING = ("letter_sent", "debt_settled", "agreement_withdrawn")


def ruled(office: Office, trigger: str, more: str = "") -> Agreement:
    """The agreement for law enforcement, whose timers another trigger starts from now on."""
    now = office.entry.agreements.get(ID)
    lines = [f'trigger = "{trigger}"', *(["longstop_years = 6"] if trigger in WAITING else []), *more.splitlines()]
    old = next(line for line in now.text.splitlines() if line.startswith("trigger = "))
    kept = "\n".join(line for line in now.text.splitlines() if not line.startswith("longstop_years"))
    after = decode(kept.replace(old, "\n".join(lines)), now.id)
    office.entry.agreements.put(after, 0)
    return after


def the_timer(office: Office, done: Done) -> Timer:
    """The timer of a case, once the database and the pure function were asked for its day as well."""
    one = next(row.timer for row in timers(office.officers[0]) if row.timer.case_id == done.case_id)
    with office.entry.store.read() as tx:
        counted = tx.execute(text(f"SELECT {due_of(':id')}"), {"id": done.case_id}).scalar_one()
    assert counted == one.due_on.isoformat()
    return one


def day_of(office: Office) -> date:
    return office.entry.today()


def now(office: Office, done: Done) -> Done:
    """The case at the version that it has now."""
    row = case_page(office.caseworker, done.case_id).case.row
    return Done(row.id, row.version, row.state)


def settled(office: Office, done: Done, when: date, desk: Role = Role.CASEWORKER) -> Done:
    return settling.settle(office.desk(desk), settling.Settle(**on(now(office, done)), on=when))


@pytest.mark.parametrize("trigger", WAITING)
def test_what_has_not_happened_starts_nothing_and_the_longstop_is_told(office: Office, trigger: str) -> None:
    agreement = ruled(office, trigger)
    done = office.in_state(State.ISSUED)
    closed = day_of(office)
    one = the_timer(office, done)
    assert (one.trigger, one.waits, one.happened_on) == (trigger, True, None)
    assert one.due_on == add_months(closed, 72) == review(agreement.retention, trigger, closed, None, appealed=False)
    assert "6 years after the case is closed" in one.rule
    assert timers(office.officers[0])[0].bucket == "waiting"
    assert not faults(office)
    pass_days(office, 3 * 366)
    assert disposal.candidates(office.officers[0]) == (), "the period alone is not enough"
    with pytest.raises(Refused, match="not due"):
        proposed(office, done)
    pass_days(office, 3 * 366)
    (due,) = disposal.candidates(office.officers[0])
    assert due.due_on == one.due_on
    assert timers(office.officers[0])[0].bucket == "due"


@pytest.mark.parametrize(
    ("end", "changed"),
    [
        (State.ISSUED, "trigger = 'letter_issued', longstop_on = NULL"),
        (State.ISSUED, "trigger = 'last_consulted', longstop_on = NULL"),
        (State.ISSUED, "longstop_on = '2027-01-01'"),
        (State.WITHDRAWN, "trigger = 'debt_settled', longstop_on = date(started_on, '+6 years')"),
    ],
)
def test_a_timer_that_something_else_starts_is_told(office: Office, end: State, changed: str) -> None:
    ruled(office, "debt_settled")
    office.in_state(end)
    assert faults(office) == []
    behind_guards(office, "retention", f"UPDATE retention SET {changed}")  # noqa: S608
    assert faults(office) == ["the timer of TR-000001-7 is not that of its agreement"]


def test_a_case_that_waits_is_not_destroyed_by_a_run_that_never_asked(office: Office) -> None:
    ruled(office, "debt_settled")
    done = office.in_state(State.ISSUED)
    first, second = office.officers
    with office.entry.store.write() as tx:
        said_and_proposed(tx, 1, done, first.user.id, office.entry.clock(), "2029-06-10")
        last = (first.today() + timedelta(days=14)).isoformat()
        said_and_decided(tx, 1, second.user.id, office.entry.clock(), last)
    pass_days(office, 4 * 366)
    pass_grace(office)
    gone = (
        "UPDATE cases SET state = 'destroyed', version = version + 1, changed_by = :by, changed_at = :at,"
        " requester = '', requester_reference = '', family_name = '', given_names = '', born = '', salt = X''"
        " WHERE id = :id"
    )
    statement(office, gone, by=first.user.id, at=moment(office), id=done.case_id)
    assert disposal.carry_out(first, 1).kept == 1
    assert "not due" in disposal.run_items(first, 1)[0].why


def test_a_debt_that_is_settled_starts_the_timer_and_a_later_record_puts_it_right(office: Office) -> None:
    agreement = ruled(office, "debt_settled")
    done = office.in_state(State.ISSUED)
    closed = day_of(office)
    pass_days(office, 400)
    paid = day_of(office) - timedelta(days=31)
    settled(office, done, paid)
    one = the_timer(office, done)
    assert (one.waits, one.happened_on, one.due_on) == (False, paid, add_months(paid, 36))
    assert one.due_on == review(agreement.retention, "debt_settled", closed, paid, appealed=False)
    assert timers(office.officers[0])[0].bucket == "running"
    right = day_of(office) - timedelta(days=3)
    settled(office, done, right, Role.RECORDS_OFFICER)
    assert the_timer(office, done).due_on == add_months(right, 36)
    settled(office, done, date(2026, 6, 2))
    assert the_timer(office, done).due_on == add_months(closed, 36), "not before the case was closed"
    assert not faults(office)


def test_who_may_record_it_and_which_days_can_be(office: Office) -> None:
    plain = office.in_state(State.ISSUED)
    with pytest.raises(Refused, match="does not wait"):
        settled(office, plain, day_of(office))
    assert case_page(office.caseworker, plain.case_id).actions[Action.SETTLE]
    ruled(office, "debt_settled")
    done, open_one = office.in_state(State.ISSUED), office.in_state(State.DRAFT)
    assert not case_page(office.caseworker, done.case_id).actions[Action.SETTLE]
    for desk in (Role.REVIEWER, Role.GUARDIAN, Role.ADMINISTRATOR, Role.AUDITOR):
        with pytest.raises(Refused):
            settled(office, done, day_of(office), desk)
    with pytest.raises(Refused, match="does not let anyone"):
        settled(office, open_one, day_of(office))
    with pytest.raises(Invalid, match="in the future"):
        settled(office, done, day_of(office) + timedelta(days=1))
    with pytest.raises(Invalid, match="before the debt was reported"):
        settled(office, done, date(2026, 5, 31))
    values = {"id": done.case_id, "open": open_one.case_id, "by": office.caseworker.user.id, "at": moment(office)}
    values |= {"on": day_of(office).isoformat(), "later": (day_of(office) + timedelta(days=2)).isoformat()}
    into = 'INSERT INTO retention_event (case_id, "trigger", happened_on, recorded_by, recorded_at) VALUES '
    for wrong in (
        "(:open, 'debt_settled', :on, :by, :at)",
        "(:id, 'debt_settled', :later, :by, :at)",
        "(:id, 'debt_settled', 'soon', :by, :at)",
        f"(:id, 'debt_settled', :on, {office.reviewer.user.id}, :at)",
    ):
        statement(office, into + wrong, **values)
    right = into + "(:id, 'debt_settled', :on, :by, :at)"
    statement(office, right, **values)
    with office.entry.store.write() as tx:
        at, by = datetime.fromisoformat(str(values["at"])), office.caseworker.user.id
        append(tx, at=at, actor_id=by, action="settle", heading=Heading.ALTERATION, case_id=done.case_id)
        tx.execute(text(right), values)
    statement(office, "UPDATE retention_event SET happened_on = '2020-01-01'")
    statement(office, "DELETE FROM retention_event")
    statement(office, "INSERT OR REPLACE INTO retention_event SELECT * FROM retention_event")


def test_a_timer_is_of_the_day_of_closing_and_has_a_period(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    with office.entry.store.write() as tx:
        row = tx.execute(text("SELECT * FROM retention")).one()._mapping
        made = tx.execute(text("SELECT sql FROM sqlite_master WHERE name = 'retention_no_delete'")).scalar_one()
        tx.exec_driver_sql("DROP TRIGGER retention_no_delete")
        tx.exec_driver_sql("DELETE FROM retention")
        tx.exec_driver_sql(made)
    assert row["case_id"] == done.case_id
    names = ", ".join(f'"{name}"' for name in row)
    values = ", ".join(f":{name}" for name in row)
    into = f"INSERT INTO retention ({names}) VALUES ({values})"  # noqa: S608
    for wrong in (
        {"months": None}, {"months": 0}, {"due_on": "2026-07-01"}, {"started_on": "2020-06-10", "due_on": "2023-06-10"},
        {"trigger": "whim"}, {"trigger": "debt_settled"}, {"trigger": "debt_settled", "longstop_on": "2027-01-01"},
    ):  # fmt: skip
        statement(office, into, **(dict(row) | wrong))
    with office.entry.store.write() as tx:
        tx.execute(text(into), dict(row))


def test_a_letter_that_is_sent_starts_the_timer_and_again_when_it_goes_out_again(office: Office) -> None:
    ruled(office, "letter_sent")
    done = office.in_state(State.ISSUED)
    pass_days(office, 4)
    done = office.sent(done)
    one = the_timer(office, done)
    assert (one.waits, one.happened_on, one.due_on) == (False, day_of(office), add_months(day_of(office), 36))
    withdrawn = office.in_state(State.WITHDRAWN)
    assert the_timer(office, withdrawn).trigger == "case_closed", "no letter answers it"


def test_looking_at_a_case_again_starts_the_timer_anew_but_not_for_who_looks_whether_it_may_go(office: Office) -> None:
    agreement = ruled(office, "last_consulted")
    done = office.in_state(State.ISSUED)
    closed = day_of(office)
    assert the_timer(office, done).due_on == add_months(closed, 36)
    pass_days(office, 3 * 366)
    assert disposal.candidates(office.officers[0])
    open_case(office.officers[0], done.case_id)
    assert disposal.candidates(office.officers[0]), "a records officer appraises it"
    open_case(office.caseworker, done.case_id)
    one = the_timer(office, done)
    assert (one.happened_on, one.due_on, one.waits) == (day_of(office), add_months(day_of(office), 36), False)
    assert one.due_on == review(agreement.retention, "last_consulted", closed, day_of(office), appealed=False)
    assert disposal.candidates(office.officers[0]) == ()
    plain = office.entry.agreements.get(ID)
    assert plain.retention.trigger == "last_consulted"


def test_looking_at_a_case_whose_rule_does_not_ask_for_it_moves_nothing(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    before = the_timer(office, done)
    pass_days(office, 500)
    open_case(office.caseworker, done.case_id)
    assert the_timer(office, done) == before


def test_an_agreement_that_is_withdrawn_brings_its_closed_cases_to_review(office: Office) -> None:
    ruled(office, "agreement_withdrawn")
    done = office.in_state(State.ISSUED)
    open_one = office.in_state(State.SUBMITTED)
    pass_days(office, 100)
    ends = day_of(office)
    policymoves.change_policy(
        office.guardian,
        policymoves.ChangePolicy(agreement_id=ID, kind="withdraw", takes_effect=ends, because="It ended."),
    )
    one = the_timer(office, done)
    assert (one.waits, one.happened_on, one.due_on) == (False, ends, add_months(ends, 36))
    pass_days(office, 100)
    ended = requests.withdraw(office.caseworker, requests.WithReasons(**on(open_one), reasons="It ended."))
    assert the_timer(office, ended).due_on == add_months(day_of(office), 36), "what closes later, from its closing"
    assert not faults(office)


def test_an_answer_that_somebody_asks_to_look_at_again_is_kept_longer(office: Office) -> None:
    agreement = ruled(office, "letter_issued", "appealed_years = 6")
    done, other = office.in_state(State.ISSUED), office.in_state(State.ISSUED)
    closed = day_of(office)
    follow = links.LinkCases(
        command_id="f" * 36,
        case_id=other.case_id,
        reference=case_page(office.caseworker, done.case_id).case.row.reference,
        kind=Relation.FOLLOW_UP,
    )
    links.link_cases(office.caseworker, follow)
    for one in (done, other):
        assert the_timer(office, one).due_on == add_months(closed, 72)
    assert review(agreement.retention, "letter_issued", closed, closed, appealed=True) == add_months(closed, 72)
    links.unlink_cases(
        office.caseworker, links.UnlinkCases(command_id="u" * 36, case_id=done.case_id, other_id=other.case_id)
    )
    assert the_timer(office, done).due_on == add_months(closed, 36)


def test_a_case_that_waits_can_be_kept_longer_and_its_event_still_counts(office: Office) -> None:
    ruled(office, "debt_settled")
    done = office.in_state(State.ISSUED)
    pass_days(office, 6 * 366)
    officer = office.officers[0]
    again = day_of(office) + timedelta(days=300)
    disposal.retain(officer, Retain(case_ids=(done.case_id,), review_on=again, because=WHY))
    one = the_timer(office, done)
    assert (one.due_on, one.waits) == (again, True)
    settled(office, done, day_of(office))
    assert the_timer(office, done).due_on == add_months(day_of(office), 36)
    settled(office, done, date(2026, 6, 10))
    assert the_timer(office, done).due_on == again, "not before the day that was given"


@pytest.mark.parametrize("trigger", ["letter_sent", "debt_settled", "agreement_withdrawn", "last_consulted"])
def test_a_new_trigger_moves_a_timer_once_its_date_was_seen(office: Office, trigger: str) -> None:
    done = office.in_state(State.ISSUED)
    closed = day_of(office)
    pass_days(office, 40)
    open_case(office.caseworker, done.case_id)
    looked = day_of(office)
    before = the_timer(office, done)
    ruled(office, trigger)
    officer = office.officers[0]
    assert the_timer(office, done) == before, "a case is pinned to the rule that it was closed under"
    (one,) = moved_dates(officer)
    expected = add_months(looked, 36) if trigger == "last_consulted" else add_months(closed, 72)
    assert (one.before, one.after) == (before.due_on, expected)
    rebase(officer, moving(office, ((one.case_id, one.after),), "The register was revised."))
    after = the_timer(office, done)
    assert (after.trigger, after.due_on, after.waits) == (trigger, expected, trigger in WAITING)
    assert moved_dates(officer) == ()
    if trigger == "debt_settled":
        settled(office, done, looked)
        assert the_timer(office, done).due_on == add_months(looked, 36)
        assert moved_dates(officer) == ()
    assert not faults(office)


def test_a_rebase_says_the_whole_rule(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    by = office.officers[0].user.id
    values = {"id": done.case_id, "kind": "rebase", "by": by, "at": moment(office), "second": office.guardian.user.id}
    into = (
        "INSERT INTO retention_change (case_id, kind, due_on, rule, source, because, decided_by, decided_at,"
        ' confirmed_by, "trigger", months, longstop_on)'
        " VALUES (:id, :kind, '2030-01-01', 'x', 'x', 'x', :by, :at, :second, "
    )
    for wrong in ("NULL, 36, NULL)", "'letter_issued', NULL, NULL)", "'letter_issued', 0, NULL)", "'whim', 36, NULL)",
                  "'debt_settled', 36, NULL)"):  # fmt: skip
        with pytest.raises(RuleKept, match="a new rule has a trigger and a period"):
            said_and_changed(office, into + wrong, values, by)


def test_month_ends_clamp_in_the_database_as_in_the_function(office: Office) -> None:
    from db.migrations.conditions_0017 import months_on

    with office.entry.store.read() as tx:
        for first in (date(2024, 1, 29), date(2024, 2, 29), date(2025, 8, 31), date(2025, 12, 31), date(2026, 3, 15)):
            for months in (1, 2, 3, 6, 11, 12, 36, 48, 102, 240):
                found = tx.execute(text(f"SELECT {months_on(':day', ':n')}"), {"day": first.isoformat(), "n": months})
                assert found.scalar_one() == add_months(first, months).isoformat(), (first, months)
