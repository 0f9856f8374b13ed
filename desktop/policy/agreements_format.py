"""What an agreement's file may say, whole. Import this from ``desktop.policy.agreements``.

The decoder fills in what would otherwise be said twice (see ``expand``): a criterion's and a safeguarding question's
field, and the options of the fields that choose among the grounds, gateways, requesters or items.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from db.records import LetterKind
from desktop.policy.agreements_parts import (
    CANT_TELL,
    NO_GROUND,
    Answer,
    Cap,
    Change,
    ClockRule,
    CorrectionRule,
    Criterion,
    Field,
    Gateway,
    Ground,
    Item,
    Marking,
    Option,
    Question,
    RepeatRule,
    RequesterKind,
    Section,
    Struct,
    Version,
    WaitingRule,
)
from desktop.policy.agreements_retention import RetentionRule
from desktop.policy.agreements_standing import StandardLine
from desktop.policy.agreements_statistics import Statistics
from desktop.policy.safeguards import RISK_WHO, RISK_WHY

ANSWER_LETTERS = (
    LetterKind.DISCLOSURE,
    LetterKind.STATUS_ANSWER,
    LetterKind.FOI_ANSWER,
    LetterKind.SAR_ANSWER,
    LetterKind.ANSWER,
)
"""The letters that give what was asked for: an agreement has one of them, and another where it reviews its answers."""


class Agreement(Struct, frozen=True):
    """One agreement, whole. Ask ``at`` for what one version of it sees."""

    id: str
    title: str
    short_title: str
    kind: Literal["tracing", "forwarding", "status", "report", "query", "information"]
    """What is asked for. A tracing agreement's outcomes are those of a search; every other kind has its ``answers``."""
    prefix: str
    """Two capitals that its references begin with."""
    holder: str
    source: str
    borrowed_refusal: str
    """The criterion whose words a refusal has where one that leads to the guardian stands behind it.

    Other requests fail it in the ordinary way, and what it says is true of both.
    """
    because_none: str
    """Why a request received before the first version is rejected, in words that a letter may use."""
    purpose_words: str
    """The purpose where a ground gives none: fits "Use it only …"."""
    destroy_within_months: int
    marking: Marking
    clock: ClockRule
    retention: RetentionRule
    versions: tuple[Version, ...]
    requesters: tuple[RequesterKind, ...]
    gateways: tuple[Gateway, ...]
    grounds: tuple[Ground, ...]
    items: tuple[Item, ...]
    criteria: tuple[Criterion, ...]
    safeguarding: tuple[Question, ...]
    sections: tuple[Section, ...]
    letters: tuple[LetterKind, ...]
    """Those that it uses. A disclosure may always turn out one in part, and a rejection one that no agreement permits:
    stores hold agreements from before those had letters of their own.
    """
    statistics: Statistics
    notes: tuple[str, ...]
    waiting: WaitingRule = WaitingRule()
    repeats: RepeatRule = RepeatRule()
    answers: tuple[Answer, ...] = ()
    answer_note: str = ""
    """What the letter says under every answer."""
    cap: Cap | None = None
    correction: CorrectionRule = CorrectionRule()
    request_words: str = "about one person"
    """Fits "You wrote to us on 1 May 2017 …"."""
    governed_by: str = ""
    """A law: fits "We tested your request against …". "" for an agreement, which is named with its version."""
    conditions: tuple[str, ...] = ()
    """What the recipient of an answer must do with it, a sentence each; for letters of the kind "answer"."""
    rights: tuple[str, ...] = ()
    """The rights that stand after the signature of every letter, a paragraph each; () leaves the letter's own."""
    complaint: tuple[str, ...] = ()
    """What whoever asked can do before the answer who is not content, a paragraph each; () leaves the letter's own."""
    refusal_title: str = "We cannot give you the information you asked for"
    """What a refusal is headed."""
    refusal_ending: str = "So we are not able to provide the information."
    """What a refusal says after its reasons."""
    how_to_ask: tuple[str, ...] = ()
    """What a rejection says to do instead, a sentence each; () leaves the letter's own."""
    form_lead: str = (
        "Complete this form in a PDF reader, save it, and send the file to us by the channel that we agreed. Leave "
        "empty what you do not know. One form is for one person."
    )
    """What the form says first to a requester who completes it."""
    standard_lines: tuple[StandardLine, ...] = ()
    """Paragraphs of its own for its letters. A letter has those of the day on which it is written, by the agreement as
    it then is, whatever the case is pinned to.
    """
    changes: tuple[Change, ...] = ()
    """What befell it since it was written, in order; the versions show it already."""
    content_hash: str = ""
    """SHA-256 of the file's text, set by the decoder: what a case is pinned to."""
    text: str = ""
    """The file's text, set by the decoder: what the store keeps, so that a pinned case can always be read."""

    def version(self, number: int) -> Version | None:
        """The version of this number; None for 0, which is "none was in force"."""
        return next((one for one in self.versions if one.number == number), None)

    def version_on(self, received: date) -> Version | None:
        """The version in force on this day (a date in Europe/London), or None."""
        return next((one for one in self.versions if one.covers(received)), None)

    def at(self, number: int, received: date | None = None) -> Agreement:
        """The agreement as this version sees it; given the day of receipt, with the law as it then stood.

        An item outside the version may still be asked for, and is not releasable. A version that accepts nothing, and
        number 0, see no ground and no criterion, release nothing, and have only the request's sections.
        """
        version = self.version(number)
        sees = number if version is not None and version.accepts else -1
        seen = msgspec.structs.replace(
            self,
            grounds=tuple(g for g in self.grounds if _applies(g.versions, sees) and _valid(g, received)),
            criteria=tuple(c for c in self.criteria if _applies(c.versions, sees)),
            items=tuple(
                msgspec.structs.replace(i, releasable=i.releasable and _applies(i.versions, sees)) for i in self.items
            ),
            gateways=tuple(g for g in self.gateways if _valid(g, received)),
            requesters=tuple(r for r in self.requesters if _valid(r, received)),
            safeguarding=self.safeguarding if sees > 0 else (),
            sections=tuple(s for s in self.sections if sees > 0 or s.group == "request"),
        )
        return expand(seen)

    def with_options(self, key: str, options: tuple[Option, ...]) -> Agreement:
        """The agreement with these options for a field; itself where it has no such field."""
        if self.field(key) is None:
            return self
        sections = tuple(
            msgspec.structs.replace(
                section,
                fields=tuple(
                    msgspec.structs.replace(one, options=options) if one.key == key else one for one in section.fields
                ),
            )
            for section in self.sections
        )
        return msgspec.structs.replace(self, sections=sections)

    def with_standard_lines(self, of: Agreement) -> Agreement:
        """The agreement with the standard lines of another text of it."""
        return msgspec.structs.replace(self, standard_lines=of.standard_lines)

    def section(self, section_id: str) -> Section | None:
        """The section of this id, or None."""
        return next((one for one in self.sections if one.id == section_id), None)

    def field(self, key: str) -> Field | None:
        """The field of this key, or None."""
        return next((one for section in self.sections for one in section.fields if one.key == key), None)

    def ground(self, ground_id: str) -> Ground | None:
        """The ground of this id, or None."""
        return next((one for one in self.grounds if one.id == ground_id), None)

    def item(self, item_id: str) -> Item | None:
        """The item of this id, or None."""
        return next((one for one in self.items if one.id == item_id), None)

    def answer_letter(self, ground_id: str) -> LetterKind:
        """The letter that an approved request on this ground ends in, where the search found someone or nothing was
        searched.
        """
        ground = self.ground(ground_id)
        if ground is not None and ground.reviews and LetterKind.REVIEW_OUTCOME in self.letters:
            return LetterKind.REVIEW_OUTCOME
        return next(one for one in ANSWER_LETTERS if one in self.letters)

    @property
    def corrects(self) -> bool:
        """Whether one of its answers puts right what was disclosed."""
        return any(one.corrects for one in self.answers)

    def answer(self, answer_id: str) -> Answer | None:
        """The answer of this id, or None."""
        return next((one for one in self.answers if one.id == answer_id), None)

    def answers_on(self, ground_id: str) -> tuple[Answer, ...]:
        """The answers that a request on this ground can have."""
        return tuple(one for one in self.answers if not one.grounds or ground_id in one.grounds)

    def criterion_number(self, criterion_id: str) -> int:
        """The criterion's number as the windows and letters show it, from 1; 0 if there is none."""
        return next((n for n, one in enumerate(self.criteria, 1) if one.id == criterion_id), 0)


