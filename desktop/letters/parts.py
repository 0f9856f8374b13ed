"""What a letter's pages are put together from: the fonts, the styles, and our own paragraph, table, rule and picture.

Every mark on a page is drawn through a class of this module or through ``furniture``; whatever has to know what a
piece of a page *is* (a heading, a row, page furniture) can learn it here.
"""

from __future__ import annotations

import io
import re
import unicodedata
from functools import cache
from itertools import zip_longest
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import CondPageBreak, Flowable, Paragraph, Table

from desktop.letters.faces import BASE
from desktop.letters.linebreaks import break_lines, text_of
from desktop.letters.shaping import JOINERS, WEIGHTS, shipped

INK: Final = HexColor("#1B1D1F")
INK_2: Final = HexColor("#4A4D4F")
ACCENT: Final = HexColor("#0B4A5A")
LINE: Final = HexColor("#C9C6BF")

REGULAR: Final = "NotoSans-Regular"
BOLD: Final = "NotoSans-Bold"

BODY_WIDTH: Final = 170 * mm
_ITEM_COLUMNS: Final = (56.6 * mm, 73.6 * mm, 39.8 * mm)
_LONGEST: Final = 3000
_ROW_PAD: Final = 6.35
_ROW_LINES: Final = 8
"""A cell of more lines than this goes on in a further row, so that a table can always be broken at a page's end."""
_TABLE_ROWS: Final = 40
"""Rows after which a table is followed by another: ReportLab measures all that is left of a table on each page."""


@cache
def register_fonts() -> None:
    """Make the base font known to ReportLab, once in a process. ``shaping`` finds the others when a name needs them."""
    for weight in WEIGHTS:
        pdfmetrics.registerFont(shipped(BASE, weight))


def _style(name: str, size: float, leading: float, *, font: str = REGULAR, **more: Any) -> ParagraphStyle:
    defaults = {"textColor": INK, "allowWidows": 0, "allowOrphans": 0, "splitLongWords": 1}
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=leading, **{**defaults, **more})


_SHORTER: Final = 5.5 * mm
"""By how much lines of reading text are shorter than the tables."""

TITLE: Final = _style("title", 18, 24, font=BOLD, spaceAfter=11)
HEADING: Final = _style("heading", 13.5, 18, font=BOLD, spaceAfter=8)
SECTION_GAP: Final = 17
"""The space above a heading: see ``Room``."""
TEXT: Final = _style("text", 12, 18, spaceAfter=9, rightIndent=_SHORTER)
BULLET: Final = _style(
    "bullet", 12, 18, spaceAfter=6, rightIndent=_SHORTER, leftIndent=15.4, bulletIndent=1.6,
    bulletFontName=BOLD, bulletFontSize=14, bulletOffsetY=-0.7,
)  # fmt: skip
SIGN_OFF: Final = _style("sign off", 12, 18, spaceBefore=16)
SIGNED: Final = _style("signed", 12, 18)
SIGNATORY: Final = _style("signatory", 12, 18, font=BOLD)
ENDING: Final = _style("ending", 12, 18, font=BOLD, spaceBefore=15)
CELL: Final = _style("cell", 12, 16.5)
LABEL_CELL: Final = _style("label cell", 12, 16.5, textColor=INK_2)
HEAD_CELL: Final = _style("head cell", 12, 16.5, font=BOLD)
KEY_CELL: Final = _style("key cell", 15, 20, font=BOLD)


def printable(text: str) -> str:
    """The text as it can be printed: composed (NFC), one kind of newline, a mark of replacement for what has no
    shape at all, and without invisible characters, but for the joiners inside words that they shape. What is left and
    no font has prints as that mark too; ``pages.missing_glyphs`` finds it first.
    """
    if text.isascii() and text.isprintable():
        return text
    composed = _IDLE_JOINER.sub("", unicodedata.normalize("NFC", "\n".join(text.splitlines())))
    return "".join(_printable(char) for char in composed)


