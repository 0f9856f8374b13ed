"""Whether a table that somebody published adds up: real ones do not always (the United Kingdom government's own freedom
of information statistics for July to September 2023 give 58 responses and 57 outcomes).

A column or a row whose title begins or ends with "Total", begins with "All", or is "Responded", "Sum" or "Overall", is
the sum of others, and so is "Received" where no answers stand beside it and most of the table has it so; where there
are several such columns, each is the sum of what its rows say. A column whose title says that it measures something
else (a population, a rank, a year, a rate, a code) is no part of a total, and one on the other side of a total need not
be. Rows that begin with "of which" or are set in are parts of the row over them, and columns that begin so of the
column before them. Where all of it stands there, what was received and brought forward ("b/f", "Opening balance") is
what became of it and what is carried forward ("c/f", "Closing balance", "Open at end"). What was answered is what was
in time, late or without a due date, and columns such as "In time, of those answered" and "% in time" are shares.

A total that is wrong in every place is named as one that could not be checked where it is no slip of the pen: far off
each time, or one of several. What is there at one time, such as a backlog, makes no sum of months.

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

from desktop.policy.oversight import GROUNDS_HEAD
from desktop.policy.publishedcells import (
    UNKNOWN,
    Amount,
    Column,
    columns_of,
    is_figure,
    is_read,
    is_row,
    is_row_of_counts,
    title_of,
)
from desktop.policy.publishedchecks import Found, Wrong, breakdowns, is_no_sum, solve
from desktop.policy.publishedperiods import Balance, Cell, check_periods, days_of, series
from desktop.policy.publishedrows import Row, by_table, fault_of, place_of, quoted, rows_of
from desktop.policy.publishedshares import Share, check_shares, shares
from desktop.policy.publishedsums import (
    BROUGHT,
    CARRIED,
    Equation,
    across,
    down,
    has_several_totals,
    is_no_count,
    is_perhaps_total,
    is_stock,
    is_sum,
    is_time,
    is_total,
    named,
)
from desktop.policy.tables import NotATable, Table, TableRow, read_tables
from desktop.policy.wording import figures, plural

_MOST_NAMED = 10
_STEPS = {"five": 5, "ten": 10, "hundred": 100}
_KINDS = "A table that can be checked is a CSV file or an Excel workbook (.xlsx)."
_MAY_NOT = re.compile(r"\b(?:(?:may|might|will|do|does) not|don't) (?:add|sum)\b.*\bround(?:ing|ed)\b", re.IGNORECASE)
_ROUNDED = re.compile(rf"\brounded to (?:the )?(?:nearest|base) (\d{{1,4}}|{'|'.join(_STEPS)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Checked:
    """How many sums were checked, and those that are wrong, each with its cell in words."""

    sums: int
    faults: tuple[str, ...]
    nearest: int = 0
    """To what the figures are rounded, as the file says; 0 where it does not. Each may then be half of it off. 1 where
    it only says that sums need not add up.
    """
    kept_back: bool = False
    """Whether there is a sum that could not be checked, since a figure of it is kept back."""
    bounded: bool = False
    """Whether some were checked as far as figures such as "<5" let it be told."""
    unread: tuple[str, ...] = ()
    """The cells of sums that are not understood, and the columns in which too few are, in words."""
    unsummed: tuple[str, ...] = ()
    """The totals that nothing makes which stands beside them, in words."""

    @property
    def whole(self) -> bool:
        """Whether everything that may be a sum could be checked, but for figures that are kept back."""
        return not (self.unread or self.unsummed)

    @property
    def not_checked(self) -> tuple[str, ...]:
        """What could not be read and what nothing makes, in words."""
        said = (
            ("Could not be read as figures:", self.unread),
            ("Not checked, as no figures beside them make them:", self.unsummed),
        )
        return tuple(f"{words} {_listed(those)}." for words, those in said if those)

    @property
    def none_said(self) -> str:
        """That no sum was checked, in words."""
        could = "to check" if self.whole and not self.kept_back else "that could be checked"
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
        to = f" to the nearest {self.nearest}" if self.nearest > 1 else ""
        rounding = f"rounding{to}" if self.nearest else ""
        far = [one for one in (rounding, "figures such as “<5”" if self.bounded else "") if one]
        right = f", as far as {' and '.join(far)} {'let' if self.bounded else 'lets'} it be told" if far else ""
        return f"{checked}, and each is right{right}.{ending}"


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows of one table, with the numbers of the rows and the places of the columns that are no sums of the periods
    beside or over them: balances, and sums with them.
    """

    rows: Sequence[Row]
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


