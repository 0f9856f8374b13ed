"""Whether two requests may be about the same person: facts side by side, never a score."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from db.records import Answers, Json
from desktop.policy.dates import PartialDate, parse_partial_date
from desktop.policy.identifiers import nhs_number_is_right, normalise_nhs_number
from desktop.policy.wording import NOT_KNOWN, join_and, nhs_number_words, partial_date_words

Verdict = Literal["agrees", "differs", "unknown"]
NOT_GIVEN = "Not given"
GENDERS = {"0": "Not known", "1": "Male", "2": "Female", "9": "Not specified"}
"""Person gender codes of the NHS Data Dictionary."""
IDENTIFIERS = frozenset(
    {
        "name",
        "other_names",
        "born",
        "gender",
        "nationality",
        "address",
        "nhs_number",
        "home_office_reference",
        "passport",
        "ni_number",
    }
)
"""What may agree between a request and a record."""
LEAST_IDENTIFIERS = 3
WHO_IS_MEANT = ("person.family_name", "person.given_names", "person.born", "person.nhs_number")
"""What ``somebody_else`` looks at."""
_NUMBERS = ("home_office_reference", "passport", "ni_number")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})
"""Letters with a stroke and the like, which Unicode does not take apart."""
_LAST_LETTER_MARK = 9
"""Combining classes up to this one change the letter (voicing, nukta, virama); those above are accents and points."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field: what the earlier request says in words, and whether the two agree."""

    label: str
    earlier: str
    verdict: Verdict


def name_key(name: str) -> str:
    """A name for comparing, in any script: without case, accents, spaces and punctuation."""
    if name.isascii():
        return "".join(filter(str.isalnum, name.lower()))
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold().translate(_LETTERS))
    kept = (c for c in plain if unicodedata.combining(c) <= _LAST_LETTER_MARK and unicodedata.category(c)[0] in "LMN")
    return "".join(kept)


def other_names(answers: Answers) -> tuple[str, ...]:
    """The person's other names as typed, without empty rows."""
    rows = answers.get("person.other_names")
    if not isinstance(rows, list | tuple):
        return ()
    names = [row.get("name") for row in rows if isinstance(row, Mapping)]
    return tuple(name.strip() for name in names if isinstance(name, str) and name.strip())


def compare(now: Answers, earlier: Answers) -> tuple[Comparison, ...]:
    """Field by field, this request against an earlier one. Case, accents and spacing never make a difference."""
    return (
        _compared("Family name", now, earlier, "person.family_name"),
        _compared("Given names", now, earlier, "person.given_names"),
        _other_names(now, earlier),
        _born(now, earlier),
        _gender(now, earlier),
        _compared("Nationality", now, earlier, "person.nationality"),
        _nhs_number(now, earlier),
        _compared("Home Office reference", now, earlier, "person.home_office_reference"),
        _compared("Passport", now, earlier, "person.passport"),
        _address(now, earlier),
    )


def somebody_else(now: Answers, earlier: Answers) -> bool:
    """Whether what both requests say of their persons' names, births and NHS numbers differs in anything."""
    return any(
        one.verdict == "differs"
        for one in (
            _compared("", now, earlier, "person.family_name"),
            _compared("", now, earlier, "person.given_names"),
            _born(now, earlier),
            _nhs_number(now, earlier),
        )
    )


def may_be_same(now: Answers, earlier: Answers) -> bool:
    """Whether an earlier request is worth showing. It says nothing of how likely it is, and it decides nothing.

    It is where a number agrees (NHS, Home Office, passport, National Insurance); where a family name agrees, and with
    it the year of birth or the first given name; where all names agree, in whichever field they stand; or where the
    whole date of birth agrees, and with it all given names, as after a marriage, or one's family name is among the
    names of the other. Other names count too.
    """
    return bool(may_be_same_as(now, (earlier,)))


def may_be_same_as(now: Answers, others: Sequence[Answers]) -> list[int]:
    """The places of those among many earlier requests that are worth showing, as ``may_be_same`` has it."""
    mine = _keys(now)
    return [at for at, one in enumerate(others) if _alike(mine, _keys(one))]


@dataclass(frozen=True, slots=True)
class _Keys:
    """What a request says of its person, as it is compared."""

    numbers: frozenset[tuple[str, str]]
    born: PartialDate | None
    given: str
    family: str
    names: frozenset[tuple[str, str]]

    @property
    def all_names(self) -> str:
        """In one, as a list has them."""
        return self.family + self.given

    @property
    def turned(self) -> str:
        """In one, the given names first."""
        return self.given + self.family

    @property
    def in_two(self) -> bool:
        """Whether there are a given name and a family name."""
        return bool(self.family and self.given)


def _keys(answers: Answers) -> _Keys:
    nhs = normalise_nhs_number(_text(answers, "person.nhs_number"))
    numbers = {("nhs_number", nhs)} if nhs_number_is_right(nhs) else set()
    numbers |= {(one, key) for one in _NUMBERS if (key := name_key(_text(answers, f"person.{one}")))}
    given, family = (name_key(_text(answers, f"person.{part}")) for part in ("given_names", "family_name"))
    born = parse_partial_date(answers.get("person.born"))
    return _Keys(frozenset(numbers), born, given, family, frozenset(_names(answers)))


