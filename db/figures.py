"""What is counted of all cases, of destroyed ones by their stubs: only columns that stay are read."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Date, insert, text

from db.reopened import ENDED_STRETCHES, LAST_STRETCHES, REOPENED
from db.schema_figures import LONG, LONG_DAYS, OUT_OF_ORDER, WITHDRAWN_HELD, publication
from db.times import Moment, moment_text


@dataclass(frozen=True, slots=True)
class Flow:
    """So many cases of one sort, by the number of the span in which they were received and closed: 0 is before the
    first, ``closed`` is None while open. A case that was withdrawn and reopened counts once until it was withdrawn and
    once since it was reopened.
    """

    received: int
    closed: int | None
    agreement_id: str
    requester_kind: str
    outcome: str
    answered_as: str
    """The row of the statistics that was kept of an answer, or the answer itself, where it is still known."""
    came_after: int
    """How many of the days of a change are not after that of receipt, and of closing."""
    ended_after: int
    again: bool
    """Whether they came by being reopened: ``received`` is when."""
    count: int


_KNOWN_ANSWER = (
    "COALESCE(cases.answered_as, CASE cases.outcome WHEN 'status' THEN (SELECT finding.status_answer FROM finding"
    " WHERE finding.case_id = cases.id ORDER BY finding.number DESC LIMIT 1) ELSE '' END)"
)


STEP: Final = 366
"""Days that are put together at once: what SQLite sorts cannot be stopped until it is sorted."""


def open_in(first: date, until: date) -> Iterator[tuple[str, dict[str, str]]]:
    """SQL: the requests that were received before `until`, a day after the first, and not closed before the first, in
    several parts that have none in common. What was open then and closed much later is found among what took long.
    """
    beyond = min(until.toordinal() + LONG_DAYS, date.max.toordinal())
    given = {"until": until.isoformat(), "beyond": date.fromordinal(beyond).isoformat()}
    received = "cases.received_on < :until"
    yield f"{received} AND cases.closed_on IS NULL", given
    for start in range(first.toordinal(), beyond, STEP):
        ends = (date.fromordinal(one).isoformat() for one in (start, min(start + STEP, beyond)))
        closed = dict(zip(("start", "end"), ends, strict=True))
        yield f"{received} AND cases.closed_on >= :start AND cases.closed_on < :end", given | closed
    yield f"{received} AND cases.closed_on >= :beyond AND {LONG}", given


def _span(column: str, starts: Sequence[date], number: int = 0) -> str:
    """SQL: how many of these days are not after a column's, and `number` more."""
    if not starts:
        return str(number)
    middle = len(starts) // 2
    before = _span(column, starts[:middle], number)
    after = _span(column, starts[middle + 1 :], number + middle + 1)
    return f"CASE WHEN {column} < '{starts[middle].isoformat()}' THEN {before} ELSE {after} END"


