"""Writes requests that come many at a time, and remembers the files that they came in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from db import search
from db.bulk import insert_many
from db.health import last_number
from db.journal import commitment
from db.records import Json
from db.schema import answer, cases, identifier, user
from db.schema_intake import import_batch

_ALIKE = 100


@dataclass(frozen=True, slots=True)
class NewCase:
    """A request ready to be written: its row without a reference, its answers, and what it is found by."""

    row: Mapping[str, Any]
    answers: Mapping[str, str]
    """Each answer's canonical text (``db.journal.canonical``)."""
    identifiers: Sequence[tuple[str, str]]
    words: tuple[str, str, str, str]
    """What is searched for beside its reference: names, born, numbers, requester's reference."""
    bound: str
    """Each answer as the journal holds it, bound under the case's salt: the canonical text of them all."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A file whose rows became drafts."""

    imported: int
    by: str
    at: datetime


def batch_of(tx: Connection, agreement_id: str, rows: int, sha256: str) -> Imported | None:
    """The import of a file with so many rows and this hash, if there was one and none of its cases is destroyed."""
    query = (
        select(import_batch, user.c.name)
        .join_from(import_batch, user, user.c.id == import_batch.c.imported_by)
        .where(import_batch.c.agreement_id == agreement_id, import_batch.c.rows == rows)
    )
    for row in tx.execute(query).all():
        known = sha256
        if row.first_case is not None:
            its = cases.c.id.between(row.first_case, row.first_case + row.imported - 1)
            known = bound_hash(tx.execute(select(cases.c.salt).where(its).order_by(cases.c.id)).scalars(), sha256)
        if row.sha256 == known:
            return Imported(row.imported, row.name, row.imported_at)
    return None


def bound_hash(salts: Iterable[bytes], sha256: str) -> str:
    """What is kept of a file's hash: keyed by the salts of its cases, in order, which go with them."""
    return commitment(hashlib.sha256(b"".join(salts)).digest(), "file", sha256)


def next_case(tx: Connection) -> int:
    """The number of the case that is written next, in this transaction."""
    return max(last_number(tx, "cases"), tx.execute(select(func.max(cases.c.id))).scalar() or 0) + 1


def columns_of(tx: Connection, agreement_id: str, layout: str) -> tuple[tuple[str, str] | None, ...] | None:
    """What each column filled in the last file with these headings: (key, part), or None for a column left out."""
    query = (
        select(import_batch.c.columns)
        .where(import_batch.c.agreement_id == agreement_id, import_batch.c.layout == layout)
        .order_by(import_batch.c.id.desc())
        .limit(1)
    )
    found = tx.execute(query).scalar()
    if found is None:
        return None
    return tuple((one[0], one[1]) if one else None for one in json.loads(found))


def add_batch(tx: Connection, values: Mapping[str, Any]) -> int:
    """Remembers a file; returns its number."""
    return int(tx.execute(insert(import_batch).values(**values)).lastrowid)


def reference_key(text: str) -> str:
    """A requester's reference for comparing: without spaces, and without regard to capitals."""
    return text.replace(" ", "").translate(_SMALL)


_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)
_KEY = func.lower(func.replace(cases.c.requester_reference, " ", ""))
"""The same in SQL, where only the letters from A to Z have a small form."""


def same_references(tx: Connection, keys: Collection[str]) -> list[tuple[str, str, str]]:
    """Cases with one of these keys of requester's references: (that key, the requester, the case's own), in order."""
    if not keys:
        return []
    wanted = select(func.json_each(json.dumps(sorted(keys))).table_valued("value").c.value)
    # The inner question needs nothing but the index of the references.
    ids = select(cases.c.id).where(_KEY.in_(wanted))
    query = select(cases.c.requester_reference, cases.c.requester, cases.c.reference)
    rows = tx.execute(query.where(cases.c.id.in_(ids)).order_by(cases.c.id))
    return [(reference_key(row[0]), row[1], row[2]) for row in rows]


_ASKED_BY = select(cases.c.requester, cases.c.requester_reference).where(cases.c.id == bindparam("of_case"))


def asked_by(tx: Connection, case_id: int) -> tuple[str, str]:
    """Who asked for a case, and the key of their own reference."""
    row = tx.execute(_ASKED_BY, {"of_case": case_id}).one()
    return row.requester, reference_key(row.requester_reference)


def about(tx: Connection, references: Collection[str], fields: Collection[str]) -> dict[str, dict[str, Json]]:
    """What cases, by their own references, have in these fields. A destroyed case has nothing in any."""
    if not references:
        return {}
    wanted = select(func.json_each(json.dumps(sorted(references))).table_valued("value").c.value)
    query = (
        select(cases.c.reference, answer.c.field, answer.c.value)
        .join_from(cases, answer, answer.c.case_id == cases.c.id)
        .where(cases.c.reference.in_(wanted), answer.c.field.in_(list(fields)))
    )
    found: dict[str, dict[str, Json]] = {}
    for reference, field, value in tx.execute(query):
        found.setdefault(reference, {})[field] = json.loads(value or "null")
    return found


def alike(tx: Connection, agreement_id: str, requester: str, family_name: str) -> dict[int, str]:
    """The latest cases of an agreement with this requester and family name: their references by their ids."""
    query = (
        select(cases.c.id, cases.c.reference)
        .where(
            cases.c.agreement_id == agreement_id,
            cases.c.requester == requester,
            cases.c.family_name == family_name,
            # By an index.
            func.folded(cases.c.family_name) == func.folded(family_name),
        )
        .order_by(cases.c.id.desc())
        .limit(_ALIKE)
    )
    return {row.id: row.reference for row in tx.execute(query)}


def add_cases(tx: Connection, new: Sequence[NewCase], references: Sequence[str], by: int, at: datetime) -> list[int]:
    """Writes new cases with their answers, identifiers and index entries; returns their ids in order."""
    rows = [{**one.row, "reference": name} for one, name in zip(new, references, strict=True)]
    insert_many(tx, cases, list(rows[0]), [tuple(row.values()) for row in rows])
    written = tx.execute(select(cases.c.reference, cases.c.id).where(cases.c.reference.in_(references)))
    by_name = {row.reference: int(row.id) for row in written}
    ids = [by_name[name] for name in references]
    pairs = list(zip(ids, new, strict=True))
    insert_many(
        tx,
        answer,
        ["case_id", "field", "value"],
        [(case_id, field, text) for case_id, one in pairs for field, text in one.answers.items()],
        same={"changed_by": by, "changed_at": at},
    )
    found_by = [(case_id, kind, value) for case_id, one in pairs for kind, value in sorted(set(one.identifiers))]
    insert_many(tx, identifier, ["case_id", "kind", "value"], found_by)
    search.put_new(tx, [(case_id, name, *one.words) for case_id, name, one in zip(ids, references, new, strict=True)])
    return ids
