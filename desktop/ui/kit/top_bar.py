"""The top bar: mark and name, search, sample-store tag, the person with their role, Lock."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from desktop.ui.kit.base import draw_box, name_widget
from desktop.ui.kit.button import QUIET, Button
from desktop.ui.kit.field import IconLabel
from desktop.ui.kit.inputs import LineEdit
from desktop.ui.kit.small import Avatar, KeyHint, Mark
from desktop.ui.kit.tag import Tag, TagLook
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

_LONG = "Search references, names, dates of birth, NHS numbers"


class SearchField(LineEdit):
    """The search field: icon at the left, its key at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        name_widget(self, "search", "Search all cases")
        self.setAccessibleDescription(_LONG)
        self.setPlaceholderText(_LONG)
        self._icon = IconLabel("search", "text-2", 16, self)
        self._hint = KeyHint("Ctrl+K", self)
        for over in (self._icon, self._hint):
            over.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._theme.changed.connect(self._place)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps icon and key in place."""
        super().resizeEvent(event)
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc empties it, and leaves it where it is empty."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self.textEdited.emit("")
        else:
            super().keyPressEvent(event)

    def _place(self) -> None:
        px = self._theme.px
        hint = self._hint.sizeHint()
        self._hint.resize(hint)
        self._hint.move(self.width() - hint.width() - px(7), (self.height() - hint.height()) // 2)
        self._icon.move(px(11), (self.height() - self._icon.height()) // 2)
        self.setTextMargins(px(26), 0, hint.width() + px(4), 0)


class PersonButton(QAbstractButton):
    """The person who is signed in: initials, name, role. Press it for a menu."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._name, self._role, self._small = "", "", False
        self.setObjectName("person")
        self._avatar = Avatar("", 28, self)
        self._avatar.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._theme.changed.connect(self.updateGeometry)

    def show_person(self, name: str, role: str) -> None:
        """Shows another person."""
        self._name, self._role = name, role
        self._avatar.set_person(name)
        self.setAccessibleName(f"{name}, {role}")
        self.updateGeometry()
        self.update()

    def set_small(self, small: bool) -> None:
        """Shows the initials alone."""
        self._small = small
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """36 high."""
        px = self._theme.px
        words = max(
            self._theme.metrics("small-strong").horizontalAdvance(self._name),
            self._theme.metrics("tiny").horizontalAdvance(self._role),
        )
        return QSize(px(28) if self._small else px(28 + 8) + words + px(4), px(36))

    def minimumSizeHint(self) -> QSize:
        """Names at the top are never cut."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the initials in the middle."""
        super().resizeEvent(event)
        self._avatar.resize(self._avatar.sizeHint())
        self._avatar.move(0, (self.height() - self._avatar.height()) // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws name and role."""
        if self._small:
            return
        painter = QPainter(self)
        theme, px = self._theme, self._theme.px
        left, wide = px(36), self.width()
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(theme.font("small-strong"))
        painter.setPen(theme.colour("text"))
        painter.drawText(QRect(left, px(2), wide, px(17)), middle, self._name)
        painter.setFont(theme.font("tiny"))
        painter.setPen(theme.colour("text-2"))
        painter.drawText(QRect(left, px(18), wide, px(16)), middle, self._role)


class TopBar(QWidget):
    """48 high."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._no_search = ""
        name_widget(self, "top_bar", "Top bar")
        px = self._theme.px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), 0, px(16), 0)
        row.setSpacing(px(16))
        self._home = QWidget()
        home = QHBoxLayout(self._home)
        home.setContentsMargins(0, 0, 0, 0)
        home.setSpacing(px(8))
        self._mark = Mark(24)
        self._name = Text("Tracing Desk", "group")
        home.addWidget(self._mark)
        home.addWidget(self._name)
        home.addStretch(1)
        self.search = SearchField()
        self.sample = Tag(TagLook("Sample store", "flask-conical", "outlined"))
        self.person = PersonButton()
        self.lock = Button("Lock", QUIET, "lock", name="lock")
        row.addWidget(self._home)
        row.addWidget(self.search, 100)
        row.addStretch(1)
        row.addWidget(self.sample)
        row.addWidget(self.person)
        row.addWidget(self.lock)
        self._small = False
        self.sample.hide()
        self._has_sample = False
        self._theme.changed.connect(self._size)
        self._size()

    def show_person(self, name: str, role: str) -> None:
        """Who is signed in."""
        self.person.show_person(name, role)

    def show_sample(self, sample: bool) -> None:
        """Whether the store is one of invented cases."""
        self._has_sample = sample
        self._size()

    def set_small(self, small: bool) -> None:
        """In small windows the name, the role and the tag go, and the search field takes the room."""
        if small != self._small:
            self._small = small
            self._size()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fills the frame's ground."""
        draw_box(QPainter(self), self.rect().toRectF(), self._theme.colour("chrome"), None, 1, 0)

    def switch_off_search(self, why: str) -> None:
        """Some roles never look for people: the field stays, and says so, at any size and in any theme."""
        self._no_search = why
        self.search.setEnabled(False)
        self.search.setAccessibleDescription(why)
        self._size()

    def _size(self) -> None:
        px = self._theme.px
        self.setFixedHeight(px(48))
        self._home.setFixedWidth(px(24) if self._small else px(184))
        self._name.setVisible(not self._small)
        self.search.setMaximumWidth(px(900) if self._small else px(472))
        self.search.setMinimumWidth(px(160) if self._small else px(240))
        self.search.setPlaceholderText(self._no_search or ("Search" if self._small else _LONG))
        self.sample.setVisible(self._has_sample and not self._small)
        self.person.set_small(self._small)
