"""The one sentence over a case's form that says how the case stands, and why nothing can be typed where it cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db.records import Action, Case, Decision, State
from desktop.casework.casepage import CasePage
from desktop.policy.life import EDITABLE, STATE_WORDS
from desktop.policy.wording import short_day, when

TAKE_IN = "Take the change in"
"""The link of a notice that is no step of the table."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A banner: its kind, its sentence, and the words of its link with the step that the link takes."""

    kind: str
    words: str
    link: str = ""
    step: Action | None = None


def fixed_reason(page: CasePage, unlocked: bool) -> str:
    """Why the answers cannot be changed here now; "" where they can. `unlocked`: "Change the request" was chosen."""
    why = page.actions[Action.EDIT]
    if why:
        return why
    if page.case.row.state in EDITABLE or unlocked:
        return ""
    return f"The request is fixed: {_stands(page.case)}."


def _stands(case: Case) -> str:
    match case.row.state:
        case State.SUBMITTED:
            return "it is with the reviewer"
        case State.ESCALATED:
            return "it is with the guardian"
        case State.RECORDED:
            return "its outcome is recorded"
        case state:
            return f"it is {STATE_WORDS[state].lower()}"


def notice(page: CasePage, unlocked: bool, now: datetime) -> Notice | None:
    """What to say over the form, or nothing for an ordinary draft."""
    case, state = page.case, page.case.row.state
    reason = fixed_reason(page, unlocked)
    if page.moved:
        link = "" if page.actions[Action.EDIT] else TAKE_IN
        return Notice("warning", f"Its agreement has changed. {' '.join(page.moved)}", link)
    if state is State.HELD:
        because = page.version.because if page.version is not None else ""
        link = "" if page.actions[Action.TAKE_OFF_HOLD] else "Take off hold"
        return Notice("stopped", f"Held. {because}".strip(), link, Action.TAKE_OFF_HOLD)
    if state is State.RETURNED and case.pauses:
        return _returned(page, now)
    if state is State.SENT_BACK:
        last = _last(case, Action.SEND_BACK)
        if last is not None:
            who = f"Sent back by {last.decided_by_name}, {when(last.decided_at, now)}"
            return Notice("warning", f"{who}: {last.reasons}")
    if reason:
        again = Action.REOPEN if state is State.WITHDRAWN else Action.EDIT
        link = "" if page.actions[again] else {Action.REOPEN: "Reopen", Action.EDIT: "Change the request"}[again]
        return Notice("info", reason, link, again)
    if unlocked and state not in EDITABLE:
        return Notice("warning", f"Your first change takes it back to a draft{_voids(case)}.")
    if page.version is None or not page.version.accepts:
        because = page.version.because if page.version is not None else page.agreement.because_none
        return Notice("info", f"{because} It can only be rejected.")
    return _nearly_up(page)


_FEW = 3
"""So many working days are left: the time to say that the requester can still be told of an extension."""


def _nearly_up(page: CasePage) -> Notice | None:
    may, left = page.extending, page.days_left
    if may is None or not may.left or left is None or not 0 <= left <= _FEW or page.actions[Action.EXTEND]:
        return None
    return Notice("info", may.words, "Extend the time", Action.EXTEND)


def _returned(page: CasePage, now: datetime) -> Notice:
    pause, asked = page.case.pauses[-1], page.waiting
    words = f"Returned to the requester on {short_day(pause.since, now.date())}: {pause.reason}"
    if asked is not None and asked.close_proposed:
        words = f"No answer by {short_day(asked.close_on, now.date())}. Close the case, or chase them again. {words}"
        return Notice("warning", words, "" if page.actions[Action.WITHDRAW] else "Close it", Action.WITHDRAW)
    if asked is not None and asked.chase_due:
        words = f"Chase them: it is due since {short_day(asked.chase_on, now.date())}. {words}"
        return Notice("warning", words, "" if page.actions[Action.CHASE] else "Record a reminder", Action.CHASE)
    return Notice("warning", words, "" if page.actions[Action.RESUME] else "Take up again", Action.RESUME)


def _voids(case: Case) -> str:
    standing = any(not one.void and one.action in _DECIDED for one in case.decisions)
    return ", and the decision is void" if standing else ""


_DECIDED = (Action.APPROVE, Action.REFUSE, Action.REJECT)


def change_words(case: Case) -> str:
    """What changing the request now does, for the dialog that asks."""
    match case.row.state:
        case State.SUBMITTED | State.ESCALATED:
            return "Your first change takes it back to a draft. You then submit it again."
        case State.APPROVED | State.RECORDED | State.RELEASED:
            return "Your first change makes the approval void: it is a draft again, and a reviewer decides anew."
        case _:
            return "Your first change makes the decision void: it is a draft again, and a reviewer decides anew."


def _last(case: Case, action: Action) -> Decision | None:
    return next((one for one in reversed(case.decisions) if one.action is action), None)
