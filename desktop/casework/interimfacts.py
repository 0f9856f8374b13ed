"""The facts of a letter on the way to the answer: the request and its clock as they stand on the day of the letter."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

from db.casereads import salt_of
from db.journal import commitment
from db.records import Case, Extension, Json, LetterKind
from db.store import Tx
from desktop.casework.desk import Desk, Refused
from desktop.casework.letterfacts import common_facts, file_id, gateway_of
from desktop.casework.projection import due_of, text_of
from desktop.casework.waiting import waiting_of
from desktop.letters.facts import LetterFacts
from desktop.policy.addressblock import address_block
from desktop.policy.addresses import tidy_lines
from desktop.policy.agreements import Agreement
from desktop.policy.calendars import ANY_PART, NONE
from desktop.policy.clocks import length_words
from desktop.policy.fields import parse_date
from desktop.policy.identifiers import parse_money
from desktop.policy.ledger import Due
from desktop.policy.letterkinds import TO_THE_PERSON
from desktop.policy.retention import period_words
from desktop.policy.wording import day, lower_first, weekday_day

_WHERE = {
    ANY_PART: "bank holidays in any part of the United Kingdom",
    "england-and-wales": "bank holidays in England and Wales",
    "scotland": "bank holidays in Scotland",
    "northern-ireland": "bank holidays in Northern Ireland",
}
_UNBOUND = frozenset({"organisation", "number", "snapshot_hash", "file_id", "signature"})
"""What a letter's own hash does not cover: the letterhead, and what comes with the issuing."""


def interim_facts(
    desk: Desk,
    tx: Tx,
    agreement: Agreement,
    case: Case,
    kind: LetterKind,
    said: str,
    recipient: str,
    large_print: bool | None = None,
) -> LetterFacts:
    """The facts of a letter that does not answer, but for its number. `recipient` is needed for one to the person,
    `large_print` is None for as whoever asked prefers.

    Raises Refused where the case does not have what the letter tells.
    """
    to_person = kind in TO_THE_PERSON
    answers = case.submissions[-1].snapshot if to_person else case.answers
    facts = replace(
        common_facts(tx, case, agreement, kind, answers, None, desk.today()),
        said=tidy_lines(said),
        complaint=agreement.complaint,
        retention=f"at least {period_words(agreement.retention)}",
        basis=agreement.clock.basis or agreement.governed_by or "the agreement between us",
    )
    if to_person:
        lines = person_block(recipient)
        facts = replace(
            facts,
            their_reference="",
            unposted="",
            recipient=lines,
            salutation=lines[0] if lines else "",
            body=text_of(answers, "requester.body"),
            reply_to=text_of(answers, "letter.reply_to"),
            debt=_debt(answers.get("debt.amount"), answers.get("debt.invoiced_on")),
            gateway=gateway_of(agreement, answers),
            # What whoever asked prefers says nothing of the person.
            in_welsh=False,
            large_print=False,
            standing=(),
        )
    elif kind is LetterKind.MORE_INFORMATION:
        facts = _asking(desk, tx, agreement, case, facts)
    else:
        facts = _timed(desk, agreement, case, facts)
    if large_print is not None:
        facts = replace(facts, large_print=large_print)
    salt = salt_of(tx, case.row.id)
    own = commitment(salt, "facts", own_facts(facts))
    return replace(facts, snapshot_hash=own, file_id=file_id(salt, own))


def person_block(recipient: str) -> tuple[str, ...]:
    """The address of a letter to the person as it is printed, from a name and an address as they were typed."""
    name, *rest = tidy_lines(recipient) or ("",)
    return address_block((name,), "\n".join(rest), "")


def own_facts(facts: LetterFacts) -> dict[str, Json]:
    """What a letter that does not answer is made from, as the store keeps it and its ``snapshot_hash`` binds it."""
    return {one.name: _plain(getattr(facts, one.name)) for one in fields(facts) if one.name not in _UNBOUND}


def _plain(value: Any) -> Json:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return value.isoformat() if isinstance(value, date) else value


def _asking(desk: Desk, tx: Tx, agreement: Agreement, case: Case, facts: LetterFacts) -> LetterFacts:
    asked = waiting_of(desk, tx, case, agreement)
    if asked is None or not case.pauses:
        raise Refused("Nothing is asked of the requester now.")
    if case.pauses[-1].restarts:
        effect = (
            "Until you answer, the time that we have does not run. It begins anew with your answer: the day after it "
            "reaches us is the first that counts."
        )
    else:
        since = weekday_day(case.pauses[-1].since)
        effect = (
            f"The time in which we answer stopped at the end of {since}. It goes on from the day after your "
            "answer reaches us."
        )
    return replace(facts, answer_by=asked.close_on, clock_effect=effect)


def why_overdue(agreement: Agreement, due_on: date | None, today: date) -> str:
    """Why a letter that says by when the answer comes cannot be written; "" where it is still to come."""
    if due_on is None or due_on >= today:
        return ""
    may = agreement.clock.extension is not None
    todo = "Extend the time first, if they were told of it in time; or answer" if may else "Answer"
    passed = f"The answer was due on {day(due_on)}, so this letter would promise a day that has passed."
    return f"{passed} {todo} the request."


def _timed(desk: Desk, agreement: Agreement, case: Case, facts: LetterFacts) -> LetterFacts:
    owed = _due(desk, agreement, case, case.extensions)
    if late := why_overdue(agreement, owed.due_on, desk.today()):
        raise Refused(late)
    facts = replace(
        facts,
        due=owed.due_on,
        counted=_counted(owed),
        counting=_counting(owed),
        provisional=owed.provisional_words,
    )
    if facts.kind is not LetterKind.EXTENSION:
        return facts
    if not owed.extended:
        raise Refused("No extension of its time counts, so there is none to tell of.")
    rule, last = agreement.clock.extension, case.extensions[-1]
    reason = next((one for one in rule.reasons if one.id == last.because), None) if rule is not None else None
    because = (reason.words or lower_first(reason.label)) if reason is not None else ""
    return replace(facts, was_due=_due(desk, agreement, case, ()).due_on, because=because.rstrip("."))


def _due(desk: Desk, agreement: Agreement, case: Case, extensions: tuple[Extension, ...]) -> Due:
    owed = due_of(agreement, case.answers, desk.calendars, case.pauses, extensions)
    if owed is None:
        raise Refused("There is no due date yet: give the day on which the request was received.")
    return owed


def _counted(owed: Due) -> str:
    """How the day comes about, as it reads after "That is"."""
    what = "it" if owed.begins == owed.received else "your answer"
    waited = ", without the days on which we waited for you" if owed.paused else ""
    return f"{length_words(owed.length, owed.unit)} after the day on which {what} reached us{waited}"


def _counting(owed: Due) -> str:
    """Which days do not count, as a sentence."""
    where = _WHERE.get(owed.calendar.id, "bank holidays")
    if owed.unit == "working_days":
        none = owed.calendar.id == NONE
        return "Saturdays and Sundays do not count." if none else f"Saturdays, Sundays and {where} do not count."
    if owed.up_on == owed.due_on:
        return ""
    return f"That was moved on to the next working day, for Saturdays, Sundays and {where} are none."


def _debt(amount: Json, invoiced_on: Json) -> str:
    """Such as "£1,250.00, from an invoice of 3 March 2026"; "" where one of the two is missing."""
    pounds, on = parse_money(str(amount or "")), parse_date(invoiced_on)
    return f"£{pounds:,.2f}, from an invoice of {day(on)}" if pounds is not None and on is not None else ""
