"""What must hold between the parts of one agreement, beyond what its types say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from db.records import Leads, LetterKind
from desktop.policy.agreements_clockchecks import Mistake, clock_mistakes, waiting_mistakes
from desktop.policy.agreements_countchecks import statistics_mistakes
from desktop.policy.agreements_format import ANSWER_LETTERS, Agreement
from desktop.policy.agreements_parts import (
    CAP,
    CORRECTIONS_FIELD,
    DECISION_FIELD,
    EARLIER,
    REGISTER_FIELD,
    SCREEN,
    Field,
    Test,
    Version,
)
from desktop.policy.agreements_retentionchecks import retention_mistakes
from desktop.policy.agreements_standingchecks import standing_mistakes
from desktop.policy.letterkinds import TO_THE_PERSON
from desktop.policy.wordlists import word_list

NEEDED_KEYS = ("requester.body", "requester.reference", "received.on", "received.channel")
OPEN_PREFIXES = frozenset({"received"})
"""Prefixes of keys that belong to no section of their own."""
FILLED = frozenset(
    {
        "ground.ground",
        "ground.gateway",
        "requester.kind",
        "asked.items",
        "release.items",
        REGISTER_FIELD,
        CORRECTIONS_FIELD,
    }
)
"""Fields whose options come from the agreement's own lists, or from the register."""

