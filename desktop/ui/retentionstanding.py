"""How timers stand by what people decided, and the chips that show those of one standing alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.casework.standing import Standing
from desktop.policy.wording import figures
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.chip import Chip
from desktop.ui.kit.flow import Flow
from desktop.ui.theme import current_theme

LOOKS: Mapping[Standing, tuple[str, str, str]] = {
    "held": ("On hold", "circle-pause", "violet"),
    "proposed": ("On a run", "shredder", "text"),
    "retained": ("Kept longer", "archive", "text-2"),
}
"""The words, the icon and the token of its colour."""


class StandingChips(QWidget):
    """A chip for each standing that is listed, and for the one in use. `changed` when another, or none, is `wanted`."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name_widget(self, "standings", "How they stand")
        self.wanted: Standing | None = None
        row = Flow(self, current_theme().px(8))
        self.chips: dict[Standing, Chip] = {}
        for key, (words, _icon, _ink) in LOOKS.items():
            chip = self.chips[key] = Chip(words, name=f"standing_{key}")
            row.addWidget(chip)
            chip.clicked.connect(lambda _on, key=key: self.choose(None if key == self.wanted else key))
            chip.removed.connect(lambda: self.choose(None))

    def choose(self, key: Standing | None) -> None:
        """Wants one standing, or all for None."""
        self.wanted = key
        for name, chip in self.chips.items():
            chip.set_in_use(name == key)
        self.changed.emit()

    def keep(self, there: Collection[Standing]) -> None:
        """What there is none of any more is wanted no longer."""
        if self.wanted is not None and self.wanted not in there:
            self.choose(None)

    def show_standings(self, listed: Iterable[Standing]) -> None:
        """Shows how many there are of each in the list; nothing where there is nothing to choose."""
        counts = Counter(listed)
        for key, chip in self.chips.items():
            chip.set_second(figures(counts[key]))
            chip.setVisible(bool(counts[key]) or key == self.wanted)
        self.setVisible(bool(counts) or self.wanted is not None)
