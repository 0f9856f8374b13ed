"""Pages from words: the only way to a letter's PDF. Importing this imports ReportLab, which takes a while."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, PageBreak, PageTemplate

from desktop.letters import faces, parts, tables
from desktop.letters.archive import About, archival
from desktop.letters.content import Block, Body, Section, SignOff, Words
from desktop.letters.facts import AnchorPage, CertificatePage, DestructionPage, LetterFacts, RecoverySheet
from desktop.letters.furniture import BODY_BOTTOM, BODY_TOP, HEIGHT, MARGIN, WIDTH, Letterhead, PageCanvas
from desktop.letters.grids import letter_tables
from desktop.letters.pagewords import anchor_words, certificate_words, destruction_words, sheet_words
from desktop.letters.parts import printable, register_fonts, text, texts
from desktop.letters.shaping import east_asian, missing
from desktop.letters.styles import BODY_WIDTH, LARGE, ORDINARY, REGULAR, SPACINGS, Styles
from desktop.letters.tagging import Element, Tags
from desktop.letters.words import words
from desktop.policy.reports import Grid
from desktop.policy.wording import lower_first

_FEWEST_LINES = 3
"""A heading stands only where so many lines of its text fit under it."""
_FILLED = (BODY_TOP - BODY_BOTTOM) * 2 / 5
"""How much of a further page the end of a letter fills at least, in points; what is less looks left over."""
_BARE_LINES = 6
"""Lines' worth of a page that may stay empty at its foot, because what follows is kept together."""
_MANY = 8
"""Pages from which on a letter is set in the usual way, whatever a page of it leaves empty."""
_SHORT = 1200
"""Characters up to which a paragraph is kept whole beside what follows it; a longer one may break over pages."""


def render(facts: LetterFacts) -> bytes:
    """The letter as a PDF (PDF/A-2a and PDF/UA-1), with an empty field for the organisation's signature.

    The same facts give the same bytes. Raises LetterError where a fact is missing or blank.
    """
    content = words(facts)
    about = About(
        printable(content.document_title),
        printable(content.organisation),
        facts.dated,
        bytes.fromhex(facts.file_id),
        signed=True,
    )
    return _document(content, about, LARGE if facts.large_print else ORDINARY)


def render_sheet(sheet: RecoverySheet) -> bytes:
    """The recovery sheet as a PDF. Raises LetterError where something is missing or blank."""
    content = sheet_words(sheet)
    # What identifies it must say nothing of the key.
    identity = hashlib.sha256(f"{content.organisation} {sheet.made_on}".encode()).digest()
    about = About(content.document_title, printable(content.organisation), sheet.made_on, identity, signed=False)
    return _document(content, about, ORDINARY)


def render_certificate_page(page: CertificatePage) -> bytes:
    """The page about the certificate as a PDF. Raises LetterError where something is missing or blank."""
    content = certificate_words(page)
    identity = hashlib.sha256("".join(page.fingerprint).encode()).digest()
    about = About(content.document_title, printable(content.organisation), page.made_on, identity, signed=False)
    return _document(content, about, ORDINARY)


def render_anchor_page(page: AnchorPage) -> bytes:
    """The page about an anchor of the journal as a PDF. Raises LetterError where something is missing or blank."""
    content = anchor_words(page)
    identity = bytes.fromhex("".join(page.hash))
    about = About(content.document_title, printable(content.organisation), page.made_on, identity, signed=False)
    return _document(content, about, ORDINARY)


def render_destruction_page(page: DestructionPage) -> bytes:
    """A destruction certificate as a PDF, with an empty field for the organisation's signature."""
    content = destruction_words(page)
    identity = bytes.fromhex("".join(page.content_hash))
    about = About(content.document_title, printable(content.organisation), page.made_on, identity, signed=True)
    return _document(content, about, ORDINARY)


def missing_glyphs(facts: LetterFacts, folders: Sequence[Path] | None = None) -> tuple[str, ...]:
    """The characters of the letter that no font can print, once each, in order of appearance. A letter with any must
    not be issued: ``why_missing`` says why. Characters that are invisible by nature are not counted. ``folders`` are
    those of the system's fonts, if not the usual ones.
    """
    return missing("".join(map(printable, words(facts).texts())).replace("\n", ""), folders)


def why_missing(chars: Sequence[str], folders: Sequence[Path] | None = None, *, todo: str) -> tuple[str, ...]:
    """What keeps a letter with these missing characters from being issued, and what to do, in sentences. ``todo`` is
    what to do about a character that no font has.
    """
    return faces.why_missing(chars, installed=bool(east_asian(folders=folders)), todo=todo)


def _document(content: Words, about: About, styles: Styles) -> bytes:
    register_fonts()
    made = _best(content, styles)
    return archival(made.pdf, made.tags, about)


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to set a letter. ``end_together`` keeps its end on one page with what stands before it; ``loose`` lets
    short sections break that are else kept whole.
    """

    styles: Styles
    end_together: bool = False
    loose: bool = False


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The pages of a letter; ``uneven`` is how far its pages are from being well filled, in points: what the ends, in
    each language, lack of ``_FILLED``, and what the barest page before them leaves empty beyond ``_BARE_LINES``.
    """

    pdf: bytes
    tags: Tags
    pages: int
    uneven: float


