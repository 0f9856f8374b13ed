"""How a table's cells and heads are drawn."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from desktop.ui.theme import Theme

AIR = 8
EDGE_AIR = 16
# Put together once: a frame draws more than a hundred cells, and flags of Qt's are slow in Python.
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


@dataclass(frozen=True, slots=True)
class RowLook:
    """One cell as it stands now."""

    words: str
    style: str
    colour: str
    icon: str
    right: bool
    elide: bool
    selected: bool
    hovered: bool
    focused: bool
    first: bool
    last: bool
    mark: str


def paint_cell(theme: Theme, painter: QPainter, rect: QRect, look: RowLook) -> None:
    """Draws fill, divider, icon and words, and its part of the row's focus."""
    painter.save()
    fill = "selected" if look.selected else "hover" if look.hovered else "surface"
    painter.fillRect(rect, theme.colour(fill))
    painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("line"))
    if look.selected and look.first and not look.focused:
        painter.fillRect(rect.left(), rect.top(), 3, rect.height(), theme.colour("accent"))
    inner = _inner(theme, rect, first=look.first)
    painter.setClipRect(rect)
    if look.icon:
        top = rect.top() + (rect.height() - theme.px(14)) // 2
        theme.draw_icon(painter, look.icon, inner.left(), top, look.colour, 14)
    _paint_words(theme, painter, _beside_icon(theme, inner, look), look)
    if look.focused:
        _paint_focus(theme, painter, rect, look)
    painter.restore()


def is_cut(theme: Theme, rect: QRect, look: RowLook) -> bool:
    """Whether the words of a cell have no room in it, so that only their beginning is drawn."""
    room = _beside_icon(theme, _inner(theme, rect, first=look.first), look).width()
    return look.elide and theme.metrics(look.style).horizontalAdvance(look.words) > room


def paint_head(
    theme: Theme, painter: QPainter, rect: QRect, words: tuple[str, str], *, first: bool, right: bool
) -> None:
    """Draws a column's head; `words` are its title and, where it sorts, its arrow's icon."""
    title, arrow = words
    painter.save()
    painter.fillRect(rect, theme.colour("sunken"))
    painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("line"))
    style = "tiny-strong" if arrow else "tiny-label"
    painter.setFont(theme.font(style))
    painter.setPen(theme.colour("text" if arrow else "text-2"))
    inner = _inner(theme, rect, first=first)
    painter.drawText(inner, _RIGHT if right else _LEFT, title)
    if arrow:
        left = inner.left() + theme.metrics(style).horizontalAdvance(title) + theme.px(5)
        theme.draw_icon(painter, arrow, left, inner.top() + (inner.height() - theme.px(14)) // 2, "text", 14)
    painter.restore()


def _inner(theme: Theme, rect: QRect, *, first: bool) -> QRect:
    return rect.adjusted(theme.px(EDGE_AIR if first else AIR), 0, -theme.px(AIR), -1)


def _beside_icon(theme: Theme, inner: QRect, look: RowLook) -> QRect:
    return inner.adjusted(theme.px(14) + theme.px(5) if look.icon else 0, 0, 0, 0)


def _paint_words(theme: Theme, painter: QPainter, inner: QRect, look: RowLook) -> None:
    words = look.words
    if not words:
        return
    metrics = theme.metrics(look.style)
    if look.elide:
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, inner.width())
    if look.mark and words.casefold().startswith(look.mark.casefold()):
        wide = metrics.horizontalAdvance(words[: len(look.mark)])
        tall = metrics.height()
        top = inner.top() + (inner.height() - tall) // 2
        painter.fillRect(inner.left(), top, wide, tall, theme.colour("amber-tint"))
        if theme.high_contrast:
            painter.fillRect(inner.left(), top + tall, wide, 1, theme.colour("amber"))
    painter.setFont(theme.font(look.style))
    painter.setPen(theme.colour(look.colour))
    painter.drawText(inner, _RIGHT if look.right else _LEFT, words)


def _paint_focus(theme: Theme, painter: QPainter, rect: QRect, look: RowLook) -> None:
    focus = theme.colour("focus")
    painter.fillRect(rect.left(), rect.top(), rect.width(), 2, focus)
    painter.fillRect(rect.left(), rect.bottom() - 1, rect.width(), 2, focus)
    if look.first:
        painter.fillRect(rect.left(), rect.top(), 2, rect.height(), focus)
    if look.last:
        painter.fillRect(rect.right() - 1, rect.top(), 2, rect.height(), focus)
