"""One request, one person: a name field that holds a list of people is told from one that holds an unusual name."""

from __future__ import annotations

import re

MORE_THAN_ONE = (
    "This looks like more than one person. A request is about one: keep one here, and register the others as requests "
    "of their own, or import them as a list."
)

_BREAKS = re.compile(r"[;\n|]|\s&\s|\s\+\s|\s(?:and|AND|And)\s")
_OTHERS = re.compile(
    r"\bet al\b|\b(?:and|&|plus|\+)\s*(?:\d+\s+)?others?\b"
    r"|\b\d+\s+(?:people|persons|individuals|men|women|children|others)\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(r"[0-9()<>{}\[\]\"=*\\]")
"""What no name has: a text with it is odd, and not a list of people."""
_NUMBERED = re.compile(r"(?:^|\s)\(?[1-9][0-9]?[.)]\s*\w")
_AFTER = frozenset(
    {
        "jr",
        "sr",
        "junior",
        "senior",
        "ii",
        "iii",
        "iv",
        "esq",
        "obe",
        "mbe",
        "cbe",
        "phd",
        "md",
        "kc",
        "qc",
        "jnr",
        "snr",
    }
)
"""What stands after a comma and belongs to the same name."""


def names_several(text: str) -> bool:
    """Whether a field for one name holds several people's. A doubtful case is one person: a lawful name is not barred.

    Semicolons, "and", "&" and "and 3 others" part people; so does a comma where each side has a given name and a
    family name of its own. Particles (de la, bin, van der) are no names of their own.
    """
    if _OTHERS.search(text) or len(_NUMBERED.findall(text)) > 1:
        return True
    parts = [part for part in _BREAKS.split(text) if part.strip()]
    if len(parts) > 1 and all(_words(part) and not _NO_NAME.search(part) for part in parts):
        return True
    listed = [part for part in text.split(",") if _words(part)]
    return len(listed) > 1 and all(len(_words(part)) > 1 for part in listed)


def _words(part: str) -> list[str]:
    """The words of a part that are names: not particles, initials' dots or what stands after a name."""
    found = [word.strip(".'’()-") for word in part.split()]
    return [
        word
        for word in found
        if any(c.isalpha() for c in word) and not word.islower() and word.casefold() not in _AFTER
    ]
