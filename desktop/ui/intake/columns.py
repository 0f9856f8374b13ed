"""Which column of a file fills which field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.policy.agreements import Agreement
from desktop.policy.intake import Target, targets
from desktop.policy.tables import Table
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.inputs import Combo
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

_NOT_USED = "Not used"


class ColumnChoices(QWidget):
    """A row for each heading: its first value, and a list of the fields."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name_widget(self, "columns", "Columns of the file")
        self._targets: tuple[Target, ...] = ()
        self.combos: list[Combo] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_table(self, agreement: Agreement, table: Table, chosen: Sequence[Target | None]) -> None:
        """Offers the agreement's fields for each column."""
        clear_layout(self._column)
        self._targets = targets(agreement)
        self.combos = []
        px = current_theme().px
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(6))
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(2, 3)
        for at, words in enumerate(("In the file", "First row", "Fills")):
            grid.addWidget(Text(words, "small-label", "text-2"), 0, at)
        first = table.rows[0].cells
        for at, heading in enumerate(table.headings):
            label = Text(heading or f"Column {at + 1}", "label", elide=True)
            combo = Combo()
            combo.addItem(_NOT_USED)
            combo.addItems([one.label for one in self._targets])
            name_widget(combo, f"column_{at}", f"Column {heading or at + 1} fills")
            target = chosen[at]
            combo.setCurrentIndex(self._targets.index(target) + 1 if target in self._targets else 0)
            combo.activated.connect(lambda _index, at=at: self._chosen(at))
            label.setBuddy(combo)
            self.combos.append(combo)
            example = first[at] if at < len(first) else ""
            grid.addWidget(label, at + 1, 0)
            grid.addWidget(Text(" ".join(example.split()), "small", "text-2", elide=True), at + 1, 1)
            grid.addWidget(combo, at + 1, 2)
        self._column.addLayout(grid)

    def columns(self) -> tuple[Target | None, ...]:
        """What each column fills."""
        return tuple(
            self._targets[combo.currentIndex() - 1] if combo.currentIndex() > 0 else None for combo in self.combos
        )

    def _chosen(self, at: int) -> None:
        """No field is filled by two columns: another one that filled it is not used any more."""
        index = self.combos[at].currentIndex()
        for other, combo in enumerate(self.combos):
            if other != at and index > 0 and combo.currentIndex() == index:
                combo.setCurrentIndex(0)
        self.edited.emit()
