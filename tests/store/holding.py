"""Short ways to place holds over invented cases, and to ask what stands over one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from db import holds as stored
from desktop.casework import holds, requests
from desktop.casework.casepage import case_page
from desktop.casework.desk import Desk, Done
from desktop.casework.holds import PlaceHold
from desktop.casework.issuing import Issue, issue
from tests.fixtures import Office, on

WHY = "The inquiry may ask for them."


def reference(office: Office, done: Done) -> str:
    return case_page(office.caseworker, done.case_id).case.row.reference


def place(desk: Desk, **scope: Any) -> int:
    """Places a hold that is reviewed in a year."""
    values = {"authority": "Public inquiry, terms of 3 May", "because": WHY, **scope}
    return holds.place_hold(desk, PlaceHold(**{"review_on": desk.today() + timedelta(days=365), **values})).number


def answered(office: Office, **more: Any) -> Done:
    """A case that was answered, of a person or of a requester."""
    done = office.release(office.traced(office.approve(office.submit(office.register(**more)))))
    return issue(office.caseworker, Issue(**on(done)))


def over(office: Office, done: Done) -> list[int]:
    """The holds over a case, by the condition by which the database keeps it."""
    with office.entry.store.read() as tx:
        return [one.id for one in stored.covering(tx, done.case_id)]


def row_of(desk: Desk, number: int) -> holds.HoldRow:
    return next(one for one in holds.hold_rows(desk) if one.hold.id == number)


def same_person(office: Office, case: Done, other: Done, *, same: bool) -> None:
    command = requests.Link(command_id=str(uuid4()), case_id=case.case_id, other_id=other.case_id, same=same)
    requests.link(office.caseworker, command)
