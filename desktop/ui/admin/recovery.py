"""The recovery sheet in Administration: whether there is one, how a new one is made, and its page in a dialog."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Changed
from desktop.casework.recoverysheets import SheetState, keep_sheet, make_sheet, sheet_state
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.base import clear_layout
from desktop.ui.kit.button import MAIN, PLAIN, Button
from desktop.ui.kit.card import Card
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import LineField
from desktop.ui.kit.small import IconText
from desktop.ui.kit.text import Text
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.session import Session
from desktop.ui.setup.sheet import SheetStep
from desktop.ui.theme import current_theme

MISSING = "Nobody has printed or saved the recovery sheet. If this computer’s key is lost, the store is lost with it."
_WIDE, _HIGH = 760, 560
_WHAT = "The sheet’s key opens the store where this computer’s key is lost or broken."
_STATES = {
    SheetState.MADE: ("circle-alert", "amber", MISSING),
    SheetState.KEPT: ("circle-check", "green", f"It was printed or saved. {_WHAT}"),
    SheetState.UNKNOWN: ("info", "text-2", f"{_WHAT} If you do not know where it is, make a new one."),
}
_LEAD = (
    "The desk makes a new key and shows its sheet once, to be printed or saved. The key on an earlier sheet opens "
    "nothing from then on: destroy that sheet."
)


class RecoveryCard(Card):
    """What is known of the sheet, and the button that makes a new one."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Recovery sheet", parent=parent)
        self._session = session
        self.setMaximumWidth(current_theme().px(860))
        self._state = QVBoxLayout()
        self.body.addLayout(self._state)
        self.make = Button("Make a new sheet…", PLAIN, "key-round", name="make_recovery_sheet")
        foot = QHBoxLayout()
        foot.addWidget(self.make)
        foot.addStretch(1)
        self.body.addLayout(foot)
        self.make.triggered.connect(self._ask)

    def refresh(self) -> None:
        """Loads what is known."""
        self._session.run(self, sheet_state, done=self._show)

    def _show(self, found: SheetState) -> None:
        clear_layout(self._state)
        icon, colour, words = _STATES[found]
        self._state.addWidget(IconText(icon, words, "text", "body", icon_colour=colour, wrap=True))

    def _ask(self) -> None:
        password = LineField("password", "Your password", hint="The one that you sign in with.", password=True)
        fields: dict[str, Field] = {"password": password}
        dialog = RecordDialog("Make a new recovery sheet?", "new_recovery_sheet", "Make it", fields, self, _LEAD)

        def done(pdf: bytes) -> None:
            self._tell()
            self._give(pdf)

        dialog.ask(self._session, make_sheet, lambda: dialog.text("password"), done)

    def _give(self, pdf: bytes) -> None:
        dialog = SheetDialog(pdf, "It takes the place of any earlier sheet.", self, counts=True)
        dialog.kept.connect(self._keep)
        dialog.open()

    def _keep(self) -> None:
        self._session.run(self, keep_sheet, done=lambda _nothing: self._tell())

    def _tell(self) -> None:
        self.refresh()
        self._session.changed.emit(Changed(kinds=frozenset({"recovery_sheet"})))


class SheetDialog(Dialog):
    """A new sheet, to be printed or saved before the dialog closes. ``kept`` when it was, or somebody says so.

    `counts`: an earlier sheet opens nothing any more, so that nobody leaves without this one unasked.
    """

    kept = Signal()

    def __init__(self, pdf: bytes, lead: str, owner: QWidget, *, counts: bool = False) -> None:
        super().__init__(owner, "recovery_sheet", "Print the new recovery sheet", width=_WIDE, high=_HIGH)
        self._counts, self._asks = counts, counts
        self.step = SheetStep()
        self.body.addWidget(Text(lead, "body", "text-2", wrap=True))
        self.body.addWidget(self.step)
        if not counts:
            self.add_button("Cancel")
        self.done_button = self.add_button("Done" if counts else "Go on", MAIN, then=self.accept)
        self.step.show_sheet(pdf)
        self.step.ticked.connect(self._settle)
        self.step.given.connect(self.kept)
        self._settle()
        self.step.print_button.setFocus()

    def accept(self) -> None:
        """Closes once the box is ticked."""
        self.kept.emit()
        super().accept()

    def reject(self) -> None:
        """Esc: asks first where the sheet would be lost."""
        if self._asks and not self.step.may_go():
            return
        if self.step.out:
            self.kept.emit()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks a person; the lock that covers the desk is never held up."""
        self._asks = self._counts and event.spontaneous()
        super().closeEvent(event)
        self._asks = self._counts

    def _settle(self) -> None:
        self.done_button.set_off("" if self.step.kept() else "Print the sheet or save it first, then tick the box.")
