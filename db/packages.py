"""Everything that the store holds of one case, for a package: its rows as JSON, and its files as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table, or_, select

from db.migrations import whole_schema
from db.records import Json
from db.schema import cases, letter, letter_event, user

_FOLDERS = {"letter": "letters", "notice": "notices", "attachment": "attachments"}
_NOT_OF_IT = frozenset({"transfer_package", "disposal_item", "disposal_result", "hold"})
"""What is about the run or a hold, and not of the case."""


@dataclass(frozen=True, slots=True)
class Contents:
    """A case's rows, table by table, and its files by a path of their own."""

    rows: dict[str, Json]
    files: dict[str, bytes]


def contents_of(tx: Connection, case_id: int) -> Contents:
    """All that any table has of a case, and who is named in it. A file stands in its row by its path."""
    rows: dict[str, Json] = {}
    files: dict[str, bytes] = {}
    for table in whole_schema().sorted_tables:
        if (query := _of_case(table, case_id)) is None:
            continue
        found: list[Json] = [_row(table, row, files) for row in tx.execute(query).mappings()]
        if found:
            rows[table.name] = found
    seen = {value for table in rows.values() for row in _rows(table) for name, value in row.items() if _is_who(name)}
    people = select(user.c.id, user.c.name).where(user.c.id.in_([one for one in seen if isinstance(one, int)]))
    rows["people"] = [{"id": row.id, "name": row.name} for row in tx.execute(people.order_by(user.c.id))]
    return Contents(rows, files)


def _is_who(name: str) -> bool:
    return name.endswith("_by") or name in ("user_id", "actor_id", "caseworker_id")


def _rows(table: Json) -> list[dict[str, Json]]:
    return [one for one in table if isinstance(one, dict)] if isinstance(table, list) else []


def _of_case(table: Table, case_id: int) -> Any:
    if table.name in _NOT_OF_IT:
        return None
    if table is cases:
        return select(table).where(table.c.id == case_id)
    if table is letter_event:
        of_letters = select(letter.c.id).where(letter.c.case_id == case_id)
        return select(table).where(table.c.letter_id.in_(of_letters)).order_by(table.c.id)
    names = [name for name in ("case_id", "other_id") if name in table.c]
    if "case_id" not in names:
        return None
    return select(table).where(or_(*(table.c[name] == case_id for name in names)))


def _row(table: Table, values: Mapping[Any, Any], files: dict[str, bytes]) -> dict[str, Json]:
    said: dict[str, Json] = {}
    for column in table.columns:
        value = values[column.name]
        if isinstance(column.type, LargeBinary) and table.name in _FOLDERS and value is not None:
            path = f"{_FOLDERS[table.name]}/{_name(table, values)}"
            files[path] = bytes(value)
            said[column.name] = path
        else:
            said[column.name] = _json(value)
    return said


def _name(table: Table, values: Mapping[Any, Any]) -> str:
    if table.name == "attachment":
        plain = "".join(one if one.isalnum() or one in ".-_ " else "_" for one in str(values["name"]))[-100:]
        return f"{values['id']}-{plain.strip('. ')}"
    return f"{values['number']}.pdf"


def _json(value: Any) -> Json:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"a package holds no {type(value).__name__}")
