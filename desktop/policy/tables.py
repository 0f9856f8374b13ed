"""A table that somebody sent, CSV or XLSX, as text: headings and rows, within limits, with nothing run or followed.

What a spreadsheet would take for a formula is told apart on the way out: such a cell gets an apostrophe before it, and
loses it on the way in (OWASP, CSV injection: https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any

from desktop.policy.filekinds import CSV, TEXT, XLSX, NotAccepted, decoded, kind_of, size_words

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
LONGEST_CELL = 10_000
_FORMULA = (*"=+-@＝＋－＠", "\t", "\r", "\n")
_SEPARATORS = ",;\t|"
_MAY_BE_HEAD = 30
"""So many rows, empty ones left out, from the first may have the headings."""
_SHARE = re.compile(r"[#,]*0\.?(0*)%")
"""How a spreadsheet is told to show a number as a share, and with how many places."""
_RUNS = re.compile(r"=.|[+\-@][A-Za-z_.]+\(|[+\-@].*\|.*!", re.DOTALL)
"""What a spreadsheet would run, and no name, number or address is."""
_ERRORS = frozenset(
    "#N/A #REF! #VALUE! #DIV/0! #NAME? #NULL! #NUM! #SPILL! #CALC! #FIELD! #BLOCKED! #UNKNOWN! #GETTING_DATA".split()
)


class NotATable(ValueError):
    """This file cannot be read as a table of requests, and why, in words fit to show."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row, with the number that a spreadsheet shows beside it."""

    number: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()
    """The columns, from 0, in which a formula or a spreadsheet's error stands: what it gives is not known."""
    ticks: frozenset[int] = frozenset()
    """The columns in which a workbook has no words but TRUE or FALSE: "yes" or "no" here."""
    breaks_off: bool = False
    """Whether the file ends in the middle of it."""


@dataclass(frozen=True, slots=True)
class Table:
    """What was sent: its headings, and the rows under them that are not empty."""

    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]
    media_type: str
    head: int = 1
    """The number of the row that has the headings."""
    beginnings: tuple[tuple[int, str], ...] = ()
    """The first rows that may have the headings: their numbers, and what they begin with."""
    sheet: str = ""
    """The workbook's sheet that this is; "" for a file without sheets."""
    sheets: tuple[str, ...] = ()
    """Every sheet of the workbook that is not empty."""
    guessed_sheet: bool = True
    """Whether it is the sheet that is taken where none is asked for."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Every sheet of a workbook that is a table, with its name, or the one table of a file without sheets, whose name
    is ""; and every cell of the file that is not empty, whether it stands in a table or beside one.
    """

    tables: tuple[tuple[str, Table], ...]
    cells: tuple[str, ...]


def read_table(content: bytes, sheet: str = "", head: int = 0) -> Table:
    """The table in a file's bytes; its kind is told by the content. Raises NotATable.

    Without a `sheet`, the first that is not hidden and is a table. Without the number of the row with the headings,
    the first row with more than half as many cells as the widest below: a title over the table is no heading.
    """
    kind, sheets, usual = _read(content)
    if kind != XLSX:
        return _table(sheets[""], kind, head)
    if sheet and sheet not in sheets:
        raise NotATable(f"The workbook has no sheet “{sheet[:60]}” with anything in it.")
    name = sheet or usual
    table = _table(sheets.get(name, ()), kind, head)
    return replace(table, sheet=name, sheets=tuple(sheets), guessed_sheet=name == usual)


def read_tables(content: bytes) -> Tables:
    """Everything in a file. The heading of each table is guessed as ``read_table`` does; a formula is read as what the
    workbook says that it gave. Raises NotATable where there is no table.
    """
    kind, sheets, _usual = _read(content)
    if any(row.formulas for rows in sheets.values() for row in rows) and kind == XLSX:
        given = _of_workbook(content, given=True)[0]
        sheets = {name: _with_given(rows, given.get(name, ())) for name, rows in sheets.items()}
    found = [(name, rows) for name, rows in sheets.items() if kind != XLSX or _is_table(rows)]
    if not found:
        raise NotATable("No sheet of the workbook is a table.")
    words = tuple(cell for rows in sheets.values() for row in rows for cell in row.cells if cell.strip())
    return Tables(tuple((name, _table(rows, kind)) for name, rows in found), words)


