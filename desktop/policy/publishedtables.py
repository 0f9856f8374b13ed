"""Whether a table that somebody published adds up: real ones do not always (the United Kingdom government's own freedom
of information statistics for July to September 2023 give 58 responses and 57 outcomes).

A column or a row whose title begins or ends with "Total", begins with "All", or is "Responded", "Sum" or "Overall", is
the sum of others, and so is "Received" where no answers stand beside it and most of the table has it so; where there
are several such columns, each is the sum of what its rows say. A column whose title says that it measures something
else (a population, a rank, a year, a rate, a code) is no part of a total, and one on the other side of a total need not
be. Rows that begin with "of which" or are set in are parts of the row over them, and columns that begin so of the
column before them. Where all of it stands there, what was received and brought forward ("b/f", "Opening balance") is
what became of it and what is carried forward ("c/f", "Closing balance"). What was answered is what was in time, late or
without a due date, and a column such as "In time, of those answered" is a share.

A cell with a star, a dash or "c" is a figure that is kept back, and "<5" one that is bounded: a sum that cannot be with
either is wrong. A cell that is not understood is one whose figure is not known, and is named. Every table of the file
is checked: each sheet, and what follows each row of headings. What a table brings and carries forward is compared with
those of the days before and after it (``publishedperiods``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from desktop.policy.oversight import GROUNDS_HEAD
from desktop.policy.publishedcells import (
    PERCENT,
    UNKNOWN,
    Amount,
    Column,
    cell_of,
    columns_of,
    is_figure,
    is_plain,
    is_row,
    is_row_of_counts,
    title_of,
)
from desktop.policy.publishedchecks import Found, Wrong, solve
from desktop.policy.publishedperiods import Balance, Cell, check_periods, days_of, series
from desktop.policy.publishedsums import (
    BROUGHT,
    CARRIED,
    Share,
    across,
    down,
    has_several_totals,
    is_perhaps_total,
    is_sum,
    is_total,
    named,
    shares,
)
from desktop.policy.rates import rate
from desktop.policy.tables import NotATable, Table, TableRow, read_tables
from desktop.policy.wording import figures, plural

_MOST_UNREAD = 10
_KINDS = "A table that can be checked is a CSV file or an Excel workbook (.xlsx)."
_STEPS = {"five": 5, "ten": 10, "hundred": 100}
_ROUNDED = re.compile(rf"\brounded to (?:the )?(?:nearest|base) (\d{{1,4}}|{'|'.join(_STEPS)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Checked:
    """How many sums were checked, and those that are wrong, each with its cell in words."""

    sums: int
    faults: tuple[str, ...]
    nearest: int = 0
    """To what the figures are rounded, as the file says; 0 where it does not. Each may then be half of it off."""
    kept_back: bool = False
    """Whether there is a sum that could not be checked, since a figure of it is kept back."""
    bounded: bool = False
    """Whether some were checked as far as figures such as "<5" let it be told."""
    unread: tuple[str, ...] = ()
    """The cells of sums that are not understood, and the columns in which too few are, in words."""

    @property
    def unread_said(self) -> str:
        """What could not be read, in words; "" where there is nothing."""
        if not self.unread:
            return ""
        rest = len(self.unread) - _MOST_UNREAD
        more = f"; and {figures(rest)} more" if rest > 0 else ""
        return f"Could not be read as figures: {'; '.join(self.unread[:_MOST_UNREAD])}{more}."

    @property
    def none_said(self) -> str:
        """That no sum was checked, in words."""
        could = "that could be checked" if self.unread or self.kept_back else "to check"
        return f"There is no total {could}"

    @property
    def said(self) -> str:
        """What was found of the sums, in words, without those that are wrong."""
        why = " or ".join(
            one for one, there in (("is kept back", self.kept_back), ("could not be read", bool(self.unread))) if there
        )
        ending = f" Sums with a figure that {why} cannot be checked." if why else ""
        if not self.sums:
            return f"{self.none_said}.{ending if self.kept_back else ''}"
        checked = f"{plural(self.sums, 'sum was', 'sums were')} checked"
        if self.faults:
            return f"{checked}. These are wrong:"
        rounding = f"rounding to the nearest {self.nearest}" if self.nearest else ""
        far = [one for one in (rounding, "figures such as “<5”" if self.bounded else "") if one]
        right = f", as far as {' and '.join(far)} {'let' if self.bounded else 'lets'} it be told" if far else ""
        return f"{checked}, and each is right{right}.{ending}"


@dataclass(frozen=True, slots=True)
class _Row:
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


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows of one table, with the numbers of the rows and the places of the columns that are no sums of the periods
    beside or over them: balances, and sums with them.
    """

    rows: Sequence[_Row]
    lines: Collection[int] = ()
    places: Collection[int] = ()

    def told(self, names: Sequence[str]) -> _Part:
        """With a balance of the whole that is left empty as one that is not known."""
        rows = []
        for row in self.rows:
            whole = (row.number in self.lines and is_total(name) for name in names)
            over = (at in self.places and is_total(row.title) for at in range(len(names)))
            empty = [not cell and (one or other) for cell, one, other in zip(row.cells, whole, over, strict=True)]
            told = (UNKNOWN if none else one for none, one in zip(empty, row.figures, strict=True))
            rows.append(replace(row, figures=tuple(told)))
        return replace(self, rows=rows)


