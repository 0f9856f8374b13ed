"""The full-text index over references, names, dates of birth, numbers and requester references. SQLite alone.

It is written in the same transaction as what it describes, so that it cannot be stale.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    column,
    literal_column,
    select,
    table,
    text,
)

from db.schema import cases
from db.searchwords import expression

_search = table("search", column("rowid"), column("search"), column("rank"))


@dataclass(frozen=True, slots=True)
class Indexed:
    """What can be searched for in one case."""

    reference: str
    names: str
    born: str
    numbers: str
    requester_reference: str


def put(tx: Connection, case_id: int, content: Indexed) -> None:
    """Indexes a case, in place of what was there."""
    tx.execute(text("DELETE FROM search WHERE rowid = :id"), {"id": case_id})
    tx.execute(
        text(
            "INSERT INTO search (rowid, reference, names, born, numbers, requester_reference)"
            " VALUES (:id, :reference, :names, :born, :numbers, :requester_reference)"
        ),
        {
            "id": case_id,
            "reference": content.reference,
            "names": content.names,
            "born": content.born,
            "numbers": content.numbers,
            "requester_reference": content.requester_reference,
        },
    )


def put_new(tx: Connection, rows: Sequence[tuple[int, str, str, str, str, str]]) -> None:
    """Indexes new cases: id, reference, names, born, numbers, requester's reference of each."""
    tx.exec_driver_sql(
        "INSERT INTO search (rowid, reference, names, born, numbers, requester_reference) VALUES (?, ?, ?, ?, ?, ?)",
        list(rows),
    )


def matching(typed: str) -> Select[Any]:
    """SELECT of the ids of cases that match what was typed; of none where nothing can match."""
    asked = expression(typed)
    if not asked:
        return select(cases.c.id).where(literal_column("0"))
    return select(_search.c.rowid).where(text("search MATCH :asked").bindparams(asked=asked))


def find(tx: Connection, typed: str, limit: int) -> Sequence[int]:
    """Ids of the latest cases that match."""
    if not expression(typed):
        return []
    return list(tx.execute(matching(typed).order_by(_search.c.rowid.desc()).limit(limit)).scalars())


def contents(tx: Connection) -> Iterator[tuple[int, Indexed]]:
    """What the index holds, case by case."""
    rows = tx.execute(text("SELECT rowid, reference, names, born, numbers, requester_reference FROM search"))
    for case_id, *words in rows:
        yield case_id, Indexed(*words)