_ID = re.compile(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*")
_CLINICAL = re.compile(
    r"clinic|medic|diagnos|treatment|symptom|prescri|allerg|disab|pregnan|therap|appointment|admission|"
    r"health (condition|record|care)|test result",
    re.IGNORECASE,
)
"""Words that no releasable item may carry: the flag alone would trust whoever wrote the file."""
_KEY = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


def mistakes(agreement: Agreement) -> Iterator[Mistake]:
    """Every mistake, in the order of the checks."""
    if not _ID.fullmatch(agreement.id):
        yield Mistake(("id",), "use small letters, digits, hyphens and underlines.")
    if agreement.content_hash:
        yield Mistake(("content_hash",), "the desk works this out: leave it out.")
    if not re.fullmatch("[A-Z]{2}", agreement.prefix):
        yield Mistake(("prefix",), "use two capitals, such as TR.")
    yield from _ids(agreement)
    yield from _texts(agreement)
    yield from _versions(agreement)
    yield from _references(agreement)
    yield from _rules(agreement)
    yield from _fields(agreement)
    yield from standing_mistakes(agreement.standard_lines, {*agreement.letters})


def _ids(agreement: Agreement) -> Iterator[Mistake]:
    lists: dict[str, Iterable[str]] = {
        name: tuple(one.id for one in getattr(agreement, name))
        for name in (
            "requesters",
            "gateways",
            "grounds",
            "items",
            "criteria",
            "safeguarding",
            "sections",
            "answers",
        )
    }
    for name, ids in lists.items():
        seen: set[str] = set()
        for index, one in enumerate(ids):
            path = (name, index, "id")
            if not _ID.fullmatch(one):
                yield Mistake(path, "use small letters, digits, hyphens and underlines.")
            if one in seen:
                yield Mistake(path, f"“{one}” is there twice.")
            if name in ("safeguarding", "requesters", "grounds") and one in ("notes", "other", "none"):
                yield Mistake(path, f"“{one}” is a word of the desk's own.")
            seen.add(one)


def _texts(agreement: Agreement) -> Iterator[Mistake]:
    """No source, question or title may be empty: people rely on each."""
    for name in (
        "title",
        "short_title",
        "holder",
        "source",
        "because_none",
        "purpose_words",
        "refusal_title",
        "refusal_ending",
    ):
        if not getattr(agreement, name).strip():
            yield Mistake((name,), "this cannot be empty.")
    for name in (
        "versions",
        "requesters",
        "gateways",
        "grounds",
        "items",
        "criteria",
        "safeguarding",
        "sections",
        "answers",
    ):
        for index, one in enumerate(getattr(agreement, name)):
            for part in ("source", "label", "title", "question", "short", "text", "purpose"):
                if not getattr(one, part, "-").strip():
                    yield Mistake((name, index, part), "this cannot be empty.")
    for rule in ("clock", "retention", "waiting", "repeats"):
        if not getattr(agreement, rule).source.strip():
            yield Mistake((rule, "source"), "this cannot be empty.")


def _versions(agreement: Agreement) -> Iterator[Mistake]:
    if not agreement.versions:
        yield Mistake(("versions",), "there must be at least one version.")
    before: Version | None = None
    for index, one in enumerate(agreement.versions):
        here = ("versions", index)
        if one.number != index + 1:
            yield Mistake((*here, "number"), f"versions count from 1 without a gap: this is version {index + 1}.")
        if one.in_force_to is not None and one.in_force_to < one.in_force_from:
            yield Mistake((*here, "in_force_to"), "it ends before it begins.")
        if before is not None:
            yield from _follows(before, one, index)
        yield from _suspension(one, here)
        if (not one.accepts or one.suspended_from is not None) and not one.because.strip():
            yield Mistake((*here, "because"), "say why requests are held or rejected, in words for a letter.")
        before = one


def _follows(before: Version, one: Version, index: int) -> Iterator[Mistake]:
    begins = ("versions", index, "in_force_from")
    if before.in_force_to is None:
        yield Mistake(("versions", index - 1, "in_force_to"), "only the last version may be without an end.")
    elif one.in_force_from <= before.in_force_to:
        yield Mistake(begins, "it begins before the version before it has ended.")
    elif one.in_force_from != before.in_force_to + timedelta(days=1):
        yield Mistake(begins, "it must begin the day after the version before it ends.")


def _suspension(one: Version, here: tuple[str | int, ...]) -> Iterator[Mistake]:
    if one.suspended_from is None:
        if one.suspended_to is not None:
            yield Mistake((*here, "suspended_to"), "there is an end of the suspension, but no beginning.")
        return
    if not one.covers(one.suspended_from):
        yield Mistake((*here, "suspended_from"), "the suspension begins outside the version.")
    if one.suspended_to is not None and one.suspended_to < one.suspended_from:
        yield Mistake((*here, "suspended_to"), "the suspension ends before it begins.")


def _references(agreement: Agreement) -> Iterator[Mistake]:
    numbers = {one.number for one in agreement.versions}
    for name in ("grounds", "criteria", "items"):
        for index, one in enumerate(getattr(agreement, name)):
            for number in sorted(set(one.versions) - numbers):
                yield Mistake((name, index, "versions"), f"there is no version {number}.")
    for name in ("grounds", "gateways", "requesters"):
        for index, one in enumerate(getattr(agreement, name)):
            if one.valid_from is not None and one.valid_to is not None and one.valid_to < one.valid_from:
                yield Mistake((name, index, "valid_to"), "it ends before it begins.")
    yield from _names(agreement)


def _names(agreement: Agreement) -> Iterator[Mistake]:
    """What one part calls another by is there."""
    requesters = {one.id for one in agreement.requesters}
    for index, ground in enumerate(agreement.grounds):
        for unknown in sorted(set(ground.requesters) - requesters):
            yield Mistake(("grounds", index, "requesters"), f"there is no requester “{unknown}”.")
    keys = {field.key for section in agreement.sections for field in section.fields} | {SCREEN, EARLIER}
    keys |= {CAP} if agreement.cap is not None else set()
    for index, criterion in enumerate(agreement.criteria):
        for unknown in sorted(set(criterion.about) - keys):
            yield Mistake(("criteria", index, "about"), f"there is no field “{unknown}”.")
    released = {one.id for one in agreement.items if one.releasable}
    for index, answer in enumerate(agreement.answers):
        for unknown in sorted(set(answer.items) - released):
            yield Mistake(("answers", index, "items"), f"there is no item “{unknown}” that may be released.")
        if not answer.gives and (answer.corrects or answer.tells in ("all", "part")):
            yield Mistake(("answers", index, "gives"), "an answer that corrects, or tells of entries, gives something.")
        for unknown in sorted(set(answer.grounds) - {one.id for one in agreement.grounds}):
            yield Mistake(("answers", index, "grounds"), f"there is no ground “{unknown}”.")


def _rules(agreement: Agreement) -> Iterator[Mistake]:
    yield from _items(agreement)
    yield from clock_mistakes(agreement)
    yield from waiting_mistakes(agreement)
    yield from retention_mistakes(agreement)
    if not 1 <= agreement.destroy_within_months <= 120:
        yield Mistake(("destroy_within_months",), "use a number from 1 to 120.")
    yield from _outcomes(agreement)
    yield from statistics_mistakes(agreement.statistics, agreement.requesters, agreement.answers)
    if agreement.cap is not None and agreement.cap.most < 1:
        yield Mistake(("cap", "most"), "use 1 or more.")
    if agreement.cap is not None and not any(CAP in c.about and not c.may_not_apply for c in agreement.criteria):
        yield Mistake(
            ("cap",), f"a criterion that always applies must be about “{CAP}”: it keeps what is over from approval."
        )
    for index, criterion in enumerate(agreement.criteria):
        if criterion.cant_tell not in (Leads.RETURN, Leads.ESCALATE):
            yield Mistake(("criteria", index, "cant_tell"), "“can’t tell” can only lead to return or escalate.")
        if criterion.never_says and word_list(criterion.never_says) is None:
            yield Mistake(("criteria", index, "never_says"), f"there is no list of words “{criterion.never_says}”.")
        for number, test in enumerate(criterion.tests):
            yield from _test(agreement, test, ("criteria", index, "tests", number))
    yield from _screen(agreement)
    yield from _borrowed(agreement)


def _borrowed(agreement: Agreement) -> Iterator[Mistake]:
    """The words that a refusal for someone's safety borrows are there, in every version that accepts a request."""
    here = ("borrowed_refusal",)
    one = next((one for one in agreement.criteria if one.id == agreement.borrowed_refusal), None)
    if one is None:
        yield Mistake(here, f"there is no criterion “{agreement.borrowed_refusal}”.")
    elif one.leads is not Leads.REFUSE or not one.refusal.strip():
        yield Mistake(here, "name a criterion that leads to refuse, and that says what a refusal says of it.")
    elif one.versions and any(v.accepts and v.number not in one.versions for v in agreement.versions):
        yield Mistake(here, "name a criterion of every version that accepts requests.")


def _outcomes(agreement: Agreement) -> Iterator[Mistake]:
    """A tracing agreement ends in what the search found; any other in one of its answers."""
    tracing = agreement.kind == "tracing"
    needed: tuple[LetterKind, ...] = (LetterKind.REFUSAL, LetterKind.REJECTION)
    if tracing:
        needed = (LetterKind.DISCLOSURE, LetterKind.NO_TRACE, *needed)
    elif not any(one in agreement.letters for one in ANSWER_LETTERS):
        needed = (LetterKind.ANSWER, *needed)
    for letter in needed:
        if letter not in agreement.letters:
            yield Mistake(("letters",), f"the letter “{letter}” is missing.")
    if tracing and agreement.answers:
        yield Mistake(("answers",), "what a trace finds is not for the agreement to say: leave the answers out.")
    if not tracing and not agreement.answers:
        yield Mistake(("answers",), "an agreement of this kind needs its answers.")
    if not tracing and {LetterKind.DISCLOSURE, LetterKind.PARTIAL_DISCLOSURE} & set(agreement.letters):
        yield Mistake(("letters",), "only a tracing agreement has a disclosure.")
    yield from _letters(agreement)
    yield from _corrections(agreement)
    named = any(field.key == "person.family_name" for section in agreement.sections for field in section.fields)
    finds = agreement.kind in ("tracing", "status") or any(one.matched for one in agreement.answers)
    if not named and finds:
        yield Mistake(("sections",), "the field “person.family_name” is missing: someone is to be found.")


def _letters(agreement: Agreement) -> Iterator[Mistake]:
    """Each letter on the way to an answer has that in the file from which it is written."""
    keys = {field.key for section in agreement.sections for field in section.fields}
    to_person = {one.to_person for one in agreement.answers}
    there = {
        LetterKind.EXTENSION: (agreement.clock.extension is not None, "[clock.extension]"),
        LetterKind.EXPEDITE_ACCEPTED: (DECISION_FIELD in keys, f"the field “{DECISION_FIELD}”"),
        LetterKind.EXPEDITE_DECLINED: (DECISION_FIELD in keys, f"the field “{DECISION_FIELD}”"),
        LetterKind.REVIEW_OUTCOME: (any(one.reviews for one in agreement.grounds), "a ground that reviews"),
        LetterKind.DEBT_NOTICE: (LetterKind.DEBT_NOTICE in to_person, "an answer with it as “to_person”"),
        LetterKind.FORWARDING: (LetterKind.FORWARDING in to_person, "an answer with it as “to_person”"),
    }
    for index, answer in enumerate(agreement.answers):
        if answer.to_person is not None and answer.to_person not in TO_THE_PERSON:
            yield Mistake(("answers", index, "to_person"), f"this is one of {', '.join(sorted(TO_THE_PERSON))}.")
        elif answer.to_person is not None and answer.to_person not in agreement.letters:
            yield Mistake(("letters",), f"the letter “{answer.to_person}” is missing.")
    for letter, (is_there, what) in there.items():
        if letter in agreement.letters and not is_there:
            yield Mistake(("letters",), f"the letter “{letter}” needs {what}.")


def _corrections(agreement: Agreement) -> Iterator[Mistake]:
    """An agreement that corrects has the field that says what is wrong, and the notice; any other has neither."""
    field = next((one for s in agreement.sections for one in s.fields if one.key == CORRECTIONS_FIELD), None)
    if field is not None and field.kind != "corrections":
        yield Mistake(("sections",), f"the field “{CORRECTIONS_FIELD}” is of the kind “corrections”.")
    if agreement.corrects != (field is not None):
        yield Mistake(("answers",), f"an answer that corrects and the field “{CORRECTIONS_FIELD}” need each other.")
    if agreement.corrects != (LetterKind.CORRECTION in agreement.letters):
        yield Mistake(("letters",), "an answer that corrects and the letter “correction” need each other.")
    if not 1 <= agreement.correction.confirm_within <= 1000:
        yield Mistake(("correction", "confirm_within"), "use a number from 1 to 1,000.")


def _test(agreement: Agreement, test: Test, here: tuple[str | int, ...]) -> Iterator[Mistake]:
    keys = {field.key for section in agreement.sections for field in section.fields}
    for name in ("field", "dated_by", "until"):
        key = getattr(test, name)
        if key and key not in keys:
            yield Mistake((*here, name), f"there is no field “{key}”.")
    if not test.why.strip():
        yield Mistake((*here, "why"), "this cannot be empty.")
    if test.kind == "least" and (not test.steps or not test.dated_by):
        yield Mistake((*here, "steps"), "a least amount needs its steps and the field that dates them.")
    if test.kind == "least" and not test.why_none.strip():
        yield Mistake((*here, "why_none"), "say what holds for a day before the first step.")
    if test.kind in ("older", "younger") and not (test.months or test.days):
        yield Mistake((*here, "months"), "say how many months or days.")
    if test.kind in ("is", "starts") and not test.words:
        yield Mistake((*here, "words"), "say which words.")


def _items(agreement: Agreement) -> Iterator[Mistake]:
    asks = any(field.key == REGISTER_FIELD for section in agreement.sections for field in section.fields)
    for index, item in enumerate(agreement.items):
        if item.from_register and not asks:
            yield Mistake(("items", index, "from_register"), f"the field “{REGISTER_FIELD}” is missing.")
        if item.from_corrections and not agreement.corrects:
            yield Mistake(("items", index, "from_corrections"), "no answer of this agreement corrects anything.")
    for index, answer in enumerate(agreement.answers):
        if asks != bool(answer.tells):
            yield Mistake(("answers", index, "tells"), f"this and the field “{REGISTER_FIELD}” need each other.")
    for index, item in enumerate(agreement.items):
        if item.releasable and item.clinical:
            yield Mistake(("items", index, "clinical"), "clinical information is never released.")
        elif item.releasable and _CLINICAL.search(f"{item.id} {item.label}"):
            yield Mistake(("items", index, "label"), "this reads as clinical information, which is never released.")


def _screen(agreement: Agreement) -> Iterator[Mistake]:
    """Every version that accepts a request puts it through the safeguarding screen."""
    if not agreement.safeguarding:
        yield Mistake(("safeguarding",), "there must be a safeguarding screen.")
    for index, version in enumerate(agreement.versions):
        seen = (one for one in agreement.criteria if not one.versions or version.number in one.versions)
        if version.accepts and not any(one.leads is Leads.ESCALATE and "safeguarding" in one.about for one in seen):
            message = "a criterion about the safeguarding screen must lead to the guardian."
            yield Mistake(("versions", index), message)


def _fields(agreement: Agreement) -> Iterator[Mistake]:
    sections = {one.id for one in agreement.sections}
    seen: set[str] = set()
    for row, section in enumerate(agreement.sections):
        for column, field in enumerate(section.fields):
            here = ("sections", row, "fields", column)
            if not _KEY.fullmatch(field.key):
                yield Mistake((*here, "key"), "a key is two words with a dot between, such as person.family_name.")
            elif field.key.partition(".")[0] not in sections | OPEN_PREFIXES:
                yield Mistake((*here, "key"), f"no section has the id “{field.key.partition('.')[0]}”.")
            if field.key in seen:
                yield Mistake((*here, "key"), f"“{field.key}” is there twice.")
            seen.add(field.key)
            yield from _field(field, here)
    for key in NEEDED_KEYS:
        if key not in seen:
            yield Mistake(("sections",), f"the field “{key}” is missing.")
    for needed in ("criteria", "safeguarding", "release", "balance"):
        if needed not in sections:
            yield Mistake(("sections",), f"the section “{needed}” is missing.")


def _field(field: Field, here: tuple[str | int, ...]) -> Iterator[Mistake]:
    if field.kind == "criterion":
        yield Mistake((*here, "kind"), "criteria have a list of their own.")
    if field.kind == "corrections" and field.key != CORRECTIONS_FIELD:
        yield Mistake((*here, "kind"), f"only the field “{CORRECTIONS_FIELD}” is of this kind.")
    if not field.label.strip():
        yield Mistake((*here, "label"), "this cannot be empty.")
    if field.max_length < 0:
        yield Mistake((*here, "max_length"), "use 0 or more.")
    if field.key in FILLED:
        if field.options:
            yield Mistake((*here, "options"), "the desk fills these in from the agreement's lists.")
    elif field.kind in ("choice", "choices", "items") and not field.options:
        yield Mistake((*here, "options"), "a choice needs its options.")
    ids = [option.id for option in field.options]
    for index, one in enumerate(ids):
        if not one or ids.index(one) != index:
            yield Mistake((*here, "options", index, "id"), "each option needs an id of its own.")
