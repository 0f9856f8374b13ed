"""The steps beside the form: return to the requester, take up again, take off hold, withdraw. Each asks for reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from db.records import Action, Json
from desktop.casework import requests, returning, waiting
from desktop.casework.casepage import CasePage
from desktop.casework.desk import Desk, Done
from desktop.policy.fields import Problem, parse_date
from desktop.policy.waiting import next_chase, no_answer_words
from desktop.policy.wording import plural
from desktop.ui.case.dialog import Dialog
from desktop.ui.kit.button import DESTRUCTIVE, MAIN
from desktop.ui.kit.dates import DateField
from desktop.ui.kit.error_summary import ErrorSummary
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import TextField
from desktop.ui.kit.text import Text

Deed = tuple[Callable[[Desk, Any], Done], Callable[[dict[str, Any]], Any], str]


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    lead: str
    button: str
    said: str
    reasons: str
    day: str = ""
    next_day: str = ""
    """The label of the day of the next reminder; "" where none is asked for."""


_WORDS: Mapping[Action, _Words] = {
    Action.RETURN: _Words(
        "Return {} to the requester",
        "The clock stops from the day after you asked. It goes on when you take the case up again.",
        "Return it",
        "{} was returned to the requester",
        "What you asked them for",
        "Asked on",
        "Remind them on",
    ),
    Action.CHASE: _Words(
        "Record a reminder for {}",
        "The case goes on waiting, and its clock stays stopped. The desk sends nothing: remind them yourself first.",
        "Record it",
        "A reminder was recorded for {}",
        "How you reminded them",
        "Reminded on",
        "Remind them again on",
    ),
    Action.RESUME: _Words(
        "Take {} up again",
        "The clock goes on from the day after they answered. The due date moves by the days between.",
        "Take it up again",
        "{} was taken up again",
        "",
        "Answered on",
    ),
    Action.TAKE_OFF_HOLD: _Words(
        "Take {} off hold",
        "The request goes on as a draft, though its agreement is suspended. Say why that is right.",
        "Take it off hold",
        "{} was taken off hold",
        "Your reasons",
    ),
    Action.WITHDRAW: _Words(
        "Withdraw {}",
        "The case is closed without an answer, and its retention timer starts. This cannot be undone.",
        "Withdraw it",
        "{} was withdrawn",
        "Why the request is withdrawn",
    ),
}
_FUNCTIONS: Mapping[Action, Callable[[Desk, Any], Done]] = {
    Action.RETURN: returning.return_to_requester,
    Action.CHASE: waiting.chase,
    Action.RESUME: returning.resume,
    Action.TAKE_OFF_HOLD: requests.take_off_hold,
    Action.WITHDRAW: requests.withdraw,
}


class StepDialog(Dialog):
    """Asks for the day and the reasons of a step. ``wanted`` when its button is pressed and they are there."""

    wanted = Signal()

    def __init__(self, action: Action, page: CasePage, desk: Desk, parent: QWidget) -> None:
        words = _WORDS[action]
        self._action, self._reference, self._today = action, page.case.row.reference, desk.today()
        super().__init__(words.title.format(self._reference), f"step_{action.value}", parent)
        self.summary = ErrorSummary()
        self.body.addWidget(self.summary)
        self.body.addWidget(Text(words.lead, "body", "text-2", wrap=True))
        self.fields: dict[str, Field] = {}
        if words.day:
            on = DateField("on", words.day)
            on.set_value(_boxes(desk.today()))
            self.fields["on"] = on
        if words.next_day:
            after = DateField("next_on", words.next_day, hint=_rule_words(page))
            calendar = desk.calendars[page.agreement.clock.calendar]
            after.set_value(_boxes(next_chase(page.agreement.waiting, desk.today(), calendar)))
            self.fields["next_on"] = after
        if words.reasons:
            self.fields["reasons"] = TextField("reasons", words.reasons, lines=4)
        if action is Action.WITHDRAW and page.waiting is not None and page.waiting.close_proposed:
            self.fields["reasons"].set_value(no_answer_words(page.waiting, page.agreement.waiting, desk.today()))
        for field in self.fields.values():
            self.body.addWidget(field)
        self.summary.jumped.connect(lambda key: self.fields[key].focus())
        self.add("Cancel")
        kind = DESTRUCTIVE if action is Action.WITHDRAW else MAIN
        self.button = self.add(words.button, kind, then=self._go)
        next(reversed(self.fields.values())).focus()

    def command(self) -> Deed:
        """The function, what makes its command from the case's part of it, and what to say when it is done."""
        reasons = str(self.fields["reasons"].value()) if "reasons" in self.fields else ""
        on = self._day("on") or self._today
        next_on = self._day("next_on")

        def make(case: dict[str, Any]) -> Any:
            if self._action is Action.CHASE:
                return waiting.Chase(**case, on=on, next_on=next_on, note=reasons)
            if "on" in self.fields:
                return returning.Dated(**case, on=on, reasons=reasons, chase_on=next_on)
            return requests.WithReasons(**case, reasons=reasons)

        return _FUNCTIONS[self._action], make, _WORDS[self._action].said.format(self._reference)

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Says beside the fields and at the top what is wrong."""
        listed = []
        for field in self.fields.values():
            field.clear_problem()
        for problem in problems:
            named = {"chase_on": "next_on", "note": "reasons"}.get(problem.field, problem.field)
            key = named if named in self.fields else next(iter(self.fields))
            self.fields[key].show_problem(problem.message)
            listed.append((key, self.fields[key].label_text, problem.message))
        self.summary.show_problems(listed)

    def _go(self) -> None:
        missing = [key for key in ("on", "next_on") if key in self.fields and self._day(key) is None]
        found = [Problem(key, "Give the whole date.", hard=True) for key in missing]
        if "reasons" in self.fields and not str(self.fields["reasons"].value()).strip():
            found.append(Problem("reasons", "Give your reasons.", hard=True))
        self.show_problems(found)
        if not found:
            self.wanted.emit()

    def _day(self, key: str) -> date | None:
        return parse_date(self.fields[key].value()) if key in self.fields else None


def _boxes(on: date) -> Json:
    return {"day": str(on.day), "month": str(on.month), "year": str(on.year)}


def _rule_words(page: CasePage) -> str:
    rule = page.agreement.waiting
    close = f"After {plural(rule.close_after, 'working day')} without an answer the desk proposes to close the case."
    return f"{plural(rule.chase_after, 'working day')} on. {close}"
