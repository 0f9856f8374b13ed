"""The tables of reports: heads and row titles tagged as such, sums in bold, the head repeated on each page.

A table stands upright where its columns have room, lies where they need more, and is then cut into several side by
side. A report may have thousands of rows: a cell that is one line is drawn at once, without a paragraph of its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, zip_longest
from typing import Any, Final

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from desktop.letters.parts import Room, Text, printable, texts
from desktop.letters.styles import ACCENT, BODY_WIDTH, BOLD, INK, INK_2, LINE, REGULAR, Styles
from desktop.letters.tables import pieces
from desktop.letters.tagging import Element, artifact, tagged
from desktop.policy.reports import Cell, Grid, GridRow
from desktop.policy.wording import figures

UPRIGHT: Final = BODY_WIDTH
LYING: Final = 257 * mm
"""How wide the text of a page is."""
_PAD: Final = 2.6
_INSET: Final = 11.0
_LEAST_TITLE, _USUAL_TITLE = 120.0, 230.0
_LEAST_WORDS, _USUAL_WORDS, _WIDEST = 90.0, 170.0, 200.0
_AIR: Final = 36.0
"""How much wider than it needs a column becomes at most, where there is room."""
_HAIR: Final = 0.25
"""A word in a column of exactly its width is broken, where the sum of its letters is rounded up."""
_HEAD_LINES: Final = 6
"""A head has about so many lines at most, unless half a page is too narrow for it."""
_OPENING: Final = 3
"""So many rows stand under a head before a page ends."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The type of a table."""

    name: str
    size: float
    leading: float

    @property
    def gap(self) -> float:
        """What keeps two columns apart."""
        return max(9.0, self.size * 0.75)

    def style(self, *, bold: bool = False, right: bool = False) -> ParagraphStyle:
        """The style of a cell of several lines."""
        return _style(self, bold, right)


@lru_cache(maxsize=16)
def _style(sizes: Sizes, bold: bool, right: bool) -> ParagraphStyle:
    scale = {"alignment": TA_RIGHT} if right else {}
    return Styles(1).style(sizes.name, sizes.size, sizes.leading, BOLD if bold else REGULAR, **scale)


_USUAL: Final = Sizes("cell", 10, 13)
_SMALL: Final = Sizes("small cell", 9, 12)


@dataclass(frozen=True, slots=True)
class Part:
    """A table, or some columns of a wide one."""

    columns: range
    widths: tuple[float, ...]
    """Of the row titles, then of each column, in points."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a grid is set: whether its page lies, its type, and its parts side by side."""

    lies: bool
    sizes: Sizes
    parts: tuple[Part, ...]


@lru_cache(maxsize=4096)
def _wide(words: str, size: float, bold: bool) -> float:
    return float(stringWidth(printable(words), BOLD if bold else REGULAR, size))


def shown(cell: Cell) -> str:
    """A cell as it is printed."""
    return figures(cell) if isinstance(cell, int) else cell


def plan(grid: Grid) -> Plan:
    """How to set a grid: upright, lying, lying in small type, or so and in several parts."""
    for width, sizes in ((UPRIGHT, _USUAL), (LYING, _USUAL)):
        least, liked = _needs(grid, sizes, width)
        if sum(least) <= width:
            part = Part(range(len(grid.columns)), _spread(least, liked, width))
            return Plan(width == LYING, sizes, (part,))
    return _cut(grid, _SMALL, LYING)


