"""What a letter is made from: plain values, checked so that no letter is ever printed with a blank in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from types import MappingProxyType

from db.records import LetterKind, Organisation


class LetterError(Exception):
    """A letter cannot be made. ``field`` is the fact at fault; ``message`` can be shown to a caseworker."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One released item: its label, what the record says (lines by newline), and when that was recorded, in words."""

    label: str
    value: str
    recorded_on: str
    tells_where: bool = False
    """Whether it tells where the person is."""


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """Everything that the words of one letter need. ``REQUIRED`` says which of them each kind of letter must have."""

    kind: LetterKind
    organisation: Organisation
    number: int | None
    """The letter's number, or None for a preview. It stands in the document's title only: the page that was read is
    the page that is issued."""
    reference: str
    their_reference: str
    recipient: tuple[str, ...]
    """The address for the envelope's window, one line each, the name first."""
    salutation: str
    """Whom the letter greets, without "Dear": "Detective Sergeant Marsden"."""
    dated: date
    received: date
    """The day on which the request was received."""
    marking: str
    snapshot_hash: str
    """The hash of the approved snapshot that these facts come from. Never printed."""
    caseworker: str
    """Whom to ring with a question."""
    agreement_title: str = ""
    agreement_version: int | None = None
    agreement_from: date | None = None
    request_words: str = "about one person"
    """What was asked, as it reads after "You wrote to us on 1 May 2017"."""
    governed_by: str = ""
    """The law that the request was tested against, as it reads after that. Empty: the agreement, with its version."""
    rights: tuple[str, ...] = ()
    """The rights of the one who asked, a paragraph each. Empty: the template's own."""
    answer_within: str = ""
    """How long an answer takes: "20 working days"; for a correction, how long the recipient has to confirm it."""
    person: str = ""
    """Whom a disclosure is about: "Li Wen Ashworth, born 4 November 1991". No other letter names a person."""
    items: tuple[ItemRow, ...] = ()
    not_permitted: tuple[str, ...] = ()
    """Items asked for that the agreement does not let anyone give, as they read in a sentence: "GP practice"."""
    matched: tuple[str, ...] = ()
    """The identifiers that agreed, as they read after "the": "name", "date of birth"."""
    gateway: str = ""
    """The law that allows it, as it reads after "under": "section 261(5) of the Health and Social Care Act 2012"."""
    purpose: str = ""
    """What it may be used for, as it reads after "use it only": "to find out whether this person is safe"."""
    taken_at: datetime | None = None
    """When the records were read."""
    destroy_by: date | None = None
    retention: str = ""
    """How long the record of this is kept: "at least 3 years"."""
    criterion: str = ""
    """For a refusal or rejection: what is asked for, as a sentence or sentences."""
    reasons: tuple[str, ...] = ()
    """For a refusal or rejection: how the request falls short of it, a sentence or sentences each."""
    how_to_ask: tuple[str, ...] = ()
    """For a rejection: what to do instead, one sentence each. Empty: the template's own advice."""
    refusal_title: str = ""
    """For a refusal: its heading."""
    status_answer: str = ""
    """For a status check or another request that is answered: the answer, as a sentence or sentences."""
    answer_title: str = ""
    """For an answer: the heading of the letter."""
    answer_note: str = ""
    """For an answer: what is said under it, whatever it is. Empty: nothing."""
    conditions: tuple[str, ...] = ()
    """For an answer: what the recipient must do with it, one sentence each. Empty: nothing."""
    address_kept_off: bool = False
    """Whether nothing in it may tell where the person is."""
    withheld: tuple[str, ...] = ()
    """What the letter itself may say nowhere, whatever its text asks for. To whom it goes is not looked at."""
    large_print: bool = False
    """Whether it is set in 18 points, for whoever reads large print."""
    signature: bytes | None = None
    """A picture of the signature (PNG or JPEG), or None to leave room for a pen."""


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """The page that is printed once, at set-up: the key that opens the store without the computer's keyring."""

    organisation: Organisation
    groups: tuple[str, ...]
    """The key as it is to be typed back, in groups."""
    alphabet: str
    """The characters that it is made of, in words: "the figures 0 to 9 and the letters A to F"."""
    made_on: date


