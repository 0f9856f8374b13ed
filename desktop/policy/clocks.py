"""Due dates, and the ledger that explains each. Pure functions.

Receipt is day 0 in Europe/London whatever weekday it is; day 1 is the next working day (Freedom of Information Act
2000, section 10(1) and (6)). Months go to the corresponding date, else the month's last day, then forward to a working
day (Information Commissioner's Office, right of access). The days of a pause, from the day after the asking to the day
of the answer, are disregarded; what is due is recomputed from receipt, never from a rolled date.
"""

from __future__ import annotations

import calendar as months_of
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from db.records import Pause
from desktop.policy.calendars import NONE, Calendar, Holiday
from desktop.policy.wording import london, plural

if TYPE_CHECKING:
    from desktop.policy.agreements import ClockRule

Kind = Literal["received", "counted", "weekend", "holiday", "paused", "moved", "due"]
"""``moved``: the time was up, and the day is no working day."""
Unit = Literal["working_days", "months", "calendar_days"]
_DAY = timedelta(days=1)
_WORDS: dict[Unit, str] = {"working_days": "working day", "months": "month", "calendar_days": "day"}


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """One day from receipt to due: its number, or None and why it has none."""

    on: date
    count: int | None
    kind: Kind
    why: str
    holidays: tuple[Holiday, ...] = ()
    """The bank holidays of the day, also where it is paused."""


@dataclass(frozen=True, slots=True)
class Totals:
    """How a ledger adds up: ``days`` from the day after receipt to the due date is the sum of all the others."""

    days: int
    weekend: int
    holidays: int
    paused: int
    moved: int
    counted: int


@dataclass(frozen=True)
class Due:
    """A due date, and what it was worked out from."""

    due_on: date
    provisional: bool
    """Bank holidays are not known for all of its days, or a pause has not ended."""
    days_counted: int
    length: int
    unit: Unit
    received: date
    up_on: date
    """The day on which the time is up: ``due_on``, unless that rolled forward."""
    paused: tuple[tuple[date, date], ...]
    """First and last day of each stretch of days that are disregarded, in order."""
    calendar: Calendar = field(repr=False, compare=False)

    @cached_property
    def ledger(self) -> tuple[LedgerDay, ...]:
        """Every day from receipt to due. Made when it is first asked for: lists need only the date."""
        days = [LedgerDay(self.received, None, "received", "Received")]
        on, count = self.received, 0
        while on < self.due_on:
            on += _DAY
            counts = self._counts(on)
            count += counts
            days.append(self._day(on, count if counts else None))
        return tuple(days)

    @cached_property
    def totals(self) -> Totals:
        """How the ledger adds up."""
        kinds = [self._kind(one) for one in self.ledger[1:]]
        return Totals(
            days=len(kinds),
            weekend=kinds.count("weekend"),
            holidays=kinds.count("holiday"),
            paused=kinds.count("paused"),
            moved=kinds.count("moved"),
            counted=kinds.count("counted"),
        )

    def is_paused(self, on: date) -> bool:
        """Whether the day is disregarded."""
        return any(first <= on <= last for first, last in self.paused)

    def _counts(self, on: date) -> bool:
        if on > self.up_on or self.is_paused(on):
            return False
        return self.unit != "working_days" or self.calendar.is_working(on)

    @staticmethod
    def _kind(one: LedgerDay) -> Kind:
        """As the sum sees it: a due date is counted, unless it only rolled there."""
        if one.kind == "due":
            return "moved" if one.count is None else "counted"
        return one.kind

    def _day(self, on: date, count: int | None) -> LedgerDay:
        holidays = self.calendar.holidays.get(on, ())
        reason = self.calendar.reason(on)
        names = " and ".join(one.words for one in holidays) or reason
        if on == self.due_on:
            return LedgerDay(on, count, "due", "Due", holidays)
        if on > self.up_on:
            return LedgerDay(on, None, "moved", names or "Moved on", holidays)
        if count is not None:
            return LedgerDay(on, count, "counted", "", holidays)
        if self.is_paused(on):
            return LedgerDay(on, None, "paused", f"Paused: {names}" if reason else "Paused", holidays)
        weekend = on.weekday() in self.calendar.weekend
        return LedgerDay(on, None, "weekend" if weekend else "holiday", reason if weekend else names, holidays)


def due(
    rule: ClockRule,
    received: date | datetime,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    *,
    expedited: bool = False,
) -> Due:
    """The due date by an agreement's clock. A rule in calendar days rolls forward unless its calendar is "none"."""
    length = rule.expedited_length if expedited and rule.expedited_length else rule.length
    if rule.kind == "working_days":
        return working_days(received, length, calendar, pauses)
    if rule.kind == "months":
        return months(received, length, calendar, pauses)
    return calendar_days(received, length, calendar, pauses, roll=calendar.id != NONE)


