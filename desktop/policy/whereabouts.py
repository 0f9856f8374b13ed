"""What tells, in a text that should not, where a person is or how they can be reached.

It is for values that two people let go while a concern keeps the address off: a name, a date, a status. It finds what
people write when they put a place there all the same, and lets names, dates, courts and bodies pass. What it finds is
sent back to be written again, so it may be wider than it is sure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from db.records import Case
from desktop.policy.agreements import Agreement
from desktop.policy.identifiers import postcodes_in
from desktop.policy.safeguards import tells_where
from desktop.policy.spelling import plain, readings, unfigured

_SHORT = {
    "st": "street", "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane", "dr": "drive", "cl": "close",
    "ct": "court", "crt": "court", "cres": "crescent", "cresc": "crescent", "pl": "place", "ter": "terrace",
    "terr": "terrace", "gdns": "gardens", "gdn": "gardens", "gr": "grove", "sq": "square", "pk": "park",
    "hse": "house", "bldg": "building", "bldgs": "buildings", "apt": "apartment", "blvd": "boulevard",
}  # fmt: skip
"""Abbreviations in addresses. "St" at the beginning of a name is a saint, which harms nothing here."""
_ABBREVIATED = re.compile(rf"\b({'|'.join(_SHORT)})\b\.?")
_SURE = (
    "street|road|avenue|lane|drive|crescent|terrace|gardens|court|mews|house|cottages?|lodge|farm|farmhouse|hostel|"
    "refuge|shelter|hotel|guesthouse|estate|mansions|buildings?|towers?|villas?|apartments?|flats?|surgery|hospital|"
    "hospice|school|college|prison|caravan (?:park|site)|care home|nursing home|medical centre|health centre"
)
"""Words that end the name of a street or a building, and little else."""
_MORE = (
    "close|place|grove|way|walk|row|square|hill|park|rise|view|green|wharf|quay|parade|yard|gate|bank|broadway|"
    "boulevard|esplanade|embankment|croft|fold|heights|point|mill|circus|passage|alley|path|drove|garth|common|bridge"
)
"""Words that end the name of a street, and mean much else: they count after a house number alone."""
_AT_WORK = "room|block"
"""Parts of a building that people work in as well as live in."""
_PART = f"flat|apartment|studio|bedsit|maisonette|caravan|houseboat|plot|pitch|berth|{_AT_WORK}"
_WHICH = r"\s+(?:no\.? ?)?(?:\d+[a-z]?|[a-z])\b"
_NO_NAME = (
    "a|an|the|of|in|on|at|by|to|for|from|and|or|with|before|after|until|till|since|as|is|was|were|not|no|his|her|"
    "their|our|your|my|this|that|any|some|each|every|days?|weeks?|months?|years?|hours?|minutes?|pounds?|people|"
    "persons?|children|names?|requests?|records?|entries|items?|pages?|times?|other|others|more|working|usual|same|"
    "january|february|march|april|may|june|july|august|september|october|november|december|first|second|only"
)
"""What is no part of a street's name."""
_JUDGES = "crown|county|high|magistrates'?|family|youth|supreme|sheriff|coroner'?s'?"
_WORD = rf"(?!(?:{_NO_NAME})\b)[^\W\d_][\w'’.\-]*"
_NUMBER = r"(?<![\w/.])(?!(?:18|19|20)\d\d\b)\d{1,4}[a-z]?(?:\s*[-–/]\s*\d{1,4}[a-z]?)?"
_CUE = (
    r"(?:\b(?:at|near|opposite|behind|beside|inside|c/o|address|li(?:ve|ving|ved|ves)(?: at| in| on)?|"
    r"stay(?:s|ed|ing)?(?: at| in| with)?|resid(?:e|es|ed|ing)(?: at| in)?|mov(?:ed|es|ing) (?:in)?to|"
    r"housed (?:at|in))\b:?|[,;(\n])"
)
"""What stands before a place."""
_TOWN_CUE = r"(?:\b(?:at|in|near|from|of|to|around|outside|c/o|live[sd]?|living|now|address)\b:?|[,;(\n])"
_BODY = (
    "police|council|city council|county|borough|nhs|hospitals|trust|crown|magistrates|probation|constabulary|university"
)
"""What follows a town's name that is then the name of a body."""

