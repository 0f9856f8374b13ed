"""Requesters: the bodies that ask, with their secure addresses, officers and accreditations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Changed
from db.records_requesters import Accreditation, Body, Officer
from desktop.casework.desk import Desk
from desktop.casework.requesters import (
    accredit,
    bodies,
    end_accreditation,
    put_body,
    put_officer,
    remove_body,
    remove_officer,
)
from desktop.policy.requesters import asks_officially, ends_soon
from desktop.policy.wording import day, figures, plural
from desktop.ui import dialogs
from desktop.ui.admin import requesterforms as forms
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.button import MAIN, Button, Link
from desktop.ui.kit.card import Card, Facts
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.notices import EmptyState
from desktop.ui.kit.pagedmodel import Column, PagedModel
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import IconText
from desktop.ui.kit.table import Table
from desktop.ui.kit.text import Text
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

_SIDE = 416
_DROPPED = {"Officers": 920, "Accredited": 830}
"""Columns that a narrow page goes without, below these widths."""


@dataclass(frozen=True, slots=True)
class Line:
    """One body with what the table says of it."""

    body: Body
    accredited: str
    colour: str


def load_lines(desk: Desk) -> tuple[Line, ...]:
    """Everyone on record, by name."""
    today = desk.today()
    return tuple(Line(one, *_state(one, today)) for one in bodies(desk))


def _state(body: Body, today: date) -> tuple[str, str]:
    """In short how a body stands today, and the token of its colour."""
    held = [one for one in body.accreditations if one.holds(today)]
    if any(ends_soon(one, today) for one in held):
        return f"Ends {day(min(one.valid_to for one in held))}", "amber"
    if held:
        return f"Until {day(min(one.valid_to for one in held))}", "text"
    if any(one.valid_from > today and one.ended_on is None for one in body.accreditations):
        return "Not yet", "text-2"
    return ("Ended", "red") if body.accreditations else ("Not accredited", "text-2")


_COLUMNS: tuple[Column[Line], ...] = (
    Column("Body", lambda line: line.body.name, style="label"),
    Column("Accredited", lambda line: line.accredited, width=190, colour=lambda line: line.colour, elide=False),
    Column("Officers", lambda line: figures(len(line.body.officers)), width=90, right=True),
)


class RequestersPart(QWidget):
    """The table of bodies, and beside it one body with all that belongs to it."""

    key = "requesters"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._lines: dict[int, Line] = {}
        self._wanted: int | None = None
        desk = session.desk
        self._titles = {one.id: one.short_title for one in desk.agreements.all() if asks_officially(one)}
        name_widget(self, "requesters_part", "Requesters")
        self.model: PagedModel[Line] = PagedModel(_COLUMNS, self._fetch, lambda line: line.body.id, self)
        self.table: Table[Line] = Table("requesters_table", "Requesters", self.model, dense=False)
        self.add = Button("Add a requester…", MAIN, "plus", name="add_requester")
        self.change = Button("Change…", icon="pencil-line", name="change_requester")
        self.remove = Button("Remove", name="remove_requester")
        self.accredit = Button("Accredit…", icon="plus", name="accredit")
        self.officer = Button("Add an officer…", icon="user-plus", name="add_officer")
        self._build()
        self._connect()

    def refresh(self) -> None:
        """Loads the bodies anew; the selected one stays."""
        self._session.run(self, load_lines, done=self._show)

    def current(self) -> Body | None:
        """The selected body."""
        line = self.table.current_row()
        return line.body if line is not None else None

    # How it looks

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
        self._list = Card(padded=False)
        self._list.body.addWidget(self.table)
        row.addWidget(self._list, 1)
        words = "Put the bodies that ask you on record, and each request is held against it."
        self.empty = EmptyState("building-2", "No requester is on record", words, "Add a requester…")
        self.empty.hide()
        row.addWidget(self.empty, 1)
        self._pane = ScrollPane("requester_pane", "The selected requester", margin=0)
        about = Card()
        self._name = Text("", "group", wrap=True)
        self._facts = Facts()
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addWidget(self.change)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        about.body.addWidget(self._name)
        about.body.addWidget(self._facts)
        about.body.addLayout(buttons)
        self._pane.body.addWidget(about)
        self._given, self._officers = QVBoxLayout(), QVBoxLayout()
        for title, rows, button in (
            ("Accreditation", self._given, self.accredit),
            ("Officers", self._officers, self.officer),
        ):
            card = Card(title)
            rows.setSpacing(px(8))
            card.body.addLayout(rows)
            foot = QHBoxLayout()
            foot.addWidget(button)
            foot.addStretch(1)
            card.body.addLayout(foot)
            self._pane.body.addWidget(card)
        self._pane.body.addStretch(1)
        row.addWidget(self._pane)
        starts_at(self, self.table)

    def _connect(self) -> None:
        self.table.moved.connect(lambda _line: self._selected())
        self.add.triggered.connect(lambda: self._edit_body(None))
        self.empty.acted.connect(lambda: self._edit_body(None))
        self.change.triggered.connect(lambda: self._edit_body(self.current()))
        self.remove.triggered.connect(self._remove)
        self.accredit.triggered.connect(self._accredit)
        self.officer.triggered.connect(lambda: self._edit_officer(None))

    def _fetch(self, ids: Sequence[int], deliver: Callable[[Sequence[Line]], None]) -> None:
        deliver([self._lines[one] for one in ids])

    def _show(self, lines: tuple[Line, ...]) -> None:
        body = self.current()
        kept = self._wanted if self._wanted is not None else body.id if body else None
        self._wanted = None
        self._lines = {one.body.id: one for one in lines}
        self._list.setVisible(bool(lines))
        self._pane.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        if lines:
            self.table.show_ids(list(self._lines), keep=kept if kept in self._lines else lines[0].body.id)
            self._selected()

    def _selected(self) -> None:
        body = self.current()
        if body is None:
            return
        self._name.setText(body.name)
        facts: list[tuple[str, str | QWidget]] = [("Addresses", "\n".join(body.addresses) or "None on record")]
        if body.note:
            facts.append(("Note", body.note))
        self._facts.set_facts(facts)
        why = "It was accredited, so it stays on record. End its accreditation instead." if body.accreditations else ""
        self.remove.set_off(why)
        clear_layout(self._given)
        for one in body.accreditations:
            self._given.addWidget(self._accreditation(one))
        if not body.accreditations:
            self._given.addWidget(Text("None. Its requests are brought to attention.", "small", "text-2", wrap=True))
        clear_layout(self._officers)
        for each in body.officers:
            self._officers.addWidget(self._officer_row(each))
        if not body.officers:
            self._officers.addWidget(Text("None on record.", "small", "text-2"))

    def _accreditation(self, one: Accreditation) -> QWidget:
        today = self._session.desk.today()
        title = self._titles.get(one.agreement_id, one.agreement_id)
        reference = f" ({one.reference})" if one.reference else ""
        words = f"{title}{reference}: {day(one.valid_from)} to {day(one.valid_to)}"
        if one.ended_on is not None:
            icon, colour = "circle-slash", "text-2"
            words += f". Ended from {day(one.ended_on)}: {one.ended_because}"
        elif one.valid_to < today:
            icon, colour, words = "circle-slash", "text-2", f"{words}. It is over"
        elif ends_soon(one, today):
            icon, colour, words = "circle-alert", "amber", f"{words}. It ends soon"
        else:
            icon, colour = ("check", "green") if one.holds(today) else ("clock", "text-2")
        links = []
        if one.ended_on is None and one.valid_to >= today:
            end = Link("End it…", name=f"end_accreditation_{one.id}")
            end.setAccessibleName(f"End the accreditation for {title}")
            end.clicked.connect(lambda: self._end(one))
            links.append(end)
        return _row(icon, colour, words, links)

    def _officer_row(self, one: Officer) -> QWidget:
        parts = [one.name, one.grade, one.unit, one.email, "may countersign" if one.countersigns else ""]
        words = ", ".join(part for part in parts if part)
        if one.left_on is not None:
            words += f". Left on {day(one.left_on)}"
        change = Link("Change…", name=f"change_officer_{one.id}")
        change.setAccessibleName(f"Change {one.name}")
        change.clicked.connect(lambda: self._edit_officer(one))
        remove = Link("Remove", name=f"remove_officer_{one.id}")
        remove.setAccessibleName(f"Remove {one.name}")
        remove.clicked.connect(lambda: self._remove_officer(one))
        gone = one.left_on is not None and one.left_on <= self._session.desk.today()
        return _row("circle-slash" if gone else "user", "text-2", words, [change, remove])

    # What is done

    def _edit_body(self, body: Body | None) -> None:
        dialog, command = forms.body_form(self, body)
        self._open(dialog, put_body, command, lambda: f"{dialog.text('name').strip()} is on record", wants=True)

    def _edit_officer(self, one: Officer | None) -> None:
        if body := self.current():
            dialog, command = forms.officer_form(self, body, one)
            self._open(dialog, put_officer, command, lambda: f"{dialog.text('name').strip()} is on record")

    def _accredit(self) -> None:
        if body := self.current():
            dialog, command = forms.accredit_form(self, body, self._titles, self._session.desk.today())
            self._open(dialog, accredit, command, lambda: f"{body.name} is accredited")

    def _end(self, one: Accreditation) -> None:
        if body := self.current():
            dialog, command = forms.end_form(self, body, one, self._session.desk.today())
            self._open(dialog, end_accreditation, command, lambda: f"The accreditation of {body.name} was ended")

    def _open(
        self,
        dialog: RecordDialog,
        action: Callable[[Desk, Any], Any],
        command: Callable[[], Any],
        said: Callable[[], str],
        *,
        wants: bool = False,
    ) -> None:
        """Opens a dialog, and does what it asks for. ``wants``: the number that comes back is selected then."""

        def done(number: Any) -> None:
            self._wanted = int(number) if wants else None
            self._changed(said())

        dialog.ask(self._session, action, command, done)

    def _remove(self) -> None:
        body = self.current()
        if body is None or self.remove.off_reason:
            return
        also = f" Its {plural(len(body.officers), 'officer')} on record goes with it." if body.officers else ""
        words = f"{body.name} is taken off the record.{also} The requests that it made stay as they are."
        if dialogs.confirm(self, "Remove this requester?", words, "Remove", destructive=True):
            said = f"{body.name} was taken off the record"
            self._session.run(self, remove_body, body.id, done=lambda _nothing: self._changed(said))

    def _remove_officer(self, one: Officer) -> None:
        body = self.current()
        if body is None:
            return
        words = f"{one.name} is taken off the record. The requests that they made stay as they are."
        if dialogs.confirm(self, "Remove this officer?", words, "Remove", destructive=True):
            said = f"{one.name} was taken off the record"
            self._session.run(self, remove_officer, body.id, one.id, done=lambda _nothing: self._changed(said))

    def _changed(self, words: str) -> None:
        self.refresh()
        self._session.changed.emit(Changed(kinds=frozenset({"requester"})))
        self._session.toasted.emit(words)


def _row(icon: str, colour: str, words: str, links: Sequence[Link]) -> QWidget:
    """Words after an icon, and below them what can be done."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(IconText(icon, words, "text", "small", icon_colour=colour, wrap=True))
    if links:
        line = QHBoxLayout()
        line.setContentsMargins(current_theme().px(24), 0, 0, 0)
        line.setSpacing(current_theme().px(16))
        for link in links:
            line.addWidget(link)
        line.addStretch(1)
        column.addLayout(line)
    return holder
