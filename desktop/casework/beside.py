"""What stands beside a case's answers and bears on a criterion, which the answers cannot show by themselves.

A criterion names it in its ``about``: "earlier", the other requests that may be about the same person; "cap", the
yearly cap of the agreement.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from db import lists
from db.records import Case, CaseRow
from db.store import Tx
from desktop.casework.blind import seen_blind
from desktop.casework.caps import cap_use
from desktop.casework.desk import Desk
from desktop.casework.projection import sought
from desktop.policy.agreements import CAP, EARLIER, Agreement
from desktop.policy.people import Comparison, compare, may_be_same_as
from desktop.policy.sheet import Beside
from desktop.policy.wording import plural

MOST_EARLIER = 20


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier request that may be about the same person, side by side: facts, never a score."""

    row: CaseRow
    agreement: str
    comparison: tuple[Comparison, ...]
    same_person: bool | None


def earlier_of(desk: Desk, tx: Tx, case: Case) -> tuple[Earlier, ...]:
    """The other requests that may be about the person, the latest first; of too many, those not decided on first."""
    found = lists.sharing_identifiers(tx, case.row.id, sought(case.answers), MOST_EARLIER * 5)
    alike = set(may_be_same_as(case.answers, [one.answers for one in found]))
    kept = [one for at, one in enumerate(found) if one.same_person is not None or at in alike]
    if len(kept) > MOST_EARLIER:
        kept.sort(key=lambda one: one.same_person is not None)
    kept = kept[:MOST_EARLIER]
    rows = seen_blind(desk, tx, lists.rows_of(tx, [one.case_id for one in kept]))
    titles = {one.id: one.short_title for one in desk.agreements.all()}
    return tuple(
        Earlier(
            row=row,
            agreement=titles.get(row.agreement_id, row.agreement_id),
            comparison=compare(case.answers, one.answers),
            same_person=one.same_person,
        )
        for row, one in zip(rows, kept, strict=True)
    )


def beside(tx: Tx, agreement: Agreement, case: Case, earlier: Collection[Earlier]) -> Mapping[str, Beside]:
    """What the criteria of the case's agreement are about and its answers do not hold, by the words of ``about``;
    ``earlier`` as `earlier_of` has it.
    """
    wanted = {key for criterion in agreement.criteria for key in criterion.about}
    found: dict[str, Beside] = {}
    if EARLIER in wanted:
        waiting = sum(one.same_person is None for one in earlier)
        many = plural(len(earlier), "other request")
        said = f"{many} may be about this person, {waiting or 'none'} of them undecided."
        against = f"{plural(waiting, 'other request')} that may be about this person {_is(waiting)} not decided on."
        found[EARLIER] = Beside(said, against if waiting else "")
    use = cap_use(tx, agreement, case) if CAP in wanted else None
    if use is not None:
        found[CAP] = Beside(f"{use.words}.", f"the cap is reached: {use.words}." if use.reached else "")
    return found


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
