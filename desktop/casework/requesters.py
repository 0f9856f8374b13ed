"""Who may ask: kept by administrators and guardians, and held against each request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from db import requesters as stored
from db.journal import append
from db.records import Answers, Case, Heading, Json, Role
from db.records_requesters import Body
from db.store import Tx
from desktop.casework.desk import Conflict, Desk, Invalid, Refused, changing, need_role
from desktop.casework.projection import text_of
from desktop.policy.agreements import Agreement
from desktop.policy.fields import Problem, check_text
from desktop.policy.people import name_key
from desktop.policy.requesters import Standing, address_problem, standings

KEEPERS = (Role.ADMINISTRATOR, Role.GUARDIAN)
_NAME, _GRADE, _NOTE = 200, 100, 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBody:
    """A body as it is to stand on record. ``body_id`` None for a new one; ``version``: the one that was seen."""

    body_id: int | None = None
    version: int = 0
    name: str
    addresses: str
    """One address or domain a line."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOfficer:
    """An officer as they are to stand on record. ``officer_id`` None for a new one."""

    body_id: int
    officer_id: int | None = None
    name: str
    unit: str = ""
    grade: str = ""
    email: str = ""
    countersigns: bool = False
    left_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accredit:
    """That a body may ask under an agreement, from a day to a day, both included."""

    body_id: int
    agreement_id: str
    reference: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAccreditation:
    """That an accreditation holds no more from a day on, and why."""

    body_id: int
    accreditation_id: int
    on: date | None
    because: str


def bodies(desk: Desk) -> tuple[Body, ...]:
    """Everyone on record, by name."""
    need_role(desk, *KEEPERS)
    with desk.store.read() as tx:
        return stored.bodies(tx)


def put_body(desk: Desk, command: PutBody) -> int:
    """Puts a body on record, or changes it; returns its number. Raises Invalid, Refused or Conflict."""
    need_role(desk, *KEEPERS)
    addresses = command.addresses.split()
    problems = [*_line("name", command.name, _NAME, "Give the body’s name.")]
    problems += [Problem("addresses", words, hard=True) for words in map(address_problem, addresses) if words][:1]
    problems += check_text("note", command.note, most=_NOTE)
    if not problems and not name_key(command.name):
        problems.append(Problem("name", "Give the body’s name in letters or figures.", hard=True))
    if problems:
        raise Invalid(tuple(problems))
    with changing(desk) as tx:
        same = stored.body_named(tx, name_key(command.name))
        if same is not None and same.id != command.body_id:
            raise Invalid((Problem("name", f"{same.name} is on record already.", hard=True),))
        values = {
            "name": command.name.strip(),
            "name_key": name_key(command.name),
            "addresses": "\n".join(dict.fromkeys(addresses)),
            "note": command.note.strip(),
            "changed_by": desk.user.id,
            "changed_at": desk.clock(),
        }
        if command.body_id is None:
            number = stored.add_body(tx, values)
            _journal(desk, tx, "add_requester", number)
            return number
        if not stored.change_body(tx, command.body_id, command.version, values):
            raise Conflict("Somebody else changed this requester, or took it off the record. Look at it again.")
        _journal(desk, tx, "change_requester", command.body_id)
        return command.body_id


def remove_body(desk: Desk, body_id: int) -> None:
    """Takes a body that was never accredited off the record, with its officers. Raises Refused for another."""
    need_role(desk, *KEEPERS)
    with changing(desk) as tx:
        body = _known(tx, body_id)
        if body.accreditations:
            raise Refused(f"{body.name} was accredited, so it stays on record. End its accreditation instead.")
        stored.remove_body(tx, body_id)
        _journal(desk, tx, "remove_requester", body_id)


def put_officer(desk: Desk, command: PutOfficer) -> int:
    """Puts an officer on record, or changes them; returns the number. Raises Invalid or Refused."""
    need_role(desk, *KEEPERS)
    problems = [*_line("name", command.name, _NAME, "Give the officer’s name.")]
    problems += _line("unit", command.unit, _NAME)
    problems += _line("grade", command.grade, _GRADE)
    email = command.email.strip()
    if email and (address_problem(email) or email.startswith("@") or len(email) > _NAME):
        problems.append(Problem("email", "Give one e-mail address, or leave this empty.", hard=True))
    if not problems and not name_key(command.name):
        problems.append(Problem("name", "Give the officer’s name in letters.", hard=True))
    if problems:
        raise Invalid(tuple(problems))
    with changing(desk) as tx:
        body = _known(tx, command.body_id)
        key = name_key(command.name)
        if any(one.key == key and one.id != command.officer_id for one in body.officers):
            raise Invalid((Problem("name", f"{command.name.strip()} is on record already.", hard=True),))
        if command.officer_id is not None and all(one.id != command.officer_id for one in body.officers):
            raise Refused("This officer is not on record any more.")
        values = {
            "name": command.name.strip(),
            "name_key": key,
            "unit": command.unit.strip(),
            "grade": command.grade.strip(),
            "email": email,
            "countersigns": command.countersigns,
            "left_on": command.left_on,
        }
        number = stored.put_officer(tx, command.body_id, command.officer_id, values)
        action = "add_officer" if command.officer_id is None else "change_officer"
        _journal(desk, tx, action, command.body_id, officer=number)
        return number


