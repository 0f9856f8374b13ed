"""The sign-in window: the card to sign in with, and in a sample store everyone whom one may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import MAIN, PLAIN, QUIET, Button, Link
from desktop.ui.kit.card import Card
from desktop.ui.kit.inputs import LineField
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import Avatar, IconText, KeyHint, Line, Mark
from desktop.ui.kit.tag import Tag, TagLook, role_look
from desktop.ui.kit.text import Run, Sentence, Text
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CONTROL_TALL

if TYPE_CHECKING:
    from desktop.casework.sample import SampleUser

VERSION = "0.1.0"
_CARD, _PEOPLE, _GAP = 400, 704, 48
_ONE_COLUMN = 1024
"""Effective width below which the people stand under the card."""


class PasswordRow(QWidget):
    """A password's field with Show and Hide beside it. `entered` fires for Enter in it."""

    entered = Signal()

    def __init__(self, key: str, label: str, *, help: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = current_theme()
        self.field = LineField(key, label, help=help, password=True)
        tall(self.field)
        self.show_button = Button("Show", PLAIN, "eye", height=CONTROL_TALL, name=f"show_{key}")
        self.show_button.setAccessibleName(f"Show the {label.lower()}")
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        self.field.body.removeWidget(self.field.edit)
        row.addWidget(self.field.edit, 1)
        row.addWidget(self.show_button)
        self.field.body.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.field)
        self.setFocusProxy(self.field.edit)
        self.show_button.triggered.connect(self._toggle)
        self.field.edit.returnPressed.connect(self.entered)

    def text(self) -> str:
        """What was typed."""
        return self.field.edit.text()

    def clear(self) -> None:
        """Forgets what was typed, and hides what comes next."""
        self.field.edit.clear()
        self.field.clear_problem()
        if self.field.edit.echoMode() != QLineEdit.EchoMode.Password:
            self._toggle()

    def _toggle(self) -> None:
        shown = self.field.edit.echoMode() == QLineEdit.EchoMode.Password
        self.field.edit.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        words = "Hide" if shown else "Show"
        self.show_button.setText(words)
        self.show_button.set_icon("eye-off" if shown else "eye")
        self.show_button.setAccessibleName(f"{words} the {self.field.label_text.lower()}")


def tall(field: LineField) -> None:
    """Makes a field 40 high, as the windows before the desk have them."""
    high = current_theme().px(CONTROL_TALL)
    # The theme's style sheet sets the height of a field anew with each change of its focus; this one wins over it.
    field.edit.setStyleSheet(
        f"QLineEdit {{ min-height: {high - 2}px; }} QLineEdit:focus {{ min-height: {high - 4}px; }}"
        f'QLineEdit[problem="true"] {{ min-height: {high - 4}px; }}'
    )


class SignInCard(Card):
    """User name and password. `wanted` carries both; call `refuse` or `welcome` with what came of it."""

    wanted = Signal(str, str)
    help_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padded=False, parent=parent)
        theme = current_theme()
        px = theme.px
        name_widget(self, "sign_in_card", "Sign in")
        self.body.setContentsMargins(px(24), px(24), px(24), px(23))
        self.title = Text("Sign in", "title")
        self.username = LineField("username", "User name")
        tall(self.username)
        self.password = PasswordRow("password", "Password")
        self.button = Button("Sign in", MAIN, "log-in", height=CONTROL_TALL, name="sign_in")
        self.cannot = Link("I cannot sign in", "small", name="cannot_sign_in")
        self.body.addWidget(self.title)
        self.body.addSpacing(px(20))
        self.body.addWidget(self.username)
        self.body.addSpacing(px(16))
        self.body.addWidget(self.password)
        self.body.addSpacing(px(24))
        self.body.addWidget(self.button)
        self.body.addSpacing(px(16))
        self.body.addWidget(Text("Five wrong passwords lock the account for 15 minutes.", "small", "text-2"))
        self.body.addWidget(self.cannot)
        self.username.edit.returnPressed.connect(self.password.setFocus)
        self.password.entered.connect(self.submit)
        self.button.triggered.connect(self.submit)
        self.cannot.clicked.connect(self.help_wanted)
        self.username.edited.connect(self.username.clear_problem)
        self.password.field.edited.connect(self.password.field.clear_problem)

    def submit(self) -> None:
        """Asks for the sign-in, once both are there."""
        if not self.username.edit.text().strip():
            self.username.show_problem("Type your user name.")
            self.username.focus()
        elif not self.password.text():
            self.password.field.show_problem("Type your password.")
            self.password.setFocus()
        else:
            self.set_busy(True)
            self.wanted.emit(self.username.edit.text(), self.password.text())

    def sign_in_as(self, username: str, password: str) -> None:
        """Fills both and asks, as the buttons of a sample store do."""
        self.username.set_value(username)
        self.password.field.set_value(password)
        self.submit()

    def fit(self) -> None:
        """Follows the size of the text."""
        tall(self.username)
        tall(self.password.field)

    def set_busy(self, busy: bool) -> None:
        """Shows that the answer is on its way."""
        self.button.set_busy(busy)

    def refuse(self, words: str) -> None:
        """Says beside the password why there is no sign-in; the password is to be typed again."""
        self.set_busy(False)
        self.password.clear()
        self.password.field.show_problem(words)
        self.password.setFocus()

    def welcome(self) -> None:
        """Forgets both: somebody signed in."""
        self.set_busy(False)
        self.password.clear()
        self.username.clear_problem()


