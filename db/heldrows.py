"""What a restore needs of holds where the store is lost: the rows of a small copy beside it and beside its backups.

A row names cases by their references and people by their user names, so that it is the same row whatever numbers a
store gives. Links are those by which a hold on a person reaches further cases: that two requests are not about one
person releases, and a copy that is older than the store may not. SQLite alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Column, Connection, Table, text

from db import holds as stored
from db.engine import in_memory
from db.journal import canonical
from db.replaced import Replaced
from db.schema_disposal import hold, hold_step
from db.schema_links import link

Rows = dict[str, list[dict[str, Any]]]
"""The rows of each table, as the store writes them: "hold", "hold_step", "link", and the people they name, "user".

In "cover" stands which cases each hold on a person stood over: where the case that it names is lost, they stay held.
"""

_TABLES = (hold, hold_step, link)
_CASES, _PEOPLE, _HOLDS = "cases.id", "user.id", "hold.id"
_NAMED = {_CASES: "(SELECT reference FROM cases AS named", _PEOPLE: '(SELECT username FROM "user" AS named'}
_LINKS = "WHERE same_person AND (case_id IN ({0}) OR other_id IN ({0}))".format("SELECT person_of FROM hold")


def held_in(tx: Connection) -> Rows:
    """What the store says of holds."""
    holds = {row.pop("id"): row for row in _read(tx, hold, "ORDER BY hold.id")}
    steps = [{**row, "hold_id": canonical(holds[row["hold_id"]])} for row in _read(tx, hold_step, "ORDER BY id")]
    for row in steps:
        del row["id"]
    cover = [
        {"hold_id": canonical(holds[one.id]), "case_id": reference}
        for one in stored.holds(tx)
        if one.scope.person_of is not None and one.standing != "released"
        for reference in stored.references(tx, one.scope)
    ]
    rows = {"hold": list(holds.values()), "hold_step": steps, "link": _read(tx, link, _LINKS), "cover": cover}
    return _with_people(tx, rows)


def together(*several: Rows) -> Rows:
    """What these say together, each row once: holds and their steps are only ever added to. A row that one alone has
    comes after the row that it follows there: no clock puts them in order.
    """
    found: Rows = {}
    for table in (*(one.name for one in _TABLES), "cover", "user"):
        known: dict[str, dict[str, Any]] = {}
        for rows in several:
            ours = {canonical(row): row for row in rows.get(table, ())}
            order = list(known)
            at = 0
            for name in ours:
                if name in known:
                    at = order.index(name) + 1
                else:
                    order.insert(at, name)
                    at += 1
            known |= ours
            known = {name: known[name] for name in order}
        found[table] = list(known.values())
    return found


def unknown(tx: Connection, copied: Rows) -> Rows:
    """The rows of a copy that the store does not have, of cases that it does, or that it has nothing later on."""
    ours = held_in(tx)
    all_rows = together(ours, copied)
    found: Rows = {}
    for table in _TABLES:
        known = {canonical(row) for row in ours[table.name]}
        missing = [row for row in copied.get(table.name, ()) if canonical(row) not in known]
        found[table.name] = [row for row in missing if _could_be_here(tx, table, row, all_rows)]
    return found


def lacking(tx: Connection, copied: Rows) -> int:
    """How many rows of the store a copy of its holds does not have."""
    return sum(
        len({canonical(row) for row in rows} - {canonical(row) for row in copied.get(table, ())})
        for table, rows in held_in(tx).items()
        if table not in ("user", "cover")
    )


def brought_up(tx: Connection, copied: Rows) -> Rows:
    """A copy brought up to date: what the store says, and what the copy alone knows. A link of which the store knows
    something later goes, unless a hold stands on the person of one of its cases.
    """
    ours = held_in(tx)
    both = together(ours, copied)
    kept = {**copied, "link": [row for row in copied.get("link", ()) if _on_held(row, both) or not _later(tx, row)]}
    return together(ours, kept)


@contextmanager
def as_store(copied: Rows) -> Iterator[Replaced]:
    """A copy as a store of these rows alone, for what reads a store. Steps have no number: a new one comes last."""
    with closing(in_memory()) as raw:
        references = sorted(_names(copied, _CASES) | {row["case_id"] for row in copied["cover"]})
        # Of an account under two names the last counts: see ``together``.
        people = {row["username"]: row for row in copied["user"]}
        _fill(raw, "cases", [{"id": at, "reference": one} for at, one in enumerate(references, 1)])
        _fill(raw, "user", [{"id": at, **row} for at, row in enumerate(people.values(), 1)])
        numbers = {
            _CASES: {one: at for at, one in enumerate(references, 1)},
            _PEOPLE: {one: at for at, one in enumerate(people, 1)},
            _HOLDS: {canonical(row): at for at, row in enumerate(copied["hold"], 1)},
        }
        for table in _TABLES:
            rows = [_numbered(table, row, numbers) for row in copied[table.name]]
            if table is hold:
                rows = [{**row, "id": at} for at, row in enumerate(rows, 1)]
            _fill(raw, table.name, rows)
        cover = [(numbers[_HOLDS].get(row["hold_id"]), numbers[_CASES][row["case_id"]]) for row in copied["cover"]]
        _fill(raw, "cover", [{"hold_id": number, "case_id": case_id} for number, case_id in cover])
        yield Replaced(raw)


# The parts


def _leads_to(column: Column[Any]) -> str:
    return next((one.target_fullname for one in column.foreign_keys), "")


def _of(table: Table, row: Mapping[str, Any], target: str) -> list[str]:
    """What a row names of a kind."""
    return [row[one.name] for one in table.columns if _leads_to(one) == target and row.get(one.name) is not None]


def _names(rows: Rows, target: str) -> set[str]:
    return {name for table in _TABLES for row in rows[table.name] for name in _of(table, row, target)}


def _read(tx: Connection, table: Table, rest: str) -> list[dict[str, Any]]:
    """The rows of a table with names in place of numbers, and everything else as the file has it.

    What is empty is left out: a column that comes later makes no other row of one that was written before.
    """
    columns = []
    for one in table.columns:
        name = f'"{table.name}"."{one.name}"'
        named = _NAMED.get(_leads_to(one))
        columns.append(f'{named} WHERE named.id = {name}) AS "{one.name}"' if named else name)
    query = f'SELECT {", ".join(columns)} FROM "{table.name}" {rest}'
    rows = tx.execute(text(query)).mappings()
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def _with_people(tx: Connection, rows: Rows) -> Rows:
    names = _names(rows, _PEOPLE)
    every = tx.execute(text('SELECT username, name, role FROM "user" ORDER BY id')).mappings()
    return {**rows, "user": [dict(row) for row in every if row["username"] in names]}


def _could_be_here(tx: Connection, table: Table, row: Mapping[str, Any], both: Rows) -> bool:
    about = _of(table, row, _CASES)
    if table is hold_step:
        about = _of(hold, json.loads(row["hold_id"]), _CASES)
    there = text("SELECT 1 FROM cases WHERE reference = :reference")
    here = all(tx.execute(there, {"reference": one}).first() is not None for one in about)
    return here and (table is not link or _on_held(row, both) or not _later(tx, row))


def _on_held(row: Mapping[str, Any], rows: Rows) -> bool:
    """Whether a hold stands, by these rows, on the person of one of the two cases of a link."""
    over = {one["hold_id"] for one in rows["hold_step"] if one["step"] == "release"}
    return any(
        one.get("person_of") in (row["case_id"], row["other_id"]) and canonical(one) not in over for one in rows["hold"]
    )


def _later(tx: Connection, row: Mapping[str, Any]) -> bool:
    """Whether the store knows something later of two cases than a link of a copy says."""
    query = (
        "SELECT linked_at FROM link JOIN cases AS one ON one.id = case_id JOIN cases AS other ON other.id = other_id"
        " WHERE :case_id IN (one.reference, other.reference) AND :other_id IN (one.reference, other.reference)"
    )
    said = tx.execute(text(query), {name: row[name] for name in ("case_id", "other_id")}).scalar()
    return said is not None and str(said) > row["linked_at"]


def _numbered(table: Table, row: Mapping[str, Any], numbers: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    found = {}
    for one in table.columns:
        value, target = row.get(one.name), _leads_to(one)
        found[one.name] = numbers[target].get(value) if target and value is not None else value
    return found


def _fill(raw: Any, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    for row in rows:
        names = ", ".join(f'"{one}"' for one in row)
        raw.execute(f'CREATE TABLE IF NOT EXISTS "{table}" ({names})')
        raw.execute(f'INSERT INTO "{table}" VALUES ({", ".join("?" for _ in row)})', tuple(row.values()))
