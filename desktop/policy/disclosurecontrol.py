"""Which small figures of a sheet are not shown, so that no count tells of one person, and none can be worked out.

Three ways: none, as the national register does; the sub-national rule of the NHS, by which counts of 1 to 7 are not
shown and others go to the nearest 5, each total by itself
(https://digital.nhs.uk/data-and-information/data-tools-and-services/data-services/hospital-episode-statistics/change-to-disclosure-control-methodology-for-hes-and-ecds-from-september-2018);
and a threshold of one's own, under which counts are not shown. Zero is shown as zero.

What the sums of a sheet give away is measured: each sum is a node of a network and each figure an arc between the two
sums that it is in, so that the least and most that a hidden figure can be is a greatest flow.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from desktop.policy.sheets import Sheet, Sum

HIDDEN: Final = "*"
LEAST_THRESHOLD: Final = 3
"""A lower one would hide nothing: a star would say which figure it is."""
MOST_THRESHOLD: Final = 100
_ROUNDED_TO: Final = 5
_SLACK: Final = 2
"""How far a rounded figure is from what was counted, at most."""
_ENDLESS: Final = 10**9
_GROUND: Final = ("", -1)

_Cell = tuple[str, int]
"""A line's id and the number of a column."""
_Node = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Control:
    """How small figures are kept back. Raises ValueError for a threshold that would hide nothing, or nearly all."""

    below: int = 0
    """Counts from 1 that are lower are not shown; 0 shows everything."""
    rounded: bool = False
    """Whether the others go to the nearest 5."""

    def __post_init__(self) -> None:
        if self.below and not LEAST_THRESHOLD <= self.below <= MOST_THRESHOLD:
            raise ValueError(f"a threshold is from {LEAST_THRESHOLD} to {MOST_THRESHOLD}, not {self.below}")

    @property
    def id(self) -> str:
        """How it is kept and typed: "none", "nhs" or "below-10"."""
        if not self.below:
            return "none"
        return "nhs" if self == NHS else f"below-{self.below}"

    @property
    def said(self) -> str:
        """What stands under a table."""
        if not self.below:
            return "Small figures are shown, as the national register shows them."
        also = " Others are rounded to the nearest 5, and totals by themselves, so they may not add up."
        return f"{HIDDEN} is {self.star}." + (also if self.rounded else "")

    @property
    def once_out(self) -> str:
        """What it means for its days that a table leaves the desk."""
        if not self.below:
            return "Once this is out, these days cannot be published with small figures kept back any more."
        return (
            "Small figures are kept back in it, so these days cannot be published in another way afterwards: two tables"
            " together could tell what each of them keeps back."
        )

    @property
    def star(self) -> str:
        """What a figure is that is kept back; "" where none is."""
        return (
            f"a count of 1 to {self.below - 1}, or one from which such a count could be worked out"
            if self.below
            else ""
        )


NONE: Final = Control()
NHS: Final = Control(8, rounded=True)


def control_of(typed: str) -> Control:
    """The control with this id. Raises ValueError, with words fit to show."""
    head, _, number = typed.partition("below-")
    if typed in ("none", "nhs"):
        return NONE if typed == "none" else NHS
    if head or not number.isascii() or not number.isdigit() or not int(number):
        raise ValueError(f"“{typed}” is none of “none”, “nhs” and “below-10”, with a number of your own")
    return Control(int(number))


def shown(sheet: Sheet, control: Control) -> Mapping[str, tuple[str, ...]]:
    """The figures as they may be shown, in the lines and columns of the sheet; its sums must hold."""
    hidden = hidden_cells(sheet, control)

    def cell(line: str, at: int, count: int) -> str:
        if (line, at) in hidden:
            return HIDDEN
        return str(_rounded(count) if control.rounded else count)

    return {
        line.id: tuple(cell(line.id, at, count) for at, count in enumerate(sheet.figures[line.id]))
        for line in sheet.lines
    }


