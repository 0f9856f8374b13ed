"""The desk today: what came in, what is open, who waits for whom, and what will be late."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.casework.desk import Desk
from desktop.casework.reporting import NOT_OVERSEEING, OVERSEEING
from desktop.casework.today import behind, save_today, today
from desktop.policy.disclosurecontrol import NONE
from desktop.policy.reports import Report
from desktop.policy.today import WEEKS
from desktop.ui.kit.base import RING
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.notices import EmptyState
from desktop.ui.reports.cards import GridCards
from desktop.ui.reports.files import choose_file
from desktop.ui.reports.part import KEPT, NOT_COUNTED, ReportPart, Way, ready_to_draw
from desktop.ui.session import Session


class TodayPart(ReportPart):
    """Whatever concerns the person who looks, as it stands now."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "today", "The desk today", "Save…", "save")
        self.report: Report | None = None
        """What is shown."""
        self._started = False
        """Whether there is a figure for the keyboard to start at."""
        # It has the keyboard only until there are figures.
        self.setProperty(RING, "none")
        self.cards = GridCards(self.pane)
        self.middle.addWidget(self.cards)
        self.empty = EmptyState("clock", "Nothing is counted yet", "It was stopped before it was done.", "Count")
        self.empty.hide()
        self.middle.addWidget(self.empty)
        self.empty.acted.connect(self.ask)
        self.counting.stopped.connect(self._none_yet)
        self.cards.opened.connect(self._open)
        self.set_off(NOT_COUNTED)

    def whole(self) -> bool:
        """Whether they are shown, and drawn."""
        return super().whole() and self.cards.whole

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        return [card.grid for card in self.cards.cards if card.grid is not None] or [self.empty.button]

    def ask(self) -> None:
        """Counts the desk as it stands."""
        self.empty.hide()

        def count(desk: Desk) -> Report:
            ready_to_draw()
            return today(desk)

        self.counting.run("Counting…", count, self._show)

    def keep(self) -> None:
        """Saves the figures, in which nobody is named."""
        if not self.may_leave("Save", "Choose a file…"):
            return
        on = self.session.desk.today().isoformat()
        out = choose_file(self, "Save the figures of today", "desk", on)
        if out is not None:
            self.save(out, "Saving…", f"Saved as {out.out.name}")

    def may_leave(self, does: str, yes: str) -> bool:
        """The days of its weeks count as published."""
        words = f"They tell what came in and was answered in the last {WEEKS} weeks, and name nobody."
        return self.agreed(f"{does} the figures of today?", f"{words} {KEPT[does]}", NONE, yes)

    def give(self, desk: Desk, way: Way) -> None:
        """Aside: lets the figures leave the desk."""
        save_today(desk, way)

    def _none_yet(self) -> None:
        """Where it was stopped the first time there is no figure, and a way to begin again."""
        if self.report is None:
            self.empty.show()
            starts_at(self, self.empty.button)
            self.empty.button.setFocus()

    def _show(self, report: Report) -> None:
        self.report, self.stale = report, False
        waits = self.hasFocus()
        self.cards.show_grids(report.grids, report.charts)
        if waits or not self._started:
            self._started = True
            starts_at(self, self.panes()[0])
        if waits:
            self.panes()[0].setFocus()
        self.notes.show_notes(report.notes)
        self.set_off("" if self.session.desk.user.role in OVERSEEING else NOT_OVERSEEING)

    def _open(self, grid: int, row: int, column: int) -> None:
        report = self.report
        if report is not None:
            shown = report.grids[grid]
            starts_at(self, self.panes()[grid])
            name = self.cards.cards[grid].name_of(row, column)
            where = f"{report.title}, {report.days}: {shown.title}"
            self.open_figure(shown.rows[row].cells[column], name, where, lambda desk: behind(desk, grid, row, column))
