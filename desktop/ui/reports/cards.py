"""A grid of a report on the page: its title, the figure that has the keyboard in words, the figures, a note."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Signal
from PySide6.QtWidgets import QVBoxLayout

from desktop.policy.disclosurecontrol import HIDDEN
from desktop.policy.reports import Grid
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.card import Card
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.text import Text
from desktop.ui.reports.grid import ReportGrid
from desktop.ui.reports.gridmodel import cell_name, cell_words
from desktop.ui.theme import current_theme


class GridCard(Card):
    """One grid, which gives way to another with `show_grid`."""

    opened = Signal(int, int)
    """A figure is to be opened: its line and its column."""

    def __init__(self, pane: ScrollPane) -> None:
        """`pane`: what scrolls so that the figure with the keyboard is in sight."""
        super().__init__(padded=False)
        px = current_theme().px
        self._pane = pane
        self._kept_back = ""
        self.over = QVBoxLayout()
        """What stands over the figures."""
        self.over.setContentsMargins(px(16), px(12), px(16), px(8))
        self.over.setSpacing(px(4))
        self.body.addLayout(self.over)
        self.said = Text("", "small", "text-2", wrap=True)
        name_widget(self.said, "figure_said", "The figure that is chosen")
        self.over.addWidget(self.said)
        self._place = QVBoxLayout()
        self.body.addLayout(self._place)
        self.note = Text("", "small", "text-2", wrap=True)
        self.note.setContentsMargins(px(16), px(8), px(16), px(8))
        self.body.addWidget(self.note)
        self.grid: ReportGrid | None = None

    def show_grid(self, grid: Grid, kept_back: str = "") -> ReportGrid:
        """Shows the figures of a grid; the keyboard stays where it was. `kept_back`: why a star is one."""
        before = self.grid
        self._kept_back = kept_back
        made = self.grid = ReportGrid(grid, kept_back)
        at = before.current() if before is not None else (-1, -1)
        focused = before is not None and before.hasFocus()
        clear_layout(self._place)
        self._place.addWidget(made)
        self.note.setText(grid.note)
        self.note.setVisible(bool(grid.note))
        self.said.setText("Enter or a click on a figure lists the cases behind it.")
        made.moved.connect(self._moved)
        made.opened.connect(self.opened)
        if at[0] >= 0:
            made.go_to(*at)
        if focused:
            made.setFocus()
        return made

    def name_of(self, row: int, column: int) -> str:
        """A figure with its name: "Police, Approved – Trace: 3"."""
        made = self.grid
        return f"{cell_name(made.grid, row, column)}: {cell_words(made.grid, row, column)}" if made is not None else ""

    def _moved(self, row: int, column: int) -> None:
        made = self.grid
        if made is None:
            return
        words = cell_words(made.grid, row, column)
        said = f"kept back, {self._kept_back}" if words == HIDDEN else words
        self.said.setText(f"{cell_name(made.grid, row, column)}: {said}")
        if made.hasFocus():
            cell = made.visualRect(made.currentIndex())
            top = made.viewport().mapTo(self._pane.inner, QPoint(0, cell.top()))
            margin = current_theme().px(48)
            bring_into_sight(self._pane, QRect(top, cell.size()), margin)


def bring_into_sight(pane: ScrollPane, rect: QRect, margin: int) -> None:
    """Scrolls a pane downwards or upwards until a part of what is in it shows, with a margin."""
    bar, high = pane.verticalScrollBar(), pane.viewport().height()
    if rect.top() - margin < bar.value():
        bar.setValue(rect.top() - margin)
    elif rect.bottom() + margin > bar.value() + high:
        bar.setValue(rect.bottom() + margin - high)


class Notes(Card):
    """What stands under a report."""

    def __init__(self) -> None:
        super().__init__("About these figures", ground="sunken")

    def show_notes(self, notes: Sequence[str]) -> None:
        """Shows these sentences; none hides the card."""
        clear_layout(self.body)
        for note in notes:
            self.body.addWidget(Text(note, "small", "text-2", wrap=True))
        self.setVisible(bool(notes))
