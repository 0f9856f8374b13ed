"""What of disposal waits for whoever is signed in: runs and releases for the second of two people, and due reviews."""

from __future__ import annotations

from dataclasses import dataclass

from db import disposal
from db.disposal import Run
from db.health import newest_moment
from db.records import Role
from db.store import Tx
from desktop.casework.desk import Desk, Refused
from desktop.casework.disposalchecks import SLACK, need_use
from desktop.casework.holds import waiting_holds
from desktop.casework.register import due_count


@dataclass(frozen=True, slots=True)
class Awaiting:
    """How much waits for one person."""

    decide: int
    """Runs that another person proposed."""
    carry_out: int
    """Approved runs that may be carried out."""
    releases: int
    """Holds of which another person proposed the release."""
    reviews: int
    """Holds that are due for review."""
    holds: int
    """Holds of which either is so."""

    @property
    def runs(self) -> int:
        """Runs that wait for one thing or the other."""
        return self.decide + self.carry_out


@dataclass(frozen=True, slots=True)
class Reminders:
    """What is counted beside Retention for one person."""

    cases: int
    """Closed cases that are due for review, for whoever proposes what becomes of them. Those on a run count until they
    are gone, so a run that waits is no more.
    """
    releases: frozenset[int]
    """Holds of which another person proposed the release."""
    reviews: frozenset[int]
    """Holds that are due for review."""

    @property
    def count(self) -> int:
        """All of them; a hold of which both are so once."""
        return self.cases + len(self.releases | self.reviews)


def reminders(desk: Desk) -> Reminders:
    """What the signed-in person is reminded of; nothing for a role that has no part in it."""
    reviews, releases = waiting_holds(desk)
    return Reminders(due_count(desk) if desk.user.role is Role.RECORDS_OFFICER else 0, releases, reviews)


def awaiting(desk: Desk) -> Awaiting:
    """What waits for the signed-in person; nothing for a role that has no part in it."""
    reviews, releases = waiting_holds(desk)
    with desk.store.read() as tx:
        open_runs = disposal.open_runs(tx) if desk.user.role is Role.RECORDS_OFFICER else ()
        decide = [one for one in open_runs if one.verdict is None and one.proposed_by_id != desk.user.id]
        ready = [one for one in open_runs if _may_go(tx, desk, one)]
    return Awaiting(len(decide), len(ready), len(releases), len(reviews), len(reviews | releases))


def _may_go(tx: Tx, desk: Desk, one: Run) -> bool:
    """The end of the journal is enough to count by: to carry the run out looks at all of it."""
    if one.verdict is None or one.verdict.not_before is None or desk.today() < one.verdict.not_before:
        return False
    newest = newest_moment(tx)
    if newest is not None and desk.clock() < newest - SLACK:
        return False
    try:
        need_use(tx, desk, one, one.verdict)
    except Refused:
        return False
    return True
