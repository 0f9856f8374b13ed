"""Runs: what is proposed, in its days of grace, carried out or turned down; and what is done with one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from db.records import Changed, Role
from desktop.casework.desk import Desk
from desktop.casework.disposal import (
    DecideRun,
    Run,
    RunItem,
    Sealing,
    TakeOff,
    decide_run,
    run_items,
    runs,
    save_certificate,
    take_off,
)
from desktop.policy.life import OUTCOME_WORDS
from desktop.policy.wording import day, figures, london, lower_first, plural
from desktop.ui import dialogs
from desktop.ui.beside import Beside
from desktop.ui.disposal.carry import CarryOutDialog
from desktop.ui.disposal.looks import stands, taken_back
from desktop.ui.disposal.propose import GRACE_WORDS, STAYS
from desktop.ui.disposal.transfer import ask_sealing
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import DESTRUCTIVE, MAIN, PLAIN, Button
from desktop.ui.kit.card import Card, Facts
from desktop.ui.kit.flow import Flow
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.notices import EmptyState
from desktop.ui.kit.pagedmodel import Column, PagedModel
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import IconText
from desktop.ui.kit.table import Table
from desktop.ui.kit.text import Text
from desktop.ui.rolepages import why_no_case
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

_PANE, _CASES = 820, 180
_NOT_YOURS = "Records officers decide on runs and carry them out."


class RunsPart(QWidget):
    """The list of runs, and beside it one of them with its cases."""

    key = "runs"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        name_widget(self, "runs_part", "Disposal runs")
        self._runs: dict[int, Run] = {}
        self._items: dict[int, RunItem] = {}
        self.table = self._list()
        self.cases = self._cases()
        self.whole = Text("", "small", "text-2", wrap=True)
        """What became of the chosen case, which its row may have no room for."""
        self.buttons: dict[str, Button] = {
            "approve": Button("Approve…", MAIN, "check", name="approve_run"),
            "turn_down": Button("Turn down…", PLAIN, "x", name="turn_down_run"),
            "take_back": Button("Take it back…", PLAIN, "undo-2", name="take_back_run"),
            "carry_out": Button("Carry out…", DESTRUCTIVE, "shredder", name="carry_out_run"),
            "take_off": Button("Take the case off…", PLAIN, "undo-2", name="take_off_run"),
            "save": Button("Save the certificate…", PLAIN, "save", name="save_certificate"),
        }
        self._build()
        self.table.moved.connect(self._selected)
        self.table.previewed.connect(lambda _run: self._beside.toggle())
        self.table.opened.connect(
            lambda _run: self.cases.setFocus() if self.cases.isVisible() else self._beside.toggle()
        )
        self.cases.moved.connect(self._show_whole)
        for key, button in self.buttons.items():
            button.triggered.connect(lambda key=key: self._steps()[key]())

    def refresh(self) -> None:
        """Loads the runs anew; the selected one stays."""
        self._session.run(self, runs, done=self._show)

    def panes(self) -> list[QWidget]:
        """For F6."""
        return [one for one in (self.table, self.cases) if one.isVisible()]

    # Building

    def _list(self) -> Table[Run]:
        today = self._session.desk.today
        columns: tuple[Column[Run], ...] = (
            Column("Run", lambda run: str(run.id), width=60, style="label", elide=False),
            Column("Cases", lambda run: figures(run.total), width=70, elide=False),
            Column(
                "How it stands",
                lambda run: stands(run, today())[2],
                icon=lambda run: stands(run, today())[0],
                colour=lambda run: stands(run, today())[1],
            ),
        )

        def fetch(ids: Sequence[int], deliver: Callable[[Sequence[Run]], None]) -> None:
            deliver([self._runs[one] for one in ids])

        model: PagedModel[Run] = PagedModel(columns, fetch, lambda run: run.id, self)
        return Table("runs_table", "Disposal runs", model, dense=False)

    def _cases(self) -> Table[RunItem]:
        columns: tuple[Column[RunItem], ...] = (
            Column("Reference", lambda item: item.reference, width=132, style="label", elide=False),
            Column("What it was", self._what, width=250),
            Column("Due", lambda item: day(item.due_on), width=150, elide=False),
            Column("What became of it", _became, icon=_became_icon),
        )

        def fetch(ids: Sequence[int], deliver: Callable[[Sequence[RunItem]], None]) -> None:
            deliver([self._items[one] for one in ids])

        model: PagedModel[RunItem] = PagedModel(columns, fetch, lambda item: item.case_id, self)
        table = Table("run_cases", "The cases of the run", model, dense=False)
        table.opened.connect(self._open)
        return table

    def _open(self, item: RunItem) -> None:
        if why := why_no_case(self._session.desk.user.role):
            dialogs.inform(self, "This case is not opened", why)
        else:
            self._session.case_wanted.emit(item.case_id, "")

    def _what(self, item: RunItem) -> str:
        known = self._session.desk.agreements
        title = known.get(item.agreement_id).short_title if known.has(item.agreement_id) else item.agreement_id
        return f"{title}, {lower_first(OUTCOME_WORDS[item.outcome])}"

    def _build(self) -> None:
        px = current_theme().px
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(24))
        self._all = Card(padded=False)
        self._all.body.addWidget(self.table)
        row.addWidget(self._all, 1)
        self._one = Card()
        name_widget(self._one, "one_run", "The run")
        self._title = Text("", "group", wrap=True)
        self._state = IconText("hourglass", "", "text", "label", wrap=True)
        self._facts = Facts(110)
        pane = ScrollPane("run_pane", "The run", "surface", margin=0)
        self._one.body.addWidget(pane, 1)
        pane.body.setSpacing(px(8))
        for widget in (self._title, self._state, self._facts):
            pane.body.addWidget(widget)
        line = Flow(gap=px(8))
        for button in self.buttons.values():
            button.hide()
            line.addWidget(button)
        pane.body.addLayout(line)
        self.cases.setMinimumHeight(px(_CASES))
        pane.body.addWidget(self.cases, 1)
        pane.body.addWidget(self.whole)
        row.addWidget(self._one, 1)
        self.empty = EmptyState(
            "shredder",
            "There is no run yet",
            "A records officer proposes what is due for review; another approves it; after the days of grace it goes.",
        )
        row.addWidget(self.empty, 1)
        self.empty.hide()
        starts_at(self, self.table)
        starts_at(self._one, self.cases)
        self._beside = Beside(self, self._all, self._one, _PANE, self._arranged)

    def _enter(self) -> None:
        """Goes on to the cases of the run."""
        if not self._one.isVisible():
            self._beside.toggle()
        self.cases.setFocus()

    def _arranged(self, _step: int) -> None:
        """Where there is no run, neither list nor run is shown."""
        if not self._runs:
            self._all.hide()
            self._one.hide()

    # Showing

    def _show(self, found: tuple[Run, ...]) -> None:
        current = self.table.current_row()
        kept = current.id if current is not None else (found[0].id if found else 0)
        self._runs = {one.id: one for one in found}
        self.table.show_ids(list(self._runs), keep=kept)
        self.empty.setVisible(not found)
        self._beside.arrange()
        self._selected(self.table.current_row())

    def _selected(self, run: Run | None) -> None:
        if run is None:
            return
        self._title.setText(f"Run {run.id}: {plural(run.total, 'case')}")
        icon, ink, words = stands(run, self._session.desk.today())
        self._state.show_words(icon, words, ink, "label")
        facts: list[tuple[str, str | QWidget]] = [
            ("Proposed by", f"{run.proposed_by}, {day(london(run.proposed_at).date())}"),
            ("Why", run.because),
        ]
        if run.transfer_to:
            facts.append(("Handed over to", run.transfer_to))
        if run.verdict is not None:
            against = "Taken back by" if taken_back(run) else "Turned down by"
            said = "Approved by" if run.verdict.approved else against
            facts.append((said, f"{run.verdict.by}, {day(london(run.verdict.at).date())}"))
            if run.verdict.reasons:
                facts.append(("Reasons", run.verdict.reasons))
        if run.done_by and run.certificate is None:
            facts.append(("Carried out by", run.done_by))
        self._facts.set_facts(facts)
        self._set_buttons(run)
        self._session.run(self, run_items, run.id, done=self._show_items)

    def _show_items(self, items: tuple[RunItem, ...]) -> None:
        self._items = {one.case_id: one for one in items}
        current = self.cases.current_row()
        kept = current.case_id if current is not None and current.case_id in self._items else items[0].case_id
        self.cases.show_ids(list(self._items), keep=kept)

    def _show_whole(self, item: RunItem | None) -> None:
        kept = item is not None and item.destroyed is False
        self.whole.setVisible(kept)
        if item is not None and kept:
            self.whole.setText(f"{item.reference} was kept. {item.why}")

    def _set_buttons(self, run: Run) -> None:
        desk, verdict = self._session.desk, run.verdict
        looks = "" if desk.user.role is Role.RECORDS_OFFICER else _NOT_YOURS
        mine = run.proposed_by_id == desk.user.id
        self.buttons["approve"].setVisible(verdict is None)
        self.buttons["approve"].set_off(
            looks or ("You proposed it, so another records officer decides." if mine else "")
        )
        self.buttons["turn_down"].setVisible(verdict is None and not mine)
        self.buttons["turn_down"].set_off(looks)
        self.buttons["take_back"].setVisible(verdict is None and mine)
        going = verdict is not None and verdict.approved and run.certificate is None
        early = ""
        if verdict is not None and verdict.not_before is not None and desk.today() < verdict.not_before:
            early = f"It may be carried out from {day(verdict.not_before)}."
        self.buttons["carry_out"].setVisible(going)
        self.buttons["carry_out"].set_off(looks or early)
        self.buttons["take_off"].setVisible(going)
        self.buttons["take_off"].set_off(looks)
        self.buttons["save"].setVisible(run.certificate is not None)

    # Doing it

    def _steps(self) -> dict[str, Callable[[], None]]:
        return {
            "approve": self._approve,
            "turn_down": lambda: self._refuse("Turn down run {}?", "Turn it down", "Turned down"),
            "take_back": lambda: self._refuse("Take run {} back?", "Take it back", "Taken back"),
            "carry_out": self._carry_out,
            "take_off": self._take_off,
            "save": self._save,
        }

    def _approve(self) -> None:
        run = self.table.current_row()
        if run is None:
            return
        words = f"{STAYS} {GRACE_WORDS}"
        if run.transfer_to:
            words = f"Each case is handed over to {run.transfer_to} in a sealed package first. {words}"
        if dialogs.confirm(self, f"Approve the destruction of {plural(run.total, 'case')}?", words, "Approve the run"):
            self._decide(DecideRun(run_id=run.id, approved=True), "Approved: its days of grace run")

    def _refuse(self, title: str, yes: str, toast: str) -> None:
        """Turns the run down, or takes it back: for its proposer the one is the other."""
        run = self.table.current_row()
        if run is None:
            return
        words = "Its cases stay, and can be proposed again. Your reasons are kept with the run for good: name nobody."
        reasons = dialogs.ask_reasons(self, title.format(run.id), words, "Reasons", yes)
        if reasons is not None:
            self._decide(DecideRun(run_id=run.id, approved=False, reasons=reasons), toast)

    def _decide(self, command: DecideRun, toast: str) -> None:
        self._session.run(self, decide_run, command, done=lambda _nothing: self._told(toast))

    def _take_off(self) -> None:
        run, item = self.table.current_row(), self.cases.current_row()
        if run is None or item is None:
            return
        if item.destroyed is not None:
            dialogs.inform(self, "This case has its result", "Choose one that the run has not come to yet.")
            return
        words = "It stays, and can be proposed again. Why it stays stands on the certificate: name nobody."
        why = dialogs.ask_reasons(self, f"Take {item.reference} off the run?", words, "Why it stays", "Take it off")
        if why is not None:
            command = TakeOff(run_id=run.id, case_id=item.case_id, why=why)
            toast = f"{item.reference} is off the run"
            self._session.run(self, take_off, command, done=lambda _nothing: self._told(toast))

    def _carry_out(self) -> None:
        run = self.table.current_row()
        if run is not None and run.transfer_to:
            ask_sealing(
                self, self._session.desk.store.path.parent, run.transfer_to, lambda sealing: self._carry(run, sealing)
            )
        elif run is not None:
            self._carry(run)

    def _carry(self, run: Run, sealing: Sealing | None = None) -> None:
        dialog = CarryOutDialog(self._session, run, self, sealing)
        dialog.exec()
        self.refresh()

    def _save(self) -> None:
        run = self.table.current_row()
        if run is None:
            return
        name = f"destruction-certificate-{run.certificate}.pdf"
        chosen, _filter = QFileDialog.getSaveFileName(self, "Save the certificate", name, "PDF (*.pdf)")
        if chosen:
            self.save(run.id, Path(chosen))

    def save(self, run_id: int, path: Path) -> None:
        """Writes the certificate, and beside it the same as JSON."""

        def write(desk: Desk) -> None:
            save_certificate(desk, run_id, path)

        def failed(error: Exception) -> None:
            if isinstance(error, OSError):
                dialogs.inform(self, "The certificate was not saved", f"{error.strerror or error}. It is in the store.")
            else:
                self._session.show_error(self, error)

        toast = f"Saved as {path.name} and {path.with_suffix('.json').name}"
        self._session.run(self, write, done=lambda _nothing: self._session.toasted.emit(toast), failed=failed)

    def _told(self, toast: str) -> None:
        self.refresh()
        self._session.changed.emit(Changed(kinds=frozenset({"run"})))
        self._session.toasted.emit(toast)


def _became(item: RunItem) -> str:
    if item.destroyed is None:
        return "Not yet"
    if not item.destroyed:
        return f"Kept. {item.why}"
    return "Handed over, destroyed" if item.package else "Destroyed"


def _became_icon(item: RunItem) -> str:
    if item.destroyed is None:
        return "circle-dashed"
    return "shredder" if item.destroyed else "shield-check"
