"""The pages that stand before the desk: a passphrase, a recovery key, a new password, a problem, the lock."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.kit.button import MAIN, Button, Link
from desktop.ui.kit.card import Card
from desktop.ui.kit.inputs import LineField
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import IconText, Mark
from desktop.ui.kit.text import Text
from desktop.ui.signin import PasswordRow, tall
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CONTROL_TALL

_CARD = 400


class GatePage(ScrollPane):
    """One card in the middle of the window, under the mark. Put things into `card.body`."""

    def __init__(self, name: str, title: str, width: int = _CARD, parent: QWidget | None = None) -> None:
        super().__init__(name, title, "chrome", margin=24, parent=parent)
        px = current_theme().px
        self.body.setSpacing(0)
        self.body.addStretch(2)
        row = QHBoxLayout()
        row.addStretch(1)
        middle = QVBoxLayout()
        middle.setSpacing(px(24))
        brand = QHBoxLayout()
        brand.setSpacing(px(12))
        brand.addWidget(Mark(40))
        brand.addWidget(Text("Tracing Desk", "section"), 1)
        middle.addLayout(brand)
        self.card = Card(padded=False)
        self.card.setFixedWidth(px(width))
        self.card.body.setContentsMargins(px(24), px(24), px(24), px(23))
        self.card.body.setSpacing(px(16))
        self.title = Text(title, "title", wrap=True)
        self.card.body.addWidget(self.title)
        middle.addWidget(self.card)
        row.addLayout(middle)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addStretch(3)


class SecretPage(GatePage):
    """Asks for one secret and does one thing with it. `entered` carries it; call `refuse` or `clear` after."""

    entered = Signal(str)

    def __init__(
        self, name: str, title: str, sentence: str, label: str, button: str, icon: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, title, parent=parent)
        self.card.body.addWidget(Text(sentence, "body", "text-2", wrap=True))
        self.secret = PasswordRow(f"{name}_secret", label)
        self.button = Button(button, MAIN, icon, height=CONTROL_TALL, name=f"{name}_go")
        self.card.body.addWidget(self.secret)
        self.card.body.addWidget(self.button)
        self.secret.entered.connect(self.submit)
        self.button.triggered.connect(self.submit)
        self.secret.field.edited.connect(self.secret.field.clear_problem)
        self.setFocusProxy(self.secret)

    def submit(self) -> None:
        """Hands over what was typed."""
        if not self.secret.text():
            self.secret.field.show_problem(f"Type the {self.secret.field.label_text.lower()}.")
            self.secret.setFocus()
            return
        self.button.set_busy(True)
        self.entered.emit(self.secret.text())

    def refuse(self, words: str) -> None:
        """Says why it was not right; it is to be typed again."""
        self.clear()
        self.secret.field.show_problem(words)
        self.secret.setFocus()

    def clear(self) -> None:
        """Forgets what was typed."""
        self.button.set_busy(False)
        self.secret.clear()


class PassphrasePage(SecretPage):
    """The passphrase of a store on a computer without a keyring."""

    recovery_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "passphrase_page",
            "Open the store",
            "This computer has no keyring: the store opens with its passphrase. Then sign in with your own password.",
            "Passphrase",
            "Open",
            "key-round",
            parent,
        )
        self.recovery = Link("Use the recovery sheet", "small", name="use_recovery")
        self.card.body.addWidget(self.recovery)
        self.recovery.clicked.connect(self.recovery_wanted)


class RecoveryPage(GatePage):
    """The recovery key, typed from its printed sheet."""

    entered = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("recovery_page", "Open with the recovery sheet", 560, parent)
        words = "Type the eight groups of the sheet, from left to right. Hyphens and spaces may be left out."
        self.card.body.addWidget(Text(words, "body", "text-2", wrap=True))
        self.code = LineField("recovery_code", "Recovery key")
        tall(self.code)
        self.card.body.addWidget(self.code)
        row = QHBoxLayout()
        self.back = Button("Back", icon="arrow-left", height=CONTROL_TALL, name="recovery_back")
        self.button = Button("Open", MAIN, "key-round", height=CONTROL_TALL, name="recovery_go")
        row.addWidget(self.back)
        row.addStretch(1)
        row.addWidget(self.button)
        self.card.body.addLayout(row)
        self.button.triggered.connect(self.submit)
        self.code.edit.returnPressed.connect(self.submit)
        self.code.edited.connect(self.code.clear_problem)
        self.back.triggered.connect(self.left)
        self.setFocusProxy(self.code.edit)

    def submit(self) -> None:
        """Hands over what was typed."""
        self.button.set_busy(True)
        self.entered.emit(self.code.edit.text())

    def refuse(self, words: str) -> None:
        """Says what is wrong with it. It stays, so that one group can be mended."""
        self.button.set_busy(False)
        self.code.show_problem(words)
        self.code.focus()


class ProblemPage(GatePage):
    """The store cannot be opened: what happened, what is safe, what to do, and a way to try again."""

    retried = Signal()
    quit_wanted = Signal()
    recovery_wanted = Signal()
    restore_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("problem_page", "The desk cannot open", 560, parent)
        self._what = IconText("circle-alert", "", "text", icon_colour="red", wrap=True)
        self._safe = IconText("shield-check", "", "text", icon_colour="green", wrap=True)
        self._todo = IconText("arrow-right", "", "text", icon_colour="accent", wrap=True)
        for row in (self._what, self._safe, self._todo):
            self.card.body.addWidget(row)
        buttons = QHBoxLayout()
        self.recovery = Button("Use the recovery sheet", icon="key-round", height=CONTROL_TALL, name="use_recovery")
        self.restore = Button("Restore a backup", icon="history", height=CONTROL_TALL, name="use_backup")
        self.quit = Button("Quit", height=CONTROL_TALL, name="quit")
        self.retry = Button("Try again", MAIN, "refresh-cw", height=CONTROL_TALL, name="retry")
        ways = QHBoxLayout()
        ways.addWidget(self.recovery)
        ways.addWidget(self.restore)
        ways.addStretch(1)
        buttons.addStretch(1)
        buttons.addWidget(self.quit)
        buttons.addSpacing(current_theme().px(8))
        buttons.addWidget(self.retry)
        self.card.body.addSpacing(current_theme().px(8))
        self.card.body.addLayout(ways)
        self.card.body.addLayout(buttons)
        self.retry.triggered.connect(self._retry)
        self.quit.triggered.connect(self.quit_wanted)
        self.recovery.triggered.connect(self.recovery_wanted)
        self.restore.triggered.connect(self.restore_wanted)
        self.setFocusProxy(self.retry)

    def show_problem(self, what: str, safe: str, todo: str, recovery: bool, backup: bool = False) -> None:
        """Shows the three sentences. `recovery`: the recovery sheet may help. `backup`: a backup may."""
        self._what.words.setText(what)
        self._safe.words.setText(safe)
        self._todo.words.setText(todo)
        self.setAccessibleDescription(f"{what} {safe} {todo}")
        self.recovery.setVisible(recovery)
        self.restore.setVisible(backup)
        self.retry.set_busy(False)

    def words(self) -> str:
        """The three sentences, as shown."""
        return " ".join(row.words.text() for row in (self._what, self._safe, self._todo))

    def _retry(self) -> None:
        self.retry.set_busy(True)
        self.retried.emit()


class NewPasswordPage(GatePage):
    """The first sign-in: a password that only its owner knows. `chosen` carries it."""

    chosen = Signal(str)

    def __init__(self, rule: str, parent: QWidget | None = None) -> None:
        super().__init__("new_password_page", "Choose your own password", parent=parent)
        words = "An administrator knows the password you signed in with. Choose one that only you know."
        self.card.body.addWidget(Text(words, "body", "text-2", wrap=True))
        self.new = PasswordRow("new_password", "New password", help=rule)
        self.again = PasswordRow("new_password_again", "New password again")
        self.button = Button("Change the password", MAIN, "check", height=CONTROL_TALL, name="change_password")
        for widget in (self.new, self.again, self.button):
            self.card.body.addWidget(widget)
        self.new.field.edited.connect(self.new.field.clear_problem)
        self.again.field.edited.connect(self.again.field.clear_problem)
        self.new.entered.connect(self.again.setFocus)
        self.again.entered.connect(self.submit)
        self.button.triggered.connect(self.submit)
        self.setFocusProxy(self.new)

    def submit(self) -> None:
        """Hands over the new password, once it was typed twice."""
        if self.new.text() != self.again.text():
            self.again.field.show_problem("The two passwords differ. Type the second one again.")
            self.again.setFocus()
            return
        self.button.set_busy(True)
        self.chosen.emit(self.new.text())

    def refuse(self, words: str) -> None:
        """Says why it cannot be the password."""
        self.button.set_busy(False)
        self.new.field.show_problem(words)
        self.new.setFocus()

    def clear(self) -> None:
        """Forgets what was typed."""
        self.button.set_busy(False)
        self.new.clear()
        self.again.clear()
