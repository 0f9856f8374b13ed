"""Letters: previewed, issued from exactly what was approved, and what is done with them after."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

from db import casefile, lists
from db.casereads import letter_bytes, load_case
from db.journal import append
from db.records import Action, Case, Heading, Json, Letter, LetterKind
from db.store import Tx
from desktop.casework.answerfigures import publish_figures
from desktop.casework.bound import bound
from desktop.casework.certificates import signed
from desktop.casework.copies import Room, write_done
from desktop.casework.desk import Desk, Done, Invalid, OnCase, Refused, act, case_for, need_sight
from desktop.casework.letterfacts import facts_for, letter_kind
from desktop.casework.outcomes import why_kept_off
from desktop.casework.owing import why_not_forwarded, why_not_told
from desktop.casework.policymoves import need_current
from desktop.casework.requests import agreement_of, move
from desktop.casework.sending import NONE_KEPT, issued_letter, sent_problems, typed_back
from desktop.casework.timers import start_timer
from desktop.casework.unprinted import why_unprinted
from desktop.letters.facts import LetterError, LetterFacts
from desktop.letters.words import why_not_in_welsh
from desktop.policy.agreements import Agreement
from desktop.policy.fields import Problem
from desktop.policy.letterkinds import GIVING
from desktop.policy.life import why_not
from desktop.policy.publication import answered_as

CHANGED = "The letter changed since you read it. Read it as it is now, then issue it."


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter as it would be issued now, before it is signed. ``pdf`` is empty where it cannot be made."""

    kind: LetterKind
    pdf: bytes
    sha256: str
    problems: tuple[str, ...]
    recipient: tuple[str, ...]
    note: str = ""
    """What is otherwise than the recipient prefers, and why it cannot be posted; it keeps nobody from issuing it."""
    large_print: bool = False
    seen: str = ""
    """The hash of all that it was made from. What issues it names it, so that what was read is what is issued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue(OnCase):
    """Issues the letter of a case that is ready for it."""

    large_print: bool | None = None
    """None for as the request says."""
    seen: str = ""
    """``seen`` of the preview that was read; "" where nobody reads one first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled(OnCase):
    """An issued letter was printed."""

    letter_id: int | None = None
    """None for the letter that answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCopy(OnCase):
    """Writes an issued letter to a file; with `replace` in the place of one that is there."""

    out: Path
    replace: bool = False
    letter_id: int | None = None
    """None for the letter that answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSent(OnCase):
    """A letter went out. The recipient's reference and the first line of the address are typed back from it."""

    typed_reference: str
    typed_line: str
    letter_id: int | None = None
    """None for the letter that answers."""


def preview(
    desk: Desk,
    case_id: int,
    kind: LetterKind | None = None,
    because_of: tuple[str, ...] | None = None,
    large_print: bool | None = None,
) -> Preview:
    """The letter as it would be printed today.

    `kind` and `because_of` ask for the letter of a decision that is still being made, `large_print` for another print
    than the request asks for. Raises Refused where there is none yet.
    """
    need_sight(desk)
    with desk.store.read() as tx:
        case = load_case(tx, case_id)
        agreement = agreement_of(desk, tx, case)
        facts = facts_for(tx, case, agreement, kind or letter_kind(case, agreement), None, desk.today(), because_of)
    return preview_of(in_print(facts, large_print))


def in_print(facts: LetterFacts, large_print: bool | None) -> LetterFacts:
    """The same facts in this print; None for as they are."""
    return facts if large_print is None else replace(facts, large_print=large_print)


def preview_of(facts: LetterFacts) -> Preview:
    """The pages of these facts, or what keeps them from being printed."""
    from desktop.letters.pages import render

    note, seen = "", _seen(facts)
    if facts.in_welsh and (note := why_not_in_welsh(facts)):
        facts = replace(facts, in_welsh=False)
    note = " ".join(one for one in (note, facts.unposted) if one)
    problems = why_unprinted(facts)
    try:
        pdf = render(facts)
    except LetterError as error:
        pdf, problems = b"", problems or (error.message,)
    sha256 = hashlib.sha256(pdf).hexdigest() if pdf else ""
    return Preview(facts.kind, pdf, sha256, problems, facts.recipient, note, facts.large_print, seen)


def _seen(facts: LetterFacts) -> str:
    """The hash of all that a letter is made from, but for the number that comes with its issue."""
    return hashlib.sha256(repr(replace(facts, number=None)).encode()).hexdigest()


def signed_letter(tx: Tx, desk: Desk, facts: LetterFacts, at: datetime) -> Preview:
    """The pages of these facts with the organisation's signature. Raises Invalid for what keeps them from being
    printed, Refused where the desk cannot sign.
    """
    made = preview_of(facts)
    if made.problems:
        raise Invalid(tuple(Problem("letter", message, hard=True) for message in made.problems))
    pdf = signed(tx, desk, made.pdf, at)
    return replace(made, pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest())


