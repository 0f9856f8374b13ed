"""A new request: under which agreement, received when and how. Then the form opens."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from db.records import Json
from desktop.casework.desk import Done, Invalid
from desktop.casework.requestforms import RegisterForm, register_form
from desktop.casework.requests import Register, register
from desktop.policy.agreements import Agreement
from desktop.policy.clocks import clock_words
from desktop.policy.dates import date_boxes
from desktop.policy.fields import Problem, parse_date
from desktop.policy.wording import day, join_and
from desktop.ui.case.formfile import FormFile, FormFileRow
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.button import MAIN
from desktop.ui.kit.dates import DateField
from desktop.ui.kit.error_summary import ErrorSummary
from desktop.ui.kit.inputs import ChoiceField
from desktop.ui.kit.notices import Banner
from desktop.ui.kit.text import Text
from desktop.ui.session import Session, command_id, next_try

if TYPE_CHECKING:
    from desktop.ui.kit.field import Field


class NewRequest(Dialog):
    """Registers a request. ``created`` carries the id of its case."""

    created = Signal(int)
    many_wanted = Signal()
    """A file of many requests is to be imported instead."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent, "new_request", "New request", width=640, high=420)
        self._session = session
        self._today = session.desk.today()
        self._agreements = {one.id: one for one in session.desk.agreements.all()}
        # One id for the intent: pressing twice registers one case.
        self._command_id = command_id()
        self.summary = ErrorSummary()
        self.body.addWidget(self.summary)
        lead = "Choose the agreement that governs it. The version in force on the day of receipt counts."
        self.body.addWidget(Text(lead, "body", "text-2", wrap=True))
        self.on = DateField(
            "received.on", "Received on", help="The day it reached us, even at a weekend. That day is day 0."
        )
        self.on.set_value(date_boxes(self._today))
        self.channel = ChoiceField("received.channel", "How it came", ())
        self.agreement = self._agreement_choice()
        self._notice: Banner | None = None
        self.about = Text("", "small", "text-2", wrap=True)
        self.form_row = FormFileRow(session)
        self._form: FormFile | None = None
        for widget in (self.agreement, self.about, self.form_row, self.on, self.channel):
            self.body.addWidget(widget)
        self.form_row.was_read.connect(self._form_read)
        self.form_row.many.clicked.connect(self._many)
        self.body.addStretch(1)
        self.add_button("Cancel")
        self.button = self.add_button("Register the request", MAIN, then=self._go)
        self.agreement.edited.connect(self._show)
        self.on.edited.connect(self._show)
        self.summary.jumped.connect(lambda key: self._fields()[key].focus())
        self._show()
        self.agreement.focus()

    def _fields(self) -> dict[str, Field]:
        return {"agreement": self.agreement, "received.on": self.on, "received.channel": self.channel}

    def choose(self, agreement_id: str) -> None:
        """Chooses an agreement."""
        self.agreement.set_value(agreement_id)
        self._show()

    def _agreement_choice(self) -> ChoiceField:
        titles = {one.id: one.short_title for one in self._agreements.values()}
        return ChoiceField("agreement", "Agreement", sorted(titles.items(), key=lambda one: one[1].casefold()))

    def _chosen(self) -> Agreement | None:
        return self._agreements.get(str(self.agreement.value()))

    def _show(self, *_what: object) -> None:
        """What the agreement means on this day, and its channels."""
        chosen, received = self._chosen(), parse_date(self.on.value())
        self.form_row.show_agreement(chosen)
        if self._form is not None and (chosen is None or chosen.id != self._form.read.agreement_id):
            self._form = None
            self.form_row.forget()
        field = chosen.field("received.channel") if chosen is not None else None
        options = [(option.id, option.label) for option in field.options] if field is not None else []
        self.channel.set_options(options)
        self.channel.setVisible(field is not None)
        words = f"{chosen.title}. Within {clock_words(chosen.clock)}. {_askers(chosen)}." if chosen is not None else ""
        self.about.setText(words)
        self.about.setVisible(bool(words))
        if self._notice is not None:
            self._notice.hide()
            self._notice.deleteLater()
            self._notice = None
        if chosen is not None and received is not None:
            kind, words = meaning(chosen, received)
            self._notice = Banner(kind, words)
            self._notice.setObjectName("agreement_meaning")
            self.body.insertWidget(self.body.indexOf(self.on) + 1, self._notice)

    def _problems(self) -> list[Problem]:
        found = []
        if self._chosen() is None:
            found.append(Problem("agreement", "Choose one.", hard=True))
        received = parse_date(self.on.value())
        if received is None:
            found.append(Problem("received.on", "Give the day on which it was received.", hard=True))
        elif received > self._today:
            found.append(Problem("received.on", "This day is in the future. Check it.", hard=True))
        return found

    def _show_problems(self, problems: list[Problem]) -> None:
        fields = self._fields()
        for field in fields.values():
            field.clear_problem()
        listed = []
        for one in problems:
            key = one.field if one.field in fields else "received.on"
            fields[key].show_problem(one.message)
            listed.append((key, fields[key].label_text, one.message))
        self.summary.show_problems(listed)

    def _go(self) -> None:
        found = self._problems()
        self._show_problems(found)
        chosen = self._chosen()
        if found or chosen is None:
            return
        answers: dict[str, Json] = {"received.on": self.on.value()}
        if self.channel.value():
            answers["received.channel"] = self.channel.value()
        self.button.set_busy(True)
        if (form := self._form) is not None:
            asked = RegisterForm(
                command_id=self._command_id,
                agreement_id=chosen.id,
                answers={**form.read.answers, **answers},
                name=form.name,
                content=form.content,
            )
            self._session.act(self, register_form, asked, done=self._done, failed=self._failed, said="Registered")
            return
        command = Register(command_id=self._command_id, agreement_id=chosen.id, answers=answers)
        self._session.act(self, register, command, done=self._done, failed=self._failed, said="Registered")

    def _many(self) -> None:
        self.reject()
        self.many_wanted.emit()

    def _form_read(self, form: FormFile) -> None:
        """A completed form says under which agreement it is."""
        self._form = form
        self.choose(form.read.agreement_id)

    def _done(self, done: Done) -> None:
        self.created.emit(done.case_id)
        self.accept()

    def _failed(self, error: Exception) -> None:
        self.button.set_busy(False)
        self._command_id = next_try(self._command_id, error)
        if isinstance(error, Invalid):
            self._show_problems(list(error.problems))
        else:
            self._session.show_error(self, error)


def _askers(agreement: Agreement) -> str:
    """Who may ask, as far as one line holds."""
    titles = [one.title for one in agreement.requesters]
    shown = titles if len(titles) <= 3 else [*titles[:2], f"{len(titles) - 2} more"]
    return f"For {join_and(shown)}"


def meaning(agreement: Agreement, received: date) -> tuple[str, str]:
    """What registering under this agreement means for a request of this day: a banner's kind and its words."""
    version = agreement.version_on(received)
    if version is None:
        return "warning", f"{agreement.because_none} The request can only be rejected."
    words = f"Version {version.number}, in force from {day(version.in_force_from)}: {version.title}."
    if version.is_suspended(received):
        return "stopped", f"Requests received on this day are held. {version.because} {words}".strip()
    if not version.accepts:
        return "warning", f"Requests received on this day can only be rejected. {version.because}".strip()
    return "info", words
