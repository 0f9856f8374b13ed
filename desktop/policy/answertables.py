"""A table of figures that goes into an answer: what was asked for, and what was counted on the day it was recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from desktop.policy.reports import Cell, Grid, GridRow

PART: Final = "table"
"""The part of a value, beside what it says and when that was recorded, in which its table is kept."""


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """A publication as it stands in a letter, and what it was asked by."""

    table: str
    first: date
    last: date
    per: str
    control: str
    days: str
    """The days in words."""
    grids: tuple[Grid, ...]
    notes: tuple[str, ...]

    @property
    def title(self) -> str:
        """Such as "Tracing requests, January to March 2016"."""
        return f"{self.table}, {self.days}"


def in_print(grids: Sequence[Grid]) -> tuple[Grid, ...]:
    """Grids as a letter has them, without what only programs read."""
    return tuple(
        replace(grid, span=None, keys=(), rows=tuple(replace(row, key="") for row in grid.rows)) for grid in grids
    )


def packed(of: AnswerTable) -> str:
    """The table as text that ``unpacked`` reads."""
    grids = [
        {
            "title": grid.title,
            "head": grid.head,
            "columns": list(grid.columns),
            "rows": [[row.title, list(row.cells), row.inset, row.whole] for row in grid.rows],
            "note": grid.note,
        }
        for grid in of.grids
    ]
    said = {"table": of.table, "first": str(of.first), "last": str(of.last), "per": of.per, "control": of.control}
    return json.dumps({**said, "days": of.days, "grids": grids, "notes": list(of.notes)}, ensure_ascii=False)


def unpacked(text: str) -> AnswerTable:
    """The table that ``packed`` has written."""
    said: dict[str, Any] = json.loads(text)
    return AnswerTable(
        table=said["table"],
        first=date.fromisoformat(said["first"]),
        last=date.fromisoformat(said["last"]),
        per=said["per"],
        control=said["control"],
        days=said["days"],
        grids=tuple(
            Grid(
                grid["title"],
                grid["head"],
                tuple(grid["columns"]),
                tuple(
                    GridRow(title, tuple(_cell(one) for one in cells), inset, whole)
                    for title, cells, inset, whole in grid["rows"]
                ),
                grid["note"],
            )
            for grid in said["grids"]
        ),
        notes=tuple(said["notes"]),
    )


def _cell(value: Any) -> Cell:
    return value if isinstance(value, int) else str(value)


def value_words(value: Mapping[str, str]) -> str:
    """What was recorded of an item, when, and which table goes with it, a line each."""
    on, table = value.get("recorded_on", ""), value.get(PART, "")
    lines = (value.get("value", ""), f"Recorded on {on}" if on else "")
    return "\n".join(one for one in (*lines, f"With the table “{unpacked(table).title}”" if table else "") if one)


def table_in(values: Mapping[str, Mapping[str, str]]) -> AnswerTable | None:
    """The table among the values of an outcome, if one has any."""
    for value in values.values():
        if value.get(PART):
            return unpacked(value[PART])
    return None
