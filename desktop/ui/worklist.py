"""Cases in groups, two lines each, painted by a delegate: no widget for a row, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
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

from desktop.casework.work import Group, WorkRow
from desktop.policy.wording import WEEKDAYS, left_words, short_day
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.small import count_size, draw_count
from desktop.ui.theme import Theme, current_theme

Index = QModelIndex | QPersistentModelIndex

NARROW = 720
"""Below this effective width a row has two columns instead of four."""
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


def due_line(row: WorkRow, today: date) -> str:
    """The second line of the time column: Due Friday 16 June, Was due Friday 9 June."""
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
        return "clock-alert", left_words(row.days_left), "red"
    return "clock", left_words(row.days_left), "amber" if row.days_left <= SOON else "text"


class WorkModel(QAbstractListModel):
    """Heads and rows, flat. A folded group shows its head alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: list[tuple[Head, tuple[WorkRow, ...]]] = []
        self._lines: list[Head | WorkRow] = []
        self.today = date.today()

    def show_groups(self, groups: Sequence[tuple[Head, tuple[WorkRow, ...]]], today: date) -> None:
        """Shows these groups."""
        self.beginResetModel()
        self._groups = list(groups)
        self.today = today
        self._lines = []
        for head, rows in self._groups:
            self._lines.append(head)
            if not head.folded:
                self._lines.extend(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        """Heads and rows together."""
        return 0 if parent.isValid() else len(self._lines)

    def line(self, index: Index) -> Head | WorkRow | None:
        """What stands there."""
        return self._lines[index.row()] if index.isValid() and index.row() < len(self._lines) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words for assistive technology; the delegate paints from `line`."""
        line = self.line(index)
        if line is None or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if isinstance(line, Head):
            folded = (", folded" if line.folded else ", open") if line.folds else ""
            return f"{line.title}, {line.count}{folded}"
        _icon, words, _colour = time_line(line)
        parts = [line.row.reference, line.agreement, line.row.person, line.row.requester, line.next_step, line.why]
        return ". ".join(part for part in [*parts, words, due_line(line, self.today)] if part)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Heads are passed over, except those that fold."""
        line = self.line(index)
        if isinstance(line, Head) and not line.folds:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def row_of(self, case_id: int) -> int:
        """Where a case stands; -1 for nowhere."""
        return next(
            (at for at, line in enumerate(self._lines) if isinstance(line, WorkRow) and line.row.id == case_id), -1
        )

    def first_row(self) -> int:
        """Where the first case stands; -1 for none."""
        return next((at for at, line in enumerate(self._lines) if isinstance(line, WorkRow)), -1)


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
        rect = QRect(option.rect)  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
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
            painter.setPen(theme.colour("focus"))
            for inset in (0, 1):
                painter.drawRect(rect.adjusted(inset, inset, -inset - 1, -inset - 1))
        painter.restore()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Shows a name, a requester or a reason whole where there was no room for it."""
        line = self._view.work.line(index)
        if not isinstance(line, WorkRow):
            return False
        for rect, words, style, _colour in self._cells(line, QRect(option.rect)):  # type: ignore[attr-defined]
            cut = self._theme.metrics(style).horizontalAdvance(words) > rect.width()
            if cut and rect.contains(event.pos()):
                QToolTip.showText(event.globalPos(), words, view)
                return True
        QToolTip.hideText()
        return False

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
        size = count_size(theme, str(head.count))
        left += words + px(9)
        draw_count(theme, painter, left, rect.top() + (rect.height() - size.height()) // 2, str(head.count))
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

        person = case.person or "No name yet"
        ink = "text" if case.person else "text-3"
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
        first = round(room * 0.55)
        due = due_line(row, self._view.work.today)
        return [
            cell(left, at - left - px(12), False, case.reference, "label", "text"),
            cell(left, at - left - px(12), True, row.agreement, "small", "text-2"),
            cell(at, first - px(12), False, person, "label", ink),
            cell(at, first - px(12), True, case.requester, "small", "text-2"),
            cell(at + first, room - first, False, row.next_step, "body", "text"),
            cell(at + first, room - first, True, row.why, "small", "text-2"),
            cell(right, time, False, clock[1], "label", clock[2]),
            cell(right, time, True, due, "small", "text-2"),
        ]


class WorkList(QListView):
    """The list. Enter or a double click opens a case; Enter, Space or a click folds a group that folds."""

    opened = Signal(int)
    folded = Signal(str)

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
        lines = (self.work.line(self.work.index(row)) for row in range(self.work.rowCount()))
        return sum(px(36 if isinstance(line, Head) else 56) for line in lines)

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
        folds = isinstance(line, Head) and line.folds
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if folds else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def _act(self, index: Index) -> None:
        line = self.work.line(index)
        if isinstance(line, WorkRow):
            self.opened.emit(line.row.id)
        elif isinstance(line, Head) and line.folds:
            self.folded.emit(line.key)

    def _clicked(self, index: Index) -> None:
        line = self.work.line(index)
        if isinstance(line, Head) and line.folds:
            self.folded.emit(line.key)

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
            reference, time = px(112), px(150)
            for row in range(self.work.rowCount()):
                line = self.work.line(self.work.index(row))
                if isinstance(line, WorkRow):
                    reference = max(reference, label.horizontalAdvance(line.row.reference))
                    time = max(time, label.horizontalAdvance(time_line(line)[1]))
                    second = line.next_step if self.narrow else due_line(line, self.work.today)
                    time = max(time, small.horizontalAdvance(second))
            self._widths = reference + px(16), time + px(2)
        return self._widths


def waiting_summary(rows: Sequence[WorkRow], today: date) -> str:
    """What a folded group of waiting cases says: with whom they are, and the next date."""
    words = {"submitted": "with a reviewer", "recorded": "with a reviewer", "escalated": "with the guardian"}
    words |= {"returned": "with its requester", "held": "held"}
    counts: dict[str, int] = {}
    for row in rows:
        said = words.get(row.row.state.value, "waiting")
        counts[said] = counts.get(said, 0) + 1
    dates = [row.row.due_on for row in rows if row.row.due_on and row.days_left is not None]
    parts = ", ".join(f"{count} {said}" for said, count in counts.items())
    if not dates:
        return f"{parts}."
    first = min(dates)
    return f"{parts}. Next due {WEEKDAYS[first.weekday()]} {short_day(first, today)}."


def heads_of(groups: Sequence[Group], looks: dict[str, tuple[str, str]]) -> list[Head]:
    """The heads of these groups; `looks` says icon and colour by key."""
    return [
        Head(group.key, group.title, len(group.rows), *looks.get(group.key, ("clipboard-list", "text")))
        for group in groups
    ]
