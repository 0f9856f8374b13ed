"""Reads and writes bank holidays as GOV.UK publishes them (https://www.gov.uk/bank-holidays.json). Pure functions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

NATIONS = {
    "england-and-wales": "England and Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
}
"""The divisions of GOV.UK's bank-holidays.json, and their names."""
MOST_BYTES = 1_000_000
"""The file of twenty-four years has 73,000."""
_MOST_TITLE = 120
_YEARS = (1990, 2100)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class CalendarError(ValueError):
    """A file of bank holidays that cannot be used: which file, where in it, and why, in plain words."""

    def __init__(self, name: str, place: str, reason: str) -> None:
        where = f"{place}: " if place else ""
        super().__init__(f"{name} is not a file of bank holidays as GOV.UK publishes them: {where}{reason}")
        self.name, self.place, self.reason = name, place, reason


@dataclass(frozen=True, slots=True)
class Event:
    """One bank holiday of one nation."""

    on: date
    title: str
    notes: str
    bunting: bool


Events = dict[str, list[Event]]
"""Each division's bank holidays."""


def read_events(content: str | bytes, name: str = "the file") -> Events:
    """Each division's bank holidays. Raises CalendarError, naming the file, the place and the reason."""
    if len(content) > MOST_BYTES:
        raise CalendarError(name, "", f"it is longer than {MOST_BYTES:,} characters.")
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        data = json.loads(text, object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise CalendarError(name, f"byte {error.start + 1}", "it is not text in UTF-8.") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise CalendarError(name, place, "it breaks off or is damaged here; it is not JSON.") from error
    except RecursionError as error:
        raise CalendarError(name, "", "it is nested too deeply.") from error
    except ValueError as error:
        raise CalendarError(name, "", f"{error}.") from error
    if not isinstance(data, dict):
        raise CalendarError(name, "", "it has no nations.")
    found: Events = {}
    for key, nation in NATIONS.items():
        division = data.get(key)
        if not isinstance(division, dict) or not isinstance(division.get("events"), list):
            raise CalendarError(name, nation, f"there is no list of its bank holidays (“{key}”, “events”).")
        found[key] = _events(division["events"], name, nation)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in the same place")
    return found


def _events(listed: list[Any], name: str, nation: str) -> list[Event]:
    found: list[Event] = []
    seen: set[date] = set()
    for number, raw in enumerate(listed, start=1):
        place = f"{nation}, bank holiday {number}"
        if not isinstance(raw, dict):
            raise CalendarError(name, place, "it has no title and date.")
        one = _event(raw, name, place)
        if one.on in seen:
            raise CalendarError(name, place, f"{one.on.isoformat()} stands there twice.")
        seen.add(one.on)
        found.append(one)
    if not found:
        raise CalendarError(name, nation, "there is no bank holiday.")
    return found


def _event(raw: Mapping[str, Any], name: str, place: str) -> Event:
    title, when = raw.get("title"), raw.get("date")
    notes, bunting = raw.get("notes", ""), raw.get("bunting", False)
    if not isinstance(title, str) or not title.strip() or len(title) > _MOST_TITLE or not title.isprintable():
        raise CalendarError(name, place, f"its title is not a line of 1 to {_MOST_TITLE} characters.")
    if not isinstance(notes, str) or len(notes) > _MOST_TITLE or not (notes.isprintable() or not notes):
        raise CalendarError(name, place, f"its notes are not a line of up to {_MOST_TITLE} characters.")
    try:
        if not isinstance(when, str) or not _DATE.fullmatch(when):
            raise ValueError
        on = date.fromisoformat(when)
    except ValueError as error:
        raise CalendarError(name, place, "its date is not one such as 2028-12-25.") from error
    if not _YEARS[0] <= on.year <= _YEARS[1]:
        raise CalendarError(name, place, f"its year is not between {_YEARS[0]} and {_YEARS[1]}.")
    return Event(on, title, notes, bunting is True)


def dump(events: Mapping[str, list[Event]]) -> str:
    """The same as GOV.UK writes it."""
    data = {
        key: {
            "division": key,
            "events": [
                {"title": one.title, "date": one.on.isoformat(), "notes": one.notes, "bunting": one.bunting}
                for one in found
            ],
        }
        for key, found in events.items()
    }
    return json.dumps(data, ensure_ascii=False, indent=1)
