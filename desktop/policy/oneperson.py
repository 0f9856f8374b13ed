"""One request, one person: a name field that holds a list of people is told from one that holds an unusual name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

MORE_THAN_ONE = (
    "This looks like more than one person. A request is about one: keep one here, and register the others as requests "
    "of their own, or import them as a list."
)
PERHAPS_MORE = (
    "This may be more than one person’s name. If it is, keep one here and register the others as requests of their own."
)
Several = Literal["no", "perhaps", "surely"]

_BREAKS = re.compile(r"[;\n|]")
_JOINED = re.compile(r"\s(&|\+|and)\s", re.IGNORECASE)
_SLASHED = re.compile(r"\s*/\s*")
_OTHERS = re.compile(
    r"\bet al\b|\b(?:and|&|plus|\+)\s*(?:\d+\s+)?others?\b"
    r"|\b\d+\s+(?:people|persons|individuals|men|women|children|others)\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(r"[0-9()<>{}\[\]\"=*\\]")
"""What no name has: a text with it is odd, and not a list of people."""
_NUMBERED = re.compile(r"(?:^|\s)\(?[1-9][0-9]?[.)]\s*\w")
_AFTER = frozenset("jr sr junior senior ii iii iv esq obe mbe cbe phd md kc qc jnr snr".split())
"""What stands after a comma and belongs to the same name."""
_PARTICLES = frozenset(
    "al ap ben bin bint binti da dal de degli del della den der di do dos du e el ibn la las le los op san st te ten "
    "ter und van vom von y zu zum zur".split()
)
"""Words of a family name that are no name by themselves."""
_LISTED = 3


def names_several(text: str) -> Several:
    """Whether a field for one name holds several people's. Only what no one person is called is "surely": a lawful
    name is never barred.

    Surely: parted by semicolons, lines or bars; numbered; "and others"; joined by "and" or "&" with a given and a
    family name on each side; three or more such names parted by commas. Perhaps: two of them, which may be a family
    name before its given names; single words joined by "and", or three and more of them parted by commas.
    """
    if _OTHERS.search(text) or len(_NUMBERED.findall(text)) > 1 or _all_names(_BREAKS.split(text), 1):
        return "surely"
    joined, listed = _JOINED.split(text), text.split(",")
    if len(listed) >= _LISTED and _all_names(listed, 2):
        return "surely"
    if len(joined) > 1 and (_all_names(joined[::2], 2) or _all_names(_mixed(joined), 2)):
        return "surely"
    if any(mark in ("&", "+") for mark in joined[1::2]) and _all_names(joined[::2], 1):
        return "surely"
    alone = [part for part in listed if _words(part)]
    if _all_names(joined[::2], 1) or len(alone) >= _LISTED or _all_names(alone, 2):
        return "perhaps"
    return "perhaps" if _all_names(_SLASHED.split(text), 2) else "no"


def _mixed(joined: Sequence[str]) -> list[str]:
    """The parts of "A B, C D and E F"."""
    return [part for one in joined[::2] for part in one.split(",") if part.strip()]


def _all_names(parts: Sequence[str], words: int) -> bool:
    """Whether there are several parts, and each is a name of at least so many words."""
    named = [part for part in parts if part.strip()]
    return len(named) > 1 and all(len(_words(part)) >= words and not _NO_NAME.search(part) for part in named)


def _words(part: str) -> list[str]:
    """The words of a part that are names: not particles, initials' dots or what stands after a name."""
    found = [word.strip(".'’()-").casefold() for word in part.split()]
    return [word for word in found if any(c.isalpha() for c in word) and word not in _PARTICLES and word not in _AFTER]