def _alike(mine: _Keys, theirs: _Keys) -> bool:
    if mine.numbers & theirs.numbers:
        return True
    same_year = bool(mine.born and theirs.born and mine.born.year and mine.born.year == theirs.born.year)
    same_day = bool(mine.born and mine.born == theirs.born and mine.born.whole())
    if same_day and ((mine.given and mine.given == theirs.given) or _among(mine, theirs) or _among(theirs, mine)):
        return True
    if (mine.in_two or theirs.in_two) and {mine.all_names, mine.turned} & {theirs.all_names, theirs.turned}:
        return True
    return any(
        family == other_family and (same_year or bool(given and given == other_given))
        for given, family in mine.names
        for other_given, other_family in theirs.names
    )


def _among(one: _Keys, other: _Keys) -> bool:
    return bool(one.family) and one.family in other.all_names


def enough_identifiers(matched: Collection[str]) -> bool:
    """At least three identifiers, with a name and a date of birth among them: an NHS number alone is never enough.

    NHS service manual, "Ask for NHS numbers": do not rely on an NHS number on its own.
    """
    kinds = IDENTIFIERS.intersection(matched)
    return len(kinds) >= LEAST_IDENTIFIERS and {"name", "born"} <= kinds


def not_enough(matched: Collection[str]) -> str:
    """What is missing before anything may be disclosed; "" where nothing is."""
    kinds = IDENTIFIERS.intersection(matched)
    if enough_identifiers(kinds):
        return ""
    if not kinds:
        return "Say which identifiers agree: the name, the date of birth and at least one more."
    missing = [words for key, words in (("name", "the name"), ("born", "the date of birth")) if key not in kinds]
    if not kinds - {"name", "born"}:
        missing.append("one more identifier")
    alone = "An NHS number alone is never enough. " if kinds == {"nhs_number"} else ""
    return f"{alone}Before anything is disclosed, {join_and(missing)} must agree too."


def _text(answers: Answers, key: str) -> str:
    value = answers.get(key)
    return value.strip() if isinstance(value, str) else ""


def _verdict(one: str, other: str) -> Verdict:
    if not one or not other:
        return "unknown"
    return "agrees" if one == other else "differs"


def _compared(label: str, now: Answers, earlier: Answers, key: str) -> Comparison:
    theirs = _text(earlier, key)
    return Comparison(label, theirs or NOT_GIVEN, _verdict(name_key(_text(now, key)), name_key(theirs)))


def _other_names(now: Answers, earlier: Answers) -> Comparison:
    theirs = other_names(earlier)
    mine = {name_key(name) for name in other_names(now)}
    if not mine or not theirs:
        return Comparison("Other names", ", ".join(theirs) or NOT_GIVEN, "unknown")
    shared = mine & {name_key(name) for name in theirs}
    return Comparison("Other names", ", ".join(theirs), "agrees" if shared else "differs")


def _born(now: Answers, earlier: Answers) -> Comparison:
    words = partial_date_words(earlier.get("person.born"))
    mine, theirs = parse_partial_date(now.get("person.born")), parse_partial_date(earlier.get("person.born"))
    return Comparison("Born", NOT_GIVEN if words == NOT_KNOWN else words, _dates(mine, theirs))


def _dates(one: PartialDate | None, other: PartialDate | None) -> Verdict:
    """Known parts against known parts. Without the year in common, a day and a month agree with too many."""
    if one is None or other is None:
        return "unknown"
    pairs = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    if any(a != b for a, b in known):
        return "differs"
    return "agrees" if one.year is not None and other.year is not None else "unknown"


def _gender(now: Answers, earlier: Answers) -> Comparison:
    mine, theirs = (code if code in ("1", "2") else "" for code in (_text(a, "person.gender") for a in (now, earlier)))
    return Comparison("Gender", GENDERS.get(_text(earlier, "person.gender"), NOT_GIVEN), _verdict(mine, theirs))


def _nhs_number(now: Answers, earlier: Answers) -> Comparison:
    typed = _text(earlier, "person.nhs_number")
    mine, theirs = normalise_nhs_number(_text(now, "person.nhs_number")), normalise_nhs_number(typed)
    return Comparison("NHS number", nhs_number_words(theirs) or typed or NOT_GIVEN, _verdict(mine, theirs))


def _address(now: Answers, earlier: Answers) -> Comparison:
    """Agrees where the words are the same in any order and no postcode speaks against it."""
    mine, my_postcode, _ = _address_parts(now.get("person.address"))
    theirs, their_postcode, words = _address_parts(earlier.get("person.address"))
    verdict = _verdict(my_postcode, their_postcode)
    if verdict != "differs":
        verdict = _verdict(" ".join(mine), " ".join(theirs))
    return Comparison("Address", words or NOT_GIVEN, verdict)


def _address_parts(value: Json) -> tuple[list[str], str, str]:
    """The sorted words, the postcode's key, and the whole as one line."""
    if not isinstance(value, Mapping):
        return [], "", ""
    lines, postcode = (str(value.get(part) or "") for part in ("lines", "postcode"))
    shown = [line.strip(" ,") for line in (*lines.splitlines(), postcode) if line.strip(" ,")]
    keys = sorted(filter(None, (name_key(word) for word in lines.replace(",", " ").split())))
    return keys, name_key(postcode), ", ".join(shown)


def _names(answers: Answers) -> Iterator[tuple[str, str]]:
    """Each name of the person as (first given name, family name) keys."""
    given = _text(answers, "person.given_names")
    yield from _pairs(given, _text(answers, "person.family_name"))
    for name in other_names(answers):
        *first, last = name.split()
        yield from _pairs(" ".join(first), last)
        yield from _pairs(given, name)


def _pairs(given: str, family: str) -> Iterator[tuple[str, str]]:
    key = name_key(family)
    if key:
        first = given.split(maxsplit=1)[:1]
        yield name_key(first[0]) if first else "", key
