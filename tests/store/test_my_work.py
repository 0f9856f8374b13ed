"""My work on a store: what is counted, where not every case is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from db.records import State
from desktop.casework import returning
from desktop.casework.casepage import case_page
from desktop.casework.news import news_of
from desktop.casework.sample import MovingClock
from desktop.casework.work import MOST_ROWS, my_work
from tests.fixtures import Office, on

RECEIVED, DUE = date(2026, 6, 1), date(2026, 6, 30)
"""20 working days under the agreement for law enforcement; 15 June is a bank holiday in Scotland."""


def test_every_open_case_is_counted_where_only_the_most_urgent_are_shown(office: Office) -> None:
    for number in range(MOST_ROWS):
        office.register(person=number % 18, received=RECEIVED)
    office.in_state(State.RECORDED)
    office.in_state(State.SUBMITTED)
    last = office.register(received=date(2026, 6, 2))
    late = replace(office.caseworker, clock=MovingClock(datetime(2026, 7, 2, 9, 30, tzinfo=UTC)))
    day = late.today()
    returning.return_to_requester(late, returning.Dated(**on(last), on=day, reasons="Which of them?"))
    work = my_work(late)
    assert sum(len(group.rows) for group in work.groups) == MOST_ROWS
    assert (work.open_count, work.late_count, work.late_with_others) == (MOST_ROWS + 3, MOST_ROWS + 3, 3)
    assert work.due_in_week == 0
    before = my_work(replace(office.caseworker, clock=MovingClock(datetime(2026, 6, 29, 9, 30, tzinfo=UTC))))
    # The returned case is of 2 June and asked about after it was late: late on 2 July, not due on 30 June.
    assert (before.late_count, before.due_in_week) == (0, MOST_ROWS + 2)
    assert dict(before.week)[DUE] == MOST_ROWS + 2


@pytest.mark.parametrize("today", [date(2026, 6, 27), date(2026, 6, 28)])
def test_at_a_weekend_it_is_the_next_week_that_is_shown(office: Office, today: date) -> None:
    office.register(received=RECEIVED)
    at = datetime(today.year, today.month, today.day, 9, 30, tzinfo=UTC)
    work = my_work(replace(office.caseworker, clock=MovingClock(at)))
    assert [on for on, _many in work.week] == [date(2026, 6, 29), DUE, *(date(2026, 7, n) for n in (1, 2, 3))]
    assert (dict(work.week)[DUE], work.due_in_week) == (1, 1)


def test_before_a_working_day_has_passed_it_is_late_since_a_day(office: Office) -> None:
    done = office.register(received=date(2026, 6, 4))
    due = case_page(office.caseworker, done.case_id).case.row.due_on
    assert due == date(2026, 7, 3), "a Friday"
    for day, since, left in ((4, date(2026, 7, 4), -1), (5, date(2026, 7, 4), -1), (6, None, -1), (7, None, -2)):
        desk = replace(office.caseworker, clock=MovingClock(datetime(2026, 7, day, 9, 30, tzinfo=UTC)))
        (row,) = my_work(desk).groups[0].rows
        assert (row.late_since, row.days_left) == (since, left)


def test_what_others_did_since_one_was_here_is_news_for_three_months(office: Office) -> None:
    for state in (State.APPROVED, State.RELEASED):
        office.in_state(state)
    now = office.entry.clock()
    mine = office.caseworker

    def news(seen: datetime | None, later: timedelta = timedelta(0)) -> list[str]:
        clock = MovingClock(now + later)
        return [
            one.action.value for one in news_of(replace(mine, clock=clock, user=replace(mine.user, last_seen_at=seen)))
        ]

    everything = ["release", "approve", "approve"]
    assert news(None) == everything
    assert news(now - timedelta(days=1)) == everything
    assert news(now) == []
    assert news(None, timedelta(days=90)) == everything
    assert news(None, timedelta(days=92)) == []
    assert news(now - timedelta(days=1), timedelta(days=92)) == []
    assert news_of(office.reviewer) == ()
