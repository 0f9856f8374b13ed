"""Saves a copy of an attached file outside the store: asks first, warns, and names it after the reference alone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.casework.attachments import Attachment, copy_attachment, copy_name
from desktop.casework.desk import Desk
from desktop.ui import dialogs
from desktop.ui.session import Session

WARNING = (
    "The copy is not encrypted, and is not destroyed with the case. Put it where only those see it who may, and delete "
    "it when you no longer need it. That you saved it is recorded."
)


def save_copy(session: Session, owner: QWidget, reference: str, one: Attachment) -> None:
    """Asks, and writes the copy on the store's thread."""
    if not dialogs.confirm(owner, "Save a copy outside the desk?", WARNING, "Choose where"):
        return
    chosen, _filter = QFileDialog.getSaveFileName(owner, "Save a copy", copy_name(reference, one))
    if not chosen:
        return

    def write(desk: Desk, path: Path) -> None:
        copy_attachment(desk, one.case_id, one.id, path, replace=True)

    def failed(error: Exception) -> None:
        if isinstance(error, OSError):
            words = (
                f"The copy cannot be written there: {error.strerror or error}. The file itself is safe in the store."
            )
            dialogs.inform(owner, "The copy was not saved", words)
        else:
            session.show_error(owner, error)

    said = "A copy of the file was saved"
    session.run(owner, write, Path(chosen), done=lambda _none: session.toasted.emit(said), failed=failed)
