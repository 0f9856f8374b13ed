"""The publication register: counted, checked that it adds up, shown with the cases behind it, and published once."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from errno import EINVAL
from itertools import groupby
from pathlib import Path
from stat import S_ISREG

from db import figures
from db.figures import Flow, Told
from db.people import organisation_of
from db.records import Role
from db.store import Tx
from desktop.casework.desk import Desk, Refused
from desktop.casework.published import check_told, told_of
from desktop.casework.reporting import NEVER_RECEIVED, Made, Printed, keep_report, known_agreements
from desktop.policy.agreements import Agreement
from desktop.policy.agreements_statistics import LaterRule, Statistics
from desktop.policy.disclosurecontrol import Control, shown
from desktop.policy.publication import (
    CARRIED,
    HELD,
    PENDING,
    REOPENED,
    Counted,
    Layout,
    Per,
    Period,
    Place,
    ended_alone,
    periods,
    said_out_of_order,
    said_without_outcome,
    sheets,
    together,
)
from desktop.policy.publishedtables import Checked, check_table
from desktop.policy.reports import Grid, GridRow, Report, said_where_none_is_shown
from desktop.policy.sheets import TOTAL, Sheet, unequal
from desktop.policy.tables import MOST_BYTES, NotATable
from desktop.policy.wording import LONDON, day, join_and, plural

PUBLISHING = frozenset({Role.GUARDIAN, Role.RECORDS_OFFICER, Role.ADMINISTRATOR})
"""Who may publish a table."""
MOST_PERIODS = 240
"""Twenty years by month."""
_LOOKS = 500
"""After so many sorts of requests it is asked whether the table is still wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A table of these days, both ends too, in these periods, with this much kept back."""

    table: str
    first: date
    last: date
    per: Per = Per.MONTH
    control: Control


@dataclass(frozen=True, slots=True)
class Publication:
    """A table as it was counted and as it may be shown."""

    asked: Asked
    periods: tuple[Period, ...]
    counted: tuple[Sheet, ...]
    """A sheet for each period, and one of all of them where there are several and nothing is kept back."""
    report: Report
    faults: tuple[str, ...]
    """Where it does not add up, with the cases; it is not published while there are any."""

    def place(self, grid: int, row: int, column: int) -> Place:
        """Where a cell of the report stands, by the numbers of its grid, row and column."""
        sheet = _seen(self.asked.control, self.counted[grid])
        return Place(grid, sheet.lines[row].id, sheet.columns[column])


def tables(desk: Desk) -> tuple[str, ...]:
    """The published tables, by their titles, in the agreements' order."""
    with desk.store.read() as tx:
        return tuple(_layouts(desk, tx))


def publication(desk: Desk, asked: Asked) -> Publication:
    """Counts a table. Raises Refused for days or a table that there are not."""
    with desk.store.read() as tx:
        return _counted(desk, tx, asked)


def behind(desk: Desk, asked: Asked, place: Place) -> array[int]:
    """The ids of the cases behind a figure, the oldest first; ``place.period`` is a number of ``Publication.counted``.
    Raises Refused as ``publication`` does.
    """
    with desk.store.read() as tx:
        layout, of = _layout(desk, tx, asked), _periods(asked)
        if place.period == len(of):
            of, place = (Period(asked.first, asked.last),), Place(0, place.line, place.column)
        (held,) = _held(tx, layout, of[place.period : place.period + 1]) if place.line in (HELD, PENDING) else ({},)
        line = CARRIED if place.line in (HELD, PENDING) else place.line
        fits: dict[Flow, bool] = {}
        found = array("q")
        face = layout.face(of[place.period])
        for case_id, flow in figures.each(tx, _starts(of), layout.of, layout.changed):
            if flow not in fits:
                one = _one(flow)
                column = place.column in (TOTAL, layout.column(one.agreement_id, one.requester_kind, one.came_after))
                fits[flow] = column and line in face.lines_of(one, place.period)
            if fits[flow] and (place.line not in (HELD, PENDING) or (case_id in held) == (place.line == HELD)):
                found.append(case_id)
        # A reopened request may count twice, and is listed once.
        return array("q", (one for one, _same in groupby(sorted(found))))


