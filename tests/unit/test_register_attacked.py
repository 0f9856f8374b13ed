"""Whoever has a whole register with small figures kept back, and knows how it is made, works out none of them.

The attack narrows what each figure can be by every sum of lines and of columns, again and again, until nothing changes.
"""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.policy.agreements import load_agreements
from desktop.policy.disclosurecontrol import HIDDEN, NHS, Control, shown
from desktop.policy.publication import Counted, Layout, Period, ended_alone, sheets
from desktop.policy.sheets import Sheet

TRACING = {one.id: one.statistics for one in load_agreements().all() if one.statistics.table == "Tracing requests"}
LAYOUT = Layout(TRACING)
DAYS = (Period(date(2025, 1, 1), date(2025, 12, 31)),)
KINDS = (("law-enforcement-tracing", "police"), ("nca-tracing", "nca"), ("court-order", ""), ("ccrc", "ccrc"))
ENDS = ("traced", "no_trace", "more_than_one", "rejected", "refused", "withdrawn")
MOST = 10**6

Cell = tuple[str, int]
Room = dict[Cell, tuple[int, int]]


def register(counts: list[list[int]]) -> Sheet:
    """The register as it is shown with figures kept back, of so many requests of each kind and end."""
    moved = [
        Counted(0, 0, *kind, end, count)
        for kind, of in zip(KINDS, counts, strict=True)
        for end, count in zip(ENDS, of, strict=True)
        if count
    ]
    (sheet,) = sheets(LAYOUT, DAYS, moved, {})
    return ended_alone(sheet)


def seen(sheet: Sheet, control: Control) -> Room:
    """What each figure can be, by itself; of a star whoever looks knows whether it is small."""
    found: Room = {}
    for line, texts in shown(sheet, control).items():
        for at, words in enumerate(texts):
            true = sheet.figures[line][at]
            if words == HIDDEN:
                found[line, at] = (1, control.below - 1 if 0 < true < control.below else MOST)
            elif control.rounded and int(words):
                found[line, at] = (max(control.below, int(words) - 2), int(words) + 2)
            else:
                found[line, at] = (int(words), int(words))
            assert found[line, at][0] <= true <= found[line, at][1], (line, at, words)
    return found


def sums(sheet: Sheet) -> list[tuple[Cell, list[Cell]]]:
    """Each figure that is a sum, with those that it is of."""
    last = len(sheet.columns) - 1
    down = [
        ((one.whole, at), [(part, at) for part in one.parts]) for one in sheet.sums for at in range(len(sheet.columns))
    ]
    return down + [((line.id, last), [(line.id, at) for at in range(last)]) for line in sheet.lines]


def narrowed(room: Room, of: list[tuple[Cell, list[Cell]]]) -> Room:
    """What is left once every sum was used until none tells more."""
    before: Room = {}
    while before != room:
        before = dict(room)
        for whole, parts in of:
            low, high = (sum(room[one][end] for one in parts) for end in (0, 1))
            room[whole] = (max(room[whole][0], low), min(room[whole][1], high))
            for one in parts:
                least = room[whole][0] - (high - room[one][1])
                most = room[whole][1] - (low - room[one][0])
                room[one] = (max(room[one][0], least), min(room[one][1], most))
    return room


FIGURE = st.one_of(st.just(0), st.integers(0, 9), st.integers(0, 60))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(FIGURE, min_size=len(ENDS), max_size=len(ENDS)), min_size=len(KINDS), max_size=len(KINDS)),
    st.sampled_from([Control(3), Control(5), Control(10), NHS]),
)
def test_no_small_figure_of_a_register_can_be_worked_out(counts: list[list[int]], control: Control) -> None:
    sheet = register(counts)
    room = seen(sheet, control)
    if all(words in ("0", HIDDEN) for texts in shown(sheet, control).values() for words in texts):
        # Nothing but stars: nobody can tell which of them are small.
        return
    small = [cell for cell in room if 0 < sheet.figures[cell[0]][cell[1]] < control.below]
    left = narrowed(room, sums(sheet))
    for cell in small:
        low, high = left[cell]
        assert high - low + 1 >= max(2, control.below // 2), (cell, sheet.figures[cell[0]][cell[1]], (low, high))


def test_the_attack_works_out_a_figure_that_is_kept_back_alone() -> None:
    sheet = register([[20, 30, 9, 12, 3, 8], [20, 30, 9, 12, 11, 8], [0] * 6, [0] * 6])
    room: Room = {(line.id, at): (n, n) for line in sheet.lines for at, n in enumerate(sheet.figures[line.id])}
    hidden = ("row:Refused", sheet.columns.index("Police"))
    room[hidden] = (1, 4)
    assert narrowed(room, sums(sheet))[hidden] == (3, 3)
