"""The filters over the journal: heading, person, action, case, days, and whether only restricted cases are meant."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from db.records import Heading
from desktop.casework.deedwords import action_words
from desktop.casework.journalview import JournalAsked, JournalChoices
from desktop.policy.dates import day_typed
from desktop.ui.admin.words import HEADING_WORDS
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.flow import Flow
from desktop.ui.kit.inputs import Combo, LineEdit
from desktop.ui.kit.text import Text
from desktop.ui.kit.ticks import Tick
from desktop.ui.theme import current_theme

WAIT = 250
"""Milliseconds after the last key."""


class JournalFilters(QWidget):
    """The row of filters. `changed` when the list is to show something else."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name_widget(self, "journal_filters", "Filters")
        px = current_theme().px
        flow = Flow(gap=px(8))
        self.heading = _combo("journal_heading", "Heading", "Every heading", 176)
        for heading in Heading:
            self.heading.addItem(HEADING_WORDS[heading], heading.value)
        self.actor = _combo("journal_actor", "Who", "Everyone", 176)
        self.action = _combo("journal_action", "What", "Everything", 280)
        self.reference = _line("journal_reference", "Reference of a case", "TR-000001-7", 130)
        self.first = _line("journal_first", "From this day, such as 2026-06-01", "2026-06-01", 120)
        self.last = _line("journal_last", "To this day, such as 2026-06-30", "2026-06-30", 120)
        self.restricted = Tick("Looks at restricted cases", "journal_restricted")
        self.said = Text("", "small", "text-2")
        """How many entries there are, or what is wrong with a filter."""
        self.said.setFixedHeight(px(32))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT)
        self._timer.timeout.connect(self.changed)
        for box in (self.heading, self.actor, self.action):
            flow.addWidget(box)
            box.activated.connect(lambda _index: self.changed.emit())
        flow.addWidget(_together("Case", self.reference))
        flow.addWidget(_together("From", self.first, "to", self.last))
        for line in (self.reference, self.first, self.last):
            line.textEdited.connect(lambda _text: self._timer.start())
        flow.addWidget(self.restricted)
        flow.addWidget(self.said)
        self.restricted.toggled.connect(lambda _on: self.changed.emit())
        self.setLayout(flow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Takes as many lines as it needs, whatever is below."""
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def offer(self, choices: JournalChoices) -> None:
        """Puts the people and actions there are into the lists; what is chosen stays chosen."""
        _refill(self.actor, [(one.name, one.id) for one in choices.people])
        _refill(self.action, sorted((action_words(one), one) for one in choices.actions))

    def clear(self) -> None:
        """Takes every filter away, and asks for the whole journal."""
        for box in (self.heading, self.actor, self.action):
            box.setCurrentIndex(0)
        for line in (self.reference, self.first, self.last):
            line.clear()
        # Its change asks by itself.
        if self.restricted.isChecked():
            self.restricted.setChecked(False)
        else:
            self.changed.emit()

    def asked(self) -> JournalAsked | None:
        """What is asked for; None where a day is not one."""
        try:
            first, last = _day(self.first.text()), _day(self.last.text())
        except ValueError:
            return None
        heading = self.heading.currentData()
        return JournalAsked(
            heading=Heading(heading) if heading else None,
            actor_id=self.actor.currentData(),
            action=self.action.currentData() or "",
            first=first,
            last=last,
            reference=self.reference.text(),
            restricted=self.restricted.isChecked(),
        )


def _day(typed: str) -> date | None:
    """A day as typed; None for nothing. Raises ValueError for what is no day."""
    return day_typed(typed.strip()) if typed.strip() else None


def _combo(name: str, label: str, every: str, width: int) -> Combo:
    box = Combo()
    name_widget(box, name, label)
    box.setFixedWidth(current_theme().px(width))
    box.addItem(every, None)
    return box


def _line(name: str, label: str, placeholder: str, width: int) -> LineEdit:
    line = LineEdit()
    name_widget(line, name, label)
    line.setPlaceholderText(placeholder)
    line.setFixedWidth(current_theme().px(width))
    return line


def _together(*parts: str | LineEdit) -> QWidget:
    """Words and fields that stay on one line."""
    px = current_theme().px
    group = QWidget()
    row = QHBoxLayout(group)
    row.setContentsMargins(0, 0, px(8), 0)
    row.setSpacing(px(8))
    for one in parts:
        row.addWidget(Text(one, "body", "text-2") if isinstance(one, str) else one)
    return group


def _refill(box: Combo, choices: list[tuple[str, Any]]) -> None:
    kept = box.currentData()
    while box.count() > 1:
        box.removeItem(1)
    for words, value in choices:
        box.addItem(words, value)
    box.setCurrentIndex(max(0, box.findData(kept)))
