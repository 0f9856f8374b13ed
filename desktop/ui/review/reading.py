"""The other tabs of a review: what changed, the letter, the public interest, and the whole request."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.casework.attachments import Attachment
from desktop.casework.casepage import CasePage, changes_since_sent_back, decided_answers
from desktop.policy.answers import value_words
from desktop.ui.attached.copying import save_copy
from desktop.ui.attached.filelist import FileList
from desktop.ui.attached.viewer import AttachmentDialog
from desktop.ui.case.linked import LinkedCard
from desktop.ui.case.noticecard import NoticesCard
from desktop.ui.case.noticedeeds import read_notice
from desktop.ui.kit.base import clear_layout
from desktop.ui.kit.card import Card, Facts
from desktop.ui.kit.notices import EmptyState
from desktop.ui.kit.text import Text
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

_LABEL = 168


class ReadingPart(QWidget):
    """Cards of things to read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(current_theme().px(12))

    def _card(self, title: str, facts: Sequence[tuple[str, str]]) -> None:
        card = Card(title)
        shown = Facts(_LABEL)
        shown.set_facts(list(facts))
        card.body.addWidget(shown)
        self._column.addWidget(card)

    def show_changes(self, page: CasePage) -> int:
        """What differs from the submission before; returns how much."""
        clear_layout(self._column)
        changes = changes_since_sent_back(page)
        if not changes:
            words = "It is the first time that this request is before you, or it came again as it was."
            self._column.addWidget(EmptyState("refresh-cw", "Nothing has changed", words))
        asked = [one for one in page.case.decisions if one.action.value == "send_back"]
        if asked and len(page.case.submissions) > 1:
            last = asked[-1]
            self._card("What was asked for", [(last.decided_by_name, last.reasons)])
        for change in changes:
            self._card(change.label, [("Before", change.before), ("Now", change.after)])
        self._column.addStretch(1)
        return len(changes)

    def show_whole(self, page: CasePage, session: Session) -> None:
        """The files and the linked cases, then all of the request as it was submitted."""
        self.show_sections(page)
        cards: list[QWidget] = []
        if page.attachments:
            reference = page.case.row.reference
            card = Card("Attachments")
            card.setObjectName("review_files")
            files = FileList()
            files.show_files(page.attachments, session.desk.clock(), may_remove=False)

            def copy(one: Attachment) -> None:
                save_copy(session, self, reference, one)

            files.looked.connect(lambda one: AttachmentDialog(session, reference, one, partial(copy, one), self).open())
            files.copied.connect(copy)
            card.body.addWidget(files)
            cards.append(card)
        if page.notices:
            notices = NoticesCard()
            notices.show_page(page, session.desk.clock(), may_act=False)
            notices.wanted.connect(lambda _what, place: read_notice(session, self, page, place))
            cards.append(notices)
        if page.links:
            linked = LinkedCard()
            linked.show_page(page, may_link=False)
            linked.case_wanted.connect(lambda case_id: session.case_wanted.emit(case_id, ""))
            cards.append(linked)
        for at, one in enumerate(cards):
            self._column.insertWidget(at, one)

    def show_sections(self, page: CasePage, wanted: Sequence[str] = ()) -> None:
        """Sections as they were submitted; all of the request's where none is named."""
        clear_layout(self._column)
        answers = decided_answers(page)
        for section in page.agreement.sections:
            if section.id == "criteria" or (wanted and section.id not in wanted):
                continue
            if not wanted and section.group != "request":
                continue
            facts = [(field.label, value_words(field, answers.get(field.key))) for field in section.fields]
            self._card(section.title, facts)
        if not self._column.count():
            self._column.addWidget(Text("There is nothing here under this version of the agreement.", "body", "text-2"))
        self._column.addStretch(1)
