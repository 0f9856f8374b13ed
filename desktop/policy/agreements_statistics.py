"""The statistics line of an agreement: in which table, columns and rows of a publication its requests are counted.

The published register of the tracing service has a column for each kind of requester, and the rows Rejected, Approved –
Trace and Approved – No Trace:
https://digital.nhs.uk/services/data-access-request-service-dars/register-of-approved-data-releases/national-back-office---data-release-register
Import these from ``desktop.policy.agreements``.
"""

from __future__ import annotations

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


class Statistics(Struct, frozen=True):
    """The table, the column of each kind of requester, and the rows in the order in which they are published."""

    table: str
    source: str
    columns: dict[str, str]
    """The id of a kind of requester to the title of its column; several may share one."""
    rows: tuple[StatisticsRow, ...]
    note: str = ""
