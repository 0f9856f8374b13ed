"""What keeps a case from being destroyed, as SQL, since revision 0040: also a request for information that is open and
may be about the same person whose names were typed in another way.

What else keeps a case is as it was: see ``conditions_0038``.
"""

from __future__ import annotations

from db.migrations import conditions_0038
from db.migrations.conditions_0038 import OPEN_INFORMATION

_WHOLE = 10
"""Characters of a whole date of birth."""


def open_beside(case: str) -> str:
    """SQL: as before, and whether an open request for information has the same names, in each other's place or all in
    one field; or the same whole date of birth, and with it all given names or a family name. Unless somebody said that
    it is another. ``desktop.policy.people.may_be_same`` has the same rule.
    """
    names = " OR ".join(f"{one('other')} IN ({_names(case)}, {_turned(case)})" for one in (_names, _turned))
    names = f"({names}) AND ({_both('other')} OR {_both(case)})"
    born = (
        f"other.born = {case}.born AND ({_among(case, 'other')} OR {_among('other', case)}"
        f" OR {case}.given_names <> '' AND folded({case}.given_names) = folded(other.given_names))"
    )
    return (
        f"({conditions_0038.open_beside(case)}"
        # What the few requests say that are open is put together once.
        f" OR ({_names(case)} IN ({_of_each(_names('one'))}) OR {_turned(case)} IN ({_of_each(_names('one'))})"
        f" OR {_names(case)} IN ({_of_each(_turned('one'))})"
        f" OR length({case}.born) = {_WHOLE} AND {case}.born IN ({_of_each('one.born')}))"
        f" AND EXISTS (SELECT 1 FROM cases AS other WHERE other.id IN (SELECT id FROM cases WHERE {OPEN_INFORMATION})"
        f" AND other.id <> {case}.id AND ({names} OR length(other.born) = {_WHOLE} AND {born})"
        f" AND NOT EXISTS (SELECT 1 FROM link WHERE NOT same_person AND ({_between('other', case)}))))"
    )


def _of_each(what: str) -> str:
    """SQL: what each request for information says that is open."""
    return f"SELECT {what} FROM cases AS one WHERE one.id IN (SELECT id FROM cases WHERE {OPEN_INFORMATION})"


def _names(case: str) -> str:
    return f"folded({case}.family_name || {case}.given_names)"


def _turned(case: str) -> str:
    return f"folded({case}.given_names || {case}.family_name)"


def _both(case: str) -> str:
    return f"{case}.family_name <> '' AND {case}.given_names <> ''"


def _among(one: str, other: str) -> str:
    return f"{one}.family_name <> '' AND instr({_names(other)}, folded({one}.family_name))"


def _between(one: str, other: str) -> str:
    pair = "link.case_id = {one}.id AND link.other_id = {other}.id"
    return f"{pair.format(one=one, other=other)} OR {pair.format(one=other, other=one)}"
