"""What can be done with the notices of correction of the open case."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from db.records import Action
from desktop.casework import notices
from desktop.casework.casepage import CasePage
from desktop.casework.desk import Desk, Done
from desktop.casework.owing import Notice
from desktop.ui import dialogs
from desktop.ui.attached.copying import ask_where, show_unwritten
from desktop.ui.case.noticecard import (
    COPY,
    EXCUSE,
    PRINT,
    READ,
    SENT,
    TELL,
    ExcuseDialog,
    NoticeDialog,
    recipient_words,
)
from desktop.ui.pages import choose_printer, print_pages
from desktop.ui.sentdialog import ask_sent
from desktop.ui.session import Session

if TYPE_CHECKING:
    from desktop.ui.case.nextpart import NextPart
    from desktop.ui.case.view import CaseView


def read_notice(session: Session, owner: QWidget, page: CasePage, place: int) -> None:
    """Shows one notice of a case: the bytes that were issued, else those that would be."""
    one = page.notices[place]
    reference = page.case.row.reference

    def read(desk: Desk) -> tuple[bytes, str]:
        if one.number is not None:
            return notices.read_notice(desk, page.case.row.id, one.id), ""
        made = notices.preview_notice(desk, page.case.row.id, place)
        return made.pdf, " ".join(made.problems) or "As it would be issued today."

    def show(found: tuple[bytes, str]) -> None:
        NoticeDialog(session, reference, *found, owner).open()

    session.run(owner, read, done=show)


class NoticeDeeds(QObject):
    """Reads, issues, prints, copies and sends notices, and records why one is not sent."""

    def __init__(self, view: CaseView, part: NextPart) -> None:
        super().__init__(part)
        self._view = view
        part.notice_wanted.connect(self.do)

    def do(self, what: str, place: int) -> None:
        """Does one thing with the notice in this place of the list."""
        page = self._view.page
        if page is None or not 0 <= place < len(page.notices):
            return
        one = page.notices[place]
        if what == READ:
            read_notice(self._view.session, self._view, page, place)
            return
        {TELL: self._tell, EXCUSE: self._excuse, PRINT: self._print, COPY: self._copy, SENT: self._sent}[what](
            page, one
        )

    def _tell(self, page: CasePage, one: Notice) -> None:
        words = (
            "The notice is numbered and fixed for good. The desk sends nothing: print it or save a copy, and send it."
        )
        if dialogs.confirm(self._view, f"Issue the notice to {recipient_words(one)}?", words, "Issue the notice"):
            self._view.deeds.act(
                notices.tell, lambda on: notices.Tell(**on, notice_id=one.id), "The notice was issued", ""
            )

    def _excuse(self, page: CasePage, one: Notice) -> None:
        dialog = ExcuseDialog(one, page.case.row.reference, self._view)

        def go() -> None:
            because: notices.Because = "impossible" if dialog.because.value() == "impossible" else "disproportionate"
            reasons = str(dialog.reasons.value())
            self._view.deeds.act(
                notices.excuse,
                lambda on: notices.Excuse(**on, notice_id=one.id, because=because, reasons=reasons),
                "Why they are not told is recorded",
                "",
                then=dialog.accept,
                wrong=dialog.show_problems,
            )

        dialog.wanted.connect(go)
        dialog.open()

    def _print(self, page: CasePage, one: Notice) -> None:
        printer = choose_printer(self._view, page.case.row.reference)
        if printer is None:
            return

        def prints(desk: Desk, command: notices.HandleNotice) -> Done:
            print_pages(printer, notices.read_notice(desk, one.case_id, one.id))
            return notices.handle_notice(desk, command)

        command = partial(notices.HandleNotice, notice_id=one.id, action=Action.PRINT)
        self._view.deeds.act(prints, lambda on: command(**on), "The notice was printed", "")

    def _copy(self, page: CasePage, one: Notice) -> None:
        out = ask_where(self._view, f"{page.case.row.reference}-{one.number}.pdf", "PDF (*.pdf)")
        if out is None:
            return
        command = partial(notices.CopyNotice, notice_id=one.id, out=out, replace=True)
        unwritten = partial(show_unwritten, self._view, "notice")
        said = "A copy of the notice was saved"
        self._view.deeds.act(notices.copy_notice, lambda on: command(**on), said, "", unwritten=unwritten)

    def _sent(self, page: CasePage, one: Notice) -> None:
        typed = ask_sent(self._view, "Mark the notice as sent", notices.notice_to_type_back(page.case, one))
        if typed is None:
            return
        reference, line = typed
        self._view.deeds.act(
            notices.handle_notice,
            lambda on: notices.HandleNotice(
                **on, notice_id=one.id, action=Action.MARK_SENT, typed_reference=reference, typed_line=line
            ),
            "The notice is marked as sent",
            "",
        )
