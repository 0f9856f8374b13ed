"""The tables of letters: what is released, item by item, and a recovery key. Each tags its rows and cells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, Final

from reportlab.lib.units import mm
from reportlab.platypus import Table

from desktop.letters.parts import Text, text, texts
from desktop.letters.styles import ACCENT, BODY_WIDTH, LINE, REGULAR, Styles
from desktop.letters.tagging import Element, rules_of_table

_ROW_PAD: Final = 6.35
_HEAD_PAD: Final = 4.6
_ROW_LINES: Final = 8
"""A cell of more lines than this goes on in a further row, so that a table can always be broken at a page's end."""


class Rows(Table):  # type: ignore[misc]  # ReportLab has no types
    """A table whose first row is its head, repeated on each page that it runs to."""

    opening = 80.0
    """The height of its head and first row, which stay under the heading."""


_Line = tuple[tuple[list[Text] | None, ...], bool, bool]
"""A table's row: its cells, and whether it is the first and the last of its item."""


def items(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], styles: Styles) -> Rows:
    """The table of released items: a rule under the head, a thin rule after each item."""
    table = Element("Table")
    top = table.add("TR")
    head = [text(column, styles.head_cell, top.add("TH", scope="Column").add("P")) for column in columns]
    lines: list[_Line] = []
    for row in rows:
        written = table.add("TR")
        pieces = []
        for n, (value, width) in enumerate(zip(row, styles.item_columns, strict=True)):
            cell = written.add("TD") if n else written.add("TH", scope="Row")
            style = styles.cell if n else styles.label_cell
            gap = _gap(styles) if n + 1 < len(row) else 0
            pieces.append(_pieces(texts(value, style, cell.add("P")), width - gap))
        cells = list(zip_longest(*pieces))
        lines += [(line, n == 0, n == len(cells) - 1) for n, line in enumerate(cells)]
    return _items(head, lines, styles)


def _gap(styles: Styles) -> float:
    """What keeps two columns apart."""
    return _ROW_PAD * styles.scale


def _items(head: list[Text], lines: list[_Line], styles: Styles) -> Rows:
    """A table of these lines under the head. Each row's height is given: ReportLab would measure all that is left of a
    table anew on each page.
    """
    style: list[tuple[Any, ...]] = [
        *_plain_cells(),
        ("RIGHTPADDING", (0, 0), (-2, -1), _gap(styles)),
        ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, 0), _HEAD_PAD),
        ("LINEBELOW", (0, 0), (-1, 0), 1.2, ACCENT),
    ]
    for cell, width in zip(head, styles.item_columns, strict=True):
        cell.wrap(width - (0 if cell is head[-1] else _gap(styles)), 0)
    heights = [max(cell.height for cell in head) + _ROW_PAD + _HEAD_PAD]
    for n, (cells, first, last) in enumerate(lines, start=1):
        if not first:
            style.append(("TOPPADDING", (0, n), (-1, n), 0))
        style.append(("LINEBELOW", (0, n), (-1, n), 0.6, LINE) if last else ("BOTTOMPADDING", (0, n), (-1, n), 0))
        deepest = max(sum(text.height for text in cell) for cell in cells if cell)
        heights.append(deepest + (_ROW_PAD if first else 0) + (_ROW_PAD if last else 0))
    shown: list[list[Any]] = [[*head], *([cell or [] for cell in cells] for cells, _, _ in lines)]
    table = _rows(shown, styles.item_columns, style, heights)
    table.opening = heights[0] + heights[1] + _ROW_PAD
    return table


def key(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], styles: Styles) -> Rows:
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
    return _rows(cells, [18 * mm, *[(BODY_WIDTH - 18 * mm) / (width - 1)] * (width - 1)], style)


def _rows(
    cells: Sequence[Sequence[Any]],
    widths: Sequence[float],
    style: list[tuple[Any, ...]],
    heights: Sequence[float] | None = None,
) -> Rows:
    return Rows(
        cells,
        colWidths=widths,
        rowHeights=heights,
        repeatRows=1,
        style=style,
        hAlign="LEFT",
        spaceAfter=11,
        renderCB=rules_of_table,
    )


def _plain_cells() -> list[tuple[Any, ...]]:
    return [
        ("FONTNAME", (0, 0), (-1, -1), REGULAR),  # Set even where a cell is a paragraph: else Helvetica comes in.
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), _ROW_PAD),
        ("TOPPADDING", (0, 0), (-1, -1), _ROW_PAD),
        ("BOTTOMPADDING", (0, 0), (-1, -1), _ROW_PAD),
    ]


def _pieces(paragraphs: list[Text], width: float) -> list[list[Text]]:
    """A cell's text in pieces of at most ``_ROW_LINES`` lines; nearly always one alone."""
    deepest = paragraphs[0].style.leading * _ROW_LINES
    pieces: list[list[Text]] = [[]]
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
            pieces.append([])
            depth = 0.0
        pieces[-1].append(paragraph)
        depth += height
    return pieces
