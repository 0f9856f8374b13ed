"""The one place for dates, times, names and numbers in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from db.records import Json
from desktop.policy.calendars import Calendar
from desktop.policy.dates import MONTHS, boxes, parse_partial_date

LONDON = ZoneInfo("Europe/London")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NOT_KNOWN = "Not known"


def london(moment: datetime) -> datetime:
    """The moment as clocks in London show it. Raises ValueError for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(LONDON)


def day(on: date) -> str:
    """Such as "16 June 2017"."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def weekday_day(on: date) -> str:
    """Such as "Friday 16 June 2017"."""
    return f"{WEEKDAYS[on.weekday()]} {day(on)}"


def short_day(on: date, today: date | None = None) -> str:
    """Such as "16 June", with the year where it is not that of ``today``."""
    if today is not None and on.year != today.year:
        return day(on)
    return f"{on.day} {MONTHS[on.month - 1]}"


def clock_time(moment: datetime) -> str:
    """Such as "5.30pm", "9am", "midday" or "midnight", in London where the moment has a time zone."""
    local = london(moment) if moment.tzinfo is not None else moment
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f".{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def when(moment: datetime, now: datetime) -> str:
    """Such as "today at 10.42am", "9 June at 4.02pm" or "9 June 2016 at 4.02pm"."""
    on, today = london(moment).date(), london(now).date()
    return f"{'today' if on == today else short_day(on, today)} at {clock_time(moment)}"


def due_words(due_on: date, today: date, calendar: Calendar) -> str:
    """Such as "Due Friday 16 June 2017 — 4 working days left"."""
    working = calendar.working_days_between(today, due_on)
    if due_on < today:
        since = late_since(due_on, today, calendar)
        late = f"Late since {weekday_day(since)}" if since is not None else left_words(working)
        return f"{late} — was due {weekday_day(due_on)}"
    if due_on == today:
        return f"Due {weekday_day(due_on)} — today"
    # A clock that does not roll may end on a weekend with no working day before it.
    left = left_words(working) if working else f"{plural((due_on - today).days, 'day')} left"
    return f"Due {weekday_day(due_on)} — {left}"


def late_since(due_on: date, today: date, calendar: Calendar) -> date | None:
    """The day after a due date that is past, while no working day has passed since; None otherwise.

    A case is late from then on, whatever day that is; how late is counted in working days.
    """
    if today <= due_on or calendar.working_days_between(due_on, today):
        return None
    return due_on + timedelta(days=1)


def left_words(days_left: int, late_since: date | None = None) -> str:
    """Working days in words: "4 working days left", "Due today", "Late by 1 working day" for -1, or "Late since
    Saturday" before a working day has passed.
    """
    if late_since is not None and days_left < 0:
        return f"Late since {WEEKDAYS[late_since.weekday()]}"
    if days_left == 0:
        return "Due today"
    words = plural(abs(days_left), "working day")
    return f"Late by {words}" if days_left < 0 else f"{words} left"


def countdown(on: date, today: date) -> str:
    """Such as "Today", "In 4 days", "In 2 weeks", "In 3 months" or "5 days ago". Rounds down."""
    if on == today:
        return "Today"
    if abs((on - today).days) == 1:
        return "Tomorrow" if on > today else "Yesterday"
    early, late = min(on, today), max(on, today)
    days = (late - early).days
    months = (late.year - early.year) * 12 + late.month - early.month - (late.day < early.day)
    if days < 14:
        span = plural(days, "day")
    elif months < 2:
        span = plural(days // 7, "week")
    else:
        span = plural(months, "month") if months < 24 else plural(months // 12, "year")
    return f"In {span}" if on > today else f"{span} ago"


def join_and(parts: Sequence[str]) -> str:
    """Such as "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def fewer_lines(lines: Sequence[str], most: int, *, kept: int) -> tuple[str, ...]:
    """Lines of an address where the shortest neighbours share one, until there are no more than `most` or none can:
    the first and the last `kept` stay as they are.
    """
    fewer = list(lines)
    while len(fewer) > most and len(fewer) > 2 + kept:
        at = min(range(1, len(fewer) - kept - 1), key=lambda n: len(fewer[n]) + len(fewer[n + 1]))
        fewer[at : at + 2] = [f"{fewer[at]}, {fewer[at + 1]}"]
    return tuple(fewer)


def partial_date_words(value: Json) -> str:
    """The boxes of a date in words, such as "4 November 1991" or "March 1979, day not known". Never fails."""
    typed = boxes(value)
    if typed is None or not any(typed.values()):
        return NOT_KNOWN
    found = parse_partial_date(value)
    if found is None:
        return f"{' '.join(text for text in typed.values() if text)} (not a date)"
    whole = found.whole()
    if whole is not None:
        return day(whole)
    known = [str(found.day) if found.day else "", MONTHS[found.month - 1] if found.month else ""]
    if found.day and not found.month:
        known = [f"day {found.day}{' of' if found.year else ''}", ""]
    known.append(str(found.year) if found.year else "")
    missing = [name for name in ("day", "month", "year") if getattr(found, name) is None]
    return f"{' '.join(text for text in known if text)}, {join_and(missing)} not known"


def person_name(given_names: str, family_name: str) -> str:
    """A person's name as text runs: given names, then family name."""
    return " ".join(part for part in (given_names.strip(), family_name.strip()) if part)


def nhs_number_words(text: str) -> str:
    """An NHS number in its groups, such as "943 476 5919"; anything else as it is."""
    digits = "".join(text.split())
    if len(digits) != 10 or not digits.isdecimal():
        return text
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def figures(count: int) -> str:
    """A count in words: such as "4" or "1,204"."""
    return f"{count:,}"


def plural(count: int, one: str, many: str = "") -> str:
    """Such as "1 case", "2 cases" or "1,204 cases". Give ``many`` where an s will not do."""
    return f"{figures(count)} {one if count == 1 else many or one + 's'}"


def lower_first(text: str) -> str:
    """A label inside a sentence: "Last known address" loses its capital, "GP practice" keeps it."""
    if text[1:2].isupper():
        return text
    return text[:1].lower() + text[1:]


def born_words(born: str) -> str:
    """A case row's date of birth ("1984-06-30", "1984-06", "1984", "") as a list shows it: "30 June 1984"."""
    year, month, one = (*born.split("-"), "", "")[:3]
    if not month:
        return year
    words = f"{MONTHS[int(month) - 1]} {year}"
    return f"{int(one)} {words}" if one else words
