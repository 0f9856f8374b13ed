"""An erasure list or a copy of the holds that cannot be read: the others go on, and it is told as what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from db import erasures
from db.records import State
from db.store import open_store
from desktop.casework import backups, heldcopies, restorepreview
from desktop.casework.desk import Refused
from tests.fixtures import KEY, Office, make_entry, signed_in
from tests.store.backing import backed_up, restored
from tests.store.disposing import closed, destroyed, faults, state_of


@pytest.mark.parametrize("name", [erasures.NAME, heldcopies.NAME])
def test_a_backup_is_restored_past_a_list_that_cannot_be_read(office: Office, tmp_path: Path, name: str) -> None:
    home, folder = tmp_path / "desk", tmp_path / "one"
    path, gone = backed_up(office, folder), closed(office)
    path = backed_up(office, folder)
    destroyed(office, gone)
    (folder / name).unlink()
    (folder / name).mkdir()
    what = heldcopies.LIST if name == erasures.NAME else heldcopies.COPY
    told = f"{what} in {folder} cannot be read: Is a directory"
    assert told in restorepreview.preview_restore(office.entry, path).list_faults
    assert told in faults(office)
    restored(office, path)
    again = signed_in(make_entry(open_store(home, KEY), office.entry.clock()))
    assert state_of(again, gone) is State.DESTROYED
    again.entry.store.close()


def test_a_folder_whose_list_cannot_be_read_takes_no_backup(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "one"
    (folder / erasures.NAME).mkdir(parents=True)
    with pytest.raises(Refused, match=r"erasures\.list in .* cannot be read: Is a directory\. Nobody can tell"):
        backups.back_up_unattended(office.entry, folder)
    assert backups.back_up_unattended(office.entry, tmp_path / "two").contents.cases == 0
