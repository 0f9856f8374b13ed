"""Notices of correction: to whom one is owed, what it corrects, and how it stands with it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select

from db.journal import canonical
from db.records import Action, Json
from db.schema import cases, disclosure, finding, user
from db.schema_notices import correction, notice, notice_event, notice_excuse, owed_notice

_excuser, _issuer = user.alias("excuser"), user.alias("issuer")


@dataclass(frozen=True, slots=True)
class Given:
    """What was disclosed in one case: item keys, to whom, and when. The recipient of a destroyed case is empty."""

    case_id: int
    items: tuple[str, ...]
    recipient: str
    on: date


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that is owed to one recipient of what was wrong, and what became of it."""

    id: int
    case_id: int
    finding: int
    recipient: str
    content: Mapping[str, Any]
    """As ``desktop.casework.corrections`` wrote it; empty once its case is destroyed."""
    number: int | None = None
    sha256: str = ""
    issued_at: datetime | None = None
    issued_by_name: str = ""
    sent_at: datetime | None = None
    excused: str = ""
    """"impossible" or "disproportionate", where a second person recorded why the recipient is not told."""
    reasons: str = ""
    excused_by_name: str = ""

    @property
    def settled(self) -> bool:
        """Whether it was issued, or need not be."""
        return self.number is not None or bool(self.excused)


@dataclass(frozen=True, slots=True)
class Corrected:
    """That an item of a disclosure was corrected by a notice of another case."""

    case_id: int
    reference: str
    item: str
    number: int
    at: datetime
    content: Mapping[str, Any]


def given_in(tx: Connection, case_ids: Collection[int]) -> tuple[Given, ...]:
    """What was disclosed in these cases, the earliest first."""
    query = (
        select(disclosure)
        .where(disclosure.c.case_id.in_(list(case_ids)))
        .order_by(disclosure.c.disclosed_on, disclosure.c.id)
    )
    return tuple(
        Given(row.case_id, tuple(json.loads(row.items)), row.recipient, row.disclosed_on) for row in tx.execute(query)
    )


def add_owed(
    tx: Connection, case_id: int, finding: int, recipient: str, content: Json, items: Iterable[tuple[int, str]]
) -> int:
    """That a notice is owed for these items (case id and key each); returns its id. Nothing changes it after."""
    done = tx.execute(
        insert(owed_notice).values(case_id=case_id, finding=finding, recipient=recipient, content=canonical(content))
    )
    owed_id = int(done.lastrowid)
    rows = [{"owed_id": owed_id, "concerned_id": one, "item": item} for one, item in sorted(set(items))]
    tx.execute(insert(correction), rows)
    return owed_id


def add_notice(tx: Connection, values: Mapping[str, Any]) -> int:
    """An issued notice; returns its id. Nothing can change it after."""
    return int(tx.execute(insert(notice).values(**values)).lastrowid)


def add_notice_event(tx: Connection, owed_id: int, action: Action, by: int, at: datetime) -> None:
    """That an issued notice was printed, copied or sent."""
    notice_id = tx.execute(select(notice.c.id).where(notice.c.owed_id == owed_id)).scalar_one()
    tx.execute(insert(notice_event).values(notice_id=notice_id, action=action.value, done_by=by, done_at=at))


def add_excuse(tx: Connection, one: Notice, because: str, reasons: str, by: int, at: datetime) -> None:
    """Why a recipient is not told. The database refuses an author of the case."""
    values = {"owed_id": one.id, "case_id": one.case_id, "because": because, "reasons": reasons}
    tx.execute(insert(notice_excuse).values(**values, excused_by=by, excused_at=at))


def notices_of(tx: Connection, case_id: int) -> tuple[Notice, ...]:
    """Every notice that was ever owed in a case, in order."""
    sent = (
        select(notice_event.c.done_at)
        .where(notice_event.c.notice_id == notice.c.id, notice_event.c.action == Action.MARK_SENT.value)
        .order_by(notice_event.c.id)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(
            owed_notice,
            notice.c.number,
            notice.c.sha256,
            notice.c.issued_at,
            _issuer.c.name.label("issuer"),
            sent.label("sent_at"),
            notice_excuse.c.because,
            notice_excuse.c.reasons,
            _excuser.c.name.label("excuser"),
        )
        .join_from(owed_notice, notice, notice.c.owed_id == owed_notice.c.id, isouter=True)
        .join(_issuer, _issuer.c.id == notice.c.issued_by, isouter=True)
        .join(notice_excuse, notice_excuse.c.owed_id == owed_notice.c.id, isouter=True)
        .join(_excuser, _excuser.c.id == notice_excuse.c.excused_by, isouter=True)
        .where(owed_notice.c.case_id == case_id)
        .order_by(owed_notice.c.id)
    )
    return tuple(_notice(row) for row in tx.execute(query))


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        id=row.id,
        case_id=row.case_id,
        finding=row.finding,
        recipient=row.recipient,
        content=json.loads(row.content) if row.content else {},
        number=row.number,
        sha256=row.sha256 or "",
        issued_at=row.issued_at,
        issued_by_name=row.issuer or "",
        sent_at=row.sent_at,
        excused=row.because or "",
        reasons=row.reasons or "",
        excused_by_name=row.excuser or "",
    )


def untold_in(tx: Connection, case_ids: Collection[int]) -> dict[int, int]:
    """Those of these cases whose last outcome leaves recipients neither told nor excused: how many."""
    last = select(func.max(finding.c.number)).where(finding.c.case_id == owed_notice.c.case_id).scalar_subquery()
    query = (
        select(owed_notice.c.case_id, func.count())
        .where(
            owed_notice.c.case_id.in_(list(case_ids)),
            owed_notice.c.finding == last,
            owed_notice.c.id.not_in(select(notice.c.owed_id)),
            owed_notice.c.id.not_in(select(notice_excuse.c.owed_id)),
        )
        .group_by(owed_notice.c.case_id)
    )
    return {row[0]: row[1] for row in tx.execute(query)}


def notice_bytes(tx: Connection, owed_id: int) -> bytes | None:
    """The PDF of an issued notice, or None."""
    return tx.execute(select(notice.c.pdf).where(notice.c.owed_id == owed_id)).scalar()


def concerned_in(tx: Connection, owed_id: int) -> tuple[int, ...]:
    """Ids of the cases that a notice corrects."""
    query = select(correction.c.concerned_id).where(correction.c.owed_id == owed_id).distinct()
    return tuple(sorted(tx.execute(query).scalars()))


def corrected_in(tx: Connection, case_ids: Collection[int]) -> dict[int, tuple[Corrected, ...]]:
    """The issued notices that correct what was disclosed in these cases, in the order of issue."""
    query: Select[Any] = (
        select(
            correction.c.concerned_id,
            correction.c.item,
            owed_notice.c.case_id,
            owed_notice.c.content,
            cases.c.reference,
            notice.c.number,
            notice.c.issued_at,
        )
        .join_from(correction, owed_notice, owed_notice.c.id == correction.c.owed_id)
        .join(notice, notice.c.owed_id == owed_notice.c.id)
        .join(cases, cases.c.id == owed_notice.c.case_id)
        .where(correction.c.concerned_id.in_(list(case_ids)))
        .order_by(notice.c.id, correction.c.item)
    )
    found: dict[int, tuple[Corrected, ...]] = {}
    for row in tx.execute(query):
        content = json.loads(row.content) if row.content else {}
        one = Corrected(row.case_id, row.reference, row.item, row.number, row.issued_at, content)
        found[row.concerned_id] = (*found.get(row.concerned_id, ()), one)
    return found
