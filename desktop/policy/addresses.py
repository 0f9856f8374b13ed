"""Postal addresses as a letter carries them: lines in order, postcode and country told apart.

The rules are those of GOV.UK Notify (alphagov/notifications-utils, recipient_validation/postal_address.py and
postcode.py): three to seven lines, the last a United Kingdom postcode, or a country where letters go abroad; a British
Forces Post Office number after its postcode; no line that begins with a mark which sorting machines misread.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from functools import cache

from desktop.policy.identifiers import POSTCODE_AREAS
from resources import resource

LEAST_LINES = 3
MOST_LINES = 7
UNITED_KINGDOM = "United Kingdom"
_BAD_BEGINNINGS = frozenset('[]()@<>",/\\~=')
_NOWHERE = re.compile(r"n\W*f\W*a\W*|.*\bno\s+fixed\s+(abode|address)\b.*", re.IGNORECASE)
_BFPO = re.compile(r"b\W*f\W*p\W*o\W*(c\s*/\s*o)?\W*(?P<number>[0-9]{1,4})?\W*", re.IGNORECASE)
_REAL = re.compile(
    # A9, A99, A9A, AA9, AA99 and AA9A; the last two letters are never C, I, K, M, O or V.
    r"(?P<area>[A-Z]{1,2})([0-9][0-9]?|[0-9][A-Z])[0-9][ABD-HJLNP-UW-Z]{2}"
)


def normalise_postcode(text: str) -> str:
    """A postcode in capitals without spaces, and without whatever else people put between."""
    return "".join(c for c in text.upper() if c.isalnum())


def is_real_postcode(text: str) -> bool:
    """Whether it has the shape and the area of a United Kingdom postcode, those of the forces included.

    Spaces and capitals do not matter. GIR 0AA, which stands in the official list of shapes, was a bank's, and no place.
    """
    if not re.fullmatch(r"[A-Za-z0-9\s]*", text):
        return False
    found = _REAL.fullmatch(normalise_postcode(text))
    return found is not None and found["area"] in POSTCODE_AREAS


def format_postcode(text: str) -> str:
    """A postcode as it is printed: capitals, and one space before the last three characters."""
    postcode = normalise_postcode(text)
    return f"{postcode[:-3]} {postcode[-3:]}" if len(postcode) > 3 else postcode


@cache
def _countries() -> dict[str, str]:
    """What a line may say to what it means: the country's own name in English."""
    table = tomllib.loads(resource("addresses", "countries.toml").read_text("utf-8"))
    found = {_key(name): UNITED_KINGDOM for name in (UNITED_KINGDOM, *table["united_kingdom"]["also"])}
    found |= {_key(name): name for name in table["islands"]["names"]}
    for name, also in table["abroad"].items():
        found |= {_key(one): name for one in (name, *also)}
    return found


@cache
def _here() -> frozenset[str]:
    table = tomllib.loads(resource("addresses", "countries.toml").read_text("utf-8"))
    return frozenset({UNITED_KINGDOM, *table["islands"]["names"]})


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    words = "".join(c for c in plain if c.isalnum() or c.isspace()).split()
    return "".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def country_of(line: str) -> str | None:
    """The country that a line names, in English, or None."""
    return _countries().get(_key(line)) if _key(line) else None


def tidy_lines(text: str) -> tuple[str, ...]:
    """The lines of a text that say something, each with single spaces and commas, and none at its end."""
    spaced = (re.sub(r"\s+([,.])", r"\1", " ".join(line.split())) for line in text.splitlines())
    lines = (re.sub(r",+", ",", line).rstrip(",").rstrip() for line in spaced)
    return tuple(line for line in lines if line)


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """An address as it was typed, a line each. ``abroad``: whether letters may go to another country."""

    raw: str
    abroad: bool = False
    _body: tuple[str, ...] = field(init=False)
    postcode: str | None = field(init=False)
    """As it is printed; None where there is none, or where the address is abroad."""
    country: str = field(init=False)
    """In English; the United Kingdom where no line says otherwise."""
    bfpo_number: int | None = field(init=False)

    def __post_init__(self) -> None:
        """Reads the lines from the last to the first."""
        lines = list(tidy_lines(self.raw))
        country = country_of(lines[-1]) if lines else None
        if country is not None:
            lines.pop()
        numbers = [found for line in lines if (found := _BFPO.fullmatch(line))]
        lines = [line for line in lines if not _BFPO.fullmatch(line)]
        postcode = None
        if lines and is_real_postcode(lines[-1]) and (country is None or country in _here()):
            postcode = format_postcode(lines.pop())
        island = country if country is not None and country != UNITED_KINGDOM and country in _here() else None
        number = next((int(one["number"]) for one in numbers if one["number"]), None)
        # An island's name helps whoever sorts the letter; that of a nation of the United Kingdom does not.
        object.__setattr__(self, "_body", (*lines, island) if island else tuple(lines))
        object.__setattr__(self, "postcode", postcode)
        object.__setattr__(self, "country", country or UNITED_KINGDOM)
        object.__setattr__(self, "bfpo_number", number)

    @property
    def international(self) -> bool:
        """Whether its last line names a country with a post of its own."""
        return self.country not in _here()

    @property
    def lines(self) -> tuple[str, ...]:
        """As it is printed: the postcode last, a forces number after it, or the country where it is abroad."""
        end = (self.postcode, f"BFPO {self.bfpo_number}" if self.bfpo_number is not None else None)
        country = (self.country,) if self.international else ()
        return (*self._body, *(one for one in end if one), *country)

    @property
    def has_enough_lines(self) -> bool:
        """Whether someone could be found by it."""
        return len(self.lines) >= LEAST_LINES

    @property
    def has_too_many_lines(self) -> bool:
        """Whether an envelope's window would cut it."""
        return len(self.lines) > MOST_LINES

    @property
    def has_bad_beginning(self) -> bool:
        """Whether a line begins with a mark that sorting machines misread."""
        return any(line[0] in _BAD_BEGINNINGS for line in self.lines)

    @property
    def is_nowhere(self) -> bool:
        """Whether it says that the person has no fixed abode."""
        return any(_NOWHERE.fullmatch(line) for line in self.lines)

    @property
    def valid(self) -> bool:
        """Whether a letter can be sent to it."""
        if self.international:
            last_line = self.abroad and self.bfpo_number is None
        else:
            last_line = self.postcode is not None or self.bfpo_number is not None
        wrong = self.has_too_many_lines or self.has_bad_beginning or self.is_nowhere
        # A forces number stands for a place.
        enough = self.has_enough_lines or (self.bfpo_number is not None and len(self.lines) > 1)
        return last_line and enough and not wrong
