"""Which cases a hold stands over, as SQL, since revision 0044: one on a person reaches also those that others between
them join to the person's cases.

What else keeps a case is as it was: see ``conditions_0018`` and ``conditions_0043``.
"""

from __future__ import annotations

from db.migrations import conditions_0016, conditions_0018
from db.migrations.conditions_0016 import STRONG


def held(case: str) -> str:
    """SQL: whether a hold stands over the case that the alias names."""
    return f"EXISTS (SELECT 1 FROM hold WHERE {stands_over(case)})"


def stands_over(case: str) -> str:
    """SQL: whether the ``hold`` of the row stands over the case that the alias names."""
    one, other = "hold.person_of", f"{case}.id"
    before = conditions_0018.stands_over(case)
    direct = f"({one} IS NULL OR {one} = {other} OR {conditions_0016.same_person(one, other)})"
    if direct not in before:
        raise ValueError(before)
    return before.replace(direct, f"({one} IS NULL OR {other} IN ({person(one)}))")


def telling(number: str) -> str:
    """SQL: whether an identifier is a number, and no note such as "none" or "0000000"."""
    return (
        f"length({number}.value) > 4 AND {number}.value GLOB '*[0-9]*'"
        f" AND replace({number}.value, substr({number}.value, 1, 1), '') <> ''"
    )


def person(one: str) -> str:
    """SQL: the ids of the cases about the person of the case with this id, and its own: those that share a number with
    it or that somebody recorded as being about one person, and so on from each of these. Further on a number joins
    others where it is ``telling``.
    """
    return (
        f"WITH RECURSIVE person (id) AS (SELECT {one}"
        " UNION SELECT theirs.case_id FROM person CROSS JOIN identifier AS mine CROSS JOIN identifier AS theirs"
        " ON mine.case_id = person.id AND theirs.kind = mine.kind AND theirs.value = mine.value"
        f" WHERE mine.kind IN ({STRONG}) AND mine.value <> '' AND (person.id = {one} OR {telling('mine')})"
        " UNION SELECT link.other_id FROM person CROSS JOIN link ON link.case_id = person.id WHERE link.same_person"
        " UNION SELECT link.case_id FROM person CROSS JOIN link ON link.other_id = person.id WHERE link.same_person"
        ") SELECT id FROM person"
    )
