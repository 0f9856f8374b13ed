"""What lists show: the register, my work, the queue, timers and earlier requests. Frozen rows, never live objects."""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, or_, select

from db.bulk import select_ids
from db.casereads import links_of, told_of_people
from db.caserows import case_row, case_rows
from db.records import Answers, CaseRow, Outcome, State
from db.records_views import RegisterFilter, Sort
from db.schema import case_author, cases, decision, finding_review, identifier, user
from db.search import matching

_WHOLE_DATE = len("1984-06-30")
CLOSED = (State.ISSUED, State.WITHDRAWN, State.DESTROYED)


@dataclass(frozen=True, slots=True)
class EarlierRequest:
    """An earlier case that may be about the same person, with what to compare."""

    case_id: int
    answers: Answers
    """Those about the person."""
    same_person: bool | None
    """What someone decided: the same, someone else, or None for not yet."""


def register_ids(
    tx: Connection,
    wanted: RegisterFilter,
    most: int | None = None,
    among: Sequence[int] | None = None,
    without: Sequence[int] = (),
) -> array[int]:
    """The ids of every case that the filter admits, in its order. ``most``: of so many alone, the first, unless all are
    found as soon. ``among``: of these alone. ``without``: of all but these.
    """
    query = register_query(wanted)
    if among is not None:
        query = query.where(cases.c.id.in_(_listed(among)))
    if without:
        query = query.where(cases.c.id.not_in(_listed(without)))
    return select_ids(tx, query, most)


def _listed(ids: Sequence[int]) -> Select[tuple[int]]:
    listed = func.json_each(json.dumps(list(ids))).table_valued("value")
    return select(listed.c.value)


_ORDERS: dict[str, tuple[ColumnElement[Any], ...]] = {
    Sort.REFERENCE: (),
    # The most urgent first.
    Sort.STATE: (cases.c.state, cases.c.due_on),
    Sort.FAMILY_NAME: (func.folded(cases.c.family_name), func.folded(cases.c.given_names)),
    Sort.REQUESTER: (func.folded(cases.c.requester),),
}
"""What a list is put in order by, where it is not the column alone: as an index has it, so that nothing is sorted."""


def register_query(wanted: RegisterFilter) -> Select[tuple[int]]:
    """The query of the ids of the cases that the filter admits, in its order."""
    tests: list[ColumnElement[bool]] = []
    if wanted.text.strip():
        tests.append(cases.c.id.in_(matching(wanted.text)))
    if wanted.agreement_id:
        tests.append(cases.c.agreement_id == wanted.agreement_id)
    if wanted.requester:
        tests.append(cases.c.requester == wanted.requester)
    if wanted.state is not None:
        tests.append(cases.c.state == wanted.state.value)
    if wanted.open_only:
        tests.append(cases.c.state.in_([state.value for state in State if state not in CLOSED]))
    if wanted.outcome is not None:
        tests.append(cases.c.outcome == wanted.outcome.value)
    if wanted.due_from is not None:
        tests.append(cases.c.due_on >= wanted.due_from)
    if wanted.due_to is not None:
        tests.append(cases.c.due_on <= wanted.due_to)
    if wanted.due_from is not None or wanted.due_to is not None:
        # While a clock is stopped nothing is due.
        tests.append(cases.c.state != State.RETURNED.value)
    if wanted.sort not in tuple(Sort):
        raise ValueError(f"the register does not sort by {wanted.sort}")
    first = _ORDERS.get(wanted.sort, (cases.c[wanted.sort],))
    order = [one.desc() if wanted.descending else one.asc() for one in (*first, cases.c.id)]
    return select(cases.c.id).where(*tests).order_by(*order)


def kinds(tx: Connection) -> tuple[tuple[str, str], ...]:
    """Under which agreements cases of which kinds are that are not destroyed."""
    query = select(cases.c.agreement_id, cases.c.kind).where(cases.c.state != State.DESTROYED.value).distinct()
    return tuple((row.agreement_id, row.kind) for row in tx.execute(query))


def rows_of(tx: Connection, ids: Sequence[int]) -> tuple[CaseRow, ...]:
    """The rows of these cases, in the order given; ids that are gone are left out."""
    found = {row.id: case_row(row) for row in tx.execute(case_rows().where(cases.c.id.in_(list(ids))))}
    return tuple(found[one] for one in ids if one in found)


def id_of(tx: Connection, reference: str) -> int | None:
    """The id of the case with this reference, or None."""
    return tx.execute(select(cases.c.id).where(cases.c.reference == reference)).scalar()


def totals(tx: Connection) -> tuple[int, date | None]:
    """How many cases there are, and the earliest date received."""
    # One after the other: each is answered from an index, and both together from every row.
    count = tx.execute(select(func.count()).select_from(cases)).scalar_one()
    return int(count), tx.execute(select(func.min(cases.c.received_on))).scalar()


