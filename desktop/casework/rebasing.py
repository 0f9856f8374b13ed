"""Timers that run by the rule of their day are put under that of today, once someone has seen every date that moves.

A case is pinned to the rule that counted when it was closed. A new rule touches no timer by itself, nor by one person
alone: it may make cases due years earlier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from db import timers
from db.casereads import load_case
from db.journal import append
from db.records import Heading, Role
from db.records_log import Timer
from db.store import Tx
from db.timers import Happened
from desktop.casework.desk import Desk, Invalid, Refused, changing, need_role
from desktop.casework.restoring import confirmed_by
from desktop.casework.timers import FORESEEN, foreseen_day, note_event, terms_of
from desktop.policy.agreements import Agreement
from desktop.policy.fields import Problem, check_text
from desktop.policy.people import name_key
from desktop.policy.retention import review, rule_words, trigger_of

MOST = 1_000_000
"""Timers that are looked at: all of them."""


@dataclass(frozen=True, slots=True)
class MovedDate:
    """A timer whose date the rule of today moves."""

    case_id: int
    reference: str
    agreement: str
    before: date
    after: date
    rule: str
    """The rule of today in words."""
    source: str
    terms: Mapping[str, object]
    """The rule of today as the store keeps it."""
    foreseen: date | None
    """The day of what starts it, where that was not kept under the rule of before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebase:
    """Puts these timers under the rule of today. ``seen``: the dates that were shown, case by case. Another records
    officer or the guardian, ``second``, confirms it with their password.
    """

    seen: tuple[tuple[int, date], ...]
    because: str
    second: str
    password: str


def moved_dates(desk: Desk) -> tuple[MovedDate, ...]:
    """Every timer that today's rules give another date, in the order of the dates that stand."""
    need_role(desk, Role.RECORDS_OFFICER)
    with desk.store.read() as tx:
        return _moved(desk, tx)


def _moved(desk: Desk, tx: Tx) -> tuple[MovedDate, ...]:
    """A timer that somebody gave a date of its own keeps it."""
    kept = timers.retained(tx)
    known = {one.id: one for one in desk.agreements.all()}
    of_agreement: dict[str, dict[int, Happened]] = {}
    found = []
    for one in timers.running(tx, limit=MOST):
        agreement = known.get(one.agreement_id)
        if agreement is None or one.case_id in kept:
            continue
        if agreement.id not in of_agreement:
            of_agreement[agreement.id] = timers.happened(tx, agreement.id)
        if (moved := _under(tx, agreement, one, of_agreement[agreement.id][one.case_id])) is not None:
            found.append(moved)
    return tuple(found)


def _under(tx: Tx, agreement: Agreement, one: Timer, known: Happened) -> MovedDate | None:
    """What today's rule makes of a timer; None where its day and what starts it stay as they are."""
    rule = agreement.retention
    trigger = trigger_of(rule, one.outcome, known.answer)
    days, foreseen = dict(known.days), None
    if trigger not in days and trigger in FORESEEN:
        foreseen = foreseen_day(agreement, load_case(tx, one.case_id), trigger)
        days |= {trigger: foreseen} if foreseen else {}
    after = review(rule, trigger, one.started_on, days.get(trigger), appealed=known.appealed)
    if (after, trigger) == (one.due_on, one.trigger):
        return None
    words = rule_words(rule, trigger)
    return MovedDate(
        one.case_id,
        one.reference,
        agreement.short_title,
        one.due_on,
        after,
        words,
        rule.source,
        {"trigger": trigger, **terms_of(rule, trigger, one.started_on)},
        foreseen,
    )


def rebase(desk: Desk, command: Rebase) -> int:
    """Gives the timers that were seen their new dates; returns how many. Raises Invalid or Refused."""
    need_role(desk, Role.RECORDS_OFFICER)
    if not command.because.strip():
        raise Invalid((Problem("because", "Say why the new rule counts for them.", hard=True),))
    if unsafe := check_text("because", command.because, most=1000):
        raise Invalid(unsafe)
    second = confirmed_by(desk, command.second, command.password)
    if second.user.id == desk.user.id or name_key(second.user.name) == name_key(desk.user.name):
        raise Invalid((Problem("second", "Another person than you confirms this.", hard=True),))
    with changing(desk) as tx:
        now = desk.clock()
        moved = {one.case_id: one for one in _moved(desk, tx)}
        if not command.seen or any(moved[key].after != on if key in moved else True for key, on in command.seen):
            raise Refused("The dates have changed since you saw them. Look at them again.")
        for case_id, _on in command.seen:
            one = moved[case_id]
            append(
                tx,
                at=now,
                actor_id=desk.user.id,
                action="rebase",
                heading=Heading.ERASURE,
                case_id=case_id,
                data={
                    "from": one.before.isoformat(),
                    "to": one.after.isoformat(),
                    "rule": one.rule,
                    "confirmed_by": second.user.id,
                },
            )
            if one.foreseen is not None:
                note_event(desk, tx, case_id, str(one.terms["trigger"]), one.foreseen, now)
            timers.add_change(
                tx,
                {
                    **one.terms,
                    "case_id": case_id,
                    "kind": "rebase",
                    "due_on": one.after,
                    "rule": one.rule,
                    "source": one.source,
                    "because": command.because.strip(),
                    "decided_by": desk.user.id,
                    "decided_at": now,
                    "confirmed_by": second.user.id,
                },
            )
    return len(command.seen)
