"""The table of figures that goes with an answer: which days, which periods, and how small figures are kept back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.casework.desk import Invalid
from desktop.casework.publication import Asked
from desktop.policy.dates import parse_date
from desktop.policy.disclosurecontrol import NONE, Control, control_of
from desktop.policy.fields import Problem
from desktop.policy.publication import PER_WORDS, Per
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import Button
from desktop.ui.kit.dates import DateField
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import ChoiceField, LineField
from desktop.ui.kit.text import Text
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.theme import current_theme

_NONE = "No table of figures goes with this answer."
_LEAD = (
    "The desk counts the table when the outcome is recorded, and the letter prints it so. With the letter it is"
    " published: the same days are not published in another way after."
)
_CONTROLS = (
    ("none", "All are shown, as the national register shows them"),
    ("nhs", "1 to 7 are kept back, others go to the nearest 5 (NHS)"),
    ("below", "Those below a number of your own are kept back"),
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

    def __init__(self, titles: Sequence[str], owner: QWidget) -> None:
        choices = [(title, title) for title in titles]
        fields: dict[str, Field] = {
            "table": ChoiceField("table", "Table", choices, none_words=""),
            "first": DateField("first", "First day"),
            "last": DateField("last", "Last day"),
            "per": ChoiceField("per", "Periods", [(per.value, PER_WORDS[per]) for per in Per], none_words=""),
            "control": ChoiceField("control", "Small figures", _CONTROLS, none_words=""),
            "below": LineField("below", "Below", hint="A whole number from 3 to 100."),
        }
        super().__init__("Attach figures to the answer", "figures_dialog", "Attach", fields, owner, _LEAD)
        fields["per"].set_value(Per.ALL.value)
        fields["control"].edited.connect(self._arrange)
        self._arrange()

    def asked(self) -> Asked:
        """What is asked for. Raises Invalid where something is missing or wrong."""
        first, last = parse_date(self.value("first")), parse_date(self.value("last"))
        days = (("first", first), ("last", last))
        wrong = [Problem(key, "Give the day.", hard=True) for key, on in days if on is None]
        if first is not None and last is not None and last < first:
            wrong.append(Problem("last", "The last day is before the first: change one of them.", hard=True))
        try:
            control = self._control()
        except ValueError:
            control = NONE
            wrong.append(Problem("below", "Give a whole number from 3 to 100.", hard=True))
        if wrong or first is None or last is None:
            raise Invalid(tuple(wrong))
        return Asked(table=self.text("table"), first=first, last=last, per=Per(self.text("per")), control=control)

    def _control(self) -> Control:
        chosen = self.text("control")
        return control_of(f"below-{self.text('below').strip()}" if chosen == "below" else chosen)

    def _arrange(self) -> None:
        self.fields["below"].setVisible(self.text("control") == "below")
