"""Cases that are handed over: to whom they are proposed to go, and how their packages are sealed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from db.records import Changed
from desktop.casework.desk import Invalid, Refused
from desktop.casework.disposal import ProposeRun, Sealing, propose_run
from desktop.casework.transferring import need_passphrase, need_sealing
from desktop.policy.fields import Problem
from desktop.policy.wording import plural
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import LineField, TextField
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.session import Session

_LEAD = (
    "{} will be proposed to another records officer. Once the days of grace are over each is written to a sealed "
    "package, and only then destroyed here."
)
SEALED = (
    "Each case is written to a file of its own, encrypted under this passphrase and named by its reference alone. Tell "
    "the recipient the passphrase apart from the files: it is kept nowhere here, and nothing opens them without it. "
    "They open them with “tracing-desk open-package”."
)


def ask_transfer(session: Session, owner: QWidget, case_ids: tuple[int, ...], then: Callable[[], None]) -> None:
    """Asks to whom these cases go, and why, and proposes the run."""
    fields: dict[str, Field] = {
        "transfer_to": LineField("transfer_to", "Archive or body that gets them"),
        "because": TextField("because", "Why", hint="It stands on the certificate for good: name nobody.", lines=2),
    }
    words = _LEAD.format(plural(len(case_ids), "case"))
    dialog = RecordDialog("Hand them over?", "transfer", "Propose it", fields, owner, words)

    def command() -> ProposeRun:
        to = dialog.text("transfer_to")
        if not to.strip():
            raise Invalid((Problem("transfer_to", "Say who gets them.", hard=True),))
        return ProposeRun(case_ids=case_ids, because=dialog.text("because"), transfer_to=to)

    def done(number: int) -> None:
        then()
        session.changed.emit(Changed(kinds=frozenset({"run"})))
        session.toasted.emit(f"Run {number} waits for another records officer")

    dialog.ask(session, propose_run, command, done)


def ask_sealing(owner: QWidget, home: Path, recipient: str, then: Callable[[Sealing], None]) -> None:
    """Asks for the passphrase, typed twice, and for the folder; goes on once both are fit.

    `home`: where the store is, and no package.
    """
    fields: dict[str, Field] = {
        "passphrase": LineField("passphrase", "Passphrase for the packages", password=True),
        "again": LineField("again", "The same again", password=True),
    }
    dialog = RecordDialog(f"Packages for {recipient}", "sealing", "Choose the folder…", fields, owner, SEALED)

    def go() -> None:
        passphrase = dialog.text("passphrase")
        if passphrase != dialog.text("again"):
            dialog.show_problems([Problem("again", "This is not the same.", hard=True)])
            return
        try:
            need_passphrase(passphrase)
        except Invalid as error:
            dialog.show_problems(error.problems)
            return
        chosen = QFileDialog.getExistingDirectory(dialog, "The folder for the packages")
        if not chosen:
            return
        try:
            need_sealing(home, found := Sealing(Path(chosen), passphrase))
        except Refused as error:
            dialog.show_problems([Problem("again", str(error), hard=True)])
            return
        dialog.accept()
        then(found)

    dialog.wanted.connect(go)
    dialog.open()
