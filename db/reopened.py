"""Cases that were withdrawn and reopened: the journal alone knows on which days they were closed before."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

from db.migrations.conditions_0032 import london_day

REOPENED: Final = "(SELECT case_id FROM journal WHERE action = 'reopen')"
"""SQL: the cases that were ever reopened: few."""
ENDED_STRETCHES: Final = f"""(
SELECT case_id, began_on, again, MAX(began_on, withdrawn_on) AS closed_on
  FROM (SELECT again.case_id, before IS NOT NULL AS again, COALESCE(before, received_on) AS began_on, withdrawn_on
          FROM (SELECT reopened.case_id,
                       LAG({london_day("reopened.at")}) OVER (PARTITION BY reopened.case_id ORDER BY reopened.seq)
                         AS before,
                       (SELECT {london_day("ended.at")} FROM journal AS ended WHERE ended.case_id = reopened.case_id
                         AND +ended.action = 'withdraw' AND ended.seq < reopened.seq ORDER BY ended.seq DESC LIMIT 1)
                         AS withdrawn_on
                  FROM journal AS reopened WHERE reopened.action = 'reopen') AS again
          CROSS JOIN cases ON cases.id = again.case_id))"""
"""SQL: a reopened case from its receipt, or since it was reopened (``again``), until it was withdrawn: for each time
that it was reopened. Both days are days in London; a clock that was put back ends nothing before it began.
"""
LAST_STRETCHES: Final = f"""(
SELECT case_id, began_on, 1 AS again, MAX(began_on, closed_on) AS closed_on
  FROM (SELECT case_id, {london_day("at")} AS began_on, MAX(seq) FROM journal WHERE action = 'reopen' GROUP BY case_id)
  CROSS JOIN cases ON cases.id = case_id)"""
"""SQL: a reopened case since it was reopened last, with the day on which it was closed again, or NULL."""
NOT_SINCE_REOPENED: Final = (
    f"(journal.case_id NOT IN {REOPENED} OR NOT EXISTS (SELECT 1 FROM journal AS again"
    " WHERE again.case_id = journal.case_id AND +again.action = 'reopen' AND again.seq > journal.seq))"
)
"""SQL: that a case was not reopened after an entry of the journal."""


def withdrawn_held(tx: Connection, case_id: int) -> bool:
    """Whether a case was held when it was withdrawn last, or the journal does not know."""
    query = (
        "SELECT instr(data, '\"held\"\\:') FROM journal WHERE case_id = :id AND +action = 'withdraw'"
        " ORDER BY seq DESC LIMIT 1"
    )
    return tx.execute(text(query), {"id": case_id}).scalar_one_or_none() != 0


def was_reopened(tx: Connection, case_id: int) -> bool:
    """Whether a case was ever reopened: when it was received is fixed then."""
    return bool(tx.execute(text(f"SELECT :id IN {REOPENED}"), {"id": case_id}).scalar_one())
