"""What a report is asked for: its days, and how small figures are kept back; with what is wrong beside each field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.policy.savedreports import WantedReport
from desktop.ui.countfields import CountFields
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import Button
from desktop.ui.kit.dates import DateField
from desktop.ui.kit.error_summary import ErrorSummary
from desktop.ui.kit.flow import Flow
from desktop.ui.kit.inputs import ChoiceField
from desktop.ui.theme import current_theme

_LABELS = 20
_NUMBER = 72


class Asking(QWidget):
    """The fields in a row, as many as there is room for, and below them a button that counts. Enter in a field counts
    too.
    """

    wanted = Signal()
    """It was asked to count."""
    edited = Signal()
    """Something was changed since."""

    def __init__(self, name: str, today: Callable[[], date], *, table: bool) -> None:
        """`table`: whether one of several tables is chosen, and its periods."""
        super().__init__()
        px = current_theme().px
        name_widget(self, name, "What is counted")
        self.what = CountFields(today, table=table)
        self.fields = self.what.fields
        self.button = Button("Count", icon="refresh-cw", name=f"{name}_count")
        self.summary = ErrorSummary()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(self.summary)
        row = Flow(gap=px(12), between=px(8))
        pair = QWidget()
        small = QHBoxLayout(pair)
        small.setContentsMargins(0, 0, 0, 0)
        small.setSpacing(px(12))
        self.fields["below"].setFixedWidth(px(_NUMBER))
        for key, field in self.fields.items():
            if isinstance(field, ChoiceField):
                _fit(field)
            if not isinstance(field, DateField) and (inner := field.layout()) is not None:
                # On the line of the boxes of a date, which have small labels over them.
                inner.setContentsMargins(0, px(_LABELS), 0, 0)
            if key in ("control", "below"):
                small.addWidget(field)
            else:
                row.addWidget(field)
            field.edited.connect(self._changed)
        # The number stands beside what it belongs to, in whichever line.
        row.addWidget(pair)
        column.addLayout(row)
        under = QHBoxLayout()
        under.setSpacing(px(12))
        under.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        beside = QVBoxLayout()
        # Its first line stands in the middle of the button.
        beside.setContentsMargins(0, px(7), 0, 0)
        beside.addWidget(self.what.meaning)
        under.addLayout(beside, 1)
        column.addLayout(under)
        self.summary.jumped.connect(lambda key: self.fields[key].focus())
        self.button.triggered.connect(self.wanted)
        self.reset()

    def reset(self) -> None:
        """Asks for what is asked for at first: this year as it is."""
        self.what.reset()
        self.summary.show_problems([])

    def show_wanted(self, wanted: WantedReport) -> None:
        """Asks for something else."""
        self.what.show_wanted(wanted)
        self.summary.show_problems([])

    def check(self) -> bool:
        """Whether it can be counted; says what is wrong beside each field and at the top."""
        self.what.renew()
        wrong = self.what.wrong()
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

    def _changed(self, key: str, _value: object) -> None:
        self.fields[key].clear_problem()
        self.edited.emit()


def _fit(field: ChoiceField) -> None:
    """As wide as its longest choice, whatever is said below it."""
    field.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    said = field.message.sizePolicy()
    said.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    field.message.setSizePolicy(said)
