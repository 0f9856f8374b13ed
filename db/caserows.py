"""One line a case: the query that lists share, and what a row of it means."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select

from db.records import CaseRow, Outcome, State
from db.schema import cases, user

_caseworker = user.alias("caseworker")
_changer = user.alias("changer")


def case_rows(*more: ColumnElement[Any]) -> Select[Any]:
    """SELECT of everything that a CaseRow needs, and of `more` columns of the case."""
    return (
        select(cases, _caseworker.c.name.label("caseworker_name"), _changer.c.name.label("changer_name"), *more)
        .join_from(cases, _caseworker, cases.c.caseworker_id == _caseworker.c.id)
        .join(_changer, cases.c.changed_by == _changer.c.id)
    )


def case_row(row: Row[Any]) -> CaseRow:
    """The frozen row for a line of :func:`case_rows`."""
    return CaseRow(
        id=row.id,
        reference=row.reference,
        kind=row.kind,
        agreement_id=row.agreement_id,
        agreement_version=row.agreement_version,
        state=State(row.state),
        outcome=Outcome(row.outcome) if row.outcome else None,
        family_name=row.family_name,
        given_names=row.given_names,
        born=row.born,
        requester=row.requester,
        requester_reference=row.requester_reference,
        received_on=row.received_on,
        due_on=row.due_on,
        provisional=row.provisional,
        expedited=row.expedited,
        caseworker_id=row.caseworker_id,
        caseworker=row.caseworker_name,
        version=row.version,
        changed_at=row.changed_at,
        changed_by=row.changer_name,
        sent_back=row.sent_back,
    )
