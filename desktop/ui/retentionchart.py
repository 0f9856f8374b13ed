"""How much is overdue and falls due in each month, and how much of it is on hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from desktop.policy.dates import MONTHS
from desktop.policy.reports import Chart

MONTHS_SHOWN = 12
NO_MONTHS = Chart("What falls due, month by month", (), (), 0)
_OVERDUE = "Overdue"
PLOT = 44
"""How high the tallest bar is: the list below has the room."""


def due_chart(
    months: Sequence[tuple[date, int]], held: Mapping[date, int], overdue: int = 0, overdue_held: int = 0
) -> Chart:
    """A bar for each month, after one for what is overdue where anything is; where anything is on hold, with what is to
    review and what is on hold.
    """
    late = bool(overdue)
    due = (*[overdue] * late, *(count for _on, count in months))
    stopped = (*[overdue_held] * late, *(held.get(on, 0) for on, _count in months))
    series: tuple[tuple[str, tuple[int, ...]], ...] = (("To review", due),)
    if any(stopped):
        series = (
            ("To review", tuple(one - other for one, other in zip(due, stopped, strict=True))),
            ("On hold", stopped),
        )
    titles = tuple(f"{MONTHS[on.month - 1]} {on.year}" for on, _count in months)
    short = tuple(title[:3] for title in titles)
    first = [_OVERDUE] * late
    return Chart(NO_MONTHS.title, (*first, *titles), series, grid=0, stacked=True, short=(*first, *short))
