"""A run is carried out: case by case, with how far it is, until it is stopped or done."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from db.records import Changed
from desktop.casework.desk import Desk
from desktop.casework.disposal import CarriedOut, Run, Sealing, carry_out
from desktop.policy.wording import figures, plural
from desktop.ui.dialogs import WIDTH
from desktop.ui.disposal.propose import STAYS
from desktop.ui.kit.button import DESTRUCTIVE
from desktop.ui.kit.text import Text
from desktop.ui.session import Session
from desktop.ui.working import WorkingDialog


class CarryOutDialog(WorkingDialog):
    """Asks, destroys, and says what became of it. Esc while it works stops it before the next case."""

    def __init__(self, session: Session, run: Run, parent: QWidget, sealing: Sealing | None = None) -> None:
        cases = plural(run.total - run.destroyed - run.kept, "case")
        verb = "Hand over and destroy" if run.transfer_to else "Destroy"
        super().__init__(parent, "carry_out", f"{verb} {cases} now?", width=WIDTH, icon="shredder")
        self._sealing = sealing
        self._session, self._run = session, run
        self.lead = Text(STAYS, "body", "text-2", wrap=True)
        self.said = Text("", "label", wrap=True)
        for widget in (self.lead, self.said, self.bar):
            self.body.addWidget(widget)
        self.said.hide()
        self.button = self.add_button(f"{verb} {cases}", DESTRUCTIVE, self._go, "yes")
        self.cancel = self.add_button("Cancel")
        self.cancel.setFocus()
        self.moved.connect(self._progress)

    def _go(self) -> None:
        self.start()
        self.set_title(f"Run {self._run.id} is carried out")
        self.button.set_busy(True)
        self.said.show()

        def runs(desk: Desk) -> CarriedOut:
            return carry_out(desk, self._run.id, self.told, self._sealing)

        self._session.run(self, runs, done=self._done, failed=self._failed)

    def _progress(self, done: int, of: int) -> None:
        self.said.setText(f"{figures(done)} of {plural(of, 'case')} done")

    def _over(self) -> None:
        self.rest()
        self.button.hide()
        self.cancel.setText("Close")
        self.cancel.setFocus()
        self._session.changed.emit(Changed(kinds=frozenset({"run", "case"})))

    def _done(self, found: CarriedOut) -> None:
        self._over()
        self.set_title(f"Run {self._run.id} was stopped" if found.left else f"Run {self._run.id} is done")
        self.lead.hide()
        self.said.setText(result_words(found, handed_over=bool(self._run.transfer_to)))

    def _failed(self, error: Exception) -> None:
        self._over()
        self.reject()
        self._session.show_error(self.parentWidget() or self, error)


def result_words(found: CarriedOut, *, handed_over: bool) -> str:
    """What became of a run, in sentences."""
    gone = "handed over and destroyed" if handed_over else "destroyed"
    said = [f"{plural(found.destroyed, 'case')} {gone}."]
    if found.kept:
        said.append(f"{plural(found.kept, 'case')} kept: the list says why.")
    if found.left:
        said.append(f"{plural(found.left, 'case')} left: carry the run out again to go on.")
    elif found.certificate is not None:
        said.append(f"Destruction certificate {found.certificate} is made.")
    if found.old_files:
        hold, that = ("copy of the store holds", "it") if found.old_files == 1 else ("copies of the store hold", "them")
        said.append(f"{found.old_files} older {hold} who was destroyed: an administrator can replace {that}.")
    return " ".join(said)