class _PersonRow(QWidget):
    chosen = Signal(str)

    def __init__(self, person: SampleUser) -> None:
        super().__init__()
        px = current_theme().px
        first = next(word for word in person.name.split() if word != "Dr")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(20), px(9), px(16), px(9))
        row.setSpacing(px(20))
        row.addWidget(Avatar(person.name, 36))
        words = QVBoxLayout()
        words.setSpacing(px(2))
        head = QHBoxLayout()
        head.setSpacing(px(8))
        head.addWidget(Text(person.name, "strong"))
        head.addWidget(Tag(role_look(person.role)))
        head.addStretch(1)
        words.addLayout(head)
        words.addWidget(Text(person.does, "small", "text-2", elide=True))
        row.addLayout(words, 1)
        self.button = Button(f"Sign in as {first}", name=f"sign_in_as_{person.username}")
        self.button.setMinimumWidth(px(132))
        self.button.triggered.connect(lambda: self.chosen.emit(person.username))
        row.addWidget(self.button)


class PeopleCard(Card):
    """Everyone in a sample store, each with a button. `chosen` carries the user name and the published password."""

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padded=False, parent=parent)
        px = current_theme().px
        name_widget(self, "people_card", "Choose who to be")
        head = QVBoxLayout()
        head.setContentsMargins(px(20), px(20), px(20), px(16))
        head.setSpacing(px(8))
        head.addWidget(Tag(TagLook("Sample store", "flask-conical")), 0, Qt.AlignmentFlag.AlignLeft)
        head.addWidget(Text("Choose who to be", "section"))
        self._sentence = Sentence(["Every person and case in this store is invented."], "body")
        head.addWidget(self._sentence)
        self.body.addLayout(head)
        self.rows: list[_PersonRow] = []

    def show_people(self, people: Sequence[SampleUser], password: str) -> None:
        """Fills the card, once the store is open."""
        if self.rows:
            return
        caseworker, reviewer = _first(people, "caseworker"), _first(people, "reviewer")
        words = (
            "Every person and case in this store is invented. Try the job from both sides: submit a request as "
            f"{caseworker}, then decide it as {reviewer}. The password for everyone is "
        )
        self._sentence.set_runs([words, Run(password, bold=True), "."])
        for person in people:
            self.body.addWidget(Line())
            row = _PersonRow(person)
            row.chosen.connect(lambda username: self.chosen.emit(username, password))
            self.body.addWidget(row)
            self.rows.append(row)


def _first(people: Sequence[SampleUser], role: str) -> str:
    return next((person.name.split()[0] for person in people if person.role.value == role), "one of them")


