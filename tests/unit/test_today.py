"""What will be late at the present pace, and the tables of the desk today."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records import Outcome, State
from desktop.policy.today import AHEAD, Seen, by_age, by_agreement, by_party, by_person, by_week, late_at_pace


def seen(number: int, left: int | None = 5, state: State = State.DRAFT, **more: object) -> Seen:
    values: dict[str, object] = {"agreement_id": "a", "outcome": None, "caseworker_id": 1, "age": 3} | more
    return Seen(id=number, state=state, left=left, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("left", "answered", "late"),
    [
        # One a day: the first is answered today, the second on the next working day.
        ([0, 1, 2], 20, []),
        ([0, 0, 1], 20, [1, 2]),
        # Two a day.
        ([0, 0, 1, 1, 1], 40, [4]),
        # One in two days: each waits two days longer than the one before.
        ([1, 3, 5, 6], 10, [3]),
        # What is late already comes first, and is not late anew.
        ([-4, -1, 1], 20, [2]),
        # Nothing was answered: whatever is due will be late, and nothing beyond.
        ([0, AHEAD, AHEAD + 1], 0, [0, 1]),
        ([AHEAD, AHEAD + 1], 1, []),
        ([None, 2], 0, [1]),
        ([], 5, []),
    ],
)
def test_what_will_be_late(left: list[int | None], answered: int, late: list[int]) -> None:
    assert late_at_pace([seen(n, one) for n, one in enumerate(left)], answered) == set(late)


@given(st.lists(st.integers(-5, 30), max_size=30), st.integers(0, 60))
def test_a_quicker_pace_makes_no_more_late(left: list[int], answered: int) -> None:
    those = [seen(n, one) for n, one in enumerate(left)]
    assert late_at_pace(those, answered + 1) <= late_at_pace(those, answered)
    assert late_at_pace(those, 10**6) == frozenset()


def test_the_line_of_an_agreement_is_longer_than_what_is_shown_of_it() -> None:
    every = [seen(1, 0), seen(2, 0), seen(3, 0, agreement_id="b")]
    table = by_agreement(every[1:2], every, {"a": list(range(20)), "b": []}, {"a": "A", "b": "B"})
    ((title, figures),) = table.rows
    assert title == "A"
    assert [one.cell for one in figures] == [1, 20, "1.0", 0, 1, 1]
    assert list(figures[-1].ids) == [2]


def test_ages_are_in_bands_that_leave_none_out() -> None:
    those = [seen(n, age=n) for n in range(60)] + [seen(60, age=None)]
    table = by_age(those)
    assert [(title, figures[0].cell) for title, figures in table.rows] == [
        ("0 to 5", 6),
        ("6 to 10", 5),
        ("11 to 15", 5),
        ("16 to 20", 5),
        ("21 to 40", 20),
        ("More than 40", 19),
        ("No day of receipt yet", 1),
    ]


def test_each_open_request_waits_for_somebody() -> None:
    open_states = [one for one in State if one not in (State.ISSUED, State.WITHDRAWN, State.DESTROYED)]
    those = [seen(n, state=state) for n, state in enumerate(open_states)]
    those.append(seen(99, state=State.RECORDED, outcome=Outcome.TRACED, age=7))
    table = by_party(those)
    assert sum(len(figures[0].ids) for _title, figures in table.rows) == len(those)
    released = dict(table.rows)["A second person, to release it"]
    assert [one.cell for one in released] == [1, 0, "7 working days"]
    assert list(released[2].ids) == [99]


def test_weeks_begin_on_monday() -> None:
    sunday = date(2026, 6, 14)
    table = by_week([(1, date(2026, 6, 8)), (2, sunday), (3, date(2026, 6, 7))], [(4, sunday)], sunday, "")
    assert len(table.rows) == 13
    assert [(title, tuple(one.cell for one in figures)) for title, figures in table.rows[-2:]] == [
        ("1 June", (1, 0)),
        ("8 June", (2, 1)),
    ]
    chart = table.chart(0)
    assert chart.series[0] == ("Received", (0,) * 11 + (1, 2))
    assert (chart.categories[-1], chart.short[-1]) == ("8 June", "8 Jun")
    assert table.has_bars
    assert not by_week([], [], sunday, "").has_bars


def test_what_was_answered_before_today_is_called_so_in_each_table() -> None:
    tables = by_person([seen(1)], {}, {1: "One"}), by_agreement([seen(1)], [], {}, {"a": "A"})
    assert {one.columns["answered"] for one in tables} == {"Answered in the 20 working days before today"}


def test_a_person_with_nothing_open_and_nothing_answered_has_no_row() -> None:
    table = by_person([seen(1), seen(2, -1, State.SUBMITTED)], {2: [7]}, {1: "One", 2: "Two", 3: "Three"})
    assert [(title, [one.cell for one in figures]) for title, figures in table.rows] == [
        ("One", [2, 1, 1, 1, 0]),
        ("Two", [0, 0, 0, 0, 1]),
    ]
