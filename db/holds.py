"""Holds: what may not be destroyed, what each of them covers now, and the steps towards the release of one."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, exists, insert, select, text

from db.engine import folded
from db.errors import RuleKept
from db.migrations.conditions_0044 import person, stands_over
from db.migrations.guards_person import rests_on_link, rests_on_number
from db.records import State
from db.schema import cases, user
from db.schema_disposal import hold, hold_step

ACTIONS = {"propose": "propose_release_of_hold", "release": "release_hold", "keep": "keep_hold"}
"""What the journal calls each step towards the release of a hold."""
_case, _person = cases.alias("of_case"), cases.alias("of_person")
_CLOSED = (State.ISSUED.value, State.WITHDRAWN.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a hold covers: the cases, also future ones, for which every part holds that is given; None for any.

    ``person_of``: the cases about the person of that case. With it, or with a case, there are no other parts.
    ``requester``: a body, as the register names it.
    """

    case_id: int | None = None
    person_of: int | None = None
    agreement_id: str | None = None
    requester: str | None = None
    received_from: date | None = None
    received_to: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step towards the release of a hold: ``step`` is "propose", "release" or "keep"."""

    step: str
    because: str
    by_id: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold, with the references of the cases that its scope names ("" for none) and its steps in order."""

    id: int
    scope: Scope
    case_reference: str
    person_reference: str
    authority: str
    because: str
    review_on: date
    placed_by: str
    placed_at: datetime
    steps: tuple[Step, ...]

    @property
    def standing(self) -> str:
        """ "stands", "proposed" (its release waits for another person) or "released"."""
        last = self.steps[-1].step if self.steps else ""
        return {"propose": "proposed", "release": "released"}.get(last, "stands")


@dataclass(frozen=True, slots=True)
class Covered:
    """How many cases that are not destroyed a scope covers now."""

    closed: int
    open: int


def add_hold(tx: Connection, scope: Scope, values: Mapping[str, Any]) -> None:
    """Places a hold under its number. RuleKept without an officer, an authority or a reason, and where the journal does
    not say it right before, or where the table does not keep it.
    """
    parts = {name: getattr(scope, name) for name in scope.__slots__}
    tx.execute(insert(hold).values(**parts, **values))
    if hold_of(tx, values["id"]) is None:
        raise RuleKept("the hold was not kept")


def add_step(tx: Connection, values: Mapping[str, Any]) -> None:
    """A step towards a release. RuleKept out of turn, and for one person who proposes and decides."""
    tx.execute(insert(hold_step).values(**values))


def holds(tx: Connection) -> tuple[Hold, ...]:
    """Every hold that was ever placed, in the order in which they were."""
    return _holds(tx, None)


def hold_of(tx: Connection, hold_id: int) -> Hold | None:
    """One hold; None where there is none of that number."""
    return next(iter(_holds(tx, [hold_id])), None)


def covering(tx: Connection, case_id: int) -> tuple[Hold, ...]:
    """The holds that stand over a case, by the very condition by which the database keeps it."""
    query = f"SELECT hold.id FROM hold JOIN cases ON cases.id = :case_id WHERE {stands_over('cases')}"
    found = tx.execute(text(query), {"case_id": case_id}).scalars().all()
    return _holds(tx, found) if found else ()


def held_among(tx: Connection, ids: Sequence[int]) -> set[int]:
    """Those of these cases over which a hold stands: ``conditions_0044.stands_over`` for many cases at once, from the
    holds to the cases.
    """
    scopes = [one.scope for one in holds(tx) if one.standing != "released"]
    found: set[int] = set()
    of_bodies = []
    for scope in scopes:
        if scope.case_id is None and scope.person_of is None:
            of_bodies.append(_Body.of(scope))
        else:
            where, values = _where(scope)
            found.update(tx.execute(text(f"SELECT id FROM cases WHERE {where}"), values).scalars())
    if of_bodies:
        asked = tx.execute(text(_ASKED), {"ids": json.dumps(ids)})
        key = cache(folded)
        for case_id, agreement_id, requester, on in asked:
            if any(one.asked(agreement_id, key(requester), on) for one in of_bodies):
                found.add(case_id)
    return found.intersection(ids)


class _Body(NamedTuple):
    """A scope that names no case: who asked, under what, and when."""

    agreement_id: str | None
    requester: str | None
    """As names are compared."""
    since: str
    until: str

    @classmethod
    def of(cls, scope: Scope) -> _Body:
        """A scope's."""
        since = scope.received_from.isoformat() if scope.received_from else ""
        until = (scope.received_to or date.max).isoformat()
        return cls(scope.agreement_id, folded(scope.requester), since, until)

    def asked(self, agreement_id: str, requester: str | None, on: str) -> bool:
        """Whether it covers such a case; `requester` as names are compared."""
        return (
            self.agreement_id in (None, agreement_id)
            and self.requester in (None, requester)
            and self.since <= on <= self.until
        )


def numbers_kept(tx: Connection, case_id: int) -> set[tuple[str, str]]:
    """The numbers of a case, as (kind, value), by which holds that stand reach their cases."""
    query = f"SELECT kind, value FROM identifier AS number WHERE case_id = :case_id AND {rests_on_number('number')}"
    return {(row.kind, row.value) for row in tx.execute(text(query), {"case_id": case_id})}


