"""The queue: what waits for a second person, in order of urgency."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from db.records import State
from desktop.casework.work import WorkRow
from desktop.policy.wording import left_words, weekday_day
from desktop.ui.review.caselist import CaseList, Shown


def due_line(row: WorkRow) -> tuple[str, str]:
    """When it is due in words, and the token of their colour."""
    if row.days_left is None or row.row.due_on is None:
        return "No due date yet", "text-2"
    if row.days_left <= 0:
        return left_words(row.days_left, row.late_since), "red" if row.days_left < 0 else "amber"
    words = weekday_day(row.row.due_on).rsplit(" ", 1)[0]
    return f"Due {words}", "amber" if row.days_left <= 3 else "text-2"


def mark(row: WorkRow) -> tuple[str, str, str]:
    """What sets a case apart: words, icon and colour; "" for nothing."""
    if row.row.state is State.RECORDED:
        return "To release", "file-check", "accent"
    if row.row.state is State.HELD:
        return "Held", "pause", "violet"
    if row.row.expedited:
        return "Expedited", "flag", "violet"
    if row.row.sent_back:
        return "Sent again", "refresh-cw", "accent"
    return "", "", ""


def shown_of(row: WorkRow) -> Shown:
    """A case of the queue as its row says it."""
    words, colour = due_line(row)
    return Shown(
        id=row.row.id,
        reference=row.row.reference,
        mark=mark(row),
        requester=row.row.requester,
        last=("clock", words, colour),
        why="" if row.may_decide else row.why,
    )


class Queue(CaseList[WorkRow]):
    """The list of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("review_queue", "Cases that wait for you", shown_of, parent)
