"""Chips: a name that was added, a filter in use, a filter to choose. 28 high; Delete removes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from desktop.ui.kit.base import draw_box, name_widget, slug
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CORNER


class Chip(QAbstractButton):
    """Words with a second word in grey, and a cross (`removable`) or an arrow (`arrow`).

    `clicked` for the chip itself, `removed` for its cross, Delete or Backspace. `in_use` gives a filter its fill.
    """

    removed = Signal()

    def __init__(
        self,
        words: str,
        second: str = "",
        *,
        lead: str = "",
        removable: bool = False,
        arrow: bool = False,
        in_use: bool = False,
        height: int = 28,
        name: str = "",
    ) -> None:
        super().__init__()
        self._theme = current_theme()
        self._words, self._second, self._lead = words, second, lead
        self._removable, self._arrow, self._in_use, self._control = removable, arrow, in_use, height
        name_widget(self, name or f"chip_{slug(words)}", " ".join(part for part in (lead, words, second) if part))
        if removable:
            self.setAccessibleDescription("Delete removes it")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._theme.changed.connect(self.updateGeometry)

    def set_words(self, words: str, *, lead: str = "", in_use: bool = False, removable: bool = False) -> None:
        """Shows other words, as a filter does when it comes into use."""
        self._words, self._lead, self._in_use, self._removable = words, lead, in_use, removable
        self._arrow = not removable
        self.setAccessibleName(f"{lead} {words}".strip())
        self.setAccessibleDescription("Delete removes it" if removable else "")
        self.updateGeometry()
        self.update()

    def set_second(self, second: str) -> None:
        """Shows another second word."""
        self._second = second
        self.setAccessibleName(" ".join(part for part in (self._lead, self._words, second) if part))
        self.updateGeometry()
        self.update()

    def set_in_use(self, in_use: bool) -> None:
        """Turns a filter on or off: it stays where it is, with a cross while it is on."""
        self._in_use = self._removable = in_use
        self.setAccessibleDescription("In use. Delete removes it" if in_use else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """10 px of air at each side."""
        px = self._theme.px
        width = sum(self._theme.metrics(style).horizontalAdvance(text) for text, style, _c in self._parts())
        gaps = px(5) * (len(self._parts()) - 1)
        tail = px(6 + 16) if self._removable or self._arrow else 0
        return QSize(width + gaps + tail + px(20), px(self._control))

    def minimumSizeHint(self) -> QSize:
        """Words of a chip are never cut."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes; Enter presses."""
        if self._removable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The cross removes; the rest presses."""
        if self._removable and self._cross().contains(event.position()):
            self.setDown(False)
            self.removed.emit()
            return
        super().mouseReleaseEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Shows the hover fill."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Takes the hover fill away."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws box, words, cross or arrow."""
        painter = QPainter(self)
        theme, px = self._theme, self._theme.px
        fill = "selected" if self._in_use or self.isDown() else "hover" if self.underMouse() else "surface"
        edge = "accent" if self._in_use else "edge"
        draw_box(painter, QRectF(self.rect()), theme.colour(fill), theme.colour(edge), 1.0, px(CORNER))
        left = px(10)
        for text, style, colour in self._parts():
            painter.setFont(theme.font(style))
            painter.setPen(theme.colour(colour))
            width = theme.metrics(style).horizontalAdvance(text)
            painter.drawText(QRect(left, 0, width + 2, self.height()), int(Qt.AlignmentFlag.AlignVCenter), text)
            left += width + px(5)
        if self._removable or self._arrow:
            icon = "x" if self._removable else "chevron-down"
            cross = self._cross().toRect()
            theme.draw_icon(painter, icon, cross.x() + px(6), (self.height() - px(14)) // 2, "text-2", 14)

    def _parts(self) -> list[tuple[str, str, str]]:
        big = self._control > 28
        strong = ("strong" if big else "small-strong") if self._lead else ("label" if big else "small")
        parts = []
        if self._lead:
            parts.append((self._lead, "body" if big else "small", "text-2"))
        parts.append((self._words, strong, "text"))
        if self._second:
            parts.append((self._second, "small", "text-3"))
        return parts

    def _cross(self) -> QRectF:
        width = self._theme.px(28)
        return QRectF(QPointF(self.width() - width, 0), QPointF(self.width(), self.height()))
