"""The rows of long tables: a vector of ids, and pages of rows around those in sight, fetched off the GUI thread."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

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
