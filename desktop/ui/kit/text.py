"""Words on a page: set by the type scale with its line heights, shown exactly as typed, never as markup."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent, QShowEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.ui.kit.base import set_tooltip
from desktop.ui.theme import current_theme

_MOST_WIDTHS = 8
"""Layouts ask again and again for the height at a few widths."""


class Text(QLabel):
    """Plain text in a step of the type scale. It wraps with `wrap`, elides with `elide`, else it never gives way."""

    def __init__(
        self,
        text: str = "",
        style: str = "body",
        colour: str = "text",
        *,
        wrap: bool = False,
        elide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._style = style
        self._colour = colour
        self._elide = elide
        self._heights: dict[int, int] = {}
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setText(text)
        across = QSizePolicy.Policy.Expanding if wrap else QSizePolicy.Policy.Preferred
        policy = QSizePolicy(across, QSizePolicy.Policy.Fixed if not wrap else QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self._restyle()
        self._theme.changed.connect(self._restyle)

    def setText(self, text: str) -> None:
        """Shows other words."""
        self._heights.clear()
        super().setText(text)
        self.updateGeometry()

    def set_style(self, style: str, colour: str) -> None:
        """Shows the words in another step of the scale and another token's colour."""
        if (style, colour) != (self._style, self._colour):
            self._style, self._colour = style, colour
            self._restyle()

    def sizeHint(self) -> QSize:
        """As wide as the text (or 40 em where it wraps) and whole lines high."""
        line = self._theme.line(self._style)
        width = self.fontMetrics().horizontalAdvance(self.text()) + 1
        if self.wordWrap():
            width = min(width, self._theme.px(480))
            return QSize(width, self._height(width))
        return QSize(width, line * (self.text().count("\n") + 1))

    def minimumSizeHint(self) -> QSize:
        """One line; narrow where it wraps or elides."""
        hint = self.sizeHint()
        if self.wordWrap():
            return QSize(self._theme.px(40), self._theme.line(self._style))
        return QSize(self._theme.px(24), hint.height()) if self._elide else hint

    def heightForWidth(self, width: int) -> int:
        """Whole lines at this width."""
        return self._height(width) if self.wordWrap() else -1

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws each line in the middle of its line height."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.setFont(self.font())
        if not self.wordWrap():
            self._paint_line(painter)
            return
        self._layout(self.width(), painter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the layout's height right when the width changes."""
        super().resizeEvent(event)
        if self.wordWrap() and event.oldSize().width() != event.size().width():
            self.setMinimumHeight(self._height(event.size().width()))

    def showEvent(self, event: QShowEvent) -> None:
        """Is shown in the size and colour that there are: a new style sheet takes what was set while out of sight."""
        super().showEvent(event)
        colour = self.palette().color(QPalette.ColorRole.WindowText)
        size = self.font().pixelSize()
        if size != self._theme.font(self._style).pixelSize() or colour != self._theme.colour(self._colour):
            self._restyle()

    def changeEvent(self, event: QEvent) -> None:
        """Measures again after a change of font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._heights.clear()

    def _paint_line(self, painter: QPainter) -> None:
        text = self.text()
        if self._elide:
            shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, self.width())
            set_tooltip(self, text if shown != text else "")
            text = shown
        flags = Qt.AlignmentFlag.AlignVCenter | (self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask)
        painter.drawText(self.rect(), int(flags), text)

    def _height(self, width: int) -> int:
        if width not in self._heights:
            if len(self._heights) > _MOST_WIDTHS:
                self._heights.clear()
            self._heights[width] = self._layout(width, None)
        return self._heights[width]

    def _layout(self, width: int, painter: QPainter | None) -> int:
        """Lays the text out, draws it where there is a painter, and returns its height."""
        line_height = self._theme.line(self._style)
        offset = (line_height - self.fontMetrics().height()) / 2
        option = QTextOption(self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        top = 0
        for paragraph in self.text().split("\n"):
            layout = QTextLayout(paragraph, self.font())
            layout.setTextOption(option)
            layout.beginLayout()
            count = 0
            while (line := layout.createLine()).isValid():
                line.setLineWidth(max(1, width))
                line.setPosition(QPointF(0, top + count * line_height + offset))
                count += 1
            layout.endLayout()
            if painter is not None:
                layout.draw(painter, QPointF(0, 0))
            top += max(1, count) * line_height
        return top

    def _restyle(self) -> None:
        self._heights.clear()
        self.setFont(self._theme.font(self._style))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(self._theme.colour(self._colour)))
        self.setPalette(palette)
        if self.wordWrap() and self.width() > 0:
            self.setMinimumHeight(0)
        self.updateGeometry()


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a sentence: plain, bold, a link (`link` is what the signal carries), or in another token's colour."""

    text: str
    bold: bool = False
    link: str = ""
    colour: str = ""


class Sentence(QLabel):
    """One wrapping sentence with links or bold words in it. Tab goes to the links; Enter follows one."""

    followed = Signal(str)
    """The `link` of the run that was followed."""

    def __init__(
        self,
        runs: Sequence[Run | str] = (),
        style: str = "small",
        colour: str = "text-2",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._style, self._colour = style, colour
        self._runs: tuple[Run | str, ...] = tuple(runs)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.linkActivated.connect(self.followed)
        self._restyle()
        self._theme.changed.connect(self._restyle)

    def set_runs(self, runs: Sequence[Run | str]) -> None:
        """Shows another sentence."""
        self._runs = tuple(runs)
        self._restyle()

    def _restyle(self) -> None:
        self.setFont(self._theme.font(self._style))
        pieces = [self._markup(Run(run) if isinstance(run, str) else run) for run in self._runs]
        colour = self._theme.hex(self._colour)
        line = self._theme.line(self._style)
        self.setText(f"<div style='color:{colour}; line-height:{line}px'>{''.join(pieces)}</div>")
        plain = "".join(run if isinstance(run, str) else run.text for run in self._runs)
        self.setAccessibleName(plain)
        linked = any(isinstance(run, Run) and run.link for run in self._runs)
        flags = Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        self.setTextInteractionFlags(flags if linked else Qt.TextInteractionFlag.NoTextInteraction)

    def _markup(self, run: Run) -> str:
        text = html.escape(run.text)
        if run.bold:
            text = f"<span style='font-weight:600; color:{self._theme.hex('text')}'>{text}</span>"
        if run.colour:
            text = f"<span style='color:{self._theme.hex(run.colour)}'>{text}</span>"
        if run.link:
            text = f"<a href='{html.escape(run.link)}' style='color:{self._theme.hex('accent')}'>{text}</a>"
        return text
