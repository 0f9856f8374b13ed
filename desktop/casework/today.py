"""The desk today, for whoever asks: a caseworker's own requests, the reviewers' queue, or the whole desk by person."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from db import figures_today
from db.figures import Told
from db.figures_today import Dated, Open
from db.people import organisation_of
from db.records import Role, State
from db.store import Tx
from desktop.casework.desk import Desk
from desktop.casework.published import told_of
from desktop.casework.reporting import Made, Printed, check_overseeing, keep_report, known_agreements
from desktop.casework.work import OPEN_STATES
from desktop.policy.agreements import Agreement
from desktop.policy.clocks import working_days_before
from desktop.policy.disclosurecontrol import NONE
from desktop.policy.life import DISCLOSING
from desktop.policy.reports import Report
from desktop.policy.today import (
    AHEAD,
    DESK_TODAY,
    Seen,
    Tally,
    by_age,
    by_agreement,
    by_party,
    by_person,
    by_state,
    by_week,
    first_day,
)
from desktop.policy.wording import day

_OF: Mapping[Role, str] = {
    Role.CASEWORKER: "These are your own requests.",
    Role.REVIEWER: "These are the requests that wait for a reviewer, but for what came in and was answered.",
}
"""Whose requests a role is shown, in words, where it is not the whole desk."""
_CHARTED = (0, 1, 2)
_ENOUGH = 3
"""So many caseworkers at least stand in a table without names: of fewer, whoever knows the desk knows who is who."""
_UNNAMED = (
    f"Nobody is named: caseworkers stand in the order of their figures, and a desk of fewer than {_ENOUGH} of them has"
    " no table by person."
)
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class _Read:
    """What the store says today."""

    every: Sequence[Seen]
    received: Sequence[Dated]
    answered: Sequence[Dated]
    agreements: Mapping[str, Agreement]
    since: Mapping[str, date]
    """From which day on answers count for the pace of an agreement."""
    first: date
    """The first day of which anything is told but what is open."""


def today(desk: Desk, *, named: bool = True) -> Report:
    """The figures of today for the signed-in person; with nobody's name in them where they are not `named`."""
    with desk.store.read() as tx:
        return _report(desk, tx, _read(desk, tx), named=named)


def behind(desk: Desk, grid: int, row: int, column: int) -> array[int]:
    """The ids of the cases behind a figure of ``today``, the oldest first, by the numbers of its grid, row and column;
    behind an average or the longest wait, those that it is of.
    """
    with desk.store.read() as tx:
        figure = _tallies(desk, tx, _read(desk, tx), named=True)[grid].rows[row][1][column]
    return array("q", sorted(figure.ids))


def save_today(desk: Desk, made: Made | Printed) -> None:
    """Writes the figures of today to a file or prints them, journalled, with nobody's name in it, and keeps that they
    left the desk: they tell what came in and was answered in their weeks. Raises Refused for a role that does not take
    them out, or where a table of those days keeps small figures back; OSError where the file cannot be written.
    """
    check_overseeing(desk)

    def report(tx: Tx) -> tuple[Report, Told]:
        read = _read(desk, tx)
        made_of = _report(desk, tx, read, named=False)
        counted = {one.agreement_id for those in (read.every, read.received, read.answered) for one in those}
        return made_of, told_of(made_of.title, (read.first, desk.today()), "all", NONE, counted, made_of.grids)

    keep_report(desk, made, report, action="publish_today", data={"role": desk.user.role.value})


def _report(desk: Desk, tx: Tx, read: _Read, *, named: bool) -> Report:
    tallies = _tallies(desk, tx, read, named=named)
    charts = tuple(tallies[at].chart(at) for at in _CHARTED if tallies[at].has_bars)
    notes = [_OF.get(desk.user.role, "These are the requests of the whole desk.")]
    if not named:
        notes.append(_UNNAMED)
    on = desk.today()
    grids = tuple(one.grid() for one in tallies)
    where = organisation_of(tx).name
    return Report(DESK_TODAY, day(on), grids, tuple(notes), where, on, (on, on), NONE.id, charts)