def _listed(those: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    rest = len(those) - _MOST_NAMED
    more = f"; and {figures(rest)} more" if rest > 0 else ""
    return f"{'; '.join(those[:_MOST_NAMED])}{more}"


def _step(said: str) -> int:
    """To what a note says that figures are rounded."""
    return _STEPS[said.casefold()] if said.isalpha() else int(said)


def check_table(content: bytes) -> Checked:
    """Checks each total of a CSV file or a workbook. Raises NotATable."""
    file = read_tables(content)
    said = map(_ROUNDED.search, file.cells)
    nearest = max((_step(found[1]) for found in said if found), default=int(any(map(_MAY_NOT.search, file.cells))))
    whole, balances, any_figures = Found(), list[Balance](), False
    for name, table in file.tables:
        sheet = name if len(file.tables) > 1 else ""
        for over, headings, read in _blocks(table):
            lines = [row for row in read if is_row_of_counts(row.cells)]
            of = shares(headings, lines)
            if columns := columns_of(headings, lines, {one.at for one in of}):
                any_figures = True
                rows = rows_of(columns, [one.at for one in of], lines, title_of(headings, columns, lines), sheet)
                whole.add(_checked(headings, columns, of, rows, nearest))
                balances += _balances([headings[one.at] for one in columns], rows, (*over, name))
    if not any_figures:
        raise NotATable(f"No column of this table has whole numbers, which are what can be checked. {_KINDS}")
    whole.add(check_periods(balances, nearest))
    return Checked(
        whole.sums,
        tuple(whole.faults),
        nearest,
        whole.kept_back,
        whole.bounded,
        tuple(whole.unread),
        tuple(whole.unsummed),
    )


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


def _balances(names: Sequence[str], rows: Sequence[Row], over: Sequence[str]) -> Iterator[Balance]:
    """What each table that names its days brings and carries forward: in the column before the titles of its rows, over
    its headings, or in the name of its sheet.
    """
    # Columns that are periods themselves are not those of another table.
    once = [] if series(names) else list(_once(names).values())
    for part in by_table(rows).values():
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


def _cell(row: Row, names: Sequence[str], at: int) -> Cell:
    return Cell(place_of(row, names[at]), row.figures[at])


def _check_series(names: Sequence[str], part: Sequence[Row], nearest: int, found: Found) -> _Part:
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
    headings: Sequence[str], columns: Sequence[Column], of: Sequence[Share], rows: Sequence[Row], nearest: int
) -> Found:
    names = [headings[one.at] for one in columns]
    found = Found()
    parts = [_check_series(names, part, nearest, found) for part in by_table(rows).values()]
    summed = [row for part in parts for row in part.rows if row.number not in part.lines]
    vectors = [row.figures for row in summed]
    sums, several, of_time = across(names, len(vectors)), has_several_totals(names), bool(series(names))
    for ways in _told_twice(sums, vectors, nearest):
        part = Found()
        wrong = solve(ways, vectors, nearest, part)
        title = names[ways[0].whole[0]]
        if len(ways[0].whole) == 1 and is_perhaps_total(title) and _is_none(wrong, [row.title for row in summed]):
            continue
        if len(ways[0].whole) == 1 and is_no_sum(wrong, vectors, nearest, several=several):
            found.unsummed.append(f"{_column_of(rows)} {title}")
            continue
        wrong = _accused(wrong, [summed[one.at].title for one in wrong], part, of_time=of_time)
        found.add(part)
        found.faults += [fault_of(summed[one.at], names[one.equation.whole[0]], one) for one in wrong]
    beside = {at for options in sums for one in options for at in (*one.whole, *one.parts)}
    if not nearest:
        # Those of rounded figures may be worked out from them or from what was counted.
        check_shares(headings, [one.at for one in columns], of, rows, found)
    # Which rows are parts of the row over them does not show in a file of this one.
    over = set[int]() if GROUNDS_HEAD in headings else _check_down(names, parts, nearest, found)
    _name_unread(names, columns, rows, (beside, over), found)
    return found


