"""Where the lines of a paragraph end that ReportLab cannot break: one that is not all drawn letter by letter."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from desktop.letters.shaping import INSIDE, Face, cuts, levels_of

# Chinese and Japanese may break between any two characters, but not before a closing sign or after an opening one.
_IDEOGRAPHS: Final = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u30ff\u3100-\u312f\u31a0-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_OPENING: Final = "\u3008\u300a\u300c\u300e\u3010\u3014\u3016\u3018\u301a\uff08\uff3b\uff5b"
_CLOSING: Final = (
    "\u3000-\u3002\u3005\u3009\u300b\u300d\u300f\u3011\u3015\u3017\u3019\u301b\u30fb\u30fc\uff01\uff09\uff0c\uff0e"
    "\uff1a\uff1b\uff1f\uff3d\uff5d"
)
_SPACES: Final = re.compile(r"[^\S\n\u00a0\u202f\u3000]+")
_UNIT: Final = re.compile(
    rf"\n|(?:[{_OPENING}]*[{_IDEOGRAPHS}][{_CLOSING}]*|[^ \n{_IDEOGRAPHS}{_OPENING}]+|[{_OPENING}]+) ?| "
)
_HYPHENS: Final = "-\u2010\u2013"
_AT_HYPHENS: Final = re.compile(f"[^{_HYPHENS}]*[{_HYPHENS}]+|[^{_HYPHENS}]+")
_LEADING_VOWELS: Final = "\u0e40\u0e41\u0e42\u0e43\u0e44"
"""Thai vowels that are written before the consonant that they follow: no line ends in one."""


def break_lines(text: str, face: Face, size: float, widths: Sequence[float]) -> list[tuple[float, str]]:
    """The text in lines, each with the room that is left on it: the first width is the first line's, the last one
    that of all others. The lines put together are the text again: each ends in the space or newline at which it was
    broken. A word that no line can hold is broken after its hyphens, and between two of its letters where that does not
    help.
    """
    made: list[str] = []
    line, used = "", 0.0
    for unit in _units(text, face, size, max(widths)):
        if unit == "\n":
            made.append(line + unit)
            line, used = "", 0.0
            continue
        word = unit.rstrip(" ")
        if line and used + face.stringWidth(word, size) > _room(widths, made):
            made.append(line)
            line, used = "", 0.0
        while face.stringWidth(word, size) > _room(widths, made) and (cut := _cut(word, face, size, widths, made)):
            made.append(word[:cut])
            word = word[cut:]
        piece = word + unit[len(unit.rstrip(" ")) :]
        line += piece
        used += face.stringWidth(piece, size)
    if line:
        made.append(line)
    lines = _told(made)
    left = [_room(widths, lines[:n]) - face.stringWidth(line.rstrip(" \n"), size) for n, line in enumerate(lines)]
    return list(zip(left, lines, strict=True))


def breaks_at_hyphen(text: str, face: Face, size: float, width: float) -> bool:
    """Whether a word with a hyphen in it is wider than a line."""
    if not any(hyphen in text for hyphen in _HYPHENS):
        return False
    return any(len(_AT_HYPHENS.findall(word)) > 1 and face.stringWidth(word, size) > width for word in text.split())


def _units(text: str, face: Face, size: float, width: float) -> Iterator[str]:
    """What no line is broken in if it need not be: words, each with the space after it, and newlines."""
    for unit in _UNIT.findall(_SPACES.sub(" ", text).lstrip(" ")):
        if face.stringWidth(unit.rstrip(" "), size) > width:
            yield from _AT_HYPHENS.findall(unit)
        else:
            yield unit


def _room(widths: Sequence[float], made: list[str]) -> float:
    return widths[min(len(made), len(widths) - 1)]


def _cut(word: str, face: Face, size: float, widths: Sequence[float], made: list[str]) -> int:
    """How many characters of a long word the next line takes: whole clusters, one at least; 0 where it has but one."""
    fair = [place for place in cuts(word, face) if word[place - 1] not in _LEADING_VOWELS]
    places = [place for place in fair if word[place] not in _HYPHENS] or fair
    room = _room(widths, made)
    fit = bisect_right(places, room, key=lambda place: face.stringWidth(word[:place], size))
    return places[max(fit - 1, 0)] if places else 0


def _told(lines: list[str]) -> list[str]:
    """The lines, with a mark at both sides of each end that is inside right-to-left text."""
    levels = [level for each in "".join(lines).split("\n") for level in (*levels_of(each), 0)]
    told = list(lines)
    end = 0
    for n, line in enumerate(lines[:-1]):
        end += len(line)
        last = len(line.rstrip(" \n"))
        if last and not line.endswith("\n") and levels[end - len(line) + last - 1] and levels[end]:
            told[n] = told[n][: last - len(line) or None] + INSIDE + line[last:]
            told[n + 1] = INSIDE + told[n + 1]
    return told


def text_of(fragments: Iterable[Any]) -> str:
    """The text of a paragraph's fragments, or of the lines that a paragraph of ours was split into."""
    return "".join(
        "\n" if hasattr(one, "lineBreak") else getattr(one, "text", "") or "".join(getattr(one, "words", ()))
        for one in fragments
    )
