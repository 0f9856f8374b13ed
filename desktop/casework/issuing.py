"""Letters: previewed, issued from exactly what was approved, and what is done with them after."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

from db import casefile, lists
from db.casereads import letter_bytes, load_case
from db.journal import append
from db.records import Action, Case, Heading, Json, LetterKind
from db.store import Tx
from desktop.casework.bound import bound
from desktop.casework.copies import write_copy
from desktop.casework.desk import Desk, Done, Invalid, OnCase, Refused, act, case_for, need_sight
from desktop.casework.letterfacts import facts_for, letter_kind, normalised_reference
from desktop.casework.outcomes import why_kept_off
from desktop.casework.owing import why_not_told
from desktop.casework.policymoves import need_current
from desktop.casework.requests import agreement_of, move
from desktop.casework.timers import start_timer
from desktop.casework.unprinted import why_unprinted
from desktop.letters.facts import GIVING, LetterError, LetterFacts
from desktop.policy.fields import Problem
from desktop.policy.life import why_not


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter as it would be issued now: the very bytes but for nothing. ``pdf`` is empty where it cannot be made."""

    kind: LetterKind
    pdf: bytes
    sha256: str
    problems: tuple[str, ...]
    recipient: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue(OnCase):
    """Issues the letter of a case that is ready for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled(OnCase):
    """The issued letter was printed, or a copy was saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSent(OnCase):
    """The letter went out. The recipient's reference is typed back from the letter."""

    typed_reference: str


def preview(
    desk: Desk, case_id: int, kind: LetterKind | None = None, because_of: tuple[str, ...] | None = None
) -> Preview:
    """The letter as it would be printed today.

    `kind` and `because_of` ask for the letter of a decision that is still being made. Raises Refused where there is
    none yet.
    """
    need_sight(desk)
    with desk.store.read() as tx:
        case = load_case(tx, case_id)
        agreement = agreement_of(desk, tx, case)
        facts = facts_for(tx, case, agreement, kind or letter_kind(case, agreement), None, desk.today(), because_of)
    return preview_of(facts)


def preview_of(facts: LetterFacts) -> Preview:
    """The pages of these facts, or what keeps them from being printed."""
    from desktop.letters.pages import render

    problems = why_unprinted(facts)
    try:
        pdf = render(facts)
    except LetterError:
        return Preview(facts.kind, b"", "", problems, facts.recipient)
    return Preview(facts.kind, pdf, hashlib.sha256(pdf).hexdigest(), problems, facts.recipient)


def issue(desk: Desk, command: Issue) -> Done:
    """Issues the letter: numbered, stored, hashed and never changed. Closes the case and starts its timer."""

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.ISSUE)
        if untold := why_not_told(tx, case, Action.ISSUE):
            raise Refused(untold)
        agreement = agreement_of(desk, tx, case)
        kind = letter_kind(case, agreement)
        if kind in GIVING:
            need_current(desk, tx, case)
            if why := why_kept_off(agreement, case):
                raise Refused(why)
        today = desk.today()
        number = casefile.next_number(tx, "letter")
        facts = facts_for(tx, case, agreement, kind, number, today)
        made = preview_of(facts)
        if made.problems:
            raise Invalid(tuple(Problem("letter", message, hard=True) for message in made.problems))
        letter_id = casefile.add_letter(
            tx,
            {
                "number": number,
                "case_id": case.row.id,
                "kind": kind.value,
                "sha256": made.sha256,
                "snapshot_hash": facts.snapshot_hash,
                "issued_by": desk.user.id,
                "issued_at": now,
                "pdf": made.pdf,
                "recipient": "\n".join(facts.recipient),
            },
        )
        if kind in GIVING:
            _disclosed(tx, case, letter_id, facts, today)
        done = move(
            desk,
            tx,
            case,
            Action.ISSUE,
            now,
            {"closed_on": today},
            heading=Heading.DISCLOSURE,
            data=_issued(tx, case, facts, made, number),
        )
        start_timer(tx, agreement, case.row.id, "letter_issued", today)
        return done

    return act(desk, command.command_id, "issue", body)