_BY_WORDS = tuple(
    re.compile(rule)
    for rule in (
        # A house number and a street; a street and then its number, as much of Europe writes it.
        rf"{_NUMBER},?\s+(?:{_WORD}[ ]+){{1,4}}?(?:{_SURE}|{_MORE})\b",
        r"\b\w{3,}(?:straße|strasse|gasse|straat|laan)\s+\d",
        rf"(?:{_NUMBER},?\s+)(?:rue|avenue|boulevard|calle|rua|ulica|ul\.|strada|avenida|piazza)\s+\w",
        r"\b(?:rue|calle|rua|ulica|ul\.|strada|avenida|piazza)\s+[^\W\d_][\w'’.\- ]{1,40}?[ ,]+\d",
        # A street or building that somebody is said to be at.
        rf"{_CUE}\s*(?:the )?(?:{_WORD}[ ]+){{1,4}}?(?:{_SURE})\b(?! of)",
        # Part of a building, a box, the forces' post, somebody else's door.
        rf"\b(?:{_PART}){_WHICH}",
        r"\bp\.?\s*o\.?\s*box\b",
        r"\bbfpo\s*\d",
        r"\bc\s?/\s?o\b|\bcare of\b",
        r"\bno fixed (?:abode|address)\b",
    )
)
"""What is told in words, however they are spelled."""
_DOT = r"(?:\s*[\[(]dot[\])]\s*|\s+dot\s+)"
_BY_FIGURES = tuple(
    re.compile(rule)
    for rule in (
        # A telephone number or an e-mail address.
        r"(?<![\w+])(?:\+\s?\d{1,3}[\s()\-]*|\(?0)\d{2,4}\)?[\s\-]?\d{3,4}[\s\-]?\d{3,4}(?!\d)",
        r"(?<!\w)(?:\+|\(?0)(?:[\s().\-]*\d){9,13}(?!\d)",
        rf"(?<![\w.+\-])[\w.+\-]+(?:(?:@|\s*[\[(]at[\])]\s*)[\w\-]+(?:\.|{_DOT})|\s+at\s+[\w.\-]+{_DOT})\w",
        # A point on the earth: in decimals, in degrees, in three words.
        r"(?<![\w.])[+\-]?\d{1,3}\.\d{3,}\s*°?\s*[nsew]?[\s,;/]+[+\-]?\d{1,3}\.\d{3,}",
        r"(?<![\w.])\d{1,3}(?:\.\d+)?\s*°\s*(?:\d|[nsew]\b)",
        r"(?<!/)/{2,}\s*[^\W\d_]+[.。・][^\W\d_]+[.。・][^\W\d_]+",
        r"(?<![\w.@/])[^\W\d_]{3,}\.[^\W\d_]{3,}\.[^\W\d_]{3,}(?![\w@/]|\.\w)",
    )
)
"""What goes by its figures and signs, which no other reading keeps."""
_SPACED_POSTCODE = re.compile(
    r"(?<!\w)(?!(?:a|i|am|an|as|at|be|by|do|he|id|if|in|is|it|me|my|no|of|on|or|pm|so|to|up|us|we)\b)"
    r"[a-z](?: ?[a-z])? ?\d(?: ?[\da-z])? ?\d ?[abd-hjlnp-uw-z] ?[abd-hjlnp-uw-z](?!\w)"
)
_ROOM_AT_WORK = re.compile(rf"\b(?:{_AT_WORK}){_WHICH}")
_STREET = re.compile(rf"\b(?:{_SURE}|{_MORE}|the|old|new|saint)\b")
"""What many a street's name has."""
_COURT_OF_LAW = re.compile(rf"\b(?:{_JUDGES})\s+court\b")

