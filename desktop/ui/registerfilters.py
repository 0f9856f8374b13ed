"""The register's filters: a field for words, and a chip for each way to narrow the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QDialog, QHBoxLayout, QMenu, QWidget

from db.records import Outcome, State
from db.records_views import RegisterFilter
from desktop.policy.agreements import Agreements
from desktop.policy.fields import parse_date
from desktop.policy.life import OUTCOME_WORDS, STATE_WORDS
from desktop.policy.wording import short_day
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import MAIN, PLAIN, Link
from desktop.ui.kit.chip import Chip
from desktop.ui.kit.dates import DateField
from desktop.ui.kit.field import IconLabel
from desktop.ui.kit.flow import Flow
from desktop.ui.kit.inputs import LineEdit
from desktop.ui.theme import current_theme

WAIT = 150
"""Milliseconds after the last key before the store is asked."""
TEXT_WIDTH = 244
_NO_NAMES = "Your role does not search for people."
Choices = Sequence[tuple[str, Callable[[], object]]]


class FilterText(LineEdit):
    """The field for words: an icon at the left, a cross at the right while there is something in it."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = current_theme()
        self._icon = IconLabel("search", "text-2", 16, self)
        self.cross = _Cross(self)
        self.cross.hide()
        self.textChanged.connect(lambda text: self.cross.setVisible(bool(text)))
        self._theme.changed.connect(self._place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps icon and cross in their places."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        px = self._theme.px
        self._icon.move(px(11), (self.height() - px(16)) // 2)
        side = px(24)
        self.cross.setGeometry(self.width() - side - px(6), (self.height() - side) // 2, side, side)
        self.setTextMargins(px(26), 0, px(26), 0)


class _Cross(QAbstractButton):
    """Empties the field. The keyboard has Ctrl+Shift+F for it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        name_widget(self, "empty_text", "Empty the field")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def sizeHint(self) -> QSize:
        """A square of 24."""
        side = current_theme().px(24)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the cross."""
        theme = current_theme()
        inset = (self.width() - theme.px(16)) // 2
        theme.draw_icon(QPainter(self), "x", inset, inset, "text" if self.underMouse() else "text-2")


class RegisterFilters(QWidget):
    """The row of filters. `changed` carries what the list is to show."""

    changed = Signal(object)

    def __init__(self, wanted: RegisterFilter, agreements: Agreements, today: date, *, names: bool) -> None:
        """`names`: whether this person may look for people."""
        super().__init__()
        self.wanted = wanted
        self._first = wanted
        self._agreements, self._today = agreements, today
        self._requesters: Sequence[str] = ()
        name_widget(self, "register_filters", "Filters")
        px = current_theme().px
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        flow = Flow(gap=px(8))
        self.text = FilterText()
        name_widget(self.text, "register_text", "Filter by name, reference, date of birth or number")
        self.text.setPlaceholderText("Name, reference, number" if names else "Not for your role")
        self.text.setToolTip("" if names else _NO_NAMES)
        self.text.setEnabled(names)
        self.text.setFixedWidth(px(TEXT_WIDTH))
        flow.addWidget(self.text)
        self.chips = {
            key: Chip(words, arrow=True, height=32, name=f"filter_{key}")
            for key, words in (
                ("state", "State"),
                ("due", "Due"),
                ("agreement", "Agreement"),
                ("requester", "Requester"),
                ("outcome", "Outcome"),
            )
        }
        for key, chip in self.chips.items():
            flow.addWidget(chip)
            chip.clicked.connect(partial(self._open_menu, key))
            chip.removed.connect(partial(self._remove, key))
        row.addLayout(flow, 1)
        # Only now has it a parent: what is shown without one is a window.
        self.chips["requester"].setVisible(names)
        self.clear_link = Link("Clear", name="clear_filters")
        row.addWidget(self.clear_link, 0, Qt.AlignmentFlag.AlignTop)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT)
        self._timer.timeout.connect(self._typed)
        self.text.textEdited.connect(lambda _text: self._timer.start())
        self.text.cross.clicked.connect(self._empty_text)
        self.clear_link.clicked.connect(self.clear)
        self._show()

    @property
    def in_use(self) -> bool:
        """Whether anything narrows the list."""
        return replace(self.wanted, sort="due_on", descending=False) != RegisterFilter()

    def clear(self) -> None:
        """Takes every filter away."""
        self._timer.stop()
        self.text.clear()
        self.set(RegisterFilter(sort=self.wanted.sort, descending=self.wanted.descending))

    def finish_typing(self) -> None:
        """Does not wait for the next key any longer."""
        if self._timer.isActive():
            self._timer.stop()
            self._typed()

    def show_saved(self, wanted: RegisterFilter) -> None:
        """Shows a saved filter in place of whatever narrows the list."""
        self._timer.stop()
        self.text.clear()
        self.set(wanted)

    def set_requesters(self, names: Sequence[str]) -> None:
        """The bodies to choose among."""
        self._requesters = names

    def sort_by(self, key: str, descending: bool) -> None:
        """Shows the same cases in another order."""
        self.set(replace(self.wanted, sort=key, descending=descending))

    def set(self, wanted: RegisterFilter) -> None:
        """Shows other filters, and tells."""
        self.wanted = wanted
        self._show()
        self.changed.emit(wanted)

    def choices(self, key: str) -> Choices:
        """What the menu of a chip offers."""
        today = self._today
        monday = today - timedelta(days=today.weekday())
        match key:
            case "state":
                states = [(STATE_WORDS[one], self._choose(state=one, open_only=False)) for one in State]
                return [("Open", self._choose(state=None, open_only=True)), *states]
            case "due":
                late = self._choose(due_from=None, due_to=today - timedelta(days=1), open_only=True, state=None)
                week = self._choose(due_from=monday, due_to=monday + timedelta(days=6))
                return [
                    ("Late", late),
                    ("Today", self._choose(due_from=today, due_to=today)),
                    ("This week", week),
                    ("By a date", self._ask_date),
                ]
            case "agreement":
                return [(one.short_title, self._choose(agreement_id=one.id)) for one in self._agreements.all()]
            case "requester":
                return [(name, self._choose(requester=name)) for name in self._requesters]
            case _:
                return [(OUTCOME_WORDS[one], self._choose(outcome=one, open_only=False)) for one in Outcome]

    def _choose(self, **changes: Any) -> Callable[[], None]:
        return lambda: self.set(replace(self.wanted, **changes))

    def words(self, wanted: RegisterFilter) -> str:
        """What a filter shows, such as "State: Open, Due: Late"."""
        return ", ".join(f"{lead}: {value}" for lead, value in self._values(wanted).values() if value)

    def _due_words(self, wanted: RegisterFilter) -> str:
        first, last, today = wanted.due_from, wanted.due_to, self._today
        if last is None:
            return ""
        if first is None:
            return "Late" if last == today - timedelta(days=1) else f"By {short_day(last, today)}"
        return "Today" if first == last else "This week"

    def _values(self, wanted: RegisterFilter) -> dict[str, tuple[str, str]]:
        """By chip: what it narrows by, and to what; "" for not at all."""
        titles = {one.id: one.short_title for one in self._agreements.all()}
        return {
            "state": ("State", "Open" if wanted.open_only else STATE_WORDS[wanted.state] if wanted.state else ""),
            "due": ("Due", self._due_words(wanted)),
            "agreement": ("Agreement", titles.get(wanted.agreement_id, wanted.agreement_id)),
            "requester": ("Requester", wanted.requester),
            "outcome": ("Outcome", OUTCOME_WORDS[wanted.outcome] if wanted.outcome else ""),
        }

    def _show(self) -> None:
        for key, (words, value) in self._values(self.wanted).items():
            if value:
                self.chips[key].set_words(value, lead=f"{words}:", in_use=True, removable=True)
            else:
                self.chips[key].set_words(words)
        self.clear_link.setVisible(self.in_use)

    def _typed(self) -> None:
        self.set(replace(self.wanted, text=self.text.text()))

    def _empty_text(self) -> None:
        self.text.clear()
        self.text.setFocus()
        self._typed()

    def _remove(self, key: str) -> None:
        nothing: dict[str, dict[str, Any]] = {
            "state": {"state": None, "open_only": False},
            "due": {"due_from": None, "due_to": None},
            "agreement": {"agreement_id": ""},
            "requester": {"requester": ""},
            "outcome": {"outcome": None},
        }
        self.set(replace(self.wanted, **nothing[key]))
        self.chips[key].setFocus()

    def _open_menu(self, key: str) -> None:
        menu = QMenu(self)
        menu.setObjectName(f"menu_{key}")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, then in self.choices(key):
            menu.addAction(words.replace("&", "&&"), then)
        chip = self.chips[key]
        menu.popup(chip.mapToGlobal(QPoint(0, chip.height())))

    def _ask_date(self) -> None:
        on = ask_date(self)
        if on is not None:
            self.set(replace(self.wanted, due_from=None, due_to=on))


def ask_date(owner: QWidget) -> date | None:
    """Asks by which day; None for Cancel."""
    dialog = Dialog(owner, "due_by", "Due by a date")
    field = DateField("due_by", "Due on or before")
    dialog.body.addWidget(field)

    def accept() -> None:
        if parse_date(field.value()) is not None:
            dialog.accept()
        else:
            field.show_problem("This is not a date. Give the day, the month and the year.")
            field.focus()

    for box in field.boxes.values():
        box.returnPressed.connect(accept)
    dialog.add_button("Show these cases", MAIN, accept, "yes")
    dialog.add_button("Cancel", PLAIN, dialog.reject, "cancel")
    field.focus()
    return parse_date(field.value()) if dialog.exec() == QDialog.DialogCode.Accepted else None
