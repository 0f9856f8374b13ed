"""The shares in a published table, each beside the two figures that it is made of.

The title of a share names both ("In time, of those answered"), or only what it is a share of something ("% in time",
"In time (%)"), or neither ("%", of the column before it). Of which figures it is one is then told by the rows: those of
which nearly all of them are, in a column beside it or in the row of the total.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from desktop.policy.publishedcells import Amount, cell_of, is_figure, is_plain
from desktop.policy.publishedchecks import Found
from desktop.policy.publishedrows import Row, place_of, quoted
from desktop.policy.publishedsums import is_measure, is_total
from desktop.policy.rates import rate
from desktop.policy.tables import TableRow

_NAMED = re.compile(r"(.+), of (?:all|those) (.+)", re.IGNORECASE)
_PERCENT = re.compile(
    r"(?:%|percentage|per ?cent)(?: of)?(?: requests| cases| applications)? (.+)|(.+?),?(?: %| percentage| \(%\))",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"(?:%|per ?cent|percentage|share|proportion)(?: of (?:the )?(?:total|all|whole).*)?", re.IGNORECASE
)
_SHARE = re.compile(r"\s*(\d{1,3}(?:\.(\d+))?)\s*(%?)\s*")
_FEWEST = 3
"""So many rows have to fit a column before the others are said not to."""


@dataclass(frozen=True, slots=True)
class Share:
    """That the figure in the column `at` is the share that the one at `part` is of the one at `whole`, or where that is
    None, of one that the rows tell.
    """

    at: int
    part: int
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class _Whole:
    """Of which figure each row may have a share, and how a share of it is told of."""

    figures: tuple[Amount, ...]
    made_of: str


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
            name = (percent[1] or percent[2]).casefold()
            # Only one may be meant: "% on time" beside "Completed on time".
            parts = [places[name]] if name in places else [one for it, one in places.items() if it.endswith(f" {name}")]
            if len(parts) == 1:
                found.append(Share(at, parts[0]))
        elif at and _ALONE.fullmatch(title.strip()) and not is_measure(headings[at - 1]):
            found.append(Share(at, at - 1))
    return found


def check_shares(
    headings: Sequence[str], columns: Sequence[int], of: Sequence[Share], rows: Sequence[Row], found: Found
) -> None:
    """Each share against the two figures that it is made of, in as many places as it has."""
    for number, share in enumerate(of):
        if not {share.part, share.whole} - {None} <= {*columns}:
            continue
        parts = tuple(row.figures[columns.index(share.part)] for row in rows)
        told = tuple(_told(row.shares[number], share) for row in rows)
        if (whole := _whole(headings, columns, share, rows, parts, told)) is None:
            continue
        for row, share_of, part, of_all in zip(rows, told, parts, whole.figures, strict=True):
            said = row.shares[number]
            if said and not share_of and not is_figure(said):
                found.unread.append(f"{place_of(row, headings[share.at])} ({quoted(said)})")
            elif not (part.known and of_all.known):
                found.kept_back |= part.kept_back or of_all.kept_back
            elif share_of and of_all.least:
                found.sums += 1
                if not _fits(share_of, part, of_all):
                    made = rate(int(part.least), int(of_all.least), len(share_of[2] or ""))
                    found.faults.append(f"{place_of(row, headings[share.at])}: {said}, but {whole.made_of} {made}.")


def _told(said: str, share: Share) -> re.Match[str] | None:
    """A share as it is told: with its sign, or without it where that stands in the title."""
    told = _SHARE.fullmatch(said)
    return told if told and (told[3] or share.whole is None) else None


def _fits(told: re.Match[str], part: Amount, whole: Amount) -> bool:
    exact = 100 * Fraction(int(part.least), int(whole.least))
    return abs(Fraction(told[1]) - exact) <= Fraction(1, 2 * 10 ** len(told[2] or ""))


def _whole(
    headings: Sequence[str],
    columns: Sequence[int],
    share: Share,
    rows: Sequence[Row],
    parts: Sequence[Amount],
    told: Sequence[re.Match[str] | None],
) -> _Whole | None:
    """What its title names, or else that of which it is a share in three quarters of the rows or more; None where
    there is no such one, or more than one that fits as well.
    """
    beside = {at: tuple(row.figures[columns.index(at)] for row in rows) for at in columns if at != share.part}
    if share.whole is not None:
        return _Whole(beside[share.whole], "the figures beside it make")
    part = headings[share.part].strip()
    ways = [_Whole(figures, f"“{part}” of “{headings[at].strip()}” makes") for at, figures in beside.items()]
    totals = [at for at, row in enumerate(rows) if is_total(row.title)]
    if len(totals) == 1:
        ways.append(_Whole((parts[totals[0]],) * len(rows), f"“{part}” of that in “{rows[totals[0]].title}” makes"))
    known = [one is not None and part.known for one, part in zip(told, parts, strict=True)]
    fits = [
        sum(
            one is not None and part.known and whole.known and whole.least > 0 and _fits(one, part, whole)
            for one, part, whole in zip(told, parts, way.figures, strict=True)
        )
        for way in ways
    ]
    most = max(fits, default=0)
    if most < max(_FEWEST, 0.75 * sum(known)) or fits.count(most) > 1:
        return None
    return ways[fits.index(most)]
