"""Holds and links that a restored file takes over: from the store that it replaces, or from a copy of its holds alone.

See ``db.replaying`` for how, and ``db.heldrows`` for the copy. SQLite alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from db.holds import ACTIONS
from db.journal import append_each
from db.migrations import guards
from db.migrations.conditions_0044 import stands_over
from db.migrations.guards_person import rests_on_link
from db.records import Heading, Json
from db.replaced import Replaced
from db.replayrows import insert_row, mapped, put_row, same_cases


@dataclass(slots=True)
class Held:
    """How many holds, steps towards their release, links, and accounts that only a copy names were taken over."""

    holds: int = 0
    steps: int = 0
    links: int = 0
    accounts: int = 0
    kept: tuple[int, ...] = ()
    """Holds on single cases, each in place of one on a person that would not stand over the case any more."""

    @property
    def changes(self) -> int:
        """Holds that were placed, and steps."""
        return self.holds + self.steps


def carry_held(tx: Connection, old: Replaced, same: Mapping[int, int], users: Mapping[int, int]) -> Held:
    """Takes over holds, their steps and links. ``same``, ``users``: numbers of cases and people there, and here."""
    numbers, holds, steps = _holds(tx, old, same, users)
    links = _same_people(tx, old, same, users) + _relations(tx, old, same, users)
    kept = _reached(tx, old, numbers, users)
    return Held(holds + len(kept), steps, links, kept=kept)


def carry_copied(tx: Connection, copy: Replaced, at: datetime) -> Held:
    """Takes over into a file whose guards are away what a copy of the holds knows and the file does not.

    Each hold and step has an entry of its own, since the journal in which it stood may be lost; so has an account that
    the file lacks. That comes switched off, with no password: what it may do is for an administrator to say.
    """
    holds, steps = _numbers(tx, "hold"), _numbers(tx, "hold_step")
    accounts = _numbers(tx, "user")
    done = carry_held(tx, copy, same_cases(tx, copy), _named(tx, copy, at))
    done.accounts = len(_numbers(tx, "user") - accounts)
    journal_holds(tx, sorted(_numbers(tx, "hold") - holds), at, "copy")
    for number in sorted(_numbers(tx, "hold_step") - steps):
        query = (
            f"SELECT hold.id, step, taken_by AS who, taken_at AS moment, {_ABOUT} FROM hold_step"
            " JOIN hold ON hold.id = hold_id WHERE hold_step.id = :id"
        )
        row = tx.execute(text(query), {"id": number}).one()
        append_each(tx, [_about(row, "copy")], at=at, actor_id=None, action=ACTIONS[row.step], heading=Heading.ERASURE)
    return done


def journal_holds(tx: Connection, numbers: Iterable[int], at: datetime, by: str) -> None:
    """An entry for each of these holds. `by`: what it came from."""
    for number in numbers:
        query = f"SELECT id, placed_by AS who, placed_at AS moment, {_ABOUT} FROM hold WHERE id = :id"
        about = _about(tx.execute(text(query), {"id": number}).one(), by)
        append_each(tx, [about], at=at, actor_id=None, action="place_hold", heading=Heading.ERASURE)


_ABOUT = "COALESCE(hold.case_id, hold.person_of) AS about"


def _numbers(tx: Connection, table: str) -> set[int]:
    return set(tx.execute(text(f"SELECT id FROM {table}")).scalars())


def _about(row: Any, by: str) -> tuple[int | None, Mapping[str, Json]]:
    """The entry of a hold or a step that a restore brought: nobody's deed today, and who did it when."""
    return row.about, {"hold": row.id, "by": by, "who": row.who, "at": row.moment}


def _named(tx: Connection, copy: Replaced, at: datetime) -> dict[int, int]:
    """The people whom a copy names, by their numbers in it and here. An account that is here stays as it is."""
    here = {row.username: row.id for row in tx.execute(text("SELECT id, username FROM user"))}
    found = {}
    for row in copy.rows("user", "ORDER BY id"):
        if row["username"] not in here:
            said = {name: row[name] for name in ("username", "name", "role")}
            here[row["username"]] = add_account(tx, said, at, "copy")
        found[row["id"]] = here[row["username"]]
    return found


def add_account(tx: Connection, said: Mapping[str, Any], at: datetime, by: str) -> int:
    """Adds an account that is switched off and has no password, with its entry; returns its number. `by`: what it came
    from.
    """
    # No password has this for its hash.
    off = {"active": 0, "failed": 0, "must_change_password": 1, "password_hash": f"none: {said['username']}"}
    number = insert_row(tx, "user", {**said, **off})
    data: dict[str, Json] = {"user": number, "role": said["role"], "by": by}
    append_each(tx, [(None, data)], at=at, actor_id=None, action="add_user", heading=Heading.SYSTEM)
    return number


# The parts


