"""How long many requests take: to import them, beside the bare rows; and to find who was asked about before."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import text

from db import lists
from db.casereads import answers_of
from db.store import Store, create_store
from desktop.casework.intake import Batch, columns_for, import_batch, look_through
from desktop.casework.projection import identifiers
from desktop.policy.people import may_be_same_as
from desktop.policy.tables import read_table
from tests.fixtures import KEY, Office, make_entry, staffed

ROWS = 10_000
ROUNDS = 3
TABLES = ("agreement_text", "import_batch", "cases", "answer", "case_author", "identifier", "journal")
INDEXED = ("rowid", "reference", "names", "born", "numbers", "requester_reference")
_HEAD = (
    "Organisation,Our reference,Surname,First name,DOB,Sex,Nationality,Date received,NHS no,Address,Post code,"
    "Home Office ref,Passport number"
)
_FAMILIES = ("Okafor", "Smithers", "Kowal", "Núñez", "Šimko", "Rahim")


def file() -> bytes:
    """A CSV file of so many requests about invented people."""
    rows = [
        f"Northshire Police,NP/{n},{_FAMILIES[n % 6]}-{n % 997},Adeola {n % 83},{n % 28 + 1}/{n % 12 + 1}/1986,Female,"
        f'Irish,01/06/2026,943 476 5919,"{n} Weir Street, Westmere",WM2 4QT,X{n:07d},P{n:08d}'
        for n in range(ROWS)
    ]
    return "\n".join([_HEAD, *rows]).encode()


def measure() -> tuple[float, float]:
    """Milliseconds: importing a file that was looked through, and the bare executemany of the rows that it makes."""
    ours, floor = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
            office = staffed(make_entry(create_store(Path(one), KEY)))
            batch = _looked(office)
            start = perf_counter()
            import_batch(office.caseworker, batch)
            ours.append((perf_counter() - start) * 1000)
            bare = create_store(Path(other), KEY)
            floor.append(_bare(office.entry.store, bare))
            office.entry.store.close()
            bare.close()
    return median(ours), median(floor)


def _looked(office: Office) -> Batch:
    content = file()
    table = read_table(content)
    columns = columns_for(office.caseworker, "law-enforcement-tracing", table)
    return look_through(office.caseworker, "law-enforcement-tracing", content, table, columns)


def _bare(made: Store, bare: Store) -> float:
    """The same rows put into an empty store that has the indexes and no guard."""
    rows: dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]] = {}
    with made.read() as tx:
        for table in ("user", *TABLES):
            found = tx.exec_driver_sql(f'SELECT * FROM "{table}"')
            rows[table] = (tuple(found.keys()), [tuple(row) for row in found])
        found = tx.exec_driver_sql(f"SELECT {', '.join(INDEXED)} FROM search")
        rows["search"] = (INDEXED, [tuple(row) for row in found])
    with bare.write() as tx:
        for name in tx.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
            tx.exec_driver_sql(f'DROP TRIGGER "{name}"')
    start = perf_counter()
    with bare.write() as tx:
        raw: Any = tx.connection.driver_connection
        for table, (columns, values) in rows.items():
            if values:
                marks = ", ".join("?" * len(columns))
                names = ", ".join(f'"{one}"' for one in columns)
                raw.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', values)
    return (perf_counter() - start) * 1000


def duplicate_search(store: Store) -> float:
    """Milliseconds to find the requests that may be about the same person, in a large store: median of 50."""
    taken = []
    with store.read() as tx:
        query = text("SELECT id FROM cases WHERE state = 'issued' ORDER BY id DESC LIMIT 50")
        some = [(row.id, answers_of(tx, row.id)) for row in tx.execute(query)]
    for case_id, answers in some:
        pairs = identifiers(answers)
        start = perf_counter()
        with store.read() as tx:
            found = lists.sharing_identifiers(tx, case_id, pairs, 100)
        kept = may_be_same_as(answers, [one.answers for one in found])
        taken.append((perf_counter() - start) * 1000)
        assert len(kept) <= len(found)
    return median(taken)
