"""What the oversight report counts of some days, from columns that stay when a case is destroyed but for those that
``Sort`` names; and who was asked about more than once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto
from typing import Any, Final

from sqlalchemy import Connection, text

from db.figures import STEP, open_in
from db.migrations.conditions_0016 import STRONG
from db.records_figures import Fact, Sort
from db.reopened import ENDED_STRETCHES, LAST_STRETCHES, REOPENED
from db.times import moment_text


@dataclass(frozen=True, slots=True)
class Days:
    """Days that are counted, both ends too, and the moments when the first begins and the last is over."""

    first: date
    last: date
    begins: datetime
    over: datetime

    def given(self) -> dict[str, str]:
        """As the queries take them."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "begins": moment_text(self.begins),
            "over": moment_text(self.over),
        }

    def steps(self) -> Iterator[Days]:
        """The same days in parts."""
        for number in range((self.last - self.first).days // STEP + 1):
            gone = timedelta(days=STEP * number)
            first, begins = self.first + gone, self.begins + gone
            last = first + timedelta(days=min(STEP - 1, (self.last - first).days))
            yield Days(first, last, begins, self.over if last == self.last else begins + timedelta(days=STEP))


class _Asked(Enum):
    """How a query is asked of many days."""

    IN_STEPS = auto()
    AT_ONCE = auto()
    OPEN = auto()
    """Of the requests that were open in them, but for reopened ones: see ``open_in``."""


@dataclass(frozen=True, slots=True)
class _Query:
    """SQL: what ``Fact.what`` and ``Fact.more`` are, and where from; ``cases`` is the case, or NULL."""

    what: str
    more: str
    source: str
    asked: _Asked = _Asked.IN_STEPS
    case: str = "cases.id"
    """Its case, which may be known where agreement and requester are not asked for."""

    def parts(self, days: Days) -> Iterator[tuple[str, dict[str, str]]]:
        """Where from, and with which days: what is there in all of them is in one part alone."""
        if self.asked is _Asked.OPEN:
            for which, given in open_in(days.first, days.last + timedelta(days=1)):
                yield f"{self.source} WHERE cases.id NOT IN {REOPENED} AND {which}", days.given() | given
        else:
            for part in days.steps() if self.asked is _Asked.IN_STEPS else (days,):
                yield self.source, part.given()


def _within(column: str) -> str:
    return f"{column} >= :begins AND {column} < :over"


_CASE: Final = "JOIN cases ON cases.id"
_NO_CASE: Final = "LEFT JOIN cases ON cases.id = NULL"
_LAST: Final = (
    "(SELECT MAX(id) FROM decision AS last WHERE last.case_id = cases.id AND last.action IN ('refuse', 'reject'))"
)
_QUERIES: Final[Mapping[Sort, tuple[_Query, ...]]] = {
    Sort.MOVED: (
        _Query(
            "CASE WHEN cases.received_on < :first THEN 'before' ELSE 'in' END",
            "CASE WHEN cases.closed_on <= :last THEN 'in' ELSE '' END",
            "cases",
            _Asked.OPEN,
        ),
        _Query(
            "CASE WHEN stretch.began_on < :first THEN 'before' WHEN stretch.again THEN 'again' ELSE 'in' END",
            "CASE WHEN stretch.closed_on <= :last THEN 'in' ELSE '' END",
            f"(SELECT * FROM {ENDED_STRETCHES} UNION ALL SELECT * FROM {LAST_STRETCHES}) AS stretch"
            f" {_CASE} = stretch.case_id WHERE stretch.began_on <= :last AND COALESCE(stretch.closed_on >= :first, 1)",
            _Asked.AT_ONCE,
        ),
    ),
    Sort.ENDED: (
        _Query(
            "COALESCE(cases.outcome, '')",
            "CASE WHEN cases.due_on IS NULL THEN 'undated' WHEN cases.closed_on <= cases.due_on THEN 'in_time'"
            " ELSE 'late' END",
            "cases WHERE cases.closed_on BETWEEN :first AND :last AND cases.received_on IS NOT NULL",
        ),
        _Query(
            "'withdrawn'",
            "''",
            f"{ENDED_STRETCHES} AS stretch {_CASE} = stretch.case_id WHERE stretch.closed_on BETWEEN :first AND :last",
        ),
    ),
    Sort.GROUNDED: (
        _Query(
            "cases.outcome",
            "COALESCE(ground.value, '')",
            f"cases JOIN decision ON decision.id = {_LAST} LEFT JOIN json_each(decision.because_of) AS ground"
            " WHERE cases.closed_on BETWEEN :first AND :last AND cases.received_on IS NOT NULL"
            # "+" keeps SQLite from reading every refusal there ever was.
            " AND +cases.outcome IN ('refused', 'rejected')",
        ),
    ),
    Sort.DISCLOSED: (
        _Query(
            "disclosure.gateway",
            "disclosure.items",
            f"disclosure {_CASE} = disclosure.case_id WHERE disclosure.disclosed_on BETWEEN :first AND :last",
        ),
    ),
    Sort.DECIDED: (
        _Query(
            "decision.action",
            "CASE WHEN decision.views = '' THEN 'unknown'"
            """ WHEN instr(decision.views, '"view":"disagree"') THEN 'disagreed' ELSE 'agreed' END""",
            f"decision {_CASE} = decision.case_id WHERE {_within('decision.decided_at')}",
        ),
    ),
    Sort.REVIEWED: (
        _Query(
            "finding_review.action",
            "''",
            f"finding_review {_CASE} = finding_review.case_id WHERE {_within('finding_review.reviewed_at')}",
        ),
    ),
    Sort.CONCERNED: (
        _Query("concern.about", "''", f"concern {_CASE} = concern.case_id WHERE {_within('concern.raised_at')}"),
    ),
    Sort.LET_GO: (
        _Query(
            "'address'",
            "''",
            f"address_release {_CASE} = address_release.case_id WHERE {_within('address_release.released_at')}",
        ),
    ),
    Sort.HELD: tuple(
        _Query(f"'{what}'", "''", f"hold LEFT JOIN cases ON cases.id = hold.case_id WHERE {where}", _Asked.AT_ONCE)
        for what, where in {
            "placed": _within("hold.placed_at"),
            "released": "EXISTS (SELECT 1 FROM hold_step WHERE hold_id = hold.id AND step = 'release'"
            f" AND {_within('taken_at')})",
            "standing": "hold.placed_at < :over AND NOT EXISTS (SELECT 1 FROM hold_step WHERE hold_id = hold.id"
            " AND step = 'release' AND taken_at < :over)",
        }.items()
    ),
    Sort.RUN: (
        _Query("'proposed'", "''", f"disposal_run {_NO_CASE} WHERE {_within('disposal_run.proposed_at')}"),
        _Query(
            "CASE WHEN verdict.approved THEN 'approved' ELSE 'turned_down' END",
            "''",
            f"disposal_verdict AS verdict {_NO_CASE} WHERE {_within('verdict.decided_at')}",
        ),
        _Query("'certified'", "''", f"destruction_certificate AS made {_NO_CASE} WHERE {_within('made.made_at')}"),
    ),
    Sort.DISPOSED: (
        _Query(
            "CASE WHEN result.destroyed THEN 'destroyed' ELSE 'kept' END",
            "''",
            # Of half a million cases nobody asks under which agreement they were destroyed.
            f"disposal_result AS result {_NO_CASE} WHERE {_within('result.done_at')}",
            case="result.case_id",
        ),
        _Query(
            "'handed_over'",
            "''",
            f"transfer_package AS packed {_NO_CASE} WHERE {_within('packed.made_at')}",
            case="packed.case_id",
        ),
    ),
    Sort.WORDED: (
        _Query(
            "CASE WHEN cases.many > 1 THEN 'again' ELSE 'once' END",
            "CASE WHEN cases.many > 1 AND cases.number = 1 THEN 'text' ELSE '' END",
            "(SELECT id, agreement_id, requester_kind, COUNT(*) OVER same AS many, ROW_NUMBER() OVER same AS number"
            " FROM (SELECT DISTINCT cases.id, cases.agreement_id, cases.requester_kind, decision.reasons"
            f" FROM decision {_CASE} = decision.case_id"
            f" WHERE {_within('decision.decided_at')} AND trim(decision.reasons) <> '')"
            " WINDOW same AS (PARTITION BY agreement_id, reasons)) AS cases",
            _Asked.AT_ONCE,
        ),
    ),
}
_OF: Final = "COALESCE(cases.agreement_id, ''), COALESCE(cases.requester_kind, '')"


def facts(tx: Connection, sort: Sort, days: Days) -> tuple[Fact, ...]:
    """Every count of one sort."""
    found = Counter[tuple[str, str, str, str]]()
    for row in _rows(tx, sort, days, grouped=True):
        found[row[:4]] += row[4]
    return tuple(Fact(*key, count) for key, count in sorted(found.items()))


def each(tx: Connection, sort: Sort, days: Days) -> Iterator[tuple[int, Fact]]:
    """The same one by one, each with the id of its case; what has no case is left out."""
    for row in _rows(tx, sort, days):
        if row[4] is not None:
            yield row[4], Fact(row[0], row[1], row[2], row[3], 1)


def _rows(tx: Connection, sort: Sort, days: Days, *, grouped: bool = False) -> Iterator[tuple[Any, ...]]:
    """What a fact is of, and how many of it there are or which case it is."""
    for one in _QUERIES[sort]:
        what, rest = ("COUNT(*)", "GROUP BY 1, 2, 3, 4") if grouped else (one.case, "")
        for source, given in one.parts(days):
            query = f"SELECT {_OF}, {one.what}, {one.more}, {what} FROM {source} {rest}"
            yield from map(tuple, tx.execute(text(query), given))


_NUMBERED: Final = (
    "SELECT kind, value, case_id FROM (SELECT kind, value FROM identifier"
    f" WHERE kind IN ({STRONG}) AND length(value) > 4 AND value GLOB '*[0-9]*' GROUP BY kind, value"
    " HAVING COUNT(*) > 1) AS number JOIN identifier USING (kind, value) ORDER BY kind, value"
)


def about_one_person(tx: Connection) -> Iterator[tuple[int, int]]:
    """Pairs of cases that are about one person, as ``db.persons.others_about`` has it: recorded so, which stays, or by
    a number that both have, which goes with the case.
    """
    yield from map(tuple, tx.execute(text("SELECT case_id, other_id FROM link WHERE same_person")))
    before: tuple[str, str, int] = ("", "", 0)
    for kind, value, case_id in tx.execute(text(_NUMBERED)):
        if (kind, value) == before[:2]:
            yield before[2], case_id
        before = (kind, value, case_id)


def received(tx: Connection, days: Days) -> frozenset[int]:
    """The ids of the cases that were received in these days."""
    query = "SELECT id FROM cases INDEXED BY ix_cases_received_on_id WHERE received_on BETWEEN :first AND :last"
    return frozenset(tx.execute(text(query), days.given()).scalars())


def agreements_of(tx: Connection, ids: Iterable[int]) -> Iterator[tuple[int, str]]:
    """These cases in order, each with its agreement."""
    query = "SELECT id, agreement_id FROM cases WHERE id IN (SELECT value FROM json_each(:ids)) ORDER BY id"
    yield from map(tuple, tx.execute(text(query), {"ids": json.dumps(list(ids))}))
