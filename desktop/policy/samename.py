"""Whether a text about somebody and a name may mean the same person, where a miss is worse than a look too many.

Ranks, titles and honours (``resources/words/ranks.toml``) make no difference, nor do case, accents or the order of the
words. A family name has to be the same, and given names may: they are the same, begin alike (an initial, a short form)
or are missing on one side. So "Smith" alone means everybody called Smith.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from desktop.policy.people import name_key
from resources import resource

Word = frozenset[str]
"""One word of a name, by the keys of all ways in which it may be written: "Okafor-Bell" is also "Okafor" and "Bell"."""
Name = tuple[Word, ...]

_PIECES = re.compile(r"[;\n|:/()\[\]]+|\s(?:and|or|&|\+|with|by|for|via|[–—-])\s|(?<=[^\W\d_]{3})\.\s", re.IGNORECASE)
"""What parts one name from another, or from what is said of it."""
_LED = re.compile(r"(?<![^\s,;(])(?:[^\W\d_]/)+(?=[^\W\d_])")
"""The "T/" and "D/C/" of "T/DS" and "D/C/Insp"."""
_SAID = 4
"""So many words without one capital are a sentence, of which any word may be the name."""
_TOO_SHORT = 3
_GIVEN = 3


@dataclass(frozen=True, slots=True)
class _Ranks:
    before: frozenset[str]
    after: frozenset[str]
    about: frozenset[str]
    joins: frozenset[str]


@cache
def _ranks() -> _Ranks:
    table = tomllib.loads(resource("words", "ranks.toml").read_text("utf-8"))
    return _Ranks(*(frozenset(map(name_key, table[part])) for part in ("before", "after", "about", "joins")))


def names_in(text: str) -> tuple[Name, ...]:
    """Each way to read a field for a name: "DS Amara Okafor", "Okafor, Amara", "A. Okafor and T. Reed"."""
    return _each(words for piece in _pieces(text) for words in _bare(piece))


def names_told(text: str) -> tuple[Name, ...]:
    """Each way to read what somebody wrote about a person, with "her former partner" and the like beside the name."""
    return (*_each(run for piece in _pieces(text) for run in _runs(piece)), *names_in(text))


def tells_a_name(text: str) -> bool:
    """Whether a text has any word that is no rank and not merely said about somebody, as "the officer who asks" is."""
    return any(run for piece in _pieces(text) for run in _runs(piece))


def may_be_one(one: Name, other: Name) -> bool:
    """Whether two names may be of the same person."""
    mine, theirs = _shared(one, other), _shared(other, one)
    if min(len(mine), len(theirs)) > 1:
        return True
    if not mine:
        return False
    rest = [key for at, word in enumerate(one) if at not in mine for key in word]
    other_rest = [key for at, word in enumerate(other) if at not in theirs for key in word]
    return not rest or not other_rest or any(_alike(a, b) for a in rest for b in other_rest)


def writes_as(name: Name, address: str) -> bool:
    """Whether the part before the @ of an e-mail address may be made of a name: amara.okafor, okafora, a.okafor2."""
    local = address.partition("@")[0]
    if any(may_be_one(name, one) for one in names_in(re.sub(r"[\W\d_]+", " ", local))):
        return True
    letters = name_key(re.sub(r"[\W\d_]+", "", local))
    return any(
        _fits(letters[len(key) :] if letters.startswith(key) else letters[: -len(key)], name, at)
        for at, word in enumerate(name)
        for key in word
        if len(key) >= _TOO_SHORT and (letters.startswith(key) or letters.endswith(key))
    )


def without(name: Name, text: str) -> Name:
    """A name without the words of a text, such as those of the body that somebody works for."""
    keys = {key for word in re.split(r"\W+", text) if (key := name_key(word))}
    return tuple(word for word in name if not word & keys)


def _fits(rest: str, name: Name, at: int) -> bool:
    """Whether what an address has beside a family name can be of the given names: these, or initials."""
    given = [key for place, word in enumerate(name) if place != at for key in word]
    if not rest or not given:
        return len(rest) < _GIVEN
    return any(_alike(rest, key) or (len(rest) <= _GIVEN and rest[0] == key[0]) for key in given)


def _alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _shared(one: Name, other: Name) -> set[int]:
    """The places of the words of one that the other has too, also where it writes two of them as one."""
    theirs = {key for word in other for key in word if _is_whole(key)}
    theirs |= {key for pair in pairwise(other) for key in _joined(*pair)}
    found = {at for at, word in enumerate(one) if any(_is_whole(key) and key in theirs for key in word)}
    for at, pair in enumerate(pairwise(one)):
        if theirs.intersection(_joined(*pair)):
            found |= {at, at + 1}
    return found


def _joined(first: Word, second: Word) -> Iterator[str]:
    return (a + b for a in first for b in second)


def _is_whole(key: str) -> bool:
    """An initial is no name by itself. One character of Han is."""
    return len(key) > 1 or not key.isascii()


def _each(found: Iterable[Sequence[str]]) -> tuple[Name, ...]:
    return tuple(dict.fromkeys(name for words in found if (name := _name(words))))


def _name(words: Sequence[str]) -> Name:
    """The words as a name: "de la" goes with what follows it."""
    joins, found, before = _ranks().joins, [], ""
    for word in words:
        key = name_key(word)
        if key in joins:
            before += key
        elif key:
            parts = {name_key(part) for part in re.split(r"[-‐‑–]", word)} - {""}
            found.append(frozenset({key, before + key, *(parts if len(parts) > 1 else ())}))
            before = ""
    if before:
        found.append(frozenset({before}))
    return tuple(found)


def _pieces(text: str) -> list[str]:
    """The parts of a text that may each hold a name: "Okafor, Amara" in one, given name first."""
    found: list[str] = []
    for piece in _PIECES.split(_LED.sub("", text)):
        parts = [part.strip() for part in piece.split(",") if _words(part)]
        while parts:
            part, *after = parts
            parts = after
            if after and len(_leading_off(_words(part))) == 1 and (turned := _given(after[0])):
                found.append(f"{after[0]} {part}")
                parts = after[1:]
                if turned == "perhaps":
                    found += [part, after[0]]
            else:
                found.append(part)
    ranks = _ranks().before | _ranks().after
    named = [one for one in found if not all(name_key(word) in ranks for word in _words(one))]
    return named or found


def _given(part: str) -> str:
    """Whether what follows a comma is given names: "surely", "perhaps" (a rank may begin another person) or ""."""
    words, ranks = [name_key(word) for word in _words(part)], _ranks()
    bare = [word for word in words if word not in ranks.before]
    if not 0 < len(bare) <= _GIVEN or any(word in ranks.about or word in ranks.after for word in bare):
        return ""
    return "surely" if len(bare) == len(words) else "perhaps"


def _words(text: str) -> list[str]:
    """The words of a text that can be of a name: none with a figure; "A.J." is two."""
    found = (word.strip(".'’‘\"“”") for word in re.split(r"[\s.,*]+", text))
    return [word.removesuffix("’s").removesuffix("'s") for word in found if word and not any(map(str.isdigit, word))]


def _leading_off(words: list[str]) -> list[str]:
    """Without the ranks before a name. The last word is kept: "PC Constable"."""
    at = 0
    while at < len(words) - 1 and name_key(words[at]) in _ranks().before:
        at += 1
    return words[at:]


def _bare(piece: str) -> Iterator[list[str]]:
    """The words of a name without ranks before it; and without honours after it, which some people are called by."""
    words = _leading_off(_words(piece))
    yield words
    end = len(words)
    while end > 1 and name_key(words[end - 1]) in _ranks().after:
        end -= 1
    yield words[:end]


def _runs(piece: str) -> Iterator[list[str]]:
    """The names within prose: runs of words that are no ranks and not said about somebody.

    Where some words have capitals, the others are none; where none has, each of many may be.
    """
    words, ranks = _words(piece), _ranks()
    said = [name_key(word) in ranks.before | ranks.after | ranks.about for word in words]
    capitals = any(not no and not word[0].islower() for word, no in zip(words, said, strict=True))
    run: list[str] = []
    for word, no in zip(words, said, strict=True):
        small = capitals and word[0].islower() and name_key(word) not in ranks.joins
        if not no and not small:
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run
    alone = [word for word, no in zip(words, said, strict=True) if not no]
    if not capitals and len(alone) >= _SAID:
        yield from ([word] for word in alone)