def _best(content: Words, styles: Styles) -> _Drawn:
    """The letter in the first way that fills its pages well, or in the one that comes nearest, in as few pages
    as may be. In a letter of many pages a page that is half empty is one of many, and the first way will do.
    """
    found: list[_Drawn] = []
    for together, loose in ((False, False), (True, False), (False, True)):
        for each in SPACINGS[styles]:
            drawn = _drawn(content, _Way(each, together, loose))
            found.append(drawn)
            fewest = min(one.pages for one in found)
            if found[0].pages > _MANY or (not drawn.uneven and drawn.pages == fewest):
                return drawn
    return min(found, key=lambda one: (one.pages, one.uneven))


class _Sheets(BaseDocTemplate):  # type: ignore[misc]  # ReportLab has no types
    """A document that notes in ``left`` how much of each of its pages stays empty, in points."""

    left: tuple[float, ...] = ()

    def afterPage(self) -> None:
        """A page is full."""
        self.left = (*self.left, self.frame.lowest - BODY_BOTTOM)


def _drawn(content: Words, way: _Way) -> _Drawn:
    letterhead = Letterhead(content, way.styles)
    tags = Tags()
    out = io.BytesIO()
    document = _Sheets(
        out,
        pagesize=(WIDTH, HEIGHT),
        initialFontName=REGULAR,  # Otherwise every page begins with Helvetica, which is not embedded.
        invariant=1,
    )
    document.addPageTemplates(
        [
            PageTemplate("first", [_frame(letterhead.body_top)], onPage=lambda canvas, _: letterhead.draw(canvas),
                         autoNextPageTemplate="later"),
            PageTemplate("later", [_frame(BODY_TOP)]),
        ]
    )  # fmt: skip
    places: list[tuple[int, float]] = []
    document.build(_story(content, letterhead, way, places), canvasmaker=partial(PageCanvas, content, way.styles, tags))
    ends = list(zip(places[::2], places[1::2], strict=True))
    short = sum(max(0.0, _FILLED - (BODY_TOP - height)) for (begun, _), (page, height) in ends if page > begun)
    last = {page for _, (page, _) in ends}
    bare = max((left for page, left in enumerate(document.left, start=1) if page not in last), default=0.0)
    beyond = max(0.0, bare - _BARE_LINES * way.styles.text.leading)
    return _Drawn(out.getvalue(), tags, len(document.left), short + beyond)


class _Room(Frame):  # type: ignore[misc]  # ReportLab has no types
    """Where the text of a page stands."""

    lowest = 0.0
    """How high the last thing on it stands, in points."""

    @property
    def at_top(self) -> bool:
        """Whether nothing stands on it yet."""
        return bool(self._atTop)

    def add(self, flowable: Flowable, *more: Any, **named: Any) -> int:
        """As Frame."""
        added: int = super().add(flowable, *more, **named)
        if added and not isinstance(flowable, (CondPageBreak, parts.Begin, parts.Place)):
            self.lowest = self._y + flowable.getSpaceAfter()
        return added


def _frame(top: float) -> _Room:
    padding = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}
    return _Room(MARGIN, BODY_BOTTOM, WIDTH - 2 * MARGIN, top - BODY_BOTTOM, **padding)


def _story(content: Words, letterhead: Letterhead, way: _Way, places: list[tuple[int, float]]) -> list[Flowable]:
    """All that is printed. Where each language begins and ends is noted in ``places``."""
    story: list[Flowable] = [*letterhead.rest]
    for body in content.bodies:
        if content.before is not None:
            story += [PageBreak()] if body is content else []
            story.append(parts.Begin(body.language))
        made = _body(body, way)
        story += [parts.Place(places), *(_together(made) if way.end_together else made), parts.Place(places)]
    return story


def _body(content: Body, way: _Way) -> list[Flowable]:
    """The letter in one language, from its title to its end."""
    styles = way.styles
    title = text(content.title, styles.title)
    greeting = texts(content.greeting, styles.text) if content.greeting else []
    under = sum(paragraph.wrap(BODY_WIDTH, HEIGHT)[1] for paragraph in (title, *greeting[:3]))
    story: list[Flowable] = [CondPageBreak(under + (_FEWEST_LINES + 1) * styles.text.leading), title, *greeting]
    sections = [*content.sections, *content.after_sign_off]
    signed_after = content.sections[-1] if content.sign_off else None
    rule = False
    for section in sections:
        end: list[Flowable] = []
        if section is signed_after and content.sign_off:
            end += _sign_off(content.sign_off, styles)
        if section is sections[-1]:
            end.append(text(content.ending, styles.ending))
        story += _section(section, end, way, rule=rule)
        rule = section is signed_after and content.sign_off is not None and content.sign_off.rule_after
    return story


