"""The command ``deadline``: a due date with its ledger, in which the points on the way are marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desktop.policy.agreements import Agreement
    from desktop.policy.ledger import Due
    from desktop.policy.points import Point


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due date with its points. ``note`` says what else the agreement makes of the day of receipt, or ""."""

    due: Due
    points: Sequence[Point]
    note: str

    def json(self) -> dict[str, Any]:
        """As JSON has it: each day of the ledger has the kinds of the points that fall on it."""
        ledger = [
            {
                "on": one.on.isoformat(),
                "count": one.count,
                "kind": one.kind,
                "why": one.why,
                "points": [point.kind for point in self.points if point.on == one.on],
            }
            for one in self.due.ledger
        ]
        found = {"due_on": self.due.due_on.isoformat(), "provisional": self.due.provisional, "ledger": ledger}
        return {**found, "note": self.note} if self.note else found


def deadline(agreement: Agreement, received: date, *, expedited: bool) -> Deadline:
    """The due date of a request that was received on this day under this agreement."""
    from desktop.policy.calendars import load_calendars
    from desktop.policy.clocks import due
    from desktop.policy.points import points

    calendar = load_calendars()[agreement.clock.calendar]
    version = agreement.version_on(received)
    return Deadline(
        due=due(agreement.clock, received, calendar, expedited=expedited),
        points=points(agreement.clock, received, calendar, expedited=expedited),
        note=agreement.because_none if version is None else version.because,
    )


def report(found: Deadline) -> str:
    """The same for people."""
    from desktop.policy.points import points_on
    from desktop.policy.wording import weekday_day

    owed = found.due
    lines = [found.note] if found.note else []
    lines.append(f"Due {weekday_day(owed.due_on)}{' (provisional)' if owed.provisional else ''}")
    if owed.provisional:
        lines.append(owed.provisional_words)
    for one in owed.ledger:
        counted = f"{one.count:>4}" if one.count is not None else "    "
        names = points_on(found.points, one.on)
        said = f"{one.why}: {names}" if one.why and names else one.why or names.capitalize()
        lines.append(f"{weekday_day(one.on):<28}{counted}  {said}".rstrip())
    return "\n".join(lines)
