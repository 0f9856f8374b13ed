"""What no migration made is found, and what is missing; an opening mends what can be mended, and says the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from db.engine import connect
from db.errors import StoreDamaged
from db.store import HEAD, open_store
from desktop.casework import disposal
from desktop.casework.desk import Refused
from desktop.casework.verifying import verify_store
from tests.fixtures import KEY, Office, make_entry, signed_in
from tests.store.backing import backed_up, restored
from tests.store.disposing import approved, closed, destroyed, faults, pass_grace, state_of
from tests.store.holding import place, reference

BESIDE = {
    "CREATE TABLE shadow AS SELECT * FROM cases": "the table shadow is none of the desk’s",
    "CREATE VIEW shadow AS SELECT * FROM cases": "the view shadow is none of the desk’s",
    "CREATE INDEX shadow ON cases (family_name)": "the index shadow is none of the desk’s",
    "CREATE TRIGGER shadow BEFORE INSERT ON hold BEGIN SELECT RAISE(IGNORE); END": "the trigger shadow is none of the"
    " desk’s",
    "ALTER TABLE hold ADD COLUMN shadow TEXT": "the column shadow of hold is none of the desk’s",
    "DROP INDEX ix_retention_timer": "the index ix_retention_timer is missing or was changed",
    "UPDATE alembic_version SET version_num = '0030'": "the store says that another version of the program made it",
    "ALTER TABLE alembic_version ADD COLUMN shadow TEXT": "the table alembic_version has other rules than the desk’s",
    "INSERT INTO meta VALUES ('shadow', 'x')": "the table meta keeps what is none of the desk’s",
    "INSERT INTO meta VALUES ('erased.shadow', '')": "the table meta keeps what is none of the desk’s",
    "INSERT INTO sqlite_sequence VALUES ('shadow', 1)": "the table sqlite_sequence keeps what is none of the desk’s",
    "INSERT INTO search_config VALUES ('shadow', 1)": "the table search_config keeps what is none of the desk’s",
    "INSERT INTO sqlite_stat1 VALUES ('shadow', NULL, '1')": "the table sqlite_stat1 keeps what is none of the desk’s",
    "DROP TABLE alembic_version": "the store says that another version of the program made it",
    "DELETE FROM alembic_version": "the store says that another version of the program made it",
}
INDEX = "DROP INDEX ix_retention_timer"


def ran(office: Office, *statements: str) -> None:
    with office.entry.store.write() as tx:
        for sql in statements:
            tx.execute(text(sql))


def reopened(office: Office, *statements: str, **values: str) -> Office:
    """The office after these by its key, beside the program."""
    path = office.entry.store.path
    office.entry.store.close()
    raw = connect(path, KEY)
    for sql in statements:
        raw.execute(sql, values)
    raw.execute("PRAGMA journal_mode = DELETE")
    raw.close()
    return signed_in(make_entry(open_store(path.parent, KEY), office.entry.clock()))


OTHER_RULES = {
    "hold": ("requester TEXT", "requester TEXT NOT NULL ON CONFLICT IGNORE"),
    "retention_change": ("CHECK (confirmed_by <> decided_by)", "CHECK (1 OR confirmed_by <> decided_by)"),
    "cases": ("'destroyed')", "'destroyed', 'gone')"),
    "disposal_item": ("FOREIGN KEY(case_id)", "FOREIGN KEY(run_id)"),
    "search_config": ("k PRIMARY KEY", "k TEXT PRIMARY KEY"),
}


def with_other_rules(office: Office, table: str) -> Office:
    before, after = OTHER_RULES[table]
    changed = "UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE name = :table"
    return reopened(office, "PRAGMA writable_schema = ON", changed, before=before, after=after, table=table)


@pytest.mark.parametrize("table", OTHER_RULES)
def test_a_table_of_other_rules_is_named_and_nothing_is_destroyed_by_it(office: Office, table: str) -> None:
    case = closed(office)
    run = approved(office, case)
    pass_grace(office)
    theirs = with_other_rules(office, table)
    assert dict(verify_store(theirs.entry).checks)["Guards"] == (f"the table {table} has other rules than the desk’s",)
    with pytest.raises(Refused, match=f"table {table} has other rules"):
        disposal.carry_out(theirs.officers[0], run)
    assert state_of(theirs, case).value == "issued"
    theirs.entry.store.close()


def test_a_hold_that_the_table_does_not_keep_is_not_said_to_be_placed(office: Office, tmp_path: Path) -> None:
    case = closed(office)
    theirs = with_other_rules(office, "hold")
    with pytest.raises(Refused):
        place(theirs.officers[0], case=reference(theirs, case))
    with theirs.entry.store.read() as tx:
        assert not tx.execute(text("SELECT 1 FROM journal WHERE action = 'place_hold'")).first()
    path = backed_up(theirs, tmp_path / "backups")
    with pytest.raises(StoreDamaged, match="the table hold has other rules"):
        restored(theirs, path)
    theirs.entry.store.close()


OF_SQLITE = (
    "UPDATE sqlite_master SET name = 'sqlite_zzz', tbl_name = replace(tbl_name, 'zzz', 'sqlite_zzz'),"
    " sql = replace(sql, 'zzz', 'sqlite_zzz') WHERE name = 'zzz'"
)


@pytest.mark.parametrize(
    ("kind", "sql"),
    [
        ("table", "CREATE TABLE zzz AS SELECT * FROM cases"),
        ("trigger", "CREATE TRIGGER zzz BEFORE INSERT ON hold BEGIN SELECT RAISE(IGNORE); END"),
    ],
)
def test_what_has_a_name_of_sqlite_is_no_less_a_stranger(office: Office, tmp_path: Path, kind: str, sql: str) -> None:
    case = closed(office)
    run = approved(office, case)
    pass_grace(office)
    theirs = reopened(office, sql, "PRAGMA writable_schema = ON", OF_SQLITE)
    assert dict(verify_store(theirs.entry).checks)["Guards"] == (f"the {kind} sqlite_zzz is none of the desk’s",)
    with pytest.raises(Refused, match=f"the {kind} sqlite_zzz"):
        disposal.carry_out(theirs.officers[0], run)
    restored(theirs, backed_up(theirs, tmp_path / "backups"))
    again = reopened(theirs)
    assert not faults(again)
    with again.entry.store.read() as tx:
        assert not tx.execute(text("SELECT 1 FROM sqlite_master WHERE name LIKE '%zzz'")).first()
    again.entry.store.close()


def test_an_opening_makes_an_index_of_ours_that_is_another_anew(office: Office) -> None:
    ran(office, INDEX, "CREATE UNIQUE INDEX ix_retention_timer ON retention (case_id) WHERE case_id < 0")
    said = "the index ix_retention_timer is missing or was changed"
    assert dict(verify_store(office.entry).checks)["Guards"] == (said,)
    theirs = reopened(office)
    assert not faults(theirs)
    theirs.entry.store.close()


@pytest.mark.parametrize("sql", BESIDE)
def test_what_no_migration_made_or_what_is_missing_is_named(office: Office, sql: str) -> None:
    ran(office, sql)
    assert dict(verify_store(office.entry).checks)["Guards"] == (BESIDE[sql],)


def test_an_opening_makes_a_missing_index_anew(office: Office) -> None:
    case = closed(office)
    ran(office, INDEX)
    office.entry.store.close()
    opened = open_store(office.entry.store.path.parent, KEY)
    theirs = signed_in(make_entry(opened, office.entry.clock()))
    assert not faults(theirs)
    assert [one.case_id for one in disposal.candidates(theirs.officers[0])] == [case.case_id]
    opened.close()


@pytest.mark.parametrize(
    "sql",
    ["DELETE FROM alembic_version", "DROP TABLE alembic_version", "UPDATE alembic_version SET version_num = '0030'",
     "UPDATE alembic_version SET version_num = '0030x'"],
)  # fmt: skip
def test_a_store_that_says_a_wrong_revision_is_damaged_and_stays_as_it_is(office: Office, sql: str) -> None:
    home = office.entry.store.path.parent
    ran(office, sql)
    office.entry.store.close()
    before = office.entry.store.path.read_bytes()
    with pytest.raises(StoreDamaged, match="which version") as told:
        open_store(home, KEY)
    assert all((told.value.what, told.value.safe, told.value.todo))
    assert office.entry.store.path.read_bytes() == before
    assert not list(home.glob(f"*-before-{HEAD}-*"))


def test_a_restore_leaves_behind_what_no_migration_made(office: Office, tmp_path: Path) -> None:
    case = closed(office)
    ran(
        office,
        "CREATE TABLE shadow AS SELECT * FROM cases",
        "CREATE INDEX of_shadow ON shadow (family_name)",
        "CREATE VIEW seen AS SELECT * FROM shadow",
        "CREATE TRIGGER ignoring BEFORE INSERT ON hold BEGIN SELECT RAISE(IGNORE); END",
    )
    path = backed_up(office, tmp_path / "backups")
    restored(office, path)
    opened = open_store(office.entry.store.path.parent, KEY)
    theirs = signed_in(make_entry(opened, office.entry.clock()))
    assert not faults(theirs)
    assert destroyed(theirs, case).destroyed == 1
    opened.close()


def test_nothing_is_destroyed_while_something_stands_beside_that_could_keep_it(office: Office) -> None:
    case = closed(office)
    run = approved(office, case)
    pass_grace(office)
    ran(office, "CREATE TABLE shadow AS SELECT * FROM cases")
    with pytest.raises(Refused, match="did not make"):
        disposal.carry_out(office.officers[0], run)
    ran(office, "DROP TABLE shadow")
    assert disposal.carry_out(office.officers[0], run).destroyed == 1
    assert state_of(office, case).value == "destroyed"


def test_a_list_that_needs_an_index_which_is_gone_says_what_to_do(office: Office) -> None:
    ran(office, INDEX)
    with pytest.raises(StoreDamaged, match="open it again"):
        disposal.candidates(office.officers[0])
