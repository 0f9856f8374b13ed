"""Linking cases: duplicates of a leading case, follow-ups in a chain, requests that were split, cases that belong.

A link sends nothing and closes nothing: whoever asked still waits for an answer until a person gives or refuses one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from db import lists, relations
from db.casereads import load_case
from db.records import Action, Case, Relation, State
from db.relations import LinkedCase
from db.store import Tx
from desktop.casework.combining import journal_both
from desktop.casework.desk import Desk, Done, Invalid, OnCase, Refused, act, case_for
from desktop.casework.requests import end_unanswered
from desktop.policy.fields import Problem
from desktop.policy.life import CLOSED, STATE_WORDS, step

__all__ = [
    "RELATION_WORDS",
    "CloseDuplicate",
    "LinkCases",
    "LinkedCase",
    "UnlinkCases",
    "close_duplicate",
    "leading_of",
    "link_cases",
    "unlink_cases",
]

RELATION_WORDS: Mapping[tuple[Relation, bool], str] = {
    (Relation.DUPLICATE, True): "This is a duplicate of it",
    (Relation.DUPLICATE, False): "Is a duplicate of this case",
    (Relation.FOLLOW_UP, True): "This follows it up",
    (Relation.FOLLOW_UP, False): "Follows this case up",
    (Relation.SAME_REQUEST, True): "This was split from its request",
    (Relation.SAME_REQUEST, False): "Was split from this request",
    (Relation.RELATED, True): "Related",
    (Relation.RELATED, False): "Related",
}
"""What a linked case is, in words beside its reference; the second key: whether that case leads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCases:
    """That a case is linked to the case of this reference: as its duplicate, say, or to follow it up."""

    command_id: str
    case_id: int
    reference: str
    kind: Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkCases:
    """That two cases are no longer linked."""

    command_id: str
    case_id: int
    other_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDuplicate(OnCase):
    """Closes a duplicate in favour of its leading case."""


def link_cases(desk: Desk, command: LinkCases) -> Done:
    """Links two cases. Raises Invalid beside "reference" or "kind" where that cannot be; both are journalled."""

    def body(tx: Tx, now: datetime) -> Done:
        _need_caseworker(desk)
        case = load_case(tx, command.case_id)
        other_id = lists.id_of(tx, command.reference.strip().upper())
        if other_id is None:
            message = "There is no case with this reference. Check it, its last digit too."
            raise Invalid((Problem("reference", message, hard=True),))
        other = load_case(tx, other_id)
        _check(tx, case, other, command.kind)
        # The journal says it first: the database links nothing, nor ends a link, that it does not say right before.
        journal_both(desk, tx, now, f"link_{command.kind.value}", case.row, other.row)
        relations.add_relation(tx, case.row.id, other_id, command.kind, desk.user.id, now)
        return Done(case.row.id, case.row.version, case.row.state, case.row.due_on)

    return act(desk, command.command_id, "link_cases", body)


def unlink_cases(desk: Desk, command: UnlinkCases) -> Done:
    """Ends a link; both cases are journalled."""

    def body(tx: Tx, now: datetime) -> Done:
        _need_caseworker(desk)
        case, other = load_case(tx, command.case_id), load_case(tx, command.other_id)
        journal_both(desk, tx, now, "unlink", case.row, other.row)
        if not relations.end_relation(tx, case.row.id, other.row.id, desk.user.id, now):
            raise Refused("These two cases are not linked any more.")
        return Done(case.row.id, case.row.version, case.row.state, case.row.due_on)

    return act(desk, command.command_id, "unlink_cases", body)


def close_duplicate(desk: Desk, command: CloseDuplicate) -> Done:
    """Withdraws a case as a duplicate of its leading case. Nothing is sent to anyone; its retention timer starts."""

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.WITHDRAW)
        leading = leading_of(relations.linked_to(tx, case.row.id))
        if leading is None:
            raise Refused("This case is no duplicate. Link it to its leading case first.")
        if leading.state in (State.WITHDRAWN, State.DESTROYED):
            raise Refused(f"{leading.reference} is closed without an answer, so this case is the one to answer.")
        return end_unanswered(desk, tx, case, now, {"because": "duplicate", "other": leading.reference})

    return act(desk, command.command_id, "close_duplicate", body)


def leading_of(links: tuple[LinkedCase, ...]) -> LinkedCase | None:
    """The leading case of a duplicate; None for a case that is none."""
    return next((one for one in links if one.kind is Relation.DUPLICATE and one.leads), None)


def _need_caseworker(desk: Desk) -> None:
    if isinstance(step(desk.user.role, State.DRAFT, Action.EDIT), str):
        raise Refused("Only a caseworker may link cases.")


def _check(tx: Tx, case: Case, other: Case, kind: Relation) -> None:
    """Says beside the field what the database would refuse, and what would make no sense."""
    links = relations.linked_to(tx, case.row.id)
    theirs = relations.linked_to(tx, other.row.id)
    field, found = "kind", ""
    if other.row.id == case.row.id:
        field, found = "reference", "This is the case itself. Give the reference of another one."
    elif State.DESTROYED in (case.row.state, other.row.state):
        field, found = "reference", "The case was destroyed at the end of its retention."
    elif any(one.case_id == other.row.id for one in links):
        field, found = "reference", f"{other.row.reference} is linked already. Unlink it first to link it otherwise."
    elif kind is Relation.DUPLICATE:
        found = _against_duplicate(case, other, links, theirs)
    elif kind is Relation.FOLLOW_UP:
        found = _against_follow_up(tx, case, other, links)
    if found:
        raise Invalid((Problem(field, found, hard=True),))


def _against_duplicate(case: Case, other: Case, links: tuple[LinkedCase, ...], theirs: tuple[LinkedCase, ...]) -> str:
    leading, beyond = leading_of(links), leading_of(theirs)
    if leading is not None:
        return f"It is a duplicate of {leading.reference} already: a duplicate has one leading case."
    if beyond is not None:
        return f"{other.row.reference} is itself a duplicate of {beyond.reference}. Link this case to that one."
    led = [one.reference for one in links if one.kind is Relation.DUPLICATE]
    if led:
        return f"{led[0]} is a duplicate of this case, so this case leads and is not itself a duplicate."
    if case.row.state in CLOSED:
        return "This case is closed already, so nothing is left to be a duplicate."
    if other.row.state is State.WITHDRAWN:
        return f"{other.row.reference} is {STATE_WORDS[other.row.state].lower()}, so it cannot lead: nobody answers it."
    return ""


def _against_follow_up(tx: Tx, case: Case, other: Case, links: tuple[LinkedCase, ...]) -> str:
    earlier = next((one for one in links if one.kind is Relation.FOLLOW_UP and one.leads), None)
    if earlier is not None:
        return f"It follows up {earlier.reference} already: follow-ups keep one chain."
    if case.row.id in relations.earlier_ids(tx, other.row.id):
        return f"{other.row.reference} follows this case up already, so the chain would go in a circle."
    return ""
