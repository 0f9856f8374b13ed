"""The register's preview: the facts of one case, and the ways on."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import CaseRow, State
from desktop.casework.casepage import HistoryLine, history
from desktop.casework.whoasked import why_not_ask
from desktop.casework.work import days_left, just_late, next_step
from desktop.policy.life import CLOSED, OUTCOME_WORDS
from desktop.policy.wording import born_words, day, left_words, weekday_day
from desktop.ui.case.words import say
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.button import MAIN, Button
from desktop.ui.kit.card import Facts, Ground
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.tag import Tag, state_look
from desktop.ui.kit.text import Text
from desktop.ui.rolepages import why_no_case
from desktop.ui.session import Session
from desktop.ui.theme import current_theme
from desktop.ui.whoasked import ask_who_asked

WIDTH = 328
WAIT = 120
"""Milliseconds that a case is current before its history is asked for."""
_LATEST = 4


class RegisterPane(Ground):
    """What is known of the current case."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("surface", "left", parent)
        self.session = session
        self._row: CaseRow | None = None
        px = current_theme().px
        name_widget(self, "register_pane", "Preview of the case")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        pane = ScrollPane("register_preview", "Preview of the case", "surface")
        head = QHBoxLayout()
        self.reference = Text("", "section")
        head.addWidget(self.reference, 1)
        self._tag = QHBoxLayout()
        head.addLayout(self._tag)
        pane.body.addLayout(head)
        self.agreement = Text("", "small", "text-2", wrap=True)
        pane.body.addWidget(self.agreement)
        self.facts = Facts(104)
        pane.body.addWidget(self.facts)
        self.latest_title = Text("Latest", "strong")
        pane.body.addWidget(self.latest_title)
        self._latest = QVBoxLayout()
        self._latest.setSpacing(px(6))
        pane.body.addLayout(self._latest)
        pane.body.addStretch(1)
        column.addWidget(pane, 1)
        column.addLayout(self._foot())
        starts_at(self, self.open)
        self._since = QElapsedTimer()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._show)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT)
        self._timer.timeout.connect(self._ask_latest)
        self.open.triggered.connect(self._open)
        self.copy.triggered.connect(self.copy_reference)
        self.who_asked.triggered.connect(self._who_asked)
        self.open.set_off(why_no_case(session.desk.user.role))
        self._show()

    def _foot(self) -> QVBoxLayout:
        px = current_theme().px
        foot = QVBoxLayout()
        foot.setContentsMargins(px(16), px(12), px(16), px(16))
        foot.setSpacing(px(8))
        self.open = Button("Open the case", MAIN, name="open_case")
        self.copy = Button("Copy reference", icon="copy", name="copy_reference")
        self.who_asked = Button("Who asked about this person…", icon="users", name="who_asked")
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.open, 1)
        row.addWidget(self.copy, 1)
        foot.addLayout(row)
        foot.addWidget(self.who_asked)
        return foot

    def show_row(self, row: CaseRow | None) -> None:
        """Shows a case, or nothing where none comes soon. Cases that the keyboard only passes are left out."""
        self._row = row
        passing = row is None or (self._since.isValid() and self._since.elapsed() < WAIT)
        if row is not None:
            self._since.start()
        # In a tick of its own, so that the list is painted first.
        self._soon.start(WAIT if passing else 0)

    def _show(self) -> None:
        row = self._row
        for widget in (self.facts, self.latest_title, self.open, self.copy, self.who_asked):
            widget.setVisible(row is not None)
        clear_layout(self._tag)
        clear_layout(self._latest)
        if row is None:
            self.reference.setText("")
            say(self.agreement, "Choose a case to see what it is about.")
            return
        self._tag.addWidget(Tag(state_look(row.state)))
        self.reference.setText(row.reference)
        desk = self.session.desk
        self.who_asked.set_off(why_not_ask(desk.user.role, row.state))
        titles = {one.id: one.short_title for one in desk.agreements.all()}
        agreement = desk.agreements.get(row.agreement_id) if desk.agreements.has(row.agreement_id) else None
        left = days_left(desk, agreement, row)
        version = f", version {row.agreement_version}" if row.agreement_version else ", no version in force"
        say(self.agreement, f"{titles.get(row.agreement_id, row.agreement_id)}{version}")
        due = weekday_day(row.due_on) if row.due_on else ""
        if row.state is State.RETURNED:
            due = "Paused: waiting for the requester"
        elif row.provisional and row.state not in CLOSED:
            due = f"{due}, provisional"
        facts = [
            ("Due", f"{due}\n{left_words(left, just_late(desk, agreement, row))}" if left is not None else due),
            ("Person", row.person),
            ("Born", born_words(row.born)),
            ("Requester", row.requester),
            ("Their reference", row.requester_reference),
            ("Received", day(row.received_on) if row.received_on else ""),
            ("Caseworker", row.caseworker),
            ("Outcome", OUTCOME_WORDS[row.outcome] if row.outcome else ""),
            ("Next", next_step(row)),
        ]
        self.facts.set_facts([(name, value) for name, value in facts if value])
        # Nobody reads the history of the rows that the keyboard only passes.
        self._timer.start()

    def _ask_latest(self) -> None:
        row = self._row
        if row is not None:
            self.session.run(self, history, row.id, done=lambda lines: self._show_latest(row.id, lines))

    def _show_latest(self, case_id: int, lines: tuple[HistoryLine, ...]) -> None:
        if self._row is None or self._row.id != case_id:
            return
        clear_layout(self._latest)
        for line in lines[:_LATEST]:
            when = line.when[:1].upper() + line.when[1:]
            self._latest.addWidget(Text(f"{when}: {line.who} {line.what}", "small", "text-2", wrap=True))

    def whole(self) -> bool:
        """Whether all that it says of the current case is there."""
        return self._latest.count() > 0

    def _open(self) -> None:
        if self._row is not None:
            self.session.case_wanted.emit(self._row.id, "")

    def _who_asked(self) -> None:
        if self._row is not None:
            ask_who_asked(self.session, self, self._row.id)

    def copy_reference(self) -> None:
        """Puts the reference on the clipboard: it names nobody."""
        if self._row is not None:
            QGuiApplication.clipboard().setText(self._row.reference)
            self.session.toasted.emit(f"{self._row.reference} was copied")
