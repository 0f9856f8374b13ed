"""What a letter's pages are put together from: the fonts, the styles, and our own paragraph, table, rule and picture.

Every mark on a page is drawn through a class of this module or through ``furniture``; whatever has to know what a
piece of a page *is* (a heading, a row, page furniture) can learn it here.
"""

from __future__ import annotations

import io
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
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, Table

from resources import resource

INK: Final = HexColor("#1B1D1F")
INK_2: Final = HexColor("#4A4D4F")
ACCENT: Final = HexColor("#0B4A5A")
LINE: Final = HexColor("#C9C6BF")

REGULAR: Final = "NotoSans-Regular"
BOLD: Final = "NotoSans-Bold"

BODY_WIDTH: Final = 170 * mm
_ITEM_COLUMNS: Final = (56.6 * mm, 73.6 * mm, 39.8 * mm)
_ROW_PAD: Final = 6.35
_ROW_LINES: Final = 8
"""A cell of more lines than this goes on in a further row, so that a table can always be broken at a page's end."""


@cache
def register_fonts() -> None:
    """Make the shipped fonts known to ReportLab, once in a process."""
    for name in (REGULAR, BOLD):
        data = resource("fonts", "NotoSans", f"{name}.ttf").read_bytes()
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(data)))


@cache
def coverage() -> frozenset[int]:
    """The code points that every shipped font can print."""
    register_fonts()
    return frozenset.intersection(
        *(frozenset(pdfmetrics.getFont(name).face.charToGlyph) for name in (REGULAR, BOLD))
    )


def _style(name: str, size: float, leading: float, *, font: str = REGULAR, **more: Any) -> ParagraphStyle:
    defaults = {"textColor": INK, "allowWidows": 0, "allowOrphans": 0, "splitLongWords": 1}
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=leading, **{**defaults, **more})


TITLE: Final = _style("title", 18, 24, font=BOLD, spaceAfter=10)
HEADING: Final = _style("heading", 13.5, 18, font=BOLD, spaceBefore=17, spaceAfter=7)
TEXT: Final = _style("text", 12, 18, spaceAfter=9)
BULLET: Final = _style(
    "bullet", 12, 18, spaceAfter=6, leftIndent=15.4, bulletIndent=3, bulletFontName=REGULAR, bulletFontSize=12
)
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
    shape at all, and without the invisible characters that no font holds. What is left and has no glyph prints as a
    box; ``pages.missing_glyphs`` finds it first."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", "\n".join(text.splitlines()))
    return "".join(_printable(char) for char in composed)


def _printable(char: str) -> str:
    if char == "\n" or char.isprintable():
        return char
    category = unicodedata.category(char)
    if category == "Zs":
        return char
    if char == "\t":
        return " "
    if category == "Cf":  # A soft hyphen would make ReportLab hyphenate, which nobody typed.
        return char if ord(char) in coverage() and char != "\u00ad" else ""
    return "\ufffd" if category in ("Cc", "Cs") else char


class Text(Paragraph):  # type: ignore[misc]  # ReportLab has no types
    """A paragraph. Its style's name says what it is. Make one with ``text``, which escapes."""

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """As Paragraph, but measured once for each width: keeping things together measures them twice."""
        if getattr(self, "_measured", None) != available_width or not hasattr(self, "blPara"):
            super().wrap(available_width, available_height)
            self._measured = available_width
        return available_width, self.height


def text(plain: str, style: ParagraphStyle) -> Text:
    """A paragraph of plain text: nothing in it is taken for markup, and its newlines are kept."""
    markup = escape(printable(plain)).replace("\n", "<br/>")
    return Text(markup, style, bulletText="•" if style is BULLET else None)


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
            self.canv.drawImage(
                self._image, 0, (self.box[1] - height) / 2, width=width, height=height, mask="auto"
            )

    def _size(self) -> tuple[float, float]:
        if not self._image:
            return 0.0, 0.0
        width, height = self._image.getSize()
        scale = min(self.box[0] / width, self.box[1] / height)
        return width * scale, height * scale


class Rows(Table):  # type: ignore[misc]  # ReportLab has no types
    """A table whose first row is its head, repeated on each page that it runs to."""


def items(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Rows:
    """The table of released items: a rule under the head, a thin rule after each item."""
    cells: list[list[Text | str]] = [[text(column, HEAD_CELL) for column in columns]]
    style: list[tuple[Any, ...]] = [
        *_plain_cells(),
        ("BOTTOMPADDING", (0, 0), (-1, 0), 4.6),
        ("LINEBELOW", (0, 0), (-1, 0), 1.2, ACCENT),
    ]
    for row in rows:
        pieces = [
            _pieces(text(value, LABEL_CELL if n == 0 else CELL), width - _ROW_PAD)
            for n, (value, width) in enumerate(zip(row, _ITEM_COLUMNS, strict=True))
        ]
        for first, line in enumerate(zip_longest(*pieces, fillvalue="")):
            cells.append(list(line))
            if first:
                style.append(("TOPPADDING", (0, len(cells) - 1), (-1, len(cells) - 1), 0))
                style.append(("BOTTOMPADDING", (0, len(cells) - 2), (-1, len(cells) - 2), 0))
        style.append(("LINEBELOW", (0, len(cells) - 1), (-1, len(cells) - 1), 0.6, LINE))
    return Rows(cells, colWidths=_ITEM_COLUMNS, repeatRows=1, style=style, hAlign="LEFT", spaceAfter=11)


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
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), _ROW_PAD),
        ("TOPPADDING", (0, 0), (-1, -1), _ROW_PAD),
        ("BOTTOMPADDING", (0, 0), (-1, -1), _ROW_PAD),
    ]


def _pieces(paragraph: Text, width: float) -> list[Text]:
    """The paragraph cut into pieces of at most ``_ROW_LINES`` lines; nearly always itself alone."""
    height = paragraph.style.leading * _ROW_LINES
    pieces: list[Text] = []
    while paragraph.wrap(width, height)[1] > height:
        parts = paragraph.split(width, height)
        if len(parts) != 2:
            break
        pieces.append(parts[0])
        paragraph = parts[1]
    return [*pieces, paragraph]
