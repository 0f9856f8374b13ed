"""The dialogs of the page of requesters: each with the command that its fields make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from PySide6.QtWidgets import QWidget

from db.records_requesters import Accreditation, Body, Officer
from desktop.casework.requesters import Accredit, EndAccreditation, PutBody, PutOfficer
from desktop.policy.dates import date_boxes
from desktop.policy.fields import parse_date
from desktop.ui.kit.dates import DateField
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import ChoiceField, LineField, TextField
from desktop.ui.kit.ticks import TickField
from desktop.ui.recorddialog import RecordDialog


def body_form(owner: QWidget, body: Body | None) -> tuple[RecordDialog, Callable[[], PutBody]]:
    """A new requester, or one as it is to stand."""
    hint = "One on each line. A whole domain as @example.police.uk."
    fields: dict[str, Field] = {
        "name": LineField("requester_name", "Name", hint="As its requests give it."),
        "addresses": TextField("requester_addresses", "Secure e-mail addresses and domains", hint=hint, lines=3),
        "note": TextField("requester_note", "Note", hint="Never about a person sought.", lines=2),
    }
    if body is not None:
        fields["name"].set_value(body.name)
        fields["addresses"].set_value("\n".join(body.addresses))
        fields["note"].set_value(body.note)
    title, button = ("Add a requester", "Add") if body is None else ("Change a requester", "Save")
    dialog = RecordDialog(title, "requester_dialog", button, fields, owner)

    def command() -> PutBody:
        return PutBody(
            body_id=body.id if body else None,
            version=body.version if body else 0,
            name=dialog.text("name"),
            addresses=dialog.text("addresses"),
            note=dialog.text("note"),
        )

    return dialog, command


def officer_form(owner: QWidget, body: Body, one: Officer | None) -> tuple[RecordDialog, Callable[[], PutOfficer]]:
    """A new officer of a body, or one as they are to stand."""
    fields: dict[str, Field] = {
        "name": LineField("officer_name", "Name"),
        "grade": LineField("officer_grade", "Rank or grade"),
        "unit": LineField("officer_unit", "Unit"),
        "email": LineField("officer_email", "E-mail"),
        "countersigns": TickField("officer_countersigns", "May countersign what others ask"),
        "left_on": DateField("officer_left", "Left on", optional=True, hint="Empty while they are there."),
    }
    if one is not None:
        for key in ("name", "grade", "unit", "email", "countersigns"):
            fields[key].set_value(getattr(one, key))
        fields["left_on"].set_value(date_boxes(one.left_on) if one.left_on else {})
    title, button = ("Add an officer", "Add") if one is None else ("Change an officer", "Save")
    dialog = RecordDialog(title, "officer_dialog", button, fields, owner)

    def command() -> PutOfficer:
        return PutOfficer(
            body_id=body.id,
            officer_id=one.id if one else None,
            name=dialog.text("name"),
            unit=dialog.text("unit"),
            grade=dialog.text("grade"),
            email=dialog.text("email"),
            countersigns=dialog.value("countersigns") is True,
            left_on=parse_date(dialog.value("left_on")),
        )

    return dialog, command


def accredit_form(
    owner: QWidget, body: Body, titles: Mapping[str, str], today: date
) -> tuple[RecordDialog, Callable[[], Accredit]]:
    """An accreditation for one of the agreements, from today on unless another day is given."""
    options = sorted(titles.items(), key=lambda one: one[1].casefold())
    fields: dict[str, Field] = {
        "agreement": ChoiceField("accredit_agreement", "Agreement", options),
        "reference": LineField("accredit_reference", "Reference", hint="Of the paper that says so."),
        "valid_from": DateField("accredit_from", "From"),
        "valid_to": DateField("accredit_to", "Last day", hint="An accreditation always ends: renew it in time."),
    }
    fields["valid_from"].set_value(date_boxes(today))
    dialog = RecordDialog(f"Accredit {body.name}", "accredit_dialog", "Accredit", fields, owner)

    def command() -> Accredit:
        return Accredit(
            body_id=body.id,
            agreement_id=dialog.text("agreement"),
            reference=dialog.text("reference"),
            valid_from=parse_date(dialog.value("valid_from")),
            valid_to=parse_date(dialog.value("valid_to")),
        )

    return dialog, command


def end_form(
    owner: QWidget, body: Body, one: Accreditation, today: date
) -> tuple[RecordDialog, Callable[[], EndAccreditation]]:
    """The end of an accreditation before its time."""
    fields: dict[str, Field] = {
        "on": DateField("end_on", "From"),
        "because": TextField("end_because", "Why", hint="A reviewer reads it beside each request.", lines=2),
    }
    fields["on"].set_value(date_boxes(max(today, one.valid_from)))
    title = f"End the accreditation of {body.name}?"
    lead = "From this day on its requests are brought to the reviewer’s attention. This cannot be taken back."
    dialog = RecordDialog(title, "end_dialog", "End it", fields, owner, lead)

    def command() -> EndAccreditation:
        return EndAccreditation(
            body_id=body.id,
            accreditation_id=one.id,
            on=parse_date(dialog.value("on")),
            because=dialog.text("because"),
        )

    return dialog, command
