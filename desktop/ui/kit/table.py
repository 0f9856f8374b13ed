"""Long tables of whole rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from desktop.ui.kit.base import as_typed
from desktop.ui.kit.drawntable import DrawnTable
from desktop.ui.kit.pagedmodel import Index, PagedModel
from desktop.ui.kit.table_paint import RowLook, is_cut, paint_cell, paint_head
from desktop.ui.theme import current_theme

R = TypeVar("R")


class _Delegate(QStyledItemDelegate):
    """Draws cells of a whole row: its fill, the divider, the focus 2 px inside."""

    def __init__(self, table: Table[R]) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws one cell."""
        paint_cell(current_theme(), painter, option.rect, self._look(index))

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """What has no room in its cell is whole in a tooltip."""
        look = self._look(index)
        shown = event.type() == QEvent.Type.ToolTip and is_cut(current_theme(), option.rect, look)
        QToolTip.showText(event.globalPos(), as_typed(look.words) if shown else "", view)
        return True

    def _look(self, index: Index) -> RowLook:
        table = self._table
        model = table.paged
        column = model.columns[index.column()]
        row = model.row(index.row())
        header = table.horizontalHeader()
        place = header.visualIndex(index.column())
        current = table.currentIndex().row() == index.row()
        return RowLook(
            words=column.getter(row) if row is not None else "",
            style=column.style,
            colour=column.colour(row) if row is not None and column.colour is not None else "text",
            icon=column.icon(row) if row is not None and column.icon is not None else "",
            right=column.right,
            elide=column.elide,
            selected=current or table.selectionModel().isSelected(index),
            hovered=table.hovered == index.row(),
            focused=current and table.hasFocus(),
            first=place == 0,
            last=place == header.count() - 1,
            mark=table.mark,
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The table's own row height."""
        return QSize(0, self._table.row_height())


class _Head(QHeaderView):
    """Heads of 32 in `sunken`; the one that sorts is ink, 600, with an arrow."""

    def __init__(self, table: Table[R]) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setSectionsClickable(True)
        self.setHighlightSections(False)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Draws one head."""
        model = self._table.paged
        if not 0 <= logicalIndex < len(model.columns):
            return
        column = model.columns[logicalIndex]
        way = ""
        if column.sort_key and column.sort_key == model.sort_key:
            way = "arrow-down" if model.descending else "arrow-up"
        first = self.visualIndex(logicalIndex) == 0
        paint_head(current_theme(), painter, rect, (column.title, way), first=first, right=column.right)


class Table(DrawnTable, Generic[R]):
    """A table of whole rows over a PagedModel. Enter opens, Space previews, a click on a head sorts, Tab leaves it."""

    opened = Signal(object)
    """Enter or a double click: the row."""
    previewed = Signal(object)
    """Space: the row."""
    moved = Signal(object)
    """Another row is current: the row, or None while it is on its way."""
    sorted_by = Signal(str, bool)
    """(sort key, descending): fetch the ids in this order, then show_ids()."""

    def __init__(
        self, name: str, label: str, model: PagedModel[R], *, dense: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, label, parent)
        self.paged = model
        self.hovered = -1
        self.mark = ""
        """Words to mark at the start of names: what was searched for."""
        self._dense = dense
        self._head = _Head(self)
        self.setHorizontalHeader(self._head)
        self.setModel(model)
        self.setItemDelegate(_Delegate(self))
        self._set_up()
        self._head.sectionClicked.connect(self._head_clicked)
        self.doubleClicked.connect(self._double_clicked)
        self.entered.connect(self._entered)
        model.dataChanged.connect(self._arrived)
        model.modelReset.connect(self._measure)
        self._theme.changed.connect(self._measure)
        self._measure()

    def current_row(self) -> R | None:
        """The current row, or None."""
        return self.paged.row(self.currentIndex().row())

    def row_height(self) -> int:
        """28 dense, else 36."""
        return self._theme.px(28 if self._dense else 36)

    def show_ids(self, ids: Sequence[int], keep: int = 0) -> None:
        """Shows other rows from the top; `keep` is the id that is to be current if it is among the first 1,000."""
        self.scrollToTop()
        self.paged.set_ids(ids)
        at = next((place for place, one in enumerate(ids[:1000]) if one == keep), -1)
        if at >= 0:
            self.selectRow(at)

    def set_sort(self, key: str, descending: bool) -> None:
        """Shows which column sorts."""
        self.paged.sort_key, self.paged.descending = key, descending
        self._head.viewport().update()

    def drop(self, least: Mapping[str, int], width: int) -> None:
        """Goes without the columns of these titles on a page that is narrower than the least width of each."""
        for number, column in enumerate(self.paged.columns):
            self.setColumnHidden(number, width < self._theme.px(least.get(column.title, 0)))

    def set_mark(self, words: str) -> None:
        """Marks these words where a cell begins with them."""
        self.mark = words
        self.viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tells which row is current."""
        super().currentChanged(current, previous)
        self.viewport().update()
        if current.row() != previous.row():
            self.moved.emit(self.paged.row(current.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Space previews, Home and End go to the ends; left and right are the page's."""
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._double_clicked(self.currentIndex())
        elif plain and key == Qt.Key.Key_Space:
            if (row := self.current_row()) is not None:
                self.previewed.emit(row)
        elif plain and key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.selectRow(0 if key == Qt.Key.Key_Home else self.paged.rowCount() - 1)
        elif plain and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Takes the hover fill away."""
        self.hovered = -1
        self.viewport().update()

    def _set_up(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _measure(self) -> None:
        px = self._theme.px
        self._head.setFixedHeight(px(32))
        self._head.setMinimumSectionSize(px(40))
        self.verticalHeader().setDefaultSectionSize(self.row_height())
        stretch = [at for at, column in enumerate(self.paged.columns) if not column.width]
        for at, column in enumerate(self.paged.columns):
            mode = QHeaderView.ResizeMode.Stretch if at in stretch else QHeaderView.ResizeMode.Interactive
            self._head.setSectionResizeMode(at, mode)
            if column.width:
                self._head.resizeSection(at, px(column.width))

    def _head_clicked(self, section: int) -> None:
        key = self.paged.columns[section].sort_key
        if key:
            descending = not self.paged.descending if key == self.paged.sort_key else False
            self.set_sort(key, descending)
            self.sorted_by.emit(key, descending)

    def _entered(self, index: QModelIndex) -> None:
        self.hovered = index.row()
        self.viewport().update()

    def _arrived(self, first: QModelIndex, last: QModelIndex) -> None:
        """The current row may have been on its way when it became current."""
        at = self.currentIndex().row()
        if first.row() <= at <= last.row():
            self.moved.emit(self.paged.row(at))

    def _double_clicked(self, index: QModelIndex) -> None:
        row = self.paged.row(index.row())
        if row is not None:
            self.opened.emit(row)
