"""The tables of the oversight report: what is kept back in one of them is not told by another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.records_figures import Fact, Sort
from desktop.policy.agreements import load_agreements
from desktop.policy.disclosurecontrol import NHS, NONE, Control
from desktop.policy.oversight import parts
from desktop.policy.oversightgrids import charts, grids, unequal_requests
from desktop.policy.oversightparts import Names
from desktop.policy.reports import Grid

NAMES = Names({one.id: one for one in load_agreements().all()})
BODIES = (("law-enforcement-tracing", "police"), ("nca-tracing", "nca"))

World = tuple[tuple[int, int, int], ...]
"""Of each body: how many were traced, how many refused, and how many of both were answered in time."""
Cell = tuple[str, int, str]
"""A body's number, or that of all, with the table and column that a figure stands in."""
ALL = len(BODIES)


def facts_of(world: World) -> dict[Sort, list[Fact]]:
    """What such answers leave behind: each was decided once, each trace is one disclosure and was released, and each
    refusal has one ground and reasons.
    """
    facts: dict[Sort, list[Fact]] = {sort: [] for sort in Sort}
    for body, (traced, refused, in_time) in zip(BODIES, world, strict=True):
        first = min(traced, in_time)
        for what, more, count in (
            ("traced", "in_time", first),
            ("traced", "late", traced - first),
            ("refused", "in_time", in_time - first),
            ("refused", "late", refused - in_time + first),
        ):
            facts[Sort.ENDED] += [Fact(*body, what, more, count)] if count else []
        facts[Sort.DISCLOSED] += [Fact(*body, "a gateway", '["address"]', traced)] if traced else []
        facts[Sort.GROUNDED] += [Fact(*body, "refused", "tried", refused)] if refused else []
        facts[Sort.DECIDED] += [Fact(*body, "approve", "agreed", traced)] if traced else []
        facts[Sort.DECIDED] += [Fact(*body, "refuse", "agreed", refused)] if refused else []
        facts[Sort.REVIEWED] += [Fact(*body, "release", "", traced)] if traced else []
        facts[Sort.WORDED] += [Fact(*body, "once", "", refused)] if refused else []
        # Rows stand for a body also where nothing of it ended. Whoever looks does not know how many of those received
        # are answered in the same days: what is carried forward is kept back.
        facts[Sort.MOVED].append(Fact(*body, "in", "", 50))
    return facts


def made(world: World, control: Control) -> tuple[Grid, ...]:
    facts = facts_of(world)
    found = parts(facts, NAMES)
    return grids(found, [part.count(facts) for part in found], control)


def told(traced: int, refused: int, in_time: int) -> dict[tuple[str, str], int]:
    """What the tables say of a body, or of all, by table and column."""
    both = traced + refused
    return {
        ("Requests", "Answered"): both,
        ("Answers in time", "Answered"): both,
        ("Answers in time", "In time"): in_time,
        ("Answers in time", "Late"): both - in_time,
        ("What was answered", "Traced"): traced,
        ("What was answered", "Refused"): refused,
        ("What was answered", "Total"): both,
        ("Refusals and rejections, by their grounds", "Refused"): refused,
        ("Disclosures, by gateway and item", "Disclosures"): traced,
        ("Caseworkers and reviewers", "Looked at by a second person"): both,
        ("Caseworkers and reviewers", "With a view of each answer"): both,
        ("Caseworkers and reviewers", "Outcomes looked at"): traced,
        ("Reasons that repeat word for word", "Reasons given"): refused,
    }


def seen_of(world: World, control: Control) -> dict[Cell, str]:
    """Every figure that is shown of the bodies and of all of them; each body's ground says what its row does."""
    found: dict[Cell, str] = {}
    for grid in made(world, control):
        shown = [NAMES.body(f"{agreement}|{kind}") for agreement, kind in BODIES]
        body = -1
        for row in grid.rows:
            named = [n for n, title in enumerate(shown) if row.title.startswith(title.split(":")[0])]
            body = ALL if row.title == "All" else named[0] if named else body
            for column, cell in zip(grid.columns, row.cells, strict=True):
                if (grid.title, column) in told(0, 0, 0):
                    text = str(cell)
                    # Of two figures for one thing whoever looks takes the one that says more.
                    key = (grid.title, body, column)
                    found[key] = text if found.get(key, "*") == "*" else found[key]
    return found


def fits(text: str, count: int, control: Control) -> bool:
    """Whether what is shown can be this count, for a reader who knows the rule."""
    if text == "*":
        return count > 0
    if control.rounded and int(text):
        return count >= control.below and abs(count - int(text)) <= 2
    return count == int(text)


