"""Who asks, held against who is on record: facts for whoever decides whether the requester is authorised.

A request may come from a body under an agreement only while it is accredited; the officer, the countersigner and the
address that it came from are theirs, or are to be asked about (Information Commissioner's Office, data sharing
report for law enforcement requests; National Crime Agency and UK Caldicott Guardian Council, on whether a request
came from the address that is held for the requester).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from db.records import Answers
from db.records_requesters import Accreditation, Body, Officer
from desktop.policy.agreements import Agreement
from desktop.policy.answers import text_of
from desktop.policy.fields import looks_like_email
from desktop.policy.people import name_key
from desktop.policy.wording import day

SOON = 30
"""Days before the end of an accreditation from which on the desk says that it ends."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One thing that the record says of who asks. ``good``: nothing to ask about."""

    field: str
    words: str
    good: bool


def asks_officially(agreement: Agreement) -> bool:
    """Whether officers of bodies ask under an agreement. Anybody may ask for information, or for their own data."""
    return agreement.field("requester.officer") is not None


def standings(agreement: Agreement, body: Body | None, answers: Answers, on: date) -> tuple[Standing, ...]:
    """What the record says of a request received on a day, in the order of the form; () where it names no body.

    ``body``: the one of the name that the request gives.
    """
    named = text_of(answers.get("requester.body"))
    if not named or not asks_officially(agreement):
        return ()
    if body is None:
        words = f"{named} is not on record. Ask an administrator to put it there before you rely on it."
        return (Standing("requester.body", words, good=False),)
    return (
        _accredited(agreement, body, on),
        *_officer(body, answers, on),
        *_address(body, answers),
        *_countersigner(body, answers, on),
    )


def accreditation_on(body: Body, agreement_id: str, on: date) -> Accreditation | None:
    """The accreditation that holds on a day, of several the one that lasts longest."""
    held = [one for one in body.accreditations if one.agreement_id == agreement_id and one.holds(on)]
    return max(held, key=lambda one: one.valid_to, default=None)


def secure_address(body: Body, given: str, officer: str, on: date) -> str:
    """The address to which an answer may be mailed; "" where none is held.

    The one that the request gives, where it is held as a secure one; else the officer's; else the body's own. A domain
    on record stands for its addresses, and who left the body by a day has none.
    """
    named = _named(body, officer)
    theirs = named.email if named is not None and (named.left_on is None or on < named.left_on) else ""
    own = next((one for one in body.addresses if not one.startswith("@")), "")
    return next((one for one in (given, theirs, own) if one and _is_secure(body, one)), "")


def _is_secure(body: Body, address: str) -> bool:
    known = {one.casefold() for one in body.addresses}
    whole = address.casefold()
    return looks_like_email(address) and (whole in known or f"@{whole.rpartition('@')[2]}" in known)


def ends_soon(one: Accreditation, today: date) -> bool:
    """Whether an accreditation that holds ends within a month."""
    return one.holds(today) and (one.valid_to - today).days <= SOON


def address_problem(address: str) -> str:
    """Why this is neither an e-mail address nor a domain ("@force.police.uk.example"); "" where it is one."""
    local, at, domain = address.partition("@")
    dotted = all(domain.split(".")) and "." in domain and "@" not in domain
    if at and dotted and address.isascii() and not any(c.isspace() for c in local):
        return ""
    return f"“{address}” is neither an e-mail address nor a domain such as @example.police.uk."


def _accredited(agreement: Agreement, body: Body, on: date) -> Standing:
    for_what = f"for {agreement.short_title}"
    held = accreditation_on(body, agreement.id, on)
    if held is not None:
        reference = f" ({held.reference})" if held.reference else ""
        return Standing("requester.body", f"Accredited {for_what} until {day(held.valid_to)}{reference}", good=True)
    given = [one for one in body.accreditations if one.agreement_id == agreement.id]
    ended = [one for one in given if one.valid_from <= on]
    if not given:
        words = f"{body.name} is on record, but not accredited {for_what}."
    elif ended:
        last = max(ended, key=lambda one: min(one.valid_to, one.ended_on or one.valid_to))
        if last.ended_on is not None and last.ended_on <= last.valid_to:
            words = f"The accreditation of {body.name} {for_what} was ended on {day(last.ended_on)}: "
            words += last.ended_because
        else:
            words = f"The accreditation of {body.name} {for_what} ended on {day(last.valid_to)}, before this came."
    else:
        begins = min(one.valid_from for one in given)
        words = f"The accreditation of {body.name} {for_what} begins on {day(begins)}, after this came."
    return Standing("requester.body", words, good=False)


def _officer(body: Body, answers: Answers, on: date) -> Iterator[Standing]:
    name = text_of(answers.get("requester.officer"))
    if not name or not body.officers:
        return
    found = _named(body, name)
    if found is None:
        yield Standing("requester.officer", f"{name} is not on record as an officer of {body.name}.", good=False)
    elif found.left_on is not None and found.left_on <= on:
        yield Standing("requester.officer", f"{name} left {body.name} on {day(found.left_on)}.", good=False)
    else:
        unit = text_of(answers.get("requester.unit"))
        if unit and found.unit and name_key(unit) != name_key(found.unit):
            words = f"{name} is on record in another unit: {found.unit}."
            yield Standing("requester.unit", words, good=False)
        else:
            yield Standing("requester.officer", f"{name} is on record{_as(found)}", good=True)


def _countersigner(body: Body, answers: Answers, on: date) -> Iterator[Standing]:
    name = text_of(answers.get("countersigner.name"))
    if not name or not any(one.countersigns for one in body.officers):
        return
    found = _named(body, name)
    key = "countersigner.name"
    if found is None or not found.countersigns:
        words = f"{name} is not on record as one who may countersign for {body.name}."
        yield Standing(key, words, good=False)
    elif found.left_on is not None and found.left_on <= on:
        yield Standing(key, f"{name} left {body.name} on {day(found.left_on)}.", good=False)
    else:
        yield Standing(key, f"{name} may countersign{_as(found)}", good=True)


def _address(body: Body, answers: Answers) -> Iterator[Standing]:
    given = text_of(answers.get("requester.email")).casefold()
    known = [one.casefold() for one in body.addresses]
    known += [one.email.casefold() for one in body.officers if one.email]
    if not given or not known:
        return
    if given in known or _is_secure(body, given):
        yield Standing("requester.email", f"{given} is an address that we hold for them", good=True)
    else:
        words = f"{given} is not an address that we hold for {body.name}. Reply to one that we hold."
        yield Standing("requester.email", words, good=False)


def _named(body: Body, name: str) -> Officer | None:
    key = name_key(name)
    return next((one for one in body.officers if one.key == key), None)


def _as(one: Officer) -> str:
    said = ", ".join(part for part in (one.grade, one.unit) if part)
    return f": {said}" if said else ""
