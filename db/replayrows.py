"""Rows of one store among those of another: told apart by what they say, not by their numbers. SQLite alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, text

from db.migrations import whole_schema
from db.replaced import Replaced


def insert_row(tx: Connection, table: str, row: Mapping[str, Any], otherwise: str = "") -> int:
    """Writes a row; returns its number."""
    names = ", ".join(f'"{one}"' for one in row)
    marks = ", ".join("?" for _ in row)
    done = tx.exec_driver_sql(f'INSERT {otherwise} INTO "{table}" ({names}) VALUES ({marks})', tuple(row.values()))
    return int(done.lastrowid or 0)


def put_row(tx: Connection, table: str, row: Mapping[str, Any]) -> tuple[int, bool]:
    """A row that says this: the one that is there, else a new one under its own number, if it has one that is free, or
    the next. Its number, and whether it is new.
    """
    rest = {name: value for name, value in row.items() if name not in ("id", "because")}
    same = " AND ".join(f'"{name}" IS ?' for name in rest)
    there = tx.exec_driver_sql(f'SELECT id FROM "{table}" WHERE {same} ORDER BY id', tuple(rest.values())).scalar()
    if there is not None:
        return int(there), False
    free = tx.exec_driver_sql(f'SELECT 1 FROM "{table}" WHERE id = ?', (row.get("id"),)).first() is None
    return insert_row(tx, table, row if free else {name: value for name, value in row.items() if name != "id"}), True


def same_cases(tx: Connection, old: Replaced) -> dict[int, int]:
    """Cases of the replaced store that the file has too, by their numbers there and here."""
    here = {row.reference: row.id for row in tx.execute(text("SELECT id, reference FROM cases"))}
    return {row["id"]: here[row["reference"]] for row in old.rows("cases") if row["reference"] in here}


@cache
def _people_in(table: str) -> tuple[str, ...]:
    """The columns of a table that say who did something."""
    columns = whole_schema().tables[table].columns
    return tuple(one.name for one in columns if any(key.target_fullname == "user.id" for key in one.foreign_keys))


def mapped(table: str, row: Mapping[str, Any], users: Mapping[int, int]) -> dict[str, Any]:
    """A row with the numbers that people have here."""
    who = [name for name in _people_in(table) if row.get(name) is not None]
    return {**row, **{name: users[row[name]] for name in who}}
