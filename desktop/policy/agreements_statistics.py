"""The statistics line of an agreement: in which table, columns and rows of a publication its requests are counted.

The published register of the tracing service has a column for each kind of requester, and the rows Rejected, Approved –
Trace and Approved – No Trace:
https://digital.nhs.uk/services/data-access-request-service-dars/register-of-approved-data-releases/national-back-office---data-release-register
Import these from ``desktop.policy.agreements``.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date

from desktop.policy.agreements_parts import Struct


class StatisticsRow(Struct, frozen=True):
    """One row, and which ends of a request count in it: an outcome, or the id of an answer."""

    title: str
    counts: tuple[str, ...]
    published_as: str = ""
    """The row into which a publication folds it; "" publishes it as it is."""
    processed: bool = True
    """Whether it counts as processed in the table's total."""
    own_title: str = ""
    """What its own part is called where another row is folded into it; "" for "the rest"."""


class CountRule(Struct, frozen=True, kw_only=True):
    """The column of each kind of requester, and the rows in the order in which they are published."""

    source: str
    columns: dict[str, str]
    """The id of a kind of requester to the title of its column; several may share one."""
    rows: tuple[StatisticsRow, ...]
    note: str = ""

    @property
    def mark(self) -> str:
        """Eight characters by which one that says anything else of columns or rows is told from it."""
        rows = [[row.title, row.counts, row.published_as, row.processed, row.own_title] for row in self.rows]
        said = [sorted(self.columns.items()), rows]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:8]


class LaterRule(CountRule, frozen=True, kw_only=True):
    """What took the place of the rule before it, whole."""

    counts_from: date
    """The first day that is counted by it."""


class Statistics(CountRule, frozen=True, kw_only=True):
    """The table, and how requests were counted in it at first and since then. What was published has to come out the
    same, so that a rule is never edited: what changes is added at the end of ``later``.
    """

    table: str
    later: tuple[LaterRule, ...] = ()

    @property
    def rules(self) -> tuple[CountRule, ...]:
        """Version 1, 2 and so on."""
        return (self, *self.later)

    def version(self, on: date) -> int:
        """The number of the rule by which this day is counted."""
        return 1 + sum(one.counts_from <= on for one in self.later)
