"""The pages before the desk that bring a store back: a backup over one that does not open, and a new administrator."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from db.records import Role
from desktop.casework.accounts import NewUser, NotSignedIn, account_problems
from desktop.casework.desk import Refused
from desktop.casework.recovery import NewAdministrator
from desktop.policy.fields import Problem
from desktop.policy.wording import lower_first
from desktop.ui.admin.forms import FIRST_HINT, spoken_password
from desktop.ui.gate import GatePage
from desktop.ui.kit.button import MAIN, Button
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import LineField
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CONTROL_TALL

_RESTORE = (
    "Choose a backup and type the recovery key from its printed sheet: the eight groups, from left to right. The desk "
    "says first what restoring it would change. Whoever was destroyed since stays so."
)
_EARLIER = "Of the sheet that was printed before the store’s key was changed. The newest one stays above."
_ADMINISTRATOR = (
    "Where no administrator can sign in, the guardian and a records officer make one together, with the recovery key. "
    "Each types their own password."
)
_MISSING = {
    "code": "Type the recovery key.",
    "guardian": "Type the guardian’s user name.",
    "guardian_password": "Type the guardian’s password.",
    "officer": "Type the records officer’s user name.",
    "officer_password": "Type the records officer’s password.",
}
_BOTTOM = Qt.AlignmentFlag.AlignBottom


class _Asking(GatePage):
    """Fields, Back, and one button that does it. What of `rows` stands in one row stands side by side."""

    left = Signal()

    def __init__(
        self,
        name: str,
        title: str,
        lead: str,
        does: str,
        rows: list[list[Field | Button]],
        parent: QWidget | None,
    ) -> None:
        super().__init__(name, title, 560, parent)
        self.fields = {one.key: one for row in rows for one in row if isinstance(one, Field)}
        self.card.body.addWidget(Text(lead, "body", "text-2", wrap=True))
        for row in rows:
            line = QHBoxLayout()
            line.setSpacing(current_theme().px(16))
            # A button stands beside its field's control, and fields level with one another, whatever is said below.
            level = Qt.AlignmentFlag.AlignTop if all(isinstance(one, Field) for one in row) else _BOTTOM
            for one in row:
                line.addWidget(one, int(isinstance(one, Field)), level)
            self.card.body.addLayout(line)
        for field in self.fields.values():
            field.edited.connect(field.clear_problem)
        self.said = Text("", "body", wrap=True)
        self.said.hide()
        self.card.body.addWidget(self.said)
        self.back = Button("Back", icon="arrow-left", height=CONTROL_TALL, name=f"{name}_back")
        self.button = Button(does, MAIN, height=CONTROL_TALL, name=f"{name}_go")
        self.row = QHBoxLayout()
        self.row.addWidget(self.back)
        self.row.addStretch(1)
        self.row.addWidget(self.button)
        self.card.body.addLayout(self.row)
        self.back.triggered.connect(self.left)
        self.setFocusProxy(next(iter(self.fields.values())))

    def text(self, key: str) -> str:
        """What was typed into a field."""
        return str(self.fields[key].value() or "")

    def refuse(self, words: str, key: str = "") -> None:
        """Says what is wrong, beside the field that it is about, else beside the first one."""
        self.button.set_busy(False)
        field = self.fields.get(key) or next(iter(self.fields.values()))
        field.show_problem(words)
        field.focus()
        # Where it stands now, in a card that may have grown by it.
        QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(field))


class RestorePage(_Asking):
    """A backup, the newest recovery key, and, where the backup was made under an earlier key of the store, that of its
    day. ``looked`` asks what it would change, ``wanted`` for the restore itself.
    """

    looked = Signal(object, str, str)
    wanted = Signal(object, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.choose = Button("Choose…", icon="file-search", name="restore_page_choose")
        rows: list[list[Field | Button]] = [
            [LineField("file", "Backup", hint="Such as desk-2026-06-10T093000Z.db"), self.choose],
            [LineField("code", "Recovery key")],
            [LineField("earlier", "Recovery key of the backup’s day", hint=_EARLIER)],
        ]
        super().__init__("restore_page", "Restore a backup", _RESTORE, "See what it would change", rows, parent)
        self._agreed = False
        self.choose.triggered.connect(self._choose)
        self.button.triggered.connect(self.submit)
        for field in self.fields.values():
            field.edited.connect(self._anew)
        self.fields["earlier"].hide()
        self.fields["file"].edited.connect(self._another)

    def _choose(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(self, "Choose the backup to restore", "", "Backups (*.db)")
        if chosen:
            self.fields["file"].set_value(chosen)
            self._another()
            self._anew()

    def ask_earlier(self, words: str) -> None:
        """Asks for the recovery key of the backup's day too."""
        self.fields["earlier"].show()
        self.refuse(words, "earlier")

    def _another(self) -> None:
        self.fields["earlier"].set_value("")
        self.fields["earlier"].clear_problem()
        self.fields["earlier"].hide()

    def _anew(self) -> None:
        self._agreed = False
        self.said.hide()
        self.button.setText("See what it would change")

    def submit(self) -> None:
        """Asks for the one or the other."""
        if not self.text("file"):
            self.refuse("Choose the backup’s file.", "file")
            return
        self.button.set_busy(True)
        typed = self.text("code"), self.text("earlier")
        (self.wanted if self._agreed else self.looked).emit(Path(self.text("file")), *typed)

    def show_preview(self, sentences: list[str]) -> None:
        """What it would change; the button does it from here on."""
        self.button.set_busy(False)
        self.said.setText("\n".join(sentences))
        self.said.show()
        self.setAccessibleDescription(" ".join(sentences))
        self._agreed = True
        self.button.setText("Restore it")


