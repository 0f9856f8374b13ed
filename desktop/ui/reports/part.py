"""What the reports of the Reports page share: counting that stops when nobody looks, figures that open, files."""

from __future__ import annotations

from array import array
from collections.abc import Callable

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Changed
from desktop.casework.desk import Desk
from desktop.casework.register import behind_figure
from desktop.casework.reporting import Made, Printed
from desktop.policy.disclosurecontrol import HIDDEN, Control
from desktop.policy.reports import Cell
from desktop.policy.wording import plural
from desktop.ui import dialogs
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import MAIN, Button
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.pages import PrintError, choose_printer, print_pages
from desktop.ui.reports.cards import Notes
from desktop.ui.reports.counting import Counting
from desktop.ui.reports.files import not_written
from desktop.ui.session import Figure, Session
from desktop.ui.theme import current_theme

Way = Made | Printed
"""Where a report goes: to a file, or to a printer."""
_NO_CASE = "There is no case behind this figure"
_NO_LIST = "What this figure counts stands in no list of cases"
_WORKED_OUT = "This figure is worked out from others: open one of those"
KEPT = {
    "Save": "The journal keeps who took it out, when, and the hash of its file.",
    "Publish": "The journal keeps who published it, when, and the hash of its file.",
    "Print": "The journal keeps who printed it, when, and the hash of its pages.",
}
"""What stays known once a report left the desk, by what was done."""
_AGAIN = "It is counted again first: open the figure then"
_COUNTED = frozenset({"case", "hold", "run", "user"})
"""Kinds of which figures, and the titles of their rows, are made. A new day is a change of cases."""
NOT_COUNTED = "It is not counted yet."
EDITED = "What is asked for above was changed: count again first."


def _blind(count: int) -> str:
    """Why so many cases are left out of those behind a figure."""
    return f"{plural(count, 'case')} {'is' if count == 1 else 'are'} left out: you may take a second look there, blind."


def ready_to_draw() -> None:
    """Aside: what draws charts takes a while to import, for which no window waits."""
    import desktop.letters.charts  # noqa: F401


