"""What a hold is to cover, as it was typed: made into a scope, or refused with all that is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from db import holds, lists
from db.casereads import load_case
from db.holds import Scope
from db.records import State
from db.requesters import body_named
from db.store import Tx
from desktop.casework.desk import Desk, Invalid
from desktop.policy.disposal import MOST_YEARS, last_review
from desktop.policy.fields import Problem, check_text
from desktop.policy.people import name_key
from desktop.policy.references import is_reference
from desktop.policy.requesters import asks_officially

_MOST = 1000
_NOTHING = {
    "": ("scope", "Say what it covers: a case, a person, or which requests."),
    "case": ("case", "Give the reference of the case."),
    "person": ("person_of", "Give the reference of a case about the person."),
    "requests": ("requester", "Give at least one of these: who asked, the agreement, or a day."),
}
"""What is said, and of which field, where nothing says what a hold covers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold:
    """Holds the cases for which every part holds that is given, also those to come.

    ``case``: the reference of one case. ``person_of``: the reference of a case, for all that are about its person. With
    either nothing else is given. ``requester``: a body as the register names it, whatever its capitals.
    """

    kind: Literal["", "case", "person", "requests"] = ""
    """What is to be held, where that was chosen first: what is missing is then said of its field."""
    case: str = ""
    person_of: str = ""
    agreement_id: str = ""
    requester: str = ""
    received_from: date | None = None
    received_to: date | None = None
    authority: str
    """By whose authority: such as the terms of an inquiry, an order, a request of counsel."""
    because: str
    review_on: date | None
    """When somebody looks whether it is still needed."""


def scope_of(desk: Desk, tx: Tx, command: PlaceHold) -> Scope:
    """The scope that the command means. Raises Invalid, naming everything that is wrong."""
    problems: list[Problem] = []
    case_id = _case(tx, "case", command.case, problems)
    person_of = _case(tx, "person_of", command.person_of, problems)
    requester = command.requester.strip()
    rest = command.person_of.strip(), command.agreement_id, requester, command.received_from, command.received_to
    if command.case.strip() and any(rest):
        problems.append(_hard("case", "A hold over one case covers that case alone. Leave the rest empty."))
    elif command.person_of.strip() and any(rest[1:]):
        problems.append(_hard("person_of", "A hold on a person covers all that is about them. Leave the rest empty."))
    elif not command.case.strip() and not any(rest):
        problems.append(_hard(*_NOTHING[command.kind]))
    if command.agreement_id and not desk.agreements.has(command.agreement_id):
        problems.append(_hard("agreement_id", "Choose an agreement."))
    problems += check_text("requester", requester, most=200, lines=False)
    if requester and not _is_body(desk, tx, requester):
        words = "A person asked under this name, and a hold names nobody. Hold the case, or all about its person."
        problems.append(_hard("requester", words))
    if command.received_from and command.received_to and command.received_to < command.received_from:
        problems.append(_hard("received_to", "The last day is before the first. Give a later one."))
    problems += said("authority", command.authority, "Say by whose authority it is placed.")
    problems += said("because", command.because, "Say why it is placed.")
    if command.review_on is None or command.review_on <= desk.today():
        problems.append(_hard("review_on", "Give the day of its review: one that is still to come."))
    elif command.review_on > last_review(desk.today()):
        far = f"Give a day within {MOST_YEARS} years: then somebody looks whether it is still needed."
        problems.append(_hard("review_on", far))
    if problems:
        raise Invalid(tuple(problems))
    return Scope(
        case_id=case_id,
        person_of=person_of,
        agreement_id=command.agreement_id or None,
        requester=requester or None,
        received_from=command.received_from,
        received_to=command.received_to,
    )


def _case(tx: Tx, field: str, typed: str, problems: list[Problem]) -> int | None:
    reference = typed.strip().upper()
    if not reference:
        return None
    found = lists.id_of(tx, reference)
    if found is None:
        wrong = "There is no such case in this store." if is_reference(reference) else "This is no case’s reference."
        problems.append(_hard(field, f"{wrong} Check it, figure by figure."))
    elif load_case(tx, found).row.state is State.DESTROYED:
        problems.append(_hard(field, "This case is destroyed: nothing is left of it that a hold could keep."))
    return found


def _is_body(desk: Desk, tx: Tx, requester: str) -> bool:
    """Whether a name is a body's, or nobody's yet: anyone may ask for information, and gives their own name."""
    official = [one.id for one in desk.agreements.all() if asks_officially(one)]
    return holds.asked_under(tx, requester, official) is not False or body_named(tx, name_key(requester)) is not None


def said(field: str, words: str, missing: str) -> tuple[Problem, ...]:
    """What is wrong with words that have to be there."""
    return (_hard(field, missing),) if not words.strip() else tuple(check_text(field, words, most=_MOST))


def _hard(field: str, message: str) -> Problem:
    return Problem(field, message, hard=True)
