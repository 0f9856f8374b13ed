"""The rows of a published table: their titles, what stands before those, and in which words the place of a figure is
told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desktop.policy.publishedcells import Amount, Column, cell_of
from desktop.policy.publishedchecks import Wrong
from desktop.policy.publishedsums import is_sum
from desktop.policy.tables import TableRow


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a published table, with what it has in the columns of figures and in those of shares."""

    sheet: str
    """"" for a file that is one table."""
    table: str
    """What stands before its title."""
    group: str
    """The same where it stands for several rows, which are a table."""
    title: str
    number: int
    cells: tuple[str, ...]
    figures: tuple[Amount, ...]
    shares: tuple[str, ...]


def rows_of(
    columns: Sequence[Column], of: Sequence[int], read: Sequence[TableRow], title: int, sheet: str
) -> list[Row]:
    """The rows of a table, whose titles stand in the column `title`, and shares in the columns `of`."""
    return [
        Row(
            sheet,
            before,
            group,
            row.cells[title].rstrip(),
            row.number,
            tuple(cell_of(row, one.at) for one in columns),
            tuple(one.amount(cell_of(row, one.at)) for one in columns),
            tuple(cell_of(row, at) for at in of),
        )
        for row, before, group in _with_titles_before(read, title)
        if len(row.cells) > title
    ]


def by_table(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows by what stands before their titles."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.group, []).append(row)
    return found


def _with_titles_before(read: Sequence[TableRow], title: int) -> Iterator[tuple[TableRow, str, str]]:
    """Each row with what stands before its title, which may stand once for several rows below each other; and the same
    as the name of a table, unless each row has its own, as it has a number or a code, or all of them have one.
    """
    said = [" ".join(row.cells[:title]).strip() for row in read]
    merged = any(not one and not is_sum(cell_of(row, title)) for row, one in zip(read, said, strict=True))
    each = [one for row, one in zip(read, said, strict=True) if not is_sum(cell_of(row, title))]
    alone = not merged and len(each) > 1 and len(set(each)) in (1, len(each))
    before = ""
    for row, one in zip(read, said, strict=True):
        before = one if one or not merged else before
        yield row, before, "" if alone else before


def place_of(row: Row, column: str) -> str:
    """Where a figure stands, in words."""
    number = f"{row.sheet}, row {row.number}" if row.sheet else f"Row {row.number}"
    return ", ".join(part for part in (number, row.table, row.title.strip(), column) if part)


def quoted(cell: str) -> str:
    """A cell as it is told of, cut short."""
    return f"“{cell[:40]}…”" if len(cell) > 40 else f"“{cell}”"


def fault_of(row: Row, column: str, wrong: Wrong) -> str:
    """A sum that is wrong, with its cell."""
    return f"{place_of(row, column)}: {wrong.said}"
