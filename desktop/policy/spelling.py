"""How a text reads, however it is spelled: for every rule that looks for words which may not be said.

A word is known again in any capitals and with any accents, with characters in it that nobody sees, with letters of
other alphabets that look like its own, with signs between its letters, with figures for letters, and spelled out letter
by letter. The look-alikes are those of Unicode's list of confusable characters (UTS #39) that the desk's letters print.
"""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from typing import Final

_CAPITALS: Final = dict(
    zip(
        "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕЅІЈКМНОРСТУХԌԚԜҮՏՍՕԼ",
        "abezhikmnoptyxabesijkmhopctyxgqwysuol",
        strict=True,
    )
)
"""Greek, Cyrillic and Armenian capitals that look like Latin ones: some of their small letters look like others."""
_SMALL: Final = dict(
    zip(
        "αβγεηικνορτυχωавгԁеіјклмнопрѕстухһԛԝӏьиүաագհյոօսզցıɑɡɩʟɴʀʙɢʜɪʏᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜱøđłħŧƒƙɱⅼ",
        "abyenikvoptuxwabrdeijklmhonpsctyxhqwlbuywaqhjnouqgiagilnrbghiyacdejkmoptuvwzsodlhtfkml",
        strict=True,
    )
)
_SEES_NOTHING: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\u180e")
"""Letters that have no shape, though Unicode does not count them among the invisible ones."""
_SHAPELESS: Final = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"})
"""Categories of Unicode of which nothing shows but on a letter."""
_FIGURES: Final = ("0123456789@$!|€", ("oizeasbtbgasile", "olzeasbtbgaslle"))
"""Figures and signs that stand for letters; "1" and "|" stand for either of two."""
_FIGURED: Final = re.compile(r"(?<![\w@$!|€])[^\W\d]*[\d@$!|€][\w@$!|€]*")
"""A word with a figure in it. It is looked for from a word's beginning alone: in a long one it would take very long."""
_LETTER: Final = re.compile(r"[^\W\d_]")
_SPELLED: Final = re.compile(r"(?<!\w)\w(?: \w){2,59}(?!\w)")


def plain(text: str) -> str:
    """The text in small Latin letters as far as it looks like them: without accents and without what has no shape."""
    composed = unicodedata.normalize("NFKC", text)
    likened = "".join(_CAPITALS.get(char, char) for char in composed).casefold()
    folded = unicodedata.normalize("NFKD", likened)
    kept = (char for char in folded if unicodedata.category(char) not in ("Mn", "Me", "Cf", "Co", "Cn"))
    return "".join(_SMALL.get(char, char) for char in kept if char not in _SEES_NOTHING and not _is_control(char))


def readings(text: str, *, figures: bool = False) -> tuple[str, ...]:
    """The ways in which a text may be read, each in small letters with one space between its words: as it stands; with
    what stands between letters taken out; with letters that stand alone put together, from each of them on; and, if
    asked for, with figures read as letters.
    """
    base = plain(text).replace("’", "'")
    forms = [base, *unfigured(base)] if figures else [base]
    found: list[str] = []
    for form in forms:
        apart = " ".join(re.sub(r"[^\w\s']|_", " ", form).split())
        joined = " ".join(re.sub(r"(?<=\w)[^\w\s]+(?=\w)|_", "", form).split())
        found += [apart, joined, _SPELLED.sub(lambda run: _from_each(run[0]), apart)]
    return tuple(dict.fromkeys(found))


def shows_nothing(text: str) -> bool:
    """Whether a text prints as nothing: spaces, what has no shape, and marks with no letter to stand on."""
    return all(char in _SEES_NOTHING or unicodedata.category(char) in _SHAPELESS for char in text)


def _from_each(run: str) -> str:
    """Letters that stand alone as the words that begin with each: "a c a t" as "acat cat at t"."""
    word = run.replace(" ", "")
    return " ".join(word[at:] for at in range(len(word)))


def unfigured(text: str) -> tuple[str, ...]:
    """The text with figures inside its words read as letters."""
    signs, meant = _FIGURES
    tables = [str.maketrans(signs, letters) for letters in meant]
    return tuple(_FIGURED.sub(partial(_read_as_letters, table), text) for table in tables)


def _read_as_letters(table: dict[int, int], found: re.Match[str]) -> str:
    """A word with its figures as letters, where it has both."""
    return found[0].translate(table) if _LETTER.search(found[0]) else found[0]


def _is_control(char: str) -> bool:
    return unicodedata.category(char) == "Cc" and not char.isspace()