_UNITS = {
    "zero": 0, "nought": 0, "oh": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_IN_WORDS = re.compile(
    rf"\b(?:({'|'.join(_TENS)})(?:[ \-]({'|'.join(word for word, n in _UNITS.items() if 0 < n < 10)}))?"
    rf"|({'|'.join(_UNITS)}))\b"
)
_LIKE_FIGURES = re.compile(r"(?<![^\W_])[\doil|]+(?![^\W_])")
_MEANT = str.maketrans("oil|", "0111")
"""Letters in the place of figures; only what is as long as a telephone number is looked for among them."""
_WORDS = re.compile(r"\d+(?:[/.]\d+)+|\d+|[^\W\d_]+")
_MONTH = re.compile(
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
_COUNTED = re.compile(
    rf"(?:\d{{1,2}} (?:19|20)\d\d|{_MONTH.pattern}|th|nd|rd|days?|weeks?|months?|years?|hours?|minutes?|pounds?|"
    r"people|persons?|children|names?|requests?|records?|entries|items?|pages?|times?|working)\b"
)
"""What follows a number that counts something, or is a day: no number of a house."""


def places_of(agreement: Agreement, case: Case) -> tuple[str, ...]:
    """The addresses of the person that the case holds: what came with the request, and what was recorded."""
    answers = case.submissions[-1].snapshot if case.submissions else case.answers
    given = [value for key, value in answers.items() if key.startswith("person.") and isinstance(value, dict)]
    found = [f"{one['lines']}\n{one.get('postcode', '')}" for one in given if "lines" in one]
    for key, value in (case.finding.values if case.finding else {}).items():
        item = agreement.item(key)
        found += [value.get("value", "")] if tells_where(key, item.label if item else "") else []
    return tuple(found)


def told_where(text: str, known: Iterable[str] = (), *, at_work: bool = False) -> str:
    """The first piece of a text that tells where the person is, or how they can be reached; "" where nothing does.

    ``known``: addresses given or recorded, of which no line may stand there, and no town after "in", "at" or a comma.
    ``at_work``: the text says who asks, and a room or a block is where they work, unless a street of these addresses
    is named with it.
    """
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    places = tuple(known)
    for postcode in postcodes_in(text):
        return postcode
    for form in _forms(text):
        if piece := _told_in(form, places, at_work=at_work):
            return piece
    for form in _figures(text):
        for rule in _BY_FIGURES:
            if found := rule.search(form):
                return _bare(found)
    return ""


def holds_line(text: str, known: Iterable[str]) -> str:
    """The first street of these addresses that stands in a text with its number, in any order and however it is
    spelled, or with its whole postcode; "" where none does. It is for an address that may stand there unless it is one
    of them: a town or a postcode they may share.
    """
    places, read = tuple(known), _forms(text)
    apart = (re.sub(r"(?<=\d)[\W_]+(?=\d)", "|", form) for form in read)
    forms = [re.sub(r"[^\w|]|_", "", form) for form in apart]
    for part in _parts(places):
        line, name = _squeezed(part), _unnumbered(part)
        numbered = name != part and len(_squeezed(name)) >= _LEAST
        if numbered and any(re.search(rf"(?<!\d){re.escape(line)}", form) for form in forms):
            return part
    words = [_words(_numbered(form).replace("\n", " ")) for form in read]
    codes = {_squeezed(code) for form in read for code in postcodes_in(_numbered(form))}
    for street in _streets(places):
        together = bool(codes & street.postcodes) and any(street.names & set(one) for one in words)
        if together or any(street.stands_in(one) for one in words):
            return street.part
    return ""


def telling_lines(addresses: str) -> tuple[str, ...]:
    """The lines of addresses that tell where they are: those with a figure. A town's name may stand in a letter for
    another reason, and so may a number or a part of a building: it tells something with the line under it alone.
    """
    lines = [line.strip() for line in addresses.splitlines() if line.strip()]
    found: list[str] = []
    for line, under in zip_longest(lines, lines[1:]):
        if any(char.isdigit() for char in line):
            alone = not _squeezed(_unnumbered(_plain(plain(line))))
            found += [line] if not alone else [f"{line} {under}"] if under else []
    return tuple(dict.fromkeys(found))


def _forms(text: str) -> tuple[str, ...]:
    """A text as it was typed, its look-alikes folded, and then every way in which it may be read."""
    base = plain(text)
    forms = [text, base, *unfigured(base), *readings(text, figures=True)]
    if "vv" in base:
        doubled = base.replace("vv", "w")
        forms += [doubled, *unfigured(doubled), *readings(doubled, figures=True)]
    return tuple(dict.fromkeys(map(_plain, forms)))


def _figures(text: str) -> tuple[str, ...]:
    """A text as its figures may be read: as typed, with figures said in words, with letters that stand for figures."""
    forms = [_plain(text), _plain(plain(text))]
    forms.append(_numbered(forms[1]))
    forms.append(_LIKE_FIGURES.sub(lambda run: run[0].translate(_MEANT), forms[2]))
    return tuple(dict.fromkeys(forms))


def _numbered(form: str) -> str:
    """A form with the numbers up to a hundred that are said in words, in figures."""
    return _IN_WORDS.sub(
        lambda found: str(_TENS.get(found[1] or "", 0) + _UNITS.get(found[2] or found[3] or "", 0)), form
    )


def _told_in(form: str, known: tuple[str, ...], *, at_work: bool) -> str:
    numbered = _numbered(form)
    for postcode in postcodes_in(numbered):
        return postcode
    if found := _SPACED_POSTCODE.search(numbered):
        return found.group()
    lines = [_words(line) for line in numbered.splitlines()]
    for street in _streets(known):
        if any(street.stands_in(line) for line in lines):
            return street.part
    spoken = _COURT_OF_LAW.sub("tribunal", form)
    if at_work and not _names_street(form, known):
        spoken = _ROOM_AT_WORK.sub(" ", spoken)
    for rule in _BY_WORDS:
        if found := rule.search(spoken):
            return _bare(found)
    return next(_known_in(form, known), "")


def _bare(found: re.Match[str]) -> str:
    return found.group().strip(" ,;(\n")


_LEAST = 3
"""Letters of a line of an address, below which it stands in too much else."""


def _known_in(plain: str, known: Iterable[str]) -> Iterator[str]:
    squeezed = _squeezed(plain)
    for words in _parts(known):
        name = _unnumbered(words)
        for postcode in postcodes_in(words):
            outward = _plain(postcode).replace(" ", "")[:-3]
            if re.search(rf"(?<!\w){re.escape(outward)}(?!\w)", plain):
                yield outward
        if postcodes_in(words) or len(_squeezed(name)) < _LEAST:
            continue
        if " " in name or words != name:
            if _squeezed(name) in squeezed:
                yield name
        elif re.search(rf"{_TOWN_CUE}\s*(?:the )?{re.escape(name)}\b(?!\s+(?:{_BODY})\b)", plain):
            yield name


def _names_street(form: str, known: Iterable[str]) -> bool:
    """Whether a word of a street of these addresses stands in a text: its name, not what kind of street it is."""
    return any(name in _squeezed(form) for street in _streets(known) for name in street.names)


_NEAR = 3
"""So many words apart, a street's own word and its number stand beside each other."""


@dataclass(frozen=True, slots=True)
class _Street:
    """A line of an address that has a number: the words that are its own, and the whole postcodes of that address."""

    part: str
    names: frozenset[str]
    numbers: frozenset[str]
    postcodes: frozenset[str]

    def stands_in(self, words: list[str]) -> bool:
        """Whether one of its names stands beside its number, in any order."""
        places = (at for at, word in enumerate(words) if word in self.names)
        return any(self._number_at(words, near) for at in places for near in range(at - _NEAR, at + _NEAR + 1))

    def _number_at(self, words: list[str], at: int) -> bool:
        if not 0 <= at < len(words) or words[at] not in self.numbers:
            return False
        before, after = "".join(words[at - 1 : at]), " ".join(words[at + 1 : at + 3])
        return not _MONTH.fullmatch(before) and not _COUNTED.match(after)


def _streets(known: Iterable[str]) -> Iterator[_Street]:
    for address in known:
        parts = list(_parts((address,)))
        codes = frozenset(_squeezed(code) for part in parts for code in postcodes_in(part))
        for above, part in zip(("", *parts), parts, strict=False):
            name = _unnumbered(part)
            lines = part if _unnumbered(above) else f"{above} {part}"
            numbers = frozenset(re.findall(r"\d+", lines))
            own = frozenset(word for word in _words(_STREET.sub(" ", name)) if len(word) >= _LEAST and word.isalpha())
            if own and numbers and not postcodes_in(part):
                yield _Street(part, own, numbers, codes)


def _words(form: str) -> list[str]:
    """The words and figures of a form, each apart from the other; a date in figures is one."""
    return _WORDS.findall(form.replace("'", ""))


def _parts(known: Iterable[str]) -> Iterator[str]:
    """What stands between the commas and line ends of addresses."""
    for address in known:
        yield from (part.strip() for part in re.split(r"[,;\n]", _plain(plain(address))))


_UNIT = re.compile(
    rf"(?:(?:{_PART}|unit|floor|suite|level|wing|desk|ward){_WHICH}|\d+(?:st|nd|rd|th) floor\b"
    rf"|{_NUMBER}(?!\w)|\d{{1,4}}(?=[^\W\d_]{{3}})),?\s*"
)
"""A part of a building with its number or letter, or a number alone, at the beginning of a line."""


def _unnumbered(part: str) -> str:
    """A line of an address without the numbers and parts of a building that it begins with."""
    while found := _UNIT.match(part):
        part = part[found.end() :]
    return part


def _plain(text: str) -> str:
    """Small letters of one shape, one space between words, abbreviations written out; no line is empty."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    folded = "".join("-" if unicodedata.category(c) == "Pd" else c for c in folded)
    lines = (" ".join(line.split()) for line in folded.splitlines())
    return _ABBREVIATED.sub(lambda found: _SHORT[found.group(1)], "\n".join(line for line in lines if line))


def _squeezed(text: str) -> str:
    return "".join(c for c in text if c.isalnum())
