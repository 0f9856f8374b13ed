"""Tabs over a page: words, an icon and a count; a 2 px bar below the current one. Arrows move and choose."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QWidget

from desktop.policy.wording import figures
from desktop.ui.kit.base import name_widget, slug
from desktop.ui.kit.flow import Flow
from desktop.ui.kit.small import count_size, draw_count
from desktop.ui.theme import current_theme


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab. `count` is shown in a pill; -1 for none."""

    key: str
    words: str
    count: int = -1
    icon: str = ""


class TabButton(QAbstractButton):
    """One tab's button."""

    def __init__(self, tab: Tab) -> None:
        super().__init__()
        self._theme = current_theme()
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_tab(tab)
        self._theme.changed.connect(self.updateGeometry)

    def set_tab(self, tab: Tab) -> None:
        """Shows other words or another count."""
        self.tab = tab
        words = f"{tab.words}, {figures(tab.count)}" if tab.count >= 0 else tab.words
        name_widget(self, f"tab_{slug(tab.key)}", words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """40 high."""
        px = self._theme.px
        width = self._theme.metrics("strong").horizontalAdvance(self.tab.words)
        if self.tab.icon:
            width += px(16 + 6)
        if self.tab.count >= 0:
            width += px(8) + count_size(self._theme, self.tab.count).width()
        return QSize(width + 2, px(40))

    def minimumSizeHint(self) -> QSize:
        """Words are never cut."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leaves arrows to the row of tabs."""
        if event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws icon, words, count and bar."""
        painter = QPainter(self)
        theme, px = self._theme, self._theme.px
        on = self.isChecked()
        ink = "text" if on or self.underMouse() else "text-2"
        left = 0
        if self.tab.icon:
            theme.draw_icon(painter, self.tab.icon, 0, (self.height() - px(16)) // 2, ink)
            left = px(16 + 6)
        style = "strong" if on else "label"
        painter.setFont(theme.font(style))
        painter.setPen(theme.colour(ink))
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRect(left, 0, self.width(), self.height()), middle, self.tab.words)
        if self.tab.count >= 0:
            left += theme.metrics(style).horizontalAdvance(self.tab.words) + px(8)
            size = count_size(theme, self.tab.count)
            draw_count(theme, painter, left, (self.height() - size.height()) // 2, self.tab.count)
        if on:
            painter.fillRect(0, self.height() - 2, self.width(), 2, theme.colour("accent"))


class Tabs(QWidget):
    """A row of tabs, which goes on in the next line where it is full. `changed` carries the key that the user chose."""

    changed = Signal(str)

    def __init__(self, tabs: list[Tab], label: str = "Parts", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        name_widget(self, slug(label), label)
        row = Flow(self, self._theme.px(24), 0, closer=True)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, TabButton] = {}
        for tab in tabs:
            button = TabButton(tab)
            self.buttons[tab.key] = button
            self._group.addButton(button)
            row.addWidget(button)
            button.clicked.connect(lambda _on, key=tab.key: self._clicked(key))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if tabs:
            self.set_current(tabs[0].key)

    def current(self) -> str:
        """The key of the current tab."""
        return next((key for key, button in self.buttons.items() if button.isChecked()), "")

    def set_current(self, key: str) -> None:
        """Makes a tab current. Fires nothing."""
        self.buttons[key].setChecked(True)
        self._arrange()

    def set_count(self, key: str, count: int) -> None:
        """Shows another count."""
        tab = self.buttons[key].tab
        self.buttons[key].set_tab(Tab(tab.key, tab.words, count, tab.icon))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go to the next tab and choose it; Home and End to the ends."""
        shown = [key for key, button in self.buttons.items() if not button.isHidden()]
        at = shown.index(self.current()) if self.current() in shown else 0
        goals = {
            Qt.Key.Key_Right: (at + 1) % len(shown),
            Qt.Key.Key_Left: (at - 1) % len(shown),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(shown) - 1,
        }
        if event.key() not in goals or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
            return
        button = self.buttons[shown[goals[Qt.Key(event.key())]]]
        button.click()
        button.setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the line that the tabs stand on."""
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, self._theme.colour("line"))

    def _clicked(self, key: str) -> None:
        self._arrange()
        self.changed.emit(key)

    def _arrange(self) -> None:
        for button in self.buttons.values():
            on = button.isChecked()
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus)
