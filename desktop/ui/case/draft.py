"""What was typed into a case and is not stored yet: sent when the typing pauses, and at the latest after a second."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from db.errors import StoreError
from db.records import Answers, Changed, Json
from desktop.casework.desk import Conflict, Done, Invalid
from desktop.casework.requests import SaveAnswers, save_answers
from desktop.ui.session import Session, command_id


class Draft(QObject):
    """One case's unsaved answers. One save is on its way at a time, each with the version that the last one left.

    What cannot be kept (a control character, say) is held back so that the rest is saved; it stays in ``unsaved``.
    """

    saved = Signal(object)
    """The Done of a save."""
    conflicted = Signal(str)
    """Somebody else changed the case: nothing more is saved until ``start``."""
    refused = Signal(object)
    """A tuple of Problems: answers that cannot be kept as they are."""
    moved = Signal()
    """Whether anything waits or is on its way has changed."""

    QUIET = 400
    LONGEST = 1000

    def __init__(self, session: Session, owner: QWidget) -> None:
        super().__init__(owner)
        self._session = session
        self._owner = owner
        self._case_id = 0
        self.version = 0
        self._pending: dict[str, Json] = {}
        self._held: dict[str, Json] = {}
        self._command: SaveAnswers | None = None
        self._sending = False
        self._stopped = ""
        self.failed_with = ""
        """What went wrong with the last try to save, while that is not mended."""
        self._waiting: list[Callable[[], None]] = []
        self._quiet = self._timer(self.QUIET)
        self._longest = self._timer(self.LONGEST)

    def start(self, case_id: int, version: int) -> None:
        """Begins anew with a case as it was read; what was unsaved is forgotten."""
        self._case_id, self.version = case_id, version
        self._pending, self._held = {}, {}
        self._command = None
        self._stopped = self.failed_with = ""
        self._quiet.stop()
        self._longest.stop()
        self.moved.emit()

    @property
    def busy(self) -> bool:
        """Whether a save is on its way."""
        return self._sending

    @property
    def stopped(self) -> str:
        """Why nothing more is saved, or ""."""
        return self._stopped

    @property
    def held(self) -> int:
        """How many answers are held back because they cannot be kept."""
        return len(self._held)

    def unsaved(self) -> dict[str, Json]:
        """Everything that the store does not have yet, by key."""
        sending = dict(self._command.answers) if self._command is not None else {}
        return {**sending, **self._held, **self._pending}

    def edit(self, key: str, value: Json, keepable: bool = True) -> None:
        """Takes a changed answer. One that is not `keepable` waits until it is changed."""
        self._held.pop(key, None)
        self._pending.pop(key, None)
        (self._pending if keepable else self._held)[key] = value
        if keepable and not self._stopped:
            self._quiet.start()
            if not self._longest.isActive():
                self._longest.start()
        self.moved.emit()

    def adopt(self, done: Done) -> None:
        """Takes the version that another step on this case left."""
        self.version = max(self.version, done.version)

    def flush(self, done: Callable[[], None] | None = None) -> None:
        """Sends what waits at once; `done` is called when nothing more can be done about it."""
        if done is not None:
            self._waiting.append(done)
        self._send()
        self._settle()

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(self._send)
        return timer

    def _send(self) -> None:
        if self._sending or self._stopped or not (self._pending or self._command):
            return
        self._quiet.stop()
        self._longest.stop()
        if self._command is None:
            self._command = SaveAnswers(
                command_id=command_id(), case_id=self._case_id, version=self.version, answers=self._pending
            )
            self._pending = {}
        self._sending = True
        self._session.saving.emit(True)
        self.moved.emit()
        sent = self._command
        # Not through Session.run: the form has to know that a save failed, whatever it failed of.
        self._session.worker.run(
            save_answers,
            self._session.desk,
            sent,
            owner=self._owner,
            done=lambda done: self._went_well(sent, done),
            failed=lambda error: self._wrong(sent, error),
        )

    def _went_well(self, sent: SaveAnswers, done: Done) -> None:
        self._over()
        if self._command is sent:
            self._command = None
            self.failed_with = ""
            self.version = done.version
            self.saved.emit(done)
        self._session.changed.emit(Changed(frozenset({done.case_id}), frozenset({"case"})))
        self._go_on()

    def _wrong(self, sent: SaveAnswers, error: Exception) -> None:
        self._over()
        if self._command is not sent:
            # Another case is open by now, and was opened knowing that this was not saved.
            self._go_on()
        elif isinstance(error, Conflict):
            self._stopped = str(error)
            self.conflicted.emit(str(error))
        elif isinstance(error, Invalid):
            self._hold_back(sent.answers, error)
        elif isinstance(error, StoreError):
            # The same command goes again with the next try: if it did reach the store, it is not done twice.
            self.failed_with = error.what
            self._session.show_error(self._owner, error)
        else:
            self._stopped = str(error)
            self.failed_with = str(error)
            self._session.show_error(self._owner, error)
        self.moved.emit()
        self._settle()

    def _hold_back(self, answers: Answers, error: Invalid) -> None:
        named = {problem.field for problem in error.problems}
        bad = {key: value for key, value in answers.items() if key in named} or dict(answers)
        good = {key: value for key, value in answers.items() if key not in bad}
        self._command = None
        self._held = {**bad, **self._held}
        self._pending = {**good, **self._pending}
        for key in self._pending:
            self._held.pop(key, None)
        self.refused.emit(error.problems)
        self._go_on()

    def _over(self) -> None:
        self._sending = False
        self._session.saving.emit(False)
        self.moved.emit()

    def _go_on(self) -> None:
        if self._pending and self._waiting:
            self._send()
        elif self._pending and not self._quiet.isActive():
            self._quiet.start()
            self._longest.start()
        self._settle()

    def _settle(self) -> None:
        """Calls back whoever waits, once nothing is on its way."""
        if self._sending:
            return
        waiting, self._waiting = self._waiting, []
        for done in waiting:
            done()
