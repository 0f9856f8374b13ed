"""What is wrong with an answer: softly (worth a look) or hard (stops the submission). What was typed is always kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Literal

from db.records import Answers, Json, Met
from desktop.policy.addresses import PostalAddress
from desktop.policy.corrections import corrections_in, is_clinical
from desktop.policy.dates import PARTS, PartialDate, boxes, parse_date, parse_partial_date, wrong_boxes
from desktop.policy.identifiers import (
    is_pseudo_postcode,
    looks_like_ni_number,
    nhs_number_is_right,
    normalise_nhs_number,
    parse_money,
    postcode_looks_right,
    share_code_looks_right,
)
from desktop.policy.oneperson import (
    MORE_THAN_ONE,
    NAMES_IN_A_ROW,
    NOBODY,
    NOTHING_IN_COMMON,
    OTHERS_BESIDE,
    PERHAPS_MORE,
    PERHAPS_NOBODY,
    names_nobody,
    names_several,
    nothing_in_common,
    tells_of_others,
)
from desktop.policy.shapes import Problem, check_storable, check_text, is_empty
from desktop.policy.wording import join_and, plural

if TYPE_CHECKING:
    from desktop.policy.agreements import Field, Section

__all__ = [
    "PartialDate",
    "Problem",
    "Status",
    "check_field",
    "check_section",
    "check_storable",
    "check_text",
    "is_empty",
    "looks_like_email",
    "normalise_nhs_number",
    "parse_date",
    "parse_partial_date",
    "section_status",
]

Status = Literal["not_started", "in_progress", "complete", "error"]
LINE_OF_RECORD = 35
LINES_OF_RECORD = 5
POSTCODE_OF_RECORD = 8
"""National demographic records hold names and 5 address lines of 35 characters, and postcodes of 8 (COSD guide)."""
OLDEST = 120
_MAY_BE_AHEAD = ("urgency.needed_by",)
_FROM_LISTS = frozenset(
    {"ground.ground", "ground.gateway", "requester.kind", "asked.items", "release.items", "register.told"}
)
"""Their options follow the version and the law of the day: what no longer counts is the verdict's to say."""
_NAMES = ("person.family_name", "person.given_names")
_FREE_WORDS = ("ground.details", "asked.other")
"""Where other people are asked for in passing."""
_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_{|}~-]+)*@[a-z0-9-]+(\.[a-z0-9-]+)+",
    re.IGNORECASE | re.ASCII,
)
_SECURE = re.compile(
    r"(.*[.@])?((gov|police|nhs|mod|parliament)\.uk|nhs\.net|cjsm\.net|hscni\.net|gov\.(scot|wales))(\.example)?"
)
"""Domains run for public bodies. ".example" after one is an invented body of the sample."""
_PHONE = re.compile(r"\+?[0-9][0-9 ()./\-]{5,}(\s*(x|ext\.?|extension)\s*[0-9]+)?", re.IGNORECASE)
_TIME = re.compile(r"([01]?[0-9]|2[0-3])([.:][0-5][0-9])?\s*([ap]\.?m\.?)?|midday|noon|midnight", re.IGNORECASE)


def check_field(field: Field, value: Json, *, today: date) -> tuple[Problem, ...]:
    """What is wrong with what was answered, worst first; nothing where nothing was. Never raises."""
    unsafe = check_storable(field, value)
    if unsafe:
        return unsafe
    check = _CHECKS.get(field.kind)
    if check is None or is_empty(value):
        return ()
    return tuple(sorted(check(field, value, today), key=lambda one: not one.hard))


def check_section(section: Section, answers: Answers, *, today: date) -> tuple[Problem, ...]:
    """What is wrong and what is missing in a section, in the order of its fields."""
    found: list[Problem] = []
    for field in section.fields:
        value = answers.get(field.key)
        found += check_field(field, value, today=today)
        found += _missing(field, value)
        if field.key == "urgency.reason" and answers.get("urgency.expedite") is True and is_empty(value):
            message = "Say why it is urgent, or take out that they ask for a faster answer."
            found.append(Problem(field.key, message, hard=True, missing=True))
    return tuple(found)


