"""What a reviewer or guardian decides. Never the person who created, edited or assessed the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from db import casefile, concerns
from db.records import Action, Answers, Case, Json, Leads, Met, Outcome, State
from db.store import Tx
from desktop.casework.beside import beside, earlier_of
from desktop.casework.bound import bound
from desktop.casework.desk import Desk, Done, Invalid, OnCase, act, case_for, need_reasons
from desktop.casework.policymoves import need_current
from desktop.casework.requests import agreement_of, move
from desktop.casework.reviewing import need_independent
from desktop.casework.secondlooks import draw
from desktop.policy.agreements import Agreement, Version
from desktop.policy.answers import keys_of, met_of
from desktop.policy.fields import Problem, check_text
from desktop.policy.safeguards import tells_where
from desktop.policy.sheet import Beside
from desktop.policy.verdict import Verdict, verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide(OnCase):
    """A decision with its reasons, the criteria it rests on, and what the decider made of each criterion."""

    reasons: str = ""
    because_of: tuple[str, ...] = ()
    views: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Criterion id to {"view": "agree" | "disagree", "note": str}."""
    let_address_go: bool = False
    """Whether the guardian, who approves in spite of a concern, lets the address go too. It is kept off otherwise."""


def approve(desk: Desk, command: Decide) -> Done:
    """Approves the request as submitted. Raises Invalid with every reason why the agreement does not allow it."""
    return _decide(desk, command, Action.APPROVE, None)


def refuse(desk: Desk, command: Decide) -> Done:
    """Refuses: the procedure was followed, and the test was not met.

    Needs reasons and at least one criterion; each is not met in the file, cannot be told, or is disagreed with.
    """
    return _decide(desk, command, Action.REFUSE, Outcome.REFUSED)


def reject(desk: Desk, command: Decide) -> Done:
    """Rejects: the procedure was not followed, or no agreement permits the request. Needs reasons."""
    return _decide(desk, command, Action.REJECT, Outcome.REJECTED)


def send_back(desk: Desk, command: Decide) -> Done:
    """Sends the case back to its caseworker with a request for changes."""
    return _decide(desk, command, Action.SEND_BACK, None)


def escalate(desk: Desk, command: Decide) -> Done:
    """Puts the case before the guardian."""
    return _decide(desk, command, Action.ESCALATE, None)


def _decide(desk: Desk, command: Decide, action: Action, outcome: Outcome | None) -> Done:
    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, action)
        agreement = agreement_of(desk, tx, case)
        need_independent(desk, tx, agreement, case, action)
        if action is Action.APPROVE:
            need_current(desk, tx, case)
        notes = [note for view in command.views.values() for note in view.values()]
        for text in (command.reasons, *notes):
            if not isinstance(text, str):
                raise Invalid((Problem("reasons", "What you make of a criterion is not text.", hard=True),))
            if unsafe := check_text("reasons", text):
                raise Invalid(unsafe)
        seen = beside(tx, agreement, case, earlier_of(desk, tx, case))
        if found := why_not_decide(agreement, case, action, command, desk.today(), seen):
            raise Invalid(found)
        if action is Action.APPROVE and (found := _against_address(agreement, case, command)):
            raise Invalid(found)
        reasons = command.reasons.strip()
        if action is not Action.APPROVE:
            reasons = need_reasons(reasons, "this decision")
        decision_id = casefile.add_decision(
            tx,
            case,
            action,
            desk.user.id,
            now,
            reasons=reasons,
            because_of=command.because_of,
            views=command.views,
        )
        draw(tx, case, decision_id, action)
        address = _about_address(desk, tx, case, command, action, decision_id, now)
        values: dict[str, object] = {"outcome": outcome.value if outcome else None}
        if action is Action.SEND_BACK:
            values["sent_back"] = case.row.sent_back + 1
        data = {
            "submission": len(case.submissions),
            "because_of": list(command.because_of),
            **address,
            **bound(tx, case.row.id, {"reasons": reasons}),
        }
        return move(desk, tx, case, action, now, values, data=data)

    return act(desk, command.command_id, action.value, body)


def _about_address(
    desk: Desk, tx: Tx, case: Case, command: Decide, action: Action, decision_id: int, now: datetime
) -> dict[str, Json]:
    """What the guardian decides about the address where a concern stands: kept, and for the journal."""
    if action is not Action.APPROVE or not case.concerns:
        return {}
    if command.let_address_go:
        concerns.add_address_release(tx, decision_id, case.row.id, desk.user.id, now)
    return {"address": "let go" if command.let_address_go else "kept off"}


