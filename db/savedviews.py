"""Saved views: choices under a name, for one person or for everyone. Whose they are is kept by the database too."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select, update

from db.records_views import SavedView, ViewKind
from db.schema_savedviews import saved_view


def views_for(tx: Connection, kind: ViewKind, who: int) -> tuple[SavedView, ...]:
    """The views that a person has, their own first, by their names."""
    query = (
        select(saved_view)
        .where(saved_view.c.kind == kind.value, or_(saved_view.c.owner_id == who, saved_view.c.owner_id.is_(None)))
        .order_by(saved_view.c.owner_id.is_(None), saved_view.c.name_key)
    )
    return tuple(SavedView(row.id, row.name, row.owner_id, row.choices) for row in tx.execute(query))


def named(tx: Connection, kind: ViewKind, owner: int | None, name_key: str) -> int | None:
    """The number of the view of this name among one person's, or everyone's; None for none."""
    mine = saved_view.c.owner_id.is_(None) if owner is None else saved_view.c.owner_id == owner
    query = select(saved_view.c.id).where(saved_view.c.kind == kind.value, mine, saved_view.c.name_key == name_key)
    return tx.execute(query).scalar()


def add_view(
    tx: Connection, kind: ViewKind, name: str, key: str, owner: int | None, choices: str, by: int, at: datetime
) -> int:
    """Saves a view; returns its number. ``key``: how the name compares."""
    values = {"kind": kind.value, "name": name, "name_key": key, "owner_id": owner, "choices": choices}
    return int(tx.execute(insert(saved_view).values(saved_by=by, saved_at=at, **values)).lastrowid)


def rename_view(tx: Connection, number: int, name: str, key: str, by: int, at: datetime) -> None:
    """Gives a view another name."""
    values = {"name": name, "name_key": key, "saved_by": by, "saved_at": at}
    tx.execute(update(saved_view).where(saved_view.c.id == number).values(**values))


def delete_view(tx: Connection, number: int) -> None:
    """Takes a view away, which the journal said right before."""
    tx.execute(delete(saved_view).where(saved_view.c.id == number))
