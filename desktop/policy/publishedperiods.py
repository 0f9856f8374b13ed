"""A published register of several periods: what is carried forward at the end of one is what the next brings forward,
and a table of all of them brings forward what the first does and carries forward what the last does.

Which table is of which days is told by its title, in the words that the desk's own register has (``Period.title``),
with months that are cut short, or by a quarter. In tables of other bodies the periods may be columns or rows.
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
from desktop.policy.publishedsums import Equation, is_total

_SHORT = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in MONTHS).replace("Sep(?:", "Sep(?:t|")
_END = re.compile(
    rf"(?:(?:(?P<day>\d{{1,2}}) )?(?P<month>{_SHORT})(?: (?P<of>[12]\d{{3}}))?|(?P<year>[12]\d{{3}}))", re.IGNORECASE
)
_QUARTER = re.compile(r"(?:q|quarter )([1-4])\b", re.IGNORECASE)
_FINANCIAL = re.compile(
    r"(?:(?:q|quarter )(?P<quarter>[1-4])\W+)?(?:fy ?)?(?P<year>[12]\d{3}) ?(?:/ ?(?:[12]\d)?|[-–] ?)(?P<next>\d{2})"
    r"(?:\W+(?:q|quarter )(?P<after>[1-4]))?",
    re.IGNORECASE,
)
"""A year from April to March, such as "2023/24" or "2023-24", or a quarter of one."""
_TO = re.compile(r"\s+to\s+|\s*[-–]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, and where it stands, in words."""

    where: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Balance:
    """What a table of some days brings and carries forward, by the titles of its columns; what has one figure of each
    has one title.
    """

    title: str
    days: Period
    brought: Mapping[str, Cell]
    carried: Mapping[str, Cell]


def days_of(title: str) -> Period | None:
    """The days that a title names, such as "January to March 2016"; None for one that names none."""
    if (of := _FINANCIAL.fullmatch(title.strip())) and int(of["next"]) == (int(of["year"]) + 1) % 100:
        return _financial(int(of["year"]), int(of["quarter"] or of["after"] or 0))
    named = _QUARTER.sub(lambda found: f"{MONTHS[3 * int(found[1]) - 3]} to {MONTHS[3 * int(found[1]) - 1]}", title)
    ends = [_END.fullmatch(one) for one in _TO.split(named.strip())]
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


def _financial(year: int, quarter: int) -> Period:
    """A quarter of a financial year; all of it for 0."""
    start, months = 12 * year + 3 + 3 * max(0, quarter - 1), 3 if quarter else 12
    first, last = (date(at // 12, at % 12 + 1, 1) for at in (start, start + months - 1))
    return Period(first, month_end(last))


def _month(end: re.Match[str], without: int) -> int:
    short = (end["month"] or "")[:3].title()
    return next((at for at, month in enumerate(MONTHS, 1) if short and month.startswith(short)), without)


def series(titles: Sequence[str]) -> dict[int, Period]:
    """The places of titles that are periods, with their days, and that of the one total of all of them where they
    follow each other; nothing where other titles stand between them, or fewer than two are periods. A month or a
    quarter of no year comes after the one before it.
    """
    found: dict[int, Period] = {}
    latest = date(2000, 1, 1)
    totals = {at for at, title in enumerate(titles) if is_total(title)}
    for at, title in enumerate(titles):
        if at in totals:
            continue
        of_no_year = (days_of(f"{title} {latest.year + more}") for more in range(2) if title.strip())
        days = days_of(title) or next((one for one in of_no_year if one and one.last > latest), None)
        if days is None:
            return {}
        found[at], latest = days, max(days.last, latest)
    if len(found) < 2 or len(totals) > 1:
        return {}
    ordered = sorted(found.values(), key=lambda one: one.first)
    if any(one.last + timedelta(days=1) != other.first for one, other in pairwise(ordered)):
        return found
    return found | dict.fromkeys(totals, Period(ordered[0].first, ordered[-1].last))


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
            carries = f"{before[0].title} carries forward"
            _compare(shortest.brought, before[0].carried, carries, nearest, found)
    for begin in starts.values():
        for short, long in pairwise(begin):
            _compare(long.brought, short.brought, f"{short.title} brings forward", nearest, found)
    for finish in ends.values():
        for short, long in pairwise(finish):
            _compare(long.carried, short.carried, f"{short.title} carries forward", nearest, found)
    return found


def _compare(these: Mapping[str, Cell], those: Mapping[str, Cell], what: str, nearest: int, found: Found) -> None:
    """Checks that figures are those of another table, in each column that both have."""
    both: Sequence[str] = [column for column in these if column in those]
    vectors = [(these[one].amount, those[one].amount) for one in both]
    for wrong in solve([Equation((0,), (1,), what)], vectors, nearest, found):
        found.faults.append(f"{these[both[wrong.at]].where}: {wrong.said}")
