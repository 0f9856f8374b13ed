"""The oversight report: how requests were dealt with in any days, for a board or a department."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.casework.desk import Desk, Refused
from desktop.casework.oversight import behind, oversight, save_oversight
from desktop.casework.published import too_soon
from desktop.casework.reporting import NOT_OVERSEEING, OVERSEEING
from desktop.policy.reports import Report
from desktop.policy.savedreports import ReportKind, WantedReport
from desktop.policy.wording import day
from desktop.ui.kit.focus import starts_at
from desktop.ui.reports.askedpart import AskedPart
from desktop.ui.reports.cards import GridCards
from desktop.ui.reports.files import choose_file
from desktop.ui.reports.part import EDITED, KEPT, NOT_COUNTED, Way, ready_to_draw
from desktop.ui.session import Session


class OversightPart(AskedPart):
    """What is asked for, and below it every table of the report."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, ReportKind.OVERSIGHT, "Oversight", "Save…", "save")
        self.report: Report | None = None
        """What is shown."""
        self._shown: WantedReport | None = None
        self.cards = GridCards(self.pane)
        self.middle.addWidget(self.cards)
        self.cards.opened.connect(self._open)
        self.weigh()

    def whole(self) -> bool:
        """Whether they are shown, and drawn."""
        return super().whole() and self.cards.whole

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        return [self.asking, *(card.grid for card in self.cards.cards if card.grid is not None)]

    def ask(self) -> None:
        """Counts what is asked for."""
        asked = self.wanted() if self.asking.check() else None
        if asked is not None:

            def count(desk: Desk) -> Report:
                ready_to_draw()
                return oversight(desk, asked.first, asked.last, asked.control)

            def show(report: Report) -> None:
                self._show(asked, report)

            self.counting.run("Counting…", count, show, self._failed)

    def keep(self) -> None:
        """Saves the report that is shown."""
        if self._shown is not None and self.may_leave("Save", "Choose a file…"):
            days = (self._shown.first.isoformat(), "to", self._shown.last.isoformat())
            out = choose_file(self, "Save the oversight report", "oversight", *days)
            if out is not None:
                self.save(out, "Saving…", f"Saved as {out.out.name}")

    def may_leave(self, does: str, yes: str) -> bool:
        """Its days count as published."""
        if (asked := self._shown) is None:
            return False
        title = f"{does} the oversight report, {day(asked.first)} to {day(asked.last)}?"
        return self.agreed(title, KEPT[does], asked.control, yes)

    def give(self, desk: Desk, way: Way) -> None:
        """Aside: lets the report that is shown leave the desk."""
        if (asked := self._shown) is not None:
            save_oversight(desk, asked.first, asked.last, asked.control, way)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refused):
            self.asking.show_problem("last", str(error))
        else:
            self.session.show_error(self, error)

    def _show(self, asked: WantedReport, report: Report) -> None:
        self.report, self._shown, self.stale = report, asked, False
        self.cards.show_grids(report.grids, report.charts, asked.control.star)
        self.notes.show_notes(report.notes)
        empty = not any(cell for row in report.grids[0].rows for cell in row.cells)
        self.tell(report.faults, "The report does not add up, so it cannot be saved or printed.", empty=empty)
        self.weigh()

    def weigh(self) -> None:
        """Says whether the report may be saved as it is asked for now."""
        if self.session.desk.user.role not in OVERSEEING:
            self.set_off(NOT_OVERSEEING)
        elif self._shown is None:
            self.set_off(NOT_COUNTED)
        elif self.report is not None and self.report.faults:
            self.set_off("The report does not add up. What is wrong is said above it.")
        else:
            wanted, shown = self.wanted(), self._shown
            same = wanted is not None and wanted.counts == shown.counts
            self.set_off(too_soon(shown.last, shown.control.id, self.session.desk.today()) if same else EDITED)

    def _open(self, grid: int, row: int, column: int) -> None:
        report, asked = self.report, self._shown
        if report is not None and asked is not None:
            shown, card = report.grids[grid], self.cards.cards[grid]
            if card.grid is not None:
                starts_at(self, card.grid)
            where = f"{report.title}, {report.days}: {shown.title}"
            self.open_figure(
                shown.rows[row].cells[column],
                card.name_of(row, column),
                where,
                lambda desk: behind(desk, asked.first, asked.last, grid, row, column),
                asked.control,
            )
