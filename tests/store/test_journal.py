"""The journal's chain: an edit, an insertion, a deletion and a reordering are each found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from db.chain import Link, entry_hash, records, verify
from db.errors import RuleKept
from db.journal import append, canonical, commitment, digest
from db.records import Heading, Json
from db.store import Store, open_store
from tests.fixtures import KEY, Made

AT = datetime(2017, 6, 12, 8, 20, tzinfo=UTC)


@pytest.fixture
def store(new_store: Made, tmp_path: Path) -> Iterator[Store]:
    made = open_store(new_store.copy_to(tmp_path / "desk"), KEY)
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


def behind_the_guards(store: Store, *statements: str) -> list[tuple[int, str]]:
    """What is found after these statements, with the journal's guards lifted."""
    with store.write() as tx:
        for name in ("journal_no_update", "journal_no_delete", "journal_chained"):
            tx.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            tx.exec_driver_sql(statement)
    with store.read() as tx:
        return [(fault.seq, fault.what) for fault in verify(tx)[1]]


def rehashed(store: Store, seq: int, action: str) -> str:
    """The statement that changes an entry and gives it a hash of its own."""
    with store.read() as tx:
        row = tx.execute(text("SELECT * FROM journal WHERE seq = :seq"), {"seq": seq}).one()
    record = {"action": action, "actor": None, "at": row.at, "case": None, "data": row.data}
    found = digest({**record, "heading": row.heading, "prev": row.prev_hash, "seq": seq})
    return f"UPDATE journal SET action = '{action}', hash = '{found}' WHERE seq = {seq}"  # noqa: S608


MOVED_UP = ("UPDATE journal SET seq = -seq - 1 WHERE seq >= 3", "UPDATE journal SET seq = -seq WHERE seq < 0")
_OTHER_COLUMNS = "at, actor_id, 'forged', heading, case_id, data, hash, hash"
PUT_IN = f"INSERT INTO journal SELECT 3, {_OTHER_COLUMNS} FROM journal WHERE seq = 2"  # noqa: S608


def test_an_edit_is_found(store: Store) -> None:
    assert behind_the_guards(store, "UPDATE journal SET data = '{}' WHERE seq = 3") == [(3, "its content was changed")]


@pytest.mark.parametrize("column", ["action", "at", "data", "hash", "prev_hash"])
def test_a_text_that_was_made_bytes_is_found(store: Store, column: str) -> None:
    """They are hashed alike, and nobody who looks for the text finds them."""
    found = behind_the_guards(store, f"UPDATE journal SET {column} = CAST({column} AS BLOB) WHERE seq = 3")  # noqa: S608
    assert found == [(3, "its content was changed")]


@pytest.mark.parametrize("number", [0, -5])
def test_an_entry_with_a_number_below_one_is_found(store: Store, number: int) -> None:
    columns = "at, actor_id, 'forged', heading, case_id, data, prev_hash, hash"
    statement = f"INSERT INTO journal SELECT {number}, {columns} FROM journal WHERE seq = 2"  # noqa: S608
    found = behind_the_guards(store, statement)
    assert found == [(number, "it was put in: no entry has a number below 1")]
    with store.read() as tx:
        assert sum('"forged"' in record for record, _hash in records(tx)) == 1
        assert verify(tx, Link(4, entry_hash(tx, 4) or ""))[1] != ()


def test_an_edit_with_a_new_hash_is_found(store: Store) -> None:
    found = behind_the_guards(store, rehashed(store, 3, "forged"))
    assert found == [(3, "it was changed and hashed anew: entry 4 follows another one")]


def test_a_deletion_is_found(store: Store) -> None:
    assert behind_the_guards(store, "DELETE FROM journal WHERE seq IN (2, 3)") == [
        (4, "entries 2 to 3 are missing before it")
    ]


def test_a_deletion_that_was_closed_up_is_found(store: Store) -> None:
    found = behind_the_guards(
        store, "DELETE FROM journal WHERE seq = 3", "UPDATE journal SET seq = seq - 1 WHERE seq > 3"
    )
    assert found == [(3, "it was entry 4: 1 entry was taken out before it")]


def test_an_insertion_is_found(store: Store) -> None:
    assert behind_the_guards(store, *MOVED_UP, PUT_IN) == [(3, "it was put in: entry 4 was entry 3")]


