"""The parts of an agreement's file, as typed structs. Import these from ``desktop.policy.agreements``.

Field keys are the well-known keys ("requester.body", "received.on") whatever section they stand in: a key's prefix
groups what it means, not where it is shown.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from db.records import Leads, LetterKind, Role

FieldKind = Literal[
    "text", "lines", "email", "phone", "reference", "nhs_number", "time", "choice", "choices", "items", "tick", "date",
    "partial_date", "names", "address", "sources", "money", "share_code", "criterion", "corrections",
]  # fmt: skip
Required = Literal["hard", "soft", ""]
Width = Literal["full", "half", "third"]
Group = Literal["request", "assessment"]

NO_GROUND = "none"
"""The option, on every ground field, for a request that rests on none of the agreement's grounds."""
CANT_TELL = "cant_tell"
SCREEN, EARLIER, CAP = "safeguarding", "earlier", "cap"
"""What a criterion may be about that is no field: the screen, other requests about the same person, the yearly cap."""
REGISTER_FIELD = "register.told"
"""The field that chooses which of the desk's own requests about the person are told: the register has its options."""
CORRECTIONS_FIELD = "register.wrong"
"""The field that says of what was disclosed about the person what stands and what is wrong: the register has its
options, an item of a disclosure each.
"""

DECISION_FIELD = "urgency.decision"
"""The field that says whether a request for a faster answer is accepted; until then the shorter time counts."""
ACCEPTED, DECLINED = "accepted", "declined"


class Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every struct of an agreement is: frozen, named arguments, and no key that the format does not know."""


class Option(Struct, frozen=True):
    """One choice of a field. ``approved`` is False for what may be recorded but never counts, such as open e-mail."""

    id: str
    label: str
    approved: bool = True
    form_label: str = ""
    """What it is called on the form that a requester completes; "" for the same."""


class Field(Struct, frozen=True):
    """One question of the form. ``hard`` stops the submission; ``soft`` is for what the requester should have given."""

    key: str
    label: str
    kind: FieldKind
    hint: str = ""
    """Shown under the field."""
    aside: str = ""
    """Shown after the label, such as "as the requester gave it"."""
    required: Required = ""
    if_known: bool = False
    max_length: int = 0
    """Characters; 0 leaves it to the kind."""
    options: tuple[Option, ...] = ()
    """For choices; for sources, what to suggest."""
    width: Width = "full"
    form: bool = True
    """Whether a requester is asked it, on the form that they complete; False for what only this desk fills in."""
    form_label: str = ""
    """The question in words to a requester; "" for the same."""
    form_hint: str | None = None
    """What is said to a requester under it; without it, the hint."""


class Section(Struct, frozen=True):
    """One page of the form, with what the agreement says beside it."""

    id: str
    title: str
    group: Group
    lead: str
    guidance: str
    source: str
    fields: tuple[Field, ...] = ()
    form_title: str = ""
    """The heading on the form that a requester completes; "" for the same."""


class RequesterKind(Struct, frozen=True):
    """A body that may ask, and what it may ask for."""

    id: str
    title: str
    note: str
    source: str
    valid_from: date | None = None
    valid_to: date | None = None
    form_label: str = ""


class Gateway(Struct, frozen=True):
    """The law that lets the data pass. ``title`` fits "We gave you this under …"."""

    id: str
    title: str
    source: str
    note: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


class Ask(Struct, frozen=True):
    """Something that a requester can be asked for: whether the clock pauses till it comes, or then starts again."""

    id: str
    label: str
    on_answer: Literal["pause", "restart"]
    source: str


class Because(Struct, frozen=True):
    """A reason for which the law lets the time be extended."""

    id: str
    label: str
    source: str
    words: str = ""
    """What the letter says: fits "We need longer because …"; "" for the label."""


class ExtensionRule(Struct, frozen=True):
    """How the time may be extended. ``longest`` and ``tell_within`` count in the units of the agreement's clock."""

    longest: int
    """In all, however many extensions there are."""
    tell_within: int
    """Within so much of the time the requester must be told; an extension told of later does not count."""
    tell: str
    """What they must be told: fits "Tell them …"."""
    who: tuple[Role, ...]
    reasons: tuple[Because, ...]
    source: str


