"""The address block of a letter: who it goes to, and where, as it shows through an envelope's window.

The form is Royal Mail's (Clear addressing, "How to address your mail"): a line for each part, nothing at the ends of
lines, the postcode on a line of its own at the end in capitals; abroad, the country in English in capitals after it;
for the forces, their post office's number after the postcode. Which line is which is read by ``PostalAddress``.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop.policy.addresses import (
    UNITED_KINGDOM,
    PostalAddress,
    country_of,
    format_postcode,
    normalise_postcode,
    tidy_lines,
)
from desktop.policy.identifiers import postcode_looks_right
from desktop.policy.wording import fewer_lines

WINDOW_LINES = 6
"""As many lines as show through a window wherever the sheet lies in its envelope: ``desktop.letters.window``."""


def address_block(heads: Sequence[str], lines: str, postcode: str) -> tuple[str, ...]:
    """The lines of the block: `heads` (a person, a unit, a body), then the address with its postcode.

    No line is blank or there twice. Where there are more than show through the window, short neighbours share a line;
    the first line and the last two or three, by which the letter is sorted, stay as they are.
    """
    place, end = _place(lines, postcode)
    every = [line.rstrip(" ,.;:") for line in (*tidy_lines("\n".join(heads)), *place) if _key(line)]
    first, known = every[:1], {_key(line) for line in (*every[:1], *end)}
    kept: list[str] = []
    for line in reversed(every[1:]):
        # Of two that say the same, the one that is nearer to the place finds it.
        if _key(line) not in known:
            kept.insert(0, line)
            known.add(_key(line))
    return (*fewer_lines((*first, *kept), WINDOW_LINES - len(end), kept=1), *end)


def same_line(typed: str, line: str) -> bool:
    """Whether somebody typed this line: capitals, spaces and punctuation do not matter."""
    return bool(_key(typed)) and _key(typed) == _key(line)


def _key(line: str) -> str:
    return "".join(c for c in line.casefold() if c.isalnum())


def _place(lines: str, postcode: str) -> tuple[list[str], list[str]]:
    """The address as it was typed in two boxes: what finds the place, and the lines at its end."""
    given = list(tidy_lines(lines))
    country = _countries_off(given)
    code = " ".join(postcode.split()).upper() if _key(postcode) else ""
    if given:
        town, found = _split(given.pop())
        given += [town] if town else []
        code = code or found
        if found and country in ([], [UNITED_KINGDOM]):
            # A country may stand before the postcode too.
            country = _countries_off(given) or country
    if _is_postcode(code):
        code = format_postcode(code)
    read = PostalAddress("\n".join([*given, code, *country]))
    end = [read.country.upper()] if read.international else []
    if read.bfpo_number is not None:
        end.insert(0, f"BFPO {read.bfpo_number}")
    place = list(read.lines[: -len(end)] if end else read.lines)
    if code and place and normalise_postcode(place[-1]) == normalise_postcode(code):
        end.insert(0, place.pop())
    return place, end


def _countries_off(given: list[str]) -> list[str]:
    """Takes the country off the end of an address; of the United Kingdom's, told however often, an island if any."""
    taken: list[str] = []
    while given and (country := country_of(given[-1])):
        abroad = PostalAddress(country).international
        if taken and abroad:
            break
        given.pop()
        if not taken or country != UNITED_KINGDOM:
            taken = [country]
        if abroad:
            break
    return taken


def _split(line: str) -> tuple[str, str]:
    """A line without the postcode that it ends in, and that: "Eastmoor", "EM1 2HQ"."""
    words = line.split(" ")
    for at in (-2, -1):
        code = " ".join(words[at:])
        if _is_postcode(code):
            return " ".join(words[:at]).rstrip(","), code
    return line, ""


def _is_postcode(text: str) -> bool:
    """Whether it is printed as one: a forces number is a line of its own kind."""
    return postcode_looks_right(text) and not normalise_postcode(text).startswith("BFPO")
