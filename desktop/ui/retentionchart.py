"""How much falls due in each month, as bars with their figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desktop.policy.dates import MONTHS
from desktop.policy.wording import figures
from desktop.ui.kit.base import draw_box
from desktop.ui.kit.small import Swatch
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

MONTHS_SHOWN = 12
_HEIGHT = 88


class DueChart(QWidget):
    """Twelve bars. Assistive technology reads the figures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._months: Sequence[tuple[date, int]] = ()
        self._held: Mapping[date, int] = {}
        self.setObjectName("due_chart")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._theme.changed.connect(self.updateGeometry)

    def show_months(self, months: Sequence[tuple[date, int]], held: Mapping[date, int]) -> None:
        """Shows the count of each month, and how much of it is on hold."""
        self._months, self._held = months, held
        told = []
        for on, count in months:
            also = f", {figures(held[on])} on hold" if held.get(on) else ""
            told.append(f"{MONTHS[on.month - 1]} {on.year}: {figures(count)}{also}")
        self.setAccessibleName("What falls due, month by month")
        self.setAccessibleDescription(", ".join(told))
        self.update()

    def sizeHint(self) -> QSize:
        """88 high, and higher where nothing else stands on the page."""
        return QSize(self._theme.px(480), self._theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """As high; any width."""
        return QSize(0, self._theme.px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the bars on their line, the count above and the month below."""
        if not self._months:
            return
        painter, theme, px = QPainter(self), self._theme, self._theme.px
        painter.setFont(theme.font("tiny"))
        room = self.height() - px(20) - px(18)
        most = max(1, *(count for _on, count in self._months))
        step = self.width() / len(self._months)
        base = self.height() - px(20)
        for at, (on, count) in enumerate(self._months):
            middle = round(step * (at + 0.5))
            high = round(room * count / most)
            bar = QRectF(middle - px(12), base - high, px(24), high)
            if count:
                # What is on hold is on top, and hollow.
                draw_box(painter, bar, theme.colour("surface"), theme.colour("edge"), 1, px(2))
                bar.setTop(base - round(room * (count - self._held.get(on, 0)) / most))
                painter.fillRect(bar, theme.colour("accent"))
            painter.setPen(theme.colour("text" if count else "text-3"))
            above = QRect(middle - px(24), base - high - px(18), px(48), px(16))
            painter.drawText(above, int(Qt.AlignmentFlag.AlignCenter), figures(count))
            painter.setPen(theme.colour("text-2"))
            below = QRect(round(middle - step / 2), base + px(4), round(step), px(16))
            painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), MONTHS[on.month - 1][:3])
        painter.fillRect(0, base, self.width(), 1, theme.colour("edge"))


def chart_legend() -> QWidget:
    """What full and hollow mean."""
    legend = QWidget()
    row = QHBoxLayout(legend)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(current_theme().px(8))
    for words, fill, edge in (("To review", "accent", "accent"), ("On hold", "surface", "edge")):
        row.addWidget(Swatch(fill, edge))
        row.addWidget(Text(words, "small", "text-2"))
    return legend
