"""Short ways to back up and restore, and to hold what may not be destroyed."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from db.records import Role
from desktop.casework import backups, restoring
from desktop.casework.restoring import Restore, Restored
from desktop.casework.sample import sample_password
from tests.fixtures import Office
from tests.store.disposing import moment

NAME = "QXZVMARK"


def backed_up(office: Office, folder: Path) -> Path:
    return backups.back_up(office.desk(Role.ADMINISTRATOR), folder).contents.path


def restored(office: Office, file: Path) -> Restored:
    second = office.guardian.user.username
    command = Restore(file=file, second=second, password=sample_password())
    return restoring.restore(office.desk(Role.ADMINISTRATOR), command)


def held(office: Office, case_id: int | None, because: str = "An inquiry asks for them.") -> int:
    """A hold on a case, or on every case of tracing."""
    with office.entry.store.write() as tx:
        row = {"case": case_id, "by": office.officers[0].user.id, "at": moment(office), "why": because}
        agreement = None if case_id else "law-enforcement-tracing"
        sql = (
            "INSERT INTO hold (case_id, agreement_id, authority, because, review_on, placed_by, placed_at)"
            " VALUES (:case, :agreement, 'Inquiries Act 2005', :why, '2030-01-01', :by, :at)"
        )
        return int(tx.execute(text(sql), row | {"agreement": agreement}).lastrowid or 0)


def stepped(office: Office, hold: int, step: str, officer: int) -> None:
    with office.entry.store.write() as tx:
        row = {"hold": hold, "step": step, "by": office.officers[officer].user.id, "at": moment(office)}
        sql = (
            "INSERT INTO hold_step (hold_id, step, because, taken_by, taken_at)"
            " VALUES (:hold, :step, 'It is over.', :by, :at)"
        )
        tx.execute(text(sql), row)


def count(office: Office, sql: str) -> int:
    with office.entry.store.read() as tx:
        return int(tx.execute(text(sql)).scalar_one())
