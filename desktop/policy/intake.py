"""Requests that come many at a time: which column is which field, and what each row says, with all that is wrong.

Only the requester's part of a form is read: the assessment is the desk's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from db.records import Answers, Json
from desktop.policy.agreements import NO_GROUND, Agreement, Field
from desktop.policy.dates import date_boxes, parse_date
from desktop.policy.fields import check_field
from desktop.policy.identifiers import postcode_looks_right
from desktop.policy.tables import Table, TableRow
from desktop.policy.wording import join_and

POSTCODE = "postcode"
_READ = frozenset(
    {
        "text",
        "lines",
        "email",
        "phone",
        "reference",
        "nhs_number",
        "time",
        "choice",
        "choices",
        "items",
        "tick",
        "date",
        "partial_date",
        "names",
        "address",
        "sources",
        "money",
        "share_code",
    }
)
_ALIASES: Mapping[str, tuple[str, ...]] = {
    "received.on": ("received", "date received", "received date", "date of receipt"),
    "received.channel": ("channel", "how received"),
    "requester.body": ("organisation", "requester", "requesting organisation", "force", "body"),
    "requester.kind": ("kind of requester", "requester type"),
    "requester.reference": (
        "reference",
        "their reference",
        "your reference",
        "our reference",
        "our ref",
        "ref",
        "requester reference",
    ),
    "requester.officer": ("officer", "requesting officer", "name of officer"),
    "requester.grade": ("rank", "grade"),
    "requester.unit": ("unit", "team"),
    "requester.email": ("email", "e-mail"),
    "person.family_name": ("surname", "last name", "family name"),
    "person.given_names": ("first name", "first names", "forename", "forenames", "given name", "given names"),
    "person.other_names": ("aliases", "alias", "aka", "also known as", "former names", "other names"),
    "person.born": ("dob", "date of birth", "birth date", "born"),
    "person.gender": ("sex", "gender"),
    "person.nhs_number": ("nhs no", "nhs number"),
    "person.ni_number": ("ni number", "nino", "national insurance number"),
    "person.home_office_reference": ("home office ref", "ho reference", "ho ref"),
    "person.passport": ("passport", "passport number"),
    "person.address": ("address", "last known address"),
    "asked.items": ("items", "items requested", "information requested"),
}
"""What senders call the well-known fields; the field's own label and key count too."""
_SPLIT = re.compile(r"[;\n]+")
_YES, _NO = frozenset({"yes", "y", "true", "1", "x"}), frozenset({"no", "n", "false", "0"})
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_FIGURES = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{4})")
_NAMED = re.compile(
    r"(?:[^\W\d_]{3,9},?\s+)??(?:(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[ \-]+)?([^\W\d_]{3,9})\.?,?[ \-]+(\d{4})"
)
_TICKED = frozenset({"tick", "choice", "choices"})
"""Kinds of field that "yes" and "no" can answer."""
_UNKNOWN = frozenset({"unknown", "not known", "n/k", "nk"})
_MONTH = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{4})")
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Target:
    """What a column fills: a field, or one part of an address."""

    key: str
    label: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong in a row, beside the heading of its column ("" for the row as a whole)."""

    heading: str
    message: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What a row says, and all that keeps it from being a request."""

    number: int
    answers: Answers
    problems: tuple[CellProblem, ...]
    doubts: tuple[CellProblem, ...] = ()
    """What is worth a look, and keeps it from nothing."""


def targets(agreement: Agreement) -> tuple[Target, ...]:
    """Everything that a column can fill, in the order of the form."""
    found: list[Target] = []
    for section in agreement.sections:
        if section.group != "request":
            continue
        for field in section.fields:
            if field.kind in _READ:
                found.append(Target(field.key, field.label))
                if field.kind == "address":
                    found.append(Target(field.key, f"{field.label}: postcode", POSTCODE))
    return tuple(found)


def guessed_columns(agreement: Agreement, headings: Sequence[str]) -> tuple[Target | None, ...]:
    """What each column fills, by its heading; None where that is not known. No field is filled twice."""
    known: dict[str, Target] = {}
    for target in targets(agreement):
        for name in _names(target):
            known.setdefault(_plain(name), target)
    found: list[Target | None] = []
    for heading in headings:
        guess = known.get(_plain(heading))
        found.append(guess if guess not in found else None)
    return tuple(found)


