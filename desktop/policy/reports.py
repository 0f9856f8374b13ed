"""A report as every form of it shows: titled grids of words and figures, with notes; and as CSV, JSON or a workbook.

Nothing in it names a person. Cells are safe in a spreadsheet (``desktop.policy.tables``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from desktop.policy.disclosurecontrol import HIDDEN
from desktop.policy.tables import write_csv
from desktop.policy.wording import day, figures, join_and
from desktop.policy.workbooks import write_workbook

Cell = str | int
"""A figure is an int; a figure that is not shown is a star."""
_MOST_TITLES = 2
FORMAT: Final = "tracing-desk-report-1"
"""The shape of the JSON, which the help describes."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """A line: its title, its cells, and how it stands: a part of the line over it, or a sum."""

    title: str
    cells: tuple[Cell, ...]
    inset: bool = False
    whole: bool = False
    key: str = ""
    """What programs know it by, whatever its title says; "" for its title."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a title. ``head`` is over the titles of the rows, ``columns`` over the cells."""

    title: str
    head: str
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]
    note: str = ""
    keys: tuple[str, ...] = ()
    """What programs know the columns by, whatever their titles say; () for their titles."""
    span: tuple[date, date] | None = None
    """Its days, both ends too, where they are not those of the report."""

    def is_figures(self, column: int) -> bool:
        """Whether a column stands as figures do, at the right: none of its cells begins with a word ("20 days")."""
        return not any(isinstance(cell := row.cells[column], str) and cell[:1].isalpha() for row in self.rows)

    def texts(self) -> tuple[str, ...]:
        """Every piece of text in it."""
        cells = (str(cell) for row in self.rows for cell in row.cells)
        return (self.title, self.head, *self.columns, *(row.title for row in self.rows), *cells, self.note)


@dataclass(frozen=True, slots=True)
class Chart:
    """Where people look before they read: bars of each category, side by side or, ``stacked``, on each other. The
    figures are those of the grid with this number, which stands beside it.
    """

    title: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]
    """Each with its name and a figure for each category."""
    grid: int
    stacked: bool = False
    short: tuple[str, ...] = ()
    """The categories in fewer letters, for bars with little room between them: "Jun". Whoever hears them hears all."""


@dataclass(frozen=True, slots=True)
class Report:
    """A titled report of some days, with what stands under it."""

    title: str
    days: str
    grids: tuple[Grid, ...]
    notes: tuple[str, ...]
    organisation: str
    made_on: date
    span: tuple[date, date]
    """Its days, both ends too."""
    control: str
    """The id of the way in which small figures are kept back."""
    charts: tuple[Chart, ...] = ()
    faults: tuple[str, ...] = ()
    """Where it does not add up, with the cases; it does not leave the desk while there are any."""


def chart_words(chart: Chart) -> str:
    """What a chart shows, for whoever cannot see it: "June 2026: 4; July 2026: 1.". A bar's parts follow its sum."""
    told = []
    for at, category in enumerate(chart.categories):
        parts = [(name, counts[at]) for name, counts in chart.series]
        said = ", ".join(f"{name} {figures(count)}" for name, count in parts)
        if len(parts) == 1:
            said = figures(parts[0][1])
        elif chart.stacked:
            said = f"{figures(sum(count for _, count in parts))} ({said})"
        told.append(f"{category}: {said}")
    return f"{'; '.join(told)}." if told else "There are no figures."


def said_where_none_is_shown(grids: Sequence[Grid]) -> tuple[str, ...]:
    """That tables have nothing but stars and nought, and why, for the notes of a report whose small figures are kept
    back; () where there is no such table.
    """
    starred = [grid.title for grid in grids if _is_starred(grid)]
    if not starred:
        return ()
    where = f"In {join_and([f'“{title}”' for title in starred])}"
    if len(starred) > _MOST_TITLES:
        where = f"In {len(starred)} of the {len(grids)} tables"
    why = "every figure but 0 is kept back: each is small, or could tell one that is."
    return (f"{where} {why} A table of more days may show some.",)


def _is_starred(grid: Grid) -> bool:
    cells = [str(cell) for row in grid.rows for cell in row.cells]
    return HIDDEN in cells and not any(cell[:1].isdigit() and cell.strip("0.%") for cell in cells)


def figures_hash(grids: Sequence[Grid]) -> str:
    """The SHA-256 of what these grids say, whenever they were counted."""
    said = [[grid.title, list(grid.columns), [[row.title, list(row.cells)] for row in grid.rows]] for grid in grids]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def as_csv(report: Report) -> bytes:
    """One table: what each grid is of and the title of its row before the cells. Grids whose columns differ follow each
    other, each under its own headings.
    """
    rows: list[Sequence[str]] = []
    headings: Sequence[str] = ()
    first: Sequence[str] | None = None
    for grid in report.grids:
        now = ("Table", grid.head, *grid.columns)
        if first is None:
            first = now
        elif now != headings:
            rows += [(), now]
        headings = now
        rows += [(grid.title, row.title, *map(str, row.cells)) for row in grid.rows]
    rows += [(), *((note,) for note in (*(one.note for one in report.grids if one.note), *report.notes))]
    return write_csv(first or ("Table",), rows)


def as_json(report: Report) -> bytes:
    """The report in UTF-8, its days as ISO 8601 has them, its rows and columns by their keys."""
    said = {
        "format": FORMAT,
        "title": report.title,
        "days": report.days,
        **_span(report.span),
        "organisation": report.organisation,
        "made_on": report.made_on.isoformat(),
        "control": report.control,
        "tables": [
            {
                "title": grid.title,
                **_span(grid.span or report.span),
                "head": grid.head,
                "columns": [{"key": key, "title": title} for key, title in zip(_keys(grid), grid.columns, strict=True)],
                "rows": [
                    {
                        "key": row.key or row.title,
                        "title": row.title,
                        "part": row.inset,
                        "sum": row.whole,
                        "figures": dict(zip(_keys(grid), row.cells, strict=True)),
                    }
                    for row in grid.rows
                ],
                "note": grid.note,
            }
            for grid in report.grids
        ],
        "notes": list(report.notes),
    }
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()


def _keys(grid: Grid) -> tuple[str, ...]:
    return grid.keys or grid.columns


def _span(days: tuple[date, date]) -> dict[str, str]:
    return {"from": days[0].isoformat(), "to": days[1].isoformat()}


def as_workbook(report: Report, meanwhile: Callable[[], None] = lambda: None) -> bytes:
    """An XLSX workbook: a sheet for each grid under its whole title, of which the sheet's own name may be a part alone,
    and the last for the notes. `meanwhile` as in ``write_workbook``.
    """
    sheets: list[tuple[str, list[Sequence[Cell]]]] = []
    for grid in report.grids:
        rows: list[Sequence[Cell]] = [(grid.title,), (grid.head, *grid.columns)]
        rows += [(row.title, *row.cells) for row in grid.rows]
        sheets.append((grid.title, rows + ([(), (grid.note,)] if grid.note else [])))
    about: list[Sequence[Cell]] = [(report.title,), (report.days,), (report.organisation,), (day(report.made_on),)]
    sheets.append(("Notes", about + [(note,) for note in report.notes]))
    return write_workbook(sheets, meanwhile, title=f"{report.title}, {report.days}", creator=report.organisation)
