"""The check of a long journal, which several processes share."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from time import monotonic
from typing import Any

import pytest

from db.chain import verify
from db.engine import connect
from db.journal import append_each
from db.records import Heading
from db.store import FILE, open_store
from db.stretches import Beside, Stretch, stretch, stretches
from tests.fixtures import KEY, Made
from tests.store.test_journal import behind_the_guards, rehashed

AT = datetime(2017, 6, 12, 8, 20, tzinfo=UTC)
LONG = 25_000
"""Entries of which other processes may check some."""
CORES = pytest.mark.parametrize("cores", [1, 2, 4])


@pytest.fixture(scope="module")
def long_journal(new_store: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = new_store.copy_to(tmp_path_factory.mktemp("long") / "desk")
    made = open_store(folder, KEY)
    with made.write() as tx:
        append_each(
            tx, [(None, {"n": n}) for n in range(LONG)], at=AT, actor_id=None, action="x", heading=Heading.SYSTEM
        )
    made.close()
    return folder


@pytest.mark.parametrize(
    ("statement", "seqs"),
    [
        ("UPDATE journal SET data = '{}' WHERE seq = 7", [7]),
        ("UPDATE journal SET data = '{}' WHERE seq = 24999", [24999]),
        ("DELETE FROM journal WHERE seq = 12500", [12501]),
        ("DELETE FROM journal WHERE seq = 12501", [12502]),
        ("DELETE FROM journal WHERE seq = 24000", [24001]),
        ("UPDATE journal SET prev_hash = hash WHERE seq = 12501", [12501]),
        ("SELECT 1", []),
    ],
)
def test_a_long_journal_in_parts_is_as_it_is_as_a_whole(
    long_journal: Path, tmp_path: Path, statement: str, seqs: list[int]
) -> None:
    made = open_store(copytree(long_journal, tmp_path / "desk"), KEY)
    behind_the_guards(made, statement)
    with made.read() as tx:
        found = verify(tx, store=made)
        assert found == verify(tx)
    made.close()
    assert [one.seq for one in found[1]] == seqs
    assert found[0] == LONG - (1 if "DELETE" in statement else 0)


@pytest.mark.parametrize("seq", [512, 8192])
def test_the_parts_of_a_long_journal_belong_together(long_journal: Path, tmp_path: Path, seq: int) -> None:
    """An entry at the end of what is read at once, and of a part, with other content and a sound hash of its own."""
    made = open_store(copytree(long_journal, tmp_path / "desk"), KEY)
    behind_the_guards(made)
    statement = rehashed(made, seq, "forged")
    with made.write() as tx:
        tx.exec_driver_sql(statement)
    with made.read() as tx:
        assert [one.seq for one in verify(tx, store=made)[1]] == [seq]
    made.close()


# The other process


def children() -> set[int]:
    """The processes that this one started."""
    found = [one / "children" for one in Path("/proc/self/task").iterdir()]
    return {int(number) for one in found if one.exists() for number in one.read_text().split()}


class Interrupted:
    """A connection in whose use something happens, once the other process has the file open."""

    def __init__(self, raw: Any, path: Path, at: int, happens: Callable[[set[int]], None]) -> None:
        self._raw, self._path, self._at, self._happens = raw, path, at, happens
        self._known, self._asked = children(), 0

    def execute(self, *said: Any) -> Any:
        self._asked += 1
        if self._asked == 1:
            self._wait()
        if self._asked == self._at:
            self._happens(self._started())
        return self._raw.execute(*said)

    def _started(self) -> set[int]:
        return children() - self._known

    def _wait(self) -> None:
        until = monotonic() + 60
        while not any(self._opened(one) for one in self._started()):
            assert monotonic() < until, "no other process opened the file"

    def _opened(self, process: int) -> bool:
        with suppress(OSError):
            return any(one.readlink() == self._path for one in Path(f"/proc/{process}/fd").iterdir())
        return False


@pytest.fixture
def path(long_journal: Path, tmp_path: Path) -> Path:
    return copytree(long_journal, tmp_path / "desk") / FILE


def test_another_process_finds_of_a_part_what_this_one_does(path: Path) -> None:
    raw = connect(path, KEY)
    raw.execute("DROP TRIGGER journal_no_update")
    raw.execute("UPDATE journal SET data = '{}' WHERE seq = 20000")
    other = Beside(path, KEY)
    other.wait()
    for after, upto in ((0, 700), (700, 8192), (19_000, 21_000)):
        other.ask(after, upto)
    answers = [other.answer() for _ in range(3)]
    other.end()
    assert answers == [stretch(raw, 0, 700), stretch(raw, 700, 8192), None]
    assert answers[1] is not None
    assert answers[1].prev == getattr(answers[0], "hash", None)
    raw.close()


def test_a_journal_that_no_other_process_opens_is_checked_here(path: Path) -> None:
    raw = connect(path, KEY)
    other = Beside(path, bytes(32))
    with pytest.raises(ValueError, match="Expecting value"):
        other.wait()
    other.end()
    assert stretches(raw, path, bytes(32), 0, LONG) == stretches(raw, path, KEY, 0, LONG)
    raw.close()


@CORES
@pytest.mark.parametrize("at", [2, 5, 10])
def test_what_a_process_had_taken_that_is_killed_is_checked_here(path: Path, at: int, cores: int) -> None:
    raw = connect(path, KEY)
    known = children()
    killed: list[int] = []

    def kill(started: set[int]) -> None:
        for one in started:
            os.kill(one, signal.SIGKILL)
            killed.append(one)

    whole = [stretch(raw, start, min(start + 8192, LONG)) for start in range(0, LONG, 8192)]
    assert all(whole)
    assert stretches(Interrupted(raw, path, at, kill), path, KEY, 0, LONG, cores) == whole
    assert len(killed) == max(cores - 1, 1)
    assert children() == known
    raw.close()


@CORES
def test_a_process_that_does_not_go_on_is_not_waited_for(path: Path, cores: int) -> None:
    raw = connect(path, KEY)
    known = children()

    def stop(started: set[int]) -> None:
        for one in started:
            os.kill(one, signal.SIGSTOP)

    assert all(stretches(Interrupted(raw, path, 2, stop), path, KEY, 0, LONG, cores))
    assert children() == known
    raw.close()


def test_where_no_process_can_be_started_all_is_done_here(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = connect(path, KEY)
    whole = stretches(raw, path, KEY, 0, LONG)
    for python in ("", "/nowhere/python", "/bin/true"):
        monkeypatch.setattr("sys.executable", python)
        assert stretches(raw, path, KEY, 0, LONG) == whole
    raw.close()


@CORES
def test_a_check_that_is_stopped_leaves_no_process(path: Path, cores: int) -> None:
    raw = connect(path, KEY)
    known = children()

    def stop(started: set[int]) -> None:
        assert started
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stretches(Interrupted(raw, path, 5, stop), path, KEY, 0, LONG, cores)
    assert children() == known
    raw.close()


def test_no_entries_are_a_stretch_of_none(path: Path) -> None:
    raw = connect(path, KEY)
    assert stretch(raw, LONG, LONG) == Stretch()
    raw.close()
