"""An earlier request beside this one, field by field: facts, never a score."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.casework.beside import Earlier
from desktop.policy.life import OUTCOME_WORDS, STATE_WORDS
from desktop.policy.people import Comparison
from desktop.policy.wording import day
from desktop.ui.kit.base import slug
from desktop.ui.kit.button import PLAIN, QUIET, Button, Link
from desktop.ui.kit.card import Card
from desktop.ui.kit.small import IconText, Line
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

_LOOKS = {
    "agrees": ("check", "Agrees", "green"),
    "differs": ("equal-not", "Differs", "text"),
    "unknown": ("circle-question-mark", "Unknown", "text-3"),
}
_COUNTED = {"agrees": ("agrees", "agree"), "differs": ("differs", "differ"), "unknown": ("unknown", "unknown")}


class ComparisonPanel(Card):
    """One earlier request, folded or open, and what somebody decided about it."""

    case_wanted = Signal(int)
    decided = Signal(int, bool)
    """(the other case's id, whether it is the same person)."""

    def __init__(
        self, earlier: Earlier, *, open_at_first: bool, may_decide: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent=parent)
        self._earlier = earlier
        row = earlier.row
        self.setObjectName(f"earlier_{slug(row.reference)}")
        self.reference = Link(row.reference, "small-strong", name=f"open_{slug(row.reference)}")
        self.reference.clicked.connect(lambda: self.case_wanted.emit(row.id))
        self.fold = Button("", QUIET, height=28, name=f"fold_{slug(row.reference)}")
        self.fold.triggered.connect(self._turn)
        head = QHBoxLayout()
        head.addWidget(self.reference)
        head.addWidget(Text(earlier.agreement, "small", "text-2", elide=True), 1)
        head.addWidget(self.fold)
        self.body.addLayout(head)
        self.body.addWidget(Text(_stands(earlier), "small", "text-2", wrap=True))
        self._short = _counts(earlier.comparison)
        self.body.addWidget(self._short)
        self._rows: QWidget | None = None
        self._may_decide = may_decide
        self._open = False
        self._show(open_at_first)

    def _turn(self) -> None:
        self._show(not self._open)

    def _show(self, opened: bool) -> None:
        self._open = opened
        if opened and self._rows is None:
            self._rows = self._facts()
            self.body.addWidget(self._rows)
        if self._rows is not None:
            self._rows.setVisible(opened)
        self._short.setVisible(not opened)
        self.fold.set_icon("chevron-down" if opened else "chevron-right")
        what = "Hide" if opened else "Show"
        self.fold.setAccessibleName(f"{what} the comparison with {self._earlier.row.reference}")

    def _facts(self) -> QWidget:
        px = current_theme().px
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(8))
        grid.setVerticalSpacing(px(3))
        grid.setColumnMinimumWidth(0, px(92))
        grid.setColumnStretch(1, 1)
        for number, one in enumerate(self._earlier.comparison):
            at = number * 2
            grid.addWidget(Line(), at, 0, 1, 3)
            icon, words, colour = _LOOKS[one.verdict]
            label = Text(one.label, "small", "text-2", wrap=True)
            label.setMaximumWidth(px(100))
            verdict = IconText(icon, words, colour, "small-label")
            # Read aloud as one fact.
            verdict.setAccessibleName(f"{one.label}: {one.earlier}. {words}")
            grid.addWidget(label, at + 1, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Text(one.earlier, "small", wrap=True), at + 1, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(verdict, at + 1, 2, Qt.AlignmentFlag.AlignTop)
        column.addLayout(grid)
        column.addLayout(self._choices())
        return holder

    def _choices(self) -> QVBoxLayout:
        px = current_theme().px
        column = QVBoxLayout()
        column.setSpacing(px(6))
        earlier = self._earlier
        if earlier.same_person is not None:
            words = "Recorded: the same person" if earlier.same_person else "Recorded: someone else"
            column.addWidget(IconText("link" if earlier.same_person else "split", words, "text-2", "small-label"))
        if not self._may_decide:
            return column
        row = QHBoxLayout()
        row.setSpacing(px(8))
        base = slug(earlier.row.reference)
        for same, words in ((True, "Same person"), (False, "Someone else")):
            button = Button(words, PLAIN, name=f"{base}_{slug(words)}")
            button.setAccessibleName(f"{words}: {earlier.row.reference}")
            if earlier.same_person is same:
                button.set_off("This is what is recorded")
            button.triggered.connect(lambda same=same: self.decided.emit(earlier.row.id, same))
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        return column


def _stands(earlier: Earlier) -> str:
    row = earlier.row
    words = OUTCOME_WORDS[row.outcome] if row.outcome is not None else STATE_WORDS[row.state]
    return f"{words}, received on {day(row.received_on)}" if row.received_on else words


def _counts(rows: Sequence[Comparison]) -> QWidget:
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(current_theme().px(12))
    for verdict, (icon, _words, colour) in _LOOKS.items():
        count = sum(one.verdict == verdict for one in rows)
        one_word, many = _COUNTED[verdict]
        line.addWidget(IconText(icon, f"{count} {one_word if count == 1 else many}", colour, "small-label"))
    line.addStretch(1)
    return holder
