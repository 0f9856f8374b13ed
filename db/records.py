"""The vocabulary that every layer shares: states, roles, actions and frozen rows. Imports nothing of the project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]
Answers = Mapping[str, Json]
"""What a case's form holds: field key ("person.family_name") to its value as typed."""


class Role(StrEnum):
    """What a person may do at the desk. One role a person, so that two people are always two."""

    CASEWORKER = "caseworker"
    REVIEWER = "reviewer"
    GUARDIAN = "guardian"
    RECORDS_OFFICER = "records_officer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class State(StrEnum):
    """Where a case stands in its life."""

    DRAFT = "draft"
    HELD = "held"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    ESCALATED = "escalated"
    APPROVED = "approved"
    RECORDED = "recorded"
    RELEASED = "released"
    REFUSED = "refused"
    REJECTED = "rejected"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"
    DESTROYED = "destroyed"


class Action(StrEnum):
    """What can be done to a case. The table of who may, and where it leads, is ``desktop.policy.life``."""

    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    RETURN = "return"
    RESUME = "resume"
    CHASE = "chase"
    EXTEND = "extend"
    TAKE_OFF_HOLD = "take_off_hold"
    APPROVE = "approve"
    REFUSE = "refuse"
    REJECT = "reject"
    SEND_BACK = "send_back"
    ESCALATE = "escalate"
    RECORD = "record"
    RELEASE = "release"
    RETURN_OUTCOME = "return_outcome"
    ISSUE = "issue"
    PRINT = "print"
    SAVE_COPY = "save_copy"
    PREPARE_MAIL = "prepare_mail"
    MARK_SENT = "mark_sent"
    TELL = "tell"
    EXCUSE = "excuse"
    WRITE = "write"
    REISSUE = "reissue"
    HANDLE_NOTICE = "handle_notice"
    SETTLE = "settle"
    SECOND_LOOK = "second_look"


class Outcome(StrEnum):
    """What an approved request found, or how it ended without a search."""

    TRACED = "traced"
    NO_TRACE = "no_trace"
    MORE_THAN_ONE = "more_than_one"
    STATUS = "status"
    REFUSED = "refused"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Relation(StrEnum):
    """How a case is linked to another: it is a duplicate of it, follows it up, was split from it, or belongs to it."""

    DUPLICATE = "duplicate"
    FOLLOW_UP = "follow_up"
    SAME_REQUEST = "same_request"
    RELATED = "related"


class Met(StrEnum):
    """The answer to a criterion."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    CANT_TELL = "cant_tell"


class Leads(StrEnum):
    """What a criterion that is not met leads to."""

    REJECT = "reject"
    REFUSE = "refuse"
    RETURN = "return"
    NARROW = "narrow"
    ESCALATE = "escalate"


class LetterKind(StrEnum):
    """The letters that the desk can issue. How each is called, and when it may be written: ``policy.letterkinds``."""

    DISCLOSURE = "disclosure"
    PARTIAL_DISCLOSURE = "partial_disclosure"
    NO_TRACE = "no_trace"
    REFUSAL = "refusal"
    REJECTION = "rejection"
    NOT_PERMITTED = "not_permitted"
    STATUS_ANSWER = "status_answer"
    ANSWER = "answer"
    FOI_ANSWER = "foi_answer"
    SAR_ANSWER = "sar_answer"
    REVIEW_OUTCOME = "review_outcome"
    ACKNOWLEDGEMENT = "acknowledgement"
    MORE_INFORMATION = "more_information"
    EXPEDITE_ACCEPTED = "expedite_accepted"
    EXPEDITE_DECLINED = "expedite_declined"
    EXTENSION = "extension"
    DEBT_NOTICE = "debt_notice"
    FORWARDING = "forwarding"
    CORRECTION = "correction"


ANSWERING = frozenset(
    {LetterKind.DISCLOSURE, LetterKind.PARTIAL_DISCLOSURE, LetterKind.NO_TRACE, LetterKind.REFUSAL}
    | {LetterKind.REJECTION, LetterKind.NOT_PERMITTED, LetterKind.STATUS_ANSWER, LetterKind.ANSWER}
    | {LetterKind.FOI_ANSWER, LetterKind.SAR_ANSWER, LetterKind.REVIEW_OUTCOME}
)
"""The letters that end a case, one each: every other one is written on the way, or is owed to somebody else."""


class Heading(StrEnum):
    """The journal's headings: Data Protection Act 2018 section 62, and two of the desk's own."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
    DECISION = "decision"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class User:
    """A person who may sign in."""

    id: int
    username: str
    name: str
    role: Role
    active: bool = True
    last_seen_at: datetime | None = None
    must_change_password: bool = False


