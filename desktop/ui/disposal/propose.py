"""What is due for review: ticked cases are proposed for destruction, or kept longer for a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from db.records import Changed
from desktop.casework.desk import Invalid
from desktop.casework.disposal import Candidate, ProposeRun, Retain, candidates, propose_run, retain
from desktop.policy.disposal import GRACE_DAYS, KEPT_WORDS
from desktop.policy.fields import Problem, parse_date
from desktop.policy.life import OUTCOME_WORDS
from desktop.policy.wording import day, figures, lower_first, plural
from desktop.ui.dialogs import Dialog
from desktop.ui.disposal.transfer import ask_transfer
from desktop.ui.kit.button import MAIN, PLAIN, Link
from desktop.ui.kit.dates import DateField
from desktop.ui.kit.error_summary import ErrorSummary
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import TextField
from desktop.ui.kit.pagedmodel import Column, PagedModel
from desktop.ui.kit.table import Table
from desktop.ui.kit.text import Text
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

STAYS = (
    "What stays of each case is a stub: reference, agreement and version, dates, outcome, who decided, the rule and "
    "the certificate. Everything that identifies anyone goes, and cannot be brought back."
)
_WIDE, _HIGH = 900, 300
_WHAT = 3
"""The column that gives way to why a case cannot go, where large text leaves less room."""


class ProposeDialog(Dialog):
    """The cases whose date has come, with why each cannot go now, and why those that are ticked are to go."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent, "propose_run", "Due for review: destroy or keep", width=_WIDE)
        self._session = session
        self._rows: dict[int, Candidate] = {}
        self._ticked: set[int] = set()
        self.summary = ErrorSummary()
        self.table = self._choices()
        self.said = Text("", "label", wrap=True)
        self.whole = Text("", "small", "text-2", wrap=True)
        """What the chosen case was, why it cannot go now and its rule, for which its row may have no room."""
        self.every, self.none = Link("Tick all", "body", name="tick_all"), Link("Tick none", "body", name="tick_none")
        self.why = TextField(
            "because",
            "Why they are to be destroyed",
            hint="It stands on the certificate for good: name nobody.",
            lines=2,
        )
        self._build()
        self.button = self.add_button("Propose to destroy", MAIN, self._propose, "propose")
        self.longer = self.add_button("Keep them longer…", PLAIN, self._ask_longer, "keep_longer")
        self.over = self.add_button("Hand them over…", PLAIN, self._ask_over, "hand_over")
        self.cancel = self.add_button("Cancel", PLAIN, self.reject, "cancel")
        self._connect()
        self._show_ticked()
        self.table.setFocus()
        session.run(self, candidates, done=self._show)

    def _choices(self) -> Table[Candidate]:
        columns: tuple[Column[Candidate], ...] = (
            Column("", lambda _row: "", width=48, icon=self._icon, spoken=self._spoken),
            Column("Reference", lambda row: row.reference, width=132, style="label", elide=False),
            Column("Due", lambda row: day(row.due_on), width=150, elide=False),
            Column("What it was", lambda row: OUTCOME_WORDS[row.outcome], width=130),
            Column("Why not now, or rule", _rule),
        )

        def fetch(ids: Sequence[int], deliver: Callable[[Sequence[Candidate]], None]) -> None:
            deliver([self._rows[one] for one in ids])

        model: PagedModel[Candidate] = PagedModel(columns, fetch, lambda row: row.case_id, self)
        return Table("due_cases", "Cases whose review is due", model, dense=False)

    def _icon(self, row: Candidate) -> str:
        if row.against:
            return "lock"
        return "square-check" if row.case_id in self._ticked else "square"

    def _spoken(self, row: Candidate) -> str:
        if row.against:
            return "Cannot go"
        return "Ticked" if row.case_id in self._ticked else "Not ticked"

    def _build(self) -> None:
        px = current_theme().px
        self.lead = Text(STAYS, "body", "text-2", wrap=True)
        self.body.addWidget(self.summary)
        self.body.addWidget(self.lead)
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addWidget(self.said, 1)
        row.addWidget(self.every)
        row.addWidget(self.none)
        self.body.addLayout(row)
        self.table.setColumnHidden(_WHAT, self.width() < px(_WIDE))
        self.table.setMinimumHeight(min(px(_HIGH), self.most_high // 2))
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.whole)
        self.body.addWidget(self.why)

    def _connect(self) -> None:
        self.table.moved.connect(self._show_whole)
        self.table.previewed.connect(lambda row: self._toggle(row.case_id))
        self.table.opened.connect(lambda row: self._toggle(row.case_id))
        self.table.clicked.connect(lambda at: self._toggle(self.table.paged.ids[at.row()]) if not at.column() else None)
        self.every.clicked.connect(self._tick_all)
        self.none.clicked.connect(lambda: self._tick(set()))
        self.why.edited.connect(self.why.clear_problem)
        self.summary.jumped.connect(lambda _key: self.why.focus())
        key = QShortcut(QKeySequence("Ctrl+A"), self.table)
        key.setContext(Qt.ShortcutContext.WidgetShortcut)
        key.activated.connect(self._tick_all)
        QShortcut(QKeySequence("Ctrl+Shift+K"), self).activated.connect(self.longer.click)

    # Choosing

    def _show(self, rows: tuple[Candidate, ...]) -> None:
        self._rows = {one.case_id: one for one in rows}
        if not rows:
            self.lead.setText("Nothing is due for review. What falls due is listed here.")
        self.table.show_ids(list(self._rows))
        self._tick(self._free())
        if rows:
            self.table.selectRow(0)

    def _show_whole(self, row: Candidate | None) -> None:
        words = f"{row.reference}, {lower_first(OUTCOME_WORDS[row.outcome])}. {_rule(row)}" if row is not None else ""
        self.whole.setText(words)

    def _free(self) -> set[int]:
        return {key for key, row in self._rows.items() if not row.against}

    def _toggle(self, case_id: int) -> None:
        if not self._rows[case_id].against:
            self._tick(self._ticked ^ {case_id})

    def _tick_all(self) -> None:
        self._tick(self._free())

    def _tick(self, ticked: set[int]) -> None:
        self._ticked = ticked
        self.table.viewport().update()
        self._show_ticked()

    def _show_ticked(self) -> None:
        count = len(self._ticked)
        kept = len(self._rows) - len(self._free())
        words = f"{figures(count)} of {plural(len(self._rows), 'case')} ticked"
        self.said.setText(f"{words}; {figures(kept)} cannot go now" if kept else words)
        self.button.setText(f"Propose to destroy {plural(count, 'case')}" if count else "Propose to destroy")
        for button in (self.button, self.longer, self.over):
            button.set_off("" if count else "Tick the cases first.")

    # Doing it

    def _propose(self) -> None:
        def done(number: int) -> None:
            self.accept()
            self._session.changed.emit(Changed(kinds=frozenset({"run"})))
            self._session.toasted.emit(f"Run {number} waits for another records officer")

        command = ProposeRun(case_ids=tuple(sorted(self._ticked)), because=str(self.why.value() or ""))
        self.button.set_busy(True)
        self._session.run(self, propose_run, command, done=done, failed=self._failed)

    def _failed(self, error: Exception) -> None:
        self.button.set_busy(False)
        if isinstance(error, Invalid):
            for problem in error.problems:
                self.why.show_problem(problem.message)
            self.summary.show_problems([("because", self.why.label_text, one.message) for one in error.problems])
        else:
            self._session.show_error(self, error)

    def _ask_over(self) -> None:
        ask_transfer(self._session, self, tuple(sorted(self._ticked)), self.accept)

    def _ask_longer(self) -> None:
        fields: dict[str, Field] = {
            "review_on": DateField("review_on", "Review them again on"),
            "because": TextField("because", "Why", hint="Name nobody: it is kept with the timer.", lines=2),
        }
        words = f"{plural(len(self._ticked), 'case')} will be kept until the day that you give, and reviewed then."
        dialog = RecordDialog("Keep them longer?", "retain", "Keep them", fields, self, words)

        def command() -> Retain:
            on = parse_date(dialog.value("review_on"))
            if on is None:
                raise Invalid((Problem("review_on", "Give the day of the next review.", hard=True),))
            return Retain(case_ids=tuple(sorted(self._ticked)), review_on=on, because=dialog.text("because"))

        def done(_nothing: None) -> None:
            self.accept()
            self._session.changed.emit(Changed(kinds=frozenset({"case"})))
            self._session.toasted.emit("The timers have their new date")

        dialog.ask(self._session, retain, command, done)


def _rule(row: Candidate) -> str:
    return " ".join((*(KEPT_WORDS[one] for one in row.against), f"{row.rule[:1].upper()}{row.rule[1:]}."))


GRACE_WORDS = (
    f"Once you approve it, the run waits for {GRACE_DAYS} days. Until then it destroys nothing, and a case can be "
    "taken off it."
)
