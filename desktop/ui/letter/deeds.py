"""What is done with an issued letter: printed, copied, put into an e-mail, marked as sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from desktop.casework import issuing, mailing
from desktop.casework.batch import as_it_stands
from desktop.casework.desk import Desk, Done
from desktop.ui.pages import choose_printer, page_count, print_pages
from desktop.ui.sentdialog import ask_sent
from desktop.ui.session import command_id

if TYPE_CHECKING:
    from desktop.ui.letter.view import LetterView, Shown


class LetterDeeds:
    """The deeds of one letter window. Each asks what it must, runs on the store's thread, and is journalled."""

    def __init__(self, view: LetterView) -> None:
        self._view = view

    def print(self) -> None:
        """Prints the issued bytes on the printer that is chosen; journalled once the printer has taken them."""
        shown = self._view.shown
        if shown is None:
            return
        pdf, reference = shown.pdf, shown.page.case.row.reference
        printer = choose_printer(self._view, reference, page_count(pdf))
        if printer is None:
            return

        def prints(desk: Desk, case_id: int) -> Done:
            print_pages(printer, pdf)
            return issuing.printed(desk, issuing.Handled(**as_it_stands(desk, case_id)))

        self._view.act(prints, shown.page.case.row.id, "The letter was printed")

    def save(self) -> None:
        """Writes the issued bytes to a file that is named after the reference alone."""
        shown = self._view.shown
        out = self._chosen(shown, "Save a copy", "PDF (*.pdf)", ".pdf")
        if shown is None or out is None:
            return

        def copies(desk: Desk, case_id: int) -> Done:
            return issuing.save_copy(desk, issuing.SaveCopy(**as_it_stands(desk, case_id), out=out, replace=True))

        self._view.act(copies, shown.page.case.row.id, "A copy was saved")

    def prepare_mail(self) -> None:
        """Writes an e-mail to the requester's secure address, for somebody to look at and send."""
        shown = self._view.shown
        out = self._chosen(shown, "Save the e-mail", "E-mail (*.eml)", ".eml")
        if shown is None or out is None:
            return

        def prepares(desk: Desk, case_id: int) -> Done:
            return mailing.prepare_mail(desk, mailing.PrepareMail(**as_it_stands(desk, case_id), out=out, replace=True))

        said = "The e-mail was saved, and not sent. Open it, look at it, and send it"
        self._view.act(prepares, shown.page.case.row.id, said)

    def mark_sent(self) -> None:
        """Marks the letter as sent, once what tells it from others was typed back."""
        shown = self._view.shown
        if shown is None or shown.typed_back is None:
            return
        row = shown.page.case.row
        typed = ask_sent(self._view, f"Mark the letter of {row.reference} as sent", shown.typed_back)
        if typed is not None:
            command = issuing.MarkSent(
                command_id=command_id(),
                case_id=row.id,
                version=row.version,
                typed_reference=typed[0],
                typed_line=typed[1],
            )
            self._view.act(issuing.mark_sent, command, f"The letter of {row.reference} is marked as sent")

    def _chosen(self, shown: Shown | None, title: str, kinds: str, ending: str) -> Path | None:
        if shown is None:
            return None
        name = f"{shown.page.case.row.reference}{ending}"
        chosen, _filter = QFileDialog.getSaveFileName(self._view, title, name, kinds)
        return Path(chosen) if chosen else None
