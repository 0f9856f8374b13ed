"""Many letters at once: chosen from those that are ready, issued, printed and copied, with a result for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from db.records import Changed
from desktop.casework.batch import (
    Batch,
    Print,
    ReadyLetter,
    Result,
    Unprinted,
    ready_letters,
    results_text,
    run_batch,
)
from desktop.casework.consulting import copied_list
from desktop.casework.desk import Desk
from desktop.policy.letterkinds import TITLES
from desktop.policy.wording import figures, plural
from desktop.ui import dialogs
from desktop.ui.kit.button import MAIN, PLAIN, Link
from desktop.ui.kit.pagedmodel import Column, PagedModel
from desktop.ui.kit.table import Table
from desktop.ui.kit.text import Text
from desktop.ui.kit.ticks import Tick
from desktop.ui.pages import NotShown, PrintError, choose_printer, print_pages
from desktop.ui.session import Session
from desktop.ui.theme import current_theme
from desktop.ui.working import WorkingDialog

_HIGH = 300
_NAME = "tracing-desk-letters"


class BatchDialog(WorkingDialog):
    """The letters that are ready, what is done with them, and what became of each."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent, "issue_letters", "Issue letters", width=860)
        self._session = session
        self._letters: dict[int, ReadyLetter] = {}
        self._ticked: set[int] = set()
        self.results: tuple[Result, ...] = ()
        self.table = self._choices()
        self.outcome = self._outcomes()
        self.lead = Text("", "body", "text-2", wrap=True)
        self.said = Text("", "label", wrap=True)
        self.every, self.none = Link("Tick all", "body", name="tick_all"), Link("Tick none", "body", name="tick_none")
        self.print = Tick("Print them", "print_them")
        self.save = Tick("Save a copy of each in a folder", "save_them")
        self._build()
        self.copy = self.add_button("Copy the results", PLAIN, self._copy, "copy_results")
        self.copy.hide()
        self.button = self.add_button("Issue the letters", MAIN, self._go, "yes")
        self.cancel = self.add_button("Cancel")
        self._connect()
        self._show_ticked()
        self.table.setFocus()
        session.run(self, ready_letters, done=self._show)

    # Building

    def _choices(self) -> Table[ReadyLetter]:
        columns: tuple[Column[ReadyLetter], ...] = (
            Column(
                "",
                lambda _row: "",
                width=48,
                icon=lambda row: "square-check" if row.case_id in self._ticked else "square",
                spoken=lambda row: "Ticked" if row.case_id in self._ticked else "Not ticked",
            ),
            Column("Reference", lambda row: row.reference, width=132, style="label", elide=False),
            Column("Letter", lambda row: TITLES[row.kind], width=172),
            Column("To", lambda row: row.body),
        )

        def fetch(ids: Sequence[int], deliver: Callable[[Sequence[ReadyLetter]], None]) -> None:
            deliver([self._letters[one] for one in ids])

        model: PagedModel[ReadyLetter] = PagedModel(columns, fetch, lambda row: row.case_id, self)
        return Table("ready_letters", "Letters that are ready to be issued", model, dense=False)

    def _outcomes(self) -> Table[Result]:
        columns: tuple[Column[Result], ...] = (
            Column("Reference", lambda row: row.reference, width=132, style="label", elide=False),
            Column(
                "What became of it",
                lambda row: row.words(),
                icon=lambda row: "circle-check" if row.well else "circle-alert",
            ),
        )

        def fetch(ids: Sequence[int], deliver: Callable[[Sequence[Result]], None]) -> None:
            known = {one.case_id: one for one in self.results}
            deliver([known[one] for one in ids])

        model: PagedModel[Result] = PagedModel(columns, fetch, lambda row: row.case_id, self)
        return Table("letter_results", "What became of each letter", model, dense=False)

    def _build(self) -> None:
        px = current_theme().px
        self.body.addWidget(self.lead)
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addWidget(self.said, 1)
        row.addWidget(self.every)
        row.addWidget(self.none)
        self.body.addLayout(row)
        for table in (self.table, self.outcome):
            table.setMinimumHeight(min(px(_HIGH), self.most_high // 2))
            self.body.addWidget(table, 1)
        self.outcome.hide()
        ticks = QVBoxLayout()
        ticks.setSpacing(0)
        ticks.addWidget(self.print)
        ticks.addWidget(self.save)
        self.body.addLayout(ticks)
        self.body.addWidget(self.bar)

    def _connect(self) -> None:
        self.table.previewed.connect(lambda row: self._toggle(row.case_id))
        self.table.opened.connect(lambda row: self._toggle(row.case_id))
        self.table.clicked.connect(lambda at: self._toggle(self.table.paged.ids[at.row()]) if not at.column() else None)
        self.every.clicked.connect(self._tick_all)
        self.none.clicked.connect(lambda: self._tick(set()))
        self.moved.connect(self._progress)
        key = QShortcut(QKeySequence("Ctrl+A"), self.table)
        key.setContext(Qt.ShortcutContext.WidgetShortcut)
        key.activated.connect(self._tick_all)

    # Choosing

    def _show(self, letters: tuple[ReadyLetter, ...]) -> None:
        self._letters = {one.case_id: one for one in letters}
        if letters:
            words = "Each letter is numbered and fixed for good, its case closes and its retention timer starts."
        else:
            words = "No letter of yours is ready to be issued. One is once its request is decided and released."
        self.lead.setText(words)
        self.table.show_ids(list(self._letters))
        self._tick(set(self._letters))
        if letters:
            self.table.selectRow(0)

    def _toggle(self, case_id: int) -> None:
        self._tick(self._ticked ^ {case_id})

    def _tick_all(self) -> None:
        self._tick(set(self._letters))

    def _tick(self, ticked: set[int]) -> None:
        self._ticked = ticked
        self.table.viewport().update()
        self._show_ticked()

    def _show_ticked(self) -> None:
        count = len(self._ticked)
        self.said.setText(f"{figures(count)} of {plural(len(self._letters), 'letter')} ticked")
        self.button.setText(f"Issue {plural(count, 'letter')}" if count else "Issue the letters")
        self.button.set_off("" if count else "Tick the letters first.")

    # Issuing

    def _go(self) -> None:
        """Asks for the printer and the folder, then whether to begin; and begins."""
        letters = tuple(one for one in self._letters.values() if one.case_id in self._ticked)
        prints, folder = None, None
        if self.print.isChecked():
            printer = choose_printer(self, _NAME)
            if printer is None:
                return
            prints = printing(printer)
        if self.save.isChecked():
            chosen = QFileDialog.getExistingDirectory(self, "Choose a folder for the copies")
            if not chosen:
                return
            folder = Path(chosen)
        many = plural(len(letters), "letter")
        if dialogs.confirm(self, f"Issue {many}?", "Nothing that is issued can be taken back.", f"Issue {many}"):
            self.begin(Batch(letters=letters, print=prints, folder=folder))

    def begin(self, batch: Batch) -> None:
        """Runs the batch on the store's thread. The bar comes once it takes long enough to be worth it."""
        self.start()
        self.button.set_busy(True)
        for one in (self.table, self.every, self.none, self.print, self.save):
            one.setEnabled(False)

        def runs(desk: Desk) -> tuple[Result, ...]:
            return run_batch(desk, batch, self.told)

        self._session.run(self, runs, done=self._done, failed=self._failed)

    def _progress(self, done: int, of: int) -> None:
        self.said.setText(f"{figures(done)} of {plural(of, 'letter')} done")

    def _failed(self, error: Exception) -> None:
        self.rest()
        self._session.show_error(self, error)
        self.reject()

    def _done(self, results: tuple[Result, ...]) -> None:
        self.rest()
        self.results = results
        issued = [one for one in results if one.number is not None]
        self.lead.hide()
        self.said.setText(f"{figures(len(issued))} of {plural(len(results), 'letter')} issued")
        for one in (self.table, self.every, self.none, self.print, self.save, self.button):
            one.hide()
        self.outcome.show()
        self.outcome.show_ids([one.case_id for one in results])
        self.copy.show()
        self.cancel.setText("Close")
        self.outcome.setFocus()
        self._session.changed.emit(Changed(frozenset(one.case_id for one in issued), frozenset({"case"})))
        self._session.toasted.emit(f"{plural(len(issued), 'letter')} issued")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(results_text(self.results))
        self._session.run(self, copied_list, "batch", len(self.results), done=lambda _nothing: None)


def printing(printer: QPrinter) -> Print:
    """Prints each letter as a job of its own, so that no two share a sheet; into files, each under its reference."""
    into = printer.outputFileName()

    def prints(reference: str, pdf: bytes) -> None:
        printer.setDocName(reference)
        if into:
            printer.setOutputFileName(str(Path(into).with_name(f"{reference}.pdf")))
        try:
            print_pages(printer, pdf)
        except (PrintError, NotShown) as error:
            raise Unprinted from error

    return prints
