"""Certificate: with which letters are signed, its replacement, the page for recipients, and the check of a letter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from db.records import Changed
from desktop.casework.certificates import (
    Certificates,
    Held,
    ImportCertificate,
    MakeCertificate,
    certificates,
    import_certificate,
    make_certificate,
    save_certificate_page,
)
from desktop.casework.desk import Desk
from desktop.casework.lettercheck import LetterCheck, check_letter
from desktop.policy.wording import day, london
from desktop.security.certificates import MOST_BYTES, YEARS, groups
from desktop.ui import dialogs
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.button import MAIN, PLAIN, Button
from desktop.ui.kit.card import Card, Facts
from desktop.ui.kit.field import Field
from desktop.ui.kit.flow import Flow
from desktop.ui.kit.inputs import LineField, TextField
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import IconText
from desktop.ui.kit.text import Text
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

PAGE_NAME = "how-to-check-our-letters.pdf"
_MAKE = (
    f"The desk makes a new key and a certificate for it, valid for {YEARS} years. Letters that were signed before stay "
    "as they are, and the desk still knows them as its own. Send the new page to those whom you write to."
)
_IMPORT = (
    "The file holds a certificate and its key, as a certificate authority gives it out (PKCS#12: .p12 or .pfx). The "
    "key is kept in the store, under a password of its own. Letters that were signed before stay as they are."
)


class CertificatePart(QWidget):
    """The certificate in use, those before it, and what is done with them."""

    key = "certificate"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        name_widget(self, "certificate_part", "Certificate")
        self.page = Button("Save the page for recipients…", MAIN, "save", name="save_certificate_page")
        self.check = Button("Check a letter…", PLAIN, "file-check", name="check_letter")
        self.make = Button("Make a new one…", PLAIN, "plus", name="make_certificate")
        self.bring = Button("Import one…", PLAIN, "upload", name="import_certificate")
        self._build()
        self.page.triggered.connect(self._save)
        self.check.triggered.connect(self._choose_letter)
        self.make.triggered.connect(self._make)
        self.bring.triggered.connect(self._choose_file)

    def refresh(self) -> None:
        """Loads the certificates."""
        self._session.run(self, certificates, done=self._show)

    def _build(self) -> None:
        px = current_theme().px
        card = Card("In use")
        card.setMaximumWidth(px(860))
        self._state = QVBoxLayout()
        card.body.addLayout(self._state)
        self._facts = Facts(140)
        card.body.addWidget(self._facts)
        foot = Flow(gap=px(8))
        for button in (self.page, self.make, self.bring, self.check):
            foot.addWidget(button)
        card.body.addLayout(foot)
        self._before = Card("Earlier")
        self._before.setMaximumWidth(px(860))
        self._earlier = QVBoxLayout()
        self._earlier.setSpacing(px(12))
        self._before.body.addLayout(self._earlier)
        pane = ScrollPane("certificate_pane", "Certificate", margin=0)
        pane.body.addWidget(card)
        pane.body.addWidget(self._before)
        pane.body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(pane)
        self.setFocusProxy(self.page)

    def _show(self, found: Certificates) -> None:
        clear_layout(self._state)
        if found.matter:
            icon, colour = ("circle-alert", "amber") if found.usable else ("circle-x", "red")
            words = found.matter if found.usable else f"No letter can be issued. {found.matter}"
        else:
            icon, colour, words = "circle-check", "green", "Each letter is signed with it when it is issued."
        self._state.addWidget(IconText(icon, words, "text", "strong", icon_colour=colour, wrap=True))
        self._facts.set_facts(_facts(found.held[0]) if found.held else [])
        self.page.set_off("" if found.held else "There is no certificate yet.")
        clear_layout(self._earlier)
        self._before.setVisible(len(found.held) > 1)
        for held in found.held[1:]:
            facts = Facts(140)
            facts.set_facts(_facts(held))
            self._earlier.addWidget(facts)

    # What is done

    def _make(self) -> None:
        fields: dict[str, Field] = {"because": _because()}
        dialog = RecordDialog("Make a new certificate?", "make_certificate", "Make it", fields, self, _MAKE)
        self._open(dialog, make_certificate, lambda: MakeCertificate(because=dialog.text("because")), "made")

    def _choose_file(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(
            self, "Choose the certificate’s file", "", "PKCS#12 (*.p12 *.pfx)"
        )
        if chosen:
            self.bring_in(Path(chosen))

    def bring_in(self, path: Path) -> None:
        """Reads a PKCS#12 file, and asks for its password."""

        def read(_desk: Desk) -> bytes:
            with path.open("rb") as file:
                return file.read(MOST_BYTES + 1)

        self._session.run(self, read, done=lambda content: self._ask_password(path.name, content), failed=self._failed)

    def _ask_password(self, name: str, content: bytes) -> None:
        file = LineField("file", "File")
        file.set_value(name)
        file.edit.setReadOnly(True)
        password = LineField("password", "Password of the file", password=True)
        fields: dict[str, Field] = {"password": password, "because": _because(), "file": file}
        dialog = RecordDialog("Import this certificate?", "import_certificate", "Import it", fields, self, _IMPORT)

        def command() -> ImportCertificate:
            return ImportCertificate(content=content, password=dialog.text("password"), because=dialog.text("because"))

        self._open(dialog, import_certificate, command, "imported")

    def _open(
        self, dialog: RecordDialog, action: Callable[[Desk, Any], None], command: Callable[[], Any], done_word: str
    ) -> None:
        def done(_nothing: None) -> None:
            self.refresh()
            self._session.changed.emit(Changed(kinds=frozenset({"certificate"})))
            self._session.toasted.emit(f"The certificate was {done_word}. Save the new page for recipients")

        dialog.ask(self._session, action, command, done)

    def _save(self) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(self, "Save the page for recipients", PAGE_NAME, "PDF (*.pdf)")
        if chosen:
            self.save(Path(chosen))

    def save(self, path: Path) -> None:
        """Writes the page for recipients; a file that is there gives way, as the person has said."""

        def write(desk: Desk) -> None:
            save_certificate_page(desk, path, replace=True)

        def done(_nothing: None) -> None:
            self._session.toasted.emit(f"The page was saved as {path.name}")

        self._session.run(self, write, done=done, failed=self._failed)

    def _choose_letter(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(self, "Choose the letter to check", "", "PDF (*.pdf)")
        if chosen:
            self.look(Path(chosen))

    def look(self, path: Path) -> None:
        """Checks a letter, and says what was found."""
        self.check.set_busy(True)

        def done(found: LetterCheck) -> None:
            self.check.set_busy(False)
            dialog = CheckDialog(self, found)
            dialog.exec()

        def failed(error: Exception) -> None:
            self.check.set_busy(False)
            self._failed(error)

        self._session.run(self, check_letter, path, done=done, failed=failed)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, OSError):
            dialogs.inform(self, "This file cannot be used", f"{error.strerror or error}. Nothing was changed.")
        else:
            self._session.show_error(self, error)


