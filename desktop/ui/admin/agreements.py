"""Agreements: how each stands, what befell it, and which open cases a change still waits for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from db.records import Changed, Role
from desktop.casework.desk import Desk, Invalid
from desktop.casework.policymoves import (
    KIND_WORDS,
    ChangePolicy,
    Kind,
    PolicyChange,
    Preview,
    Touched,
    change_policy,
    changes,
    preview,
    touched_cases,
)
from desktop.policy.agreements import Agreement, AgreementError, LaterRule, read_agreement
from desktop.policy.agreements_moves import standing
from desktop.policy.agreements_standing import standing_words
from desktop.policy.wording import day, plural
from desktop.ui import dialogs
from desktop.ui.admin.policydialog import PolicyDialog
from desktop.ui.case.wholeagreement import AgreementDialog
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.button import Button, Link
from desktop.ui.kit.card import Card, Facts
from desktop.ui.kit.pagedmodel import Column, PagedModel
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.table import Table
from desktop.ui.kit.text import Text
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

_SIDE = 400
_DROPPED = {"To take in": 1090, "Version": 980, "How it stands": 900}
"""Columns that a narrow page goes without, below these widths."""
_MOST = 20
_ID = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One agreement with what the table says of it."""

    number: int
    agreement: Agreement
    stands: str
    touched: tuple[Touched, ...]
    changes: tuple[PolicyChange, ...]


def load_lines(desk: Desk) -> tuple[Line, ...]:
    """Every agreement. Only a guardian sees which cases a change touches."""
    told = changes(desk)
    sees = desk.user.role is Role.GUARDIAN
    return tuple(
        Line(
            number,
            one,
            standing(one, desk.today()),
            touched_cases(desk, one.id) if sees else (),
            tuple(change for change in told if change.agreement_id == one.id),
        )
        for number, one in enumerate(sorted(desk.agreements.all(), key=lambda one: one.short_title.casefold()), 1)
    )


def _ink(line: Line) -> str:
    return "text" if line.stands.startswith("In force since") else "text-2"


_COLUMNS: tuple[Column[Line], ...] = (
    Column("Agreement", lambda line: line.agreement.short_title, style="label"),
    Column("How it stands", lambda line: line.stands, width=280, colour=_ink),
    Column("Version", lambda line: str(line.agreement.versions[-1].number), width=80),
    Column("To take in", lambda line: plural(len(line.touched), "case") if line.touched else "", width=110),
)


