"""What every table has in common: its delegate and its headers draw all of it, nothing is edited, and Tab leaves it."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from desktop.ui.kit.base import name_widget
from desktop.ui.theme import current_theme


class DrawnTable(QTableView):
    """A table of which Qt itself draws nothing."""

    def __init__(self, name: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        name_widget(self, name, label)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        # A least height above the rows' own would pin them to it when the text grows.
        self.verticalHeader().setMinimumSectionSize(1)