class CheckDialog(dialogs.Dialog):
    """What was found of a letter. Its title carries no name of a file, which may carry a person's."""

    def __init__(self, owner: QWidget, found: LetterCheck) -> None:
        title = "Nothing is wrong with this letter" if found.good else "Something is wrong with this letter"
        super().__init__(owner, "letter_check", title)
        first, *rest = found.sentences()
        icon, colour = ("circle-check", "green") if found.good else ("circle-x", "red")
        self.body.addWidget(IconText(icon, first, "text", "strong", icon_colour=colour, wrap=True))
        for sentence in rest:
            self.body.addWidget(Text(sentence, "body", wrap=True))
        self.add_button("Close", MAIN, self.accept, "close").setFocus()


def _because() -> TextField:
    return TextField("because", "Why", hint="It is kept with the certificate, and in the journal.", lines=2)


def _facts(held: Held) -> list[tuple[str, str | QWidget]]:
    facts, stored = held.facts, held.stored
    on = day(london(stored.made_at).date())
    who = stored.made_by or "the desk itself"
    rows: list[tuple[str, str | QWidget]] = [
        ("Names", facts.name),
        ("Issued by", "Itself" if facts.self_issued else facts.issuer),
        ("Valid", f"{day(london(facts.valid_from).date())} to {day(london(facts.valid_to).date())}"),
        ("Fingerprint", f"{groups(facts.fingerprint)} (SHA-256)"),
        ("Imported" if stored.imported else "Made", f"{on} by {who}"),
    ]
    return [*rows, ("Why", stored.because)] if stored.because else rows
