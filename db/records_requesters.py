"""The vocabulary of who may ask: bodies, their officers and accreditations. Imports nothing of the project."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

SIDE = ("requester.body", "requester.unit", "requester.officer", "countersigner.name", "requester.email")
"""The fields of a request that say who asks."""


@dataclass(frozen=True, slots=True)
class Officer:
    """A person of a requesting body: who asks, or who signs for what others ask."""

    id: int
    name: str
    key: str
    """How the name compares."""
    unit: str
    grade: str
    email: str
    countersigns: bool
    left_on: date | None
    """From this day on no longer theirs; None while they are."""


@dataclass(frozen=True, slots=True)
class Accreditation:
    """That a body may ask under an agreement, from a day to a day, both included."""

    id: int
    agreement_id: str
    reference: str
    valid_from: date
    valid_to: date
    ended_on: date | None
    """From this day on it holds no more, before its time; None unless somebody ended it."""
    ended_because: str

    def holds(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.valid_from <= on <= self.valid_to and (self.ended_on is None or on < self.ended_on)


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation that asks."""

    id: int
    name: str
    key: str
    """How the name compares."""
    addresses: tuple[str, ...]
    """Their secure e-mail addresses ("tracing@force.police.uk.example") and domains ("@force.police.uk.example")."""
    note: str
    version: int
    officers: tuple[Officer, ...] = ()
    accreditations: tuple[Accreditation, ...] = ()
