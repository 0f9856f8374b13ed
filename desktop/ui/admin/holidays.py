"""Bank holidays: what is in force, how far it reaches, and its replacement by a newer file of GOV.UK's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from db.records import Changed
from desktop.casework.calendars import (
    CalendarPreview,
    ReplaceCalendar,
    StoredCalendar,
    in_force,
    preview_calendar,
    replace_calendar,
)
from desktop.casework.desk import Desk
from desktop.policy.calendarfiles import MOST_BYTES, CalendarError
from desktop.policy.calendars import ANY_PART
from desktop.policy.wording import day, figures, plural, weekday_day
from desktop.ui import dialogs
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.button import MAIN, PLAIN, Button
from desktop.ui.kit.card import Card
from desktop.ui.kit.pagedmodel import Column, PagedModel
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import IconText
from desktop.ui.kit.table import Table
from desktop.ui.kit.text import Text
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

WHERE = "https://www.gov.uk/bank-holidays.json"
_SOON = 365
_MOST_SHOWN = 500
_LEAST = 116
"""The table is at least as high as its head and three days; the page scrolls where that is more than there is."""


@dataclass(frozen=True, slots=True)
class Line:
    """One bank holiday, as the table shows it."""

    number: int
    on: str
    name: str
    nations: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is in force, in words."""

    stored: StoredCalendar | None
    lines: tuple[Line, ...]
    horizon: str
    soon: bool
    """Whether the known years end within a year."""


def load_known(desk: Desk) -> Known:
    """The bank holidays that the desk counts by, the latest first."""
    stored, today = in_force(desk), desk.today()
    calendar = desk.calendars[ANY_PART]
    lines: list[Line] = []
    for on, holidays in sorted(calendar.holidays.items(), reverse=True):
        for one in holidays:
            whole = len(one.nations) == len(desk.calendars) - 2
            nations = "Whole United Kingdom" if whole else ", ".join(one.nations)
            lines.append(Line(len(lines) + 1, weekday_day(on), one.name, nations))
    horizon = f"Known from {day(calendar.first)} to {day(calendar.last)}"
    return Known(stored, tuple(lines), horizon, (calendar.last - today).days < _SOON)


_COLUMNS: tuple[Column[Line], ...] = (
    Column("Date", lambda line: line.on, width=220, elide=False),
    Column("Bank holiday", lambda line: line.name),
    Column("Where", lambda line: line.nations),
)


