"""The vocabulary of what the register and reports are to show, and of what is saved of that, by choices alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from db.records import Outcome, State


class ViewKind(StrEnum):
    """What a saved view is of."""

    REGISTER = "register"
    REPORT = "report"


class Due(StrEnum):
    """What of the due date a saved filter says: never a day, which goes by."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"


class Sort(StrEnum):
    """By what the register sorts: the names of its columns."""

    REFERENCE = "reference"
    STATE = "state"
    FAMILY_NAME = "family_name"
    BORN = "born"
    REQUESTER = "requester"
    RECEIVED_ON = "received_on"
    DUE_ON = "due_on"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class RegisterChoices:
    """What a saved filter of the register says. There is no place in it for anything that somebody typed."""

    state: State | None = None
    open_only: bool = False
    outcome: Outcome | None = None
    due: Due | None = None
    agreement: str = ""
    """The id of an agreement."""
    body: int | None = None
    """The number of a requesting body on record."""
    sort: Sort = Sort.DUE_ON
    descending: bool = False


@dataclass(frozen=True, slots=True)
class SavedView:
    """A saved view as the store has it."""

    id: int
    name: str
    owner_id: int | None
    """Whose it is; None for everyone's."""
    choices: str
    """Its choices as JSON."""


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """Which cases the register shows, and in which order."""

    text: str = ""
    agreement_id: str = ""
    requester: str = ""
    state: State | None = None
    open_only: bool = False
    outcome: Outcome | None = None
    due_from: date | None = None
    due_to: date | None = None
    sort: str = "due_on"
    """One of reference, state, family_name, born, requester, received_on, due_on."""
    descending: bool = False