def _read(content: bytes) -> tuple[str, Mapping[str, Sequence[TableRow]], str]:
    """The kind of the file, its sheets with their rows, and the name of the one that is taken for the table."""
    if len(content) > MOST_BYTES:
        raise NotATable(f"The file is larger than {size_words(MOST_BYTES)}. Save it in parts, and try again.")
    try:
        kind = kind_of(content)
    except NotAccepted as error:
        raise NotATable(f"{error.why} A table is a CSV file or an Excel workbook (.xlsx).") from error
    if kind == XLSX:
        return kind, *_of_workbook(content)
    if kind in (CSV, TEXT) and not _is_json(content):
        return kind, {"": list(_of_text(content))}, ""
    raise NotATable("This is no table. Save it as a CSV file or an Excel workbook (.xlsx), and try again.")


def _is_json(content: bytes) -> bool:
    if (text := (decoded(content) or "").lstrip())[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _with_given(rows: Iterable[TableRow], given: Iterable[TableRow]) -> list[TableRow]:
    """The rows with what their formulas gave; one that has not been worked out begins with "="."""
    said = {row.number: row.cells for row in given}
    found = []
    for row in rows:
        cells = list(row.cells)
        for at in (one for one in row.formulas if one < len(cells)):
            gave = said.get(row.number, ())[at : at + 1]
            cells[at] = next(filter(None, gave), cells[at] if cells[at].startswith("=") else "=")
        found.append(replace(row, cells=tuple(cells)))
    return found


def _table(found: Iterable[TableRow], kind: str, head: int = 0) -> Table:
    rows = [row for row in found if _filled(row)]
    if not rows:
        raise NotATable("The file is empty: it has no heading and no row.")
    first = rows[:_MAY_BE_HEAD]
    beginnings = tuple(
        (row.number, " · ".join(cell.strip() for cell in row.cells if cell.strip())[:80]) for row in first
    )
    top = next((row for row in first if row.number == head), None) if head else _guessed_head(rows)
    if top is None:
        raise NotATable(f"Row {head} is empty, or too far down to have the headings.")
    headings = tuple(cell.strip() for cell in top.cells)
    while headings and not headings[-1]:
        headings = headings[:-1]
    under = tuple(row for row in rows if row.number > top.number)
    if not under:
        raise NotATable(f"The file has headings in row {top.number}, and no row under them.")
    return Table(headings, under, kind, head=top.number, beginnings=beginnings)


def _filled(row: TableRow) -> int:
    return sum(1 for cell in row.cells if cell.strip())


def _guessed_head(rows: Sequence[TableRow]) -> TableRow:
    wide = max(_filled(row) for row in rows[:_MAY_BE_HEAD])
    # The last row has none under it.
    return next((row for row in rows[:_MAY_BE_HEAD][:-1] if _filled(row) * 2 > wide), rows[0])


def _of_text(content: bytes) -> Iterator[TableRow]:
    text = decoded(content)
    if text is not None and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        _check_damage(content)
    if text is None:
        raise NotATable("The file is not text in UTF-8, UTF-16 or Windows-1252. Save it as CSV UTF-8, and try again.")
    lines = csv.reader(StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    number, wide, last = 0, 0, None
    try:
        for number, cells in enumerate(lines, 1):
            if last is not None:
                yield replace(last, breaks_off=False)
            if number == 1 and cells and cells[0].casefold().startswith("sep="):
                continue
            wide = max(wide, len(cells)) if number <= _MAY_BE_HEAD else wide
            breaks_off = 0 < len(cells) < wide
            row = _row(number, [_restored(cell) for cell in cells])
            last = replace(row, formulas=_formulas(cells), breaks_off=breaks_off)
        if last is not None:
            yield replace(last, breaks_off=last.breaks_off and not text.endswith(("\n", "\r")))
    except csv.Error as error:
        words = _damage(str(error))
        raise NotATable(f"Row {number + 1}: {words}. Mend the file, and try again.") from error


def _damage(error: str) -> str:
    """What the reader of CSV says, in words for whoever sent the file."""
    if "unexpected end" in error:
        return "a quotation mark is not closed"
    if "field limit" in error:
        return f"the text in a cell is longer than {LONGEST_CELL:,} characters"
    return f"it is damaged ({error})"


def _check_damage(content: bytes) -> None:
    """Text in UTF-8 with a broken byte would read as another encoding, with every name in it garbled."""
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        around = content.decode("utf-8", "replace").replace("\ufffd", "")
        if not around.isascii():
            row = content[: error.start].count(b"\n") + 1
            raise NotATable(f"Row {row}: a character is broken. Save the file as CSV UTF-8, and try again.") from error


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.casefold().startswith("sep=") and len(first) == 5:
        return first[4]
    return max(_SEPARATORS, key=first.count)


def _formulas(cells: Sequence[str]) -> frozenset[int]:
    """The cells, as they stand in the file, that no person wrote to be read."""
    return frozenset(at for at, cell in enumerate(cells) if _RUNS.match(cell.strip()) or cell.strip() in _ERRORS)


def _of_workbook(content: bytes, *, given: bool = False) -> tuple[dict[str, list[TableRow]], str]:
    """The sheets that are not empty, and the one that is taken for the table. Only values: a formula is said to be
    one, or where what it gave is wanted, is that.
    """
    from openpyxl import load_workbook

    sheets: dict[str, list[TableRow]] = {}
    hidden: set[str] = set()
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=given, keep_links=False)
        try:
            for sheet in book.worksheets:
                # What the file says of its own size may be a lie.
                sheet.reset_dimensions()
                rows = list(_of_sheet(sheet.iter_rows()))
                if any(_filled(row) for row in rows):
                    sheets[sheet.title] = rows
                    if sheet.sheet_state != "visible":
                        hidden.add(sheet.title)
        finally:
            book.close()
    except NotATable:
        raise
    except Exception as error:
        raise NotATable("The workbook is damaged: it cannot be read. Save it again, and try again.") from error
    return sheets, _usual_sheet(sheets, hidden)


def _usual_sheet(sheets: Mapping[str, Sequence[TableRow]], hidden: Collection[str]) -> str:
    """The first sheet to be seen with a row of two cells or more under another such; else the first."""
    seen = [name for name in sheets if name not in hidden] or list(sheets)
    return next((name for name in seen if _is_table(sheets[name])), seen[0] if seen else "")


def _is_table(rows: Iterable[TableRow]) -> bool:
    return sum(1 for row in rows if _filled(row) > 1) > 1


def _of_sheet(rows: Iterable[Sequence[Any]]) -> Iterator[TableRow]:
    for number, cells in enumerate(rows, 1):
        if number > MOST_ROWS * 2:
            raise NotATable(f"The sheet has more than {MOST_ROWS:,} rows. Save it in parts, and try again.")
        row = _row(number, [_cell_text(cell) for cell in cells])
        formulas = frozenset(at for at, cell in enumerate(cells) if getattr(cell, "data_type", "") in ("f", "e"))
        ticks = frozenset(at for at, cell in enumerate(cells) if isinstance(getattr(cell, "value", None), bool))
        yield replace(row, formulas=formulas, ticks=ticks)


def _cell_text(cell: Any) -> str:
    """A cell as a person would read it. Days are told as 1990-03-14."""
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float) and (share := _SHARE.match(cell.number_format)):
        return f"{value * 100:.{len(share[1])}f}%"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return _restored(str(value))


def _row(number: int, cells: list[str]) -> TableRow:
    if number > MOST_ROWS + 1:
        raise NotATable(f"The file has more than {MOST_ROWS:,} rows. Save it in parts, and try again.")
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise NotATable(f"Row {number}: there are more than {MOST_COLUMNS} columns. Is the separator right?")
    for column, cell in enumerate(cells, 1):
        if len(cell) > LONGEST_CELL:
            raise NotATable(f"Row {number}, column {column}: the text is longer than {LONGEST_CELL:,} characters.")
    return TableRow(number, tuple(cells))


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula. ``read_table`` gives the text back as it was."""
    return f"'{text}" if text.startswith(("'", *_FORMULA)) else text


def _restored(text: str) -> str:
    """What ``safe_cell`` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(("'", *_FORMULA)) else text


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file (UTF-8 with its mark, so that a spreadsheet reads every name right) whose cells are safe."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_cell(one) for one in headings])
    writer.writerows([safe_cell(one) for one in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")
