"""Whether a table that somebody published adds up: real ones do not always (the United Kingdom government's own freedom
of information statistics for July to September 2023 give 58 responses and 57 outcomes).

A column or a row whose title begins with "Total", "All" or "Received" is the sum of the others; rows that begin with
"of which" are parts of the row over them. A cell with a star, a dash or "c" is a figure that is kept back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desktop.policy.tables import NotATable, read_table
from desktop.policy.wording import figures

_TOTAL = re.compile(r"\s*(grand\s+)?(total|all|received|responded)\b", re.IGNORECASE)
_PART = re.compile(r"\s*of which\b", re.IGNORECASE)
_KEPT_BACK = frozenset({"*", "-", "–", "—", "c", "[c]", "x", "[x]", "~"})
_FIGURE = re.compile(r"\s*-?\d{1,3}(?:[, \u00a0]?\d{3})*\s*")


@dataclass(frozen=True, slots=True)
class Checked:
    """How many sums were checked, and those that are wrong, each with its cell in words."""

    sums: int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    table: str
    title: str
    number: int
    figures: tuple[int | None, ...]


def check_table(content: bytes) -> Checked:
    """Checks each total of a CSV file or a workbook. Raises NotATable."""
    table = read_table(content)
    columns = [at for at in range(1, len(table.headings)) if _is_figures(table.rows, at)]
    if not columns:
        raise NotATable("No column of this table has figures in every row.")
    names = [table.headings[at] for at in columns]
    many, faults = 0, list[str]()
    rows = [
        _Row(
            " ".join(row.cells[: columns[0] - 1]).strip(),
            row.cells[columns[0] - 1].strip(),
            row.number,
            tuple(_figure(row.cells[at]) if at < len(row.cells) else 0 for at in columns),
        )
        for row in table.rows
        if len(row.cells) > columns[0] - 1 and any(_figure(cell) is not None for cell in row.cells[columns[0] :])
    ]
    for row in rows:
        checked, wrong = _across(row, names)
        many, faults = many + checked, faults + wrong
    for of in dict.fromkeys(row.table for row in rows):
        checked, wrong = _down([row for row in rows if row.table == of], names)
        many, faults = many + checked, faults + wrong
    return Checked(many, tuple(faults))


def _is_figures(rows: Sequence[object], at: int) -> bool:
    cells = [row.cells[at].strip() if at < len(row.cells) else "" for row in rows]  # type: ignore[attr-defined]
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(_FIGURE.fullmatch(cell) or cell.casefold() in _KEPT_BACK for cell in filled)


def _figure(cell: str) -> int | None:
    """The figure; nothing for nil, and None for one that is kept back."""
    text = cell.strip()
    if _FIGURE.fullmatch(text):
        return int(re.sub(r"[^\d-]", "", text))
    return None if text else 0


def _across(row: _Row, names: Sequence[str]) -> tuple[int, list[str]]:
    totals = [at for at, name in enumerate(names) if _TOTAL.match(name)]
    parts = [row.figures[at] for at in range(len(names)) if at not in totals]
    many, faults = 0, []
    for at in totals:
        have = row.figures[at]
        if have is None or None in parts or not parts:
            continue
        many += 1
        should = sum(one or 0 for one in parts)
        if have != should:
            faults.append(_said(row, names[at], have, should, "the other columns"))
    return many, faults


def _down(rows: Sequence[_Row], names: Sequence[str]) -> tuple[int, list[str]]:
    many, faults = 0, []
    for at, name in enumerate(names):
        since: list[int | None] = []
        before: list[int | None] = []
        for row in rows:
            have = row.figures[at]
            if not _TOTAL.match(row.title):
                since += [] if _PART.match(row.title) else [have]
                continue
            choices = [one for one in (since, [*since, *before[-1:]], before) if one and None not in one]
            if have is not None and choices and (since or len(before) > 1):
                many += 1
                should = [sum(part or 0 for part in one) for one in choices]
                if have not in should:
                    faults.append(_said(row, name, have, should[0], "the rows over it"))
            before, since = [*before, have], []
    return many, faults


def _said(row: _Row, column: str, have: int, should: int, of: str) -> str:
    where = ", ".join(part for part in (f"Row {row.number}", row.table, row.title, column) if part)
    return f"{where}: {figures(have)}, but {of} make {figures(should)}."
