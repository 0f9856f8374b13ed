"""Small figures are kept back, and neither totals nor sums give them away."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.policy.disclosurecontrol import NHS, NONE, Control, control_of, hidden_cells, shown
from desktop.policy.sheets import TOTAL, Line, Sheet, Sum


def sheet(*rows: tuple[int, ...], total: bool = True) -> Sheet:
    """A sheet of these counts, with the total of its columns and, as its last line, of its lines."""
    lines = [(*row, sum(row)) if total else row for row in rows]
    whole = tuple(map(sum, zip(*lines, strict=True)))
    names = tuple(f"Body {n}" for n in range(len(rows[0])))
    ids = [f"line {n}" for n in range(len(rows))]
    return Sheet(
        "A sheet",
        (*names, TOTAL) if total else names,
        (*(Line(one, one) for one in ids), Line("whole", "Total", whole=True)),
        (Sum("whole", tuple(ids)),),
        dict(zip(ids, lines, strict=True)) | {"whole": whole},
    )


def test_nothing_is_kept_back_where_nothing_should_be() -> None:
    assert shown(sheet((1, 3), (0, 12)), NONE)["line 0"] == ("1", "3", "4")


def test_the_rule_of_the_nhs_hides_1_to_7_and_rounds_the_rest_by_itself() -> None:
    counted = sheet((1, 7, 8, 12, 13, 22, 0, 98))
    assert shown(counted, NHS)["line 0"] == ("*", "*", "10", "10", "15", "20", "0", "100", "160")


def test_a_single_small_figure_takes_another_with_it() -> None:
    kept = hidden_cells(sheet((3, 20, 40), (30, 50, 60)), Control(5))
    assert kept == {("line 0", 0), ("line 0", 1), ("line 1", 0), ("line 1", 1)}


def test_two_ones_are_not_worked_out_from_their_sum() -> None:
    kept = hidden_cells(sheet((1, 1, 30), (20, 25, 30)), Control(5))
    assert len({cell for cell in kept if cell[0] == "line 0"}) > 2


def test_zero_is_shown() -> None:
    assert shown(sheet((0, 2), (0, 9)), Control(5))["line 0"][0] == "0"


@pytest.mark.parametrize("typed", ["none", "nhs", "below-3", "below-10", "below-100"])
def test_a_control_is_typed_as_it_is_kept(typed: str) -> None:
    assert control_of(typed).id == typed


@pytest.mark.parametrize(
    "typed", ["", "below-0", "below-00", "below-2", "below-101", "below-", "below--4", "NHS", "under-5", "below-٣"]
)
def test_other_words_are_no_control(typed: str) -> None:
    with pytest.raises(ValueError, match=r"threshold|none of"):
        control_of(typed)


def possible(counted: Sheet, control: Control) -> dict[tuple[str, int], set[int]]:
    """What each hidden small cell of two lines and two columns can be, tried one by one, by somebody who knows which
    stars are small: a cell that is not shown was 1 at least.
    """
    seen = shown(counted, control)
    small = {(line, at) for line, row in counted.figures.items() for at, n in enumerate(row) if 0 < n < control.below}
    cells = [(line.id, at) for line in counted.lines for at in range(len(counted.columns))]

    def fits(cell: tuple[str, int], count: int) -> bool:
        text = seen[cell[0]][cell[1]]
        if text == "*":
            return count > 0 and (cell not in small or count < control.below)
        if control.rounded and int(text):
            return count >= control.below and abs(count - int(text)) <= 2
        return count == int(text)

    inner = [(f"line {line}", at) for line in range(2) for at in range(2)]
    tried = [[count for count in range(26) if fits(cell, count)] for cell in inner]
    found: dict[tuple[str, int], set[int]] = {cell: set() for cell in small}
    for a, b, c, d in product(*tried):
        row = {"line 0": (a, b, a + b), "line 1": (c, d, c + d), "whole": (a + c, b + d, a + b + c + d)}
        if all(fits(cell, row[cell[0]][cell[1]]) for cell in cells):
            for line, at in small:
                found[line, at].add(row[line][at])
    return found


@settings(max_examples=150)
@given(st.tuples(*[st.integers(0, 12)] * 4), st.sampled_from([Control(3), Control(5), NHS]))
def test_no_small_figure_can_be_worked_out(counts: tuple[int, int, int, int], control: Control) -> None:
    counted = sheet(counts[:2], counts[2:])
    seen = shown(counted, control)
    if {text for row in seen.values() for text in row} <= {"0", "*"}:
        # Nothing but stars: no one can tell which of them are small.
        return
    for cell, values in possible(counted, control).items():
        assert len(values) >= 2, (cell, seen)


def test_a_sum_within_a_sum_gives_nothing_away() -> None:
    counted = Sheet(
        "A sheet",
        ("One", "Other", TOTAL),
        tuple(Line(one, one) for one in ("a", "b", "ab", "c", "all", "beside")),
        (Sum("ab", ("a", "b")), Sum("all", ("ab", "c"))),
        {"a": (2, 30, 32), "b": (20, 30, 50), "ab": (22, 60, 82), "c": (9, 9, 18), "all": (31, 69, 100)}
        | {"beside": (1, 50, 51)},
    )
    kept = hidden_cells(counted, Control(5))
    assert {("a", 0), ("b", 0)} <= kept or {("a", 0), ("ab", 0)} <= kept
    assert {("beside", 0)} < {cell for cell in kept if cell[0] == "beside"}
