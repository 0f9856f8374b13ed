"""The full-text index over references, names, dates of birth, numbers and requester references. SQLite alone.

It is written in the same transaction as what it describes, so that it cannot be stale.
"""

from __future__ import annotations

import re
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

NHS_DIGITS = 10
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_REFERENCE = re.compile(r"([A-Z]{2})(\d{6,})(\d)", re.ASCII | re.IGNORECASE)

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


def expression(typed: str) -> str:
    """What FTS5 is asked for: each word as a prefix, all of them. Empty where there is no word.

    Ten digits are one NHS number, however they are grouped. A day may stand in figures, as 27/11/1960, and a reference
    without its hyphens.
    """
    digits = "".join(typed.split())
    if digits.isascii() and digits.isdigit() and len(digits) == NHS_DIGITS:
        return f'"{digits}"'
    return " AND ".join(filter(None, map(_asked, typed.split())))


def _asked(word: str) -> str:
    """What is asked for one word: its parts as one phrase."""
    parts = "".join(c if c.isalnum() else " " for c in word).split()
    phrase = '"' + " ".join(parts) + '"*' if parts else ""
    # Either may be what somebody else calls their request, as it stands.
    if day := _DAY.fullmatch(word):
        return f'({phrase} OR "{day[3]} {int(day[2]):02} {int(day[1]):02}"*)'
    if bare := _REFERENCE.fullmatch(word):
        return f'({phrase} OR "{" ".join(bare.groups())}"*)'
    return phrase


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
