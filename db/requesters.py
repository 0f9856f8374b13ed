"""Who may ask: the bodies on record, with their officers and accreditations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from db.records_requesters import Accreditation, Body, Officer
from db.schema_requesters import accreditation, requester_body, requester_officer


def bodies(tx: Connection) -> tuple[Body, ...]:
    """Every body on record with all that belongs to it, by name."""
    return _bodies(tx)


def body_named(tx: Connection, name_key: str) -> Body | None:
    """The body whose name compares like this; None where none is on record."""
    found = _bodies(tx, requester_body.c.name_key == name_key)
    return found[0] if found else None


def body_of(tx: Connection, body_id: int) -> Body | None:
    """A body by its number; None where there is none any more."""
    found = _bodies(tx, requester_body.c.id == body_id)
    return found[0] if found else None


def body_names(tx: Connection) -> dict[str, int]:
    """The number of each body on record, by its name."""
    return {row.name: row.id for row in tx.execute(select(requester_body.c.name, requester_body.c.id))}


def any_on_record(tx: Connection) -> bool:
    """Whether the desk keeps such records at all."""
    return tx.execute(select(requester_body.c.id).limit(1)).first() is not None


def _bodies(tx: Connection, *wanted: ColumnElement[bool]) -> tuple[Body, ...]:
    rows = tx.execute(select(requester_body).where(*wanted).order_by(func.lower(requester_body.c.name))).all()
    ids = [row.id for row in rows]
    every = not wanted
    officers: dict[int, list[Officer]] = defaultdict(list)
    theirs = select(requester_officer).order_by(func.lower(requester_officer.c.name))
    for row in tx.execute(theirs if every else theirs.where(requester_officer.c.body_id.in_(ids))):
        officers[row.body_id].append(
            Officer(row.id, row.name, row.name_key, row.unit, row.grade, row.email, row.countersigns, row.left_on)
        )
    given: dict[int, list[Accreditation]] = defaultdict(list)
    each = select(accreditation).order_by(accreditation.c.valid_to.desc(), accreditation.c.id.desc())
    for row in tx.execute(each if every else each.where(accreditation.c.body_id.in_(ids))):
        given[row.body_id].append(
            Accreditation(
                row.id,
                row.agreement_id,
                row.reference,
                row.valid_from,
                row.valid_to,
                row.ended_on,
                row.ended_because,
            )
        )
    return tuple(
        Body(
            row.id,
            row.name,
            row.name_key,
            tuple(row.addresses.split()),
            row.note,
            row.version,
            tuple(officers[row.id]),
            tuple(given[row.id]),
        )
        for row in rows
    )


def add_body(tx: Connection, values: Mapping[str, Any]) -> int:
    """Puts a body on record; returns its number. RuleKept where one of that name is."""
    return int(tx.execute(insert(requester_body).values(version=1, **values)).lastrowid)


def change_body(tx: Connection, body_id: int, version: int, values: Mapping[str, Any]) -> bool:
    """Changes a body that is still as it was seen; False where it is not."""
    query = update(requester_body).where(requester_body.c.id == body_id, requester_body.c.version == version)
    return tx.execute(query.values(version=version + 1, **values)).rowcount == 1


def remove_body(tx: Connection, body_id: int) -> None:
    """Takes a body off the record with its officers. RuleKept where it was ever accredited."""
    tx.execute(delete(requester_officer).where(requester_officer.c.body_id == body_id))
    tx.execute(delete(requester_body).where(requester_body.c.id == body_id))


def put_officer(tx: Connection, body_id: int, officer_id: int | None, values: Mapping[str, Any]) -> int:
    """Adds an officer, or changes one; returns the number. RuleKept where the body has one of that name."""
    if officer_id is None:
        return int(tx.execute(insert(requester_officer).values(body_id=body_id, **values)).lastrowid)
    chosen = requester_officer.c.id == officer_id, requester_officer.c.body_id == body_id
    tx.execute(update(requester_officer).where(*chosen).values(**values))
    return officer_id


def remove_officer(tx: Connection, body_id: int, officer_id: int) -> None:
    """Takes an officer off the record: nothing of them stays."""
    chosen = requester_officer.c.id == officer_id, requester_officer.c.body_id == body_id
    tx.execute(delete(requester_officer).where(*chosen))


def accredit(tx: Connection, values: Mapping[str, Any]) -> int:
    """Writes that a body may ask under an agreement; returns its number."""
    return int(tx.execute(insert(accreditation).values(ended_because="", **values)).lastrowid)


def end_accreditation(tx: Connection, accreditation_id: int, on: date, because: str, who: int) -> None:
    """Ends one before its time. RuleKept where it was ended before."""
    query = update(accreditation).where(accreditation.c.id == accreditation_id)
    tx.execute(query.values(ended_on=on, ended_because=because, ended_by=who))
