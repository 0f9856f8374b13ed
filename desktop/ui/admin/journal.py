"""Journal: what everyone did, newest first, a page at a time, and the check that nobody altered it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import JournalEntry
from desktop.casework.desk import Desk
from desktop.casework.register import journal_page
from desktop.casework.verifying import Report, verify_store
from desktop.policy.wording import plural, when
from desktop.ui.admin.table import Column, RowsModel, RowsTable
from desktop.ui.admin.words import HEADING_WORDS, action_words
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.button import Button
from desktop.ui.kit.card import Card
from desktop.ui.kit.small import IconText
from desktop.ui.kit.text import Text
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

PAGE = 100


@dataclass(frozen=True, slots=True)
class Entries:
    """One page of the journal, newest first, and the number of its last entry of all."""

    rows: tuple[tuple[JournalEntry, str], ...]
    """Each with when it was, in words."""
    top: int
    last: int


def load_entries(desk: Desk, top: int = 0) -> Entries:
    """The page whose newest entry is `top`; 0 for the newest of all."""
    last = _last(desk)
    top = min(top, last) if top else last
    found = journal_page(desk, max(0, top - PAGE), min(PAGE, top)) if top else ()
    now = desk.clock()
    return Entries(tuple((one, when(one.at, now)) for one in reversed(found)), top, last)


def _last(desk: Desk) -> int:
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
    """The table with its pages, and the report of the last check."""

    key = "journal"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._entries = Entries((), 0, 0)
        name_widget(self, "journal_part", "Journal")
        self.model: RowsModel[tuple[JournalEntry, str]] = RowsModel(
            (
                Column("Entry", lambda line: f"{line[0].seq:,}", 80),
                Column("When", lambda line: line[1], 190),
                Column("Who", lambda line: line[0].actor or "The desk", 170),
                Column("What", lambda line: action_words(line[0].action)),
                Column("Heading", lambda line: HEADING_WORDS[line[0].heading], 120),
                Column("Case", lambda line: line[0].reference, 120),
            ),
            self,
        )
        self.table = RowsTable("journal_table", "Journal, newest first", self.model)
        self.check = Button("Check the journal", icon="list-checks", name="check_journal")
        self.newer = Button("Newer", icon="arrow-up", height=28, name="newer_entries")
        self.older = Button("Older", icon="arrow-down", height=28, name="older_entries")
        self._where = Text("", "small", "text-2")
        self._build()
        self.check.triggered.connect(self._check)
        self.newer.triggered.connect(lambda: self._load(self._entries.top + PAGE))
        self.older.triggered.connect(lambda: self._load(self._entries.top - PAGE))

    def refresh(self) -> None:
        """Loads the newest page, or the older one that is looked at."""
        top = self._entries.top
        self._load(0 if top == self._entries.last else top)

    def _build(self) -> None:
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        words = "Append-only and chained: a changed or missing entry shows. It names nobody whom a request is about."
        column.addWidget(Text(words, "small", "text-2", wrap=True))
        self.report = Card()
        name_widget(self.report, "journal_report", "Report of the check")
        self._report_rows = QVBoxLayout()
        self._report_rows.setSpacing(px(6))
        self.report.body.addLayout(self._report_rows)
        self.report.hide()
        column.addWidget(self.report)
        card = Card(padded=False)
        card.body.addWidget(self.table)
        column.addWidget(card, 1)
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        foot.addWidget(self._where)
        foot.addStretch(1)
        foot.addWidget(self.newer)
        foot.addWidget(self.older)
        column.addLayout(foot)
        self.setFocusProxy(self.table)

    def _load(self, top: int) -> None:
        self._session.run(self, load_entries, max(0, top), done=self._show)

    def _show(self, entries: Entries) -> None:
        self._entries = entries
        self.table.scrollToTop()
        self.model.show_rows(entries.rows)
        if entries.rows:
            self.table.selectRow(0)
            first = entries.rows[-1][0].seq
            self._where.setText(f"Entries {first:,} to {entries.top:,} of {entries.last:,}")
        self.newer.set_off("" if entries.top < entries.last else "These are the newest entries.")
        self.older.set_off("" if entries.top > PAGE else "These are the oldest entries.")

    def _check(self) -> None:
        self.check.set_busy(True)

        def failed(error: Exception) -> None:
            self.check.set_busy(False)
            self._session.show_error(self, error)

        self._session.run(self, verify_store, done=self._checked, failed=failed)

    def _checked(self, report: Report) -> None:
        self.check.set_busy(False)
        clear_layout(self._report_rows)
        faults = sum(len(found) for _name, found in report.checks)
        title = "Everything is sound" if report.sound else f"{plural(faults, 'fault was', 'faults were')} found"
        colour = "green" if report.sound else "red"
        icon = "circle-check" if report.sound else "circle-alert"
        self._report_rows.addWidget(IconText(icon, title, "text", "strong", icon_colour=colour))
        for name, found in report.checks:
            if not found:
                self._report_rows.addWidget(IconText("check", f"{name}: sound", "text-2", "small"))
            for fault in found[:20]:
                words = f"{name}: {fault}"
                self._report_rows.addWidget(IconText("x", words, "text", "small", icon_colour="red", wrap=True))
        self.report.setAccessibleDescription(title)
        self.report.show()