class HolidaysPart(QWidget):
    """What is in force, the table of it, and the button that replaces it."""

    key = "holidays"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._lines: dict[int, Line] = {}
        name_widget(self, "holidays_part", "Bank holidays")
        self.model: PagedModel[Line] = PagedModel(_COLUMNS, self._fetch, lambda line: line.number, self)
        self.table: Table[Line] = Table("holidays_table", "Bank holidays, latest first", self.model)
        self.replace = Button("Replace from GOV.UK file…", MAIN, "upload", name="replace_holidays")
        self._build()
        self.replace.triggered.connect(self._choose)

    def refresh(self) -> None:
        """Loads what is in force."""
        self._session.run(self, load_known, done=self._show)

    def _build(self) -> None:
        px = current_theme().px
        page = ScrollPane("holidays_pane", "Bank holidays", margin=0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(page)
        column = page.body
        column.setSpacing(px(12))
        card = Card("In force")
        self.rows = QVBoxLayout()
        self.rows.setSpacing(px(6))
        card.body.addLayout(self.rows)
        words = f"The newer file is at {WHERE}. Save it on this computer, then choose it here."
        foot = QHBoxLayout()
        foot.addWidget(Text(words, "small", "text-2", wrap=True), 1)
        foot.addWidget(self.replace)
        card.body.addLayout(foot)
        column.addWidget(card)
        table = Card(padded=False)
        self.table.setMinimumHeight(px(_LEAST))
        table.body.addWidget(self.table)
        column.addWidget(table, 1)
        self.setFocusProxy(self.table)

    def _show(self, known: Known) -> None:
        clear_layout(self.rows)
        icon, colour = ("circle-alert", "amber") if known.soon else ("calendar-days", "text-2")
        words = f"{known.horizon}. Due dates after that are provisional."
        if known.soon:
            words += " This is within a year: replace them."
        self.rows.addWidget(IconText(icon, words, "text", "strong", icon_colour=colour, wrap=True))
        stored = known.stored
        source = "Shipped with this program."
        if stored is not None:
            on = day(stored.replaced_at.date())
            source = f"Replaced on {on} by {stored.replaced_by}, from {stored.source}. SHA-256 {stored.hash[:16]}…"
        self.rows.addWidget(Text(source, "small", "text-2", wrap=True))
        self._lines = {line.number: line for line in known.lines}
        self.table.show_ids(tuple(self._lines))

    def _fetch(self, ids: Sequence[int], deliver: Callable[[Sequence[Line]], None]) -> None:
        deliver([self._lines[one] for one in ids if one in self._lines])

    def _choose(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(self, "Choose GOV.UK’s file", "", "Bank holidays (*.json)")
        if chosen:
            self.look(Path(chosen))

    def look(self, path: Path) -> None:
        """Reads a file, and shows what it would change."""
        self.replace.set_busy(True)

        def looked(found: tuple[ReplaceCalendar, CalendarPreview]) -> None:
            self.replace.set_busy(False)
            command, preview = found
            dialog = PreviewDialog(self, preview)
            if dialog.exec() == dialog.DialogCode.Accepted:
                self._replace(command)

        self._session.run(self, _look, path, done=looked, failed=self._failed)

    def _replace(self, command: ReplaceCalendar) -> None:
        def done(found: CalendarPreview) -> None:
            self.replace.set_busy(False)
            self.refresh()
            moved = frozenset(one.row.id for one in found.moved)
            self._session.changed.emit(Changed(moved, frozenset({"case"})))
            self._session.toasted.emit(f"Bank holidays replaced; {plural(len(moved), 'due date')} changed")

        self.replace.set_busy(True)
        self._session.run(self, replace_calendar, command, done=done, failed=self._failed)

    def _failed(self, error: Exception) -> None:
        self.replace.set_busy(False)
        if isinstance(error, CalendarError):
            dialogs.inform(self, "This file cannot be used", f"{error} Nothing was changed.")
        elif isinstance(error, OSError):
            dialogs.inform(self, "This file cannot be read", f"{error.strerror or error}. Nothing was changed.")
        else:
            self._session.show_error(self, error)


def _look(desk: Desk, path: Path) -> tuple[ReplaceCalendar, CalendarPreview]:
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    command = ReplaceCalendar(name=path.name, content=content, source=WHERE)
    return command, preview_calendar(desk, command)


class PreviewDialog(dialogs.Dialog):
    """Which due dates the file changes. Opens on Cancel."""

    def __init__(self, owner: QWidget, found: CalendarPreview) -> None:
        super().__init__(owner, "holidays_preview", "Replace the bank holidays?", width=720)
        first, last = found.joined.years
        years = f"{first}" if first == last else f"{first} to {last}"
        reach = day(found.joined.calendars.last)
        self.add_text(f"The file has {years}. With it, bank holidays are known to {reach}.")
        for warning in found.joined.warnings:
            self.body.addWidget(IconText("circle-alert", warning, "text", "small", icon_colour="amber", wrap=True))
        rest = plural(found.unmoved, "open case keeps its due date", "open cases keep their due dates")
        if not found.moved:
            self.add_text(f"No due date changes: {rest}.")
        else:
            self.add_text(f"{plural(len(found.moved), 'due date')} would change; {rest}.")
            for one in found.moved[:_MOST_SHOWN]:
                self.body.addWidget(Text(f"{one.row.reference}: {one.what.head}", "body", wrap=True))
            if len(found.moved) > _MOST_SHOWN:
                self.body.addWidget(Text(f"And {figures(len(found.moved) - _MOST_SHOWN)} more.", "small", "text-2"))
            self.body.addStretch(1)
        self.add_button("Replace", MAIN, self.accept, "yes")
        self.add_button("Cancel", PLAIN, self.reject, "cancel").setFocus()
