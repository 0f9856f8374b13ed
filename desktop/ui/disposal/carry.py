"""A run is carried out: case by case, with how far it is, until it is stopped or done."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from db.records import Changed
from desktop.casework.desk import Desk
from desktop.casework.disposal import CarriedOut, Run, carry_out
from desktop.policy.wording import plural
from desktop.ui.dialogs import Dialog
from desktop.ui.disposal.propose import STAYS
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import DESTRUCTIVE, PLAIN
from desktop.ui.kit.text import Text
from desktop.ui.session import Session


class CarryOutDialog(Dialog):
    """Asks, destroys, and says what became of it. Esc while it works stops it before the next case."""

    _moved = Signal(int, int)

    def __init__(self, session: Session, run: Run, parent: QWidget) -> None:
        left = run.total - run.destroyed - run.kept
        super().__init__(parent, "carry_out", f"Destroy {plural(left, 'case')} now?", icon="shredder")
        self._session, self._run = session, run
        self._stop = Event()
        self._running = False
        self.lead = Text(STAYS, "body", "text-2", wrap=True)
        self.said = Text("", "label", wrap=True)
        self.bar = QProgressBar()
        name_widget(self.bar, "run_progress", "How far it has come")
        for widget in (self.lead, self.said, self.bar):
            self.body.addWidget(widget)
        self.said.hide()
        self.bar.hide()
        self.button = self.add_button(f"Destroy {plural(left, 'case')}", DESTRUCTIVE, self._go, "yes")
        self.cancel = self.add_button("Cancel", PLAIN, self._cancel, "cancel")
        self.cancel.setFocus()
        self._moved.connect(self._progress)

    def _go(self) -> None:
        self._running = True
        self.button.set_busy(True)
        self.said.show()
        self.bar.show()
        self.bar.setRange(0, 0)
        self.cancel.setText("Stop")
        self.cancel.setFocus()

        def runs(desk: Desk) -> CarriedOut:
            return carry_out(desk, self._run.id, self._told)

        self._session.run(self, runs, done=self._done, failed=self._failed)

    def _told(self, done: int, of: int) -> bool:
        """On the store's thread: how far it is, and whether to go on."""
        self._moved.emit(done, of)
        return not self._stop.is_set()

    def _progress(self, done: int, of: int) -> None:
        self.bar.setRange(0, of)
        self.bar.setValue(done)
        self.said.setText(f"{done} of {plural(of, 'case')} done")

    def _rest(self) -> None:
        self._running = False
        self.bar.hide()
        self.button.hide()
        self.cancel.setText("Close")
        self.cancel.setEnabled(True)
        self.cancel.setFocus()
        self._session.changed.emit(Changed(kinds=frozenset({"run", "case"})))

    def _done(self, found: CarriedOut) -> None:
        self._rest()
        self.lead.hide()
        self.said.setText(result_words(found))

    def _failed(self, error: Exception) -> None:
        self._rest()
        self.reject()
        self._session.show_error(self.parentWidget() or self, error)

    def _cancel(self) -> None:
        if self._running:
            self._stop.set()
            self.cancel.setEnabled(False)
        else:
            self.reject()

    def reject(self) -> None:
        """While it works, Esc only stops it: what became of the run is shown first."""
        if self._running:
            self._cancel()
        else:
            super().reject()


def result_words(found: CarriedOut) -> str:
    """What became of a run, in sentences."""
    said = [f"{plural(found.destroyed, 'case')} destroyed."]
    if found.kept:
        said.append(f"{plural(found.kept, 'case')} kept: the list says why.")
    if found.left:
        said.append(f"{plural(found.left, 'case')} left: carry the run out again to go on.")
    elif found.certificate is not None:
        said.append(f"Destruction certificate {found.certificate} is made.")
    if found.old_files:
        hold = "copy of the store holds" if found.old_files == 1 else "copies of the store hold"
        said.append(f"{found.old_files} older {hold} who was destroyed: an administrator can replace that.")
    return " ".join(said)
