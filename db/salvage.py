"""Reading past damage: what is left of a store of which some pages cannot be read. SQLite alone.

A connection that met a damaged page reads nothing more. So each torn table is read aside first, each time through a
connection of its own, and a temporary table of its name, in memory, then stands before it: whoever reads the store asks
as ever, and gets the rows that are left.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from db.engine import look_at, told
from db.errors import StoreDamaged, WrongKey

_MOST = 2**63 - 1
"""The largest number that a row can have."""
_MANY = 8**7
"""Rows that are read at once, where not all can be: then an eighth of them, and so on."""
_LEFT_OUT = {"letter": frozenset({"pdf"})}
"""Columns that no restore asks for and that fill many pages: the row is of use without them."""


def look_past_damage(path: Path, key: bytes, tables: Collection[str]) -> tuple[Any, frozenset[str]]:
    """A driver connection that reads a store at rest, and which of these tables lost rows to damage.

    Raises StoreError where nothing of it can be read: the key does not open it, or what tells where everything is is
    damaged itself.
    """
    there = {row[0] for row in _ask(path, key, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    asked = sorted(there.intersection(tables))
    # Mostly all of them are sound, which one connection tells; after a damaged page it tells nothing more.
    torn = [] if _sound(path, key, *asked) else [one for one in asked if not _sound(path, key, one)]
    raw = look_at(path, key)
    try:
        with told(path):
            unread = frozenset(one for one in torn if not _stand_before(raw, path, key, one))
    except BaseException:
        raw.close()
        raise
    return raw, unread


def _sound(path: Path, key: bytes, *tables: str) -> bool:
    """Whether every page of these tables and of their indexes can be read."""
    rows = _ask_or_none(path, key, [f'PRAGMA quick_check("{one}")' for one in tables])
    return rows is not None and all(row[0] == "ok" for row in rows)


def _ask(path: Path, key: bytes, sql: str | Sequence[str], values: Sequence[Any] = ()) -> list[Any]:
    """What a query, or several together, give through a connection of their own. Raises StoreDamaged where it met a
    damaged page.
    """
    raw = look_at(path, key)
    try:
        with told(path):
            raw.execute("PRAGMA ignore_check_constraints = ON")
            queries = [sql] if isinstance(sql, str) else sql
            rows: list[Any] = [row for one in queries for row in raw.execute(one, values)]
            # Where the end of a long value stood on a damaged page, SQLCipher gives zeros and fails at the next page.
            raw.execute("PRAGMA shrink_memory")
            raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return rows
    except WrongKey as error:
        # It opened: what cannot be read any more is its first page, after a damaged one.
        raise StoreDamaged from error
    finally:
        raw.close()


def _stand_before(raw: Any, path: Path, key: bytes, table: str) -> bool:
    """Puts the rows of a torn table that can be read before it; returns whether these are all."""
    if table.startswith("sqlite_"):
        # SQLite keeps that name for itself: see ``db.replaced``, which does without.
        return False
    columns = raw.execute(f'PRAGMA table_info("{table}")').fetchall()
    rowid = "WITHOUT ROWID" not in str(raw.execute(_SQL_OF, (table,)).fetchone()[0]).upper()
    names = [f'"{one[1]}"' for one in columns if one[1] not in _LEFT_OUT.get(table, ())]
    keys = [f'"{one[1]}"' for one in sorted(columns, key=lambda one: int(one[5])) if one[5]]
    rows, whole = _past_rowids(path, key, table, names) if rowid else _both_ends(path, key, table, names, keys)
    raw.execute("PRAGMA temp_store = MEMORY")
    fields = ", ".join(f'"{one[1]}" {one[2]}' for one in columns)
    raw.execute(f'CREATE TEMP TABLE "{table}" ({fields}, PRIMARY KEY ({", ".join(keys)}))')
    marks = ", ".join("?" for _ in names)
    raw.executemany(f'INSERT OR IGNORE INTO temp."{table}" ({", ".join(names)}) VALUES ({marks})', rows)
    for (index,) in raw.execute(_INDEXES_OF, (table,)).fetchall():
        raw.execute(re.sub(r"^CREATE (UNIQUE )?INDEX ", "CREATE INDEX temp.", index))
    return whole


_SQL_OF = "SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = ?"
_INDEXES_OF = "SELECT sql FROM main.sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"


def _past_rowids(path: Path, key: bytes, table: str, names: Sequence[str]) -> tuple[list[Any], bool]:
    """The rows of a table by their numbers, past each place that cannot be read; and whether there was none."""
    read = f'SELECT rowid, {", ".join(names)} FROM "{table}" NOT INDEXED WHERE rowid > ? ORDER BY rowid'
    rows, whole = _as_far(path, key, read, (0,))
    after, more = 0, whole
    while not more:
        found = _next_sound(path, key, f"{read} LIMIT 1", rows[-1][0] if rows and rows[-1][0] > after else after)
        if found is None:
            break
        after = found
        got, more = _as_far(path, key, read, (after,))
        rows += got
    return [row[1:] for row in rows], whole


def _as_far(path: Path, key: bytes, read: str, values: Sequence[Any] = ()) -> tuple[list[Any], bool]:
    """The rows of a query up to the first that cannot be read; and whether there was none."""
    rows, many = _ask_or_none(path, key, read, values), _MANY
    if rows is not None:
        return rows, True
    rows = []
    while many:
        got = _ask_or_none(path, key, f"{read} LIMIT {many} OFFSET {len(rows)}", values)
        if got:
            rows += got
        else:
            many //= 8
    return rows, False


def _ask_or_none(path: Path, key: bytes, sql: str | Sequence[str], values: Sequence[Any] = ()) -> list[Any] | None:
    try:
        return _ask(path, key, sql, values)
    except StoreDamaged:
        return None


def _next_sound(path: Path, key: bytes, read: str, after: int) -> int | None:
    """The least number after which the next row can be read, or there is none, where it cannot after `after`; None
    where all that follows is damaged.
    """

    def fails(number: int) -> bool:
        return _ask_or_none(path, key, read, (number,)) is None

    low, step = after, 1
    while fails(min(low + step, _MOST)):
        low = min(low + step, _MOST)
        if low == _MOST:
            return None
        step *= 2
    high = min(low + step, _MOST)
    while high - low > 1:
        middle = (low + high) // 2
        if fails(middle):
            low = middle
        else:
            high = middle
    return high


def _both_ends(path: Path, key: bytes, table: str, names: Sequence[str], keys: Sequence[str]) -> tuple[list[Any], bool]:
    """The rows of a table that has no numbers, from its beginning and from its end, each as far as can be read."""
    read = f'SELECT {", ".join(names)} FROM "{table}" ORDER BY '
    first, whole = _as_far(path, key, read + ", ".join(keys))
    last, _ = ([], True) if whole else _as_far(path, key, read + ", ".join(f"{one} DESC" for one in keys))
    return first + last, whole
