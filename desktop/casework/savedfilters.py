"""Filters of the register under a name: one's own, and those that an administrator saves for everyone."""

from __future__ import annotations

from dataclasses import dataclass

from db import requesters
from db.records_views import RegisterFilter, ViewKind
from desktop.casework import savedviews
from desktop.casework.desk import Desk, Refused, changing
from desktop.casework.savedviews import RenameView, Saved
from desktop.policy.savedviews import choices_of, decoded, encoded, filter_of

_KIND = ViewKind.REGISTER


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveFilter:
    """A filter to save under a name, for oneself or for everyone."""

    name: str
    wanted: RegisterFilter
    everyones: bool = False


def saved_filters(desk: Desk) -> tuple[Saved[RegisterFilter], ...]:
    """This person's saved filters by name, then those of everyone. One of a requester who is on record no more shows
    nothing.
    """
    today = desk.today()
    with desk.store.read() as tx:
        bodies = {number: name for name, number in requesters.body_names(tx).items()}
        return savedviews.listed(desk, tx, _KIND, lambda choices: filter_of(decoded(choices), today, bodies))


def why_not_save(desk: Desk, wanted: RegisterFilter) -> str:
    """Why these filters cannot be saved, in words; "" where they can."""
    with desk.store.read() as tx:
        found = choices_of(wanted, desk.today(), requesters.body_names(tx))
    return found if isinstance(found, str) else ""


def save_filter(desk: Desk, command: SaveFilter) -> int:
    """Saves a filter; returns its number. Raises Refused for one that cannot be saved, Invalid beside "name"."""
    with changing(desk) as tx:
        found = choices_of(command.wanted, desk.today(), requesters.body_names(tx))
        if isinstance(found, str):
            raise Refused(found)
        return savedviews.add(desk, tx, _KIND, command.name, command.everyones, found.agreement, encoded(found))


def rename_filter(desk: Desk, command: RenameView) -> None:
    """Gives a saved filter another name. Raises Invalid beside "name", or Refused."""
    with changing(desk) as tx:
        savedviews.rename(desk, tx, _KIND, command)


def delete_filter(desk: Desk, filter_id: int) -> None:
    """Takes a saved filter away. Raises Refused."""
    with changing(desk) as tx:
        savedviews.delete(desk, tx, _KIND, filter_id)
