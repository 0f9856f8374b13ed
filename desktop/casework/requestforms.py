"""Request forms: a blank one for each agreement, and a completed one read back into a draft with its file attached."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db import attachments, intake
from db.casereads import answers_of
from db.records import Heading, Json
from db.store import Tx
from desktop.casework.accounts import organisation
from desktop.casework.attachments import attach
from desktop.casework.copies import write_told
from desktop.casework.desk import Desk, Done, Refused, act
from desktop.casework.requests import Register, registered
from desktop.letters.formreading import FilledForm, NotAForm, read_form
from desktop.letters.formwords import NAME_ROWS, SOURCE_ROWS, YES, Question, QuestionGroup, RequestForm, field_name
from desktop.policy.agreements import Agreement, Field
from desktop.policy.answers import text_of
from desktop.policy.fields import check_field, check_storable
from desktop.policy.people import name_key
from desktop.policy.shapes import is_empty

__all__ = ["NotAForm", "NotRead", "ReadForm", "RegisterForm", "make_request_form", "read_request_form", "register_form"]

_NEVER = "Never write anything about a person’s health, care or treatment."
_DESKS_OWN = ("received",)
"""What the desk fills in by itself, whatever the agreement."""


@dataclass(frozen=True, slots=True)
class NotRead:
    """Something on a form that the desk could not take over: the question, what was written, and why."""

    label: str
    said: str
    why: str


@dataclass(frozen=True, slots=True)
class ReadForm:
    """A completed form as the desk read it."""

    agreement_id: str
    answers: Mapping[str, Json]
    not_read: tuple[NotRead, ...]
    older: bool
    """Whether it is a form of an earlier text of the agreement."""
    perhaps: str = ""
    """Which case it may be already, and why, in words; whoever reads it in decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterForm:
    """A completed form becomes a draft: what was read, with the day of receipt, and the file itself."""

    command_id: str
    agreement_id: str
    answers: Mapping[str, Json]
    name: str
    content: bytes


def make_request_form(desk: Desk, agreement_id: str, out: Path, *, replace: bool = False) -> None:
    """Writes a blank form, journalled: see ``write_told``."""
    from desktop.letters.requestform import render_form

    agreement = desk.agreements.get(agreement_id)
    version = agreement.version_on(desk.today())
    if version is None or not version.accepts:
        raise Refused(f"No request is taken on under this agreement now. {version.because if version else ''}".strip())
    seen = agreement.at(version.number, desk.today())
    form = RequestForm(
        organisation=organisation(desk),
        title=f"Request form: {agreement.title}",
        mark=f"{agreement.id}|{version.number}|{agreement.content_hash}",
        lead=(seen.form_lead, _NEVER),
        groups=tuple(
            QuestionGroup(section.form_title or section.title, questions)
            for section in seen.sections
            if section.group == "request" and (questions := tuple(_question(one) for one in _asked(section.fields)))
        ),
    )
    content = render_form(form)

    said: dict[str, Json] = {"agreement": agreement.id, "version": version.number}
    write_told(desk, out, content, action="save_form", heading=Heading.SYSTEM, data=said, replace=replace)