def _password(key: str, label: str) -> LineField:
    return LineField(key, label, password=True)


class AdministratorPage(_Asking):
    """Two people and the recovery key make an administrator. ``wanted`` carries the command."""

    wanted = Signal(object)

    def __init__(self, random: Callable[[int], bytes], parent: QWidget | None = None) -> None:
        rows: list[list[Field | Button]] = [
            [LineField("code", "Recovery key")],
            [
                LineField("guardian", "User name of the guardian"),
                _password("guardian_password", "Password of the guardian"),
            ],
            [
                LineField("officer", "User name of the records officer"),
                _password("officer_password", "Password of the records officer"),
            ],
            [LineField("name", "Name of the new administrator"), LineField("username", "Their user name")],
            [LineField("password", "First password", hint=FIRST_HINT)],
        ]
        name, title = "administrator_page", "Make a new administrator"
        super().__init__(name, title, _ADMINISTRATOR, "Make the administrator", rows, parent)
        self.fields["password"].set_value(spoken_password(random))
        self.button.triggered.connect(self.submit)

    def submit(self) -> None:
        """Hands over what was typed."""
        for field in self.fields.values():
            field.clear_problem()
        new = NewUser(self.text("username"), self.text("name"), Role.ADMINISTRATOR, self.text("password"))
        missing = [Problem(key, words, hard=True) for key, words in _MISSING.items() if not self.text(key).strip()]
        if missing:
            self.show_problems((*missing, *account_problems(new)))
            return
        self.button.set_busy(True)
        self.wanted.emit(NewAdministrator(new=new, **{key: self.text(key) for key in _MISSING}))

    def refuse_person(self, error: Refused) -> None:
        """What was refused to one of the two, at their user name; to both, at the first."""
        if not isinstance(error, NotSignedIn):
            self.refuse(str(error), "guardian")
        elif error.username == self.text("guardian"):
            self.refuse(f"Guardian: {lower_first(str(error))}", "guardian")
        else:
            self.refuse(f"Records officer: {lower_first(str(error))}", "officer")

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Each beside its field."""
        for problem in reversed(problems):
            self.refuse(problem.message, problem.field)