def requesters(tx: Connection, limit: int = 200) -> tuple[str, ...]:
    """The bodies that have asked, in order of their names."""
    bodies = select(cases.c.requester).where(cases.c.requester != "").distinct().subquery()
    query = select(bodies.c.requester).order_by(func.folded(bodies.c.requester), bodies.c.requester).limit(limit)
    return tuple(tx.execute(query).scalars())


def open_cases_of(
    tx: Connection, caseworker_id: int, states: Collection[State], limit: int | None
) -> tuple[CaseRow, ...]:
    """A caseworker's open cases in these states, the most urgent first; `limit` None for all."""
    urgent = cases.c.due_on.is_(None), cases.c.due_on, cases.c.id
    # Which they are is read from the index alone; a whole row is read only of these.
    first = (
        select(cases.c.id)
        .where(cases.c.caseworker_id == caseworker_id, cases.c.state.in_([state.value for state in states]))
        .order_by(*urgent)
        .limit(limit)
    )
    query = case_rows().where(cases.c.id.in_(first)).order_by(*urgent)
    return tuple(case_row(row) for row in tx.execute(query))


def open_by_date(
    tx: Connection, caseworker_id: int, states: Collection[State]
) -> tuple[tuple[State, date | None, int], ...]:
    """How many of a caseworker's cases in these states are due on each day: state, day or None, how many."""
    query = (
        select(cases.c.state, cases.c.due_on, func.count().label("many"))
        .where(cases.c.caseworker_id == caseworker_id, cases.c.state.in_([state.value for state in states]))
        .group_by(cases.c.state, cases.c.due_on)
    )
    return tuple((State(row.state), row.due_on, row.many) for row in tx.execute(query))


def count_in(tx: Connection, states: Collection[State]) -> int:
    """How many cases are in these states."""
    query = select(func.count()).select_from(cases).where(cases.c.state.in_([state.value for state in states]))
    return int(tx.execute(query).scalar_one())


def taken_on(tx: Connection, agreement_id: str, requester_kind: str, year: int, but: int = 0) -> array[int]:
    """The requests of one kind of requester, received in a year, that were approved and stand; ``but`` is left out."""
    stand = (State.APPROVED, State.RECORDED, State.RELEASED, State.ISSUED, State.DESTROYED)
    without = (Outcome.REFUSED.value, Outcome.REJECTED.value, Outcome.WITHDRAWN.value)
    query = (
        select(cases.c.id)
        .where(
            cases.c.agreement_id == agreement_id,
            cases.c.requester_kind == requester_kind,
            cases.c.received_on.between(date(year, 1, 1), date(year, 12, 31)),
            cases.c.state.in_([state.value for state in stand]),
            or_(cases.c.outcome.is_(None), cases.c.outcome.not_in(without)),
            cases.c.id != but,
        )
        .order_by(cases.c.id)
    )
    return array("q", tx.execute(query).scalars())


def waiting(tx: Connection, states: Collection[State], limit: int) -> tuple[CaseRow, ...]:
    """Cases that wait in these states: expedited ones first, then by due date."""
    disclosing = (Outcome.TRACED.value, Outcome.STATUS.value)
    query = (
        case_rows()
        .where(
            cases.c.state.in_([state.value for state in states]),
            or_(cases.c.state != State.RECORDED.value, cases.c.outcome.in_(disclosing)),
        )
        .order_by(cases.c.expedited.desc(), cases.c.due_on.is_(None), cases.c.due_on, cases.c.id)
        .limit(limit)
    )
    return tuple(case_row(row) for row in tx.execute(query))


def steps_by_others(
    tx: Connection, caseworker_id: int, since: datetime, limit: int
) -> tuple[tuple[int, str, str, str, datetime], ...]:
    """The last decisions and releases on a caseworker's cases after a moment: case id, reference, action, by whom, and
    when. Reads all that was decided since.
    """
    # From the newest step backwards, whoever has how many cases: a sum is in no index.
    mine = cases.c.caseworker_id + 0 == caseworker_id
    made = (
        select(cases.c.id, cases.c.reference, decision.c.action, user.c.name, decision.c.decided_at.label("at"))
        .join_from(decision, cases, cases.c.id == decision.c.case_id)
        .join(user, user.c.id == decision.c.decided_by)
        .where(mine, decision.c.decided_at > since)
    )
    reviewed = (
        select(
            cases.c.id,
            cases.c.reference,
            finding_review.c.action,
            user.c.name,
            finding_review.c.reviewed_at.label("at"),
        )
        .join_from(finding_review, cases, cases.c.id == finding_review.c.case_id)
        .join(user, user.c.id == finding_review.c.reviewed_by)
        .where(mine, finding_review.c.reviewed_at > since)
    )
    rows = [
        *tx.execute(made.order_by(decision.c.decided_at.desc(), decision.c.id.desc()).limit(limit)),
        *tx.execute(reviewed.order_by(finding_review.c.reviewed_at.desc(), finding_review.c.id.desc()).limit(limit)),
    ]
    rows.sort(key=lambda row: row.at, reverse=True)
    return tuple((row.id, row.reference, row.action, row.name, row.at) for row in rows[:limit])


