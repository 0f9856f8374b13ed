"""The steps of the first start that ask: welcome, the first administrator, and where the key lives."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.records import Role
from desktop.casework.accounts import NewUser, account_problems, organisation_problems
from desktop.policy.fields import Problem
from desktop.security.passwords import SHORTEST, password_problem
from desktop.ui.kit.inputs import LineField
from desktop.ui.kit.notices import Banner
from desktop.ui.kit.small import IconText
from desktop.ui.kit.text import Text
from desktop.ui.setup.organisation import OrganisationForm
from desktop.ui.signin import PasswordRow, tall
from desktop.ui.theme import current_theme


class Step(QWidget):
    """One step: a title, a sentence, and what it asks. `ready` says whether to go on, and shows what is wrong."""

    title = ""
    sentence = ""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(current_theme().px(16))

    def ready(self) -> bool:
        """Whether all is there that this step asks."""
        return True


class WelcomeStep(Step):
    """What is about to happen, and what one needs at hand."""

    title = "Set up Tracing Desk"
    sentence = "There is no store in this data folder yet. Setting one up takes about five minutes."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for icon, words in (
            ("building-2", "You give your organisation’s name, address and contact, as its letters will show them."),
            ("user", "You choose the user name and password of the first administrator, who then adds everyone else."),
            ("key-round", "The desk makes an encrypted store on this computer. Nothing leaves this computer."),
            ("printer", "You print one page: the recovery sheet. Without it, a lost key means a lost store."),
        ):
            self.column.addWidget(IconText(icon, words, icon_colour="accent", wrap=True))
        self.column.addStretch(1)


class OrganisationStep(Step):
    """The organisation, as letters show it."""

    title = "Your organisation"
    sentence = "This is what letters show. An administrator can change it later."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = OrganisationForm()
        self.column.addWidget(self.form)
        self.column.addStretch(1)
        self.setFocusProxy(self.form)

    def ready(self) -> bool:
        """Whether letters could be printed with it."""
        problems = organisation_problems(self.form.organisation())
        self.form.show_problems(problems)
        return not problems


class AdministratorStep(Step):
    """The first account."""

    title = "The first administrator"
    sentence = "Administrators add accounts and switch them off. They work on no case: add others next."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = LineField("admin_name", "Name", hint="As colleagues know you.")
        hint = "Letters, figures, dots and hyphens."
        self.username = LineField("admin_username", "User name", hint=hint)
        self.password = PasswordRow("admin_password", "Password", help=password_rule())
        self.again = PasswordRow("admin_password_again", "Password again")
        for field in (self.name, self.username):
            tall(field)
            field.edited.connect(field.clear_problem)
            self.column.addWidget(field)
        for row in (self.password, self.again):
            row.field.edited.connect(row.field.clear_problem)
            self.column.addWidget(row)
        self.column.addStretch(1)
        self.setFocusProxy(self.name.edit)

    def administrator(self) -> NewUser:
        """The account as typed."""
        return NewUser(self.username.edit.text(), self.name.edit.text(), Role.ADMINISTRATOR, self.password.text())

    def ready(self) -> bool:
        """Whether the account can be made, and the password was typed twice."""
        problems = list(account_problems(self.administrator()))
        if not any(one.field == "password" for one in problems) and self.password.text() != self.again.text():
            problems.append(Problem("again", "The two passwords differ. Type the second one again.", hard=True))
        self.show_problems(problems)
        return not problems

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Says beside the fields what is wrong, and goes to the first."""
        fields = {
            "name": self.name,
            "username": self.username,
            "password": self.password.field,
            "again": self.again.field,
        }
        for field in fields.values():
            field.clear_problem()
        shown = [problem for problem in problems if problem.field in fields]
        for problem in shown:
            fields[problem.field].show_problem(problem.message)
        first = next((field for key, field in fields.items() if any(one.field == key for one in shown)), None)
        if first is not None:
            first.edit.setFocus()


def password_rule() -> str:
    """What a password needs, in words."""
    return f"At least {SHORTEST} characters. Three or four words that do not belong together are easy to keep."


def strength_words(passphrase: str) -> tuple[str, str]:
    """How strong a passphrase is: a kind of message and its words."""
    if problem := password_problem(passphrase, ""):
        return "hint", problem
    if len(passphrase) < 16:
        return "warning", "Fair: it keeps out a person who guesses. Add a word or two against a computer that guesses."
    if len(passphrase) < 24:
        return "good", "Good: long enough."
    return "good", "Very good."


class KeyStep(Step):
    """Where the store's key is kept: in the keyring, or sealed with a passphrase."""

    title = "Where the key lives"
    sentence = "The store is encrypted with a random key. The key is never written to the disk in clear."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keyring: bool | None = None
        self._looking = Text("Looking for this computer’s keyring…", "body", "text-2")
        self._found = Banner(
            "good",
            "This computer has a keyring. The key goes there, and the desk opens without a further password.",
            icon="key-round",
        )
        self._none = Banner(
            "warning",
            "This computer has no keyring that the desk can use. Choose a passphrase: it is asked for each time the "
            "desk opens, before anyone signs in.",
        )
        self.passphrase = PasswordRow("passphrase", "Passphrase", help=password_rule())
        self.again = PasswordRow("passphrase_again", "Passphrase again")
        for widget in (self._looking, self._found, self._none, self.passphrase, self.again):
            self.column.addWidget(widget)
            widget.hide()
        self._looking.show()
        self.column.addStretch(1)
        self.passphrase.field.edited.connect(self._judge)
        self.again.field.edited.connect(self.again.field.clear_problem)
        self.setFocusProxy(self.passphrase)

    def show_keyring(self, found: bool) -> None:
        """Says whether there is a keyring; without one, asks for a passphrase."""
        self._keyring = found
        self._looking.hide()
        self._found.setVisible(found)
        for widget in (self._none, self.passphrase, self.again):
            widget.setVisible(not found)

    def chosen(self) -> str:
        """The passphrase; "" to use the keyring."""
        return "" if self._keyring else self.passphrase.text()

    def ready(self) -> bool:
        """Whether there is a place for the key."""
        if self._keyring is None:
            return False
        if self._keyring:
            return True
        if problem := password_problem(self.passphrase.text(), ""):
            self.passphrase.field.show_problem(problem)
            self.passphrase.setFocus()
            return False
        if self.passphrase.text() != self.again.text():
            self.again.field.show_problem("The two passphrases differ. Type the second one again.")
            self.again.setFocus()
            return False
        return True

    def _judge(self) -> None:
        self.passphrase.field.clear_problem()
        kind, words = strength_words(self.passphrase.text())
        if self.passphrase.text():
            self.passphrase.field.message.show_message(kind, words)
