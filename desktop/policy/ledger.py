"""A due date, with the ledger that explains it day by day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from desktop.policy.calendars import Calendar, Holiday
from desktop.policy.wording import day

Kind = Literal["received", "dropped", "restarted", "counted", "weekend", "holiday", "paused", "moved", "due"]
"""``moved``: the time was up, and the day is no working day. ``dropped``: before an answer ``restarted`` the clock."""
Unit = Literal["working_days", "months", "calendar_days"]
_DAY = timedelta(days=1)


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
    dropped: int = 0


@dataclass(frozen=True, kw_only=True)
class Due:
    """A due date, and what it was worked out from."""

    due_on: date
    days_counted: int
    length: int
    """In all, with what it was extended by."""
    unit: Unit
    received: date
    begins: date
    """Day 0: the day of receipt, or that of the answer which restarted the clock."""
    up_on: date
    """The day on which the time is up: ``due_on``, unless that rolled forward."""
    paused: tuple[tuple[date, date], ...]
    """First and last day of each stretch of days that are disregarded, in order."""
    known: bool
    """Whether the bank holidays of all days that matter are known."""
    waits: bool
    """Whether a pause has not ended that may move the date."""
    extended: int = 0
    """How much of the length is an extension."""
    plain_days: int
    """Days counted without the extension."""
    calendar: Calendar = field(repr=False, compare=False)

    @property
    def provisional(self) -> bool:
        """Bank holidays are not known for all of its days, or a pause that may move it has not ended."""
        return self.waits or not self.known

    @property
    def provisional_words(self) -> str:
        """What the date waits for, a sentence each; "" for a firm one."""
        words = []
        if self.waits:
            words.append("It is provisional until the requester answers: this is the earliest that it can be.")
        if not self.known and self.due_on > self.calendar.last:
            words.append(
                f"It is provisional: bank holidays are known up to {day(self.calendar.last)}, so it may be later."
            )
        elif not self.known:
            first = day(self.calendar.first)
            words.append(f"It is provisional: bank holidays are known from {first}, so it may be later.")
        return " ".join(words)

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
            dropped=kinds.count("dropped") + kinds.count("restarted"),
        )

    def is_paused(self, on: date) -> bool:
        """Whether the day is disregarded."""
        return any(first <= on <= last for first, last in self.paused)

    def _counts(self, on: date) -> bool:
        if not self.begins < on <= self.up_on or self.is_paused(on):
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
        if on <= self.begins:
            if on == self.begins:
                return LedgerDay(on, None, "restarted", "Answered: day 0 again", holidays)
            return LedgerDay(on, None, "dropped", "Before the answer that restarted the clock", holidays)
        if on > self.up_on:
            return LedgerDay(on, None, "moved", names or ("Paused" if self.is_paused(on) else "Moved on"), holidays)
        if count is not None:
            return LedgerDay(on, count, "counted", "Extended" if count > self.plain_days else "", holidays)
        if self.is_paused(on):
            return LedgerDay(on, None, "paused", f"Paused: {names}" if reason else "Paused", holidays)
        weekend = on.weekday() in self.calendar.weekend
        return LedgerDay(on, None, "weekend" if weekend else "holiday", reason if weekend else names, holidays)