_EVERY_LETTER = (
    "organisation", "reference", "their_reference", "recipient", "salutation", "dated", "received", "marking",
    "snapshot_hash", "caseworker",
)  # fmt: skip
_AGREEMENT = ("agreement_title", "agreement_version", "agreement_from")

REQUIRED: Mapping[LetterKind, tuple[str, ...]] = MappingProxyType(
    {
        LetterKind.DISCLOSURE: (
            *_EVERY_LETTER, *_AGREEMENT, "person", "items", "matched", "gateway", "purpose", "taken_at", "destroy_by",
            "retention",
        ),
        LetterKind.NO_TRACE: (*_EVERY_LETTER, *_AGREEMENT, "answer_within"),
        LetterKind.REFUSAL: (
            *_EVERY_LETTER, *_AGREEMENT, "answer_within", "criterion", "reasons", "refusal_title",
        ),
        LetterKind.REJECTION: (*_EVERY_LETTER, "answer_within", "criterion", "reasons"),
        LetterKind.STATUS_ANSWER: (
            *_EVERY_LETTER, *_AGREEMENT, "gateway", "purpose", "taken_at", "destroy_by", "retention", "status_answer",
        ),
        LetterKind.ANSWER: (
            *_EVERY_LETTER, *_AGREEMENT, "gateway", "taken_at", "retention", "status_answer", "answer_title",
        ),
        LetterKind.CORRECTION: (
            *_EVERY_LETTER, *_AGREEMENT, "answer_within", "items", "gateway", "retention",
        ),
    }
)  # fmt: skip
"""The facts without which a letter of each kind is not made."""

GIVING = frozenset({LetterKind.DISCLOSURE, LetterKind.STATUS_ANSWER, LetterKind.ANSWER})
"""The letters that give something: each is one disclosure."""

_ORGANISATION = ("name", "team", "address", "phone", "email", "hours", "signatory_name", "signatory_title")


def is_blank(value: object) -> bool:
    """Whether a fact would print as nothing: None, no entries, or only spaces and characters that have no shape."""
    if value is None:
        return True
    if isinstance(value, str):
        return all(unicodedata.category(c)[0] in "ZC" for c in value)
    if isinstance(value, tuple):
        return not value or any(is_blank(entry) for entry in value)
    if isinstance(value, ItemRow):
        return is_blank(value.label) or is_blank(value.value) or is_blank(value.recorded_on)
    return False


def check(facts: LetterFacts) -> None:
    """Raise LetterError at the first fact that this kind of letter needs and that is missing or blank."""
    for name in REQUIRED[facts.kind]:
        if is_blank(getattr(facts, name)):
            raise LetterError(name, f"The letter has no {_plain(name)}. Nothing was printed.")
    for field in fields(facts):
        value = getattr(facts, field.name)
        if isinstance(value, tuple) and any(is_blank(entry) for entry in value):
            raise LetterError(field.name, f"The letter has a blank among its {_plain(field.name)}.")
    check_organisation(facts.organisation)


def check_organisation(organisation: Organisation) -> None:
    """Raise LetterError at the first part of the letterhead or of the signature that is blank."""
    for name in _ORGANISATION:
        if is_blank(getattr(organisation, name)):
            raise LetterError(f"organisation.{name}", f"The organisation has no {_plain(name)}. Set it first.")


def check_sheet(sheet: RecoverySheet) -> None:
    """Raise LetterError at the first part of a recovery sheet that is missing or blank."""
    for name in ("groups", "alphabet", "made_on"):
        if is_blank(getattr(sheet, name)):
            raise LetterError(name, f"The recovery sheet has no {_plain(name)}. Nothing was printed.")
    check_organisation(sheet.organisation)


def _plain(name: str) -> str:
    """A fact's name as a reader knows it: "destroy by", "their reference"."""
    return name.replace("_", " ")
