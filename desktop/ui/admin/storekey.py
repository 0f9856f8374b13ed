"""The store's key: where this computer keeps it, and its change for another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Changed
from desktop.casework.desk import Desk, Invalid
from desktop.casework.recovery import ChangeKey, KeyPlace, Sheet, change_key, keep_key, key_place, sheet_for_change
from desktop.policy.fields import Problem
from desktop.ui.admin.recovery import SheetDialog
from desktop.ui.kit.base import clear_layout
from desktop.ui.kit.button import PLAIN, Button
from desktop.ui.kit.card import Card
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import LineField
from desktop.ui.kit.small import IconText
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

_PLACES = {
    KeyPlace.KEYRING: ("circle-check", "green", "This computer’s keyring keeps it."),
    KeyPlace.PASSPHRASE: ("circle-check", "green", "It opens with the passphrase that is asked for at each start."),
    KeyPlace.SHEET: (
        "circle-alert",
        "amber",
        "The store was opened with its recovery sheet. If its passphrase is lost, keep the key here again.",
    ),
    KeyPlace.NOWHERE: (
        "circle-alert",
        "amber",
        "This computer does not keep it: each start asks for the recovery sheet. Keep it here again.",
    ),
}
TO_KEEP = (
    "The store was opened with its recovery sheet. Keep its key on this computer, so that no start needs the sheet."
)
_KEEP = (
    "For a store that was opened with its recovery sheet: the keyring was lost, the passphrase forgotten, or this is "
    "another computer. Leave the passphrase empty to keep the key in this computer’s keyring."
)
_SHEET = "This is the sheet of the new key. It opens nothing until the key is changed, and everything from then on."
_CHANGE = (
    "The store is encrypted anew, and opens with the new sheet alone. Backups from before stay under the old key until "
    "you replace them. A key file for unattended backups has to be written anew."
)


class KeyCard(Card):
    """Where the key is, and what an administrator does with it."""

    def __init__(self, session: Session, failed: Callable[[Exception], None], parent: QWidget | None = None) -> None:
        super().__init__("The store’s key", parent=parent)
        self._session, self._failed = session, failed
        self._place = KeyPlace.KEYRING
        self.setMaximumWidth(current_theme().px(860))
        self._state = QVBoxLayout()
        self.body.addLayout(self._state)
        self.keep = Button("Keep it on this computer…", PLAIN, "key-round", name="keep_key")
        self.change = Button("Change the key…", PLAIN, "refresh-cw", name="change_key")
        foot = QHBoxLayout()
        foot.setSpacing(current_theme().px(8))
        for button in (self.keep, self.change):
            foot.addWidget(button)
        foot.addStretch(1)
        self.body.addLayout(foot)
        self.keep.triggered.connect(self._keep)
        self.change.triggered.connect(self._begin)

    def refresh(self) -> None:
        """Loads where the key is."""
        self._session.run(self, key_place, done=self._show)

    def _show(self, place: KeyPlace) -> None:
        self._place = place
        clear_layout(self._state)
        icon, colour, words = _PLACES[place]
        self._state.addWidget(IconText(icon, words, "text", "body", icon_colour=colour, wrap=True))

    def _keep(self) -> None:
        fields: dict[str, Field] = {
            "passphrase": LineField("passphrase", "New passphrase", password=True),
            "again": LineField("again", "New passphrase again", password=True),
        }
        dialog = RecordDialog("Keep the key on this computer?", "keep_key", "Keep it", fields, self, _KEEP)

        def passphrase() -> str:
            if dialog.text("passphrase") != dialog.text("again"):
                raise Invalid((Problem("again", "The two passphrases differ. Type this one again.", hard=True),))
            return dialog.text("passphrase")

        def done(_nothing: None) -> None:
            self._done("The key is kept on this computer")

        dialog.ask(self._session, keep_key, passphrase, done)

    def _begin(self) -> None:
        """Gives the sheet of a new key, and then asks a second person to confirm the change."""
        attempt(self._session, self, self.change, sheet_for_change, done=self._give, failed=self._failed)

    def _give(self, sheet: Sheet) -> None:
        dialog = SheetDialog(sheet.pdf, _SHEET, self)
        dialog.accepted.connect(lambda: self._ask(sheet))
        dialog.open()

    def _ask(self, sheet: Sheet) -> None:
        fields = second_person()
        if self._place in (KeyPlace.PASSPHRASE, KeyPlace.SHEET):
            hint = "It stays as it is, and opens the store with the new key."
            fields["passphrase"] = LineField("passphrase", "Passphrase of the store", hint=hint, password=True)
        dialog = RecordDialog("Change the store’s key?", "change_key", "Change it", fields, self, _CHANGE)

        def command() -> ChangeKey:
            more = {"passphrase": "Give the passphrase that opens the store."} if "passphrase" in fields else {}
            second, password = confirmed(dialog, more)
            passphrase = dialog.text("passphrase") if more else ""
            return ChangeKey(code=sheet.code, second=second, password=password, passphrase=passphrase)

        def done(_nothing: None) -> None:
            self._done("The store has a new key. Back it up now")

        dialog.ask(self._session, change_key, command, done)

    def _done(self, said: str) -> None:
        self._session.toasted.emit(said)
        self._session.changed.emit(Changed(kinds=frozenset({"key"})))


def second_person() -> dict[str, Field]:
    """The fields in which a records officer or the guardian confirms."""
    return {
        "second": LineField("second", "User name", hint="Of the records officer or guardian who confirms this."),
        "password": LineField("password", "Their password", password=True),
    }


def confirmed(dialog: RecordDialog, more: Mapping[str, str] | None = None) -> tuple[str, str]:
    """The second person's user name and password from these fields. Raises Invalid where one is empty, or one of
    `more`, with what is said of each.
    """
    missing = {
        "second": "Give the user name of a records officer or the guardian.",
        "password": "Give the password of whoever confirms this.",
        **(more or {}),
    }
    if wrong := tuple(Problem(key, said, hard=True) for key, said in missing.items() if not dialog.text(key).strip()):
        raise Invalid(wrong)
    return dialog.text("second"), dialog.text("password")


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

    def well(found: Any) -> None:
        button.set_busy(False)
        done(found)

    def ill(error: Exception) -> None:
        button.set_busy(False)
        failed(error)

    session.run(owner, function, done=well, failed=ill)
