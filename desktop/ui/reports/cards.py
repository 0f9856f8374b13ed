"""A grid of a report on the page: its title, the figure that has the keyboard in words, the figures, their chart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QElapsedTimer, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from desktop.policy.disclosurecontrol import HIDDEN
from desktop.policy.reports import Chart, Grid
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.card import Card
from desktop.ui.kit.chart import ReportChart
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.text import Text
from desktop.ui.reports.grid import ReportGrid
from desktop.ui.reports.gridmodel import cell_name, cell_words
from desktop.ui.theme import current_theme

_BESIDE = 960
"""The width from which a chart stands beside its figures, where these fit there, and not below them."""
_SHARES = (3, 2)
"""How figures and their chart share the width."""
_LINE = 1
"""The card's line, within which they stand."""
_IN_LINE = 720
"""The width from which the chosen figure is told beside the title, and not below it."""
_SAME = "The table beside it has the same figures: Enter goes there."
_NO_ROW = "There is nothing to count here."
_HINT = "Enter or a click on a figure lists the cases behind it."
_HINT_STARS = "Enter or a click on a figure lists the cases behind it, but where a star stands."


_AROUND, _USUAL, _HIGHEST = 110, 130, 290
"""How high what stands above and below bars is, and from which height on and to which they grow with their grid."""


class GridCard(Card):
    """One grid, which gives way to another with `show_grid`."""

    opened = Signal(int, int)
    """A figure is to be opened: its line and its column."""

    def __init__(self, pane: ScrollPane, lead: QWidget, *, hint: bool = True) -> None:
        """`pane`: what scrolls so that the figure with the keyboard is in sight. `lead` stands over the figures, and
        beside it until one is chosen, with `hint`, what can be done with them.
        """
        super().__init__(padded=False)
        px = current_theme().px
        self._pane = pane
        self._kept_back = ""
        self._over = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._over.setContentsMargins(px(16), px(12), px(16), px(8))
        self._over.setSpacing(px(16))
        self.body.addLayout(self._over)
        self._over.addWidget(lead, 0, Qt.AlignmentFlag.AlignLeft)
        self._hint = hint
        self.said = Text(_HINT if hint else "", "small", "text-2", wrap=True)
        name_widget(self.said, "figure_said", "The figure that is chosen")
        self._over.addWidget(self.said, 1, Qt.AlignmentFlag.AlignVCenter)
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._across.setSpacing(0)
        self._figures = QVBoxLayout()
        self._across.addLayout(self._figures, _SHARES[0])
        self.body.addLayout(self._across)
        self.chart: QWidget | None = None
        self.bars: ReportChart | None = None
        self.note = Text("", "small", "text-2", wrap=True)
        self._under = QWidget()
        under = QVBoxLayout(self._under)
        under.setContentsMargins(px(16), px(8), px(16), px(10))
        under.addWidget(self.note)
        self.body.addWidget(self._under)
        self.grid: ReportGrid | None = None
        pane.verticalScrollBar().valueChanged.connect(self._keep_titles)

    def show_grid(self, grid: Grid, kept_back: str = "") -> ReportGrid:
        """Shows the figures of a grid; the keyboard stays where it was. `kept_back`: what a star stands for."""
        before = self.grid
        self._kept_back = kept_back
        made = self.grid = ReportGrid(grid, kept_back)
        at = before.current() if before is not None else (-1, -1)
        focused = before is not None and before.hasFocus()
        clear_layout(self._figures)
        self._figures.addWidget(made)
        self._figures.addStretch(1)
        note = grid.note if grid.rows else f"{_NO_ROW} {grid.note}".strip()
        self.note.setText(note)
        self._under.setVisible(bool(note))
        made.moved.connect(self._moved)
        made.opened.connect(self.opened)
        if at[0] >= 0:
            made.go_to(*at)
        elif self._hint:
            starred = any(HIDDEN in row.cells for row in grid.rows)
            self.said.setText(_HINT_STARS if starred else _HINT)
        if focused:
            # Shown at once, and not when the layout comes to it: what is not shown cannot have the keyboard.
            made.show()
            made.setFocus()
        return made

    def show_chart(self, chart: Chart) -> None:
        """Shows the same figures as bars, beside the grid where there is room."""
        if self.bars is None:
            px = current_theme().px
            self.bars = ReportChart(chart, self._plot(), table=_SAME)
            self.bars.followed.connect(self._to_table)
            self.chart = QWidget()
            column = QVBoxLayout(self.chart)
            column.setContentsMargins(px(16), px(8), px(16), px(8))
            column.addWidget(self.bars)
            column.addStretch(1)
            self._across.addWidget(self.chart, _SHARES[1])
        else:
            self.bars.show_chart(chart)
        if self.grid is not None:
            self.setTabOrder(self.grid, self.bars)
        self._arrange()

    def _plot(self) -> int:
        """How high bars stand beside a grid of many lines; 0 for as usual."""
        high = 0 if self.grid is None else self.grid.minimumHeight() * 100 // current_theme().text_scale
        return min(high - _AROUND, _HIGHEST) if high > _AROUND + _USUAL else 0

    def _to_table(self) -> None:
        if self.grid is not None:
            self.grid.setFocus()

    def name_of(self, row: int, column: int) -> str:
        """A figure with its name: "Police, Approved – Trace: 3"."""
        made = self.grid
        return f"{cell_name(made.grid, row, column)}: {cell_words(made.grid, row, column)}" if made is not None else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room beside the figures, their chart is below them."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        ways, px = QBoxLayout.Direction, current_theme().px
        room = (self.width() - 2 * _LINE) * _SHARES[0] // sum(_SHARES)
        fits = self.grid is None or self.grid.least_width() <= room
        for layout, beside in (
            (self._across, fits and self.width() >= px(_BESIDE)),
            (self._over, self.width() >= px(_IN_LINE)),
        ):
            layout.setDirection(ways.LeftToRight if beside else ways.TopToBottom)

    def _keep_titles(self, scrolled: int) -> None:
        """The titles of the columns stay in sight while the lines go by."""
        if self.grid is not None and self._pane.isAncestorOf(self.grid):
            self.grid.show_titles_at(scrolled - self.grid.mapTo(self._pane.inner, QPoint()).y())

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
            bring_into_sight(self._pane, QRect(top, cell.size()), current_theme().px(48))