def _together(story: list[Flowable]) -> list[Flowable]:
    """The story with its last part on one page with what stands before it, be that the signature or a section."""
    *before, room, last = story
    if not (isinstance(room, parts.Room) and isinstance(last, parts.Together) and before):
        return story
    rooms = [n for n, one in enumerate(before) if isinstance(one, parts.Room)]
    start = len(before) - 1 if isinstance(before[-1], parts.Together) else rooms[-1] + 1 if rooms else len(before)
    kept: list[Flowable] = []
    for one in before[start:]:
        kept += one.kept if isinstance(one, parts.Together) else [one]
    return [*before[:start], parts.Together([*kept, parts.Gap(room.spaceBefore), *last.kept])]


def _section(section: Section, end: list[Flowable], way: _Way, *, rule: bool = False) -> list[Flowable]:
    """A heading and what stands under it, with ``end`` kept on the page of its last paragraph. A short section that
    asks for it, or that carries an end, is kept whole. ``rule``: with a rule above it, on the same page.
    """
    styles = way.styles
    blocks = _blocks(section.blocks, styles)
    heading: list[Flowable] = [text(section.heading, styles.heading)] if section.heading else []
    above = styles.section_gap
    if rule:
        above = styles.sign_off.spaceBefore
        heading.insert(0, parts.Rule(0, styles.section_gap))
    if _is_whole(section, bool(end), way):
        return [parts.Room(0, above), parts.Together([*heading, *blocks, *end])]
    last = _last(section)
    if end and _is_short(section.blocks[-last:], styles):
        end = [*blocks[-last:], *end]
        blocks = blocks[:-last]
    kept = [parts.Together(end)] if end else []
    if not heading:
        return [*blocks, *kept]
    first = blocks[0].opening if blocks and isinstance(blocks[0], tables.Items) else _FEWEST_LINES * styles.text.leading
    room = styles.heading.leading + styles.heading.spaceAfter + first + (above if rule else 0)
    return [parts.Room(room, above), *heading, *blocks, *kept]


def _is_whole(section: Section, has_end: bool, way: _Way) -> bool:
    """Whether a section stands on one page: set loosely, only one of a single paragraph does that carries an end."""
    if way.loose and not (has_end and len(section.blocks) <= _last(section)):
        return False
    return (section.keep_together or has_end) and _is_short(section.blocks, way.styles)


def _last(section: Section) -> int:
    """How many of its last paragraphs are one: words in another language belong to those before them."""
    return 2 if section.blocks and section.blocks[-1].language else 1


def _is_short(blocks: tuple[Block, ...], styles: Styles) -> bool:
    """Whether a few paragraphs can be kept on one page: no table, and not too much text."""
    longest = _SHORT / styles.scale**2
    tables = any(block.rows or block.grid for block in blocks)
    return not tables and sum(len(block.text) for block in blocks) <= longest


def _blocks(blocks: tuple[Block, ...], styles: Styles) -> list[Flowable]:
    flowables: list[Flowable] = []
    above = ""
    for block in blocks:
        if block.role == "items":
            flowables.append(tables.items(block.columns, block.rows, styles))
        elif block.grid is not None:
            flowables += _figures(block.text, block.grid, styles)
        elif block.role == "key":
            flowables.append(tables.key(block.columns, block.rows, styles))
        elif block.role == "label":
            room = parts.Room((_FEWEST_LINES + 1) * styles.text.leading, styles.text.spaceAfter)
            flowables += [room, *texts(block.text, styles.label)]
        else:
            style = styles.bullet if block.role == "bullet" else styles.text
            paragraphs = texts(block.text, style, _in(block.language))
            if (above, block.role) == ("bullet", "text"):
                paragraphs[0].spaceBefore = styles.text.spaceAfter
            flowables += paragraphs
        above = block.role
    return flowables


def _figures(title: str, grid: Grid, styles: Styles) -> list[Flowable]:
    """A table of figures under its title, in parts where it is wide."""
    flowables: list[Flowable] = []
    for said, table in letter_tables(grid, styles):
        label = texts(f"{title} ({lower_first(said)})" if said else title, styles.label)
        over = sum(one.wrap(BODY_WIDTH, HEIGHT)[1] + one.getSpaceAfter() for one in label)
        whole = table.wrap(BODY_WIDTH, HEIGHT)[1]
        room = whole if whole <= (BODY_TOP - BODY_BOTTOM) / 2 else table.opening
        flowables += [parts.Room(over + room, styles.text.spaceAfter), *label, table]
    return flowables + (texts(grid.note, styles.text) if grid.note else [])


def _sign_off(sign_off: SignOff, styles: Styles) -> list[Flowable]:
    return [
        text(sign_off.phrase, styles.sign_off),
        parts.Picture(sign_off.signature, 150, styles.signature_height, shows=f"Signature of {sign_off.name}"),
        *texts(sign_off.name, styles.signatory),
        *(
            paragraph
            for line, language in zip_longest(sign_off.lines, sign_off.languages)
            for paragraph in texts(line, styles.signed, _in(language))
        ),
    ]


def _in(language: str | None) -> Element | None:
    """What a paragraph is part of that has a language of its own; None for the letter's."""
    return Element("P", language=language) if language else None
