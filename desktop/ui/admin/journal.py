"""Journal: what everyone did, newest first, fetched as one scrolls, filtered, exported, anchored, and its check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.casework.anchors import AnchorRow, anchors, make_anchor, save_anchor_page
from desktop.casework.aside import NotWanted
from desktop.casework.desk import Desk
from desktop.casework.journalexport import FILE_NAME, VERIFIER, Exported, export_journal, save_verifier
from desktop.casework.journalview import (
    MOST,
    JournalAsked,
    JournalLine,
    journal_choices,
    journal_lines,
    journal_numbers,
)
from desktop.casework.verifying import Report, verify_store
from desktop.policy.wording import join_and, plural, when
from desktop.security.anchors import Anchor
from desktop.security.certificates import groups
from desktop.ui import dialogs
from desktop.ui.admin.journalfilters import JournalFilters
from desktop.ui.admin.words import HEADING_WORDS
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.button import MAIN, PLAIN, Button
from desktop.ui.kit.card import Card
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.notices import EmptyState
from desktop.ui.kit.pagedmodel import Column, PagedModel
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import IconText
from desktop.ui.kit.table import Table
from desktop.ui.kit.text import Text
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

PAGE_NAME = "anchor-of-the-journal.pdf"
_LEAST = 116
"""The table is at least as high as its head and three entries; the page scrolls where that is more than there is."""
_MOST_FAULTS = 20
_MOST_ANCHORS = 200


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with what stands beside it, and when it was in words."""

    line: JournalLine
    when: str


def _what(line: Line) -> str:
    """What was done and why; a look that stands out says so first, where a narrow column cannot cut it off."""
    said = f"{line.line.said}: “{line.line.why}”" if line.line.why else line.line.said
    said = f"{said} (carried over a restore)" if line.line.carried else said
    return f"Restricted. {said}" if line.line.restricted else said


def _whole(line: Line) -> str:
    """All that there is to say of an entry, and its hash, to be compared with a page that was locked away."""
    entry, details = line.line.entry, line.line.details
    about = [entry.reference, f"person {line.line.person}" if line.line.person else "", HEADING_WORDS[entry.heading]]
    head = ", ".join(one for one in (f"Entry {entry.seq:,}", line.when, entry.actor or "the desk", *about) if one)
    parts = [head, _what(line)]
    parts += [f"Why it stands out: {line.line.restricted}"] if line.line.restricted else []
    parts += [f"{details[:1].upper()}{details[1:]}"] if details else []
    parts += [f"It was {line.line.carried}"] if line.line.carried else []
    return f"{'. '.join(parts)}\nSHA-256 of entry {entry.seq:,}: {groups(entry.hash)}"


_DROPPED = {"Person": 960, "Heading": 960, "Case": 760, "Who": 620}
"""Columns that a narrow page goes without, below these widths: the line under the table has them."""
_COLUMNS: tuple[Column[Line], ...] = (
    Column("Entry", lambda one: f"{one.line.entry.seq:,}", width=80, right=True, elide=False),
    Column("When", lambda one: one.when, width=196, elide=False),
    Column("Who", lambda one: one.line.entry.actor or "The desk", width=150),
    Column(
        "What",
        _what,
        icon=lambda one: "shield-alert" if one.line.restricted else "",
        colour=lambda one: "red" if one.line.restricted else "text",
    ),
    Column("Heading", lambda one: HEADING_WORDS[one.line.entry.heading], width=110),
    Column("Case", lambda one: one.line.entry.reference, width=120, elide=False),
    Column("Person", lambda one: one.line.person, width=100, elide=False),
)


def load_lines(desk: Desk, seqs: Sequence[int]) -> tuple[Line, ...]:
    """The entries of these numbers."""
    now = desk.clock()
    return tuple(Line(one, when(one.entry.at, now)) for one in journal_lines(desk, seqs))


