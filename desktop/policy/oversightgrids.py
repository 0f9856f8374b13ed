"""The oversight report's tables with their figures as they may be shown.

The tables of the requests count the same requests in several ways, so what is kept back in them is worked out for all
of them together. What was received, brought and carried forward is kept back whole with them: the days before and after
may tell what was open, and then what was received and what was answered tell each other. Other tables that tell of
the same requests keep back what those do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from desktop.policy.disclosurecontrol import HIDDEN, Control, shown
from desktop.policy.oversight import (
    ANSWERED,
    BROUGHT,
    CARRIED,
    ENDS,
    IN_TIME,
    LATE,
    RECEIVED,
    REOPENED,
    TIMES,
    WITHDRAWN,
)
from desktop.policy.oversightparts import ALL, Part, Place, Rate
from desktop.policy.rates import rate
from desktop.policy.reports import Cell, Chart, Grid, GridRow
from desktop.policy.sheets import TOTAL, Line, Sheet, Sum

Figures = Mapping[Place, int]
_MEASURES: Final = (RECEIVED, *ENDS, ANSWERED, *TIMES, WITHDRAWN)
_KEPT_BACK: Final = "Nothing of this is told while a figure of the requests is kept back: each would tell of the other."
_REQUESTS: Final = (Sum(ANSWERED, ENDS), Sum(ANSWERED, TIMES))


def grids(parts: Sequence[Part], figures: Sequence[Figures], control: Control) -> tuple[Grid, ...]:
    """A grid for each part, with its figures as they may be shown."""
    requests = next(part for part in parts if part.of_requests)
    every: dict[Place, int] = {}
    for part, those in zip(parts, figures, strict=True):
        every |= those if part.of_requests else {}
    told = _of_requests(requests, every, control)
    whole = HIDDEN not in told.values()
    made = []
    for part, those in zip(parts, figures, strict=True):
        if part.all_or_none and not whole:
            made.append(_grid(_without_rows(part), _kept_back(part, those), control))
            continue
        texts = told if part.of_requests else _of_part(part, those, told, control)
        made.append(_grid(part, texts, control))
        told = texts | told
    return tuple(made)


def _without_rows(part: Part) -> Part:
    """A table of which nothing is told: each of its rows would tell of one request at least."""
    rows = tuple(line for line in part.rows if line.id == ALL)
    return replace(part, rows=rows, note=f"{part.note} {_KEPT_BACK}".strip())


def _kept_back(part: Part, figures: Figures) -> dict[Place, str]:
    return {(ALL, column): HIDDEN for column, _title in part.columns if figures.get((ALL, column))}


def _sheet(part: Part, rows: Iterable[Line], figures: Figures, lines: Iterable[str], sums: tuple[Sum, ...]) -> Sheet:
    """A table that must add up: a line for each column of the report and for what those are made of, a column for each
    row of the report, and the row of all as the total.
    """
    columns = [line.id for line in rows]
    if part.summed and ALL in columns:
        columns.remove(ALL)
        columns += [TOTAL] if len(columns) > 1 else []

    def count(column: str, line: str) -> int:
        return figures.get((ALL if column == TOTAL else column, line), 0)

    counts = {line: tuple(count(column, line) for column in columns) for line in lines}
    return Sheet(part.title, tuple(columns), tuple(Line(line, line) for line in counts), sums, counts)


def _texts(sheet: Sheet, control: Control) -> dict[Place, str]:
    found = {}
    for line, texts in shown(sheet, control).items():
        for column, text in zip(sheet.columns, texts, strict=True):
            found[ALL if column == TOTAL else column, line] = text
        if TOTAL not in sheet.columns:
            found.setdefault((ALL, line), texts[0] if texts else "0")
    return found


def _of_requests(part: Part, figures: Figures, control: Control) -> dict[Place, str]:
    """How each figure of the requests may be shown, were it not for other days."""
    found = _texts(_sheet(part, part.rows, figures, _MEASURES, _REQUESTS), control)
    for line in part.rows:
        for measure in (BROUGHT, REOPENED, CARRIED):
            found[line.id, measure] = str(figures.get((line.id, measure), 0))
    return found


def _of_part(part: Part, figures: Figures, told: Mapping[Place, str], control: Control) -> dict[Place, str]:
    """How each figure of another table may be shown."""
    made_of = [one for each in part.sums for one in (each.whole, *each.parts)]
    lines = dict.fromkeys([column for column, _title in part.columns if column not in part.stated] + made_of)
    found = {place: str(count) for place, count in figures.items() if place[1] in part.stated}
    # What is a part of the row over it does not add up to it, and is looked at by itself.
    for inset in (True, False):
        rows = [line for line in part.rows if line.inset is inset]
        if rows:
            found |= _texts(_sheet(part, rows, figures, lines, part.sums), control)
    for (row, column), text in found.items():
        same = part.follows.get(f"{row} {column}", part.follows.get(row, ()))
        if text != "0" and any(told.get(place) == HIDDEN for place in same):
            found[row, column] = HIDDEN
    for one in part.rests:
        if 0 < figures.get(one.whole, 0) - figures.get(one.part, 0) < control.below:
            found |= {place: HIDDEN for place in one.with_it if found.get(place, "0") != "0"}
    if part.summed:
        _hide_worked_out(part, found)
    _hide_bounding(part, found, told)
    return found


def _hide_worked_out(part: Part, found: dict[Place, str]) -> None:
    """Hides what all have where it would tell the only row that is kept back."""
    rows = [line.id for line in part.rows if not line.inset and line.id != ALL]
    for column in {column for _row, column in found} - part.stated:
        if [found[row, column] for row in rows].count(HIDDEN) == 1 and found[ALL, column] != "0":
            found[ALL, column] = HIDDEN


def _hide_bounding(part: Part, found: dict[Place, str], told: Mapping[Place, str]) -> None:
    """Hides what bounds a figure that is kept back, and what bounds that."""
    waiting = list(part.bounds)
    while due := [one for one in waiting if any(HIDDEN in (found.get(at), told.get(at)) for at in one.kept)]:
        waiting = [one for one in waiting if one not in due]
        for place in {place for one in due for place in one.with_it}:
            if found.get(place, "0") != "0":
                found[place] = HIDDEN


def _grid(part: Part, texts: Mapping[Place, str], control: Control) -> Grid:
    rows = []
    for line in part.rows:
        cells = {column: _cell(texts.get((line.id, column), "0")) for column, _title in part.columns}
        if control.below:
            cells |= {column: HIDDEN for column in cells if {line.id, column} & part.withheld}
        rates = tuple(_rate(one, cells) for one in part.rates)
        rows.append(GridRow(line.title, (*cells.values(), *rates), line.inset, line.whole, line.id or "all"))
    titles = (*(title for _column, title in part.columns), *(one.title for one in part.rates))
    keys = (*(column for column, _title in part.columns), *(f"{one.part} of {one.whole}" for one in part.rates))
    # What the requests say of their sums nobody sees where the columns of those are kept back.
    blind = part.of_requests and control.below and any(column in part.withheld for column, _title in part.columns)
    return Grid(part.title, part.head, titles, tuple(rows), "" if blind else part.note, keys)


def _cell(text: str) -> Cell:
    return int(text) if text.isdigit() else text


def _rate(one: Rate, cells: Mapping[str, Cell]) -> str:
    part, whole = cells[one.part], cells[one.whole]
    return rate(part, whole) if isinstance(part, int) and isinstance(whole, int) else HIDDEN


def unequal_requests(parts: Sequence[Part], figures: Sequence[Figures]) -> tuple[str, ...]:
    """Where the requests do not add up, in words."""
    found = []
    for part, counts in zip(parts, figures, strict=True):
        for line in part.rows if CARRIED in dict(part.columns) else ():
            came, went, answered, ends, times = (
                sum(counts.get((line.id, one), 0) for one in of)
                for of in ((RECEIVED, BROUGHT, REOPENED), (ANSWERED, WITHDRAWN, CARRIED), (ANSWERED,), ENDS, TIMES)
            )
            if came != went:
                found.append(f"{line.title}, {came:,} to deal with, but {went:,} accounted for.")
            if answered != ends:
                found.append(f"{line.title}, {answered:,} answered, but {ends:,} with an outcome that is known.")
            if answered != times:
                found.append(f"{line.title}, {answered:,} answered, but {times:,} in time, late or without a due date.")
    return tuple(f"This does not add up: {one}" for one in found)


def charts(parts: Sequence[Part], made: Sequence[Grid]) -> Iterator[Chart]:
    """Bars of the answers in time, and of what was answered, where nothing is kept back."""
    for number, (part, grid) in enumerate(zip(parts, made, strict=True)):
        stacked = {IN_TIME, LATE, *ENDS} if part.of_requests else set()
        at = [n for n, (column, _title) in enumerate(part.columns) if column in stacked]
        rows = [row for row in grid.rows if row.key != "all"]
        figures = [[row.cells[n] for row in rows] for n in at]
        whole = [tuple(one for one in series if isinstance(one, int)) for series in figures]
        if rows and at and all(len(one) == len(rows) for one in whole):
            series = tuple((grid.columns[n], one) for n, one in zip(at, whole, strict=True) if any(one))
            if series:
                yield Chart(grid.title, tuple(row.title for row in rows), series, number, stacked=True)
