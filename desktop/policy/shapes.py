"""What can be kept of an answer: values of the shape that the form makes, in text that is safe to show and print.

Whatever passes here is kept exactly as typed: right-to-left marks, zero-width joiners, quotes, markup and leading
signs are text like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from db.records import Json
from desktop.policy.dates import Part

if TYPE_CHECKING:
    from desktop.policy.agreements import Field

SHORT = 200
LONG = 10_000
"""Characters of a one-line and of a many-line text, where the agreement sets no limit of its own."""
MOST_ENTRIES = 200
_BOX = 40
"""Characters of one box of a date, of an option's key, or of a postcode."""
_DAMAGED = "This answer is not in the shape that the form needs. Enter it again."
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_BAD_IN_LINE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about one field, in words that say what to do. A hard one stops the submission."""

    field: str
    message: str
    hard: bool
    missing: bool = False
    """Nothing was answered yet: show it when the answers are checked, not before."""
    part: Part | None = None
    """The box of a date that is wrong, where it is one alone."""


def check_text(key: str, text: str, *, most: int = LONG, lines: bool = True) -> tuple[Problem, ...]:
    """What keeps a text from being kept: too many characters, or one that hides or breaks things."""
    if len(text) > most:
        message = f"This is {len(text):,} characters long. The most is {most:,}: shorten it."
        return (Problem(key, message, hard=True),)
    found = (_BAD if lines else _BAD_IN_LINE).search(text)
    if found is None:
        return ()
    return (Problem(key, _character(found.group(), found.start() + 1), hard=True),)


def _character(bad: str, number: int) -> str:
    if bad in "\n\r\t":
        return f"Character {number} is a line break or a tab. Put it all on one line."
    if "\ud800" <= bad <= "\udfff":
        return f"Character {number} is broken: only half of it is there. Delete it, or type this again."
    if bad >= "\u202a":
        return f"Character {number} is a hidden mark that turns the order of the text. Delete it, or type this again."
    return f"Character {number} is a hidden control character. Delete it, or type this again."


def is_empty(value: Json) -> bool:
    """Whether nothing was answered. "Part not known" is an answer."""
    if value is None or value is False:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(is_empty(part) for part in value.values())
    if isinstance(value, list | tuple):
        return all(is_empty(one) for one in value)
    return False


def check_storable(field: Field, value: Json) -> tuple[Problem, ...]:
    """What keeps an answer from being kept at all; everything else is kept as typed, right or wrong."""
    if value is None:
        return ()
    try:
        for text, most, lines in _texts(field, value):
            found = check_text(field.key, text, most=most, lines=lines)
            if found:
                return found
    except _DamagedError as error:
        return (Problem(field.key, str(error) or _DAMAGED, hard=True),)
    return ()


class _DamagedError(ValueError):
    """A value of another shape than its field's."""


def _texts(field: Field, value: Json) -> Iterator[tuple[str, int, bool]]:
    """Every text in the value, with the most characters it may have and whether it may have lines."""
    most = field.max_length
    match field.kind:
        case "tick":
            if not isinstance(value, bool):
                raise _DamagedError
        case "lines":
            yield _text(value), most or LONG, True
        case "choices" | "items":
            yield from ((_text(one), SHORT, False) for one in _entries(value))
        case "names" | "sources" | "corrections":
            for row in _entries(value):
                yield from _row(_ROWS[field.kind], row, most)
        case "date" | "partial_date" | "address" | "criterion":
            yield from _row(_ROWS[field.kind], value, most)
        case _:
            yield _text(value), most or SHORT, False


_Part = Literal["box", "short", "line", "lines", "tick", "list"]
_ROWS: Mapping[str, Mapping[str, _Part]] = {
    "date": {"day": "box", "month": "box", "year": "box"},
    "partial_date": {"day": "box", "month": "box", "year": "box", "unknown": "tick"},
    "names": {"name": "line", "kind": "box"},
    "address": {"lines": "lines", "postcode": "box"},
    "sources": {"source": "short", "on": "short", "result": "lines"},
    "corrections": {"item": "short", "finding": "box", "right": "lines"},
    "criterion": {"answer": "box", "reasons": "lines", "evidence": "list"},
}
"""The parts of values that are tables. The agreement's own limit is for "line" and "lines"."""


def _row(known: Mapping[str, _Part], value: Json, most: int) -> Iterator[tuple[str, int, bool]]:
    if not isinstance(value, Mapping) or any(key not in known for key in value):
        raise _DamagedError
    limits = {"box": _BOX, "short": SHORT, "line": most or SHORT, "lines": most or LONG}
    for key, part in value.items():
        kind = known[key]
        if kind == "tick":
            if not isinstance(part, bool):
                raise _DamagedError
        elif kind == "list":
            yield from ((_text(one), SHORT, False) for one in _entries(part))
        else:
            yield _text(part), limits[kind], kind == "lines"


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise _DamagedError
    return value


def _entries(value: Json) -> list[Json] | tuple[Json, ...]:
    if not isinstance(value, list | tuple):
        raise _DamagedError
    if len(value) > MOST_ENTRIES:
        raise _DamagedError(f"There are {len(value):,} entries. The most is {MOST_ENTRIES}: take some out.")
    return value
