"""Extending the time to answer, as far as the agreement lets it and once the requester was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from db import clocks
from db.records import Action, Case, Extension
from db.store import Tx
from desktop.casework.bound import bound
from desktop.casework.desk import Desk, Done, Invalid, OnCase, Refused, act, case_for, need_reasons
from desktop.casework.projection import project
from desktop.casework.requests import agreement_of, move
from desktop.policy.agreements import Agreement, ExtensionRule
from desktop.policy.clocks import length_words, tell_by
from desktop.policy.fields import Problem
from desktop.policy.life import EXTENDABLE, ROLE_WORDS
from desktop.policy.wording import join_and, weekday_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(OnCase):
    """That the time is so much longer, in units of the agreement's clock, and that the requester was told on a day."""

    length: int
    because: str
    """The id of one of the agreement's reasons."""
    told_on: date
    reasons: str
    """Why that reason applies here: what the requester was told."""


@dataclass(frozen=True, slots=True)
class Extending:
    """How the time of a case may still be extended."""

    rule: ExtensionRule
    left: int
    """So many units of the clock; 0 where it is extended by all that there is."""
    tell_by: date
    longest: str
    """What is left, in words: "20 working days"."""
    over: bool
    """Whether the day for telling is over."""

    @property
    def words(self) -> str:
        """What has to be told, and by when."""
        if self.over:
            by = weekday_day(self.tell_by)
            return f"Only if the requester was told by {by} may the time still be extended, by up to {self.longest}."
        tell = f"Tell the requester by {weekday_day(self.tell_by)}: {self.rule.tell}"
        return f"The time may be extended by up to {self.longest}. {tell}"


def extend(desk: Desk, command: Extend) -> Done:
    """Makes the time longer. Raises Invalid for a reason, a length or a day that the agreement does not allow."""

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.EXTEND)
        agreement = agreement_of(desk, tx, case)
        if refusal := why_not_extend(desk, agreement, case):
            raise Refused(refusal)
        may = extending_of(desk, agreement, case)
        if may is None:
            raise Refused("There is no due date yet, so there is none to extend.")
        _check(desk, case, may, command)
        note = need_reasons(command.reasons, "extending it")
        clocks.add_extension(
            tx,
            case.row.id,
            Extension(command.length, command.told_on, command.because, note),
            desk.user.id,
            now,
        )
        extensions = clocks.extensions_of(tx, case.row.id)
        row = project(agreement, case.answers, desk.calendars, case.pauses, extensions)
        data = {
            "by": length_words(command.length, agreement.clock.kind),
            "because": command.because,
            "told": command.told_on.isoformat(),
            "due": row.due_on.isoformat() if row.due_on else None,
            **bound(tx, case.row.id, {"reasons": note}),
        }
        return move(
            desk, tx, case, Action.EXTEND, now, {"due_on": row.due_on, "provisional": row.provisional}, data=data
        )

    return act(desk, command.command_id, "extend", body)


def extending_of(desk: Desk, agreement: Agreement, case: Case) -> Extending | None:
    """How the time of a case may be extended; None where it may not be at all, or nothing is due yet."""
    clock, received = agreement.clock, case.row.received_on
    calendar = desk.calendars[clock.calendar]
    if clock.extension is None or received is None or case.row.state not in EXTENDABLE:
        return None
    told_by = tell_by(clock, received, calendar, case.pauses, expedited=case.row.expedited)
    if told_by is None:
        return None
    left = max(0, clock.extension.longest - sum(one.length for one in case.extensions if one.told_on <= told_by))
    return Extending(clock.extension, left, told_by, length_words(left, clock.kind), desk.today() > told_by)


def why_not_extend(desk: Desk, agreement: Agreement, case: Case) -> str:
    """Why this person may not extend a case of this agreement; "" where the table of life alone decides."""
    rule = agreement.clock.extension
    if rule is None:
        return "Its agreement does not let the time be extended."
    if desk.user.role not in rule.who:
        who = join_and([f"a {ROLE_WORDS[one].lower()}" for one in rule.who]).replace(" and ", " or ")
        return f"Only {who} may extend the time of this agreement."
    may = extending_of(desk, agreement, case)
    if may is not None and may.left == 0:
        longest = length_words(rule.longest, agreement.clock.kind)
        return f"It is extended already by all that the agreement allows: {longest}."
    return ""


def _check(desk: Desk, case: Case, may: Extending, command: Extend) -> None:
    found = []
    if not 1 <= command.length <= may.left:
        only = f"No more than {may.longest} is left: give 1."
        found.append(("length", only if may.left == 1 else f"Give a number from 1 to {may.left:,}."))
    if all(one.id != command.because for one in may.rule.reasons):
        found.append(("because", "Choose the reason for which the law allows it."))
    if command.told_on > desk.today():
        found.append(("told_on", "This day is in the future. Tell the requester first."))
    elif case.row.received_on and command.told_on < case.row.received_on:
        found.append(("told_on", "This is before the request was received. Check the date."))
    elif command.told_on > may.tell_by:
        found.append(("told_on", f"They had to be told by {weekday_day(may.tell_by)}, so the time stays as it is."))
    if found:
        raise Invalid(tuple(Problem(field, message, hard=True) for field, message in found))