def _applies(versions: tuple[int, ...], number: int) -> bool:
    return number > 0 and (not versions or number in versions)


def _valid(thing: Ground | Gateway | RequesterKind, day: date | None) -> bool:
    if day is None:
        return True
    return (thing.valid_from is None or thing.valid_from <= day) and (thing.valid_to is None or day <= thing.valid_to)


def expand(agreement: Agreement) -> Agreement:
    """The agreement with its generated fields and options made to agree with its criteria, questions and lists."""
    return msgspec.structs.replace(agreement, sections=tuple(_section(agreement, one) for one in agreement.sections))


def _section(agreement: Agreement, section: Section) -> Section:
    written = tuple(_field(agreement, one) for one in section.fields if not _generated(one))
    made: tuple[Field, ...] = ()
    if section.id == "criteria":
        made = tuple(
            Field(key=f"criteria.{one.id}", label=one.question, kind="criterion", hint=one.guidance)
            for one in agreement.criteria
        )
    if section.id == "safeguarding":
        made = tuple(
            Field(key=f"safeguarding.{q.id}", label=q.question, kind="choice", hint=q.guidance, options=SCREEN_OPTIONS)
            for q in agreement.safeguarding
        )
        written = RISK_FIELDS + written
    needed = tuple(msgspec.structs.replace(one, required="hard") for one in made)
    return msgspec.structs.replace(section, fields=needed + written)