def _step(said: str) -> int:
    """To what a note says that figures are rounded."""
    return _STEPS[said.casefold()] if said.isalpha() else int(said)


def check_table(content: bytes) -> Checked:
    """Checks each total of a CSV file or a workbook. Raises NotATable."""
    file = read_tables(content)
    said = map(_ROUNDED.search, file.cells)
    nearest = max((_step(found[1]) for found in said if found), default=0)
    whole, balances, any_figures = Found(), list[Balance](), False
    for name, table in file.tables:
        sheet = name if len(file.tables) > 1 else ""
        for over, headings, read in _blocks(table):
            lines = [row for row in read if is_row_of_counts(row.cells)]
            of = [one for one in shares(headings) if not any(is_plain(cell_of(row, one.at)) for row in lines)]
            if columns := columns_of(headings, lines, {one.at for one in of}):
                any_figures = True
                rows = _rows(columns, of, lines, title_of(columns, lines), sheet)
                whole.add(_checked(headings, columns, of, rows, nearest))
                balances += _balances([headings[one.at] for one in columns], rows, (*over, name))
    if not any_figures:
        raise NotATable(f"No column of this table has figures. {_KINDS}")
    whole.add(check_periods(balances, nearest))
    return Checked(whole.sums, tuple(whole.faults), nearest, whole.kept_back, whole.bounded, tuple(whole.unread))


def _blocks(table: Table) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], list[TableRow]]]:
    """What stands over each table of a sheet, its headings and its rows: another begins at a row of words, and at a row
    that begins as the headings do after an empty one.
    """
    over = tuple(words for number, words in table.beginnings if number < table.head)
    headings, rows, before, alone = table.headings, list[TableRow](), table.head, tuple[str, ...]()
    for row in table.rows:
        filled = [cell for cell in row.cells if cell.strip()]
        words = not any(map(is_figure, filled)) and not is_row(row.cells)
        again = row.number > before + 1 and row.cells[:1] == headings[:1]
        before = row.number
        if len(filled) > 1 and (words or again):
            yield over, headings, rows
            over, headings, rows = alone, tuple(cell.strip() for cell in row.cells), []
        elif len(filled) > 1:
            rows.append(row)
        alone = tuple(filled) if len(filled) == 1 else ()
    yield over, headings, rows


def _rows(
    columns: Sequence[Column], of: Sequence[Share], read: Sequence[TableRow], title: int, sheet: str
) -> list[_Row]:
    """The rows of a table, whose titles stand in the column `title`."""
    return [
        _Row(
            sheet,
            before,
            group,
            row.cells[title].rstrip(),
            row.number,
            tuple(cell_of(row, one.at) for one in columns),
            tuple(one.amount(cell_of(row, one.at)) for one in columns),
            tuple(cell_of(row, one.at) for one in of),
        )
        for row, before, group in _with_titles_before(read, title)
        if len(row.cells) > title
    ]


