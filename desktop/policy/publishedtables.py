"""Whether a table that somebody published adds up: real ones do not always (the United Kingdom government's own freedom
of information statistics for July to September 2023 give 58 responses and 57 outcomes).

A column or a row whose title begins with "Total", "All", "Responded" or, where no answers stand beside it, "Received"
is the sum of the others; rows that begin with "of which" are parts of the row over them. What was answered is what was
in time, late or without a due date, and a column such as "In time, of those answered" is a share. A cell with a star,
a dash, "c" or "<5" is a figure that is kept back. Every table of the file is checked: each sheet, and what follows each
row of headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from desktop.policy.oversight import GROUNDS_HEAD
from desktop.policy.publishedsums import Equation, Share, across, down, shares
from desktop.policy.rates import rate
from desktop.policy.tables import NotATable, Table, TableRow, read_tables
from desktop.policy.wording import figures, plural

_KEPT_BACK = frozenset({"*", "-", "–", "—", "c", "[c]", "x", "[x]", "~"})
_BOUND = re.compile(r"\s*[<≤>≥]\s*\d[\d, ]*")
_FIGURE = re.compile(r"\s*(?:[-\u2212\u2013]?{0}|\({0}\))\s*".replace("{0}", r"\d{1,3}(?:[, \u00a0]?\d{3})*"))
"""Below nought with any dash before it, or in brackets as accounts have it."""
_PERCENT = re.compile(r"\s*(\d{1,3}(?:\.(\d+))?)\s*%\s*")
_ROUNDED = re.compile(r"\brounded to the nearest (\d{1,4})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Checked:
    """How many sums were checked, and those that are wrong, each with its cell in words."""

    sums: int
    faults: tuple[str, ...]
    nearest: int = 0
    """To what the figures are rounded, as the file says; 0 where it does not. Each may then be half of it off."""
    kept_back: bool = False
    """Whether there is a sum with a figure that is kept back."""

    @property
    def said(self) -> str:
        """What was found of the sums, in words, without those that are wrong."""
        if not self.sums:
            return "There is no total to check."
        checked = f"{plural(self.sums, 'sum was', 'sums were')} checked"
        if self.faults:
            return f"{checked}. These are wrong:"
        right = f"as far as rounding to the nearest {self.nearest} lets it be told" if self.nearest else ""
        ending = " Sums with a figure that is kept back cannot be checked." if self.kept_back else ""
        return f"{', '.join(one for one in (f'{checked}, and each is right', right) if one)}.{ending}"


@dataclass(frozen=True, slots=True)
class _Row:
    table: str
    title: str
    number: int
    figures: tuple[int | None, ...]
    shares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A sum that is wrong: in which of the vectors, and what stands there and should, at least where parts of it are
    kept back.
    """

    at: int
    equation: Equation
    have: int
    should: int
    least: bool


@dataclass(slots=True)
class _Found:
    """What was found of some sums: how many were checked, what is wrong, and whether others have a figure that is kept
    back.
    """

    sums: int = 0
    faults: list[str] = field(default_factory=list)
    kept_back: bool = False


def check_table(content: bytes) -> Checked:
    """Checks each total of a CSV file or a workbook. Raises NotATable."""
    file = read_tables(content)
    said = map(_ROUNDED.search, file.cells)
    nearest = max((int(found[1]) for found in said if found), default=0)
    parts: list[_Found] = []
    for sheet, table in file.tables:
        for headings, rows in _blocks(table):
            of = [one for one in shares(headings) if not any(map(_FIGURE.fullmatch, _column(rows, one.at)))]
            taken = {one.at for one in of}
            columns = [at for at in range(1, len(headings)) if at not in taken and _is_figures(rows, at)]
            if columns:
                part = _checked(headings, columns, of, rows, nearest)
                if len(file.tables) > 1:
                    part.faults = [f"{sheet}, {one[:1].lower()}{one[1:]}" for one in part.faults]
                parts.append(part)
    if not parts:
        raise NotATable("No column of this table has figures in every row.")
    faults = tuple(one for part in parts for one in part.faults)
    return Checked(sum(one.sums for one in parts), faults, nearest, any(one.kept_back for one in parts))


def _blocks(table: Table) -> Iterator[tuple[tuple[str, ...], list[TableRow]]]:
    """The headings and rows of each table of a sheet: another begins at a row of words, and at a row that begins as the
    headings do after an empty one.
    """
    headings, rows, before = table.headings, list[TableRow](), table.head
    for row in table.rows:
        filled = [cell for cell in row.cells if cell.strip()]
        words = not any(_is_figure(cell) for cell in filled)
        again = row.number > before + 1 and row.cells[:1] == headings[:1]
        before = row.number
        if len(filled) > 1 and (words or again):
            yield headings, rows
            headings, rows = tuple(cell.strip() for cell in row.cells), []
        elif len(filled) > 1:
            rows.append(row)
    yield headings, rows


