"""Saves copies outside the store: asks first, warns, and names them after the reference alone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.casework.attachments import Attachment, copy_attachment, copy_name
from desktop.casework.desk import Desk
from desktop.ui import dialogs
from desktop.ui.session import Session

_WARNING = (
    "The copy is not encrypted, and is not destroyed with the case. Put it where only those see it who may, and delete "
    "it when you no longer need it. That you saved it is recorded."
)


def save_copy(session: Session, owner: QWidget, reference: str, one: Attachment) -> None:
    """Asks, and writes the copy of an attached file on the store's thread."""
    out = ask_where(owner, copy_name(reference, one))
    if out is None:
        return

    def write(desk: Desk, path: Path) -> None:
        copy_attachment(desk, one.case_id, one.id, path, replace=True)

    def failed(error: Exception) -> None:
        if isinstance(error, OSError):
            show_unwritten(owner, "file", error)
        else:
            session.show_error(owner, error)

    said = "A copy of the file was saved"
    session.run(owner, write, out, done=lambda _none: session.toasted.emit(said), failed=failed)


def ask_where(owner: QWidget, name: str, kinds: str = "") -> Path | None:
    """Warns of what a copy is, and asks where it is to be; None for Cancel."""
    if not dialogs.confirm(owner, "Save a copy outside the desk?", _WARNING, "Choose where"):
        return None
    chosen, _filter = QFileDialog.getSaveFileName(owner, "Save a copy", name, kinds)
    return Path(chosen) if chosen else None


def show_unwritten(owner: QWidget, what: str, error: OSError) -> None:
    """Says why a copy of a file, letter or notice was not written."""
    words = f"It cannot be written there: {error.strerror or error}. The {what} itself is safe in the store."
    dialogs.inform(owner, "The copy was not saved", words)
