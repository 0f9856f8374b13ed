"""Rows past damaged pages: what is lost is what stood on these, and no more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from db.engine import connect
from db.errors import WrongKey
from db.salvage import look_past_damage
from tests.faults.test_flipped_byte import PAGE, flipped

KEY = bytes(range(32))
NAME = "desk.db"
ROWS = 4000
ON_A_PAGE = PAGE // 60
Make = Callable[[str, int], list[int]]


@pytest.fixture
def made(tmp_path: Path) -> Make:
    """Makes a store of one table with many rows; returns the numbers of pages with rows of it, in order."""

    def make(rest: str, step: int) -> list[int]:
        raw = connect(tmp_path / NAME, KEY)
        raw.execute(f"CREATE TABLE cases (id INTEGER, said TEXT, PRIMARY KEY (id)) {rest}")
        raw.execute("BEGIN")
        raw.executemany("INSERT INTO cases VALUES (?, ?)", [(at * step, "x" * 60) for at in range(1, ROWS + 1)])
        raw.execute("COMMIT")
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
        raw.execute("CREATE INDEX ix_cases_said ON cases (said)")
        raw.execute("PRAGMA journal_mode = DELETE")
        raw.close()
        return list(range(3, pages))

    return make


def left(folder: Path) -> tuple[list[int], frozenset[str]]:
    """The numbers of the rows that can be read, and which tables lost some."""
    raw, unread = look_past_damage(folder / NAME, KEY, ("cases", "none"))
    found = [row[0] for row in raw.execute("SELECT id FROM cases ORDER BY id")]
    raw.close()
    return found, unread


@pytest.mark.parametrize("step", [1, 977])
def test_each_damaged_page_of_numbered_rows_costs_its_own(made: Make, tmp_path: Path, step: int) -> None:
    pages = made("", step)
    torn = (pages[4], pages[5], pages[20], pages[30])
    for page in torn:
        flipped(tmp_path, (page - 1) * PAGE + 700)
    found, unread = left(tmp_path)
    assert unread == {"cases"}
    assert (found[0], found[-1]) == (step, ROWS * step)
    assert len(torn) * ON_A_PAGE / 2 < ROWS - len(found) <= len(torn) * ON_A_PAGE


def test_rows_without_numbers_are_read_from_both_ends(made: Make, tmp_path: Path) -> None:
    pages = made("WITHOUT ROWID", 3)
    flipped(tmp_path, (pages[len(pages) // 2] - 1) * PAGE + 700)
    found, unread = left(tmp_path)
    assert unread == {"cases"}
    assert (found[0], found[-1]) == (3, ROWS * 3)
    assert 0 < ROWS - len(found) <= ON_A_PAGE


def test_damage_in_an_index_alone_costs_no_row(made: Make, tmp_path: Path) -> None:
    made("", 1)
    flipped(tmp_path, -700)
    found, unread = left(tmp_path)
    assert (len(found), unread) == (ROWS, frozenset())


def test_damage_at_the_root_leaves_no_row_and_another_key_opens_nothing(made: Make, tmp_path: Path) -> None:
    made("", 1)
    flipped(tmp_path, PAGE + 700)
    assert left(tmp_path) == ([], frozenset({"cases"}))
    with pytest.raises(WrongKey):
        look_past_damage(tmp_path / NAME, bytes(32), ("cases",))


@pytest.mark.parametrize("rest", ["", "WITHOUT ROWID"])
def test_a_long_value_whose_end_is_damaged_is_not_taken_for_read(tmp_path: Path, rest: str) -> None:
    """SQLCipher gives zeros for it, and fails only at the next page: rows on the same page look whole."""
    raw = connect(tmp_path / NAME, KEY)
    raw.execute(f"CREATE TABLE cases (id INTEGER, said TEXT, PRIMARY KEY (id)) {rest}")
    raw.executemany("INSERT INTO cases VALUES (?, ?)", [(1, "x"), (2, "y" * 5000), (3, "z"), (4, "z")])
    raw.execute("PRAGMA journal_mode = DELETE")
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.close()
    flipped(tmp_path, (pages - 1) * PAGE + 700)
    assert left(tmp_path) == ([1, 3, 4], frozenset({"cases"}))
