"""Reports as files: every form says the same, the desk's own files are found right by its own check, and a figure that
is changed in one is told.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from openpyxl import load_workbook

from db.records import Role
from desktop.casework import oversight, publication
from desktop.casework.today import today as desk_today
from desktop.policy.disclosurecontrol import NHS, NONE, Control, control_of
from desktop.policy.oversight import GROUNDS_HEAD
from desktop.policy.publication import Per
from desktop.policy.publishedtables import check_table
from desktop.policy.reports import Grid, GridRow, Report, as_csv, as_json, as_workbook
from desktop.policy.tables import read_tables
from tests.fixtures import Office
from tests.store.test_publication import asked

FIRST = date(2016, 1, 1)
CONTROLS = [NONE, NHS, Control(3), Control(20)]
Make = Callable[[Office, Control], Report]


def register(per: Per, table: str = "Tracing requests") -> Make:
    def made(office: Office, control: Control) -> Report:
        wanted = asked(FIRST, office.entry.today(), per, control, table)
        return publication.publication(office.desk(Role.RECORDS_OFFICER), wanted).report

    return made


def board(office: Office, control: Control) -> Report:
    return oversight.oversight(office.desk(Role.GUARDIAN), FIRST, office.entry.today(), control)


def now(office: Office, _control: Control) -> Report:
    return desk_today(office.desk(Role.GUARDIAN), named=False)


REPORTS: dict[str, Make] = {
    "register": register(Per.ALL),
    "register by year": register(Per.YEAR),
    "register by month": register(Per.MONTH),
    "status checks": register(Per.YEAR, "Status checks"),
    "oversight": board,
    "today": now,
}


of_each = pytest.mark.parametrize(
    ("what", "control"),
    [pytest.param(what, control, id=f"{what}, {control.id}") for what in REPORTS for control in CONTROLS],
)


# What JSON looks like: "…" for any text, int and bool for themselves, a list for as many as there are

DAY, KEY = "a day", "a key"
SHAPE: dict[str, Any] = {
    "format": "tracing-desk-report-1",
    "title": str,
    "days": str,
    "from": DAY,
    "to": DAY,
    "organisation": str,
    "made_on": DAY,
    "control": control_of,
    "tables": [
        {
            "title": str,
            "from": DAY,
            "to": DAY,
            "head": str,
            "columns": [{"key": KEY, "title": str}],
            "rows": [{"key": KEY, "title": str, "part": bool, "sum": bool, "figures": {KEY: (int, str)}}],
            "note": str,
        }
    ],
    "notes": [str],
}


def fits(value: Any, shape: Any, where: str = "") -> None:
    """Fails where a value is not of this shape."""
    if isinstance(shape, dict) and set(shape) == {KEY}:
        for name, one in value.items():
            fits(name, KEY, where)
            fits(one, shape[KEY], f"{where}.{name}")
    elif isinstance(shape, dict):
        assert list(value) == list(shape), where
        for name, one in value.items():
            fits(one, shape[name], f"{where}.{name}")
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for number, one in enumerate(value):
            fits(one, shape[0], f"{where}[{number}]")
    elif shape == DAY:
        assert value == datetime.strptime(value, "%Y-%m-%d").date().isoformat(), where  # noqa: DTZ007  # a day
    elif shape == KEY:
        assert isinstance(value, str), where
        assert value, where
    elif isinstance(shape, str):
        assert value == shape, where
    elif shape is control_of:
        assert control_of(value).id == value
    else:
        assert type(value) in (shape if isinstance(shape, tuple) else (shape,)), where


@of_each
def test_json_is_of_the_shape_that_the_help_describes(sample_office: Office, what: str, control: Control) -> None:
    made = REPORTS[what](sample_office, control)
    said = json.loads(as_json(made))
    fits(said, SHAPE)
    assert said["control"] == ("none" if what == "today" else control.id)
    for table in said["tables"]:
        keys = [one["key"] for one in table["columns"]]
        assert all(list(row["figures"]) == keys for row in table["rows"])
        assert len({row["key"] for row in table["rows"]}) == len(table["rows"]), table["title"]
        assert len(set(keys)) == len(keys)
        assert table["from"] <= table["to"] <= said["to"]
        assert said["from"] <= table["from"] or table["title"] == "Received and answered by week"


def test_rows_and_columns_are_known_by_keys_that_are_not_their_titles(sample_office: Office) -> None:
    def keys(what: str, number: int) -> tuple[set[str], set[str]]:
        table = json.loads(as_json(REPORTS[what](sample_office, NONE)))["tables"][number]
        return {row["key"] for row in table["rows"]}, {one["key"] for one in table["columns"]}

    rows, columns = keys("register", 0)
    assert {"received", "brought", "processed", "carried", "pending", "held", "row:Rejected", "own:Rejected"} <= rows
    assert {"Police", "Total"} <= columns
    rows, columns = keys("oversight", 1)
    assert {"law-enforcement-tracing|police", "all"} <= rows
    assert columns == {"answered", "in_time", "late", "in_time of answered"}
    assert keys("today", 1)[1] == {"requests", "late"}
    assert all(date.fromisoformat(one).weekday() == 0 for one in keys("today", 0)[0])


def test_the_tables_of_a_register_say_their_days(sample_office: Office) -> None:
    for control, more in ((NONE, 1), (NHS, 0)):
        said = json.loads(as_json(register(Per.YEAR)(sample_office, control)))
        years = [one for one in said["tables"] if one["from"][:4] == one["to"][:4]]
        assert [one["from"][:4] for one in years] == sorted({one["from"][:4] for one in years})
        assert len(said["tables"]) == len(years) + more


def test_the_table_of_weeks_says_its_days(sample_office: Office) -> None:
    said = json.loads(as_json(REPORTS["today"](sample_office, NONE)))
    today = sample_office.entry.today().isoformat()
    weeks, *rest = said["tables"]
    assert (weeks["from"], weeks["to"]) == (weeks["rows"][0]["key"], today)
    assert weeks["from"] < today
    assert {(one["from"], one["to"]) for one in (said, *rest)} == {(today, today)}


def cells_of(made: Report) -> list[tuple[str, ...]]:
    return [(row.title, *map(str, row.cells)) for grid in made.grids for row in grid.rows]


@of_each
def test_every_form_says_the_same(sample_office: Office, what: str, control: Control) -> None:
    made = REPORTS[what](sample_office, control)
    cells = cells_of(made)
    titles = {grid.title for grid in made.grids}
    rows = [row for row in csv.reader(StringIO(as_csv(made).decode("utf-8-sig"))) if row and row[0] in titles]
    assert [tuple(row[1:]) for row in rows] == cells
    said = json.loads(as_json(made))
    assert [
        (row["title"], *map(str, row["figures"].values())) for table in said["tables"] for row in table["rows"]
    ] == cells
    sheets = read_tables(as_workbook(made)).tables
    read = [
        row.cells
        for (_name, table), grid in zip(sheets, made.grids, strict=False)
        for row in table.rows[: len(grid.rows)]
    ]
    assert [tuple(cell for cell in row[: len(one)]) for row, one in zip(read, cells, strict=True)] == cells


def test_a_workbook_has_whole_titles_and_a_head_that_stays(sample_office: Office) -> None:
    made = REPORTS["oversight"](sample_office, NONE)
    book = load_workbook(BytesIO(as_workbook(made)))
    assert (book.properties.creator, book.properties.title) == (made.organisation, f"{made.title}, {made.days}")
    assert any(len(grid.title) > 31 for grid in made.grids)
    for sheet, grid in zip(book.worksheets, made.grids, strict=False):
        assert sheet["A1"].value == grid.title
        assert sheet["A2"].value == grid.head
        assert sheet.freeze_panes == "B3"
        assert sheet.column_dimensions["A"].width >= min(60, max(len(row.title) for row in grid.rows))
    assert book.worksheets[-1].freeze_panes is None


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_rounding_is_known_from_the_notes(write: Callable[[Report], bytes]) -> None:
    rows = (GridRow("January", (10, 10, 15)), GridRow("February", (10, 10, 5)))
    grid = Grid("The year", "Month", ("A", "B", "Total"), rows)
    day = date(2026, 1, 1)
    found = check_table(write(Report("A", "2026", (grid,), (NHS.said,), "A body", day, (day, day), NHS.id)))
    assert (found.sums, found.nearest) == (2, 5)
    assert [one.split(":")[1] for one in found.faults] == [" 5, but the other columns make 20."]


@pytest.mark.parametrize("write", [as_csv, as_workbook])
@of_each
def test_the_files_of_the_desk_are_checked_without_a_fault(
    sample_office: Office, what: str, control: Control, write: Callable[[Report], bytes]
) -> None:
    made = REPORTS[what](sample_office, control)
    found = check_table(write(made))
    assert (found.faults, found.unread) == ((), ())
    assert found.sums > 0 or what == "today" or control.below


@pytest.mark.parametrize("last", [date(2016, 1, 31), date(2026, 6, 30)])
def test_a_share_of_nothing_is_no_figure_that_is_kept_back(sample_office: Office, last: date) -> None:
    found = check_table(as_csv(oversight.oversight(sample_office.desk(Role.GUARDIAN), FIRST, last, NONE)))
    assert (found.faults, found.kept_back, found.bounded) == ((), False, False)
    assert found.said.endswith("sums were checked, and each is right.")


def with_cell(made: Report, at: tuple[int, int, int], cell: int) -> Report:
    """The report with another figure in one cell: of which grid, row and column."""
    number, row, column = at
    grid = made.grids[number]
    line = grid.rows[row]
    cells = (*line.cells[:column], cell, *line.cells[column + 1 :])
    rows = (*grid.rows[:row], replace(line, cells=cells), *grid.rows[row + 1 :])
    grids = (*made.grids[:number], replace(grid, rows=rows), *made.grids[number + 1 :])
    return replace(made, grids=grids)


def summed(grid: Grid, row: int, column: int) -> bool:
    """Whether a figure is in a sum of which every figure is shown: the total of its row, the row of all, or a sum of
    the register's lines.
    """
    if grid.columns[-1] == "Total" and all(isinstance(cell, int) for cell in grid.rows[row].cells):
        return True
    cells = {line.key: line.cells[column] for line in grid.rows}
    if "all" in cells:
        parts = [line for line in grid.rows if not line.inset]
        return not grid.rows[row].inset and all(isinstance(line.cells[column], int) for line in parts)
    return any(
        grid.rows[row].key in one and all(isinstance(cells[key], int) for key in one) for one in sums_of(list(cells))
    )


def sums_of(keys: list[str]) -> list[list[str]]:
    """The lines of each sum of a register, from top to bottom, but of its totals."""
    found = [["received", "brought", "todo"], ["carried", "pending", "held"]]
    # What is folded into a row follows what is its own.
    found += [[keys[at - 1], key, keys[at + 1]] for at, key in enumerate(keys) if key.startswith("own:")]
    return [one for one in found if set(one) <= set(keys)]


NOT_SUMMED = {"Use of yearly caps", "People asked about more than once", "Second looks"}
"""Tables whose row of all, where there is one, is no sum of the others."""


def changes(made: Report) -> Iterator[tuple[tuple[int, int, int], int]]:
    """A cell of every sort of every table, and what it would be changed to."""
    for number, grid in enumerate(made.grids):
        if grid.title in NOT_SUMMED or grid.head == GROUNDS_HEAD:
            continue
        for row, line in enumerate(grid.rows):
            for column, cell in enumerate(line.cells):
                if isinstance(cell, int) and summed(grid, row, column):
                    # More than whatever rounding could make of it.
                    yield (number, row, column), cell + 1000


@pytest.mark.parametrize("control", CONTROLS, ids=lambda one: one.id)
@pytest.mark.parametrize("what", ["register", "register by year", "status checks", "oversight"])
def test_a_figure_that_is_changed_in_a_file_is_told(sample_office: Office, what: str, control: Control) -> None:
    made = REPORTS[what](sample_office, control)
    tried = list(changes(made))[:: 7 if what == "register by year" else 1]
    missed = [at for at, cell in tried if not check_table(as_csv(with_cell(made, at, cell))).faults]
    assert missed == []
    assert tried or control.below


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_what_a_period_brings_and_carries_forward_is_that_of_the_others(
    sample_office: Office, write: Callable[[Report], bytes]
) -> None:
    made = register(Per.YEAR)(sample_office, NONE)
    police, total = (made.grids[0].columns.index(one) for one in ("Police", "Total"))
    together = {"brought", "todo", "carried", "pending", "accounted"}
    assert len(made.grids) > 10
    for number, grid in enumerate(made.grids):
        raised = made
        for row, line in enumerate(grid.rows):
            for at in (police, total) if line.key in together else ():
                cell = line.cells[at]
                assert isinstance(cell, int)
                raised = with_cell(raised, (number, row, at), cell + 5)
        assert any("Police" in one for one in check_table(write(raised)).faults), grid.title


def test_every_figure_of_the_register_is_in_a_sum(sample_office: Office) -> None:
    """A line and its total that are changed together do not make their column."""
    rows = list(csv.reader(StringIO(as_csv(register(Per.ALL)(sample_office, NONE)).decode("utf-8-sig"))))
    end = rows.index([])
    tried = 0
    for row in rows[1:end]:
        for at in range(2, len(row) - 1):
            before = row[at], row[-1]
            row[at], row[-1] = str(int(row[at]) + 1), str(int(row[-1]) + 1)
            out = StringIO()
            csv.writer(out).writerows(rows)
            assert check_table(out.getvalue().encode()).faults, row[1]
            row[at], row[-1] = before
            tried += 1
    assert tried > 100
