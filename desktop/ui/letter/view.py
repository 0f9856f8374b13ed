"""The letter window: read it as it is printed, issue it, then print it, save a copy and mark it as sent."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtGui import QImage, QKeySequence, QPainter, QShortcut
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from db.records import Changed
from desktop.casework import issuing
from desktop.casework.casepage import CasePage, case_page
from desktop.casework.desk import Desk, Done, Refused
from desktop.casework.letterfacts import normalised_reference
from desktop.ui import dialogs
from desktop.ui.case.header import CaseHeader
from desktop.ui.case.why import WhyDialog
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.card import Ground
from desktop.ui.kit.notices import Banner
from desktop.ui.kit.segmented import Segment, Segmented
from desktop.ui.kit.text import Text
from desktop.ui.letter.pane import LetterPane
from desktop.ui.letter.paper import FULL, PAGE, WIDTH, Paper
from desktop.ui.pages import page_images
from desktop.ui.session import Session, command_id
from desktop.ui.theme import current_theme

TITLES = {
    "disclosure": "Disclosure letter",
    "no_trace": "No-trace letter",
    "refusal": "Refusal letter",
    "rejection": "Rejection letter",
    "status_answer": "Status answer",
}
_PRINT_WIDTH = 1654
"""Pixels across an A4 page at 200 dots an inch."""


class Shown:
    """What the window shows: the case, and its letter issued or as it would be."""

    def __init__(self, page: CasePage, pdf: bytes, kind: str, problems: tuple[str, ...]) -> None:
        self.page, self.pdf, self.kind, self.problems = page, pdf, kind, problems


def read(desk: Desk, case_id: int) -> Shown:
    """The case and its letter; called on the store's thread."""
    page = case_page(desk, case_id)
    if page.case.letter is not None:
        return Shown(page, issuing.read_letter(desk, case_id), page.case.letter.kind.value, ())
    try:
        made = issuing.preview(desk, case_id)
    except Refused as error:
        return Shown(page, b"", "", (str(error),))
    return Shown(page, made.pdf, made.kind.value, made.problems)


