"""What was asked about people, and what was given: read from the register itself."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from db.caserows import case_row, case_rows
from db.records import CaseRow
from db.schema import cases, disclosure


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of the register, and what was given on it: item keys and the day, or nothing."""

    row: CaseRow
    items: tuple[str, ...]
    disclosed_on: date | None


def asked_in(tx: Connection, case_ids: Collection[int]) -> tuple[Asked, ...]:
    """These requests, the earliest received first."""
    ids = list(case_ids)
    if not ids:
        return ()
    given = {
        row.case_id: (tuple(json.loads(row.items)), row.disclosed_on)
        for row in tx.execute(select(disclosure).where(disclosure.c.case_id.in_(ids)).order_by(disclosure.c.id))
    }
    query = case_rows().where(cases.c.id.in_(ids)).order_by(cases.c.received_on, cases.c.id)
    rows = [case_row(row) for row in tx.execute(query)]
    return tuple(Asked(row, *given.get(row.id, ((), None))) for row in rows)
