"""The journal's chain: an edit, an insertion, a deletion and a reordering are each found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from db.errors import RuleKept
from db.journal import append, canonical, commitment, digest, verify
from db.records import Heading
from db.store import Store, create_store

AT = datetime(2017, 6, 12, 8, 20, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = create_store(tmp_path, bytes(32))
    with made.write() as tx:
        for number in range(5):
            append(tx, at=AT, actor_id=None, action=f"step_{number}", heading=Heading.SYSTEM, data={"n": number})
    yield made
    made.close()


def test_an_untouched_chain_verifies(store: Store) -> None:
    with store.read() as tx:
        assert verify(tx) == (5, ())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET data = '{}' WHERE seq = 2",
        "DELETE FROM journal WHERE seq = 5",
        "INSERT INTO journal SELECT 9, at, actor_id, action, heading, case_id, data, hash, hash FROM journal LIMIT 1",
        "INSERT INTO journal SELECT 6, at, actor_id, action, heading, case_id, data, hash, hash FROM journal LIMIT 1",
    ],
)
def test_direct_sql_cannot_touch_the_chain(store: Store, statement: str) -> None:
    with pytest.raises(RuleKept), store.write() as tx:
        tx.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE journal SET data = '{\"n\":9}' WHERE seq = 3", 3),
        ("UPDATE journal SET at = '2018-01-01T00:00:00.000000Z' WHERE seq = 4", 4),
        ("DELETE FROM journal WHERE seq = 2", 3),
        ("DELETE FROM journal WHERE seq = 1", 2),
        ("UPDATE journal SET seq = CASE seq WHEN 2 THEN 103 WHEN 3 THEN 102 END WHERE seq IN (2, 3)", 4),
    ],
)
def test_a_chain_that_was_broken_behind_the_triggers_is_named_where_it_breaks(
    store: Store, statement: str, seq: int
) -> None:
    with store.write() as tx:
        for name in ("journal_no_update", "journal_no_delete"):
            tx.exec_driver_sql(f"DROP TRIGGER {name}")
        tx.exec_driver_sql(statement)
    with store.read() as tx:
        _, faults = verify(tx)
    assert faults
    assert min(fault.seq for fault in faults) == seq


def test_an_inserted_entry_is_found_even_with_a_hash_of_its_own(store: Store) -> None:
    with store.write() as tx:
        tx.execute(text("DROP TRIGGER journal_chained"))
        tx.execute(
            text(
                "INSERT INTO journal SELECT 6, at, actor_id, 'forged', heading, case_id, data, hash, hash"
                " FROM journal WHERE seq = 5"
            )
        )
    with store.read() as tx:
        _, faults = verify(tx)
    assert [fault.seq for fault in faults] == [6]


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)))
def test_a_value_has_one_canonical_text(value: object) -> None:
    assert canonical(value) == canonical(value)  # type: ignore[arg-type]
    assert len(digest(value)) == 64  # type: ignore[arg-type]


def test_a_commitment_depends_on_the_salt_the_field_and_the_value() -> None:
    salt = b"s" * 32
    made = {
        commitment(salt, "person.family_name", "Kowalczyk"),
        commitment(salt, "person.given_names", "Kowalczyk"),
        commitment(salt, "person.family_name", "Kowalczyk "),
        commitment(b"t" * 32, "person.family_name", "Kowalczyk"),
    }
    assert len(made) == 4
    assert commitment(salt, "a", "lone \ud800") == commitment(salt, "a", "lone \ud800")
