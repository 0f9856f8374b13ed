"""Why a request was withdrawn, reopened or taken off hold, for those who see the case as long as it is kept."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, insert, select

from db.casereads import salt_of
from db.journal import commitment
from db.schema import cases, journal
from db.schema_reasons import given_reason

_GIVEN = ("withdraw", "reopen", "take_off_hold")
_BOUND = func.json_extract(journal.c.data, "$.bound.reasons")


def give(tx: Connection, case_id: int, reasons: str) -> None:
    """Keeps the reasons of the last of these actions on a case, which the journal says already."""
    last = select(func.max(journal.c.seq)).where(journal.c.case_id == case_id, journal.c.action.in_(_GIVEN))
    entry = tx.execute(last).scalar_one()
    tx.execute(insert(given_reason).values(entry=entry, case_id=case_id, reasons=reasons))


def of_case(tx: Connection, case_id: int) -> dict[int, str]:
    """The reasons given on a case, by the number of the journal's entry; none once it is destroyed."""
    query = select(given_reason.c.entry, given_reason.c.reasons).where(given_reason.c.case_id == case_id)
    return {row.entry: row.reasons for row in tx.execute(query) if row.reasons}


def changed(tx: Connection) -> Iterator[str]:
    """The references of cases of which the journal is bound to other reasons than are there, for whoever checks."""
    query = (
        select(cases.c.reference, given_reason.c.case_id, given_reason.c.reasons, _BOUND.label("bound"))
        .select_from(given_reason)
        .join(cases, cases.c.id == given_reason.c.case_id)
        .join(journal, journal.c.seq == given_reason.c.entry, isouter=True)
        .where(cases.c.state != "destroyed")
        .order_by(given_reason.c.entry)
    )
    for row in tx.execute(query).all():
        if row.bound != commitment(salt_of(tx, row.case_id), "reasons", row.reasons):
            yield row.reference
