"""A run is carried out: case by case, with how far it is, until it is stopped or done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from db.records import Changed
from desktop.casework.desk import Desk
from desktop.casework.disposal import CarriedOut, Run, Sealing, carry_out
from desktop.casework.foreseen import Staying, would_stay
from desktop.policy.wording import figures, join_and, plural
from desktop.ui.dialogs import WIDTH
from desktop.ui.disposal.propose import STAYS
from desktop.ui.kit.button import DESTRUCTIVE
from desktop.ui.kit.small import IconText
from desktop.ui.kit.text import Text
from desktop.ui.session import Session
from desktop.ui.working import WorkingDialog

_NONE_GO = "No case of this run can go now"
_NAMED = 5
"""So many of the cases that one thing keeps are named."""


class CarryOutDialog(WorkingDialog):
    """Says what stays, asks, destroys, and says what became of it. Esc while it works stops it before the next case."""

    def __init__(self, session: Session, run: Run, parent: QWidget, sealing: Sealing | None = None) -> None:
        self._waiting = run.total - run.destroyed - run.kept
        self._verb = "Hand over and destroy" if run.transfer_to else "Destroy"
        cases = plural(self._waiting, "case")
        super().__init__(parent, "carry_out", f"{self._verb} {cases} now?", width=WIDTH, icon="shredder")
        self._sealing = sealing
        self._session, self._run = session, run
        self.lead = Text(STAYS, "body", "text-2", wrap=True)
        self.staying = IconText("shield-check", "", "text", "label", icon_colour="amber", wrap=True)
        self.why = Text("", "small", "text-2", wrap=True)
        """What keeps the cases that stay, with their references."""
        self.said = Text("", "label", wrap=True)
        for widget in (self.lead, self.staying, self.why, self.said, self.bar):
            self.body.addWidget(widget)
        for widget in (self.staying, self.why, self.said):
            widget.hide()
        self.button = self.add_button(f"{self._verb} {cases}", DESTRUCTIVE, self._go, "yes")
        self.button.set_off("The desk looks what keeps its cases.")
        self.cancel = self.add_button("Cancel")
        self.cancel.setFocus()
        self.moved.connect(self._progress)
        session.run(self, would_stay, run.id, done=self._foresee, failed=self._failed)

    def _foresee(self, found: tuple[Staying, ...]) -> None:
        """Says which cases stay, and lets the rest go."""
        self.button.set_off("")
        if not found:
            return
        goes = self._waiting - len(found)
        one = len(found) == 1
        stay = "1 case stays: something keeps it" if one else f"{figures(len(found))} cases stay: something keeps them"
        self.staying.words.setText(f"{stay} by now. {'It' if one else 'They'} can be proposed again.")
        self.why.setText("\n".join(reasons_kept(found)))
        self.staying.show()
        self.why.show()
        self.set_title(f"{self._verb} {figures(goes)} of {plural(self._waiting, 'case')} now?" if goes else _NONE_GO)
        self.button.setText(f"{self._verb} {plural(goes, 'case')}" if goes else "Carry it out")
        self.lead.setVisible(bool(goes))

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
        for widget in (self.lead, self.staying, self.why):
            widget.hide()
        self.said.setText(result_words(found, handed_over=bool(self._run.transfer_to)))

    def _failed(self, error: Exception) -> None:
        self._over()
        self.reject()
        self._session.show_error(self.parentWidget() or self, error)


def reasons_kept(found: Sequence[Staying]) -> list[str]:
    """A line for each reason for which cases stay, such as "A hold stands over it: TR-000001-7 and TR-000002-5"."""
    by_why: dict[str, list[str]] = {}
    for one in found:
        by_why.setdefault(one.why, []).append(one.reference)
    lines = []
    for why, references in by_why.items():
        named = references[:_NAMED]
        rest = [f"{figures(len(references) - _NAMED)} more"] if len(references) > _NAMED else []
        lines.append(f"{why.removesuffix('.')}: {join_and([*named, *rest])}")
    return lines


def result_words(found: CarriedOut, *, handed_over: bool) -> str:
    """What became of a run, in sentences."""
    gone = "handed over and destroyed" if handed_over else "destroyed"
    said = [f"{plural(found.destroyed, 'case') if found.destroyed else 'No case was'} {gone}."]
    if found.kept:
        said.append(f"{plural(found.kept, 'case')} kept: the list says why.")
    if found.left:
        said.append(f"{plural(found.left, 'case')} left: carry the run out again to go on.")
    elif found.certificate is not None:
        what = "" if found.destroyed else ", and says that no case went"
        said.append(f"Destruction certificate {found.certificate} is made{what}.")
    if found.old_files:
        hold, that = ("copy of the store holds", "it") if found.old_files == 1 else ("copies of the store hold", "them")
        said.append(f"{found.old_files} older {hold} who was destroyed: an administrator can replace {that}.")
    if found.unwritten:
        said.append(
            f"But {'; '.join(found.unwritten)}. Until that is put right, a backup there would bring back who was"
            " destroyed: see to it, then close the desk and open it again."
        )
    return " ".join(said)