def _holds(
    tx: Connection, old: Replaced, same: Mapping[int, int], users: Mapping[int, int]
) -> tuple[dict[int, int], int, int]:
    """Holds, and the steps towards their release: the numbers of the holds there and here, and how many of each were
    new. A hold on a case that the file does not have stays away: see ``_reached``.
    """
    numbers: dict[int, int] = {}
    holds, steps = 0, 0
    for row in old.rows("hold", "ORDER BY id"):
        about = [row[name] for name in ("case_id", "person_of") if row[name] is not None]
        if all(one in same for one in about):
            moved = {name: same[row[name]] for name in ("case_id", "person_of") if row[name] is not None}
            numbers[row["id"]], new = put_row(tx, "hold", mapped("hold", row, users) | moved)
            holds += new
    for row in old.rows("hold_step", "ORDER BY rowid"):
        if row["hold_id"] in numbers:
            step = mapped("hold_step", row, users) | {"hold_id": numbers[row["hold_id"]]}
            steps += put_row(tx, "hold_step", step)[1]
    return numbers, holds, steps


def _reached(tx: Connection, old: Replaced, numbers: Mapping[int, int], users: Mapping[int, int]) -> tuple[int, ...]:
    """Places a hold of the same words on each case over which one on a person stood there and would not here: the case
    that it names is lost, or is back in a form that nothing joins to it. Returns the numbers of the new ones.
    """
    here = {
        row.reference: row.id for row in tx.execute(text("SELECT id, reference FROM cases WHERE state <> 'destroyed'"))
    }
    over = f"SELECT cases.reference FROM hold JOIN cases ON {stands_over('cases')} WHERE hold.id = :id"
    released = set(tx.execute(text("SELECT hold_id FROM hold_step WHERE step = 'release'")).scalars())
    found = []
    for row in old.rows("hold", "WHERE person_of IS NOT NULL ORDER BY id"):
        number = numbers.get(row["id"])
        if number in released:
            continue
        left = old.covered.get(row["id"], frozenset()) - set(tx.execute(text(over), {"id": number}).scalars())
        words = {name: row[name] for name in ("authority", "because", "review_on", "placed_by", "placed_at")}
        for reference in sorted(left & here.keys()):
            scope = {**dict.fromkeys(_SCOPE), "case_id": here[reference]}
            one, new = put_row(tx, "hold", mapped("hold", words, users) | scope)
            found += [one] if new else []
    return tuple(found)


_SCOPE = ("case_id", "person_of", "agreement_id", "requester", "received_from", "received_to")


def _same_people(tx: Connection, old: Replaced, same: Mapping[int, int], users: Mapping[int, int]) -> int:
    """Which cases are about one person, and which are not, as it was said last; returns how many were. While a hold
    stands on the person of one of the two, that they are about one person counts, whenever it was said.
    """
    changed = 0
    for row in old.rows("link"):
        if row["case_id"] in same and row["other_id"] in same:
            first, second = sorted((same[row["case_id"]], same[row["other_id"]]))
            values = mapped("link", row, users) | {"case_id": first, "other_id": second}
            changed += tx.execute(text(_SAID_LAST), values).rowcount
    return changed


_SAID_LAST = (
    "INSERT INTO link (case_id, other_id, same_person, linked_by, linked_at)"
    " VALUES (:case_id, :other_id, :same_person, :linked_by, :linked_at) ON CONFLICT (case_id, other_id) DO UPDATE"
    " SET same_person = excluded.same_person, linked_by = excluded.linked_by, linked_at = excluded.linked_at"
    f" WHERE CASE WHEN link.same_person <> excluded.same_person AND {rests_on_link('link')} THEN excluded.same_person"
    " ELSE excluded.linked_at > link.linked_at END"
)


def _relations(tx: Connection, old: Replaced, same: Mapping[int, int], users: Mapping[int, int]) -> int:
    """Links that were made and ended since, each by the rules for links: what goes against one that stands here stays
    away. Returns how many there were.
    """
    changed = 0
    rules = [guards()[name] for name in _RULES_OF_LINKS]
    for rule in rules:
        tx.exec_driver_sql(rule)
    for there in old.rows("relation", "ORDER BY unlinked_at IS NULL, id"):
        if there["case_id"] in same and there["other_id"] in same:
            row = mapped("relation", there, users)
            row |= {name: same[there[name]] for name in ("case_id", "other_id")}
            changed += _relation(tx, row)
    for name in _RULES_OF_LINKS:
        tx.exec_driver_sql(f"DROP TRIGGER {name}")
    return changed


_RULES_OF_LINKS = (
    "relation_pair", "relation_one_leading", "relation_leading", "relation_one_earlier", "relation_chain",
)  # fmt: skip


def _relation(tx: Connection, row: Mapping[str, Any]) -> bool:
    """Begins or ends a link as in a row of the replaced store; returns whether it did."""
    query = "SELECT id, unlinked_at FROM relation WHERE case_id = :case_id AND other_id = :other_id AND kind = :kind"
    known = tx.execute(text(f"{query} AND linked_by = :linked_by AND linked_at = :linked_at"), row).first()
    if known is None:
        try:
            put_row(tx, "relation", row)
        except IntegrityError:
            return False
        return True
    if known.unlinked_at is not None or row["unlinked_at"] is None:
        return False
    end = text("UPDATE relation SET unlinked_by = :unlinked_by, unlinked_at = :unlinked_at WHERE id = :here")
    tx.execute(end, {**row, "here": known.id})
    return True