def _names(target: Target) -> tuple[str, ...]:
    if target.part:
        return (f"{target.key}.{target.part}", target.label, *(("postcode",) if target.key == "person.address" else ()))
    return (target.key, *_ALIASES.get(target.key, ()), target.label)


def _plain(heading: str) -> str:
    return "".join(c for c in heading.casefold() if c.isalnum())


def month_first(columns: Sequence[Target | None], table: Table, agreement: Agreement) -> frozenset[int]:
    """Columns of days in which some row can only have the month first: no other row's day is sure there."""
    found = set()
    for at, target in enumerate(columns):
        field = agreement.field(target.key) if target is not None else None
        if field is None or field.kind not in ("date", "partial_date"):
            continue
        for row in table.rows:
            figures = _FIGURES.fullmatch(row.cells[at].strip()) if at < len(row.cells) else None
            if figures is not None and int(figures[1]) <= 12 < int(figures[2]) <= 31:
                found.add(at)
                break
    return frozenset(found)


def read_row(
    agreement: Agreement,
    columns: Sequence[Target | None],
    headings: Sequence[str],
    row: TableRow,
    today: date,
    received: date | None = None,
    unsure: frozenset[int] = frozenset(),
) -> ReadRow:
    """What a row says. `received` stands in where it has no day of receipt; `unsure` are columns of `month_first`."""
    answers: dict[str, Json] = {}
    problems: list[CellProblem] = []
    heading_of: dict[str, str] = {}
    for index, target in enumerate(columns):
        text = row.cells[index].strip() if index < len(row.cells) else ""
        field = agreement.field(target.key) if target is not None else None
        if target is None or field is None or not text:
            continue
        heading_of.setdefault(target.key, headings[index])
        try:
            _check_sure(index, text, row, unsure)
            if index in row.ticks and field.kind not in _TICKED:
                raise ValueError("TRUE or FALSE stands here, and no words. Write what it should say.")
            _put(answers, field, target, text)
        except ValueError as error:
            problems.append(CellProblem(headings[index], str(error)))
    problems += _around(headings, row)
    if received is not None and "received.on" not in answers:
        answers["received.on"] = date_boxes(received)
    wrong = {one.heading for one in problems}
    doubts: list[CellProblem] = []
    for key, value in answers.items():
        field = agreement.field(key)
        heading = heading_of.get(key, "")
        if field is not None and heading not in wrong:
            for one in check_field(field, value, today=today):
                (problems if one.hard else doubts).append(CellProblem(heading or field.label, one.message))
    problems += _missing(agreement, answers, wrong, heading_of)
    doubts += _out_of_force(agreement, answers, heading_of)
    return ReadRow(row.number, answers, tuple(problems), tuple(doubts))


def _out_of_force(agreement: Agreement, answers: Answers, heading_of: Mapping[str, str]) -> list[CellProblem]:
    """What follows from the day of receipt by the agreement's own dates."""
    received = parse_date(answers.get("received.on"))
    if received is None:
        return []
    version = agreement.version_on(received)
    heading = heading_of.get("received.on", "Received on")
    if version is None or not version.accepts:
        why = version.because if version is not None else agreement.because_none
        return [CellProblem(heading, f"A request of this day can only be rejected. {why}".strip())]
    if version.is_suspended(received):
        return [CellProblem(heading, f"A request of this day is held. {version.because}".strip())]
    return []


def _check_sure(index: int, text: str, row: TableRow, unsure: frozenset[int]) -> None:
    """Raises ValueError where what a cell says is not sure."""
    if index in row.formulas:
        what = "A spreadsheet’s error" if text.startswith("#") else "A formula"
        raise ValueError(f"{what} stands here. Put its value in its place.")
    if index in unsure and _FIGURES.fullmatch(text):
        raise ValueError("Other rows have the month first here, so the day is not sure. Write it as 14 March 1990.")


def _around(headings: Sequence[str], row: TableRow) -> list[CellProblem]:
    """What is wrong with the row as a whole."""
    found = []
    over = [at for at in range(len(headings), len(row.cells)) if row.cells[at].strip()]
    if over:
        found.append(CellProblem("", f"Column {over[0] + 1} has no heading, so what it says is not known."))
    if row.breaks_off:
        found.append(CellProblem("", "The file ends in the middle of this row. Ask for it again."))
    return found


def _missing(
    agreement: Agreement, answers: Answers, wrong: set[str], heading_of: Mapping[str, str]
) -> list[CellProblem]:
    """Without these nobody could say whose request it is, or when it came."""
    found: list[CellProblem] = []
    for key in ("received.on", "requester.body", "person.family_name"):
        field = agreement.field(key)
        if field is None or key in answers or heading_of.get(key) in wrong:
            continue
        found.append(CellProblem(heading_of.get(key, field.label), f"{field.label} is missing."))
    return found


