"""Days that are meant by a word: "last month" means others in July than in August."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

_APRIL: Final = 4


class Span(StrEnum):
    """What can be meant. What is not over yet ends today."""

    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"
    THIS_FINANCIAL_YEAR = "this_financial_year"
    LAST_FINANCIAL_YEAR = "last_financial_year"


SPAN_WORDS: Final[Mapping[Span, str]] = {one: one.value.replace("_", " ").capitalize() for one in Span}
"""Such as "Last financial year"."""


def span_days(span: Span, today: date) -> tuple[date, date]:
    """The first and the last day that are meant on a day. A financial year begins on 1 April."""
    which, unit = span.value.split("_", 1)
    first = _first(unit, today)
    if which == "this":
        return first, today
    last = first - timedelta(days=1)
    return _first(unit, last), last


def _first(unit: str, on: date) -> date:
    """The first day of the month, the quarter or the year in which a day is."""
    if unit == "month":
        return on.replace(day=1)
    if unit == "quarter":
        return date(on.year, on.month - (on.month - 1) % 3, 1)
    if unit == "year":
        return date(on.year, 1, 1)
    return date(on.year - (on.month < _APRIL), _APRIL, 1)
