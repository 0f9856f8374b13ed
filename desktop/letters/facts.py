"""What a letter is made from: plain values, checked so that no letter is ever printed with a blank in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from types import MappingProxyType

from db.records import LetterKind, Organisation
from desktop.letters.factnames import plain
from desktop.policy.answertables import AnswerTable
from desktop.policy.spelling import shows_nothing


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
    in_our_words: bool = False
    """Whether its value is sentences of the desk's, and not what a record or somebody says."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What an organisation says in the place of one part of a letter, in English and, where it can, in Welsh."""

    part: str
    english: str
    welsh: str = ""


@dataclass(frozen=True, slots=True)
class StandingText:
    """A paragraph of the agreement's own, with its heading, that stands after the signature."""

    heading: str
    text: str
    welsh_heading: str = ""
    welsh: str = ""


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
    """"" where they gave none: then the letter has no line for it."""
    recipient: tuple[str, ...]
    """The address for the envelope's window, one line each, the name first."""
    salutation: str
    """Whom the letter greets, without "Dear": "Detective Sergeant Marsden"."""
    dated: date
    received: date
    """The day on which the request was received."""
    marking: str
    snapshot_hash: str
    """The hash of the approved snapshot that these facts come from. Never printed, nor told by the file: whoever knows
    most of a case could find out the rest by trying."""
    file_id: str
    """What the file is known by, in hex: bound to that hash with a key that no one outside has."""
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
    not_given: tuple[str, ...] = ()
    """For a disclosure in part: the items that were asked for and are not in it, whatever the reason."""
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
    table: AnswerTable | None = None
    """For an answer: the figures that go with it."""
    answer_note: str = ""
    """For an answer: what is said under it, whatever it is. Empty: nothing."""
    gives: bool = True
    """For a status check: whether anything is told. Where nothing is, the letter has a text of its own."""
    conditions: tuple[str, ...] = ()
    """For an answer: what the recipient must do with it, one sentence each. Empty: nothing."""
    due: date | None = None
    """By when the request is answered."""
    counted: str = ""
    """How that day comes about, as it reads after "That is": "20 working days after the day on which it reached us"."""
    basis: str = ""
    """What the length of time rests on, as it reads in "as … asks": "section 10 of the … Act 2000"."""
    counting: str = ""
    """Which days do not count, a sentence. Empty: nothing to say."""
    provisional: str = ""
    """Why the day may still move, a sentence. Empty: it is firm."""
    was_due: date | None = None
    """For an extension: the day before it was extended."""
    because: str = ""
    """For an extension: the reason that the law knows, as the agreement calls it."""
    said: tuple[str, ...] = ()
    """What the caseworker wrote for this letter, a paragraph each: what is missing, or why."""
    answer_by: date | None = None
    """By when the requester is to send what is missing."""
    clock_effect: str = ""
    """What waiting for it does to the time, a sentence or two."""
    complaint: tuple[str, ...] = ()
    """Before the answer: what whoever asked can do who is not content, a paragraph each. Empty: the template's own."""
    body: str = ""
    """In a letter to the person themselves: the body that asked."""
    debt: str = ""
    """For a notice to a patient: the amount and the invoice."""
    reply_to: str = ""
    """For a forwarded letter: to whom the person can reply."""
    replaces: str = ""
    """In the place of which letter this one stands: "letter 12 of 3 June 2026". Empty: of none."""
    why_replaced: str = ""
    """Why, a sentence or sentences; needed with ``replaces``."""
    address_kept_off: bool = False
    """Whether nothing in it may tell where the person is."""
    unposted: str = ""
    """Why it cannot be posted, in words; it keeps nobody from issuing it, for there are other ways to send one."""
    told_where: str = ""
    """Where the request itself tells where the person is though that is kept off, in words; it keeps the letter from
    being made.
    """
    withheld: tuple[str, ...] = ()
    """What the letter itself may say nowhere, whatever its text asks for. To whom it goes is not looked at."""
    in_welsh: bool = False
    """Whether it stands in Welsh before it stands in English, as whoever gets it prefers."""
    large_print: bool = False
    """Whether it is set in 18 points, for whoever reads large print."""
    signature: bytes | None = None
    """A picture of the signature (PNG or JPEG), or None to leave room for a pen."""
    own_words: tuple[OwnWords, ...] = ()
    """The organisation's own words for parts of it."""
    standing: tuple[StandingText, ...] = ()
    """The agreement's standard lines, as they are valid on the day of the letter."""
    out_of_date: str = ""
    """Why a standard line of the agreement may not be printed on that day, in words; it keeps the letter from being
    made.
    """


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """The page that is printed once, at set-up: the key that opens the store without the computer's keyring."""

    organisation: Organisation
    groups: tuple[str, ...]
    """The key as it is to be typed back, in groups."""
    alphabet: str
    """The characters that it is made of, in words: "the figures 0 to 9 and the letters A to F"."""
    made_on: date


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """The page for recipients: with which certificate letters are signed, and how to check one."""

    organisation: Organisation
    named: str
    """Whom the certificate names."""
    issuer: str
    """Who issued it; "" where the organisation did itself."""
    fingerprint: tuple[str, ...]
    """Its SHA-256 in groups."""
    valid_from: date
    valid_to: date
    made_on: date