def _tallies(desk: Desk, tx: Tx, read: _Read, *, named: bool) -> tuple[Tally, ...]:
    role = desk.user.role
    those = [one for one in read.every if role is not Role.REVIEWER or _in_queue(one)]
    paced = [one for one in read.answered if read.since[one.agreement_id] <= one.on < desk.today()]
    whose = "Your own requests." if role is Role.CASEWORKER else "The whole desk."
    received, answered = ([(one.id, one.on) for one in dated] for dated in (read.received, read.answered))
    titles = {one.id: one.short_title for one in read.agreements.values()}
    done = _grouped((one.agreement_id, one.id) for one in paced)
    tallies = (
        by_week(received, answered, desk.today(), whose),
        by_state(those),
        by_age(those),
        by_party(those),
        by_agreement(those, read.every, done, titles),
    )
    if role in _OF:
        return tallies
    by_worker = _grouped((one.caseworker_id, one.id) for one in paced)
    called = _called(tx, those, by_worker, named=named)
    return (*tallies, by_person(those, by_worker, called)) if named or len(called) >= _ENOUGH else tallies


def _called(tx: Tx, those: Sequence[Seen], done: Mapping[int, list[int]], *, named: bool) -> dict[int, str]:
    """What each caseworker with figures is called, in the order of their names; without names, in that of the figures:
    by a list of the staff, the other order would name everybody.
    """
    names = figures_today.names_of(tx)
    seen = Counter((one.caseworker_id, one.late) for one in those)

    def figures(one: int) -> tuple[int, ...]:
        late = seen[one, True]
        return -(late + seen[one, False]), -late, -len(done.get(one, ()))

    ids = {*done, *(one.caseworker_id for one in those)}
    if named:
        return {one: names[one] for one in sorted(ids, key=lambda one: (names[one], one))}
    return {one: f"Caseworker {at}" for at, one in enumerate(sorted(ids, key=figures), 1)}


def _grouped(pairs: Iterable[tuple[_Key, int]]) -> dict[_Key, list[int]]:
    found = defaultdict[_Key, list[int]](list)
    for key, case_id in pairs:
        found[key].append(case_id)
    return found


def _in_queue(one: Seen) -> bool:
    return one.state is State.SUBMITTED or (one.state is State.RECORDED and one.outcome in DISCLOSING)


def _read(desk: Desk, tx: Tx) -> _Read:
    agreements = known_agreements(desk, tx)
    on = desk.today()
    since = {key: working_days_before(on, AHEAD, desk.calendars[one.clock.calendar]) for key, one in agreements.items()}
    first = min(first_day(on), *since.values())
    own = desk.user.id if desk.user.role is Role.CASEWORKER else None

    def mine(those: Iterable[Dated]) -> list[Dated]:
        return [one for one in those if own in (None, one.caseworker_id)]

    every = [
        _seen(desk, agreements[one.agreement_id], one)
        for one in figures_today.open_requests(tx, OPEN_STATES)
        if own in (None, one.caseworker_id)
    ]
    received = mine(figures_today.received_since(tx, first_day(on)))
    return _Read(every, received, mine(figures_today.answered_since(tx, first)), agreements, since, first)


def _seen(desk: Desk, agreement: Agreement, one: Open) -> Seen:
    calendar, on = desk.calendars[agreement.clock.calendar], desk.today()
    age = calendar.working_days_between(one.received_on, on) if one.received_on is not None else None
    left = None
    if one.due_on is not None and one.state is not State.RETURNED:
        left = calendar.working_days_between(on, one.due_on)
        # Late from the day after, even where that day is no working day.
        left = min(left, -1) if one.due_on < on else left
    return Seen(one.id, one.agreement_id, one.state, one.outcome, one.caseworker_id, age, left)
