"""Waiting for a requester who was asked for more: when to remind them, and when to propose that the case is closed.

Pure functions over days: what is due is worked out when it is read. Nothing is ever closed by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from desktop.policy.calendars import Calendar
from desktop.policy.wording import plural, short_day

if TYPE_CHECKING:
    from desktop.policy.agreements import WaitingRule

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How a case stands that waits for its requester."""

    asked_on: date
    chased: tuple[date, ...]
    """The days on which they were reminded, in order."""
    chase_on: date
    """When to remind them next."""
    close_on: date
    """The last day of the time they have; from the day after, closing is proposed."""
    chase_due: bool
    close_proposed: bool

    def words(self, today: date) -> str:
        """Such as "Asked on 1 June, chased on 15 June. Chase on 29 June"."""
        said = f"Asked on {short_day(self.asked_on, today)}"
        if self.chased:
            times = f" {plural(len(self.chased), 'time')}, last" if len(self.chased) > 1 else ""
            said += f", chased{times} on {short_day(self.chased[-1], today)}"
        if self.close_proposed:
            return f"{said}. Their time ended on {short_day(self.close_on, today)}"
        return f"{said}. Chase on {short_day(self.chase_on, today)}"

    @property
    def next_step(self) -> str:
        """What is to be done with the case now."""
        if self.close_proposed:
            return "No answer: close it, or chase again"
        return "Chase them" if self.chase_due else "Waiting for the requester"


def working_day_after(on: date, days: int, calendar: Calendar) -> date:
    """The so many-th working day after a day."""
    while days > 0:
        on += _DAY
        days -= calendar.is_working(on)
    return on


def next_chase(rule: WaitingRule, after: date, calendar: Calendar) -> date:
    """When to remind a requester who was asked, or reminded last, on this day."""
    return working_day_after(after, rule.chase_after, calendar)


def waiting(
    rule: WaitingRule, asked_on: date, chased: tuple[date, ...], planned: date | None, calendar: Calendar, today: date
) -> Waiting:
    """How it stands today. `planned` is the next chase date as somebody set it, or None for the rule's."""
    chase_on = planned or next_chase(rule, max((asked_on, *chased)), calendar)
    close_on = working_day_after(asked_on, rule.close_after, calendar)
    # Whoever chases when the time is up gives more of it: closing is proposed again when the next chase is due.
    over = today > close_on and (not chased or chased[-1] < close_on or today >= chase_on)
    return Waiting(
        asked_on=asked_on,
        chased=chased,
        chase_on=chase_on,
        close_on=close_on,
        chase_due=today >= chase_on,
        close_proposed=over,
    )


def no_answer_words(state: Waiting, rule: WaitingRule, today: date) -> str:
    """The reason that is proposed for closing: the person who closes it may change it."""
    days = plural(rule.close_after, "working day")
    reminded = f", and were reminded on {short_day(state.chased[-1], today)}" if state.chased else ""
    asked = short_day(state.asked_on, today)
    return f"No answer: the requester was asked on {asked}{reminded}, and did not answer within {days}."
