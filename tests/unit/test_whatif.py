"""What a step would do to a due date, before it is taken: the dates, and why, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from db.records import Extension, Pause
from desktop.policy.calendars import Holiday, load_calendars
from desktop.policy.clocks import due, months, working_days
from desktop.policy.whatif import what_if
from tests.unit.ledgers import extendable

ANY_PART = load_calendars()["uk-any-part"]
RECEIVED = date(2017, 5, 18)
PLAIN = working_days(RECEIVED, 20, ANY_PART)


def test_a_pause() -> None:
    found = what_if(PLAIN, working_days(RECEIVED, 20, ANY_PART, [Pause(date(2017, 6, 6), date(2017, 6, 8), "")]))
    assert found.moved
    assert found.head == "Due Friday 16 June 2017 → Tuesday 20 June 2017"
    assert found.why == ("Paused from 7 June to 8 June: 2 days not counted.",)


def test_a_pause_that_has_not_ended_is_provisional() -> None:
    found = what_if(PLAIN, working_days(RECEIVED, 20, ANY_PART, [Pause(date(2017, 6, 6), None, "")]))
    assert not found.moved
    assert found.head == "Due Friday 16 June 2017 (provisional), as before"
    assert found.why == ("It is provisional until the requester answers: this is the earliest that it can be.",)


def test_a_pause_that_goes_on() -> None:
    before = working_days(RECEIVED, 20, ANY_PART, [Pause(date(2017, 6, 6), date(2017, 6, 8), "")])
    after = working_days(RECEIVED, 20, ANY_PART, [Pause(date(2017, 6, 6), date(2017, 6, 9), "")])
    assert what_if(before, after).why == ("Paused from 7 June to 9 June: 3 days not counted.",)
    assert what_if(after, PLAIN).why == ("Not paused from 7 June to 9 June any more.",)


def test_an_answer_that_starts_the_clock_again() -> None:
    after = working_days(RECEIVED, 20, ANY_PART, [Pause(date(2017, 5, 22), date(2017, 6, 1), "", restarts=True)])
    found = what_if(PLAIN, after)
    assert found.head == "Due Friday 16 June 2017 → Thursday 29 June 2017"
    assert found.why == ("The clock starts again: Thursday 1 June 2017 is day 0.",)
    assert what_if(after, PLAIN).why == ("The clock does not start again.",)


def test_an_extension() -> None:
    rule = extendable("working_days", 20, longest=20, tell_within=20)
    after = due(rule, RECEIVED, ANY_PART, extensions=[Extension(20, date(2017, 6, 16))])
    found = what_if(PLAIN, after)
    assert found.head == "Due Friday 16 June 2017 → Monday 17 July 2017"
    assert found.why == (
        "Extended by 20 working days.",
        "Wednesday 12 July 2017 does not count: Battle of the Boyne (Orangemen’s Day) (Northern Ireland).",
    )
    assert what_if(after, PLAIN).why == ("20 working days of extension no longer count.",)


def test_another_date_of_receipt() -> None:
    found = what_if(PLAIN, working_days(date(2017, 5, 15), 20, ANY_PART))
    assert found.head == "Due Friday 16 June 2017 → Tuesday 13 June 2017"
    assert found.why == ("Received Monday 15 May 2017, not Thursday 18 May 2017.",)
    assert what_if(PLAIN, None).head == "There would be no due date."
    assert what_if(None, PLAIN).head == "Due Friday 16 June 2017"


def test_another_calendar() -> None:
    proclaimed = {date(2017, 6, 8): (Holiday("A day of rest", ("Scotland",)),)}
    changed = replace(ANY_PART, holidays={**ANY_PART.holidays, **proclaimed})
    after = working_days(RECEIVED, 20, changed)
    assert what_if(PLAIN, after).head == "Due Friday 16 June 2017 → Monday 19 June 2017"
    assert what_if(PLAIN, after).why == (
        "Thursday 8 June 2017 is a bank holiday (A day of rest), and was a working day.",
    )
    assert what_if(after, PLAIN).why == (
        "Thursday 8 June 2017 is a working day, and was a bank holiday (A day of rest).",
    )
    shorter = replace(ANY_PART, last=date(2017, 5, 31))
    unsure = what_if(PLAIN, working_days(RECEIVED, 20, shorter))
    assert not unsure.moved
    assert unsure.why == ("It is provisional: bank holidays are known up to 31 May 2017, so it may be later.",)


def test_another_rule_and_a_date_that_moves_on() -> None:
    found = what_if(PLAIN, months(RECEIVED, 1, ANY_PART))
    assert found.why == (
        "1 month, not 20 working days.",
        "The time is up on Sunday 18 June 2017, so it moves on to the next working day.",
    )


@given(st.dates(date(2006, 1, 1), date(2030, 1, 1)), st.integers(1, 40))
def test_a_step_that_changes_nothing_says_nothing(received: date, n: int) -> None:
    for clock in (working_days, months):
        owed = clock(received, n, ANY_PART)
        found = what_if(owed, clock(received, n, ANY_PART))
        assert (found.moved, found.why) == (False, ())


@given(
    st.dates(date(2006, 1, 1), date(2027, 1, 1)),
    st.integers(1, 40),
    st.integers(0, 40),
    st.integers(0, 60),
    st.booleans(),
)
def test_a_date_never_moves_without_a_reason(received: date, n: int, after: int, lasts: int, restarts: bool) -> None:
    since = date.fromordinal(received.toordinal() + after)
    until = date.fromordinal(since.toordinal() + lasts)
    for clock in (working_days, months):
        moved = what_if(
            clock(received, n, ANY_PART),
            clock(received, n, ANY_PART, [Pause(since, until, "", restarts=restarts)]),
        )
        assert bool(moved.why) >= moved.moved
