"""The people who may sign in, the organisation, commands already done, and the store's own facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, insert, select, true, update

from db.records import Organisation, Role, User
from db.schema import command, meta, organisation, user


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in needs to know of a person."""

    user: User
    password_hash: str
    failed: int
    locked_until: datetime | None


def _user(row: Any) -> User:
    return User(
        id=row.id,
        username=row.username,
        name=row.name,
        role=Role(row.role),
        active=row.active,
        last_seen_at=row.last_seen_at,
        must_change_password=row.must_change_password,
    )


def users(tx: Connection) -> tuple[User, ...]:
    """Everyone, in order of their numbers."""
    return tuple(_user(row) for row in tx.execute(select(user).order_by(user.c.id)))


_BY_NAME = select(user).where(func.lower(user.c.username) == bindparam("lower"))


def credentials(tx: Connection, username: str) -> Credentials | None:
    """By user name, without regard to case; None for nobody."""
    row = tx.execute(_BY_NAME, {"lower": username.strip().lower()}).first()
    return Credentials(_user(row), row.password_hash, row.failed, row.locked_until) if row else None


def add_user(tx: Connection, values: Mapping[str, Any]) -> int:
    """A new person; returns the id. RuleKept where the journal does not say so right before (``guards_accounts``)."""
    return int(tx.execute(insert(user).values(**values)).lastrowid)


def update_user(tx: Connection, user_id: int, **values: Any) -> None:
    """Changes a person's row."""
    tx.execute(update(user).where(user.c.id == user_id).values(**values))


def organisation_of(tx: Connection) -> Organisation:
    """The body that runs the desk."""
    row = tx.execute(select(organisation)).one()
    return Organisation(
        name=row.name,
        team=row.team,
        address=row.address,
        phone=row.phone,
        email=row.email,
        hours=row.hours,
        signatory_name=row.signatory_name,
        signatory_title=row.signatory_title,
        logo=row.logo,
        sample=row.sample,
        hours_welsh=row.hours_welsh,
        signatory_title_welsh=row.signatory_title_welsh,
    )


def put_organisation(tx: Connection, values: Mapping[str, Any]) -> None:
    """Writes the organisation, for the first time or anew."""
    if tx.execute(select(func.count()).select_from(organisation)).scalar():
        tx.execute(update(organisation).values(**values))
    else:
        tx.execute(insert(organisation).values(id=1, **values))


def put_fact(tx: Connection, key: str, value: str) -> None:
    """Keeps a fact about the store itself."""
    tx.execute(insert(meta).values(key=key, value=value))


def change_fact(tx: Connection, key: str, value: str) -> None:
    """Keeps a fact about the store itself in place of what was known of it before, if anything was."""
    if not tx.execute(update(meta).where(meta.c.key == key).values(value=value)).rowcount:
        put_fact(tx, key, value)


def fact(tx: Connection, key: str) -> str:
    """A fact about the store itself, "" where unknown."""
    return str(tx.execute(select(meta.c.value).where(meta.c.key == key)).scalar() or "")


def begins(words: str) -> ColumnElement[bool]:
    """Of the keys of facts, those that begin with these words: as the index has them, however many others there are."""
    return and_(meta.c.key >= words, meta.c.key < words[:-1] + chr(ord(words[-1]) + 1)) if words else true()


def facts(tx: Connection, begin: str) -> dict[str, str]:
    """The facts about the store itself whose keys begin with these words, in the order in which they came."""
    found = {row.key: row.value for row in tx.execute(select(meta.c.key, meta.c.value).where(begins(begin)))}
    return {key: found[key] for key in sorted(found, key=lambda key: (len(key), key))}


class OtherCommand(Exception):
    """A command's id was used for another action before."""


def done_before(tx: Connection, command_id: str, action: str) -> str | None:
    """The result of a command that was done already, or None. Raises OtherCommand where the id is another's."""
    row = tx.execute(select(command.c.result, command.c.action).where(command.c.id == command_id)).first()
    if row is None:
        return None
    if row.action != action:
        raise OtherCommand
    return str(row.result)


def mark_done(tx: Connection, command_id: str, action: str, at: datetime, result: str) -> None:
    """Remembers a command, so that a second press does it no second time."""
    tx.execute(insert(command).values(id=command_id, action=action, at=at, result=result))
