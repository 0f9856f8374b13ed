"""E-mail drafts with a letter attached, for somebody to look at and send from their own program: the desk sends none.

A draft is a message by RFC 5322 that mail programs open to be sent (``X-Unsent: 1``). It goes to an address that the
record of requesters holds as a secure one, never to one that only stands in a request (National Crime Agency and UK
Caldicott Guardian Council: a request is answered to the address that is held for the requester).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from db import casefile, people, requesters
from db.casereads import letter_bytes, load_case
from db.records import Action, Answers, Case, Heading, Letter, Organisation
from db.records_requesters import Body
from db.store import Tx
from desktop.casework.bound import bound
from desktop.casework.copies import Room, write_done
from desktop.casework.desk import Desk, Done, OnCase, Refused, act, case_for, need_sight
from desktop.casework.projection import text_of
from desktop.casework.requests import agreement_of, move
from desktop.casework.sending import NONE_KEPT, issued_letter
from desktop.policy.agreements import Agreement
from desktop.policy.fields import looks_like_email
from desktop.policy.letterkinds import GIVING, TO_THE_PERSON
from desktop.policy.people import name_key
from desktop.policy.requesters import accreditation_on, asks_officially, secure_address
from resources import resource

_WIRE = SMTP.clone(cte_type="7bit", max_line_length=400)
"""A subject is one line: where the library folds one it may begin with a space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareMail(OnCase):
    """Writes a draft with the issued letter of a case to a file; with `replace` in the place of one that is there."""

    out: Path
    replace: bool = False
    letter_id: int | None = None
    """None for the letter that answers."""


def mail_address(desk: Desk, case_id: int, letter_id: int | None = None) -> str:
    """Where a letter of a case may be mailed to, None for the one that answers. Raises Refused with what keeps it from
    being mailed.
    """
    need_sight(desk)
    with desk.store.read() as tx:
        case = load_case(tx, case_id)
        return _address(desk, tx, case, agreement_of(desk, tx, case), issued_letter(case, letter_id))


def prepare_mail(desk: Desk, command: PrepareMail) -> Done:
    """Writes the draft to a private file, and journals it. Nothing is journalled where the file cannot be written.

    Raises Refused, or OSError where the file cannot be written or is there and was not to be replaced.
    """
    return write_done(command.out, lambda room: _prepared(desk, command, room), replace=command.replace)


def _prepared(desk: Desk, command: PrepareMail, room: Room) -> tuple[Done, bytes]:
    made: list[bytes] = []

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.PREPARE_MAIL)
        letter = issued_letter(case, command.letter_id)
        agreement = agreement_of(desk, tx, case)
        to = _address(desk, tx, case, agreement, letter)
        pdf = letter_bytes(tx, letter.id)
        if pdf is None:
            raise Refused(NONE_KEPT)
        marking = agreement.marking.disclosure if letter.kind in GIVING else agreement.marking.procedural
        made.append(draft(people.organisation_of(tx), case, to, marking, pdf, now))
        room(len(made[0]))
        data = {"letter": letter.number, **bound(tx, case.row.id, {"address": to})}
        done = move(desk, tx, case, Action.PREPARE_MAIL, now, {}, heading=Heading.DISCLOSURE, data=data)
        casefile.add_letter_event(tx, letter.id, Action.PREPARE_MAIL, desk.user.id, now)
        return done

    done = act(desk, command.command_id, "prepare_mail", body)
    if not made:
        raise Refused("This e-mail was prepared already.")
    return done, made[0]


def draft(organisation: Organisation, case: Case, to: str, marking: str, pdf: bytes, now: datetime) -> bytes:
    """The message as it is written to the file. It says nothing about any person: the letter alone does. Raises Refused
    where the organisation's own address cannot stand in one.

    Nothing in it was typed by whoever asked, whose own reference may name or describe the person.
    """
    reference = case.row.reference
    sender = _one_line(organisation.email)
    if not looks_like_email(sender):
        raise Refused(
            f"Your organisation’s e-mail address, “{sender}”, cannot stand in an e-mail. Ask an administrator to put "
            "it right, in Administration, Organisation."
        )
    message = EmailMessage(policy=_WIRE)
    message["X-Unsent"] = "1"
    message["From"] = Address(_one_line(organisation.name), addr_spec=sender)
    message["To"] = Address(addr_spec=to)
    message["Date"] = now
    message["Subject"] = " ".join(part for part in ("[secure]", _one_line(marking), reference) if part)
    text = resource("letters", "email.txt").read_text("utf-8")
    values = {
        "reference": reference,
        "marked": f" It is marked {_one_line(marking)}." if marking.strip() else "",
        "phone": _one_line(organisation.phone),
        "hours": _one_line(organisation.hours),
        "team": _one_line(organisation.team),
        "organisation": _one_line(organisation.name),
    }
    message.set_content(text.format_map(values))
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"{reference}.pdf")
    return message.as_bytes()


def _address(desk: Desk, tx: Tx, case: Case, agreement: Agreement, letter: Letter) -> str:
    """Where the letter may be mailed to. Raises Refused."""
    if letter.kind in TO_THE_PERSON:
        raise Refused("This letter goes to the person themselves, and not to whoever asked. Post it.")
    if not asks_officially(agreement):
        raise Refused("Whoever asks for themselves has no secure address on record. Post the letter.")
    answers = _submitted(case)
    named = text_of(answers, "requester.body")
    body = requesters.body_named(tx, name_key(named)) if named else None
    if body is None:
        raise Refused(f"{named or 'The requester'} is not on record. Post the letter, or ask an administrator first.")
    _need_accredited(desk, agreement, body, letter)
    officer = text_of(answers, "requester.officer")
    to = secure_address(body, text_of(answers, "requester.email"), officer, desk.today())
    if not to:
        raise Refused(
            f"No secure address of {body.name} is on record. Post the letter, or ask an administrator to add it."
        )
    return to


def _need_accredited(desk: Desk, agreement: Agreement, body: Body, letter: Letter) -> None:
    """What is disclosed goes to nobody whose accreditation has ended since it was asked for."""
    if letter.kind in GIVING and accreditation_on(body, agreement.id, desk.today()) is None:
        raise Refused(f"{body.name} is not accredited for {agreement.short_title} today. Ask an administrator first.")


def _submitted(case: Case) -> Answers:
    return case.submissions[-1].snapshot if case.submissions else case.answers


def _one_line(text: str) -> str:
    """Text for a header or a line: whatever could end the line or turn it round is a space."""
    plain = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return " ".join(plain.split())