def _by_table(rows: Sequence[_Row]) -> dict[str, list[_Row]]:
    """The rows by what stands before their titles."""
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.group, []).append(row)
    return found


def _balances(names: Sequence[str], rows: Sequence[_Row], over: Sequence[str]) -> Iterator[Balance]:
    """What each table that names its days brings and carries forward: in the column before the titles of its rows, over
    its headings, or in the name of its sheet.
    """
    # Columns that are periods themselves are not those of another table.
    once = [] if series(names) else list(_once(names).values())
    for part in _by_table(rows).values():
        before = {row.table for row in part}
        days = next((found for one in (*(before if len(before) == 1 else ()), *over) if (found := days_of(one))), None)
        lines = _once([named(row.title) for row in part])
        brought, carried = (
            {names[at]: _cell(part[lines[side]], names, at) for at in once if side in lines}
            for side in (BROUGHT, CARRIED)
        )
        if days and (brought or carried):
            yield Balance(days.title, days, brought, carried)


def _once(titles: Sequence[str]) -> dict[str, int]:
    """The places of titles that stand there once: of two alike neither is known."""
    many = Counter(titles)
    return {title: at for at, title in enumerate(titles) if many[title] == 1}


def _cell(row: _Row, names: Sequence[str], at: int) -> Cell:
    return Cell(_where(row, names[at]), row.figures[at])


def _check_series(names: Sequence[str], part: Sequence[_Row], nearest: int, found: Found) -> _Part:
    """Checks what is brought and carried forward where periods stand beside or under each other in one table."""
    titles = [row.title for row in part]
    lines, columns = _once([*map(named, titles)]), _once([*map(named, names)])
    one = _Part(part)
    if {BROUGHT, CARRIED} <= set(lines) and (of := series(names)):
        one = _Part(part, lines={row.number for row in part if _is_balance(row.title)}).told(names)
        said, sides = names, [{at: (one.rows[lines[side]], at) for at in of} for side in (BROUGHT, CARRIED)]
    elif {BROUGHT, CARRIED} <= set(columns) and (of := series(titles)):
        one = _Part(part, places={at for at, name in enumerate(names) if _is_balance(name)}).told(names)
        said, sides = titles, [{at: (one.rows[at], columns[side]) for at in of} for side in (BROUGHT, CARRIED)]
    else:
        return one
    cells = [{at: {"": _cell(row, names, place)} for at, (row, place) in side.items()} for side in sides]
    balances = [Balance(said[at].strip(), days, *(side[at] for side in cells)) for at, days in of.items()]
    found.add(check_periods(balances, nearest))
    return one


def _is_balance(title: str) -> bool:
    """Whether it is brought or carried forward, or a sum in which that may be."""
    return named(title) in (BROUGHT, CARRIED) or is_sum(title)


def _checked(
    headings: Sequence[str], columns: Sequence[Column], of: Sequence[Share], rows: Sequence[_Row], nearest: int
) -> Found:
    names = [headings[one.at] for one in columns]
    found = Found()
    parts = [_check_series(names, part, nearest, found) for part in _by_table(rows).values()]
    summed = [row for part in parts for row in part.rows if row.number not in part.lines]
    vectors = [row.figures for row in summed]
    sums, several = across(names, len(vectors)), has_several_totals(names)
    for options in sums:
        part = Found()
        wrong = solve(options, vectors, nearest, part)
        if several and len(options) > 1 and len(wrong) == len(vectors) > 1:
            # Where one of several totals holds in no row, it is the sum of something else.
            continue
        if _is_none([names[at] for at in options[0].whole], wrong, vectors):
            continue
        found.add(part)
        found.faults += [_said(summed[one.at], names[one.equation.whole[0]], one) for one in wrong]
    beside = {at for options in sums for one in options for at in (*one.whole, *one.parts)}
    if not nearest:
        # Those of rounded figures may be worked out from them or from what was counted.
        _check_shares(headings, [one.at for one in columns], of, rows, found)
    # Which rows are parts of the row over them does not show in a file of this one.
    over = set[int]() if GROUNDS_HEAD in headings else _check_down(names, parts, nearest, found)
    _name_unread(names, columns, rows, (beside, over), found)
    return found


