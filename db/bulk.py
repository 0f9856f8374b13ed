"""Many rows of one table at once, past what a statement for each would cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert


def insert_many(tx: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Inserts the rows. A value that stands in row after row, such as a moment, is put into words once."""
    if not rows:
        return
    compiled = insert(table).compile(dialect=tx.dialect, column_keys=list(columns))
    by_name = dict(zip(columns, zip(*rows, strict=True), strict=True))
    for name, values in by_name.items():
        put = table.c[name].type.dialect_impl(tx.dialect).bind_processor(tx.dialect)
        if put is not None and not isinstance(values[0], bytes):
            told = {value: put(value) for value in set(values)}
            by_name[name] = tuple(map(told.__getitem__, values))
    order = compiled.positiontup or list(columns)
    tx.exec_driver_sql(compiled.string, list(zip(*(by_name[name] for name in order), strict=True)))
