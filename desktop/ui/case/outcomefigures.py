"""The table of figures that goes with an answer: which days, which periods, and how small figures are kept back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.casework.desk import Invalid
from desktop.casework.publication import Asked
from desktop.policy.fields import Problem
from desktop.policy.publication import Per
from desktop.ui.countfields import CountFields
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import Button
from desktop.ui.kit.text import Text
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.theme import current_theme

_NONE = "No table of figures goes with this answer."
_LEAD = (
    "The desk counts the table when the outcome is recorded, and the letter prints it so. With the letter it is"
    " published: the same days are not published in another way after."
)


class FiguresRow(QWidget):
    """Which table goes with the answer, and the buttons that attach one or take it out."""

    wanted = Signal()
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.asked: Asked | None = None
        """What was asked for; None where no table goes with the answer."""
        self.title = ""
        name_widget(self, "outcome_figures", "Table of figures")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(current_theme().px(12))
        self.says = Text("", "body", "text-2", wrap=True)
        self.attach = Button("Attach figures…", icon="chart-column", name="attach_figures")
        self.out = Button("Take them out", icon="x", name="take_figures_out")
        row.addWidget(self.says, 1)
        row.addWidget(self.attach)
        row.addWidget(self.out)
        self.attach.triggered.connect(self.wanted)
        self.out.triggered.connect(self._take_out)
        self.show_table(None, "")

    def show_table(self, asked: Asked | None, title: str) -> None:
        """Shows what goes with the answer."""
        self.asked, self.title = asked, title
        self.says.setText(f"With the table “{title}”." if asked is not None else _NONE)
        self.out.setVisible(asked is not None)

    def set_fixed(self, why: str) -> None:
        """Says why nothing can be changed; "" where it can."""
        for button in (self.attach, self.out):
            button.set_off(why)

    def _take_out(self) -> None:
        self.show_table(None, "")
        self.attach.setFocus()
        self.edited.emit()


class FiguresDialog(RecordDialog):
    """What the table is of. It stays open until the desk has counted it, and says where it may not go out."""

    def __init__(self, titles: Sequence[str], today: Callable[[], date], owner: QWidget) -> None:
        self.what = what = CountFields(today, table=True)
        what.set_tables(titles)
        super().__init__("Attach figures to the answer", "figures_dialog", "Attach", what.fields, owner, _LEAD)
        self.body.insertWidget(self.body.indexOf(what.fields["below"]) + 1, what.meaning)
        # Once each has its place.
        what.fields["control"].edited.connect(lambda: QTimer.singleShot(0, self, self._show_all))

    def _show_all(self) -> None:
        """The number that is to be given, and what is said of it, come into sight."""
        self._bring_into_sight(self.what.meaning)
        if not self.fields["below"].isHidden():
            self._bring_into_sight(self.fields["below"])

    def asked(self) -> Asked:
        """What is asked for. Raises Invalid where something is missing or wrong."""
        what = self.what
        days = what.days()
        if days is None:
            raise Invalid(tuple(Problem(key, message, hard=True) for key, message in what.wrong().items()))
        first, last = days
        control, per = what.control(), Per(what.text("per"))
        return Asked(table=what.text("table"), first=first, last=last, per=per, control=control)
