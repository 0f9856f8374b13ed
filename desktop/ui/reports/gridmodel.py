"""The cells of a report's grid, in words for the eye and for the ear."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from desktop.policy.disclosurecontrol import HIDDEN
from desktop.policy.reports import Grid
from desktop.policy.wording import figures
from desktop.ui.kit.base import as_typed

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


def cell_words(grid: Grid, row: int, column: int) -> str:
    """A cell as it is shown."""
    cell = grid.rows[row].cells[column]
    return figures(cell) if isinstance(cell, int) else cell


def cell_name(grid: Grid, row: int, column: int) -> str:
    """Which figure it is: "Police, Approved – Trace"."""
    return f"{grid.columns[column]}, {grid.rows[row].title}" if grid.columns[column] else grid.rows[row].title


class GridModel(QAbstractTableModel):
    """The cells of a grid, in words for the eye and for the ear. It never changes."""

    def __init__(self, grid: Grid, kept_back: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.grid, self._kept_back = grid, kept_back

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """How many lines."""
        return 0 if parent.isValid() else len(self.grid.rows)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """How many columns of figures."""
        return 0 if parent.isValid() else len(self.grid.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The figure; spoken with its column and its line, and where it is kept back with why."""
        if not index.isValid():
            return None
        words = cell_words(self.grid, index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = f"kept back, {self._kept_back}" if words == HIDDEN else words
            return f"{cell_name(self.grid, index.row(), index.column())}: {said}"
        if role == Qt.ItemDataRole.ToolTipRole and words == HIDDEN:
            return as_typed(f"Kept back: {self._kept_back}")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The titles of columns and lines."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        across = orientation == Qt.Orientation.Horizontal
        titles = self.grid.columns if across else [row.title for row in self.grid.rows]
        return titles[section] if 0 <= section < len(titles) else None
