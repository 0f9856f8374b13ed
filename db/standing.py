"""How the timers of closed cases stand by what people decided: on hold, on a run, or kept longer."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, text

from db.holds import held_among

_QUERIES = {
    "retained": (
        "SELECT case_id FROM retention_change WHERE kind = 'retain'"
        " AND id IN (SELECT MAX(id) FROM retention_change GROUP BY case_id)"
    ),
    "proposed": (
        "SELECT item.case_id FROM disposal_run AS run"
        " LEFT JOIN disposal_verdict AS verdict ON verdict.run_id = run.id"
        " CROSS JOIN disposal_item AS item ON item.run_id = run.id"
        # A certificate follows the last result of a run: of those that have one, no item waits.
        " WHERE NOT EXISTS (SELECT 1 FROM destruction_certificate AS made WHERE made.run_id = run.id)"
        " AND COALESCE(verdict.approved, 1) AND NOT EXISTS (SELECT 1 FROM disposal_result AS result"
        " WHERE result.run_id = item.run_id AND result.case_id = item.case_id)"
    ),
}
"""The later one counts more: a run may be of what was kept before."""


def standings(tx: Connection, ids: Collection[int]) -> dict[int, str]:
    """Of these cases, those that are "held", "proposed" or "retained"; the rest merely run."""
    found: dict[int, str] = {}
    for name, query in _QUERIES.items():
        found |= dict.fromkeys(tx.execute(text(query)).scalars(), name)
    wanted = set(ids)
    found = {case_id: name for case_id, name in found.items() if case_id in wanted}
    # What is on hold goes with no run.
    return found | dict.fromkeys(held_among(tx, list(ids)), "held")
