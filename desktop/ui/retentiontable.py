"""The table of retention timers, with a head above each group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from desktop.casework.register import TimerRow
from desktop.casework.standing import Standing
from desktop.policy.life import OUTCOME_WORDS
from desktop.policy.retention import Bucket
from desktop.policy.wording import day, lower_first, plural
from desktop.ui.kit.pagedmodel import Column, Fetch, PagedModel
from desktop.ui.kit.small import count_size, draw_count
from desktop.ui.kit.table import Table
from desktop.ui.retentionstanding import LOOKS
from desktop.ui.theme import current_theme

HEADS: tuple[tuple[Bucket, str], ...] = (
    ("due", "Due for review"),
    ("soon", "Due within a month"),
    ("waiting", "Waiting for something to happen"),
    ("running", "Later"),
)
ICONS: dict[Bucket, str] = {"due": "clock-alert", "soon": "clock", "waiting": "circle-pause", "running": "hourglass"}
INKS: dict[Bucket, str] = {"due": "red", "soon": "amber", "waiting": "violet", "running": "text"}
DUE = 2
"""The column of dates, which gives way to the words where it is narrow."""
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class GroupHead:
    """A head above a group. Its id is negative: no case has such a one."""

    id: int
    bucket: Bucket
    title: str
    count: int
    note: str


Row = TimerRow | GroupHead


def what_it_was(row: TimerRow) -> str:
    """Such as "Law enforcement tracing, no trace"."""
    return f"{row.agreement}, {lower_first(OUTCOME_WORDS[row.outcome])}" if row.outcome else row.agreement


def _identity(row: Row) -> int:
    return row.id if isinstance(row, GroupHead) else row.timer.case_id


def _due_in_words(row: Row) -> str:
    if isinstance(row, GroupHead):
        return ""
    return "Waiting" if row.bucket == "waiting" else row.countdown


def _columns(standing: Callable[[int], Standing | None]) -> list[Column[Row]]:
    def look(row: Row) -> tuple[str, str, str]:
        found = standing(row.timer.case_id) if isinstance(row, TimerRow) else None
        return LOOKS[found] if found is not None else ("", "", "text")

    return [
        Column(
            "Reference",
            lambda row: row.title if isinstance(row, GroupHead) else row.timer.reference,
            width=140,
            style="label",
            elide=False,
        ),
        Column("What it was", lambda row: what_it_was(row) if isinstance(row, TimerRow) else ""),
        Column(
            "Review due",
            lambda row: day(row.timer.due_on) if isinstance(row, TimerRow) else "",
            width=166,
            elide=False,
            colour=lambda _row: "text-2",
        ),
        Column(
            "In words",
            _due_in_words,
            width=150,
            icon=lambda row: ICONS[row.bucket],
            colour=lambda row: INKS[row.bucket],
            elide=False,
        ),
        Column(
            "Standing",
            lambda row: look(row)[0],
            width=130,
            icon=lambda row: look(row)[1],
            colour=lambda row: look(row)[2],
            elide=False,
        ),
    ]


class TimerModel(PagedModel[Row]):
    """Timers and heads. A head cannot be chosen: the keyboard goes past it."""

    def flags(self, index: Index) -> Qt.ItemFlag:
        """None for a head."""
        if index.isValid() and self.ids[index.row()] < 0:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A head reads as one sentence."""
        if role == Qt.ItemDataRole.AccessibleTextRole and index.isValid():
            row = self.row(index.row())
            if isinstance(row, GroupHead):
                return f"{row.title}: {plural(row.count, 'timer')}" if index.column() == 0 else ""
        return super().data(index, role)


class _Delegate(QStyledItemDelegate):
    """Draws heads, and leaves the rest to the table's own delegate."""

    def __init__(self, table: TimerTable, rest: QAbstractItemDelegate) -> None:
        super().__init__(table)
        self._table, self._rest = table, rest

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As the table's own."""
        return self._rest.sizeHint(option, index)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """As the table's own: a head is never cut."""
        head = isinstance(self._table.paged.row(index.row()), GroupHead)
        return not head and self._rest.helpEvent(event, view, option, index)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws one cell."""
        row = self._table.paged.row(index.row())
        if not isinstance(row, GroupHead):
            self._rest.paint(painter, option, index)
            return
        theme, px = current_theme(), current_theme().px
        rect: QRect = option.rect
        painter.save()
        painter.fillRect(rect, theme.colour("sunken"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("line"))
        left = rect.left() + px(16)
        theme.draw_icon(painter, ICONS[row.bucket], left, rect.top() + (rect.height() - px(16)) // 2, "text")
        left += px(16 + 8)
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.colour("text"))
        middle = Qt.AlignmentFlag.AlignVCenter
        wide = theme.metrics("strong").horizontalAdvance(row.title)
        painter.drawText(QRect(left, rect.top(), wide + 2, rect.height()), int(middle), row.title)
        size = count_size(theme, row.count)
        draw_count(theme, painter, left + wide + px(8), rect.top() + (rect.height() - size.height()) // 2, row.count)
        if row.note:
            painter.setFont(theme.font("body"))
            painter.setPen(theme.colour("text-2"))
            note = rect.adjusted(0, 0, -px(16), 0)
            painter.drawText(note, int(middle | Qt.AlignmentFlag.AlignRight), row.note)
        painter.restore()


class TimerTable(Table[Row]):
    """The timers in date order."""

    def __init__(self, fetch: Fetch[Row], standing: Callable[[int], Standing | None]) -> None:
        model = TimerModel(_columns(standing), fetch, _identity)
        super().__init__("retention_table", "Retention timers", model, dense=False)
        model.setParent(self)
        self.setItemDelegate(_Delegate(self, self.itemDelegate()))

    def show_timers(self, ids: Sequence[int], keep: int) -> None:
        """Shows other timers; `keep` stays current where it is among them, else the first becomes current."""
        self.clearSpans()
        self.show_ids(ids, keep)
        for at, one in enumerate(ids):
            if one < 0:
                self.setSpan(at, 0, 1, len(self.paged.columns))
        if not self.currentIndex().isValid():
            self._first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home goes to the first timer: above it is a head."""
        if event.key() == Qt.Key.Key_Home and not event.modifiers():
            self._first()
        else:
            super().keyPressEvent(event)

    def _first(self) -> None:
        at = next((number for number, one in enumerate(self.paged.ids) if one > 0), -1)
        if at >= 0:
            self.selectRow(at)
            self.scrollToTop()