def section_status(section: Section, answers: Answers, today: date) -> Status:
    """How far a section has come. What is only missing is no error."""
    if all(is_empty(answers.get(field.key)) for field in section.fields):
        return "not_started"
    hard = [one for one in check_section(section, answers, today=today) if one.hard]
    if any(not one.missing for one in hard):
        return "error"
    return "in_progress" if hard else "complete"


def _hard(field: Field, message: str) -> Problem:
    return Problem(field.key, message, hard=True)


def _soft(field: Field, message: str) -> Problem:
    return Problem(field.key, message, hard=False)


def _missing(field: Field, value: Json) -> Iterator[Problem]:
    if field.kind == "criterion" and isinstance(value, Mapping) and not is_empty(value):
        if is_empty(value.get("answer")):
            yield Problem(field.key, "Choose an answer.", hard=True, missing=True)
        if is_empty(value.get("reasons")):
            yield Problem(field.key, "Give your reasons.", hard=True, missing=True)
    elif is_empty(value) and field.required == "hard":
        yield Problem(field.key, _NEEDED.get(field.kind, "Fill this in."), hard=True, missing=True)
    elif is_empty(value) and field.required == "soft":
        message = "This is usually there. Leave it empty only if it is not known."
        yield Problem(field.key, message, hard=False, missing=True)


_NEEDED = {
    "choice": "Choose an answer.",
    "criterion": "Choose an answer, and give your reasons.",
    "choices": "Tick at least one.",
    "items": "Tick at least one.",
    "date": "Give the date.",
    "partial_date": "Give the date, or tick “Part not known”.",
}


def _check_names_of_record(field: Field, value: Json, today: date) -> Iterator[Problem]:
    del today
    if field.key not in _NAMES:
        return
    several, nobody = names_several(str(value)), names_nobody(str(value))
    if nobody == "surely":
        yield _hard(field, NOBODY)
    elif nobody == "perhaps":
        yield _soft(field, PERHAPS_NOBODY)
    if several == "surely":
        yield _hard(field, MORE_THAN_ONE)
    elif several == "perhaps":
        yield _soft(field, PERHAPS_MORE)
    if several != "surely" and len(str(value)) > LINE_OF_RECORD:
        yield _soft(field, f"Longer than the {LINE_OF_RECORD} characters that national records hold. Check it.")


def _check_free_words(field: Field, value: Json, today: date) -> Iterator[Problem]:
    del today
    if field.key in _FREE_WORDS and tells_of_others(str(value)):
        yield _soft(field, OTHERS_BESIDE)


def looks_like_email(address: str) -> bool:
    """Whether a text is an e-mail address as RFC 5322 has it without quotes, comments or lists, with a dot in its
    domain: the only kind that stands in a draft.
    """
    return _EMAIL.fullmatch(address) is not None


def _check_email(field: Field, value: Json, today: date) -> Iterator[Problem]:
    del today
    address = str(value).strip()
    if not looks_like_email(address):
        yield _soft(field, "This does not look like an e-mail address. Check it against the request.")
    elif not _SECURE.fullmatch(address.rpartition("@")[2].lower()):
        yield _soft(field, "We do not know this domain as a secure one. Check that it is their official address.")


def _check_phone(field: Field, value: Json, today: date) -> Iterator[Problem]:
    del today
    if not _PHONE.fullmatch(str(value).strip()):
        yield _soft(field, "This does not look like a telephone number. Check it against the request.")


def _check_time(field: Field, value: Json, today: date) -> Iterator[Problem]:
    del today
    if not _TIME.fullmatch(str(value).strip()):
        yield _soft(field, "Write the time like 5.30pm.")


