"""Buttons and links. A button that is off says why, and stays where the keyboard can find it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget

from desktop.ui.kit.base import draw_box, name_widget, set_tooltip, slug
from desktop.ui.theme import Theme, current_theme
from desktop.ui.tokens import CONTROL, CORNER, ICON

MAIN, PLAIN, QUIET, DESTRUCTIVE = "main", "plain", "quiet", "destructive"


class Button(QPushButton):
    """A button. `kind` is MAIN (one to a page), PLAIN, QUIET or DESTRUCTIVE; `height` is 32, 28 or 40.

    Connect `triggered`, which fires only while it is on; Qt's `clicked` can fire for a button that is off too,
    because such a button keeps the focus.
    """

    triggered = Signal()

    def __init__(
        self,
        text: str,
        kind: str = PLAIN,
        icon: str = "",
        *,
        key_hint: str = "",
        icon_after: bool = False,
        height: int = CONTROL,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme: Theme = current_theme()
        self._kind, self._icon, self._key_hint = kind, icon, key_hint
        self._icon_after, self._control = icon_after, height
        self._reason = ""
        self._busy = False
        self._turn = 0
        self._menu_arrow = False
        self._spinner = QTimer(self)
        self._spinner.setInterval(100)
        self._spinner.timeout.connect(self._spin)
        self.setText(text)
        name_widget(self, name or slug(text), text)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.clicked.connect(self._clicked)
        self._theme.changed.connect(self._restyle)

    @property
    def off_reason(self) -> str:
        """Why it is off, or "" while it is on."""
        return self._reason

    def setText(self, text: str) -> None:
        """Changes the words, for sight and for assistive technology. Ampersands are shown, never mnemonics."""
        super().setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.updateGeometry()

    def label(self) -> str:
        """The words as shown."""
        return self.text().replace("&&", "&")

    def set_icon(self, icon: str) -> None:
        """Shows another icon; "" for none."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    @property
    def kind(self) -> str:
        """MAIN, PLAIN, QUIET or DESTRUCTIVE."""
        return self._kind

    def set_kind(self, kind: str) -> None:
        """Changes which kind of button it is."""
        self._kind = kind
        self.update()

    def set_menu_arrow(self) -> None:
        """Shows an arrow at the right: it opens a menu."""
        self._menu_arrow = True
        self.updateGeometry()

    def set_off(self, reason: str) -> None:
        """Switches it off and says why ("" switches it on). It stays focusable so that the reason can be found."""
        self._reason = reason
        set_tooltip(self, reason)
        self.setAccessibleDescription(f"Off. {reason}" if reason else "")
        self.updateGeometry()
        self.update()

    def set_busy(self, busy: bool) -> None:
        """Shows a spinner instead of the icon, at the same width; it cannot be pressed meanwhile."""
        if busy == self._busy:
            return
        self._busy = busy
        if busy:
            shown = self.width() if self.isVisible() else 0
            self.setFixedWidth(max(shown, self.sizeHint().width()))
        else:
            self.setMinimumWidth(0)
            self.setMaximumWidth(16777215)
        self.setAccessibleDescription("Working" if busy else "")
        if busy and not self._theme.reduced_motion:
            self._spinner.start()
        else:
            self._spinner.stop()
        self.update()

    def sizeHint(self) -> QSize:
        """12 px of air at each side of icon, words and key hint."""
        px = self._theme.px
        width = self._content_width() + 2 * px(12 if self.label() else 8)
        return QSize(width, px(self._control))

    def minimumSizeHint(self) -> QSize:
        """Words of a button are never cut."""
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Shows the hover fill."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Takes the hover fill away."""
        super().leaveEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws box, icon or spinner, words, key hint."""
        painter = QPainter(self)
        fill, edge, ink = self._colours()
        colour = self._theme.colour
        radius = self._theme.px(CORNER)
        draw_box(
            painter,
            QRectF(self.rect()),
            colour(fill) if fill else None,
            colour(edge) if edge else None,
            1.0,
            radius,
        )
        self._draw_content(painter, ink)

    def _colours(self) -> tuple[str, str, str]:
        """Tokens of fill, edge and ink for how it stands now."""
        if self._reason:
            return ("" if self._kind == QUIET else "surface"), ("" if self._kind == QUIET else "line"), "text-3"
        down, over = self.isDown(), self.underMouse()
        if self._kind == MAIN:
            return ("text" if down else "accent-hover" if over else "accent"), "", ("surface" if down else "on-accent")
        if self._kind == DESTRUCTIVE:
            if down:
                return "red", "red", "surface"
            return ("red-tint" if over else "surface"), "red", "red"
        fill = "selected" if down or self.isChecked() else "hover" if over else ""
        if self._kind == QUIET:
            return fill, "", "text"
        return fill or "surface", "edge", "text"

    def _shown_icon(self) -> str:
        return "loader" if self._busy else "lock" if self._reason else self._icon

    def _shown_hint(self) -> str:
        """The key, while it does something."""
        return "" if self._reason else self._key_hint

    def _style(self) -> str:
        return "strong" if self._kind in (MAIN, DESTRUCTIVE) else "label"

    def _content_width(self) -> int:
        px = self._theme.px
        words = self._theme.metrics(self._style()).horizontalAdvance(self.label())
        icon = px(ICON) + (px(8) if self.label() else 0) if self._shown_icon() or self._busy else 0
        key = self._shown_hint()
        hint = px(16) + self._theme.metrics("tiny-label").horizontalAdvance(key) if key else 0
        arrow = px(8) + px(ICON) if self._menu_arrow else 0
        return words + icon + hint + arrow

    def _draw_content(self, painter: QPainter, ink: str) -> None:
        px, theme = self._theme.px, self._theme
        left = (self.width() - self._content_width()) // 2
        top = (self.height() - px(ICON)) // 2
        icon = self._shown_icon()
        after = self._icon_after and not (self._busy or self._reason)
        if icon and not after:
            self._draw_icon(painter, icon, left, top, ink)
            left += px(ICON) + px(8)
        painter.setPen(theme.colour(ink))
        painter.setFont(theme.font(self._style()))
        middle = Qt.AlignmentFlag.AlignVCenter
        words = theme.metrics(self._style()).horizontalAdvance(self.label())
        painter.drawText(QRect(left, 0, words + 2, self.height()), int(middle), self.label())
        left += words
        if icon and after:
            theme.draw_icon(painter, icon, left + px(8), top, ink)
            left += px(8) + px(ICON)
        if key := self._shown_hint():
            painter.setFont(theme.font("tiny-label"))
            painter.drawText(QRect(left + px(16), 0, self.width(), self.height()), int(middle), key)
        if self._menu_arrow:
            theme.draw_icon(painter, "chevron-down", left + px(8), top, ink)

    def _draw_icon(self, painter: QPainter, icon: str, left: int, top: int, ink: str) -> None:
        if not self._busy:
            self._theme.draw_icon(painter, icon, left, top, ink)
            return
        half = self._theme.px(ICON) / 2
        painter.save()
        painter.translate(left + half, top + half)
        painter.rotate(45 * self._turn)
        painter.translate(-half, -half)
        self._theme.draw_icon(painter, icon, 0, 0, ink)
        painter.restore()

    def _clicked(self) -> None:
        if not self._reason and not self._busy:
            self.triggered.emit()

    def _spin(self) -> None:
        self._turn = (self._turn + 1) % 8
        self.update()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()


class Link(QAbstractButton):
    """Underlined words that go somewhere. Connect `clicked`."""

    def __init__(
        self,
        text: str,
        style: str = "small",
        *,
        name: str = "",
        icon: str = "",
        colour: str = "accent",
        underline: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._style, self._icon, self._colour, self._underline = style, icon, colour, underline
        self.setText(text)
        name_widget(self, name or slug(text), text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._theme.changed.connect(self._restyle)

    def setText(self, text: str) -> None:
        """Changes the words, for sight and for assistive technology; a fuller accessible name may follow."""
        self._words = text
        super().setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The words, at least 24 high as a target."""
        icon = self._theme.px(ICON + 8) if self._icon else 0
        words = self._theme.metrics(self._style).horizontalAdvance(self._words)
        return QSize(words + icon + 2, max(self._theme.px(24), self._theme.line(self._style)))

    def minimumSizeHint(self) -> QSize:
        """Words of a link are never cut."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter follows it as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
            return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Repaints under the pointer."""
        super().mouseMoveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws icon and underlined words."""
        painter = QPainter(self)
        left = 0
        colour = "accent-hover" if self.underMouse() and self._colour == "accent" else self._colour
        if self._icon:
            self._theme.draw_icon(painter, self._icon, 0, (self.height() - self._theme.px(ICON)) // 2, "text-2")
            left = self._theme.px(ICON + 8)
        font = self._theme.font(self._style)
        if self._underline:
            font = type(font)(font)
            font.setUnderline(True)
        painter.setFont(font)
        painter.setPen(self._theme.colour(colour))
        words = QRect(left, 0, self.width() - left, self.height())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self._words)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()
