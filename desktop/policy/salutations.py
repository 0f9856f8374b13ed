"""Whom a letter greets: a rank or title with the family name, as the name itself says which part that is."""

from __future__ import annotations

import re

_TITLES = frozenset("mr mrs ms miss mx dr prof professor rev reverend judge".split())
_BY_GIVEN_NAME = frozenset({"sir", "dame"})
_AFTER_NAMES = frozenset(
    "jr jnr sr snr esq ii iii iv obe mbe cbe kbe dbe qpm kpm gm kc qc jp dl phd md ba bsc ma msc llb llm mp".split()
)
"""Honours, degrees and the like that stand after a name and are no part of it in a greeting."""
_PARTICLES = frozenset("van von der den de del della di du la le ap ab ferch st bin bint binti ibn el".split())
_SMALL_PARTICLES = frozenset("da das dos do al ben mac ter ten zu zum af av y e".split())
"""Parts of a family name only where they are written small: "Ben" is also a given name."""


def greeting(grade: str, name: str) -> str:
    """Whom to greet, without "Dear": "Detective Sergeant van den Berg", "Dr Okafor", "Dame Ruth", "Sam Northcott".

    `grade` is a rank, or "". A job title without a name greets nobody: then "colleague".
    """
    words = _bare(name)
    lead = " ".join(grade.split())
    if lead and [word.casefold() for word in words[: len(lead.split())]] == lead.casefold().split():
        words = words[len(lead.split()) :]
    title = words[0].rstrip(".") if len(words) > 1 else ""
    if title.casefold() in _BY_GIVEN_NAME:
        return f"{title} {words[1]}" if len(words) > 2 else " ".join(words)
    if title.casefold() in _TITLES:
        return f"{lead or title} {_family(words[1:])}"
    if not words:
        return "colleague"
    return f"{lead} {_family(words)}" if lead else " ".join(words)


def _bare(name: str) -> list[str]:
    """The words of a name in speaking order: "Marsden, Colin" turned round, "(she/her)" and honours left out."""
    plain = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", name)
    before, *after = [part.split() for part in plain.split(",")]
    after = [words for words in after if words and not all(_is_honour(word) for word in words)]
    words = [*(after[0] if after else []), *before]
    while len(words) > 1 and _is_honour(words[-1]):
        words.pop()
    return words


def _is_honour(word: str) -> bool:
    return word.replace(".", "").casefold() in _AFTER_NAMES


def _family(words: list[str]) -> str:
    """The family name: the last word with the particles before it. A first word in capitals is a given name."""
    at = len(words) - 1
    while at > 0 and (at > 1 or words[0].islower()) and _is_particle(words[at - 1]):
        at -= 1
    return " ".join(words[at:])


def _is_particle(word: str) -> bool:
    return word.casefold().rstrip(".") in _PARTICLES or word in _SMALL_PARTICLES
