"""The publication register: a table of what was received, answered and carried forward, published when it adds up."""

from __future__ import annotations

from array import array
from pathlib import Path

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from db.records import Changed
from desktop.casework.desk import Refused
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
from desktop.casework.reporting import Made
from desktop.policy.disclosurecontrol import HIDDEN
from desktop.policy.publication import Per
from desktop.policy.publishedtables import Checked
from desktop.policy.wording import day
from desktop.ui import dialogs
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.button import MAIN, Button
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.inputs import ChoiceField
from desktop.ui.kit.notices import Banner
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.reports.asking import Asking
from desktop.ui.reports.cards import GridCard, Notes
from desktop.ui.reports.counting import Counting
from desktop.ui.reports.files import CheckedDialog, choose_file, not_written
from desktop.ui.session import Figure, Session
from desktop.ui.theme import current_theme

_NO_TABLE_YET = "Count a table first."
_EDITED = "What is asked for above was changed: count again first."
_MOST_FAULTS = 5
_PUBLISHED = (
    "The table is written to a file for others to see. The journal keeps who published it, when, and the file’s hash."
)
_ONE_WAY = (
    " Small figures are kept back in it, so these days cannot be published in another way afterwards: two tables"
    " together could tell what each of them keeps back."
)
_OTHER_WAY = " Once they are out, these days cannot be published with small figures kept back any more."


