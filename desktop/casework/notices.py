"""Notices of correction: owed with a release, previewed, issued one to a recipient, or excused by a second person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from db import casefile, notices
from db.casereads import load_case
from db.journal import append
from db.notices import Notice
from db.records import Action, Case, Heading, Json, LetterKind
from db.store import Tx
from desktop.casework.bound import bound
from desktop.casework.copies import Room, write_done
from desktop.casework.corrections import in_danger
from desktop.casework.desk import Desk, Done, Invalid, OnCase, Refused, act, case_for, need_reasons, need_sight
from desktop.casework.issuing import Preview, preview_of, signed_letter
from desktop.casework.letterfacts import facts_for, gateway_of
from desktop.casework.owing import notices_for
from desktop.casework.requests import agreement_of, move
from desktop.casework.sending import TypedBack, sent_problems, to_type_back
from desktop.letters.facts import ItemRow, LetterFacts
from desktop.policy.agreements import Agreement
from desktop.policy.corrections import NOTHING_IN_PLACE
from desktop.policy.fields import Problem
from desktop.policy.retention import period_words
from desktop.policy.safeguards import tells_where
from desktop.policy.wording import day, plural

Because = Literal["impossible", "disproportionate"]
BECAUSE_WORDS: dict[str, str] = {
    "impossible": "It is impossible to tell them",
    "disproportionate": "It would take disproportionate effort",
}
"""Why a recipient need not be told: Article 19 of the UK General Data Protection Regulation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell(OnCase):
    """Issues one of the notices that a case owes."""

    notice_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse(OnCase):
    """That one recipient is not told, and why."""

    notice_id: int
    because: Because
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandleNotice(OnCase):
    """That an issued notice was printed, copied or sent."""

    notice_id: int
    action: Literal[Action.PRINT, Action.SAVE_COPY, Action.MARK_SENT]
    typed_reference: str = ""
    typed_line: str = ""
    """To mark it as sent: the recipient's reference and the first line of the address, typed back from the notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyNotice(OnCase):
    """Writes an issued notice to a file; with `replace` in the place of one that is there."""

    notice_id: int
    out: Path
    replace: bool = False


def notice_facts(tx: Tx, desk: Desk, agreement: Agreement, case: Case, one: Notice, number: int | None) -> LetterFacts:
    """The facts of a notice: what was released for this recipient, and nothing else of the case.

    A concern that was raised after the release takes the values out.
    """
    facts = facts_for(tx, case, agreement, LetterKind.CORRECTION, number, desk.today())
    rows = [{key: str(value) for key, value in row.items()} for row in one.content.get("rows", [])]
    theirs = dict.fromkeys(row["their_reference"] for row in rows if row["their_reference"])
    if in_danger(tx, case):
        rows = [row | {"given": "", "right": ""} for row in rows]
    return replace(
        facts,
        gateway=gateway_of(agreement, case.submissions[-1].snapshot),
        retention=f"at least {period_words(agreement.retention)}",
        recipient=tuple(one.recipient.splitlines()),
        salutation=str(one.content.get("salutation", "")),
        marking=str(one.content.get("marking", "")),
        their_reference=", ".join(theirs),
        answer_within=plural(agreement.correction.confirm_within, "working day"),
        items=tuple(_row(row, tell_apart=len(theirs) > 1) for row in rows),
        rights=(),
        address_kept_off=in_danger(tx, case),
    )


def _row(row: dict[str, str], *, tell_apart: bool) -> ItemRow:
    given = f"{row['label']}:\n{row['given']}" if row["given"] else row["label"]
    theirs = f"\nYours:\n{row['their_reference']}" if tell_apart and row["their_reference"] else ""
    return ItemRow(
        given,
        row["right"] or NOTHING_IN_PLACE,
        f"{day(date.fromisoformat(row['on']))}\nOurs: {row['reference']}{theirs}",
        # A concern may be raised after the release: then the notice stops until the answer is recorded anew.
        tells_where("", row["label"]) and bool(row["given"] or row["right"]),
    )


def preview_notice(desk: Desk, case_id: int, place: int) -> Preview:
    """The notice in this place of the list, as it would be printed today; a released one has an id of its own."""
    need_sight(desk)
    with desk.store.read() as tx:
        case = load_case(tx, case_id)
        agreement = agreement_of(desk, tx, case)
        found = notices_for(desk, tx, agreement, case)
        if not 0 <= place < len(found):
            raise Refused("There is no such notice in this case.")
        facts = notice_facts(tx, desk, agreement, case, found[place], None)
    return preview_of(facts)


def tell(desk: Desk, command: Tell) -> Done:
    """Issues a notice: numbered, signed, stored, hashed and never changed. Each case that it corrects has it in its
    history.
    """

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.TELL)
        agreement = agreement_of(desk, tx, case)
        one = _owed(tx, case, command.notice_id)
        number = casefile.next_number(tx, "letter")
        made = signed_letter(tx, desk, notice_facts(tx, desk, agreement, case, one, number), now)
        snapshot = case.finding.snapshot_hash if case.finding is not None else ""
        values = {
            "owed_id": one.id,
            "case_id": case.row.id,
            "number": number,
            "sha256": made.sha256,
            "snapshot_hash": snapshot,
            "issued_by": desk.user.id,
            "issued_at": now,
            "pdf": made.pdf,
        }
        notices.add_notice(tx, values)
        for concerned in notices.concerned_in(tx, one.id):
            append(
                tx,
                at=now,
                actor_id=desk.user.id,
                action="corrected",
                heading=Heading.DISCLOSURE,
                case_id=concerned,
                data={"other": case.row.reference, "letter": number},
            )
        data: dict[str, Json] = {
            "letter": number,
            "notice": one.id,
            "sha256": made.sha256,
            "snapshot": snapshot,
            **bound(tx, case.row.id, {"recipient": one.recipient}),
        }
        return move(desk, tx, case, Action.TELL, now, {}, heading=Heading.DISCLOSURE, data=data)

    return act(desk, command.command_id, "tell", body)


def excuse(desk: Desk, command: Excuse) -> Done:
    """A second person records why one recipient is not told, with reasons that the Commissioner could read."""

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.EXCUSE)
        one = _owed(tx, case, command.notice_id)
        if command.because not in BECAUSE_WORDS:
            raise Invalid((Problem("because", "Choose why they are not told.", hard=True),))
        reasons = need_reasons(command.reasons, "not telling them")
        notices.add_excuse(tx, one, command.because, reasons, desk.user.id, now)
        data: dict[str, Json] = {
            "notice": one.id,
            "because": command.because,
            **bound(tx, case.row.id, {"reasons": reasons}),
        }
        return move(desk, tx, case, Action.EXCUSE, now, {}, data=data)

    return act(desk, command.command_id, "excuse", body)


def _owed(tx: Tx, case: Case, notice_id: int) -> Notice:
    """A notice that is owed now and not settled. Raises Refused."""
    number = case.finding.number if case.finding is not None else 0
    one = next((one for one in notices.notices_of(tx, case.row.id) if one.id == notice_id), None)
    if one is None or (one.finding != number and not one.settled):
        raise Refused("No such notice is owed in this case.")
    if one.number is not None:
        raise Refused(f"This recipient was told already, by letter {one.number}.")
    if one.excused:
        raise Refused("It is recorded that this recipient is not told, and why.")
    return one


def read_notice(desk: Desk, case_id: int, notice_id: int) -> bytes:
    """An issued notice's bytes, as they were issued; journalled as a consultation."""
    need_sight(desk)
    with desk.store.write() as tx:
        pdf = _kept(tx, case_id, notice_id)
        append(
            tx,
            at=desk.clock(),
            actor_id=desk.user.id,
            action="read_notice",
            heading=Heading.CONSULTATION,
            case_id=case_id,
        )
    return pdf


