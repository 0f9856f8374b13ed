"""How the cells and columns of a published table are read: as figures, as figures that are kept back or only bounded,
or not at all.

A figure may have a mark of revision or a footnote after it ("10r", "10 [note 1]", "10*"). A cell in a column of figures
that is none of these is not known; the column stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from math import inf
from typing import Final

from desktop.policy.publishedsums import is_else, is_measure, is_no_count, is_sum
from desktop.policy.tables import TableRow

KEPT_BACK = frozenset({"*", "-", "–", "—", "c", "[c]", "x", "[x]", "~"})
_PERCENT = re.compile(r"\s*(\d{1,3}(?:\.(\d+))?)\s*%\s*")
_SMALL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_END = rf"(\d[\d, ]*|{'|'.join(_SMALL)})"
_BOUNDS = tuple(
    (re.compile(rf"\s*{words}\s*", re.IGNORECASE), above, step)
    for words, above, step in (
        (rf"(?:<|(?:fewer|less) than) ?{_END}", True, -1),
        (rf"(?:<=|≤|at most|no more than) ?{_END}", True, 0),
        (rf"{_END} or (?:fewer|less)", True, 0),
        (rf"(?:>|more than) ?{_END}", False, 1),
        (rf"(?:>=|≥|at least) ?{_END}", False, 0),
    )
)
"""How a bound is written, whether it is one from above, and how far from it the last figure is that may be."""
_BETWEEN = ", \u00a0\u2009\u202f'’"
_NUMBER = rf"\d{{1,3}}(?:[{_BETWEEN}]?\d{{3}})*"
_FIGURE = re.compile(rf"\s*([-+\u2212\u2013]?{_NUMBER}|\({_NUMBER}\))\s*")
"""Below nought with any dash before it, or in brackets as accounts have it."""
_MARKS = (
    r"[rpeb]",
    r"\((?:[rpe]|revised|provisional|estimated?)\)",
    r"\[(?:[rpe]|\d{1,2}|(?:foot)?notes?\s*\d{1,2}(?:,\s*\d{1,2})*)\]",
    r"[*†‡\u00b9\u00b2\u00b3\u2070-\u2079]",
)
_MARKED = re.compile(rf"{_FIGURE.pattern}(?:(?:{'|'.join(_MARKS)})\s*)+", re.IGNORECASE)
_SIGN = re.compile(r"#.*|\.{2,3}|…|:|\?+|\[[a-z]{1,12}\]|=.+", re.IGNORECASE | re.DOTALL)
"""What no title is: signs, shorthand in brackets, a formula whose figure the file does not have."""
_UNKNOWN = re.compile(
    r"n/?a|n\.a\.?|nil|none|low|unknown|tbc|suppressed|withheld|redacted|confidential"
    r"|not (?:applicable|available|collected|published|recorded|shown)"
    rf"|(?:see )?(?:foot)?notes? ?\d*|{_NUMBER} ?\(\d[\d.,]*%\)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d{1,3})\s*(?:-|–|to)\s*(\d{1,3})", re.IGNORECASE)
_DECIMAL = re.compile(r"[-\u2212\u2013(]?\d[\d,]*\.\d+\)?")
_MONEY = re.compile(r"[-\u2212\u2013]?[£$€]\s*\d[\d,.]*[mk]?", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:foot)?notes?|comments?|remarks?|targets?|index|score|league position"
    r"|rank(?:ing|ed)?(?: (?:in|by|of) .*| \(?\d{4}\)?)?"
    r"|(?:(?:financial|calendar|fiscal|reporting|academic) )?(?:year|quarter)(?: end(?:ing|ed)?)?"
    r"|month|(?:day|week|month|serial|row|line|item) (?:no\.?|number)"
    r"|(?:(?:ons|gss|ods|nhs|local authority|la|area|ward|region(?:al)?|district|county|country|body|organi[sz]ation"
    r"|org|agency|force|trust|provider|site|office|department|team|case|request|record|item|agreement|unique) ){0,2}"
    r"(?:codes?|ids?|identifiers?|ref(?:erence)?s?(?: (?:no\.?|number))?)",
    re.IGNORECASE,
)
"""The title of a column that tells rows apart or ranks them: none of it adds up to anything."""
_UNIT = re.compile(r"£|\b(?:days|hours|weeks|cost|fte)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """Between which figures one stands, both included. Nothing is taken to be below nought that is not said to be."""

    least: float
    most: float
    kept_back: bool = False
    """Whether it is a figure that is kept back, be it bounded ("<5") or not ("*")."""

    @property
    def known(self) -> bool:
        """Whether it is one figure."""
        return self.least == self.most

    @property
    def finite(self) -> bool:
        """Whether it has bounds on both sides."""
        return -inf < self.least and self.most < inf


UNKNOWN: Final = Amount(0, inf)
"""A cell that is not understood."""
_KEPT_BACK: Final = Amount(0, inf, kept_back=True)


class Kind(Enum):
    """What a column is."""

    FIGURES = "figures"
    """Counts, of which some may not be known."""
    DOUBTFUL = "doubtful"
    """Some counts among other things: it may be a part of a sum, but none of it is known."""
    OTHER = "other"
    """No counts: titles, notes, shares, averages."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that may be in a sum: its place from 0, whether its figures are not known, and whether it counts
    something else than the others (``publishedsums.is_else``).
    """

    at: int
    doubtful: bool
    other: bool

    def amount(self, cell: str) -> Amount:
        """What is known of a cell of it. One of a column of something else may be left empty in a row of all."""
        return UNKNOWN if self.doubtful or (self.other and not cell) else amount(cell)


def is_figure(cell: str) -> bool:
    """Whether it is a figure, or says that one is kept back."""
    return _has_figure(cell) or _has_bound(cell) or is_kept_back(cell)


def is_read(cell: str) -> bool:
    """Whether anything is known of it in a column of figures: there "1-4" is no band of age."""
    return is_figure(cell) or _bounded(cell.strip()) is not None


def is_kept_back(cell: str) -> bool:
    """Whether a sign says that a figure is kept back."""
    return cell.strip().casefold() in KEPT_BACK


def is_plain(cell: str) -> bool:
    """Whether it is a figure, with no mark."""
    return bool(_FIGURE.fullmatch(cell))


def amount(cell: str) -> Amount:
    """What is known of a figure; nothing at all stands for nil."""
    text = cell.strip()
    if found := _FIGURE.fullmatch(text) or _MARKED.fullmatch(text):
        shown = _digits(found[1]) * (1 if text[0] == "+" or text[0].isdigit() else -1)
        return Amount(shown, shown)
    if bound := _bounded(text):
        return bound
    if is_kept_back(text):
        return _KEPT_BACK
    return UNKNOWN if text else Amount(0, 0)


def _bounded(text: str) -> Amount | None:
    """What is known of one such as "<5", "5 or fewer" or "1-4"; None for any other."""
    for words, above, step in _BOUNDS:
        if found := words.fullmatch(text):
            end = _digits(found[1]) + step
            return Amount(0, max(0, end), kept_back=True) if above else Amount(end, inf, kept_back=True)
    if found := _RANGE.fullmatch(text):
        least, most = map(int, found.groups())
        return Amount(least, most, kept_back=True) if least < most else None
    return None


def _digits(text: str) -> int:
    word = text.casefold()
    return _SMALL.index(word) + 1 if word in _SMALL else int(re.sub(r"\D", "", text))


def stands_for_figure(cell: str) -> bool:
    """Whether it is a figure, or what stands in the place of one."""
    return is_figure(cell) or _is_unknown(cell)


def is_row(cells: Sequence[str]) -> bool:
    """Whether cells, of which none is a figure, are a row of a table nevertheless, and no headings."""
    after = [cell.strip() for cell in cells[1:] if cell.strip()]
    ranges = sum(1 for cell in after if _RANGE.fullmatch(cell))
    others = sum(_is_unknown(cell) or _is_measure(cell) for cell in after)
    if len(set(after)) == 1 and (ranges > 1 or (len(after) > 2 and cells[0].strip())):
        return True
    # Ranges alone may be bands of age over a table.
    return others > 0 and 2 * (ranges + others) >= len(after)


def is_row_of_counts(cells: Sequence[str]) -> bool:
    """Whether a row has counts or what stands in their place: no note with a number before it, and no shares or
    averages of the rows over it.
    """
    after = [cell.strip() for cell in cells[1:] if cell.strip()]
    if not any(map(stands_for_figure, after)) and not is_row(cells):
        return False
    if 2 * sum(map(_is_measure, after)) < len(after):
        return True
    return not any(is_measure(cell) or _UNIT.search(cell) for cell in cells if not _is_measure(cell.strip()))


def columns_of(headings: Sequence[str], rows: Sequence[TableRow], taken: set[int]) -> list[Column]:
    """The columns that may be in a sum, but those that are `taken`."""
    found: list[Column] = []
    clean = False
    for at in range(1, len(headings)):
        if at in taken:
            continue
        cells = [cell for row in rows if (cell := cell_of(row, at))]
        kind = _kind(headings[at], cells)
        if kind is not Kind.OTHER and not clean and _may_be_titles(rows, at, cells):
            kind = Kind.OTHER
        if kind is not Kind.OTHER:
            found.append(Column(at, kind is Kind.DOUBTFUL, is_else(headings[at])))
            clean |= all(map(is_figure, cells))
    # Without one column of figures there is nothing that any could be the sum of.
    return [] if all(one.doubtful for one in found) else found


def title_of(headings: Sequence[str], columns: Sequence[Column], rows: Sequence[TableRow]) -> int:
    """The column with the titles of the rows: the last before the figures in which a sum is named with nothing between,
    such as a code, but shares, averages and targets; where none is named, the one directly before the figures.
    """
    first = columns[0].at
    for at in reversed(range(first)):
        between = [one for one in range(at + 1, first) if not is_no_count(headings[one])]
        for row in rows:
            cells = [cell_of(row, one) for one in between]
            if is_sum(cell_of(row, at)) and all(not cell or is_kept_back(cell) or _is_measure(cell) for cell in cells):
                return at
    return first - 1


def cell_of(row: TableRow, at: int) -> str:
    """What stands in a column of a row; "" where the row is shorter."""
    return row.cells[at].strip() if at < len(row.cells) else ""


def _kind(heading: str, cells: Sequence[str]) -> Kind:
    odd = [cell for cell in cells if not is_figure(cell)]
    if not cells or _LABEL.fullmatch(heading):
        return Kind.OTHER
    if not odd:
        # Dashes alone under the title of a share are shares of nothing.
        told = any(map(_has_figure, cells)) or not is_measure(heading)
        return Kind.FIGURES if told and not is_no_count(heading) else Kind.OTHER
    decimals = sum(1 for cell in odd if _DECIMAL.fullmatch(cell))
    measures = sum(map(_is_measure, odd))
    figures = sum(1 for cell in cells if _has_figure(cell) or _has_bound(cell))
    if measures:
        if figures > measures and not decimals and not is_measure(heading):
            return Kind.FIGURES
        titled = is_measure(heading) or _UNIT.search(heading)
        return Kind.OTHER if titled or not (figures or decimals) else Kind.DOUBTFUL
    ranges = [cell for cell in odd if _RANGE.fullmatch(cell)]
    # Bands of age, each once, are titles.
    in_place = len(ranges) if figures or len(cells) == 1 or len(set(ranges)) < len(ranges) else 0
    known = len(cells) - len(odd) + in_place + sum(map(_is_unknown, odd))
    words = len(cells) - known
    if not words or (figures and known >= words):
        return Kind.FIGURES
    return Kind.DOUBTFUL if (figures and 2 * known >= words) or known > words else Kind.OTHER


def _may_be_titles(rows: Sequence[TableRow], at: int, cells: Sequence[str]) -> bool:
    """Whether a column that no figures stand before is one of titles: words in it name sums, or nothing else tells the
    rows apart.
    """
    words = [cell for cell in cells if not is_figure(cell) and not _SIGN.fullmatch(cell)]
    before = [tuple(cell_of(row, one) for one in range(at)) for row in rows]
    return bool(words) and (any(map(is_sum, words)) or len(set(before)) < len(before))


def _has_figure(cell: str) -> bool:
    return bool(_FIGURE.fullmatch(cell) or _MARKED.fullmatch(cell))


def _has_bound(cell: str) -> bool:
    return any(words.fullmatch(cell) for words, _above, _step in _BOUNDS)


def _is_measure(cell: str) -> bool:
    return not cell.isdigit() and any(kind.fullmatch(cell) for kind in (_PERCENT, _MONEY, _DECIMAL))


def _is_unknown(cell: str) -> bool:
    return bool(_SIGN.fullmatch(cell.strip()) or _UNKNOWN.fullmatch(cell.strip()))