def remove_officer(desk: Desk, body_id: int, officer_id: int) -> None:
    """Takes an officer off the record: nothing of them stays but in the requests that they made."""
    need_role(desk, *KEEPERS)
    with changing(desk) as tx:
        stored.remove_officer(tx, body_id, officer_id)
        _journal(desk, tx, "remove_officer", body_id, officer=officer_id)


def accredit(desk: Desk, command: Accredit) -> int:
    """Accredits a body for an agreement; returns the accreditation's number. Raises Invalid or Refused."""
    need_role(desk, *KEEPERS)
    problems = [*_line("reference", command.reference, _GRADE)]
    if not desk.agreements.has(command.agreement_id):
        problems.append(Problem("agreement", "Choose an agreement.", hard=True))
    if command.valid_from is None:
        problems.append(Problem("valid_from", "Give the first day.", hard=True))
    if command.valid_to is None:
        problems.append(Problem("valid_to", "Give the last day: an accreditation always ends.", hard=True))
    elif command.valid_from is not None and command.valid_to < command.valid_from:
        problems.append(Problem("valid_to", "The last day is before the first. Give a later one.", hard=True))
    if problems:
        raise Invalid(tuple(problems))
    with changing(desk) as tx:
        _known(tx, command.body_id)
        number = stored.accredit(
            tx,
            {
                "body_id": command.body_id,
                "agreement_id": command.agreement_id,
                "reference": command.reference.strip(),
                "valid_from": command.valid_from,
                "valid_to": command.valid_to,
                "given_by": desk.user.id,
                "given_at": desk.clock(),
            },
        )
        about = {"agreement": command.agreement_id, "until": str(command.valid_to)}
        _journal(desk, tx, "accredit", command.body_id, accreditation=number, **about)
        return number


def end_accreditation(desk: Desk, command: EndAccreditation) -> None:
    """Ends an accreditation before its time, with a reason. Raises Invalid or Refused."""
    need_role(desk, *KEEPERS)
    problems = [*_line("because", command.because, _NOTE, "Say why it ends.")]
    if command.on is None:
        problems.append(Problem("on", "Give the day from which on it holds no more.", hard=True))
    if problems or command.on is None:
        raise Invalid(tuple(problems))
    with changing(desk) as tx:
        body = _known(tx, command.body_id)
        found = next((one for one in body.accreditations if one.id == command.accreditation_id), None)
        if found is None or found.ended_on is not None:
            raise Refused("This accreditation was ended before.")
        if not found.valid_from <= command.on <= found.valid_to:
            raise Invalid((Problem("on", "Give a day within the time for which it was given.", hard=True),))
        stored.end_accreditation(tx, found.id, command.on, command.because.strip(), desk.user.id)
        about = {"agreement": found.agreement_id, "on": str(command.on)}
        _journal(desk, tx, "end_accreditation", body.id, accreditation=found.id, **about)


def standings_of(desk: Desk, tx: Tx, agreement: Agreement, case: Case) -> tuple[Standing, ...]:
    """What the record says of who asks, by what was submitted; () where the desk keeps no such record."""
    answers = case.submissions[-1].snapshot if case.submissions else case.answers
    if not stored.any_on_record(tx):
        return ()
    body = stored.body_named(tx, name_key(text_of(answers, "requester.body")))
    return standings(agreement, body, answers, case.row.received_on or desk.today())


def doubts(agreement: Agreement, known: Mapping[str, Body], answers: Answers, on: date) -> tuple[Standing, ...]:
    """What is to be asked about a request that is not registered yet. ``known``: by the key of the name."""
    if not known:
        return ()
    body = known.get(name_key(text_of(answers, "requester.body")))
    return tuple(one for one in standings(agreement, body, answers, on) if not one.good)


def known_bodies(tx: Tx) -> dict[str, Body]:
    """Everyone on record by the key of the name."""
    return {one.key: one for one in stored.bodies(tx)}


def _known(tx: Tx, body_id: int) -> Body:
    body = stored.body_of(tx, body_id)
    if body is None:
        raise Refused("This requester is not on record any more.")
    return body


def _line(field: str, text: str, most: int, missing: str = "") -> tuple[Problem, ...]:
    if missing and not text.strip():
        return (Problem(field, missing, hard=True),)
    return tuple(check_text(field, text, most=most, lines=False))


def _journal(desk: Desk, tx: Tx, action: str, body_id: int, **data: Json) -> None:
    """Numbers and dates alone: who the officers are is nobody's in twenty years."""
    said: dict[str, Json] = {"requester": body_id, **data}
    append(tx, at=desk.clock(), actor_id=desk.user.id, action=action, heading=Heading.SYSTEM, data=said)
