"""The navigation at the left: pages with counts, recent cases, and what is saved; or a rail of icons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.policy.wording import figures
from desktop.ui.kit.base import clear_layout, draw_box, name_widget, set_tooltip, slug
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CORNER, ICON_NAVIGATION

WIDTH, RAIL, SMALL_RAIL = 208, 56, 48
_RECENT = 8
_MANY = "99+"


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One page of the navigation. `number` is its Ctrl+number, whichever others are shown."""

    key: str
    words: str
    icon: str
    number: int = 0


DEFAULT_ITEMS = (
    NavigationItem("work", "My work", "clipboard-list", 1),
    NavigationItem("review", "Review queue", "list-checks", 2),
    NavigationItem("register", "Register", "library", 3),
    NavigationItem("retention", "Retention", "hourglass", 4),
    NavigationItem("reports", "Reports", "chart-column", 5),
    NavigationItem("admin", "Administration", "settings-2", 6),
)


class NavigationButton(QAbstractButton):
    """An item of the navigation, a recent case, or (with no press) the words at the foot."""

    def __init__(self, name: str, words: str, icon: str, *, small: bool = False) -> None:
        super().__init__()
        self._theme = current_theme()
        self._words, self._icon, self._small = words, icon, small
        self.count = ""
        self._narrow = False
        self._spoken()
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme.changed.connect(self.updateGeometry)

    def set_narrow(self, narrow: bool) -> None:
        """Shows the icon alone, with its count in a badge; the words are then its tooltip."""
        self._narrow = narrow
        self._spoken()
        self.updateGeometry()
        self.update()

    def set_count(self, count: str) -> None:
        """Shows a count at the right, or at the icon's corner."""
        self.count = count
        self._spoken()
        self.update()

    def badge(self) -> str:
        """What stands at the icon's corner in the rail, where there is room for two figures; "" where nothing does."""
        if not self._narrow:
            return ""
        return self.count if len(self.count) < 3 else _MANY

    def badge_rect(self) -> QRect:
        """Where that stands."""
        px = self._theme.px
        high = px(16)
        wide = max(high, self._theme.metrics("tiny-strong").horizontalAdvance(self.badge()) + px(8))
        return QRect(min(self.width() // 2 + px(3), self.width() - wide), px(2), wide, high)

    def sizeHint(self) -> QSize:
        """36 high, 40 in the rail, 34 for a recent case."""
        px = self._theme.px
        return QSize(px(40), px(34 if self._small else 40 if self._narrow else 36))

    def minimumSizeHint(self) -> QSize:
        """Never lower than it is."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses; up and down go to the next."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws fill, bar, icon, words and count."""
        painter = QPainter(self)
        theme, px = self._theme, self._theme.px
        on = self.isChecked()
        if on or self.underMouse():
            edge = theme.colour("line") if on and theme.high_contrast else None
            fill = theme.colour("surface" if on else "hover")
            draw_box(painter, QRectF(self.rect()), fill, edge, 1, px(CORNER))
        if on:
            high = px(20)
            bar = QRectF(0, (self.height() - high) / 2, 3, high)
            draw_box(painter, bar, theme.colour("accent"), None, 1, 1.5)
        size = 16 if self._small else ICON_NAVIGATION
        side = px(size)
        left = (self.width() - side) // 2 if self._narrow else px(12)
        ink = "accent" if on else "text-2"
        theme.draw_icon(painter, self._icon, left, (self.height() - side) // 2, ink, size)
        if not self._narrow:
            self._draw_words(painter, left + side + px(12), on)
        elif self.badge():
            self._draw_badge(painter)

    def _draw_badge(self, painter: QPainter) -> None:
        theme, box = self._theme, QRectF(self.badge_rect())
        draw_box(painter, box, theme.colour("accent"), None, 1, box.height() / 2)
        painter.setFont(theme.font("tiny-strong"))
        painter.setPen(theme.colour("on-accent"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), self.badge())

    def _draw_words(self, painter: QPainter, left: int, on: bool) -> None:
        theme, px = self._theme, self._theme.px
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.colour("text" if on else "text-2"))
        painter.setFont(theme.font("strong" if on else "body" if self._small else "label"))
        # Two lines where one has no room.
        room = QRect(left, 0, self.width() - left - px(8), self.height())
        painter.drawText(room, int(middle | Qt.TextFlag.TextWordWrap), self._words)
        if self.count:
            painter.setFont(theme.font("small-label" if on else "small"))
            painter.setPen(theme.colour("text-2"))
            right = QRect(0, 0, self.width() - px(13), self.height())
            painter.drawText(right, int(middle | Qt.AlignmentFlag.AlignRight), self.count)

    def _spoken(self) -> None:
        words = f"{self._words}, {self.count}" if self.count else self._words
        self.setAccessibleName(words)
        set_tooltip(self, words if self._narrow else "")


class FootWords(QWidget):
    """A line at the foot, with an icon or without. In the rail the icon stays, with the words as its tooltip."""

    def __init__(self, name: str, icon: str = "") -> None:
        super().__init__()
        self._theme = current_theme()
        self.setObjectName(name)
        self.icon, self.words, self._narrow = icon, "", False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme.changed.connect(self.updateGeometry)

    def show_words(self, words: str, icon: str) -> None:
        """Says something."""
        self.words, self.icon = words, icon
        self.setAccessibleName(words)
        set_tooltip(self, words)
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        """Shows the icon alone."""
        self._narrow = narrow
        self.setVisible(bool(self.icon) or not narrow)
        self.update()

    def sizeHint(self) -> QSize:
        """24 high."""
        return QSize(self._theme.px(40), self._theme.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws icon and words, cut where the pane is too narrow."""
        painter = QPainter(self)
        theme, px = self._theme, self._theme.px
        left = px(12)
        if self.icon:
            x = (self.width() - px(16)) // 2 if self._narrow else left
            theme.draw_icon(painter, self.icon, x, (self.height() - px(16)) // 2, "text-2")
            left += px(16 + 6)
        if self._narrow:
            return
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("text-2"))
        room = self.width() - left - px(4)
        words = theme.metrics("small").elidedText(self.words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, 0, room, self.height()), int(Qt.AlignmentFlag.AlignVCenter), words)


class NavigationPane(QWidget):
    """`navigate` carries a page's key, `open_case` the id of a recent case."""

    navigate = Signal(str)
    open_case = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        name_widget(self, "navigation", "Navigation")
        self.narrow = False
        self._small = False
        self._current = ""
        self.buttons: dict[str, NavigationButton] = {}
        self._build()
        self._theme.changed.connect(self._size)
        self._size()

    def show_items(self, items: Sequence[NavigationItem]) -> None:
        """The pages that can be gone to, from the top; once, when it is known who is there."""
        for item in items:
            button = NavigationButton(f"go_{item.key}", item.words, item.icon)
            button.setCheckable(True)
            button.set_narrow(self.narrow)
            button.clicked.connect(lambda _checked=False, key=item.key: self._clicked(key))
            self.buttons[item.key] = button
            self._items.addWidget(button)

    def set_current(self, key: str) -> None:
        """Marks the page that is in front."""
        self._current = key
        for one, button in self.buttons.items():
            button.setChecked(one == key)
            button.setAccessibleDescription("Current page" if one == key else "")

    def set_narrow(self, narrow: bool, small: bool) -> None:
        """A rail of icons, 56 wide, or 48 where the window is `small`."""
        if (narrow, small) == (self.narrow, self._small):
            return
        self.narrow, self._small = narrow, small
        for button in self.buttons.values():
            button.set_narrow(narrow)
        self._recent_title.setVisible(not narrow and self._recent.count() > 0)
        self._recent_holder.setVisible(not narrow)
        self.saved.set_narrow(narrow)
        self.organisation.set_narrow(narrow)
        self._size()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Counts by key; 0 shows none."""
        for key, button in self.buttons.items():
            count = counts.get(key, 0)
            button.set_count(figures(count) if count else "")

    def show_recent(self, cases: Sequence[tuple[int, str]]) -> None:
        """Recent cases: (id, reference)."""
        clear_layout(self._recent)
        for case_id, reference in list(cases)[:_RECENT]:
            button = NavigationButton(f"recent_{slug(reference)}", reference, "file-text", small=True)
            button.clicked.connect(lambda _checked=False, case_id=case_id: self.open_case.emit(case_id))
            self._recent.addWidget(button)
        self._recent_title.setVisible(bool(cases) and not self.narrow)

    def show_saved(self, words: str, icon: str) -> None:
        """Whether everything is saved."""
        self.saved.show_words(words, icon)

    def show_organisation(self, name: str) -> None:
        """The organisation's name."""
        self.organisation.show_words(name, "")

    def _build(self) -> None:
        px = self._theme.px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(8), px(8), px(8), px(8))
        column.setSpacing(px(2))
        self._items = QVBoxLayout()
        self._items.setSpacing(px(2))
        column.addLayout(self._items)
        column.addSpacing(px(16))
        self._recent_title = Text("Recent cases", "small", "text-2")
        self._recent_title.hide()
        title = QVBoxLayout()
        title.setContentsMargins(px(12), 0, 0, 0)
        title.addWidget(self._recent_title)
        column.addLayout(title)
        self._recent_holder = QWidget()
        self._recent = QVBoxLayout(self._recent_holder)
        self._recent.setContentsMargins(0, 0, 0, 0)
        self._recent.setSpacing(0)
        column.addWidget(self._recent_holder)
        column.addStretch(1)
        self.saved = FootWords("saved", "circle-check")
        self.organisation = FootWords("organisation")
        column.addWidget(self.saved)
        column.addWidget(self.organisation)

    def _clicked(self, key: str) -> None:
        self.set_current(self._current)
        self.navigate.emit(key)

    def _size(self) -> None:
        width = (SMALL_RAIL if self._small else RAIL) if self.narrow else WIDTH
        self.setFixedWidth(self._theme.px(width))
