"""A dialog of a few fields that puts something on record, or changes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from db.records import Json
from desktop.casework.desk import Desk, Invalid
from desktop.policy.fields import Problem
from desktop.ui.dialogs import WIDTH, Dialog
from desktop.ui.kit.button import MAIN
from desktop.ui.kit.dates import DateField
from desktop.ui.kit.error_summary import ErrorSummary
from desktop.ui.kit.field import Field
from desktop.ui.kit.text import Text
from desktop.ui.session import Session

C = TypeVar("C")
T = TypeVar("T")


class RecordDialog(Dialog):
    """Fields one below another. ``wanted`` when its button is pressed; it stays open until the store has agreed."""

    wanted = Signal()

    def __init__(
        self,
        title: str,
        name: str,
        button: str,
        fields: Mapping[str, Field],
        owner: QWidget,
        lead: str = "",
        *,
        width: int = WIDTH,
        by_enter: bool = False,
    ) -> None:
        """`by_enter`: Enter in a line presses its button, which nothing is lost by."""
        super().__init__(owner, name, title, width=width)
        self.fields = fields
        self._by_enter = by_enter
        self._running = False
        self.summary = ErrorSummary()
        self.body.addWidget(self.summary)
        if lead:
            self.body.addWidget(Text(lead, "body", "text-2", wrap=True))
        for field in fields.values():
            self.body.addWidget(field)
            field.edited.connect(field.clear_problem)
        self.body.addStretch(1)
        self.summary.jumped.connect(self._jump)
        self.add_button("Cancel")
        self.button = self.add_button(button, MAIN, then=self._go)
        next(iter(fields.values())).focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a line is the button, where that may be."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self._by_enter and isinstance(self.focusWidget(), QLineEdit):
            self.button.click()
        else:
            super().keyPressEvent(event)

    def reject(self) -> None:
        """What is on its way to the store is waited for, so that whoever asked hears what became of it."""
        if not self._running:
            super().reject()

    def ask(
        self, session: Session, action: Callable[[Desk, C], T], command: Callable[[], C], done: Callable[[T], None]
    ) -> None:
        """Opens, and does what is asked for: ``action`` with what ``command`` makes of the fields, or raises Invalid
        for. Once the store has agreed it closes, and ``done`` is told what came back.
        """

        def agreed(result: T) -> None:
            self.accept()
            done(result)

        def go() -> None:
            try:
                wanted = command()
            except Invalid as error:
                self.show_problems(error.problems)
            else:
                self.run(session, action, wanted, agreed)

        self.wanted.connect(go)
        self.open()

    def run(self, session: Session, action: Callable[[Desk, C], T], command: C, done: Callable[[T], None]) -> None:
        """Does something with what is typed, and stays open; what goes wrong is shown here, and can be tried again."""

        def rest() -> None:
            self._running = False
            self.button.set_busy(False)

        def went_well(result: T) -> None:
            rest()
            done(result)

        def failed(error: Exception) -> None:
            rest()
            if isinstance(error, Invalid):
                self.show_problems(error.problems)
            else:
                session.show_error(self, error)

        self._running = True
        self.button.set_busy(True)
        session.run(self, action, command, done=went_well, failed=failed)

    def value(self, key: str) -> Json:
        """What stands in a field."""
        return self.fields[key].value()

    def text(self, key: str) -> str:
        """What stands in a field of text."""
        return str(self.fields[key].value() or "")

    def _go(self) -> None:
        """A date of which a part is missing or wrong is never taken for none."""
        wrong = [
            Problem(key, field.date_problem(), hard=True)
            for key, field in self.fields.items()
            if isinstance(field, DateField) and not field.isHidden() and field.date_problem()
        ]
        if wrong:
            self.show_problems(wrong)
        else:
            self.wanted.emit()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Says beside the fields and at the top what is wrong."""
        for field in self.fields.values():
            field.clear_problem()
        listed = []
        for problem in problems:
            self.fields[problem.field].show_problem(problem.message)
            listed.append((problem.field, self.fields[problem.field].label_text, problem.message))
        self.summary.show_problems(listed)
        if listed:
            self._bring_into_sight(self.summary)

    def _jump(self, key: str) -> None:
        self.fields[key].focus()
        self._bring_into_sight(self.fields[key])

    def _bring_into_sight(self, widget: QWidget) -> None:
        self.body.activate()
        self.pane.ensureWidgetVisible(widget)
