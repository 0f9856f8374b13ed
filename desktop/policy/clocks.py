"""Due dates, and the ledger that explains each. Pure functions.

Receipt is day 0 in Europe/London whatever weekday it is; day 1 is the next working day (Freedom of Information Act
2000, section 10(1) and (6)). Months go to the corresponding date, else the month's last day, then forward to a working
day (Information Commissioner's Office, right of access). The days of a pause, from the day after the asking to the day
of the answer, are disregarded; what is due is recomputed from receipt, never from a rolled date. Where an answer
restarts the clock, its day is day 0 (the Act, section 10(6)). An extension counts if the requester was told in time.
"""

from __future__ import annotations

import calendar as months_of
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from db.records import Extension, Pause
from desktop.policy.calendars import NONE, Calendar
from desktop.policy.ledger import Due, Unit
from desktop.policy.wording import london, plural

if TYPE_CHECKING:
    from desktop.policy.agreements import ClockRule

_DAY = timedelta(days=1)
_WORDS: dict[Unit, str] = {"working_days": "working day", "months": "month", "calendar_days": "day"}


def due(
    rule: ClockRule,
    received: date | datetime,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    *,
    expedited: bool = False,
    extensions: Sequence[Extension] = (),
) -> Due:
    """The due date by an agreement's clock. A rule in calendar days rolls forward unless its calendar is "none".

    An extension of which the requester was told too late does not count.
    """
    more = 0
    if rule.extension is not None and extensions:
        told_by = tell_by(rule, received, calendar, pauses, expedited=expedited)
        more = sum(one.length for one in extensions if told_by is not None and one.told_on <= told_by)
        more = min(more, rule.extension.longest)
    return by_rule(rule, usual_length(rule, expedited=expedited), received, calendar, pauses, more)


def tell_by(
    rule: ClockRule,
    received: date | datetime,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    *,
    expedited: bool = False,
) -> date | None:
    """The last day on which the requester can be told of an extension; None where there can be none."""
    if rule.extension is None:
        return None
    within = min(rule.extension.tell_within, usual_length(rule, expedited=expedited))
    return by_rule(rule, within, received, calendar, pauses).due_on


def usual_length(rule: ClockRule, *, expedited: bool) -> int:
    """The length of a clock without an extension: the shorter one where the case is expedited and there is one."""
    return rule.expedited_length if expedited and rule.expedited_length else rule.length


def by_rule(
    rule: ClockRule, n: int, received: date | datetime, calendar: Calendar, pauses: Sequence[Pause], extended: int = 0
) -> Due:
    """The day so many units of a rule's clock after receipt, and ``extended`` more."""
    if rule.kind == "working_days":
        return working_days(received, n, calendar, pauses, extended=extended)
    if rule.kind == "months":
        return months(received, n, calendar, pauses, extended=extended)
    return calendar_days(received, n, calendar, pauses, roll=calendar.id != NONE, extended=extended)


def clock_words(rule: ClockRule) -> str:
    """Such as "20 working days" or "1 month"."""
    return length_words(rule.length, rule.kind)


def length_words(n: int, unit: Unit) -> str:
    """Such as "20 working days", "2 months" or "40 days"."""
    return plural(n, _WORDS[unit])


def received_date(received: date | datetime) -> date:
    """The day of receipt in Europe/London; a moment without a time zone is London's own time."""
    if isinstance(received, datetime):
        return london(received).date() if received.tzinfo else received.date()
    return received


def working_days(
    received: date | datetime, n: int, calendar: Calendar, pauses: Sequence[Pause] = (), *, extended: int = 0
) -> Due:
    """The n-th working day after receipt, and ``extended`` more.

    A pause that has not ended is taken as ended when it began: the date is then the earliest, and provisional.
    """
    start = received_date(received)

    def count(begins: date) -> Due:
        stretches = _stretches(begins, pauses)
        gaps = [(first.toordinal(), last.toordinal()) for first, last in stretches]
        on, left = begins.toordinal(), n + extended
        while left > 0:
            on += 1
            if gaps and gaps[0][0] <= on:
                on = gaps.pop(0)[1]
            elif calendar.works(on):
                left -= 1
        due_on = date.fromordinal(on)
        return Due(
            due_on=due_on,
            days_counted=n + extended,
            length=n + extended,
            unit="working_days",
            received=start,
            begins=begins,
            up_on=due_on,
            paused=tuple(one for one in stretches if one[0] <= due_on),
            known=calendar.covers(begins, due_on),
            waits=_waits(pauses, due_on),
            extended=extended,
            plain_days=n,
            calendar=calendar,
        )

    return _restarted(start, pauses, count)


def months(
    received: date | datetime, n: int, calendar: Calendar, pauses: Sequence[Pause] = (), *, extended: int = 0
) -> Due:
    """So many calendar months after receipt, later by the days paused, then forward to a working day."""
    return _by_date(received, add_months, calendar, pauses, n, extended, "months", roll=True)


def calendar_days(
    received: date | datetime,
    n: int,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    *,
    roll: bool,
    extended: int = 0,
) -> Due:
    """So many days after receipt, later by the days paused; then forward to a working day where it rolls."""
    return _by_date(received, _add_days, calendar, pauses, n, extended, "calendar_days", roll=roll)


def _add_days(start: date, n: int) -> date:
    return start + n * _DAY


def _by_date(
    received: date | datetime,
    after: Callable[[date, int], date],
    calendar: Calendar,
    pauses: Sequence[Pause],
    n: int,
    extended: int,
    unit: Unit,
    *,
    roll: bool,
) -> Due:
    start = received_date(received)

    def rolled(on: date) -> date:
        return next_working_day(on, calendar) if roll else on

    def count(begins: date) -> Due:
        target = after(begins, n + extended)
        counted = (target - begins).days
        due_on = rolled(target)
        stretches: list[tuple[date, date]] = []
        for first, last in _stretches(begins, pauses):
            # A pause that begins when the time is up and the rolled date is over comes too late to move anything.
            if first > due_on:
                break
            stretches.append((first, last))
            if first <= target:
                target += last - first + _DAY
                due_on = rolled(target)
            elif due_on <= last:
                # The time was up before it began: nothing is left to count, but the day that it rolled to is paused.
                due_on = rolled(last + _DAY)
        return Due(
            due_on=due_on,
            days_counted=counted,
            length=n + extended,
            unit=unit,
            received=start,
            begins=begins,
            up_on=target,
            paused=tuple(stretches),
            known=not roll or calendar.covers(target, due_on),
            waits=_waits(pauses, due_on),
            extended=extended,
            plain_days=(after(begins, n) - begins).days,
            calendar=calendar,
        )

    return _restarted(start, pauses, count)


def _restarted(start: date, pauses: Sequence[Pause], count: Callable[[date], Due]) -> Due:
    """The due date from the last answer that restarts the clock; one asked for when the time was up does not."""
    owed = count(start)
    for one in sorted((one for one in pauses if one.restarts), key=lambda one: one.since):
        answered = one.until or one.since
        if answered > owed.begins and one.since <= owed.due_on:
            owed = max(owed, count(answered), key=lambda each: (each.due_on, each.begins))
    return owed


def _waits(pauses: Sequence[Pause], due_on: date) -> bool:
    """Whether a pause lasts whose end may move the date: one that began before the time was up."""
    return any(one.until is None and (one.since < due_on or (one.restarts and one.since == due_on)) for one in pauses)


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
