"""Pages from words: the only way to a letter's PDF. Importing this imports ReportLab, which takes a while."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, KeepTogether, PageTemplate

from desktop.letters import faces, parts
from desktop.letters.facts import LetterFacts, RecoverySheet
from desktop.letters.furniture import BODY_BOTTOM, BODY_TOP, HEIGHT, MARGIN, WIDTH, Letterhead, PageCanvas
from desktop.letters.parts import printable, register_fonts, text, texts
from desktop.letters.shaping import east_asian, missing
from desktop.letters.words import Block, Section, SignOff, Words, sheet_words, words

# Base 85 is for printers of the last century: it makes a file larger by a quarter and takes a tenth of the time.
rl_config.useA85 = 0

_FEWEST_LINES = 3
"""A heading stands only where so many lines of its text fit under it."""
_SHORT = 1200
"""Characters up to which a paragraph is kept whole beside what follows it; a longer one may break over pages."""


def render(facts: LetterFacts) -> bytes:
    """The letter as a PDF. The same facts give the same bytes. Raises LetterError where a fact is missing or blank."""
    return _document(words(facts))


def render_sheet(sheet: RecoverySheet) -> bytes:
    """The recovery sheet as a PDF. Raises LetterError where something is missing or blank."""
    return _document(sheet_words(sheet))


def missing_glyphs(facts: LetterFacts, folders: Sequence[Path] | None = None) -> tuple[str, ...]:
    """The characters of the letter that no font can print, once each, in order of appearance. A letter with any must
    not be issued: ``why_missing`` says why. Characters that are invisible by nature are not counted. ``folders`` are
    those of the system's fonts, if not the usual ones.
    """
    return missing("".join(map(printable, words(facts).texts())).replace("\n", ""), folders)


def why_missing(chars: tuple[str, ...], folders: Sequence[Path] | None = None) -> tuple[str, ...]:
    """What keeps a letter with these missing characters from being issued, and what to do, in sentences."""
    return faces.why_missing(chars, installed=bool(east_asian(folders=folders)))


def _document(content: Words) -> bytes:
    register_fonts()
    letterhead = Letterhead(content)
    out = io.BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=(WIDTH, HEIGHT),
        title=printable(content.document_title),
        author=printable(content.organisation),
        subject="",
        creator="Tracing Desk",
        lang="en-GB",
        initialFontName=parts.REGULAR,  # Otherwise every page begins with Helvetica, which is not embedded.
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
        story += texts(content.greeting, parts.TEXT)
    sections = [*content.sections, *content.after_sign_off]
    signed_after = content.sections[-1] if content.sign_off else None
    for section in sections:
        end: list[Flowable] = []
        if section is signed_after and content.sign_off:
            end += _sign_off(content.sign_off)
        if section is sections[-1]:
            end.append(text(content.ending, parts.ENDING))
        story += _section(section, end)
        if section is signed_after and content.sign_off and content.sign_off.rule_after:
            story.append(parts.Rule(16, 0))
    return story


def _section(section: Section, end: list[Flowable]) -> list[Flowable]:
    """A heading and what stands under it, with ``end`` kept on the page of its last paragraph. A short section that
    asks for it, or that carries an end, is kept whole.
    """
    blocks = _blocks(section.blocks)
    heading: list[Flowable] = [text(section.heading, parts.HEADING)] if section.heading else []
    if (section.keep_together or end) and _is_short(section.blocks):
        return [parts.Room(0), KeepTogether([*heading, *blocks, *end])]
    if end and _is_short(section.blocks[-1:]):
        end = [blocks.pop(), *end]
    kept = [KeepTogether(end)] if end else []
    if not heading:
        return [*blocks, *kept]
    first = blocks[0].opening if blocks and isinstance(blocks[0], parts.Rows) else _FEWEST_LINES * parts.TEXT.leading
    room = parts.HEADING.leading + parts.HEADING.spaceAfter + first
    return [parts.Room(room), *heading, *blocks, *kept]


def _is_short(blocks: tuple[Block, ...]) -> bool:
    """Whether a few paragraphs can be kept on one page: no table, and not too much text."""
    return all(not block.rows for block in blocks) and sum(len(block.text) for block in blocks) <= _SHORT


def _blocks(blocks: tuple[Block, ...]) -> list[Flowable]:
    flowables: list[Flowable] = []
    above = ""
    for block in blocks:
        if block.role == "items":
            flowables += parts.items(block.columns, block.rows)
        elif block.role == "key":
            flowables.append(parts.key(block.columns, block.rows))
        else:
            paragraphs = texts(block.text, parts.BULLET if block.role == "bullet" else parts.TEXT)
            if (above, block.role) == ("bullet", "text"):
                paragraphs[0].spaceBefore = parts.TEXT.spaceAfter
            flowables += paragraphs
        above = block.role
    return flowables


def _sign_off(sign_off: SignOff) -> list[Flowable]:
    return [
        text(sign_off.phrase, parts.SIGN_OFF),
        parts.Picture(sign_off.signature, 150, 50),
        *texts(sign_off.name, parts.SIGNATORY),
        *(paragraph for line in sign_off.lines for paragraph in texts(line, parts.SIGNED)),
    ]
