"""The criteria: one row each, one open at a time, each answered with reasons and evidence."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.records import Answers, Json, Leads, Met
from desktop.policy.agreements import Agreement, Criterion
from desktop.policy.answers import met_of
from desktop.policy.sheet import Beside
from desktop.ui.case.criterion import CriterionEditor, CriterionRow
from desktop.ui.case.taborder import set_tab_order
from desktop.ui.kit.button import QUIET, Button
from desktop.ui.kit.card import Card
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

LEADS_WORDS = {
    Leads.REJECT: "reject the request",
    Leads.REFUSE: "refuse the request",
    Leads.RETURN: "return the request",
    Leads.NARROW: "narrow the request",
    Leads.ESCALATE: "escalate to the guardian",
}


class CriteriaList(QWidget):
    """Every criterion of the agreement. One editor serves them all: it stands where the open one is."""

    edited = Signal(str, object)
    """("criteria.<id>", {"answer", "reasons", "evidence"}) after each keystroke or choice."""

    def __init__(self, agreement: Agreement, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("criteria")
        px = current_theme().px
        self._criteria = agreement.criteria
        self._values: dict[str, Mapping[str, Json]] = {}
        self._problems: dict[str, str] = {}
        self._open = ""
        self._fixed = ""
        self._beside: Mapping[str, Beside] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        # Both stand beside the section's title.
        self.count = Text("", "body", "text-2")
        self.next = Button("Next without an answer", QUIET, "arrow-down", icon_after=True, key_hint="F4")
        self.next.triggered.connect(self.open_next)
        card = Card(padded=False)
        self._column = card.body
        self.rows: dict[str, CriterionRow] = {}
        for number, one in enumerate(self._criteria, 1):
            row = CriterionRow(number, one, f"If not met: {LEADS_WORDS[one.leads]}")
            row.clicked.connect(lambda _on=False, key=one.id: self.open_criterion(key, focus=True))
            self.rows[one.id] = row
            self._column.addWidget(row)
        column.addWidget(card)
        self.editor = CriterionEditor()
        self.editor.edited.connect(self._edited)
        self.editor.moved.connect(self._move)
        self.editor.hide()

    def show_answers(self, answers: Answers, *, but: QWidget | None = None) -> None:
        """Shows what is kept; the open one is left as it is while `but` is in it."""
        for one in self._criteria:
            value = answers.get(f"criteria.{one.id}")
            self._values[one.id] = value if isinstance(value, Mapping) else {}
            self.rows[one.id].show_value(self._values[one.id])
        if self._open and (but is None or not self.editor.isAncestorOf(but)):
            self.editor.show_value(self._values[self._open])
        self._sum_up()
        if not self._open and self._criteria:
            first = next((one.id for one in self._criteria if self._answer_of(one.id) is None), self._criteria[0].id)
            self.open_criterion(first, focus=False)

    def show_beside(self, beside: Mapping[str, Beside]) -> None:
        """Says under the open criterion what bears on it and no answer holds: a count, what is undecided."""
        self._beside = beside
        if self._open:
            self.editor.show_beside(self._words_beside(self._open))

    def _words_beside(self, criterion_id: str) -> str:
        about = self._criterion(criterion_id).about
        return " ".join(self._beside[key].words for key in about if key in self._beside)

    def set_fixed(self, reason: str) -> None:
        """Lets nothing be changed, and says why; "" lets it be changed again."""
        self._fixed = reason
        self.editor.set_fixed(reason)
        self.next.setVisible(not reason)

    @property
    def opened(self) -> str:
        """The id of the criterion that is open, "" for none."""
        return self._open

    def open_criterion(self, criterion_id: str, *, focus: bool) -> None:
        """Opens one and closes the one that was open."""
        if criterion_id not in self.rows:
            return
        if criterion_id != self._open:
            if self._open:
                self.rows[self._open].show()
            self._open = criterion_id
            criterion = self._criterion(criterion_id)
            number = list(self.rows).index(criterion_id) + 1
            row = self.rows[criterion_id]
            self._column.removeWidget(self.editor)
            self._column.insertWidget(self._column.indexOf(row), self.editor)
            row.hide()
            self.editor.show_criterion(number, criterion, f"If not met: {LEADS_WORDS[criterion.leads]}.")
            self.editor.show_beside(self._words_beside(criterion_id))
            self.editor.show_value(self._values.get(criterion_id, {}))
            self.editor.show_problem(self._problems.get(criterion_id, ""))
            self.editor.set_fixed(self._fixed)
            self.editor.show()
            set_tab_order((self,))
        if focus:
            self.editor.focus_first()
            self._into_sight()

    def open_next(self) -> None:
        """Opens the next one without an answer or without reasons, after the open one, going round."""
        ids = [one.id for one in self._criteria]
        start = ids.index(self._open) + 1 if self._open in ids else 0
        for criterion_id in ids[start:] + ids[:start]:
            reasons = str(self._values.get(criterion_id, {}).get("reasons") or "").strip()
            if self._answer_of(criterion_id) is None or not reasons:
                self.open_criterion(criterion_id, focus=True)
                return

    def answer(self, met: Met) -> None:
        """Answers the open one, and goes on to its reasons."""
        if self._open and not self._fixed:
            self.editor.choose(met)

    def focus_first(self) -> None:
        """Puts the keyboard into the open one."""
        self.editor.focus_first()

    def show_problem(self, key: str, message: str) -> None:
        """Says what cannot be kept of an answer; "" says nothing."""
        criterion_id = key.removeprefix("criteria.")
        self._problems[criterion_id] = message
        if criterion_id == self._open:
            self.editor.show_problem(message)

    def _criterion(self, criterion_id: str) -> Criterion:
        return next(one for one in self._criteria if one.id == criterion_id)

    def _answer_of(self, criterion_id: str) -> Met | None:
        return met_of(dict(self._values.get(criterion_id, {})))

    def _edited(self, value: Mapping[str, Json]) -> None:
        self._values[self._open] = value
        self.rows[self._open].show_value(value)
        self._sum_up()
        self.edited.emit(f"criteria.{self._open}", value)

    def _move(self, by: int) -> None:
        ids = list(self.rows)
        at = ids.index(self._open) + by
        if 0 <= at < len(ids):
            self.open_criterion(ids[at], focus=True)

    def _sum_up(self) -> None:
        answered = sum(self._answer_of(one.id) is not None for one in self._criteria)
        self.count.setText(f"{answered} of {len(self._criteria)} answered")
        reasons = [str(self._values.get(one.id, {}).get("reasons") or "").strip() for one in self._criteria]
        left = len(self._criteria) - min(answered, sum(bool(one) for one in reasons))
        self.next.set_off("" if left else "Every criterion has an answer and reasons")

    def _into_sight(self) -> None:
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, ScrollPane):
            parent = parent.parentWidget()
        if parent is not None:
            inner = parent.widget()
            top = self.editor.mapTo(inner, QPoint(0, 0)).y() if inner is not None else 0
            parent.ensureVisible(0, top + self.editor.height(), 0, current_theme().px(16))
            parent.ensureVisible(0, top, 0, current_theme().px(16))