class SignInPage(ScrollPane):
    """The whole sign-in window. It is painted before the store is open; `show_store` follows when it is."""

    theme_wanted = Signal(QWidget)
    """The button under which the choice of theme opens."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("sign_in_page", "Sign in", "chrome", margin=0, parent=parent)
        theme = current_theme()
        px = theme.px
        self._people: PeopleCard | None = None
        self.card = SignInCard()
        self.organisation = Text("", "small", "text-2", elide=True)
        self.store = Text("", "small", "text-2")
        self.theme_button = Button("Light, dark or high contrast", QUIET, "contrast", height=28, name="choose_theme")
        self.body.setSpacing(0)
        self.body.addStretch(3)
        self._row = QHBoxLayout()
        self._row.setSpacing(px(_GAP))
        self._row.setContentsMargins(px(16), px(16), px(16), px(16))
        self._row.addStretch(1)
        self._left_side = QWidget()
        self._left_side.setLayout(self._left())
        self._row.addWidget(self._left_side)
        self._row.addStretch(1)
        self.body.addLayout(self._row)
        self.body.addStretch(3)
        self._foot = QHBoxLayout()
        self.body.addLayout(self._footer())
        self.setFocusProxy(self.card.username.edit)
        theme.changed.connect(self._fit)
        self._fit()

    def expect_people(self) -> None:
        """Keeps room for the people of a sample store, who come when it is open."""
        if self._people is not None:
            return
        self.store.setText("·    Sample store")
        self._people = PeopleCard()
        self._people.chosen.connect(self.card.sign_in_as)
        self._row.insertWidget(2, self._people, 1000)
        self._fit()

    def show_store(self, organisation: str, people: Sequence[SampleUser] = (), password: str = "") -> None:
        """Shows whose store it is, and in a sample store everyone in it."""
        self.organisation.setText(organisation)
        if people:
            self.expect_people()
        if self._people is not None:
            self._people.show_people(people, password)

    def people(self) -> PeopleCard | None:
        """The people of a sample store, or None."""
        return self._people

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Puts the people beside the card, or below it."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Sizes by the text, and one column where there is no room for two."""
        theme = current_theme()
        narrow = self.width() * 100 / theme.text_scale < _ONE_COLUMN
        ways = QBoxLayout.Direction
        self._row.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)
        centre = Qt.AlignmentFlag.AlignHCenter if narrow else Qt.AlignmentFlag(0)
        self._row.setAlignment(self._left_side, centre)
        self.card.setFixedWidth(theme.px(_CARD))
        self.card.fit()
        if self._people is not None:
            self._row.setAlignment(self._people, centre)
            self._people.setMinimumWidth(theme.px(_CARD + 160 if narrow else _PEOPLE - 180))
            self._people.setMaximumWidth(theme.px(_PEOPLE))

    def _left(self) -> QVBoxLayout:
        px = current_theme().px
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        brand = QHBoxLayout()
        brand.setSpacing(px(12))
        brand.addWidget(Mark(40))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text("Tracing Desk", "section"))
        words.addWidget(self.organisation)
        brand.addLayout(words, 1)
        left.addLayout(brand)
        left.addSpacing(px(41))
        left.addWidget(self.card)
        left.addSpacing(px(24))
        left.addStretch(1)
        for icon, said in (
            ("shield-check", "The store is encrypted. Nothing leaves this computer."),
            ("scroll-text", "Signing in, and whom you look up, is recorded."),
        ):
            left.addWidget(IconText(icon, said, "text-2", "small"))
            left.addSpacing(px(8))
        return left

    def _footer(self) -> QHBoxLayout:
        px = current_theme().px
        foot = self._foot
        foot.setContentsMargins(px(24), 0, px(24), px(16))
        foot.setSpacing(px(16))
        foot.addStretch(1)
        inner = QHBoxLayout()
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(px(16))
        inner.addWidget(Text(f"Tracing Desk {VERSION}", "small", "text-2"))
        inner.addWidget(self.store)
        inner.addStretch(1)
        inner.addWidget(self.theme_button)
        inner.addWidget(KeyHint("F1"))
        self.help = Link("Help", "small", name="help", colour="text-2", underline=False)
        inner.addWidget(self.help)
        holder = QWidget()
        holder.setLayout(inner)
        holder.setMaximumWidth(px(_CARD + _GAP + _PEOPLE))
        foot.addWidget(holder, 1000)
        foot.addStretch(1)
        self.theme_button.triggered.connect(lambda: self.theme_wanted.emit(self.theme_button))
        return foot