def possible(seen: dict[Cell, str], control: Control, most: int) -> Iterator[tuple[dict[tuple[str, str], int], ...]]:
    """Every world that looks like this: of each body, and of all, what the tables say."""

    def allowed(body: int, what: dict[tuple[str, str], int]) -> bool:
        return all(
            fits(seen[table, body, column], count, control)
            for (table, column), count in what.items()
            if (table, body, column) in seen
        )

    each = []
    for body in range(len(BODIES)):
        tried = ((t, r, i) for t, r in product(range(most), repeat=2) for i in range(t + r + 1))
        each.append([one for one in tried if allowed(body, told(*one))])
    for one, other in product(*each):
        whole = told(one[0] + other[0], one[1] + other[1], one[2] + other[2])
        if allowed(ALL, whole):
            yield told(*one), told(*other), whole


counted = st.integers(0, 11)


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[counted] * 6), st.sampled_from([Control(3), Control(5), NHS]))
def test_no_small_figure_is_told_by_all_tables_together(
    counts: tuple[int, int, int, int, int, int], control: Control
) -> None:
    a, b, c, d, e, f = counts
    world = ((a, b, min(c, a + b)), (d, e, min(f, d + e)))
    seen = seen_of(world, control)
    true = [told(*one) for one in (*world, tuple(map(sum, zip(*world, strict=True))))]
    small = {
        (body, key): set[int]()
        for body, of in enumerate(true)
        for key, count in of.items()
        if 0 < count < control.below
    }
    for of in possible(seen, control, 16):
        for (body, key), values in small.items():
            values.add(of[body][key])
        if all(len(values) > 1 for values in small.values()):
            return
    assert not small, (seen, {key: values for key, values in small.items() if len(values) < 2})


@pytest.mark.parametrize("control", [Control(3), Control(5), NHS])
def test_what_was_received_is_not_shown_beside_what_was_answered(control: Control) -> None:
    """The tables of the days before and after, with nothing kept back, say how many were open at both ends: received is
    answered, withdrawn and what was added to those.
    """
    requests = made(((30, 1, 20), (40, 40, 60)), control)[0]
    assert requests.columns == ("Received", "Brought forward", "Answered", "Withdrawn", "Carried forward")
    assert {cell for row in requests.rows for cell in (*row.cells[:2], row.cells[4])} == {"*"}
    assert requests.rows[1].cells[2] == 80


def test_no_figure_of_holds_is_shown_beside_reports_of_other_days() -> None:
    """Those of the days before and after say how many stood at both ends: what was placed is the difference."""
    facts = facts_of(((30, 1, 20), (40, 40, 60)))
    facts[Sort.HELD] = [Fact("", "", what, "", count) for what, count in (("placed", 1), ("standing", 13))]
    found = parts(facts, NAMES)
    for control, shown in ((NONE, (1, 0, 13)), (Control(3), ("*",) * 3), (NHS, ("*",) * 3)):
        made_of = grids(found, [part.count(facts) for part in found], control)
        holds = next(one for one in made_of if one.title == "Holds")
        assert tuple(row.cells[0] for row in holds.rows) == shown


def shown_of(facts: dict[Sort, list[Fact]], title: str, control: Control) -> dict[str, tuple[int | str, ...]]:
    found = parts(facts, NAMES)
    made_of = grids(found, [part.count(facts) for part in found], control)
    return {row.title: row.cells for grid in made_of if grid.title.startswith(title) for row in grid.rows}


def test_few_that_are_not_in_a_part_are_told_by_no_part() -> None:
    """One disclosure gave no address, one refusal does not rest on a ground, one case was not handed over first."""
    facts = facts_of(((12, 12, 24), (0, 0, 0)))
    facts[Sort.DISCLOSED] = [Fact(*BODIES[0], "gw", '["name", "address"]', 11), Fact(*BODIES[0], "gw", '["name"]', 1)]
    facts[Sort.GROUNDED] = [Fact(*BODIES[0], "refused", "tried", 11), Fact(*BODIES[0], "refused", "items", 12)]
    facts[Sort.DISPOSED] = [Fact("", "", what, "", count) for what, count in (("destroyed", 10), ("handed_over", 9))]
    for control, kept in ((NONE, False), (Control(5), True), (Control(3), True)):
        disclosed = shown_of(facts, "Disclosures", control)
        assert {cells[0] for cells in disclosed.values()} == {12}
        assert {cells[2] for cells in disclosed.values()} == {"*" if kept else 11}
        grounds = [cells[0] for cells in shown_of(facts, "Refusals", control).values()]
        assert sorted(map(str, grounds)) == ["*", "*", "12", "12"] if kept else ["11", "12", "12", "12"]
        gone = shown_of(facts, "Destruction", control)
        assert (gone["Cases destroyed"], gone["Cases handed over first"]) == ((10,), ("*" if kept else 9,))


