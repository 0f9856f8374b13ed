"""The words of a letter, from its facts and its text. Plain text throughout: nothing here is markup."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace

from db.records import LetterKind, Organisation
from desktop.letters.facts import (
    CertificatePage,
    LetterError,
    LetterFacts,
    RecoverySheet,
    check,
    check_certificate_page,
    check_sheet,
    is_blank,
)
from desktop.letters.templates import MERGE, Template, TextSection, load
from desktop.policy.wording import clock_time, day, join_and, london, weekday_day

_SHEET_MERGES = frozenset({"organisation", "phone", "made_on", "alphabet"})
_CERTIFICATE_MERGES = frozenset(
    {"organisation", "named", "issuer", "valid_from", "valid_to", "phone", "hours", "made_on"}
)
_MERGES = frozenset(
    {
        "agreement_from", "agreement_title", "agreement_version", "answer_by", "answer_note", "answer_title",
        "answer_within", "basis", "because", "body", "caseworker", "clock_effect", "complaint", "conditions", "counted",
        "counting", "criterion", "dated", "debt", "destroy_by", "due", "email", "gateway", "governed_by", "hours",
        "how_to_ask", "matched", "not_given", "organisation", "person", "phone", "provisional", "purpose", "reasons",
        "received", "reference", "refusal_title", "reply_to", "request_words", "retention", "rights", "said",
        "salutation", "status_answer", "taken_at", "their_reference", "was_due",
    }
)  # fmt: skip
"""The merge fields that a letter's text may use."""
_TEXTS = frozenset(one.name for one in fields(LetterFacts) if one.type == "str")
"""The facts that are printed as they are."""

_KEPT_OFF = "The address is kept off this letter, and it would be in it. Nothing was printed."
_KEY_GROUPS_A_LINE = 4
_NUMBER_AND_WORD = re.compile(r"(?<=\b\d) (?=[a-zA-Z])|(?<=\b\d\d) (?=[a-zA-Z])")
"""The space of "1 April" and "20 working days", at which no line may end."""


@dataclass(frozen=True, slots=True)
class Block:
    """One thing under a heading: a paragraph ("text"), a bullet, or a table with its rows."""

    role: str
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, or none, and its blocks in order."""

    heading: str
    blocks: tuple[Block, ...]
    keep_together: bool = False


@dataclass(frozen=True, slots=True)
class SignOff:
    """The end of the letter proper: the phrase, room for a signature, and who signs."""

    phrase: str
    name: str
    lines: tuple[str, ...]
    signature: bytes | None
    rule_after: bool


@dataclass(frozen=True, slots=True)
class Words:
    """All that is printed, in reading order, and the document's own title, which names nobody."""

    document_title: str
    marking: str
    foot: str
    organisation: str
    logo: bytes | None
    contact: tuple[str, ...]
    email: str
    references: tuple[tuple[str, str], ...]
    recipient: tuple[str, ...]
    title: str
    greeting: str
    sections: tuple[Section, ...]
    sign_off: SignOff | None
    after_sign_off: tuple[Section, ...]
    ending: str

    def texts(self) -> tuple[str, ...]:
        """Every piece of text that is printed."""
        signed = (self.sign_off.phrase, self.sign_off.name, *self.sign_off.lines) if self.sign_off else ()
        return (
            self.marking, self.foot, self.organisation, *self.contact, self.email,
            *(text for pair in self.references for text in pair), *self.recipient, *self.own_texts(), *signed,
            self.ending,
        )  # fmt: skip

    def own_texts(self) -> tuple[str, ...]:
        """What the letter itself says, between the head and the signature and after it."""
        sections = (*self.sections, *self.after_sign_off)
        blocks = [block for section in sections for block in section.blocks]
        return (
            self.title, self.greeting, *(section.heading for section in sections), *(block.text for block in blocks),
            *(text for block in blocks for text in block.columns),
            *(text for block in blocks for row in block.rows for text in row),
        )  # fmt: skip


