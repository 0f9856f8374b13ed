"""D8: no guard of the database is vacuous. Each alone refuses an attack that goes through where it is taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from db.migrations import guards, whole_schema
from tests.store.attacks import ATTACKS, RUINED, WRITING, copied
from tests.store.disposing import WIPED
from tests.store.dressed import dressed

GUARDS = guards()
REPLACING = "INSERT OR REPLACE"
_UNIQUE: dict[str, dict[str, object]] = {
    "case_author": {"user_id": 7},
    "letter": {"number": 9001},
    "notice": {"number": 9001, "owed_id": 9001},
    "notice_excuse": {"owed_id": 9001},
    "relation": {"other_id": "{submitted}"},
    "second_look": {"decision_id": 9001},
}
"""What a copy of a row needs that another has already."""


def table_of(name: str) -> str:
    found = re.match(r"CREATE TRIGGER \w+ (?:BEFORE|AFTER) .*? ON (\w+) ", GUARDS[name])
    assert found is not None
    return found[1]


def attack(name: str) -> str:
    """The statement that a guard refuses."""
    if name in ATTACKS:
        return ATTACKS[name]
    table = table_of(name)
    columns = [one.name for one in whole_schema().tables[table].columns]
    if " BEFORE DELETE " in GUARDS[name]:
        return f'DELETE FROM "{table}"'
    if name.endswith("_no_replace"):
        keys = {"id": "id"} if "id" in columns else {}
        return copied(table, how=REPLACING, **keys)
    if name.endswith("_stub"):
        return copied(table, "case_id <> {gone}", how=REPLACING, **{"case_id": "{gone}", **_UNIQUE.get(table, {})})
    if name.endswith("_wiped"):
        return f"UPDATE {table} SET {next(iter(WIPED[table][1]))} = 'back' WHERE case_id = {{gone}}"
    assert name.endswith("_no_update"), f"{name} has no attack: put one into tests/store/attacks.py"
    where = " WHERE case_id <> {gone}" if "case_id" in columns and table != "journal" else ""
    return f'UPDATE "{table}" SET "{columns[0]}" = "{columns[0]}"{where}'


@pytest.fixture(scope="module")
def ground(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, dict[str, Any]]]:
    raw, known = dressed(sample_folder, tmp_path_factory.mktemp("attacked") / "desk")
    yield raw, known
    raw.close()


def tried(ground: tuple[Any, dict[str, Any]], name: str, sql: str, *, guarded: bool, asked: str = "") -> str:
    """What the store says to a statement where of a table's guards this one stands alone, or none; nothing stays.

    With `asked`, what that finds after the statement.
    """
    raw, known = ground
    raw.execute("BEGIN IMMEDIATE")
    try:
        for one in GUARDS if name in RUINED else ():
            raw.execute(f"DROP TRIGGER {one}")
        raw.execute(RUINED.get(name, "SELECT 1").format(**known))
        for one in GUARDS:
            if name not in RUINED and table_of(one) == table_of(name) and not (guarded and one == name):
                raw.execute(f"DROP TRIGGER {one}")
        if name in RUINED and guarded:
            raw.execute(GUARDS[name])
        found = raw.execute(sql.format(**known))
        assert found.rowcount, "nothing was attacked"
        return str(raw.execute(asked.format(**known)).fetchone()[0]) if asked else ""
    except Exception as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != 19:
            raise
        return str(error)
    finally:
        raw.execute("ROLLBACK")


def test_the_attacks_are_of_guards_that_there_are() -> None:
    assert set(ATTACKS) | set(WRITING) <= set(GUARDS)
    assert set(RUINED) <= set(ATTACKS)


@pytest.mark.parametrize("name", sorted(set(GUARDS) - set(WRITING)))
def test_d8_each_guard_alone_refuses_what_goes_through_without_it(
    ground: tuple[Any, dict[str, Any]], name: str
) -> None:
    said = re.findall(r"RAISE\(ABORT, '(.*?)'\)", GUARDS[name])
    assert tried(ground, name, attack(name), guarded=True) == said[0]
    assert tried(ground, name, attack(name), guarded=False) == ""


@pytest.mark.parametrize("name", sorted(WRITING))
def test_d8_each_guard_that_writes_alone_writes_what_is_not_there_without_it(
    ground: tuple[Any, dict[str, Any]], name: str
) -> None:
    sql, where = WRITING[name]
    asked = f"SELECT COUNT(*) FROM {where}"
    counts = [int(tried(ground, name, sql, guarded=one, asked=asked)) for one in (True, False)]
    assert counts[0] > counts[1]
