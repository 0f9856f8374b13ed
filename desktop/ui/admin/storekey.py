"""The store's key: kept on this computer, written to a new recovery sheet, or changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from desktop.casework.copies import write_copy
from desktop.casework.desk import Desk, Invalid
from desktop.casework.recovery import ChangeKey, Sheet, change_key, keep_key, new_sheet, sheet_for_change
from desktop.ui.admin.recorddialog import RecordDialog
from desktop.ui.kit.button import PLAIN, Button
from desktop.ui.kit.card import Card
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import LineField
from desktop.ui.kit.text import Text
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

SHEET_NAME = "recovery-sheet.pdf"
_LEAD = (
    "Whoever opened the store with its recovery sheet, because the keyring was lost, the passphrase forgotten or the "
    "computer another one, keeps the key here again."
)
_KEEP = "Leave the passphrase empty to keep the key in this computer’s keyring."
_CHANGE = (
    "The store is encrypted anew. The sheet that you have just saved opens it from then on: print it, lock it away and "
    "delete the file. Backups from before stay under the old key until you replace them."
)


class KeyCard(Card):
    """What an administrator does with the store's key."""

    def __init__(self, session: Session, failed: Callable[[Exception], None], parent: QWidget | None = None) -> None:
        super().__init__("The store’s key", parent=parent)
        self._session, self._failed = session, failed
        self.keep = Button("Keep it on this computer…", PLAIN, "key-round", name="keep_key")
        self.sheet = Button("Make a new recovery sheet…", PLAIN, "printer", name="new_sheet")
        self.change = Button("Change the key…", PLAIN, "refresh-cw", name="change_key")
        self.body.addWidget(Text(_LEAD, "body", "text-2", wrap=True))
        foot = QHBoxLayout()
        foot.setSpacing(current_theme().px(8))
        for button in (self.keep, self.sheet, self.change):
            foot.addWidget(button)
        foot.addStretch(1)
        self.body.addLayout(foot)
        self.keep.triggered.connect(self._keep)
        self.sheet.triggered.connect(lambda: self._choose(self.save_sheet))
        self.change.triggered.connect(lambda: self._choose(self.begin_change))

    def _keep(self) -> None:
        fields: dict[str, Field] = {"passphrase": LineField("passphrase", "New passphrase", password=True)}
        dialog = RecordDialog("Keep the key on this computer?", "keep_key", "Keep it", fields, self, _KEEP)
        self._open(dialog, lambda desk: keep_key(desk, dialog.text("passphrase")), "The key is kept on this computer")

    def _choose(self, then: Callable[[Path], None]) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(self, "Save the recovery sheet", SHEET_NAME, "PDF (*.pdf)")
        if chosen:
            then(Path(chosen))

    def save_sheet(self, path: Path) -> None:
        """Makes a new recovery key and saves its sheet; the earlier one opens the store no more."""

        def write(desk: Desk) -> None:
            write_copy(path, lambda: new_sheet(desk).pdf, replace=True)

        said = f"The new recovery sheet is {path.name}: print it, lock it away and delete the file"
        self._session.run(self, write, done=lambda _nothing: self._session.toasted.emit(said), failed=self._failed)

    def begin_change(self, path: Path) -> None:
        """Saves the sheet for a new key, and then asks a second person to confirm the change."""

        def write(desk: Desk) -> Sheet:
            sheet = sheet_for_change(desk)
            write_copy(path, lambda: sheet.pdf, replace=True)
            return sheet

        self._session.run(self, write, done=self._ask, failed=self._failed)

    def _ask(self, sheet: Sheet) -> None:
        fields: dict[str, Field] = {
            "second": LineField("second", "User name", hint="Of the records officer or guardian who confirms this."),
            "password": LineField("password", "Their password", password=True),
            "passphrase": LineField(
                "passphrase",
                "Passphrase of the store",
                hint="Where it opens with one.",
                password=True,
            ),
        }
        dialog = RecordDialog("Change the store’s key?", "change_key", "Change it", fields, self, _CHANGE)

        def command() -> ChangeKey:
            return ChangeKey(
                code=sheet.code,
                second=dialog.text("second"),
                password=dialog.text("password"),
                passphrase=dialog.text("passphrase"),
            )

        self._open(dialog, lambda desk: change_key(desk, command()), "The store has a new key. Back it up now")

    def _open(self, dialog: RecordDialog, action: Callable[[Desk], Any], said: str) -> None:
        def done(_nothing: None) -> None:
            dialog.accept()
            self._session.toasted.emit(said)

        def failed(error: Exception) -> None:
            if isinstance(error, Invalid):
                dialog.show_problems(error.problems)
            else:
                self._failed(error)

        def go() -> None:
            attempt(self._session, dialog, dialog.button, action, done=done, failed=failed)

        dialog.wanted.connect(go)
        dialog.open()


def attempt(
    session: Session,
    owner: QWidget,
    button: Button,
    function: Callable[[Desk], Any],
    *,
    done: Callable[[Any], None],
    failed: Callable[[Exception], None],
) -> None:
    """Does something on the store's thread while its button turns, and stops that whatever comes of it."""
    button.set_busy(True)

    def tried(desk: Desk) -> tuple[Any, Exception | None]:
        try:
            return function(desk), None
        except Exception as error:  # noqa: BLE001 - handed on to the window, which shows it
            return None, error

    def then(found: tuple[Any, Exception | None]) -> None:
        button.set_busy(False)
        if found[1] is not None:
            failed(found[1])
        else:
            done(found[0])

    session.run(owner, tried, done=then)