def last_steps(tx: Connection, ids: Collection[int]) -> dict[int, tuple[str, str, datetime]]:
    """For each case, its last decision or release: the action, by whom, and when."""
    made = (
        select(decision.c.case_id, decision.c.action, user.c.name, decision.c.decided_at.label("at"))
        .join_from(decision, user, user.c.id == decision.c.decided_by)
        .where(decision.c.case_id.in_(list(ids)))
    )
    reviewed = (
        select(finding_review.c.case_id, finding_review.c.action, user.c.name, finding_review.c.reviewed_at.label("at"))
        .join_from(finding_review, user, user.c.id == finding_review.c.reviewed_by)
        .where(finding_review.c.case_id.in_(list(ids)))
    )
    found: dict[int, tuple[str, str, datetime]] = {}
    for row in [*tx.execute(made.order_by(decision.c.id)), *tx.execute(reviewed.order_by(finding_review.c.id))]:
        if row.case_id not in found or found[row.case_id][2] <= row.at:
            found[row.case_id] = (row.action, row.name, row.at)
    return found


def sharing_identifiers(
    tx: Connection, case_id: int, pairs: Collection[tuple[str, str]], limit: int
) -> tuple[EarlierRequest, ...]:
    """Other cases that share an identifier with these (kind, value) pairs, or have the same whole date of birth, the
    latest first. Of too many, those that share more than a family name, then those with the same year of birth: a
    common name hides nobody.
    """
    if not pairs:
        return ()
    same = or_(*(and_(identifier.c.kind == kind, identifier.c.value == value) for kind, value in pairs))
    born = tx.execute(select(cases.c.born).where(cases.c.id == case_id)).scalar_one()
    sharing = select(identifier.c.case_id, (identifier.c.kind != "name").label("strong")).where(same)
    alike = select(cases.c.id, literal(True)).where(cases.c.born == born, func.length(cases.c.born) == _WHOLE_DATE)
    found = sharing.union_all(alike).subquery()
    nearest = (
        select(found.c.case_id)
        .join_from(found, cases, cases.c.id == found.c.case_id)
        .where(found.c.case_id != case_id)
        .group_by(found.c.case_id)
        .order_by(
            func.max(found.c.strong).desc(),
            (func.substr(cases.c.born, 1, 4) == (born[:4] or None)).desc(),
            found.c.case_id.desc(),
        )
        .limit(limit)
    )
    linked = links_of(tx, case_id)
    ids = sorted(tx.execute(nearest).scalars(), reverse=True)
    told = told_of_people(tx, ids)
    return tuple(EarlierRequest(one, told[one], linked.get(one)) for one in ids)


def people_asked_about(tx: Connection, kind: str, value: str, since: date, until: date) -> int:
    """About how many people the requests with this identifier were, received from `since` to `until`."""
    # By the day of receipt: the least id alone would be looked for from the first case on.
    first = select(func.min(cases.c.id + 0)).where(cases.c.received_on >= since).scalar_subquery()
    person = func.lower(cases.c.family_name + "|" + cases.c.given_names + "|" + cases.c.born)
    query = (
        select(func.count(person.distinct()))
        .join_from(identifier, cases, cases.c.id == identifier.c.case_id)
        .where(
            identifier.c.kind == kind,
            identifier.c.value == value,
            identifier.c.case_id >= first,
            cases.c.received_on.between(since, until),
            cases.c.state != State.WITHDRAWN.value,
        )
    )
    return int(tx.execute(query).scalar_one())


def authored(tx: Connection, user_id: int, ids: Collection[int]) -> frozenset[int]:
    """Which of these cases a person created, edited, assessed or recorded."""
    query = select(case_author.c.case_id).where(case_author.c.user_id == user_id, case_author.c.case_id.in_(list(ids)))
    return frozenset(tx.execute(query).scalars())


def count_recorded(
    tx: Connection, outcomes: Collection[Outcome], *, caseworker_id: int | None = None, due_before: date | None = None
) -> int:
    """How many recorded outcomes of these kinds wait for their release, of one caseworker or of all."""
    query = (
        select(func.count())
        .select_from(cases)
        .where(cases.c.state == State.RECORDED.value, cases.c.outcome.in_([one.value for one in outcomes]))
    )
    if caseworker_id is not None:
        query = query.where(cases.c.caseworker_id == caseworker_id)
    if due_before is not None:
        query = query.where(cases.c.due_on < due_before)
    return int(tx.execute(query).scalar_one())
