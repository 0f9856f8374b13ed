"""A letter in the place of one that was issued: a new number, the same approved snapshot, and why it was needed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from db.casereads import load_case
from db.notices import corrected_in
from db.records import ANSWERING, Action, Case, Heading, Letter
from db.store import Tx
from desktop.casework.desk import Desk, Done, Invalid, OnCase, Refused, act, case_for, need_reasons, need_sight
from desktop.casework.issuing import Preview, in_print, preview_of, put_letter
from desktop.casework.letterfacts import facts_for
from desktop.casework.ownwords import said_by_us
from desktop.casework.requests import agreement_of, move
from desktop.casework.typedwords import against_words
from desktop.letters.facts import LetterFacts
from desktop.policy.letterkinds import GIVING
from desktop.policy.wording import day, london


@dataclass(frozen=True, slots=True, kw_only=True)
class Reissue(OnCase):
    """Issues the letter that answers once more."""

    why: str
    """Why, in words that the letter says: "The first one had our old telephone number."."""
    large_print: bool | None = None
    """None for as the request says."""
    seen: str = ""
    """``seen`` of the preview that was read; "" where nobody reads one first."""


def why_not_reissue(tx: Tx, case: Case) -> str:
    """Why the letter of a closed case is not to be issued again; "" where the table of life alone decides."""
    if case.letter is None:
        return "No letter of this case is kept."
    if case.letter.kind in GIVING and case.concerns:
        return "A safeguarding concern stands, so what was given is not sent again."
    if by := corrected_in(tx, [case.row.id]).get(case.row.id, ()):
        return f"Something in it was wrong, and was corrected by {by[-1].reference}. It is not sent again."
    return ""


def preview_reissue(desk: Desk, command: Reissue) -> Preview:
    """The pages of the letter as it would be issued again today. Raises Refused where it may not be,
    Invalid for a reason that it may not give.
    """
    need_sight(desk)
    with desk.store.read() as tx:
        facts, _replaced = _facts(desk, tx, load_case(tx, command.case_id), command)
    return preview_of(facts)


def _facts(desk: Desk, tx: Tx, case: Case, command: Reissue) -> tuple[LetterFacts, Letter]:
    """The facts as on the day of the first letter, for no period may grow by it; and the letter that is replaced."""
    if refusal := why_not_reissue(tx, case):
        raise Refused(refusal)
    last = case.letter
    if last is None:
        raise Refused("No letter of this case is kept.")
    why = need_reasons(command.why, "issuing it again")
    first = next(one for one in case.letters if one.kind in ANSWERING)
    agreement = agreement_of(desk, tx, case)
    if unfit := against_words(agreement, case, "why", why):
        raise Invalid(unfit)
    facts = facts_for(tx, case, agreement, last.kind, None, london(first.issued_at).date())
    if facts.destroy_by is not None and facts.destroy_by < desk.today():
        raise Refused(f"What it gave was to be destroyed by {day(facts.destroy_by)}, so it is not sent again.")
    facts = replace(facts, **said_by_us(tx, agreement, last.kind, desk.today()))
    facts = in_print(facts, command.large_print)
    replaces = f"letter {last.number} of {day(london(last.issued_at).date())}"
    return replace(facts, dated=desk.today(), replaces=replaces, why_replaced=why), last


def reissue(desk: Desk, command: Reissue) -> Done:
    """Issues the letter again. Nothing more is disclosed by it, and the retention timer runs on as it was."""

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.REISSUE)
        facts, last = _facts(desk, tx, case, command)
        _letter_id, data = put_letter(desk, tx, case, facts, now, seen=command.seen, replaces=last.id)
        data |= {"replaces": last.number}
        return move(desk, tx, case, Action.REISSUE, now, {}, heading=Heading.DISCLOSURE, data=data)

    return act(desk, command.command_id, "reissue", body)
