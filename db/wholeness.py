"""Whether the file is made of what the migrations make, and of nothing else. SQLite alone.

A table beside ours could keep whoever is destroyed, and a trigger beside ours answer in somebody's name.
"""

from __future__ import annotations

import json

from sqlalchemy import Connection, inspect, text
from sqlalchemy.schema import CreateIndex

from db.migrations import guards, whole_schema
from db.store import HEAD

_SEARCH = tuple(f"search{part}" for part in ("", "_data", "_idx", "_content", "_docsize", "_config"))
_BESIDE = ("alembic_version", *_SEARCH)
"""The tables that the migrations make and the schema does not name."""


def changed_guards(tx: Connection) -> tuple[str, ...]:
    """Triggers that are missing or differ from what the migrations made."""
    there = {row[0]: row[1] for row in tx.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))}
    return tuple(
        f"the guard {name} is missing or was changed" for name, wanted in guards().items() if there.get(name) != wanted
    )


def strangers(tx: Connection) -> tuple[tuple[str, str], ...]:
    """What stands in the file and no migration made: (kind, name), the kind a table, view, index or trigger."""
    tables = whole_schema().tables
    indexes = {str(one.name) for table in tables.values() for one in table.indexes}
    ours = {"table": {*tables, *_BESIDE}, "view": set(), "index": indexes, "trigger": {*guards()}}
    # SQLite keeps names that begin so for itself.
    found = tx.execute(text("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"))
    return tuple((row.type, row.name) for row in found if row.name not in ours[row.type])


def drop_strangers(tx: Connection) -> None:
    """Takes away what no migration made."""
    for kind, name in strangers(tx):
        quoted = name.replace('"', '""')
        # With a table its own indexes and triggers go.
        tx.exec_driver_sql(f'DROP {kind} IF EXISTS "{quoted}"')


def changed_schema(tx: Connection) -> tuple[str, ...]:
    """What is missing of what the migrations make, what is there beside it, and a revision that is another's."""
    says = text("SELECT version_num FROM alembic_version")
    revisions = tx.execute(says).scalars().all() if inspect(tx).has_table("alembic_version") else ()
    other = () if list(revisions) == [HEAD] else ("the store says that another version of the program made it",)
    return (
        *changed_guards(tx),
        *(f"the {kind} {name} is none of the desk’s" for kind, name in strangers(tx)),
        *_columns(tx),
        *(f"the index {name} is missing" for name in missing_indexes(tx)),
        *other,
    )


def missing_indexes(tx: Connection) -> dict[str, str]:
    """The indexes that are not there, by their names, each with what makes it."""
    there = set(tx.execute(text("SELECT name FROM sqlite_master WHERE type = 'index'")).scalars())
    return {
        str(one.name): str(CreateIndex(one).compile(dialect=tx.dialect))
        for table in whole_schema().sorted_tables
        for one in sorted(table.indexes, key=lambda index: str(index.name))
        if one.name not in there
    }


def mend_indexes(tx: Connection) -> None:
    """Makes the indexes that are missing anew: they hold nothing of their own, and some questions need them."""
    for statement in missing_indexes(tx).values():
        tx.exec_driver_sql(statement)


def _columns(tx: Connection) -> list[str]:
    """The columns of our tables that are missing, or that are too many."""
    query = (
        "SELECT ours.value AS of_table, columns.name FROM json_each(:names) AS ours"
        " JOIN pragma_table_xinfo(ours.value) AS columns"
    )
    tables = whole_schema().tables
    there = {(row.of_table, row.name) for row in tx.execute(text(query), {"names": json.dumps(list(tables))})}
    made = {(name, column.name) for name, table in tables.items() for column in table.columns}
    return [
        *(f"the column {column} of {table} is missing" for table, column in sorted(made - there)),
        *(f"the column {column} of {table} is none of the desk’s" for table, column in sorted(there - made)),
    ]