def words(facts: LetterFacts, template: Template | None = None) -> Words:
    """The words of a letter. Raises LetterError for a fact that is missing, blank, or may not be said.

    ``template``: a text other than the shipped one. It can leave out, and never bring in, what is kept off.
    """
    check(facts)
    template = template or load(facts.kind.value, _MERGES)
    if facts.address_kept_off and any(row.tells_where for row in facts.items):
        raise LetterError("items", _KEPT_OFF)
    for hint in says_too_much(f"{facts.criterion} {' '.join(facts.reasons)}") if template.never_says else ():
        raise LetterError("reasons", f"A refusal never hints at what a record holds. Take out “{hint}”.")
    for hint in says_too_much(" ".join((*facts.said, facts.why_replaced))):
        raise LetterError("said", f"A letter never hints at what a record holds. Take out “{hint}”.")
    values = _values(facts)
    organisation = facts.organisation
    lines = (organisation.signatory_title, *((organisation.name,) if template.rule_after_sign_off else ()))
    made = Words(
        document_title=" ".join(("Letter", *((str(facts.number),) if facts.number else ()), facts.reference)),
        marking=facts.marking,
        foot=facts.reference,
        organisation=organisation.name,
        logo=organisation.logo,
        contact=_contact(organisation),
        email=organisation.email,
        references=(
            ("Date", values["dated"]),
            ("Our reference", facts.reference),
            *((("Your reference", facts.their_reference),) if facts.their_reference else ()),
        ),
        recipient=facts.recipient,
        title=_fill(template.title, values, template),
        greeting=_fill(template.greeting, values, template),
        sections=_in_place_of(_sections(template, facts, values, after=False), facts),
        sign_off=SignOff(
            template.sign_off, organisation.signatory_name, lines, facts.signature, template.rule_after_sign_off
        ),
        after_sign_off=_sections(template, facts, values, after=True),
        ending=template.ending,
    )
    said = "\n".join(_squeezed(text) for text in made.own_texts())
    if any(_squeezed(text) in said for text in facts.withheld):
        raise LetterError("items", _KEPT_OFF)
    return made


