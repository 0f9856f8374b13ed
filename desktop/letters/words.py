"""The words of a letter, from its facts and its text. Plain text throughout: nothing here is markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import cache

from db.records import LetterKind, Organisation
from desktop.letters import welsh
from desktop.letters.content import Block, Body, Section, SignOff, Words
from desktop.letters.factnames import plain
from desktop.letters.facts import (
    ItemRow,
    LetterError,
    LetterFacts,
    check,
    is_blank,
)
from desktop.letters.templates import MERGE, Part, Template, TextSection, load
from desktop.policy.answertables import AnswerTable
from desktop.policy.spelling import readings
from desktop.policy.wording import clock_time, day, join_and, london, weekday_day

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


@dataclass(frozen=True, slots=True)
class Tongue:
    """How a language puts days, times and lists."""

    language: str
    day: Callable[[date], str]
    weekday_day: Callable[[date], str]
    clock_time: Callable[[datetime], str]
    moment: str
    listed: Callable[[tuple[str, ...]], str]
    agreement: str
    in_place: str

    def of_ours(self, english: str, in_welsh: str) -> str:
        """What the organisation says in this language, in English where it gave no Welsh."""
        return (self.language == "cy" and in_welsh) or english

    def of_english(self, in_welsh: str) -> str:
        """The language of what the organisation gave no Welsh for, where it is not this one; "" for none."""
        return ENGLISH.language if self.language == "cy" and not in_welsh else ""


ENGLISH = Tongue(
    "en-GB", day, weekday_day, clock_time, "{day} at {time}",
    lambda names: join_and([f"the {name}" for name in names]),
    "the agreement between us, version\u00a0{version}, in force from {day}",
    "This letter takes the place of our {replaces}. {why}",
)  # fmt: skip
WELSH = Tongue(
    "cy", welsh.day, welsh.weekday_day, welsh.clock_time, "{day} am {time}", ", ".join,
    "y cytundeb rhyngom, fersiwn\u00a0{version}, mewn grym o {day}",
    "Mae’r llythyr hwn yn cymryd lle ein {replaces}. {why}",
)  # fmt: skip

IN_WELSH = frozenset(
    {
        LetterKind.ACKNOWLEDGEMENT, LetterKind.DISCLOSURE, LetterKind.PARTIAL_DISCLOSURE, LetterKind.NO_TRACE,
        LetterKind.REFUSAL, LetterKind.SAR_ANSWER,
    }
)  # fmt: skip
"""The letters that have a Welsh text."""

_HOURS = ", {hours}"
_KEPT_OFF = "The address is kept off this letter, and it would be in it. Nothing was printed."
_FEW = 3
_LONG_VALUE = 600
"""Characters of an item that some 18 lines of its column in the table hold."""
_NUMBER_AND_WORD = re.compile(r"(?<=\b\d) (?=[a-zA-Z])|(?<=\b\d\d) (?=[a-zA-Z])")
"""The space of "1 April" and "20 working days", at which no line may end."""


def words(facts: LetterFacts, template: Template | None = None) -> Words:
    """The words of a letter. Raises LetterError for a fact that is missing, blank, or may not be said.

    ``template``: a text other than the shipped one. It can leave out, and never bring in, what is kept off.
    """
    check(facts)
    template = (template or load(_text_of(facts), _MERGES)).with_words({o.part: o.english for o in facts.own_words})
    if facts.address_kept_off and any(row.tells_where for row in facts.items):
        raise LetterError("items", _KEPT_OFF)
    hints = says_too_much(f"{facts.criterion} {' '.join(facts.reasons)}") if template.never_says else ()
    shipped = load(_text_of(facts), _MERGES).changeable
    for one in facts.own_words:
        hints += own_hints(f"{one.english}\n{one.welsh}", shipped[one.part].text if one.part in shipped else "")
    for hint in (*hints, *(hint for one in facts.standing for hint in says_too_much(f"{one.text} {one.welsh}"))):
        raise LetterError("reasons", f"A refusal never hints at what a record holds. Take out “{hint}”.")
    for hint in says_too_much(" ".join((*facts.said, facts.why_replaced))):
        raise LetterError("said", f"A letter never hints at what a record holds. Take out “{hint}”.")
    made = _whole(facts, template)
    own = [text for body in made.bodies for text in body.own_texts()]
    said = "\n".join(_squeezed(text) for text in (*own, *(value for _label, value in made.references)))
    if any(_squeezed(text) in said for text in facts.withheld):
        raise LetterError("items", _KEPT_OFF)
    return made


def _text_of(facts: LetterFacts) -> str:
    """The name of the letter's text: a status check that tells nothing has its own."""
    return facts.kind.value if facts.gives or facts.kind is not LetterKind.STATUS_ANSWER else "status_untold"


