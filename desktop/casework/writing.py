"""Letters on the way to the answer: acknowledgement, request for more, notice of an extension, and their like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from db.casereads import load_case
from db.journal import canonical
from db.records import Action, Case, Heading, LetterKind
from db.store import Tx
from desktop.casework.desk import Desk, Done, Invalid, OnCase, Refused, act, case_for, need_sight
from desktop.casework.interimfacts import interim_facts, own_facts, person_block, why_overdue
from desktop.casework.issuing import Preview, preview_of, put_letter
from desktop.casework.owing import person_letter
from desktop.casework.policymoves import need_current
from desktop.casework.projection import is_expedited, text_of
from desktop.casework.requests import agreement_of, move
from desktop.casework.typedwords import against_words
from desktop.letters.facts import LetterFacts, is_blank
from desktop.policy.addresses import PostalAddress
from desktop.policy.agreements import ACCEPTED, DECISION_FIELD, DECLINED, Agreement
from desktop.policy.fields import Problem, check_text
from desktop.policy.letterkinds import SAID, TO_THE_PERSON, WRITTEN_IN
from desktop.policy.life import why_not
from desktop.policy.sheet import Sheet
from desktop.policy.wording import london

_MOMENT: Mapping[LetterKind, str] = {
    LetterKind.ACKNOWLEDGEMENT: "A request is acknowledged before it is decided.",
    LetterKind.MORE_INFORMATION: "Return the request to the requester first.",
    LetterKind.EXPEDITE_ACCEPTED: "It is told before the outcome is recorded.",
    LetterKind.EXPEDITE_DECLINED: "It is told before the outcome is recorded.",
    LetterKind.EXTENSION: "The time is extended while it runs.",
    LetterKind.DEBT_NOTICE: "A second person releases the answer first.",
    LetterKind.FORWARDING: "A second person releases the answer first.",
}
"""Why a letter cannot be written in the state that a case is in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write(OnCase):
    """Issues a letter that does not answer."""

    kind: LetterKind
    said: str = ""
    """What is missing, or why: for the letters of ``SAID``, and for no other."""
    recipient: str = ""
    """Name and address, a line each: for a letter to the person themselves, and for no other."""
    large_print: bool | None = None
    """None for as the request says; the person themselves is sent ordinary print then."""
    seen: str = ""
    """``seen`` of the preview that was read; "" where nobody reads one first."""


def may_write(desk: Desk, agreement: Agreement, case: Case) -> dict[LetterKind, str]:
    """Each letter of the agreement that does not answer, to why it cannot be written now; "" where it can."""
    return {kind: why_not_write(desk, agreement, case, kind) for kind in WRITTEN_IN if kind in agreement.letters}


def why_not_write(desk: Desk, agreement: Agreement, case: Case, kind: LetterKind) -> str:
    """Why this person cannot write this letter in this case now; "" if they can."""
    if kind not in WRITTEN_IN or kind not in agreement.letters:
        return "The agreement of this case does not have this letter."
    if case.row.state not in WRITTEN_IN[kind]:
        return _MOMENT[kind]
    if refusal := why_not(desk.user.id, desk.user.role, case, Action.WRITE):
        return refusal
    return _why_not_yet(agreement, case, kind) or _why_too_late(desk, agreement, case, kind)


def _why_not_yet(agreement: Agreement, case: Case, kind: LetterKind) -> str:
    """What of the case itself stands against a letter that its state allows."""
    if kind in TO_THE_PERSON or kind is LetterKind.ACKNOWLEDGEMENT:
        before = next((one for one in case.letters if one.kind is kind), None)
        if before is not None:
            return f"It was issued already: letter {before.number}."
    if kind in TO_THE_PERSON:
        if person_letter(agreement, case) is not kind:
            return "The answer that was recorded has no letter to the person."
        return "The address is kept off this case, so nothing is sent to it." if case.address_kept_off else ""
    if kind is LetterKind.EXTENSION and not case.extensions:
        return "Extend the time first."
    decided = text_of(case.answers, DECISION_FIELD)
    if kind is LetterKind.EXPEDITE_ACCEPTED and not (decided == ACCEPTED and is_expedited(case.answers)):
        return "First record that their request for a faster answer is accepted."
    if kind is LetterKind.EXPEDITE_DECLINED and decided != DECLINED:
        return "First record that their request for a faster answer is declined."
    if kind is not LetterKind.MORE_INFORMATION and case.row.received_on is None:
        return "There is no due date yet: give the day on which the request was received."
    return ""


