"""Beside the letter: what was checked, what issuing does, and what comes after."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Action, Outcome, State
from desktop.casework.casepage import CasePage
from desktop.casework.letterfacts import MATCHED_WORDS
from desktop.policy.life import DISCLOSING
from desktop.policy.retention import review_date, rule_words
from desktop.policy.wording import day, join_and, london, plural, when
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.button import MAIN, Button
from desktop.ui.kit.card import Ground
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import IconText, Line
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CONTROL_TALL

WIDTH = 336
_DECISIONS = {Action.APPROVE: "Approved by", Action.REFUSE: "Refused by", Action.REJECT: "Rejected by"}


class LetterPane(Ground):
    """Checks and buttons of a letter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", "left", parent)
        px = current_theme().px
        name_widget(self, "letter_pane", "About the letter")
        self.setFixedWidth(px(WIDTH))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        scroll = ScrollPane("letter_checks", "About the letter", "surface")
        scroll.body.setSpacing(px(4))
        self._list = scroll.body
        column.addWidget(scroll, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(px(16), px(12), px(16), px(16))
        foot.setSpacing(px(8))
        self.issue = Button("Issue the letter", MAIN, "stamp", height=CONTROL_TALL, name="issue")
        self.sent = Button("Mark as sent", MAIN, "send", height=CONTROL_TALL, name="mark_sent")
        self.print = Button("Print", icon="printer", name="print")
        self.save = Button("Save a copy", icon="download", name="save_copy")
        foot.addWidget(self.issue)
        foot.addWidget(self.sent)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.print, 1)
        row.addWidget(self.save, 1)
        foot.addLayout(row)
        column.addLayout(foot)

    def press_main(self) -> None:
        """Presses the button that comes next."""
        (self.issue if not self.issue.isHidden() else self.sent).click()

    def show_letter(self, page: CasePage, ready: bool, now: datetime) -> None:
        """Shows how the letter stands."""
        issued = page.case.letter is not None
        self.issue.setVisible(not issued)
        self.sent.setVisible(issued)
        why = page.actions[Action.ISSUE] or ("" if ready else "The letter cannot be made yet: see above it.")
        self.issue.set_off(why)
        sent = page.case.letter.sent_at if page.case.letter is not None else None
        self.sent.set_off("The letter is marked as sent." if sent else page.actions[Action.MARK_SENT])
        first = "Issue the letter first: what is printed is what was issued."
        self.print.set_off(page.actions[Action.PRINT] if issued else first)
        self.save.set_off(page.actions[Action.SAVE_COPY] if issued else first)
        clear_layout(self._list)
        if issued:
            self._issued(page, now)
        else:
            self._before(page, now)
        self._list.addStretch(1)

    def _add(self, icon: str, words: str, second: str = "", colour: str = "green") -> None:
        self._list.addWidget(IconText(icon, words, "text", "body", icon_colour=colour, wrap=True))
        if second:
            row = QHBoxLayout()
            row.setContentsMargins(current_theme().px(23), 0, 0, current_theme().px(4))
            row.addWidget(Text(second, "small", "text-2", wrap=True))
            self._list.addLayout(row)

    def _head(self, words: str) -> None:
        if self._list.count():
            self._list.addWidget(Line())
        self._list.addWidget(Text(words, "group", wrap=True))

    def _before(self, page: CasePage, now: datetime) -> None:
        self._head("Before you issue it")
        standing = [one for one in page.case.decisions if not one.void and one.action in _DECISIONS]
        if standing:
            last = standing[-1]
            self._add("circle-check", f"{_DECISIONS[last.action]} {last.decided_by_name}", when(last.decided_at, now))
        finding = page.case.finding
        if finding is not None and page.case.row.state in (State.RECORDED, State.RELEASED):
            self._found(page, now)
        self._head("When you issue it")
        self._add("lock", "The case closes; the letter is fixed", "Numbered, hashed and never changed", "text-2")
        due = review_date(page.agreement.retention, london(now).date())
        self._add("hourglass", "The retention timer starts", f"Review is due on {day(due)}", "text-2")
        self._head("After that")
        self._add("send", "Print it, or save it and send it by secure mail", "", "text-2")
        self._add("check", "Mark it as sent", "You type back the recipient’s reference", "text-2")

    def _found(self, page: CasePage, now: datetime) -> None:
        finding = page.case.finding
        if finding is None:
            return
        if finding.outcome in DISCLOSING:
            if finding.released_at is not None:
                second = f"{when(finding.released_at, now)}, not by who recorded it"
                self._add("circle-check", f"Released by {finding.released_by_name}", second)
            else:
                self._add("circle-dashed", "Not released yet", "A second person looks at what is disclosed", "amber")
        if finding.outcome is Outcome.TRACED:
            words = join_and([MATCHED_WORDS.get(key, key) for key in finding.matched])
            title = f"{plural(len(finding.matched), 'identifier')} agree"
            self._add("circle-check", title, words[:1].upper() + words[1:])
            self._add(
                "circle-check", f"{plural(len(finding.values), 'item')}, all permitted", "No clinical information"
            )

    def _issued(self, page: CasePage, now: datetime) -> None:
        letter = page.case.letter
        if letter is None:
            return
        self._head("The letter is issued")
        self._add("stamp", f"Letter {letter.number}", f"By {letter.issued_by_name}, {when(letter.issued_at, now)}")
        groups = " ".join(letter.sha256[n : n + 4] for n in range(0, 16, 4))
        self._add("shield-check", "Fixed for good", f"Fingerprint {groups}")
        on = london(letter.issued_at).date()
        due = review_date(page.agreement.retention, on)
        rule = rule_words(page.agreement.retention, "letter_issued")
        self._add("hourglass", f"Review is due on {day(due)}", rule[:1].upper() + rule[1:], "text-2")
        self._head("After that")
        if letter.sent_at is not None:
            self._add("circle-check", "Marked as sent", f"By {letter.sent_by_name}, {when(letter.sent_at, now)}")
        else:
            self._add("send", "Print it, or save it and send it by secure mail", "", "text-2")
            self._add("circle-dashed", "Not marked as sent", "You type back the recipient’s reference", "text-2")
