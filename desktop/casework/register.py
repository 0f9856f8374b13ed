"""The register, search and retention timers, as lists show them to each role."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from db import lists, search
from db import timers as kept
from db.records import CaseRow, RegisterFilter, Role
from db.records_log import Timer
from desktop.casework.desk import Desk, Refused, need_role
from desktop.policy.retention import Bucket, bucket
from desktop.policy.wording import countdown

MOST_FOUND = 50
_NO_NAMES = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})


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
    agreement: str
    countdown: str
    bucket: Bucket


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
        return lists.register_ids(tx, wanted, most, among)


def register_rows(desk: Desk, ids: Sequence[int]) -> tuple[CaseRow, ...]:
    """The rows of these cases. An auditor sees how a case was handled, not whom it is about."""
    with desk.store.read() as tx:
        rows = lists.rows_of(tx, ids)
    return tuple(_hidden(row) for row in rows) if desk.user.role in _NO_NAMES else rows


def find(desk: Desk, typed: str, limit: int = MOST_FOUND) -> tuple[CaseRow, ...]:
    """The latest cases that match a reference, name, date of birth, NHS number or requester reference."""
    _need_no_names(desk, typed)
    with desk.store.read() as tx:
        found = list(search.find(tx, typed, limit))
        # Of a destroyed case the reference alone is left, and not in the index.
        named = lists.id_of(tx, typed.strip().upper())
        return lists.rows_of(tx, found if named is None or named in found else [named, *found])


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


def timers(desk: Desk, on: date | None = None) -> tuple[TimerRow, ...]:
    """Every running timer in order of its date, counted from `on` or today."""
    need_role(desk, Role.RECORDS_OFFICER, Role.GUARDIAN, Role.ADMINISTRATOR, Role.AUDITOR)
    today = on or desk.today()
    titles = {one.id: one.short_title for one in desk.agreements.all()}
    with desk.store.read() as tx:
        found = kept.running(tx)
    return tuple(
        TimerRow(
            timer=one,
            agreement=titles.get(one.agreement_id, one.agreement_id),
            countdown=countdown(one.due_on, today),
            bucket=bucket(one.due_on, today, waits=one.waits),
        )
        for one in found
    )
