"""The life of a case: one table of (state, action) to the next state, who may, and on what condition.

Buttons, refusals and tests read this table; the database holds the same steps (``db.migrations.guards_0001``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from db.records import Action, Case, Outcome, Role, State
from desktop.policy.letterkinds import WRITING

_CASEWORKER = frozenset({Role.CASEWORKER})
_REVIEWER = frozenset({Role.REVIEWER})
_GUARDIAN = frozenset({Role.GUARDIAN})
LOOKERS = _SECOND = frozenset({Role.REVIEWER, Role.GUARDIAN})
"""Who decides as a second person, and looks at decisions a second time."""

EXTENDING = frozenset({Role.CASEWORKER, Role.REVIEWER, Role.GUARDIAN})
"""Who may extend the time, where the agreement names them."""

DISCLOSING = frozenset({Outcome.TRACED, Outcome.STATUS})
"""Outcomes whose letter gives personal data to the requester: a second person releases them first."""

EDITABLE = frozenset({State.DRAFT, State.SENT_BACK, State.HELD})
"""States in which an answer may be written as it is."""

EXTENDABLE = (State.DRAFT, State.SENT_BACK, State.SUBMITTED, State.ESCALATED, State.APPROVED, State.RECORDED)
"""States in which the time may be extended: it runs, and the answer is not settled."""

DECIDED = (State.APPROVED, State.RECORDED, State.RELEASED, State.REFUSED, State.REJECTED, State.ISSUED)
"""States in which a decision stands, so that a second person may take a look of their own at what was decided."""

CLOSED = frozenset({State.ISSUED, State.WITHDRAWN, State.DESTROYED})
"""States in which the clock has stopped, for good or until the case is reopened."""

HANDLING = (Action.PRINT, Action.SAVE_COPY, Action.PREPARE_MAIL, Action.MARK_SENT)
"""What is done with a letter that was issued."""

SECOND_PERSON = frozenset(
    {Action.APPROVE, Action.REFUSE, Action.REJECT, Action.SEND_BACK, Action.ESCALATE, Action.RELEASE}
    | {Action.RETURN_OUTCOME, Action.EXCUSE, Action.SECOND_LOOK}
)
"""What nobody may do to a case that they created, edited, assessed or recorded."""

GUARDIANS_ALONE = frozenset({Action.APPROVE, Action.REFUSE, Action.REJECT, Action.RELEASE})
"""What nobody but the guardian may do to a case about which a safeguarding concern stands."""


@dataclass(frozen=True, slots=True)
class Step:
    """One cell of the table. ``guard`` names a further condition, which casework checks with what it knows."""

    to: State
    roles: frozenset[Role]
    guard: str = ""


_WITHDRAW = Step(State.WITHDRAWN, _CASEWORKER)
_EDIT_AGAIN = Step(State.DRAFT, _CASEWORKER)
_ISSUED = Step(State.ISSUED, _CASEWORKER)

TABLE: Mapping[tuple[State, Action], Step] = {
    (State.DRAFT, Action.EDIT): Step(State.DRAFT, _CASEWORKER),
    (State.DRAFT, Action.SUBMIT): Step(State.SUBMITTED, _CASEWORKER, "complete"),
    (State.DRAFT, Action.RETURN): Step(State.RETURNED, _CASEWORKER),
    (State.DRAFT, Action.WITHDRAW): _WITHDRAW,
    (State.SENT_BACK, Action.EDIT): Step(State.SENT_BACK, _CASEWORKER),
    (State.SENT_BACK, Action.SUBMIT): Step(State.SUBMITTED, _CASEWORKER, "complete"),
    (State.SENT_BACK, Action.RETURN): Step(State.RETURNED, _CASEWORKER),
    (State.SENT_BACK, Action.WITHDRAW): _WITHDRAW,
    (State.HELD, Action.EDIT): Step(State.HELD, _CASEWORKER),
    (State.HELD, Action.TAKE_OFF_HOLD): Step(State.DRAFT, _GUARDIAN),
    (State.HELD, Action.WITHDRAW): _WITHDRAW,
    (State.RETURNED, Action.RESUME): Step(State.DRAFT, _CASEWORKER),
    (State.RETURNED, Action.CHASE): Step(State.RETURNED, _CASEWORKER),
    (State.RETURNED, Action.WITHDRAW): _WITHDRAW,
    (State.SUBMITTED, Action.EDIT): _EDIT_AGAIN,
    (State.SUBMITTED, Action.APPROVE): Step(State.APPROVED, _REVIEWER, "may_approve"),
    (State.SUBMITTED, Action.REFUSE): Step(State.REFUSED, _REVIEWER, "may_refuse"),
    (State.SUBMITTED, Action.REJECT): Step(State.REJECTED, _REVIEWER, "may_reject"),
    (State.SUBMITTED, Action.SEND_BACK): Step(State.SENT_BACK, _REVIEWER, "reasons"),
    (State.SUBMITTED, Action.ESCALATE): Step(State.ESCALATED, _REVIEWER, "reasons"),
    (State.SUBMITTED, Action.WITHDRAW): _WITHDRAW,
    (State.ESCALATED, Action.EDIT): _EDIT_AGAIN,
    (State.ESCALATED, Action.APPROVE): Step(State.APPROVED, _GUARDIAN, "may_approve"),
    (State.ESCALATED, Action.REFUSE): Step(State.REFUSED, _GUARDIAN, "may_refuse"),
    (State.ESCALATED, Action.REJECT): Step(State.REJECTED, _GUARDIAN, "may_reject"),
    (State.ESCALATED, Action.SEND_BACK): Step(State.SENT_BACK, _GUARDIAN, "reasons"),
    (State.ESCALATED, Action.WITHDRAW): _WITHDRAW,
    (State.APPROVED, Action.EDIT): _EDIT_AGAIN,
    (State.APPROVED, Action.RECORD): Step(State.RECORDED, _CASEWORKER, "finding"),
    (State.APPROVED, Action.WITHDRAW): _WITHDRAW,
    (State.RECORDED, Action.EDIT): _EDIT_AGAIN,
    (State.RECORDED, Action.RECORD): Step(State.RECORDED, _CASEWORKER, "finding"),
    (State.RECORDED, Action.RELEASE): Step(State.RELEASED, _SECOND, "discloses"),
    (State.RECORDED, Action.RETURN_OUTCOME): Step(State.APPROVED, _SECOND, "reasons"),
    (State.RECORDED, Action.ISSUE): Step(State.ISSUED, _CASEWORKER, "no_disclosure"),
    (State.RECORDED, Action.WITHDRAW): _WITHDRAW,
    (State.RELEASED, Action.EDIT): _EDIT_AGAIN,
    (State.RELEASED, Action.RECORD): Step(State.RECORDED, _CASEWORKER, "finding"),
    (State.RELEASED, Action.ISSUE): _ISSUED,
    (State.RELEASED, Action.TELL): Step(State.RELEASED, _CASEWORKER, "owed"),
    (State.RELEASED, Action.EXCUSE): Step(State.RELEASED, _SECOND, "owed"),
    (State.RELEASED, Action.HANDLE_NOTICE): Step(State.RELEASED, _CASEWORKER, "told"),
    (State.REFUSED, Action.EDIT): _EDIT_AGAIN,
    (State.REFUSED, Action.ISSUE): _ISSUED,
    (State.REJECTED, Action.EDIT): _EDIT_AGAIN,
    (State.REJECTED, Action.ISSUE): _ISSUED,
    (State.WITHDRAWN, Action.REOPEN): Step(State.DRAFT, _CASEWORKER, "may_be_reopened"),
    (State.ISSUED, Action.HANDLE_NOTICE): Step(State.ISSUED, _CASEWORKER, "told"),
    (State.ISSUED, Action.REISSUE): _ISSUED,
    (State.ISSUED, Action.SETTLE): Step(State.ISSUED, frozenset({Role.CASEWORKER, Role.RECORDS_OFFICER}), "waits"),
    **{(state, Action.WRITE): Step(state, _CASEWORKER, "may_be_written") for state in WRITING},
    **{
        (state, action): Step(state, _CASEWORKER, "lettered")
        for state in State
        if state is not State.DESTROYED
        for action in HANDLING
    },
    **{(state, Action.EXTEND): Step(state, EXTENDING, "may_be_extended") for state in EXTENDABLE},
    **{(state, Action.SECOND_LOOK): Step(state, _SECOND, "drawn") for state in DECIDED},
}

STATE_WORDS: Mapping[State, str] = {
    State.DRAFT: "Draft",
    State.HELD: "Held",
    State.RETURNED: "Returned",
    State.SUBMITTED: "With the reviewer",
    State.SENT_BACK: "Sent back",
    State.ESCALATED: "Escalated",
    State.APPROVED: "Approved",
    State.RECORDED: "Outcome recorded",
    State.RELEASED: "Released",
    State.REFUSED: "Refused",
    State.REJECTED: "Rejected",
    State.ISSUED: "Issued",
    State.WITHDRAWN: "Withdrawn",
    State.DESTROYED: "Destroyed",
}

ROLE_WORDS: Mapping[Role, str] = {
    Role.CASEWORKER: "Caseworker",
    Role.REVIEWER: "Reviewer",
    Role.GUARDIAN: "Guardian",
    Role.RECORDS_OFFICER: "Records officer",
    Role.ADMINISTRATOR: "Administrator",
    Role.AUDITOR: "Auditor",
}

OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.TRACED: "Traced",
    Outcome.NO_TRACE: "No trace",
    Outcome.MORE_THAN_ONE: "More than one possible",
    Outcome.STATUS: "Answered",
    Outcome.REFUSED: "Refused",
    Outcome.REJECTED: "Rejected",
    Outcome.WITHDRAWN: "Withdrawn",
}

ACTION_WORDS: Mapping[Action, str] = {
    Action.EDIT: "change the request",
    Action.SUBMIT: "submit it",
    Action.WITHDRAW: "withdraw it",
    Action.REOPEN: "reopen it",
    Action.RETURN: "return it to the requester",
    Action.RESUME: "take it up again",
    Action.CHASE: "chase the requester",
    Action.EXTEND: "extend the time",
    Action.TAKE_OFF_HOLD: "take it off hold",
    Action.APPROVE: "approve it",
    Action.REFUSE: "refuse it",
    Action.REJECT: "reject it",
    Action.SEND_BACK: "send it back",
    Action.ESCALATE: "escalate it",
    Action.RECORD: "record the outcome",
    Action.RELEASE: "release it",
    Action.RETURN_OUTCOME: "send the outcome back",
    Action.ISSUE: "issue the letter",
    Action.PRINT: "print the letter",
    Action.SAVE_COPY: "save a copy of the letter",
    Action.PREPARE_MAIL: "prepare an e-mail with the letter",
    Action.MARK_SENT: "mark the letter as sent",
    Action.WRITE: "write a letter before the answer",
    Action.REISSUE: "issue the letter again",
    Action.TELL: "issue a notice of correction",
    Action.EXCUSE: "record why a recipient is not told",
    Action.HANDLE_NOTICE: "print, copy or send a notice of correction",
    Action.SETTLE: "record that the debt is settled",
    Action.SECOND_LOOK: "take a second look at it",
}


def step(role: Role, state: State, action: Action) -> Step | str:
    """The step that this role may take now, or the words that say why not."""
    cell = TABLE.get((state, action))
    if cell is None:
        return f"A case in the state “{STATE_WORDS[state]}” does not let anyone {ACTION_WORDS[action]}."
    if role not in cell.roles:
        who = " or ".join(sorted(f"a {ROLE_WORDS[one].lower()}" for one in cell.roles))
        return f"Only {who} may {ACTION_WORDS[action]} now."
    return cell


def why_not(user_id: int, role: Role, case: Case, action: Action) -> str:
    """Why this person may not do this to this case now, from the table and who its authors are; "" if they may."""
    cell = step(role, case.row.state, action)
    if isinstance(cell, str):
        return cell
    if action in SECOND_PERSON and user_id in case.authors | {case.created_by}:
        return "You worked on this case, so someone else decides it."
    if case.concerns and action in GUARDIANS_ALONE and role is not Role.GUARDIAN:
        return f"A safeguarding concern stands, so only the guardian may {ACTION_WORDS[action]}."
    if cell.guard == "lettered" and not case.letters:
        return "No letter of this case is issued yet."
    outcome = case.finding.outcome if case.finding else None
    if cell.guard == "discloses" and outcome not in DISCLOSING:
        return "Nothing is disclosed by this outcome, so the letter can be issued as it is."
    if cell.guard == "no_disclosure" and outcome in DISCLOSING:
        return "A second person releases the disclosure first."
    return ""
