"""An erasure list or a copy of the holds that cannot be read: the others go on, and it is told as what it is."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from db import erasures
from db.errors import StoreError
from db.records import State
from db.store import open_store
from desktop.casework import backups, heldcopies, restorepreview
from desktop.casework.desk import Refused
from desktop.security.keys import new_code
from tests.fixtures import KEY, Office, make_entry, signed_in
from tests.store.backing import backed_up, hash_of, restored
from tests.store.disposing import closed, destroyed, faults, state_of
from tests.store.holding import reference
from tests.store.test_change_key import changed


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


@pytest.mark.parametrize("name", [erasures.NAME, heldcopies.NAME])
def test_the_key_is_changed_past_a_list_that_cannot_be_read(office: Office, tmp_path: Path, name: str) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    gone = closed(office)
    was = reference(office, gone)
    for folder in (one, two):
        backed_up(office, folder)
    destroyed(office, gone)
    (one / name).unlink()
    (one / name).mkdir()
    changed(office, new_code(secrets.token_bytes))
    key = office.entry.store.key
    assert key != KEY
    assert hash_of(was, key) in erasures.read_list(two / erasures.NAME, key).hashes
    what = heldcopies.LIST if name == erasures.NAME else heldcopies.COPY
    assert f"{what} in {one} cannot be read: Is a directory" in faults(office)
    # Once it is seen to, the list goes on.
    (one / name).rmdir()
    backed_up(office, one)
    assert hash_of(was, key) in erasures.read_list(one / erasures.NAME, key).hashes
    assert faults(office) == [fault for fault in faults(office) if "under an earlier key" in fault]


@pytest.mark.parametrize("name", [erasures.NAME, heldcopies.NAME])
def test_no_key_is_changed_while_a_list_beside_the_store_cannot_be_read(
    office: Office, tmp_path: Path, name: str
) -> None:
    home = office.entry.store.path.parent
    destroyed(office, closed(office))
    (home / name).unlink()
    (home / name).mkdir()
    before = set(home.iterdir())
    with pytest.raises(StoreError, match=r"cannot be read or written: Is a directory\. Nothing was changed"):
        changed(office, new_code(secrets.token_bytes))
    assert office.entry.store.key == KEY
    assert set(home.iterdir()) == before
