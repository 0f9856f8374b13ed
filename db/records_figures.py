"""What the oversight report counts, and one count of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """Sorts of what is counted of some days. In brackets what ``Fact.what`` and ``Fact.more`` are."""

    MOVED = "moved"
    """Requests received by the end of the days and not ended before them ("before" or "in" the days, or "again" where
    they were withdrawn and reopened in them; "in" for those that ended within them, "" for those that stay)."""
    ENDED = "ended"
    """Requests that ended (the outcome; "in_time", "late", "undated")."""
    GROUNDED = "grounded"
    """Grounds of requests that ended in a refusal or rejection, each request under each of its grounds (the outcome;
    the id of the criterion or "")."""
    DISCLOSED = "disclosed"
    """Disclosures (the gateway; the ids of the items as a JSON array)."""
    DECIDED = "decided"
    """Decisions (the action; "agreed", "disagreed" with an answer of the caseworker, "unknown")."""
    REVIEWED = "reviewed"
    """Second looks at recorded outcomes (the action; "")."""
    CONCERNED = "concerned"
    """Safeguarding concerns (whom they are about; "")."""
    LET_GO = "let_go"
    """Addresses that the guardian let go in spite of a concern ("address"; "")."""
    HELD = "held"
    """Holds ("placed", "released", "standing" at the end of the days; "")."""
    RUN = "run"
    """Runs of destruction ("proposed", "approved", "turned_down", "certified"; "")."""
    DISPOSED = "disposed"
    """Cases of runs ("destroyed", "kept", "handed_over"; "")."""
    WORDED = "worded"
    """Reasons of decisions, each request once for each text, of cases that are not destroyed ("once" or "again", where
    the same text stands in another request under the same agreement; "text" for one of those that have it, else "")."""


@dataclass(frozen=True, slots=True)
class Fact:
    """So many of one thing. The agreement and kind of requester are "" where there is no case to it."""

    agreement_id: str
    requester_kind: str
    what: str
    more: str
    count: int
