"""The tables of the oversight report of what is no request: holds and destruction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from db.records_figures import Fact, Sort
from desktop.policy.oversightparts import Bound, Part, Place, Rest
from desktop.policy.sheets import Line

_DESTROYED: Final = (f"{Sort.DISPOSED} destroyed", "count")
_HANDED_OVER: Final = (f"{Sort.DISPOSED} handed_over", "count")
"""Of what was destroyed."""


def _single(title: str, head: str, rows: Mapping[Place, str], note: str) -> Part:
    """A table of one column; `rows`: the sort and ``Fact.what`` of each row to its title."""

    def places(sort: Sort, fact: Fact) -> Iterator[Place]:
        if (sort.value, fact.what) in rows:
            yield f"{sort.value} {fact.what}", "count"

    # What was proposed is approved or turned down, and what was approved is certified.
    runs = frozenset((f"{sort} {what}", "count") for sort, what in rows if sort == Sort.RUN)
    return Part(
        title,
        head,
        tuple(Line(f"{sort} {what}", words) for (sort, what), words in rows.items()),
        (("count", "Number"),),
        tuple(dict.fromkeys(Sort(sort) for sort, _what in rows)),
        places,
        note=note,
        summed=False,
        # What stood before the days and stands after them tells what was placed less what was released.
        withheld=frozenset(f"{sort} {what}" for sort, what in rows if sort == Sort.HELD),
        bounds=(Bound(runs, runs),),
        rests=(Rest(_DESTROYED, _HANDED_OVER, frozenset({_HANDED_OVER})),),
    )


HOLDS: Final = _single(
    "Holds",
    "Holds",
    {
        (Sort.HELD.value, "placed"): "Placed",
        (Sort.HELD.value, "released"): "Released",
        (Sort.HELD.value, "standing"): "Standing at the end of the days",
    },
    "A hold may cover one case, or every case about a person, of a requester, under an agreement or of some days.",
)
DESTRUCTION: Final = _single(
    "Destruction",
    "Step",
    {
        (Sort.RUN.value, "proposed"): "Runs proposed",
        (Sort.RUN.value, "approved"): "Runs approved",
        (Sort.RUN.value, "turned_down"): "Runs turned down",
        (Sort.DISPOSED.value, "destroyed"): "Cases destroyed",
        (Sort.DISPOSED.value, "kept"): "Cases of a run that were kept",
        (Sort.DISPOSED.value, "handed_over"): "Cases handed over first",
        (Sort.RUN.value, "certified"): "Certificates made",
    },
    "",
)
