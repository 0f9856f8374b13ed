"""Who asked about a person, when, under what, and what was given: answered from the register itself.

For subject access (UK GDPR, Article 15(1)(c): the recipients to whom the personal data have been disclosed). Only
requests that someone recorded as being about the same person count; which of them are told is decided by two people,
as everything that is released is.
"""

from __future__ import annotations

from dataclasses import dataclass

from db.casereads import links_of
from db.disclosures import Asked, asked_in
from db.notices import Corrected, corrected_in
from db.records import Answers, Case, State
from db.store import Tx
from desktop.casework.corrections import corrected_words
from desktop.casework.desk import Desk
from desktop.casework.letterfacts import NOBODY_ASKED
from desktop.policy.agreements import REGISTER_FIELD, Agreement, Option
from desktop.policy.answers import keys_of
from desktop.policy.wording import day, join_and, lower_first


@dataclass(frozen=True, slots=True)
class Entry:
    """One request about the same person, as the answer tells it."""

    reference: str
    words: str


def entries(desk: Desk, tx: Tx, case: Case) -> tuple[Entry, ...]:
    """The requests that were recorded as being about the person of this case, the earliest first."""
    same = [other for other, is_same in links_of(tx, case.row.id).items() if is_same]
    corrected = corrected_in(tx, same)
    return tuple(
        Entry(one.row.reference, _words(desk, one, corrected.get(one.row.id, ()))) for one in asked_in(tx, same)
    )


def with_register(agreement: Agreement, found: tuple[Entry, ...]) -> Agreement:
    """The agreement with the register's entries as the options of the field that chooses among them."""
    return agreement.with_options(
        REGISTER_FIELD, tuple(Option(id=one.reference, label=f"{one.reference}: {one.words}") for one in found)
    )


def register_text(found: tuple[Entry, ...], answers: Answers) -> str:
    """What the letter says of the entries that are to be told, a line to each."""
    told = keys_of(answers.get(REGISTER_FIELD))
    return "\n".join(one.words for one in found if one.reference in told) or NOBODY_ASKED


def _words(desk: Desk, asked: Asked, corrected: tuple[Corrected, ...]) -> str:
    row = asked.row
    known = desk.agreements.has(row.agreement_id)
    agreement = desk.agreements.get(row.agreement_id) if known else None
    title = agreement.title if agreement else row.agreement_id
    on = day(row.received_on) if row.received_on else "A day that is not recorded"
    who = row.requester or "A body that is not named"
    labels = {item.id: item.label for item in agreement.items} if agreement else {}
    said = (f"{on}: {who} asked, under “{title}”.", _given(agreement, asked), corrected_words(corrected, labels))
    return " ".join(part for part in said if part)


def _given(agreement: Agreement | None, asked: Asked) -> str:
    if asked.disclosed_on is None:
        closed = asked.row.state in (State.ISSUED, State.WITHDRAWN, State.DESTROYED)
        return "We gave them nothing." if closed else "We have given them nothing so far."
    items = [agreement.item(key) for key in asked.items] if agreement else []
    labels = [lower_first(item.label) for item in items if item is not None]
    what = join_and(labels) if labels else "an answer"
    return f"We gave them {what} on {day(asked.disclosed_on)}."