def _asked(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    own = _DESKS_OWN
    return tuple(one for one in fields if one.form and one.key.partition(".")[0] not in own and one.kind != "criterion")


def _question(field: Field) -> Question:
    hint = field.hint if field.form_hint is None else field.form_hint
    return Question(field.key, field.form_label or field.label, field.kind, hint, _options(field))


def _options(field: Field) -> tuple[tuple[str, str], ...]:
    """What a form offers for a field."""
    return tuple(
        (one.id, one.form_label or one.label) for one in field.options if one.approved or field.kind == "choice"
    )


def read_request_form(desk: Desk, content: bytes) -> ReadForm:
    """What a completed form says. Raises NotAForm, or Refused where it was read before or is of no agreement here."""
    form = read_form(content)
    agreement_id, _, rest = form.mark.partition("|")
    number, _, content_hash = rest.partition("|")
    if not desk.agreements.has(agreement_id):
        raise NotAForm(f"It is a form of an agreement that this desk does not have: “{agreement_id[:60]}”.")
    if not any(form.values.values()) and not form.unreadable:
        raise NotAForm("Nothing is filled in. Ask for the form again, saved after it was completed.")
    with desk.store.read() as tx:
        if case := attachments.case_with(tx, hashlib.sha256(content).hexdigest()):
            raise Refused(f"This form was read already: it is {case}.")
    agreement = desk.agreements.get(agreement_id)
    seen = agreement.at(int(number)) if number.isdecimal() and len(number) < 9 else agreement
    answers, not_read = _answers(desk, seen, form)
    with desk.store.read() as tx:
        perhaps = _perhaps(tx, agreement_id, answers)
    return ReadForm(agreement_id, answers, not_read, content_hash != agreement.content_hash, perhaps)


def _perhaps(tx: Tx, agreement_id: str, answers: Mapping[str, Json]) -> str:
    """Whether a case has the requester's reference, or says all that the form says, as one saved again would."""
    body, theirs = text_of(answers.get("requester.body")), text_of(answers.get("requester.reference"))
    if theirs:
        for _, requester, ours in intake.same_references(tx, [intake.reference_key(theirs)]):
            if name_key(requester) == name_key(body):
                return f"Their reference {theirs} is that of {ours} already."
    for case_id, ours in intake.alike(tx, agreement_id, body, text_of(answers.get("person.family_name"))).items():
        if answers.items() <= answers_of(tx, case_id).items():
            return f"{ours} says all that this form says."
    return ""


def register_form(desk: Desk, command: RegisterForm) -> Done:
    """Registers what was read and attaches the file, in one step."""

    def body(tx: Tx, now: datetime) -> Done:
        if case := attachments.case_with(tx, hashlib.sha256(command.content).hexdigest()):
            raise Refused(f"This form was read already: it is {case}.")
        asked = Register(command_id=command.command_id, agreement_id=command.agreement_id, answers=command.answers)
        done = registered(desk, tx, now, asked)
        return attach(desk, tx, now, done.case_id, command.name, command.content)

    return act(desk, command.command_id, "register_form", body)


def _answers(desk: Desk, agreement: Agreement, form: FilledForm) -> tuple[dict[str, Json], tuple[NotRead, ...]]:
    found: dict[str, Json] = {}
    not_read: list[NotRead] = []
    boxes = _Boxes(form)
    for section in agreement.sections:
        for field in _asked(section.fields) if section.group == "request" else ():
            value = _value(field, boxes)
            not_read += [NotRead(field.label, said[:200], why) for said, why in boxes.problems()]
            if is_empty(value):
                continue
            said = value if isinstance(value, str) else ", ".join(_texts(value))
            if wrong := check_storable(field, value):
                not_read.append(NotRead(field.label, said[:200], wrong[0].message))
                continue
            found[field.key] = value
            not_read += [
                NotRead(field.label, said[:200], one.message)
                for one in check_field(field, value, today=desk.today())
                if one.hard and not one.missing
            ]
    not_read += [NotRead(name[:80], said[:200], "The agreement has no such question now.") for name, said in boxes.rest]
    return found, tuple(not_read)


class _Boxes:
    """The boxes of a completed form, taken one after the other, with what is wrong with those of one question."""

    def __init__(self, form: FilledForm) -> None:
        self._left = dict(form.values)
        self._unreadable = set(form.unreadable)
        self._wrong: dict[tuple[str, str], None] = {}

    def has(self, name: str) -> bool:
        """Whether the form has this box."""
        return name in self._left or name in self._unreadable

    def take(self, name: str) -> str:
        """What stands in a box."""
        if name in self._unreadable:
            self._unreadable.discard(name)
            self._wrong["", "What was filled in cannot be read: look at the file itself."] = None
        elif name not in self._left:
            self._wrong["", "The form has no box for this, or not all of them. Ask the requester for it."] = None
        return self._left.pop(name, "").strip()

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        said = self.take(name)
        if said not in ("", YES):
            self._wrong[said, "Whether this box is ticked cannot be read: look at the file itself."] = None
        return said == YES

    def problems(self) -> tuple[tuple[str, str], ...]:
        """What was written and why it was not read, since this was asked last."""
        found, self._wrong = tuple(self._wrong), {}
        return found

    @property
    def rest(self) -> list[tuple[str, str]]:
        """What nobody asked for, and says something."""
        return [(name, said) for name, said in self._left.items() if said] + [
            (name, "") for name in sorted(self._unreadable)
        ]


def _texts(value: Json) -> list[str]:
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, Mapping):
        return [text for part in value.values() for text in _texts(part)]
    if isinstance(value, list | tuple):
        return [text for one in value for text in _texts(one)]
    return []


def _value(field: Field, boxes: _Boxes) -> Json:
    """What the form says of a field."""

    def take(*parts: str) -> str:
        return boxes.take(field_name(field.key, *parts))

    match field.kind:
        case "date":
            return {part: take(part) for part in ("day", "month", "year")}
        case "partial_date":
            born: dict[str, Json] = {part: take(part) for part in ("day", "month", "year")}
            known = [bool(one) for one in born.values()]
            return {**born, "unknown": any(known) and not all(known)} if any(known) else None
        case "address":
            return {"lines": take("lines"), "postcode": take("postcode")}
        case "choices" | "items":
            names = {one.id: field_name(field.key, one.id) for one in field.options}
            offered = {key for key, _ in _options(field)}
            return [key for key, name in names.items() if (key in offered or boxes.has(name)) and boxes.ticked(name)]
        case "tick":
            return boxes.ticked(field_name(field.key))
        case "names":
            rows = [{"name": take(str(row), "name"), "kind": take(str(row), "kind")} for row in range(NAME_ROWS)]
            return [{**row, "kind": row["kind"] or "alias"} for row in rows if row["name"]]
        case "sources":
            parts = ("source", "on", "result")
            searched = [{part: take(str(row), part) for part in parts} for row in range(SOURCE_ROWS)]
            return [dict(row) for row in searched if any(row.values())]
        case _:
            return take()