class ClockRule(Struct, frozen=True):
    """By when to answer. ``escalate_at`` and ``draft_at`` are days of the same clock, or working days where it counts
    months; 0 for none.
    """

    kind: Literal["working_days", "months", "calendar_days"]
    length: int
    calendar: str
    source: str
    basis: str = ""
    """What the length rests on: fits "That is 20 working days …, as … asks"; "" for what governs the request."""
    expedited_length: int | None = None
    escalate_at: int = 0
    draft_at: int = 0
    asks: tuple[Ask, ...] = ()
    """What the requester can be asked for; with none, whatever they are asked for pauses the clock."""
    extension: ExtensionRule | None = None

    def ask(self, ask_id: str) -> Ask | None:
        """What a requester can be asked for, by its id."""
        return next((one for one in self.asks if one.id == ask_id), None)


class WaitingRule(Struct, frozen=True):
    """How long a requester who was asked for more may take, in working days of the agreement's calendar.

    ``chase_after``: when to remind them, and again after each reminder. ``close_after``: from when closing the case is
    proposed, never done by itself. No published rule was found, so the desk has a default that a file may replace.
    """

    chase_after: int = 10
    close_after: int = 40
    source: str = "No rule was found in the agreement: the desk’s own default"


class RepeatRule(Struct, frozen=True):
    """From when requests of one officer, or of one unit, about many people are brought to the reviewer's attention.

    More than so many people in so many days up to the day of receipt. No published rule was found.
    """

    officer: int = 10
    unit: int = 50
    days: int = 30
    source: str = "No rule was found in the agreement: the desk’s own default"


class CorrectionRule(Struct, frozen=True):
    """What a notice of correction asks of its recipients: to confirm within so many working days."""

    confirm_within: int = 10
    source: str = "No period was found in law: the desk’s own default"


class Marking(Struct, frozen=True):
    """What stands at the head and foot of each page of a letter."""

    disclosure: str
    procedural: str


class Ground(Struct, frozen=True):
    """A ground of a request. ``purpose`` fits "Use it only …". Empty ``versions``: all; empty ``requesters``: any."""

    id: str
    label: str
    source: str
    purpose: str
    note: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    versions: tuple[int, ...] = ()
    requesters: tuple[str, ...] = ()
    reviews: bool = False
    """Whether it asks to look again at an answer: the case follows that one up, and somebody else decides it."""
    rights: tuple[str, ...] = ()
    """The rights that its letters end with, a paragraph each; () leaves them to the agreement."""
    form_label: str = ""


class Step(Struct, frozen=True):
    """A threshold that holds from a day on."""

    since: date
    least: float


class Test(Struct, frozen=True):
    """Something that the answers show by themselves: where they do not, "met" contradicts them and bars approval.

    ``least``: ``field`` is at least the step in force on the day in ``dated_by``. ``older``: at least ``months`` and
    ``days`` lie between ``field`` and ``until``. ``younger``: at most that. ``not_after``: ``field`` is no later than
    ``until``. ``full_date``: ``field`` has a day, a month and a year. ``is``: ``field`` has one of ``words`` as its
    value. ``starts``: ``field`` begins with one of ``words``. ``nameless``: ``field`` reads like nothing that names a
    person; ``code``: nor has it two words side by side, a date, or no figure. An empty field is left to ``about``.
    """

    kind: Literal["least", "older", "younger", "not_after", "full_date", "is", "starts", "nameless", "code"]
    field: str
    why: str
    """Fits "Criterion 3 is answered met, but …"."""
    dated_by: str = ""
    steps: tuple[Step, ...] = ()
    why_none: str = ""
    """What is said instead for a day before the first step."""
    until: str = "received.on"
    months: int = 0
    days: int = 0
    words: tuple[str, ...] = ()


class Cap(Struct, frozen=True):
    """So many requests of one kind of requester are taken on in a calendar year, by the day of receipt."""

    most: int
    source: str
    note: str = ""