def _squeezed(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def says_too_much(text: str) -> tuple[str, ...]:
    """The words in ``text`` that a refusal may not have, because they hint at what a record holds."""
    folded = " ".join(text.casefold().split())
    return tuple(hint for hint in load(LetterKind.REFUSAL.value, _MERGES).never_says if hint in folded)


def sheet_words(sheet: RecoverySheet) -> Words:
    """The words of the recovery sheet. Raises LetterError for what is missing or blank."""
    check_sheet(sheet)
    values = {
        "organisation": sheet.organisation.name,
        "phone": sheet.organisation.phone,
        "made_on": day(sheet.made_on),
        "alphabet": sheet.alphabet,
    }
    template = load("recovery_sheet", _SHEET_MERGES)
    return _page_words("Recovery key", sheet.organisation, template, values, sheet.groups)


def certificate_words(page: CertificatePage) -> Words:
    """The words of the page about the certificate. Raises LetterError for what is missing or blank."""
    check_certificate_page(page)
    values = {
        "organisation": page.organisation.name,
        "named": page.named,
        "issuer": page.issuer or f"{page.organisation.name} itself",
        "valid_from": day(page.valid_from),
        "valid_to": day(page.valid_to),
        "phone": page.organisation.phone,
        "hours": page.organisation.hours,
        "made_on": day(page.made_on),
    }
    template = load("certificate", _CERTIFICATE_MERGES)
    return _page_words("How to check our letters", page.organisation, template, values, page.fingerprint)


def _page_words(
    title: str, organisation: Organisation, template: Template, values: dict[str, str], groups: tuple[str, ...]
) -> Words:
    """The words of a page that is no letter, with its groups of characters as a table."""
    lines = [groups[n : n + _KEY_GROUPS_A_LINE] for n in range(0, len(groups), _KEY_GROUPS_A_LINE)]
    rows = tuple((str(n), *line) for n, line in enumerate(lines, start=1))
    return Words(
        document_title=title,
        marking="",
        foot=title,
        organisation=organisation.name,
        logo=organisation.logo,
        contact=_contact(organisation),
        email=organisation.email,
        references=(),
        recipient=(),
        title=_fill(template.title, values, template),
        greeting="",
        sections=tuple(
            Section(
                _fill(section.heading, values, template),
                tuple(
                    Block("key", columns=part.columns, rows=rows)
                    if part.role == "table"
                    else Block(part.role, _fill(part.text, values, template))
                    for part in section.parts
                ),
            )
            for section in template.sections
        ),
        sign_off=None,
        after_sign_off=(),
        ending=template.ending,
    )


def _contact(organisation: Organisation) -> tuple[str, ...]:
    address = tuple(line.strip() for line in organisation.address.splitlines() if line.strip())
    return (organisation.team, *address, organisation.phone)


def _values(facts: LetterFacts) -> dict[str, str]:
    """Each merge field as it is printed; what this letter does not have is empty."""
    organisation = facts.organisation
    taken = london(facts.taken_at) if facts.taken_at else None
    as_they_are = {name: str(getattr(facts, name)) for name in _MERGES & _TEXTS}
    weekdays = {name: getattr(facts, name) for name in ("due", "was_due", "answer_by")}
    return {
        **as_they_are,
        **{name: weekday_day(on) if on else "" for name, on in weekdays.items()},
        "agreement_from": day(facts.agreement_from) if facts.agreement_from else "",
        "agreement_version": "" if facts.agreement_version is None else str(facts.agreement_version),
        "dated": day(facts.dated),
        "destroy_by": day(facts.destroy_by) if facts.destroy_by else "",
        "email": organisation.email,
        "governed_by": facts.governed_by or _agreement(facts),
        "hours": organisation.hours,
        "matched": join_and([f"the {name}" for name in facts.matched]),
        "organisation": organisation.name,
        "phone": organisation.phone,
        "reasons": " ".join(facts.reasons),
        "received": day(facts.received),
        "taken_at": f"{day(taken.date())} at {clock_time(taken)}" if taken else "",
    }


def _agreement(facts: LetterFacts) -> str:
    if facts.agreement_version is None or facts.agreement_from is None:
        return ""
    from_ = day(facts.agreement_from)
    return f"the agreement between us, version\u00a0{facts.agreement_version}, in force from {from_}"


def _in_place_of(sections: tuple[Section, ...], facts: LetterFacts) -> tuple[Section, ...]:
    """The sections, with what the letter replaces said before anything else, whatever its text is."""
    if not facts.replaces:
        return sections
    first, *others = sections
    block = Block("text", f"This letter takes the place of our {facts.replaces}. {facts.why_replaced}")
    return (replace(first, blocks=(block, *first.blocks)), *others)


def _sections(template: Template, facts: LetterFacts, values: dict[str, str], *, after: bool) -> tuple[Section, ...]:
    return tuple(
        Section(
            _fill(section.heading, values, template), _blocks(template, section, facts, values), section.keep_together
        )
        for section in template.sections
        if section.after_sign_off is after
    )


def _blocks(template: Template, section: TextSection, facts: LetterFacts, values: dict[str, str]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for part in section.parts:
        if (part.when and _is_empty(facts, part.when)) or (part.unless and not _is_empty(facts, part.unless)):
            continue
        if part.role == "table":
            rows = tuple((row.label, row.value, row.recorded_on) for row in facts.items)
            blocks.append(Block("items", columns=part.columns, rows=rows))
        elif part.each:
            entries = getattr(facts, part.each)
            blocks.extend(Block(part.role, _fill(part.text, {**values, part.each: e}, template)) for e in entries)
        else:
            blocks.append(Block(part.role, _fill(part.text, values, template)))
    return tuple(blocks)


def _is_empty(facts: LetterFacts, name: str) -> bool:
    return is_blank(getattr(facts, name))


def _fill(text: str, values: dict[str, str], template: Template) -> str:
    """The text with its merge fields filled, in one pass: braces in a value stay as they are."""
    for name in MERGE.findall(text):
        if is_blank(values.get(name, "")):
            raise LetterError(name, f"The letter ({template.file}) has nothing to say for {name.replace('_', ' ')}.")
    filled = MERGE.sub(lambda found: values[found.group(1)], text)
    return _NUMBER_AND_WORD.sub("\u00a0", filled)