def hidden_cells(sheet: Sheet, control: Control) -> frozenset[_Cell]:
    """The cells that are not shown: those under the threshold, and as many more as it takes until each of them can
    still be as many different counts as half of what a star stands for. Where that cannot be, every figure but zero is
    hidden, and no one can tell which of them are small.
    """
    if not control.below:
        return frozenset()
    figures = {(line.id, at): count for line in sheet.lines for at, count in enumerate(sheet.figures[line.id])}
    small = frozenset(cell for cell, count in figures.items() if 0 < count < control.below)
    network = _Network(sheet, figures, small, control)
    hidden = set(small)
    wanted = max(2, control.below // 2)
    for cell in sorted(small, key=lambda one: (figures[one], one)):
        while not network.apart(cell, hidden) >= wanted:
            if not (more := network.cheapest(cell, hidden)):
                return frozenset(one for one, count in figures.items() if count)
            hidden |= more
    # What is hidden later never binds what was freed before.
    return frozenset(hidden)


def _rounded(count: int) -> int:
    return (count + _SLACK) // _ROUNDED_TO * _ROUNDED_TO


class _Network:
    """The sums of a sheet as nodes, and each figure as an arc from the node that it leaves to that which it enters."""

    def __init__(self, sheet: Sheet, figures: Mapping[_Cell, int], small: frozenset[_Cell], control: Control) -> None:
        self._figures, self._small, self._control = figures, small, control
        self._ends = _directed({cell: _nodes_of(sheet, cell) for cell in figures})
        self._at: dict[_Node, list[_Cell]] = {}
        for cell, ends in self._ends.items():
            for node in ends:
                self._at.setdefault(node, []).append(cell)

    def apart(self, cell: _Cell, hidden: set[_Cell]) -> int:
        """How many counts in a row a hidden cell may have, as far as the sheet tells."""
        return 1 + sum(self._room(cell, hidden, up=up)[0] for up in (True, False))

    def cheapest(self, cell: _Cell, hidden: set[_Cell]) -> frozenset[_Cell]:
        """The cells with the least counts that must be hidden too, so that this one may be one more count; none where
        nothing helps.
        """
        ways = [self._way(cell, hidden, up=up) for up in (True, False)]
        found = [way for way in ways if way]
        return min(found, key=lambda way: sum(self._figures[one] for one in way), default=frozenset())

    def _bounds(self, cell: _Cell, hidden: set[_Cell] | frozenset[_Cell]) -> tuple[int, int]:
        count = self._figures[cell]
        if cell in hidden:
            return 1, self._control.below - 1 if cell in self._small else _ENDLESS
        if not self._control.rounded or not count:
            return count, count
        near = _rounded(count)
        return max(self._control.below, near - _SLACK), near + _SLACK

    def _room(self, cell: _Cell, hidden: set[_Cell], *, up: bool) -> tuple[int, dict[_Cell, int]]:
        """By how much the cell can be more, or less, while every sum holds, and the other figures then: a greatest flow
        against its arc.
        """
        low, high = self._bounds(cell, hidden)
        most = high - self._figures[cell] if up else self._figures[cell] - low
        source, sink = self._around(cell, up=up)
        changed = dict(self._figures)
        if source == sink:
            return most, changed
        moved = 0
        while moved < most and (path := self._path(cell, hidden, changed, source, sink)):
            step = min(most - moved, *(self._left(one, hidden, changed, more=more) for one, more in path))
            for one, more in path:
                changed[one] += step if more else -step
            moved += step
        return moved, changed

    def _around(self, cell: _Cell, *, up: bool) -> tuple[_Node, _Node]:
        leaves, enters = self._ends[cell]
        return (enters, leaves) if up else (leaves, enters)

    def _left(self, cell: _Cell, hidden: set[_Cell], changed: Mapping[_Cell, int], *, more: bool) -> int:
        low, high = self._bounds(cell, hidden)
        return high - changed[cell] if more else changed[cell] - low

    def _steps(self, node: _Node, but: _Cell) -> Iterator[tuple[_Cell, bool, _Node]]:
        """The arcs at a node: along one the figure grows, against it the figure falls."""
        for cell in self._at[node]:
            if cell != but:
                leaves, enters = self._ends[cell]
                yield (cell, True, enters) if leaves == node else (cell, False, leaves)

    def _path(
        self, but: _Cell, hidden: set[_Cell], changed: Mapping[_Cell, int], source: _Node, sink: _Node
    ) -> list[tuple[_Cell, bool]]:
        came: dict[_Node, tuple[_Node, _Cell, bool]] = {}
        waiting = deque([source])
        while waiting and sink not in came:
            node = waiting.popleft()
            for cell, more, to in self._steps(node, but):
                if to not in came and to != source and self._left(cell, hidden, changed, more=more) > 0:
                    came[to] = (node, cell, more)
                    waiting.append(to)
        path: list[tuple[_Cell, bool]] = []
        node = sink
        while node in came:
            node, cell, more = came[node]
            path.append((cell, more))
        return path

    def _way(self, cell: _Cell, hidden: set[_Cell], *, up: bool) -> frozenset[_Cell]:
        """What has to be hidden on the cheapest path beyond the greatest flow of what is hidden already."""
        low, high = self._bounds(cell, hidden)
        moved, changed = self._room(cell, hidden, up=up)
        if moved == (high - self._figures[cell] if up else self._figures[cell] - low):
            return frozenset()
        source, sink = self._around(cell, up=up)
        every = hidden | {one for one, count in self._figures.items() if count}
        done: set[_Node] = set()
        waiting: list[tuple[int, int, _Node, frozenset[_Cell]]] = [(0, 0, source, frozenset())]
        order = 0
        while waiting:
            cost, _, node, new = heapq.heappop(waiting)
            if node == sink:
                return new
            if node in done:
                continue
            done.add(node)
            for one, more, to in self._steps(node, cell):
                if to not in done and self._left(one, every, changed, more=more) > 0:
                    order += 1
                    free = self._left(one, hidden, changed, more=more) > 0
                    price, fresh = (0, new) if free else (self._figures[one] + 1, new | {one})
                    heapq.heappush(waiting, (cost + price, order, to, fresh))
        return frozenset()


def _nodes_of(sheet: Sheet, cell: _Cell) -> list[tuple[_Node, int]]:
    """The sums that a figure is in, two at most, each with its sign there."""
    line, at = cell
    total = sheet.totalled and at == len(sheet.columns) - 1
    found: list[tuple[_Node, int]] = []
    for number, one in enumerate(sheet.sums):
        sign = _sign(one, line)
        if sign:
            found.append(((f"sum {number}", at), sign))
    if len(found) < 2 and sheet.totalled:
        found.append(((f"line {line}", -1), -1 if total else 1))
    return [*found, (_GROUND, 1), (_GROUND, 1)][:2]


def _sign(one: Sum, line: str) -> int:
    return -1 if line == one.whole else int(line in one.parts)


def _directed(nodes: Mapping[_Cell, list[tuple[_Node, int]]]) -> dict[_Cell, tuple[_Node, _Node]]:
    """Each figure from the node that it leaves to the one that it enters, once the signs of nodes are turned so that it
    has one of each. What holds nothing in place stands at the ground, where nothing has to be even.
    """
    beside: dict[_Node, list[tuple[_Node, int]]] = {}
    for (one, a), (other, b) in nodes.values():
        # Nodes turn together where their signs differ, and against each other where they are the same.
        beside.setdefault(one, []).append((other, -a * b))
        beside.setdefault(other, []).append((one, -a * b))
    turned: dict[_Node, int] = {}
    for start in beside:
        if start == _GROUND or start in turned:
            continue
        turned[start] = 1
        waiting = [start]
        while waiting:
            node = waiting.pop()
            for other, turn in beside[node]:
                if other == _GROUND:
                    continue
                if other not in turned:
                    turned[other] = turned[node] * turn
                    waiting.append(other)
                elif turned[other] != turned[node] * turn:
                    raise ValueError("the sums of this sheet are no network")
    found = {}
    for cell, ((one, a), (other, _)) in nodes.items():
        grows = turned.get(one, 1) * a if one != _GROUND else -1
        found[cell] = (other, one) if grows > 0 else (one, other)
    return found
