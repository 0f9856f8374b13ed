"""Why somebody may look at a case that is not theirs: Data Protection Act 2018, section 62(2)(a), the justification.

A few words to choose from and none to write: what is written here would stand in the journal for twenty years.
"""

from __future__ import annotations

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "cover": "I stand in for its caseworker",
    "same_person": "A case of mine is about the same person",
    "enquiry": "The requester or the person asked about it",
    "complaint": "A complaint, a review or an inquiry",
    "check": "I check how it was handled",
    "safety": "Someone may be in danger",
}
"""Each reason that can be given, in words of the one who gives it."""

WORK: Mapping[str, str] = {
    "casework": "Working on it",
    "appraisal": "Looking whether it is kept or destroyed",
    "review": "Reviewing it",
    "second_look": "A second look at a decision",
    "letter": "Its letter",
}
"""What the desk itself gives as the reason, where the work at hand says why."""


def reason_words(why: str) -> str:
    """A reason of the journal in words."""
    return REASONS.get(why) or WORK.get(why) or why.replace("_", " ").capitalize()
