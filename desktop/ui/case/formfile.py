"""In a new request: a blank request form to send out, and a completed one read back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.casework.attachments import read_file
from desktop.casework.desk import Desk, Refused
from desktop.casework.requestforms import NotAForm, ReadForm, make_request_form, read_request_form
from desktop.policy.agreements import Agreement
from desktop.policy.wording import plural
from desktop.ui import dialogs
from desktop.ui.kit.base import clear_layout
from desktop.ui.kit.button import Link
from desktop.ui.kit.notices import Banner
from desktop.ui.kit.text import Text
from desktop.ui.session import Session
from desktop.ui.theme import current_theme


@dataclass(frozen=True, slots=True)
class FormFile:
    """A completed form, and the file that it came in."""

    read: ReadForm
    name: str
    content: bytes


def _load(desk: Desk, path: Path) -> FormFile:
    content = read_file(path, lambda _read, _size: True)
    return FormFile(read_request_form(desk, content), path.name, content)


class FormFileRow(QWidget):
    """Two links, and under them what a completed form said."""

    was_read = Signal(object)
    """A FormFile."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._agreement: Agreement | None = None
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        row = QHBoxLayout()
        row.setSpacing(px(24))
        self.choose = Link("Read a completed PDF form…", "body", name="read_form")
        self.blank = Link("Save a blank form…", "body", name="blank_form")
        self.choose.clicked.connect(self._choose)
        self.blank.clicked.connect(self._save_blank)
        self.many = Link("Import many…", "body", name="import_many")
        for link in (self.choose, self.blank, self.many):
            row.addWidget(link)
        row.addStretch(1)
        column.addLayout(row)
        self._told = QVBoxLayout()
        self._told.setSpacing(px(8))
        column.addLayout(self._told)

    def show_agreement(self, agreement: Agreement | None) -> None:
        """The blank form is of this agreement."""
        self._agreement = agreement
        self.blank.setVisible(agreement is not None)

    def forget(self) -> None:
        """Nothing was read."""
        clear_layout(self._told)

    def show_read(self, form: ReadForm) -> None:
        """Says what the form gave, and all that could not be taken over."""
        clear_layout(self._told)
        words = f"The form gave {plural(len(form.answers), 'answer')}. The file is attached to the case."
        if form.older:
            words += " It is a form of an earlier text of the agreement: read it beside the answers."
        banner = Banner("warning" if form.not_read or form.older else "info", words, icon="file-check")
        banner.setObjectName("form_read")
        self._told.addWidget(banner)
        if form.perhaps:
            words = f"It may be registered already. {form.perhaps} Register it only if it is another request."
            again = Banner("warning", words, icon="copy")
            again.setObjectName("form_again")
            self._told.addWidget(again)
        if form.not_read:
            self._told.addWidget(Text("Look at these again with the requester:", "label"))
        for one in form.not_read:
            said = f"{one.label}: “{one.said}”. {one.why}" if one.said else f"{one.label}. {one.why}"
            self._told.addWidget(Text(said, "small", "text-2", wrap=True))

    def _choose(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(self, "Choose the completed form", "", "PDF files (*.pdf)")
        if chosen:
            self.read(Path(chosen))

    def read(self, path: Path) -> None:
        """Reads a completed form."""
        self._session.run(self, _load, path, done=self._done, failed=self._failed)

    def _done(self, form: FormFile) -> None:
        self.was_read.emit(form)
        self.show_read(form.read)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, NotAForm | Refused):
            dialogs.inform(self, "This form was not read", str(error))
        elif isinstance(error, OSError):
            dialogs.inform(self, "This form was not read", f"The file cannot be read: {error.strerror}.")
        else:
            self._session.show_error(self, error)

    def _save_blank(self) -> None:
        if self._agreement is None:
            return
        name = f"request-form-{self._agreement.id}.pdf"
        chosen, _filter = QFileDialog.getSaveFileName(self, "Save a blank form", name, "PDF files (*.pdf)")
        if chosen:
            self.save_blank(Path(chosen))

    def save_blank(self, path: Path) -> None:
        """Writes a blank form of the agreement."""
        agreement = self._agreement
        if agreement is None:
            return
        said = "The blank form was saved"
        self._session.run(
            self,
            # The person chose to replace a file that is there.
            partial(make_request_form, replace=True),
            agreement.id,
            path,
            done=lambda _nothing: self._session.toasted.emit(said),
            failed=self._failed,
        )