@dataclass(frozen=True, slots=True)
class Organisation:
    """The body that runs the desk, as its letters show it."""

    name: str
    team: str
    address: str
    phone: str
    email: str
    hours: str
    signatory_name: str
    signatory_title: str
    logo: bytes | None = None  # PNG or JPEG for the letterhead, or none
    sample: bool = False  # true for a store of invented cases
    hours_welsh: str = ""  # as letters in Welsh say it; "" for in English
    signatory_title_welsh: str = ""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as lists show it. Names, ``born`` and requester details are empty where the reader may not see them."""

    id: int
    reference: str
    kind: str
    agreement_id: str
    agreement_version: int
    state: State
    outcome: Outcome | None
    family_name: str
    given_names: str
    born: str
    """Year, month and day as far as they are known: "1984-06-30", "1984-06", "1984" or ""."""
    requester: str
    requester_reference: str
    received_on: date | None
    due_on: date | None
    provisional: bool
    expedited: bool
    caseworker_id: int
    caseworker: str
    version: int
    changed_at: datetime
    changed_by: str
    sent_back: int  # how many times a reviewer has sent it back

    @property
    def person(self) -> str:
        """The person sought as text runs: given names, then family name."""
        return " ".join(part for part in (self.given_names, self.family_name) if part)

    @property
    def about(self) -> str:
        """What the case is told by: the person, else whoever asks where the request need not be about anyone."""
        return self.person or (self.requester if self.kind in ("query", "information") else "")

    @property
    def person_sorted(self) -> str:
        """The person sought as a list sorts: family name, then given names."""
        return ", ".join(part for part in (self.family_name, self.given_names) if part)


@dataclass(frozen=True, slots=True)
class Submission:
    """What was put before a reviewer: the answers as they stood, and their SHA-256."""

    number: int
    submitted_by: int
    submitted_at: datetime
    snapshot: Answers
    snapshot_hash: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a reviewer or guardian. Never changed: a later one stands beside it."""

    id: int
    submission: int
    action: Action
    decided_by: int
    decided_by_name: str
    decided_at: datetime
    reasons: str
    because_of: tuple[str, ...]  # ids of the criteria that a refusal or rejection rests on
    views: Mapping[str, Mapping[str, str]]
    """Criterion id to {"view": "agree" | "disagree", "note": str}."""
    void: bool  # true once the case was edited after it


@dataclass(frozen=True, slots=True)
class Finding:
    """What the search of the records found, as one caseworker recorded it."""

    number: int
    outcome: Outcome
    recorded_by: int
    recorded_by_name: str
    recorded_at: datetime
    matched: tuple[str, ...]
    """Identifier keys that agreed: "name", "born", "gender", "address", "nhs_number"…"""
    values: Mapping[str, Mapping[str, str]]
    """Item key to {"value": str, "recorded_on": str} for what is to be released."""
    status_answer: str  # for status checks: the answer's key in the agreement, else empty
    taken_at: datetime
    snapshot_hash: str
    released_by_name: str = ""
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """An issued letter. Its bytes are fixed for good."""

    id: int
    number: int
    case_id: int
    reference: str
    kind: LetterKind
    sha256: str
    snapshot_hash: str
    issued_by_name: str
    issued_at: datetime
    sent_at: datetime | None = None
    sent_by_name: str = ""
    replaces: int | None = None
    """The number of the letter in whose place it stands."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that do not count because the requester was asked for more. ``until`` is None while it lasts."""

    since: date
    until: date | None
    reason: str
    ask: str = ""
    """What was asked for, as the agreement calls it, or ""."""
    restarts: bool = False
    """Whether the answer restarts the clock, so that its day is day 0."""


@dataclass(frozen=True, slots=True)
class Extension:
    """More time to answer, in units of the agreement's clock, of which the requester was told on a day."""

    length: int
    told_on: date
    because: str = ""  # the id of the agreement's reason
    note: str = ""
    extended_by_name: str = ""


@dataclass(frozen=True, slots=True)
class Concern:
    """That someone may be in danger: ``about`` the "person", the "requester" (``who`` may be the risk), or one named
    "elsewhere", in the case of ``from_reference``. It never comes off, and never shows in a letter.
    """

    about: str
    who: str
    why: str
    raised_by_name: str
    raised_at: datetime
    from_reference: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One case, whole."""

    row: CaseRow
    agreement_hash: str
    created_by: int
    created_at: datetime
    answers: Answers
    submissions: tuple[Submission, ...]
    decisions: tuple[Decision, ...]
    finding: Finding | None
    letters: tuple[Letter, ...]
    """All that were issued, in order."""
    pauses: tuple[Pause, ...]
    authors: frozenset[int]
    """Ids of everyone who created, edited, assessed or recorded: none of them may decide it."""
    extensions: tuple[Extension, ...] = ()
    returned_outcome: str = ""
    """The reasons with which a reviewer sent back the recorded outcome, or empty."""
    concerns: tuple[Concern, ...] = ()
    address_let_go: bool = False  # by the guardian's approval, in spite of a concern
    in_danger: bool = False  # a concern about the same person stands in another case

    @property
    def letter(self) -> Letter | None:
        """The letter that answers: the last one, where it was issued again."""
        return next((one for one in reversed(self.letters) if one.kind in ANSWERING), None)

    @property
    def address_kept_off(self) -> bool:
        """Whether nothing may go out that tells where the person is."""
        return (bool(self.concerns) or self.in_danger) and not self.address_let_go


@dataclass(frozen=True, slots=True)
class Changed:
    """What an action changed, for every view that shows it."""

    cases: frozenset[int] = frozenset()
    kinds: frozenset[str] = field(default_factory=frozenset)  # of "case", "user", "organisation", "letter"