def _whole(facts: LetterFacts, template: Template) -> Words:
    """The letter with its head, in each of its languages. Raises NoWelshError."""
    organisation = facts.organisation
    english = _body(facts, template, ENGLISH)
    before = None
    if facts.in_welsh:
        translated, text = _in_welsh(facts)
        before = _body(translated, text, WELSH)
    numbered = (str(facts.number),) if facts.number else ()

    def label(in_welsh: str, in_english: str) -> str:
        return f"{in_welsh} / {in_english}" if before else in_english

    theirs = not is_blank(facts.their_reference)
    in_welsh = (("Dyddiad", WELSH.day(facts.dated)), ("Ein cyfeirnod", ""), *([("Eich cyfeirnod", "")] * theirs))
    return Words(
        **{one.name: getattr(english, one.name) for one in fields(Body)},
        before=before,
        document_title=" ".join((label("Llythyr", "Letter"), *numbered, facts.reference)),
        marking=facts.marking,
        foot=facts.reference,
        page_words=label("Tudalen {page} o {pages}", "Page {page} of {pages}"),
        organisation=organisation.name,
        logo=organisation.logo,
        contact=contact_lines(organisation),
        email=organisation.email,
        references=(
            ("Date", day(facts.dated)),
            ("Our reference", facts.reference),
            *([("Your reference", facts.their_reference)] * theirs),
        ),
        references_in_welsh=in_welsh if before else (),
        recipient=facts.recipient,
        attention_in_welsh="At sylw" if before else "",
    )


def _in_welsh(facts: LetterFacts) -> tuple[LetterFacts, Template]:
    """The facts and the text of the letter in Welsh. Raises NoWelshError."""
    if facts.table is not None:
        raise welsh.NoWelshError(facts.table.title)
    for english, in_welsh in (
        *((o.english, o.welsh) for o in facts.own_words),
        *((s.heading, s.welsh_heading) for s in facts.standing),
        *((s.text, s.welsh) for s in facts.standing),
    ):
        if not in_welsh:
            raise welsh.NoWelshError(english)
    template = load(f"cy/{facts.kind.value}", _MERGES).with_words({o.part: o.welsh for o in facts.own_words})
    standing = tuple(replace(s, heading=s.welsh_heading, text=s.welsh) for s in facts.standing)
    return replace(welsh.translated(facts, _said(template)), standing=standing), template


def _said(template: Template) -> frozenset[str]:
    """The facts that a letter of this text says: what it replaces, if anything, is said in any."""
    return template.names | {"replaces"}


def _body(facts: LetterFacts, template: Template, tongue: Tongue) -> Body:
    """What the letter says in one language; the facts are in that language."""
    values = _values(facts, tongue)
    organisation = facts.organisation
    title = tongue.of_ours(organisation.signatory_title, organisation.signatory_title_welsh)
    lines = (title, *((organisation.name,) if template.rule_after_sign_off else ()))
    return Body(
        language=tongue.language,
        title=fill(template.title, values, template),
        greeting=fill(template.greeting, values, template),
        sections=_in_place_of(_sections(template, facts, values, tongue, after=False), facts, tongue),
        sign_off=SignOff(
            template.sign_off,
            organisation.signatory_name,
            lines,
            facts.signature,
            template.rule_after_sign_off,
            (tongue.of_english(organisation.signatory_title_welsh),),
        ),
        after_sign_off=(*_sections(template, facts, values, tongue, after=True), *_standing(facts)),
        ending=template.ending,
    )