def _issued(tx: Tx, case: Case, facts: LetterFacts, made: Preview, number: int) -> dict[str, Json]:
    recipient = bound(tx, case.row.id, {"recipient": "\n".join(facts.recipient)})
    return {
        "letter": number,
        "kind": facts.kind.value,
        "sha256": made.sha256,
        "snapshot": facts.snapshot_hash,
        **recipient,
    }


def _disclosed(tx: Tx, case: Case, letter_id: int, facts: LetterFacts, today: date) -> None:
    items = list(case.finding.values) if case.finding else []
    casefile.add_disclosure(
        tx,
        case.row.id,
        letter_id,
        gateway=facts.gateway,
        items=items,
        recipient="\n".join(facts.recipient),
        on=today,
    )


def read_letter(desk: Desk, case_id: int) -> bytes:
    """The issued letter's bytes, as they were issued; journalled as a consultation."""
    need_sight(desk)
    with desk.store.write() as tx:
        pdf = letter_bytes(tx, case_id)
        if pdf is None:
            raise Refused("No letter of this case is kept.")
        append(
            tx,
            at=desk.clock(),
            actor_id=desk.user.id,
            action="read_letter",
            heading=Heading.CONSULTATION,
            case_id=case_id,
        )
    return pdf


def printed(desk: Desk, command: Handled) -> Done:
    """Journals that the letter was printed."""
    return _handled(desk, command, Action.PRINT)


def saved_copy(desk: Desk, command: Handled) -> Done:
    """Journals that a copy was saved outside the store."""
    return _handled(desk, command, Action.SAVE_COPY)


def mark_sent(desk: Desk, command: MarkSent) -> Done:
    """Journals that the letter went out, once the recipient's reference was typed back as the letter has it."""
    return _handled(desk, command, Action.MARK_SENT)


def _handled(desk: Desk, command: Handled | MarkSent, action: Action) -> Done:
    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, action)
        if case.letter is None:
            raise Refused("No letter of this case is kept.")
        if isinstance(command, MarkSent):
            _check_sent(case, command)
        casefile.add_letter_event(tx, case.letter.id, action, desk.user.id, now)
        return move(desk, tx, case, action, now, {}, heading=Heading.DISCLOSURE, data={"letter": case.letter.number})

    return act(desk, command.command_id, action.value, body)


def _check_sent(case: Case, command: MarkSent) -> None:
    if case.letter is not None and case.letter.sent_at is not None:
        raise Refused("This letter is marked as sent already.")
    expected = case.row.requester_reference or case.row.reference
    if normalised_reference(command.typed_reference) != normalised_reference(expected):
        message = "This is not the recipient’s reference. Type it as the letter has it, under “Your reference”."
        raise Invalid((Problem("typed_reference", message, hard=True),))


def copy_letter(desk: Desk, reference: str, out: Path) -> str:
    """Writes the issued letter of a case to a new private file, journals the copy, and returns its SHA-256.

    Raises Refused where there is no such case or letter or this person may not copy it; OSError where `out` cannot be
    written or is there already.
    """
    with desk.store.read() as tx:
        case_id = lists.id_of(tx, reference.strip().upper())
        if case_id is None:
            raise Refused(f"There is no case {reference.strip()}.")
        case = load_case(tx, case_id)
    if why := why_not(desk.user.id, desk.user.role, case, Action.SAVE_COPY):
        raise Refused(why)

    def give() -> bytes:
        pdf = read_letter(desk, case_id)
        saved_copy(desk, Handled(command_id=str(uuid4()), case_id=case_id, version=case.row.version))
        return pdf

    return hashlib.sha256(write_copy(out, give)).hexdigest()
