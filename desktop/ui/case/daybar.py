"""The days of a clock as one small box each: past ones are filled."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.ui.kit.base import draw_box
from desktop.ui.theme import current_theme

MOST = 40
"""A clock with more days shows this many boxes, each for several."""


class DayTicks(QWidget):
    """6 by 10 boxes, 2 apart. Decoration beside the words that say the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._past, self._count, self._colour = 0, 0, "accent"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._theme.changed.connect(self.updateGeometry)

    def show_days(self, past: int, count: int, left: int) -> None:
        """`past` of `count` days are over; `left` days are left: amber from 3, red when late."""
        each = max(1, -(-count // MOST))
        self._past, self._count = past // each, count // each
        self._colour = "red" if left < 0 else "amber" if left <= 3 else "accent"
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """All boxes in a row."""
        px = self._theme.px
        return QSize(max(0, self._count * px(8) - px(2)), px(10))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the boxes."""
        painter = QPainter(self)
        theme, px = self._theme, self._theme.px
        for index in range(self._count):
            box = QRectF(index * px(8), 0, px(6), px(10))
            colour = theme.colour(self._colour)
            past = index < self._past
            draw_box(painter, box, colour if past else None, None if past else theme.colour("edge"), 1, px(1.5))