def _check_nhs_number(field: Field, value: Json, today: date) -> Iterator[Problem]:
    del today
    text = str(value)
    digits = normalise_nhs_number(text)
    if looks_like_ni_number(text):
        yield _hard(field, "This looks like a National Insurance number. Put it in the field for those.")
    elif not digits:
        yield _hard(field, "An NHS number has figures only. Check the number with the requester.")
    elif len(digits) != 10:
        yield _hard(field, f"An NHS number has 10 figures and this has {len(digits)}. Check it with the requester.")
    elif not nhs_number_is_right(digits):
        yield _hard(field, "The last figure does not fit the others. Check the number with the requester.")
    elif len(set(digits)) == 1:
        yield _soft(field, "Ten figures that are all the same are hardly anyone’s number. Check it with the requester.")


def _check_money(field: Field, value: Json, today: date) -> Iterator[Problem]:
    del today
    if parse_money(str(value)) is None:
        yield _hard(field, "Write the amount in pounds, such as 1,250.00.")


def _check_share_code(field: Field, value: Json, today: date) -> Iterator[Problem]:
    del today
    if not share_code_looks_right(str(value)):
        message = "A share code has 9 letters and figures, and the first is W, R or S. Check it with the requester."
        yield _hard(field, message)


def _check_choice(field: Field, value: Json, today: date) -> Iterator[Problem]:
    del today
    chosen = [value] if isinstance(value, str) else value
    known = {option.id for option in field.options}
    if isinstance(chosen, list | tuple) and any(one not in known for one in chosen):
        hard = field.key not in _FROM_LISTS
        yield Problem(field.key, "This answer is not on the list now. Choose again.", hard=hard)


def _check_date(field: Field, value: Json, today: date) -> Iterator[Problem]:
    typed = boxes(value) or {}
    whom = "" if field.key.startswith("received.") else " with the requester"
    wrong = False
    for part, message in wrong_boxes({part: typed.get(part, "") for part in PARTS}):
        wrong = True
        # Whoever wrote letters into a box made a slip here; a day that cannot be may have come so.
        check = "" if message.startswith("Write") else f" Check the {part}{whom}."
        yield Problem(field.key, message + check, hard=True, part=part)
    empty = [part for part in PARTS if not typed.get(part)]
    if empty and not (field.kind == "partial_date" and isinstance(value, Mapping) and value.get("unknown") is True):
        way_out = ", or tick “Part not known”" if field.kind == "partial_date" else ""
        alone = empty[0] if len(empty) == 1 else None
        yield Problem(field.key, f"Give the {join_and(empty)}{way_out}.", hard=True, missing=True, part=alone)
    if not wrong:
        yield from _check_span(field, parse_partial_date(value), today, whom)


def _check_span(field: Field, found: PartialDate | None, today: date, whom: str) -> Iterator[Problem]:
    if found is None or found.year is None or field.key in _MAY_BE_AHEAD:
        return
    # What is not known is taken as early as can be: "June 2017" is not in the future on 1 June 2017.
    if (found.year, found.month or 1, found.day or 1 if found.month else 1) > (today.year, today.month, today.day):
        yield _hard(field, f"This date is in the future. Check it{whom}.")
    elif field.key == "person.born" and today.year - found.year > OLDEST:
        yield _soft(field, f"That is {plural(today.year - found.year, 'year')} ago. Check the year{whom}.")


