"""Rules that the database keeps for holds since revision 0044: those of before, for every case that a hold on a person
reaches, however many others are between.
"""

from __future__ import annotations

from db.migrations import conditions_0018, guards_destruction, guards_holds
from db.migrations.conditions_0016 import STRONG
from db.migrations.conditions_0044 import held, person, stands_over, telling

_STANDS = "NOT EXISTS (SELECT 1 FROM hold_step WHERE hold_step.hold_id = hold.id AND hold_step.step = 'release')"
_ON_PERSON = f"EXISTS (SELECT 1 FROM hold WHERE hold.person_of IS NOT NULL AND {_STANDS} AND {{}})"


def rests_on_link(link: str) -> str:
    """SQL: whether a standing hold is about the person of the two cases of a link, which the alias names."""
    return _ON_PERSON.format(f"{link}.case_id IN ({person('hold.person_of')})")


def rests_on_number(number: str) -> str:
    """SQL: whether a standing hold reaches its cases by this identifier, which the alias names: one of the case that it
    is about, or one that joins another case to its own, where that is held or joined to others by more than this.
    """
    case, this = f"{number}.case_id", f"mine.kind = {number}.kind AND mine.value = {number}.value"
    this_joins = f"{this} AND (theirs.case_id = hold.person_of OR {telling('mine')})"
    covered = f"EXISTS (SELECT 1 FROM cases AS found WHERE found.id = {case} AND {stands_over('found')})"
    linked = f"EXISTS (SELECT 1 FROM link WHERE link.same_person AND (link.case_id = {case} OR link.other_id = {case}))"
    more = _shared(case, f"NOT ({this}) AND {telling('mine')}")
    joins = (
        f"{_shared(case, this_joins)} AND ({covered} OR {linked} OR {more}) AND {case} IN ({person('hold.person_of')})"
    )
    rests = _ON_PERSON.format(f"(hold.person_of = {case} OR ({joins}))")
    return f"{number}.value <> '' AND {number}.kind IN ({STRONG}) AND {rests}"


def _shared(case: str, which: str) -> str:
    """SQL: whether another case has one of these identifiers, `mine`, of a case."""
    return (
        "EXISTS (SELECT 1 FROM identifier AS mine JOIN identifier AS theirs ON theirs.kind = mine.kind"
        f" AND theirs.value = mine.value AND theirs.case_id <> mine.case_id WHERE mine.case_id = {case} AND {which}"
        f" AND mine.value <> '' AND mine.kind IN ({STRONG}))"
    )


_CHANGED = {
    "cases_held": (guards_destruction, conditions_0018.held("OLD"), held("OLD")),
    "link_held": (guards_holds, guards_holds.rests_on_link("OLD"), rests_on_link("OLD")),
    "identifier_held": (guards_holds, guards_holds.rests_on_number("OLD"), rests_on_number("OLD")),
    "attachment_held": (guards_holds, conditions_0018.stands_over("found"), stands_over("found")),
}
"""The triggers, each with where it was made, and which of its conditions gives way to another."""


def _made_before(name: str) -> str:
    made: tuple[str, ...] = _CHANGED[name][0].statements()
    return next(one for one in made if one.startswith(f"CREATE TRIGGER {name} "))


def statements() -> tuple[str, ...]:
    """What is run to come to this revision's rules."""
    made = ((name, _made_before(name).replace(old, new)) for name, (_module, old, new) in _CHANGED.items())
    return tuple(one for name, sql in made for one in (f"DROP TRIGGER {name}", sql))


def before() -> tuple[str, ...]:
    """What is run to go back to the rules before."""
    return tuple(one for name in _CHANGED for one in (f"DROP TRIGGER {name}", _made_before(name)))