def bring_into_sight(pane: ScrollPane, rect: QRect, margin: int) -> None:
    """Scrolls a pane downwards or upwards until a part of what is in it shows, with a margin where there is room."""
    bar, high = pane.verticalScrollBar(), pane.viewport().height()
    margin = max(0, min(margin, (high - rect.height()) // 2))
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


_TURN = 4
"""Milliseconds for which grids are shown one after the other, before whatever else waits has its turn."""


class GridCards(QWidget):
    """Every grid of a report, each with its title and its chart. `opened`: the numbers of grid, line and column."""

    opened = Signal(int, int, int)

    def __init__(self, pane: ScrollPane) -> None:
        super().__init__()
        self._pane = pane
        self.cards: list[GridCard] = []
        self._to_show: Iterator[None] = iter(())
        self._next = QTimer(self, interval=0)
        self._next.timeout.connect(self._show_some)
        self._to_draw: Iterator[GridCard] = iter(())
        self._drawing = QTimer(self, interval=0)
        self._drawing.timeout.connect(self._draw_one)
        self._shape: tuple[list[str], list[int]] = ([], [])
        """The titles of the grids, and which of them have a chart."""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(current_theme().px(12))

    @property
    def whole(self) -> bool:
        """Whether all that is to be shown is."""
        return self.updatesEnabled() and not self._drawing.isActive()

    def show_grids(self, grids: Sequence[Grid], charts: Sequence[Chart], kept_back: str = "") -> None:
        """Shows a report: its grids are made in turns, which hold nothing up, and drawn so once they have their places.
        Where it has the same grids as before, the keyboard stays on its figure.
        """
        shape = ([one.title for one in grids], [one.grid for one in charts])
        if shape != self._shape:
            clear_layout(self._column)
            self.cards, self._shape = [], shape
        self._drawing.stop()
        self.setUpdatesEnabled(False)
        self._to_show = self._showing(grids, {one.grid: one for one in charts}, kept_back)
        next(self._to_show, None)
        self._next.start()

    def _showing(self, grids: Sequence[Grid], charts: Mapping[int, Chart], kept_back: str) -> Iterator[None]:
        for at, grid in enumerate(grids):
            if at == len(self.cards):
                self.cards.append(self._card(at, grid))
            self.cards[at].show_grid(grid, kept_back)
            if at in charts:
                self.cards[at].show_chart(charts[at])
            yield

    def _show_some(self) -> None:
        turn = QElapsedTimer()
        turn.start()
        for _shown in self._to_show:
            if turn.elapsed() > _TURN:
                return
        self._next.stop()
        for card in self.cards:
            card.setUpdatesEnabled(False)
        # After the layouts, which are under way now.
        self._drawing.start()

    def _draw_one(self) -> None:
        """Draws the next card that is in sight, in a turn of its own: each may have a chart."""
        if not self.updatesEnabled():
            self.setUpdatesEnabled(True)
            sight = [card for card in self.cards if not card.visibleRegion().isEmpty()]
            for one in self.cards:
                one.setUpdatesEnabled(one not in sight)
            self._to_draw = iter(sight)
        if (card := next(self._to_draw, None)) is not None:
            card.setUpdatesEnabled(True)
        else:
            self._drawing.stop()

    def _card(self, at: int, grid: Grid) -> GridCard:
        card = GridCard(self._pane, Text(grid.title, "strong"), hint=at == 0)
        card.opened.connect(lambda row, column: self.opened.emit(at, row, column))
        self._column.addWidget(card)
        return card