class AgreementsPart(QWidget):
    """The table of agreements, and beside it one of them."""

    key = "agreements"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        name_widget(self, "agreements_part", "Agreements")
        self._lines: dict[int, Line] = {}
        self.model: PagedModel[Line] = PagedModel(_COLUMNS, self._fetch, lambda line: line.number, self)
        self.table: Table[Line] = Table("agreements_table", "Agreements", self.model, dense=False)
        self.buttons: dict[Kind, Button] = {
            "suspend": Button("Suspend…", icon="pause", name="suspend_agreement"),
            "resume": Button("Resume…", icon="rotate-ccw", name="resume_agreement"),
            "withdraw": Button("Withdraw…", icon="archive", name="withdraw_agreement"),
            "supersede": Button("New version…", icon="file-text", name="supersede_agreement"),
        }
        self._build()
        self.table.moved.connect(self._selected)
        for kind, button in self.buttons.items():
            button.triggered.connect(lambda kind=kind: self.start(kind))

    def refresh(self) -> None:
        """Loads the agreements anew; the selected one stays."""
        self._session.run(self, load_lines, done=self._show)

    def current(self) -> Line | None:
        """The selected agreement."""
        return self.table.current_row()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The pane leaves the list its room, and the list drops what the pane has too."""
        super().resizeEvent(event)
        self._pane.setFixedWidth(min(current_theme().px(_SIDE), self.width() * 3 // 5))
        self.table.drop(_DROPPED, self.width())

    def _build(self) -> None:
        px = current_theme().px
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(24))
        card = Card(padded=False)
        card.body.addWidget(self.table)
        row.addWidget(card, 1)
        pane = self._pane = ScrollPane("agreement_pane", "The selected agreement", margin=0)
        one = Card()
        self._name = Text("", "group", wrap=True)
        self._facts = Facts()
        self._read = Link("Read the whole agreement", name="read_agreement")
        self._read.clicked.connect(self._read_whole)
        for widget in (self._name, self._facts, self._read):
            one.body.addWidget(widget)
        may = self._session.desk.user.role is Role.GUARDIAN
        rows: tuple[tuple[Kind, ...], ...] = (("suspend", "resume"), ("withdraw", "supersede"))
        for kinds in rows if may else ():
            line = QHBoxLayout()
            line.setSpacing(px(8))
            for kind in kinds:
                line.addWidget(self.buttons[kind])
            line.addStretch(1)
            one.body.addLayout(line)
        pane.body.addWidget(one)
        self._waiting = Card("To take in")
        self._waiting_rows = QVBoxLayout()
        self._waiting.body.addLayout(self._waiting_rows)
        pane.body.addWidget(self._waiting)
        self._told = Card("What befell it")
        self._told_rows = QVBoxLayout()
        self._told_rows.setSpacing(px(8))
        self._told.body.addLayout(self._told_rows)
        pane.body.addWidget(self._told)
        pane.body.addStretch(1)
        row.addWidget(pane)
        self.setFocusProxy(self.table)

    def _fetch(self, ids: Sequence[int], deliver: Callable[[Sequence[Line]], None]) -> None:
        deliver([self._lines[one] for one in ids])

    def _show(self, lines: tuple[Line, ...]) -> None:
        line = self.current()
        kept = line.number if line is not None else _ID
        self._lines = {one.number: one for one in lines}
        self.table.show_ids(list(self._lines), keep=kept)
        self._selected(self.current())

    def _selected(self, line: Line | None) -> None:
        if line is None:
            return
        last, counted = line.agreement.versions[-1], line.agreement.statistics.rules[-1]
        self._name.setText(line.agreement.title)
        facts: list[tuple[str, str | QWidget]] = [
            ("Stands", line.stands),
            ("Last version", f"{last.number}, “{last.title}”, from {day(last.in_force_from)}"),
            ("Held by", line.agreement.holder),
            ("Counted in", f"{line.agreement.statistics.table}: {', '.join(dict.fromkeys(counted.columns.values()))}"),
            ("Rows", "\n".join(one.title for one in counted.rows)),
        ]
        if isinstance(counted, LaterRule):
            facts.append(("Counted so", f"From {day(counted.counts_from)}; another way before"))
        facts += [("Standard line", standing_words(one)) for one in line.agreement.standard_lines]
        if last.because:
            facts.append(("Because", last.because))
        self._facts.set_facts(facts)
        suspended, takes = last.suspended_from is not None and last.suspended_to is None, last.accepts
        gone = "" if takes else "It takes no requests. Only a new version can supersede it."
        self.buttons["suspend"].set_off(gone or ("It is suspended already." if suspended else ""))
        self.buttons["resume"].set_off(gone or ("" if suspended else "It is not suspended."))
        self.buttons["withdraw"].set_off(gone)
        self._show_touched(line)
        self._show_changes(line)

    def _show_touched(self, line: Line) -> None:
        clear_layout(self._waiting_rows)
        for one in line.touched[:_MOST]:
            link = Link(one.row.reference, "strong", name=f"touched_{one.row.id}")
            link.clicked.connect(lambda _on=False, case_id=one.row.id: self._session.case_wanted.emit(case_id, ""))
            self._waiting_rows.addWidget(link)
            self._waiting_rows.addWidget(Text(" ".join(one.effects), "small", "text-2", wrap=True))
        if len(line.touched) > _MOST:
            self._waiting_rows.addWidget(Text(f"and {len(line.touched) - _MOST} more", "small", "text-2"))
        self._waiting.setVisible(bool(line.touched))

    def _show_changes(self, line: Line) -> None:
        clear_layout(self._told_rows)
        for one in line.changes:
            words = f"{KIND_WORDS[one.kind]} from {day(one.takes_effect)}, by {one.decided_by}: {one.because}"
            self._told_rows.addWidget(Text(words, "small", wrap=True))
        self._told.setVisible(bool(line.changes))

    def _read_whole(self) -> None:
        line = self.current()
        if line is not None:
            today = self._session.desk.today()
            version = line.agreement.version_on(today)
            seen = line.agreement.at(version.number if version else 0, today)
            AgreementDialog(seen, version, self).open()

    def start(self, kind: Kind) -> None:
        """Opens the dialog of a change of the selected agreement."""
        line = self.current()
        if line is None or self.buttons[kind].off_reason:
            return
        text, today = "", self._session.desk.today()
        if kind == "supersede":
            chosen, _filter = QFileDialog.getOpenFileName(self, "Choose the new agreement", "", "Agreements (*.toml)")
            if not chosen:
                return
            try:
                new = read_agreement(Path(chosen))
            except AgreementError as error:
                dialogs.inform(self, "This file cannot be used", str(error))
                return
            text, today = new.text, new.versions[-1].in_force_from
        dialog = PolicyDialog(line.agreement, kind, today, self, text)
        dialog.look_wanted.connect(lambda command: self._look(dialog, command))
        dialog.wanted.connect(lambda command: self._change(dialog, command))
        dialog.open()

    def _look(self, dialog: PolicyDialog, command: ChangePolicy) -> None:
        def done(found: Preview) -> None:
            dialog.show_preview(command, found)

        self._session.run(dialog, preview, command, done=done, failed=lambda error: self._failed(dialog, error))

    def _change(self, dialog: PolicyDialog, command: ChangePolicy) -> None:
        def done(found: Preview) -> None:
            dialog.accept()
            self.refresh()
            ids = frozenset(one.row.id for one in found.touched)
            self._session.changed.emit(Changed(ids, frozenset({"case", "agreement"})))
            self._session.toasted.emit(f"{KIND_WORDS[command.kind]}: {found.agreement.short_title}")

        self._session.run(dialog, change_policy, command, done=done, failed=lambda error: self._failed(dialog, error))

    def _failed(self, dialog: PolicyDialog, error: Exception) -> None:
        if isinstance(error, Invalid):
            dialog.show_problems(error.problems)
        else:
            self._session.show_error(dialog, error)
