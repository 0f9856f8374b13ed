"""The navigation at the left: the pages of one's role, recent cases, and whether all is saved. Wide, or a rail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui.kit.base import clear_layout, draw_box, name_widget, set_tooltip, slug
from desktop.ui.kit.card import Ground
from desktop.ui.kit.field import IconLabel
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CORNER, ICON, ICON_NAVIGATION

WIDE, RAIL, NARROW_RAIL = 208, 56, 48


@dataclass(frozen=True, slots=True)
class Place:
    """One page of the navigation: its key, words, icon and the figure of its Ctrl key."""

    key: str
    words: str
    icon: str
    number: int


class NavItem(QAbstractButton):
    """One page, or one recent case (`small`). The current page has a surface fill and a 3 px bar."""

    def __init__(self, words: str, icon: str, name: str, *, small: bool = False, tip: str = "") -> None:
        super().__init__()
        self._theme = current_theme()
        self._words, self._icon, self._small, self._tip = words, icon, small, tip
        self._count = ""
        self._rail = False
        self.setCheckable(not small)
        self.setAutoExclusive(not small)
        name_widget(self, name, words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme.changed.connect(self.updateGeometry)

    def set_count(self, count: int) -> None:
        """Shows how many wait there; 0 for nothing."""
        self._count = f"{count:,}" if count else ""
        self.setAccessibleName(f"{self._words}, {self._count}" if self._count else self._words)
        self.update()

    def set_rail(self, rail: bool) -> None:
        """Shows the icon alone."""
        self._rail = rail
        words = f"{self._words} ({self._tip})" if self._tip else self._words
        set_tooltip(self, words if rail else self._tip)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """36 high, 40 in the rail, 32 for a case."""
        px = self._theme.px
        return QSize(px(40), px(34 if self._small else 40 if self._rail else 36))

    def minimumSizeHint(self) -> QSize:
        """Never lower than it is."""
        return QSize(self._theme.px(24), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes there as Space does; up and down go to the next item."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Shows the hover fill."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Takes the hover fill away."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws fill, bar, icon, words and count."""
        painter = QPainter(self)
        theme, px = self._theme, self._theme.px
        on, over = self.isChecked(), self.underMouse()
        box = QRectF(self.rect())
        if on or over:
            edge = theme.colour("edge") if on and theme.high_contrast else None
            draw_box(painter, box, theme.colour("surface" if on else "hover"), edge, 1, px(CORNER))
        if on:
            bar = QRectF(0, px(8), 3, self.height() - px(16))
            draw_box(painter, bar, theme.colour("accent"), None, 1, 1.5)
        size = ICON if self._small else ICON_NAVIGATION
        side = px(size)
        left = (self.width() - side) // 2 if self._rail else px(12)
        ink = "accent" if on else "text-2"
        theme.draw_icon(painter, self._icon, left, (self.height() - side) // 2, ink, size)
        if self._rail:
            return
        style = "strong" if on else "small" if self._small else "label"
        at = px(40 if self._small else 42)
        painter.setFont(theme.font(style))
        painter.setPen(theme.colour("text" if on else "text-2"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(at, 0, self.width() - at, self.height()), int(middle), self._words)
        if self._count:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.colour("text-2"))
            right = QRect(0, 0, self.width() - px(13), self.height())
            painter.drawText(right, int(middle | Qt.AlignmentFlag.AlignRight), self._count)


class Navigation(Ground):
    """The whole left side. `wanted` carries a page's key, `case_wanted` a recent case's id."""

    wanted = Signal(str)
    case_wanted = Signal(int)

    def __init__(self, places: Sequence[Place], parent: QWidget | None = None) -> None:
        super().__init__("chrome", parent=parent)
        self._theme = current_theme()
        name_widget(self, "navigation", "Navigation")
        self._rail_width = 0
        self._recent: tuple[tuple[int, str], ...] = ()
        self.items: dict[str, NavItem] = {}
        px = self._theme.px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(8), px(8), px(8), px(12))
        column.setSpacing(px(2))
        for place in places:
            item = NavItem(place.words, place.icon, f"nav_{place.key}", tip=f"Ctrl+{place.number}")
            item.clicked.connect(lambda _on=False, key=place.key: self.wanted.emit(key))
            self.items[place.key] = item
            column.addWidget(item)
        column.addSpacing(px(16))
        self._recent_title = Text("Recent cases", "small", "text-2")
        self._recent_title.setContentsMargins(px(12), 0, 0, 0)
        self._recent_title.setIndent(px(12))
        column.addWidget(self._recent_title)
        column.addSpacing(px(4))
        self._cases = QVBoxLayout()
        self._cases.setSpacing(0)
        column.addLayout(self._cases)
        column.addStretch(1)
        column.addWidget(self._build_foot())
        self._recent_title.hide()
        self.set_rail(0)
        self._theme.changed.connect(lambda: self.set_rail(self._rail_width))

    def _build_foot(self) -> QWidget:
        px = self._theme.px
        foot = QWidget()
        column = QVBoxLayout(foot)
        column.setContentsMargins(px(12), 0, 0, 0)
        column.setSpacing(px(4))
        row = QHBoxLayout()
        row.setSpacing(px(6))
        self._saved_icon = IconLabel("circle-check", "text-2", 14)
        self._saved = Text("All changes saved", "small", "text-2")
        row.addWidget(self._saved_icon)
        row.addWidget(self._saved)
        row.addStretch(1)
        column.addLayout(row)
        self.organisation = Text("", "small", "text-2", elide=True)
        column.addWidget(self.organisation)
        return foot

    def set_current(self, key: str) -> None:
        """Marks a page as the current one; none where the key is not here."""
        for one, item in self.items.items():
            item.setAutoExclusive(False)
            item.setChecked(one == key)

    def set_rail(self, width: int) -> None:
        """A rail of this many px (at 14 px text), or 0 for the wide navigation."""
        self._rail_width = width
        rail = width > 0
        self.setFixedWidth(self._theme.px(width or WIDE))
        for item in self.findChildren(NavItem):
            item.set_rail(rail)
        self._recent_title.setVisible(bool(self._recent) and not rail)
        for at in range(self._cases.count()):
            widget = self._cases.itemAt(at).widget()
            if widget is not None:
                widget.setVisible(not rail)
        self.organisation.setVisible(not rail)
        self._saved.setVisible(not rail)

    def set_saving(self, saving: bool) -> None:
        """Says whether something typed is still on its way to the store."""
        words = "Saving…" if saving else "All changes saved"
        self._saved.setText(words)
        self._saved_icon.set_icon("loader" if saving else "circle-check", "text-2")
        set_tooltip(self._saved_icon, words)

    def saved_words(self) -> str:
        """What the foot says."""
        return self._saved.text()

    def show_recent(self, cases: Sequence[tuple[int, str]]) -> None:
        """Shows these cases by their references."""
        if tuple(cases) == self._recent:
            return
        self._recent = tuple(cases)
        clear_layout(self._cases)
        for case_id, reference in self._recent:
            item = NavItem(reference, "file-text", f"recent_{slug(reference)}", small=True)
            item.clicked.connect(lambda _on=False, case=case_id: self.case_wanted.emit(case))
            self._cases.addWidget(item)
        self.set_rail(self._rail_width)
