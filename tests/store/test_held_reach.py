"""Copies of the holds in folders that cannot be reached, and on a full disk: the hold stands, and it is told."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from db.engine import connect
from db.errors import RuleKept, StoreError
from db.files import write_whole
from db.replaying import without_guards
from db.store import open_store
from desktop.casework import holds, keptlists, restorepreview
from desktop.casework.heldcopies import COPIED, NAME, read_copy
from desktop.casework.holds import PlaceHold
from desktop.casework.keptfolders import Kept, keep
from tests.faults.disks import mounted
from tests.fixtures import KEY, Office, make_entry, signed_in
from tests.store.backing import backed_up, count, held
from tests.store.disposing import closed, faults
from tests.store.holding import over, reference
from tests.store.test_put_back import opened


def _command(named: str) -> PlaceHold:
    return PlaceHold(case=named, authority="An order", because="It asks.", review_on=date(2031, 1, 1))


@pytest.mark.parametrize("unreachable", ["gone", "x" * 300])
def test_a_folder_that_cannot_be_reached_is_named_and_the_hold_stands(
    office: Office, tmp_path: Path, unreachable: str
) -> None:
    done, folder = closed(office), tmp_path / unreachable
    keep(office.entry.store.path.parent, Kept((folder,)))
    found = holds.place_hold(office.officers[0], _command(reference(office, done)))
    assert found.unwritten == (f"the copy of the holds in {folder} cannot be reached",)
    assert over(office, done) == [found.number]
    assert any(one.startswith(f"the lists in {folder} cannot be reached: connect its disk") for one in faults(office))
    again = opened(office)
    assert over(again, done) == [found.number]
    again.entry.store.close()


def test_a_drive_that_was_taken_out_is_named_until_it_is_back(office: Office, tmp_path: Path) -> None:
    done = closed(office)
    backed_up(office, tmp_path / "b")
    (tmp_path / "b").rename(tmp_path / "drawer")
    found = holds.place_hold(office.officers[0], _command(reference(office, done)))
    assert found.unwritten == (f"the copy of the holds in {tmp_path / 'b'} cannot be reached",)
    (tmp_path / "drawer").rename(tmp_path / "b")
    keptlists.write_lists(office.entry)
    assert len(read_copy(tmp_path / "b", KEY).rows["hold"]) == 1
    assert faults(office) == []


def test_a_full_disk_after_the_hold_was_placed_is_told_and_the_hold_stands(office: Office, tmp_path: Path) -> None:
    """However much is free: either the hold is refused, or it stands and what was not written is told."""
    named = reference(office, closed(office))
    backed_up(office, tmp_path / "b")
    home, at = office.entry.store.path.parent, office.entry.clock()
    office.entry.store.empty_log()
    office.entry.store.close()
    told = set()
    with mounted(tmp_path / "disk", "3m") as disk:
        for free in range(0, 160, 8):
            desk = disk / "desk"
            shutil.rmtree(desk, ignore_errors=True)
            shutil.copytree(home, desk)
            desk.chmod(0o700)
            write_whole(tmp_path / "b" / NAME, b"broken")
            there = signed_in(make_entry(open_store(desk, KEY), at))
            space = shutil.disk_usage(disk).free
            (disk / "fill").write_bytes(bytes(max(0, space - free * 1024)))
            try:
                told.add(holds.place_hold(there.officers[0], _command(named)).unwritten)
                placed = 1
            except (StoreError, RuleKept):
                placed = 0
            (disk / "fill").unlink()
            there.entry.store.reopen()
            assert count(there, "SELECT COUNT(*) FROM hold") == placed
            there.entry.store.close()
    assert () in told
    assert any("no entry of the journal" in one for words in told for one in words)


def test_a_store_from_before_there_were_copies_misses_none(office: Office, tmp_path: Path) -> None:
    home, folder = office.entry.store.path.parent, tmp_path / "b"
    backed_up(office, folder)
    held(office, closed(office).case_id)
    path = backed_up(office, folder)
    with office.entry.store.write() as tx, without_guards(tx):
        tx.execute(text("DELETE FROM meta WHERE key = :key"), {"key": COPIED})
    raw = connect(path, KEY)
    raw.execute("DROP TRIGGER meta_kept")
    raw.execute("DELETE FROM meta WHERE key = ?", (COPIED,))
    raw.execute("PRAGMA journal_mode = DELETE")
    raw.close()
    for one in (home, folder):
        (one / NAME).unlink()
    assert restorepreview.preview_restore(office.entry, path).list_faults == ()
    again = opened(office)
    assert count(again, "SELECT COUNT(*) FROM journal WHERE action = 'mend_erasures'") == 0
    assert read_copy(folder, KEY).readable
    # From then on it is missed.
    (folder / NAME).unlink()
    assert [one for one in faults(again) if "it was taken away" in one]
    again.entry.store.close()
