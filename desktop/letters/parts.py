"""What a letter's pages are put together from: the fonts, and our own paragraph, table, rule and picture.

Every mark on a page is drawn through a class of this module or through ``furniture``, and tagged with what it is.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, Final
from xml.sax.saxutils import escape

from PIL import Image
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Paragraph

from desktop.letters.faces import BASE
from desktop.letters.facts import LetterError
from desktop.letters.linebreaks import break_lines, breaks_at_hyphen, text_of
from desktop.letters.shaping import JOINERS, WEIGHTS, shipped
from desktop.letters.styles import LINE
from desktop.letters.tagging import Element, artifact, tagged

_LONGEST: Final = 3000


@cache
def register_fonts() -> None:
    """Make the base font known to ReportLab, once in a process. ``shaping`` finds the others when a name needs them."""
    for weight in WEIGHTS:
        pdfmetrics.registerFont(shipped(BASE, weight))


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
    """A paragraph. Its style says what it is. Make one with ``text``, which escapes."""

    element: Element | None = None
    """What it is part of; None for an artifact."""
    label: Element | None = None
    """What its bullet is part of."""
    goes_on = False
    """Whether the next paragraph goes on with the same words."""
    bulletText: str | None
    _drawn = False
    _own_lines = False
    """Whether its lines are our own, each with the space or newline at which it ends."""

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """As Paragraph, but measured once for each width: keeping things together measures them twice."""
        if getattr(self, "_measured", None) != available_width or not hasattr(self, "blPara"):
            super().wrap(available_width, available_height)
            self._measured = available_width
        return available_width, self.height

    def breakLines(self, width: list[float]) -> Any:
        """As Paragraph; by our own rules where not all is drawn letter by letter, or a word breaks at its hyphen."""
        words = text_of(self.frags)
        face, size = pdfmetrics.getFont(self.style.fontName), self.style.fontSize
        if face.is_plain(words) and not breaks_at_hyphen(words, face, size, max(width)):
            return super().breakLines(width)
        self._own_lines = True
        lines = [(room, [line]) for room, line in break_lines(words, face, size, width)]
        ascent, descent = pdfmetrics.getAscentDescent(face.fontName, size)
        return self.frags[0].clone(kind=0, lines=lines, ascent=ascent, descent=descent, fontSize=size)

    def split(self, available_width: float, available_height: float) -> list[Text]:
        """As Paragraph; each part is part of the same."""
        parts: list[Text] = super().split(available_width, available_height)
        if len(parts) == 2:
            parts[0].element = parts[1].element = self.element
            parts[0].label = self.label
            parts[0].goes_on, parts[1].goes_on = not self._own_lines, self.goes_on
        return parts

    def draw(self) -> None:
        """The words, tagged. What is drawn again, such as a table's head on a further page, is an artifact."""
        if self.element is None or self._drawn:
            with artifact(self.canv):
                super().draw()
            return
        self._drawn = True
        if self.bulletText and self.label is not None:
            with tagged(self.canv, self.label):
                self._bullet()
            self.bulletText = None
        self._space_lines()
        with tagged(self.canv, self.element):
            super().draw()

    def _bullet(self) -> None:
        style, canvas, measured = self.style, self.canv, self.blPara
        first = measured if measured.kind == 0 else measured.lines[0]
        canvas.setFillColor(style.textColor)
        canvas.setFont(style.bulletFontName, style.bulletFontSize)
        base = self.height - getattr(first, "ascent", first.fontSize)
        canvas.drawString(style.bulletIndent, base + style.bulletOffsetY, self.bulletText)

    def _space_lines(self) -> None:
        """Ends each line but the last with a space: ReportLab leaves it out, and a reader would run the words on."""
        lines = self.blPara.lines
        without = lines[:-1] if not self._own_lines else []
        for line in [*without, *(lines[-1:] if self.goes_on else [])]:
            if self.blPara.kind == 0:
                line[1][-1] += " "
            elif line.words:
                line.words[-1].text += " "


_WHOLE: Final = re.compile(
    r"\b(?:[A-Z]{1,2}\d[A-Z\d]?|GIR) \d[A-Z]{2}\b|\bBFPO \d+|(?<!\d )(?:\b0|\+\d\d )\d{2,4}(?: \d{3,6}){1,2}\b"
)
"""A postcode, the number of a British Forces post office or a telephone number: no line ends within one that fits."""


def text(plain: str, style: ParagraphStyle, element: Element | None = None) -> Text:
    """One paragraph of plain text, with its newlines: nothing in it is taken for markup.

    ``element``: what it is part of, where that is not the style's own.
    """
    shown = _WHOLE.sub(lambda found: found[0].replace(" ", "\u00a0"), printable(plain))
    made = Text(None, style, frags=_fragments(shown, style))
    if element is None and style.tag == "LI":
        item = Element("LI")
        made.bulletText = "•"
        made.label, element = item.add("Lbl"), item.add("LBody")
    made.element = element or Element(style.tag)
    return made


def _fragments(shown: str, style: ParagraphStyle) -> list[Any]:
    """The text as ReportLab's parser of markup would give it; to parse takes it a tenth of a letter's time."""
    if "\n" in shown:
        return list(Paragraph(escape(shown).replace("\n", "<br/>"), style).frags)
    return [_fragment(style).clone(text=shown.strip(" "))]


