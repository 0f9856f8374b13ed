"""Whether the file is made of what the migrations make, and of nothing else. SQLite alone.

A table beside ours could keep whoever is destroyed, a trigger beside ours answer in somebody's name, and a table with
other rules drop what it is told to keep.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from sqlalchemy import Connection, inspect, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from db.migrations import guards, search_0001, whole_schema
from db.store import HEAD

_BESIDE = {
    "alembic_version": "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,"
    " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
    "search": search_0001.STATEMENTS[0],
    "search_data": "CREATE TABLE 'search_data'(id INTEGER PRIMARY KEY, block BLOB)",
    "search_idx": "CREATE TABLE 'search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID",
    "search_content": "CREATE TABLE 'search_content'(id INTEGER PRIMARY KEY, c0, c1, c2, c3, c4)",
    "search_docsize": "CREATE TABLE 'search_docsize'(id INTEGER PRIMARY KEY, sz BLOB)",
    "search_config": "CREATE TABLE 'search_config'(k PRIMARY KEY, v) WITHOUT ROWID",
}
"""The tables that the migrations make and the schema does not name, and what SQLite makes for the search index."""
_OF_SQLITE = ("sqlite_sequence", "sqlite_stat1", "sqlite_stat4")
"""The tables that SQLite keeps for itself."""


def changed_guards(tx: Connection) -> tuple[str, ...]:
    """Triggers that are missing or differ from what the migrations made."""
    there = {row[0]: row[1] for row in tx.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))}
    return tuple(
        f"the guard {name} is missing or was changed" for name, wanted in guards().items() if there.get(name) != wanted
    )


def strangers(tx: Connection) -> tuple[tuple[str, str], ...]:
    """What stands in the file and no migration made: (kind, name), the kind a table, view, index or trigger."""
    ours = {
        "table": {*whole_schema().tables, *_BESIDE, *_OF_SQLITE},
        "view": set(),
        "index": {*_indexes()},
        "trigger": {*guards()},
    }
    # Of a constraint SQLite makes an index itself, for which there is no statement.
    of_rule = "type = 'index' AND sql IS NULL AND name LIKE 'sqlite\\_autoindex\\_%' ESCAPE '\\'"
    found = tx.execute(text(f"SELECT type, name FROM sqlite_master WHERE NOT ({of_rule})"))
    return tuple((row.type, row.name) for row in found if row.name not in ours[row.type])


def drop_strangers(tx: Connection) -> None:
    """Takes away what no migration made."""
    for kind, known_as in strangers(tx):
        name = _nameable(tx, known_as) if kind == "table" and known_as.startswith("sqlite_") else known_as
        quoted = name.replace('"', '""')
        # With a table its own indexes and triggers go.
        tx.exec_driver_sql(f'DROP {kind} IF EXISTS "{quoted}"')


def _nameable(tx: Connection, name: str) -> str:
    """Another name for a table that somebody gave one of SQLite's: it drops none of those."""
    other = f"beside_{name.removeprefix('sqlite_')}"
    tx.exec_driver_sql("PRAGMA writable_schema = ON")
    renamed = "UPDATE sqlite_master SET {} WHERE tbl_name = :name"
    columns = ", ".join(f"{one} = replace({one}, :name, :other)" for one in ("name", "tbl_name", "sql"))
    tx.execute(text(renamed.format(columns)), {"name": name, "other": other})
    # Off again, and the schema read anew.
    tx.exec_driver_sql("PRAGMA writable_schema = RESET")
    return other


def changed_schema(tx: Connection) -> tuple[str, ...]:
    """What is missing of what the migrations make, what is there beside it, and a revision that is another's."""
    says = text("SELECT version_num FROM alembic_version")
    revisions = tx.execute(says).scalars().all() if inspect(tx).has_table("alembic_version") else ()
    other = () if list(revisions) == [HEAD] else ("the store says that another version of the program made it",)
    columns = _columns(tx)
    named = {table for table, _column, _what in columns}
    return (
        *changed_guards(tx),
        *(f"the {kind} {name} is none of the desk’s" for kind, name in strangers(tx)),
        *(f"the column {column} of {table} is {what}" for table, column, what in columns),
        *(f"the table {name} has other rules than the desk’s" for name in changed_tables(tx) if name not in named),
        *(f"the index {name} is missing or was changed" for name in wrong_indexes(tx)),
        *other,
    )


def changed_tables(tx: Connection) -> tuple[str, ...]:
    """The tables that are there with other columns, types, checks or references than the migrations make."""
    there = tx.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    made = _tables()
    return tuple(row.name for row in there if row.name in made and _rules(row.sql) != made[row.name])


@cache
def _indexes() -> Mapping[str, str]:
    """Our indexes by their names, each with what makes it."""
    dialect = sqlite.dialect()
    return {
        str(one.name): str(CreateIndex(one).compile(dialect=dialect))
        for table in whole_schema().sorted_tables
        for one in sorted(table.indexes, key=lambda index: str(index.name))
    }