def publish(desk: Desk, asked: Asked, made: Made | Printed) -> None:
    """Writes the table to a file or prints it, and keeps that it was published. Raises Refused where it does not add
    up, where the same days were published in another way, or the person may not; OSError where the file cannot be
    written.
    """
    if desk.user.role not in PUBLISHING:
        raise Refused("The guardian, a records officer or an administrator publishes a table.")

    def report(tx: Tx) -> tuple[Report, Told]:
        one = publishable(desk, tx, asked)
        return one.report, told(desk, tx, asked, one.report.grids)

    said = {"table": asked.table, "from": str(asked.first), "to": str(asked.last), "per": asked.per.value}
    keep_report(desk, made, report, action="publish", data=said | {"control": asked.control.id})


def check_published(path: Path) -> Checked:
    """Whether a published table, a CSV file or a workbook, adds up. Raises Refused where it is no table, OSError where
    it cannot be read, also for what is no file: a pipe is never waited for.
    """
    if not S_ISREG(path.stat().st_mode):
        raise OSError(EINVAL, "It is not a file", str(path))
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    try:
        return check_table(content)
    except NotATable as error:
        raise Refused(str(error)) from error


def publishable(desk: Desk, tx: Tx, asked: Asked) -> Publication:
    """Counts a table that is to leave the desk. Raises Refused where it does not add up, or where some of its days were
    published in another way.
    """
    one = _counted(desk, tx, asked)
    if one.faults:
        raise Refused("The table does not add up, so it is not published. " + " ".join(one.faults))
    check_told(desk, tx, told(desk, tx, asked, one.report.grids))
    return one


def told(desk: Desk, tx: Tx, asked: Asked, grids: Sequence[Grid]) -> Told:
    """What a table tells. One that no agreement counts in any more may have told of any of them."""
    layouts = _layouts(desk, tx)
    agreements = layouts.get(asked.table) or known_agreements(desk, tx)
    return told_of(asked.table, (asked.first, asked.last), asked.per.value, asked.control, agreements, grids)


# Counting


def _layouts(desk: Desk, tx: Tx) -> Mapping[str, dict[str, Statistics]]:
    found: dict[str, dict[str, Statistics]] = {}
    for agreement_id, agreement in known_agreements(desk, tx).items():
        found.setdefault(agreement.statistics.table, {})[agreement_id] = agreement.statistics
    return found


def _layout(desk: Desk, tx: Tx, asked: Asked) -> Layout:
    layouts = _layouts(desk, tx)
    if asked.table not in layouts:
        raise Refused(f"There is no table “{asked.table[:60]}”. There are: {join_and(list(layouts))}.")
    return Layout(layouts[asked.table])


def _periods(asked: Asked) -> tuple[Period, ...]:
    if asked.last < asked.first:
        raise Refused("The last day is before the first: change one of them.")
    of = periods(asked.first, asked.last, asked.per)
    if len(of) > MOST_PERIODS:
        raise Refused(f"That makes {plural(len(of), 'table')}: choose fewer days, or longer periods.")
    return of


def _starts(of: Sequence[Period]) -> tuple[date, ...]:
    return (*(one.first for one in of), of[-1].last + timedelta(days=1))


def _one(flow: Flow) -> Counted:
    ended = None if flow.closed is None else flow.closed - 1
    end = flow.answered_as or flow.outcome
    after = (flow.came_after, flow.ended_after)
    return Counted(
        flow.received - 1, ended, flow.agreement_id, flow.requester_kind, end, flow.count, *after, bool(flow.again)
    )


def _held(tx: Tx, layout: Layout, of: Sequence[Period]) -> list[dict[int, tuple[str, str, int]]]:
    ends = [one.last + timedelta(days=1) for one in of]
    found = figures.held_at(tx, [(end, datetime.combine(end, time(), LONDON)) for end in ends], layout.of)
    return [
        {
            case_id: (agreement_id, kind, bisect_right(layout.changed, came))
            for case_id, (agreement_id, kind, came) in held.items()
        }
        for held in found
    ]


def _counted(desk: Desk, tx: Tx, asked: Asked) -> Publication:
    layout, of = _layout(desk, tx, asked), _periods(asked)
    flows, held = figures.flows(tx, _starts(of), layout.of, layout.changed), _held_at_ends(tx, layout, of)
    counted = sheets(layout, of, _each(desk, flows), held)
    if len(of) > 1 and not asked.control.below:
        whole = map(together(len(of)), _each(desk, flows))
        counted += sheets(layout, (Period(asked.first, asked.last),), whole, {0: held[len(of) - 1]})
    faults = [one.said for sheet in counted for one in unequal(sheet)]
    if lost := figures.out_of_order(tx, layout.of):
        faults.append(said_out_of_order(lost))
    if lost := figures.without_outcome(tx, layout.of):
        faults.append(said_without_outcome(lost))
    return Publication(asked, of, counted, _report(desk, tx, asked, layout, counted), tuple(faults))


