"""What no migration made is found, and what is missing; an opening mends what can be mended, and says the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from db.errors import StoreDamaged
from db.store import HEAD, open_store
from desktop.casework import disposal
from desktop.casework.desk import Refused
from desktop.casework.verifying import verify_store
from tests.fixtures import KEY, Office, make_entry, signed_in
from tests.store.backing import backed_up, restored
from tests.store.disposing import approved, closed, destroyed, faults, pass_grace, state_of

BESIDE = {
    "CREATE TABLE shadow AS SELECT * FROM cases": "the table shadow is none of the desk’s",
    "CREATE VIEW shadow AS SELECT * FROM cases": "the view shadow is none of the desk’s",
    "CREATE INDEX shadow ON cases (family_name)": "the index shadow is none of the desk’s",
    "CREATE TRIGGER shadow BEFORE INSERT ON hold BEGIN SELECT RAISE(IGNORE); END": "the trigger shadow is none of the"
    " desk’s",
    "ALTER TABLE hold ADD COLUMN shadow TEXT": "the column shadow of hold is none of the desk’s",
    "DROP INDEX ix_retention_case_id_due_on": "the index ix_retention_case_id_due_on is missing",
    "UPDATE alembic_version SET version_num = '0030'": "the store says that another version of the program made it",
    "DROP TABLE alembic_version": "the store says that another version of the program made it",
    "DELETE FROM alembic_version": "the store says that another version of the program made it",
}
INDEX = "DROP INDEX ix_retention_case_id_due_on"


def ran(office: Office, *statements: str) -> None:
    with office.entry.store.write() as tx:
        for sql in statements:
            tx.execute(text(sql))


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
