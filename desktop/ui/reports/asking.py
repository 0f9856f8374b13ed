"""What a report is asked for: its days, and how small figures are kept back; with what is wrong beside each field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.policy.disclosurecontrol import LEAST_THRESHOLD, MOST_THRESHOLD, NHS, NONE, Control
from desktop.policy.fields import parse_date
from desktop.policy.publication import PER_WORDS, Per
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import Button
from desktop.ui.kit.dates import DateField
from desktop.ui.kit.error_summary import ErrorSummary
from desktop.ui.kit.field import Field
from desktop.ui.kit.flow import Flow
from desktop.ui.kit.inputs import ChoiceField, LineField
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

_CONTROLS = (("none", "All shown"), ("nhs", "NHS rule, 1 to 7"), ("own", "Below a number"))
_MEANING = {
    "none": "Every figure is shown as it was counted, as the national register shows them. A very small one may tell of"
    " one person.",
    "nhs": "The NHS rule for figures below national level: counts of 1 to 7 are kept back, others go to the nearest 5,"
    " and more is kept back where a small figure could be worked out.",
    "own": "Counts from 1 up to your number are kept back, and more where one of them could be worked out; others are"
    " shown as they are.",
}
_THRESHOLD = f"Give {LEAST_THRESHOLD} to {MOST_THRESHOLD}."
_LABELS = 20
_WIDTHS = {"table": 190, "per": 228, "control": 176, "below": 100}


class Asking(QWidget):
    """The fields in a row, as many as there is room for, and a button that counts. Enter in a field counts too."""

    wanted = Signal()
    """It was asked to count."""
    edited = Signal()
    """Something was changed since."""

    def __init__(self, name: str, words: str, first: date, last: date, *, table: bool = False) -> None:
        """`words` on the button. `table`: whether one of several tables is chosen, and its periods."""
        super().__init__()
        px = current_theme().px
        name_widget(self, name, "What is counted")
        self.fields: dict[str, Field] = {}
        if table:
            self.fields["table"] = ChoiceField("table", "Table", (), none_words="")
        self.fields["first"] = DateField("first", "First day")
        self.fields["last"] = DateField("last", "Last day")
        if table:
            periods = [(per.value, PER_WORDS[per]) for per in Per]
            self.fields["per"] = ChoiceField("per", "Periods", periods, none_words="")
        self.fields["control"] = ChoiceField("control", "Small figures", _CONTROLS, none_words="")
        self.fields["below"] = LineField("below", "Below")
        self.button = Button(words, icon="refresh-cw", name=f"{name}_count")
        self.summary = ErrorSummary()
        self.meaning = Text(_MEANING["none"], "small", "text-2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(self.summary)
        row = Flow(gap=px(16), between=px(8))
        for key, field in self.fields.items():
            if key in _WIDTHS:
                field.setFixedWidth(px(_WIDTHS[key]))
            if not isinstance(field, DateField) and (inner := field.layout()) is not None:
                # On the line of the boxes of a date, which have small labels over them.
                inner.setContentsMargins(0, px(_LABELS), 0, 0)
            row.addWidget(field)
            field.edited.connect(self._changed)
        row.addWidget(_Foot(self.button))
        column.addLayout(row)
        column.addWidget(self.meaning)
        self.summary.jumped.connect(lambda key: self.fields[key].focus())
        self.button.triggered.connect(self.wanted)
        self.set_days(first, last)
        if table:
            self.fields["per"].set_value(Per.ALL.value)
        self._arrange()

    def set_tables(self, titles: tuple[str, ...]) -> None:
        """The tables to choose among; the first is chosen until another is."""
        field = self.fields["table"]
        if isinstance(field, ChoiceField):
            field.set_options([(title, title) for title in titles])

    def set_days(self, first: date, last: date) -> None:
        """Shows these days."""
        for key, on in (("first", first), ("last", last)):
            self.fields[key].set_value({"day": str(on.day), "month": str(on.month), "year": str(on.year)})

    def text(self, key: str) -> str:
        """The key that is chosen in a field."""
        return str(self.fields[key].value())

    def days(self) -> tuple[date, date] | None:
        """The first day and the last; None where it cannot be counted."""
        first, last = (parse_date(self.fields[key].value()) for key in ("first", "last"))
        return None if first is None or last is None or self._wrong() else (first, last)

    def control(self) -> Control:
        """How small figures are kept back. Only where there are `days`."""
        chosen = self.text("control")
        return Control(int(self.text("below"))) if chosen == "own" else NHS if chosen == "nhs" else NONE

    def check(self) -> bool:
        """Whether it can be counted; says what is wrong beside each field and at the top."""
        wrong = self._wrong()
        for field in self.fields.values():
            field.clear_problem()
        for key, message in wrong.items():
            self.fields[key].show_problem(message)
        self.summary.show_problems([(key, self.fields[key].label_text, words) for key, words in wrong.items()])
        return not wrong

    def show_problem(self, key: str, message: str) -> None:
        """Says what the store found wrong."""
        self.fields[key].show_problem(message)
        self.summary.show_problems([(key, self.fields[key].label_text, message)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter counts."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.button.click()
        else:
            super().keyPressEvent(event)

    def _wrong(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        first, last = (parse_date(self.fields[key].value()) for key in ("first", "last"))
        for key, on in (("first", first), ("last", last)):
            field = self.fields[key]
            if on is None and isinstance(field, DateField):
                found[key] = field.date_problem() or "Give the day, the month and the year."
        if first is not None and last is not None and last < first:
            found["last"] = "This is before the first day: change one of them."
        below = self.text("below").strip()
        if self.text("control") == "own":
            number = int(below) if below.isascii() and below.isdigit() and len(below) < len("1000") else 0
            if not LEAST_THRESHOLD <= number <= MOST_THRESHOLD:
                found["below"] = _THRESHOLD
        return found

    def _changed(self, key: str, _value: object) -> None:
        self.fields[key].clear_problem()
        self._arrange()
        self.edited.emit()

    def _arrange(self) -> None:
        chosen = self.text("control")
        self.fields["below"].setVisible(chosen == "own")
        self.meaning.setText(_MEANING[chosen])


class _Foot(QWidget):
    """The button on the line of the fields, below where they have their labels."""

    def __init__(self, button: Button) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, current_theme().px(_LABELS + 24), 0, 0)
        column.addWidget(button)
        column.addStretch(1)
