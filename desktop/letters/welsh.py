"""Letters in Welsh: the words of an agreement and of a case as a Welsh letter has them, from ``resources/letters/cy``.

Welsh Language (Wales) Measure 2011 and the schemes made under the Act of 1993: whoever prefers Welsh is written to in
Welsh and in English, in one letter, at the same time.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from functools import cache

from desktop.letters.facts import ItemRow, LetterFacts
from desktop.policy import wording
from desktop.policy.wording import lower_first
from resources import resource

_MONTHS = (
    "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd",
    "Rhagfyr",
)  # fmt: skip
_ENGLISH = tuple(wording.day(date(2000, month, 1)).split()[1] for month in range(1, 13))
_WEEKDAYS = (
    "dydd Llun", "dydd Mawrth", "dydd Mercher", "dydd Iau", "dydd Gwener", "dydd Sadwrn", "dydd Sul",
)  # fmt: skip
_AS_IT_IS = frozenset(
    {
        "kind", "number", "reference", "their_reference", "recipient", "salutation", "marking", "snapshot_hash",
        "file_id", "caseworker", "body", "withheld", "reply_to", "said", "why_replaced",
    }
)  # fmt: skip
"""The facts that are the same in every language: names, numbers, and what someone wrote in their own words."""
_DAY_FORM = rf"\d{{1,2}} (?:{'|'.join(_ENGLISH)}) \d{{4}}"
"""A date as English letters have it."""
_SLOTS = {
    "n": r"\d[\d,]*",
    "day": _DAY_FORM,
    "text": r".+?",
}
_SLOT = re.compile(r"\{(n|day|text)\}")
_ENTRY_SLOTS = {"day": _DAY_FORM, "who": ".+?", "title": ".+?", "items": ".+?"}
_ENTRY_SLOT = re.compile(r"\{(day|who|title|items)\}")
_DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(_ENGLISH)}) (\d{{4}})")


class NoWelshError(Exception):
    """There is no Welsh for something that the letter says: ``phrase``, which may name a person."""

    def __init__(self, phrase: str) -> None:
        super().__init__("a phrase has no Welsh")
        self.phrase = phrase


def day(on: date) -> str:
    """Such as "16 Mehefin 2017"."""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def weekday_day(on: date) -> str:
    """Such as "dydd Gwener 16 Mehefin 2017"."""
    return f"{_WEEKDAYS[on.weekday()]} {day(on)}"


def clock_time(local: datetime) -> str:
    """Such as "5.30yp", "9yb", "hanner dydd" or "hanner nos", of a moment as clocks in London show it."""
    if local.minute == 0 and local.hour in (0, 12):
        return "hanner dydd" if local.hour else "hanner nos"
    minutes = f".{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'yb' if local.hour < 12 else 'yp'}"


def translated(facts: LetterFacts, names: Collection[str]) -> LetterFacts:
    """The facts with those of these names that are an agreement's words or the desk's in Welsh. Raises NoWelshError."""
    changed: dict[str, object] = {}
    for one in fields(facts):
        value = getattr(facts, one.name)
        if one.name in _AS_IT_IS or one.name not in names:
            continue
        if isinstance(value, str) and value:
            changed[one.name] = phrase(value)
        elif one.name == "items":
            changed[one.name] = tuple(_row(row) for row in facts.items)
        elif isinstance(value, tuple) and all(isinstance(entry, str) for entry in value):
            changed[one.name] = tuple(phrase(entry) for entry in value)
    return replace(facts, **changed)  # type: ignore[arg-type]


def phrase(english: str) -> str:
    """A text in Welsh, as the list of terms has it; dates and numbers in it are carried over. Raises NoWelshError."""
    words = " ".join(english.split())
    exact, patterns = _terms()
    if words in exact:
        return exact[words]
    for pattern, welsh in patterns:
        if found := pattern.fullmatch(words):
            return welsh.format(**{slot: days_in(text) for slot, text in found.groupdict().items()})
    raise NoWelshError(english)


def days_in(text: str) -> str:
    """The text with its dates in Welsh."""
    return _DAY.sub(lambda found: f"{found[1]} {_MONTHS[_ENGLISH.index(found[2])]} {found[3]}", text)


def _row(row: ItemRow) -> ItemRow:
    """What a record says stays as the record has it, but for a date that is all it says; a sentence of the desk's is in
    Welsh.
    """
    recorded = days_in(row.recorded_on) if _DAY.fullmatch(row.recorded_on) else phrase(row.recorded_on)
    value = days_in(row.value) if _DAY.fullmatch(row.value) else row.value
    value = entries(value) if row.in_our_words else value
    return replace(row, label=phrase(row.label), value=value, recorded_on=recorded)


def entries(value: str) -> str:
    """What the register tells a person of the requests about them, a request to a line, in Welsh.

    The English is put together by ``desktop.casework.aboutperson`` and kept as it was approved; here each of its
    sentences is known again by its form. Names stay as they are. Raises NoWelshError for a line that is made of
    anything else.
    """
    return "\n".join(_entry(line) for line in value.split("\n"))


def _entry(line: str) -> str:
    said: list[str] = []
    at = 0
    while at < len(line):
        found = next((made for made in (_sentence(line, at, one) for one in _sentences()) if made), None)
        if found is None:
            raise NoWelshError(line)
        words, at = found
        said.append(words)
    return " ".join(said)


def _sentence(line: str, at: int, known: tuple[re.Pattern[str], str]) -> tuple[str, int] | None:
    """The sentence that begins there, in Welsh, and where the next one begins; None where it is another."""
    pattern, in_welsh = known
    found = pattern.match(line, at)
    if found is None:
        return None
    slots = {slot: _put(slot, text, line) for slot, text in found.groupdict().items()}
    return in_welsh.format(**slots), found.end()


def _put(slot: str, text: str, line: str) -> str:
    exact = _terms()[0]
    if slot == "day":
        return days_in(text)
    if slot != "items":
        # The title of an agreement, or a body: by its Welsh name if it has one.
        return exact.get(text, text)
    known = {lower_first(english): lower_first(in_welsh) for english, in_welsh in exact.items()}
    listed = _listed(text, known)
    if listed is None:
        raise NoWelshError(line)
    return ", ".join(listed)


def _listed(text: str, known: dict[str, str]) -> list[str] | None:
    """The labels in such as "name, date of birth and last known address", in Welsh; None where one is unknown."""
    if text in known:
        return [known[text]]
    for comma in re.finditer(r", | and ", text):
        first = known.get(text[: comma.start()])
        others = _listed(text[comma.end() :], known) if first is not None else None
        if first is not None and others is not None:
            return [first, *others]
    return None


@cache
def _sentences() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_sentence_form(english), in_welsh) for english, in_welsh in _table("register").items())


def _sentence_form(english: str) -> re.Pattern[str]:
    pieces = _ENTRY_SLOT.split(english)
    said = "".join(f"(?P<{one}>{_ENTRY_SLOTS[one]})" if n % 2 else re.escape(one) for n, one in enumerate(pieces))
    return re.compile(rf"{said}(?: |$)")


@cache
def _table(name: str) -> Mapping[str, str]:
    tables = tomllib.loads(resource("letters", "cy", "terms.toml").read_text(encoding="utf-8"))
    return {str(english): str(in_welsh) for english, in_welsh in tables[name].items()}


@cache
def _terms() -> tuple[dict[str, str], tuple[tuple[re.Pattern[str], str], ...]]:
    table = _table("terms")
    exact = {english: welsh for english, welsh in table.items() if not _SLOT.search(english)}
    patterns = tuple((_pattern(english), welsh) for english, welsh in table.items() if _SLOT.search(english))
    return exact, patterns


def _pattern(english: str) -> re.Pattern[str]:
    pieces = _SLOT.split(english)
    return re.compile("".join(f"(?P<{one}>{_SLOTS[one]})" if n % 2 else re.escape(one) for n, one in enumerate(pieces)))
