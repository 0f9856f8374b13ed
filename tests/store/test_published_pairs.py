"""Whatever is published in whatever order: of two that tell of the same requests and days neither keeps figures back,
or they are one table.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.errors import RuleKept
from db.figures import Told, add_publication, told_otherwise
from db.store import open_store
from desktop.policy.publication import Per, periods
from tests.fixtures import KEY, Made, make_entry, signed_in

AGREEMENTS = ("law-enforcement-tracing", "nca-tracing", "court-order", "nhs-status-check")
WHOLE = (date(2025, 1, 1), date(2025, 12, 31))
SPANS = [
    *((one.first, one.last) for per in (Per.MONTH, Per.QUARTER, Per.YEAR) for one in periods(*WHOLE, per)),
    (date(2025, 3, 31), date(2025, 4, 1)),
    (date(2024, 1, 1), date(2026, 1, 1)),
]


@st.composite
def tables(draw: st.DrawFn) -> Told:
    first, last = draw(st.sampled_from(SPANS))
    return Told(
        title=draw(st.sampled_from(("Tracing requests", "Oversight", "The desk today"))),
        first=first,
        last=last,
        per=draw(st.sampled_from(Per)).value,
        control=draw(st.sampled_from(("none", "nhs", "below-5", "below-10"))),
        agreements=tuple(sorted(draw(st.sets(st.sampled_from(AGREEMENTS), min_size=1)))),
        figures=draw(st.sampled_from(("one", "other"))),
    )


def together(one: Told, other: Told) -> bool:
    """Whether both may be out, said in another way than the database does."""
    days = one.first <= other.last and other.first <= one.last
    requests = bool(set(one.agreements) & set(other.agreements))
    kept = {one.control, other.control} != {"none"}
    return not (days and requests and kept) or replaced(one) == replaced(other)


def replaced(one: Told) -> tuple[object, ...]:
    """What makes a table the same again; the same title always counts the same agreements in one desk."""
    return one.title, one.first, one.last, one.per, one.control, one.figures


@settings(max_examples=25, deadline=None)
@given(st.lists(tables(), min_size=2, max_size=25))
def test_no_two_that_are_out_tell_together_what_one_keeps_back(staffed_store: Made, those: list[Told]) -> None:
    with TemporaryDirectory() as folder:
        store = open_store(staffed_store.copy_to(Path(folder) / "desk"), KEY)
        office = signed_in(make_entry(store, staffed_store.at))
        out: list[Told] = []
        for one in those:
            refused = not all(together(one, other) for other in out)
            with store.read() as tx:
                assert (told_otherwise(tx, one) is not None) is refused
            if refused:
                with pytest.raises(RuleKept), store.write() as tx:
                    add_publication(tx, one, office.guardian.user.id, office.entry.clock())
            else:
                with store.write() as tx:
                    add_publication(tx, one, office.guardian.user.id, office.entry.clock())
                out.append(one)
        store.close()