def copy_notice(desk: Desk, command: CopyNotice) -> Done:
    """Writes an issued notice to a private file, which the journal says first. Nothing is journalled where the file
    cannot be written.

    Raises Refused, or OSError where the file cannot be written or is there and was not to be replaced.
    """

    def give(room: Room) -> tuple[Done, bytes]:
        with desk.store.read() as tx:
            pdf = _kept(tx, command.case_id, command.notice_id)
        room(len(pdf))
        copied = HandleNotice(
            command_id=command.command_id,
            case_id=command.case_id,
            version=command.version,
            notice_id=command.notice_id,
            action=Action.SAVE_COPY,
        )
        return handle_notice(desk, copied), pdf

    return write_done(command.out, give, replace=command.replace)


def _kept(tx: Tx, case_id: int, notice_id: int) -> bytes:
    ids = {one.id for one in notices.notices_of(tx, case_id)}
    pdf = notices.notice_bytes(tx, notice_id) if notice_id in ids else None
    if pdf is None:
        raise Refused("No such notice of this case is kept.")
    return pdf


def notice_to_type_back(case: Case, one: Notice) -> TypedBack:
    """By what a notice is told from another: the recipient's reference, else ours, and where it goes."""
    every = dict.fromkeys(str(row["their_reference"]) for row in one.content.get("rows", []))
    theirs = ", ".join(name for name in every if name)
    return to_type_back(theirs or case.row.reference, not theirs, one.recipient)


def _check_sent(case: Case, one: Notice, command: HandleNotice) -> None:
    if one.sent_at is not None:
        raise Refused("This notice is marked as sent already.")
    if problems := sent_problems(notice_to_type_back(case, one), command.typed_reference, command.typed_line):
        raise Invalid(problems)


def handle_notice(desk: Desk, command: HandleNotice) -> Done:
    """Journals that an issued notice was printed, that a copy was saved, or that it went out."""

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.HANDLE_NOTICE)
        one = next((one for one in notices.notices_of(tx, case.row.id) if one.id == command.notice_id), None)
        if one is None or one.number is None:
            raise Refused("No such notice of this case is issued.")
        if command.action is Action.MARK_SENT:
            _check_sent(case, one, command)
        notices.add_notice_event(tx, one.id, command.action, desk.user.id, now)
        data: dict[str, Json] = {"letter": one.number, "how": command.action.value}
        return move(desk, tx, case, Action.HANDLE_NOTICE, now, {}, heading=Heading.DISCLOSURE, data=data)

    return act(desk, command.command_id, "handle_notice", body)
