"""Imports a file of requests: each step says what the next one will do, and nothing is imported before the last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.casework.desk import Desk, Refused
from desktop.casework.intake import (
    Batch,
    Imported,
    Stopped,
    columns_for,
    import_batch,
    look_through,
    save_rows_to_send_back,
)
from desktop.policy.fields import parse_date
from desktop.policy.intake import Target
from desktop.policy.tables import MOST_BYTES, NotATable, read_table
from desktop.policy.tables import Table as Sent
from desktop.policy.wording import figures, plural
from desktop.ui.intake.columns import ColumnChoices
from desktop.ui.kit.button import MAIN, Button, Link
from desktop.ui.kit.dates import DateField
from desktop.ui.kit.inputs import ChoiceField
from desktop.ui.kit.notices import Banner
from desktop.ui.kit.pagedmodel import Column, PagedModel
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.table import Table
from desktop.ui.kit.text import Text
from desktop.ui.session import Session
from desktop.ui.theme import current_theme
from desktop.ui.working import WorkingDialog

_HIGH = 380
_SHOWN = 20
"""So many rows are told by their numbers."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is wrong, or one row that is a case already."""

    number: int
    row: int
    heading: str
    message: str


_COLUMNS: tuple[Column[Line], ...] = (
    Column("Row", lambda line: str(line.row), width=64, right=True, elide=False),
    Column("Column", lambda line: line.heading, width=180),
    Column("What is wrong, or to look at", lambda line: line.message),
)


@dataclass(frozen=True, slots=True)
class _Loaded:
    content: bytes
    table: Sent
    columns: tuple[Target | None, ...]


def _load(desk: Desk, path: Path, agreement_id: str, sheet: str, head: int) -> _Loaded:
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    table = read_table(content, sheet, head)
    return _Loaded(content, table, columns_for(desk, agreement_id, table))