def _told_twice(
    sums: Sequence[Sequence[Equation]], vectors: Sequence[Sequence[Amount]], nearest: int
) -> Iterator[Sequence[Equation]]:
    """The ways to read each total, and two totals for one that is told twice."""
    for ways in sums:
        twice = breakdowns(ways[-1], vectors, nearest)
        yield from ([one] for one in twice) if twice else (ways,)


def _accused(wrong: Sequence[Wrong], titles: Sequence[str], part: Found, *, of_time: bool) -> list[Wrong]:
    """Those that are wrong but of what makes no sum, by its title: an average, a time whose total may be one, what is
    there at one time in a table ``of_time``.
    """
    held = [
        one
        for one, title in zip(wrong, titles, strict=True)
        if not (
            is_no_count(title) or (of_time and is_stock(title)) or (is_time(title) and one.have.most <= one.largest)
        )
    ]
    part.sums -= len(wrong) - len(held)
    return held


def _is_none(wrong: Sequence[Wrong], titles: Sequence[str]) -> bool:
    """Whether what may be a total is none in this table, since it is wrong in half of the places or more; what all of
    them make repeats a fault and is left out.
    """
    single = [at for at, title in enumerate(titles) if not is_total(title)]
    many = sum(1 for one in wrong if one.at in single)
    return many > 0 and 2 * many >= len(single)


def _check_down(names: Sequence[str], parts: Sequence[_Part], nearest: int, found: Found) -> set[int]:
    """Checks the sums within each column; returns the numbers of the rows that are in one."""
    within = set[int]()
    for one in parts:
        part, places = one.rows, [at for at in range(len(names)) if at not in one.places]
        vectors = [tuple(row.figures[at] for row in part) for at in places]
        of_time = bool(series([row.title for row in part]))
        for options in down([row.title for row in part]):
            within |= {part[at].number for option in options for at in (*option.whole, *option.parts)}
            told = Found()
            every = solve(options, vectors, nearest, told)
            over = part[options[0].whole[0]]
            if (
                len(options[0].whole) == 1
                and is_perhaps_total(over.title)
                and _is_none(every, [names[at] for at in places])
            ):
                continue
            if len(options[0].whole) == 1 and is_no_sum(every, vectors, nearest, several=False):
                found.unsummed.append(place_of(over, ""))
                continue
            every = _accused(every, [names[places[one.at]] for one in every], told, of_time=of_time)
            found.add(told)
            for wrong in every:
                row = part[wrong.equation.whole[0]]
                found.faults.append(fault_of(row, names[places[wrong.at]], wrong))
    return within


def _name_unread(
    names: Sequence[str],
    columns: Sequence[Column],
    rows: Sequence[Row],
    summed: tuple[set[int], set[int]],
    found: Found,
) -> None:
    """Names what could not be read of the columns and of the rows, by their numbers, that are in a sum."""
    beside, over = summed
    for row in rows:
        for at, cell in enumerate(row.cells):
            if cell and not columns[at].doubtful and not is_read(cell) and (at in beside or row.number in over):
                found.unread.append(f"{place_of(row, names[at])} ({quoted(cell)})")
    for at, column in enumerate(columns):
        if column.doubtful and (at in beside or over):
            odd = next(row for row in rows if row.cells[at] and not is_figure(row.cells[at]))
            found.unread.append(f"{_column_of([odd])} {names[at] or column.at + 1} (such as {quoted(odd.cells[at])})")


def _column_of(rows: Sequence[Row]) -> str:
    """How a column of a sheet is told."""
    return f"{rows[0].sheet}, column" if rows[0].sheet else "Column"
