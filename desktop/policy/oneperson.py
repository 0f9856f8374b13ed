"""One request, one person: a name field that holds a list of people is told from one that holds an unusual name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

MORE_THAN_ONE = (
    "This looks like more than one person. A request is about one: keep one here, and register the others as requests "
    "of their own, or import them as a list."
)
PERHAPS_MORE = (
    "This may be more than one person’s name. If it is, keep one here and register the others as requests of their own."
)
NAMES_IN_A_ROW = (
    "Several names stand in one row. Give each name a row of its own. Another person is a request of their own."
)
NOBODY = "This names nobody. A request is about one person: ask the requester for their name."
PERHAPS_NOBODY = "This may name nobody. Give the person’s name, or ask the requester for it."
NOTHING_IN_COMMON = (
    "These names have nothing in common. If they are those of other people, register these as requests of their own."
)
OTHERS_BESIDE = (
    "This may name other people to be traced. A request is about one: register the others as requests of their own."
)
Several = Literal["no", "perhaps", "surely"]

_SAME = str.maketrans({"，": ",", "،": ",", "；": ";", "؛": ";", "＆": "&", "＋": "+", "\u00a0": " "})
"""Marks of other scripts that part names as ours do."""
_BREAKS = re.compile("[;\n|、•●▪■◦‣⁃]")
"""What parts the names of a list, and stands in no name. A middle dot does: 约翰·史密斯, l·l."""
_JOINED = re.compile(r"\s(&|\+|and|with|as well as|together with|along with)\s", re.IGNORECASE)
_MAYBE_JOINED = re.compile(r"\s(?:plus|und|et|och|[–—-])\s|\s{3,}", re.IGNORECASE)
_SLASHED = re.compile(r"\s*/\s*")
_MANY = (
    "people|persons|individuals|men|women|males|females|children|adults|others|brothers|sisters|siblings|suspects"
    "|subjects|patients|relatives|customers|clients|visitors|neighbours|prisoners|detainees|pupils|students"
)
_NUMBER = (
    r"\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|fifty|several|various|multiple|all"
    "|all the|other|unknown|these|those"
)
_OTHERS = re.compile(
    r"\bet al\b|\b(?:and|&|plus|\+)\s*(?:\d+\s+)?others?\b"
    rf"|\b(?:{_NUMBER})\s+(?:{_MANY})\b"
    r"|\b(?:residents|occupants|occupiers|tenants|inhabitants|passengers|employees|everyone|everybody)\b"
    r"|\bsee\s+(?:the\s+)?(?:attached|enclosed|list|attachment|annex|appendix|schedule|spreadsheet|below)\b"
    r"|\b(?:attached|enclosed)\s+(?:list|schedule|spreadsheet|sheet)\b|\bas (?:per )?(?:attached|listed)\b"
    r"|^\W*(?:various|several|multiple)\W*$|^the\s.*\sfamily\W*$|\b(?:and|&)\s+family\b"
    r"|\bmr\.?\s*(?:&|and|/)\s*mrs\b|[a-z]\s+x\s?\d+\b|[^\W\d_]\s*[+&]\s*\d+\s*$",
    re.IGNORECASE,
)
"""What is said of several people, and what no one person is called."""
_PERHAPS_OTHERS = re.compile(r"\sfamily\W*$|^\W*many\W*$", re.IGNORECASE)
_SENTENCE = re.compile(r"\.\s+")
_SHORTENED = frozenset("md mohd moh’d muhd mhd ma sta sto st ste jr sr dr mr mrs ms fr prof rev hon capt sgt".split())
"""What has a full stop after it within a name."""
_NO_NAME = re.compile(r"[0-9()<>{}\[\]\"=*\\]")
"""What no name has: a text with it is odd, and not a list of people."""
_NUMBERED = re.compile(r"(?:^|\s)\(?[1-9][0-9]?[.)]\s*\w")
_AFTER = frozenset("jr sr junior senior ii iii iv esq obe mbe cbe phd md kc qc jnr snr".split())
"""What stands after a comma and belongs to the same name."""
_PARTICLES = frozenset(
    "al ap ben bin bint binti da dal de degli del della den der di do dos du e el ibn la las le los op san st te ten "
    "ter und van vom von y zu zum zur".split()
)
"""Words of a family name that are no name by themselves."""
_LISTED = 3
_PARTICULAR = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}[./-]\d{1,2}[./-]\d{1,2}\b|\b(?:18|19|20)\d\d\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\s+\d{2,4}\b"
    r"|\baged?\s+\d{1,3}\b|\b(?:[a-z]{1,2}\s?)?\d(?:[ -]?\d){5,}(?:\s?[a-d])?\b",
    re.IGNORECASE,
)
"""A date, a year, an age or a long number: what stands beside the name of each person of a list."""
_SAID = re.compile(
    r"\b(?:d\.?o\.?b\.?|date of birth|born|b\.|nhs(?:\s+n(?:o|umber))?|ni(?:no)?|number|also|and|or|no\.?)(?!\w)|[:&+]",
    re.IGNORECASE,
)
"""What stands between a name and a particular, or between two of them."""
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SOMEONE = (
    "male|female|man|woman|person|patient|resident|occupant|occupier|tenant|adult|child|boy|girl|individual|subject"
    "|suspect|lodger|householder"
)
_NOBODY = re.compile(
    r"^\W*(?:(?:any|every|some)\s?(?:one|body)|no (?:one|body)|nobody)\b|^\W*whoever\b"
    rf"|^\W*(?:unknown|unidentified|unnamed)\s+(?:[\w-]+\s+)?(?:{_SOMEONE})\b"
    rf"|^\W*(?:any|every)\s+(?:{_SOMEONE})\b\W+\w"
    r"|\b(?:at|of|from)\s+(?:no\.?\s*|flat\s+)?\d+[a-z]?,?\s+[^\W\d]|^\W*[*%?]\W*$",
    re.IGNORECASE,
)
"""What stands for whoever it may be, or for whoever lives at an address."""
_PERHAPS_NOBODY = re.compile(
    rf"^\W*(?:unknown|unidentified|unnamed|not (?:known|given|stated)|(?:the )?occup(?:ier|ant)|no name|tbc|n/?[ak]"
    rf"|(?:any|every)\s+(?:{_SOMEONE}))\W*$",
    re.IGNORECASE,
)
_CAPITALS = r"[^\W\d_a-zß-ÿ][\w'’.-]*(?:[ ]+[^\W\d_a-zß-ÿ][\w'’.-]*){1,5}"
_NAMED_BESIDE = re.compile(rf"(?<!\w){_CAPITALS}(?:\s*(?:,|;|&|\n|\band\b)\s*(?:and\s+)?{_CAPITALS}){{2,}}")
_ASKED_BESIDE = re.compile(
    r"\b(?:also|please also|and)\s+(?:trace|find|search(?:\s+for)?|look\s+for)\b|\b(?:the\s+)?same\s+for\b",
    re.IGNORECASE,
)


def names_several(text: str) -> Several:
    """Whether a field for one name holds several people's. Only what no one person is called is "surely": a lawful
    name is never barred.

    Surely: parted by semicolons, lines, bars or bullets; numbered; "and others", "see list", "all residents"; joined
    by "and", "&" or "with" with a given and a family name on each side; three or more such names parted by commas or
    full stops; several with a date or a number beside each. Perhaps: two of them, which may be a family name before
    its given names; single words joined by "and", or three and more of them parted by commas; full names with "plus",
    "und" or a dash between.
    """
    text = text.translate(_SAME)
    if _each_with_a_particular(text) > 1:
        return "surely"
    if not _OTHERS.search(text):
        text = _PARTICULAR.sub(" ", _BRACKETED.sub(" ", text)) if _PARTICULAR.search(text) else text
    if _OTHERS.search(text) or len(_NUMBERED.findall(text)) > 1 or _all_names(_BREAKS.split(text), 1):
        return "surely"
    joined, listed, sentences = _JOINED.split(text), text.split(","), _sentences(text)
    if any(len(parts) >= _LISTED and _all_names(parts, 2) for parts in (listed, sentences)):
        return "surely"
    if len(joined) > 1 and (_all_names(joined[::2], 2) or _all_names(_mixed(joined), 2)):
        return "surely"
    if any(mark in ("&", "+") for mark in joined[1::2]) and _all_names(joined[::2], 1):
        return "surely"
    alone = [part for part in listed if _words(part)]
    if _all_names(joined[::2], 1) or len(alone) >= _LISTED or _all_names(alone, 2):
        return "perhaps"
    others = (_SLASHED.split(text), _MAYBE_JOINED.split(text), sentences)
    return "perhaps" if _PERHAPS_OTHERS.search(text) or any(_all_names(parts, 2) for parts in others) else "no"


def names_nobody(text: str) -> Several:
    """Whether a field for a name holds what no one is called: "anyone", "unknown male", "at 3 Weir Street", "*".

    Perhaps: "Unknown" and the like, which stand for a name that was not told.
    """
    if _NOBODY.search(text):
        return "surely"
    return "perhaps" if _PERHAPS_NOBODY.search(text) else "no"


def tells_of_others(text: str) -> bool:
    """Whether a free text may ask for more people: several names in a row, or each with a date or a number."""
    text = text.translate(_SAME)
    return bool(_ASKED_BESIDE.search(text) or _NAMED_BESIDE.search(text) or _each_with_a_particular(text, 2) > 1)


def nothing_in_common(names: Sequence[str]) -> bool:
    """Whether three names or more, each a given and a family name, have not a word in common between any two."""
    full = [words for name in names if len(words := set(_words(name))) > 1]
    return len(full) >= _LISTED and all(not one & other for at, one in enumerate(full) for other in full[at + 1 :])


def _each_with_a_particular(text: str, least: int = 1) -> int:
    """How many names have a date or a number of their own right after them: of two words, where they have capitals."""
    *before, _after = _PARTICULAR.split(text)
    said = (_SAID.sub(" ", part.strip(" \t,;.()[]")) for part in before)
    ends = (re.split(r"[,;.:\n]", part)[-1] for part in said)
    if least > 1:
        ends = (re.split(r"(?:^|\s)[^\W\d_A-ZÀ-Þ]\S*(?:\s|$)", part)[-1] for part in ends)
    return sum(len(_words(part)) >= least for part in ends)


def _sentences(text: str) -> list[str]:
    """The parts between full stops that end more than an initial or a word cut short."""
    found: list[str] = []
    for part in _SENTENCE.split(text.strip().rstrip(".")):
        before = found[-1].split()[-1:] if found else []
        if before and (len(before[0]) == 1 or before[0].casefold() in _SHORTENED):
            found[-1] += f". {part}"
        elif part.strip():
            found.append(part)
    return found


def _mixed(joined: Sequence[str]) -> list[str]:
    """The parts of "A B, C D and E F"."""
    return [part for one in joined[::2] for part in one.split(",") if part.strip()]


def _all_names(parts: Sequence[str], words: int) -> bool:
    """Whether there are several parts, and each is a name of at least so many words."""
    named = [part for part in parts if part.strip()]
    return len(named) > 1 and all(len(_words(part)) >= words and not _NO_NAME.search(part) for part in named)


def _words(part: str) -> list[str]:
    """The words of a part that are names: not particles, initials' dots or what stands after a name."""
    found = [word.strip(".'’()-").casefold() for word in part.split()]
    return [word for word in found if any(c.isalpha() for c in word) and word not in _PARTICLES and word not in _AFTER]