class ImportDialog(WorkingDialog):
    """The file, its columns, the report of its rows, the import. ``imported`` when drafts were made."""

    imported = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent, "import_requests", "Import many requests", width=860)
        self._session = session
        self._loaded: _Loaded | None = None
        self.batch: Batch | None = None
        titles = {one.id: one.short_title for one in session.desk.agreements.all()}
        options = sorted(titles.items(), key=lambda one: one[1].casefold())
        self.agreement = ChoiceField("import_agreement", "Agreement", options)
        self.received = DateField("import_received", "Received on", hint="For rows that do not say the day.")
        self.file = Button("Choose a file…", icon="upload", name="choose_file")
        self.sheet = ChoiceField("import_sheet", "Sheet", ())
        self.head = ChoiceField("import_head", "Headings in", ())
        self.columns = ColumnChoices()
        self._lines: dict[int, Line] = {}
        self.model: PagedModel[Line] = PagedModel(_COLUMNS, self._fetch, lambda line: line.number, self)
        self.table: Table[Line] = Table("import_problems", "What is wrong, or to look at", self.model)
        self.whole = Text("", "small", "text-2", wrap=True)
        self.said = Text("", "body", wrap=True)
        self.send_back = Link("Save the rows to send back…", "body", name="send_back")
        self._steps = QStackedWidget()
        self._build()
        self.cancel = self.add_button("Cancel", then=self._cancel)
        self.button = self.add_button("Look through the file", MAIN, then=self._go_on)
        self._connect()
        self._show_step(0)
        self.agreement.focus()

    def _build(self) -> None:
        px = current_theme().px
        for title, widgets in (
            ("The file and its columns", (self._first(), self.columns)),
            ("What the file says", (self.said, self.send_back, self.table, self.whole)),
        ):
            page = QWidget()
            column = QVBoxLayout(page)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(px(12))
            scrolls = widgets[-1] is self.columns
            for widget in widgets[:-1] if scrolls else widgets:
                column.addWidget(widget)
            if scrolls:
                pane = ScrollPane("import_columns", title, ground="surface", margin=0)
                pane.body.addWidget(self.columns)
                pane.body.addStretch(1)
                column.addWidget(pane, 1)
            self._steps.addWidget(page)
        self._steps.setMinimumHeight(min(px(_HIGH), self.most_high))
        self.body.addWidget(self._steps, 1)
        self.body.addWidget(self.bar)

    def _first(self) -> QWidget:
        holder = QWidget()
        px = current_theme().px
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(10))
        lead = "A CSV file or an Excel workbook with a heading over each column. Nothing is imported before you say so."
        column.addWidget(Text(lead, "body", "text-2", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(px(24))
        row.addWidget(self.agreement, 1)
        row.addWidget(self.received)
        column.addLayout(row)
        line = QHBoxLayout()
        line.setSpacing(px(12))
        line.addWidget(self.file)
        self._named = Text("", "small", "text-2", elide=True)
        line.addWidget(self._named, 1)
        column.addLayout(line)
        where = QHBoxLayout()
        where.setSpacing(px(24))
        where.addWidget(self.sheet, 1)
        where.addWidget(self.head, 2)
        column.addLayout(where)
        self.sheet.hide()
        self.head.hide()
        self._wrong = Banner("error", "")
        self._wrong.hide()
        column.addWidget(self._wrong)
        return holder

    def _connect(self) -> None:
        self.agreement.edited.connect(self._again)
        self.file.triggered.connect(self._choose)
        self.sheet.edited.connect(self._other_sheet)
        self.head.edited.connect(self._other_head)
        self.table.moved.connect(self._show_whole)
        self.send_back.clicked.connect(self._save)

    def _show_step(self, at: int) -> None:
        self._steps.setCurrentIndex(at)
        self.cancel.setText("Back" if at else "Cancel")
        if at == 0:
            self.button.setText("Look through the file")
            self.button.set_off("" if self._loaded is not None else "Choose an agreement and a file first.")
        elif self.batch is not None:
            count = len(self.batch.good)
            self.button.setText(f"Import {plural(count, 'request')}" if count else "Import")
            off = self.batch.imported_before or ("" if count else "There is no row to import.")
            self.button.set_off(off)

    # The file

    def _again(self, *_what: object) -> None:
        """Another agreement has other fields: the file is read anew."""
        if self._path is not None:
            self.read(self._path)

    _path: Path | None = None

    def _choose(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(self, "Choose the file", "", "Tables (*.csv *.txt *.xlsx)")
        if chosen:
            self.read(Path(chosen))

    def _other_sheet(self, *_what: object) -> None:
        if self._path is not None:
            self.read(self._path, str(self.sheet.value()))

    def _other_head(self, *_what: object) -> None:
        if self._path is not None:
            self.read(self._path, str(self.sheet.value() or ""), int(str(self.head.value() or 0)))

    def read(self, path: Path, sheet: str = "", head: int = 0) -> None:
        """Reads a file, or a sheet of it with its headings in a row, and offers its columns."""
        self._path, self._loaded = path, None
        agreement_id = str(self.agreement.value())
        if not agreement_id:
            self.agreement.show_problem("Choose the agreement first.")
            self.agreement.focus()
            return
        self.agreement.clear_problem()
        self._named.setText(path.name)
        load = partial(_load, sheet=sheet, head=head)
        self._session.run(self, load, path, agreement_id, done=self._has, failed=self._failed)

    def _has(self, loaded: _Loaded) -> None:
        self._wrong.hide()
        self._loaded = loaded
        self._named.setText(f"{self._path.name if self._path else ''}: {plural(len(loaded.table.rows), 'row')}")
        table = loaded.table
        self.sheet.set_options([(one, one) for one in table.sheets])
        self.sheet.set_value(table.sheet)
        self.sheet.setVisible(len(table.sheets) > 1)
        self.head.set_options([(str(number), f"Row {number}: {words}") for number, words in table.beginnings])
        self.head.set_value(str(table.head))
        self.head.show()
        agreement = self._session.desk.agreements.get(str(self.agreement.value()))
        self.columns.show_table(agreement, loaded.table, loaded.columns)
        self._show_step(0)

    def _failed(self, error: Exception) -> None:
        self._over()
        if isinstance(error, Stopped):
            self._show_step(self._steps.currentIndex())
            self._session.toasted.emit(str(error))
            return
        if isinstance(error, NotATable | Refused | OSError):
            words = f"The file cannot be read: {error.strerror}." if isinstance(error, OSError) else str(error)
            self._wrong.sentence.setText(words)
            self._wrong.show()
            self._show_step(0)
        else:
            self._session.show_error(self, error)

    # The steps

    def _go_on(self) -> None:
        if self._steps.currentIndex() == 0:
            self._look()
        else:
            self._import()

    def _look(self) -> None:
        loaded = self._loaded
        if loaded is None:
            return
        columns, received = self.columns.columns(), parse_date(self.received.value())
        agreement_id = str(self.agreement.value())

        def look(desk: Desk) -> Batch:
            return look_through(
                desk, agreement_id, loaded.content, loaded.table, columns, received=received, progress=self.told
            )

        self._begin()
        self._session.run(self, look, done=self._looked, failed=self._failed)

    def _looked(self, batch: Batch) -> None:
        self._over()
        self.batch = batch
        rows = len(batch.table.rows)
        parts = [
            batch.imported_before or f"{figures(len(batch.good))} of {plural(rows, 'row')} can be imported as drafts."
        ]
        if batch.wrong:
            parts.append(f"{plural(len(batch.wrong), 'row')} cannot, for the reasons below.")
        if batch.known:
            parts.append(f"{plural(len(batch.known), 'row')} came before, by the requester’s own reference.")
        if batch.doubts:
            parts.append("Some that can are worth a look first.")
        if batch.unused:
            parts.append(f"Not used: {', '.join(batch.unused)}.")
        self.said.setText(" ".join(parts))
        self.send_back.setVisible(bool(batch.wrong))
        found = [(one.number, problem.heading, problem.message) for one in batch.wrong for problem in one.problems] + [
            (one.number, "", f"It is {one.reference} already.") for one in batch.known
        ]
        look = "To look at, imported all the same:"
        found += [(one.rows[0], one.heading, f"{look} {one.words}{_also(one.rows)}") for one in batch.doubts]
        lines = [Line(number, *told) for number, told in enumerate(sorted(found), 1)]
        self._lines = {one.number: one for one in lines}
        self.table.show_ids(list(self._lines))
        self.table.setVisible(bool(lines))
        self._show_step(1)
        (self.table if lines else self.button).setFocus()

    def _show_whole(self, line: Line | None) -> None:
        """The reason in the table may be cut short: the whole of it stands below."""
        self.whole.setText(f"Row {line.row}: {line.message}" if line is not None else "")

    def _import(self) -> None:
        batch = self.batch
        if batch is None or not batch.good:
            return
        self._begin()
        self._session.run(
            self, lambda desk: import_batch(desk, batch, self.told), done=self._imported, failed=self._failed
        )

    def _imported(self, made: Imported) -> None:
        self._over()
        held = f", {figures(made.held)} of them held" if made.held else ""
        self._session.toasted.emit(f"{plural(len(made.references), 'request')} imported as drafts{held}")
        self.imported.emit()
        self.accept()

    def _save(self) -> None:
        batch = self.batch
        if batch is None:
            return
        chosen, _filter = QFileDialog.getSaveFileName(self, "Save the rows to send back", "rows-to-send-back.csv")
        if chosen:
            self.save_rows(Path(chosen))

    def save_rows(self, path: Path) -> None:
        """Writes the rows that are wrong, with why, to a new file."""
        batch = self.batch
        if batch is not None:
            # The person chose to replace a file that is there.
            save = partial(save_rows_to_send_back, replace=True)
            said = "The rows to send back were saved"

            def done(_count: int) -> None:
                self._session.toasted.emit(said)

            self._session.run(self, save, batch, path, done=done, failed=self._failed)

    # Progress

    def _begin(self) -> None:
        self.start()
        self.button.set_busy(True)

    def _over(self) -> None:
        self.rest()
        self.cancel.setText("Back" if self._steps.currentIndex() else "Cancel")
        self.button.set_busy(False)

    def _cancel(self) -> None:
        """While it works: stops it. Else goes a step back, or closes."""
        if self.working or self._steps.currentIndex() == 0:
            self.reject()
        else:
            self._show_step(0)

    def _fetch(self, ids: Sequence[int], deliver: Callable[[Sequence[Line]], Any]) -> None:
        deliver([self._lines[one] for one in ids])


def _also(rows: Sequence[int]) -> str:
    """The other rows of which the same is said."""
    others = [str(one) for one in rows[1:]]
    if not others:
        return ""
    more = f" and {figures(len(others) - _SHOWN)} more" if len(others) > _SHOWN else ""
    return f" Also row{'s' if len(others) > 1 else ''} {', '.join(others[:_SHOWN])}{more}."
