"""What was decided and recorded about a case, and what happens next."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.records import Action, Decision, Role, State
from desktop.casework.casepage import CasePage
from desktop.policy.answertables import value_words
from desktop.policy.life import DISCLOSING, OUTCOME_WORDS
from desktop.policy.wording import london, when
from desktop.ui.case.noticecard import NoticesCard
from desktop.ui.disposal.looks import on_run_words
from desktop.ui.keepingcard import KeepingCard
from desktop.ui.kit.base import clear_layout
from desktop.ui.kit.card import Card, Facts
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

_DECIDED = {
    Action.APPROVE: "Approved",
    Action.REFUSE: "Refused",
    Action.REJECT: "Rejected",
    Action.SEND_BACK: "Sent back",
    Action.ESCALATE: "Escalated to the guardian",
}
_ISSUE = "Check the letter, then issue it. Issuing closes the case and starts its retention timer."
_NEXT = {
    State.APPROVED: "Search the records for what was approved, then record the outcome.",
    State.RECORDED: "A second person reads the letter and releases it. Then it can be issued.",
    State.RELEASED: _ISSUE,
    State.REFUSED: _ISSUE,
    State.REJECTED: _ISSUE,
    State.ISSUED: "The case is closed.",
    State.WITHDRAWN: "The request was withdrawn. The case is closed, and its retention timer runs.",
}
_WAITS = {
    State.SUBMITTED: "A reviewer reads it and decides.",
    State.ESCALATED: "The guardian reads it and decides.",
}
LETTER_STATES = (State.RELEASED, State.REFUSED, State.REJECTED, State.ISSUED)


_TELLS = "My work tells you when it is done."
_DECIDED_BY = (Role.REVIEWER, Role.GUARDIAN)


def next_words(page: CasePage, role: Role) -> str:
    """What happens next, in a sentence or two, for someone of this role: My work is a caseworker's alone."""
    case, state = page.case, page.case.row.state
    if state in _WAITS:
        if role in _DECIDED_BY and not page.actions[Action.REFUSE]:
            return "It waits in the review queue for someone to decide, as you may."
        return f"{_WAITS[state]} {_TELLS}" if role is Role.CASEWORKER else _WAITS[state]
    if state is State.RELEASED and any(not one.settled for one in page.notices):
        return "Tell every recipient of what was wrong: issue the notices below. Then the letter can be issued."
    if state is State.RECORDED and (case.finding is None or case.finding.outcome not in DISCLOSING):
        return "Nothing is disclosed. Check the letter, then issue it."
    if state is State.WITHDRAWN and not page.actions[Action.REOPEN]:
        return f"{_NEXT[state]} If that was a mistake, reopen it."
    if state is State.ISSUED and case.letter is not None and case.letter.sent_at is None:
        return "The case is closed. Send the letter, then mark it as sent."
    return _NEXT.get(state, "Finish the request, then submit it.")


def letter_ready(page: CasePage) -> bool:
    """Whether there is a letter to look at."""
    state, finding = page.case.row.state, page.case.finding
    quiet = state is State.RECORDED and finding is not None and finding.outcome not in DISCLOSING
    return state in LETTER_STATES or quiet


def next_button(page: CasePage, role: Role) -> str:
    """The words of the main button of this part; "" for none."""
    if letter_ready(page):
        return "Open the letter"
    if page.case.row.state is State.APPROVED and not page.actions[Action.RECORD]:
        return "Record the outcome"
    waits = page.case.row.state in (State.SUBMITTED, State.ESCALATED, State.RECORDED)
    return "Open the review queue" if waits and role in _DECIDED_BY else ""


class NextPart(QWidget):
    """The last part of a case that is no longer a draft."""

    notice_wanted = Signal(str, int)
    """(what, place in the list of notices)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("next_part")
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        column.addWidget(Text("What happens next", "section"))
        self.words = Text("", "body", wrap=True)
        column.addWidget(self.words)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(px(16))
        column.addLayout(self._cards)
        column.addStretch(1)

    def show_page(self, page: CasePage, now: datetime, role: Role) -> bool:
        """Shows what keeps it, notices, decisions, outcome and letter, for someone of a role.

        True where there are controls in it.
        """
        self.words.setText(next_words(page, role))
        clear_layout(self._cards)
        for one in reversed(page.case.decisions):
            self._card(_DECIDED.get(one.action, one.action.value), _decision_facts(page, one, now))
        self._finding(page, now)
        letter = page.case.letter
        if letter is not None:
            facts = [
                ("Number", str(letter.number)),
                ("Issued", f"{when(letter.issued_at, now)} by {letter.issued_by_name}"),
                ("Sent", f"{when(letter.sent_at, now)} by {letter.sent_by_name}" if letter.sent_at else "Not yet"),
            ]
            self._card("The letter", facts)
        for change in page.corrected:
            by = f"{change.reference}, letter {change.number}, {when(change.at, now)}"
            self._card("Corrected", [("What", _item_words(page, change.item)), ("By", by)])
        if page.keeping.run is not None:
            self._card("On a disposal run", [("The run", on_run_words(page.keeping.run, london(now).date()))])
        if page.keeping:
            keeping = KeepingCard(128)
            self._cards.insertWidget(0, keeping)
            keeping.show_keeping(page.keeping, london(now).date())
        if page.notices:
            notices = NoticesCard()
            notices.show_page(page, now)
            notices.wanted.connect(self.notice_wanted)
            self._cards.insertWidget(0, notices)
        return bool(page.notices)

    def _card(self, title: str, facts: list[tuple[str, str]]) -> None:
        card = Card(title)
        rows = Facts(128)
        rows.set_facts(list(facts))
        card.body.addWidget(rows)
        self._cards.insertWidget(0, card)

    def _finding(self, page: CasePage, now: datetime) -> None:
        finding = page.case.finding
        if finding is None:
            return
        facts = [
            ("Outcome", OUTCOME_WORDS[finding.outcome]),
            ("Recorded", f"{when(finding.recorded_at, now)} by {finding.recorded_by_name}"),
        ]
        answer = page.agreement.answer(finding.status_answer)
        if answer is not None:
            facts.append(("Answer", answer.label))
        for key, value in finding.values.items():
            item = page.agreement.item(key)
            facts.append((item.label if item is not None else key, value_words(value)))
        if finding.released_at is not None:
            facts.append(("Released", f"{when(finding.released_at, now)} by {finding.released_by_name}"))
        self._card("The outcome", facts)


def _item_words(page: CasePage, key: str) -> str:
    item = page.agreement.item(key)
    return item.label if item is not None else "Our answer"


def _decision_facts(page: CasePage, one: Decision, now: datetime) -> list[tuple[str, str]]:
    facts = [("By", f"{one.decided_by_name}, {when(one.decided_at, now)}")]
    questions = {criterion.id: criterion.short for criterion in page.agreement.criteria}
    if one.because_of:
        because = [f"{page.agreement.criterion_number(key)}. {questions.get(key, key)}" for key in one.because_of]
        facts.append(("Because of", "\n".join(because)))
    if one.reasons:
        facts.append(("Reasons", one.reasons))
    if one.void:
        facts.append(("Now", "Void: the request was changed after it"))
    return facts