def why_not_decide(
    agreement: Agreement, case: Case, action: Action, command: Decide, today: date, seen: Mapping[str, Beside]
) -> tuple[Problem, ...]:
    """What stands against this decision: shown beside the choice in the window, and enforced by the action.

    It reads the answers as they were submitted, and what stands beside them now (``seen``).
    """
    answers = case.submissions[-1].snapshot
    version = agreement.version(case.row.agreement_version)
    guardian = case.row.state is State.ESCALATED
    found = verdict(agreement, version, answers, today, guardian=guardian, views=command.views, beside=seen)
    if action is Action.APPROVE and case.row.state is State.SUBMITTED and _was_escalated(case):
        return (Problem("approve", _GUARDIANS, hard=True),)
    if action is Action.APPROVE:
        return _against_approval(agreement, found, command)
    if action is Action.REJECT:
        return _against_rejection(agreement, found, answers, command)
    if action is Action.REFUSE:
        return _against_refusal(agreement, version, answers, command)
    return ()


_GUARDIANS = "It was escalated before, so only the guardian can approve it. Escalate it again."


def _was_escalated(case: Case) -> bool:
    """Whether it ever went to the guardian: no later edit takes that back."""
    return any(one.action is Action.ESCALATE for one in case.decisions)


def _against_approval(agreement: Agreement, found: Verdict, command: Decide) -> tuple[Problem, ...]:
    messages = list(found.blocks)
    for criterion in agreement.criteria:
        if not command.views.get(criterion.id, {}).get("view", ""):
            number = agreement.criterion_number(criterion.id)
            messages.append(f"Agree or disagree with criterion {number} first")
    return tuple(Problem("approve", f"{message.rstrip('.')}.", hard=True) for message in messages)


def _against_address(agreement: Agreement, case: Case, command: Decide) -> tuple[Problem, ...]:
    """The address goes only where a concern stands and the guardian says why; without it something must be left."""
    if command.let_address_go:
        if not case.concerns:
            return (Problem("address", "No concern keeps the address off this case.", hard=True),)
        why = command.reasons.strip()
        return () if why else (Problem("reasons", "Say why the address may go in spite of the concern.", hard=True),)
    picked = [one for one in agreement.items if one.id in keys_of(case.submissions[-1].snapshot.get("release.items"))]
    if case.concerns and picked and all(tells_where(one.id, one.label) for one in picked):
        words = "Without the address nothing is left to give. Let the address go, or refuse the request."
        return (Problem("address", words, hard=True),)
    return ()


def _unknown(agreement: Agreement, command: Decide) -> tuple[Problem, ...]:
    known = {criterion.id for criterion in agreement.criteria}
    return tuple(
        Problem("because_of", "This criterion is not in the agreement.", hard=True)
        for one in command.because_of
        if one not in known
    )


def _against_rejection(agreement: Agreement, found: Verdict, answers: Answers, command: Decide) -> tuple[Problem, ...]:
    """A rejection rests on the procedure, and on nothing that the file and its decider alike hold to be met."""
    if unknown := _unknown(agreement, command):
        return unknown
    procedure = {criterion.id for criterion in agreement.criteria if criterion.leads is Leads.REJECT}
    if found.leads == "reject" and not command.because_of and not procedure:
        return ()
    if not procedure.intersection(command.because_of):
        message = "Choose the criterion of procedure that was not followed. A request that fails the test is refused."
        return (Problem("because_of", message, hard=True),)
    return _held_to_be_met(agreement, answers, command)


def _against_refusal(
    agreement: Agreement, version: Version | None, answers: Answers, command: Decide
) -> tuple[Problem, ...]:
    """A refusal rests on the test, and on nothing that the file and its decider alike hold to be met."""
    if version is None or not version.accepts:
        message = "No agreement permits this request, so it is rejected, not refused."
        return (Problem("because_of", message, hard=True),)
    if unknown := _unknown(agreement, command):
        return unknown
    if not command.because_of:
        return (Problem("because_of", "Choose the criterion that is not met.", hard=True),)
    chosen = [one for one in agreement.criteria if one.id in command.because_of]
    if all(one.leads is Leads.REJECT for one in chosen):
        message = "Choose the criterion of the test that is not met. A request that fails the procedure is rejected."
        return (Problem("because_of", message, hard=True),)
    return _held_to_be_met(agreement, answers, command)


def _held_to_be_met(agreement: Agreement, answers: Answers, command: Decide) -> tuple[Problem, ...]:
    """The criteria that were chosen although the file and the decider alike hold them to be met."""
    found = []
    for one in (each for each in agreement.criteria if each.id in command.because_of):
        met = met_of(answers.get(f"criteria.{one.id}"))
        failed = met in (Met.NOT_MET, Met.CANT_TELL)
        if not failed and command.views.get(one.id, {}).get("view", "") != "disagree":
            said = f"Criterion {agreement.criterion_number(one.id)} {_STANDS[met]}, and you did not disagree."
            message = f"{said} Disagree with it first, or choose the one that is not met."
            found.append(Problem("because_of", message, hard=True))
    return tuple(found)


_STANDS = {Met.MET: "is met", Met.NOT_APPLICABLE: "does not apply", None: "has no answer"}
"""What the file says of a criterion that nothing is refused for by itself."""