@dataclass(frozen=True, slots=True)
class AnchorPage:
    """The page that is locked away: how many entries the journal had at a moment, the hash of the last, signed."""

    organisation: Organisation
    entry: int
    count: int
    anchored: str
    """When, in words."""
    moment: str
    """The same as it is signed."""
    store: str
    key: str
    """What the key is called."""
    hash: tuple[str, ...]
    """In groups, as the two that follow."""
    public: tuple[str, ...]
    signature: tuple[str, ...]
    made_on: date


@dataclass(frozen=True, slots=True)
class DestructionPage:
    """The certificate of a disposal run: which cases were destroyed, by which rule, who let them go, and how."""

    organisation: Organisation
    number: int
    because: str
    proposed: str
    """Who proposed it, and when."""
    approved: str
    carried_out: str
    counted: str
    """How many cases were destroyed, and how many stayed, as a sentence."""
    rows: tuple[tuple[str, str, str], ...]
    """Each case: what it was, the rule by which it went, and what became of it."""
    content_hash: tuple[str, ...]
    """The SHA-256 of the certificate's content as JSON, in groups."""
    journal: str
    """The entry of the journal that the certificate follows, and its hash."""
    made_on: date


_EVERY_LETTER = (
    "organisation", "reference", "recipient", "salutation", "dated", "received", "marking", "snapshot_hash", "file_id",
    "caseworker",
)  # fmt: skip
_AGREEMENT = ("agreement_title", "agreement_version", "agreement_from")

_DISCLOSURE = (
    *_EVERY_LETTER, *_AGREEMENT, "person", "items", "matched", "gateway", "purpose", "taken_at", "destroy_by",
    "retention",
)  # fmt: skip
_ANSWER = (*_EVERY_LETTER, *_AGREEMENT, "gateway", "taken_at", "retention", "status_answer", "answer_title")
_DUE = (*_EVERY_LETTER, "due", "counted", "retention")
_TO_THE_PERSON = (*_EVERY_LETTER, "body", "retention")

REQUIRED: Mapping[LetterKind, tuple[str, ...]] = MappingProxyType(
    {
        LetterKind.DISCLOSURE: _DISCLOSURE,
        LetterKind.PARTIAL_DISCLOSURE: (*_DISCLOSURE, "not_given"),
        LetterKind.NO_TRACE: (*_EVERY_LETTER, *_AGREEMENT, "answer_within"),
        LetterKind.REFUSAL: (
            *_EVERY_LETTER, *_AGREEMENT, "answer_within", "criterion", "reasons", "refusal_title",
        ),
        LetterKind.REJECTION: (*_EVERY_LETTER, "answer_within", "criterion", "reasons"),
        LetterKind.NOT_PERMITTED: (*_EVERY_LETTER, "criterion", "reasons"),
        LetterKind.STATUS_ANSWER: (
            *_EVERY_LETTER, *_AGREEMENT, "gateway", "purpose", "taken_at", "destroy_by", "retention", "status_answer",
        ),
        LetterKind.ANSWER: _ANSWER,
        LetterKind.FOI_ANSWER: _ANSWER,
        LetterKind.SAR_ANSWER: _ANSWER,
        LetterKind.REVIEW_OUTCOME: _ANSWER,
        LetterKind.ACKNOWLEDGEMENT: (*_DUE, "basis"),
        LetterKind.MORE_INFORMATION: (*_EVERY_LETTER, "said", "answer_by", "clock_effect", "retention"),
        LetterKind.EXPEDITE_ACCEPTED: (*_DUE, "answer_within"),
        LetterKind.EXPEDITE_DECLINED: (*_DUE, "said"),
        LetterKind.EXTENSION: (*_DUE, "was_due", "because", "said"),
        LetterKind.DEBT_NOTICE: (*_TO_THE_PERSON, "debt", "gateway"),
        LetterKind.FORWARDING: (*_TO_THE_PERSON, "reply_to"),
        LetterKind.CORRECTION: (
            *_EVERY_LETTER, *_AGREEMENT, "answer_within", "items", "gateway", "retention",
        ),
    }
)  # fmt: skip
"""The facts without which a letter of each kind is not made."""