def _is_none(titles: Sequence[str], wrong: Sequence[Wrong], vectors: Sequence[Sequence[Amount]]) -> bool:
    """Whether what may be a total is none in this table, since it is wrong in half of the places or more."""
    return len(titles) == 1 and is_perhaps_total(titles[0]) and bool(wrong) and 2 * len(wrong) >= len(vectors)


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


def _check_down(names: Sequence[str], parts: Sequence[_Part], nearest: int, found: Found) -> set[int]:
    """Checks the sums within each column; returns the numbers of the rows that are in one."""
    within = set[int]()
    for one in parts:
        part, places = one.rows, [at for at in range(len(names)) if at not in one.places]
        vectors = [tuple(row.figures[at] for row in part) for at in places]
        for options in down([row.title for row in part]):
            within |= {part[at].number for option in options for at in (*option.whole, *option.parts)}
            told = Found()
            every = solve(options, vectors, nearest, told)
            if _is_none([part[at].title for at in options[0].whole], every, vectors):
                continue
            found.add(told)
            for wrong in every:
                row = part[wrong.equation.whole[0]]
                found.faults.append(_said(row, names[places[wrong.at]], wrong))
    return within


def _name_unread(
    names: Sequence[str],
    columns: Sequence[Column],
    rows: Sequence[_Row],
    summed: tuple[set[int], set[int]],
    found: Found,
) -> None:
    """Names what could not be read of the columns and of the rows, by their numbers, that are in a sum."""
    beside, over = summed
    for row in rows:
        for at, cell in enumerate(row.cells):
            if cell and not columns[at].doubtful and not is_figure(cell) and (at in beside or row.number in over):
                found.unread.append(f"{_where(row, names[at])} ({_quoted(cell)})")
    for at, column in enumerate(columns):
        if column.doubtful and (at in beside or over):
            odd = next(row for row in rows if row.cells[at] and not is_figure(row.cells[at]))
            where = f"{odd.sheet}, column" if odd.sheet else "Column"
            found.unread.append(f"{where} {names[at] or column.at + 1} (such as {_quoted(odd.cells[at])})")


def _check_shares(
    headings: Sequence[str], columns: Sequence[int], of: Sequence[Share], rows: Sequence[_Row], found: Found
) -> None:
    """Each share against the two figures that its title names, in as many places as it has."""
    for number, share in enumerate(of):
        if not {share.part, share.whole} <= set(columns):
            continue
        for row in rows:
            said = row.shares[number]
            part, whole = (row.figures[columns.index(at)] for at in (share.part, share.whole))
            percent = PERCENT.fullmatch(said)
            if said and not percent and not is_figure(said):
                found.unread.append(f"{_where(row, headings[share.at])} ({_quoted(said)})")
            elif not (part.known and whole.known):
                found.kept_back |= part.kept_back or whole.kept_back
            elif percent and whole.least:
                found.sums += 1
                places, of_all = len(percent[2] or ""), (int(part.least), int(whole.least))
                if abs(Fraction(percent[1]) - 100 * Fraction(*of_all)) > Fraction(1, 2 * 10**places):
                    where = _where(row, headings[share.at])
                    found.faults.append(f"{where}: {said}, but the figures beside it make {rate(*of_all, places)}.")


def _where(row: _Row, column: str) -> str:
    number = f"{row.sheet}, row {row.number}" if row.sheet else f"Row {row.number}"
    return ", ".join(part for part in (number, row.table, row.title.strip(), column) if part)


def _quoted(cell: str) -> str:
    return f"“{cell[:40]}…”" if len(cell) > 40 else f"“{cell}”"


def _said(row: _Row, column: str, wrong: Wrong) -> str:
    return f"{_where(row, column)}: {wrong.said}"