class Criterion(Struct, frozen=True):
    """One test of a request."""

    id: str
    question: str
    short: str
    guidance: str
    source: str
    leads: Leads
    """What "not met" leads to."""
    cant_tell: Leads = Leads.RETURN
    """What "can't tell" leads to: return to ask the requester, or escalate to ask the guardian."""
    may_not_apply: bool = False
    about: tuple[str, ...] = ()
    """Keys of the fields that it judges: "met" contradicts an empty one."""
    tests: tuple[Test, ...] = ()
    """What the answers themselves must show before "met" can stand."""
    never_says: str = ""
    """The list in ``resources/words`` of which no word may stand in the request, its assessment, or the answer."""
    refusal: str = ""
    """What a letter says when the answer is no because of this criterion; never anything about a record."""
    next_step: str = ""
    """What a letter says the requester can do then."""
    versions: tuple[int, ...] = ()


class Item(Struct, frozen=True):
    """Something that may be asked for. One with ``releasable = false`` is there to be asked for and left out.

    A file with an item that is both ``clinical`` and ``releasable`` is refused.
    """

    id: str
    label: str
    releasable: bool
    source: str
    note: str = ""
    hint: str = ""
    """Shown beside the value when an outcome is recorded."""
    clinical: bool = False
    from_register: bool = False
    """Whether the register fills it in: the requests about the person that the field "register.told" chose."""
    from_corrections: bool = False
    """Whether what is right in place of what was wrong fills it in, as the field "register.wrong" has it."""
    versions: tuple[int, ...] = ()
    form_label: str = ""


class Question(Struct, frozen=True):
    """One question of the safeguarding screen: ``marker_answer``, or "can't tell", takes the case to the guardian."""

    id: str
    question: str
    guidance: str
    source: str
    marker_answer: Literal["yes", "no"] = "yes"


class Answer(Struct, frozen=True):
    """One of the answers that an approved request can have, where the agreement is not for tracing."""

    id: str
    label: str
    text: str
    """What the letter says."""
    source: str
    heading: str = ""
    """The letter's heading; "" leaves it to the letter."""
    items: tuple[str, ...] = ()
    """What is filled in with it, and what the letter gives."""
    grounds: tuple[str, ...] = ()
    """The grounds of a request that it answers; () for any."""
    matched: bool = False
    """Whether it rests on a record that must agree with enough of what the request says of the person."""
    tells: Literal["", "all", "part", "nothing"] = ""
    """How much it gives of the register's entries about the person: it has to fit what "register.told" chose."""
    corrects: bool = False
    """Whether it puts right what was disclosed: it owes a notice of correction to every recipient of what was wrong."""
    to_person: LetterKind | None = None
    """The letter to the person themselves that this answer goes with: "forwarding" or "debt_notice"."""
    gives: bool = True
    """Whether it gives anything of what was asked for: only then does the letter say what may be done with it."""


class Version(Struct, frozen=True):
    """The agreement over one span of days. ``accepts`` False: a request received in it can only be rejected."""

    number: int
    title: str
    in_force_from: date
    source: str
    in_force_to: date | None = None
    suspended_from: date | None = None
    suspended_to: date | None = None
    accepts: bool = True
    because: str = ""
    """Why requests are held or rejected, in words that a letter may use."""
    note: str = ""

    def covers(self, received: date) -> bool:
        """Whether it was in force on this day (Europe/London)."""
        return self.in_force_from <= received and (self.in_force_to is None or received <= self.in_force_to)

    def is_suspended(self, received: date) -> bool:
        """Whether a request received on this day (Europe/London) is held."""
        if self.suspended_from is None or received < self.suspended_from:
            return False
        return self.suspended_to is None or received <= self.suspended_to


class Change(Struct, frozen=True):
    """Something that befell the agreement from a day on, decided by its keeper: see ``agreements_moves``."""

    kind: Literal["suspend", "resume", "withdraw"]
    on: date
    because: str
    """Why, in words that a letter may use."""