class PublicationPart(QWidget):
    """What is asked for, and below it the table of one period at a time."""

    key = "publication"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.made: Publication | None = None
        """The table that is shown."""
        self._stale = True
        self._known = False
        """Whether the tables to choose among were read."""
        name_widget(self, "publication_part", "Publication register")
        today = session.desk.today()
        self.asking = Asking("publication", "Count", today.replace(month=1, day=1), today, table=True)
        self.publish = Button("Publish…", MAIN, "send", name="publish")
        self.check = Button("Check a published table…", icon="list-checks", name="check_published")
        self.tools = QWidget()
        """What is done with the whole table: it stands in the page's head."""
        self.counting = Counting("counting", session, self)
        self._build()
        self._connect()
        self._set_publish()

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        grid = self.card.grid
        return [self.asking, *([grid] if grid is not None and grid.isVisible() else [])]

    def refresh(self) -> None:
        """Counts again where something changed since."""
        if not self._known:
            self._session.run(self, tables, done=self._offer)
        elif self._stale and not self.counting.running:
            self.ask()

    def main(self) -> None:
        """What Ctrl+Enter does."""
        self.publish.click()

    def step(self, by: int) -> None:
        """Goes to the table of the next period, or of the one before."""
        at = self.period.combo.currentIndex() + by
        if self.made is not None and 0 <= at < len(self.made.report.grids):
            self.period.combo.setCurrentIndex(at)
            self._show_sheet()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody waits for figures that nobody looks at."""
        super().hideEvent(event)
        self._stale = self.counting.leave() or self._stale

    def showEvent(self, event: QShowEvent) -> None:
        """What was stopped when the page was left begins again."""
        super().showEvent(event)
        if self._known:
            self.refresh()

    def _build(self) -> None:
        px = current_theme().px
        tools = QHBoxLayout(self.tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(px(8))
        tools.addWidget(self.check)
        tools.addWidget(self.publish)
        self.pane = ScrollPane("publication_pane", "Publication register", margin=0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.pane)
        column = self.pane.body
        column.setContentsMargins(0, px(4), 0, px(8))
        column.setSpacing(px(12))
        column.addWidget(self.asking)
        column.addWidget(self.counting)
        self._told = QVBoxLayout()
        column.addLayout(self._told)
        self.card = GridCard(self.pane)
        self.period = ChoiceField("period", "", (), none_words="")
        self.period.combo.setAccessibleName("The table of")
        self.period.setFixedWidth(px(336))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.period)
        row.addStretch(1)
        self.card.over.insertLayout(0, row)
        self.notes = Notes()
        column.addWidget(self.card)
        column.addWidget(self.notes)
        column.addStretch(1)
        self.card.hide()
        self.notes.hide()
        starts_at(self, self.asking.fields["table"])

    def _connect(self) -> None:
        self.asking.wanted.connect(self.ask)
        self.asking.edited.connect(self._set_publish)
        self.publish.triggered.connect(self._ask_to_publish)
        self.check.triggered.connect(self._choose_table)
        self.period.edited.connect(lambda _key, _value: self._show_sheet())
        self.card.opened.connect(self._open)
        self.counting.stopped.connect(self._stopped)
        self._session.changed.connect(self._changed)

    def _offer(self, titles: tuple[str, ...]) -> None:
        self._known = True
        self.asking.set_tables(titles)
        self.ask()

    # Counting

    def asked(self) -> Asked | None:
        """What is asked for; None where something in it is wrong, which is said then."""
        days = self.asking.days() if self.asking.check() else None
        if days is None:
            return None
        first, last = days
        per = Per(self.asking.text("per"))
        control = self.asking.control()
        return Asked(table=self.asking.text("table"), first=first, last=last, per=per, control=control)

    def ask(self) -> None:
        """Counts what is asked for."""
        asked = self.asked()
        if asked is not None and not self.counting.lasting:
            self._stale = False
            self.counting.run("Counting…", lambda desk: publication(desk, asked), self._show, self._failed)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refused):
            self.asking.show_problem("per", str(error))
        else:
            self._session.show_error(self, error)

    def _stopped(self) -> None:
        self._session.toasted.emit("It was stopped. Nothing was counted or published.")

    def _show(self, made: Publication) -> None:
        self.made = made
        titles = [grid.title for grid in made.report.grids]
        self.period.set_options([(str(at), title) for at, title in enumerate(titles)])
        # The whole of them where there is one, else the latest.
        self.period.combo.setCurrentIndex(len(titles) - 1)
        self.notes.show_notes(made.report.notes)
        self._tell(made)
        self._show_sheet()
        self.card.show()
        self._set_publish()

    def _tell(self, made: Publication) -> None:
        """Says over the table what is the matter with it."""
        clear_layout(self._told)
        if made.faults:
            more = len(made.faults) - _MOST_FAULTS
            named = " ".join(made.faults[:_MOST_FAULTS]) + (f" And {more} more." if more > 0 else "")
            self._told.addWidget(Banner("error", f"The table does not add up, so it cannot be published. {named}"))
        elif not any(any(row) for sheet in made.counted for row in sheet.figures.values()):
            words = "No request was open, received or answered in these days."
            self._told.addWidget(Banner("info", words))

    def _at(self) -> int:
        return max(0, self.period.combo.currentIndex())

    def _show_sheet(self) -> None:
        if self.made is None:
            return
        at = self._at()
        grid = self.card.show_grid(self.made.report.grids[at], self.made.asked.control.star)
        starts_at(self, grid)

    def _open(self, row: int, column: int) -> None:
        """Lists the cases behind a figure, or says why there are none to list."""
        made, at = self.made, self._at()
        if made is None or self.card.grid is None or self.counting.lasting:
            return
        cell = made.report.grids[at].rows[row].cells[column]
        if cell == HIDDEN:
            self._session.toasted.emit("This figure is kept back, and so are its cases")
        elif not cell:
            self._session.toasted.emit("There is no case behind this figure")
        else:
            name = self.card.name_of(row, column)
            where = f"{made.asked.table}, {made.report.grids[at].title}"
            place = made.place(at, row, column)

            def show(found: array[int]) -> None:
                self._session.figure_wanted.emit(Figure(name, where, found))

            self.counting.run("Looking for its cases…", lambda desk: behind(desk, made.asked, place), show)

    def _changed(self, changed: Changed) -> None:
        if "case" in changed.kinds:
            self._stale = True

    # Publishing

    def _set_publish(self) -> None:
        self.publish.set_off(self._why_not())

    def _why_not(self) -> str:
        if self._session.desk.user.role not in PUBLISHING:
            return "The guardian, a records officer or an administrator publishes a table."
        if self.made is None:
            return _NO_TABLE_YET
        if self.made.faults:
            return "The table does not add up. What is wrong is said above it."
        return _EDITED if not self._is_shown() else ""

    def _is_shown(self) -> bool:
        """Whether the table that is shown is the one that is asked for."""
        made, asking = self.made, self.asking
        days = asking.days()
        if made is None or days is None:
            return False
        now = (asking.text("table"), *days, asking.text("per"), asking.control())
        asked = made.asked
        return now == (asked.table, asked.first, asked.last, asked.per.value, asked.control)

    def _ask_to_publish(self) -> None:
        made = self.made
        if made is None:
            return
        asked = made.asked
        title = f"Publish “{asked.table}”, {day(asked.first)} to {day(asked.last)}?"
        words = _PUBLISHED + (_ONE_WAY if asked.control.below else _OTHER_WAY)
        if dialogs.confirm(self, title, words, "Choose a file…"):
            days = (asked.first.isoformat(), "to", asked.last.isoformat())
            out = choose_file(self, "Publish the table", asked.table, *days)
            if out is not None:
                self.save(out)

    def save(self, out: Made) -> None:
        """Publishes the table that is shown to a file."""
        if self.made is None:
            return
        asked = self.made.asked

        def written(_made: Publication) -> None:
            self.publish.set_busy(False)
            self._session.toasted.emit(f"Published as {out.out.name}")

        def failed(error: Exception) -> None:
            self.publish.set_busy(False)
            if isinstance(error, OSError):
                dialogs.inform(self, "Nothing was published", not_written(error))
            else:
                self._session.show_error(self, error)

        self.publish.set_busy(True)
        self.counting.run("Publishing…", lambda desk: publish(desk, asked, out), written, failed, lasting=True)

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
                self._session.show_error(self, error)

        self.counting.run("Checking the table…", lambda _desk: check_published(path), show, failed)
