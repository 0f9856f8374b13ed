"""Opening a case: where it is not the person's own, they say why, and the journal keeps it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from desktop.casework.casepage import CasePage, open_case
from desktop.casework.consulting import ReasonNeeded
from desktop.casework.stubs import IsDestroyed, Stub
from desktop.policy.reasons import REASONS
from desktop.ui import dialogs
from desktop.ui.kit.button import MAIN, PLAIN
from desktop.ui.kit.ticks import Choice, RadioGroup
from desktop.ui.session import Session
from desktop.ui.stub import StubDialog

_TITLE = "Why do you look at this case?"
_WORDS = "You did not work on this case, and it does not wait for you. The journal keeps that you looked, and why."


def open_with_reason(session: Session, owner: QWidget, case_id: int, opened: Callable[[CasePage], None]) -> None:
    """Opens a case for work on it; asks for a reason where one is needed. Cancel goes back to where it was
    opened from.
    """

    def run(why: str) -> None:
        session.run(owner, open_case, case_id, why, done=opened, failed=failed)

    def failed(error: Exception) -> None:
        if isinstance(error, IsDestroyed):
            _show_stub(session, owner, error.stub)
            return
        if not isinstance(error, ReasonNeeded):
            session.show_error(owner, error)
            return
        dialog = ReasonDialog(owner, _TITLE, _WORDS, "Open the case")
        dialog.accepted.connect(lambda: run(str(dialog.reason.value())))
        dialog.rejected.connect(session.case_left)
        dialog.open()

    run("casework")


def _show_stub(session: Session, owner: QWidget, stub: Stub) -> None:
    """Shows what stays of a destroyed case, and then the list that it was opened from."""
    session.case_left.emit()
    dialog = StubDialog(stub, owner)
    dialog.exec()


class ReasonDialog(dialogs.Dialog):
    """Asks why somebody looks at a case that is not theirs, or at all that there is about a person."""

    def __init__(self, owner: QWidget, title: str, words: str, yes: str) -> None:
        super().__init__(owner, "why_look", title)
        self.add_text(words)
        self.reason = RadioGroup("why", "Why", [Choice(key, words) for key, words in REASONS.items()])
        self.body.addWidget(self.reason)
        self.add_button(yes, MAIN, self._accept, "open")
        self.add_button("Cancel", PLAIN, self.reject, "cancel")
        self.reason.focus()

    def _accept(self) -> None:
        if self.reason.value():
            self.accept()
        else:
            self.reason.show_problem("Choose why.")
            self.reason.focus()
