"""The queue: what waits for a second person, in order of urgency, painted by a delegate."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from db.records import State
from desktop.casework.work import WorkRow
from desktop.policy.wording import left_words, weekday_day
from desktop.ui.kit.base import draw_box, name_widget
from desktop.ui.theme import current_theme

Index = QModelIndex | QPersistentModelIndex
ROW = 68
REST = 250
"""Milliseconds after which the keyboard rests on a case."""
_NOWHERE = QModelIndex()


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


class QueueModel(QAbstractListModel):
    """The rows of the queue."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[WorkRow] = ()

    def show_rows(self, rows: Sequence[WorkRow]) -> None:
        """Shows other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many wait."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words for assistive technology; the delegate paints from the rows."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self.rows[index.row()]
        parts = [row.row.reference, row.row.requester, due_line(row)[0], mark(row)[0]]
        parts.append("" if row.may_decide else row.why)
        return ", ".join(part for part in parts if part)


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: Queue) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, current_theme().px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Reference and mark, requester, due; or why this person cannot decide it."""
        theme, px = current_theme(), current_theme().px
        row = self._view.model_.rows[index.row()]
        rect = QRect(option.rect)
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, theme.colour("selected"))
            painter.fillRect(rect.left(), rect.top(), px(3), rect.height(), theme.colour("accent"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.colour("hover"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("line"))
        inner = rect.adjusted(px(16), px(7), -px(12), -px(6))
        line = px(18)
        first = QRect(inner.left(), inner.top(), inner.width(), line)
        ink = "text" if row.may_decide else "text-3"
        self._draw(painter, first, row.row.reference, "strong" if row.may_decide else "body", ink)
        words, icon, colour = mark(row) if row.may_decide else ("", "lock", "text-3")
        if icon:
            width = theme.metrics("tiny-strong").horizontalAdvance(words) + px(20)
            left = first.right() - width
            theme.draw_icon(painter, icon, left, first.top() + px(3), colour, 14)
            self._draw(painter, QRect(left + px(18), first.top(), width, line), words, "tiny-strong", colour)
        second = first.translated(0, line)
        if not row.may_decide:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.colour("text-3"))
            room = QRect(second.left(), second.top(), second.width(), line * 2)
            painter.drawText(room, int(Qt.TextFlag.TextWordWrap), row.why)
        else:
            self._draw(painter, second, row.row.requester, "small", "text-2")
            due, colour = due_line(row)
            third = second.translated(0, line)
            theme.draw_icon(painter, "clock", third.left(), third.top() + px(2), colour, 14)
            self._draw(painter, third.adjusted(px(20), 0, 0, 0), due, "small", colour)
        if selected and self._view.hasFocus():
            ring = QRectF(rect.adjusted(2, 2, -2, -3))
            draw_box(painter, ring, None, theme.colour("focus"), 2, px(4))
        painter.restore()

    def _draw(self, painter: QPainter, rect: QRect, words: str, style: str, colour: str) -> None:
        theme = current_theme()
        painter.setFont(theme.font(style))
        painter.setPen(theme.colour(colour))
        shown = theme.metrics(style).elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), shown)


class Queue(QListView):
    """The list. `chosen` fires when a row is chosen, or the keyboard rests on it.

    To open a case is a consultation that is journalled: those that the arrows only pass are not opened, and the list
    does not choose by itself when it gets the keyboard.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_ = QueueModel(self)
        name_widget(self, "review_queue", "Cases that wait for you")
        self.setModel(self.model_)
        self.setItemDelegate(_Delegate(self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setProperty("focusRing", "none")
        # It stands on the ground of its pane.
        self.setStyleSheet("QListView { background: transparent; }")
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._quiet = False
        self._by_key = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._tell)
        self.selectionModel().currentChanged.connect(self._moved)

    def show_rows(self, rows: Sequence[WorkRow], current: int) -> None:
        """Shows the queue; the case with the id `current` stays current. Fires nothing."""
        self._quiet = True
        self.model_.show_rows(rows)
        at = next((n for n, one in enumerate(rows) if one.row.id == current), -1)
        if at >= 0:
            self.setCurrentIndex(self.model_.index(at))
        self._quiet = False

    def choose(self, case_id: int) -> None:
        """Makes a case current, as a click does."""
        at = next((n for n, one in enumerate(self.model_.rows) if one.row.id == case_id), -1)
        if at >= 0:
            self.setCurrentIndex(self.model_.index(at))

    def current(self) -> WorkRow | None:
        """The current row."""
        at = self.currentIndex().row()
        return self.model_.rows[at] if 0 <= at < len(self.model_.rows) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens at once; arrows move, and open where they rest."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._tell()
            return
        self._by_key = True
        super().keyPressEvent(event)
        self._by_key = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt would make the first row current."""
        before = self.currentIndex()
        self._quiet = True
        super().focusInEvent(event)
        if not before.isValid():
            self.setCurrentIndex(QModelIndex())
        self._quiet = False

    def _moved(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._rest.stop()
        if self._by_key:
            self._rest.start()
        elif not self._quiet:
            self._tell()

    def _tell(self) -> None:
        self._rest.stop()
        if (row := self.current()) is not None:
            self.chosen.emit(row)
