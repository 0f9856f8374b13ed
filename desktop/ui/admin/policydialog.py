"""Suspends, resumes, withdraws or supersedes an agreement: what it means is seen before it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.casework.policymoves import ChangePolicy, Kind, Preview
from desktop.policy.agreements import Agreement
from desktop.policy.dates import date_boxes
from desktop.policy.fields import Problem, parse_date
from desktop.policy.wording import figures, plural
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.button import DESTRUCTIVE, Button
from desktop.ui.kit.dates import DateField
from desktop.ui.kit.error_summary import ErrorSummary
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import TextField
from desktop.ui.kit.text import Text

_MOST = 50
"""So many cases are named here; the agreement's page has them all."""


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    lead: str
    button: str


WORDS: Mapping[Kind, _Words] = {
    "suspend": _Words(
        "Suspend {}?",
        "Requests that are received from this day on are held, until it is resumed. Those received before go on.",
        "Suspend it",
    ),
    "resume": _Words(
        "Resume {}?",
        "Requests that are received from this day on are taken on again. Those that were held stay held, until a "
        "guardian takes each off hold.",
        "Resume it",
    ),
    "withdraw": _Words(
        "Withdraw {}?",
        "A request that is received from this day on can only be rejected. This cannot be taken back: a new version "
        "would have to supersede it.",
        "Withdraw it",
    ),
    "supersede": _Words(
        "Supersede {}?",
        "From the day on which its new version comes into force, requests are tested against that. Nothing changes "
        "for requests received before.",
        "Supersede it",
    ),
}


class PolicyDialog(Dialog):
    """Asks for the day and the reason, and shows which open cases the change touches before it can be made."""

    look_wanted = Signal(object)
    """A ChangePolicy to preview."""
    wanted = Signal(object)
    """The same, once its preview was shown."""

    def __init__(self, agreement: Agreement, kind: Kind, today: date, parent: QWidget, text: str = "") -> None:
        words = WORDS[kind]
        self._agreement, self._kind, self._text = agreement, kind, text
        self._seen: ChangePolicy | None = None
        super().__init__(parent, f"policy_{kind}", words.title.format(agreement.short_title), high=440)
        self.summary = ErrorSummary()
        self.body.addWidget(self.summary)
        self.body.addWidget(Text(words.lead, "body", "text-2", wrap=True))
        self.on = DateField("takes_effect", "From")
        self.on.set_value(date_boxes(today))
        hint = "In words that a letter may use. Never about a person."
        self.because = TextField("because", "Why", hint=hint, lines=3)
        self.fields: dict[str, Field] = {"takes_effect": self.on, "because": self.because}
        for field in self.fields.values():
            self.body.addWidget(field)
            field.edited.connect(self._edited)
        self.look = Button("See what it means", icon="eye", name="policy_look")
        self.look.triggered.connect(self._look)
        self.body.addWidget(self.look)
        self.means = Text("", "body", wrap=True)
        self.body.addWidget(self.means)
        self._lines = Text("", "small", "text-2", wrap=True)
        self.body.addWidget(self._lines)
        self.body.addStretch(1)
        self.summary.jumped.connect(lambda key: self.fields[key].focus())
        self.add_button("Cancel")
        self.button = self.add_button(words.button, DESTRUCTIVE, then=self._go)
        self._edited()
        self.because.focus()

    def command(self) -> ChangePolicy | None:
        """What the fields say; None while the day is not whole."""
        on = parse_date(self.on.value())
        if on is None:
            return None
        return ChangePolicy(
            agreement_id=self._agreement.id,
            kind=self._kind,
            takes_effect=on,
            because=str(self.because.value()),
            text=self._text,
        )

    def show_preview(self, command: ChangePolicy, found: Preview) -> None:
        """Shows what the change would mean. An answer to an older question is passed over."""
        if command != self.command():
            return
        self._seen = command
        self.show_problems(())
        stay = ""
        if found.untouched:
            others = plural(found.untouched, "other open case")
            stay = f" {others} came before and {'stays as it is' if found.untouched == 1 else 'stay as they are'}."
        if not found.touched:
            self.means.setText(f"It touches no open case.{stay}")
            self._lines.setText("")
        else:
            touched = plural(len(found.touched), "open case")
            self.means.setText(
                f"It touches {touched}.{stay} None changes by itself: a caseworker takes the change in, case by case. "
                "Until then nothing of it is approved, released or issued."
            )
            lines = [f"{one.row.reference}: {' '.join(one.effects)}" for one in found.touched[:_MOST]]
            more = len(found.touched) - _MOST
            self._lines.setText("\n".join([*lines, f"and {figures(more)} more"] if more > 0 else lines))
        self.button.set_off("")

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Says beside the fields and at the top what is wrong."""
        listed = []
        for field in self.fields.values():
            field.clear_problem()
        for problem in problems:
            key = problem.field if problem.field in self.fields else "because"
            self.fields[key].show_problem(problem.message)
            listed.append((key, self.fields[key].label_text, problem.message))
        self.summary.show_problems(listed)

    def _look(self) -> None:
        command = self.command()
        if command is None:
            self.show_problems((Problem("takes_effect", "Give the whole date.", hard=True),))
        elif not command.because.strip():
            self.show_problems((Problem("because", "Say why, in words that a letter may use.", hard=True),))
        else:
            self.look_wanted.emit(command)

    def _go(self) -> None:
        if self._seen is not None and self._seen == self.command():
            self.wanted.emit(self._seen)

    def _edited(self) -> None:
        """What was seen before says nothing about this any more."""
        self._seen = None
        self.means.setText("")
        self._lines.setText("")
        self.button.set_off("See first what it means.")
        self.updateGeometry()