def clock_words(rule: ClockRule) -> str:
    """Such as "20 working days" or "1 month"."""
    return plural(rule.length, _WORDS[rule.kind])


def received_date(received: date | datetime) -> date:
    """The day of receipt in Europe/London; a moment without a time zone is London's own time."""
    if isinstance(received, datetime):
        return london(received).date() if received.tzinfo else received.date()
    return received


def working_days(received: date | datetime, n: int, calendar: Calendar, pauses: Sequence[Pause] = ()) -> Due:
    """The n-th working day after receipt.

    A pause that has not ended is taken as ended when it began: the date is then the earliest, and provisional.
    """
    start = received_date(received)
    stretches = _stretches(start, pauses)
    gaps = [(first.toordinal(), last.toordinal()) for first, last in stretches]
    on, left = start.toordinal(), n
    while left > 0:
        on += 1
        if gaps and gaps[0][0] <= on:
            on = gaps.pop(0)[1]
        elif calendar.works(on):
            left -= 1
    due_on = date.fromordinal(on)
    known = calendar.covers(start, due_on) and not _lasts(pauses)
    within = tuple(one for one in stretches if one[0] <= due_on)
    return Due(due_on, not known, n, n, "working_days", start, due_on, within, calendar)


def months(received: date | datetime, n: int, calendar: Calendar, pauses: Sequence[Pause] = ()) -> Due:
    """So many calendar months after receipt, later by the days paused, then forward to a working day."""
    start = received_date(received)
    return _by_date(start, add_months(start, n), calendar, pauses, n, "months", roll=True)


def calendar_days(
    received: date | datetime, n: int, calendar: Calendar, pauses: Sequence[Pause] = (), *, roll: bool
) -> Due:
    """So many days after receipt, later by the days paused; then forward to a working day where it rolls."""
    start = received_date(received)
    return _by_date(start, start + n * _DAY, calendar, pauses, n, "calendar_days", roll=roll)


def _by_date(
    start: date, target: date, calendar: Calendar, pauses: Sequence[Pause], n: int, unit: Unit, *, roll: bool
) -> Due:
    counted = (target - start).days
    stretches: list[tuple[date, date]] = []
    for first, last in _stretches(start, pauses):
        # A pause that begins when the time is up and the rolled date is over comes too late to move anything.
        if first > (next_working_day(target, calendar) if roll else target):
            break
        stretches.append((first, last))
        target += last - first + _DAY
    due_on = next_working_day(target, calendar) if roll else target
    known = (not roll or calendar.covers(target, due_on)) and not _lasts(pauses)
    return Due(due_on, not known, counted, n, unit, start, target, tuple(stretches), calendar)


def _lasts(pauses: Sequence[Pause]) -> bool:
    return any(one.until is None for one in pauses)


def _stretches(start: date, pauses: Sequence[Pause]) -> tuple[tuple[date, date], ...]:
    """The days after receipt that pauses disregard, overlapping ones joined. Most clocks have none."""
    if not pauses:
        return ()
    found: list[tuple[date, date]] = []
    for since, until in sorted((max(one.since, start), one.until) for one in pauses if one.until is not None):
        first = max(since, found[-1][1]) + _DAY if found else since + _DAY
        if first > until:
            continue
        if found and first == found[-1][1] + _DAY:
            found[-1] = (found[-1][0], until)
        else:
            found.append((first, until))
    return tuple(found)


def add_months(start: date, n: int) -> date:
    """The corresponding date n months on, else that month's last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + n, 12)
    return date(year, month + 1, min(start.day, months_of.monthrange(year, month + 1)[1]))


def next_working_day(on: date, calendar: Calendar) -> date:
    """This day, or the first working day after it."""
    while not calendar.is_working(on):
        on += _DAY
    return on


def previous_working_day(on: date, calendar: Calendar) -> date:
    """This day, or the last working day before it."""
    while not calendar.is_working(on):
        on -= _DAY
    return on


def working_days_before(on: date, n: int, calendar: Calendar) -> date:
    """The n-th working day before a day."""
    for _ in range(n):
        on = previous_working_day(on - _DAY, calendar)
    return on


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Working days after ``start`` up to and including ``end``; negative where the end comes first."""
    return calendar.working_days_between(start, end)


def is_late(due_on: date, now: datetime) -> bool:
    """Late from 00:00 in London of the day after the due date. ``now`` needs a time zone."""
    return london(now).date() > due_on


def day_number(owed: Due, today: date) -> int:
    """The number of the last day counted by the end of today: 0 on the day of receipt."""
    return max((one.count or 0 for one in owed.ledger if one.on <= today), default=0)
