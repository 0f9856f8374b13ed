"""What somebody types into a search field, as the full-text index is asked for it; and names spelled as people type
them.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import month_name
from collections.abc import Iterator, Sequence
from string import ascii_lowercase, digits

from db.engine import folded

NHS_DIGITS = 10
_ANY = re.ASCII | re.IGNORECASE
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{0,4}))?", re.ASCII)
_MONTH = re.compile(r"(\d{1,2})[/.-](\d{1,4})", re.ASCII)
_RUN_TOGETHER = re.compile(r"(\d\d)(\d\d)((?:18|19|20)\d{0,2})", re.ASCII)
_ORDINAL = re.compile(r"(\d{1,2})(?:st?|nd?|rd?|th?)", _ANY)
_REFERENCE = re.compile(r"([A-Z]{2})(\d{6,})(\d)", _ANY)
_GROUPS = re.compile(r"(\d+)(?:[.\-\u2010-\u2015\u2212]\d*)*", re.ASCII)
_CENTURIES = ("18", "19", "20")
"""Those in which people were born."""
_LONGEST_DAY = 2
"""Digits of a day or a month: a number that begins with more is no date."""
_IN_NAMES = "'’‘ʼʻ`´-‐‑"
"""What stands within names."""
_APOSTROPHES = str.maketrans(dict.fromkeys("ʼʻ", "'"))
"""What the index takes for a letter, as it has the sign that is typed."""
_HYPHENS = re.compile("[-‐‑]")


def expression(typed: str) -> str:
    """What FTS5 is asked for: each word as a prefix, all of them. Empty where there is no word.

    Digits may be grouped, as those of an NHS number are, and follow its name. A day may stand in figures, as
    27/11/1960, and a reference without its hyphens. Each may be what somebody else calls their request, so that it is
    also looked for as it stands; and each may be half typed.
    """
    words, asked = typed.translate(_APOSTROPHES).split(), []
    while words:
        count, number = _number(words)
        whole = " AND ".join(filter(None, map(_asked, words[: count or 1])))
        asked.append(f"(({whole}) OR {number})" if number else whole)
        words = words[count or 1 :]
    return " AND ".join(dict.fromkeys(filter(None, asked)))


def spelled(names: str) -> str:
    """These names, and after them those of their words that the index takes apart or leaves their letters (O'Brien,
    Łukasz), as they are typed by whoever does without (obrien, lukasz). The index keeps it: a change needs a migration.
    """
    if names.isascii() and names.replace(" ", "").isalpha():
        return names
    parts = [part for word in names.split() for part in (word, *_HYPHENS.split(word))]
    return " ".join([names, *dict.fromkeys(filter(None, map(_plain, parts)))])


def _plain(word: str) -> str:
    """A word as ``folded`` has it; "" where the index has it so too."""
    pieces = _pieces(word)
    plain = folded(word) or ""
    return "" if len(pieces) == 1 and _seen(pieces[0]) == plain else plain


def _seen(piece: str) -> str:
    """A word without what the index leaves out by itself, case and accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", piece.lower()) if not unicodedata.combining(c))


def _pieces(word: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in word).split()


def _number(words: Sequence[str]) -> tuple[int, str]:
    """How many of the first words are the groups of one number, with what it is called, and what is asked for it."""
    called = _called(words)
    number, count, first = "", called, 0
    for word in words[called:]:
        found = _GROUPS.fullmatch(word)
        more = re.sub(r"\D", "", word)
        if not found or len(number) + len(more) > NHS_DIGITS:
            break
        first = first or len(found[1])
        number, count = number + more, count + 1
    if not number or number == words[0] or not (called or first > _LONGEST_DAY or len(number) == NHS_DIGITS):
        return 0, ""
    return count, f"{'numbers : ' if called else ''}({_begun(number)})"


def _called(words: Sequence[str]) -> int:
    """How many of the first words say that an NHS number follows."""
    said = [word.strip(".:").lower() for word in words[:2]]
    if said[:1] != ["nhs"]:
        return 0
    return 2 if said[1:] in (["no"], ["number"]) else 1


def _asked(word: str) -> str:
    """What is asked for one word: its parts as one phrase, or what else it may be."""
    pieces = _pieces(word)
    if not pieces:
        return ""
    ways = [_begun(" ".join(pieces))]
    if born := " OR ".join(_born(word)):
        ways.append(f"born : ({born})")
    if bare := _REFERENCE.fullmatch(word):
        ways.append(_begun(" ".join(bare.groups())))
    if all(c.isalpha() or c in _IN_NAMES or unicodedata.combining(c) for c in word) and (plain := _plain(word)):
        ways.append(f'"{plain}"*')
    return f"({' OR '.join(ways)})"


def _begun(phrase: str) -> str:
    """What is asked for a phrase whose last word may be half typed."""
    if phrase.isascii() and phrase[-1].isdigit() and (len(phrase) == 1 or phrase[-2] == " "):
        # The index of beginnings has those of two and three letters: all that begins with one figure is slow to find.
        return " OR ".join([f'"{phrase}"', *(f'"{phrase}{one}"*' for one in digits + ascii_lowercase)])
    return f'"{phrase}"*'


def _born(word: str) -> Iterator[str]:
    """The dates of birth that a word may be, as far as it is typed. They are kept as "1984 06 30 June 6 30"."""
    if found := _DAY.fullmatch(word) or _RUN_TOGETHER.fullmatch(word):
        yield from _days(*found.groups())
    if (found := _MONTH.fullmatch(word)) and 1 <= int(found[1]) <= 12:
        yield from _months(int(found[1]), found[2])
    if found := _ORDINAL.fullmatch(word):
        yield f'"{int(found[1])}"'


def _days(day: str, month: str, year: str | None) -> Iterator[str]:
    for one in range(1, 13):
        if year is None and not (f"{one:02}".startswith(month) or str(one).startswith(month)):
            continue
        if year is not None and one != int(month):
            continue
        when = f"{one:02} {int(day):02}"
        if not year:
            yield f'"{when}"'
        elif len(year) == 4:
            yield f'"{year} {when}"'
        elif years := _years(*([year] if len(year) > _LONGEST_DAY else [year, "19" + year, "20" + year])):
            yield f'("{when}" AND ({years}))'


def _months(month: int, year: str) -> Iterator[str]:
    if len(year) == 4:
        yield f'"{year} {month:02}"'
    elif years := _years(year):
        yield f'("{month_name[month]}" AND ({years}))'


def _years(*starts: str) -> str:
    """What is asked for years that begin so: they stand first. The index of beginnings has those of two and three."""
    years = (one for start in starts for one in (_CENTURIES if len(start) == 1 else (start,)) if one.startswith(start))
    return " OR ".join(f'^"{one}"*' for one in dict.fromkeys(years) if one[:2] in _CENTURIES)
