"""Many rows of one table at once, past what a statement for each would cost. SQLite alone."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, LargeBinary, Select, Table, func, insert, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement

_AT_ONCE = 200
"""Rows a statement: beyond, it only grows longer."""
_IDS = 400_000
"""Ids in one text of the database: a million of them take three times their room as one."""
_LETTERS = 10_000
"""Of ids that are read at once: for so long, a tenth of a millisecond, no other thread goes on."""


def insert_many(
    tx: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    same: Mapping[str, Any] | None = None,
) -> None:
    """Inserts the rows. `same`: columns that have one value in every row.

    A value that stands in row after row, such as a moment, is put into the database's words once.
    """
    if not rows:
        return
    tail = tuple(_put(tx, table, name)(value) for name, value in (same or {}).items())
    worded = [_put(tx, table, name) for name in columns]
    if any(put is not _as_it_is for put in worded):
        by_column = list(zip(*rows, strict=True))
        for at, put in enumerate(worded):
            if put is not _as_it_is:
                told = {value: put(value) for value in set(by_column[at])}
                by_column[at] = tuple(map(told.__getitem__, by_column[at]))
        rows = list(zip(*by_column, strict=True))
    if tail:
        rows = [row + tail for row in rows]
    names = (*columns, *(same or {}))
    head, marks, order = _inserting(tx.dialect, table, names)
    if order != names:
        rows = list(map(itemgetter(*map(names.index, order)), rows))
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        tx.exec_driver_sql(f"{head}VALUES {', '.join([marks] * len(some))}", tuple(chain.from_iterable(some)))


@lru_cache(64)
def _inserting(dialect: Dialect, table: Table, names: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]]:
    """An INSERT of these columns: up to its values, what marks those of a row, and in which order they come."""
    statement = insert(table).compile(dialect=dialect, column_keys=names)
    head, marks = statement.string.rsplit("VALUES ", 1)
    return head, marks, tuple(statement.positiontup or names)


def select_ids(tx: Connection, query: Select[tuple[int]], most: int | None = None) -> array[int]:
    """The ids that a query of ids gives, in its order. ``most``: of so many alone, the first, unless all are found as
    soon.

    The database puts them into one text by itself: a million rows, handed to Python one by one, would hold up the
    thread of the windows with each. As far as it need not sort them it does so in parts: a text of them all takes three
    times the room that they take.
    """
    if _sorts(tx, query):
        return _ids_in(tx, query)
    found, wanted = array("q"), most or _IDS
    while True:
        part = _ids_in(tx, query.limit(wanted).offset(len(found)))
        found.extend(part)
        if most is not None or len(part) < wanted:
            return found


def _ids_in(tx: Connection, query: Select[tuple[int]]) -> array[int]:
    text: str = tx.execute(select(func.group_concat(query.subquery().c.id))).scalar() or ""
    found, start = array("q"), 0
    while start < len(text):
        end = text.find(",", start + _LETTERS)
        end = len(text) if end < 0 else end
        found.fromlist(json.loads(f"[{text[start:end]}]"))
        start = end + 1
    return found


class _Plan(Executable, ClauseElement):
    """What SQLite says of how it answers a query."""

    inherit_cache = False

    def __init__(self, query: Select[Any]) -> None:
        self.query = query


@compiles(_Plan)
def _ask_plan(plan: _Plan, compiler: SQLCompiler, **options: Any) -> str:
    return f"EXPLAIN QUERY PLAN {compiler.process(plan.query, **options)}"


def _sorts(tx: Connection, query: Select[tuple[int]]) -> bool:
    """Whether SQLite finds every row of a query before it knows the first: no index has them in its order."""
    return any("TEMP B-TREE FOR ORDER BY" in row.detail for row in tx.execute(_Plan(query)))


def _put(tx: Connection, table: Table, name: str) -> Any:
    """What puts a column's values into the database's words."""
    kind = table.c[name].type
    if isinstance(kind, LargeBinary):
        return _as_it_is
    return kind.dialect_impl(tx.dialect).bind_processor(tx.dialect) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