_VISIBLE: Final = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2"
"""Signs that Unicode counts among the invisible ones and that have a shape all the same."""
_INVISIBLE: Final = frozenset(map(chr, (0x34F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""Joiners and variation selectors: invisible though Unicode counts them among the marks."""
_IDLE_JOINER: Final = re.compile(rf"(?<![\u0600-\u08ff\u0900-\u0dff])[{JOINERS}]")
"""A joiner that does not stand after a letter of Arabic or of an Indic script, where it chooses that letter's shape."""


def _printable(char: str) -> str:
    if char in _INVISIBLE:
        return ""
    if char == "\n" or char in JOINERS or char.isprintable():
        return char
    category = unicodedata.category(char)
    if category == "Zs":
        return char
    if char == "\t":
        return " "
    if category == "Cf" and char not in _VISIBLE:
        return ""  # The font would draw a dotted box for some, and ReportLab would hyphenate at a soft hyphen.
    return "\ufffd" if category in ("Cc", "Cs") else char


class Text(Paragraph):  # type: ignore[misc]  # ReportLab has no types
    """A paragraph. Its style's name says what it is. Make one with ``text``, which escapes."""

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """As Paragraph, but measured once for each width: keeping things together measures them twice."""
        if getattr(self, "_measured", None) != available_width or not hasattr(self, "blPara"):
            super().wrap(available_width, available_height)
            self._measured = available_width
        return available_width, self.height

    def breakLines(self, width: list[float]) -> Any:
        """As Paragraph; by our own rules where the text is not all drawn letter by letter."""
        words = text_of(self.frags)
        face = pdfmetrics.getFont(self.style.fontName)
        if face.is_plain(words):
            return super().breakLines(width)
        size = self.style.fontSize
        lines = [(room, [line]) for room, line in break_lines(words, face, size, width)]
        ascent, descent = pdfmetrics.getAscentDescent(face.fontName, size)
        return self.frags[0].clone(kind=0, lines=lines, ascent=ascent, descent=descent, fontSize=size)


def text(plain: str, style: ParagraphStyle) -> Text:
    """One paragraph of plain text, with its newlines: nothing in it is taken for markup."""
    markup = escape(printable(plain)).replace("\n", "<br/>")
    return Text(markup, style, bulletText="•" if style is BULLET else None)


def texts(plain: str, style: ParagraphStyle) -> list[Text]:
    """Plain text of any length as paragraphs that read as one: one for each line as it was typed, and a very long
    line cut, because ReportLab's time grows with the square of a paragraph's length.
    """
    made = [text(piece, style) for piece in _cut(printable(plain))]
    for paragraph in made[:-1]:
        paragraph.spaceAfter = 0
    for paragraph in made[1:]:
        paragraph.spaceBefore = 0
        paragraph.bulletText = None
    return made


def _cut(plain: str) -> list[str]:
    """The text in lines of at most ``_LONGEST`` characters, cut at a space where one is near."""
    pieces: list[str] = []
    for line in plain.split("\n"):
        rest = line if line.strip() else "\u00a0"
        while len(rest) > _LONGEST:
            space = rest.rfind(" ", _LONGEST - 200, _LONGEST) + 1
            pieces.append(rest[: space or _LONGEST])
            rest = rest[space or _LONGEST :]
        pieces.append(rest)
    return pieces


class Rule(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A thin line across the text, which stands for nothing."""

    def __init__(self, before: float, after: float) -> None:
        super().__init__()
        self.spaceBefore = before
        self.spaceAfter = after

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """As wide as the text, and of no height."""
        self.width = available_width
        return available_width, 0.6

    def draw(self) -> None:
        """The line."""
        self.canv.setStrokeColor(LINE)
        self.canv.setLineWidth(0.6)
        self.canv.line(0, 0, self.width, 0)


class Room(CondPageBreak):  # type: ignore[misc]  # ReportLab has no types
    """The space above a heading, and a new page where the heading and so much of what follows it do not fit.

    The space is here and not in the heading's style: between two flowables ReportLab keeps the larger of the spaces
    after and before, and a break that stood between them would make it keep both.
    """

    spaceBefore = SECTION_GAP


class Picture(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A picture (PNG or JPEG) at the left of a box, scaled to fit and never enlarged beyond it; or an empty box."""

    def __init__(self, data: bytes | None, width: float, height: float) -> None:
        super().__init__()
        self._image = ImageReader(io.BytesIO(data)) if data else None
        self.box = (width, height)

    @property
    def drawn_width(self) -> float:
        """How wide the picture itself is."""
        return self._size()[0]

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """The box."""
        return self.box

    def draw(self) -> None:
        """The picture, upright in the middle of its box."""
        if self._image:
            width, height = self._size()
            self.canv.drawImage(self._image, 0, (self.box[1] - height) / 2, width=width, height=height, mask="auto")

    def _size(self) -> tuple[float, float]:
        if not self._image:
            return 0.0, 0.0
        width, height = self._image.getSize()
        scale = min(self.box[0] / width, self.box[1] / height)
        return width * scale, height * scale


class Rows(Table):  # type: ignore[misc]  # ReportLab has no types
    """A table whose first row is its head, repeated on each page that it runs to."""

    opening = 80.0
    """The height of its head and first row, which stay under the heading."""


_Line = tuple[tuple[list[Text] | None, ...], bool, bool]
"""A table's row: its cells, and whether it is the first and the last of its item."""


def items(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> list[Rows]:
    """The table of released items: a rule under the head, a thin rule after each item. It is one table, unless it
    runs to more lines than a few pages hold.
    """
    lines: list[_Line] = []
    for row in rows:
        pieces = [
            _pieces(value, LABEL_CELL if n == 0 else CELL, width - _ROW_PAD)
            for n, (value, width) in enumerate(zip(row, _ITEM_COLUMNS, strict=True))
        ]
        cells = list(zip_longest(*pieces))
        lines += [(line, n == 0, n == len(cells) - 1) for n, line in enumerate(cells)]
    return [_items(columns, lines[n : n + _TABLE_ROWS]) for n in range(0, len(lines), _TABLE_ROWS)]


def _items(columns: tuple[str, ...], lines: list[_Line]) -> Rows:
    """A table of these lines under the head."""
    style: list[tuple[Any, ...]] = [
        *_plain_cells(),
        ("BOTTOMPADDING", (0, 0), (-1, 0), 4.6),
        ("LINEBELOW", (0, 0), (-1, 0), 1.2, ACCENT),
    ]
    for n, (_, first, last) in enumerate(lines, start=1):
        if not first:
            style.append(("TOPPADDING", (0, n), (-1, n), 0))
        style.append(("LINEBELOW", (0, n), (-1, n), 0.6, LINE) if last else ("BOTTOMPADDING", (0, n), (-1, n), 0))
    cells = [[text(column, HEAD_CELL) for column in columns], *(list(line) for line, _, _ in lines)]
    table = Rows(cells, colWidths=_ITEM_COLUMNS, repeatRows=1, style=style, hAlign="LEFT", spaceAfter=11)
    table.opening = (
        max(sum(text.height for text in cell) for cell in lines[0][0] if cell) + HEAD_CELL.leading + 4 * _ROW_PAD
    )
    return table


def key(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Rows:
    """The table of a recovery key: numbered lines of groups."""
    width = max(len(row) for row in rows)
    head = [text(columns[0], HEAD_CELL), text(columns[1], HEAD_CELL), *[""] * (width - 2)]
    cells = [
        [text(row[0], LABEL_CELL), *(text(group, KEY_CELL) for group in row[1:]), *[""] * (width - len(row))]
        for row in rows
    ]
    style: list[tuple[Any, ...]] = [
        *_plain_cells(),
        ("SPAN", (1, 0), (-1, 0)),
        ("VALIGN", (0, 1), (0, -1), "MIDDLE"),
        ("BOTTOMPADDING", (0, 0), (-1, 0), 4.6),
        ("LINEBELOW", (0, 0), (-1, 0), 1.2, ACCENT),
        ("LINEBELOW", (0, 1), (-1, -1), 0.6, LINE),
    ]
    widths = [18 * mm, *[(BODY_WIDTH - 18 * mm) / (width - 1)] * (width - 1)]
    return Rows([head, *cells], colWidths=widths, repeatRows=1, style=style, hAlign="LEFT", spaceAfter=11)


def _plain_cells() -> list[tuple[Any, ...]]:
    return [
        ("FONTNAME", (0, 0), (-1, -1), REGULAR),  # Set even where a cell is a paragraph: else Helvetica comes in.
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), _ROW_PAD),
        ("TOPPADDING", (0, 0), (-1, -1), _ROW_PAD),
        ("BOTTOMPADDING", (0, 0), (-1, -1), _ROW_PAD),
    ]


def _pieces(value: str, style: ParagraphStyle, width: float) -> list[list[Text]]:
    """A cell's text in pieces of at most ``_ROW_LINES`` lines; nearly always one alone."""
    deepest = style.leading * _ROW_LINES
    pieces: list[list[Text]] = [[]]
    depth = 0.0
    waiting = texts(value, style)[::-1]
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