def _held_at_ends(tx: Tx, layout: Layout, of: Sequence[Period]) -> dict[int, Counter[tuple[str, str, int]]]:
    return {period: Counter(cases.values()) for period, cases in enumerate(_held(tx, layout, of))}


def _each(desk: Desk, flows: Iterable[Flow]) -> Iterator[Counted]:
    for number, flow in enumerate(flows):
        if not number % _LOOKS:
            desk.store.still_wanted()
        yield _one(flow)


def _report(desk: Desk, tx: Tx, asked: Asked, layout: Layout, counted: Sequence[Sheet]) -> Report:
    control, days = asked.control, Period(asked.first, asked.last)
    grids = []
    spans = (*((one.first, one.last) for one in _periods(asked)), (asked.first, asked.last))
    for sheet, span in zip((_seen(control, sheet) for sheet in counted), spans, strict=False):
        desk.store.still_wanted()
        texts = shown(sheet, control)
        rows = tuple(
            GridRow(line.title, tuple(_cell(text) for text in texts[line.id]), line.inset, line.whole, line.id)
            for line in sheet.lines
        )
        grids.append(Grid(sheet.title, asked.table, sheet.columns, rows, span=span))
    notes = [control.said]
    if control.below:
        notes.append(
            "What was received, brought and carried forward is left out, and no table adds up the others: together"
            " they could tell what is kept back."
        )
        notes += said_where_none_is_shown(grids)
    if any(line.id == REOPENED for sheet in counted for line in sheet.lines) and not control.below:
        notes.append(
            "Reopened: withdrawn, and taken up again in these days. A request that was withdrawn and reopened within"
            " the days of one table counts there as withdrawn, as reopened, and as what it is since."
        )
    today = desk.today()
    if today <= asked.last:
        notes.append(f"These days are not over: the figures are as of {day(today)}.")
    notes += [NEVER_RECEIVED, *_mapping(layout, known_agreements(desk, tx), days)]
    where = organisation_of(tx).name
    return Report(
        asked.table, days.title, tuple(grids), tuple(notes), where, today, (days.first, days.last), control.id
    )


def _seen(control: Control, sheet: Sheet) -> Sheet:
    """The sheet as it may be seen."""
    return ended_alone(sheet) if control.below else sheet


def _cell(text: str) -> str | int:
    return int(text) if text.isdigit() else text


def _mapping(layout: Layout, known: Mapping[str, Agreement], days: Period) -> list[str]:
    """How ends become rows under which agreements, by which versions of their rules, and where that is from."""
    counts: dict[str, list[str]] = {}
    notes: dict[str, list[str]] = {}
    sources: dict[str, None] = {}
    for agreement_id, version, rule in layout.rules(days):
        rows = [f"{row.published_as or row.title}: {join_and(list(row.counts)).replace('_', ' ')}" for row in rule.rows]
        since = f", from {day(rule.counts_from)}" if isinstance(rule, LaterRule) else ""
        named = f"{known[agreement_id].short_title} (version {version}{since}, {rule.mark})"
        counts.setdefault("; ".join(rows), []).append(named)
        if rule.note:
            notes.setdefault(rule.note, []).append(known[agreement_id].short_title)
        sources[f"Source of the rows: {rule.source}"] = None
    told = [f"How a request counts under {join_and(names)}: {rows}." for rows, names in counts.items()]
    if layout.changed and layout.changed[0] <= days.last:
        told.append(
            "A request stands in the column of the day on which it was received and in the row of the day on which it"
            " ended, by the versions of those days."
        )
    return [*told, *_each_once(notes), *sources]


def _each_once(notes: Mapping[str, Sequence[str]]) -> list[str]:
    """The notes of agreements, by their words: of one that begins as another does, after those only what is its own."""
    shared, own = [], []
    for note, names in notes.items():
        begins = min((one for one in notes if note.startswith(f"{one} ")), key=len, default="")
        if begins:
            own.append(f"{join_and(list(dict.fromkeys(names)))}: {note.removeprefix(begins).lstrip()}")
        else:
            shared.append(note)
    return [*shared, *own]
