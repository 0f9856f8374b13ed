"""Notices of correction: the card that lists them, and the dialogs that show one and record why one is not sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.records import Action
from desktop.casework.casepage import CasePage
from desktop.casework.notices import BECAUSE_WORDS
from desktop.casework.owing import Notice, told_words
from desktop.policy.fields import Problem
from desktop.policy.wording import when
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.base import clear_layout
from desktop.ui.kit.button import MAIN, PLAIN, Button
from desktop.ui.kit.card import Card
from desktop.ui.kit.error_summary import ErrorSummary
from desktop.ui.kit.flow import Flow
from desktop.ui.kit.inputs import TextField
from desktop.ui.kit.small import Line
from desktop.ui.kit.text import Text
from desktop.ui.kit.ticks import Choice, RadioGroup
from desktop.ui.letter.paper import Paper
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

READ, TELL, EXCUSE, PRINT, COPY, SENT = "read", "issue", "excuse", "print", "copy", "sent"
_WORDS = {
    READ: ("Read it", "eye"),
    TELL: ("Issue it", "stamp"),
    EXCUSE: ("Not told…", "circle-slash"),
    PRINT: ("Print", "printer"),
    COPY: ("Save a copy", "download"),
    SENT: ("Mark as sent", "send"),
}
_WIDE, _HIGH = 720, 460


class NoticesCard(Card):
    """Who is told that something was wrong, and how it stands with each. ``wanted``: (what, place in the list)."""

    wanted = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Notices of correction", parent=parent)
        self.setObjectName("notices_card")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(current_theme().px(8))
        self.body.addLayout(self._rows)

    def show_page(self, page: CasePage, now: datetime, *, may_act: bool = True) -> None:
        """Shows the notices of a case; with `may_act` the steps that this person may take now."""
        clear_layout(self._rows)
        self._rows.addWidget(Text(told_words(page.notices), "body", "text-2", wrap=True))
        for place, one in enumerate(page.notices):
            self._rows.addWidget(Line())
            self._rows.addWidget(self._row(page, place, one, now, may_act))

    def _row(self, page: CasePage, place: int, one: Notice, now: datetime, may_act: bool) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().px(4))
        who = recipient_words(one)
        column.addWidget(Text(who, "label", wrap=True))
        column.addWidget(Text(_about(one), "small", "text-2", wrap=True))
        column.addWidget(Text(_stands(one, now), "small", wrap=True))
        buttons = Flow(gap=current_theme().px(8))
        for what in _steps(page, one, may_act):
            words, icon = _WORDS[what]
            button = Button(words, PLAIN, icon, height=28, name=f"notice_{place + 1}_{what}")
            button.setAccessibleName(f"{words}: the notice to {who}")
            button.triggered.connect(lambda what=what: self.wanted.emit(what, place))
            buttons.addWidget(button)
        column.addLayout(buttons)
        return holder


def recipient_words(one: Notice) -> str:
    """The first three lines of the address: whom, of which unit and body."""
    return ", ".join(one.recipient.splitlines()[:3]) or "A recipient who is not known any more"


def _about(one: Notice) -> str:
    rows = one.content.get("rows", [])
    return "\n".join(f"{row['reference']}: {str(row['label']).lower()}" for row in rows)


def _stands(one: Notice, now: datetime) -> str:
    if one.issued_at is not None:
        sent = f", sent {when(one.sent_at, now)}" if one.sent_at is not None else ", not sent yet"
        return f"Letter {one.number}, issued {when(one.issued_at, now)} by {one.issued_by_name}{sent}"
    if one.excused:
        return f"Not told. {BECAUSE_WORDS[one.excused]}, as {one.excused_by_name} recorded: {one.reasons}"
    return "Not told yet" if one.id else "Is told once the outcome is released"


def _steps(page: CasePage, one: Notice, may_act: bool) -> list[str]:
    """What this person may do with a notice now."""
    if one.excused:
        return []
    steps = [READ]
    if not may_act or not one.id:
        return steps
    if one.number is None:
        steps += [TELL] if not page.actions[Action.TELL] else []
        steps += [EXCUSE] if not page.actions[Action.EXCUSE] else []
    elif not page.actions[Action.HANDLE_NOTICE]:
        steps += [PRINT, COPY] + ([SENT] if one.sent_at is None else [])
    return steps


class NoticeDialog(Dialog):
    """Shows the pages of a notice, as they were issued or as they would be."""

    def __init__(self, session: Session, reference: str, pdf: bytes, words: str, parent: QWidget) -> None:
        super().__init__(parent, "notice_viewer", f"{reference}: notice of correction", width=_WIDE)
        if words:
            self.body.addWidget(Text(words, "small", "text-2", wrap=True))
        self.paper = Paper(session)
        self.paper.setMinimumHeight(min(current_theme().px(_HIGH), self.most_high))
        self.body.addWidget(self.paper, 1)
        self.close_button = self.add_button("Close", MAIN, then=self.accept)
        self.paper.show_pdf(pdf)
        self.close_button.setFocus()


class ExcuseDialog(Dialog):
    """Asks why a recipient is not told. ``wanted`` when its button is pressed and the answers are there."""

    wanted = Signal()

    def __init__(self, one: Notice, reference: str, parent: QWidget) -> None:
        super().__init__(parent, "excuse_notice", f"A recipient of {reference} is not told")
        self.summary = ErrorSummary()
        self.body.addWidget(self.summary)
        lead = (
            f"{recipient_words(one)} keeps what was wrong, and is not told. That is lawful only where telling them is "
            "impossible or takes disproportionate effort (Article 19). It cannot be undone."
        )
        self.body.addWidget(Text(lead, "body", "text-2", wrap=True))
        choices = [Choice(key, words) for key, words in BECAUSE_WORDS.items()]
        self.because = RadioGroup("because", "Why they are not told", choices)
        self.reasons = TextField(
            "reasons", "Your reasons", hint="As the Information Commissioner could read them.", lines=4
        )
        for field in (self.because, self.reasons):
            self.body.addWidget(field)
        self.summary.jumped.connect(lambda key: (self.because if key == "because" else self.reasons).focus())
        self.add_button("Cancel")
        self.button = self.add_button("Record it", MAIN, then=self._go)
        self.because.focus()

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Says beside the fields and at the top what is wrong."""
        listed = []
        self.because.clear_problem()
        self.reasons.clear_problem()
        for problem in problems:
            field = self.because if problem.field == "because" else self.reasons
            field.show_problem(problem.message)
            listed.append((field.key, field.label_text, problem.message))
        self.summary.show_problems(listed)

    def _go(self) -> None:
        found = []
        if not self.because.value():
            found.append(Problem("because", "Choose why they are not told.", hard=True))
        if not str(self.reasons.value()).strip():
            found.append(Problem("reasons", "Give your reasons.", hard=True))
        self.show_problems(found)
        if not found:
            self.wanted.emit()
