"""What is kept under a name, for oneself or for everyone: the choices of a register or of a report."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from db import savedviews
from db.casefile import keep_agreement
from db.journal import append
from db.persons import called
from db.records import Heading, Json, Role
from db.records_views import SavedView, ViewKind
from db.store import Tx
from desktop.casework.desk import Desk, Invalid, Refused
from desktop.policy.fields import Problem
from desktop.policy.people import name_key as person_key
from desktop.policy.savedviews import name_problems

W = TypeVar("W")
_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 3


_ONE: Final = {ViewKind.REGISTER: "filter", ViewKind.REPORT: "report"}
"""What one of a kind is called."""
_SUCH: Final = {ViewKind.REGISTER: "late police requests", ViewKind.REPORT: "police by month"}
"""What one might be called."""
_SAVED: Final = {ViewKind.REGISTER: "save_filter", ViewKind.REPORT: "save_report_choices"}
_RENAMED: Final = {ViewKind.REGISTER: "rename_filter", ViewKind.REPORT: "rename_saved_report"}
_DELETED: Final = {ViewKind.REGISTER: "delete_filter", ViewKind.REPORT: "delete_saved_report"}
"""How the journal calls what is done with one."""


# No slots: with them, Python 3.11 cannot make a Saved[Filter](...).
@dataclass(frozen=True)
class Saved(Generic[W]):
    """What is saved, as this person has it."""

    id: int
    name: str
    everyones: bool
    may_change: bool
    """Whether this person may rename or delete it."""
    wanted: W | None
    """What it shows today; None where something that it names is no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameView:
    """Another name for what is saved."""

    view_id: int
    name: str


def name_key(name: str) -> str:
    """How a name compares: whatever its capitals and spaces."""
    return " ".join(name.casefold().split())


def listed(desk: Desk, tx: Tx, kind: ViewKind, wanted: Callable[[str], W | None]) -> tuple[Saved[W], ...]:
    """What this person has saved by name, then what everyone has. ``wanted``: what saved choices show today."""
    return tuple(
        Saved(one.id, one.name, one.owner_id is None, _may_change(desk, one.owner_id), wanted(one.choices))
        for one in savedviews.views_for(tx, kind, desk.user.id)
    )


def add(desk: Desk, tx: Tx, kind: ViewKind, typed: str, everyones: bool, agreement_id: str, choices: str) -> int:
    """Saves choices, journalled; returns their number. ``agreement_id``: of which they are, "" for none. Raises Refused
    for who saves nothing for everyone, Invalid beside "name".
    """
    owner = None if everyones else desk.user.id
    if not _may_change(desk, owner):
        raise Refused(f"Only an administrator saves a {_ONE[kind]} for everyone.")
    name, key = _named(tx, kind, typed, owner, 0)
    if desk.agreements.has(agreement_id):
        # The database knows an agreement by its text, which a case may not have brought yet.
        agreement = desk.agreements.get(agreement_id)
        keep_agreement(tx, agreement.content_hash, agreement.id, agreement.text)
    number = savedviews.add_view(tx, kind, name, key, owner, choices, desk.user.id, desk.clock())
    _tell(desk, tx, _SAVED[kind], kind, number, owner)
    return number


def rename(desk: Desk, tx: Tx, kind: ViewKind, command: RenameView) -> None:
    """Gives it another name, journalled. Raises Invalid beside "name", or Refused."""
    one = _known(desk, tx, kind, command.view_id)
    name, key = _named(tx, kind, command.name, one.owner_id, one.id)
    savedviews.rename_view(tx, one.id, name, key, desk.user.id, desk.clock())
    _tell(desk, tx, _RENAMED[kind], kind, one.id, one.owner_id)


def delete(desk: Desk, tx: Tx, kind: ViewKind, number: int) -> None:
    """Takes it away, journalled. Raises Refused."""
    one = _known(desk, tx, kind, number)
    # Said first: the database lets none go that the journal does not tell of.
    _tell(desk, tx, _DELETED[kind], kind, one.id, one.owner_id)
    savedviews.delete_view(tx, one.id)


def _may_change(desk: Desk, owner: int | None) -> bool:
    return desk.user.role is Role.ADMINISTRATOR if owner is None else owner == desk.user.id


def _tell(desk: Desk, tx: Tx, action: str, kind: ViewKind, number: int, owner: int | None) -> None:
    data: dict[str, Json] = {_ONE[kind]: number, "everyones": owner is None}
    append(tx, at=desk.clock(), actor_id=desk.user.id, action=action, heading=Heading.SYSTEM, data=data)


def _known(desk: Desk, tx: Tx, kind: ViewKind, number: int) -> SavedView:
    one = next((view for view in savedviews.views_for(tx, kind, desk.user.id) if view.id == number), None)
    if one is None:
        raise Refused(f"This saved {_ONE[kind]} is not there any more.")
    if not _may_change(desk, one.owner_id):
        raise Refused("It is everyone’s, so only an administrator renames or deletes it.")
    return one


def _named(tx: Tx, kind: ViewKind, typed: str, owner: int | None, own: int) -> tuple[str, str]:
    """The name, and how it compares. ``own``: what may have it already."""
    if problems := name_problems(typed, _SUCH[kind]):
        raise Invalid(problems)
    name = typed.strip()
    if _is_somebodys(tx, name):
        words = "This has the names of somebody whom a case is about. Say what it shows, and name nobody."
        raise Invalid((Problem("name", words, hard=True),))
    key = name_key(name)
    if savedviews.named(tx, kind, owner, key) not in (None, own):
        whose = "Everyone has" if owner is None else "You have"
        raise Invalid((Problem("name", f"{whose} a {_ONE[kind]} of this name already.", hard=True),))
    return name, key


def _is_somebodys(tx: Tx, name: str) -> bool:
    """Whether a family name and a given name of somebody in the store stand in it, in whatever capitals."""
    words = _WORD.findall(name)
    # A family name may be of several words.
    runs = (words[at : at + many] for many in range(1, _MOST_WORDS + 1) for at in range(len(words)))
    joined = ["".join(run) for run in runs]
    said = {person_key(one) for run in joined for one in (run, run.removesuffix("s"))} - {""}
    return any(said.intersection(map(person_key, given.split())) for given in called(tx, said))
