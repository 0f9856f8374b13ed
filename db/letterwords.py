"""An organisation's own words for parts of its letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from db.records import LetterKind
from db.schema import user
from db.schema_letterwords import letter_words


@dataclass(frozen=True, slots=True)
class StoredWords:
    """One change of the words of one part of a kind of letter, who made it and why."""

    id: int
    kind: LetterKind
    part: str
    english: str | None
    """None for the desk's own words again."""
    welsh: str
    because: str
    made_by: str
    made_at: datetime


def add_words(tx: Connection, values: Mapping[str, Any]) -> int:
    """Puts words in use; returns their number."""
    return int(tx.execute(insert(letter_words).values(**values)).lastrowid)


def words_of(tx: Connection, kind: LetterKind) -> tuple[StoredWords, ...]:
    """The words in use for the parts of a kind of letter, in the order of the parts' names."""
    newest = select(func.max(letter_words.c.id)).where(letter_words.c.kind == kind.value).group_by(letter_words.c.part)
    return _read(tx, letter_words.c.id.in_(newest), letter_words.c.part)


def changes_of(tx: Connection, kind: LetterKind) -> tuple[StoredWords, ...]:
    """Every change of the words of a kind of letter, the latest first."""
    return _read(tx, letter_words.c.kind == kind.value, letter_words.c.id.desc())


def kinds_with_words(tx: Connection) -> frozenset[LetterKind]:
    """The kinds of letter that have words of the organisation's own now."""
    newest = select(func.max(letter_words.c.id)).group_by(letter_words.c.kind, letter_words.c.part)
    query = select(letter_words.c.kind).where(letter_words.c.id.in_(newest), letter_words.c.english.is_not(None))
    return frozenset(LetterKind(one) for one in tx.execute(query.distinct()).scalars())


def _read(tx: Connection, which: Any, order: Any) -> tuple[StoredWords, ...]:
    query = (
        select(letter_words, user.c.name)
        .join_from(letter_words, user, user.c.id == letter_words.c.made_by)
        .where(which)
        .order_by(order)
    )
    return tuple(
        StoredWords(
            row.id, LetterKind(row.kind), row.part, row.english, row.welsh or "", row.because, row.name, row.made_at
        )
        for row in tx.execute(query)
    )
