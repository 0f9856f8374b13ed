"""The top bar: the mark, the search field, the sample store's tag, the person with their role, and Lock."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from db.records import User
from desktop.policy.life import ROLE_WORDS
from desktop.ui.kit.base import draw_box, name_widget
from desktop.ui.kit.button import QUIET, Button
from desktop.ui.kit.card import Ground
from desktop.ui.kit.inputs import LineEdit
from desktop.ui.kit.small import KeyHint, Mark
from desktop.ui.kit.tag import Tag, TagLook
from desktop.ui.kit.text import Text
from desktop.ui.navigation import NARROW_RAIL, WIDE
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CORNER

HEIGHT = 48
_SEARCH = 472


class SearchField(LineEdit):
    """The search field with its icon and its key."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        name_widget(self, "search", "Search")
        self._hint = KeyHint("Ctrl+K", self)
        self.setMaxLength(200)
        self._theme.changed.connect(self._restyle)
        self._restyle()

    def set_narrow(self, narrow: bool) -> None:
        """Shows few words in little room."""
        self.setPlaceholderText("Search" if narrow else "Search references, names, dates of birth, NHS numbers")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the key at the right."""
        super().resizeEvent(event)
        size = self._hint.sizeHint()
        right = self.width() - size.width() - self._theme.px(6)
        self._hint.setGeometry(right, (self.height() - size.height()) // 2, size.width(), size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the icon over the field."""
        super().paintEvent(event)
        px = self._theme.px
        self._theme.draw_icon(QPainter(self), "search", px(11), (self.height() - px(16)) // 2, "text-2")

    def _restyle(self) -> None:
        px = self._theme.px
        hint = self._hint.sizeHint().width()
        self.setTextMargins(px(24), 0, hint + px(4), 0)
        self._hint.adjustSize()


class PersonButton(QAbstractButton):
    """The signed-in person: initials, name and role. It opens the menu of the person."""

    def __init__(self, user: User, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._name, self._role = user.name, ROLE_WORDS[user.role]
        words = [word for word in user.name.split() if word not in ("Dr", "Mr", "Mrs", "Ms", "Miss", "Prof")]
        self._initials = "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
        self._narrow = False
        name_widget(self, "person", f"{user.name}, {self._role}. Menu")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._theme.changed.connect(self.updateGeometry)

    def set_narrow(self, narrow: bool) -> None:
        """Shows the initials alone."""
        self._narrow = narrow
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Initials, and the two lines beside them."""
        px = self._theme.px
        if self._narrow:
            return QSize(px(36), px(40))
        name = self._theme.metrics("small-strong").horizontalAdvance(self._name)
        role = self._theme.metrics("tiny").horizontalAdvance(self._role)
        return QSize(px(4 + 28 + 8 + 8) + max(name, role), px(40))

    def minimumSizeHint(self) -> QSize:
        """Never narrower than it is."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and down open the menu as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down) and not event.modifiers():
            self.click()
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
        """Draws ring, initials, name and role."""
        painter = QPainter(self)
        theme, px = self._theme, self._theme.px
        if self.underMouse():
            draw_box(painter, QRectF(self.rect()), theme.colour("hover"), None, 1, px(CORNER))
        ring = QRectF(px(4), (self.height() - px(28)) / 2, px(28), px(28))
        draw_box(painter, ring, theme.colour("surface"), theme.colour("edge"), 1, px(14))
        painter.setFont(theme.font("tiny-strong"))
        painter.setPen(theme.colour("text-2"))
        painter.drawText(ring, int(Qt.AlignmentFlag.AlignCenter), self._initials)
        if self._narrow:
            return
        left = px(40)
        for words, style, ink, top in (
            (self._name, "small-strong", "text", px(3)),
            (self._role, "tiny", "text-2", px(20)),
        ):
            painter.setFont(theme.font(style))
            painter.setPen(theme.colour(ink))
            line = QRect(left, top, self.width() - left, theme.line(style))
            painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), words)


class TopBar(Ground):
    """The whole top bar."""

    person_wanted = Signal()
    lock_wanted = Signal()

    def __init__(self, user: User, parent: QWidget | None = None) -> None:
        super().__init__("chrome", parent=parent)
        self._theme = current_theme()
        name_widget(self, "top_bar", "Top bar")
        self._brand = QWidget()
        brand = QHBoxLayout(self._brand)
        px = self._theme.px
        brand.setContentsMargins(px(16), 0, 0, 0)
        brand.setSpacing(px(8))
        brand.addWidget(Mark(24))
        self._name = Text("Tracing Desk", "group")
        brand.addWidget(self._name)
        brand.addStretch(1)
        self.search = SearchField()
        self._sample = Tag(TagLook("Sample store", "flask-conical"))
        self._sample.hide()
        self._is_sample = False
        self.person = PersonButton(user)
        self.lock = Button("Lock", QUIET, "lock", name="lock")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, px(12), 0)
        row.setSpacing(px(12))
        row.addWidget(self._brand)
        row.addWidget(self.search, 1000)
        row.addStretch(1)
        row.addWidget(self._sample)
        row.addWidget(self.person)
        row.addWidget(self.lock)
        self.person.clicked.connect(self.person_wanted)
        self.lock.triggered.connect(self.lock_wanted)
        self._theme.changed.connect(lambda: self.set_narrow(self._narrow))
        self.set_narrow(False)

    def set_sample(self, sample: bool) -> None:
        """Shows that everything in this store is invented."""
        self._is_sample = sample
        self._sample.setVisible(sample and not self._narrow)

    def set_narrow(self, narrow: bool) -> None:
        """Leaves out what has no room: the name, the tag, the person's words."""
        px = self._theme.px
        self._narrow = narrow
        self.setFixedHeight(px(HEIGHT))
        self._brand.setFixedWidth(px(NARROW_RAIL - 12 + 16 if narrow else WIDE - 4))
        self._name.setVisible(not narrow)
        self.search.setMaximumWidth(px(_SEARCH))
        self.search.set_narrow(narrow)
        self._sample.setVisible(self._is_sample and not narrow)
        self.person.set_narrow(narrow)
