"""Long tables: a vector of ids, and some pages of rows around what is in sight, fetched off the GUI thread."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from desktop.ui.kit.base import as_typed, name_widget
from desktop.ui.kit.table_paint import RowLook, is_cut, paint_cell, paint_head
from desktop.ui.theme import current_theme

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
PAGE = 100
_KEPT = 12
_NO_INDEX = QModelIndex()


# No slots: with them, Python 3.11 cannot make a Column[Row](...).
@dataclass(frozen=True)
class Column(Generic[R]):
    """One column: what it shows of a row, how, and by which key it sorts ("" for not at all)."""

    title: str
    getter: Callable[[R], str]
    sort_key: str = ""
    width: int = 0
    """In px at 14 px text; 0 takes what is left."""
    right: bool = False
    style: str = "body"
    colour: Callable[[R], str] | None = None
    """The token of the words; "text" without it."""
    icon: Callable[[R], str] | None = None
    spoken: Callable[[R], str] | None = None
    """What assistive technology says, where that is more than the words."""
    elide: bool = True
    """False for references and dates, which never elide."""


Fetch = Callable[[Sequence[int], Callable[[Sequence[R]], None]], None]
"""``fetch(ids, deliver)``: asks for rows; ``deliver(rows)`` follows on the GUI thread, in any order."""


class PagedModel(QAbstractTableModel, Generic[R]):
    """Rows by id, which ``identity(row)`` gives. A cell that has not arrived yet is empty, and comes when it has."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        fetch: Fetch[R],
        identity: Callable[[R], int],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._fetch, self._identity = fetch, identity
        self._ids: Sequence[int] = ()
        self._pages: OrderedDict[int, dict[int, R]] = OrderedDict()
        self._asked: set[int] = set()
        self._turn = 0
        self.sort_key, self.descending = "", False

    @property
    def ids(self) -> Sequence[int]:
        """The ids, in the order in which they are shown."""
        return self._ids

    def set_ids(self, ids: Sequence[int]) -> None:
        """Shows other rows. Scroll the view to the top before: ``Table.show_ids`` does both."""
        self.beginResetModel()
        self._ids = ids
        self._forget()
        self.endResetModel()

    def extend(self, ids: Sequence[int]) -> None:
        """Shows these, of which so far the first were shown: what is in sight stays, where they still begin so."""
        if ids[: (there := len(self._ids))] != self._ids:
            self.set_ids(ids)
        elif len(ids) > there:
            self.beginInsertRows(_NO_INDEX, there, len(ids) - 1)
            self._ids = ids
            self._pages.pop(there // PAGE, None)  # It was not full.
            self.endInsertRows()

    def reload(self) -> None:
        """Fetches the rows in sight anew: something about them has changed, their order has not."""
        self._forget()
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, len(self.columns) - 1))

    def row(self, number: int) -> R | None:
        """The row at this place, or None while it is on its way."""
        if not 0 <= number < len(self._ids):
            return None
        page = self._pages.get(number // PAGE)
        if page is None:
            self._ask(number // PAGE)
            page = self._pages.get(number // PAGE)
            if page is None:
                return None
        self._pages.move_to_end(number // PAGE)
        return page.get(self._ids[number])

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """How many ids."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """How many columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words for the eye and for the ear."""
        if not index.isValid():
            return None
        roles = Qt.ItemDataRole
        if role not in (roles.DisplayRole, roles.AccessibleTextRole, roles.UserRole):
            return None
        row = self.row(index.row())
        if role == roles.UserRole:
            return row
        if row is None:
            return ""
        column = self.columns[index.column()]
        if role == roles.AccessibleTextRole:
            return f"{column.title}: {(column.spoken or column.getter)(row)}"
        return column.getter(row)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The titles; assistive technology hears which one sorts."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        sorts = column.sort_key and column.sort_key == self.sort_key
        if role == Qt.ItemDataRole.AccessibleTextRole and sorts:
            return f"{column.title}, sorted {'descending' if self.descending else 'ascending'}"
        return column.title if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None

    def _forget(self) -> None:
        self._pages.clear()
        self._asked.clear()
        self._turn += 1

    def _ask(self, page: int) -> None:
        if page in self._asked:
            return
        self._asked.add(page)
        turn = self._turn
        self._fetch(self._ids[page * PAGE : (page + 1) * PAGE], lambda rows: self._deliver(turn, page, rows))

    def _deliver(self, turn: int, page: int, rows: Sequence[R]) -> None:
        """Keeps a page. One that was asked for before the ids changed is dropped."""
        if turn != self._turn:
            return
        self._asked.discard(page)
        self._pages[page] = {self._identity(row): row for row in rows}
        while len(self._pages) > _KEPT:
            self._pages.popitem(last=False)
        first, last = page * PAGE, min((page + 1) * PAGE, len(self._ids)) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))


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


class Table(QTableView, Generic[R]):
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
        super().__init__(parent)
        self._theme = current_theme()
        self.paged = model
        self.hovered = -1
        self.mark = ""
        """Words to mark at the start of names: what was searched for."""
        self._dense = dense
        name_widget(self, name, label)
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
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalHeader().hide()
        # A least height above the rows' own would pin them to it when the text grows.
        self.verticalHeader().setMinimumSectionSize(1)
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