def _cut(grid: Grid, sizes: Sizes, width: float) -> Plan:
    """The grid in as many parts side by side as this width asks for."""
    least, liked = _needs(grid, sizes, width)
    many = len(grid.columns)
    ranges = _ranges(least, width, many)
    # As many in each, where that can be: a last column would stand alone else.
    even = _ranges(least, width, -(-many // len(ranges)))
    parts = []
    for which in even if len(even) == len(ranges) else ranges:
        at = slice(which.start + 1, which.stop + 1)
        parts.append(Part(which, _spread((least[0], *least[at]), (liked[0], *liked[at]), width)))
    return Plan(lies=width == LYING, sizes=sizes, parts=tuple(parts))


def _ranges(least: Sequence[float], width: float, most: int) -> list[range]:
    """The columns of each part: at most so many, and as many as fit beside the row titles."""
    many = len(least) - 1
    found: list[range] = []
    while not found or found[-1].stop < many:
        first = last = found[-1].stop if found else 0
        while last < many and last - first < most:
            if last > first and least[0] + sum(least[first + 1 : last + 2]) > width:
                break
            last += 1
        found.append(range(first, last))
    return found


def _needs(grid: Grid, sizes: Sizes, width: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """How wide the row titles and each column must be, and how wide they would best be."""
    titles = [_wide(grid.head, sizes.size, bold=True)]
    titles += [_wide(row.title, sizes.size, row.whole) + _INSET * row.inset for row in grid.rows]
    widest = max(titles) + sizes.gap
    first = max(min(widest, _LEAST_TITLE), _for_head(grid.head, sizes, width) + sizes.gap)
    least, liked = [first], [max(first, min(widest, _USUAL_TITLE))]
    for number, head in enumerate(grid.columns):
        cells = [(shown(row.cells[number]), row.whole) for row in grid.rows]
        words = [_wide(word, sizes.size, bold=True) + _HAIR for word in head.split()]
        whole = max((_wide(cell, sizes.size, bold) for cell, bold in cells), default=0.0)
        if not grid.is_figures(number):
            longest = max((_wide(word, sizes.size, bold) for cell, bold in cells for word in cell.split()), default=0.0)
            must, best = min(longest, _LEAST_WORDS), min(whole, _USUAL_WORDS)
        else:
            must = best = min(whole, _WIDEST)
        must = max(must, min(max(words, default=0.0), _LEAST_WORDS), _for_head(head, sizes, width))
        best = max(best, must, min(_wide(head, sizes.size, bold=True) * 0.6, _USUAL_WORDS))
        least.append(must + sizes.gap)
        liked.append(best + sizes.gap)
    return tuple(least), tuple(liked)


def _for_head(words: str, sizes: Sizes, width: float) -> float:
    """How wide a column is at least, so that its head has not too many lines."""
    return float(min(_wide(words, sizes.size, bold=True) / _HEAD_LINES, width / 2 - sizes.gap))


def _spread(least: Sequence[float], liked: Sequence[float], width: float) -> tuple[float, ...]:
    """The widths that come nearest to what would be best within this width."""
    room = width - sum(liked)
    if room >= 0:
        more = min(_AIR, room / max(1, len(liked) - 1))
        return (liked[0], *(one + more for one in liked[1:]))
    share = (width - sum(least)) / (sum(liked) - sum(least))
    return tuple(low + (high - low) * share for low, high in zip(least, liked, strict=True))


@dataclass(slots=True)
class _Cell:
    """What stands in a column of a line: one line of text, or paragraphs."""

    element: Element
    words: str = ""
    paragraphs: Sequence[Text] = ()

    @property
    def height(self) -> float:
        """Of the paragraphs, in points."""
        return float(sum(one.height for one in self.paragraphs))


@dataclass(frozen=True, slots=True)
class _Line:
    """A row, or of a row that is very high a piece."""

    cells: tuple[_Cell | None, ...]
    row: GridRow
    high: float
    first: bool
    last: bool


class GridTable(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A part of a grid, or what stands of it on a page under the head, which each page repeats."""

    spaceAfter = 10

    def __init__(self, table: _Table, place: slice | None = None, under: float = 0.0) -> None:
        super().__init__()
        self._table = table
        self._place = place or slice(0, len(table.lines))
        self.under = under
        """How much room what follows its last line needs, which stands on a page with that line."""

    @property
    def opening(self) -> float:
        """The height of its head and first rows, which stay under the heading."""
        return self._table.depths[min(_OPENING, len(self._table.lines))]

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Its width and its height; with what follows it where that alone does not fit, to be split over its last
        lines.
        """
        depths = self._table.depths
        self.height = depths[0] + depths[self._place.stop] - depths[self._place.start]
        parted = self.height <= available_height < self.height + self.under
        more = self.under if parted and self._place.stop - self._place.start > 1 else 0.0
        return self._table.width, self.height + more

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """The lines that fit, but for the last where what follows them does not, and all others; nothing where none
        fits.
        """
        depths, begin, end = self._table.depths, self._place.start, self._place.stop
        most = available_height - depths[0] + depths[begin]
        fit = bisect_right(depths, most, begin, end + 1) - 1
        if fit <= begin:
            return []
        fit, held = (fit, 0.0) if fit < end else (max(begin + 1, end - _OPENING), self.under)
        rest = GridTable(self._table, slice(fit, end), self.under)
        # Those that are held back would fit on this page, but not with what follows them.
        turned = [Room(depths[0] + depths[end] - depths[fit] + held, 0)] if held else []
        return [GridTable(self._table, slice(begin, fit)), *turned, rest]

    def draw(self) -> None:
        """Its lines under the head."""
        self._table.draw(self.canv, self.height, self._place)


class _Table:
    """A part of a grid with its elements, measured."""

    def __init__(self, grid: Grid, part: Part, sizes: Sizes) -> None:
        self.sizes, self._widths = sizes, part.widths
        self.width = sum(part.widths)
        self._right = [False, *(grid.is_figures(n) for n in part.columns)]
        self._lefts = list(accumulate(part.widths, initial=0.0))
        table = Element("Table")
        top = table.add("TR")
        self._head = [
            self._paragraphs(words, top.add("TH", scope="Column"), n, bold=True)
            for n, words in enumerate((grid.head, *(grid.columns[n] for n in part.columns)))
        ]
        self.lines: list[_Line] = []
        for row in grid.rows:
            self._add(row, part, table.add("TR"))
        head = max(one.height for one in self._head) + 3 * _PAD
        self.depths = list(accumulate((line.high for line in self.lines), initial=head))
        """How deep the table is under its head, and after each line."""

    def _add(self, row: GridRow, part: Part, written: Element) -> None:
        """The lines of a row."""
        said = (row.title, *(shown(row.cells[n]) for n in part.columns))
        columns: list[list[_Cell]] = []
        for n, words in enumerate(said):
            element = written.add("TD") if n else written.add("TH", scope="Row")
            if words:
                columns.append(self._cell(words, element, n, row))
            else:
                columns.append([])
        cells = list(zip_longest(*columns)) or [(None,) * len(said)]
        for n, line in enumerate(cells):
            deep = max([self.sizes.leading, *(cell.height for cell in line if cell)])
            first, last = n == 0, n == len(cells) - 1
            self.lines.append(_Line(line, row, deep + _PAD * (first + last), first, last))

    def _cell(self, words: str, element: Element, column: int, row: GridRow) -> list[_Cell]:
        """The words of a cell: one line, or pieces of a few lines."""
        room = self._room(column) - _INSET * (row.inset and not column)
        if "\n" not in words and _wide(words, self.sizes.size, row.whole) <= room + 0.01:
            return [_Cell(element, words=printable(words))]
        style = self.sizes.style(bold=row.whole, right=self._right[column])
        return [_Cell(element, paragraphs=piece) for piece in pieces(texts(words, style, element), room)]

    def _paragraphs(self, words: str, element: Element, column: int, *, bold: bool) -> _Cell:
        style = self.sizes.style(bold=bold, right=self._right[column])
        made = texts(words, style, element)
        for one in made:
            one.wrap(self._room(column), 0)
        return _Cell(element, paragraphs=made)

    def _room(self, column: int) -> float:
        return self._widths[column] - self.sizes.gap

    def draw(self, canvas: Any, height: float, place: slice) -> None:
        """These lines under the head, from ``height`` down to 0."""
        down = height - self.depths[0]
        for n, cell in enumerate(self._head):
            # A head stands on the rule under it, however many lines its neighbours have.
            self._write(canvas, cell, n, down + 2 * _PAD + cell.height, 0.0)
        self._rule(canvas, down, 1.2, ACCENT)
        for line in self.lines[place]:
            if line.row.whole and line.first and down < height - self.depths[0]:
                self._rule(canvas, down, 0.8, INK_2)
            top = down - _PAD * line.first
            for n, one in enumerate(line.cells):
                if one is not None:
                    self._write(canvas, one, n, top, _INSET * line.row.inset * (n == 0), bold=line.row.whole)
            down -= line.high
            if line.last:
                self._rule(canvas, down, 0.4, LINE)

    def _write(self, canvas: Any, cell: _Cell, column: int, top: float, inset: float, *, bold: bool = False) -> None:
        left = self._lefts[column] + inset
        for one in cell.paragraphs:
            one.wrap(self._room(column) - inset, 0)
            top -= one.height
            one.drawOn(canvas, left, top)
        if cell.words:
            base = top - self.sizes.size
            with tagged(canvas, cell.element):
                canvas.setFillColor(INK)
                canvas.setFont(BOLD if bold else REGULAR, self.sizes.size)
                if self._right[column]:
                    canvas.drawRightString(left + self._room(column), base, cell.words)
                else:
                    canvas.drawString(left, base, cell.words)

    def _rule(self, canvas: Any, down: float, thick: float, colour: Any) -> None:
        with artifact(canvas):
            canvas.setStrokeColor(colour)
            canvas.setLineWidth(thick)
            canvas.line(0, down, self.width - self.sizes.gap, down)


def grid_tables(grid: Grid, of: Plan) -> list[tuple[str, GridTable]]:
    """The grid as tables, one for each part, with what it has of the columns where there are several."""
    tables = [GridTable(_Table(grid, part, of.sizes)) for part in of.parts]
    return list(zip(_named(of, len(grid.columns)), tables, strict=True))


def _named(of: Plan, many: int) -> list[str]:
    if len(of.parts) == 1:
        return [""]
    ends = [(part.columns.start + 1, part.columns.stop) for part in of.parts]
    return [f"Column {to} of {many}" if at == to else f"Columns {at} to {to} of {many}" for at, to in ends]


def letter_tables(grid: Grid, styles: Styles) -> list[tuple[str, GridTable]]:
    """The grid in the type of a letter, and as wide as one."""
    cell = styles.cell
    return grid_tables(grid, _cut(grid, Sizes("cell", cell.fontSize, cell.leading), BODY_WIDTH))
