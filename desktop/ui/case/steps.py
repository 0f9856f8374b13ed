"""The steps beside the form: return to the requester, take up again, extend, take off hold, withdraw, reopen; settle.

Each asks for what it needs, and says what it would do to the due date before it is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from db.records import Action
from desktop.casework import extending, reopening, requests, returning, settling, waiting
from desktop.casework.casepage import CasePage
from desktop.casework.desk import Desk, Done
from desktop.casework.whatifs import if_extended, if_resumed, if_returned
from desktop.policy.dates import date_boxes
from desktop.policy.fields import Problem, parse_date
from desktop.policy.waiting import next_chase, no_answer_words
from desktop.policy.whatif import WhatIf
from desktop.policy.wording import plural
from desktop.ui.case.whatifpanel import WhatIfPanel
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.button import DESTRUCTIVE, MAIN
from desktop.ui.kit.dates import DateField
from desktop.ui.kit.error_summary import ErrorSummary
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import LineField, TextField
from desktop.ui.kit.text import Text
from desktop.ui.kit.ticks import Choice, RadioGroup

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
        "The clock stops from the day after you asked, until you take the case up again.",
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
    Action.EXTEND: _Words(
        "Extend the time of {}",
        "",
        "Extend it",
        "The time of {} was extended",
        "Why it is needed, as you told them",
    ),
    Action.RESUME: _Words(
        "Take {} up again",
        "The due date below follows from the day on which they answered.",
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
        "The case is closed without an answer, and its retention timer starts.",
        "Withdraw it",
        "{} was withdrawn",
        "Why the request is withdrawn",
    ),
    Action.REOPEN: _Words(
        "Reopen {}",
        "It goes on as a draft, and its retention timer is cancelled. The clock ran on meanwhile; where it stood still"
        " for an answer of the requester, it counts on from tomorrow. The day of its receipt stays.",
        "Reopen it",
        "{} was reopened",
        "Why the withdrawal is taken back",
    ),
    Action.SETTLE: _Words(
        "The debt of {} is settled",
        "It was paid, written off, or is no longer owed. The retention timer of the case runs from that day.",
        "Record it",
        "{} has the day on which its debt was settled",
        "",
        "Settled on",
    ),
}
_FUNCTIONS: Mapping[Action, Callable[[Desk, Any], Done]] = {
    Action.RETURN: returning.return_to_requester,
    Action.CHASE: waiting.chase,
    Action.EXTEND: extending.extend,
    Action.RESUME: returning.resume,
    Action.TAKE_OFF_HOLD: requests.take_off_hold,
    Action.WITHDRAW: requests.withdraw,
    Action.REOPEN: reopening.reopen,
    Action.SETTLE: settling.settle,
}


class StepDialog(Dialog):
    """Asks for the day and the reasons of a step. ``wanted`` when its button is pressed and they are there."""

    wanted = Signal()

    def __init__(self, action: Action, page: CasePage, desk: Desk, parent: QWidget) -> None:
        words = _WORDS[action]
        self._action, self._reference, self._today = action, page.case.row.reference, desk.today()
        self._page, self._calendars = page, desk.calendars
        super().__init__(parent, f"step_{action.value}", words.title.format(self._reference))
        self.summary = ErrorSummary()
        self.body.addWidget(self.summary)
        lead = page.extending.words if page.extending is not None and action is Action.EXTEND else words.lead
        self.body.addWidget(Text(lead, "body", "text-2", wrap=True))
        self.fields: dict[str, Field] = {field.key: field for field in _clock_fields(action, page, desk.today())}
        if words.day:
            on = DateField("on", words.day)
            on.set_value(date_boxes(desk.today()))
            self.fields["on"] = on
        if words.next_day:
            after = DateField("next_on", words.next_day, hint=_rule_words(page))
            calendar = desk.calendars[page.agreement.clock.calendar]
            after.set_value(date_boxes(next_chase(page.agreement.waiting, desk.today(), calendar)))
            self.fields["next_on"] = after
        if words.reasons:
            self.fields["reasons"] = TextField("reasons", words.reasons, lines=4)
        if action is Action.WITHDRAW and page.waiting is not None and page.waiting.close_proposed:
            self.fields["reasons"].set_value(no_answer_words(page.waiting, page.agreement.waiting, desk.today()))
        self.change = WhatIfPanel()
        for field in self.fields.values():
            self.body.addWidget(field)
            field.edited.connect(self._show_change)
        self.body.addStretch(1)
        self.column.addWidget(self.change)
        self._show_change()
        self.summary.jumped.connect(lambda key: self.fields[key].focus())
        self.add_button("Cancel")
        kind = DESTRUCTIVE if action is Action.WITHDRAW else MAIN
        self.button = self.add_button(words.button, kind, then=self._go)
        first = "length" if action is Action.EXTEND else next(reversed(self.fields))
        self.fields[first].focus()

    def command(self) -> Deed:
        """The function, what makes its command from the case's part of it, and what to say when it is done."""
        reasons = str(self.fields["reasons"].value()) if "reasons" in self.fields else ""
        on = self._day("on") or self._today
        next_on = self._day("next_on")

        def make(case: dict[str, Any]) -> Any:
            if self._action is Action.EXTEND:
                return extending.Extend(
                    **case,
                    length=self._length(),
                    because=str(self.fields["because"].value()),
                    told_on=self._day("told_on") or self._today,
                    reasons=reasons,
                )
            if self._action is Action.CHASE:
                return waiting.Chase(**case, on=on, next_on=next_on, note=reasons)
            if self._action is Action.SETTLE:
                return settling.Settle(**case, on=on)
            if "on" in self.fields:
                return returning.Dated(**case, on=on, reasons=reasons, chase_on=next_on, ask=self._ask())
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
        if listed:
            self.pane.ensureWidgetVisible(self.summary)

    def _go(self) -> None:
        missing = [key for key in ("told_on", "on", "next_on") if key in self.fields and self._day(key) is None]
        found = [Problem(key, "Give the whole date.", hard=True) for key in missing]
        if "reasons" in self.fields and not str(self.fields["reasons"].value()).strip():
            found.append(Problem("reasons", "Give your reasons.", hard=True))
        self.show_problems(found)
        if not found:
            self.wanted.emit()

    def _show_change(self) -> None:
        self.change.show_change(self._change())

    def _change(self) -> WhatIf | None:
        """What the step would do to the due date, once its fields say enough."""
        page, calendars = self._page, self._calendars
        told, on = self._day("told_on"), self._day("on")
        if self._action is Action.EXTEND:
            most = page.extending.left if page.extending is not None else 0
            enough = told is not None and 1 <= self._length() <= most
            return if_extended(page, calendars, self._length(), told) if enough and told else None
        if self._action is Action.REOPEN and any(one.until is None for one in page.case.pauses):
            return if_resumed(page, calendars, self._today)
        if on is None or on > self._today:
            return None
        if self._action is Action.RESUME:
            return if_resumed(page, calendars, on)
        told_apart = self._ask() or not page.agreement.clock.asks
        return if_returned(page, calendars, on, self._ask()) if self._action is Action.RETURN and told_apart else None

    def _ask(self) -> str:
        return str(self.fields["ask"].value()) if "ask" in self.fields else ""

    def _length(self) -> int:
        typed = str(self.fields["length"].value()).strip()
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 4 else 0

    def _day(self, key: str) -> date | None:
        return parse_date(self.fields[key].value()) if key in self.fields else None


