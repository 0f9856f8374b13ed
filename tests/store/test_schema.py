"""The schema: every column classified, the migrations equal to the tables, data that survives them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, UniqueConstraint, inspect, text
from sqlalchemy.schema import CreateIndex

import db.migrations
from db.errors import StoreTooNew, WrongKey
from db.migrations import guards, guards_0001, guards_clocks, guards_letters, whole_schema
from db.records import ANSWERING, Role, State
from db.store import FILE, HEAD, create_store, open_store
from desktop.policy.letterkinds import GIVING, TO_THE_PERSON, WRITTEN_IN
from desktop.policy.life import EXTENDABLE, EXTENDING, TABLE

pytestmark = [
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index"),
    pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index"),
]
"""What the reflection leaves out is compared as the database has it."""

KEY = bytes(range(32))
SCHEMA = whole_schema()


def columns() -> list[tuple[str, str]]:
    return [(table.name, column.name) for table in SCHEMA.sorted_tables for column in table.columns]


@pytest.mark.parametrize(("table", "column"), columns())
def test_d6_every_column_is_marked_keep_or_wipe(table: str, column: str) -> None:
    assert SCHEMA.tables[table].columns[column].info.get("disposal") in {"keep", "wipe"}


def test_every_trigger_of_the_store_is_known_to_the_check_and_no_other(tmp_path: Path) -> None:
    store = create_store(tmp_path, KEY)
    with store.read() as tx:
        rows = tx.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        there = {row.name: row.sql for row in rows}
    assert there == guards()
    store.close()


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(db.migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_migrated_schema_equals_the_tables(tmp_path: Path) -> None:
    store = create_store(tmp_path, KEY)
    with store.read() as tx:
        context = MigrationContext.configure(
            tx, opts={"include_object": lambda _, name, kind, *__: not (kind == "table" and name.startswith("search"))}
        )
        assert compare_metadata(context, SCHEMA) == []
    store.close()


def of_one_form(sql: str) -> str:
    """The text of a constraint without what makes no other of it: spaces, quotes, and the order of a list."""
    plain = re.sub(r'[\s"]', "", sql)
    return re.sub(r"\(('[^()]*')\)", lambda found: f"({','.join(sorted(found[1].split(',')))})", plain)


def test_migrations_make_the_constraints_and_indexes_of_the_tables(tmp_path: Path) -> None:
    store = create_store(tmp_path, KEY)
    with store.read() as tx:
        made = inspect(tx)
        for name, table in SCHEMA.tables.items():
            every = [*table.constraints, *(one for column in table.columns for one in column.constraints)]
            checks = {of_one_form(str(one.sqltext)) for one in every if isinstance(one, CheckConstraint)}
            unique = {tuple(part.name for part in one.columns) for one in every if isinstance(one, UniqueConstraint)}
            keys = {(key.parent.name, key.column.table.name, key.column.name) for key in table.foreign_keys}
            indexes = {str(CreateIndex(one).compile(dialect=tx.dialect)) for one in table.indexes}
            query = text("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql IS NOT NULL")
            there = set(tx.execute(query, {"name": name}).scalars())
            assert {of_one_form(one["sqltext"]) for one in made.get_check_constraints(name)} == checks, name
            assert {tuple(one["column_names"]) for one in made.get_unique_constraints(name)} == unique, name
            assert {
                (*one["constrained_columns"], one["referred_table"], *one["referred_columns"])
                for one in made.get_foreign_keys(name)
            } == keys, name
            assert {of_one_form(one) for one in there} == {of_one_form(one) for one in indexes}, name
    store.close()


def test_the_database_knows_the_same_life_as_the_table_of_life() -> None:
    steps = {(before.value, step.to.value) for (before, _), step in TABLE.items() if before is not step.to}
    # A corrected date of receipt may fall into a time when the agreement is suspended.
    held = {("draft", "held"), ("sent_back", "held")}
    reopened = {("withdrawn", "draft")}
    assert set(guards_0001.TRANSITIONS) | reopened == steps | held


def test_the_database_knows_the_same_states_and_roles_for_extensions_as_the_table_of_life() -> None:
    statements = {one.split()[2]: one for one in guards_clocks.statements()}
    assert {one for one in State if f"'{one.value}'" in statements["extension_open"]} == set(EXTENDABLE)
    assert {one for one in Role if f"'{one.value}'" in statements["extension_role"]} == EXTENDING


def test_the_database_knows_the_same_letters_as_the_policy() -> None:
    known = {kind: set(states) for kind, states in guards_letters.WRITTEN_IN.items()}
    assert known == {kind.value: set(states) for kind, states in WRITTEN_IN.items()}
    assert set(guards_letters.ENDING) == ANSWERING
    assert set(guards_letters.GIVING) == GIVING
    assert set(guards_letters.TO_THE_PERSON) == TO_THE_PERSON


def test_a_store_from_a_newer_program_is_refused(tmp_path: Path) -> None:
    store = create_store(tmp_path, KEY)
    with store.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(StoreTooNew, match="newer version"):
        open_store(tmp_path, KEY)
    assert (tmp_path / FILE).read_bytes() == before


def test_the_wrong_key_opens_nothing(tmp_path: Path) -> None:
    create_store(tmp_path, KEY).close()
    with pytest.raises(WrongKey):
        open_store(tmp_path, bytes(32))


def test_states_of_the_schema_are_the_states_of_the_vocabulary() -> None:
    listed = next(
        str(check.sqltext)
        for check in SCHEMA.tables["cases"].constraints
        if str(check.name).endswith("_state") and hasattr(check, "sqltext")
    )
    assert all(f"'{state.value}'" in listed for state in State)
