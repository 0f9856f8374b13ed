"""The header of a case: what it is, whom it is for, by when it is due, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from db.records import Action, State
from desktop.casework.casepage import CasePage
from desktop.policy.calendars import Calendar
from desktop.policy.clocks import day_number, length_words
from desktop.policy.life import CLOSED
from desktop.policy.wording import due_words, left_words, short_day
from desktop.ui.case.daybar import DayTicks
from desktop.ui.kit.button import PLAIN, QUIET, Button, Link
from desktop.ui.kit.card import Ground
from desktop.ui.kit.small import IconText
from desktop.ui.kit.tag import Tag, outcome_look, state_look
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

_NARROW = 900
"""Below this effective width the header says only what matters most."""

STEPS: Mapping[Action, tuple[str, str]] = {
    Action.RETURN: ("Return to requester", "undo-2"),
    Action.CHASE: ("Record a reminder", "bell"),
    Action.EXTEND: ("Extend the time", "calendar-clock"),
    Action.RESUME: ("Take up again", "rotate-ccw"),
    Action.TAKE_OFF_HOLD: ("Take off hold", "circle-check"),
    Action.WITHDRAW: ("Withdraw", "archive"),
    Action.REOPEN: ("Reopen", "rotate-ccw"),
    Action.SETTLE: ("Record that the debt is settled", "circle-check"),
}


class CaseHeader(Ground):
    """84 high. It shows a page; the window does what its signals ask."""

    history_wanted = Signal()
    why_wanted = Signal()
    check_pressed = Signal()
    step_wanted = Signal(Action)
    concern_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", "bottom", parent)
        self.setObjectName("case_header")
        self._narrow = False
        self._counting = False
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(12), px(24), px(10))
        column.setSpacing(px(6))
        column.addLayout(self._first_row())
        column.addLayout(self._second_row())

    def _first_row(self) -> QHBoxLayout:
        px = current_theme().px
        row = QHBoxLayout()
        row.setSpacing(px(12))
        self.reference = Text("", "section")
        self.state = Tag(state_look(State.DRAFT))
        self.outcome = Tag(state_look(State.DRAFT))
        self.requester = Text("", "body", "text", elide=True)
        self.agreement = Text("", "body", "text-2", elide=True)
        self.history = Button("History", QUIET, "history")
        self.more = Button("", QUIET, "ellipsis", name="more")
        self.more.setAccessibleName("More steps")
        self.check = Button("Check answers", PLAIN, name="check_answers")
        row.addWidget(self.reference)
        row.addWidget(self.state)
        row.addWidget(self.outcome)
        row.addWidget(self.requester)
        row.addWidget(self.agreement)
        row.addStretch(1)
        for button in (self.history, self.more, self.check):
            row.addWidget(button)
        self.history.triggered.connect(self.history_wanted)
        self.check.triggered.connect(self.check_pressed)
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        self.menu.setAccessibleName("More steps")
        self.more.triggered.connect(self.open_menu)
        return row

    def _second_row(self) -> QHBoxLayout:
        px = current_theme().px
        row = QHBoxLayout()
        row.setSpacing(px(12))
        self.due = IconText("clock", "", "text", "label")
        self.due.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.ticks = DayTicks()
        self.day = Text("", "body", "text-2")
        self.why = Link("Why this date?", "body", name="why_this_date")
        self.why.clicked.connect(self.why_wanted)
        for widget in (self.due, self.ticks, self.day, self.why):
            row.addWidget(widget)
        row.addStretch(1)
        return row

    def open_menu(self) -> None:
        """Opens the menu of further steps under its button."""
        self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follows the room that there is."""
        super().resizeEvent(event)
        self._narrow = event.size().width() * 100 / current_theme().text_scale < _NARROW
        self._arrange()

    def _arrange(self) -> None:
        """Where there is no room, what the due sentence says too goes, and the history is under "More"."""
        self.ticks.setVisible(self._counting and not self._narrow)
        self.day.setVisible(self._counting and not self._narrow)
        self.agreement.setVisible(not self._narrow)
        self.history.setVisible(not self._narrow or self.more.isHidden())

    def show_page(self, page: CasePage, calendar: Calendar, today: date) -> None:
        """Shows a case as it is now."""
        row = page.case.row
        self.reference.setText(row.reference)
        self.state.set_look(state_look(row.state))
        # A refused, rejected or withdrawn case is called by its outcome already.
        told = row.state in (State.REFUSED, State.REJECTED, State.WITHDRAWN)
        self.outcome.setVisible(row.outcome is not None and not told)
        if row.outcome is not None:
            self.outcome.set_look(outcome_look(row.outcome))
        unit = page.case.answers.get("requester.unit")
        names = [row.requester, unit.strip() if isinstance(unit, str) else ""]
        self.requester.setText(", ".join(name for name in names if name) or "Requester not given yet")
        version = f"version {page.version.number}" if page.version else "no version in force"
        self.agreement.setText(f"·  {page.agreement.short_title}, {version}")
        self._show_due(page, calendar, today)
        self._show_menu(page)

    def show_main(self, shown: bool) -> None:
        """Shows the way to the answers as a whole."""
        self.check.setVisible(shown)

    def _show_due(self, page: CasePage, calendar: Calendar, today: date) -> None:
        state, due = page.case.row.state, page.due
        open_still = due is not None and state not in CLOSED
        paused = state is State.RETURNED and bool(page.case.pauses)
        self._counting = open_still and not paused
        self._arrange()
        self.why.setVisible(due is not None)
        if due is None:
            words = "The due date appears once the day of receipt is known"
            self.due.show_words("calendar-clock", words, "text-2", "body")
            return
        if not open_still:
            self.due.show_words("circle-check", f"Closed. It was due {short_day(due.due_on, today)}", "text-2", "body")
            return
        if paused:
            since = short_day(page.case.pauses[-1].since, today)
            words = f"Paused since {since}: waiting for the requester"
            if page.waiting is not None:
                words = f"Paused. {page.waiting.words(today)}"
            if page.days_left is not None and page.days_left < 0:
                words = f"{left_words(page.days_left)}: asked when the time was up. {words}"
                self.due.show_words("clock-alert", words, "red", "label")
                return
            late = page.waiting is not None and (page.waiting.chase_due or page.waiting.close_proposed)
            self.due.show_words("bell" if late else "pause", words, "amber" if late else "violet", "label")
            return
        left = page.days_left if page.days_left is not None else 99
        words = due_words(due.due_on, today, calendar) + (", provisional" if due.provisional else "")
        if due.extended:
            words += f", extended by {length_words(due.extended, due.unit)}"
        colour = "red" if left < 0 else "amber" if left <= 3 else "text"
        self.due.show_words("clock-alert" if left < 0 else "clock", words, colour, "label")
        number = min(day_number(due, today), due.days_counted)
        self.ticks.show_days(number, due.days_counted, left)
        self.day.setText(f"Day {number} of {due.days_counted}" if left >= 0 else "")

    def _show_menu(self, page: CasePage) -> None:
        self.menu.clear()
        theme = current_theme()
        for action, (words, icon) in STEPS.items():
            if action is Action.EXTEND and page.agreement.clock.extension is None:
                continue
            why = page.actions[action]
            if (action is Action.SETTLE and why) or (
                action is Action.REOPEN and page.case.row.state is not State.WITHDRAWN
            ):
                continue
            # One that is off can still be chosen: then it says why, to a keyboard as to a pointer.
            entry = QAction(theme.icon("lock" if why else icon, "text-3" if why else "text"), words, self.menu)
            entry.setObjectName(f"step_{action.value}")
            entry.setToolTip(why)
            entry.triggered.connect(lambda _on=False, action=action: self.step_wanted.emit(action))
            self.menu.addAction(entry)
        concern = QAction(theme.icon("shield-alert"), "Raise a safeguarding concern", self.menu)
        concern.setObjectName("menu_concern")
        concern.triggered.connect(self.concern_wanted)
        self.menu.addAction(concern)
        history = QAction(theme.icon("history"), "History", self.menu)
        history.setObjectName("menu_history")
        history.triggered.connect(self.history_wanted)
        self.menu.addAction(history)