def _check_names(field: Field, value: Json, today: date) -> Iterator[Problem]:
    del today
    rows = value if isinstance(value, list | tuple) else ()
    for row in rows:
        if isinstance(row, Mapping) and is_empty(row.get("name")):
            yield _soft(field, "One of these has no name. Give it, or take the row out.")
        elif isinstance(row, Mapping) and row.get("kind") not in ("former", "alias", "spelling"):
            yield _hard(field, "Say of each name whether it is a former name, an alias or another spelling.")
    names = [str(row.get("name") or "") for row in rows if isinstance(row, Mapping)]
    several, nobody = ({told(name) for name in names} for told in (names_several, names_nobody))
    if "surely" in nobody:
        yield _hard(field, NOBODY)
    if "surely" in several:
        yield _hard(field, NAMES_IN_A_ROW)
    elif "perhaps" in several:
        yield _soft(field, PERHAPS_MORE)
    elif nothing_in_common(names):
        yield _soft(field, NOTHING_IN_COMMON)


def _check_address(field: Field, value: Json, today: date) -> Iterator[Problem]:
    del today
    if not isinstance(value, Mapping):
        return
    lines = [line.strip() for line in str(value.get("lines") or "").splitlines() if line.strip()]
    postcode = str(value.get("postcode") or "").strip()
    if is_pseudo_postcode(postcode):
        yield _soft(field, "ZZ99 stands for no fixed address, an address abroad or one not known.")
    elif postcode and not postcode_looks_right(postcode) and not PostalAddress("\n".join(lines)).international:
        yield _soft(field, "This does not look like a UK postcode. Leave it if the address is abroad.")
    elif len(postcode) > POSTCODE_OF_RECORD:
        yield _soft(field, f"Longer than the {POSTCODE_OF_RECORD} characters that national records hold. Check it.")
    if lines and PostalAddress("\n".join(lines)).has_bad_beginning:
        yield _soft(field, "A line begins with a mark that sorting machines misread. Take it out for a letter.")
    if len(lines) > LINES_OF_RECORD or any(len(line) > LINE_OF_RECORD for line in lines):
        size = f"{LINES_OF_RECORD} lines of {LINE_OF_RECORD} characters"
        yield _soft(field, f"Longer than the {size} that national records hold. Check it.")


def _check_sources(field: Field, value: Json, today: date) -> Iterator[Problem]:
    del today
    rows = [row for row in (value if isinstance(value, list | tuple) else ()) if isinstance(row, Mapping)]
    if any(is_empty(row.get("source")) for row in rows):
        yield _soft(field, "Name the source in each row, or take the row out.")
    if any(is_empty(row.get("on")) or is_empty(row.get("result")) for row in rows):
        yield _soft(field, "Each source needs a date and a result. Ask the requester for what is missing.")


def _check_corrections(field: Field, value: Json, today: date) -> Iterator[Problem]:
    del today
    known = {option.id for option in field.options if option.approved}
    for one in corrections_in(value):
        if one.item not in known:
            yield _hard(field, "Something marked here is not among what was given about this person. Choose again.")
        elif one.wrong and is_clinical(one.right):
            yield _hard(field, "This reads as clinical information. The desk holds none and gives none: take it out.")
        elif one.wrong and not one.right:
            yield _soft(field, "Say what is right. Leave it empty only where that is not known.")


def _check_criterion(field: Field, value: Json, today: date) -> Iterator[Problem]:
    del today
    answer = value.get("answer") if isinstance(value, Mapping) else ""
    if answer and answer not in tuple(Met):
        yield _hard(field, "This answer is not on the list. Choose again.")


_CHECKS: Mapping[str, Callable[[Field, Json, date], Iterator[Problem]]] = {
    "text": _check_names_of_record,
    "lines": _check_free_words,
    "email": _check_email,
    "phone": _check_phone,
    "time": _check_time,
    "nhs_number": _check_nhs_number,
    "money": _check_money,
    "share_code": _check_share_code,
    "choice": _check_choice,
    "choices": _check_choice,
    "items": _check_choice,
    "date": _check_date,
    "partial_date": _check_date,
    "names": _check_names,
    "address": _check_address,
    "sources": _check_sources,
    "criterion": _check_criterion,
    "corrections": _check_corrections,
}
"""References have none: any shape is accepted, and the field's hint shows the usual one."""
