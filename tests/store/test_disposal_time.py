"""Retention through a year and more of days: sleep, clocks that jump, a leap day, and both changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

import db.disposal
import db.emptying
from db.journal import append
from db.records import Heading, Role, State
from desktop.casework import disposal, issuing
from desktop.casework.clockright import SayClockRight, clock_ahead, say_clock_right
from desktop.casework.desk import Desk, Refused
from desktop.casework.disposal import DecideRun
from desktop.casework.register import timers
from desktop.casework.sample import MovingClock, sample_password
from desktop.policy.clocks import add_months
from desktop.policy.disposal import GRACE_DAYS, first_day
from desktop.policy.retention import bucket
from desktop.policy.wording import london
from tests.fixtures import Office, on
from tests.store.disposing import (
    approved,
    closed,
    decide_by_sql,
    faults,
    many_closed,
    note,
    pass_days,
    pass_grace,
    proposed,
    state_of,
)

TO_COME = "TR-000001-7 was destroyed on a day that is still to come by this computer’s clock"
OVERTAKEN = "TR-000001-7 was destroyed at a later moment than what came after it"
CLOSED_ON = (date(2026, 10, 25), date(2027, 2, 28), date(2027, 3, 28), date(2028, 2, 29))


def set_clock(office: Office, at: datetime) -> None:
    clock = office.entry.clock
    assert isinstance(clock, MovingClock)
    clock.at = at


def moments(first: date, days: int) -> list[datetime]:
    """A moment of each day: now and then just before or after midnight, as London or Greenwich has it."""
    hours = (9.5, 0.02, 23.98, 22.6, 0.6)
    return [
        datetime(first.year, first.month, first.day, tzinfo=UTC) + timedelta(days=n, hours=hours[n % len(hours)])
        for n in range(days)
    ]


def test_d18_each_day_of_two_years_says_what_the_dates_say(office: Office) -> None:
    """Cases closed on a leap day and on both changes of the clock; days are slept through, and the clock jumps."""
    officer = office.officers[0]
    for on_day in CLOSED_ON:
        set_clock(office, datetime(on_day.year, on_day.month, on_day.day, 11, 0, tzinfo=UTC))
        received = on_day - timedelta(days=7)
        done = office.release(office.traced(office.approve(office.submit(office.register(received=received)))))
        issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    due = [one.timer.due_on for one in timers(officer)]
    assert due == sorted(add_months(one, 36) for one in CLOSED_ON)
    assert date(2031, 2, 28) in due, "three years from a leap day end with February"
    days = moments(date(2029, 9, 1), 640)
    # Every ninth is slept through, and now and then the clock jumps a month back or forth.
    jumps = [at + timedelta(days=(-31, 31)[n % 2]) for n, at in enumerate(days) if n % 61 == 0]
    for at in [one for n, one in enumerate(days) if n % 9] + jumps:
        set_clock(office, at)
        today = london(at).date()
        found = {one.timer.due_on: one.bucket for one in timers(officer)}
        assert found == {one: bucket(one, today) for one in due}
        listed = [one.due_on for one in disposal.candidates(officer)]
        assert listed == [one for one in due if one <= today]


def test_a_clock_that_jumps_destroys_nothing_early(office: Office) -> None:
    (done,) = many_closed(office, 1)
    start = office.entry.clock()
    run = approved(office, done)
    first = first_day(london(start).date())
    noon = datetime(first.year, first.month, first.day, 12, 0, tzinfo=UTC)
    for at in (start - timedelta(days=400), start, noon - timedelta(days=1), noon - timedelta(hours=14)):
        set_clock(office, at)
        with pytest.raises(Refused, match="days of grace"):
            disposal.carry_out(office.officers[0], run)
        assert state_of(office, done) is State.ISSUED
    for days in (4, 9, 13):
        set_clock(office, start + timedelta(days=days))
        note(office)
    # Just after midnight in London, while Greenwich is still in yesterday.
    midnight = datetime(first.year, first.month, first.day, 0, 5, tzinfo=UTC) - timedelta(hours=1)
    assert london(midnight).date() == first
    set_clock(office, midnight)
    assert disposal.carry_out(office.officers[0], run).destroyed == 1
    assert GRACE_DAYS == 14


def test_a_clock_that_is_put_back_to_approve_shortens_no_grace(office: Office) -> None:
    (done,) = many_closed(office, 1)
    note(office)
    run = proposed(office, done)
    right = office.entry.clock()
    set_clock(office, right - timedelta(days=GRACE_DAYS + 2))
    note(office)
    with pytest.raises(Refused, match="clock of this computer is behind"):
        disposal.decide_run(office.officers[1], DecideRun(run_id=run, approved=True))
    back = office.entry.clock()
    first = first_day(back.date()).isoformat()
    decide_by_sql(office, run, office.officers[1].user.id, "not decided before", first)
    set_clock(office, right)
    disposal.decide_run(office.officers[1], DecideRun(run_id=run, approved=True))
    (found,) = faults(office)
    assert "the clock was put back" in found


def test_nothing_is_carried_out_while_the_clock_is_behind_the_journal(office: Office) -> None:
    (done,) = many_closed(office, 1)
    run = approved(office, done)
    pass_days(office, GRACE_DAYS + 3)
    note(office)
    pass_days(office, -1)
    with pytest.raises(Refused, match="clock of this computer is behind"):
        disposal.carry_out(office.officers[0], run)
    assert state_of(office, done) is State.ISSUED


def test_a_clock_that_was_put_forward_to_destroy_is_seen_for_good(office: Office) -> None:
    (done,) = many_closed(office, 1)
    run = approved(office, done)
    right = office.entry.clock()
    pass_grace(office)
    disposal.carry_out(office.officers[0], run)
    note(office)
    set_clock(office, right + timedelta(minutes=5))
    lived(office, 30)
    pass_days(office, 90)
    note(office)
    found = faults(office)
    assert OVERTAKEN in found
    assert any("the clock was put back" in one for one in found)


def lived(office: Office, days: int) -> None:
    """Somebody signs in on each of these days, but for weekends."""
    note(office)
    for day in range(days):
        pass_days(office, 1)
        if day % 7 not in (3, 4):
            note(office)


def accused(office: Office) -> list[str]:
    """What the check says of what was destroyed."""
    return [one for one in faults(office) if "was destroyed" in one]


def rightly_gone(office: Office) -> datetime:
    """A case goes as it should; returns when its run was approved."""
    done = closed(office)
    run = approved(office, done)
    at = office.entry.clock()
    pass_grace(office)
    assert disposal.carry_out(office.officers[0], run).destroyed == 1
    assert faults(office) == []
    return at


@pytest.mark.parametrize("back", [date(2018, 1, 1), date(2026, 9, 1), date(2028, 5, 5)])
def test_what_went_rightly_before_a_battery_died_is_not_named(office: Office, back: date) -> None:
    """Whether the clock starts again before there was a desk, or on a day that the desk has known. While it is wrong
    the check cannot know; once it is right, it does.
    """
    rightly_gone(office)
    right = office.entry.clock()
    set_clock(office, datetime(back.year, back.month, back.day, 9, 0, tzinfo=UTC))
    assert accused(office) == [TO_COME]
    note(office)
    assert accused(office) == [TO_COME, OVERTAKEN]
    pass_days(office, 3)
    note(office)
    set_clock(office, right + timedelta(days=4))
    assert accused(office) == []
    note(office)
    found = faults(office)
    assert found
    assert all("the clock was put back" in one for one in found), "that it was put back is told, and nothing else"


def test_what_a_jump_made_due_is_named_for_good(office: Office) -> None:
    """The clock is put forward by years, waits for its days of grace there, and is put back."""
    (done,) = many_closed(office, 1)
    jumped = office.entry.clock()
    run = approved(office, done)
    pass_grace(office)
    disposal.carry_out(office.officers[0], run)
    set_clock(office, jumped - timedelta(days=3 * 366 - 1))
    assert accused(office) == [TO_COME]
    note(office)
    assert accused(office) == [TO_COME, OVERTAKEN]
    say_right(office, office.guardian)
    for _year in range(4):
        pass_days(office, 366)
        note(office)
    assert accused(office) == [OVERTAKEN]


def test_what_many_steps_of_the_clock_made_due_is_named_for_good(office: Office) -> None:
    """A month at a time, as if the desk had been used for years; and the years come again."""
    done = office.in_state(State.ISSUED)
    right = office.entry.clock()
    for _ in range(36):
        note(office)
        pass_days(office, 31)
    run = approved(office, done)
    pass_grace(office)
    assert disposal.carry_out(office.officers[0], run).destroyed == 1
    assert faults(office) == []
    set_clock(office, right + timedelta(hours=1))
    assert accused(office) == [TO_COME]
    for _ in range(38):
        note(office)
        assert OVERTAKEN in accused(office)
        pass_days(office, 31)
    assert accused(office) == [OVERTAKEN]


def test_what_is_put_back_into_the_days_of_grace_is_named_once_they_come_again(office: Office) -> None:
    """As by whoever hurries, a few days at a time, and goes on where the clock was right."""
    at = rightly_gone(office)
    set_clock(office, at + timedelta(hours=1))
    lived(office, 2 * GRACE_DAYS)
    pass_days(office, 400)
    assert accused(office) == [OVERTAKEN]


def test_a_leap_of_the_clock_before_the_days_came_again_hides_nothing(office: Office) -> None:
    at = rightly_gone(office)
    set_clock(office, at + timedelta(hours=1))
    lived(office, GRACE_DAYS - 2)
    pass_days(office, 300)
    note(office)
    pass_days(office, -299)
    lived(office, 20)
    assert accused(office) == [OVERTAKEN]


def test_a_clock_that_was_put_back_into_the_days_of_grace_and_is_right_again_accuses_nobody(office: Office) -> None:
    at = rightly_gone(office)
    right = office.entry.clock()
    set_clock(office, at + timedelta(days=3))
    lived(office, 4)
    assert accused(office) == [TO_COME, OVERTAKEN]
    set_clock(office, right + timedelta(days=4, hours=1))
    lived(office, 60)
    assert accused(office) == []


def test_what_went_before_its_grace_was_seen_is_named_once_the_clock_is_put_back(office: Office) -> None:
    """By SQL after one jump: nobody asked the function, which would have counted the days."""
    done = closed(office)
    run, by = approved(office, done), office.officers[0].user.id
    pass_days(office, GRACE_DAYS + 1)
    with office.entry.store.write() as tx:
        at, said = office.entry.clock(), {"run": run}
        append(tx, at=at, actor_id=by, action="destroy", heading=Heading.ERASURE, case_id=done.case_id, data=said)
        db.emptying.destroy(tx, done.case_id, done.version, by, at)
        row = {"run_id": run, "case_id": done.case_id, "destroyed": True, "why": "", "done_by": by, "done_at": at}
        db.disposal.add_result(tx, row)
    assert accused(office) == []
    pass_days(office, -3 * GRACE_DAYS)
    note(office)
    pass_days(office, 4 * GRACE_DAYS)
    assert accused(office) == [OVERTAKEN]


@pytest.mark.parametrize("jump", [GRACE_DAYS + 1, 365])
def test_a_clock_that_jumps_takes_no_days_of_grace_with_it(office: Office, jump: int) -> None:
    """What nobody saw go by counts for little, whether the clock jumps once or an entry is made where it landed."""
    done = closed(office)
    run = approved(office, done)
    officer = office.officers[0]
    pass_days(office, jump)
    with pytest.raises(Refused, match=r"others saw 5 days go by.* in 9 days"):
        disposal.carry_out(officer, run)
    note(office)
    pass_days(office, 1)
    with pytest.raises(Refused, match=r"others saw 6 days go by.* in 8 days"):
        disposal.carry_out(officer, run)
    assert state_of(office, done) is State.ISSUED
    for days in (4, 4):
        note(office)
        pass_days(office, days)
    assert disposal.carry_out(officer, run).destroyed == 1
    assert faults(office) == []


# A clock that ran ahead and is right again


def say_right(office: Office, second: Desk) -> None:
    command = SayClockRight(second=second.user.username, password=sample_password())
    say_clock_right(office.desk(Role.ADMINISTRATOR), command)


def ran_ahead(office: Office, days: int) -> None:
    right = office.entry.clock()
    set_clock(office, right + timedelta(days=days))
    note(office)
    set_clock(office, right + timedelta(minutes=5))
    note(office)


def test_one_wrong_year_keeps_no_run_from_being_decided_once_two_people_say_so(office: Office) -> None:
    (done,) = many_closed(office, 1)
    note(office)
    run = proposed(office, done)
    first, second = office.officers
    ran_ahead(office, 9 * 366)
    with pytest.raises(Refused, match="an administrator and one of you say so"):
        disposal.decide_run(second, DecideRun(run_id=run, approved=True))
    assert any("the clock was put back" in one for one in faults(office))
    with pytest.raises(Refused, match="guardian confirms"):
        say_right(office, office.caseworker)
    with pytest.raises(Refused):
        say_clock_right(first, SayClockRight(second=second.user.username, password=sample_password()))
    assert clock_ahead(first) is not None
    say_right(office, first)
    assert clock_ahead(first) is None
    with pytest.raises(Refused, match="knows nothing of a moment"):
        say_right(office, first)
    disposal.decide_run(second, DecideRun(run_id=run, approved=True))
    pass_grace(office)
    assert disposal.carry_out(first, run).destroyed == 1
    assert faults(office) == []


def test_what_comes_within_a_month_is_waited_for_whoever_says_that_the_clock_is_right(office: Office) -> None:
    (done,) = many_closed(office, 1)
    note(office)
    run = proposed(office, done)
    second = office.officers[1]
    ran_ahead(office, 10)
    say_right(office, second)
    with pytest.raises(Refused, match="behind what the journal says"):
        disposal.decide_run(second, DecideRun(run_id=run, approved=True))
    now = office.entry.clock()
    decide_by_sql(office, run, second.user.id, "not decided before", first_day(now.date()).isoformat())
    pass_days(office, 10)
    disposal.decide_run(second, DecideRun(run_id=run, approved=True))
    assert faults(office) == []


def test_a_clock_put_back_and_said_to_be_right_to_shorten_the_grace_is_seen_for_good(office: Office) -> None:
    (done,) = many_closed(office, 1)
    note(office)
    run = proposed(office, done)
    right = office.entry.clock()
    set_clock(office, right - timedelta(days=61))
    note(office)
    say_right(office, office.guardian)
    disposal.decide_run(office.officers[1], DecideRun(run_id=run, approved=True))
    set_clock(office, right + timedelta(days=1))
    (found,) = faults(office)
    assert found.startswith(f"run {run} was approved at")
