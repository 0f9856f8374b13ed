"""Saves the dates of one's open cases as a calendar file: asks where, and writes it on the store's thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.casework.calendarfile import FILE_NAME, Saved, save_calendar
from desktop.casework.desk import Desk
from desktop.policy.wording import plural
from desktop.ui import dialogs
from desktop.ui.session import Session


def save_as_calendar(session: Session, owner: QWidget) -> None:
    """Asks where, and writes the file there; one that is there gives way, as the person has said."""
    chosen, _filter = QFileDialog.getSaveFileName(owner, "Save as calendar", FILE_NAME, "Calendar files (*.ics)")
    if not chosen:
        return

    def write(desk: Desk, path: Path) -> Saved:
        return save_calendar(desk, path, replace=True)

    def done(saved: Saved) -> None:
        dates, cases = plural(saved.dates, "date"), plural(saved.cases, "open case")
        session.toasted.emit(f"Calendar saved: {dates} of {cases}, by reference alone")

    def failed(error: Exception) -> None:
        if isinstance(error, OSError):
            words = f"It cannot be written there: {error.strerror or error}. Choose another folder."
            dialogs.inform(owner, "The calendar was not saved", words)
        else:
            session.show_error(owner, error)

    session.run(owner, write, Path(chosen), done=done, failed=failed)
