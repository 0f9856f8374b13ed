"""The journal of a large store: each entry hashed with the one before, as ``db.journal`` does it one at a time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from db.journal import FIRST

_AT_ONCE = 20_000
LETTER = "@letter@"
"""Stands in an entry's data for the number of its case's letter."""


@dataclass(frozen=True, slots=True)
class Same:
    """An entry that many cases have at one moment. ``first`` None: one entry, of no case."""

    at: str
    actor_id: int | None
    action: str
    heading: str
    data: str
    first: int | None = None
    count: int = 1
    letters_from: int = 0
    """The number of the letter of the first case."""


class Chain:
    """Writes entries in order, in lots."""

    def __init__(self, write: Callable[[list[tuple[Any, ...]]], None]) -> None:
        self._write = write
        self._rows: list[tuple[Any, ...]] = []
        self.seq, self._hash = 0, FIRST

    def add(self, same: Same) -> None:
        """An entry for each case of it."""
        sha256, rows, seq, before = hashlib.sha256, self._rows, self.seq, self._hash
        at, actor, action, heading = same.at, same.actor_id, same.action, same.heading
        head = f'{{"action":{json.dumps(action)},"actor":{json.dumps(actor)},"at":"{at}","case":'
        tail = f',"heading":"{heading}","prev":"'
        said = json.dumps(same.data, ensure_ascii=False)
        lettered = LETTER in said
        for number in range(same.count):
            case_id = None if same.first is None else same.first + number
            data, quoted = same.data, said
            if lettered:
                letter = str(same.letters_from + number)
                data, quoted = data.replace(LETTER, letter), quoted.replace(LETTER, letter)
            seq += 1
            case = "null" if case_id is None else case_id
            record = f'{head}{case},"data":{quoted}{tail}{before}","seq":{seq}}}'
            found = sha256(record.encode()).hexdigest()
            rows.append((seq, at, actor, action, heading, case_id, data, before, found))
            before = found
        self.seq, self._hash = seq, before
        if len(rows) >= _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Writes what is left."""
        self._write(self._rows)
        self._rows.clear()
