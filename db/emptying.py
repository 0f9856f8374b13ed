"""The emptying of one case: what identifies anyone goes, and its stub stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table, Update, bindparam, select, text, update

from db.casefile import stale
from db.migrations import whole_schema
from db.records import State
from db.schema import cases

_OFF_SEARCH = text("DELETE FROM search WHERE rowid = :of_case")


def destroy(tx: Connection, case_id: int, version: int, by: int, at: datetime) -> None:
    """Empties a case of everything that identifies anyone, and leaves its stub. The database refuses one that may not
    go. Raises Stale where somebody changed it after `version`.
    """
    if tx.execute(_stub(), {"of_case": case_id, "at_version": version, "by": by, "at": at}).rowcount != 1:
        raise stale(tx, case_id)
    _empty_rest(tx, case_id)


def destroy_again(tx: Connection, case_id: int, stub: Mapping[str, Any]) -> None:
    """Empties a case that was destroyed before and came back with a backup. `stub`: columns of its row that stay, as
    they are known. For a file that is not yet the store: the guards know of approved runs alone.
    """
    values = {**stub, "state": State.DESTROYED.value, **emptied(cases)}
    tx.execute(update(cases).where(cases.c.id == case_id).values(**values))
    _empty_rest(tx, case_id)


@cache
def _stub() -> Update:
    """The update that leaves of a case's row what stays."""
    return (
        update(cases)
        .where(cases.c.id == bindparam("of_case"), cases.c.version == bindparam("at_version"))
        .values(
            state=State.DESTROYED.value,
            changed_by=bindparam("by"),
            changed_at=bindparam("at"),
            version=cases.c.version + 1,
            **emptied(cases),
        )
    )


def _empty_rest(tx: Connection, case_id: int) -> None:
    tx.execute(_OFF_SEARCH, {"of_case": case_id})
    for statement in _emptying():
        tx.exec_driver_sql(statement, (case_id,))


@cache
def _emptying() -> tuple[str, ...]:
    """An update for each table that says something of a case beside its row."""
    return tuple(
        f"UPDATE {table.name} SET {', '.join(f'{name} = {_SQL[value]}' for name, value in empty.items())}"
        " WHERE case_id = ?"
        for table in whole_schema().sorted_tables
        if table is not cases and (empty := emptied(table))
    )


_SQL = {None: "NULL", b"": "x''", "": "''"}
"""What is empty, as SQL."""


def emptied(table: Table) -> dict[str, str | bytes | None]:
    """What the columns of a table that are wiped are emptied to."""
    return {
        column.name: None if column.nullable else b"" if isinstance(column.type, LargeBinary) else ""
        for column in table.columns
        if column.info["disposal"] == "wipe"
    }


_VERSION = select(cases.c.version).where(cases.c.id == bindparam("of_case"))


def version_of(tx: Connection, case_id: int) -> int:
    """The version at which a case is now."""
    return int(tx.execute(_VERSION, {"of_case": case_id}).scalar_one())