@cache
def _tables() -> Mapping[str, tuple[str, ...]]:
    """The rules of our tables by their names."""
    dialect = sqlite.dialect()
    made = {one.name: str(CreateTable(one).compile(dialect=dialect)) for one in whole_schema().sorted_tables}
    return {name: _rules(sql) for name, sql in {**made, **_BESIDE}.items()}


_LIST = re.compile(r"IN \(('[^']*'(?:, '[^']*')*)\)")


@lru_cache(maxsize=256)
def _rules(sql: str) -> tuple[str, ...]:
    """A table's columns and constraints, however it came to have them: a migration that adds a column puts it last,
    with its constraints beside it, and one that adds a value to a list may put it anywhere.
    """
    plain = " ".join(sql.replace('"', "").split())
    head, _, body = _LIST.sub(lambda found: f"IN ({sorted(found[1].split(', '))})", plain).partition("(")
    body, _, tail = body.rpartition(")")
    return (head.strip(), tail.strip(), *sorted(rule for part in _parts(body) for rule in _apart(part)))


def _parts(body: str) -> Iterator[str]:
    """What stands between commas that are in no brackets and no quotes."""
    depth, quoted, start = 0, False, 0
    for at, sign in enumerate(body):
        quoted ^= sign == "'"
        depth += 0 if quoted else (sign == "(") - (sign == ")")
        if sign == "," and not depth and not quoted:
            yield body[start:at].strip()
            start = at + 1
    yield body[start:].strip()


def _apart(part: str) -> Iterator[str]:
    """A column, and the constraints that stand beside it as they would stand by themselves."""
    column, *beside = part.split(" CONSTRAINT ")
    yield column
    for one in beside:
        name, _, rule = one.partition(" ")
        of_column = f"FOREIGN KEY({column.split()[0]}) " if rule.startswith("REFERENCES") else ""
        yield f"CONSTRAINT {name} {of_column}{rule}"


def wrong_indexes(tx: Connection) -> dict[str, str]:
    """Our indexes that are not there or are other ones, by their names, each with what makes it."""
    there = {row[0]: row[1] for row in tx.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'index'"))}
    return {name: sql for name, sql in _indexes().items() if there.get(name) != sql}


def mend_indexes(tx: Connection) -> None:
    """Makes the indexes that are missing or other ones anew: they hold nothing of their own, and some questions need
    them.
    """
    for name, statement in wrong_indexes(tx).items():
        tx.exec_driver_sql(f"DROP INDEX IF EXISTS {name}")
        tx.exec_driver_sql(statement)


def _columns(tx: Connection) -> list[tuple[str, str, str]]:
    """The columns of our tables that are missing, or that are too many: (table, column, which of the two)."""
    query = (
        "SELECT ours.value AS of_table, columns.name FROM json_each(:names) AS ours"
        " JOIN pragma_table_xinfo(ours.value) AS columns"
    )
    tables = whole_schema().tables
    there = {(row.of_table, row.name) for row in tx.execute(text(query), {"names": json.dumps(list(tables))})}
    made = {(name, column.name) for name, table in tables.items() for column in table.columns}
    return [
        *((*one, "missing") for one in sorted(made - there)),
        *((*one, "none of the desk’s") for one in sorted(there - made)),
    ]


_FACTS = ("store_id", "second_look_secret", "pseudonym_key", "recovery_sheet", "erasure_lists", "holds_copied")
"""The facts that a store keeps about itself, beside those of which there are several."""
_OF_HASH = "length({0}) = 64 AND {0} NOT GLOB '*[^0-9a-f]*'"
_BESIDE_FACTS = f"""
SELECT 'meta' AS of_table FROM meta WHERE key NOT IN (SELECT value FROM json_each(:facts)) AND NOT (
    (key GLOB 'sequence.*' AND value NOT GLOB '*[^0-9]*') OR (key GLOB 'anchor_key.[0-9]*')
    OR (key GLOB 'erased.*' AND value = '' AND {_OF_HASH.format("substr(key, 8)")})
    OR ((key GLOB 'erased-key.*' OR key GLOB 'erased-case-key.*') AND {_OF_HASH.format("value")}
        AND {_OF_HASH.format("substr(key, instr(key, '.') + 1)")}))
UNION SELECT 'sqlite_sequence' FROM sqlite_sequence WHERE name NOT IN (SELECT value FROM json_each(:tables))
UNION SELECT 'search_config' FROM search_config WHERE k NOT IN ('version', 'secure-delete') OR typeof(v) <> 'integer'
UNION SELECT 'sqlite_stat1' FROM sqlite_stat1 WHERE tbl NOT IN (SELECT value FROM json_each(:tables))
    OR (idx IS NOT NULL AND idx NOT IN (SELECT name FROM sqlite_master WHERE type = 'index'))
    OR stat GLOB '*[^0-9 ]*'
"""


def beside_facts(tx: Connection) -> tuple[str, ...]:
    """Tables of the store itself, of no case, that keep what the desk never puts there: no destruction empties it."""
    values = {"facts": json.dumps(_FACTS), "tables": json.dumps([*whole_schema().tables])}
    return tuple(
        f"the table {row[0]} keeps what is none of the desk’s" for row in tx.execute(text(_BESIDE_FACTS), values)
    )
