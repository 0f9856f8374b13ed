"""Short ways to back up and restore, and to hold what may not be destroyed."""

from __future__ import annotations

import secrets
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text

from db import erasures
from db.records import Relation, Role
from desktop.casework import backups, links, restoring
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done
from desktop.casework.holds import DecideRelease, ProposeRelease, decide_release, propose_release
from desktop.casework.restoring import Restore, Restored
from desktop.casework.sample import sample_password
from desktop.security.keys import make_recovery
from tests.fixtures import KEY, Office
from tests.store.holding import place

NAME = "QXZVMARK"


def hash_of(reference: str, key: bytes) -> str:
    """What stands for a case in the erasure list of a store with this key."""
    (found,) = erasures.hashes_of(reference, [erasures.case_key(key)])
    return found


def backed_up(office: Office, folder: Path) -> Path:
    return backups.back_up(office.desk(Role.ADMINISTRATOR), folder).contents.path


def sheet_of(office: Office) -> str:
    """The recovery key of the office's store, as it was printed."""
    return make_recovery(office.entry.store.path.parent, KEY, secrets.token_bytes)


def restored(office: Office, file: Path) -> Restored:
    second = office.guardian.user.username
    command = Restore(file=file, second=second, password=sample_password())
    return restoring.restore(office.desk(Role.ADMINISTRATOR), command)


def held(office: Office, case_id: int) -> int:
    """Places a hold on a case."""
    with office.entry.store.read() as tx:
        query = text("SELECT reference FROM cases WHERE id = :id")
        reference = tx.execute(query, {"id": case_id}).scalar_one()
    return place(office.officers[0], case=reference)


def released(office: Office, hold: int) -> None:
    """Two records officers release a hold."""
    first, second = office.officers
    propose_release(first, ProposeRelease(hold_id=hold, because="It is over."))
    decide_release(second, DecideRelease(hold_id=hold, release=True, because="It is over."))


def count(office: Office, sql: str) -> int:
    with office.entry.store.read() as tx:
        return int(tx.execute(text(sql)).scalar_one())


def linked(office: Office, case: Done, earlier: Done) -> None:
    """Links a case to the one that it follows up."""
    reference = case_page(office.caseworker, earlier.case_id).case.row.reference
    command = links.LinkCases(
        command_id=str(uuid4()), case_id=case.case_id, reference=reference, kind=Relation.FOLLOW_UP
    )
    links.link_cases(office.caseworker, command)
