"""Filters of the register under a name: one's own, and those that an administrator saves for everyone."""

from __future__ import annotations

from dataclasses import dataclass

from db import requesters, savedviews
from db.casefile import keep_agreement
from db.journal import append
from db.records import Heading, Json, RegisterFilter, Role
from db.records_views import RegisterChoices, SavedView, ViewKind
from db.store import Tx
from desktop.casework.desk import Desk, Invalid, Refused, changing
from desktop.policy.fields import Problem
from desktop.policy.savedviews import choices_of, decoded, encoded, filter_of, name_problems

_KIND = ViewKind.REGISTER


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A saved filter as this person has it."""

    id: int
    name: str
    everyones: bool
    may_change: bool
    """Whether this person may rename or delete it."""
    wanted: RegisterFilter | None
    """What it shows today; None where the requester that it names is on record no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveFilter:
    """A filter to save under a name, for oneself or for everyone."""

    name: str
    wanted: RegisterFilter
    everyones: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameFilter:
    """Another name for a saved filter."""

    filter_id: int
    name: str


def saved_filters(desk: Desk) -> tuple[SavedFilter, ...]:
    """This person's saved filters by name, then those of everyone."""
    with desk.store.read() as tx:
        found = savedviews.views_for(tx, _KIND, desk.user.id)
        bodies = {number: name for name, number in requesters.body_names(tx).items()}
    today = desk.today()
    return tuple(
        SavedFilter(
            id=one.id,
            name=one.name,
            everyones=one.owner_id is None,
            may_change=_may_change(desk, one.owner_id),
            wanted=filter_of(decoded(one.choices), today, bodies),
        )
        for one in found
    )


def why_not_save(desk: Desk, wanted: RegisterFilter) -> str:
    """Why these filters cannot be saved, in words; "" where they can."""
    with desk.store.read() as tx:
        found = choices_of(wanted, desk.today(), requesters.body_names(tx))
    return found if isinstance(found, str) else ""


def save_filter(desk: Desk, command: SaveFilter) -> int:
    """Saves a filter; returns its number. Raises Refused for one that cannot be saved, Invalid beside "name"."""
    owner = None if command.everyones else desk.user.id
    if not _may_change(desk, owner):
        raise Refused("Only an administrator saves a filter for everyone.")
    with changing(desk) as tx:
        found = choices_of(command.wanted, desk.today(), requesters.body_names(tx))
        if isinstance(found, str):
            raise Refused(found)
        name, key = _named(tx, command.name, owner, 0)
        _keep_agreement(desk, tx, found)
        at = desk.clock()
        number = savedviews.add_view(tx, _KIND, name, key, owner, encoded(found), desk.user.id, at)
        data: dict[str, Json] = {"filter": number, "everyones": command.everyones}
        append(tx, at=at, actor_id=desk.user.id, action="save_filter", heading=Heading.SYSTEM, data=data)
        return number


def rename_filter(desk: Desk, command: RenameFilter) -> None:
    """Gives a saved filter another name. Raises Invalid beside "name", or Refused."""
    with changing(desk) as tx:
        one = _known(desk, tx, command.filter_id)
        name, key = _named(tx, command.name, one.owner_id, one.id)
        at = desk.clock()
        savedviews.rename_view(tx, one.id, name, key, desk.user.id, at)
        data: dict[str, Json] = {"filter": one.id, "everyones": one.owner_id is None}
        append(tx, at=at, actor_id=desk.user.id, action="rename_filter", heading=Heading.SYSTEM, data=data)


def delete_filter(desk: Desk, filter_id: int) -> None:
    """Takes a saved filter away. Raises Refused."""
    with changing(desk) as tx:
        one = _known(desk, tx, filter_id)
        data: dict[str, Json] = {"filter": one.id, "everyones": one.owner_id is None}
        # Said first: the database lets none go that the journal does not tell of.
        append(tx, at=desk.clock(), actor_id=desk.user.id, action="delete_filter", heading=Heading.SYSTEM, data=data)
        savedviews.delete_view(tx, one.id)


def _may_change(desk: Desk, owner: int | None) -> bool:
    return desk.user.role is Role.ADMINISTRATOR if owner is None else owner == desk.user.id


def _known(desk: Desk, tx: Tx, filter_id: int) -> SavedView:
    one = next((view for view in savedviews.views_for(tx, _KIND, desk.user.id) if view.id == filter_id), None)
    if one is None:
        raise Refused("This saved filter is not there any more.")
    if not _may_change(desk, one.owner_id):
        raise Refused("It is everyone’s, so only an administrator renames or deletes it.")
    return one


def _named(tx: Tx, typed: str, owner: int | None, own: int) -> tuple[str, str]:
    """The name, and how it compares. ``own``: the filter that may have it already."""
    if problems := name_problems(typed):
        raise Invalid(problems)
    name = typed.strip()
    key = " ".join(name.casefold().split())
    if savedviews.named(tx, _KIND, owner, key) not in (None, own):
        whose = "Everyone has" if owner is None else "You have"
        raise Invalid((Problem("name", f"{whose} a filter of this name already.", hard=True),))
    return name, key


def _keep_agreement(desk: Desk, tx: Tx, choices: RegisterChoices) -> None:
    """The database knows an agreement by its text, which a case may not have brought yet."""
    if desk.agreements.has(choices.agreement):
        agreement = desk.agreements.get(choices.agreement)
        keep_agreement(tx, agreement.content_hash, agreement.id, agreement.text)