def _standing(facts: LetterFacts) -> tuple[Section, ...]:
    """The agreement's standard lines: nothing in them is a merge field."""
    return tuple(Section(one.heading, (Block("text", one.text),)) for one in facts.standing)


def changeable(kind: LetterKind) -> Mapping[str, tuple[Part, Part | None]]:
    """The parts of a letter for which an organisation may have words of its own, by their ids: in English and, where
    the letter has a Welsh text, in Welsh.
    """
    in_welsh = load(f"cy/{kind.value}", _MERGES).changeable if kind in IN_WELSH else {}
    return {key: (part, in_welsh.get(key)) for key, part in load(kind.value, _MERGES).changeable.items()}


def shipped_text(kind: LetterKind) -> Template:
    """The text of a letter as it is shipped."""
    return load(kind.value, _MERGES)


def why_not_in_welsh(facts: LetterFacts) -> str:
    """Why a letter that is wanted in Welsh can be printed in English alone, in words; "" where it can be both."""
    if facts.kind not in IN_WELSH:
        return "There is no Welsh text of this letter, so it is in English alone."
    try:
        _in_welsh(facts)
    except welsh.NoWelshError as error:
        return f"There is no Welsh for “{error.phrase}”, so the letter is in English alone."
    return ""


def _squeezed(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def says_too_much(text: str) -> tuple[str, ...]:
    """The words in ``text`` that a refusal may not have, because they hint at what a record holds: however they are
    spelled.
    """
    said = readings(text, figures=True)
    texts = (LetterKind.REFUSAL.value, f"cy/{LetterKind.REFUSAL.value}")
    hints = [hint for name in texts for hint in load(name, _MERGES).never_says]
    return tuple(hint for hint in hints if any(_hint(hint).search(one) for one in said))


@cache
def _hint(hint: str) -> re.Pattern[str]:
    """A hint at the beginning of a word, with or without its spaces."""
    words = {*readings(hint), "".join(readings(hint)[0].split())}
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(words)))})")


def own_hints(text: str, shipped: str) -> tuple[str, ...]:
    """The hints in an organisation's own words, in either language, that the desk's words for the part do not have."""
    known = says_too_much(shipped)
    return tuple(hint for hint in says_too_much(text) if hint not in known)


def contact_lines(organisation: Organisation) -> tuple[str, ...]:
    """How the letterhead says where the organisation is found."""
    address = tuple(line.strip() for line in organisation.address.splitlines() if line.strip())
    return (organisation.team, *address, organisation.phone)


def _values(facts: LetterFacts, tongue: Tongue) -> dict[str, str]:
    """Each merge field as it is printed; what this letter does not have is empty."""
    organisation = facts.organisation
    taken = london(facts.taken_at) if facts.taken_at else None
    as_they_are = {name: str(getattr(facts, name)) for name in _MERGES & _TEXTS}
    days = {name: getattr(facts, name) for name in ("agreement_from", "destroy_by")}
    weekdays = {name: getattr(facts, name) for name in ("due", "was_due", "answer_by")}
    return {
        **as_they_are,
        **{name: tongue.day(on) if on else "" for name, on in days.items()},
        **{name: tongue.weekday_day(on) if on else "" for name, on in weekdays.items()},
        "agreement_version": "" if facts.agreement_version is None else str(facts.agreement_version),
        "dated": tongue.day(facts.dated),
        "email": organisation.email,
        "governed_by": facts.governed_by or _agreement(facts, tongue),
        "hours": tongue.of_ours(organisation.hours, organisation.hours_welsh),
        "matched": tongue.listed(facts.matched),
        "organisation": organisation.name,
        "phone": organisation.phone,
        "reasons": " ".join(facts.reasons),
        "received": tongue.day(facts.received),
        "taken_at": tongue.moment.format(day=tongue.day(taken.date()), time=tongue.clock_time(taken)) if taken else "",
    }


