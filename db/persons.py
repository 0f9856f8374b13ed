"""Whom cases are about, by their numbers and by what somebody recorded: for concerns, which are about a person, and for
pseudonyms, which tell that two cases are about one.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlalchemy import Connection, or_, select, text

from db.migrations.conditions_0016 import STRONG
from db.schema import identifier
from db.schema_links import link

_PERSON = text(
    "WITH RECURSIVE person (id) AS (SELECT :case_id"
    " UNION SELECT theirs.case_id FROM person CROSS JOIN identifier AS mine CROSS JOIN identifier AS theirs"
    " ON mine.case_id = person.id AND theirs.kind = mine.kind AND theirs.value = mine.value"
    f" WHERE mine.kind IN ({STRONG}) AND length(mine.value) > 4 AND mine.value GLOB '*[0-9]*'"
    " UNION SELECT link.other_id FROM person CROSS JOIN link ON link.case_id = person.id WHERE link.same_person"
    " UNION SELECT link.case_id FROM person CROSS JOIN link ON link.other_id = person.id WHERE link.same_person"
    ") SELECT id FROM person WHERE id <> :case_id"
)
"""A number without a figure, or of four characters, is a note such as "none"."""


def others_about(tx: Connection, case_id: int) -> frozenset[int]:
    """The other cases about the person of a case: recorded as the same person, or with the same NHS number, Home Office
    reference, passport or National Insurance number, and from each of those on. A record that they are of different
    people does not part cases that share such a number.
    """
    return frozenset(tx.execute(_PERSON, {"case_id": case_id}).scalars())


def identifiers_in(tx: Connection, ids: Collection[int]) -> dict[int, tuple[tuple[str, str], ...]]:
    """The identifiers of each case as (kind, value) pairs. A destroyed case has none."""
    found: dict[int, list[tuple[str, str]]] = {}
    query = select(identifier.c.case_id, identifier.c.kind, identifier.c.value).where(
        identifier.c.case_id.in_(list(ids)), identifier.c.value.is_not(None), identifier.c.value != ""
    )
    for row in tx.execute(query):
        found.setdefault(row.case_id, []).append((row.kind, row.value))
    return {case_id: tuple(sorted(pairs)) for case_id, pairs in found.items()}


def about_one_person(tx: Connection, ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Each case to the cases that someone recorded as being about the same person, however they were led to; itself
    among them.
    """
    groups: dict[int, set[int]] = {one: {one} for one in ids}
    known, new = set(groups), set(groups)
    while new:
        ends = list(new)
        query = select(link.c.case_id, link.c.other_id).where(
            link.c.same_person, or_(link.c.case_id.in_(ends), link.c.other_id.in_(ends))
        )
        new = set()
        for one, other in tx.execute(query):
            new |= {one, other} - known
            joined = groups.get(one, {one}) | groups.get(other, {other})
            for member in joined:
                groups[member] = joined
        known |= new
    return {one: frozenset(groups[one]) for one in ids}


def family_names_of(tx: Connection, ids: Collection[int]) -> tuple[str, ...]:
    """The family names of those whom these cases are about, as they are compared: also former and other ones."""
    query = (
        "SELECT DISTINCT value FROM identifier WHERE case_id IN (SELECT value FROM json_each(:ids)) AND kind = 'name'"
    )
    return tuple(tx.execute(text(query), {"ids": json.dumps(list(ids))}).scalars())


def given_names_of(tx: Connection, ids: Collection[int]) -> tuple[str, ...]:
    """The given names of those whom these cases are about, as they were typed."""
    query = "SELECT DISTINCT given_names FROM cases WHERE id IN (SELECT value FROM json_each(:ids))"
    return tuple(tx.execute(text(query), {"ids": json.dumps(list(ids))}).scalars())


def called(tx: Connection, family_names: Collection[str]) -> tuple[str, ...]:
    """The given names, as they were typed, of everybody in the store who has one of these family names, as they are
    compared.
    """
    query = (
        "SELECT DISTINCT given_names FROM cases WHERE given_names <> '' AND id IN (SELECT case_id FROM identifier"
        " WHERE kind = 'name' AND value IN (SELECT value FROM json_each(:names)))"
    )
    return tuple(tx.execute(text(query), {"names": json.dumps(list(family_names))}).scalars())


def stands_in(tx: Connection, ids: Collection[int], parts: Collection[str]) -> bool:
    """Whether one of these parts, in capitals and without spaces, stands in an answer or an outcome of these cases."""
    query = text(
        f"WITH part AS (SELECT value FROM json_each(:parts)), said AS ({_SAID.format('answer', 'value')}"
        " AND field NOT LIKE 'requester.%' AND field NOT LIKE 'countersigner.%'"
        f" UNION ALL {_SAID.format('finding', 'released')})"
        " SELECT 1 FROM said JOIN part ON instr(said.whole, part.value) LIMIT 1"
    )
    return tx.execute(query, {"parts": json.dumps(list(parts)), "ids": json.dumps(list(ids))}).first() is not None


_SAID = "SELECT replace(upper({1}), ' ', '') AS whole FROM {0} WHERE case_id IN (SELECT value FROM json_each(:ids))"


def births_of(tx: Connection, ids: Collection[int]) -> tuple[str, ...]:
    """The dates of birth of those whom these cases are about, as far as they are known."""
    query = "SELECT DISTINCT born FROM cases WHERE id IN (SELECT value FROM json_each(:ids)) AND born <> ''"
    return tuple(tx.execute(text(query), {"ids": json.dumps(list(ids))}).scalars())


def numbers_of(tx: Connection, ids: Collection[int]) -> tuple[str, ...]:
    """The numbers of those whom these cases are about, and what whoever asked calls the requests."""
    wanted = "SELECT value FROM json_each(:ids)"
    query = (
        "SELECT said FROM"
        f" (SELECT value AS said FROM identifier WHERE case_id IN ({wanted}) AND kind IN ({STRONG})"
        f" UNION SELECT requester_reference FROM cases WHERE id IN ({wanted}))"
        " WHERE length(said) > 4 AND said GLOB '*[0-9]*'"
    )
    return tuple(tx.execute(text(query), {"ids": json.dumps(list(ids))}).scalars())
