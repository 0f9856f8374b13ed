"""The filters over the journal: heading, person, action, days, case, and whether only restricted cases are meant."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from db.records import Heading
from desktop.casework.deedwords import action_words
from desktop.casework.journalview import JournalAsked, JournalChoices
from desktop.ui.admin.words import HEADING_WORDS
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.flow import Flow
from desktop.ui.kit.inputs import Combo, LineEdit
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
        self.heading = _combo("journal_heading", "Heading", "Every heading", 150)
        for heading in Heading:
            self.heading.addItem(HEADING_WORDS[heading], heading.value)
        self.actor = _combo("journal_actor", "Who", "Everyone", 170)
        self.action = _combo("journal_action", "What", "Everything", 210)
        self.first = _line("journal_first", "From this day, such as 2026-06-01", "From, 2026-06-01", 140)
        self.last = _line("journal_last", "To this day, such as 2026-06-30", "To, 2026-06-30", 140)
        self.reference = _line("journal_reference", "Reference of a case", "Case, TR-000001-7", 150)
        self.restricted = Tick("Looks at restricted cases", "journal_restricted")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT)
        self._timer.timeout.connect(self.changed)
        for box in (self.heading, self.actor, self.action):
            flow.addWidget(box)
            box.activated.connect(lambda _index: self.changed.emit())
        for line in (self.first, self.last, self.reference):
            flow.addWidget(line)
            line.textEdited.connect(lambda _text: self._timer.start())
        flow.addWidget(self.restricted)
        self.restricted.toggled.connect(lambda _on: self.changed.emit())
        self.setLayout(flow)

    def offer(self, choices: JournalChoices) -> None:
        """Puts the people and actions there are into the lists; what is chosen stays chosen."""
        _refill(self.actor, [(one.name, one.id) for one in choices.people])
        _refill(self.action, sorted((action_words(one), one) for one in choices.actions))

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
    return date.fromisoformat(typed.strip()) if typed.strip() else None


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


def _refill(box: Combo, choices: list[tuple[str, Any]]) -> None:
    kept = box.currentData()
    while box.count() > 1:
        box.removeItem(1)
    for words, value in choices:
        box.addItem(words, value)
    box.setCurrentIndex(max(0, box.findData(kept)))
