"""Dates as people type them: three boxes, each of which can be wrong alone, and parts that are not known."""

from __future__ import annotations

import calendar as months_of
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from db.records import Json

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""Not taken from the system, whose language may be another."""
FIRST_YEAR = 1850
LAST_YEAR = 2199
"""No date that the desk meets lies outside; a year that does is a slip of the fingers."""

Part = Literal["day", "month", "year"]
PARTS: tuple[Part, ...] = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as far as it is known. At least one part is."""

    year: int | None
    month: int | None
    day: int | None

    def whole(self) -> date | None:
        """The date, where every part is known."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)


def boxes(value: Json) -> dict[Part, str] | None:
    """The three boxes, trimmed; None where the value has another shape."""
    if not isinstance(value, Mapping):
        return None
    found: dict[Part, str] = {}
    for part in PARTS:
        text = value.get(part, "")
        if not isinstance(text, str):
            return None
        found[part] = text.strip()
    return found


def parse_partial_date(value: Json) -> PartialDate | None:
    """The date in the boxes; None where all are empty or any is wrong."""
    typed = boxes(value)
    if typed is None or not any(typed.values()) or any(wrong_boxes(typed)):
        return None
    return PartialDate(_number(typed["year"]), _month(typed["month"]), _number(typed["day"]))


def date_boxes(on: date) -> dict[str, Json]:
    """A day as it is typed into the boxes."""
    return {"day": str(on.day), "month": str(on.month), "year": str(on.year)}


def parse_date(value: Json) -> date | None:
    """The whole date in the boxes; None where a box is empty or wrong."""
    found = parse_partial_date(value)
    return found.whole() if found else None


def day_typed(text: str) -> date:
    """A day typed as 2017-05-18. Raises ValueError for anything else, such as 20170518 or 2017-W20-4."""
    return date.fromisoformat(text if text[4::3] == "--" else "")


def wrong_boxes(typed: Mapping[Part, str]) -> Iterator[tuple[Part, str]]:
    """Each box that is wrong, with what is wrong about it. An empty box is not wrong."""
    year, month, day = _number(typed["year"]), _month(typed["month"]), _number(typed["day"])
    if typed["day"] and day is None:
        yield "day", "Write the day as a number, such as 27."
    elif day is not None and not 1 <= day <= 31:
        yield "day", "Months have 28 to 31 days."
    elif day is not None and month is not None and 1 <= month <= 12:
        # Without a year, 29 February may be right.
        leap_or_known = year if year is not None and FIRST_YEAR <= year <= LAST_YEAR else 2000
        longest = months_of.monthrange(leap_or_known, month)[1]
        if day > longest:
            of_year = f" {year}" if month == 2 and year is not None else ""
            yield "day", f"{MONTHS[month - 1]}{of_year} has {longest} days."
    if typed["month"] and month is None:
        yield "month", "Write the month as a number or a name, such as 6 or June."
    elif month is not None and not 1 <= month <= 12:
        yield "month", "A year has 12 months."
    if typed["year"] and (year is None or len(typed["year"]) != 4):
        yield "year", "Write the year with 4 figures, such as 1984."
    elif year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        yield "year", f"The year is outside {FIRST_YEAR} to {LAST_YEAR}."


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 4 else None


def _month(text: str) -> int | None:
    number = _number(text)
    if number is not None or len(text) < 3:
        return number
    named = [n for n, name in enumerate(MONTHS, 1) if name.casefold().startswith(text.casefold().rstrip("."))]
    return named[0] if len(named) == 1 else None
