"""Which days are working days, in each part of the United Kingdom. See resources/calendars for the data."""

from __future__ import annotations

import json
import tomllib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from resources import resource

NATIONS = {
    "england-and-wales": "England and Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
}
"""The divisions of GOV.UK's bank-holidays.json, and their names."""
ANY_PART = "uk-any-part"
NONE = "none"
_WEEKEND = frozenset({5, 6})
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class CalendarError(ValueError):
    """A file of bank holidays that cannot be read, with what is wrong about it."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A bank holiday, and the nations in which it is one."""

    name: str
    nations: tuple[str, ...]

    @property
    def words(self) -> str:
        """Such as "Good Friday (whole UK)" or "Easter Monday (England and Wales, Northern Ireland)"."""
        where = "whole UK" if len(self.nations) == len(NATIONS) else ", ".join(self.nations)
        return f"{self.name} ({where})" if where else self.name


@dataclass(frozen=True)
class Calendar:
    """Bank holidays by day, known from ``first`` to ``last``. Outside, only weekends are known."""

    id: str
    holidays: Mapping[date, tuple[Holiday, ...]]
    first: date
    last: date
    weekend: frozenset[int] = _WEEKEND
    """Days of the week that do not work; Monday is 0."""
    _off: frozenset[int] = field(init=False, repr=False, compare=False)
    _off_in_order: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Ordinals of the holidays that fall on days which would otherwise work: what every count asks for.
        off = frozenset(on.toordinal() for on in self.holidays if on.weekday() not in self.weekend)
        object.__setattr__(self, "_off", off)
        object.__setattr__(self, "_off_in_order", tuple(sorted(off)))

    def is_working(self, on: date) -> bool:
        """Whether the day is neither of a weekend nor a bank holiday."""
        return on.weekday() not in self.weekend and on.toordinal() not in self._off

    def works(self, ordinal: int) -> bool:
        """The same for a proleptic ordinal (``date.toordinal``), for counts that must be fast."""
        return (ordinal - 1) % 7 not in self.weekend and ordinal not in self._off

    def reason(self, on: date) -> str:
        """Why the day does not count: "Saturday", "Sunday", the holiday's name; "" for a working day."""
        if on.weekday() in self.weekend:
            return _DAYS[on.weekday()]
        return " and ".join(one.name for one in self.holidays.get(on, ()))

    def covers(self, *days: date) -> bool:
        """Whether the bank holidays of all these days are known."""
        return all(self.first <= on <= self.last for on in days)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; negative where the end comes first."""
        if end < start:
            return -self.working_days_between(end, start)
        low, high = start.toordinal(), end.toordinal()
        weeks, rest = divmod(high - low, 7)
        days = weeks * (7 - len(self.weekend))
        days += sum((ordinal - 1) % 7 not in self.weekend for ordinal in range(high - rest + 1, high + 1))
        return days - bisect_right(self._off_in_order, high) + bisect_right(self._off_in_order, low)


def load_calendars(text: str | None = None) -> Mapping[str, Calendar]:
    """The shipped calendars by id, or those in ``text`` (GOV.UK's bank-holidays.json). Raises CalendarError.

    Besides each division there are "uk-any-part", where a holiday in any division counts, and "none".
    """
    if text is None:
        about = tomllib.loads(resource("calendars", "calendars.toml").read_text("utf-8"))
        divisions = _divisions(resource("calendars", "bank-holidays.json").read_text("utf-8"))
        first, last = about["first"], about["last"]
    else:
        divisions = _divisions(text)
        first = date(max(min(days).year for days in divisions.values()), 1, 1)
        last = date(min(max(days).year for days in divisions.values()), 12, 31)
    found = {ANY_PART: Calendar(ANY_PART, _joined(divisions.values()), first, last)}
    for key, days in divisions.items():
        found[key] = Calendar(key, days, first, last)
    found[NONE] = Calendar(NONE, {}, date.min, date.max)
    return found


def _divisions(text: str) -> dict[str, dict[date, tuple[Holiday, ...]]]:
    try:
        data: Any = json.loads(text)
        return {key: _days(data[key]["events"], nation) for key, nation in NATIONS.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CalendarError(f"This is not a file of bank holidays as GOV.UK publishes them: {error}.") from error


def _days(events: Sequence[Mapping[str, str]], nation: str) -> dict[date, tuple[Holiday, ...]]:
    found: dict[date, tuple[Holiday, ...]] = {}
    for event in events:
        on = date.fromisoformat(event["date"])
        found[on] = (*found.get(on, ()), Holiday(str(event["title"]), (nation,)))
    if not found:
        raise ValueError(f"there is no bank holiday for {nation}")
    return found


def _joined(divisions: Any) -> dict[date, tuple[Holiday, ...]]:
    """Every division's holidays; one that several have by the same name is one, with all their nations."""
    named: dict[date, dict[str, tuple[str, ...]]] = {}
    for days in divisions:
        for on, holidays in days.items():
            for one in holidays:
                names = named.setdefault(on, {})
                names[one.name] = names.get(one.name, ()) + one.nations
    return {on: tuple(Holiday(name, nations) for name, nations in named[on].items()) for on in sorted(named)}
