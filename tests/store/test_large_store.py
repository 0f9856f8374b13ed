"""The large store that measurements are made on is a store like any other: its checks find nothing wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from db.store import Store, create_store, open_store
from desktop.casework.setup import entry_for
from desktop.casework.verifying import verify_store
from desktop.policy.identifiers import nhs_number_is_right
from tests.bench.destruction import measure
from tests.bench.lives import RECORDS
from tests.bench.million import large_store
from tests.fixtures import KEY

MANY = 600
NOW = datetime(2026, 6, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("large") / "desk"
    large_store(folder, MANY, NOW)
    store = open_store(folder, KEY)
    yield store
    store.close()


def test_every_check_of_the_store_finds_nothing(large: Store) -> None:
    report = verify_store(entry_for(large, large.path.parent, KEY, lambda: NOW))
    assert {name: faults for name, faults in report.checks if faults} == {}


def test_it_has_the_cases_that_a_desk_of_twenty_years_has(large: Store) -> None:
    with large.read() as tx:
        counted = tx.execute(text("SELECT state, count(*) AS many FROM cases GROUP BY state"))
        states = {row.state: row.many for row in counted}
        letters = tx.execute(text("SELECT count(*) FROM letter WHERE pdf IS NOT NULL")).scalar_one()
        query = "SELECT count(seq) FROM cases LEFT JOIN journal ON case_id = cases.id GROUP BY cases.id"
        entries = tx.execute(text(query)).scalars().all()
        years = tx.execute(text("SELECT count(DISTINCT substr(received_on, 1, 4)) FROM cases")).scalar_one()
    assert min(entries) == RECORDS
    assert sum(states.values()) == MANY
    assert (states["destroyed"], states["withdrawn"]) == (540, 30)
    assert letters == states["issued"] == 18
    assert years > 15


def test_it_asks_as_any_store_does(large: Store, tmp_path: Path) -> None:
    other = create_store(tmp_path, KEY)
    query = text("SELECT idx, stat FROM sqlite_stat1 ORDER BY idx")
    with large.read() as tx, other.read() as beside:
        assert tx.execute(query).fetchall() == beside.execute(query).fetchall() != []
    other.close()


def test_it_finds_its_people_by_numbers_that_are_given_to_nobody(large: Store) -> None:
    with large.read() as tx:
        query = text("SELECT value FROM identifier WHERE kind = 'nhs_number'")
        numbers = tx.execute(query).scalars().all()
    assert len(numbers) == 60
    assert all(one.startswith("999") and nhs_number_is_right(one) for one in numbers)


def test_cases_of_it_are_destroyed_as_the_measurement_does_it(large: Store) -> None:
    large.empty_log()
    ours, floor = measure(large.path.parent, 5)
    assert min(ours, floor) > 0
