"""The publication register: a table of what was received, answered and carried forward, published when it adds up."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.casework.desk import Desk, Refused
from desktop.casework.publication import (
    PUBLISHING,
    Asked,
    Publication,
    behind,
    check_published,
    publication,
    publish,
    tables,
)
from desktop.casework.published import too_soon
from desktop.policy.publishedtables import Checked
from desktop.policy.savedreports import ReportKind, WantedReport
from desktop.policy.wording import day
from desktop.ui import dialogs
from desktop.ui.kit.button import Button
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.inputs import ChoiceField
from desktop.ui.reports.askedpart import AskedPart
from desktop.ui.reports.cards import GridCard
from desktop.ui.reports.files import CheckedDialog, choose_file
from desktop.ui.reports.part import EDITED, KEPT, NOT_COUNTED, Way
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

_OUT = {
    "Print": "What is printed for others to see is published.",
    "Publish": "It is written to a file for others to see.",
}


class PublicationPart(AskedPart):
    """What is asked for, and below it the table of one period at a time."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, ReportKind.PUBLICATION, "Publication register", "Publish…", "send")
        self.made: Publication | None = None
        """The table that is shown."""
        self._known = False
        """Whether the tables to choose among were read."""
        self.check = Button("Check a published table…", icon="list-checks", name="check_published")
        self._tools.insertWidget(0, self.check)
        # Its name is heard, and seen in what it says: "January to November 2026".
        self.period = ChoiceField("period", "The table of", (), none_words="")
        self.period.label.hide()
        self.period.setFixedWidth(current_theme().px(336))
        self.card = GridCard(self.pane, self.period)
        self.middle.addWidget(self.card)
        self.card.hide()
        self.check.triggered.connect(self._choose_table)
        self.period.edited.connect(lambda _key, _value: self._show_sheet())
        self.card.opened.connect(self._open)
        self.weigh()

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        grid = self.card.grid
        return [self.asking, *([grid] if grid is not None and grid.isVisible() else [])]

    def every_tool(self) -> list[QWidget]:
        """A table that somebody published is checked from here, too."""
        return [self.check, *super().every_tool()]

    def step(self, by: int) -> None:
        """Goes to the table of the next period, or of the one before."""
        at = self.period.combo.currentIndex() + by
        if self.made is not None and 0 <= at < len(self.made.report.grids):
            self.period.combo.setCurrentIndex(at)
            self._show_sheet()

    # Counting

    def ask(self) -> None:
        """Counts what is asked for."""
        if not self._known:
            self.session.run(self, tables, done=self._offer)
        elif self.asking.check() and (wanted := self.wanted()) is not None:
            asked = _asked(wanted)
            self.counting.run("Counting…", lambda desk: publication(desk, asked), self._show, self._failed)

    def _offer(self, titles: tuple[str, ...]) -> None:
        if not self._known:
            self._known = True
            self.asking.what.set_tables(titles)
            self.asking.edited.emit()
            self.refresh()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refused):
            self.asking.show_problem("per", str(error))
        else:
            self.session.show_error(self, error)

    def _show(self, made: Publication) -> None:
        self.made, self.stale = made, False
        titles = [grid.title for grid in made.report.grids]
        self.period.set_options([(str(at), title) for at, title in enumerate(titles)])
        # The whole of them where there is one, else the latest.
        self.period.combo.setCurrentIndex(len(titles) - 1)
        self.notes.show_notes(made.report.notes)
        empty = not any(any(row) for sheet in made.counted for row in sheet.figures.values())
        self.tell(made.faults, "The table does not add up, so it cannot be published.", empty=empty)
        self._show_sheet()
        self.card.show()
        self.weigh()

    def _at(self) -> int:
        return max(0, self.period.combo.currentIndex())

    def _show_sheet(self) -> None:
        if self.made is not None:
            grid = self.made.report.grids[self._at()]
            starts_at(self, self.card.show_grid(grid, self.made.asked.control.star))

    def _open(self, row: int, column: int) -> None:
        made, at = self.made, self._at()
        if made is not None:
            grid, place = made.report.grids[at], made.place(at, row, column)
            where = f"{made.asked.table}, {grid.title}"
            name = self.card.name_of(row, column)
            cell, control = grid.rows[row].cells[column], made.asked.control
            self.open_figure(cell, name, where, lambda desk: behind(desk, made.asked, place), control)

    # Publishing

    def weigh(self) -> None:
        """Says whether the table may be published as it is asked for now."""
        self.set_off(self._why_not())

    def _why_not(self) -> str:
        if self.session.desk.user.role not in PUBLISHING:
            return "The guardian, a records officer or an administrator publishes a table."
        if self.made is None:
            return NOT_COUNTED
        if self.made.faults:
            return "The table does not add up. What is wrong is said above it."
        wanted, asked = self.wanted(), self.made.asked
        if wanted is None or _asked(wanted) != asked:
            return EDITED
        return too_soon(asked.last, asked.control.id, self.session.desk.today())

    def may_leave(self, does: str, yes: str) -> bool:
        """What is printed is published."""
        if self.made is None:
            return False
        asked = self.made.asked
        title = f"{does} “{asked.table}”, {day(asked.first)} to {day(asked.last)}?"
        return self.agreed(title, f"{_OUT[does]} {KEPT[does]}", asked.control, yes)

    def keep(self) -> None:
        """Publishes the table that is shown."""
        if self.made is not None and self.may_leave("Publish", "Choose a file…"):
            asked = self.made.asked
            days = (asked.first.isoformat(), "to", asked.last.isoformat())
            out = choose_file(self, "Publish the table", asked.table, *days)
            if out is not None:
                self.save(out, "Publishing…", f"Published as {out.out.name}")

    def give(self, desk: Desk, way: Way) -> None:
        """Aside: publishes the table that is shown."""
        if self.made is not None:
            publish(desk, self.made.asked, way)

    # A table that somebody published

    def _choose_table(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(self, "Choose a table", "", "Tables (*.csv *.txt *.xlsx)")
        if chosen:
            self.check_file(Path(chosen))

    def check_file(self, path: Path) -> None:
        """Says whether a published table adds up."""

        def show(found: Checked) -> None:
            CheckedDialog(found, self).exec()

        def failed(error: Exception) -> None:
            if isinstance(error, OSError):
                dialogs.inform(self, "The file cannot be read", f"{error.strerror or error}.")
            elif isinstance(error, Refused):
                dialogs.inform(self, "This table cannot be checked", str(error))
            else:
                self.session.show_error(self, error)

        self.counting.run("Checking the table…", lambda _desk: check_published(path), show, failed)


def _asked(wanted: WantedReport) -> Asked:
    return Asked(table=wanted.table, first=wanted.first, last=wanted.last, per=wanted.per, control=wanted.control)
