"""My work as a list model: groups of cases, flat, and the words of each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from desktop.casework.work import WorkRow
from desktop.policy.wording import WEEKDAYS, figures, left_words, short_day

Index = QModelIndex | QPersistentModelIndex

SOON = 3
"""Working days left from which a due date is amber."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a group. `summary` stands at its right while it is folded."""

    key: str
    title: str
    count: int
    icon: str
    colour: str = "text"
    folds: bool = False
    folded: bool = False
    summary: str = ""
    action: str = ""
    """What pressing the head does, in words, or ""."""


def due_line(row: WorkRow, today: date) -> str:
    """The second line of the time column: Due Friday 16 June, Was due Friday 9 June, Chase on Thursday 25 June."""
    if row.waiting is not None:
        ended = row.waiting.close_proposed
        when = row.waiting.close_on if ended else row.waiting.chase_on
        return f"{'Time ended' if ended else 'Chase on'} {WEEKDAYS[when.weekday()]} {short_day(when, today)}"
    if row.row.due_on is None:
        return ""
    on = f"{WEEKDAYS[row.row.due_on.weekday()]} {short_day(row.row.due_on, today)}"
    provisional = ", provisional" if row.row.provisional else ""
    late = row.days_left is not None and row.days_left < 0
    return f"{'Was due' if late else 'Due'} {on}{provisional}"


def time_line(row: WorkRow) -> tuple[str, str, str]:
    """The first line of the time column: icon, words, colour."""
    if row.days_left is None:
        return ("pause", "Clock stopped", "text-2") if row.row.due_on else ("circle-dashed", "No date yet", "text-2")
    if row.days_left < 0:
        return "clock-alert", left_words(row.days_left, row.late_since), "red"
    return "clock", left_words(row.days_left), "amber" if row.days_left <= SOON else "text"


class WorkModel(QAbstractListModel):
    """Heads and rows, flat. A folded group shows its head alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: list[tuple[Head, tuple[WorkRow, ...]]] = []
        self.lines: list[Head | WorkRow] = []
        """What stands under one another, heads and rows; whoever reads it leaves it as it is."""
        self.today = date.min

    def show_groups(self, groups: Sequence[tuple[Head, tuple[WorkRow, ...]]], today: date) -> None:
        """Shows these groups."""
        self.beginResetModel()
        self._groups = list(groups)
        self.today = today
        self.lines = []
        for head, rows in self._groups:
            self.lines.append(head)
            if not head.folded:
                self.lines.extend(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        """Heads and rows together."""
        return 0 if parent.isValid() else len(self.lines)

    def line(self, index: Index) -> Head | WorkRow | None:
        """What stands there."""
        return self.lines[index.row()] if index.isValid() and index.row() < len(self.lines) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words for assistive technology; the delegate paints from `line`."""
        line = self.line(index)
        if line is None or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if isinstance(line, Head):
            folded = (", folded" if line.folded else ", open") if line.folds else ""
            action = f". {line.action}" if line.action else ""
            return f"{line.title}, {figures(line.count)}{folded}{action}"
        _icon, words, _colour = time_line(line)
        parts = [line.row.reference, line.agreement, line.row.person, line.row.requester, line.next_step, line.why]
        return ". ".join(part for part in [*parts, words, due_line(line, self.today)] if part)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Heads are passed over, except those that fold or do something."""
        line = self.line(index)
        if line is None or (isinstance(line, Head) and not (line.folds or line.action)):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def row_of(self, case_id: int) -> int:
        """Where a case stands; -1 for nowhere."""
        return next(
            (at for at, line in enumerate(self.lines) if isinstance(line, WorkRow) and line.row.id == case_id), -1
        )

    def first_row(self) -> int:
        """Where the first case stands; -1 for none."""
        return next((at for at, line in enumerate(self.lines) if isinstance(line, WorkRow)), -1)


def waiting_summary(rows: Sequence[WorkRow], today: date) -> str:
    """What a folded group of waiting cases says: with whom they are, and the next date."""
    words = {"submitted": "with a reviewer", "recorded": "with a reviewer", "escalated": "with the guardian"}
    words |= {"returned": "with its requester", "held": "held"}
    counts: dict[str, int] = {}
    for row in rows:
        said = words.get(row.row.state.value, "waiting")
        counts[said] = counts.get(said, 0) + 1
    dates = [row.row.due_on for row in rows if row.row.due_on and row.days_left is not None]
    parts = ", ".join(f"{figures(count)} {said}" for said, count in counts.items())
    if not dates:
        return f"{parts}."
    first = min(dates)
    return f"{parts}. Next due {WEEKDAYS[first.weekday()]} {short_day(first, today)}."
