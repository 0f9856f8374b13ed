"""Recording what the search of the records found, and what the letter will then say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from db.records import Action, Answers, Case, Outcome
from desktop.casework.answerfigures import asked_for
from desktop.casework.casepage import CasePage, decided_answers
from desktop.casework.letterfacts import MATCHED_WORDS
from desktop.casework.outcomes import (
    Record,
    approved_items,
    carried_items,
    kept_off,
    record_problems,
    takes_figures,
)
from desktop.casework.publication import Asked
from desktop.policy.agreements import Agreement
from desktop.policy.answers import text_of, value_words
from desktop.policy.answertables import table_in
from desktop.policy.fields import Problem
from desktop.policy.life import OUTCOME_WORDS
from desktop.policy.people import not_enough
from desktop.policy.sheet import identifiers
from desktop.policy.wording import join_and, lower_first
from desktop.ui.case.letterwords import letter_words
from desktop.ui.case.outcomefigures import FiguresRow
from desktop.ui.kit.base import clear_layout
from desktop.ui.kit.card import Card
from desktop.ui.kit.error_summary import ErrorSummary
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import LineField, TextField
from desktop.ui.kit.notices import Banner
from desktop.ui.kit.text import Text
from desktop.ui.kit.ticks import Choice, MultiTick, RadioGroup
from desktop.ui.session import command_id
from desktop.ui.theme import current_theme

_NOTES = {
    Outcome.TRACED: "One record agrees, beyond doubt.",
    Outcome.NO_TRACE: "No record agrees. The letter says no more than that.",
    Outcome.MORE_THAN_ONE: "Several records might be meant. The letter reads like one for no trace.",
}
FROM_REGISTER = "The desk reads this from its register, from the entries that were approved."
_LABELS = {key: words[:1].upper() + words[1:] for key, words in MATCHED_WORDS.items()}
_KEYS = {
    "name": "person.family_name",
    "born": "person.born",
    "other_names": "person.other_names",
    "gender": "person.gender",
    "nationality": "person.nationality",
    "address": "person.address",
    "nhs_number": "person.nhs_number",
    "home_office_reference": "person.home_office_reference",
    "passport": "person.passport",
    "ni_number": "person.ni_number",
}


class OutcomePart(QWidget):
    """The form of an outcome. ``command`` is what it says now; nothing is kept until that is recorded."""

    edited = Signal()
    figures_wanted = Signal()
    """A table of figures is to go with the answer."""
    paused = Signal()
    """What is written can be looked through: it has just been shown, or nobody has typed for a moment.

    Only where whoever reads it may record it: nobody else is writing anything.
    """

    def __init__(self, page: CasePage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outcome_part")
        self._page = page
        self._status = bool(page.agreement.answers)
        self.dirty = False
        self.values: dict[str, tuple[TextField, LineField]] = {}
        self._registered: set[str] = set()
        """Items that the register fills in."""
        self._warned: set[str] = set()
        """Fields beside which `warn` says something."""
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        self.summary = ErrorSummary()
        self.summary.jumped.connect(self.focus_field)
        column.addWidget(self.summary)
        if page.case.returned_outcome:
            words = f"The outcome was sent back: {page.case.returned_outcome}"
            column.addWidget(Banner("warning", words, icon="undo-2"))
        left_off = join_and([lower_first(one.label) for one in kept_off(page.agreement, page.case)])
        if left_off:
            words = f"Kept off: {left_off}. A safeguarding concern stands, and the letter must not show it."
            column.addWidget(Banner("stopped", words, icon="shield-alert"))
        column.addWidget(Text("Record the outcome", "section"))
        self.choice = self._choice()
        column.addWidget(self.choice)
        self.matched = self._matched()
        column.addWidget(self.matched)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(16))
        self._grid.setVerticalSpacing(px(14))
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 1)
        self._build_values()
        column.addLayout(self._grid)
        self.figures = FiguresRow()
        self.figures.wanted.connect(self.figures_wanted)
        self.figures.edited.connect(self._edited)
        column.addWidget(self.figures)
        self._letter = Card("What the letter will say")
        column.addWidget(self._letter)
        column.addStretch(1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(300)
        self._pause.timeout.connect(self.paused)
        self.show_page(page)

    def show_page(self, page: CasePage) -> None:
        """Shows what is recorded, unless something is being written here that is not."""
        self._page = page
        if not self.dirty:
            self._show_finding(page.case)
        self._arrange()
        if page.actions[Action.RECORD]:
            self._pause.stop()
        else:
            self._pause.start()

    def command(self) -> Record:
        """The outcome as it is written now."""
        outcome = self._outcome()
        traced = outcome is Outcome.TRACED
        values = {}
        if traced or outcome is Outcome.STATUS:
            values = {key: self._value(key) for key in self._offered() if any(self._value(key).values())}
        ticked = self.matched.value()
        matched = tuple(str(one) for one in ticked) if self._matches() and isinstance(ticked, list) else ()
        return Record(
            command_id=command_id(),
            case_id=self._page.case.row.id,
            version=self._page.case.row.version,
            outcome=outcome,
            matched=matched,
            values=values,
            status_answer=str(self.choice.value()) if self._status else "",
            table=self.figures.asked if self._takes_figures() else None,
        )

    def attach(self, asked: Asked, title: str) -> None:
        """Lets a table go with the answer."""
        self.figures.show_table(asked, title)
        self._edited()
        self.figures.out.setFocus()

    def problems(self) -> tuple[Problem, ...]:
        """What keeps it from being recorded."""
        if not self.choice.value():
            key = "status_answer" if self._status else "outcome"
            return (Problem(key, "Choose what the search found.", hard=True),)
        return record_problems(self._page.agreement, self._page.case, self.command())

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Says beside the fields and at the top what is wrong; takes the focus."""
        self._clear()
        listed = []
        for problem in problems:
            field = self._field(problem.field)
            label = field.label_text if field is not None else ""
            listed.append((problem.field, label, problem.message))
            if field is not None:
                field.show_problem(problem.message)
        self.summary.show_problems(listed)

    def warn(self, problems: Iterable[Problem]) -> None:
        """Says beside the fields what keeps the letter from being printed; it can be recorded all the same."""
        found: dict[str, str] = {}
        for one in problems:
            found.setdefault(one.field, one.message)
        for key, field in {
            "outcome": self.choice,
            **{f"values.{one}": pair[0] for one, pair in self.values.items()},
        }.items():
            if key in found:
                field.show_problem(found[key], hard=False)
            elif key in self._warned:
                field.clear_problem()
        self._warned = set(found)

    def focus_field(self, key: str) -> None:
        """Puts the keyboard where a problem is."""
        (self._field(key) or self.choice).focus()

    def focus_first(self) -> None:
        """Puts the keyboard on the choice."""
        self.choice.focus()

    def _field(self, key: str) -> Field | None:
        if key in ("outcome", "status_answer"):
            return self.choice
        if key == "matched":
            return self.matched
        item = key.removeprefix("values.")
        if item in self.values:
            return self.values[item][0]
        return next(iter(self.values.values()))[0] if self.values else None

    def _choice(self) -> RadioGroup:
        agreement = self._page.agreement
        if self._status:
            ground = text_of(decided_answers(self._page).get("ground.ground"))
            answers = [Choice(one.id, one.label, note=one.text) for one in agreement.answers_on(ground)]
            choice = RadioGroup("status_answer", "The answer", answers)
        else:
            found = [Choice(one.value, OUTCOME_WORDS[one], note=_NOTES[one]) for one in _NOTES]
            choice = RadioGroup("outcome", "What the search found", found)
        choice.edited.connect(self._edited)
        return choice

    def _matched(self) -> MultiTick:
        given = decided_answers(self._page)
        known = identifiers(given)
        options = [
            (key, f"{_LABELS[key]}: {_given(self._page.agreement, key, given)}") for key in _LABELS if key in known
        ]
        hint = "Tick each that the record and the request agree on: a name, a date of birth and at least one more."
        field = MultiTick("matched", "Identifiers that agree", options, hint=hint)
        field.edited.connect(self._edited)
        return field

    def _build_values(self) -> None:
        agreement = self._page.agreement
        carried = {key for one in agreement.answers for key in one.items}
        approved = approved_items(agreement, self._page.case)
        for key in approved:
            item = agreement.item(key)
            if item is None or (self._status and key not in carried):
                continue
            value = TextField(f"values.{key}", item.label, hint=item.hint or "As the record says it.", lines=1)
            hint = "For example 19 January 2016."
            on = LineField(f"values.{key}.recorded_on", "Recorded on", help=hint)
            on.edit.setAccessibleName(f"{item.label}: recorded on")
            self.values[key] = (value, on)
            if item.from_register:
                self._registered.add(key)
                value.set_value(self._page.register)
                on.hide()
            if item.from_corrections:
                self._registered.add(key)
                value.set_value(self._page.put_right)
                on.hide()
            value.edited.connect(self._edited)
            on.edited.connect(self._edited)
            row = len(self.values)
            self._grid.addWidget(value, row, 0)
            self._grid.addWidget(on, row, 1)

    def _show_finding(self, case: Case) -> None:
        finding = case.finding
        if finding is None:
            return
        self.choice.set_value(finding.status_answer if self._status else finding.outcome.value)
        self.matched.set_value(list(finding.matched))
        for key, (value, on) in self.values.items():
            kept = finding.values.get(key, {})
            value.set_value(kept.get("value", ""))
            on.set_value(kept.get("recorded_on", ""))
        table = table_in(finding.values)
        self.figures.show_table(asked_for(table) if table else None, table.title if table else "")

    def _outcome(self) -> Outcome:
        if self._status:
            return Outcome.STATUS
        chosen = str(self.choice.value())
        return Outcome(chosen) if chosen else Outcome.NO_TRACE

    def _offered(self) -> tuple[str, ...]:
        if self._status:
            return carried_items(self._page.agreement, self._page.case, str(self.choice.value()))
        return tuple(self.values)

    def _value(self, key: str) -> Mapping[str, str]:
        value, on = self.values[key]
        return {"value": str(value.value()), "recorded_on": str(on.value())}

    def _edited(self) -> None:
        self.dirty = True
        self._arrange()
        self._pause.start()
        self.edited.emit()

    def _arrange(self) -> None:
        chosen = bool(self.choice.value())
        traced = chosen and self._outcome() is Outcome.TRACED
        reason = self._page.actions[Action.RECORD]
        self.matched.setVisible(self._matches())
        offered = self._offered() if chosen and (traced or self._status) else ()
        for key, (value, on) in self.values.items():
            value.setVisible(key in offered)
            on.setVisible(key in offered and key not in self._registered)
        for field in (self.choice, self.matched, *(one for pair in self.values.values() for one in pair)):
            fixed = reason or (FROM_REGISTER if field.key.removeprefix("values.") in self._registered else "")
            if field.read_only_reason != fixed:
                field.set_read_only(fixed)
        self.figures.setVisible(chosen and self._takes_figures())
        self.figures.set_fixed(reason)
        self._say_enough()
        self._show_letter(chosen)

    def _takes_figures(self) -> bool:
        """Whether a table of figures can go with what is chosen."""
        answer = str(self.choice.value()) if self._status else ""
        return bool(takes_figures(self._page.agreement, self._page.case, answer))

    def _matches(self) -> bool:
        """Whether what is chosen rests on a record that agrees with the request."""
        if not self.choice.value():
            return False
        answer = self._page.agreement.answer(str(self.choice.value()))
        return answer.matched if answer is not None else self._outcome() is Outcome.TRACED

    def _say_enough(self) -> None:
        if not self._matches() or self.matched.read_only_reason:
            self.matched.clear_problem()
            return
        ticked = self.matched.value()
        lacking = not_enough([str(one) for one in ticked] if isinstance(ticked, list) else [])
        if lacking:
            self.matched.show_problem(lacking, hard=False)
        else:
            self.matched.show_good("These are enough to disclose.")

    def _show_letter(self, chosen: bool) -> None:
        clear_layout(self._letter.body)
        self._letter.setVisible(chosen)
        if chosen:
            for line in letter_words(self._page, self.command(), self.figures.title):
                self._letter.body.addWidget(Text(line, "body", "text-2", wrap=True))

    def _clear(self) -> None:
        self.choice.clear_problem()
        for value, on in self.values.values():
            value.clear_problem()
            on.clear_problem()


def _given(agreement: Agreement, key: str, answers: Answers) -> str:
    """What the request gives for an identifier, in words."""
    if key == "name":
        parts = (answers.get("person.given_names"), answers.get("person.family_name"))
        return " ".join(str(part).strip() for part in parts if part)
    field = agreement.field(_KEYS[key])
    return value_words(field, answers.get(_KEYS[key])).replace("\n", ", ") if field is not None else ""
