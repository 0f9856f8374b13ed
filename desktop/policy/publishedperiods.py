"""A published register of several periods: what is carried forward at the end of one is what the next brings forward,
and a table of all of them brings forward what the first does and carries forward what the last does.

Which table is of which days is told by its title, in the words that the desk's own register has (``Period.title``) or
with months that are cut short.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from desktop.policy.dates import MONTHS
from desktop.policy.publication import Period, month_end
from desktop.policy.publishedcells import Amount
from desktop.policy.publishedchecks import Found, solve
from desktop.policy.publishedsums import Equation

_SHORT = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in MONTHS).replace("Sep(?:", "Sep(?:t|")
_END = re.compile(
    rf"(?:(?:(?P<day>\d{{1,2}}) )?(?P<month>{_SHORT})(?: (?P<of>\d{{4}}))?|(?P<year>\d{{4}}))", re.IGNORECASE
)
_TO = re.compile(r"\s+to\s+|\s*[-–]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, and where it stands, in words."""

    where: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Balance:
    """What a table of some days brings and carries forward, by the titles of its columns."""

    days: Period
    brought: Mapping[str, Cell]
    carried: Mapping[str, Cell]


def days_of(title: str) -> Period | None:
    """The days that a title names, such as "January to March 2016"; None for one that names none."""
    ends = [_END.fullmatch(one) for one in _TO.split(title.strip())]
    first, last = ends[0], ends[-1]
    if first is None or last is None or len(ends) > 2 or not (year := last["of"] or last["year"]):
        return None
    try:
        start = date(int(first["of"] or first["year"] or year), _month(first, 1), int(first["day"] or 1))
        end = date(int(year), _month(last, 12), int(last["day"] or 1))
    except ValueError:
        return None
    end = end if last["day"] else month_end(end)
    return Period(start, end) if start <= end else None


def _month(end: re.Match[str], without: int) -> int:
    short = (end["month"] or "")[:3].title()
    return next((at for at, month in enumerate(MONTHS, 1) if short and month.startswith(short)), without)


def check_periods(balances: Iterable[Balance], nearest: int) -> Found:
    """Checks what is brought and carried forward between tables. Those of the same days are not told apart, and are
    left out.
    """
    told = list(balances)
    many = Counter(one.days for one in told)
    starts: dict[date, list[Balance]] = {}
    ends: dict[date, list[Balance]] = {}
    for one in sorted((one for one in told if many[one.days] == 1), key=lambda one: one.days.last - one.days.first):
        starts.setdefault(one.days.first, []).append(one)
        ends.setdefault(one.days.last, []).append(one)
    found = Found()
    for first, (shortest, *_) in sorted(starts.items()):
        if before := ends.get(first - timedelta(days=1)):
            carries = f"{before[0].days.title} carries forward"
            _compare(shortest.brought, before[0].carried, carries, nearest, found)
    for begin in starts.values():
        for short, long in pairwise(begin):
            _compare(long.brought, short.brought, f"{short.days.title} brings forward", nearest, found)
    for finish in ends.values():
        for short, long in pairwise(finish):
            _compare(long.carried, short.carried, f"{short.days.title} carries forward", nearest, found)
    return found


def _compare(these: Mapping[str, Cell], those: Mapping[str, Cell], what: str, nearest: int, found: Found) -> None:
    """Checks that figures are those of another table, in each column that both have."""
    both: Sequence[str] = [column for column in these if column in those]
    vectors = [(these[one].amount, those[one].amount) for one in both]
    for wrong in solve([Equation((0,), (1,), what)], vectors, nearest, found):
        found.faults.append(f"{these[both[wrong.at]].where}: {wrong.said}")
