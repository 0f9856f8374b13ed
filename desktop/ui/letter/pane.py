"""Beside the letter: what was checked, what issuing does, and what comes after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Action, Outcome, State
from desktop.casework.casepage import CasePage, decided_answers
from desktop.casework.letterfacts import MATCHED_WORDS
from desktop.casework.owing import told_words
from desktop.policy.life import DISCLOSING
from desktop.policy.retention import CLOSING, review_date, rule_words, trigger_of
from desktop.policy.wording import day, join_and, london, plural, when
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.button import MAIN, Button, Link
from desktop.ui.kit.card import Ground
from desktop.ui.kit.field import IconLabel
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import Line
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CONTROL_TALL

WIDTH = 336
_DECISIONS = {Action.APPROVE: "Approved by", Action.REFUSE: "Refused by", Action.REJECT: "Rejected by"}
_FIRST = "Issue the letter first: what is printed is what was issued."


class Point(QWidget):
    """One line of a list: an icon, words, and a second line in grey."""

    def __init__(self, icon: str, words: str, second: str, colour: str) -> None:
        super().__init__()
        px = current_theme().px
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(10))
        row.addWidget(IconLabel(icon, colour), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(Text(words, "body", wrap=True))
        if second:
            column.addWidget(Text(second, "small", "text-3", wrap=True))
        row.addLayout(column, 1)


class LetterPane(Ground):
    """Checks and buttons of a letter."""

    part_wanted = Signal(str)
    """A part of the case, to put right there what keeps the letter from being issued."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", "left", parent)
        px = current_theme().px
        name_widget(self, "letter_pane", "About the letter")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        scroll = ScrollPane("letter_checks", "About the letter", "surface")
        scroll.body.setSpacing(px(8))
        self._list = scroll.body
        column.addWidget(scroll, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(px(16), px(8), px(16), px(16))
        foot.setSpacing(px(8))
        self.issue = Button("Issue the letter", MAIN, "stamp", height=CONTROL_TALL, name="issue")
        self.sent = Button("Mark as sent", MAIN, "send", height=CONTROL_TALL, name="mark_sent")
        self.print = Button("Print", icon="printer", name="print")
        self.save = Button("Save a copy", icon="download", name="save_copy")
        self.mail = Button("Prepare e-mail", icon="mail", name="prepare_mail")
        foot.addWidget(self.issue)
        foot.addWidget(self.sent)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.print, 1)
        row.addWidget(self.save, 1)
        foot.addLayout(row)
        foot.addWidget(self.mail)
        column.addLayout(foot)

    def press_main(self) -> None:
        """Presses the button that comes next."""
        (self.issue if not self.issue.isHidden() else self.sent).click()

    def set_busy(self, busy: bool) -> None:
        """Nothing is pressed twice while the store or the printer is at it."""
        for button in (self.issue, self.sent, self.print, self.save, self.mail):
            button.set_busy(busy)

    def show_letter(self, page: CasePage, problems: Sequence[str], now: datetime, mail: str, no_mail: str) -> None:
        """Shows how the letter stands; `problems` say what keeps it from being issued, `mail` where it may be mailed
        to, or `no_mail` why nowhere.
        """
        letter = page.case.letter
        self.issue.setVisible(letter is None)
        self.sent.setVisible(letter is not None)
        self.issue.set_off(page.actions[Action.ISSUE] or " ".join(problems))
        sent = letter.sent_at if letter is not None else None
        self.sent.set_off("The letter is marked as sent." if sent else page.actions[Action.MARK_SENT])
        self.print.set_off(page.actions[Action.PRINT] if letter is not None else _FIRST)
        self.save.set_off(page.actions[Action.SAVE_COPY] if letter is not None else _FIRST)
        self.mail.set_off(page.actions[Action.PREPARE_MAIL] or no_mail if letter is not None else _FIRST)
        clear_layout(self._list)
        if letter is not None:
            self._issued(page, now, mail or no_mail)
        elif problems:
            self._stopped(page, problems)
        else:
            self._before(page, now)
        self._list.addStretch(1)

    def _add(self, icon: str, words: str, second: str = "", colour: str = "green") -> None:
        self._list.addWidget(Point(icon, words, second, colour))

    def _head(self, words: str) -> None:
        if self._list.count():
            self._list.addSpacing(current_theme().px(3))
            self._list.addWidget(Line())
            self._list.addSpacing(current_theme().px(3))
        self._list.addWidget(Text(words, "group", wrap=True))

    def _stopped(self, page: CasePage, problems: Sequence[str]) -> None:
        self._head("The letter cannot be issued yet")
        for problem in problems:
            self._add("triangle-alert", problem, colour="amber")
        if page.case.finding is None:
            return
        self._head("What you can do")
        recording = page.actions[Action.RECORD]
        if recording:
            self._add("lock", "Change the outcome", recording, "text-2")
        else:
            link = Link("Change the outcome", "body", name="change_outcome")
            link.clicked.connect(lambda: self.part_wanted.emit("outcome"))
            self._list.addWidget(link)
        link = Link("Open the case", "body", name="open_case")
        link.clicked.connect(lambda: self.part_wanted.emit(""))
        self._list.addWidget(link)

    def _before(self, page: CasePage, now: datetime) -> None:
        self._head("Before you issue it")
        standing = [one for one in page.case.decisions if not one.void and one.action in _DECISIONS]
        if standing:
            last = standing[-1]
            self._add(
                "circle-check",
                f"{_DECISIONS[last.action]} {last.decided_by_name}",
                _first_up(when(last.decided_at, now)),
            )
        if page.case.row.state in (State.RECORDED, State.RELEASED):
            self._found(page, now)
        self._screened(page)
        if page.notices:
            self._add("circle-check", "Whoever was told wrongly is told", told_words(page.notices))
        self._head("When you issue it")
        self._add("lock", "The case closes; the letter is fixed", "Numbered, hashed and never changed", "text-2")
        due, rule = _review(page, london(now).date())
        self._add("hourglass", "The retention timer starts", due or rule, "text-2")
        self._after()

    def _found(self, page: CasePage, now: datetime) -> None:
        finding = page.case.finding
        if finding is None:
            return
        if finding.outcome not in DISCLOSING:
            self._add("circle-check", f"Outcome recorded by {finding.recorded_by_name}", "Nothing is disclosed")
        elif finding.released_at is not None:
            second = f"{_first_up(when(finding.released_at, now))}, by a second person"
            self._add("circle-check", f"Released by {finding.released_by_name}", second)
        else:
            self._add("circle-dashed", "Not released yet", "A second person looks at what is disclosed", "amber")
        if finding.outcome is Outcome.TRACED:
            words = join_and([MATCHED_WORDS.get(key, key) for key in finding.matched])
            self._add("circle-check", f"{plural(len(finding.matched), 'identifier')} agree", _first_up(words))
        if finding.values:
            items = plural(len(finding.values), "item")
            self._add("circle-check", f"{items}, all permitted", "No clinical information")

    def _screened(self, page: CasePage) -> None:
        """What the safeguarding screen said; a refusal or rejection discloses nothing and needs none."""
        if page.case.row.state not in (State.RECORDED, State.RELEASED) or not page.agreement.safeguarding:
            return
        answers = decided_answers(page)
        if all(answers.get(f"safeguarding.{one.id}") == "no" for one in page.agreement.safeguarding):
            self._add("circle-check", "Safeguarding screen passed")
        else:
            self._add(
                "shield-alert", "The safeguarding screen raised a question", "It was weighed before approval", "violet"
            )

    def _after(self, mail: str = "") -> None:
        self._head("After that")
        self._add("send", "Print it, or send it by secure mail", mail, "text-2")
        second = "You type back the recipient’s reference and the first line of the address"
        self._add("check", "Mark it as sent", second, "text-2")

    def _issued(self, page: CasePage, now: datetime, mail: str) -> None:
        letter = page.case.letter
        if letter is None:
            return
        self._head("The letter is issued")
        second = f"By {letter.issued_by_name}, {when(letter.issued_at, now)}"
        self._add("stamp", f"Letter {letter.number}", second, "text-2")
        groups = " ".join(letter.sha256[n : n + 4] for n in range(0, 16, 4))
        self._add("lock", "Fixed for good", f"Fingerprint {groups}", "text-2")
        for change in page.corrected:
            second = f"By {change.reference}, letter {change.number}, {when(change.at, now)}"
            self._add("triangle-alert", "Something in it was wrong", second, "amber")
        due, rule = _review(page, london(letter.issued_at).date())
        self._add("hourglass", due or "How long it is kept", rule, "text-2")
        if letter.sent_at is None:
            self._after(mail)
            return
        self._head("After that")
        self._add("circle-check", "Marked as sent", f"By {letter.sent_by_name}, {when(letter.sent_at, now)}")


def _review(page: CasePage, closed_on: date) -> tuple[str, str]:
    """When the case is reviewed, and its rule. The day is "" where it is not the closing that starts the timer."""
    rule, finding = page.agreement.retention, page.case.finding
    outcome = page.case.row.outcome or Outcome.STATUS
    trigger = trigger_of(rule, outcome, finding.status_answer if finding is not None else "")
    due = f"Review is due on {day(review_date(rule, closed_on))}" if trigger in CLOSING else ""
    return due, _first_up(rule_words(rule, trigger))


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]
