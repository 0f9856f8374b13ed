"""What can be done with the letters of the open case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from db.records import Letter, LetterKind
from desktop.casework import issuing, mailing, reissuing, writing
from desktop.casework.casepage import CasePage, decided_answers
from desktop.casework.desk import Desk, Done, Invalid
from desktop.casework.sending import TypedBack, letter_to_type_back
from desktop.policy.letterkinds import SAID, TITLES, TO_THE_PERSON
from desktop.ui.attached.copying import ask_where, show_unwritten
from desktop.ui.case.letterdialog import LetterDialog, WriteDialog
from desktop.ui.case.letterspart import AGAIN, COPY, MAIL, PRINT, READ, SENT, LettersPart
from desktop.ui.case.noticedeeds import read_notice
from desktop.ui.kit.inputs import TextField
from desktop.ui.pages import choose_printer, print_pages
from desktop.ui.sentdialog import ask_sent

if TYPE_CHECKING:
    from desktop.ui.case.view import CaseView

_LEADS = {
    LetterKind.ACKNOWLEDGEMENT: "It tells the requester by when you answer, and what that day rests on.",
    LetterKind.MORE_INFORMATION: "It asks the requester for what is missing, and says what that does to the time.",
    LetterKind.EXPEDITE_ACCEPTED: "It tells the requester that you answer sooner.",
    LetterKind.EXPEDITE_DECLINED: "It tells the requester that the usual time counts, and why.",
    LetterKind.EXTENSION: "It tells the requester by when you answer now, why, and what they can do about it.",
    LetterKind.DEBT_NOTICE: "It goes to the patient, at the address below. Whoever reported the debt does not see it.",
    LetterKind.FORWARDING: "It goes to the person with the letter that is sent on. Type the address from the record: "
    "it is kept in this letter alone, and whoever asked never learns it.",
}
_SAID = {
    LetterKind.MORE_INFORMATION: "What is missing",
    LetterKind.EXPEDITE_DECLINED: "Why the usual time counts",
    LetterKind.EXTENSION: "Why it takes longer",
}
_FIXED = "It is numbered and fixed for good. The desk sends nothing: print it or save a copy, and send it."


class LetterDeeds(QObject):
    """Reads, prints, copies and sends letters, writes those on the way to the answer, and issues one again."""

    def __init__(self, view: CaseView, part: LettersPart) -> None:
        super().__init__(part)
        self._view = view
        part.wanted.connect(self.do)
        part.write_wanted.connect(self.write)
        part.notice_wanted.connect(self._read_notice)

    def do(self, what: str, letter_id: int) -> None:
        """Does one thing with an issued letter."""
        page = self._view.page
        one = next((one for one in page.case.letters if one.id == letter_id), None) if page is not None else None
        if page is None or one is None:
            return
        deeds = {
            READ: self._read,
            PRINT: self._print,
            COPY: self._copy,
            MAIL: self._mail,
            SENT: self._sent,
            AGAIN: self._again,
        }
        deeds[what](page, one)

    def write(self, kind_key: str) -> None:
        """Asks for what the letter says, shows it, and issues it."""
        page, kind = self._view.page, LetterKind(kind_key)
        if page is None:
            return
        title = f"{TITLES[kind]}: {page.case.row.reference}"

        def command(on: dict[str, Any], dialog: WriteDialog) -> writing.Write:
            said, to = dialog.text("said"), dialog.text("recipient")
            return writing.Write(**on, **dialog.read(), kind=kind, said=said, recipient=to)

        said = f"{TITLES[kind]}: the letter was issued"
        fields = _fields(page, kind)
        self._dialog(page, title, _LEADS[kind], fields, command, writing.preview_written, writing.write, said)

    def _dialog(
        self,
        page: CasePage,
        title: str,
        lead: str,
        fields: Sequence[TextField],
        command: Callable[[dict[str, Any], WriteDialog], Any],
        preview: Callable[[Desk, Any], issuing.Preview],
        issue: Callable[[Desk, Any], Done],
        said: str,
    ) -> None:
        view = self._view
        dialog = WriteDialog(view.session, title, f"{lead} {_FIXED}", fields, view)

        def failed(error: Exception) -> None:
            if isinstance(error, Invalid):
                dialog.show_problems(error.problems)
            else:
                view.session.show_error(dialog, error)

        def look() -> None:
            on = {"command_id": "", "case_id": page.case.row.id, "version": page.case.row.version}
            view.session.run(dialog, preview, command(on, dialog), done=dialog.show_preview, failed=failed)

        def go() -> None:
            view.deeds.act(
                issue, lambda on: command(on, dialog), said, "", then=dialog.accept, wrong=dialog.show_refusal
            )

        dialog.looked.connect(look)
        dialog.wanted.connect(go)
        dialog.open()
        if all(str(one.value()).strip() for one in fields):
            look()

    def _read_notice(self, place: int) -> None:
        if self._view.page is not None:
            read_notice(self._view.session, self._view, self._view.page, place)

    def _read(self, page: CasePage, one: Letter) -> None:
        view, title = self._view, f"Letter {one.number}: {page.case.row.reference}"

        def show(pdf: bytes) -> None:
            LetterDialog(view.session, title, pdf, view).open()

        view.session.run(view, issuing.read_letter, one.case_id, one.id, done=show)

    def _print(self, page: CasePage, one: Letter) -> None:
        printer = choose_printer(self._view, page.case.row.reference)
        if printer is None:
            return

        def prints(desk: Desk, command: issuing.Handled) -> Done:
            print_pages(printer, issuing.read_letter(desk, one.case_id, one.id))
            return issuing.printed(desk, command)

        command = partial(issuing.Handled, letter_id=one.id)
        self._view.deeds.act(prints, lambda on: command(**on), "The letter was printed", "")

    def _copy(self, page: CasePage, one: Letter) -> None:
        out = ask_where(self._view, f"{page.case.row.reference}-{one.number}.pdf", "PDF (*.pdf)")
        if out is None:
            return
        command = partial(issuing.SaveCopy, letter_id=one.id, out=out, replace=True)
        self._write(issuing.save_copy, command, "A copy of the letter was saved")

    def _write(self, function: Callable[[Desk, Any], Done], command: Callable[..., Any], said: str) -> None:
        unwritten = partial(show_unwritten, self._view, "letter")
        self._view.deeds.act(function, lambda on: command(**on), said, "", unwritten=unwritten)

    def _mail(self, page: CasePage, one: Letter) -> None:
        view = self._view

        def ask(_address: str) -> None:
            name = f"{page.case.row.reference}-{one.number}.eml"
            chosen, _filter = QFileDialog.getSaveFileName(view, "Save the e-mail", name, "E-mail (*.eml)")
            if not chosen:
                return
            command = partial(mailing.PrepareMail, letter_id=one.id, out=Path(chosen), replace=True)
            said = "The e-mail was saved, and not sent. Open it, look at it, and send it"
            self._write(mailing.prepare_mail, command, said)

        # Where it may not be mailed, that is said before anybody chooses a file.
        view.session.run(view, mailing.mail_address, one.case_id, one.id, done=ask)

    def _sent(self, _page: CasePage, one: Letter) -> None:
        view, title = self._view, f"Mark letter {one.number} as sent"

        def ask(expected: TypedBack) -> None:
            typed = ask_sent(view, title, expected)
            if typed is None:
                return
            reference, line = typed
            view.deeds.act(
                issuing.mark_sent,
                lambda on: issuing.MarkSent(**on, letter_id=one.id, typed_reference=reference, typed_line=line),
                "The letter is marked as sent",
                "",
            )

        view.session.run(view, letter_to_type_back, one.case_id, one.id, done=ask)

    def _again(self, page: CasePage, one: Letter) -> None:
        lead = "It has a new number, and says which letter it replaces and why. What was approved stays as it was."
        why = TextField("why", "Why it is issued again", hint="The letter says it in these words.", lines=2)

        def command(on: dict[str, Any], dialog: WriteDialog) -> reissuing.Reissue:
            return reissuing.Reissue(**on, **dialog.read(), why=dialog.text("why"))

        title = f"Issue letter {one.number} again: {page.case.row.reference}"
        said = "The letter was issued again"
        self._dialog(page, title, lead, [why], command, reissuing.preview_reissue, reissuing.reissue, said)


def _fields(page: CasePage, kind: LetterKind) -> list[TextField]:
    """What a letter of this kind needs, with what the case has of it."""
    fields = []
    if kind in SAID:
        fields.append(TextField("said", _SAID[kind], hint="The letter says it in these words, a line each.", lines=3))
        fields[0].set_value(_said(page, kind))
    if kind in TO_THE_PERSON:
        hint = "The name, then the address, a line each, with its postcode."
        fields.append(TextField("recipient", "To whom it goes", hint=hint, lines=5))
        fields[-1].set_value(_person(page, kind))
    return fields


def _said(page: CasePage, kind: LetterKind) -> str:
    """What was written down with the step that the letter tells of."""
    if kind is LetterKind.MORE_INFORMATION and page.case.pauses:
        return page.case.pauses[-1].reason
    if kind is LetterKind.EXTENSION and page.case.extensions:
        return page.case.extensions[-1].note
    return ""


def _person(page: CasePage, kind: LetterKind) -> str:
    """The name as the request gives it; and the address where whoever asked wrote to the person there."""
    lines = [page.case.row.person]
    address = decided_answers(page).get("person.address")
    if kind is LetterKind.DEBT_NOTICE and isinstance(address, dict):
        lines += [str(address.get("lines", "")), str(address.get("postcode", ""))]
    return "\n".join(line for line in lines if line)
