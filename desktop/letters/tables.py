"""The tables of letters: what is released, item by item, and a recovery key. Each tags its rows and cells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, zip_longest
from typing import Any, Final

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Table

from desktop.letters.parts import Text, text, texts
from desktop.letters.styles import ACCENT, BODY_WIDTH, LINE, REGULAR, Styles
from desktop.letters.tagging import Element, rules_of_table

_ROW_PAD: Final = 6.35
_HEAD_PAD: Final = 4.6
_TABLE_GAP: Final = 11
_ROW_LINES: Final = 8
"""A cell of more lines than this goes on in a further row, so that a table can always be broken at a page's end."""

_Line = tuple[tuple[list[Text] | None, ...], bool, bool]
"""A table's row: its cells, and whether it is the first and the last of its item."""


class Items(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """The table of released items, or what stands of it on a page under the head, which each page repeats.

    ReportLab's own table measures and copies all that is left of it on each page: one is made for each page's lines.
    """

    spaceAfter = _TABLE_GAP

    def __init__(
        self, head: list[Text], lines: Sequence[_Line], depths: Sequence[float], styles: Styles, place: slice
    ) -> None:
        """``depths``: how deep the table is under its head and after each line. ``place``: the lines that are shown."""
        super().__init__()
        self._head, self._lines, self._depths, self._styles, self._place = head, lines, depths, styles, place

    @property
    def opening(self) -> float:
        """The height of its head and first line, which stay under the heading."""
        return self._depths[1]

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Its width and its height."""
        self.height = self._depths[0] + self._depths[self._place.stop] - self._depths[self._place.start]
        return BODY_WIDTH, self.height

    def split(self, available_width: float, available_height: float) -> list[Items]:
        """The lines that fit, and all others; nothing where none fits."""
        begin, end = self._place.start, self._place.stop
        most = available_height - self._depths[0] + self._depths[begin]
        fit = bisect_right(self._depths, most, begin, end + 1) - 1
        if fit <= begin:
            return []
        shared = (self._head, self._lines, self._depths, self._styles)
        return [Items(*shared, slice(begin, fit)), Items(*shared, slice(fit, end))]

    def draw(self) -> None:
        """Its lines under the head."""
        goes_on = self._place.stop < len(self._lines)
        table = _items(self._head, self._lines[self._place], self._styles, goes_on=goes_on)
        table.wrapOn(self.canv, BODY_WIDTH, self.height)
        table.drawOn(self.canv, 0, 0)


def items(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], styles: Styles) -> Items:
    """The table of released items: a rule under the head, a thin rule after each item."""
    table = Element("Table")
    top = table.add("TR")
    head = [text(column, styles.head_cell, top.add("TH", scope="Column").add("P")) for column in columns]
    lines: list[_Line] = []
    for row in rows:
        written = table.add("TR")
        columns_of: list[list[list[Text]]] = []
        for n, (value, width) in enumerate(zip(row, styles.item_columns, strict=True)):
            cell = written.add("TD") if n else written.add("TH", scope="Row")
            style = styles.cell if n else styles.label_cell
            gap = _gap(styles) if n + 1 < len(row) else 0
            columns_of.append(pieces(texts(value, style, cell.add("P")), width - gap))
        cells = list(zip_longest(*columns_of))
        lines += [(line, n == 0, n == len(cells) - 1) for n, line in enumerate(cells)]
    return Items(head, lines, _depths(head, lines, styles), styles, slice(0, len(lines)))


def _depths(head: list[Text], lines: Sequence[_Line], styles: Styles) -> list[float]:
    """How deep the table is under its head, and after each line."""
    for cell, width in zip(head, styles.item_columns, strict=True):
        cell.wrap(width - (0 if cell is head[-1] else _gap(styles)), 0)
    heights = [max(cell.height for cell in head) + _ROW_PAD + _HEAD_PAD]
    for cells, first, last in lines:
        deepest = max(sum(text.height for text in cell) for cell in cells if cell)
        heights.append(deepest + _ROW_PAD * (first + last))
    return list(accumulate(heights))


def _gap(styles: Styles) -> float:
    """What keeps two columns apart."""
    return _ROW_PAD * styles.scale


def _items(head: list[Text], lines: Sequence[_Line], styles: Styles, *, goes_on: bool) -> Table:
    """A table of these lines under the head. Where it goes on over the page, the foot's own rule is its last."""
    style: list[tuple[Any, ...]] = [
        *_plain_cells(),
        ("RIGHTPADDING", (0, 0), (-2, -1), _gap(styles)),
        ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, 0), _HEAD_PAD),
        ("LINEBELOW", (0, 0), (-1, 0), 1.2, ACCENT),
    ]
    for n, (_, first, last) in enumerate(lines, start=1):
        if not first:
            style.append(("TOPPADDING", (0, n), (-1, n), 0))
        if not last:
            style.append(("BOTTOMPADDING", (0, n), (-1, n), 0))
        elif n < len(lines) or not goes_on:
            style.append(("LINEBELOW", (0, n), (-1, n), 0.6, LINE))
    cells: list[list[Any]] = [[*head], *([cell or [] for cell in line] for line, _, _ in lines)]
    return _table(cells, styles.item_columns, style)


