"""Pages from words: the only way to a letter's PDF. Importing this imports ReportLab, which takes a while."""

from __future__ import annotations

import io
import re
from functools import partial
from typing import Any

from reportlab import rl_config
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, KeepTogether, PageTemplate

from desktop.letters import parts
from desktop.letters.facts import LetterFacts, RecoverySheet
from desktop.letters.furniture import BODY_BOTTOM, BODY_TOP, HEIGHT, MARGIN, WIDTH, Letterhead, PageCanvas
from desktop.letters.parts import coverage, printable, register_fonts, text
from desktop.letters.words import Block, Section, SignOff, Words, sheet_words, words

# Base 85 is for printers of the last century: it makes a file larger by a quarter and takes a tenth of the time.
rl_config.useA85 = 0

_FEWEST_LINES = 3
"""A heading stands only where so many lines of its text fit under it."""
_SHORT = 900
"""Characters up to which a paragraph is kept whole beside what follows it; a longer one may break over pages."""


def render(facts: LetterFacts) -> bytes:
    """The letter as a PDF. The same facts give the same bytes. Raises LetterError where a fact is missing or blank."""
    return _document(words(facts))


def render_sheet(sheet: RecoverySheet) -> bytes:
    """The recovery sheet as a PDF. Raises LetterError where something is missing or blank."""
    return _document(sheet_words(sheet))


def page_count(pdf: bytes) -> int:
    """How many pages a PDF made by ``render`` or ``render_sheet`` has."""
    found = re.search(rb"/Count (\d+)", pdf)
    if found is None:
        raise ValueError("not a PDF of this desk")
    return int(found.group(1))


def missing_glyphs(facts: LetterFacts) -> tuple[str, ...]:
    """The characters of the letter that no shipped font can print, once each, in order of appearance. A letter with
    any must not be issued. Characters that are invisible by nature are not counted."""
    there = coverage()
    missing: dict[str, None] = {}
    for piece in words(facts).texts():
        for char in printable(piece):
            if ord(char) not in there and char not in "\n" or char == "\ufffd":
                missing[char] = None
    return tuple(missing)


def _document(content: Words) -> bytes:
    register_fonts()
    letterhead = Letterhead(content)
    out = io.BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=(WIDTH, HEIGHT),
        title=content.document_title,
        author=printable(content.organisation),
        lang="en-GB",
        displayDocTitle=1,
        invariant=1,
    )
    document.addPageTemplates(
        [
            PageTemplate("first", [_frame(letterhead.body_top)], onPage=lambda canvas, _: letterhead.draw(canvas),
                         autoNextPageTemplate="later"),
            PageTemplate("later", [_frame(BODY_TOP)]),
        ]
    )  # fmt: skip
    document.build(_story(content, letterhead), canvasmaker=partial(PageCanvas, content))
    return out.getvalue()


def _frame(top: float) -> Any:
    padding = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}
    return Frame(MARGIN, BODY_BOTTOM, WIDTH - 2 * MARGIN, top - BODY_BOTTOM, **padding)


def _story(content: Words, letterhead: Letterhead) -> list[Flowable]:
    story: list[Flowable] = [*letterhead.rest, text(content.title, parts.TITLE)]
    if content.greeting:
        story.append(text(content.greeting, parts.TEXT))
    for section in content.sections:
        story += _section(section)
    if content.sign_off:
        story = _with_last(story, _sign_off(content.sign_off))
    if content.sign_off and content.sign_off.rule_after:
        story.append(parts.Rule(16, 15))
    for section in content.after_sign_off:
        story += _section(section)
    return _with_last(story, [text(content.ending, parts.ENDING)])


def _section(section: Section) -> list[Flowable]:
    blocks: list[Flowable] = [_block(block) for block in section.blocks]
    if not section.heading:
        return blocks
    heading = text(section.heading, parts.HEADING)
    if section.keep_together and sum(len(block.text) for block in section.blocks) <= 2 * _SHORT:
        return [KeepTogether([heading, *blocks])]
    style = parts.HEADING
    room = style.spaceBefore + style.leading + style.spaceAfter + _FEWEST_LINES * parts.TEXT.leading
    return [CondPageBreak(room), heading, *blocks]


def _block(block: Block) -> Flowable:
    if block.role == "items":
        return parts.items(block.columns, block.rows)
    if block.role == "key":
        return parts.key(block.columns, block.rows)
    return text(block.text, parts.BULLET if block.role == "bullet" else parts.TEXT)


def _sign_off(sign_off: SignOff) -> list[Flowable]:
    return [
        text(sign_off.phrase, parts.SIGN_OFF),
        parts.Picture(sign_off.signature, 150, 50),
        text(sign_off.name, parts.SIGNATORY),
        *(text(line, parts.SIGNED) for line in sign_off.lines),
    ]


def _with_last(story: list[Flowable], more: list[Flowable]) -> list[Flowable]:
    """The story with ``more`` after it, kept on the page of the story's last paragraph unless that one is long."""
    last = story[-1]
    if isinstance(last, parts.Text) and len(last.text) <= _SHORT:
        return [*story[:-1], KeepTogether([last, *more])]
    return [*story, KeepTogether(more)]
