"""What keeps a case from being destroyed, as SQL, since revision 0038: also a request for information that is open and
may be about the same person by name.

What else keeps a case is as it was: see ``conditions_0016``.
"""

from __future__ import annotations

from db.migrations import conditions_0016

OPEN_INFORMATION = "kind = 'information' AND state NOT IN ('issued', 'withdrawn', 'destroyed')"
"""SQL: a request for information, such as subject access, that is not answered. It has an index of its own."""


def open_beside(case: str) -> str:
    """SQL: as before, and whether an open request for information names a family name of the case's person, unless
    their years of birth are known and differ and their first given names do, or somebody said that it is another.
    """
    pair = "(link.case_id = {one} AND link.other_id = {other})"
    said = f"{pair.format(one='other.id', other=f'{case}.id')} OR {pair.format(one=f'{case}.id', other='other.id')}"
    return (
        f"({conditions_0016.open_beside(case)}"
        # From the case's few names to those of the few requests that are open: a common name is of thousands.
        " OR EXISTS (SELECT 1 FROM identifier AS mine CROSS JOIN identifier AS theirs ON theirs.kind = 'name'"
        " AND theirs.value = mine.value"
        f" AND +theirs.case_id IN (SELECT id FROM cases WHERE {OPEN_INFORMATION})"
        " CROSS JOIN cases AS other ON other.id = theirs.case_id"
        f" WHERE mine.case_id = {case}.id AND +mine.kind = 'name' AND other.id <> {case}.id"
        f" AND (other.born = '' OR {case}.born = '' OR substr(other.born, 1, 4) = substr({case}.born, 1, 4)"
        f" OR {_first('other')} = {_first(case)})"
        f" AND NOT EXISTS (SELECT 1 FROM link WHERE NOT same_person AND ({said}))))"
    )


def _first(case: str) -> str:
    return f"folded(substr({case}.given_names, 1, instr({case}.given_names || ' ', ' ') - 1))"
