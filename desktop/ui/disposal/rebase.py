"""The timers that today's rules give another date: each is shown before any of them moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from db.records import Changed
from desktop.casework.desk import Invalid
from desktop.casework.rebasing import MovedDate, Rebase, moved_dates, rebase
from desktop.policy.wording import day, figures, plural
from desktop.ui.admin.storekey import confirmed, second_person
from desktop.ui.kit.inputs import TextField
from desktop.ui.kit.pagedmodel import Column, PagedModel
from desktop.ui.kit.table import Table
from desktop.ui.kit.text import Text
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

_COLUMNS: tuple[Column[MovedDate], ...] = (
    Column("Reference", lambda row: row.reference, width=132, style="label", elide=False),
    Column("Was due", lambda row: day(row.before), width=160, elide=False),
    Column("Will be due", lambda row: day(row.after), width=160, elide=False),
    Column("Rule of today", lambda row: f"{row.rule[:1].upper()}{row.rule[1:]}"),
)


class RebaseDialog(RecordDialog):
    """Every date that moves, why the new rule is to count, and who else says so."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        why = TextField("because", "Why", hint="It is kept with each timer. Name nobody.", lines=2)
        fields = {"because": why, **second_person()}
        title = "New rules for timers that run"
        super().__init__(title, "rebase", "Move the dates", fields, parent, width=860)
        self._session = session
        self._rows: dict[int, MovedDate] = {}
        self.lead = Text("", "body", "text-2", wrap=True)

        def fetch(ids: Sequence[int], deliver: Callable[[Sequence[MovedDate]], None]) -> None:
            deliver([self._rows[one] for one in ids])

        model: PagedModel[MovedDate] = PagedModel(_COLUMNS, fetch, lambda row: row.case_id, self)
        self.table: Table[MovedDate] = Table("moved_dates", "Dates that move", model, dense=False)
        self.table.setMinimumHeight(min(current_theme().px(200), self.most_high // 2))
        self.body.insertWidget(1, self.lead)
        self.body.insertWidget(2, self.table, 1)
        self.button.set_off("No date moves.")
        self.wanted.connect(self._move)
        self.table.setFocus()
        session.run(self, moved_dates, done=self._show)

    def _show(self, rows: tuple[MovedDate, ...]) -> None:
        self._rows = {one.case_id: one for one in rows}
        self.table.show_ids(list(self._rows))
        for field in self.fields.values():
            field.setVisible(bool(rows))
        if rows:
            earlier = sum(row.after < row.before for row in rows)
            words = f"{plural(len(rows), 'timer')} would get another date, {figures(earlier)} of them an earlier one. "
            self.lead.setText(f"{words}Nothing is destroyed by it. A timer that somebody kept longer keeps its date.")
            self.button.setText(f"Move {plural(len(rows), 'date')}")
            self.button.set_off("")
        else:
            self.lead.setText("Every timer runs by the rule that its agreement has today.")

    def _move(self) -> None:
        def done(count: int) -> None:
            self.accept()
            self._session.changed.emit(Changed(kinds=frozenset({"case"})))
            self._session.toasted.emit(f"{plural(count, 'date')} moved")

        seen = tuple((one.case_id, one.after) for one in self._rows.values())
        try:
            second, password = confirmed(self)
        except Invalid as error:
            self.show_problems(error.problems)
            return
        command = Rebase(seen=seen, because=self.text("because"), second=second, password=password)
        self.run(self._session, rebase, command, done)