def _agreement(facts: LetterFacts, tongue: Tongue) -> str:
    if facts.agreement_version is None or facts.agreement_from is None:
        return ""
    return tongue.agreement.format(version=facts.agreement_version, day=tongue.day(facts.agreement_from))


def _in_place_of(sections: tuple[Section, ...], facts: LetterFacts, tongue: Tongue) -> tuple[Section, ...]:
    """The sections, with what the letter replaces said before anything else, whatever its text is."""
    if not facts.replaces:
        return sections
    first, *others = sections
    block = Block("text", tongue.in_place.format(replaces=facts.replaces, why=facts.why_replaced))
    return (replace(first, blocks=(block, *first.blocks)), *others)


def _sections(
    template: Template, facts: LetterFacts, values: dict[str, str], tongue: Tongue, *, after: bool
) -> tuple[Section, ...]:
    return tuple(
        Section(
            fill(section.heading, values, template),
            _blocks(template, section, facts, values, tongue),
            section.keep_together,
        )
        for section in template.sections
        if section.after_sign_off is after
    )


def _blocks(
    template: Template, section: TextSection, facts: LetterFacts, values: dict[str, str], tongue: Tongue
) -> tuple[Block, ...]:
    blocks: list[Block] = []
    english = tongue.of_english(facts.organisation.hours_welsh)
    for part in section.parts:
        if (part.when and _is_empty(facts, part.when)) or (part.unless and not _is_empty(facts, part.unless)):
            continue
        if part.role == "table":
            blocks += _figures(facts.table) if part.text == "figures" else _items(facts.items, part.columns)
        elif part.each:
            entries = getattr(facts, part.each)
            blocks.extend(Block(part.role, fill(part.text, {**values, part.each: e}, template)) for e in entries)
        else:
            said = part.text.replace(_HOURS, "") if english else part.text
            blocks.append(Block(part.role, fill(said, values, template)))
            # Words of another language in a paragraph of their own are heard as what they are.
            blocks += [Block("text", values["hours"], language=english)] if said != part.text else []
    return tuple(blocks)


def _items(items: tuple[ItemRow, ...], columns: tuple[str, ...]) -> list[Block]:
    """The items as a table; where there are few, and a column of one would run over pages, each as paragraphs under its
    label.
    """
    if len(items) > _FEW or all(len(row.value) <= _LONG_VALUE for row in items):
        rows = tuple((row.label, row.value, row.recorded_on) for row in items)
        return [Block("items", columns=columns, rows=rows)]
    return [
        block
        for row in items
        for block in (
            Block("label", row.label),
            *(Block("text", text.strip()) for text in re.split(r"\n(?:[ \t]*\n)+", row.value) if not is_blank(text)),
            Block("text", f"{columns[-1]}: {row.recorded_on}"),
        )
    ]


def _figures(table: AnswerTable | None) -> list[Block]:
    """The tables of figures, each under its title, and what stands under them all."""
    if table is None:
        return []
    tables = [Block("grid", f"{table.table}, {grid.title}", grid=grid) for grid in table.grids]
    return [*tables, *(Block("text", note) for note in table.notes)]


def _is_empty(facts: LetterFacts, name: str) -> bool:
    return is_blank(getattr(facts, name))


def fill(text: str, values: dict[str, str], template: Template) -> str:
    """The text with its merge fields filled, in one pass: braces in a value stay as they are."""
    for name in MERGE.findall(text):
        if is_blank(values.get(name, "")):
            raise LetterError(name, f"The letter ({template.file}) has no {plain(name)}.")
    filled = MERGE.sub(lambda found: values[found.group(1)], text)
    return _NUMBER_AND_WORD.sub("\u00a0", filled)