_LISTED: Final = "+cases.agreement_id IN (SELECT value FROM json_each(:agreements))"
"""SQL: "+" keeps SQLite from reading every request that there ever was under them."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """SQL: requests from when they came until they were closed, and in what they ended."""

    source: str
    came: str
    closed: str
    outcome: str
    answered_as: str
    again: str
    """Whether they came by being reopened."""

    def select(self, what: str, starts: Sequence[date], changed: Sequence[date], where: str) -> str:
        """The query, but for its groups."""
        return (
            f"SELECT {_span(self.came, starts)},"
            f" CASE WHEN {self.closed} IS NOT NULL THEN {_span(self.closed, starts)} END, cases.agreement_id,"
            f" cases.requester_kind, CASE WHEN {self.closed} IS NULL THEN '' ELSE {self.outcome} END,"
            f" CASE WHEN {self.closed} IS NULL THEN '' ELSE {self.answered_as} END,"
            f" {_span('cases.received_on', changed)},"
            f" CASE WHEN {self.closed} IS NULL THEN 0 ELSE {_span(self.closed, changed)} END, {self.again}, {what}"
            f" FROM {self.source} WHERE {_LISTED} AND {where}"
        )


_WHOLE: Final = _Stretch("cases", "cases.received_on", "cases.closed_on", "cases.outcome", _KNOWN_ANSWER, "0")
_OF_REOPENED: Final = (
    _Stretch(
        f"{ENDED_STRETCHES} AS stretch JOIN cases ON cases.id = stretch.case_id",
        "stretch.began_on",
        "stretch.closed_on",
        "'withdrawn'",
        "''",
        "stretch.again",
    ),
    _Stretch(
        f"{LAST_STRETCHES} AS stretch JOIN cases ON cases.id = stretch.case_id",
        "stretch.began_on",
        "stretch.closed_on",
        "cases.outcome",
        _KNOWN_ANSWER,
        "1",
    ),
)


def _rows(
    tx: Connection,
    what: str,
    starts: Sequence[date],
    agreements: Collection[str],
    changed: Sequence[date],
    rest: str,
) -> Iterator[tuple[Any, ...]]:
    listed = {"agreements": json.dumps([*agreements])}
    for which, given in open_in(starts[0], starts[-1]):
        query = _WHOLE.select(what, starts, changed, f"cases.id NOT IN {REOPENED} AND {which}")
        yield from map(tuple, tx.execute(text(f"{query} {rest}"), given | listed))
    days = {"first": starts[0].isoformat(), "until": starts[-1].isoformat()}
    within = "stretch.began_on < :until AND COALESCE(stretch.closed_on >= :first, 1)"
    for one in _OF_REOPENED:
        query = one.select(what, starts, changed, within)
        yield from map(tuple, tx.execute(text(f"{query} {rest}"), days | listed))


def flows(
    tx: Connection, starts: Sequence[date], agreements: Collection[str], changed: Sequence[date]
) -> tuple[Flow, ...]:
    """Every case of these agreements that was open, received or closed on or after the first of these days and received
    before the last, by the spans between them: span n begins with the nth day, and the last one ends nothing.
    `changed`: the days from which something is counted in another way.
    """
    return tuple(
        Flow(*row) for row in _rows(tx, "COUNT(*)", starts, agreements, changed, "GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9")
    )


def each(
    tx: Connection, starts: Sequence[date], agreements: Collection[str], changed: Sequence[date]
) -> Iterator[tuple[int, Flow]]:
    """The same cases one by one, each with its id: a reopened one as often as it counts."""
    for row in _rows(tx, "1, cases.id", starts, agreements, changed, ""):
        yield row[-1], Flow(*row[:-1])


def held_at(
    tx: Connection, starts: Sequence[tuple[date, datetime]], agreements: Collection[str]
) -> list[dict[int, tuple[str, str, date]]]:
    """For each of these days, with its first moment: the cases that were held when it began, each with its agreement,
    kind of requester and day of receipt: open then, received before, held since it came or put on hold before, and held
    still, or taken off hold or withdrawn from there later. The days in order.
    """
    given = {"moment": moment_text(starts[0][1]), "agreements": json.dumps([*agreements])}
    query = (
        "WITH held(id, until) AS (SELECT id, '9999' FROM cases WHERE state = 'held' UNION ALL"
        " SELECT case_id, at FROM journal WHERE action = 'take_off_hold' AND at >= :moment UNION ALL"
        " SELECT case_id, at FROM journal INDEXED BY ix_journal_withdrawn_held"
        f" WHERE {WITHDRAWN_HELD} AND at >= :moment)"
        " SELECT cases.id, cases.agreement_id, cases.requester_kind, cases.received_on,"
        " COALESCE(cases.closed_on, '9999'), held.until, COALESCE((SELECT MAX(begins.at) FROM journal AS begins"
        " WHERE begins.case_id = held.id AND +begins.action = 'put_on_hold' AND begins.at <= held.until), '')"
        f" FROM held CROSS JOIN cases ON cases.id = held.id WHERE {_LISTED} AND cases.received_on IS NOT NULL"
    )
    rows = [tuple(row) for row in tx.execute(text(query), given)]
    return [
        {
            case_id: (agreement_id, kind, date.fromisoformat(received))
            for case_id, agreement_id, kind, received, closed, until, since in rows
            if received < start <= closed and since < moment <= until
        }
        for start, moment in ((start.isoformat(), moment_text(moment)) for start, moment in starts)
    ]


def out_of_order(tx: Connection, agreements: Collection[str]) -> tuple[str, ...]:
    """The references of cases that were answered without a day of receipt, or closed before it: no period counts them.
    What was withdrawn before a day of receipt was written down was never received, and is no fault.
    """
    query = (
        f"SELECT reference FROM cases INDEXED BY ix_cases_out_of_order WHERE {OUT_OF_ORDER} AND {_LISTED} ORDER BY id"
    )
    return tuple(tx.execute(text(query), {"agreements": json.dumps([*agreements])}).scalars())


def without_outcome(tx: Connection, agreements: Collection[str]) -> tuple[str, ...]:
    """The references of cases that were closed, and of which no outcome is kept: they count in no row."""
    query = f"SELECT reference FROM cases WHERE outcome IS NULL AND closed_on IS NOT NULL AND {_LISTED} ORDER BY id"
    return tuple(tx.execute(text(query), {"agreements": json.dumps([*agreements])}).scalars())


def counted_agreements(tx: Connection) -> frozenset[str]:
    """The ids of the agreements under which there are cases."""
    # From one to the next in the index: there are a few among a million cases.
    query = (
        "WITH RECURSIVE found(id) AS (SELECT MIN(agreement_id) FROM cases UNION ALL"
        " SELECT (SELECT MIN(agreement_id) FROM cases WHERE agreement_id > found.id) FROM found"
        " WHERE found.id IS NOT NULL) SELECT id FROM found WHERE id IS NOT NULL"
    )
    return frozenset(tx.execute(text(query)).scalars())


def text_of(tx: Connection, agreement_id: str) -> str:
    """The text of an agreement that was pinned last. Raises NoResultFound."""
    query = (
        "SELECT agreement_text.text FROM agreement_text JOIN cases ON cases.agreement_hash = agreement_text.hash"
        " WHERE cases.agreement_id = :id ORDER BY cases.id DESC LIMIT 1"
    )
    return str(tx.execute(text(query), {"id": agreement_id}).scalar_one())


BESIDE: Final = "beside"
"""The ``Told.per`` of what a table tells beside its own days."""


@dataclass(frozen=True, slots=True)
class Told:
    """What leaves the desk: a table of these days, both ends too, and the requests and figures that it tells of."""

    title: str
    first: date
    last: date
    per: str
    control: str
    agreements: tuple[str, ...]
    """Whose requests it counts, by their ids."""
    figures: str
    """The hash of what it says of them."""
    also: tuple[Told, ...] = ()
    """What else leaves with it, of other days: each is kept by itself."""

    def values(self) -> dict[str, Any]:
        """As columns."""
        return {
            "title": self.title,
            "first": self.first,
            "last": self.last,
            "per": self.per,
            "control": self.control,
            "agreements": json.dumps(sorted(self.agreements)),
            "figures": self.figures,
        }


@dataclass(frozen=True, slots=True)
class Before:
    """What was published before: its title, its days, both ends too, and when."""

    title: str
    first: date
    last: date
    at: datetime


def told_otherwise(tx: Connection, told: Told) -> Before | None:
    """What was published last that tells of some of these requests and days in another way, where either keeps small
    figures back. What leaves with it (``also``) is not looked at.
    """
    query = text(
        "SELECT title, first, last, published_at FROM publication WHERE first <= :last AND last >= :first"
        " AND (control <> 'none' OR :control <> 'none') AND EXISTS (SELECT 1 FROM json_each(publication.agreements)"
        " WHERE value IN (SELECT value FROM json_each(:agreements))) AND NOT (title = :title AND first = :first"
        " AND last = :last AND per = :per AND control = :control AND figures = :figures)"
        " ORDER BY id DESC LIMIT 1"
    )
    given = {name: str(value) for name, value in told.values().items()}
    found = tx.execute(query.columns(first=Date, last=Date, published_at=Moment), given).one_or_none()
    return Before(*found) if found is not None else None


def add_publication(tx: Connection, told: Told, by: int, at: datetime) -> None:
    """Keeps that it was published, with what leaves with it. Raises RuleKept where that was in another way."""
    for one in (told, *told.also):
        tx.execute(insert(publication).values(**one.values(), published_by=by, published_at=at))
