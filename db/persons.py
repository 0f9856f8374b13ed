"""Whom cases are about, by their identifiers alone: for pseudonyms, which tell that two cases are about one person."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, or_, select

from db.schema import identifier, link


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