_ORGANISATION = ("name", "team", "address", "phone", "email", "hours", "signatory_name", "signatory_title")


def is_blank(value: object) -> bool:
    """Whether a fact would print as nothing: None, no entries, or only spaces and characters that have no shape."""
    if value is None:
        return True
    if isinstance(value, str):
        return shows_nothing(value)
    if isinstance(value, tuple):
        return not value or any(is_blank(entry) for entry in value)
    if isinstance(value, ItemRow):
        return is_blank(value.label) or is_blank(value.value) or is_blank(value.recorded_on)
    return False


def check(facts: LetterFacts) -> None:
    """Raise LetterError at the first fact that this kind of letter needs and that is missing or blank."""
    for name in REQUIRED[facts.kind]:
        if is_blank(getattr(facts, name)):
            raise LetterError(name, f"The letter has no {plain(name)}. Nothing was printed.")
    for field in fields(facts):
        value = getattr(facts, field.name)
        if isinstance(value, tuple) and any(is_blank(entry) for entry in value):
            raise LetterError(field.name, f"The letter has a blank among its {plain(field.name)}.")
    if is_blank(facts.replaces) != is_blank(facts.why_replaced):
        raise LetterError("why_replaced", "The letter does not say what it replaces, and why. Nothing was printed.")
    if facts.told_where:
        raise LetterError("told_where", facts.told_where)
    if facts.out_of_date:
        raise LetterError("standing", facts.out_of_date)
    check_organisation(facts.organisation)


def check_organisation(organisation: Organisation) -> None:
    """Raise LetterError at the first part of the letterhead or of the signature that is blank."""
    for name in _ORGANISATION:
        if is_blank(getattr(organisation, name)):
            raise LetterError(f"organisation.{name}", f"The organisation has no {plain(name)}. Set it first.")


def check_certificate_page(page: CertificatePage) -> None:
    """Raise LetterError where the page about the certificate lacks something."""
    for name in ("named", "fingerprint"):
        if is_blank(getattr(page, name)):
            raise LetterError(name, f"The page has no {plain(name)}. Nothing was printed.")
    check_organisation(page.organisation)


def check_anchor_page(page: AnchorPage) -> None:
    """Raise LetterError where the page about an anchor lacks something."""
    for name in ("anchored", "moment", "store", "key", "hash", "public", "signature"):
        if is_blank(getattr(page, name)):
            raise LetterError(name, f"The page has no {plain(name)}. Nothing was printed.")
    check_organisation(page.organisation)


def check_destruction_page(page: DestructionPage) -> None:
    """Raise LetterError where a destruction certificate lacks something."""
    for name in ("because", "proposed", "approved", "carried_out", "counted", "rows", "content_hash", "journal"):
        if is_blank(getattr(page, name)):
            raise LetterError(name, f"The certificate has no {plain(name)}. Nothing was printed.")
    check_organisation(page.organisation)


def check_sheet(sheet: RecoverySheet) -> None:
    """Raise LetterError at the first part of a recovery sheet that is missing or blank."""
    for name in ("groups", "alphabet", "made_on"):
        if is_blank(getattr(sheet, name)):
            raise LetterError(name, f"The recovery sheet has no {plain(name)}. Nothing was printed.")
    check_organisation(sheet.organisation)
