"""The erasure lists follow a run whatever cuts it short, and nobody takes one for whole that is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from db import erasures
from desktop.casework import disposal, heldcopies, keptlists
from desktop.ui.disposal.carry import result_words
from tests.fixtures import KEY, Office
from tests.store.backing import backed_up, count
from tests.store.disposing import approved, closed, destroyed, faults, many_closed, pass_grace
from tests.store.test_put_back import copied, older_of, opened, put_in_place


def lines_in(*folders: Path) -> list[int]:
    return [len(erasures.read_list(one / erasures.NAME, KEY).hashes) for one in folders]


class Cut(Exception):
    """Something that ends a run."""


def test_a_run_that_fails_on_its_way_leaves_the_lists_written(office: Office, tmp_path: Path) -> None:
    folders = (tmp_path / "desk", tmp_path / "backups")
    cases = many_closed(office, 4)
    backed_up(office, folders[1])
    run = approved(office, *cases)
    pass_grace(office)

    def told(done: int, _of: int) -> bool:
        if done == 3:
            raise Cut
        return True

    with pytest.raises(Cut):
        disposal.carry_out(office.officers[0], run, told)
    assert count(office, "SELECT COUNT(*) FROM cases WHERE state = 'destroyed'") == 3
    # Each case, and the one request that all of them share.
    assert lines_in(*folders) == [4, 4]


def test_a_slow_run_writes_the_list_after_some_seconds(office: Office) -> None:
    home = office.entry.store.path.parent
    passed = iter((0.0, 36.0, 64.0, 66.0, 104.0, 128.0, 168.0, 360.0))
    kept = keptlists.KeptOnTheWay(office.entry, 1000, lambda: next(passed))
    (home / erasures.NAME).unlink(missing_ok=True)
    seen = []
    for _ in range(5):
        kept.gone()
        seen.append((home / erasures.NAME).exists())
        (home / erasures.NAME).unlink(missing_ok=True)
    # After a minute; a minute after that, when it took 40 seconds; and not so soon after that.
    assert seen == [False, True, False, True, False]


def test_a_list_that_cannot_be_written_is_told_after_the_run_and_mended_at_the_next_start(
    office: Office, tmp_path: Path
) -> None:
    folders = (tmp_path / "desk", tmp_path / "backups")
    backed_up(office, folders[1])
    kept = (folders[1] / erasures.NAME).read_bytes()
    gone = closed(office)
    (folders[1] / erasures.NAME).unlink()
    (folders[1] / erasures.NAME).mkdir()
    found = destroyed(office, gone)
    assert found.unwritten == (f"the erasure list in {folders[1]} cannot be written: Is a directory",)
    assert f"But {found.unwritten[0]}. Until that is put right" in result_words(found, handed_over=False)
    (folders[1] / erasures.NAME).rmdir()
    (folders[1] / erasures.NAME).write_bytes(kept)
    again = opened(office)
    assert lines_in(*folders) == [2, 2]
    assert not any("erasure list" in fault for fault in faults(again))
    again.entry.store.close()


def test_a_folder_that_is_away_is_told_after_the_run(office: Office, tmp_path: Path) -> None:
    backed_up(office, tmp_path / "backups")
    gone = closed(office)
    (tmp_path / "backups").rename(tmp_path / "away")
    found = destroyed(office, gone)
    assert found.unwritten == (f"the erasure list in {tmp_path / 'backups'} cannot be reached",)


def test_a_run_elsewhere_between_the_list_and_its_note_is_caught_up_with(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = office.entry.store.path.parent
    first, second = many_closed(office, 2)
    destroyed(office, first)
    run = approved(office, second)
    pass_grace(office)
    noted, written = keptlists._note_lists, keptlists.write_lists
    before = (home / erasures.NAME).read_bytes()
    (home / erasures.NAME).touch()

    def between(*last: Any) -> None:
        monkeypatch.setattr(keptlists, "_note_lists", noted)
        disposal.carry_out(office.officers[0], run)
        # As if it had been killed right before its list.
        (home / erasures.NAME).write_bytes(before)
        noted(*last)

    monkeypatch.setattr(keptlists, "_note_lists", between)
    written(office.entry)
    assert lines_in(home) == [2]
    again = opened(office)
    assert lines_in(home) == [3]
    again.entry.store.close()


def test_who_is_back_is_said_at_each_start(office: Office, tmp_path: Path) -> None:
    gone = closed(office)
    older = older_of(office, tmp_path / "older.db")
    destroyed(office, gone)
    again = put_in_place(office, older, lists=True)
    for _ in range(2):
        assert again.entry.store.settled.startswith("1 destroyed case came back: run tracing-desk verify.")
        again = opened(again)
    again.entry.store.close()


def test_who_is_back_is_told_by_the_list_beside_the_backups_alone(office: Office, tmp_path: Path) -> None:
    home = office.entry.store.path.parent
    gone = closed(office)
    backed_up(office, tmp_path / "backups")
    older = older_of(office, tmp_path / "older.db")
    destroyed(office, gone)
    (home / "holds.sealed").unlink(missing_ok=True)
    again = put_in_place(office, older, lists=False)
    assert again.entry.store.settled.startswith("1 destroyed case came back: run tracing-desk verify.")
    again.entry.store.close()


def test_an_older_folder_is_told_once_the_disk_of_its_backups_is_there_again(office: Office, tmp_path: Path) -> None:
    home, disk = office.entry.store.path.parent, tmp_path / "disk"
    back, gone = many_closed(office, 2)
    backed_up(office, disk)
    office.entry.store.empty_log()
    copied(home, tmp_path / "older")
    destroyed(office, gone, back)
    office.entry.store.close()
    disk.rename(tmp_path / "away")
    copied(tmp_path / "older", home)
    again = opened(office)
    assert again.entry.store.settled == ""
    (tmp_path / "away").rename(disk)
    backed_up(again, disk)
    last = opened(again)
    assert last.entry.store.settled.startswith("2 destroyed cases came back: run tracing-desk verify.")
    last.entry.store.close()


def test_what_a_killed_program_left_of_a_list_goes_and_what_is_being_written_stays(office: Office) -> None:
    home = office.entry.store.path.parent
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    left = [home / f".{name}.{ended.pid}.new" for name in (erasures.NAME, heldcopies.NAME)]
    going_on = home / f".{heldcopies.NAME}.{os.getppid()}.new"
    for one in (*left, going_on):
        one.touch()
    keptlists.write_lists(office.entry)
    assert [one.exists() for one in (*left, going_on)] == [False, False, True]


@pytest.mark.parametrize("which", [erasures.NAME, heldcopies.NAME])
def test_a_damaged_list_is_said_at_the_next_start(office: Office, tmp_path: Path, which: str) -> None:
    destroyed(office, closed(office))
    backed_up(office, tmp_path / "backups")
    for folder in (tmp_path / "desk", tmp_path / "backups"):
        path = folder / which
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        office = opened(office)
        said = office.entry.store.settled
        assert said.startswith("It was written anew from the store: ")
        assert str(folder) in said
        office = opened(office)
        assert office.entry.store.settled == ""
    office.entry.store.close()
