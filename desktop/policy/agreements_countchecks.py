"""What must hold in an agreement's statistics line: every request is counted, and counted once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from db.records import Outcome
from desktop.policy.agreements_clockchecks import Mistake
from desktop.policy.agreements_lines import Path
from desktop.policy.agreements_parts import Answer, RequesterKind
from desktop.policy.agreements_statistics import CountRule, Statistics

ENDS = (Outcome.REFUSED, Outcome.REJECTED, Outcome.WITHDRAWN)
FOUND = (Outcome.TRACED, Outcome.NO_TRACE, Outcome.MORE_THAN_ONE)


def statistics_mistakes(
    statistics: Statistics, requesters: Sequence[RequesterKind], answers: Sequence[Answer]
) -> Iterator[Mistake]:
    """Every request has one column and every end of one has one row, by the rule that counts now; one of before may
    know requesters and answers that are gone, and not know new ones. ``answers``: none for a trace.
    """
    if not statistics.table.strip():
        yield Mistake(("statistics", "table"), "this cannot be empty.")
    for index, (before, one) in enumerate(pairwise((None, *statistics.later))):
        if one is not None and before is not None and one.counts_from <= before.counts_from:
            yield Mistake(("statistics", "later", index, "counts_from"), "this is not after the day of the one before.")
    ends = frozenset((*ENDS, *((one.id for one in answers) if answers else FOUND)))
    *earlier, last = enumerate(statistics.rules, -1)
    for number, rule in earlier:
        yield from _rule(rule, _at(number), None)
    yield from _columns(last[1], (*_at(last[0]), "columns"), {one.id for one in requesters})
    yield from _rule(last[1], _at(last[0]), ends)
    for clash in sorted({one.id for one in answers} & {*ENDS, *FOUND}):
        yield Mistake(("answers",), f"“{clash}” is a word of the desk's own.")


def _at(number: int) -> Path:
    """Where the later rule of this number stands; below 0 the one that counted at first."""
    return ("statistics",) if number < 0 else ("statistics", "later", number)


def _columns(rule: CountRule, here: Path, kinds: set[str]) -> Iterator[Mistake]:
    for unknown in sorted(rule.columns.keys() - kinds):
        yield Mistake(here, f"there is no requester “{unknown}”.")
    for missing in sorted(kinds - {key for key, title in rule.columns.items() if title.strip()}):
        yield Mistake(here, f"the requester “{missing}” has no column.")


def _rule(rule: CountRule, here: Path, ends: frozenset[str] | None) -> Iterator[Mistake]:
    """`ends`: every end that there is, None where that is not known any more."""
    if not rule.source.strip():
        yield Mistake((*here, "source"), "this cannot be empty.")
    rows = rule.rows
    titles, published = [one.title for one in rows], {one.title for one in rows if not one.published_as}
    counted: set[str] = set()
    for index, row in enumerate(rows):
        at = (*here, "rows", index)
        if not row.title.strip() or titles.index(row.title) != index:
            yield Mistake((*at, "title"), "give each row a title of its own.")
        if row.published_as and row.published_as not in published:
            yield Mistake((*at, "published_as"), f"there is no published row “{row.published_as}”.")
        for end in row.counts:
            if ends is not None and end not in ends:
                yield Mistake((*at, "counts"), f"no request ends in “{end}”.")
            if end in counted:
                yield Mistake((*at, "counts"), f"“{end}” counts in two rows.")
            counted.add(end)
    for missing in sorted((ends or frozenset()) - counted):
        yield Mistake((*here, "rows"), f"“{missing}” counts in no row.")
