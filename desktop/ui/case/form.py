"""The form of one section, built from the agreement: fields, what is wrong with them, and the summary of that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Answers, Json
from desktop.casework.casepage import CasePage
from desktop.policy.agreements import Agreement, Section
from desktop.policy.agreements import Field as Asked
from desktop.policy.answers import keys_of
from desktop.policy.fields import Problem, check_field, check_section, is_empty
from desktop.policy.requesters import Standing
from desktop.policy.shapes import check_storable
from desktop.ui.case.criteria import CriteriaList
from desktop.ui.case.fields import make_field
from desktop.ui.case.release import ReleaseField
from desktop.ui.kit.dates import DateField
from desktop.ui.kit.error_summary import ErrorSummary
from desktop.ui.kit.field import Field
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

_SPANS = {"full": 6, "half": 3, "third": 2}


class SectionForm(QWidget):
    """One section's fields. It keeps nothing: ``edited`` tells what was typed, ``show_answers`` shows what is kept."""

    edited = Signal(str, object, bool)
    """(key, value, whether it can be kept as it is)."""
    section_wanted = Signal(str)
    left = Signal(str)
    """The key of a field that the user has left."""

    def __init__(self, section: Section, agreement: Agreement, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section = section
        self.fixed = ""
        self._today = today
        self._agreement = agreement
        self._asked: Mapping[str, Asked] = {one.key: one for one in section.fields}
        self.fields: dict[str, Field] = {}
        self._shown: dict[str, Problem] = {}
        self._record: dict[str, Standing] = {}
        self._listed: list[tuple[str, str, str]] = []
        self._lines: list[QHBoxLayout] = []
        self._one_column: bool | None = None
        self.setObjectName(f"form_{section.id}")
        self._theme = current_theme()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(self._theme.px(16))
        self.summary = ErrorSummary()
        self.summary.jumped.connect(self.focus_field)
        self._column.addWidget(self.summary)
        self.criteria: CriteriaList | None = None
        self._unmade: list[Asked] | None = list(section.fields)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(self._theme.px(14))
        self._head = self._make_head(bool(section.fields) and section.fields[0].kind == "criterion")

    def show_answers(self, answers: Answers, *, but: QWidget | None = None) -> None:
        """Shows what is kept. The field in which `but` stands is left as it is: someone is typing in it."""
        for key, field in self.fields.items():
            if but is None or not field.isAncestorOf(but):
                field.set_value(answers.get(key))
                if isinstance(field, ReleaseField):
                    field.set_asked(keys_of(answers.get("asked.items")))
                self._say_what_stands(key)
                if self.fixed:
                    self._fix(field)
        if self.criteria is not None:
            self.criteria.show_answers(answers, but=but)
        self._sum_up(take_focus=False)

    def show_record(self, page: CasePage) -> None:
        """Says beside fields and criteria what the record and the register say of them, by what was saved."""
        if self.criteria is not None:
            self.criteria.show_beside(page.beside)
        before, self._record = self._record, {one.field: one for one in page.standings if one.field in self.fields}
        for key in before.keys() | self._record.keys():
            if before.get(key) != self._record.get(key):
                self._say_what_stands(key)

    def set_fixed(self, reason: str) -> None:
        """Shows the answers as text that cannot be changed, and why; "" lets them be changed again."""
        if reason == self.fixed:
            return
        self.fixed = reason
        for field in self.fields.values():
            self._fix(field)
        if self.criteria is not None:
            self.criteria.set_fixed(reason)

    def arrange(self, one_column: bool) -> None:
        """Lays the fields out by their widths, or each on a row of its own."""
        if one_column is self._one_column or self._unmade is not None:
            return
        self._one_column = one_column
        for line in self._lines:
            while (item := line.takeAt(0)) is not None:
                filler = item.widget()
                if filler is not None and filler not in self.fields.values():
                    filler.deleteLater()
            self._rows.removeItem(line)
        self._lines = []
        left = 0
        for key, field in self.fields.items():
            span = 6 if one_column else _SPANS[self._asked[key].width]
            if span > left:
                self._end_line(left)
                left = 6
                self._lines.append(QHBoxLayout())
                self._lines[-1].setSpacing(self._theme.px(16))
                self._rows.addLayout(self._lines[-1])
            self._lines[-1].addWidget(field, span)
            left -= span
        self._end_line(left)

    def _end_line(self, left: int) -> None:
        """Air at the end of a line that is not full, so that its fields are no wider than those above."""
        if left and self._lines:
            self._lines[-1].addWidget(QWidget(), left)

    def focus_field(self, key: str) -> None:
        """Puts the keyboard into a field and says what is wrong with it."""
        field = self.fields.get(key)
        if field is not None:
            self._check(key, missing=True)
            field.focus()
        elif self.criteria is not None and key.startswith("criteria."):
            self.criteria.open_criterion(key.removeprefix("criteria."), focus=True)

    def focus_first(self) -> None:
        """Puts the keyboard into the first control."""
        if self.criteria is not None:
            self.criteria.focus_first()
            return
        for field in self.fields.values():
            field.focus()
            return

    def show_refused(self, problems: Iterable[Problem]) -> None:
        """Says beside the fields what cannot be kept."""
        for problem in problems:
            if problem.field in self.fields:
                self._show(problem.field, problem)
            elif self.criteria is not None:
                self.criteria.show_problem(problem.field, problem.message)
        self._sum_up(take_focus=False)

    def _fix(self, field: Field) -> None:
        field.set_read_only(self.fixed)
        if self.fixed:
            field.message.clear()
        else:
            field.clear_problem()

    def _make_head(self, judged: bool) -> QHBoxLayout:
        head = QVBoxLayout()
        head.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(self._theme.px(12))
        row.addWidget(Text(self.section.title, "section"))
        row.addStretch(1)
        head.addLayout(row)
        if self.section.lead and not judged:
            head.addWidget(Text(self.section.lead, "body", "text-2", wrap=True))
        self._column.addLayout(head)
        return row

    @property
    def made(self) -> bool:
        """Whether every field is there."""
        return self._unmade is None

    def build_more(self, count: int = 3) -> bool:
        """Makes the next few fields; True once all are there. Only then may anything else be asked of the form."""
        if self._unmade is None:
            return True
        if self.criteria is None and any(one.kind == "criterion" for one in self._unmade):
            self._make_criteria()
            return False
        if self._unmade:
            for asked in self._unmade[:count]:
                self._make(asked)
            self._unmade = self._unmade[count:]
            return False
        self._unmade = None
        self._column.addLayout(self._rows)
        self._column.addStretch(1)
        self.arrange(one_column=False)
        return True

    def finish(self) -> None:
        """Makes whatever is not there yet."""
        while not self.build_more():
            pass

    def _make_criteria(self) -> None:
        self.criteria = CriteriaList(self._agreement)
        self.criteria.edited.connect(self._edited)
        self._head.insertWidget(1, self.criteria.count)
        self._head.addWidget(self.criteria.next)
        self._column.addWidget(self.criteria)
        if self.fixed:
            self.criteria.set_fixed(self.fixed)
        self._unmade = [one for one in self._unmade or () if one.kind != "criterion"]

    def _make(self, asked: Asked) -> None:
        field = make_field(asked, self._agreement)
        field.setParent(self)
        self.fields[asked.key] = field
        field.edited.connect(self._edited)
        field.left.connect(self._left)
        if isinstance(field, ReleaseField):
            field.section_wanted.connect(self.section_wanted)
        # What the style sheet says of each control is worked out here, and not when the form is shown.
        for control in field.controls():
            control.ensurePolished()
        if self.fixed:
            self._fix(field)

    def _edited(self, key: str, value: Json) -> None:
        # What was said of the answer before says nothing about this one.
        said = self._record.pop(key, None)
        asked = self._asked.get(key)
        unsafe = check_storable(asked, value) if asked is not None else ()
        if key in self.fields and asked is not None:
            if unsafe:
                self._show(key, unsafe[0])
            elif key in self._shown or said is not None:
                self._check(key, missing=False)
            else:
                self._say_at_once(asked, value)
        elif self.criteria is not None:
            self.criteria.show_problem(key, unsafe[0].message if unsafe else "")
        self.edited.emit(key, value, not unsafe)

    def _left(self, key: str) -> None:
        if not self.fixed:
            self._check(key, missing=False)
            self._sum_up(take_focus=False)
            self.left.emit(key)

    def _say_at_once(self, asked: Asked, value: Json) -> None:
        """What can be told before a field is left: a wrong day, a check digit that fits."""
        found = check_field(asked, value, today=self._today)
        if asked.kind == "nhs_number":
            if not found and not is_empty(value):
                self.fields[asked.key].show_good("The check digit is right")
            else:
                self.fields[asked.key].clear_problem()
        elif asked.kind in ("date", "partial_date"):
            year = str(value.get("year", "")) if isinstance(value, Mapping) else ""
            told = [one for one in found if not one.missing and not (one.part == "year" and len(year) < 4)]
            if told:
                self._show(asked.key, told[0])

    def _say_what_stands(self, key: str) -> None:
        """After answers were read: what is wrong with them, but not that they are not there yet."""
        if not self.fixed:
            self._check(key, missing=False)

    def _check(self, key: str, *, missing: bool) -> None:
        asked, field = self._asked[key], self.fields[key]
        value = field.value()
        found = list(check_field(asked, value, today=self._today))
        if missing and key == "urgency.reason":
            answers = {one: shown.value() for one, shown in self.fields.items()}
            found = [one for one in check_section(self.section, answers, today=self._today) if one.field == key]
        if not missing and is_empty(value):
            found = []
        record = self._record.get(key)
        if found and (record is None or found[0].hard):
            self._show(key, found[0])
            return
        self._shown.pop(key, None)
        if record is not None:
            (field.show_good if record.good else partial(field.show_problem, hard=False))(record.words)
        elif asked.kind == "nhs_number" and not is_empty(value):
            field.show_good("The check digit is right")
        else:
            field.clear_problem()

    def _show(self, key: str, problem: Problem) -> None:
        field = self.fields[key]
        self._shown[key] = problem
        if problem.hard and problem.part is not None and isinstance(field, DateField):
            field.show_parts_problem(problem.message, problem.part)
        else:
            field.show_problem(problem.message, problem.hard)

    def _sum_up(self, *, take_focus: bool) -> None:
        hard = [
            (key, self._asked[key].label, self._shown[key].message)
            for key in self.fields
            if key in self._shown and self._shown[key].hard
        ]
        if hard != self._listed:
            # A link that is being pressed must not be made anew under the pointer.
            self._listed = hard
            self.summary.show_problems(hard, take_focus)
