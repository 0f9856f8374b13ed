"""The register, search and retention timers, as lists show them to each role."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from db import lists, search
from db import timers as kept
from db.records import CaseRow, Outcome, Role
from db.records_log import Timer
from db.records_views import RegisterFilter, Sort
from db.secondlooks import waiting_for
from db.store import Tx
from db.timers import TimerDay
from desktop.casework.blind import hidden_from, seen_blind
from desktop.casework.desk import Desk, Refused, need_role
from desktop.policy.clocks import add_months
from desktop.policy.life import LOOKERS
from desktop.policy.retention import Bucket, bucket
from desktop.policy.wording import countdown

MOST_FOUND = 50
_NO_NAMES = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
_SEE_TIMERS = (Role.RECORDS_OFFICER, Role.GUARDIAN, Role.ADMINISTRATOR, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Totals:
    """What the register's heading says."""

    cases: int
    since: date | None
    requesters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimerRow:
    """A timer in words. ``bucket`` is "due", "soon" (within a month), "waiting" for what starts it, or "running"."""

    timer: Timer
    outcome: Outcome | None
    """None for whoever may take a second look without knowing it."""
    agreement: str
    countdown: str
    bucket: Bucket


@dataclass(frozen=True, slots=True)
class TimerGroups:
    """The cases whose timers run, by what is to be done about them, each group in the order of its dates."""

    today: date
    cases: Mapping[Bucket, Sequence[int]]
    days: tuple[TimerDay, ...]
    """The days on which they are due, in order."""
    whole: bool
    """Whether all of them are there, and not the soonest alone."""

    def __len__(self) -> int:
        return sum(map(len, self.cases.values()))


def totals(desk: Desk) -> Totals:
    """How many cases there are, since when, and who has asked."""
    with desk.store.read() as tx:
        count, since = lists.totals(tx)
        names = () if desk.user.role in _NO_NAMES else lists.requesters(tx)
    return Totals(count, since, names)


def register_ids(
    desk: Desk, wanted: RegisterFilter, most: int | None = None, among: Sequence[int] | None = None
) -> array[int]:
    """The ids of the cases that the filter admits, in its order. ``most``: of so many alone, the first, unless all are
    found as soon. ``among``: of these alone.
    """
    _need_no_names(desk, wanted.text)
    with desk.store.read() as tx:
        waiting = _told_by(desk, tx, wanted, among)
        found = lists.register_ids(tx, wanted, most, among, waiting)
        if waiting and wanted.state is None and wanted.outcome is None:
            # In an order that tells nothing of what was decided either.
            found.extend(lists.register_ids(tx, replace(wanted, sort=Sort.REFERENCE), among=waiting))
        return found


def _told_by(desk: Desk, tx: Tx, wanted: RegisterFilter, among: Sequence[int] | None) -> list[int]:
    """The cases of which a list, by its choice or its order, would tell what was decided while this person may take the
    second look without knowing it: they are left out, or come last.
    """
    chosen = wanted.state is not None or wanted.outcome is not None or wanted.sort in (Sort.STATE, Sort.OUTCOME)
    if not chosen or desk.user.role not in LOOKERS:
        return []
    return [one.case_id for one in waiting_for(tx, desk.user.id) if among is None or one.case_id in among]


def behind_figure(desk: Desk, found: array[int]) -> tuple[array[int], int]:
    """The cases behind a figure of a report as this person may list them: without those of which it would tell what was
    decided, while they may take the second look without knowing it. And how many these are.
    """
    if desk.user.role not in LOOKERS:
        return found, 0
    with desk.store.read() as tx:
        waiting = {one.case_id for one in waiting_for(tx, desk.user.id)}
    shown = array("q", (one for one in found if one not in waiting)) if waiting else found
    return shown, len(found) - len(shown)


def register_rows(desk: Desk, ids: Sequence[int]) -> tuple[CaseRow, ...]:
    """The rows of these cases. An auditor sees how a case was handled, not whom it is about."""
    with desk.store.read() as tx:
        rows = seen_blind(desk, tx, lists.rows_of(tx, ids))
    return tuple(_hidden(row) for row in rows) if desk.user.role in _NO_NAMES else rows


def find(desk: Desk, typed: str, limit: int = MOST_FOUND) -> tuple[CaseRow, ...]:
    """The latest cases that match a reference, name, date of birth, NHS number or requester reference."""
    _need_no_names(desk, typed)
    with desk.store.read() as tx:
        found = list(search.find(tx, typed, limit))
        # Of a destroyed case the reference alone is left, and not in the index.
        named = lists.id_of(tx, typed.strip().upper())
        return seen_blind(desk, tx, lists.rows_of(tx, found if named is None or named in found else [named, *found]))


def _need_no_names(desk: Desk, typed: str) -> None:
    if typed.strip() and desk.user.role in _NO_NAMES:
        raise Refused("Your role does not search for people.")


def _hidden(row: CaseRow) -> CaseRow:
    return replace(row, family_name="", given_names="", born="", requester="", requester_reference="")


def due_count(desk: Desk) -> int:
    """How many closed cases are due for review today."""
    need_role(desk, Role.RECORDS_OFFICER)
    with desk.store.read() as tx:
        return kept.due_count(tx, desk.today())


def timer_groups(desk: Desk, *, soonest: bool = False) -> TimerGroups:
    """The cases whose timers run, group by group. ``soonest``: of those that are due now or within a month alone, which
    takes a fraction of the time.
    """
    today = desk.today()
    found = _timer_days(desk, today, soonest)
    groups: dict[Bucket, array[int]] = {}
    for one in found:
        groups.setdefault(bucket(one.on, today, waits=one.waits), array("q")).extend(one.case_ids)
    return TimerGroups(today, groups, found, whole=not soonest)


def timer_rows(desk: Desk, ids: Sequence[int], on: date | None = None) -> tuple[TimerRow, ...]:
    """The running timers of these cases, in the order given, counted from `on` or today."""
    need_role(desk, *_SEE_TIMERS)
    today = on or desk.today()
    titles = {one.id: one.short_title for one in desk.agreements.all()}
    with desk.store.read() as tx:
        found = kept.timers_of(tx, ids)
        hidden = hidden_from(desk, tx, [one.case_id for one in found])
    return tuple(
        TimerRow(
            timer=one,
            outcome=None if one.case_id in hidden else one.outcome,
            agreement=titles.get(one.agreement_id, one.agreement_id),
            countdown=countdown(one.due_on, today),
            bucket=bucket(one.due_on, today, waits=one.waits),
        )
        for one in found
    )


def timers(desk: Desk, on: date | None = None, *, soonest: bool = False) -> tuple[TimerRow, ...]:
    """Every running timer in order of its date, counted from `on` or today. ``soonest``: as ``timer_groups`` has it."""
    days = _timer_days(desk, on or desk.today(), soonest)
    return timer_rows(desk, [one for day in days for one in day.case_ids], on)


def _timer_days(desk: Desk, today: date, soonest: bool) -> tuple[TimerDay, ...]:
    need_role(desk, *_SEE_TIMERS)
    with desk.store.read() as tx:
        return kept.days(tx, add_months(today, 1) if soonest else None)
