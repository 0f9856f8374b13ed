"""What must hold in an agreement's statistics line: every request is counted, and counted once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from db.records import Outcome
from desktop.policy.agreements_clockchecks import Mistake
from desktop.policy.agreements_parts import Answer, RequesterKind
from desktop.policy.agreements_statistics import Statistics, StatisticsRow

ENDS = (Outcome.REFUSED, Outcome.REJECTED, Outcome.WITHDRAWN)
FOUND = (Outcome.TRACED, Outcome.NO_TRACE, Outcome.MORE_THAN_ONE)


def statistics_mistakes(
    statistics: Statistics, requesters: Sequence[RequesterKind], answers: Sequence[Answer]
) -> Iterator[Mistake]:
    """Every request has one column and every end of one has one row. ``answers``: none for a trace."""
    here = ("statistics",)
    for name in ("table", "source"):
        if not getattr(statistics, name).strip():
            yield Mistake((*here, name), "this cannot be empty.")
    kinds = {one.id for one in requesters}
    for unknown in sorted(statistics.columns.keys() - kinds):
        yield Mistake((*here, "columns"), f"there is no requester “{unknown}”.")
    for missing in sorted(kinds - {key for key, title in statistics.columns.items() if title.strip()}):
        yield Mistake((*here, "columns"), f"the requester “{missing}” has no column.")
    ends = frozenset((*ENDS, *((one.id for one in answers) if answers else FOUND)))
    yield from _rows(statistics.rows, ends)
    for clash in sorted({one.id for one in answers} & {*ENDS, *FOUND}):
        yield Mistake(("answers",), f"“{clash}” is a word of the desk's own.")


def _rows(rows: Sequence[StatisticsRow], ends: frozenset[str]) -> Iterator[Mistake]:
    titles, published = [one.title for one in rows], {one.title for one in rows if not one.published_as}
    counted: set[str] = set()
    for index, row in enumerate(rows):
        at = ("statistics", "rows", index)
        if not row.title.strip() or titles.index(row.title) != index:
            yield Mistake((*at, "title"), "give each row a title of its own.")
        if row.published_as and row.published_as not in published:
            yield Mistake((*at, "published_as"), f"there is no published row “{row.published_as}”.")
        for end in row.counts:
            if end not in ends:
                yield Mistake((*at, "counts"), f"no request ends in “{end}”.")
            if end in counted:
                yield Mistake((*at, "counts"), f"“{end}” counts in two rows.")
            counted.add(end)
    for missing in sorted(ends - counted):
        yield Mistake(("statistics", "rows"), f"“{missing}” counts in no row.")