def _why_too_late(desk: Desk, agreement: Agreement, case: Case, kind: LetterKind) -> str:
    """Why a letter that says by when the answer comes is not written any more; "" for any other."""
    if kind in TO_THE_PERSON or kind is LetterKind.MORE_INFORMATION:
        return ""
    return why_overdue(agreement, case.row.due_on, desk.today())


def to_write(case: Case, writing: Mapping[LetterKind, str]) -> tuple[LetterKind, ...]:
    """The letters whose moment is now: they can be written, and what they tell was not told yet."""
    return tuple(kind for kind, why in writing.items() if not why and not _told(case, kind))


def _told(case: Case, kind: LetterKind) -> bool:
    written = [london(one.issued_at).date() for one in case.letters if one.kind is kind]
    if kind is LetterKind.MORE_INFORMATION and case.pauses:
        return any(on >= case.pauses[-1].since for on in written)
    if kind is LetterKind.EXTENSION and case.extensions:
        return any(on >= case.extensions[-1].told_on for on in written)
    return bool(written)


def preview_written(desk: Desk, command: Write) -> Preview:
    """The pages of a letter as it would be issued today. Raises Refused where it cannot be written now."""
    need_sight(desk)
    with desk.store.read() as tx:
        return preview_of(_facts(desk, tx, load_case(tx, command.case_id), command))


def _facts(desk: Desk, tx: Tx, case: Case, command: Write) -> LetterFacts:
    agreement = agreement_of(desk, tx, case)
    if refusal := why_not_write(desk, agreement, case, command.kind):
        raise Refused(refusal)
    # What the screen says by now counts before it is submitted and has a concern.
    case = replace(case, in_danger=case.in_danger or Sheet(agreement, case.answers).concern)
    if found := (*_problems(command), *against_words(agreement, case, "said", command.said)):
        raise Invalid(found)
    said, to, large = command.said, command.recipient, command.large_print
    return interim_facts(desk, tx, agreement, case, command.kind, said, to, large)


def _problems(command: Write) -> tuple[Problem, ...]:
    found = check_text("said", command.said) + check_text("recipient", command.recipient)
    if is_blank(command.said) == (command.kind in SAID):
        words = "Say it in words that the letter may use." if command.kind in SAID else "This letter has no such part."
        found += (Problem("said", words, hard=True),)
    if command.kind in TO_THE_PERSON and not _can_be_sent(command.recipient):
        words = "Give the name, then the whole address, a line each, with its postcode."
        found += (Problem("recipient", words, hard=True),)
    if command.kind not in TO_THE_PERSON and command.recipient.strip():
        found += (Problem("recipient", "This letter goes to whoever asked.", hard=True),)
    return found


def _can_be_sent(recipient: str) -> bool:
    """Whether a name and an address are there. A postcode that no list knows is for whoever types it to judge."""
    to = PostalAddress("\n".join(person_block(recipient)), abroad=True)
    told = any(c.isdigit() for c in recipient) or to.international
    return told and to.has_enough_lines and not (to.has_too_many_lines or to.has_bad_beginning or to.is_nowhere)


def write(desk: Desk, command: Write) -> Done:
    """Issues a letter that does not answer: numbered, stored, hashed and never changed. The case goes on as it was."""

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.WRITE)
        if command.kind in TO_THE_PERSON:
            need_current(desk, tx, case)
        facts = _facts(desk, tx, case, command)
        _letter_id, data = put_letter(desk, tx, case, facts, now, seen=command.seen, own=canonical(own_facts(facts)))
        return move(desk, tx, case, Action.WRITE, now, {}, heading=Heading.DISCLOSURE, data=data)

    return act(desk, command.command_id, "write", body)
