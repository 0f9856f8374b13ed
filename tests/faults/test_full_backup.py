"""A full disk while backing up or restoring: it is said, and nothing that was there is lost."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import erasures, swapping
from db.errors import DiskFull
from db.records import Role
from db.store import FILE, open_store
from desktop.casework import backupchecks, heldcopies, recovery, restoring
from desktop.casework.recovery import ChangeKey
from desktop.casework.sample import sample_password
from desktop.security.keys import new_code
from tests.fixtures import KEY, Office
from tests.store.backing import backed_up, restored
from tests.store.disposing import faults


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MiB of its own, where this account may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m,mode=0700", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def fill(disk: Path, leave: int) -> Path:
    """Fills the disk but for so many bytes."""
    filler = disk / "filler"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    filler.write_bytes(bytes(max(0, free - leave)))
    return filler


def moved(office: Office, folder: Path) -> None:
    """The office's closed store is the one in this folder from here on."""
    office.entry.store.path = folder / FILE
    office.entry.store.rekeyed(KEY)


@pytest.mark.parametrize("leave", [0, 40_000, 400_000])
def test_a_backup_to_a_full_disk_says_so_and_leaves_the_earlier_ones(
    office: Office, small_disk: Path, leave: int
) -> None:
    earlier = backed_up(office, small_disk)
    filler = fill(small_disk, leave)
    with pytest.raises(DiskFull, match="disk of the backup is full") as caught:
        backed_up(office, small_disk)
    assert caught.value.safe == "The store and the earlier backups are safe."
    assert {one.name for one in small_disk.iterdir()} == {earlier.name, erasures.NAME, heldcopies.NAME, "filler"}
    assert faults(office) == []
    filler.unlink()
    backed_up(office, small_disk)


@pytest.mark.parametrize("leave", [0, 40_000, 500_000])
def test_a_restore_and_a_new_key_on_a_full_disk_change_nothing(
    office: Office, small_disk: Path, tmp_path: Path, leave: int
) -> None:
    path = backed_up(office, tmp_path / "backups")
    office.entry.store.close()
    content = (tmp_path / "desk" / FILE).read_bytes()
    for name in (FILE, erasures.NAME):
        (small_disk / name).write_bytes((tmp_path / "desk" / name).read_bytes())
    moved(office, small_disk)
    filler = fill(small_disk, leave)
    with pytest.raises(DiskFull):
        restoring.restore_unattended(office.entry, path)
    assert not (small_disk / swapping.STAGING).exists()
    second = office.guardian.user.username
    command = ChangeKey(code=new_code(os.urandom), second=second, password=sample_password())
    with pytest.raises(DiskFull):
        recovery.change_key(office.desk(Role.ADMINISTRATOR), command)
    assert not any((small_disk / name).exists() for name in (swapping.STAGING, swapping.MARK))
    filler.unlink()
    store = open_store(small_disk, KEY)
    assert store.settled == ""
    store.close()
    assert len(content) <= (small_disk / FILE).stat().st_size
    assert restored(office, path).readable
    assert backupchecks.backup_faults(office.entry) == ()
    office.entry.store.close()
    moved(office, tmp_path / "desk")
