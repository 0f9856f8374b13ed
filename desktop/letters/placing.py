"""The lines of an address in the envelope's window, so far apart that no letter of one touches a letter of the next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise, product
from textwrap import wrap
from typing import Final

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics

from desktop.letters import window
from desktop.letters.faces import Ink
from desktop.letters.linebreaks import text_of
from desktop.letters.parts import Text, register_fonts, texts
from desktop.letters.styles import LARGE, ORDINARY, Styles
from desktop.policy.wording import fewer_lines

_PLAIN: Final = Ink(0, -245, 0, 770)
"""How far letters of a plain line reach up and down, for which every leading has room: lines stand evenly."""
_APART: Final = 0.8
"""What stays between two letters of which one reaches farther, in points."""
_FEWEST: Final = 3
"""More lines than so many can share: the first and the last two stay as they are."""
_INITIAL: Final = re.compile(r"(?<=\b[A-Z]) (?=[A-Z])|(?<=\b[A-Z]\.) (?=[A-Z])")
"""The space between an initial and what it stands before, at which no line ends."""
_BEGINNINGS: Final = (60, 50, 40, 30, 20)
"""How many characters of a first line that has no room are shown, the rest with the whole of it below."""
_Placed = list[tuple[float, Text]]
"""Paragraphs, each with its distance from the window's top."""


def placed_lines(recipient: tuple[str, ...], styles: Styles) -> tuple[_Placed, tuple[str, ...]]:
    """Where each line of the address goes, from the window's top down, and which lines did not fit at any size.

    The largest size is used at which all of it fits, with no line broken where that can be. Scripts whose letters reach
    far up or down get the room that they need; where the window has none, neighbours share a line, and then the first
    ones run on: person, unit, body. A line breaks after a comma or before the person's name, if that can be. Where
    nothing helps, the lines after the first give way: a letter is sorted by the last ones.
    """
    whole = tuple(_INITIAL.sub("\u00a0", line) for line in recipient)
    for kept, below in _choices(whole):
        fewer = [fewer_lines(kept, most, kept=2) for most in range(len(kept) - 1, _FEWEST, -1)]
        run_on = [(", ".join(kept[:n]), *kept[n:]) for n in range(2, len(kept) - 1)]
        for breaks, shown, style in product(_Breaks, (kept, *fewer, *run_on), styles.address):
            if placed := _placed(shown, style, breaks):
                return placed, below
    return [], whole


def first_lines(recipient: tuple[str, ...]) -> tuple[str, ...]:
    """What somebody may take for the first line of an address: as it is known, as it is printed in the window of either
    print, and with what it runs on with below that.
    """
    register_fonts()
    found = [*recipient[:1]]
    for styles in (ORDINARY, LARGE):
        for _at, drawn in placed_lines(recipient, styles)[0][:1]:
            found += [text_of(drawn.frags), " ".join(drawn.blPara.lines[0][1])]
    return tuple(dict.fromkeys(found))


class _Breaks(Enum):
    """Where a line may end, the best first."""

    NOWHERE = auto()
    BETWEEN_PARTS = auto()
    """After a comma, before the person's name, and within what no line holds."""
    BESIDE_THE_NAME = auto()
    """At any space but within the person's name."""
    ANYWHERE = auto()


def _held(line: str, style: ParagraphStyle, breaks: _Breaks, *, person: bool) -> str:
    """The line with no-break spaces where it may not end. ``person``: it begins with a grade and a name."""

    def fits(piece: str) -> bool:
        return bool(pdfmetrics.stringWidth(f"{piece},", style.fontName, style.fontSize) <= window.WIDTH)

    held = []
    for n, piece in enumerate(line.split(", ")):
        tied = piece
        if breaks is _Breaks.BETWEEN_PARTS:
            # What no line holds begins on a line of its own.
            tied = piece.replace(" ", "\u00a0") if fits(piece) else piece.replace(" ", "\u00a0", 1)
        if person and n == 0 and not (breaks is _Breaks.BETWEEN_PARTS and fits(piece)):
            grade, space, name = _named(piece)
            tied = grade + space + name.replace(" ", "\u00a0") if fits(name) else piece
        held.append(tied)
    return ", ".join(held)


