"""What keeps a case from being destroyed, as SQL, since revision 0043: as before, with the links of a case found from
either end instead of looked for among all.

What keeps it: see ``conditions_0040``.
"""

from __future__ import annotations

from db.migrations import conditions_0040


def open_beside(case: str) -> str:
    """SQL: as before."""
    return _from_either_end(conditions_0040.open_beside(case), case)


def _from_either_end(sql: str, case: str) -> str:
    for table in ("relation", "link"):
        among_all = f"{case}.id IN ({table}.case_id, {table}.other_id)"
        if among_all not in sql:
            raise ValueError(sql)
        sql = sql.replace(among_all, f"({table}.case_id = {case}.id OR {table}.other_id = {case}.id)")
    return sql
