"""What the tables of the oversight report are made of: their rows and columns, and what rows are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from db.records_figures import Fact, Sort
from desktop.policy.agreements import Agreement
from desktop.policy.sheets import Line, Sum

ALL: Final = ""
"""The row of all."""
Place = tuple[str, str]
"""The id of a row and of a column."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A column that is one column in a hundred of another."""

    title: str
    part: str
    whole: str


@dataclass(frozen=True, slots=True)
class Bound:
    """That figures tell together what one of them is, or what it is at least: where one of ``kept`` is kept back, all
    ``with_it`` are.
    """

    kept: frozenset[Place]
    """Of the same table, or of one before it."""
    with_it: frozenset[Place]


@dataclass(frozen=True, slots=True)
class Rest:
    """That two figures tell how many are in the one and not in the other: where these are few, all ``with_it`` are kept
    back.
    """

    whole: Place
    part: Place
    with_it: frozenset[Place]


def bounds(rows: Iterable[str], kept: Iterable[str], with_it: Iterable[str]) -> tuple[Bound, ...]:
    """That in each of these rows, where one of the columns `kept` is kept back, all `with_it` are, there and in the row
    of all, less which the others would tell it.
    """
    columns, held = tuple(kept), tuple(with_it)
    return tuple(
        Bound(
            frozenset((row, one) for one in columns),
            frozenset((each, one) for each in (row, ALL) for one in held),
        )
        for row in dict.fromkeys((*rows, ALL))
    )


@dataclass(frozen=True, slots=True)
class Part:
    """A table of the report. ``of_requests`` where its figures are of the requests themselves, as other tables have
    them too; ``summed`` where the row of all is the sum of the others that are no parts.
    """

    title: str
    head: str
    rows: tuple[Line, ...]
    columns: tuple[Place, ...]
    """The id and the title of each."""
    sorts: tuple[Sort, ...] = ()
    places: Callable[[Sort, Fact], Iterable[Place]] = lambda _sort, _fact: ()
    """Where a count stands."""
    rates: tuple[Rate, ...] = ()
    note: str = ""
    stated: frozenset[str] = frozenset()
    """Columns that are no counts, and are always shown."""
    of_requests: bool = False
    summed: bool = True
    sums: tuple[Sum, ...] = ()
    """Which columns are made of which others, which may stand in no column themselves."""
    withheld: frozenset[str] = frozenset()
    """Rows and columns of which another report has the same figures, or those that they differ from: one of other days,
    or one of the same days that is made later; and rows that tell of what stands in no other. Where anything is kept
    back, they are kept back whole.
    """
    follows: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    """For a row (or a row and a column, as "row column") that counts the same requests in another way, the places of
    the requests that it must not tell where they are kept back."""
    bounds: tuple[Bound, ...] = ()
    rests: tuple[Rest, ...] = ()
    all_or_none: bool = False
    """Whether it tells the same requests again: then nothing of it is told, not even how many rows it has, where any
    figure of the requests is kept back.
    """

    def count(self, facts: Mapping[Sort, Sequence[Fact]]) -> Counter[Place]:
        """Its figures."""
        found = Counter[Place]()
        for sort in self.sorts:
            for fact in facts[sort]:
                for place in self.places(sort, fact):
                    found[place] += fact.count
        return found


@dataclass(frozen=True, slots=True)
class Names:
    """What rows are called, from the agreements, in their order."""

    agreements: Mapping[str, Agreement]

    def agreement(self, agreement_id: str) -> str:
        """Its short title."""
        return self.agreements[agreement_id].short_title

    def body(self, body: str) -> str:
        """An agreement and a kind of requester, the kind only where there are several."""
        agreement_id, kind = body.split("|")
        agreement = self.agreements[agreement_id]
        titles = {one.id: one.title for one in agreement.requesters}
        if len(titles) < 2:
            return agreement.short_title
        return f"{agreement.short_title}: {titles.get(kind, 'requester not known')}"

    def ordered(self, bodies: Iterable[str]) -> list[str]:
        """Bodies, or agreements, in the order of the agreements and of their kinds of requester."""
        agreements = {one: at for at, one in enumerate(self.agreements)}

        def order(body: str) -> tuple[int, int, str]:
            agreement_id, _, kind = body.partition("|")
            kinds = [one.id for one in self.agreements[agreement_id].requesters]
            return agreements[agreement_id], kinds.index(kind) if kind in kinds else len(kinds), body

        return sorted(set(bodies), key=order)

    def criterion(self, agreement_id: str, criterion_id: str) -> str:
        """A criterion in few words."""
        found = (one.short for one in self.agreements[agreement_id].criteria if one.id == criterion_id)
        return next(found, criterion_id) or "No agreement permits the request"

    def item(self, item_id: str) -> str:
        """What an item is called by the first agreement that has it."""
        found = (one.item(item_id) for one in self.agreements.values())
        return next((one.label for one in found if one is not None), item_id)
