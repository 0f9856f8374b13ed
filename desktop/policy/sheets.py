"""A table of counts that adds up on its face: lines, columns, and which lines are the sum of which others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TOTAL = "Total"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a sheet. ``inset`` for one that is a part of the line over it, ``whole`` for a sum."""

    id: str
    title: str
    inset: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """That a line is the sum of others, in each column."""

    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Counts by line and column. With several columns the last is their total; the figures are as they were counted,
    each by itself, so that a fault shows.
    """

    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    sums: tuple[Sum, ...]
    figures: Mapping[str, tuple[int, ...]]
    """The id of a line to its figures, in the order of the columns."""

    @property
    def totalled(self) -> bool:
        """Whether the last column is the total of those before it."""
        return self.columns[-1:] == (TOTAL,)

    def line(self, line_id: str) -> Line:
        """The line with this id. Raises KeyError."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise KeyError(line_id)


@dataclass(frozen=True, slots=True)
class Unequal:
    """A cell that is not the sum that it should be, in words fit to show."""

    line: str
    """The line's id."""
    column: str
    said: str


def unequal(sheet: Sheet) -> tuple[Unequal, ...]:
    """Every cell that does not reconcile: a sum of lines in some column, or the total of a line."""
    found = []
    for one in sheet.sums:
        for at, column in enumerate(sheet.columns):
            have, parts = sheet.figures[one.whole][at], [sheet.figures[part][at] for part in one.parts]
            if have != sum(parts):
                named = " + ".join(sheet.line(part).title for part in one.parts)
                found.append(_fault(sheet, one.whole, column, have, sum(parts), named))
    if sheet.totalled:
        for line in sheet.lines:
            *parts, have = sheet.figures[line.id]
            if have != sum(parts):
                found.append(_fault(sheet, line.id, TOTAL, have, sum(parts), "the columns together"))
    return tuple(found)


def _fault(sheet: Sheet, line: str, column: str, have: int, should: int, named: str) -> Unequal:
    where = f"{sheet.title}, {sheet.line(line).title}, {column}"
    return Unequal(line, column, f"{where}: {have:,}, but {named} makes {should:,}.")
