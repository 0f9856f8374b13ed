"""The dates of one's open cases as a calendar file (RFC 5545): references and kinds of date, never a name.

Whoever imports the file again has each date once: a date's UID is the same as long as its case and kind are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from db import journal, lists
from db.records import CaseRow, Heading
from db.store import Tx
from desktop.casework.copies import write_told
from desktop.casework.desk import Desk, Refused
from desktop.casework.reminding import UNFINISHED, points_of, rules_in, runs
from desktop.casework.work import OPEN_STATES
from desktop.policy.calendars import Calendar
from desktop.policy.clocks import working_days_before

NAME = "Tracing Desk"
"""What the calendar is called where it is imported."""
FILE_NAME = "tracing-desk-dates.ics"
MOST_CASES = 10_000
_PRODUCER = "-//Tracing Desk//Dates of open cases//EN"
_ALARM_AT = timedelta(hours=9)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One date of one case, for a whole day."""

    uid: str
    summary: str
    on: date
    sequence: int
    """The version of the case: a calendar that has the date already takes the later one."""
    alarm_on: date | None
    """The working day before a due date; None for what needs no alarm any more."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a calendar file holds."""

    cases: int
    dates: int
    sha256: str


def save_calendar(desk: Desk, out: Path, *, replace: bool = False) -> Saved:
    """Writes the dates of the signed-in person's open cases to a new private file, journalled before its first byte.

    With `replace` a file that is there gives way; otherwise OSError, as where `out` cannot be written. Raises Refused
    where no open case has a date; then nothing is written and what is there stays.
    """
    with desk.store.read() as tx:
        cases, entries = _entries(desk, tx)
    content = _content(entries, desk.clock())
    saved = Saved(cases, len(entries), hashlib.sha256(content).hexdigest())

    write_told(
        desk,
        out,
        content,
        action="save_calendar",
        heading=Heading.DISCLOSURE,
        data={"cases": saved.cases, "dates": saved.dates, "sha256": saved.sha256},
        replace=replace,
    )
    return saved


def _entries(desk: Desk, tx: Tx) -> tuple[int, list[Entry]]:
    rows = lists.open_cases_of(tx, desk.user.id, OPEN_STATES, MOST_CASES)
    if not rows:
        raise Refused("You have no open cases, so there is no date to save.")
    dated = [row for row in rows if row.due_on is not None]
    if not dated:
        raise Refused("None of your open cases has a due date yet, so there is no date to save.")
    store = next(iter(journal.entries(tx, limit=1))).hash[:16]
    rules = rules_in(desk, tx, dated)
    found: list[Entry] = []
    for row in dated:
        rule, clocked = rules[row.id]
        early = points_of(desk, row, rule, clocked)[:-1] if row.state in UNFINISHED and runs(row, clocked) else ()
        calendar = desk.calendars[rule.calendar]
        dates: list[tuple[str, str, date, bool]] = [
            (one.kind, one.name, one.on, one.provisional) for one in early if one.on >= desk.today()
        ]
        if row.due_on is not None:
            dates.append(("due", "due", row.due_on, row.provisional))
        found += _of_case(row, dates, store, calendar, desk.today())
    return len(dated), sorted(found, key=lambda one: (one.on, one.summary))


def _of_case(
    row: CaseRow, dates: Sequence[tuple[str, str, date, bool]], store: str, calendar: Calendar, today: date
) -> Iterator[Entry]:
    for kind, name, on, provisional in dates:
        before = working_days_before(on, 1, calendar)
        yield Entry(
            uid=f"{row.reference}-{kind}-{store}@tracing-desk",
            summary=f"{row.reference}: {name}{' (provisional)' if provisional else ''}",
            on=on,
            sequence=row.version,
            alarm_on=before if kind == "due" and before >= today else None,
        )


def _content(entries: Sequence[Entry], now: datetime) -> bytes:
    from icalendar import Alarm, Calendar, Event

    made = Calendar()
    made.add("prodid", _PRODUCER)
    made.add("version", "2.0")
    made.add("name", NAME)
    made.add("x-wr-calname", NAME)
    for one in entries:
        event = Event()
        event.add("uid", one.uid)
        event.add("dtstamp", now)
        event.add("dtstart", one.on)
        event.add("dtend", one.on + _DAY)
        event.add("summary", one.summary)
        event.add("sequence", one.sequence)
        event.add("transp", "TRANSPARENT")
        event.add("class", "PRIVATE")
        if one.alarm_on is not None:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", one.summary)
            alarm.add("trigger", one.alarm_on - one.on + _ALARM_AT)
            event.add_component(alarm)
        made.add_component(event)
    return bytes(made.to_ical())
