"""Journal: what everyone did, newest first, fetched as one scrolls, and the check that nobody altered it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.records_log import JournalEntry
from desktop.casework.desk import Desk
from desktop.casework.register import journal_page
from desktop.casework.verifying import Report, verify_store
from desktop.policy.wording import plural, when
from desktop.ui.admin.words import HEADING_WORDS, action_words
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.button import Button
from desktop.ui.kit.card import Card
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.small import IconText
from desktop.ui.kit.table import Column, PagedModel, Table
from desktop.ui.kit.text import Text
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, and when it was in words."""

    entry: JournalEntry
    when: str


_COLUMNS: tuple[Column[Line], ...] = (
    Column("Entry", lambda line: f"{line.entry.seq:,}", width=80, right=True, elide=False),
    Column("When", lambda line: line.when, width=200, elide=False),
    Column("Who", lambda line: line.entry.actor or "The desk", width=170),
    Column("What", lambda line: action_words(line.entry.action)),
    Column("Heading", lambda line: HEADING_WORDS[line.entry.heading], width=120),
    Column("Case", lambda line: line.entry.reference, width=120, elide=False),
)


def load_lines(desk: Desk, first: int, count: int) -> tuple[Line, ...]:
    """`count` entries from the number `first` on."""
    now = desk.clock()
    return tuple(Line(one, when(one.at, now)) for one in journal_page(desk, first - 1, count))


def last_entry(desk: Desk) -> int:
    """The number of the newest entry. Numbers have no gaps, so that halving finds it in some twenty looks."""
    low, high = 0, 1
    while journal_page(desk, high - 1, 1):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if journal_page(desk, middle - 1, 1):
            low = middle
        else:
            high = middle
    return low


class JournalPart(QWidget):
    """The table, and the report of the last check."""

    key = "journal"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        name_widget(self, "journal_part", "Journal")
        self.model: PagedModel[Line] = PagedModel(_COLUMNS, self._fetch, lambda line: line.entry.seq, self)
        self.table: Table[Line] = Table("journal_table", "Journal, newest first", self.model)
        self.check = Button("Check the journal", icon="list-checks", name="check_journal")
        self._build()
        self.check.triggered.connect(self._check)

    def refresh(self) -> None:
        """Shows the entries that came since; the selected one stays."""
        self._session.run(self, last_entry, done=self._show)

    def _build(self) -> None:
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        words = "Append-only and chained: a changed or missing entry shows. It names nobody whom a request is about."
        column.addWidget(Text(words, "small", "text-2", wrap=True))
        self.report = Card()
        name_widget(self.report, "journal_report", "Report of the check")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(px(6))
        self.report.body.addLayout(self._rows)
        self.report.hide()
        column.addWidget(self.report)
        card = Card(padded=False)
        card.body.addWidget(self.table)
        column.addWidget(card, 1)
        starts_at(self, self.table)

    def _show(self, last: int) -> None:
        current = self.table.current_row()
        self.table.show_ids(range(last, 0, -1), keep=current.entry.seq if current else last)

    def _fetch(self, ids: Sequence[int], deliver: Callable[[Sequence[Line]], None]) -> None:
        self._session.run(self, load_lines, min(ids), len(ids), done=deliver)

    def _check(self) -> None:
        self.check.set_busy(True)

        def failed(error: Exception) -> None:
            self.check.set_busy(False)
            self._session.show_error(self, error)

        self._session.run(self, verify_store, done=self._checked, failed=failed)

    def _checked(self, report: Report) -> None:
        self.check.set_busy(False)
        clear_layout(self._rows)
        faults = sum(len(found) for _name, found in report.checks)
        title = "Everything is sound" if report.sound else f"{plural(faults, 'fault was', 'faults were')} found"
        icon, colour = ("circle-check", "green") if report.sound else ("circle-alert", "red")
        self._rows.addWidget(IconText(icon, title, "text", "strong", icon_colour=colour))
        for name, found in report.checks:
            if not found:
                self._rows.addWidget(IconText("check", f"{name}: sound", "text-2", "small"))
            for fault in found[:_MOST_FAULTS]:
                words = f"{name}: {fault}"
                self._rows.addWidget(IconText("x", words, "text", "small", icon_colour="red", wrap=True))
        self.report.setAccessibleDescription(title)
        self.report.show()
