"""A chart of a report, in the theme's colours; assistive technology reads its figures."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.policy.reports import Chart, chart_words
from desktop.ui.theme import current_theme

_NARROWEST, _USUAL = 240, 480


class ReportChart(QLabel):
    """The bars of a chart, as wide as there is room, and as high as they then need. Its title stands over it, where
    whoever shows it puts it, and is its accessible name; its figures are its accessible description. ``plot`` is how
    high the tallest of standing bars is at 100 % text, if not as usual.

    With ``table``, its words for where the figures stand, Tab goes to it too, and Enter or a click leads there.
    """

    followed = Signal()
    """Whoever looks at it wants its table."""

    def __init__(self, chart: Chart, plot: int = 0, table: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # What has a picture is one to assistive technology: a plain widget is nothing, and is passed over.
        blank = QPixmap(1, 1)
        blank.fill(Qt.GlobalColor.transparent)
        self.setPixmap(blank)
        self._table = table
        if table:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
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
        self.setAccessibleDescription(f"{chart_words(chart)} {self._table}".strip())
        self.updateGeometry()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space lead to the table."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self._table and plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.followed.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """So does a click."""
        super().mouseReleaseEvent(event)
        if self._table:
            self.followed.emit()

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
