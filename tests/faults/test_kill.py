"""kill -9 in the middle of a day's work: every action that returned is there, no half action is, the journal holds."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from db import chain
from db.store import Store, create_store, open_store
from desktop.casework.verifying import verify_store
from tests.faults.day import ENDED
from tests.faults.forking import Forking, forking
from tests.fixtures import KEY, make_entry, staffed

ROUNDS = int(os.environ.get("KILLS", "20"))


@pytest.fixture
def days(tmp_path: Path) -> Iterator[Forking]:
    """The process that forks a day's work on the store in ``desk`` whenever it is sent a line."""
    with forking("day", tmp_path / "desk") as process:
        yield process


def acknowledged_lines(days: Forking, lines: int) -> list[str]:
    """Starts a day's work, kills it after that many lines, and returns the lines that it managed to say."""
    working = days.another()
    said = [days.heard() for _ in range(lines)]
    os.kill(working, signal.SIGKILL)
    said += days.until_ended()
    assert ENDED not in said, "the day was over before it was killed"
    return said


def check(store: Store, said: list[str]) -> None:
    with store.read() as tx:
        versions = {row[0]: row[1] for row in tx.execute(text("SELECT id, version FROM cases"))}
        _, faults = chain.verify(tx)
        counted = text("SELECT case_id, COUNT(*) FROM journal WHERE case_id IS NOT NULL GROUP BY case_id")
        entries = {row[0]: row[1] for row in tx.execute(counted)}
        issued = tx.execute(text("SELECT COUNT(*) FROM cases WHERE state = 'issued'")).scalar_one()
        letters = tx.execute(text("SELECT COUNT(*) FROM letter WHERE length(pdf) > 0")).scalar_one()
        timers = tx.execute(text("SELECT COUNT(*) FROM retention")).scalar_one()
    assert faults == ()
    for line in said:
        _, _, case_id, version = line.split(":")
        assert versions[int(case_id)] >= int(version), f"{line} returned, and is not there"
    # One action is one journal entry and one version: a half action would leave one without the other.
    assert entries == versions
    assert issued == letters == timers


def assert_noise(folder: Path) -> None:
    """No invented name, and nothing of SQLite's, in any file: not in the write-ahead log of a killed desk either."""
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(word in content for word in (b"Kowalczyk", b"Tanners Row", b"SQLite format 3")), path.name


def test_kill_at_random_moments(tmp_path: Path, days: Forking) -> None:
    folder = tmp_path / "desk"
    folder.mkdir(mode=0o700)
    store = create_store(folder, KEY)
    staffed(make_entry(store))
    store.close()
    chance = random.Random(20261123)
    total = 0
    for _ in range(ROUNDS):
        said = acknowledged_lines(days, chance.randrange(1, 30))
        total += len(said)
        assert_noise(folder)
        store = open_store(folder, KEY)
        check(store, said)
        store.close()
    assert total > ROUNDS
    store = open_store(folder, KEY)
    report = verify_store(make_entry(store))
    store.close()
    assert report.sound, report