def issue(desk: Desk, command: Issue) -> Done:
    """Issues the letter: numbered, signed, stored, hashed and never changed. Closes the case and starts its timer."""

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.ISSUE)
        if untold := why_not_told(tx, case, Action.ISSUE):
            raise Refused(untold)
        agreement = agreement_of(desk, tx, case)
        if waits := why_not_forwarded(agreement, case, Action.ISSUE):
            raise Refused(waits)
        kind = letter_kind(case, agreement)
        if kind in GIVING:
            need_current(desk, tx, case)
            if why := why_kept_off(agreement, case):
                raise Refused(why)
        today = desk.today()
        facts = in_print(facts_for(tx, case, agreement, kind, None, today), command.large_print)
        letter_id, data = put_letter(desk, tx, case, facts, now, seen=command.seen)
        if kind in GIVING:
            _disclosed(tx, case, letter_id, facts, today)
            data |= publish_figures(desk, tx, case)
        closed = {"closed_on": today, "answered_as": _counted_as(desk, agreement, case)}
        done = move(desk, tx, case, Action.ISSUE, now, closed, heading=Heading.DISCLOSURE, data=data)
        start_timer(desk, tx, agreement, case, now)
        return done

    return act(desk, command.command_id, "issue", body)


def _counted_as(desk: Desk, pinned: Agreement, case: Case) -> str | None:
    """Figures are counted by the agreement of today, whatever the case is pinned to."""
    if case.row.outcome is None or case.finding is None:
        return None
    agreement = desk.agreements.get(pinned.id) if desk.agreements.has(pinned.id) else pinned
    return answered_as(agreement.statistics, desk.today(), case.row.outcome, case.finding.status_answer)


def put_letter(
    desk: Desk,
    tx: Tx,
    case: Case,
    facts: LetterFacts,
    now: datetime,
    *,
    seen: str,
    own: str | None = None,
    replaces: int | None = None,
) -> tuple[int, dict[str, Json]]:
    """Gives a letter its number, prints, signs and keeps it: its id, and what the journal says of it.

    `seen` is that of the preview that was read, "" where none was; `own` the text that its snapshot_hash binds where it
    does not answer, `replaces` the id of the one before it.

    Raises Invalid for what keeps it from being printed or is not what was read, Refused where the desk cannot sign.
    """
    if seen and seen != _seen(facts):
        raise Invalid((Problem("letter", CHANGED, hard=True),))
    number = casefile.next_number(tx, "letter")
    made = signed_letter(tx, desk, replace(facts, number=number), now)
    recipient = "\n".join(facts.recipient)
    kept = {
        "number": number,
        "kind": facts.kind.value,
        "sha256": made.sha256,
        "snapshot_hash": facts.snapshot_hash,
        "pdf": made.pdf,
        "recipient": recipient,
        "facts": own,
        "replaces": replaces,
    }
    by = {"case_id": case.row.id, "issued_by": desk.user.id, "issued_at": now}
    letter_id = casefile.add_letter(tx, {**kept, **by})
    data: dict[str, Json] = {
        "letter": number,
        "kind": facts.kind.value,
        "sha256": made.sha256,
        "snapshot": facts.snapshot_hash,
        "own_words": [one.part for one in facts.own_words],
        **bound(tx, case.row.id, {"recipient": recipient}),
    }
    return letter_id, data


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


def read_letter(desk: Desk, case_id: int, letter_id: int | None = None) -> bytes:
    """An issued letter's bytes, as they were issued; journalled as a consultation. None for the one that answers."""
    need_sight(desk)
    with desk.store.write() as tx:
        one = issued_letter(load_case(tx, case_id), letter_id)
        pdf = letter_bytes(tx, one.id)
        if pdf is None:
            raise Refused(NONE_KEPT)
        append(
            tx,
            at=desk.clock(),
            actor_id=desk.user.id,
            action="read_letter",
            heading=Heading.CONSULTATION,
            case_id=case_id,
            data={"letter": one.number},
        )
    return pdf


def printed(desk: Desk, command: Handled) -> Done:
    """Journals that a letter was printed."""
    return _handled(desk, command, Action.PRINT)


def save_copy(desk: Desk, command: SaveCopy) -> Done:
    """Writes an issued letter to a private file, which the journal says first. Nothing is journalled where the file
    cannot be written.

    Raises Refused, or OSError where the file cannot be written or is there and was not to be replaced.
    """

    def give(room: Room) -> tuple[Done, bytes]:
        with desk.store.read() as tx:
            pdf = letter_bytes(tx, issued_letter(load_case(tx, command.case_id), command.letter_id).id)
        if pdf is None:
            raise Refused(NONE_KEPT)
        room(len(pdf))
        return _handled(desk, command, Action.SAVE_COPY), pdf

    return write_done(command.out, give, replace=command.replace)


def mark_sent(desk: Desk, command: MarkSent) -> Done:
    """Journals that a letter went out, once what tells it from others was typed back as the letter has it."""
    return _handled(desk, command, Action.MARK_SENT)


def _handled(desk: Desk, command: Handled | SaveCopy | MarkSent, action: Action) -> Done:
    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, action)
        one = issued_letter(case, command.letter_id)
        if isinstance(command, MarkSent):
            _check_sent(tx, case, one, command)
        done = move(desk, tx, case, action, now, {}, heading=Heading.DISCLOSURE, data={"letter": one.number})
        casefile.add_letter_event(tx, one.id, action, desk.user.id, now)
        return done

    return act(desk, command.command_id, action.value, body)


def _check_sent(tx: Tx, case: Case, one: Letter, command: MarkSent) -> None:
    if one.sent_at is not None:
        raise Refused("This letter is marked as sent already.")
    if problems := sent_problems(typed_back(tx, case, one), command.typed_reference, command.typed_line):
        raise Invalid(problems)


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

    save_copy(desk, SaveCopy(command_id=str(uuid4()), case_id=case_id, version=case.row.version, out=out))
    return hashlib.sha256(out.read_bytes()).hexdigest()
