"""XLSX workbooks that the desk writes: words stay words, and nothing in them is a formula."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from desktop.policy.dates import MONTHS

_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_NAME: Final = 31
_MONTH: Final = re.compile(rf"\b({'|'.join(MONTHS)})\b")
_NARROWEST, _WIDEST, _PROSE = 8, 60, 100
"""Characters in a column at least and at most, and in the one column of a sheet without a table."""

Rows = Sequence[Sequence[str | int]]


def write_workbook(
    sheets: Sequence[tuple[str, Rows]],
    meanwhile: Callable[[], None] = lambda: None,
    *,
    title: str = "",
    creator: str = "",
) -> bytes:
    """An XLSX workbook of these titled sheets, with what it says of itself. The first row of a sheet with more than one
    cell has the headings of its table: they stay in sight, and so do the titles of its rows.

    `meanwhile` is called for each sheet as it is filled and as it is packed, and stops it by raising.
    """
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.creator = title, creator
    taken: set[str] = set()
    for name, rows in sheets:
        meanwhile()
        _fill(book.create_sheet(_sheet_name(name, taken)), rows)
    out = BytesIO()
    with _Packed(out, meanwhile) as packed:
        ExcelWriter(book, packed).save()
    return out.getvalue()


def _fill(sheet: Any, rows: Rows) -> None:
    from openpyxl.styles import Alignment, Font

    head = next((number for number, row in enumerate(rows, 1) if len(row) > 1), 0)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
            if number <= head:
                cell.font = Font(bold=True)
            elif not head:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    if head:
        sheet.freeze_panes = sheet.cell(head + 1, 2)
    for column, width in enumerate(_widths(rows[head - 1 :]) if head else [_PROSE], 1):
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = width


def _widths(table: Rows) -> list[int]:
    """Of each column: what stands alone in its row is a note, and runs on over the cells beside it."""
    longest = [0] * max(map(len, table))
    for row in table:
        for at, value in enumerate(row if len(row) > 1 else ()):
            longest[at] = max(longest[at], len(str(value)) + 2)
    return [min(max(one, _NARROWEST), _WIDEST) for one in longest]


class _Packed(ZipFile):
    """What a workbook is packed into: each of its sheets is in a file of its own before."""

    def __init__(self, out: BytesIO, meanwhile: Callable[[], None]) -> None:
        super().__init__(out, "w", ZIP_DEFLATED)
        self._meanwhile = meanwhile

    def write(self, filename: Any, *arguments: Any, **named: Any) -> None:
        """One of them."""
        try:
            self._meanwhile()
            super().write(filename, *arguments, **named)
        except BaseException:
            Path(filename).unlink(missing_ok=True)
            raise


def _sheet_name(title: str, taken: set[str]) -> str:
    """At most 31 characters, none of those that a spreadsheet refuses, and no name twice. Of a longer title the months
    are shortened first, and then whole words left out at its end.
    """
    plain = _NOT_IN_NAMES.sub(" ", title).strip("' ") or "Sheet"
    if len(plain) > _LONGEST_NAME:
        plain = _MONTH.sub(lambda found: found[0][:3], plain)
    if len(plain) > _LONGEST_NAME:
        whole = plain[: _LONGEST_NAME + 1].rpartition(" ")[0] or plain[:_LONGEST_NAME]
        plain = whole.rstrip(" ,:;")
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain[: _LONGEST_NAME - len(str(number)) - 1]} {number}"
    taken.add(name.casefold())
    return name