def _checked(
    headings: Sequence[str], columns: Sequence[int], of: Sequence[Share], read: Sequence[TableRow], nearest: int
) -> _Found:
    names = [headings[at] for at in columns]
    title = columns[0] - 1
    rows = [
        _Row(
            " ".join(row.cells[:title]).strip(),
            row.cells[title].strip(),
            row.number,
            tuple(_figure(_cell(row, at)) for at in columns),
            tuple(_cell(row, one.at) for one in of),
        )
        for row in read
        if len(row.cells) > title and any(not cell.strip() or _is_figure(cell) for cell in row.cells[columns[0] :])
    ]
    found = _Found()
    vectors = [row.figures for row in rows]
    for equation in across(names):
        wrong = _solved([equation], vectors, nearest, found)
        found.faults += [_said(rows[one.at], names[equation.whole[0]], one) for one in wrong]
    if not nearest:
        # Those of rounded figures may be worked out from them or from what was counted.
        _check_shares(headings, columns, of, rows, found)
    if headings[title] == GROUNDS_HEAD:
        # Which rows are parts of the row over them does not show in a file.
        return found
    for table in dict.fromkeys(row.table for row in rows):
        part = [row for row in rows if row.table == table]
        vectors = [tuple(row.figures[at] for row in part) for at in range(len(names))]
        for options in down([row.title for row in part]):
            for one in _solved(options, vectors, nearest, found):
                row = part[one.equation.whole[0]]
                found.faults.append(_said(row, names[one.at], one))
    return found


def _solved(
    options: Sequence[Equation], vectors: Sequence[Sequence[int | None]], nearest: int, found: _Found
) -> list[_Wrong]:
    """Which sums are wrong, by the one option that holds in the most vectors; `found` learns how many were checked."""
    tried = []
    for equation in options:
        whole, wrong = 0, list[_Wrong]()
        for at, vector in enumerate(vectors):
            have = [vector[one] for one in equation.whole]
            parts = [vector[one] for one in equation.parts]
            shown = [one for one in parts if one is not None]
            least = len(shown) < len(parts)
            if None in have or (least and min(shown, default=0) < 0):
                continue
            whole += not least
            # Each rounded figure is off by half a step at most.
            off = nearest // 2 * (len(have) + len(shown))
            total, should = sum(one or 0 for one in have), sum(shown)
            if should > total + off or (should < total - off and not (equation.at_most or least)):
                wrong.append(_Wrong(at, equation, total, should, least))
        tried.append((whole, wrong))
    whole, wrong = min(tried, key=lambda one: (-one[0], len(one[1])))
    # One with a part that is kept back was checked where it is wrong without it.
    sums = whole + sum(one.least for one in wrong)
    found.sums += sums
    found.kept_back |= sums < len(vectors)
    return wrong


def _check_shares(
    headings: Sequence[str], columns: Sequence[int], of: Sequence[Share], rows: Sequence[_Row], found: _Found
) -> None:
    """Each share against the two figures that its title names, in as many places as it has."""
    for number, share in enumerate(of):
        if not {share.part, share.whole} <= set(columns):
            continue
        for row in rows:
            said = row.shares[number]
            part, whole = (row.figures[columns.index(at)] for at in (share.part, share.whole))
            percent = _PERCENT.fullmatch(said)
            if None in (part, whole) or (whole and said.casefold() in _KEPT_BACK):
                found.kept_back = True
            elif percent and part is not None and whole:
                found.sums += 1
                places = len(percent[2] or "")
                if abs(Fraction(percent[1]) - Fraction(part * 100, whole)) > Fraction(1, 2 * 10**places):
                    where = _where(row, headings[share.at])
                    found.faults.append(f"{where}: {said}, but the figures beside it make {rate(part, whole, places)}.")


def _cell(row: TableRow, at: int) -> str:
    return row.cells[at].strip() if at < len(row.cells) else ""


def _column(rows: Sequence[TableRow], at: int) -> list[str]:
    return [_cell(row, at) for row in rows]


def _is_figures(rows: Sequence[TableRow], at: int) -> bool:
    filled = [cell for cell in _column(rows, at) if cell]
    return bool(filled) and all(_is_figure(cell) for cell in filled)


def _is_figure(cell: str) -> bool:
    return bool(_FIGURE.fullmatch(cell) or _BOUND.fullmatch(cell)) or cell.strip().casefold() in _KEPT_BACK


def _figure(cell: str) -> int | None:
    """The figure; nothing for nil, and None for one that is kept back."""
    text = cell.strip()
    if _FIGURE.fullmatch(text):
        amount = int(re.sub(r"\D", "", text))
        return amount if text[0].isdigit() else -amount
    return None if text else 0


def _where(row: _Row, column: str) -> str:
    return ", ".join(part for part in (f"Row {row.number}", row.table, row.title, column) if part)


def _said(row: _Row, column: str, wrong: _Wrong) -> str:
    should = f"{'at least ' if wrong.least else ''}{figures(wrong.should)}"
    return f"{_where(row, column)}: {figures(wrong.have)}{wrong.equation.also}, but {wrong.equation.of} {should}."