def test_without_control_everything_is_shown_and_adds_up() -> None:
    world = ((3, 2, 4), (1, 0, 1))
    grid = made(world, NONE)[2]
    assert [row.cells[:7] for row in grid.rows] == [
        (3, 0, 0, 0, 2, 0, 5),
        (1, 0, 0, 0, 0, 0, 1),
        (4, 0, 0, 0, 2, 0, 6),
    ]
    assert grid.rows[0].cells[7:] == ("40.0%", "0.0%")
    assert [row.cells for row in made(world, NONE)[1].rows] == [
        (5, 4, 1, "80.0%"),
        (1, 1, 0, "100.0%"),
        (6, 5, 1, "83.3%"),
    ]


def test_what_all_have_does_not_tell_the_only_row_that_is_kept_back() -> None:
    facts = facts_of(((2, 0, 2), (3, 0, 3)))
    facts[Sort.DECIDED] = [Fact(*BODIES[0], "approve", "agreed", 5)]
    found = parts(facts, NAMES)
    shown = grids(found, [part.count(facts) for part in found], Control(3))
    rows = next(grid.rows for grid in shown if grid.title == "Caseworkers and reviewers")
    assert {row.title: row.cells[:2] for row in rows if row.cells[0] != 0} == {
        "Law enforcement tracing": ("*", 0),
        "All": ("*", 0),
    }


def test_a_rate_is_kept_back_with_its_counts() -> None:
    for row in made(((3, 2, 4), (30, 20, 44)), Control(5))[1].rows:
        assert (row.cells[-1] == "*") == ("*" in row.cells[:2])


def test_where_nothing_was_answered_there_is_no_rate() -> None:
    (row, *_others) = made(((0, 0, 0), (0, 0, 0)), NONE)[1].rows
    assert row.cells[-1] == "–"


def test_charts_stand_beside_their_tables_and_only_where_nothing_is_kept_back() -> None:
    facts = facts_of(((3, 2, 4), (30, 20, 44)))
    found = parts(facts, NAMES)
    counts = [part.count(facts) for part in found]
    shown = grids(found, counts, NONE)
    for chart in charts(found, shown):
        assert chart.title == shown[chart.grid].title
        for name, figures in chart.series:
            at = shown[chart.grid].columns.index(name)
            assert figures == tuple(row.cells[at] for row in shown[chart.grid].rows if row.title != "All")
    assert list(charts(found, grids(found, counts, Control(5)))) == []


def test_requests_that_do_not_add_up_are_said() -> None:
    facts = facts_of(((3, 2, 4), (1, 0, 1)))
    for body, ended in zip(BODIES, (5, 1), strict=True):
        facts[Sort.MOVED].append(Fact(*body, "before", "in", ended))
    found = parts(facts, NAMES)
    assert unequal_requests(found, [part.count(facts) for part in found]) == ()
    facts[Sort.ENDED].append(Fact(*BODIES[1], "traced", "late", 1))
    wrong = unequal_requests(found, [part.count(facts) for part in found])
    assert "NCA" in wrong[0]
    assert "51 to deal with, but 52 accounted for" in wrong[0]


@pytest.mark.parametrize(
    ("what", "more", "said"),
    [
        (None, "late", "6 answered, but 5 with an outcome that is known"),
        ("bogus", "late", "6 answered, but 5 with an outcome that is known"),
        ("traced", "bogus", "6 answered, but 5 in time, late or without a due date"),
    ],
)
def test_answers_of_which_it_is_not_known_what_they_were_are_said(what: str, more: str, said: str) -> None:
    """A damaged store may hold what the database refuses."""
    facts = facts_of(((3, 2, 4), (1, 0, 1)))
    for body, ended in zip(BODIES, (6, 1), strict=True):
        facts[Sort.MOVED].append(Fact(*body, "before", "in", ended))
    facts[Sort.ENDED].append(Fact(*BODIES[0], what, more, 1))
    found = parts(facts, NAMES)
    wrong = unequal_requests(found, [part.count(facts) for part in found])
    assert [said in one for one in wrong] == [True, False]
    assert wrong[1].startswith("This does not add up: All, 7 answered")
