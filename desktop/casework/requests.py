"""Registering a request, drafting it, and putting it before a reviewer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from db import casefile, lists, search
from db import reasons as given
from db.attachments import snapshot_part
from db.casereads import load_case, pinned_agreement
from db.journal import append
from db.records import Action, Answers, Case, Heading, Json, Outcome, State
from db.reopened import was_reopened
from db.store import Tx
from desktop.casework.aboutperson import entries, with_register
from desktop.casework.bound import bound
from desktop.casework.combining import relate
from desktop.casework.concerns import raise_by_screen, spread_over_person
from desktop.casework.corrections import concerned_ids, with_disclosed
from desktop.casework.desk import Desk, Done, Invalid, OnCase, Refused, act, case_for, need_reasons, touched
from desktop.casework.heldfast import need_numbers, need_same_person
from desktop.casework.keptlists import keep_holds
from desktop.casework.numbering import next_references
from desktop.casework.pinned import decoded
from desktop.casework.policymoves import need_current
from desktop.casework.projection import Projection, identifiers, indexed, project
from desktop.casework.repeats import askers
from desktop.casework.reviewing import review_problems
from desktop.casework.suspended import by_receipt, tell_hold
from desktop.casework.timers import start_timer
from desktop.policy.agreements import REGISTER_FIELD, Agreement
from desktop.policy.completeness import problems
from desktop.policy.fields import Problem, check_storable, parse_date
from desktop.policy.life import EDITABLE, TABLE, step
from desktop.policy.wording import weekday_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A new request under an agreement. `answers` holds at least "received.on"."""

    command_id: str
    agreement_id: str
    answers: Answers


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveAnswers(OnCase):
    """The answers that changed since they were last saved, exactly as typed."""

    answers: Answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit(OnCase):
    """Puts the case before a reviewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithReasons(OnCase):
    """A step that needs nothing but its reasons."""

    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """That two cases are, or are not, about the same person."""

    command_id: str
    case_id: int
    other_id: int
    same: bool


def agreement_of(desk: Desk, tx: Tx, case: Case) -> Agreement:
    """The agreement that a case is pinned to, as its version and the law on the day of receipt see it.

    Its standard lines are those of today: what a letter says of our telephone number was never part of a decision.
    """
    today = desk.agreements.get(case.row.agreement_id) if desk.agreements.has(case.row.agreement_id) else None
    known = today
    if known is None or known.content_hash != case.agreement_hash:
        known = decoded(pinned_agreement(tx, case.agreement_hash), case.row.agreement_id)
        if today is not None:
            known = known.with_standard_lines(today)
    seen = known.at(case.row.agreement_version, case.row.received_on)
    seen = with_register(seen, entries(desk, tx, case)) if seen.field(REGISTER_FIELD) is not None else seen
    return with_disclosed(desk, tx, seen, case)


def register(desk: Desk, command: Register) -> Done:
    """Registers a request: a draft, or held where the agreement was suspended when it was received."""
    return act(desk, command.command_id, "register", lambda tx, now: registered(desk, tx, now, command))


def registered(desk: Desk, tx: Tx, now: datetime, command: Register) -> Done:
    """Registers a request within a transaction."""
    cell = step(desk.user.role, State.DRAFT, Action.EDIT)
    if isinstance(cell, str):
        raise Refused("Only a caseworker may register a request.")
    agreement = desk.agreements.get(command.agreement_id)
    _check_received(command.answers, desk.today())
    row = project(agreement, command.answers, desk.calendars, ())
    _check_storable(agreement.at(row.version, row.received_on), command.answers)
    casefile.keep_agreement(tx, agreement.content_hash, agreement.id, agreement.text)
    (case_reference,) = next_references(tx, agreement.prefix, 1, desk.store.key)
    state = State.HELD if row.suspended else State.DRAFT
    case_id = casefile.insert_case(
        tx, new_row(desk, agreement, case_reference, state, now) | row.values() | {"salt": desk.random(32)}
    )
    _write(desk, tx, case_id, case_reference, command.answers, command.answers, now)
    _journal(desk, tx, now, "register", Heading.COLLECTION, case_id, command.answers)
    return Done(case_id, 1, state, row.due_on)


def new_row(desk: Desk, agreement: Agreement, case_reference: str, state: State, now: datetime) -> dict[str, object]:
    """The columns of a new case that do not follow from its answers."""
    return {
        "reference": case_reference,
        "kind": agreement.kind,
        "agreement_id": agreement.id,
        "agreement_hash": agreement.content_hash,
        "state": state.value,
        "outcome": None,
        "caseworker_id": desk.user.id,
        "created_by": desk.user.id,
        "created_at": now,
        "changed_by": desk.user.id,
        "changed_at": now,
        "version": 1,
        "submission": 0,
        "sent_back": 0,
        "closed_on": None,
    }


def save_answers(desk: Desk, command: SaveAnswers) -> Done:
    """Keeps what was typed, right or wrong; refuses only what cannot be kept safely.

    In a submitted or decided case it takes the case back to a draft first, and voids the decision.
    """

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.EDIT)
        before = agreement_of(desk, tx, case)
        _check_storable(before, command.answers)
        if all(case.answers.get(key) == value for key, value in command.answers.items()):
            # Nothing differs: no decision is voided for it.
            return Done(case.row.id, case.row.version, case.row.state, case.row.due_on)
        answers = {**case.answers, **command.answers}
        row = _settled(
            project(before, answers, desk.calendars, case.pauses, case.extensions),
            case,
            desk.today(),
        )
        _check_order(case, row.received_on)
        if row.received_on != case.row.received_on and was_reopened(tx, case.row.id):
            words = "The request was withdrawn and reopened since, so the day of its receipt stays."
            raise Invalid((Problem("received.on", words, hard=True),))
        state = TABLE[case.row.state, Action.EDIT].to
        version = command.version
        if case.row.state not in EDITABLE:
            casefile.void_decisions(tx, case, desk.user.id, now)
            version = casefile.update_case(
                tx, case.row.id, version, {"state": state.value, "outcome": None, **touched(desk, now)}
            )
        state = by_receipt(state, case, row)
        version = casefile.update_case(
            tx, case.row.id, version, {"state": state.value, **touched(desk, now), **row.values()}
        )
        _write(desk, tx, case.row.id, case.row.reference, answers, command.answers, now)
        dates: dict[str, Json] = {}
        if None not in (row.received_on, row.due_on) and row.received_on != case.row.received_on:
            dates = {"received": str(row.received_on), "due": str(row.due_on)}
        _journal(desk, tx, now, "save_answers", Heading.ALTERATION, case.row.id, command.answers, dates)
        tell_hold(desk, tx, now, case, state)
        return Done(case.row.id, version, state, row.due_on)

    return act(desk, command.command_id, "save_answers", body)


def _settled(row: Projection, case: Case, today: date) -> Projection:
    """While the date of receipt is half typed or wrong, the case keeps its version and has no due date."""
    if row.received_on is not None and row.received_on <= today:
        return row
    held = case.row.state is State.HELD
    return replace(row, received_on=None, due_on=None, version=case.row.agreement_version, suspended=held)


def _come(desk: Desk, case: Case, agreement: Agreement) -> tuple[Case, dict[str, Any]]:
    """The case with its clock, where the date of receipt was still to come when it was typed, and what that changes."""
    if case.row.received_on is not None:
        return case, {}
    projected = project(agreement, case.answers, desk.calendars, case.pauses, case.extensions)
    row = _settled(projected, case, desk.today())
    if row.received_on is None:
        return case, {}
    _check_order(case, row.received_on)
    if row.suspended:
        raise Refused(
            "The agreement was suspended on the day of receipt, so the request is held: change the date, or wait."
        )
    known = replace(case.row, received_on=row.received_on, due_on=row.due_on, agreement_version=row.version)
    return replace(case, row=known), dict(row.values())


def _check_order(case: Case, received: date | None) -> None:
    """Nothing is asked of a requester, nor are they told of anything, before their request was received."""
    if received is None or received == case.row.received_on:
        return
    asked = min((one.since for one in case.pauses), default=received)
    told = min((one.told_on for one in case.extensions), default=received)
    if received > min(asked, told):
        what = (
            f"asked for more on {weekday_day(asked)}" if asked <= told else f"told of more time on {weekday_day(told)}"
        )
        words = f"The requester was {what}, which cannot be before the request was received. Check the date."
        raise Invalid((Problem("received.on", words, hard=True),))


def _write(
    desk: Desk, tx: Tx, case_id: int, case_reference: str, answers: Answers, changes: Answers, now: datetime
) -> None:
    casefile.put_answers(tx, case_id, changes, desk.user.id, now)
    if any(key.startswith(("person.", "requester.")) for key in changes):
        pairs = identifiers(answers) + askers(answers)
        need_numbers(tx, case_id, pairs)
        casefile.put_identifiers(tx, case_id, pairs)
        search.put(tx, case_id, indexed(case_reference, answers))


def submit(desk: Desk, command: Submit) -> Done:
    """Puts the case before a reviewer, as it stands now. Raises Invalid with everything that is missing."""

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.SUBMIT)
        case, settled = _come(desk, case, agreement_of(desk, tx, case))
        agreement = agreement_of(desk, tx, case)
        need_current(desk, tx, case)
        version = agreement.version(case.row.agreement_version)
        missing = problems(agreement, version, case.answers, desk.today())
        missing += review_problems(tx, agreement, case)
        if missing:
            raise Invalid(missing)
        raise_by_screen(desk, tx, case, agreement, case.answers, now)
        number = len(case.submissions) + 1
        snapshot = {**case.answers, **snapshot_part(tx, case.row.id)}
        if agreement.corrects:
            concerned = concerned_ids(desk, tx, case, case.answers)
            relate(desk, tx, now, case.row, lists.rows_of(tx, concerned))
        snapshot_hash = casefile.add_submission(tx, case.row.id, number, desk.user.id, now, snapshot)
        return move(
            desk,
            tx,
            case,
            Action.SUBMIT,
            now,
            {"submission": number, **settled},
            heading=Heading.ALTERATION,
            data={"submission": number, "snapshot": snapshot_hash},
        )

    return act(desk, command.command_id, "submit", body)


def withdraw(desk: Desk, command: WithReasons) -> Done:
    """Ends a request that its requester no longer makes. The retention timer starts."""

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.WITHDRAW)
        reasons = need_reasons(command.reasons, "withdrawing it")
        said = bound(tx, case.row.id, {"reasons": reasons})
        # That it was held until then is counted from the journal.
        said |= {"held": True} if case.row.state is State.HELD else {}
        done = end_unanswered(desk, tx, case, now, said)
        given.give(tx, case.row.id, reasons)
        return done

    return act(desk, command.command_id, "withdraw", body)


def end_unanswered(desk: Desk, tx: Tx, case: Case, now: datetime, data: Mapping[str, Json]) -> Done:
    """Withdraws a case in a transaction that has checked it: its decisions are void and its timer starts."""
    casefile.void_decisions(tx, case, desk.user.id, now)
    today = desk.today()
    closed = {"outcome": Outcome.WITHDRAWN.value, "closed_on": today}
    done = move(desk, tx, case, Action.WITHDRAW, now, closed, data=data)
    start_timer(desk, tx, agreement_of(desk, tx, case), case, now, withdrawn=True)
    return done


def take_off_hold(desk: Desk, command: WithReasons) -> Done:
    """The guardian lets a held request go on, with reasons."""

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.TAKE_OFF_HOLD)
        reasons = need_reasons(command.reasons, "taking it off hold")
        said = bound(tx, case.row.id, {"reasons": reasons})
        done = move(desk, tx, case, Action.TAKE_OFF_HOLD, now, {}, data=said)
        given.give(tx, case.row.id, reasons)
        return done

    return act(desk, command.command_id, "take_off_hold", body)


def link(desk: Desk, command: Link) -> Done:
    """Records whether an earlier request is about the same person."""

    def body(tx: Tx, now: datetime) -> Done:
        case = load_case(tx, command.case_id)
        other = load_case(tx, command.other_id)
        if isinstance(step(desk.user.role, State.DRAFT, Action.EDIT), str):
            raise Refused("Only a caseworker may say who a request is about.")
        if not command.same:
            need_same_person(tx, case.row.id, other.row.id)
        append(
            tx,
            at=now,
            actor_id=desk.user.id,
            action="same_person" if command.same else "someone_else",
            heading=Heading.COMBINATION,
            case_id=case.row.id,
            data={"other": other.row.reference},
        )
        casefile.put_link(tx, case.row.id, other.row.id, command.same, desk.user.id, now)
        if command.same:
            spread_over_person(desk, tx, case.row.id, now)
        return Done(case.row.id, case.row.version, case.row.state, case.row.due_on)

    done = act(desk, command.command_id, "link", body)
    if command.same:
        # A hold on the person of one of them reaches the other from now on.
        keep_holds(desk)
    return done


def move(
    desk: Desk,
    tx: Tx,
    case: Case,
    action: Action,
    now: datetime,
    values: Mapping[str, object],
    *,
    heading: Heading = Heading.DECISION,
    data: Mapping[str, Json] | None = None,
) -> Done:
    """Takes the case to the action's next state in the table, and journals it."""
    state = TABLE[case.row.state, action].to
    version = casefile.update_case(
        tx, case.row.id, case.row.version, {"state": state.value, **touched(desk, now), **values}
    )
    append(tx, at=now, actor_id=desk.user.id, action=action.value, heading=heading, case_id=case.row.id, data=data)
    due_on = values.get("due_on", case.row.due_on)
    return Done(case.row.id, version, state, due_on if isinstance(due_on, date) else None)


def _journal(
    desk: Desk,
    tx: Tx,
    now: datetime,
    action: str,
    heading: Heading,
    case_id: int,
    changes: Answers,
    dates: Mapping[str, Json] | None = None,
) -> None:
    append(
        tx,
        at=now,
        actor_id=desk.user.id,
        action=action,
        heading=heading,
        case_id=case_id,
        data={**bound(tx, case_id, changes), **(dates or {})},
    )


def _check_storable(agreement: Agreement, changes: Answers) -> None:
    found: list[Problem] = []
    for key, value in changes.items():
        field = agreement.field(key)
        if field is None:
            found.append(Problem(key, f"This agreement has no field “{key[:80]}”.", hard=True))
        else:
            found.extend(check_storable(field, value))
    if found:
        raise Invalid(tuple(found))


def _check_received(answers: Answers, today: date) -> None:
    received = parse_date(answers.get("received.on"))
    if received is None:
        raise Invalid((Problem("received.on", "Give the day on which the request was received.", hard=True),))
    if received > today:
        raise Invalid((Problem("received.on", "This day is in the future. Check the date of receipt.", hard=True),))