class JournalPart(QWidget):
    """Filters, the table, the report of the last check, and what is done with the whole journal."""

    key = "journal"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._left = Event()
        """Set where the desk is left: a check of the whole journal stops then."""
        session.leaving.connect(self._left.set)
        name_widget(self, "journal_part", "Journal")
        self.model: PagedModel[Line] = PagedModel(_COLUMNS, self._fetch, lambda one: one.line.entry.seq, self)
        self.table: Table[Line] = Table("journal_table", "Journal, newest first", self.model)
        self.filters = JournalFilters()
        self.check = Button("Check the journal", icon="list-checks", name="check_journal")
        self.export = Button("Export…", PLAIN, "save", name="export_journal")
        self.anchors = Button("Anchors…", PLAIN, "stamp", name="show_anchors")
        self.tools = QWidget()
        """What is done with the whole journal: they stand in the page's head."""
        self._turn = 0
        self._build()
        self.check.triggered.connect(self._check)
        self.export.triggered.connect(self._choose_file)
        self.anchors.triggered.connect(self._ask_anchors)
        self.filters.changed.connect(self._ask)
        self.empty.acted.connect(self._clear)

    def refresh(self) -> None:
        """Shows the entries that came since; the selected one stays."""
        self._session.run(self, journal_choices, done=self.filters.offer)
        self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drops what a narrow table has no room for."""
        super().resizeEvent(event)
        self.table.drop(_DROPPED, self.width())

    def _build(self) -> None:
        px = current_theme().px
        tools = QHBoxLayout(self.tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(px(8))
        for button in (self.export, self.anchors, self.check):
            tools.addWidget(button)
        page = self._page = ScrollPane("journal_pane", "Journal", margin=0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(page)
        column = page.body
        column.setSpacing(px(12))
        column.addWidget(self.filters)
        self.report = Card()
        name_widget(self.report, "journal_report", "Report of the check")
        self.said = IconText("circle-check", "", "text", "strong", wrap=True)
        shut = Button("Close", PLAIN, "x", name="close_report")
        shut.triggered.connect(self.report.hide)
        head = QHBoxLayout()
        head.addWidget(self.said, 1)
        head.addWidget(shut)
        self.report.body.addLayout(head)
        pane = ScrollPane("journal_faults", "What was found", ground="surface", margin=0)
        pane.setFixedHeight(px(72))
        self._rows = pane.body
        self._rows.setSpacing(px(6))
        self.report.body.addWidget(pane)
        self.report.hide()
        column.addWidget(self.report)
        self._card = Card(padded=False)
        self.table.setMinimumHeight(px(_LEAST))
        self._card.body.addWidget(self.table)
        column.addWidget(self._card, 1)
        words = "No entry fits these filters. Take one away, or look for less."
        self.empty = EmptyState("search", "No entry is found", words, "Clear the filters")
        self.empty.hide()
        column.addWidget(self.empty, 1)
        self.whole = Text("", "small", "text-2", wrap=True)
        name_widget(self.whole, "journal_entry", "The entry that is chosen")
        column.addWidget(self.whole)
        self.table.moved.connect(self._moved)
        starts_at(self, self.table)

    def _ask(self) -> None:
        asked = self.filters.asked()
        if asked is None:
            self.filters.said.setText("Write a day as 2026-06-01.")
            return
        self._turn += 1
        turn = self._turn

        def done(found: Sequence[int]) -> None:
            if turn == self._turn:
                self._show(asked, found)

        self._session.run(self, journal_numbers, asked, done=done)

    def _show(self, asked: JournalAsked, found: Sequence[int]) -> None:
        current = self.table.current_row()
        first = found[0] if found else 0
        self.table.show_ids(found, keep=current.line.entry.seq if current else first)
        self._card.setVisible(bool(found))
        self.empty.setVisible(not found)
        if not found:
            self._moved(None)
        self.filters.said.setText(_said(asked, len(found)))

    def _clear(self) -> None:
        self.filters.clear()
        self.filters.heading.setFocus()

    def _fetch(self, ids: Sequence[int], deliver: Callable[[Sequence[Line]], None]) -> None:
        self._session.run(self, load_lines, list(ids), done=deliver)

    def _moved(self, line: Line | None) -> None:
        self.whole.setText(_whole(line) if line is not None else "")

    # The whole journal

    def _choose_file(self) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(self, "Export the journal", FILE_NAME, "Lines of JSON (*.jsonl)")
        if chosen:
            self.save(Path(chosen))

    def save(self, path: Path) -> None:
        """Exports the journal, and puts the program beside it that checks it; files that are there give way."""
        self.export.set_busy(True)

        def write(desk: Desk) -> Exported:
            made = export_journal(desk, path, replace=True)
            save_verifier(path.with_name(VERIFIER), replace=True)
            return made

        def done(made: Exported) -> None:
            self.export.set_busy(False)
            self._session.toasted.emit(
                f"{plural(made.entries, 'entry', 'entries')} exported, and {VERIFIER} beside them"
            )
            self.refresh()

        def failed(error: Exception) -> None:
            self.export.set_busy(False)
            self._failed(error)

        self._session.run(self, write, done=done, failed=failed)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, OSError):
            words = f"It cannot be written there: {error.strerror or error}. Choose another folder."
            dialogs.inform(self, "Nothing was saved", words)
        else:
            self._session.show_error(self, error)

    def _ask_anchors(self) -> None:
        self._session.run(self, anchors, done=self._show_anchors)

    def _show_anchors(self, rows: tuple[AnchorRow, ...]) -> None:
        dialog = AnchorsDialog(self, rows, self._session.desk)
        dialog.made.triggered.connect(lambda: self._anchor(dialog))
        dialog.page.triggered.connect(lambda: self._choose_page(dialog))
        dialog.open()

    def _anchor(self, dialog: AnchorsDialog) -> None:
        def done(made: Anchor) -> None:
            dialog.accept()
            self._session.toasted.emit(f"Entry {made.seq:,} is anchored. Save the page and lock it away")
            self.refresh()
            self._ask_anchors()

        self._session.run(dialog, make_anchor, done=done)

    def _choose_page(self, dialog: AnchorsDialog) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(dialog, "Save the page to lock away", PAGE_NAME, "PDF (*.pdf)")
        if chosen:
            dialog.accept()
            self.save_page(Path(chosen))

    def save_page(self, path: Path) -> None:
        """Writes the page about the newest anchor; a file that is there gives way."""

        def write(desk: Desk) -> None:
            save_anchor_page(desk, path, replace=True)

        def done(_nothing: None) -> None:
            self._session.toasted.emit(f"The page was saved as {path.name}. Print it and lock it away")

        self._session.run(self, write, done=done, failed=self._failed)

    def _check(self) -> None:
        self.check.set_busy(True)
        self._left.clear()

        def failed(error: Exception) -> None:
            self.check.set_busy(False)
            if not isinstance(error, NotWanted):
                self._session.show_error(self, error)

        self._session.run_aside(self, lambda: not self._left.is_set(), verify_store, done=self._checked, failed=failed)

    def _checked(self, report: Report) -> None:
        self.check.set_busy(False)
        clear_layout(self._rows)
        faults = sum(len(found) for _name, found in report.checks)
        title = "Everything is sound" if report.sound else f"{plural(faults, 'fault was', 'faults were')} found"
        icon, colour = ("circle-check", "green") if report.sound else ("circle-alert", "red")
        self.said.show_words(icon, title, colour, "strong")
        for name, found in report.checks:
            for fault in found[:_MOST_FAULTS]:
                words = f"{name}: {fault}"
                self._rows.addWidget(IconText("x", words, "text", "small", icon_colour="red", wrap=True))
        sound = join_and([name for name, found in report.checks if not found])
        self._rows.addWidget(Text(f"Sound: {sound}.", "small", "text-2", wrap=True))
        self._rows.addStretch(1)
        self.report.setAccessibleDescription(title)
        self.report.show()
        # Where large text leaves the page little room, the filters fill it.
        self._page.show_from(self.report)


class AnchorsDialog(dialogs.Dialog):
    """The anchors with their check, the newest first; one more, and the page to lock away."""

    def __init__(self, owner: QWidget, rows: Sequence[AnchorRow], desk: Desk) -> None:
        super().__init__(owner, "anchors", "Anchors of the journal", width=dialogs.REPORT_WIDTH)
        px = current_theme().px
        self.add_text(
            "An anchor is signed and stands outside the store too. It shows what a chain cannot: an end that was cut "
            "off, or a journal made anew. The desk makes one each day and when it is closed."
        )
        pane = ScrollPane("anchors_list", "Anchors", ground="surface", margin=0)
        pane.setMinimumHeight(min(px(240), self.most_high))
        self.body.addWidget(pane, 1)
        if not rows:
            pane.body.addWidget(Text("There is none yet.", "body", "text-2"))
        for row in rows[:_MOST_ANCHORS]:
            anchored = f"Entry {row.anchor.seq:,}" if row.anchor else "An entry"
            words = f"{anchored}, {when(row.entry.at, desk.clock())}: {row.wrong or 'holds'}"
            words += f". SHA-256 {groups(row.anchor.hash)}" if row.anchor else ""
            icon, colour = ("x", "red") if row.wrong else ("check", "green")
            pane.body.addWidget(IconText(icon, words, "text", "small", icon_colour=colour, wrap=True))
        if len(rows) > _MOST_ANCHORS:
            pane.body.addWidget(Text(f"and {len(rows) - _MOST_ANCHORS:,} earlier ones", "small", "text-2"))
        pane.body.addStretch(1)
        self.page = Button("Save the page to lock away…", PLAIN, name="save_anchor_page")
        self.page.set_off("" if rows else "There is no anchor yet.")
        self.foot.addWidget(self.page)
        self.add_button("Close", PLAIN, self.reject, "close").setFocus()
        self.made = Button("Anchor it now", MAIN, name="make_anchor")
        self.foot.addWidget(self.made)
        self.finished.connect(self.deleteLater)


def _said(asked: JournalAsked, many: int) -> str:
    """How many entries there are, or are found."""
    entries = plural(many, "entry", "entries")
    if asked == JournalAsked():
        return entries
    return f"The newest {entries} are shown: look for less to see others" if many >= MOST else f"{entries} found"
