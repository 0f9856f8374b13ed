"""The forms beside the table of people: a new person, and a new first password."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Role
from desktop.casework.accounts import NewUser
from desktop.policy.fields import Problem
from desktop.policy.life import ROLE_WORDS
from desktop.ui.admin.words import ROLE_DOES
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import QUIET, Button
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import ChoiceField, LineField
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

_FIRST, _SECOND = "bcdfghjklmnprstvwz", "aeiou"
FIRST_HINT = "Tell it to them in person or by telephone. They choose their own when they first sign in."


def spoken_password(random: Callable[[int], bytes]) -> str:
    """A first password that can be read out: four groups of two syllables, some 52 random bits."""
    drawn = random(64)
    # Bytes above the last whole multiple are passed over, so that each letter is as likely as any other.
    first = iter([_FIRST[one % 18] for one in drawn[:32] if one < 252])
    second = iter([_SECOND[one % 5] for one in drawn[32:] if one < 255])
    syllables = [f"{next(first)}{next(second)}" for _ in range(8)]
    return "-".join("".join(syllables[at : at + 2]) for at in range(0, 8, 2))


class _Form(QWidget):
    """Fields above Cancel and one button that does it."""

    cancelled = Signal()

    def __init__(self, name: str, label: str, does: str, icon: str) -> None:
        super().__init__()
        px = current_theme().px
        name_widget(self, name, label)
        self.fields: dict[str, Field] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(px(14))
        self.cancel = Button("Cancel", QUIET, name=f"{name}_cancel")
        self.accept = Button(does, icon=icon, name=f"{name}_accept")
        self.buttons = QHBoxLayout()
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.cancel)
        self.buttons.addWidget(self.accept)
        self.cancel.triggered.connect(self.cancelled)

    def add_field(self, name: str, field: Field) -> None:
        """Puts a field at the end; `name` is what problems call it."""
        self.fields[name] = field
        self.column.addWidget(field)
        field.edited.connect(field.clear_problem)

    def finish(self) -> None:
        """Puts the buttons below."""
        self.column.addLayout(self.buttons)

    def rest(self) -> None:
        """The answer has come."""
        self.accept.set_busy(False)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Says beside the fields what is wrong, and goes to the first."""
        for problem in reversed(problems):
            field = self.fields.get(problem.field)
            if field is not None:
                field.show_problem(problem.message)
                field.focus()


class AddForm(_Form):
    """A new person. `accepted` carries a NewUser."""

    accepted = Signal(object)

    def __init__(self) -> None:
        super().__init__("add_form", "Add a person", "Add", "user-plus")
        self.name = LineField("new_name", "Name")
        hint = "Letters, figures, dots and hyphens."
        self.username = LineField("new_username", "User name", hint=hint)
        choices = [(role.value, ROLE_WORDS[role]) for role in ROLE_DOES]
        self.role = ChoiceField("new_role", "Role", choices, none_words="")
        self._does = Text("", "small", "text-2", wrap=True)
        self.password = LineField("first_password", "First password", hint=FIRST_HINT)
        for name, field in (
            ("name", self.name),
            ("username", self.username),
            ("role", self.role),
            ("password", self.password),
        ):
            self.add_field(name, field)
            if field is self.role:
                self.column.addWidget(self._does)
        self.finish()
        self.setFocusProxy(self.name.edit)
        self.role.edited.connect(self._say_role)
        self.name.edited.connect(self._suggest)
        self.accept.triggered.connect(self._accept)
        for edit in (self.name.edit, self.username.edit, self.password.edit):
            edit.returnPressed.connect(self._accept)

    def start(self, random: Callable[[int], bytes]) -> None:
        """Begins with empty fields and a first password to read out."""
        for field in self.fields.values():
            field.set_value("")
            field.clear_problem()
        self.role.set_value(Role.CASEWORKER.value)
        self.password.set_value(spoken_password(random))
        self._suggested = ""
        self._say_role()

    def _say_role(self) -> None:
        self._does.setText(ROLE_DOES[Role(str(self.role.value()))])

    def _suggest(self) -> None:
        """Offers first.last as the user name, until another is typed."""
        if self.username.edit.text() == self._suggested:
            words = [word for word in self.name.edit.text().lower().split() if word.isalnum()]
            self._suggested = ".".join([words[0], words[-1]] if len(words) > 1 else words)[:60]
            self.username.set_value(self._suggested)

    def _accept(self) -> None:
        self.accept.set_busy(True)
        self.accepted.emit(
            NewUser(
                self.username.edit.text(),
                self.name.edit.text(),
                Role(str(self.role.value())),
                self.password.edit.text(),
            )
        )


class FirstPasswordForm(_Form):
    """A new first password for someone who forgot theirs. `accepted` carries it."""

    accepted = Signal(str)

    def __init__(self) -> None:
        super().__init__("reset_form", "A new first password", "Give it", "key-round")
        self.sentence = Text("", "small", "text-2", wrap=True)
        self.column.addWidget(self.sentence)
        self.password = LineField("reset_password", "First password", hint=FIRST_HINT)
        self.add_field("password", self.password)
        self.finish()
        self.setFocusProxy(self.password.edit)
        self.accept.triggered.connect(self._accept)
        self.password.edit.returnPressed.connect(self._accept)

    def start(self, name: str, random: Callable[[int], bytes]) -> None:
        """Begins for this person."""
        self.sentence.setText(f"{name}’s password of now stops working, and a locked account is unlocked.")
        self.password.set_value(spoken_password(random))
        self.password.clear_problem()

    def _accept(self) -> None:
        self.accept.set_busy(True)
        self.accepted.emit(self.password.edit.text())
