"""Small things: a count, a key, a person's initials, a line, an icon with words, the mark."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desktop.policy.wording import figures
from desktop.ui.kit.base import draw_box
from desktop.ui.kit.field import IconLabel
from desktop.ui.kit.text import Text
from desktop.ui.theme import Theme, current_theme


def count_size(theme: Theme, count: int) -> QSize:
    """The size in which draw_count draws."""
    width = theme.metrics("tiny-strong").horizontalAdvance(figures(count)) + theme.px(12)
    return QSize(max(width, theme.px(19)), theme.px(19))


def draw_count(theme: Theme, painter: QPainter, x: int, y: int, count: int) -> None:
    """Draws a count in its pill with its top left corner at x, y."""
    size = count_size(theme, count)
    box = QRectF(x, y, size.width(), size.height())
    edge = theme.colour("text") if theme.high_contrast else None
    draw_box(painter, box, theme.colour("grey-tint"), edge, 1.0, size.height() / 2)
    painter.setPen(theme.colour("grey"))
    painter.setFont(theme.font("tiny-strong"))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), figures(count))


class _Painted(QWidget):
    """A fixed-size painted widget that follows the theme."""

    def __init__(self, accessible: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self.setAccessibleName(accessible)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._theme.changed.connect(self.updateGeometry)

    def minimumSizeHint(self) -> QSize:
        """Never smaller than it is."""
        return self.sizeHint()


class Count(_Painted):
    """A number in a pill."""

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(figures(count), parent)
        self._count = count

    def set_number(self, count: int) -> None:
        """Shows another number."""
        self._count = count
        self.setAccessibleName(figures(count))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A pill around the digits."""
        return count_size(self._theme, self._count)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws it."""
        draw_count(self._theme, QPainter(self), 0, 0, self._count)


class Swatch(_Painted):
    """A small square in one of the theme's colours, for a legend."""

    def __init__(self, fill: str, edge: str, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._fill, self._edge = fill, edge

    def sizeHint(self) -> QSize:
        """14 px at each side."""
        return QSize(self._theme.px(14), self._theme.px(14))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws it."""
        theme = self._theme
        box, radius = QRectF(self.rect()), float(theme.px(3))
        draw_box(QPainter(self), box, theme.colour(self._fill), theme.colour(self._edge), 1.0, radius)


class KeyHint(_Painted):
    """A key in a small box, such as Ctrl+K."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(key, parent)
        self._key = key

    def sizeHint(self) -> QSize:
        """6 px of air at each side, 20 high."""
        px = self._theme.px
        return QSize(self._theme.metrics("tiny").horizontalAdvance(self._key) + px(13), px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws it."""
        painter = QPainter(self)
        theme = self._theme
        draw_box(painter, QRectF(self.rect()), theme.colour("sunken"), theme.colour("line"), 1.0, theme.px(4))
        painter.setFont(theme.font("tiny"))
        painter.setPen(theme.colour("text-2"))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._key)


class Avatar(_Painted):
    """A person's initials in a ring."""

    def __init__(self, name: str, size: int = 28, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._size = size
        self.set_person(name)

    def set_person(self, name: str) -> None:
        """Shows another person's initials: first and last word, titles left out."""
        words = [word for word in name.split() if word not in ("Dr", "Mr", "Mrs", "Ms", "Miss", "Prof")]
        ends = [words[0], words[-1]] if len(words) > 1 else words
        self._initials = "".join(word[0] for word in ends).upper()
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        side = self._theme.px(self._size)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws it."""
        painter = QPainter(self)
        theme = self._theme
        draw_box(painter, QRectF(self.rect()), theme.colour("surface"), theme.colour("edge"), 1, self.width() / 2)
        painter.setFont(theme.font("tiny-strong"))
        painter.setPen(theme.colour("text-2"))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._initials)


class Mark(_Painted):
    """The desk's mark: a route in a filled square."""

    def __init__(self, size: int = 24, parent: QWidget | None = None) -> None:
        super().__init__("Tracing Desk", parent)
        self._size = size

    def sizeHint(self) -> QSize:
        """A square."""
        side = self._theme.px(self._size)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws it."""
        painter = QPainter(self)
        theme = self._theme
        draw_box(painter, QRectF(self.rect()), theme.colour("accent"), None, 1, theme.px(6))
        inner = round(self._size * 0.66)
        inset = (self.width() - theme.px(inner)) // 2
        theme.draw_icon(painter, "route", inset, inset, "on-accent", inner, 2.5)


class Line(QWidget):
    """A divider of 1 px, across or (with `upright`) down."""

    def __init__(self, upright: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        if upright:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws it."""
        QPainter(self).fillRect(self.rect(), self._theme.colour("line"))


class IconText(QWidget):
    """An icon with words beside it, in one colour or with the words in another."""

    def __init__(
        self,
        icon: str,
        words: str,
        colour: str = "text",
        style: str = "body",
        *,
        icon_colour: str = "",
        size: int = 16,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        theme = current_theme()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(7))
        self.icon = IconLabel(icon, icon_colour or colour, size, line=style if wrap else "")
        self.words = Text(words, style, colour, wrap=wrap)
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop if wrap else Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.words, 1 if wrap else 0)
        if not wrap:
            row.addStretch(1)

    def show_words(self, icon: str, words: str, colour: str, style: str = "body") -> None:
        """Shows something else."""
        self.icon.set_icon(icon, colour, style if self.words.wordWrap() else "")
        self.words.set_style(style, colour)
        self.words.setText(words)


class Bar(_Painted):
    """Small filled boxes in a row: how many, at a glance, beside the number. Used for "Due this week"."""

    def __init__(self, count: int, colour: str = "accent", most: int = 6, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._count, self._colour, self._most = count, colour, most

    def sizeHint(self) -> QSize:
        """Each box 20 by 10, 3 apart."""
        px = self._theme.px
        return QSize(max(1, min(self._count, self._most)) * px(23), px(10))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws them."""
        painter = QPainter(self)
        px = self._theme.px
        for index in range(min(self._count, self._most)):
            box = QRect(index * px(23), 0, px(20), px(10))
            draw_box(painter, QRectF(box), self._theme.colour(self._colour), None, 1, px(2))
