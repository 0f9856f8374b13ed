"""The register: every case, filtered, sorted and searched, with a preview beside it."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from db.records import CaseRow, Changed, Role, State
from db.records_views import RegisterFilter
from desktop.casework.consulting import searched
from desktop.casework.desk import Desk
from desktop.casework.register import Totals, register_ids, register_rows, totals
from desktop.policy.life import CLOSED, OUTCOME_WORDS, STATE_WORDS
from desktop.policy.wording import born_words, day, figures, plural, short_day
from desktop.ui.beside import LEAST, LEAST_HIGH, Beside
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.card import Card, PageHead
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.notices import EmptyState
from desktop.ui.kit.pagedmodel import PAGE, Column, PagedModel
from desktop.ui.kit.small import KeyHint
from desktop.ui.kit.table import Table
from desktop.ui.kit.tag import state_look
from desktop.ui.kit.text import Text
from desktop.ui.registerfilters import RegisterFilters
from desktop.ui.registerpane import WIDTH, RegisterPane
from desktop.ui.savedfilters import filters
from desktop.ui.savedviews import SavedViews
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

_WORK = frozenset({"accent", "amber", "violet", "green"})
_FIRST = 2 * PAGE
"""Rows that are shown before the rest of a list is known: a million take longer than anybody waits."""
_DROPPED = ("Born", "Requester")
"""Columns that a narrow window goes without: the preview has them."""


class RegisterView(QWidget):
    """Every case there has been."""

    key = "register"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        role = session.desk.user.role
        self._names = role not in (Role.AUDITOR, Role.ADMINISTRATOR)
        self._totals = Totals(0, None, ())
        self.asked = self._shown = 0
        """How often a list was asked for."""
        self._whole = True
        """Whether all of the list is there, and not its first rows alone."""
        self._searched = ""
        """The words of the last search that the journal knows of: it keeps that it was made, not the words."""
        self._build(self.first())
        self._connect()
        self.refresh()

    def first(self) -> RegisterFilter:
        """What is shown first."""
        return RegisterFilter(open_only=self.session.desk.user.role is not Role.AUDITOR)

    def ids(self, desk: Desk, wanted: RegisterFilter, most: int | None = None) -> array[int]:
        """On the store's thread: the cases that the filter admits, or the first of them. See ``register_ids``."""
        return register_ids(desk, wanted, most)

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        return [one for one in (self.filters, self.table, self.pane) if one.isVisible()]

    def refresh(self) -> None:
        """Asks for the cases that the filters admit; the current one and the place in the list stay."""
        self._ask(stay=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Says anew which rows are in sight."""
        super().resizeEvent(event)
        self._count()

    def minimumSizeHint(self) -> QSize:
        """Narrow: whatever does not fit gives way, so a wide arrangement must not hold the window wide."""
        return QSize(current_theme().px(LEAST), current_theme().px(LEAST_HIGH))

    def _build(self, wanted: RegisterFilter) -> None:
        px = current_theme().px
        desk = self.session.desk
        name_widget(self, "register_page", "Register")
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(px(24), px(16), px(24), px(12))
        column.setSpacing(px(12))
        self.head = PageHead("Register", "Every case there has been")
        column.addWidget(self.head)
        self.filters = RegisterFilters(wanted, desk.agreements, desk.today(), names=self._names)
        column.addWidget(self.filters)
        self.saved = SavedViews(self.session, self, filters(self.filters.words))
        self.saved.show_wanted(wanted)
        self.head.actions.addWidget(self.saved.chip)
        self._list = Card(padded=False)
        self.table = self._table(wanted)
        self._list.body.addWidget(self.table)
        column.addWidget(self._list, 1)
        self.empty = EmptyState("search", "", "", "Clear the filters")
        self.empty.hide()
        column.addWidget(self.empty, 1)
        column.addLayout(self._foot())
        across.addWidget(left, 1)
        self.pane = RegisterPane(self.session)
        across.addWidget(self.pane, 1)
        starts_at(self, self.table)
        self.beside = Beside(self, left, self.pane, WIDTH, self._arrange)

    def _table(self, wanted: RegisterFilter) -> Table[CaseRow]:
        today = self.session.desk.today()
        who: list[Column[CaseRow]] = [
            Column("Person", lambda row: row.person_sorted, "family_name", style="small"),
            Column("Born", lambda row: born_words(row.born), "born", 148, style="small", colour=_second),
            Column("Requester", lambda row: row.requester, "requester", style="small", colour=_second),
        ]
        how: list[Column[CaseRow]] = [
            Column("Outcome", lambda row: OUTCOME_WORDS[row.outcome] if row.outcome else "", style="small"),
            Column("Caseworker", lambda row: row.caseworker, "", 196, style="small", colour=_second),
        ]
        columns: list[Column[CaseRow]] = [
            Column("Reference", lambda row: row.reference, "reference", 116, style="small-label", elide=False),
            Column(
                "State",
                lambda row: STATE_WORDS[row.state],
                "state",
                156,
                style="small-label",
                colour=_state_ink,
                icon=lambda row: state_look(row.state).icon,
            ),
            *(who if self._names else how),
            Column(
                "Due",
                partial(_due, today=today),
                "due_on",
                180,
                style="small",
                colour=partial(_due_ink, today=today),
                elide=False,
            ),
        ]
        model = PagedModel(columns, self._fetch, lambda row: row.id, self)
        table = Table("register_table", "Cases", model)
        table.set_sort(wanted.sort, wanted.descending)
        return table

    def _foot(self) -> QHBoxLayout:
        px = current_theme().px
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self.count = Text("", "small", "text-2")
        row.addWidget(self.count)
        row.addStretch(1)
        for keys, words in (("Space", "Preview"), ("Enter", "Open")):
            row.addSpacing(px(8))
            row.addWidget(KeyHint(keys))
            row.addWidget(Text(words, "small", "text-2"))
        return row

    def _connect(self) -> None:
        self.filters.changed.connect(lambda _wanted: self._ask(stay=False))
        self.filters.changed.connect(self.saved.show_wanted)
        self.saved.chosen.connect(self.filters.show_saved)
        self.saved.left.connect(self.filters.clear)
        self.filters.text.returnPressed.connect(self._to_list)
        self.table.opened.connect(lambda _row: self.pane.open.click())
        self.table.previewed.connect(lambda _row: self.beside.toggle())
        self.table.moved.connect(self.pane.show_row)
        self.table.sorted_by.connect(self.filters.sort_by)
        self.table.verticalScrollBar().valueChanged.connect(lambda _value: self._count())
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(lambda _point: self._menu())
        self.empty.acted.connect(self._clear)
        self.session.changed.connect(self._changed)
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+F", self.filters.text.setFocus),
            ("Ctrl+Shift+F", self._clear),
            ("Ctrl+Shift+C", self.pane.copy_reference),
        )
        for words, then in keys:
            shortcut = QShortcut(QKeySequence(words), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(then)

    def _arrange(self, step: int) -> None:
        for number, column in enumerate(self.table.paged.columns):
            self.table.setColumnHidden(number, step < 1024 and column.title in _DROPPED)

    def _clear(self) -> None:
        self.filters.clear()
        self.filters.text.setFocus()

    def _to_list(self) -> None:
        self.filters.finish_typing()
        self.table.setFocus()

    def _menu(self) -> None:
        """What can be done with the case under the keyboard."""
        if self.table.current_row() is None:
            return
        menu = QMenu(self)
        menu.setObjectName("case_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open the case\tEnter", self.pane.open.click)
        menu.addAction("Preview\tSpace", self.beside.toggle)
        menu.addAction("Copy reference\tCtrl+Shift+C", self.pane.copy_reference)
        asking = menu.addAction("Who asked about this person…", self.pane.who_asked.click)
        asking.setEnabled(not self.pane.who_asked.off_reason)
        place = self.table.visualRect(self.table.currentIndex())
        menu.popup(self.table.viewport().mapToGlobal(place.bottomLeft()))

    # What the store says

    @property
    def shows_rows(self) -> bool:
        """Whether the first rows of the list that was asked for last are there."""
        return self._shown == self.asked and self.table.paged.row(0) is not None

    def _ask(self, *, stay: bool) -> None:
        """Asks for the list: for its first rows first, unless the place in it stays."""
        self.asked += 1
        if stay:
            self.session.run(self, self.ids, self.filters.wanted, done=partial(self._show, self.asked, True))
        else:
            first = partial(self._show, self.asked, False)
            self.session.run(self, self.ids, self.filters.wanted, _FIRST, done=first)

    def _fetch(self, ids: Sequence[int], deliver: Callable[[Sequence[CaseRow]], None]) -> None:
        self.session.run(self, register_rows, list(ids), done=deliver)

    def _show(self, turn: int, stay: bool, ids: array[int]) -> None:
        """Shows the cases that were found. `stay`: what changed was not what was asked for; else the first came."""
        if turn == self.asked:
            self._list_them(turn, stay, ids)
        if stay:
            # The rows in sight are asked for by now: they do not wait until all cases are counted.
            self.session.run(self, totals, done=self._show_totals)
            self.saved.refresh()

    def _list_them(self, turn: int, stay: bool, ids: array[int]) -> None:
        wanted = self.filters.wanted
        self._shown, self._whole = turn, stay or len(ids) != _FIRST
        current = self.table.current_row()
        place = self.table.verticalScrollBar().value()
        self.table.set_mark(wanted.text.strip())
        self.table.set_sort(wanted.sort, wanted.descending)
        if stay and ids == self.table.paged.ids:
            self.table.paged.reload()
        else:
            self.table.show_ids(ids)
            self.table.selectRow(ids.index(current.id) if stay and current is not None and current.id in ids else 0)
            if stay:
                self.table.verticalScrollBar().setValue(place)
        self._list.setVisible(bool(ids))
        self.empty.setVisible(not ids)
        if not ids:
            self.pane.show_row(None)
            self._explain()
        if self._whole:
            self._show_all(turn, ids)
        else:
            self.session.run(self, self.ids, wanted, done=partial(self._show_all, turn))

    def _show_all(self, turn: int, ids: array[int]) -> None:
        """The rest of the list is there too."""
        if turn != self.asked:
            return
        self._whole = True
        self.table.paged.extend(ids)
        words = self.filters.wanted.text
        if words.strip() and words != self._searched:
            self.session.run(self, searched, len(ids), done=lambda _nothing: None)
        self._searched = words
        # Once the table has its place: it may have been hidden, as it is where nothing is found.
        QTimer.singleShot(0, self, self._count)

    def _explain(self) -> None:
        """Why the list is empty, and what to do."""
        if self.filters.in_use:
            self.empty.set_words("Nothing was found", "No case fits these filters. Take one away, or look for less.")
        else:
            self.empty.set_words("There is no case yet", "Requests appear here as soon as they are registered.")
        self.empty.button.setVisible(self.filters.in_use)

    def _show_totals(self, found: Totals) -> None:
        self._totals = found
        self.filters.set_requesters(found.requesters)
        since = f" since {day(found.since)}" if found.since else ""
        self.say(f"Every case there has been: {plural(found.cases, 'case')}{since}")
        self._count()

    def say(self, summary: str) -> None:
        """Sums the page up."""
        self.head.set_summary(summary)

    def _count(self) -> None:
        """Such as "1 to 18 of 62 cases found, of 1,000,000"."""
        if not self._whole:
            return
        found = len(self.table.paged.ids)
        first = self.table.rowAt(0) + 1
        last = self.table.rowAt(self.table.viewport().height() - 1) + 1
        rows = f"{figures(first)} to {figures(last or found)} of " if found and first else ""
        self.count.setText(f"{rows}{plural(found, 'case')} found, of {figures(self._totals.cases)}")

    def _changed(self, changed: Changed) -> None:
        if "case" in changed.kinds and self.isVisible():
            self.refresh()


def _second(_row: CaseRow) -> str:
    return "text-2"


def _state_ink(row: CaseRow) -> str:
    """Work has its colour; a decision is ink."""
    look = state_look(row.state).look
    return look if look in _WORK else "text-2"


def _due(row: CaseRow, today: date) -> str:
    if row.due_on is None:
        return "" if row.state in CLOSED else "Not known yet"
    if row.state is State.RETURNED:
        return "Paused"
    words = short_day(row.due_on, today)
    if row.state in CLOSED or row.due_on > today:
        return words
    return f"Today, {words}" if row.due_on == today else f"Late, {words}"


def _due_ink(row: CaseRow, today: date) -> str:
    if row.state in CLOSED or row.state is State.RETURNED or row.due_on is None:
        return "text-2"
    return "red" if row.due_on < today else "amber" if row.due_on == today else "text"
