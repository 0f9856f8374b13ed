"""The shares in a published table, each beside the two figures that it is made of.

The title of a share names both ("In time, of those answered"), or only what it is a share of something ("% in time",
"In time (%)"). Of which column it is one is then told by the rows: the one of which nearly all of them are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from desktop.policy.publishedcells import Amount, cell_of, is_figure, is_plain
from desktop.policy.publishedchecks import Found
from desktop.policy.publishedrows import Row, place_of, quoted
from desktop.policy.publishedsums import is_measure
from desktop.policy.rates import rate
from desktop.policy.tables import TableRow

_NAMED = re.compile(r"(.+), of (?:all|those) (.+)", re.IGNORECASE)
_PERCENT = re.compile(
    r"(?:%|percentage|per ?cent)(?: of)?(?: requests| cases| applications)? (.+)|(.+?),?(?: %| percentage| \(%\))",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\s*(\d{1,3}(?:\.(\d+))?)\s*(%?)\s*")
_FEWEST = 3
"""So many rows have to fit a column before the others are said not to."""


@dataclass(frozen=True, slots=True)
class Share:
    """That the figure in the column `at` is the share that the one at `part` is of the one at `whole`; of which one
    is not told by its title where that is None.
    """

    at: int
    part: int
    whole: int | None


def shares(headings: Sequence[str], rows: Sequence[TableRow]) -> list[Share]:
    """The shares within a row, by the titles of their columns. Plain figures under one that has no "%" are counts."""
    places = {title.strip().casefold(): at for at, title in enumerate(headings) if not is_measure(title)}
    found = []
    for at, title in enumerate(headings):
        if named := _NAMED.fullmatch(title.strip()):
            part, whole = (places.get(name.casefold()) for name in named.groups())
            counts = any(is_plain(cell_of(row, at)) for row in rows)
            if part is not None and whole is not None and not counts:
                found.append(Share(at, part, whole))
        elif percent := _PERCENT.fullmatch(title.strip()):
            part = places.get((percent[1] or percent[2]).casefold())
            if part is not None:
                found.append(Share(at, part, None))
    return found


def check_shares(
    headings: Sequence[str], columns: Sequence[int], of: Sequence[Share], rows: Sequence[Row], found: Found
) -> None:
    """Each share against the two figures that it is made of, in as many places as it has."""
    for number, share in enumerate(of):
        whole = share.whole if share.whole is not None else _whole(share, number, columns, rows)
        if whole is None or not {share.part, whole} <= {*columns}:
            continue
        made_of = "the figures beside it make"
        if share.whole is None:
            made_of = f"“{headings[share.part].strip()}” of “{headings[whole].strip()}” makes"
        for row in rows:
            said = row.shares[number]
            told = _told(said, share)
            part, of_all = (row.figures[columns.index(at)] for at in (share.part, whole))
            if said and not told and not is_figure(said):
                found.unread.append(f"{place_of(row, headings[share.at])} ({quoted(said)})")
            elif not (part.known and of_all.known):
                found.kept_back |= part.kept_back or of_all.kept_back
            elif told and of_all.least:
                found.sums += 1
                if not _fits(told, part, of_all):
                    made = rate(int(part.least), int(of_all.least), len(told[2] or ""))
                    found.faults.append(f"{place_of(row, headings[share.at])}: {said}, but {made_of} {made}.")


def _told(said: str, share: Share) -> re.Match[str] | None:
    """A share as it is told: with its sign, or without it where that stands in the title."""
    told = _SHARE.fullmatch(said)
    return told if told and (told[3] or share.whole is None) else None


def _fits(told: re.Match[str], part: Amount, whole: Amount) -> bool:
    exact = 100 * Fraction(int(part.least), int(whole.least))
    return abs(Fraction(told[1]) - exact) <= Fraction(1, 2 * 10 ** len(told[2] or ""))


def _whole(share: Share, number: int, columns: Sequence[int], rows: Sequence[Row]) -> int | None:
    """The column of which it is a share in three quarters of the rows or more; None where there is no such one, or
    more than one that fits as well.
    """
    if share.part not in columns:
        return None
    many = Counter[int]()
    most = 0
    for row in rows:
        told, part = _told(row.shares[number], share), row.figures[columns.index(share.part)]
        if told and part.known:
            most += 1
            at_all = ((at, whole) for at, whole in zip(columns, row.figures, strict=True) if at != share.part)
            many.update(at for at, whole in at_all if whole.known and whole.least and _fits(told, part, whole))
    best = many.most_common(2)
    if not best or best[0][1] < max(_FEWEST, 0.75 * most) or (len(best) > 1 and best[1][1] == best[0][1]):
        return None
    return best[0][0]