def _named(piece: str) -> tuple[str, str, str]:
    """A grade and a name, which is the last two words, or an initial with a word."""
    words = piece.split(" ")
    most = 1 if "\u00a0" in words[-1] or piece.endswith("…") else 2
    return " ".join(words[:-most]), " " if words[:-most] else "", " ".join(words[-most:])


def _choices(recipient: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """What may stand in the window, and what is then printed below it: all of it, the first line with ever fewer of
    those after it, then its beginning over two lines, and at last the end of the address alone.
    """
    for spared in range(max(1, len(recipient) - 3)):
        yield (*recipient[:1], *recipient[1 + spared :]), recipient[1 : 1 + spared]
    for width in _BEGINNINGS if recipient[1:] else ():
        beginning, *more = wrap(recipient[0], width) or [""]
        if more:
            yield (f"{beginning}…", *recipient[1:][-3:]), recipient[: max(1, len(recipient) - 3)]
    for left in (3, 2, 1):
        if left < len(recipient):
            yield recipient[-left:], recipient[:-left]


@dataclass(frozen=True, slots=True)
class _Line:
    """What the letters of a line cover, and how large they are, in points."""

    inks: tuple[Ink, ...]
    size: float

    @property
    def up(self) -> float:
        """How far it reaches up, in points."""
        return max((_PLAIN.top, *(one.top for one in self.inks))) * self.size / 1000

    @property
    def down(self) -> float:
        """How far it reaches down, in points."""
        return -min((_PLAIN.low, *(one.low for one in self.inks))) * self.size / 1000

    def pitch(self, under: _Line) -> float:
        """How far below this line's base that of the next one stands at least, so that no two letters touch."""
        if self.down + under.up <= (_PLAIN.top - _PLAIN.low) * self.size / 1000:
            return 0.0
        over = (
            theirs.top - ours.low
            for ours, theirs in product(self.inks, under.inks)
            if ours.left < theirs.right and theirs.left < ours.right
        )
        most = max(over, default=0.0)
        return most * self.size / 1000 + _APART if most > _PLAIN.top - _PLAIN.low else 0.0


def _placed(lines: Sequence[str], style: ParagraphStyle, breaks: _Breaks) -> _Placed:
    """The lines in this style; nothing where they do not fit, or where one would break that should not."""
    placed: _Placed = []
    base, above = 0.0, None
    for n, line in enumerate(lines):
        shown = line if breaks in (_Breaks.NOWHERE, _Breaks.ANYWHERE) else _held(line, style, breaks, person=n == 0)
        for drawn in texts(shown, style):
            written = _written(drawn)
            if breaks is _Breaks.NOWHERE and len(written) > 1:
                return []
            base += written[0].up if above is None else max(style.leading, above.pitch(written[0]))
            # ReportLab draws the first line a letter's size below a paragraph's upper edge.
            placed.append((base - style.fontSize, drawn))
            base += _spread(drawn, written)
            above = written[-1]
            if base > window.HEIGHT:
                return []
    depth = base + (above.down if above else 0.0)
    return [(at + (window.HEIGHT - depth) / 2, drawn) for at, drawn in placed] if depth <= window.HEIGHT else []


def _written(drawn: Text) -> list[_Line]:
    """The paragraph's lines, as wide as the window lets them be."""
    drawn.wrap(window.WIDTH, window.HEIGHT)
    size = drawn.style.fontSize
    return [_Line(_inks(drawn.style.fontName, " ".join(words)), size) for _, words in drawn.blPara.lines]


@lru_cache(maxsize=256)
def _inks(font: str, line: str) -> tuple[Ink, ...]:
    """What the letters of a line cover: the same line is tried in many sizes and many ways."""
    return tuple(pdfmetrics.getFont(font).inks(line))


def _spread(drawn: Text, written: Sequence[_Line]) -> float:
    """How far below a paragraph's first base its last one is, once its lines are so far apart that none touch."""
    leading: float = max((drawn.style.leading, *(upper.pitch(lower) for upper, lower in pairwise(written))))
    if leading > drawn.style.leading:
        drawn.style = ParagraphStyle(drawn.style.name, drawn.style, leading=leading)
        drawn.height = leading * len(written)
    return (len(written) - 1) * leading
