"""People: who may sign in, added, switched off and on, and given a new first password."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db.records import Changed, Role, User
from desktop.casework.accounts import NewUser, add_user, reset_password, set_active, users
from desktop.casework.desk import Desk, Invalid
from desktop.policy.life import ROLE_WORDS
from desktop.policy.wording import when
from desktop.ui import dialogs
from desktop.ui.admin.forms import AddForm, FirstPasswordForm
from desktop.ui.admin.words import ROLE_DOES
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import MAIN, Button
from desktop.ui.kit.card import Card, Facts
from desktop.ui.kit.flow import Flow
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.notices import Banner
from desktop.ui.kit.pagedmodel import Column, PagedModel
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.table import Table
from desktop.ui.kit.tag import Tag, role_look
from desktop.ui.kit.text import Text
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

_SIDE = 352


@dataclass(frozen=True, slots=True)
class Line:
    """One person with what the table says of them."""

    user: User
    state: str
    seen: str


def load_people(desk: Desk) -> tuple[Line, ...]:
    """Everyone, those who are switched off last."""
    now = desk.clock()
    lines = [
        Line(
            one,
            "Switched off" if not one.active else "First password" if one.must_change_password else "Active",
            _seen(when(one.last_seen_at, now)) if one.last_seen_at else "Never",
        )
        for one in users(desk)
    ]
    return tuple(sorted(lines, key=lambda line: not line.user.active))


def _seen(words: str) -> str:
    return words[:1].upper() + words[1:]


def _ink(line: Line) -> str:
    return "text" if line.user.active else "text-3"


_COLUMNS: tuple[Column[Line], ...] = (
    Column("Name", lambda line: line.user.name, style="label", colour=_ink),
    Column("User name", lambda line: line.user.username, width=150, colour=_ink),
    Column("Role", lambda line: ROLE_WORDS[line.user.role], width=130, colour=_ink),
    Column("Account", lambda line: line.state, width=120, colour=_ink),
    Column("Last signed in", lambda line: line.seen, width=170, colour=_ink),
)
_DROPPED = {"Last signed in": 1106, "User name": 936, "Account": 786, "Role": 666}
"""Columns that the table goes without where the page is narrower than this, so that names are read: the pane beside it
has them.
"""


class PeoplePart(QWidget):
    """The table of people, and beside it one person, a form to add one, or a new first password."""

    key = "people"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._wanted: int | None = None
        name_widget(self, "people_part", "People")
        self._lines: dict[int, Line] = {}
        self.model: PagedModel[Line] = PagedModel(_COLUMNS, self._fetch, lambda line: line.user.id, self)
        self.table: Table[Line] = Table("people_table", "People", self.model, dense=False)
        self.add = Button("Add a person", MAIN, "user-plus", name="add_person")
        self.form = AddForm()
        self.reset = FirstPasswordForm()
        self.switch = Button("Switch off", name="switch_account")
        self.new_password = Button("New first password…", icon="key-round", name="new_first_password")
        self._build()
        self._connect()

    def refresh(self) -> None:
        """Loads the people anew; the selected one stays."""
        self._session.run(self, load_people, done=self._show)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drops what a narrow table has no room for."""
        super().resizeEvent(event)
        self.table.drop(_DROPPED, self.width())

    def current(self) -> Line | None:
        """The selected person."""
        return self.table.current_row()

    def _build(self) -> None:
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        self._few = Banner("info", "", icon="user-plus")
        self._few.hide()
        column.addWidget(self._few)
        row = QHBoxLayout()
        row.setSpacing(px(24))
        card = Card(padded=False)
        card.body.addWidget(self.table)
        row.addWidget(card, 1)
        self._stack = QStackedWidget()
        self._stack.setFixedWidth(px(_SIDE))
        self._stack.addWidget(self._build_person())
        for form, title in ((self.form, "Add a person"), (self.reset, "A new first password")):
            holder = Card(title)
            holder.body.addWidget(form)
            holder.body.addStretch(1)
            pane = ScrollPane(f"{form.objectName()}_pane", title, margin=0)
            pane.body.addWidget(holder)
            pane.body.addStretch(1)
            self._stack.addWidget(pane)
        row.addWidget(self._stack)
        column.addLayout(row, 1)
        starts_at(self, self.table)

    def _build_person(self) -> QWidget:
        px = current_theme().px
        pane = ScrollPane("person_pane", "The selected person, and what each role may do", margin=0)
        person = Card()
        self._name = Text("", "group", wrap=True)
        self._facts = Facts()
        person.body.addWidget(self._name)
        person.body.addWidget(self._facts)
        # One below the other where locks and words take more than the pane has.
        buttons = Flow(gap=px(8))
        buttons.addWidget(self.switch)
        buttons.addWidget(self.new_password)
        person.body.addLayout(buttons)
        pane.body.addWidget(person)
        roles = Card("What each role may do")
        for role, words in ROLE_DOES.items():
            roles.body.addWidget(Tag(role_look(role)), 0, Qt.AlignmentFlag.AlignLeft)
            roles.body.addWidget(Text(words, "small", "text-2", wrap=True))
            roles.body.addSpacing(px(4))
        pane.body.addWidget(roles)
        pane.body.addStretch(1)
        return pane

    def _connect(self) -> None:
        self.table.moved.connect(self._selected)
        self.add.triggered.connect(self.start_adding)
        self.form.cancelled.connect(self._show_person)
        self.form.accepted.connect(self._add)
        self.reset.cancelled.connect(self._show_person)
        self.reset.accepted.connect(self._reset)
        self.switch.triggered.connect(self._switch)
        self.new_password.triggered.connect(self._start_reset)

    def start_adding(self) -> None:
        """Opens the form for a new person."""
        self.form.start(self._session.desk.random)
        self._stack.setCurrentIndex(1)
        self.form.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, lines: tuple[Line, ...]) -> None:
        kept = self._wanted if self._wanted is not None else self._current_id()
        self._wanted = None
        self._lines = {line.user.id: line for line in lines}
        self.table.show_ids(list(self._lines), keep=kept if kept in self._lines else lines[0].user.id)
        self._say_few(lines)
        self._selected(self.current())

    def _say_few(self, lines: tuple[Line, ...]) -> None:
        there = {line.user.role for line in lines if line.user.active}
        missing = [role for role in (Role.CASEWORKER, Role.REVIEWER) if role not in there]
        self._few.setVisible(bool(missing))
        if missing:
            names = " and ".join(f"a {ROLE_WORDS[role].lower()}" for role in missing)
            self._few.sentence.setText(
                f"Add {names}. A request needs two people: the one who works on it never decides it."
            )

    def _current_id(self) -> int | None:
        line = self.current()
        return line.user.id if line else None

    def _fetch(self, ids: Sequence[int], deliver: Callable[[Sequence[Line]], None]) -> None:
        deliver([self._lines[one] for one in ids])

    def _selected(self, line: Line | None) -> None:
        if line is None:
            return
        self._name.setText(line.user.name)
        self._facts.set_facts(
            [
                ("User name", line.user.username),
                ("Role", ROLE_WORDS[line.user.role]),
                ("Account", line.state),
                ("Last signed in", line.seen),
            ]
        )
        own = line.user.id == self._session.desk.user.id
        self.switch.setText("Switch off" if line.user.active else "Switch on")
        self.switch.set_off("You cannot switch off your own account. Ask another administrator." if own else "")
        self.new_password.set_off("Change your own password when you sign in." if own else "")
        self._show_person()

    def _show_person(self) -> None:
        if self._stack.currentIndex():
            self._stack.setCurrentIndex(0)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, new: NewUser) -> None:
        def added(user_id: int) -> None:
            self.form.rest()
            self._wanted = user_id
            self._changed(f"{new.name.strip()} was added")

        def refused(error: Exception) -> None:
            self.form.rest()
            if isinstance(error, Invalid):
                self.form.show_problems(error.problems)
            else:
                self._session.show_error(self, error)

        self._session.run(self, add_user, new, done=added, failed=refused)

    def _start_reset(self) -> None:
        line = self.current()
        if line is not None:
            self.reset.start(line.user.name, self._session.desk.random)
            self._stack.setCurrentIndex(2)
            self.reset.setFocus(Qt.FocusReason.OtherFocusReason)

    def _reset(self, password: str) -> None:
        line = self.current()
        if line is None:
            return

        def refused(error: Exception) -> None:
            self.reset.rest()
            if isinstance(error, Invalid):
                self.reset.show_problems(error.problems)
            else:
                self._session.show_error(self, error)

        def done(_nothing: None) -> None:
            self.reset.rest()
            self._changed(f"{line.user.name} has a new first password")

        self._session.run(self, reset_password, line.user.id, password, done=done, failed=refused)

    def _switch(self) -> None:
        line = self.current()
        if line is None:
            return
        if line.user.active and not self._confirmed(line.user):
            return
        on = not line.user.active
        words = f"{line.user.name}’s account was switched {'on' if on else 'off'}"
        self._session.run(self, set_active, line.user.id, on, done=lambda _nothing: self._changed(words))

    def _confirmed(self, user: User) -> bool:
        return dialogs.confirm(
            self,
            "Switch off this account?",
            f"{user.name} will not be able to sign in. Their cases and everything they did stay as they are.",
            "Switch off",
            destructive=True,
        )

    def _changed(self, words: str) -> None:
        self._show_person()
        self.refresh()
        self._session.changed.emit(Changed(kinds=frozenset({"user"})))
        self._session.toasted.emit(words)
