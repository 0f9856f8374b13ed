"""What the check of a long journal costs, beside what it cannot do without: decrypting its pages, and hashing.

The floor is the two together: SQLCipher decrypts and authenticates every page of the journal's table, with no row of it
given to Python; and SHA-256, as Python calls it, over the same records' bytes, which lie in memory.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from db.chain import START, Link, entry_hash, records, verify
from db.journal import append_each
from db.records import Heading
from db.store import Store, Tx, create_store
from tests.fixtures import KEY

RECORDS = int(os.environ.get("BENCH_RECORDS", "1000000"))
ROUNDS = 3
_FIRST = datetime(2016, 1, 4, 9, 30, tzinfo=UTC)


@contextmanager
def _long_journal() -> Iterator[tuple[Tx, Store]]:
    """A store with that many entries, each with one commitment."""
    with tempfile.TemporaryDirectory() as folder:
        store = create_store(Path(folder), KEY)
        for start in range(0, RECORDS, 10_000):
            about = [(None, {"person.family_name": f"{n:064x}"}) for n in range(start, start + 10_000)]
            at = _FIRST + timedelta(minutes=start)
            with store.write() as tx:
                append_each(tx, about, at=at, actor_id=None, action="save_answers", heading=Heading.ALTERATION)
        with store.read() as tx:
            yield tx, store
        store.close()


def measure() -> dict[str, float]:
    """Milliseconds of our check, of decrypting the pages, of hashing, and of the check since the last thousand."""
    with _long_journal() as (tx, store):
        lying = [record.encode() for record, _hash in records(tx)]
        near = RECORDS - 1000
        since = Link(near, entry_hash(tx, near) or "")
        return {
            "ours": _best(lambda: _checked(tx, START, store)),
            "pages": _best(lambda: _decrypted(tx)),
            "hashing": _best(lambda: _hashed(lying)),
            "since": _best(lambda: _checked(tx, since, store)),
        }


def _best(does: Callable[[], None]) -> float:
    took = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        does()
        took.append(perf_counter() - begun)
    return min(took) * 1000


def _checked(tx: Tx, since: Link, store: Store) -> None:
    _many, faults = verify(tx, since, store)
    assert not faults


def _decrypted(tx: Tx) -> None:
    """Every page of the table: a row's last column is on it, and SQLite adds up lengths within itself."""
    raw: Any = tx.connection.driver_connection
    raw.execute("SELECT sum(length(hash)) FROM journal").fetchone()


def _hashed(lying: list[bytes]) -> None:
    for one in lying:
        hashlib.sha256(one).hexdigest()