def _put(answers: dict[str, Json], field: Field, target: Target, text: str) -> None:
    """Adds what a cell says. Raises ValueError with what is wrong about it."""
    if target.part == POSTCODE:
        before = answers.get(field.key)
        answers[field.key] = {**(before if isinstance(before, Mapping) else {"lines": ""}), "postcode": text}
    elif field.kind == "address" and isinstance(before := answers.get(field.key), Mapping):
        answers[field.key] = {**before, **_address(text, keep=str(before.get("postcode", "")))}
    else:
        reader = _READERS.get(field.kind)
        answers[field.key] = reader(field, text) if reader is not None else text


def _address(text: str, keep: str = "") -> dict[str, Json]:
    lines = [line.strip() for line in (text.splitlines() if "\n" in text else text.split(","))]
    lines = [line for line in lines if line]
    if not keep and lines and postcode_looks_right(lines[-1]):
        keep = lines.pop()
    return {"lines": "\n".join(lines), "postcode": keep}


def _option(field: Field, text: str) -> str:
    wanted = _plain(text)
    for option in field.options:
        if wanted in (_plain(option.id), _plain(option.label)):
            return option.id
    begins = [option.id for option in field.options if wanted and _plain(option.label).startswith(wanted)]
    if len(begins) == 1:
        return begins[0]
    shown = [f"“{one.label}”" for one in field.options if one.id != NO_GROUND]
    more = "" if len(shown) <= 8 else f", and {len(shown) - 8} more: see the form"
    raise ValueError(f"“{text[:60]}” is not a choice. Use one of: {join_and(shown[:8])}{more}.")


def _options(field: Field, text: str) -> Json:
    return [_option(field, part.strip()) for part in _SPLIT.split(text) if part.strip()]


def _tick(_field: Field, text: str) -> Json:
    said = text.casefold()
    if said not in _YES | _NO:
        raise ValueError("Write yes or no.")
    return said in _YES


def _date(field: Field, text: str) -> Json:
    """Days as people here write them: the day comes first. A year has four figures."""
    if field.kind == "partial_date" and text.casefold() in _UNKNOWN:
        return {"day": "", "month": "", "year": "", "unknown": True}
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    elif (found := _FIGURES.fullmatch(text)) or (found := _NAMED.fullmatch(text)):
        day, month, year = found.groups()
    elif found := _MONTH.fullmatch(text):
        day, (month, year) = "", found.groups()
    elif _YEAR.fullmatch(text):
        day, month, year = "", "", text
    else:
        raise ValueError(f"“{text[:40]}” is not a date that the desk can read. Write it as 14 March 1990.")
    boxes: dict[str, Json] = {"day": (day or "").lstrip("0"), "month": (month or "").lstrip("0"), "year": year}
    if field.kind == "partial_date":
        return {**boxes, "unknown": not (boxes["day"] and boxes["month"])}
    return boxes


def _other_names(_field: Field, text: str) -> Json:
    return [{"name": part.strip(), "kind": "alias"} for part in _SPLIT.split(text) if part.strip()]


def _sources(_field: Field, text: str) -> Json:
    return [{"source": part.strip(), "on": "", "result": ""} for part in _SPLIT.split(text) if part.strip()]


_READERS: Mapping[str, Callable[[Field, str], Json]] = {
    "choice": _option,
    "choices": _options,
    "items": _options,
    "tick": _tick,
    "date": _date,
    "partial_date": _date,
    "names": _other_names,
    "address": lambda _field, text: _address(text),
    "sources": _sources,
}
"""Every other kind is text, kept as it was sent."""


def send_back(table: Table, wrong: Sequence[ReadRow]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Headings and rows of what goes back to the sender: as sent, with what is wrong at the end."""
    said = {one.number: " ".join(_words(problem) for problem in one.problems) for one in wrong}
    width = len(table.headings)
    rows = [
        (*row.cells[:width], *("",) * (width - len(row.cells)), said[row.number])
        for row in table.rows
        if row.number in said
    ]
    return (*table.headings, WRONG_HEADING), rows


WRONG_HEADING = "What is wrong"


def _words(problem: CellProblem) -> str:
    return f"{problem.heading}: {problem.message}" if problem.heading else problem.message
