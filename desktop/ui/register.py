"""The register: every case, filtered, sorted and searched, with a preview beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from db.records import CaseRow, Changed, RegisterFilter, Role, State
from desktop.casework.register import Totals, register_ids, register_rows, totals
from desktop.policy.life import OUTCOME_WORDS, STATE_WORDS
from desktop.policy.wording import born_words, day, plural, short_day
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import Link
from desktop.ui.kit.card import PageHead
from desktop.ui.kit.chip import Chip
from desktop.ui.kit.inputs import LineEdit
from desktop.ui.kit.notices import EmptyState
from desktop.ui.kit.small import KeyHint
from desktop.ui.kit.table import Column, PagedModel, Table
from desktop.ui.kit.tag import state_look
from desktop.ui.kit.text import Text
from desktop.ui.registerpane import RegisterPane
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

WAIT = 150
"""Milliseconds after the last key before the store is asked."""
_OPEN = (State.ISSUED, State.WITHDRAWN, State.DESTROYED)
Choices = Sequence[tuple[str, Callable[[], None]]]


class RegisterView(QWidget):
    """Every case there has been."""

    key = "register"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.filter = RegisterFilter(open_only=session.desk.user.role is not Role.AUDITOR)
        self._names = session.desk.user.role not in (Role.AUDITOR, Role.ADMINISTRATOR)
        self._totals = Totals(0, None, ())
        self._turn = 0
        self._build()
        self._connect()
        self.refresh()

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        return [self.text, self.table, self.pane]

    def refresh(self) -> None:
        """Asks for the cases that the filter admits, and keeps the current one."""
        self._turn += 1
        turn = self._turn
        self.session.run(self, register_ids, self.filter, done=lambda ids: self._show(turn, ids))
        self.session.run(self, totals, done=self._show_totals)

    def _build(self) -> None:
        px = current_theme().px
        name_widget(self, "register_page", "Register")
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        column = QVBoxLayout()
        column.setContentsMargins(px(24), px(16), px(24), px(12))
        column.setSpacing(px(12))
        self.head = PageHead("Register", "Every case there has been")
        column.addWidget(self.head)
        column.addLayout(self._filters())
        self.table = self._table()
        column.addWidget(self.table, 1)
        self.empty = EmptyState(
            "search", "Nothing was found", "No case fits these filters. Take one away.", "Clear the filters"
        )
        self.empty.hide()
        column.addWidget(self.empty, 1)
        column.addLayout(self._foot())
        across.addLayout(column, 1)
        self.pane = RegisterPane(self.session)
        across.addWidget(self.pane)

    def _filters(self) -> QHBoxLayout:
        px = current_theme().px
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self.text = LineEdit()
        name_widget(self.text, "register_text", "Filter by name, reference, date of birth or number")
        self.text.setPlaceholderText("Name, reference, date of birth, number")
        self.text.setEnabled(self._names)
        self.text.setMaximumWidth(px(280))
        row.addWidget(self.text, 2)
        self.chips = {
            key: Chip(words, arrow=True, name=f"filter_{key}")
            for key, words in (
                ("state", "State"),
                ("due", "Due"),
                ("agreement", "Agreement"),
                ("requester", "Requester"),
                ("outcome", "Outcome"),
            )
        }
        for chip in self.chips.values():
            row.addWidget(chip)
        self.chips["requester"].setVisible(self._names)
        row.addStretch(1)
        self.clear = Link("Clear", name="clear_filters")
        row.addWidget(self.clear)
        return row

    def _table(self) -> Table[CaseRow]:
        today = self.session.desk.today()
        columns: list[Column[CaseRow]] = [
            Column("Reference", lambda row: row.reference, "reference", 116, style="small-strong", elide=False),
            Column(
                "State",
                lambda row: STATE_WORDS[row.state],
                "state",
                148,
                style="small",
                colour=lambda row: _ink(state_look(row.state).look),
                icon=lambda row: state_look(row.state).icon,
            ),
            Column("Person sought", lambda row: row.person_sorted, "family_name", style="small"),
            Column("Born", lambda row: born_words(row.born), "born", 140, style="small", colour=_second),
            Column("Requester", lambda row: row.requester, "requester", 216, style="small", colour=_second),
            Column(
                "Due",
                lambda row: _due(row, today),
                "due_on",
                150,
                style="small",
                colour=lambda row: _due_ink(row, today),
                elide=False,
            ),
        ]
        if not self._names:
            columns = [one for one in columns if one.title not in ("Person sought", "Born", "Requester")]
            columns.insert(
                2, Column("Outcome", lambda row: OUTCOME_WORDS[row.outcome] if row.outcome else "", "outcome")
            )
        model = PagedModel(columns, self._fetch, lambda row: row.id, self)
        table = Table("register_table", "Cases", model)
        table.set_sort(self.filter.sort, self.filter.descending)
        return table

    def _foot(self) -> QHBoxLayout:
        px = current_theme().px
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self.count = Text("", "small", "text-2")
        row.addWidget(self.count, 1)
        for keys, words in (("Space", "Preview"), ("Enter", "Open")):
            row.addWidget(KeyHint(keys))
            row.addWidget(Text(words, "small", "text-2"))
            row.addSpacing(px(8))
        return row

    def _connect(self) -> None:
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT)
        self._timer.timeout.connect(self._typed)
        self.text.textEdited.connect(lambda _text: self._timer.start())
        self.text.returnPressed.connect(self.table.setFocus)
        self.table.opened.connect(lambda row: self.session.case_wanted.emit(row.id, ""))
        self.table.previewed.connect(lambda _row: self.pane.toggle())
        self.table.moved.connect(self.pane.show_row)
        self.table.sorted_by.connect(self._sorted)
        self.clear.clicked.connect(self.clear_filters)
        self.empty.acted.connect(self.clear_filters)
        self.session.changed.connect(self._changed)
        for key, chip in self.chips.items():
            chip.clicked.connect(lambda _on=False, one=key: self._menu(one))
            chip.removed.connect(lambda one=key: self._remove(one))
        for keys, then in (
            ("Ctrl+F", self.text.setFocus),
            ("Ctrl+Shift+F", self.clear_filters),
            ("Ctrl+Shift+C", self.pane.copy_reference),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(then)
        self._show_chips()

    def clear_filters(self) -> None:
        """Shows every case again."""
        self.text.clear()
        self._set(RegisterFilter(sort=self.filter.sort, descending=self.filter.descending))

    def _set(self, wanted: RegisterFilter) -> None:
        self.filter = wanted
        self._show_chips()
        self.refresh()

    def _typed(self) -> None:
        self._set(replace(self.filter, text=self.text.text()))

    def _sorted(self, key: str, descending: bool) -> None:
        self._set(replace(self.filter, sort=key, descending=descending))

    def _remove(self, key: str) -> None:
        nothing: dict[str, dict[str, Any]] = {
            "state": {"state": None, "open_only": False},
            "due": {"due_from": None, "due_to": None},
            "agreement": {"agreement_id": ""},
            "requester": {"requester": ""},
            "outcome": {"outcome": None},
        }
        self._set(replace(self.filter, **nothing[key]))
        self.chips[key].setFocus()

    def _show_chips(self) -> None:
        wanted = self.filter
        titles = {one.id: one.short_title for one in self.session.desk.agreements.all()}
        state = "Open" if wanted.open_only else STATE_WORDS[wanted.state] if wanted.state else ""
        due = f"By {short_day(wanted.due_to, self.session.desk.today())}" if wanted.due_to else ""
        values = {
            "state": ("State", state),
            "due": ("Due", due),
            "agreement": ("Agreement", titles.get(wanted.agreement_id, wanted.agreement_id)),
            "requester": ("Requester", wanted.requester),
            "outcome": ("Outcome", OUTCOME_WORDS[wanted.outcome] if wanted.outcome else ""),
        }
        for key, (words, value) in values.items():
            if value:
                self.chips[key].set_words(value, lead=f"{words}:", in_use=True, removable=True)
            else:
                self.chips[key].set_words(words)

    def _menu(self, key: str) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, then in self._choices(key):
            menu.addAction(words.replace("&", "&&"), then)
        chip = self.chips[key]
        menu.popup(chip.mapToGlobal(QPoint(0, chip.height())))

    def _choices(self, key: str) -> Choices:
        def choose(**changes: Any) -> Callable[[], None]:
            return lambda: self._set(replace(self.filter, **changes))

        today = self.session.desk.today()
        week = today + timedelta(days=6 - today.weekday())
        if key == "state":
            every = [(words, choose(state=one, open_only=False)) for one, words in STATE_WORDS.items()]
            return [("Open", choose(state=None, open_only=True)), *every]
        if key == "due":
            late = choose(due_to=today - timedelta(days=1), open_only=True, state=None)
            return [("Late", late), ("Today", choose(due_to=today)), ("This week", choose(due_to=week))]
        if key == "agreement":
            return [(one.short_title, choose(agreement_id=one.id)) for one in self.session.desk.agreements.all()]
        if key == "requester":
            return [(name, choose(requester=name)) for name in self._totals.requesters]
        return [(words, choose(outcome=one, open_only=False)) for one, words in OUTCOME_WORDS.items()]

    def _fetch(self, ids: Sequence[int], deliver: Callable[[Sequence[CaseRow]], None]) -> None:
        self.session.run(self, register_rows, list(ids), done=deliver)

    def _show(self, turn: int, ids: Sequence[int]) -> None:
        if turn != self._turn:
            return
        current = self.table.current_row()
        self.table.set_mark(self.filter.text.strip())
        self.table.show_ids(ids, current.id if current is not None else 0)
        self.table.setVisible(bool(ids))
        self.empty.setVisible(not ids)
        if ids and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        if not ids:
            self.pane.show_row(None)
        self._count()

    def _show_totals(self, found: Totals) -> None:
        self._totals = found
        since = f" since {day(found.since)}" if found.since else ""
        self.head.set_summary(f"Every case there has been: {plural(found.cases, 'case')}{since}")
        self._count()

    def _count(self) -> None:
        shown = len(self.table.paged.ids)
        self.count.setText(f"{shown:,} found, of {self._totals.cases:,}")

    def _changed(self, changed: Changed) -> None:
        if "case" in changed.kinds:
            self.refresh()


def _second(_row: CaseRow) -> str:
    return "text-2"


def _ink(look: str) -> str:
    return look if look in ("accent", "amber", "violet", "green") else "text-2"


def _due(row: CaseRow, today: Any) -> str:
    if row.due_on is None:
        return "Not known" if row.state not in _OPEN else ""
    words = short_day(row.due_on, today)
    if row.state in _OPEN:
        return words
    return f"Late, {words}" if row.due_on < today else f"Today, {words}" if row.due_on == today else words


def _due_ink(row: CaseRow, today: Any) -> str:
    if row.due_on is None or row.state in _OPEN or row.due_on > today:
        return "text" if row.state not in _OPEN else "text-2"
    return "red" if row.due_on < today else "amber"
