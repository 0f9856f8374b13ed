"""Which days are working days, in each part of the United Kingdom. See resources/calendars for the data."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from desktop.policy.calendarfiles import NATIONS, CalendarError, Events, dump, read_events
from resources import resource

__all__ = [
    "ANY_PART",
    "NATIONS",
    "NONE",
    "Calendar",
    "CalendarError",
    "Calendars",
    "Holiday",
    "Joined",
    "join",
    "load_calendars",
]

ANY_PART = "uk-any-part"
NONE = "none"
_WEEKEND = frozenset({5, 6})
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


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


class Calendars(Mapping[str, Calendar]):
    """The calendars by id, and the file of bank holidays that they are made from."""

    def __init__(self, text: str, events: Events, first: date, last: date) -> None:
        self.text = text
        self.replaced_by = 0
        """The number in the store of the calendar that these are; 0 for the shipped one."""
        self._by_id = _made(events, first, last)

    def __getitem__(self, key: str) -> Calendar:
        return self._by_id[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    @property
    def first(self) -> date:
        """The first day whose bank holidays are known."""
        return self._by_id[ANY_PART].first

    @property
    def last(self) -> date:
        """The last day whose bank holidays are known."""
        return self._by_id[ANY_PART].last

    def put(self, other: Calendars, number: int) -> None:
        """Takes over another file's days, as the store has them under this number."""
        self.text, self._by_id, self.replaced_by = other.text, other._by_id, number


def load_calendars(text: str | None = None) -> Calendars:
    """The shipped calendars by id, or those in ``text`` (GOV.UK's bank-holidays.json). Raises CalendarError.

    Besides each division there are "uk-any-part", where a holiday in any division counts, and "none".
    """
    if text is None:
        about = tomllib.loads(resource("calendars", "calendars.toml").read_text("utf-8"))
        text = resource("calendars", "bank-holidays.json").read_text("utf-8")
        return Calendars(text, read_events(text), about["first"], about["last"])
    events = read_events(text)
    first = max(min(one.on for one in found).year for found in events.values())
    last = min(max(one.on for one in found).year for found in events.values())
    if last < first:
        raise CalendarError("the file", "", "its nations have no year in common.")
    return Calendars(text, events, date(first, 1, 1), date(last, 12, 31))


@dataclass(frozen=True, slots=True)
class Joined:
    """A file of bank holidays joined with those in force."""

    calendars: Calendars
    years: tuple[int, int]
    """The first and the last year that the file says; other years stay as they were."""
    warnings: tuple[str, ...]


def join(before: Calendars, content: str | bytes, name: str) -> Joined:
    """What is in force, with the years of a newer file in place of its own. Raises CalendarError, naming the file.

    GOV.UK's file has the last few years and the next: a year that it does not have stays as it was.
    """
    new = read_events(content, name)
    years = {key: {one.on.year for one in events} for key, events in new.items()}
    first, last = (pick(year for found in years.values() for year in found) for pick in (min, max))
    for key, found in years.items():
        if missing := sorted(set(range(first, last + 1)) - found):
            raise CalendarError(name, NATIONS[key], f"there is no bank holiday in {missing[0]}.")
    if first > before.last.year + 1 or last < before.first.year - 1:
        raise CalendarError(name, "", f"between its years and those known there is a gap; known to {before.last.year}.")
    events: Events = {}
    warnings: list[str] = []
    for key, was in read_events(before.text).items():
        events[key] = sorted(
            (*(one for one in was if not first <= one.on.year <= last), *new[key]), key=lambda one: one.on
        )
        for year in sorted({one.on.year for one in was if first <= one.on.year <= last}):
            counts = [sum(one.on.year == year for one in some) for some in (was, new[key])]
            if counts[1] < counts[0]:
                said = f"{counts[1]} in the file, {counts[0]} now"
                warnings.append(f"Bank holidays of {NATIONS[key]} in {year}: {said}.")
    if last < before.last.year:
        warnings.append(f"The file ends with {last}. The years after it, to {before.last.year}, stay as they are.")
    return Joined(load_calendars(dump(events)), (first, last), tuple(warnings))


def _made(events: Events, first: date, last: date) -> dict[str, Calendar]:
    divisions: dict[str, dict[date, tuple[Holiday, ...]]] = {}
    for key, found in events.items():
        days = divisions.setdefault(key, {})
        for one in found:
            days[one.on] = (*days.get(one.on, ()), Holiday(one.title, (NATIONS[key],)))
    made = {ANY_PART: Calendar(ANY_PART, _joined(divisions.values()), first, last)}
    for key, days in divisions.items():
        made[key] = Calendar(key, days, first, last)
    made[NONE] = Calendar(NONE, {}, date.min, date.max)
    return made


def _joined(divisions: Iterable[Mapping[date, tuple[Holiday, ...]]]) -> dict[date, tuple[Holiday, ...]]:
    """Every division's holidays; one that several have by the same name is one, with all their nations."""
    named: dict[date, dict[str, tuple[str, ...]]] = {}
    for days in divisions:
        for on, holidays in days.items():
            for one in holidays:
                names = named.setdefault(on, {})
                names[one.name] = names.get(one.name, ()) + one.nations
    return {on: tuple(Holiday(name, nations) for name, nations in named[on].items()) for on in sorted(named)}
