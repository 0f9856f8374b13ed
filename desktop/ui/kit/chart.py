"""A chart of a report, in the theme's colours; assistive technology reads its figures."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.policy.reports import Chart, chart_words
from desktop.ui.theme import current_theme

_NARROWEST, _USUAL = 240, 480


class ReportChart(QWidget):
    """The bars of a chart, as wide as there is room, and as high as they then need. Its title stands over it, where
    whoever shows it puts it, and is its accessible name; its figures are its accessible description. ``plot`` is how
    high the tallest of standing bars is at 100 % text, if not as usual.
    """

    def __init__(self, chart: Chart, plot: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._chart, self._plot = chart, plot
        self._drawn: tuple[object, QSvgRenderer] | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._theme.changed.connect(self.updateGeometry)
        self.show_chart(chart)

    def show_chart(self, chart: Chart) -> None:
        """Shows another chart."""
        self._chart, self._drawn = chart, None
        self.setAccessibleName(chart.title)
        self.setAccessibleDescription(chart_words(chart))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """480 wide, and as high as that makes it."""
        width = self._theme.px(_USUAL)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """240 wide."""
        return QSize(self._theme.px(_NARROWEST), self.heightForWidth(max(self.width(), self._theme.px(_NARROWEST))))

    def heightForWidth(self, width: int) -> int:
        """As high as the bars and their words need."""
        # ReportLab takes a while to import: a window without a chart does without it.
        from desktop.letters.charts import PLOT, chart_height

        return chart_height(self._chart, width, self._scale, self._plot or PLOT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the chart, which is made anew only where its size or its colours have changed."""
        from desktop.letters.charts import ChartColours, chart_svg

        colour = self._theme.hex
        colours = ChartColours(colour("text"), colour("text-2"), colour("edge"), colour("accent"), colour("surface"))
        key = (self.size(), self._scale, colours)
        if self._drawn is None or self._drawn[0] != key:
            drawn = chart_svg(self._chart, colours, self.width(), self.height(), self._scale)
            self._drawn = (key, QSvgRenderer(QByteArray(drawn)))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._drawn[1].render(painter, QRectF(self.rect()))

    @property
    def _scale(self) -> float:
        return self._theme.text_scale / 100