def key(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], styles: Styles) -> Table:
    """The table of a recovery key: numbered lines of groups."""
    width = max(len(row) for row in rows)
    table = Element("Table")
    top = table.add("TR")
    over = (top.add("TH", scope="Column"), top.add("TH", scope="Column", columns=width - 1))
    head = [text(column, styles.head_cell, cell.add("P")) for column, cell in zip(columns, over, strict=True)]
    cells: list[list[Any]] = [[*head, *[[]] * (width - 2)]]
    for row in rows:
        written = table.add("TR")
        places = [written.add("TD") if n else written.add("TH", scope="Row") for n in range(width)]
        shown = [
            text(value, styles.key_cell if n else styles.label_cell, places[n].add("P")) for n, value in enumerate(row)
        ]
        cells.append([*shown, *[[]] * (width - len(row))])
    style: list[tuple[Any, ...]] = [
        *_plain_cells(),
        ("SPAN", (1, 0), (-1, 0)),
        ("VALIGN", (0, 1), (0, -1), "MIDDLE"),
        ("BOTTOMPADDING", (0, 0), (-1, 0), _HEAD_PAD),
        ("LINEBELOW", (0, 0), (-1, 0), 1.2, ACCENT),
        ("LINEBELOW", (0, 1), (-1, -1), 0.6, LINE),
    ]
    return _table(cells, [18 * mm, *[(BODY_WIDTH - 18 * mm) / (width - 1)] * (width - 1)], style)


def _table(cells: Sequence[Sequence[Any]], widths: Sequence[float], style: list[tuple[Any, ...]]) -> Table:
    return Table(cells, colWidths=widths, style=style, hAlign="LEFT", spaceAfter=_TABLE_GAP, renderCB=rules_of_table)


def _plain_cells() -> list[tuple[Any, ...]]:
    return [
        ("FONTNAME", (0, 0), (-1, -1), REGULAR),  # Set even where a cell is a paragraph: else Helvetica comes in.
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), _ROW_PAD),
        ("TOPPADDING", (0, 0), (-1, -1), _ROW_PAD),
        ("BOTTOMPADDING", (0, 0), (-1, -1), _ROW_PAD),
    ]


def pieces(paragraphs: list[Text], width: float) -> list[list[Text]]:
    """A cell's text in pieces of at most ``_ROW_LINES`` lines; nearly always one alone."""
    deepest = paragraphs[0].style.leading * _ROW_LINES
    found: list[list[Text]] = [[]]
    depth = 0.0
    waiting = paragraphs[::-1]
    while waiting:
        paragraph = waiting.pop()
        height = paragraph.wrap(width, deepest)[1]
        parts = paragraph.split(width, deepest) if height > deepest else []
        if len(parts) == 2:
            waiting += parts[::-1]
            continue
        if depth + height > deepest:
            found.append([])
            depth = 0.0
        found[-1].append(paragraph)
        depth += height
    return found
