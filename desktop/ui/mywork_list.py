"""Cases in groups, two lines each, painted by a delegate: no widget for a row, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from desktop.casework.work import WorkRow
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.small import count_size, draw_count
from desktop.ui.mywork_model import Head, Index, WorkModel, due_line, time_line
from desktop.ui.theme import Theme, current_theme

NARROW = 720
"""Below this effective width a row has two columns instead of four."""


class WorkDelegate(QStyledItemDelegate):
    """Paints heads of 36 and rows of 56, or 40 and 56 where there is little width."""

    def __init__(self, view: WorkList) -> None:
        super().__init__(view)
        self._view = view
        self._theme: Theme = current_theme()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Heads 36, rows 56, and 1 for the divider."""
        head = isinstance(self._view.work.line(index), Head)
        return QSize(0, self._theme.px(36 if head else 56))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paints one line."""
        line = self._view.work.line(index)
        rect = QRect(option.rect)
        state = option.state
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if isinstance(line, Head):
            self._paint_head(painter, rect, line, index.row() == 0, selected)
        elif line is not None:
            hover = bool(state & QStyle.StateFlag.State_MouseOver)
            self._paint_row(painter, rect, line, selected, hover)
        if index.row() + 1 < self._view.work.rowCount():
            painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("line"))
        if selected and self._view.hasFocus():
            self._paint_ring(painter, rect)
        painter.restore()

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """Shows a name, a requester or a reason whole where there was no room for it."""
        line = self._view.work.line(index)
        if not isinstance(line, WorkRow):
            return False
        for rect, words, style, _colour in self._cells(line, QRect(option.rect)):
            cut = self._theme.metrics(style).horizontalAdvance(words) > rect.width()
            if cut and rect.contains(event.pos()):
                QToolTip.showText(event.globalPos(), words, view)
                return True
        QToolTip.hideText()
        return False

    def _paint_ring(self, painter: QPainter, rect: QRect) -> None:
        """The focus ring, 2 px inside the row."""
        colour, wide, high = self._theme.colour("focus"), rect.width(), rect.height()
        for x, y, w, h in ((0, 0, wide, 2), (0, high - 2, wide, 2), (0, 0, 2, high), (wide - 2, 0, 2, high)):
            painter.fillRect(rect.left() + x, rect.top() + y, w, h, colour)

    def _paint_head(self, painter: QPainter, rect: QRect, head: Head, first: bool, selected: bool) -> None:
        theme, px = self._theme, self._theme.px
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("selected" if selected else "sunken"))
        # The card around the list has round corners: so has the first head.
        box = QRectF(rect).adjusted(0, 0, 0, px(8)) if first else QRectF(rect)
        painter.setClipRect(rect)
        painter.drawRoundedRect(box, px(5) if first else 0, px(5) if first else 0)
        icon = ("chevron-right" if head.folded else "chevron-down") if head.folds else head.icon
        middle = rect.top() + (rect.height() - px(16)) // 2
        theme.draw_icon(painter, icon, rect.left() + px(16), middle, head.colour)
        left = rect.left() + px(40)
        painter.setFont(theme.font("label" if head.folds else "strong"))
        painter.setPen(theme.colour(head.colour))
        words = theme.metrics("strong").horizontalAdvance(head.title)
        flags = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRect(left, rect.top(), words + 4, rect.height()), flags, head.title)
        size = count_size(theme, head.count)
        left += words + px(9)
        draw_count(theme, painter, left, rect.top() + (rect.height() - size.height()) // 2, head.count)
        if head.action:
            room = QRect(rect.left(), rect.top(), rect.width() - px(16), rect.height())
            painter.setFont(theme.font("small"))
            painter.setPen(theme.colour("accent"))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), head.action)
        if head.summary and head.folded:
            room = QRect(left + size.width() + px(16), rect.top(), 0, rect.height())
            room.setRight(rect.right() - px(16))
            painter.setFont(theme.font("small"))
            painter.setPen(theme.colour("text-2"))
            said = theme.metrics("small").elidedText(head.summary, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), said)

    def _paint_row(self, painter: QPainter, rect: QRect, row: WorkRow, selected: bool, hover: bool) -> None:
        theme, px = self._theme, self._theme.px
        if selected or hover:
            painter.fillRect(rect, theme.colour("selected" if selected else "hover"))
        if selected:
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), theme.colour("accent"))
        icon, _words, colour = time_line(row)
        cells = self._cells(row, rect)
        time = cells[-2][0] if self._view.narrow else cells[6][0]
        theme.draw_icon(painter, icon, time.left() - px(20), time.top() + (time.height() - px(15)) // 2, colour, 15)
        for room, words, style, ink in cells:
            painter.setFont(theme.font(style))
            painter.setPen(theme.colour(ink))
            said = theme.metrics(style).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), said)

    def _cells(self, row: WorkRow, rect: QRect) -> list[tuple[QRect, str, str, str]]:
        """Where each piece of a row goes: rectangle, words, style, colour."""
        px = self._theme.px
        top = rect.top() + px(9)
        high, low = self._theme.line("body"), self._theme.line("small")
        icon = px(20)
        time, clock = self._view.time_width(), time_line(row)
        right = rect.right() - px(14) - time
        left = rect.left() + px(16)
        case = row.row

        def cell(x: int, width: int, second: bool, words: str, style: str, ink: str) -> tuple[QRect, str, str, str]:
            y = top + high if second else top
            return QRect(x, y, max(0, width), low if second else high), words, style, ink

        person = case.about or "No name yet"
        ink = "text" if case.about else "text-3"
        if self._view.narrow:
            room = right - left - icon - px(16)
            return [
                cell(left, room, False, case.reference, "label", "text"),
                cell(left, room, True, person, "body", ink),
                cell(right, time, False, clock[1], "label", clock[2]),
                cell(right - icon, time + icon, True, row.next_step, "small", "text-2"),
            ]
        at = left + self._view.reference_width()
        room = right - icon - px(8) - at
        first = round(room * 0.5)
        due = due_line(row, self._view.work.today)
        return [
            cell(left, at - left - px(12), False, case.reference, "label", "text"),
            cell(left, at - left - px(12), True, _short(row), "small", "text-2"),
            cell(at, first - px(12), False, person, "label", ink),
            cell(at, first - px(12), True, case.requester, "small", "text-2"),
            cell(at + first, room - first, False, row.next_step, "body", "text"),
            cell(at + first, room - first, True, row.why, "small", "text-2"),
            cell(right, time, False, clock[1], "label", clock[2]),
            cell(right, time, True, due, "small", "text-2"),
        ]


class WorkList(QListView):
    """The list. Enter or a double click opens a case; Enter, Space or a click folds a group that folds, and does
    what else a group's head says.
    """

    opened = Signal(int)
    folded = Signal(str)
    acted = Signal(str)
    """The head of this group was pressed to do what it says."""

    def __init__(self, name: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self.work = WorkModel(self)
        self.narrow = False
        self._widths: tuple[int, int] | None = None
        name_widget(self, name, label)
        self.setModel(self.work)
        self.setItemDelegate(WorkDelegate(self))
        self.setMouseTracking(True)
        self.setStyleSheet("QListView { background: transparent; border: 0; outline: 0; }")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.doubleClicked.connect(self._act)
        self.clicked.connect(self._clicked)
        self._theme.changed.connect(self._measure_again)

    def show_groups(self, groups: Sequence[tuple[Head, tuple[WorkRow, ...]]], today: date) -> None:
        """Shows these groups, with the same case selected and at the same place as before."""
        kept, place = self.current_case(), self.verticalScrollBar().value()
        self.work.show_groups(groups, today)
        self._widths = None
        at = self.work.row_of(kept) if kept is not None else -1
        at = at if at >= 0 else self.work.first_row()
        if at >= 0:
            self.setCurrentIndex(self.work.index(at))
        self.verticalScrollBar().setValue(place)
        self.updateGeometry()

    def current_case(self) -> int | None:
        """The id of the selected case, or None."""
        line = self.work.line(self.currentIndex())
        return line.row.id if isinstance(line, WorkRow) else None

    def content_height(self) -> int:
        """How high the list is with every line in sight."""
        px = self._theme.px
        heads = sum(isinstance(line, Head) for line in self.work.lines)
        return heads * px(36) + (len(self.work.lines) - heads) * px(56)

    def sizeHint(self) -> QSize:
        """All lines, as far as there is room."""
        return QSize(self._theme.px(600), min(self.content_height(), 4000))

    def minimumSizeHint(self) -> QSize:
        """Three rows."""
        return QSize(self._theme.px(280), min(self.content_height(), self._theme.px(36 + 2 * 56)))

    def time_width(self) -> int:
        """The width of the time column: due words are never cut."""
        return self._measured()[1]

    def reference_width(self) -> int:
        """The width of the reference column: references are never cut."""
        return self._measured()[0]

    def set_narrow(self, narrow: bool) -> None:
        """Two columns instead of four."""
        if narrow != self.narrow:
            self.narrow = narrow
            self._measure_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Chooses two columns or four."""
        super().resizeEvent(event)
        self.set_narrow(event.size().width() * 100 / self._theme.text_scale < NARROW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens or folds; Space folds; Ctrl+Shift+C copies the reference."""
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._act(self.currentIndex())
        elif plain and event.key() == Qt.Key.Key_Space:
            self._clicked(self.currentIndex())
        elif event.key() == Qt.Key.Key_C and event.modifiers() == both:
            self._copy()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the selected case."""
        if self.current_case() is None:
            return
        menu = QMenu(self)
        menu.addAction("Open", lambda: self._act(self.currentIndex()))
        menu.addAction("Copy reference", self._copy)
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        here = self.visualRect(self.currentIndex()).center()
        menu.exec(self.viewport().mapToGlobal(here) if keyboard else event.globalPos())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Shows a hand over what folds."""
        line = self.work.line(self.indexAt(event.position().toPoint()))
        folds = isinstance(line, Head) and (line.folds or bool(line.action))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if folds else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def _act(self, index: Index) -> None:
        line = self.work.line(index)
        if isinstance(line, WorkRow):
            self.opened.emit(line.row.id)
        else:
            self._clicked(index)

    def _clicked(self, index: Index) -> None:
        line = self.work.line(index)
        if isinstance(line, Head) and line.folds:
            self.folded.emit(line.key)
        elif isinstance(line, Head) and line.action:
            self.acted.emit(line.key)

    def _copy(self) -> None:
        line = self.work.line(self.currentIndex())
        if isinstance(line, WorkRow):
            QGuiApplication.clipboard().setText(line.row.reference)

    def _measure_again(self) -> None:
        self._widths = None
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
        self.updateGeometry()

    def _measured(self) -> tuple[int, int]:
        if self._widths is None:
            px = self._theme.px
            label, small = self._theme.metrics("label"), self._theme.metrics("small")
            rows = [line for line in self.work.lines if isinstance(line, WorkRow)]
            today = self.work.today
            # Most of the words are there many times, and to measure them is what takes long.
            seconds = {row.next_step if self.narrow else due_line(row, today) for row in rows}
            references = _widest(label, {row.row.reference for row in rows})
            agreements = min(_widest(small, {_short(row) for row in rows}), px(130))
            times = max(_widest(label, {time_line(row)[1] for row in rows}), _widest(small, seconds))
            self._widths = max(px(112), references, agreements) + px(16), max(px(150), times) + px(2)
        return self._widths


def _widest(metrics: QFontMetrics, words: set[str]) -> int:
    return max(map(metrics.horizontalAdvance, words), default=0)


def _short(row: WorkRow) -> str:
    """The agreement in the room of a column: the reference says already that it is a tracing request."""
    return row.agreement.removesuffix(" tracing")
