"""The points of a clock on the way to its due date, and which of them calls for someone. Pure functions over days.

An agreement says on which days of its clock a case should be escalated and drafted (`escalate_at`, `draft_at`; working
days where its clock counts months), after the Ministry of Justice's handling of information requests: 3, 10 and 20
working days. What is reached is worked out when it is read, from the day that it is then, and never stored: a computer
whose clock jumps is right again at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from db.records import Extension, Pause
from desktop.policy.calendars import Calendar
from desktop.policy.clocks import by_rule, due, next_working_day, usual_length, working_days
from desktop.policy.wording import WEEKDAYS, join_and, short_day

if TYPE_CHECKING:
    from desktop.policy.agreements import ClockRule

PointKind = Literal["escalation", "draft", "final"]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Point:
    """A day by which something should have been done with a case. The final point is the due date."""

    kind: PointKind
    on: date
    provisional: bool = False
    """Bank holidays are not known for all days that matter, or a pause that may move it has not ended."""

    @property
    def name(self) -> str:
        """Such as "draft point"."""
        return f"{self.kind} point"


def points(
    rule: ClockRule,
    received: date | datetime,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    *,
    expedited: bool = False,
    extensions: Sequence[Extension] = (),
) -> tuple[Point, ...]:
    """The escalation, draft and final points of a case, in this order, but for those that the agreement does not have.

    All are counted on the clock of the due date, the first two in working days where that counts months: pauses move
    them, and an answer that restarts it makes its day their day 0 too. An extension moves the final point alone. None
    falls after the final one: where an expedited case has a shorter length, the others come no later than its last day.
    """
    final = due(rule, received, calendar, pauses, expedited=expedited, extensions=extensions)
    length = usual_length(rule, expedited=expedited)
    early: tuple[tuple[PointKind, int], ...] = (("escalation", rule.escalate_at), ("draft", rule.draft_at))
    found = []
    for kind, at in early:
        if at > 0:
            if rule.kind == "months":
                one = working_days(final.begins, at, calendar, pauses)
            else:
                one = by_rule(rule, min(at, length), final.begins, calendar, pauses)
            found.append(Point(kind, min(one.due_on, final.due_on), one.provisional))
    return (*found, Point("final", final.due_on, final.provisional))


def reminder(found: Sequence[Point], today: date, calendar: Calendar, *, unfinished: bool) -> Point | None:
    """The point that calls for someone today, the most pressing one; None for none, and for a case that is late.

    The final point calls on its day and on the working day before it (and on the days between), whoever has the case.
    The draft and the escalation point call from their day on, while the case is `unfinished`: not yet submitted.
    """
    by_kind = {one.kind: one for one in found}
    final = by_kind.get("final")
    if final is not None:
        if final.on < today:
            return None
        if final.on <= next_working_day(today + _DAY, calendar):
            return final
    early = (by_kind.get("draft"), by_kind.get("escalation"))
    return next((one for one in early if unfinished and one is not None and one.on <= today), None)


def reminder_words(one: Point, today: date) -> str:
    """Why a point calls for someone, such as "Draft point: 2 June"; short enough for a line on My work."""
    if one.kind == "final":
        days = (one.on - today).days
        if days < 2:
            return "Due tomorrow" if days else "Due today"
        return f"Due on {WEEKDAYS[one.on.weekday()]} {short_day(one.on, today)}, the next working day"
    when = "today" if one.on == today else short_day(one.on, today)
    return f"{one.name.capitalize()}: {when}"


def points_on(found: Sequence[Point], on: date) -> str:
    """The points of a day by their names, such as "draft point" or "draft point and final point"; "" for none."""
    return join_and([one.name for one in found if one.on == on])
