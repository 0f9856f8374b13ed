"""Concerns about a case, and whether its address was let go in spite of them."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, insert, select

from db.persons import others_about
from db.records import Concern
from db.records_requesters import SIDE
from db.schema import answer, cases, decision, user, voiding
from db.schema_safeguards import address_release, concern

_source = cases.alias("source")
_CLOSED = ("issued", "withdrawn", "destroyed")


@dataclass(frozen=True, slots=True)
class Named:
    """A concern that names someone on the requester's side of a case."""

    case_id: int
    who: str
    why: str


def add_concern(
    tx: Connection,
    case_id: int,
    about: str,
    by: int,
    at: datetime,
    *,
    who: str = "",
    why: str = "",
    from_case: int | None = None,
) -> None:
    """Keeps a concern. Nothing changes it after."""
    values = {"case_id": case_id, "about": about, "from_case": from_case, "who": who, "why": why}
    tx.execute(insert(concern).values(**values, raised_by=by, raised_at=at))


def concerns_of(tx: Connection, case_id: int) -> tuple[Concern, ...]:
    """The concerns about a case, in the order in which they were raised."""
    query = (
        select(concern, user.c.name, _source.c.reference)
        .join_from(concern, user, user.c.id == concern.c.raised_by)
        .join(_source, _source.c.id == concern.c.from_case, isouter=True)
        .where(concern.c.case_id == case_id)
        .order_by(concern.c.id)
    )
    return tuple(
        Concern(row.about, row.who, row.why, row.name, row.raised_at, row.reference or "") for row in tx.execute(query)
    )


def concerned(tx: Connection, ids: Collection[int]) -> frozenset[int]:
    """Those of these cases about which a concern stands."""
    return frozenset(tx.execute(select(concern.c.case_id).where(concern.c.case_id.in_(list(ids)))).scalars())


def in_danger(tx: Connection, case_id: int) -> bool:
    """Whether another case about the same person has a concern about that person."""
    others = others_about(tx, case_id)
    return bool(others) and bool(about_person(tx, others))


def about_person(tx: Connection, ids: Collection[int]) -> frozenset[int]:
    """Those of these cases with a concern about their own person: not one that came with who asks."""
    query = select(concern.c.case_id).where(concern.c.case_id.in_(list(ids)), concern.c.about != "elsewhere")
    return frozenset(tx.execute(query).scalars())


def open_and_submitted(tx: Connection, ids: Collection[int]) -> tuple[int, ...]:
    """Those of these cases that were put before a reviewer and are not closed."""
    still = cases.c.state.not_in(_CLOSED)
    query = select(cases.c.id).where(cases.c.id.in_(list(ids)), cases.c.submission > 0, still).order_by(cases.c.id)
    return tuple(tx.execute(query).scalars())


def submitted_with_concern(tx: Connection) -> tuple[int, ...]:
    """Ids of the submitted cases that a reviewer has still to put before the guardian."""
    query = (
        select(cases.c.id)
        .where(cases.c.state == "submitted", cases.c.id.in_(select(concern.c.case_id)))
        .order_by(cases.c.due_on.is_(None), cases.c.due_on, cases.c.id)
    )
    return tuple(tx.execute(query).scalars())


def named_elsewhere(tx: Connection, but: int) -> tuple[Named, ...]:
    """Every concern of other cases that names someone on a requester's side, until it is destroyed with its case."""
    query = select(concern).where(concern.c.about == "requester", concern.c.case_id != but).order_by(concern.c.id)
    return tuple(Named(row.case_id, row.who, row.why) for row in tx.execute(query) if row.who or row.why)


def brought_from(tx: Connection, case_id: int) -> frozenset[int]:
    """The cases whose concerns were brought to this one already."""
    query = select(concern.c.from_case).where(concern.c.case_id == case_id, concern.c.from_case.is_not(None))
    return frozenset(tx.execute(query).scalars())


def sides_of_open_cases(tx: Connection, but: int) -> dict[int, dict[str, object]]:
    """For each case that is not closed, who asks as its answers have it: under the keys of ``SIDE``."""
    return _sides(tx, select(cases.c.id).where(cases.c.state.not_in(_CLOSED), cases.c.id != but))


def sides_that_are_named(tx: Connection, but: int) -> dict[int, dict[str, object]]:
    """The same for the cases of ``named_elsewhere``."""
    return _sides(tx, select(concern.c.case_id).where(concern.c.about == "requester", concern.c.case_id != but))


def _sides(tx: Connection, ids: Select[tuple[int]]) -> dict[int, dict[str, object]]:
    query = select(answer.c.case_id, answer.c.field, answer.c.value).where(
        answer.c.field.in_(SIDE), answer.c.case_id.in_(ids)
    )
    found: dict[int, dict[str, object]] = {}
    for row in tx.execute(query):
        # A destroyed case's answers are empty.
        found.setdefault(row.case_id, {})[row.field] = json.loads(row.value or "null")
    return found


def add_address_release(tx: Connection, decision_id: int, case_id: int, by: int, at: datetime) -> None:
    """That the guardian, by this approval, lets an address go. The database refuses anyone else."""
    values = {"decision_id": decision_id, "case_id": case_id, "released_by": by, "released_at": at}
    tx.execute(insert(address_release).values(**values))


def address_let_go(tx: Connection, case_id: int) -> bool:
    """Whether an approval that stands, of what was last submitted, lets the address go."""
    query = (
        select(decision.c.id)
        .join_from(address_release, decision, decision.c.id == address_release.c.decision_id)
        .join(cases, (cases.c.id == decision.c.case_id) & (cases.c.submission == decision.c.submission))
        .join(voiding, voiding.c.decision_id == decision.c.id, isouter=True)
        .where(address_release.c.case_id == case_id, voiding.c.decision_id.is_(None))
    )
    return tx.execute(query).first() is not None