class LetterView(QWidget):
    """One case's letter."""

    key = "letter"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.shown: Shown | None = None
        self._case_id = 0
        self._issue_id = command_id()
        self._build()
        self._connect()

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        return [self.paper, self.pane]

    def open(self, case_id: int) -> None:
        """Shows the letter of a case."""
        self._case_id = case_id
        self._issue_id = command_id()
        self.refresh()

    def refresh(self) -> None:
        """Reads case and letter again."""
        if self._case_id:
            self.session.run(self, read, self._case_id, done=self._show)

    def _build(self) -> None:
        px = current_theme().px
        name_widget(self, "letter_page", "Letter")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = CaseHeader()
        self.header.show_main(False)
        self.header.more.hide()
        column.addWidget(self.header)
        across = QHBoxLayout()
        across.setSpacing(0)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        bar = Ground("sunken", "bottom")
        row = QHBoxLayout(bar)
        row.setContentsMargins(px(24), px(8), px(24), px(8))
        row.setSpacing(px(12))
        self.title = Text("Letter", "group")
        self.place = Text("", "body", "text-2")
        row.addWidget(self.title)
        row.addWidget(self.place)
        row.addStretch(1)
        zooms = [Segment(PAGE, "Whole page"), Segment(WIDTH, "Page width"), Segment(FULL, "100%")]
        self.zoom = Segmented(zooms, "Size of the page", name="zoom")
        self.zoom.set_value(WIDTH)
        row.addWidget(self.zoom)
        middle.addWidget(bar)
        self.notice = QVBoxLayout()
        middle.addLayout(self.notice)
        self.paper = Paper(self.session)
        middle.addWidget(self.paper, 1)
        across.addLayout(middle, 1)
        self.pane = LetterPane()
        across.addWidget(self.pane)
        column.addLayout(across, 1)
        self.setFocusProxy(self.paper)

    def _connect(self) -> None:
        self.zoom.changed.connect(self.paper.set_zoom)
        self.paper.turned.connect(self._turned)
        self.header.history_wanted.connect(lambda: self.session.case_wanted.emit(self._case_id, "history"))
        self.header.why_wanted.connect(self._why)
        self.pane.issue.triggered.connect(self.issue)
        self.pane.print.triggered.connect(self.print_letter)
        self.pane.save.triggered.connect(self.save_copy)
        self.pane.sent.triggered.connect(self.mark_sent)
        self.session.changed.connect(self._changed)
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+Return", self.pane.press_main),
            ("Ctrl+P", self.pane.print.click),
            ("Ctrl+S", self.pane.save.click),
            ("Ctrl+M", self.pane.sent.click),
        )
        for words, then in keys:
            shortcut = QShortcut(QKeySequence(words), self)
            shortcut.activated.connect(then)

    def _turned(self, number: int, count: int) -> None:
        self.place.setText(f"Page {number} of {count}" if count else "")

    def _why(self) -> None:
        if self.shown is not None and self.shown.page.due is not None:
            WhyDialog(self.shown.page, self.session.desk.today(), self).exec()

    def _show(self, shown: Shown) -> None:
        self.shown = shown
        desk = self.session.desk
        self.header.show_page(shown.page, desk.calendars[shown.page.agreement.clock.calendar], desk.today())
        self.title.setText(TITLES.get(shown.kind, "No letter yet"))
        while (item := self.notice.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for problem in shown.problems:
            self.notice.addWidget(Banner("error", problem))
        self.paper.show_pdf(shown.pdf)
        self.pane.show_letter(shown.page, bool(shown.pdf) and not shown.problems, desk.clock())

    def _changed(self, changed: Changed) -> None:
        if self._case_id in changed.cases and self.isVisible():
            self.refresh()

    def _on(self, made_id: str) -> dict[str, Any]:
        if self.shown is None:
            raise RuntimeError("a letter is handled only once it is shown")
        row = self.shown.page.case.row
        return {"command_id": made_id, "case_id": row.id, "version": row.version}

    # What is done with it

    def issue(self) -> None:
        """Issues the letter, once someone has said yes."""
        if self.shown is None:
            return
        reference = self.shown.page.case.row.reference
        words = "The letter is numbered and fixed for good, the case closes and its retention timer starts."
        if dialogs.confirm(self, f"Issue the letter of {reference}?", words, "Issue the letter"):
            self._act(issuing.issue, issuing.Issue(**self._on(self._issue_id)), f"The letter of {reference} was issued")

    def print_letter(self) -> None:
        """Prints the issued bytes on the printer that is chosen."""
        if self.shown is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self.shown.page.case.row.reference)
        chosen = QPrintDialog(printer, self)
        if chosen.exec() != QDialog.DialogCode.Accepted:
            return
        images = page_images(self.shown.pdf, _PRINT_WIDTH)
        paint_pages(printer, images)
        self._act(issuing.printed, issuing.Handled(**self._on(command_id())), "The letter was printed")

    def save_copy(self) -> None:
        """Writes the issued bytes to a file that is named after the reference alone."""
        if self.shown is None:
            return
        reference = self.shown.page.case.row.reference
        chosen, _ = QFileDialog.getSaveFileName(self, "Save a copy", f"{reference}.pdf", "PDF (*.pdf)")
        if not chosen:
            return
        try:
            write_copy(Path(chosen), self.shown.pdf)
        except OSError as error:
            words = (
                f"The copy cannot be written there: {error.strerror or error}. The letter itself is safe in the store."
            )
            dialogs.inform(self, "The copy was not saved", words)
            return
        self._act(issuing.saved_copy, issuing.Handled(**self._on(command_id())), "A copy was saved")

    def mark_sent(self) -> None:
        """Marks the letter as sent, once the recipient's reference was typed back."""
        if self.shown is None:
            return
        row = self.shown.page.case.row
        expected = row.requester_reference or row.reference
        label = "The recipient’s reference" if row.requester_reference else "Our reference"

        def wrong(typed: str) -> str:
            same = normalised_reference(typed) == normalised_reference(expected)
            return "" if same else "This is not the reference on the letter. Check that it is the right letter."

        words = "Type the reference from the letter that you hold in your hand, so that the right letter is marked."
        typed = dialogs.ask_line(
            self, f"Mark the letter of {row.reference} as sent", words, label, "Mark as sent", wrong
        )
        if typed is not None:
            command = issuing.MarkSent(**self._on(command_id()), typed_reference=typed)
            self._act(issuing.mark_sent, command, f"The letter of {row.reference} is marked as sent")

    def _act(self, action: Callable[[Desk, Any], Done], command: Any, said: str) -> None:
        def failed(error: Exception) -> None:
            self._issue_id = command_id()
            self.session.show_error(self, error)
            self.refresh()

        self.session.act(self, action, command, done=lambda _done: self.refresh(), failed=failed, said=said)


def paint_pages(printer: QPrinter, images: list[QImage]) -> None:
    """Paints each page to fill its sheet."""
    painter = QPainter(printer)
    for number, image in enumerate(images):
        if number:
            printer.newPage()
        painter.drawImage(painter.viewport(), image)
    painter.end()


def write_copy(path: Path, pdf: bytes) -> None:
    """Writes a copy that only its owner may read; one of that name is replaced. Raises OSError."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pdf)
