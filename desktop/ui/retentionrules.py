"""The register of retention rules in the Retention window: to be read, and to be saved as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.casework.desk import Desk
from desktop.casework.retentionrules import RuleRow, retention_rules, save_retention_rules
from desktop.ui import dialogs
from desktop.ui.case.words import short_source
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import PLAIN, Button
from desktop.ui.kit.card import Card, Facts
from desktop.ui.kit.pagedmodel import Column, PagedModel
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.table import Table
from desktop.ui.kit.text import Text
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

_COLUMNS: tuple[Column[tuple[int, RuleRow]], ...] = (
    Column("Agreement", lambda row: row[1].agreement, width=360, style="label"),
    Column("Rule", lambda row: f"{row[1].rule[:1].upper()}{row[1].rule[1:]}"),
)
_LEAD = (
    "Each agreement says how long its cases are kept. The periods are the least: a date that comes is a reminder to "
    "review. A closed case stays under the rule of its day until New rules puts it under that of today."
)


class RulesPart(QWidget):
    """The list of rules, and under it the one that is chosen, with its authority and source."""

    key = "rules"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        name_widget(self, "rules_part", "Retention rules")
        self._rows: list[RuleRow] = []

        def fetch(ids: Sequence[int], deliver: Callable[[Sequence[tuple[int, RuleRow]]], None]) -> None:
            deliver([(one, self._rows[one - 1]) for one in ids])

        model: PagedModel[tuple[int, RuleRow]] = PagedModel(_COLUMNS, fetch, lambda row: row[0], self)
        self.table = Table("rules_table", "Retention rules", model, dense=False)
        self.facts = Facts(150)
        self.button = Button("Save the register…", PLAIN, "save", name="save_rules")
        self._build()
        self.table.moved.connect(self._selected)
        self.button.triggered.connect(self._save)

    def refresh(self) -> None:
        """Reads the rules again; the selected one stays."""
        self._session.run(self, retention_rules, done=self._show)

    def panes(self) -> list[QWidget]:
        """For F6."""
        return [self.table, self.button]

    def _build(self) -> None:
        px = current_theme().px
        # With large text the table keeps some rows, and the whole scrolls.
        pane = ScrollPane("rules_pane", "Retention rules", margin=0)
        column = pane.body
        column.setSpacing(px(12))
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(pane)
        self.table.setMinimumHeight(px(160))
        line = QHBoxLayout()
        line.setSpacing(px(16))
        line.addWidget(Text(_LEAD, "body", "text-2", wrap=True), 1)
        line.addWidget(self.button)
        column.addLayout(line)
        card = Card(padded=False)
        card.body.addWidget(self.table)
        column.addWidget(card, 1)
        below = Card()
        below.body.addWidget(self.facts)
        column.addWidget(below)
        self.setFocusProxy(self.table)

    def _show(self, rows: tuple[RuleRow, ...]) -> None:
        current = self.table.current_row()
        self._rows = list(rows)
        self.table.show_ids(range(1, len(rows) + 1), keep=current[0] if current is not None else 1)
        self._selected(self.table.current_row())

    def _selected(self, row: tuple[int, RuleRow] | None) -> None:
        if row is None:
            return
        one = row[1]
        found: list[tuple[str, str | QWidget]] = [
            ("Record", one.record),
            ("Starts when", one.starts),
            ("Kept at least", one.period),
        ]
        if one.anyway:
            found.append(("Reviewed anyway", one.anyway))
        self.facts.set_facts([*found, ("Authority", one.authority), ("Source", short_source(one.source))])

    def _save(self) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(
            self, "Save the register of retention rules", "retention-rules.csv", "CSV (*.csv)"
        )
        if chosen:
            self.save(Path(chosen))

    def save(self, path: Path) -> None:
        """Writes the register to a file."""

        def write(desk: Desk) -> None:
            save_retention_rules(desk, path)

        def failed(error: Exception) -> None:
            if isinstance(error, OSError):
                dialogs.inform(self, "The register was not saved", f"{error.strerror or error}.")
            else:
                self._session.show_error(self, error)

        toast = f"Saved as {path.name}"
        self._session.run(self, write, done=lambda _nothing: self._session.toasted.emit(toast), failed=failed)
