"""One flipped byte anywhere in the store is noticed and its page named, and the rest can be read and brought back."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from db import chain
from db.errors import StoreDamaged, StoreError, WrongKey
from db.records_views import RegisterFilter
from db.store import FILE, Store, open_store
from desktop.casework.casepage import case_page
from desktop.casework.recovery import recover_keyed
from desktop.casework.register import register_ids
from desktop.casework.verifying import verify_store
from tests.fixtures import KEY, Office, make_entry, signed_in
from tests.store.backing import backed_up
from tests.store.disposing import faults

PAGE = 4096
HALF = "What stands there cannot be read: it is damaged, or was changed."
"""What ``db.errors.readable`` says."""


def flipped(folder: Path, at: int, name: str = FILE) -> None:
    """Changes one bit of one byte; counted from the end where `at` is negative."""
    path = folder / name
    data = bytearray(path.read_bytes())
    data[at] ^= 1 << (at % 8)
    path.write_bytes(data)


@pytest.fixture
def folder(sample_folder: Path, tmp_path: Path) -> Path:
    """A copy of the closed store."""
    made = tmp_path / "desk"
    shutil.copytree(sample_folder, made)
    made.chmod(0o700)
    return made


def _opened(folder: Path) -> Store | StoreError:
    try:
        return open_store(folder, KEY)
    except StoreError as error:
        return error


def places(size: int) -> list[int]:
    """The salt, the header, the ends of pages with their codes, the last page, and anywhere else."""
    chance = random.Random(20261129)
    edges = [0, 15, 16, 100, PAGE - 1, PAGE, PAGE + 4016, 2 * PAGE - 1, size - PAGE, size - 2000, size - 1]
    return edges + [chance.randrange(2 * PAGE, size) for _ in range(30)]


def test_a_flipped_byte_anywhere_in_the_file_is_noticed_and_what_is_not_on_its_page_is_read(
    folder: Path, tmp_path: Path
) -> None:
    size = (folder / FILE).stat().st_size
    found: list[str] = []
    for at in places(size):
        one = tmp_path / "one"
        shutil.copytree(folder, one)
        flipped(one, at)
        store = _opened(one)
        if isinstance(store, StoreError):
            # What tells where everything is: said at the start, in words, and nothing was changed.
            assert type(store) in (WrongKey, StoreDamaged)
            assert "restore the last backup" in store.todo
            found.append("start")
        else:
            report = dict(verify_store(make_entry(store)).checks)
            assert report["Store"] == (f"page {at // PAGE + 1} of the file is damaged or was changed",)
            # A page that is not read, or a text of which the rest stands on it.
            unread = [name for name, said in report.items() if said in ((StoreDamaged.what,), (HALF,))]
            assert len(unread) <= 6
            assert all(not said or name in ("Store", *unread) for name, said in report.items())
            found.append("check")
            # Closing writes the index of the log, which needs no page that is damaged.
            store.close()
        shutil.rmtree(one)
    assert found.count("check") > 25
    assert found[:5] == ["start"] * 5


def test_the_cases_that_are_on_other_pages_open(folder: Path) -> None:
    """A page of a letter or of an answer is damaged: what stands there is lost, and nothing else."""
    store = open_store(folder, KEY)
    with store.read() as tx:
        query = "SELECT name, rootpage FROM sqlite_master WHERE name IN ('letter', 'cases', 'user')"
        roots = {row.name: row.rootpage for row in tx.execute(text(query))}
    store.close()
    flipped(folder, (roots["letter"] - 1) * PAGE + 300)
    store = open_store(folder, KEY)
    office = signed_in(make_entry(store))
    ids = register_ids(office.caseworker, RegisterFilter())
    opened, kept_from = [], []
    for case_id in ids:
        try:
            opened.append(case_page(office.caseworker, case_id))
        except StoreDamaged:
            store.reopen()
            kept_from.append(case_id)
    # Those without a letter do not need that page.
    assert len(opened) + len(kept_from) == len(ids) == 32
    assert len(opened) >= 15
    store.close()


@pytest.mark.parametrize("at", [0, 200, 20 * PAGE + 77, -1])
def test_what_was_damaged_is_brought_back_from_a_backup(office: Office, tmp_path: Path, at: int) -> None:
    done = office.register()
    file = backed_up(office, tmp_path / "backups")
    now = office.entry.clock()
    office.entry.store.close()
    folder = tmp_path / "desk"
    flipped(folder, at)
    entry, restored = recover_keyed(folder, file, KEY, lambda: now)
    assert restored.replaced is not None
    entry.store.close()
    store = open_store(folder, KEY)
    here = signed_in(make_entry(store, now))
    assert not faults(here)
    assert case_page(here.caseworker, done.case_id).case.row.id == done.case_id
    store.close()


# The write-ahead log that a crash leaves.


@pytest.fixture
def crashed(office: Office, tmp_path: Path) -> Path:
    """The files of a desk that stopped with three requests in its log, after two that were in the file."""
    for _ in range(2):
        office.register()
    office.entry.store.empty_log()
    for _ in range(3):
        office.register()
    made = tmp_path / "crashed"
    shutil.copytree(tmp_path / "desk", made)
    return made


def test_a_whole_log_loses_nothing(crashed: Path) -> None:
    store = open_store(crashed, KEY)
    assert store.lost == 0
    assert len(register_ids(signed_in(make_entry(store)).caseworker, RegisterFilter())) == 5
    store.close()


@pytest.mark.parametrize("cut", [1, 3000, PAGE + 24, 20_000])
def test_a_change_that_a_crash_cut_short_is_undone_without_a_word(crashed: Path, cut: int) -> None:
    log = crashed / f"{FILE}-wal"
    log.write_bytes(log.read_bytes()[:-cut])
    store = open_store(crashed, KEY)
    assert store.lost == 0
    assert not faults(signed_in(make_entry(store)))
    store.close()


def test_a_flipped_byte_anywhere_in_the_log_is_noticed_and_what_came_before_stays(
    crashed: Path, tmp_path: Path
) -> None:
    chance = random.Random(20261129)
    size = (crashed / f"{FILE}-wal").stat().st_size
    header = [0, 5, 9, 13, 16, 20, 24, 31, 32, 36, 40, 44, 48, 55, 56]
    for at in header + [chance.randrange(56, size) for _ in range(40)] + [size - 1]:
        one = tmp_path / "one"
        shutil.copytree(crashed, one)
        flipped(one, at, f"{FILE}-wal")
        store = open_store(one, KEY)
        assert store.lost >= 1, f"byte {at} of the log"
        with store.read() as tx:
            _count, broken = chain.verify(tx)
            kept = tx.execute(text("SELECT COUNT(*) FROM cases")).scalar_one()
            told = tx.execute(text("SELECT COUNT(*) FROM journal WHERE action = 'register'")).scalar_one()
        assert broken == ()
        assert 2 <= kept == told < 5, "whole changes, up to the damage"
        store.close()
        shutil.rmtree(one)
