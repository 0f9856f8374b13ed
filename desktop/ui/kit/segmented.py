"""One of a few answers side by side. Arrows move, Space or Enter chooses; the chosen one has its own icon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from desktop.ui.kit.base import name_widget, slug
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CORNER


@dataclass(frozen=True, slots=True)
class Segment:
    """One answer: its key, its words and the icon it shows when chosen."""

    key: str
    words: str
    icon: str = "check"


class SegmentButton(QAbstractButton):
    """One segment: a radio button to assistive technology."""

    def __init__(self, segment: Segment, name: str, place: str, filled: bool, height: int) -> None:
        super().__init__()
        self._theme = current_theme()
        self.segment = segment
        self._place, self._filled, self._control = place, filled, height
        self.setText(segment.words)
        self.setCheckable(True)
        name_widget(self, name, segment.words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Room for the icon that it shows when it is chosen."""
        px = self._theme.px
        words = self._theme.metrics("strong").horizontalAdvance(self.segment.words)
        icon = px(16 + 6) if self.isChecked() else 0
        return QSize(words + icon + px(24 if self._control >= 32 else 20), px(self._control))

    def minimumSizeHint(self) -> QSize:
        """Words are never cut."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leaves all but Space to the group: Qt's own arrows would choose as they move."""
        if event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the segment's part of the box."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, px = self._theme, self._theme.px
        on = self.isChecked()
        fill = ("accent" if self._filled else "selected") if on else "hover" if self.underMouse() else "surface"
        if not self.isEnabled():
            fill = "selected" if on else "surface"
        self._paint_box(painter, fill)
        chosen = "on-accent" if self._filled else "accent"
        ink = "text-3" if not self.isEnabled() else chosen if on else "text"
        style = "strong" if on else "body"
        words = theme.metrics(style).horizontalAdvance(self.segment.words)
        icon = px(16 + 6) if on else 0
        left = (self.width() - words - icon) // 2
        if on:
            theme.draw_icon(painter, self.segment.icon, left, (self.height() - px(16)) // 2, ink)
        painter.setFont(theme.font(style))
        painter.setPen(theme.colour(ink))
        box = QRect(left + icon, 0, words + 2, self.height())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), self.segment.words)

    def _paint_box(self, painter: QPainter, fill: str) -> None:
        theme = self._theme
        radius = theme.px(CORNER)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self._place in ("middle", "last"):
            rect.setLeft(-0.5)
        left = radius if self._place in ("first", "only") else 0
        right = radius if self._place in ("last", "only") else 0
        path = QPainterPath()
        path.moveTo(rect.left() + left, rect.top())
        path.lineTo(rect.right() - right, rect.top())
        path.quadTo(rect.right(), rect.top(), rect.right(), rect.top() + right)
        path.lineTo(rect.right(), rect.bottom() - right)
        path.quadTo(rect.right(), rect.bottom(), rect.right() - right, rect.bottom())
        path.lineTo(rect.left() + left, rect.bottom())
        path.quadTo(rect.left(), rect.bottom(), rect.left(), rect.bottom() - left)
        path.lineTo(rect.left(), rect.top() + left)
        path.quadTo(rect.left(), rect.top(), rect.left() + left, rect.top())
        painter.setBrush(theme.colour(fill))
        painter.setPen(theme.colour("edge"))
        painter.drawPath(path)


class Segmented(QWidget):
    """`changed` fires for the user's choice with its key. `filled` for one answer, not for rows of agree or disagree.

    Until one is chosen, Tab goes to the first; afterwards to the chosen one. Tab leaves the group.
    """

    changed = Signal(str)

    def __init__(
        self,
        segments: Sequence[Segment],
        label: str,
        *,
        name: str = "",
        filled: bool = True,
        height: int = 32,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        base = name or slug(label)
        name_widget(self, base, label)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, SegmentButton] = {}
        last = len(segments) - 1
        for index, segment in enumerate(segments):
            place = "only" if last == 0 else "first" if index == 0 else "last" if index == last else "middle"
            button = SegmentButton(segment, f"{base}_{slug(segment.key)}", place, filled, height)
            button.setAccessibleName(f"{label}: {segment.words}")
            self._group.addButton(button)
            self.buttons[segment.key] = button
            row.addWidget(button)
            button.clicked.connect(lambda _on, key=segment.key: self._clicked(key))
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._arrange()

    def value(self) -> str:
        """The key chosen, "" for none."""
        return next((key for key, button in self.buttons.items() if button.isChecked()), "")

    def set_value(self, key: str) -> None:
        """Chooses a key; "" for none. Fires nothing."""
        self._group.setExclusive(False)
        for one, button in self.buttons.items():
            button.setChecked(one == key)
        self._group.setExclusive(True)
        self._arrange()

    def choose(self, key: str) -> None:
        """Chooses as the user does, by a shortcut."""
        if self.isEnabled():
            self.buttons[key].click()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the focus; Enter chooses as Space does."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        buttons = list(self.buttons.values())
        at = next((i for i, button in enumerate(buttons) if button.hasFocus()), -1)
        if at >= 0 and event.key() in step and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            target = buttons[(at + step[Qt.Key(event.key())]) % len(buttons)]
            target.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            target.setFocus(Qt.FocusReason.OtherFocusReason)
        elif at >= 0 and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            buttons[at].click()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Air beside the segments does nothing."""
        event.ignore()

    def _clicked(self, key: str) -> None:
        self._arrange()
        self.changed.emit(key)

    def _arrange(self) -> None:
        chosen = self.value() or next(iter(self.buttons), "")
        for key, button in self.buttons.items():
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if key == chosen else Qt.FocusPolicy.ClickFocus)
            button.updateGeometry()