def link_kept(tx: Connection, one: int, other: int) -> bool:
    """Whether a hold that stands rests on these two cases being about one person, as somebody said."""
    first, second = sorted((one, other))
    query = (
        f"SELECT 1 FROM link WHERE case_id = :first AND other_id = :second AND same_person AND {rests_on_link('link')}"
    )
    return tx.execute(text(query), {"first": first, "second": second}).first() is not None


def covered(tx: Connection, scope: Scope) -> Covered:
    """How many cases a scope covers now."""
    where, values = _where(scope)
    query = f"SELECT state, COUNT(*) AS many FROM cases WHERE {where} GROUP BY state"
    found: Counter[bool] = Counter()
    for row in tx.execute(text(query), values):
        if row.state != State.DESTROYED.value:
            found[row.state in _CLOSED] += row.many
    return Covered(found[True], found[False])


def references(tx: Connection, scope: Scope, most: int = -1) -> tuple[str, ...]:
    """The references of the oldest cases that a scope covers, or of all of them."""
    where, values = _where(scope)
    query = f"SELECT reference FROM cases WHERE {where} AND state <> 'destroyed' ORDER BY id LIMIT :most"
    return tuple(tx.execute(text(query), {**values, "most": most}).scalars())


def bodies_under(tx: Connection, agreement_ids: Collection[str]) -> tuple[str, ...]:
    """Whoever asked under these agreements, by name."""
    # The names are read from their index; of each, one case under these agreements is enough.
    names = select(cases.c.requester).where(cases.c.requester != "").distinct().subquery()
    asked = cases.c.requester == names.c.requester, cases.c.agreement_id.in_(agreement_ids)
    query = select(names.c.requester).where(exists().where(*asked)).order_by(names.c.requester)
    return tuple(tx.execute(query).scalars())


def asked_under(tx: Connection, requester: str, agreement_ids: Collection[str]) -> bool | None:
    """Whether somebody of this name asked under one of these agreements; None where nobody of it ever asked."""
    named = cases.c.id.in_(text(f"({_NAMED})").bindparams(requester=requester))
    if tx.execute(select(cases.c.id).where(named).limit(1)).first() is None:
        return None
    return (
        tx.execute(select(cases.c.id).where(named, cases.c.agreement_id.in_(agreement_ids)).limit(1)).first()
        is not None
    )


_ASKED = (
    # Whoever took a case's day away takes it out of no hold that asks for none.
    "SELECT cases.id, agreement_id, requester, COALESCE(received_on, '') FROM json_each(:ids) AS one"
    " JOIN cases ON cases.id = one.value"
)
# Each name is folded once, and not for every case that has it.
_NAMED = (
    "SELECT named.id FROM cases AS named WHERE named.requester IN (WITH names AS MATERIALIZED"
    " (SELECT DISTINCT requester FROM cases) SELECT requester FROM names WHERE folded(requester) = folded(:requester))"
)
_WITHIN = "SELECT id FROM cases AS asked WHERE asked.received_on BETWEEN :received_from AND :received_to"


def _where(scope: Scope) -> tuple[str, dict[str, Any]]:
    """``conditions_0044.stands_over`` as a search: SQL and its values for the cases of a scope that has parts.

    Each part is read from an index alone: "+" keeps SQLite from reading the long row of each case that one finds.
    """
    tests: list[str] = []
    values: dict[str, Any] = {}
    if scope.case_id is not None:
        tests.append("cases.id = :case_id")
        values["case_id"] = scope.case_id
    if scope.person_of is not None:
        tests.append(f"cases.id IN ({person(':person_of')})")
        values["person_of"] = scope.person_of
    if scope.agreement_id is not None:
        tests.append("+cases.id IN (SELECT id FROM cases AS made WHERE made.agreement_id = :agreement_id)")
        values["agreement_id"] = scope.agreement_id
    if scope.requester is not None:
        tests.append(f"+cases.id IN ({_NAMED})")
        values["requester"] = scope.requester
    if scope.received_from is not None or scope.received_to is not None:
        tests.append(f"+cases.id IN ({_WITHIN})")
        values["received_from"] = (scope.received_from or date.min).isoformat()
        values["received_to"] = (scope.received_to or date.max).isoformat()
    return " AND ".join(tests), values


def _holds(tx: Connection, ids: Collection[int] | None) -> tuple[Hold, ...]:
    query = (
        select(hold, user.c.name, _case.c.reference.label("of_case"), _person.c.reference.label("of_person"))
        .join_from(hold, user, user.c.id == hold.c.placed_by)
        .join(_case, _case.c.id == hold.c.case_id, isouter=True)
        .join(_person, _person.c.id == hold.c.person_of, isouter=True)
        .order_by(hold.c.id)
    )
    taken = select(hold_step, user.c.name).join_from(hold_step, user, user.c.id == hold_step.c.taken_by)
    if ids is not None:
        query, taken = query.where(hold.c.id.in_(ids)), taken.where(hold_step.c.hold_id.in_(ids))
    steps: dict[int, list[Step]] = defaultdict(list)
    for one in tx.execute(taken.order_by(hold_step.c.id)):
        steps[one.hold_id].append(Step(one.step, one.because, one.taken_by, one.name, one.taken_at))
    return tuple(_hold(row, steps[row.id]) for row in tx.execute(query))


def _hold(row: Any, steps: Iterable[Step]) -> Hold:
    return Hold(
        row.id,
        Scope(**{name: getattr(row, name) for name in Scope.__slots__}),
        row.of_case or "",
        row.of_person or "",
        row.authority,
        row.because,
        row.review_on,
        row.name,
        row.placed_at,
        tuple(steps),
    )