def test_an_insertion_with_a_hash_of_its_own_is_found(store: Store) -> None:
    behind_the_guards(store, *MOVED_UP, PUT_IN)
    statement = rehashed(store, 3, "forged")
    with store.write() as tx:
        tx.exec_driver_sql(statement)
    with store.read() as tx:
        assert [(one.seq, one.what) for one in verify(tx)[1]] == [(3, "it was put in: entry 4 was entry 3")]


def test_another_order_is_found(store: Store) -> None:
    swap = "UPDATE journal SET seq = CASE seq WHEN 2 THEN -4 ELSE -2 END WHERE seq IN (2, 4)"
    found = behind_the_guards(store, swap, "UPDATE journal SET seq = -seq WHERE seq < 0")
    assert found == [
        (2, "it was entry 4: entries were put in another order"),
        (4, "it was entry 2: entries were put in another order"),
    ]


@pytest.mark.parametrize("column", ["action", "data", "at", "prev_hash", "hash"])
@pytest.mark.parametrize("value", ["CAST(X'ff' AS TEXT)", "X'ff'", "''"])
def test_a_record_that_is_no_text_is_found(store: Store, column: str, value: str) -> None:
    found = behind_the_guards(store, f"UPDATE journal SET {column} = {value} WHERE seq = 2")  # noqa: S608
    assert found == [(2, "its content was changed")]


def test_many_faults_are_told_in_short(store: Store) -> None:
    with store.write() as tx:
        for _ in range(150):
            append(tx, at=AT, actor_id=None, action="more", heading=Heading.SYSTEM)
    found = behind_the_guards(store, "UPDATE journal SET data = '{\"x\":1}' WHERE seq > 5")
    assert len(found) == 101
    assert found[-1][1] == "50 more faults from here on"


def test_a_check_from_a_trusted_entry_looks_at_what_follows_alone(store: Store) -> None:
    with store.read() as tx:
        trusted = Link(3, tx.execute(text("SELECT hash FROM journal WHERE seq = 3")).scalar_one())
    assert behind_the_guards(store, "UPDATE journal SET data = '{}' WHERE seq = 2") == [(2, "its content was changed")]
    with store.read() as tx:
        assert verify(tx, trusted) == (2, ())
        assert [one.seq for one in verify(tx, Link(3, "0" * 64))[1]] == [3]


def test_an_inserted_entry_is_found_even_with_a_hash_of_its_own(store: Store) -> None:
    sql = (
        "INSERT INTO journal SELECT 6, at, actor_id, 'forged', heading, case_id, data, hash, hash"
        " FROM journal WHERE seq = 5"
    )
    assert [seq for seq, _what in behind_the_guards(store, sql)] == [6]


def test_an_entry_of_two_lines_that_are_both_hashed_is_found(store: Store) -> None:
    with store.read() as tx:
        record = list(records(tx))[-1][0]
    line, _, rest = record.partition('","seq":5}')
    assert not rest
    first = sha256(line.encode()).hexdigest()
    second = sha256(f'{first}","seq":5}}'.encode()).hexdigest()
    both = (
        f"UPDATE journal SET prev_hash = prev_hash || char(10) || '{first}', hash = '{first}' || char(10) || '{second}'"  # noqa: S608
    )
    assert behind_the_guards(store, f"{both} WHERE seq = 5") == [(5, "its content was changed")]


def test_an_entry_far_away_is_found_at_once(store: Store) -> None:
    found = behind_the_guards(store, "UPDATE journal SET seq = 9000000000000000 WHERE seq = 5")
    assert found == [(9000000000000000, "it was entry 5")]


def test_a_number_left_out_of_a_chain_that_holds_is_found(store: Store) -> None:
    behind_the_guards(store, "UPDATE journal SET seq = 7 WHERE seq = 5")
    statement = rehashed(store, 7, "forged")
    with store.write() as tx:
        tx.exec_driver_sql(statement)
    with store.read() as tx:
        assert [(one.seq, one.what) for one in verify(tx)[1]] == [(7, "entries 5 to 6 are missing before it")]


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none(), max_size=4))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_database_puts_a_record_together_as_it_was_hashed(store: Store, data: dict[str, Json]) -> None:
    with store.write() as tx:
        append(tx, at=AT, actor_id=None, action="any", heading=Heading.SYSTEM, data=data)
        assert verify(tx)[1] == ()


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
