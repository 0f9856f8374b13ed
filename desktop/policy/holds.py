"""Holds in words: what one covers, how it stands, and when it is reviewed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from desktop.policy.clocks import add_months
from desktop.policy.wording import countdown, day, lower_first, plural

AGAIN_MONTHS = 12
"""Months until the next review of a hold that a review kept. Our default: no public rule was found that names one."""

STANDING_WORDS: Mapping[str, str] = {
    "stands": "Stands",
    "proposed": "Release proposed",
    "released": "Released",
}


def next_review(review_on: date, kept_on: date | None) -> date:
    """When a hold is reviewed next. ``kept_on``: when its release was proposed last and it was kept, if ever.

    What was said before its day does not put the review off.
    """
    if kept_on is None or kept_on < review_on:
        return review_on
    return add_months(kept_on, AGAIN_MONTHS)


def scope_words(
    *,
    case: str = "",
    person: str = "",
    body: str = "",
    agreement: str = "",
    received_from: date | None = None,
    received_to: date | None = None,
) -> str:
    """Such as "Every request by Northshire Police, received from 1 January 2019 to 31 December 2021".

    ``case``, ``person``: references; ``agreement``: its short title.
    """
    words = f"Case {case}" if case else "Every request"
    words += f" about the person of {person}" if person else ""
    words += f" by {body}" if body else ""
    words += f" under {agreement}" if agreement else ""
    if received_from and received_to:
        return f"{words}, received from {day(received_from)} to {day(received_to)}"
    if received_from:
        return f"{words}, received from {day(received_from)} on"
    return f"{words}, received up to {day(received_to)}" if received_to else words


def covered_words(closed: int, still_open: int) -> str:
    """Such as "12 closed cases and 3 open ones now", "1 open case now" or "no case yet"."""
    if closed and still_open:
        return f"{plural(closed, 'closed case')} and {plural(still_open, 'open one')} now"
    if closed or still_open:
        return f"{plural(closed, 'closed case') if closed else plural(still_open, 'open case')} now"
    return "no case yet"


def review_words(review_on: date, today: date) -> str:
    """Such as "Due since 1 March 2026", "Due today" or "1 March 2027, in 8 months"."""
    if review_on == today:
        return "Due today"
    if review_on < today:
        return f"Due since {day(review_on)}"
    return f"{day(review_on)}, {lower_first(countdown(review_on, today))}"
