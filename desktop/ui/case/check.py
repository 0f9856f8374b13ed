"""Check answers: every section in words with a way to change it, what is still wrong, and what happens next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Answers, State
from desktop.casework.casepage import CasePage
from desktop.policy.agreements import Agreement, Section
from desktop.policy.answers import value_words
from desktop.policy.fields import Problem
from desktop.policy.verdict import Verdict
from desktop.ui.case.progress import distinct
from desktop.ui.case.verdictpanel import verdict_words
from desktop.ui.case.words import say
from desktop.ui.kit.button import Link
from desktop.ui.kit.card import Card, Facts
from desktop.ui.kit.error_summary import ErrorSummary
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

_NEXT = {
    "approve": "A reviewer reads it and may approve it. You then record what the search finds.",
    "narrow": "A reviewer cannot approve it as it is. Take out what is not permitted, then submit it.",
    "refuse": "A reviewer reads it. As answered, it can only be refused, rejected or sent back.",
    "reject": "A reviewer reads it. As answered, it can only be rejected or sent back.",
    "return": "Think of returning it to the requester first: as answered, too little is known to decide it.",
    "escalate": "A reviewer reads it and passes it to the guardian.",
    "unfinished": "A reviewer can decide it once everything is answered.",
}
_STUCK = (
    "Nobody can approve it while this stands. Mend it, or change the answer that does not fit. Submitted as it is, it "
    "can only be refused, rejected or sent back."
)
_STATES = {
    State.SUBMITTED: "It is with the reviewer.",
    State.ESCALATED: "It is with the guardian.",
    State.HELD: "It is held. Nobody decides it until the agreement goes on.",
    State.RETURNED: "It is with the requester. Take it up again when they have answered.",
}


_LINE = 80
"""Characters of a line of the summary: a list of many is for looking through."""


class CheckPart(QWidget):
    """All answers on one page. The sections are put up one by one, so that the window never waits for them."""

    change_wanted = Signal(str)
    """The id of the section to change."""
    jumped = Signal(str)
    """The key of the field that has a problem."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("check_part")
        px = current_theme().px
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(16))
        self.summary = ErrorSummary()
        self.summary.jumped.connect(self.jumped)
        self._column.addWidget(self.summary)
        self._column.addWidget(Text("Check answers", "section"))
        self._verdict = Card("What the agreement makes of this")
        self._title = Text("", "group")
        self._said = Text("", "body", "text-2", wrap=True)
        self._next = Text("", "body", wrap=True)
        for words in (self._title, self._said, self._next):
            self._verdict.body.addWidget(words)
        self._column.addWidget(self._verdict)
        self._cards: dict[str, _SectionCard] = {}
        self._waiting: list[tuple[Section, tuple[tuple[str, str], ...]]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._put_up)
        self._may_change = True
        self._column.addStretch(1)

    @property
    def settled(self) -> bool:
        """Whether every section is up."""
        return not self._waiting

    def show_page(self, page: CasePage, answers: Answers, may_change: bool) -> None:
        """Shows a case's answers. Problems are listed while it can still be changed."""
        self._may_change = may_change
        agreement = page.agreement
        self.summary.show_problems(listed(agreement, page.problems) if may_change else [], take_focus=False)
        self._show_verdict(page.verdict, page.case.row.state, f"{page.cap.words}." if page.cap else "")
        for gone in set(self._cards) - {one.id for one in agreement.sections}:
            self._cards.pop(gone).deleteLater()
        self._waiting = [(one, _words(one, answers)) for one in agreement.sections]
        self._timer.start()

    def _show_verdict(self, verdict: Verdict, state: State, cap: str) -> None:
        title, summary = verdict_words(verdict, state is State.HELD)
        say(self._title, title)
        lines = [summary, *(f"{row.label}: {row.why}." for row in verdict.rows if row.applies)]
        say(self._said, "\n".join([*lines, *verdict.contradictions, *([cap] if cap else [])]))
        self._title.set_style("group", "amber" if verdict.stuck else "text")
        say(self._next, _STATES.get(state) or (_STUCK if verdict.stuck else _NEXT[verdict.leads]))
        editable = state in (State.DRAFT, State.SENT_BACK, State.HELD, State.RETURNED, *_STATES)
        self._next.setVisible(editable)

    def _put_up(self) -> None:
        if not self._waiting:
            self._timer.stop()
            return
        section, words = self._waiting.pop(0)
        card = self._cards.get(section.id)
        if card is None:
            card = _SectionCard(section)
            card.change_wanted.connect(self.change_wanted)
            self._cards[section.id] = card
            self._column.insertWidget(self._column.count() - 1, card)
        card.show_words(words, self._may_change)


class _SectionCard(Card):
    change_wanted = Signal(str)

    def __init__(self, section: Section) -> None:
        super().__init__(section.title)
        self._id = section.id
        self.change = Link("Change", name=f"change_{section.id}")
        self.change.setAccessibleName(f"Change the answers in {section.title}")
        self.change.clicked.connect(lambda: self.change_wanted.emit(self._id))
        holder = QHBoxLayout()
        holder.addWidget(self.change)
        self.head.addLayout(holder)
        self._facts = Facts(176)
        self.body.addWidget(self._facts)
        self._words: tuple[tuple[str, str], ...] = ()

    def show_words(self, words: tuple[tuple[str, str], ...], may_change: bool) -> None:
        """Shows names and answers."""
        self.change.setVisible(may_change)
        if words != self._words:
            self._words = words
            self._facts.set_facts(list(words))


def _words(section: Section, answers: Answers) -> tuple[tuple[str, str], ...]:
    return tuple((field.label, value_words(field, answers.get(field.key))) for field in section.fields)


def _short(words: str, most: int = 52) -> str:
    """What would not fit on a line, cut at a word."""
    return words if len(words) <= most else f"{words[:most].rsplit(' ', 1)[0].rstrip(',')}…"


def listed(agreement: Agreement, problems: Sequence[Problem]) -> list[tuple[str, str, str]]:
    """Problems as a summary lists them: (key, label, message)."""
    out = []
    for one in distinct(problems):
        field = agreement.field(one.field)
        # A criterion's message names it by its number: its question would be too long.
        label = field.label if field is not None and field.kind != "criterion" else ""
        if label and one.message == f"{label} is missing.":
            out.append((one.field, "", f"{_short(label)}: not answered"))
        else:
            fits = len(label) + len(one.message) < _LINE
            out.append((one.field, label if fits else "", _short(one.message, _LINE)))
    return out