class ReportPart(QWidget):
    """One report. A subclass puts what is asked for into `top` and its figures into `middle`, and counts in `ask`."""

    def __init__(self, session: Session, key: str, title: str, main: str, icon: str) -> None:
        """`main`: the words of the button by which the report leaves the desk."""
        super().__init__()
        px = current_theme().px
        self.session = session
        self.stale = True
        """Whether something changed since it was counted."""
        name_widget(self, f"{key}_part", title)
        self.main = Button(main, MAIN, icon, name=f"{key}_main")
        self.paper = Button("Print…", icon="printer", name=f"{key}_print")
        self.tools = QWidget()
        """What is done with the whole report: it stands in the page's head."""
        self._tools = QHBoxLayout(self.tools)
        self._tools.setContentsMargins(0, 0, 0, 0)
        self._tools.setSpacing(px(8))
        self._tools.addWidget(self.paper)
        self._tools.addWidget(self.main)
        self.pane = ScrollPane(f"{key}_pane", title, margin=0)
        self.counting = Counting(f"{key}_counting", session, self)
        self.notes = Notes()
        self.notes.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.pane)
        column = self.pane.body
        column.setContentsMargins(0, px(4), 0, px(8))
        column.setSpacing(px(12))
        self.top, self.middle = QVBoxLayout(), QVBoxLayout()
        for layout in (self.top, self.middle):
            layout.setSpacing(px(12))
        column.addLayout(self.top)
        column.addWidget(self.counting)
        column.addLayout(self.middle)
        column.addWidget(self.notes)
        column.addStretch(1)
        self.counting.stopped.connect(self._stopped)
        self.main.triggered.connect(self.keep)
        self.paper.triggered.connect(self._print)
        session.changed.connect(self._changed)

    def every_tool(self) -> list[QWidget]:
        """What stands in the page's head for this report, from left to right."""
        return [self.paper, self.main]

    def ask(self) -> None:
        """Counts what is asked for."""
        raise NotImplementedError

    def give(self, desk: Desk, way: Way) -> None:
        """Aside: lets the report that is shown leave the desk, journalled."""
        raise NotImplementedError

    def keep(self) -> None:
        """Asks where the report goes, and writes it there."""
        raise NotImplementedError

    def may_leave(self, does: str, yes: str) -> bool:
        """Says what it means that the report leaves the desk, and asks: what is done, such as "Print", and what `yes`
        does next.
        """
        raise NotImplementedError

    def agreed(self, title: str, words: str, control: Control, yes: str) -> bool:
        """Asks so, with what it means for the days of a report."""
        return dialogs.confirm(self, title, f"{words} {control.once_out}", yes)

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        raise NotImplementedError

    def whole(self) -> bool:
        """Whether the figures that were asked for are shown, all of them."""
        return not self.stale and not self.counting.running

    def step(self, by: int) -> None:
        """Goes to the next period, or to the one before, where there are several."""

    def refresh(self) -> None:
        """Counts again where something changed since."""
        if self.stale and not self.counting.running:
            self.ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody waits for figures that nobody looks at."""
        super().hideEvent(event)
        self.stale = self.counting.leave() or self.stale

    def showEvent(self, event: QShowEvent) -> None:
        """What was stopped when the page was left begins again."""
        super().showEvent(event)
        self.refresh()

    def set_off(self, reason: str) -> None:
        """Why the report does not leave the desk; "" where it may."""
        for button in (self.main, self.paper):
            button.set_off(reason)

    def open_figure(
        self, cell: Cell, name: str, where: str, behind: Callable[[Desk], array[int]], control: Control | None = None
    ) -> None:
        """Lists the cases behind a figure, or says why there are none to list. `control`: what its report is under."""
        if cell == HIDDEN:
            self.session.toasted.emit("This figure is kept back, and so are its cases")
        elif not cell:
            self.session.toasted.emit(_NO_CASE)
        elif self.stale:
            # Its row may be another by now.
            self.session.toasted.emit(_AGAIN)
            self.refresh()
        elif not self.counting.lasting:

            def show(behind_it: tuple[array[int], int]) -> None:
                found, blind = behind_it
                if found:
                    rounded = control is not None and control.rounded and isinstance(cell, int)
                    said = [f"The report says {cell}: its figures go to the nearest 5."] if rounded else []
                    said += [_blind(blind)] if blind else []
                    self.session.figure_wanted.emit(Figure(name, where, found, " ".join(said)))
                elif blind:
                    self.session.toasted.emit(_blind(blind))
                else:
                    worked_out = isinstance(cell, str)
                    self.session.toasted.emit(_WORKED_OUT if worked_out else _NO_LIST)

            self.counting.run("Looking for its cases…", lambda desk: behind_figure(desk, behind(desk)), show)

    def save(self, way: Way, words: str, said: str) -> None:
        """Lets the report that is shown leave the desk: `words` while it does, and what is `said` then."""
        for button in (self.main, self.paper):
            button.set_busy(True)

        def rest() -> None:
            for button in (self.main, self.paper):
                button.set_busy(False)
            # What changed meanwhile waited for this.
            self.refresh()

        def written(_nothing: None) -> None:
            rest()
            self.session.toasted.emit(said)

        def failed(error: Exception) -> None:
            rest()
            if isinstance(error, OSError):
                dialogs.inform(self, "Nothing was written", not_written(error))
            elif isinstance(error, PrintError):
                dialogs.inform(self, "It was not printed", "The printer did not take it. Look at it, and print again.")
            else:
                self.session.show_error(self, error)

        self.counting.run(words, lambda desk: self.give(desk, way), written, failed, lasting=True)

    def _print(self) -> None:
        if not self.may_leave("Print", "Choose a printer…"):
            return
        printer = choose_printer(self, "tracing-desk-report")
        if printer is not None:
            self.save(Printed(lambda pages: print_pages(printer, pages)), "Printing…", "The report was printed")

    def _stopped(self) -> None:
        for button in (self.main, self.paper):
            button.set_busy(False)
        self.session.toasted.emit("It was stopped, and nothing was done")

    def _changed(self, changed: Changed) -> None:
        if changed.kinds & _COUNTED:
            self.stale = True
            if self.isVisible():
                self.refresh()
