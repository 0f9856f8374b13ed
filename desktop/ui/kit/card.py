"""Cards and panes: a surface with a line around it, a ground, and what stands on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.kit.base import draw_box
from desktop.ui.kit.flow import Flow
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CORNER


class Ground(QWidget):
    """A plain ground in a token's colour, with lines at the edges named in `lines`: "top bottom left right"."""

    def __init__(self, ground: str = "canvas", lines: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._ground, self._lines = ground, lines.split()
        self._theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fills it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour(self._ground))
        line = self._theme.colour("line")
        last_x, last_y = self.width() - 1, self.height() - 1
        edges = {
            "top": (0, 0, self.width(), 1),
            "bottom": (0, last_y, self.width(), 1),
            "left": (0, 0, 1, self.height()),
            "right": (last_x, 0, 1, self.height()),
        }
        for edge in self._lines:
            painter.fillRect(*edges[edge], line)


class Card(QWidget):
    """A surface with a 1 px line and 6 px corners. Put things into `body`; `head` is the row of the title."""

    def __init__(
        self,
        title: str = "",
        *,
        note: str = "",
        ground: str = "surface",
        padded: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._ground = ground
        px = self._theme.px
        column = QVBoxLayout(self)
        margins = (px(16), px(12), px(16), px(16)) if padded else (1, 1, 1, 1)
        column.setContentsMargins(*margins)
        column.setSpacing(px(8))
        self.head = QHBoxLayout()
        if title:
            self.title = Text(title, "strong")
            self.head.addWidget(self.title)
            self.head.addStretch(1)
            if note:
                self.head.addWidget(Text(note, "small", "text-2"))
            if not padded:
                self.head.setContentsMargins(px(16), px(12), px(16), px(4))
            column.addLayout(self.head)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(px(8) if padded else 0)
        column.addLayout(self.body)
        self._theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws surface and line."""
        painter = QPainter(self)
        theme = self._theme
        draw_box(painter, QRectF(self.rect()), theme.colour(self._ground), theme.colour("line"), 1, theme.px(CORNER))


class PageHead(QWidget):
    """Title 24/32, its actions at the right (`actions.addWidget`, main one last), and below both a sentence or two that
    sum the page up. Where there is no room beside the title, the actions stand below it, in as many lines as they need.
    """

    actions: Flow  # type: ignore[assignment]  # nobody asks a page's head for its QActions

    def __init__(self, title: str, summary: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._row = row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setSpacing(px(16))
        self.title = Text(title, "title", elide=True)
        self.summary = Text(summary, "body", "text-2", wrap=True)
        row.addWidget(self.title, 1)
        column.addLayout(row)
        column.addWidget(self.summary)
        # Only now has it a parent: what is shown without one is a window.
        self.summary.setVisible(bool(summary))
        self.actions = Flow(gap=px(16), between=px(8))
        row.addLayout(self.actions)
        row.setAlignment(self.actions, Qt.AlignmentFlag.AlignVCenter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the title has no room beside the actions, they stand below it."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Looks anew whether the title has room when the actions change."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        needs = self.title.sizeHint().width() + self._row.spacing() + self.actions.sizeHint().width()
        ways = QBoxLayout.Direction
        way = ways.LeftToRight if self.actions.isEmpty() or needs <= self.width() else ways.TopToBottom
        if way != self._row.direction():
            self._row.setDirection(way)
            self._row.setContentsMargins(0, 0, 0, 0 if way == ways.LeftToRight else self._row.spacing() // 2)

    def set_summary(self, summary: str) -> None:
        """Says what the page holds now."""
        self.summary.setText(summary)
        self.summary.setVisible(bool(summary))


class Facts(QWidget):
    """Names and values with lines between: facts of a case in a side pane."""

    def __init__(self, name_width: int = 104, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._name_width = name_width
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._rows: list[_FactRow] = []

    def set_facts(self, facts: list[tuple[str, str | QWidget]]) -> None:
        """Shows these rows; a value may be a widget. Rows of words alone say others: to make them takes longer."""
        kept = 0
        for row, (name, value) in zip(self._rows, facts, strict=False):
            if not isinstance(value, str) or not row.say(name, value):
                break
            kept += 1
        for row in self._rows[kept:]:
            row.hide()
            row.setParent(None)
            row.deleteLater()
        self._rows = self._rows[:kept]
        for name, value in facts[kept:]:
            self._rows.append(_FactRow(name, value, self._name_width))
            self._column.addWidget(self._rows[-1])


class _FactRow(QWidget):
    def __init__(self, name: str, value: str | QWidget, name_width: int) -> None:
        super().__init__()
        self._theme = current_theme()
        px = self._theme.px
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(6), 0, px(6))
        row.setSpacing(0)
        self._name = Text(name, "small", "text-2", wrap=True)
        self._name.setFixedWidth(px(name_width))
        row.addWidget(self._name, 0, Qt.AlignmentFlag.AlignTop)
        shown = Text(value, "small", wrap=True) if isinstance(value, str) else value
        row.addWidget(shown, 1, Qt.AlignmentFlag.AlignTop)
        self._words = shown if isinstance(shown, Text) and isinstance(value, str) else None
        self._row = row

    def say(self, name: str, value: str) -> bool:
        """Shows another name and other words; False where its value is a widget."""
        if self._words is None:
            return False
        for shown, words in ((self._name, name), (self._words, value)):
            if shown.text() != words:
                shown.setText(words)
        self.setMinimumHeight(self._row.totalHeightForWidth(self.width()))
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as its words need at this width: a scrolled column would squeeze it otherwise."""
        super().resizeEvent(event)
        self.setMinimumHeight(self._row.totalHeightForWidth(event.size().width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the line above."""
        QPainter(self).fillRect(0, 0, self.width(), 1, self._theme.colour("line"))
