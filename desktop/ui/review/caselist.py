"""A list of cases beside what is decided: each a reference, a mark and two lines below, painted by a delegate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

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

from desktop.ui.kit.base import draw_box, name_widget
from desktop.ui.theme import current_theme

Index = QModelIndex | QPersistentModelIndex
R = TypeVar("R")
ROW = 68
REST = 250
"""Milliseconds after which the keyboard rests on a case."""
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Shown:
    """A case as its row says it. ``mark``: words, icon and colour, "" for nothing. ``last``: icon, words and colour."""

    id: int
    reference: str
    mark: tuple[str, str, str]
    requester: str
    last: tuple[str, str, str]
    why: str = ""
    """Why this person decides nothing here, in place of what stands below the reference."""


class CaseListModel(QAbstractListModel, Generic[R]):
    """The rows of a list."""

    def __init__(self, shown: Callable[[R], Shown], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown = shown
        self.rows: Sequence[R] = ()

    def show_rows(self, rows: Sequence[R]) -> None:
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
        one = self.shown(self.rows[index.row()])
        parts = (one.reference, one.requester, one.last[1], one.mark[0], one.why)
        return ", ".join(part for part in parts if part)


class _Delegate(QStyledItemDelegate, Generic[R]):
    def __init__(self, view: CaseList[R]) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, current_theme().px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Reference and mark, requester, the last line; or why this person cannot decide it."""
        theme, px = current_theme(), current_theme().px
        model = self._view.model_
        one = model.shown(model.rows[index.row()])
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
        self._draw(painter, first, one.reference, "body" if one.why else "strong", "text-3" if one.why else "text")
        words, icon, colour = ("", "lock", "text-3") if one.why else one.mark
        if icon:
            width = theme.metrics("tiny-strong").horizontalAdvance(words) + px(20)
            left = first.right() - width
            theme.draw_icon(painter, icon, left, first.top() + px(3), colour, 14)
            self._draw(painter, QRect(left + px(18), first.top(), width, line), words, "tiny-strong", colour)
        second = first.translated(0, line)
        if one.why:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.colour("text-3"))
            room = QRect(second.left(), second.top(), second.width(), line * 2)
            painter.drawText(room, int(Qt.TextFlag.TextWordWrap), one.why)
        else:
            self._draw(painter, second, one.requester, "small", "text-2")
            icon, words, colour = one.last
            third = second.translated(0, line)
            theme.draw_icon(painter, icon, third.left(), third.top() + px(2), colour, 14)
            self._draw(painter, third.adjusted(px(20), 0, 0, 0), words, "small", colour)
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


class CaseList(QListView, Generic[R]):
    """The list. `chosen` fires when a row is chosen, or the keyboard rests on it.

    To open a case is a consultation that is journalled: those that the arrows only pass are not opened, and the list
    does not choose by itself when it gets the keyboard.
    """

    chosen = Signal(object)

    def __init__(self, name: str, label: str, shown: Callable[[R], Shown], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_: CaseListModel[R] = CaseListModel(shown, self)
        name_widget(self, name, label)
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

    def show_rows(self, rows: Sequence[R], current: int) -> None:
        """Shows rows; the one with the id `current` stays current. Fires nothing."""
        self._quiet = True
        self.model_.show_rows(rows)
        if (at := self._place(current)) >= 0:
            self.setCurrentIndex(self.model_.index(at))
        self._quiet = False

    def choose(self, number: int) -> None:
        """Makes the row with this id current, as a click does."""
        if (at := self._place(number)) >= 0:
            self.setCurrentIndex(self.model_.index(at))

    def let_go(self) -> None:
        """Makes no row current. Fires nothing."""
        self._rest.stop()
        self._quiet = True
        self.setCurrentIndex(QModelIndex())
        self._quiet = False

    def _place(self, number: int) -> int:
        return next((n for n, one in enumerate(self.model_.rows) if self.model_.shown(one).id == number), -1)

    def current(self) -> R | None:
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
