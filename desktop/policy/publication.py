"""The publication register: what was received, answered and carried forward, in the rows and columns that the
agreements name, so that it adds up on its face.

The rows and columns are those of the tracing service's register of releases:
https://digital.nhs.uk/services/data-access-request-service-dars/register-of-approved-data-releases/national-back-office---data-release-register
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from db.records import Outcome
from desktop.policy.agreements_statistics import CountRule, Statistics, StatisticsRow
from desktop.policy.dates import MONTHS
from desktop.policy.sheets import TOTAL, Line, Sheet, Sum
from desktop.policy.wording import day, join_and

OTHER: Final = "Other"
"""The column of a requester whom the agreement does not name, or who is not known yet."""
NO_ROW: Final = "In no row"
"""The row of an answer that the agreement counts nowhere: of a case that was destroyed before its row was kept."""
RECEIVED, BROUGHT, REOPENED, TODO = "received", "brought", "reopened", "todo"
PROCESSED, PENDING, HELD, CARRIED, ACCOUNTED = "processed", "pending", "held", "carried", "accounted"


class Per(StrEnum):
    """What each table of a publication is of."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ALL = "all"


PER_WORDS: Final[Mapping[Per, str]] = {
    Per.MONTH: "A table for each month",
    Per.QUARTER: "A table for each quarter",
    Per.YEAR: "A table for each year",
    Per.ALL: "One table for all of it",
}
_NAMED: Final = 20
"""So many cases are named that are in the figures of no days."""
_MONTHS_OF: Final = {Per.MONTH: 1, Per.QUARTER: 3, Per.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """Days that are counted together, both ends too."""

    first: date
    last: date

    @property
    def title(self) -> str:
        """Such as "March 2016", "January to March 2016", "2016", or both days; a day by itself once."""
        first, last = self.first, self.last
        if first == last:
            return day(first)
        if first.day != 1 or last != month_end(last):
            return f"{day(first)} to {day(last)}"
        if (first.year, first.month) == (last.year, last.month):
            return f"{MONTHS[first.month - 1]} {first.year}"
        if first.year != last.year:
            return f"{MONTHS[first.month - 1]} {first.year} to {MONTHS[last.month - 1]} {last.year}"
        whole = (first.month, last.month) == (1, 12)
        return str(first.year) if whole else f"{MONTHS[first.month - 1]} to {MONTHS[last.month - 1]} {first.year}"


def month_end(on: date) -> date:
    """The last day of its month."""
    return on.replace(day=monthrange(on.year, on.month)[1])


def periods(first: date, last: date, per: Per) -> tuple[Period, ...]:
    """The months, quarters or years of the calendar that begin or go on in these days, cut at both ends."""
    if per is Per.ALL:
        return (Period(first, last),)
    months = _MONTHS_OF[per]
    found = []
    start = first
    while start <= last:
        end_month = (start.month - 1) // months * months + months
        end = min(month_end(start.replace(month=end_month, day=1)), last)
        found.append(Period(start, end))
        start = end + timedelta(days=1)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Counted:
    """So many requests of one sort: when they came and ended, by the number of the period (-1 before the first, the
    number of periods after the last; ``ended`` None for open), of whom, and in what they ended.
    """

    received: int
    ended: int | None
    agreement_id: str
    requester_kind: str
    end: str
    """An outcome, the id of an answer, or the title of the row that was kept of it; "" while open."""
    count: int
    came_after: int = 0
    """How many of ``Layout.changed`` are not after the day on which they were received, and ended."""
    ended_after: int = 0
    again: bool = False
    """Whether they came by being reopened, after a withdrawal: ``received`` is when."""


def together(many: int) -> Callable[[Counted], Counted]:
    """What counts in so many periods, which follow each other, as it counts in the one that they make."""

    def one(of: Counted) -> Counted:
        ended = None if of.ended is None else int(of.ended >= many)
        return replace(of, received=min(of.received, 0), ended=ended)

    return one


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a publication a request stands: a line and a column of the sheet of one period."""

    period: int
    line: str
    column: str


class Layout:
    """How requests count in one published table, by the statistics of every agreement that counts in it.

    A request stands in the column of the day on which it was received, all its life, and in the row of the day on which
    it ended, by the rules of those days: so what was counted before a rule changed counts as it did.
    """

    def __init__(self, of: Mapping[str, Statistics]) -> None:
        self.of = of
        self.changed = tuple(sorted({rule.counts_from for one in of.values() for rule in one.later}))
        """The days from which some agreement counts in another way."""

    def _rule(self, agreement_id: str, after: int) -> CountRule:
        """The rule of an agreement once so many of the changes came."""
        one = self.of[agreement_id]
        return one.rules[one.version(self.changed[after - 1]) - 1 if after else 0]

    def column(self, agreement_id: str, requester_kind: str, after: int) -> str:
        """The title of the column in which a request counts that was received after so many changes. A form of an
        agreement that is for one kind of requester alone need not ask for the kind.
        """
        titles = self._rule(agreement_id, after).columns
        if not requester_kind and len(titles) == 1:
            return next(iter(titles.values()))
        return titles.get(requester_kind, OTHER)

    def row(self, agreement_id: str, end: str, after: int) -> str:
        """The title of the row in which an end counts: by its outcome, its answer, or the row that was kept of it."""
        for row in self._rule(agreement_id, after).rows:
            if end in row.counts or end == row.title:
                return row.title
        return NO_ROW

    def rules(self, of: Period) -> Iterator[tuple[str, int, CountRule]]:
        """Each agreement, with the numbers and the rules that count any of these days, in order."""
        for agreement_id, one in self.of.items():
            for version in range(one.version(of.first), one.version(of.last) + 1):
                yield agreement_id, version, one.rules[version - 1]

    def face(self, of: Period) -> Face:
        """What the table of these days looks like."""
        return Face(self, of)


class Face:
    """The columns and lines of the sheet of a period, by the rules that count its days."""

    def __init__(self, layout: Layout, of: Period) -> None:
        self._layout = layout
        titles: dict[str, None] = {}
        by_agreement: dict[str, dict[str, StatisticsRow]] = {}
        for agreement_id, _version, rule in layout.rules(of):
            titles |= dict.fromkeys(rule.columns.values())
            # Where a row is folded in another way since, the later one is that of the sheet.
            by_agreement.setdefault(agreement_id, {}).update({row.title: row for row in rule.rows})
        self.columns = tuple(titles)
        self._rows: dict[str, StatisticsRow] = {}
        for rows in by_agreement.values():
            for title, row in rows.items():
                self._rows.setdefault(title, row)

    def _folded(self, row: StatisticsRow) -> str:
        """The title of the row into which it is folded here; "" for one that is published as it is."""
        into = self._rows.get(row.published_as)
        return into.title if into is not None and not into.published_as else ""

    def lines(self, *, reopened: bool, other_row: bool) -> tuple[tuple[Line, ...], tuple[Sum, ...]]:
        """The lines from top to bottom, and which are sums of which."""
        came = [Line(RECEIVED, "Received"), Line(BROUGHT, "Brought forward")]
        came += [Line(REOPENED, "Reopened")] if reopened else []
        lines = [*came, Line(TODO, "Total to deal with", whole=True)]
        sums = [Sum(TODO, tuple(line.id for line in came)), Sum(TODO, (ACCOUNTED,))]
        processed: list[str] = []
        after: list[Line] = []
        for row in self._rows.values():
            if self._folded(row):
                continue
            inset = [one for one in self._rows.values() if self._folded(one) == row.title]
            lines_of = [Line(_id(row.title), row.title)]
            if inset:
                own = row.own_title or "The rest"
                parts = [Line(f"own:{row.title}", _of_which(own), inset=True)]
                parts += [Line(_id(one.title), _of_which(one.title), inset=True) for one in inset]
                lines_of = [Line(_id(row.title), row.title, whole=True), *parts]
                sums.append(Sum(_id(row.title), tuple(one.id for one in parts)))
            if row.processed:
                processed.append(_id(row.title))
                lines += lines_of
            else:
                after += lines_of
        if other_row:
            processed.append(_id(NO_ROW))
            lines.append(Line(_id(NO_ROW), NO_ROW))
        lines.append(Line(PROCESSED, "Total processed", whole=True))
        sums.append(Sum(PROCESSED, tuple(processed)))
        lines += after
        lines += [Line(CARRIED, "Carried forward", whole=True), Line(PENDING, "of which pending", inset=True)]
        lines += [Line(HELD, "of which held", inset=True), Line(ACCOUNTED, "Total accounted for", whole=True)]
        sums.append(Sum(CARRIED, (PENDING, HELD)))
        sums.append(Sum(ACCOUNTED, (PROCESSED, *(one.id for one in after if not one.inset), CARRIED)))
        return tuple(lines), tuple(sums)

    def lines_of(self, one: Counted, period: int) -> tuple[str, ...]:
        """Every line of a period's sheet, but ``pending`` and ``held``, in which so many requests count."""
        came, ended = one.received == period, one.ended == period
        was_open = one.received < period and (one.ended is None or one.ended >= period)
        stays = one.received <= period and (one.ended is None or one.ended > period)
        found = [REOPENED if one.again else RECEIVED] if came else []
        found += [BROUGHT] if was_open else []
        found += [TODO] if came or was_open else []
        if ended:
            title = self._layout.row(one.agreement_id, one.end, one.ended_after)
            row = self._rows.get(title)
            found += [_id(title)]
            if row is not None and (into := self._folded(row)):
                row = self._rows[into]
                found.append(_id(into))
            elif any(self._folded(other) == title for other in self._rows.values()):
                found.append(f"own:{title}")
            found += [PROCESSED] if row is None or row.processed else []
        found += [CARRIED] if stays else []
        return (*found, ACCOUNTED) if ended or stays else tuple(found)


def _id(title: str) -> str:
    return f"row:{title}"


def _of_which(title: str) -> str:
    return f"of which {title[:1].lower()}{title[1:]}"


def sheets(
    layout: Layout,
    of: Sequence[Period],
    counted: Iterable[Counted],
    held: Mapping[int, Mapping[tuple[str, str, int], int]],
) -> tuple[Sheet, ...]:
    """A sheet for each period. `held`: for each period, how many were held at its end, by their agreement, kind of
    requester, and how many changes were not after their receipt. Each line is counted by itself.
    """
    figures: list[Counter[tuple[str, str]]] = [Counter() for _ in of]
    faces = [layout.face(one) for one in of]
    for one in counted:
        column = layout.column(one.agreement_id, one.requester_kind, one.came_after)
        last = len(of) - 1 if one.ended is None else min(one.ended, len(of) - 1)
        for period in range(max(0, one.received), last + 1):
            for line in faces[period].lines_of(one, period):
                figures[period][line, column] += one.count
    for period, many in held.items():
        for (agreement_id, kind, after), count in many.items():
            figures[period][HELD, layout.column(agreement_id, kind, after)] += count
    other_column = any(column == OTHER for figure in figures for _, column in figure)
    reopened = any(line == REOPENED for figure in figures for line, _ in figure)
    other_row = any(line == _id(NO_ROW) for figure in figures for line, _ in figure)
    found = []
    for days, face, figure in zip(of, faces, figures, strict=True):
        # Columns of before stay as long as requests of then do.
        before = sorted({column for _, column in figure} - {*face.columns, OTHER})
        columns = (*face.columns, *before, OTHER) if other_column else (*face.columns, *before)
        for column in columns:
            figure[PENDING, column] = figure[CARRIED, column] - figure[HELD, column]
        found.append(_sheet(days.title, columns, *face.lines(reopened=reopened, other_row=other_row), figure))
    return tuple(found)


def _sheet(
    title: str,
    columns: tuple[str, ...],
    lines: tuple[Line, ...],
    sums: tuple[Sum, ...],
    figure: Mapping[tuple[str, str], int],
) -> Sheet:
    rows = {line.id: tuple(figure.get((line.id, column), 0) for column in columns) for line in lines}
    if len(columns) == 1:
        return Sheet(title, columns, lines, sums, rows)
    return Sheet(title, (*columns, TOTAL), lines, sums, {key: (*row, sum(row)) for key, row in rows.items()})


_ALONE: Final = frozenset({RECEIVED, BROUGHT, REOPENED, TODO, PENDING, HELD, CARRIED, ACCOUNTED})


def ended_alone(sheet: Sheet) -> Sheet:
    """The sheet without what was received and carried: the sheets before and after have the same figures, and two
    tables together could tell what one of them keeps back.
    """
    lines = tuple(line for line in sheet.lines if line.id not in _ALONE)
    sums = tuple(one for one in sheet.sums if one.whole not in _ALONE)
    return Sheet(sheet.title, sheet.columns, lines, sums, {line.id: sheet.figures[line.id] for line in lines})


def answered_as(statistics: Statistics, on: date, outcome: Outcome, status_answer: str) -> str | None:
    """The title of the row that is kept of an answer of this day, which itself goes when its case is destroyed; None
    for an end that stays known.
    """
    if outcome is not Outcome.STATUS:
        return None
    rule = statistics.rules[statistics.version(on) - 1]
    return next((row.title for row in rule.rows if status_answer in row.counts), NO_ROW)


def said_out_of_order(references: Sequence[str]) -> str:
    """That these cases, one at least, are in the figures of no days; many of them are named in part."""
    return f"Answered without a day of receipt, or closed before it: {_in_part(references)}."


def said_without_outcome(references: Sequence[str]) -> str:
    """That these cases, one at least, were closed and count in no row; many of them are named in part."""
    return f"Closed, and no outcome is kept: {_in_part(references)}."


def _in_part(references: Sequence[str]) -> str:
    more = len(references) - _NAMED
    return join_and([*references[:_NAMED], *([f"{more:,} more"] if more > 0 else [])])
