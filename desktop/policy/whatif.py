"""What a step would do to a due date: the date before, the date after, and the difference in words.

The step may be a pause, an answer, an extension, another date of receipt or another calendar: work out the due date
with it and without it, and compare the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from desktop.policy.clocks import length_words
from desktop.policy.ledger import Due
from desktop.policy.wording import plural, short_day, weekday_day

_MOST = 8
"""So many days are named one by one; the ledger has them all."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would change. ``why`` has a sentence for each difference between the two ledgers."""

    before: Due | None
    after: Due | None
    why: tuple[str, ...]

    @property
    def moved(self) -> bool:
        """Whether the due date would be another one."""
        return (self.before and self.before.due_on) != (self.after and self.after.due_on)

    @property
    def head(self) -> str:
        """Such as "Due Friday 16 June 2017 → Monday 19 June 2017"."""
        if self.after is None:
            return "There would be no due date."
        new = _date(self.after)
        if self.before is None:
            return f"Due {new}"
        return f"Due {_date(self.before)} → {new}" if self.moved else f"Due {new}, as before"


def what_if(before: Due | None, after: Due | None) -> WhatIf:
    """Compares a due date as it is with what a step would make of it. None: no date of receipt is known."""
    if before is None or after is None:
        return WhatIf(before, after, ())
    return WhatIf(before, after, tuple(_differences(before, after)))


def _date(owed: Due) -> str:
    return weekday_day(owed.due_on) + (" (provisional)" if owed.provisional else "")


def _differences(before: Due, after: Due) -> Iterator[str]:
    if before.received != after.received:
        yield f"Received {weekday_day(after.received)}, not {weekday_day(before.received)}."
    if after.begins != before.begins and after.begins > after.received:
        yield f"The clock starts again: {weekday_day(after.begins)} is day 0."
    elif before.begins > before.received and after.begins == after.received:
        yield "The clock does not start again."
    plain = [one.length - one.extended for one in (before, after)]
    if before.unit != after.unit or plain[0] != plain[1]:
        yield f"{length_words(plain[1], after.unit)}, not {length_words(plain[0], before.unit)}."
    if after.extended > before.extended:
        yield f"Extended by {length_words(after.extended - before.extended, after.unit)}."
    elif after.extended < before.extended:
        yield f"{length_words(before.extended - after.extended, before.unit)} of extension no longer count."
    yield from _pauses(before, after)
    yield from _holidays(before, after)
    if after.up_on != after.due_on and (before.up_on, before.due_on) != (after.up_on, after.due_on):
        yield f"The time is up on {weekday_day(after.up_on)}, so it moves on to the next working day."
    if after.provisional_words and after.provisional_words != before.provisional_words:
        yield after.provisional_words


def _pauses(before: Due, after: Due) -> Iterator[str]:
    for first, last in after.paused:
        if (first, last) not in before.paused:
            yield f"Paused {_span(first, last)}: {plural((last - first).days + 1, 'day')} not counted."
    for first, last in before.paused:
        # What was paused before the clock started again is no loss: no day before it counts.
        if (first, last) not in after.paused and last > after.begins and not _inside(first, last, after.paused):
            yield f"Not paused {_span(first, last)} any more."


def _inside(first: date, last: date, stretches: tuple[tuple[date, date], ...]) -> bool:
    return any(start <= first and last <= end for start, end in stretches)


def _span(first: date, last: date) -> str:
    return f"on {short_day(first, last)}" if first == last else f"from {short_day(first, last)} to {short_day(last)}"


def _holidays(before: Due, after: Due) -> Iterator[str]:
    """Bank holidays that come in, or that only one of the two calendars has."""
    same = before.calendar == after.calendar
    found = _later(before, after) if same else _changed(before, after)
    yield from found[:_MOST]
    if len(found) > _MOST:
        yield f"And {plural(len(found) - _MOST, 'other day')}."


def _later(before: Due, after: Due) -> list[str]:
    days = (one for one in after.ledger if one.kind == "holiday" and one.on > before.due_on)
    return [f"{weekday_day(one.on)} does not count: {one.why}." for one in days]


def _changed(before: Due, after: Due) -> list[str]:
    first, last = min(before.begins, after.begins), max(before.due_on, after.due_on)
    found = []
    for on in sorted({*before.calendar.holidays, *after.calendar.holidays}):
        works = [one.calendar.is_working(on) for one in (before, after)]
        if not first < on <= last or works[0] == works[1]:
            continue
        if works[0]:
            found.append(f"{weekday_day(on)} is a bank holiday ({after.calendar.reason(on)}), and was a working day.")
        else:
            found.append(f"{weekday_day(on)} is a working day, and was a bank holiday ({before.calendar.reason(on)}).")
    return found
