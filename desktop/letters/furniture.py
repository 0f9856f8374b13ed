"""What stands on a page outside its running text: letterhead, address window, references, marking and foot."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from desktop.letters import window
from desktop.letters.content import Words
from desktop.letters.facts import LetterError
from desktop.letters.linebreaks import text_of
from desktop.letters.parts import Gap, Phrases, Picture, Text, printable, text, texts
from desktop.letters.placing import placed_lines
from desktop.letters.styles import BODY_WIDTH, BOLD, INK, INK_2, LINE, REGULAR, Styles
from desktop.letters.tagging import Element, Tags, artifact, tagged
from desktop.letters.writing import ShapingCanvas

# Base 85 is for printers of the last century: it makes a file larger by a quarter and takes a tenth of the time.
rl_config.useA85 = 0

WIDTH, HEIGHT = A4
WELSH: Final = "cy"
MARGIN: Final = 20 * mm
BODY_TOP: Final = HEIGHT - 20.4 * mm
BODY_BOTTOM: Final = 26.5 * mm

_LOGO: Final = (45 * mm, 12 * mm)
_LOGO_TOP: Final = HEIGHT - 18.9 * mm
_SIDE_LEFT: Final = 130.2 * mm
_SIDE_WIDTH: Final = WIDTH - MARGIN - _SIDE_LEFT
_SIDE_TOP: Final = HEIGHT - 18.2 * mm
_SIDE_DEEPEST: Final = 150 * mm
_TITLE_TOP: Final = HEIGHT - (window.SEEN.bottom + 0.5) * mm
_NAME_DEEPEST: Final = (window.SEEN.top - 0.5) * mm - (HEIGHT - _SIDE_TOP)
_LONGEST: Final = 500
"""Characters that no line or letterhead holds: what is longer need not be measured."""
_Piece = Text | Phrases
"""A line or more of the letterhead."""
_RULE: Final = HEIGHT - 271.8 * mm
_FOOT: Final = HEIGHT - 279 * mm
_MARKING_TOP: Final = HEIGHT - 10.6 * mm
_MARKING_FOOT: Final = HEIGHT - 289.4 * mm


class Letterhead:
    """The top of a letter's first page, measured before anything is drawn.

    ``body_top`` is where the text may begin. ``rest`` is what found no room in the window or beside it, to be printed
    at the head of the text: nothing that was typed is lost, and nothing overlaps.
    """

    def __init__(self, words: Words, styles: Styles) -> None:
        self._logo = Picture(words.logo, *_LOGO, shows=f"Logo of {words.organisation}") if words.logo else None
        self._name_left = MARGIN + (self._logo.drawn_width + 4.6 * mm if self._logo else 0)
        large = styles.scale > 1
        name_right = WIDTH - MARGIN if large else _SIDE_LEFT - 5 * mm
        self._name = _organisation_name(words.organisation, name_right - self._name_left, styles)
        side: list[_Piece] = [] if self._name else [*texts(words.organisation, styles.names[-1])]
        address, address_rest = placed_lines(words.recipient, styles)
        side += [paragraph for line in words.contact for paragraph in texts(line, styles.contact)]
        side += _email(words.email, styles, BODY_WIDTH if large else _SIDE_WIDTH)
        for english, in_welsh in zip_longest(words.references, words.references_in_welsh, fillvalue=("", "")):
            side += _reference(english, in_welsh, styles)
        # In large print the column beside the window is too narrow for its lines: they come under the window.
        placed, side_rest, depth = ([], side, 0.0) if large else _fit(side, _SIDE_WIDTH, _SIDE_DEEPEST)
        self._placed = [
            *((_SIDE_LEFT, _SIDE_TOP - offset, paragraph) for offset, paragraph in placed),
            *((window.LEFT, HEIGHT - window.TOP - offset, paragraph) for offset, paragraph in address),
        ]
        named = self._name.height if self._name else 0
        below_side = min(_SIDE_TOP - max(depth, named) - 6 * mm, _LOGO_TOP - _LOGO[1] - 6 * mm)
        self.body_top = min(_TITLE_TOP, below_side) if words.recipient else below_side
        others: list[_Piece] = []
        if address_rest:
            rest = ", ".join(address_rest)
            others = _twice(words.attention_in_welsh, f"{words.attention}: {rest}", styles.contact)
        self.rest: list[_Piece | Gap] = [*others, *side_rest]
        if self.rest:
            self.rest.append(Gap(styles.title.leading if large else styles.title.spaceAfter))

    def draw(self, canvas: Canvas) -> None:
        """Everything above the title."""
        if self._logo:
            self._logo.drawOn(canvas, MARGIN, _LOGO_TOP - _LOGO[1])
        if self._name:
            high = self._name.height
            middle = _LOGO_TOP - _LOGO[1] / 2 + 1
            self._name.drawOn(canvas, self._name_left, min(middle + high / 2, _SIDE_TOP) - high)
        for left, top, paragraph in self._placed:
            paragraph.drawOn(canvas, left, top - paragraph.height)


def _reference(english: tuple[str, str], in_welsh: tuple[str, str], styles: Styles) -> list[_Piece]:
    """A reference under its label; in large print behind it, in one line in both languages, as lines are dear."""
    (label, value), (welsh_label, welsh_value) = english, in_welsh
    if styles.scale > 1:
        value = " / ".join(value.splitlines())
        if not welsh_value:
            return _twice(welsh_label, f"{label}: {value}", styles.contact)
        labels = ((f"{welsh_label} /", WELSH), (f"{label}:", ""))
        said = (*labels, (f"{welsh_value} /", WELSH), (value, ""))
        return [Phrases(said, styles.contact)]
    dated = texts(welsh_value, styles.reference, Element("P", language=WELSH)) if welsh_value else []
    return [*_twice(welsh_label, label, styles.reference_label), *dated, *texts(value, styles.reference)]


def _twice(in_welsh: str, english: str, style: ParagraphStyle) -> list[_Piece]:
    """The English, after the Welsh where there is any."""
    return [Phrases(((f"{in_welsh} /", WELSH), (english, "")), style)] if in_welsh else [*texts(english, style)]


def _organisation_name(name: str, width: float, styles: Styles) -> Text | None:
    """The name, in two even lines where that can be, else in more, in the largest size that stays clear of the address
    window; nothing where it has no room beside the logo at any.
    """
    for shown, lines in ((_balanced(name), 2), (name, 5)):
        for style in styles.names:
            paragraph = text(shown[:_LONGEST], style)
            fits = paragraph.wrap(width, HEIGHT)[1] <= min(lines * style.leading, _NAME_DEEPEST)
            if fits and len(shown) < _LONGEST and _widest(paragraph) <= width:
                return paragraph
    return None


def _widest(paragraph: Text) -> float:
    """How wide its widest word is."""
    style = paragraph.style
    return max(
        (stringWidth(word, style.fontName, style.fontSize) for word in text_of(paragraph.frags).split()), default=0
    )


def _balanced(name: str) -> str:
    """A long name broken where its two lines are most nearly of one length."""
    if len(name) <= 20:
        return name
    spaces = [n for n, char in enumerate(name) if char == " "]
    middle = min(spaces, key=lambda n: abs(len(name) - 1 - 2 * n), default=-1)
    return name if middle < 0 else f"{name[:middle]}\n{name[middle + 1 :]}"


def _email(address: str, styles: Styles, width: float) -> list[Text]:
    """The e-mail address, underlined as links are; where it is too long for a line, in lines that end after its "@" or
    after a dot.
    """
    made: list[Text] = []
    for line in _email_lines(printable(address).replace("\n", " "), styles.email, width):
        made += texts(line, styles.email, made[0].element if made else None)
    for paragraph in made:
        paragraph.frags = Text(f"<u>{escape(paragraph.frags[0].text)}</u>", styles.email).frags
    return made


def _email_lines(address: str, style: ParagraphStyle, width: float) -> list[str]:
    """The address in as few lines as may be: after the "@" if each half fits, else after any dot as well."""

    def fits(line: str) -> bool:
        return len(line) < _LONGEST and bool(stringWidth(line, style.fontName, style.fontSize) <= width)

    name, at, host = address.partition("@")
    halves = [half for half in (name + at, host) if half]
    if fits(address) or not halves:
        return [address]
    if all(map(fits, halves)):
        return halves
    lines = [""]
    for piece in re.findall(r"[^.@]*[.@]|[^.@]+", address):
        if lines[-1] and not fits(lines[-1] + piece):
            lines.append("")
        lines[-1] += piece
    return lines


def _fit(
    paragraphs: list[_Piece], width: float, deepest: float
) -> tuple[list[tuple[float, _Piece]], list[_Piece], float]:
    """Stack paragraphs: each with its distance from the top, those left over, and how deep the stack is."""
    placed: list[tuple[float, _Piece]] = []
    depth = 0.0
    for n, paragraph in enumerate(paragraphs):
        before = paragraph.getSpaceBefore() if placed else 0
        height = paragraph.wrap(width, deepest)[1]
        if depth + before + height > deepest:
            parts = paragraph.split(width, deepest - depth - before)
            if len(parts) == 2:
                parts[0].wrap(width, deepest)
                placed.append((depth + before, parts[0]))
                depth += before + parts[0].height
            left = [parts[1] if len(parts) == 2 else paragraph, *paragraphs[n + 1 :]]
            return placed, left, depth
        placed.append((depth + before, paragraph))
        depth += before + height
    return placed, [], depth


class KeptPages(ShapingCanvas):
    """A canvas that keeps its pages until all are drawn, so that each foot can say "Page 1 of 2" in one pass.

    ``tags`` gathers what each piece of each page is.
    """

    def __init__(self, tags: Tags, *args: Any, **kwargs: Any) -> None:
        # ReportLab's own first font is Helvetica, which would be named in the file and not be in it.
        super().__init__(*args, **{**kwargs, "initialFontName": REGULAR})
        self.tags = tags
        self._pages: list[dict[str, Any]] = []

    def furnish(self, number: int, pages: int) -> None:
        """Draws what stands on page ``number`` of so many outside its text."""
        raise NotImplementedError

    def showPage(self) -> None:
        """Put the page aside instead of writing it."""
        self._pages.append(dict(self.__dict__))
        self._startPage()
        self.tags.next_page()

    def save(self) -> None:
        """Write the pages, each with its furniture."""
        pages = self._pages
        del self.tags.pages[len(pages) :]
        for number, page in enumerate(pages, start=1):
            self.__dict__.update(page)
            self.tags.page = number - 1
            self.furnish(number, len(pages))
            super().showPage()
        super().save()


class PageCanvas(KeptPages):
    """The pages of a letter, with marking, folds and foot."""

    def __init__(self, words: Words, styles: Styles, tags: Tags, *args: Any, **kwargs: Any) -> None:
        super().__init__(tags, *args, **kwargs)
        self._words = words
        self._marking_size = _size_of("marking", words.marking, BOLD, styles)
        foot = f"{words.foot}    {words.page_words.format(page=999, pages=999)}"
        self._foot_size = _size_of("reference", foot, REGULAR, styles)

    def furnish(self, number: int, pages: int) -> None:
        """The marking, the folds and the foot."""
        _draw_marking(self, self._words.marking, self._marking_size, first=number == 1)
        if number == 1 and self._words.recipient:
            _draw_folds(self)
        draw_foot(self, self._words.foot, self._words.page_words.format(page=number, pages=pages), self._foot_size)


def _draw_marking(canvas: Any, marking: str, size: float, *, first: bool) -> None:
    """The marking at both edges, outside the text. It is read out once, before anything else."""
    if not marking:
        return
    for height in (_MARKING_TOP, _MARKING_FOOT):
        said = first and height == _MARKING_TOP
        with tagged(canvas, canvas.tags.first("P")) if said else artifact(canvas, "Pagination"):
            canvas.setFillColor(INK)
            canvas.setFont(BOLD, size)
            canvas.drawCentredString(WIDTH / 2, height, _one_line(marking))


def _draw_folds(canvas: Any) -> None:
    """Where the sheet is folded, at its left edge, so that the address shows through the window."""
    with artifact(canvas, "Layout"):
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.6)
        for down in window.FOLDS:
            canvas.line(4 * mm, HEIGHT - down * mm, 8 * mm, HEIGHT - down * mm)


def draw_foot(canvas: Any, foot: str, page: str, size: float, width: float = WIDTH) -> None:
    """A rule, and under it the reference and the number of the page."""
    with artifact(canvas, "Pagination"):
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.6)
        canvas.line(MARGIN, _RULE, width - MARGIN, _RULE)
        canvas.setFillColor(INK_2)
        canvas.setFont(REGULAR, size)
        canvas.drawString(MARGIN, _FOOT, _one_line(foot))
        canvas.drawRightString(width - MARGIN, _FOOT, page)


def _one_line(plain: str) -> str:
    return printable(plain).replace("\n", " ")


def _size_of(field: str, plain: str, font: str, styles: Styles) -> float:
    """The size, of the print's own down to 12 points, at which it stands in one line between the margins. Raises
    LetterError at none: nothing on a letter is smaller, and nothing is cut.
    """
    line = _one_line(plain)
    for size in sorted({12 * styles.scale, 15 if styles.scale > 1 else 12, 12}, reverse=True):
        if len(line) < _LONGEST and stringWidth(line, font, size) <= WIDTH - 2 * MARGIN:
            return size
    raise LetterError(field, f"The letter’s {field} is too long for one line of 12 points. Nothing was printed.")
