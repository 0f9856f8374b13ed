"""What figures are counted by beside the columns of a case, and the table of what was published: two tables of the same
days could tell together what each of them keeps back.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Table, Text, text

from db.schema import cases, journal, keep, metadata
from db.schema_disposal import destruction_certificate, transfer_package
from db.times import Moment

LONG_DAYS: Final = 366
"""A request that takes more days from its receipt to its end is found among the long ones."""
LONG: Final = f"julianday(closed_on) - julianday(received_on) > {LONG_DAYS}"
"""SQL: whether a request took long. Whatever was open on a day and closed later than so many days after it did."""
OUT_OF_ORDER: Final = (
    "closed_on IS NOT NULL AND ((received_on IS NULL AND outcome <> 'withdrawn') OR closed_on < received_on)"
)
"""SQL: whether a request was closed before it was received, or without having been: no days count it."""
WITHDRAWN_HELD: Final = "action = 'withdraw' AND instr(data, '\"held\"\\:') > 0"
"""SQL: whether an entry says that a request was withdrawn that was held until then."""

Index("ix_cases_long", cases.c.closed_on, cases.c.received_on, sqlite_where=text(LONG))
Index("ix_cases_out_of_order", cases.c.agreement_id, sqlite_where=text(OUT_OF_ORDER))
Index("ix_journal_withdrawn_held", journal.c.at, journal.c.case_id, sqlite_where=text(WITHDRAWN_HELD))
Index(None, destruction_certificate.c.made_at)
Index(None, transfer_package.c.made_at)

publication = Table(
    "publication",
    metadata,
    keep("id", Integer, primary_key=True),
    keep("title", Text, nullable=False),
    keep("first", Date, nullable=False),
    keep("last", Date, nullable=False),
    keep("per", String(20), nullable=False),
    keep("control", String(20), nullable=False),
    # The ids of the agreements whose requests it counts, as JSON, and the hash of what it says of them.
    keep("agreements", Text, nullable=False),
    keep("figures", String(64), nullable=False),
    keep("published_by", Integer, ForeignKey("user.id")),
    keep("published_at", Moment, nullable=False),
    CheckConstraint("last >= first", name="order"),
    sqlite_autoincrement=True,
)
