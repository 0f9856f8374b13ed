"""What can be saved of a filter of the register, and back: choices, which hold nothing that somebody typed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta

from db.records import Outcome, State
from db.records_views import Due, RegisterChoices, RegisterFilter, Sort
from desktop.policy.dates import MONTHS
from desktop.policy.fields import Problem, check_text
from desktop.policy.identifiers import postcodes_in
from desktop.policy.nameless import names_a_body, pairs_of_capitals, says_who
from desktop.policy.spelling import shows_nothing

MOST_NAME = 40
_OF_THE_DESK = frozenset(
    "annual board cases committee due foi forces guardian heddlu late monthly open quarter quarterly report reports"
    " requests return returns sar today top traced trust trusts weekly week year".split()
)
"""Words that say what is shown: capitals beside them are no person's."""
_BODIES = frozenset(
    "agency authority board commission committee constabulary council court courts department directorate forces heddlu"
    " ministry office police service services tribunal trust trusts".split()
)
"""Words with which others in capitals are the name of a body: "West Yorkshire Police"."""
_MOST_FIGURES = 4
_MOST_BESIDE_A_PERIOD = 2
_DATED = re.compile(r"\d[./–-]\d")
_MONTH = "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|" + "|".join(MONTHS) + r")\.?"
_PERIOD = re.compile(
    rf"(?<![\w/.–-])(?:(?<!\d\s)(?:{_MONTH}\s+20\d\d\s*(?:to|[–-])\s*{_MONTH}\s+20\d\d)"
    r"|(?:Q[1-4]\s*)?(?:FY\s*20|FY\s*|20)(?P<year>\d\d)(?:\s*[/–-]\s*(?P<next>\d\d)(?!\d))?)(?![\w/.–-])",
    re.IGNORECASE,
)
"""A year, a financial year, a quarter of one, or the months from one to another."""
NO_TEXT = "What is typed into the search field may be about a person, so it is never saved. Empty the field first."
NO_BODY = "This requester is not on record under this very name, and may be a person. Take the requester away first."
NO_DAY = "A day goes by, so it is not saved. Choose late, today or this week, or take the due date away."
NOTHING = "These filters let every case through. Choose what you want to see first."


def due_days(due: Due, today: date) -> tuple[date | None, date]:
    """The first and the last due date that are meant, on a day; None for from the beginning."""
    monday = today - timedelta(days=today.weekday())
    match due:
        case Due.LATE:
            return None, today - timedelta(days=1)
        case Due.TODAY:
            return today, today
        case Due.WEEK:
            return monday, monday + timedelta(days=6)


def choices_of(wanted: RegisterFilter, today: date, bodies: Mapping[str, int]) -> RegisterChoices | str:
    """A filter as it is saved, or the words that say why it cannot be. ``bodies``: those on record, by name."""
    days = (wanted.due_from, wanted.due_to)
    due = next((one for one in Due if due_days(one, today) == days), None)
    if wanted.text.strip():
        return NO_TEXT
    if wanted.requester and wanted.requester not in bodies:
        return NO_BODY
    if due is None and days != (None, None):
        return NO_DAY
    found = RegisterChoices(
        state=wanted.state,
        open_only=wanted.open_only,
        outcome=wanted.outcome,
        due=due,
        agreement=wanted.agreement_id,
        body=bodies[wanted.requester] if wanted.requester else None,
        sort=Sort(wanted.sort),
        descending=wanted.descending,
    )
    return found if found != RegisterChoices() else NOTHING


def filter_of(choices: RegisterChoices, today: date, bodies: Mapping[int, str]) -> RegisterFilter | None:
    """What is to be shown on a day; None where the body that it names is on record no more. ``bodies``: by number."""
    first, last = due_days(choices.due, today) if choices.due is not None else (None, None)
    if choices.body is not None and choices.body not in bodies:
        return None
    return RegisterFilter(
        agreement_id=choices.agreement,
        requester="" if choices.body is None else bodies[choices.body],
        state=choices.state,
        open_only=choices.open_only,
        outcome=choices.outcome,
        due_from=first,
        due_to=last,
        sort=choices.sort.value,
        descending=choices.descending,
    )


def encoded(choices: RegisterChoices) -> str:
    """Choices as the store keeps them: what differs from all that there is."""
    plain = RegisterChoices()
    names = RegisterChoices.__slots__
    said = {name: getattr(choices, name) for name in names if getattr(choices, name) != getattr(plain, name)}
    return json.dumps(said, sort_keys=True)


def decoded(text: str) -> RegisterChoices:
    """From :func:`encoded`. Raises ValueError for anything else, such as a key or a word that is not known."""
    said = json.loads(text)
    if not isinstance(said, dict):
        raise ValueError("choices are an object")
    unknown = set(said) - set(RegisterChoices.__slots__)
    if unknown:
        raise ValueError(f"choices do not have {sorted(unknown)}")
    state, outcome, due = (said.get(key) for key in ("state", "outcome", "due"))
    return RegisterChoices(
        state=None if state is None else State(state),
        open_only=_marked(said, "open_only"),
        outcome=None if outcome is None else Outcome(outcome),
        due=None if due is None else Due(due),
        agreement=_text(said, "agreement"),
        body=_number(said, "body"),
        sort=Sort(said.get("sort", Sort.DUE_ON)),
        descending=_marked(said, "descending"),
    )


def _marked(said: Mapping[str, object], key: str) -> bool:
    value = said.get(key, False)
    if not isinstance(value, bool):
        raise ValueError(f"{key} is true or not there")
    return value


def _text(said: Mapping[str, object], key: str) -> str:
    value = said.get(key, "")
    if not isinstance(value, str):
        raise ValueError(f"{key} is a text")
    return value


def _number(said: Mapping[str, object], key: str) -> int | None:
    value = said.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise ValueError(f"{key} is a number")
    return value


def name_problems(name: str, such: str) -> tuple[Problem, ...]:
    """What is wrong with the name of what is saved, such as ``such``: it says what that shows, and nobody's name or
    number.
    """
    typed = name.strip()
    if shows_nothing(typed):
        return (Problem("name", f"Give it a name, such as “{such}”.", hard=True),)
    if found := check_text("name", typed, most=MOST_NAME, lines=False):
        return found
    period = next(filter(_is_period, _PERIOD.finditer(typed)), None)
    beside, most = typed, _MOST_FIGURES
    if period:
        beside, most = f"{typed[: period.start()]} {typed[period.end() :]}", _MOST_BESIDE_A_PERIOD
    if sum(one.isdigit() for one in beside) > most or _DATED.search(beside):
        words = (
            "Leave dates and numbers out of the name: they may be a person’s."
            " One period may stand in it, as in “Q3 2026” or “2026/27”."
        )
        return (Problem("name", words, hard=True),)
    if "@" in typed or postcodes_in(typed.upper()) or _reads_as_a_person(typed):
        words = "This reads as if it named a person. Say in small letters what it shows."
        return (Problem("name", words, hard=True),)
    return ()


def _reads_as_a_person(name: str) -> bool:
    if says_who(name):
        return True
    names = any(not any(names_a_body(one, _OF_THE_DESK) for one in pair) for pair in pairs_of_capitals(name))
    return names and _BODIES.isdisjoint(re.findall(r"\w+", name.casefold()))


def _is_period(found: re.Match[str]) -> bool:
    """Whether it is one year, or two of which one follows the other."""
    return found["next"] is None or int(found["next"]) == (int(found["year"]) + 1) % 100