def _clock_fields(action: Action, page: CasePage, today: date) -> Iterator[Field]:
    """What was asked for, where the agreement tells several things apart; and how much longer it takes, and why."""
    clock = page.agreement.clock
    if action is Action.RETURN and clock.asks:
        choices = [Choice(one.id, one.label, note=_ON_ANSWER[one.on_answer]) for one in clock.asks]
        yield RadioGroup("ask", "They are asked for", choices)
    if action is not Action.EXTEND or page.extending is None:
        return
    rule = page.extending.rule
    unit = {"working_days": "Working days", "months": "Months", "calendar_days": "Days"}[clock.kind]
    length = LineField("length", f"{unit} more", hint=f"Up to {page.extending.longest}.")
    yield length
    because = RadioGroup("because", "Why the law allows it", [Choice(one.id, one.label) for one in rule.reasons])
    if len(rule.reasons) == 1:
        because.set_value(rule.reasons[0].id)
    yield because
    told = DateField(
        "told_on",
        "The requester was told on",
        hint="The day of the notice: it is under Letters once the time is extended.",
    )
    told.set_value(date_boxes(today))
    yield told


_ON_ANSWER = {
    "pause": "The clock stops, and goes on from the day after they answer.",
    "restart": "The clock starts again: the day on which they answer is day 0.",
}


def _rule_words(page: CasePage) -> str:
    rule = page.agreement.waiting
    close = f"After {plural(rule.close_after, 'working day')} without an answer the desk proposes to close the case."
    return f"{plural(rule.chase_after, 'working day')} on. {close}"
