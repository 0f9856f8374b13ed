"""Plain tables of Administration: columns with a title, a getter and a width; rows are frozen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop.ui.kit.base import name_widget
from desktop.ui.theme import current_theme

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column. `width` is in px at 14 px text; 0 takes what is left."""

    title: str
    words: Callable[[R], str]
    width: int = 0
    faint: Callable[[R], bool] | None = None
    """Whether the words stand back, as those of an account that is switched off."""


class RowsModel(QAbstractTableModel, Generic[R]):
    """Rows and their columns."""

    def __init__(self, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: tuple[R, ...] = ()

    def show_rows(self, rows: Sequence[R]) -> None:
        """Shows these."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        """How many rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        """How many columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of a cell."""
        if not index.isValid():
            return None
        column, row = self.columns[index.column()], self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.words(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}: {column.words(row)}"
        if role == Qt.ItemDataRole.ForegroundRole and column.faint is not None and column.faint(row):
            return current_theme().colour("text-3")
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The title of a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None


class RowsDelegate(QStyledItemDelegate):
    """Paints cells with air at both sides, the divider, the bar of the selected row and the focus ring inside it."""

    def __init__(self, table: RowsTable) -> None:
        super().__init__(table)
        self._table = table
        self._theme = current_theme()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paints one cell of a row."""
        theme, px = self._theme, self._theme.px
        rect = QRect(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, theme.colour("selected"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("line"))
        ink = index.data(Qt.ItemDataRole.ForegroundRole) or theme.colour("text")
        words = str(index.data() or "")
        painter.setFont(theme.font("label" if index.column() == 0 else "body"))
        painter.setPen(ink)
        room = rect.adjusted(px(12), 0, -px(4), 0)
        said = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), said)
        if selected:
            self._paint_edges(painter, rect, index)

    def _paint_edges(self, painter: QPainter, rect: QRect, index: Index) -> None:
        if index.column() == 0:
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), self._theme.colour("accent"))
        if not self._table.hasFocus():
            return
        focus = self._theme.colour("focus")
        painter.fillRect(rect.left(), rect.top(), rect.width(), 2, focus)
        painter.fillRect(rect.left(), rect.bottom() - 1, rect.width(), 2, focus)
        if index.column() == 0:
            painter.fillRect(rect.left(), rect.top(), 2, rect.height(), focus)
        if index.column() == index.model().columnCount() - 1:
            painter.fillRect(rect.right() - 1, rect.top(), 2, rect.height(), focus)


class RowsTable(QTableView):
    """A table of whole rows: heads 32, rows 36, Tab leaves it."""

    def __init__(self, name: str, label: str, model: RowsModel[R], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._columns = [column.width for column in model.columns]
        name_widget(self, name, label)
        self.setModel(model)
        self.setItemDelegate(RowsDelegate(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self._theme.changed.connect(self._measure)
        self._measure()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leaves left and right to the page: rows are chosen whole."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.modifiers():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _measure(self) -> None:
        px = self._theme.px
        head = self.horizontalHeader()
        head.setFont(self._theme.font("tiny-strong"))
        head.setFixedHeight(px(32))
        head.setStyleSheet(f"QHeaderView::section {{ padding-left: {px(12)}px; }}")
        self.verticalHeader().setMinimumSectionSize(px(28))
        self.verticalHeader().setDefaultSectionSize(px(36))
        for at, width in enumerate(self._columns):
            if width:
                head.setSectionResizeMode(at, QHeaderView.ResizeMode.Interactive)
                self.setColumnWidth(at, px(width))
            else:
                head.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
