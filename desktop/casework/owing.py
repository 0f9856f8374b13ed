"""To whom a case owes a notice of correction, and whether each was told."""

from __future__ import annotations

from db import notices
from db.notices import Notice
from db.records import Action, Case, LetterKind, State
from db.store import Tx
from desktop.casework.corrections import need_marked, untold
from desktop.casework.desk import Desk
from desktop.policy.agreements import Agreement
from desktop.policy.wording import plural

__all__ = [
    "Notice",
    "add_owed",
    "corrects",
    "notices_for",
    "person_letter",
    "told_words",
    "why_not_forwarded",
    "why_not_told",
]

_STANDS = frozenset({State.RECORDED, State.RELEASED, State.ISSUED})
"""States in which the outcome of a case is the one that was recorded last."""


def corrects(agreement: Agreement, case: Case) -> bool:
    """Whether the answer that was recorded puts right what was disclosed."""
    if case.finding is None or case.row.state not in _STANDS:
        return False
    answer = agreement.answer(case.finding.status_answer)
    return answer is not None and answer.corrects


def notices_for(desk: Desk, tx: Tx, agreement: Agreement, case: Case) -> tuple[Notice, ...]:
    """The notices of a case: those ever issued, then those of its outcome.

    Before the release they are what it would owe, and have the id 0.
    """
    kept = notices.notices_of(tx, case.row.id)
    finding = case.finding
    current = finding.number if finding is not None and case.row.state in _STANDS else 0
    shown = tuple(one for one in kept if one.number is not None or one.finding == current)
    if finding is None or case.row.state is not State.RECORDED or not corrects(agreement, case):
        return shown
    would = untold(desk, tx, case, case.submissions[-1].snapshot)
    return (*shown, *(Notice(0, case.row.id, finding.number, one.recipient, one.kept()) for one in would))


def add_owed(desk: Desk, tx: Tx, agreement: Agreement, case: Case) -> int:
    """Writes down to whom a notice is owed, in the transaction of the release; returns to how many. Raises Refused."""
    if case.finding is None or not corrects(agreement, case):
        return 0
    need_marked(desk, tx, case, case.submissions[-1].snapshot)
    contents = untold(desk, tx, case, case.submissions[-1].snapshot)
    for one in contents:
        notices.add_owed(tx, case.row.id, case.finding.number, one.recipient, one.kept(), one.items)
    return len(contents)


def told_words(found: tuple[Notice, ...]) -> str:
    """Such as "2 of 3 recipients told"; those who are not told for a reason are counted beside."""
    told = sum(one.number is not None for one in found)
    excused = sum(bool(one.excused) for one in found)
    words = f"{told} of {plural(len(found), 'recipient')} told"
    return f"{words}, {excused} not told for a reason" if excused else words


def why_not_told(tx: Tx, case: Case, action: Action) -> str:
    """Why a step must wait for the notices, or finds none to do; "" where nothing stands against it.

    The answer is issued, and the case closed, once each recipient was told or is excused.
    """
    if action not in (Action.ISSUE, Action.TELL, Action.EXCUSE) or case.row.state is not State.RELEASED:
        return ""
    number = case.finding.number if case.finding is not None else 0
    found = tuple(one for one in notices.notices_of(tx, case.row.id) if one.finding == number)
    waiting = sum(not one.settled for one in found)
    if action is not Action.ISSUE:
        return "" if waiting else "No notice of correction is owed."
    if not waiting:
        return ""
    return f"First tell every recipient of what was wrong, or have it recorded why not: {told_words(found)}."


def person_letter(agreement: Agreement, case: Case) -> LetterKind | None:
    """The letter to the person themselves that goes with the answer that was recorded."""
    if case.finding is None or case.row.state not in _STANDS:
        return None
    answer = agreement.answer(case.finding.status_answer)
    return answer.to_person if answer is not None else None


def why_not_forwarded(agreement: Agreement, case: Case, action: Action) -> str:
    """Why an answer must wait that says that a letter was sent on: it is not issued before that letter."""
    waits = action is Action.ISSUE and person_letter(agreement, case) is LetterKind.FORWARDING
    if not waits or any(one.kind is LetterKind.FORWARDING for one in case.letters):
        return ""
    return "First issue the forwarding letter: the answer says that it was sent on."
