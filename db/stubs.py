"""What the store still knows of a destroyed case: how it went, and when it was closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select, text

from db.schema import cases


@dataclass(frozen=True, slots=True)
class Ended:
    """How a case was destroyed: in which run, by which rule, who let it go and who carried it out."""

    run_id: int
    due_on: date
    rule: str
    proposed_by: str
    approved_by: str
    by: str
    at: datetime
    certificate: int | None
    transfer_to: str
    """To whom it was handed over before it went; "" for nobody."""
    package: str
    """The SHA-256 of the package in which it was."""


def ended(tx: Connection, case_id: int) -> Ended | None:
    """How a destroyed case went; None where a backup brought it back, it was emptied again, and its run is gone."""
    query = text(
        "SELECT item.run_id, item.due_on, item.rule, proposer.name AS proposed, approver.name AS approved,"
        " officer.name AS officer, result.done_at, certificate.number, transfer.recipient, package.sha256"
        " FROM disposal_result AS result"
        " JOIN disposal_item AS item ON item.run_id = result.run_id AND item.case_id = result.case_id"
        " JOIN disposal_run AS run ON run.id = item.run_id JOIN user AS proposer ON proposer.id = run.proposed_by"
        " JOIN disposal_verdict AS verdict ON verdict.run_id = run.id"
        " JOIN user AS approver ON approver.id = verdict.decided_by JOIN user AS officer ON officer.id = result.done_by"
        " LEFT JOIN destruction_certificate AS certificate ON certificate.run_id = run.id"
        " LEFT JOIN disposal_transfer AS transfer ON transfer.run_id = run.id"
        " LEFT JOIN transfer_package AS package ON package.run_id = run.id AND package.case_id = result.case_id"
        " WHERE result.case_id = :id AND result.destroyed"
    )
    row = tx.execute(query, {"id": case_id}).first()
    if row is None:
        return None
    due_on, at = date.fromisoformat(row.due_on), datetime.fromisoformat(row.done_at)
    to, package = row.recipient or "", row.sha256 or ""
    return Ended(row.run_id, due_on, row.rule, row.proposed, row.approved, row.officer, at, row.number, to, package)


def closed_on(tx: Connection, case_id: int) -> date | None:
    """The day on which a case was closed."""
    return tx.execute(select(cases.c.closed_on).where(cases.c.id == case_id)).scalar()
