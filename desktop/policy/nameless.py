"""Whether a text names a person, as far as its shape shows: for requests that may carry a reference and nothing else.

It cannot know every name. It finds what people write when they name somebody: a title, "born", "known as", a date of
birth, or two names with capitals beside each other; and lets bodies, countries and laws pass.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from desktop.policy.identifiers import looks_like_ni_number, nhs_number_is_right

_BORN = re.compile(r"\b(?:born|d\.?\s?o\.?\s?b|date of birth|n[ée]e|year of birth|aged?\s+\d+)\b", re.IGNORECASE)
_BORN_THEN = re.compile(
    r"\b(?:born|d\.?\s?o\.?\s?b\.?|date of birth|b\.)(?!\w)[\s:,(]*(?:(?:on|in|the|is|was|of)\s+){0,2}(?=\d)",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:known as|a\.?k\.?a|alias(?:es)?|sur-?name|family name|first name|given names?|forenames?|full name|"
    r"name(?:s)?\s*(?:is|are|:|=))",
    re.IGNORECASE,
)
_CAPITAL = r"(?:[^\W\d_a-zß-öø-ÿ][\w'’\-]+)"
_TITLE = re.compile(rf"\b(?i:mr|mrs|ms|miss|mx|dr|prof|sir|lady|madam|named|called)\b\.?\s+{_CAPITAL}")
_PAIR = re.compile(rf"(?<![\w'’\-])({_CAPITAL})\s*,?\s+({_CAPITAL})")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    r"(?<![\w/\-])(?:\d{1,2}[./\-]\d{1,2}[./\-](?P<a>\d{4}|\d\d)|(?P<b>(?:18|19|20)\d\d)[./\-]\d{1,2}[./\-]\d{1,2}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?[ \-.]+{_MONTH}[ \-.,]+(?P<c>\d{{4}})|{_MONTH}[ .]+\d{{1,2}},?[ ]+(?P<d>\d{{4}}))"
    r"(?![\w/\-])",
    re.IGNORECASE,
)
_NHS_SHAPED = re.compile(r"(?<![\w\-/.])\d{3}[\s.\-‐-―]{0,3}\d{3}[\s.\-‐-―]{0,3}\d{4}(?![\w\-/])")
_NI_SHAPED = re.compile(r"\b[A-Z]{2}(?:[\s./\-]{0,2}\d\d){3}[\s./\-]{0,2}[A-D]\b", re.IGNORECASE)
_BIRTHS_UP_TO = 2009
"""A date up to this year, in a request about an immigration case, is a date of birth more often than anything else."""
_WORDS = re.compile(r"(?<![\w\-/])[^\W\d_]{3,}[,.]?\s+[^\W\d_]{3,}(?![\w\-/])")
_BODIES = frozenset(
    "act agency agreement all america american anonymised appeal application article asylum australia australian "
    "authority biometric board border british bureau canada canadian case centre check citizenship claim commission "
    "commonwealth convention council country court crown customs data decision department directorate division "
    "enforcement entry european federal file fingerprint force foreign government high home hong identity immigration "
    "information integrity international interpol investigation kingdom kong law leave letter limited match minister "
    "ministry national nations new no north northern number office operation order paragraph part partner passport "
    "police port print prints protection protocol query record ref reference refugee refusal regional registry "
    "republic request result review rule rules schedule secretary section security service services settlement south "
    "southern state states status system team the their they this tribunal union unit united upper visa we western "
    "zealand".split()
)
"""Words of which one in a pair with capitals makes it the name of a body, a country, a law or a paper."""


def tells_whose(text: str) -> bool:
    """Whether a text has an NHS number or a National Insurance number in it, or says when somebody was born."""
    return (
        bool(_BORN_THEN.search(text))
        or any(nhs_number_is_right(found) for found in _NHS_SHAPED.findall(text))
        or any(looks_like_ni_number(found.replace("/", "")) for found in _NI_SHAPED.findall(text))
    )


def says_who(text: str) -> bool:
    """Whether a text has a title before a name, or words such as "known as" or "born"."""
    return any(one.search(text) for one in (_BORN, _CALLED, _TITLE))


def pairs_of_capitals(text: str) -> tuple[tuple[str, str], ...]:
    """Each two words with capitals that stand beside each other, as two names do."""
    alone = rf"(?<![\w'’\-])({_CAPITAL})(?=\s*,?\s+({_CAPITAL}))"
    return tuple((found[1], found[2]) for found in re.finditer(alone, text))


def names_a_body(text: str, also: Collection[str] = ()) -> bool:
    """Whether a word of the text makes a body, a country or a paper of it, or is one of `also`, in small letters."""
    return not {*_BODIES, *also}.isdisjoint(re.split(r"\W+", text.casefold()))


def names_someone(text: str) -> bool:
    """Whether a text reads as if it named a person, or gave a date of birth."""
    if says_who(text):
        return True
    if any(int(next(filter(None, found.groups()))) <= _BIRTHS_UP_TO for found in _DATE.finditer(text)):
        return True
    return any(_pair_of_names(found) for found in _PAIR.finditer(text))


def is_no_code(text: str) -> bool:
    """Whether a reference is more than a code: it has no figure, a date, two words side by side, or names someone."""
    if not text:
        return False
    figures = any(c.isdigit() for c in text)
    return not figures or bool(_DATE.search(text) or _WORDS.search(text)) or names_someone(text)


def _pair_of_names(found: re.Match[str]) -> bool:
    return not any(map(names_a_body, found.groups()))
