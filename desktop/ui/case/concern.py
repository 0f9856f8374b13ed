"""Raising a safeguarding concern: who, where someone on the requester's side may be the risk, and why."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.casework.casepage import CasePage
from desktop.casework.concerns import SAME_PERSON, RaiseConcern, raise_concern
from desktop.casework.desk import Done, Invalid, Refused
from desktop.policy.fields import Problem
from desktop.policy.safeguards import RISK_WHO
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.button import MAIN
from desktop.ui.kit.error_summary import ErrorSummary
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import LineField, TextField
from desktop.ui.kit.text import Text
from desktop.ui.session import Session, command_id

_LEAD = (
    "From now on the guardian alone decides this case and releases what it gives, and an address stays off its letter. "
    "Nothing that the requester reads ever shows it. A concern is not taken off again."
)


class ConcernDialog(Dialog):
    """Asks for the concern. ``wanted`` when its button is pressed and the reasons are there."""

    wanted = Signal()

    def __init__(self, page: CasePage, parent: QWidget) -> None:
        super().__init__(parent, "raise_concern", f"Raise a concern about {page.case.row.reference}")
        self._case_id = page.case.row.id
        self._command = command_id()
        self.summary = ErrorSummary()
        self.body.addWidget(self.summary)
        self.body.addWidget(Text(_LEAD, "body", "text-2", wrap=True))
        asked = page.agreement.field(RISK_WHO)
        label = asked.label if asked is not None else "Someone on the requester’s side may be the risk"
        hint = "Leave it empty where nobody on their side is meant. Their other requests come to the guardian too."
        self.fields: dict[str, Field] = {
            "who": LineField("who", label, note="who, if anyone", help=hint),
            "reasons": TextField("reasons", "Why you are concerned", lines=4),
        }
        for field in self.fields.values():
            self.body.addWidget(field)
        self.summary.jumped.connect(lambda key: self.fields[key].focus())
        self.add_button("Cancel")
        self.button = self.add_button("Raise the concern", MAIN, then=self._go)
        self.fields["reasons"].focus()

    def command(self) -> RaiseConcern:
        """The concern as it is written now."""
        who, why = (str(self.fields[key].value()).strip() for key in ("who", "reasons"))
        return RaiseConcern(command_id=self._command, case_id=self._case_id, who=who, why=why)

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Says beside the fields and at the top what is wrong."""
        listed = []
        for field in self.fields.values():
            field.clear_problem()
        for problem in problems:
            self.fields[problem.field].show_problem(problem.message)
            listed.append((problem.field, self.fields[problem.field].label_text, problem.message))
        self.summary.show_problems(listed)

    def _go(self) -> None:
        missing = () if self.command().why else (Problem("reasons", "Say why you are concerned.", hard=True),)
        self.show_problems(missing)
        if not missing:
            self.wanted.emit()


def ask_concern(page: CasePage, session: Session, view: QWidget) -> None:
    """Asks for a concern, and raises it."""
    dialog = ConcernDialog(page, view)

    def done(_done: Done) -> None:
        dialog.accept()

    def failed(error: Exception) -> None:
        if isinstance(error, Invalid):
            dialog.show_problems(error.problems)
        else:
            if isinstance(error, Refused):
                dialog.reject()
            session.show_error(view, error)

    said = f"The concern about {page.case.row.reference} is recorded"

    def go() -> None:
        session.act(view, raise_concern, dialog.command(), done=done, failed=failed, said=said)

    dialog.wanted.connect(go)
    dialog.open()


def concern_words(page: CasePage) -> tuple[str, ...]:
    """What is known of each concern about the case, a sentence or two each: for people of the desk alone."""
    said = []
    for one in page.case.concerns:
        match one.about:
            case "requester":
                said.append(f"{one.who} may be the risk, {one.raised_by_name} says: {one.why}")
            case "elsewhere":
                said.append(f"{one.from_reference} names someone on this requester’s side as a possible risk.")
            case _ if one.why == SAME_PERSON:
                said.append(one.why)
            case _ if one.why:
                said.append(f"{one.raised_by_name} raised a safeguarding concern: {one.why}")
            case _:
                said.append("The safeguarding screen takes this case to the guardian.")
    return tuple(said)
