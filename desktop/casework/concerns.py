"""Safeguarding concerns: raised by the screen or by anyone who works on the case, and never taken off.

Where a concern names someone on the requester's side, other requests by them or their unit have it too: those that
are open now, and each later one when it is submitted. So have other requests about the same person, whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db import concerns
from db.casereads import load_case
from db.journal import append
from db.persons import others_about
from db.records import Answers, Case, Heading, Role, State
from db.store import Tx
from desktop.casework.bound import bound
from desktop.casework.desk import Desk, Done, Invalid, Refused, act, need_reasons, need_role
from desktop.policy.agreements import Agreement
from desktop.policy.answers import text_of
from desktop.policy.fields import Problem, check_text
from desktop.policy.safeguards import RISK_WHO, RISK_WHY, Side, comes_from, same_side
from desktop.policy.shapes import SHORT
from desktop.policy.sheet import Sheet

SAME_PERSON = "A concern stands in another request about the same person."
"""Why a case has a concern that came with its person: whoever asked there stands in no word of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseConcern:
    """A concern about a case. It changes no answer and no state, so it needs no version."""

    command_id: str
    case_id: int
    why: str
    who: str = ""
    """Who on the requester's side may be the risk, where it is one of them."""


def raise_concern(desk: Desk, command: RaiseConcern) -> Done:
    """Records a concern, whatever the case's state: from now on the guardian alone decides and releases it."""

    def body(tx: Tx, now: datetime) -> Done:
        need_role(desk, Role.CASEWORKER, Role.REVIEWER, Role.GUARDIAN)
        case = load_case(tx, command.case_id)
        if case.row.state is State.DESTROYED:
            raise Refused("This case is destroyed.")
        why = need_reasons(command.why, "the concern")
        who = command.who.strip()
        if unsafe := check_text("who", who, most=SHORT, lines=False):
            raise Invalid(unsafe)
        if any(one.who == who and one.why == why for one in case.concerns):
            raise Invalid((Problem("reasons", "This concern stands already.", hard=True),))
        _add(desk, tx, case, now, who, why)
        return Done(case.row.id, case.row.version, case.row.state, case.row.due_on)

    return act(desk, command.command_id, "raise_concern", body)


def raise_by_screen(desk: Desk, tx: Tx, case: Case, agreement: Agreement, answers: Answers, now: datetime) -> None:
    """What a submission raises: a concern of its own screen, and those of other cases that name its requester."""
    sheet = Sheet(agreement, answers)
    if sheet.risk_named:
        who, why = text_of(answers.get(RISK_WHO)), text_of(answers.get(RISK_WHY))
        if not any(one.who == who and one.why == why for one in case.concerns):
            _add(desk, tx, case, now, who, why)
    elif sheet.concern and not case.concerns:
        _add(desk, tx, case, now, "", "")
    elif case.in_danger and not concerns.about_person(tx, [case.row.id]):
        _add(desk, tx, case, now, "", SAME_PERSON)
    spread_over_person(desk, tx, case.row.id, now)
    for who in dict.fromkeys(one.who for one in case.concerns if one.who):
        # Who asks here may have been corrected since it was raised.
        _spread(desk, tx, case, now, who)
    brought = concerns.brought_from(tx, case.row.id)
    named = [one for one in concerns.named_elsewhere(tx, case.row.id) if one.case_id not in brought]
    sides = concerns.sides_that_are_named(tx, case.row.id) if named else {}
    here = Side.of(answers)
    for other_id in dict.fromkeys(
        one.case_id for one in named if same_side(one.who, Side.of(sides.get(one.case_id, {})), here)
    ):
        _bring(desk, tx, now, case, load_case(tx, other_id))


def spread_over_person(desk: Desk, tx: Tx, case_id: int, now: datetime) -> None:
    """Where a concern stands about the person of a case, every open case about them that was submitted has it."""
    group = {case_id, *others_about(tx, case_id)}
    have = concerns.about_person(tx, group)
    for other_id in concerns.open_and_submitted(tx, group - have) if have else ():
        _put(desk, tx, other_id, now, "", SAME_PERSON)


def _add(desk: Desk, tx: Tx, case: Case, now: datetime, who: str, why: str) -> None:
    _put(desk, tx, case.row.id, now, who, why)
    spread_over_person(desk, tx, case.row.id, now)
    if who:
        _spread(desk, tx, case, now, who)


def _put(desk: Desk, tx: Tx, case_id: int, now: datetime, who: str, why: str) -> None:
    concerns.add_concern(tx, case_id, "requester" if who else "person", desk.user.id, now, who=who, why=why)
    data = bound(tx, case_id, {"who": who, "why": why})
    append(
        tx,
        at=now,
        actor_id=desk.user.id,
        action="raise_concern",
        heading=Heading.DECISION,
        case_id=case_id,
        data=data,
    )


def _spread(desk: Desk, tx: Tx, case: Case, now: datetime, who: str) -> None:
    """Brings every open request by who is named, or by the unit that asks here, to the guardian's attention."""
    theirs = comes_from(who, Side.of(case.answers))
    for other_id, answers in concerns.sides_of_open_cases(tx, case.row.id).items():
        if theirs(Side.of(answers)) and case.row.id not in concerns.brought_from(tx, other_id):
            _bring(desk, tx, now, load_case(tx, other_id), case)


def _bring(desk: Desk, tx: Tx, now: datetime, case: Case, source: Case) -> None:
    concerns.add_concern(tx, case.row.id, "elsewhere", desk.user.id, now, from_case=source.row.id)
    append(
        tx,
        at=now,
        actor_id=desk.user.id,
        action="bring_concern",
        heading=Heading.DECISION,
        case_id=case.row.id,
        data={"other": source.row.reference},
    )
