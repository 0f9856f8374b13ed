"""Volume caps: how many requests of one kind of requester an agreement lets the desk take on in a year."""

from __future__ import annotations

from dataclasses import dataclass

from db import lists
from db.records import Case
from db.store import Tx
from desktop.policy.agreements import Agreement


@dataclass(frozen=True, slots=True)
class CapUse:
    """A cap beside what is used of it. ``who`` is the kind of requester in the agreement's words."""

    who: str
    year: int
    most: int
    used: int

    @property
    def reached(self) -> bool:
        """Whether no further request may be approved."""
        return self.used >= self.most

    @property
    def words(self) -> str:
        """Such as "12 of 3,000 requests from Canada in 2026 are approved"."""
        return f"{self.used:,} of {self.most:,} requests from {self.who} in {self.year} are approved"


def cap_use(tx: Tx, agreement: Agreement, case: Case) -> CapUse | None:
    """What is used of the cap that this case counts towards, without the case itself; None where there is none."""
    kind, received = str(case.answers.get("requester.kind") or ""), case.row.received_on
    if agreement.cap is None or received is None or not kind:
        return None
    used = len(lists.taken_on(tx, agreement.id, kind, received.year, case.row.id))
    who = next((one.title for one in agreement.requesters if one.id == kind), "another body")
    return CapUse(who, received.year, agreement.cap.most, used)