@lru_cache(maxsize=64)
def _fragment(style: ParagraphStyle) -> Any:
    return Paragraph("x", style).frags[0]


def texts(plain: str, style: ParagraphStyle, element: Element | None = None) -> list[Text]:
    """Plain text of any length as paragraphs that read as one: one for each line as it was typed, and a very long
    line cut, because ReportLab's time grows with the square of a paragraph's length.
    """
    first, *others = _cut(printable(plain))
    made = [text(first, style, element)]
    made += [text(piece, style, made[0].element) for piece in others]
    for paragraph in made[:-1]:
        paragraph.spaceAfter = 0
        paragraph.goes_on = True
    for paragraph in made[1:]:
        paragraph.spaceBefore = 0
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


class Phrases(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A paragraph of phrases, each in a language of its own ("" for the document's): the next one goes on in the same
    line where it fits whole, and begins one where it does not.
    """

    def __init__(self, phrases: Sequence[tuple[str, str]], style: ParagraphStyle) -> None:
        super().__init__()
        self.spaceBefore = style.spaceBefore
        whole = Element("P")
        self._texts: list[Text] = []
        for said, language in phrases:
            self._texts += texts(said, style, whole.add("Span", language=language))
        for one in self._texts[:-1]:
            one.goes_on = True
        self._places: list[tuple[float, float]] = []

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """As wide as it may be, and as high as its lines."""
        self._places, used, depth = [], 0.0, 0.0
        for one in self._texts:
            one.wrap(available_width, available_height)
            left, *_ = one.blPara.lines[0]
            wide = available_width - left if len(one.blPara.lines) == 1 else available_width
            if used and used + wide <= available_width:
                depth -= one.height
            else:
                used = 0.0
            self._places.append((used, depth + one.height))
            depth += one.height
            used += wide + stringWidth(" ", one.style.fontName, one.style.fontSize)
        self.height = depth
        return available_width, depth

    def draw(self) -> None:
        """Each phrase, tagged."""
        for one, (left, depth) in zip(self._texts, self._places, strict=True):
            one.drawOn(self.canv, left, self.height - depth)


class Rule(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A thin line across the text, which stands for nothing; none at the head of a page, where nothing is above it."""

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
        if self._frame.at_top:
            self.spaceAfter = 0
            return
        with artifact(self.canv):
            self.canv.setStrokeColor(LINE)
            self.canv.setLineWidth(0.6)
            self.canv.line(0, 0, self.width, 0)


class Room(CondPageBreak):  # type: ignore[misc]  # ReportLab has no types
    """The space above a heading, and a new page where the heading and so much of what follows it do not fit.

    The space is here and not in the heading's style: between two flowables ReportLab keeps the larger of the spaces
    after and before, and a break that stood between them would make it keep both.
    """

    def __init__(self, height: float, above: float) -> None:
        super().__init__(height)
        self.spaceBefore = above


class Together(KeepTogether):  # type: ignore[misc]  # ReportLab has no types
    """What stands on one page, where a page can hold it."""

    def __init__(self, kept: list[Flowable]) -> None:
        super().__init__(kept)
        self.kept = tuple(kept)


class Begin(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """Where the letter begins in a language."""

    _ZEROSIZE = 1

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """No room at all."""
        return 0, 0

    def draw(self) -> None:
        """Nothing."""
        self.canv.tags.begin(self._language)


class Place(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """Notes in ``seen`` where it came to stand: the page, counted from 1, and how high on it, in points."""

    _ZEROSIZE = 1

    def __init__(self, seen: list[tuple[int, float]]) -> None:
        super().__init__()
        self._seen = seen

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """No room at all."""
        return 0, 0

    def draw(self) -> None:
        """Nothing."""
        self._seen.append((self.canv.getPageNumber(), self.canv.absolutePosition(0, 0)[1]))


class Gap(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """Room that is left empty."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self.height = height

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """As high as was asked."""
        return available_width, self.height

    def draw(self) -> None:
        """Nothing."""


def _read(data: bytes, shows: str) -> ImageReader:
    """A picture that can be drawn, read to its end. Raises LetterError for what is none."""
    try:
        picture = ImageReader(io.BytesIO(data))
        picture.getRGBData()
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, Image.DecompressionBombError):
        raise LetterError("picture", f"This is kept and is no picture: “{shows}”. Choose it again.") from None
    return picture


class Picture(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A picture (PNG or JPEG) at the left of a box, scaled to fit and never enlarged beyond it; or an empty box."""

    def __init__(self, data: bytes | None, width: float, height: float, shows: str) -> None:
        super().__init__()
        self._element = Element("Figure", alt=printable(shows))
        self._image = _read(data, self._element.alt) if data else None
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
            bottom = (self.box[1] - height) / 2
            left, low = self.canv.absolutePosition(0, bottom)
            self._element.box = (left, low, left + width, low + height)
            with tagged(self.canv, self._element):
                self.canv.drawImage(self._image, 0, bottom, width=width, height=height, mask="auto")

    def _size(self) -> tuple[float, float]:
        if not self._image:
            return 0.0, 0.0
        width, height = self._image.getSize()
        scale = min(self.box[0] / width, self.box[1] / height)
        return width * scale, height * scale