SCREEN_OPTIONS = (
    Option(id="yes", label="Yes"),
    Option(id="no", label="No"),
    Option(id=CANT_TELL, label="Can’t tell"),
)
RISK_FIELDS = (
    Field(
        key=RISK_WHO,
        label="Someone on the requester’s side may be the risk",
        aside="who, if anyone",
        kind="text",
        hint="Their name, rank and unit. Only people of this desk ever see it. The guardian decides, and other requests"
        " by them or their unit are brought to the guardian too.",
    ),
    Field(key=RISK_WHY, label="Why they may be the risk", kind="lines", hint="What you saw or were told, and when."),
)
"""On the safeguarding screen of every agreement."""


def _generated(field: Field) -> bool:
    """A field that an earlier ``expand`` made: it is made again, so that a narrowed list leaves none behind."""
    return (
        field.kind == "criterion"
        or field.key in (RISK_WHO, RISK_WHY)
        or (field.key.startswith("safeguarding.") and field.options == SCREEN_OPTIONS)
    )


def _field(agreement: Agreement, field: Field) -> Field:
    options: tuple[Option, ...]
    match field.key:
        case "ground.ground":
            options = tuple(Option(id=g.id, label=g.label, form_label=g.form_label) for g in agreement.grounds)
            options += (Option(id=NO_GROUND, label="None of these", approved=False),)
        case "ground.gateway":
            options = tuple(Option(id=g.id, label=g.title) for g in agreement.gateways)
        case "requester.kind":
            options = tuple(Option(id=r.id, label=r.title, form_label=r.form_label) for r in agreement.requesters)
            options += (Option(id="other", label="Another body", approved=False),)
        case "asked.items" | "release.items":
            # A release may only be picked from what may be released; a request may ask for anything on the list.
            options = tuple(
                Option(id=i.id, label=i.label, approved=i.releasable, form_label=i.form_label)
                for i in agreement.items
                if i.releasable or field.key == "asked.items"
            )
        case _:
            return field
    return msgspec.structs.replace(field, options=options)
