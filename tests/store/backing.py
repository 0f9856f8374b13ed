"""Short ways to back up and restore, and to hold what may not be destroyed."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from db.records import Role
from desktop.casework import backups, restoring
from desktop.casework.holds import DecideRelease, ProposeRelease, decide_release, propose_release
from desktop.casework.restoring import Restore, Restored
from desktop.casework.sample import sample_password
from tests.fixtures import Office
from tests.store.holding import place

NAME = "QXZVMARK"


def backed_up(office: Office, folder: Path) -> Path:
    return backups.back_up(office.desk(Role.ADMINISTRATOR), folder).contents.path


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
