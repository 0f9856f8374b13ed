"""Which figures of a published table are the sum of which others, by the titles of its rows or columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_TOTAL = re.compile(
    r"\W*(?:(?:grand\s+)?totals?\b|(?:y\s+)?cyfans(?:wm|ymiau)\b|responded\W*$"
    r"|all\b(?!\s+(?:others?|remaining|the rest)\b)|(?:overall|sum)\W*$)|.*\btotals?\W*$",
    re.IGNORECASE,
)
_PARTLY = re.compile(
    r".*\b(?:excluding|excl|except|without|other than|net of|where|in which|previous|prior"
    r"|last (?:year|quarter|month))\b",
    re.IGNORECASE,
)
"""A total of some of the rows or columns, which its title does not name, or of another time."""
_SUBTOTAL = re.compile(r"(?:.*\b)?(?:sub[-\s]?totals?|is[-\s]?gyfanswm)\b", re.IGNORECASE)
_REQUESTS = r"(?:(?:number of )?(?:new )?(?:\w+ )?(?:requests?|cases|applications|referrals) )?"
_RECEIVED = re.compile(rf"{_REQUESTS}received\b|new(?: (?:requests|cases|applications|referrals))?\W*$", re.IGNORECASE)
_MONTH = re.compile(r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)", re.IGNORECASE)
_OF_MONTHS = re.compile(r"(?:q|quarter |h|half |half[- ]year )[1-4]\b|(?:first|second) half\b", re.IGNORECASE)
_MONTHS = 3
"""So many titles of months tell that those of quarters are sums of them."""
_PART = re.compile(r"\W*of which\b", re.IGNORECASE)
_REOPENED = re.compile(rf"{_REQUESTS}re-?opened\b", re.IGNORECASE)
"""What was closed and came back: it counts beside what was received."""
_ANSWERS = re.compile(
    r"(?:answered|responded|withdrawn|processed|completed|approved|granted|refused|rejected|carried|brought)\b",
    re.IGNORECASE,
)
BROUGHT, _TODO, _PROCESSED = "brought forward", "total to deal with", "total processed"
CARRIED, _ACCOUNTED = "carried forward", "total accounted for"
_HELD = r"(?:open|outstanding|pending|live|active|unresolved|on hand|in hand|caseload|backlog|stock|balance)"
_SPAN = r"(?: of (?:the )?(?:period|week|month|quarter|year|reporting period|financial year))?"
_FORWARD = {
    name: re.compile(
        rf"(?:{balance} (?:balance|caseload|stock|backlog|position)|(?:(?:{balance} )?balance |{_REQUESTS})"
        rf"(?:{verb}[- ](?:forward|fwd|over)|{verb[0]} ?/ ?f(?:wd)?)"
        rf"|{_REQUESTS}{_HELD}(?: cases| requests)? at (?:the )?(?:{ends}){_SPAN})(?: ?\({verb[0]} ?/ ?f(?:wd)?\))?"
        r"(?: (?:from|to|into) (?:the )?(?:previous|last|next|following) \w+)?\W*",
        re.IGNORECASE,
    )
    for name, verb, balance, ends in (
        (BROUGHT, "brought", "opening", "start|beginning|opening"),
        (CARRIED, "carried", "closing", "end|close"),
    )
}
"""The other words for what is brought and carried forward, such as "b/f", "Closing balance" or "Open at start"."""
_STOCK = re.compile(rf"\b(?:{_HELD}|work in progress|awaiting|unallocated|overdue)\b", re.IGNORECASE)
_TIME = re.compile(r"(?:working )?(?:days|hours|weeks)\W*", re.IGNORECASE)
_ANSWERED, _TIMES, _UNDATED = "answered", ("in time", "late"), "without a due date"
_NO_COUNT = re.compile(
    r"%|\b(?:average|mean|median|rate|ratio|share|per ?cent|percentage|proportion|target|cumulative|running)\b"
    r"|\bper [^\W_]|\b(?:to date|ytd|longest|shortest|maximum|minimum|highest|lowest|oldest|peak|distinct|unique)\b",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"\b(?:populations?|inhabitants|headcount|fte|(?:full|whole)[- ]time equivalents?)\b|\((?:in )?£[^)\d]*\)\W*$"
    rf"|^{_TIME.pattern}$",
    re.IGNORECASE,
)
"""What is counted of something else than requests."""
_OF_WHAT = re.compile(r"\bof (?:all|those)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Equation:
    """That the figures at the places ``whole`` make as much as those at ``parts``, or with ``at_most`` no less."""

    whole: tuple[int, ...]
    parts: tuple[int, ...]
    of: str
    """What the parts are called, with their verb."""
    also: str = ""
    """What the first of ``whole`` is told with."""
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class _Titles:
    """The places of the titles, by what they are."""

    words: tuple[str, ...]
    names: tuple[str, ...]
    """The words in small letters, with one name for each of what has several."""
    at: Mapping[str, int]
    plain: tuple[int, ...]
    totals: tuple[int, ...]
    parts: tuple[int, ...]
    subtotals: tuple[int, ...]
    incoming: tuple[int, ...]
    """What came in, where what became of it stands beside it."""


def across(titles: Sequence[str], rows: int) -> list[list[Equation]]:
    """The sums within a row, by the titles of its columns; each in the ways that ``down`` has.

    A total is the sum of every other column whose title does not say that it measures something else, such as a
    population (``is_else``). So a column that was left out of a total is found: that the others add up is no reason to
    leave it out. A total that stands alone with columns on both sides may also be the sum of those before it, or of
    those after it, where there are two at least: what stands on its other side need not be in it. One that stands
    before all of them, in a table of several ``rows``, may be the sum of the first of them: what stands after those is
    told beside, such as a backlog. The same way is taken in every row.
    """
    of = _sorted(titles, across=True)
    found = [[one] for one in _inset(of, exact=False)]
    found += [[one] for one in _answered(of, "the other columns make")]
    found += [[Equation((at,), parts, "the columns before it make")] for at, parts in _since(of) if parts]
    if flow := _flow(of, "the other columns make"):
        return [*found, [flow]]
    for number, at in enumerate(of.totals):
        ways = _beside(of, at, first=rows > 1)
        if len(of.totals) > 1:
            ways |= dict.fromkeys(_over(of, at, of.totals[:number]), "the columns before it make")
            ways |= dict.fromkeys(_under(of, at), "the columns after it make")
        if options := [Equation((at,), way, words) for way, words in ways.items() if way]:
            found.append(options)
    return found


def named(title: str) -> str:
    """What a title says in small letters: ``BROUGHT`` and ``CARRIED`` in whichever words."""
    word = title.strip().casefold()
    return next((name for name, words in _FORWARD.items() if words.fullmatch(word)), word)


def is_total(title: str) -> bool:
    """Whether a title is that of a total."""
    return bool(_TOTAL.match(title.strip()))


def is_perhaps_total(title: str) -> bool:
    """Whether a title is one that is a total in some tables, such as "Received": what it holds tells."""
    return not is_total(title) and bool(_RECEIVED.match(title.strip()))


def is_sum(title: str) -> bool:
    """Whether a title begins as that of a total, a sub-total or a part of the row over it does."""
    return is_total(title) or any(words.match(title.strip()) for words in (_SUBTOTAL, _PART))


def is_stock(title: str) -> bool:
    """Whether it may be what is there at one time, such as a backlog: those of several months make no sum."""
    return named(title) in (BROUGHT, CARRIED) or bool(_STOCK.search(title))


def is_time(title: str) -> bool:
    """Whether it is a time, of which a total may be the average."""
    return bool(_TIME.fullmatch(title.strip()))


def has_several_totals(titles: Sequence[str]) -> bool:
    """Whether several columns are totals: one of them may be the sum of something that does not stand beside it."""
    return len(_sorted(titles, across=True).totals) > 1


def is_else(title: str) -> bool:
    """Whether it says itself that a column counts something else than those beside it, so that it is in no sum with
    them: a population, staff, money or days.
    """
    return bool(_ELSE.search(title))


def is_measure(title: str) -> bool:
    """Whether a title may be that of shares or averages, which are no part of a total."""
    return is_no_count(title) or bool(_OF_WHAT.search(title))


def is_no_count(title: str) -> bool:
    """Whether it says itself that they are no counts, even where all of them are whole."""
    return bool(_NO_COUNT.search(title))


def down(titles: Sequence[str]) -> list[list[Equation]]:
    """The sums within a column, by the titles of its rows. Where titles do not tell which rows make a total, each way
    to read them: one holds in every column.
    """
    of = _sorted(titles)
    own = _PROCESSED in of.at
    found = [[one] for one in _inset(of, exact=own)]
    if own:
        return found + [[one] for one in _register(of)]
    found += [[one] for one in _answered(of, "the other rows make")]
    found += [[Equation((at,), parts, "the rows over it make")] for at, parts in _since(of) if parts]
    if flow := _flow(of, "the other rows make"):
        found.append([flow])
        if not of.totals:
            return found
    # Whether totals stand over their rows.
    first = bool(of.totals) and not any(one < of.totals[0] for one in (*of.plain, *of.subtotals))
    for number, at in enumerate(of.totals):
        options = [Equation((at,), way, "the rows over it make") for way in _over(of, at, of.totals[:number])]
        if first and not flow:
            options += [Equation((at,), way, "the rows under it make") for way in _under(of, at)]
        if options:
            found.append(options)
    return found


def _beside(of: _Titles, at: int, *, first: bool) -> dict[tuple[int, ...], str]:
    """Of which columns a total may be the sum where nothing tells it from other totals, with what they are called.
    ``first``: also of the first of those after it, where it stands before all of them.
    """
    plain = tuple(one for one in of.plain if one not in of.incoming)
    ways: dict[tuple[int, ...], str] = {}
    if len(of.totals) == 1:
        before, after = (tuple(one for one in plain if (one < at) is side) for side in (True, False))
        ways |= {before: "the columns before it make"} if after and len(before) > 1 else {}
        ways |= {after: "the columns after it make"} if before and len(after) > 1 else {}
    after = tuple(one for one in plain if one > at)
    firsts = range(2, len(after)) if first and after == plain and len(of.totals) == 1 else ()
    ways |= {plain: "the other columns make"}
    return ways | {after[:many]: "the columns after it make" for many in firsts}


def _over(of: _Titles, at: int, before: Sequence[int]) -> list[tuple[int, ...]]:
    """Of which rows over it a total may be the sum: those since the last of the totals `before` it, with or without
    that one, or where there are none, those totals.
    """
    since = tuple(one for one in of.plain if max(before, default=-1) < one < at)
    ways = [since, (*since, *before[-1:])] if since else [tuple(before)] if len(before) > 1 else []
    return list(dict.fromkeys(ways))


def _under(of: _Titles, at: int) -> list[tuple[int, ...]]:
    """Of which rows under it a total may be the sum, where totals stand over their rows: those up to the next total,
    all of them, or the totals under it.
    """
    end = min((one for one in range(at + 1, len(of.words)) if is_measure(of.words[one])), default=len(of.words))
    plain = tuple(one for one in of.plain if at < one < end and one not in of.incoming)
    totals = tuple(one for one in of.totals if at < one < end)
    ways = (tuple(one for one in plain if one < min(totals, default=end)), plain, totals if len(totals) > 1 else ())
    return [way for way in dict.fromkeys(ways) if way]


def _sorted(titles: Sequence[str], *, across: bool = False) -> _Titles:
    words = [title.strip() for title in titles]
    names = tuple(map(named, words))
    answers = any(map(_ANSWERS.match, names))
    # What is set in under a row is a part of it, where anything is set in.
    inset = not all(title[:1].isspace() for title in titles)
    parts = [at for at, one in enumerate(words) if _PART.match(one) or (inset and titles[at][:1].isspace())]
    subtotals = [at for at, one in enumerate(words) if _SUBTOTAL.match(one)]
    received = [at for at, one in enumerate(words) if _RECEIVED.match(one)]
    partly = [at for at, one in enumerate(words) if is_total(one) and _PARTLY.match(one)]
    apart = {*parts, *subtotals, *partly, *_of_others(words), *_of_answered(names)}
    totals = [
        at
        for at, one in enumerate(words)
        if at not in apart and (_TOTAL.match(one) or (at in received and not answers))
    ]
    apart |= {*totals}
    if across and not any(is_else(words[at]) for at in totals):
        apart |= {at for at, one in enumerate(words) if is_else(one)}
    brought = [at for at, one in enumerate(names) if one == BROUGHT or _REOPENED.match(one)]
    return _Titles(
        tuple(words),
        names,
        {one: number for number, one in enumerate(names)},
        tuple(number for number in range(len(words)) if number not in apart),
        tuple(totals),
        tuple(parts),
        tuple(subtotals),
        tuple(sorted({*received, *brought})) if answers else (),
    )


def _of_others(words: Sequence[str]) -> Iterator[int]:
    """The places of titles that are sums of others beside them by what they are called: a quarter beside its months,
    and "England and Wales" beside the two.
    """
    among = {word.casefold() for word in words}
    months = sum(1 for word in words if _MONTH.match(word)) >= _MONTHS
    for at, word in enumerate(words):
        parts = re.split(r"\s+(?:and|&)\s+|\s*,\s*", word.casefold())
        if (months and _OF_MONTHS.match(word) and not is_total(word)) or (len(parts) > 1 and among.issuperset(parts)):
            yield at


def _of_answered(names: Sequence[str]) -> tuple[int, ...]:
    """The places of what was answered in time, late and without a due date, where all that was answered is there, and
    nothing else of which it may be told, such as "extended".
    """
    found = tuple(at for at, name in enumerate(names) if name in (*_TIMES, _UNDATED))
    rest = (name for at, name in enumerate(names) if at not in found)
    known = all(is_total(one) or _RECEIVED.match(one) or _ANSWERS.match(one) for one in rest)
    return found if known and {_ANSWERED, *_TIMES} <= {*names} else ()


def _answered(of: _Titles, words: str) -> list[Equation]:
    """That what was answered is what was in time, late or without a due date."""
    parts = _of_answered(of.names)
    words = words if len(of.names) == len(parts) + 1 else "its parts make"
    return [Equation((of.at[_ANSWERED],), parts, words)] if parts else []


def _since(of: _Titles) -> list[tuple[int, tuple[int, ...]]]:
    """Each sub-total, with what stands between it and the total before it."""
    found = []
    for at in of.subtotals:
        start = max((one for one in (*of.subtotals, *of.totals) if one < at), default=-1)
        found.append((at, tuple(one for one in of.plain if start < one < at)))
    return found


def _inset(of: _Titles, *, exact: bool) -> list[Equation]:
    """What is "of which" makes the row over it, or the column before it; in a table of others each is a part of it and
    no more.
    """
    under: dict[int, list[int]] = {}
    for at in of.parts:
        over = max((one for one in range(at) if one not in of.parts), default=None)
        if over is not None:
            under.setdefault(over, []).append(at)
    if exact:
        return [Equation((over,), tuple(parts), "its parts make") for over, parts in under.items()]
    return [
        Equation((over,), (part,), f"“{of.words[part]}” alone makes", at_most=True)
        for over, parts in under.items()
        for part in parts
    ]


def _came(of: _Titles) -> int:
    """How many say what was received or brought forward, besides what was reopened."""
    return sum(1 for at in of.incoming if not _REOPENED.match(of.names[at]))


def _flow(of: _Titles, words: str) -> Equation | None:
    """What was received and brought forward is what became of it, where all of it stands there."""
    if of.names.count(BROUGHT) != 1 or of.names.count(CARRIED) != 1 or _came(of) != 2:
        return None
    rest = tuple(at for at in of.plain if at not in of.incoming)
    return Equation(of.incoming, rest, words, " with what stands beside it in the sum")


def _register(of: _Titles) -> list[Equation]:
    """The sums of the desk's own publication register (``publication.Layout.lines``)."""
    processed, todo = of.at[_PROCESSED], of.at.get(_TODO, -1)
    parts = tuple(at for at in of.plain if todo < at < processed and at not in of.incoming)
    found = [Equation((processed,), parts, "the rows over it make")] if parts else []
    if todo >= 0 and _came(of) == 2:
        came = "received and brought forward" if len(of.incoming) == 2 else "received, brought forward and reopened"
        found.append(Equation((todo,), of.incoming, f"what was {came} makes"))
    if (accounted := of.at.get(_ACCOUNTED)) is not None:
        after = tuple(at for at in of.plain if processed < at < accounted)
        found.append(Equation((accounted,), (processed, *after), "the rows over it make"))
        if todo >= 0:
            found.append(Equation((accounted,), (todo,), "those to deal with make"))
    return found
