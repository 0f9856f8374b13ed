"""The environment's faults: each gets its message, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from db.errors import DiskFull, StoreBusy, StoreError, StoreMissing, StoreReadOnly, WrongKey
from db.store import FILE, open_store
from desktop.casework.casepage import case_page
from desktop.casework.desk import Conflict
from desktop.casework.verifying import verify_store
from tests.faults.disks import mounted
from tests.fixtures import KEY, Office, make_entry, signed_in

SENTENCES = ("what", "safe", "todo")


def has_three_sentences(error: StoreError) -> bool:
    return all(getattr(error, part).endswith(".") for part in SENTENCES)


def test_a_full_disk_loses_only_the_last_change(office: Office) -> None:
    done = office.register()
    with office.entry.store.read() as tx:
        pages = tx.execute(text("PRAGMA page_count")).scalar_one()
    with office.entry.store.read() as tx:
        tx.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    full: DiskFull | None = None
    for number in range(50):
        try:
            done = office.save(done, necessity__statement=f"{number} " + "word " * 1500)
        except DiskFull as error:
            full = error
            break
    assert full is not None
    assert has_three_sentences(full)
    assert "The disk is full" in full.what
    page = case_page(office.caseworker, done.case_id)
    assert page.case.row.version == done.version
    with office.entry.store.read() as tx:
        tx.exec_driver_sql("PRAGMA max_page_count = 1000000")
    office.save(done, necessity__statement="There is room again.")
    assert verify_store(office.entry).sound


def test_a_locked_file_says_so_and_loses_nothing(office: Office, tmp_path: Path) -> None:
    done = office.register()
    other = open_store(tmp_path / "desk", KEY)
    quick = signed_in(make_entry(open_store(tmp_path / "desk", KEY, busy_seconds=0.05)))
    with other.write() as tx:
        tx.execute(text("UPDATE meta SET value = value"))
        with pytest.raises(StoreBusy, match="Another window") as caught:
            quick.save(done, necessity__statement="While it is locked.")
    assert has_three_sentences(caught.value)
    quick.save(done, necessity__statement="After it is free.")
    assert case_page(office.caseworker, done.case_id).case.answers["necessity.statement"] == "After it is free."
    other.close()
    quick.entry.store.close()


def test_a_missing_folder_and_a_missing_file(tmp_path: Path) -> None:
    for folder in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(StoreMissing) as caught:
            open_store(folder, KEY)
        assert has_three_sentences(caught.value)


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\x00" + bytes(4096), os.urandom(8192), b"short"])
def test_a_file_that_is_no_store(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(WrongKey) as caught:
        open_store(tmp_path, KEY)
    assert has_three_sentences(caught.value)
    assert (tmp_path / FILE).read_bytes() == content


def test_a_damaged_page_is_found(sample_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(sample_folder, folder)
    path = folder / FILE
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2 : len(damaged) // 2 + 300] = bytes(300)
    path.write_bytes(damaged)
    store = open_store(folder, KEY)
    assert not verify_store(make_entry(store)).sound
    store.close()
    damaged[4096 + 100 : 4096 + 400] = bytes(300)
    damaged[100:400] = bytes(300)
    path.write_bytes(damaged)
    with pytest.raises(WrongKey):
        open_store(folder, KEY)


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None, reason="needs root and setpriv to step down")
def test_a_read_only_folder(sample_office: Office, tmp_path: Path) -> None:
    sample_office.entry.store.close()
    folder = tmp_path / "sample"
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    folder.chmod(0o555)
    for path in folder.iterdir():
        path.chmod(0o444)
    script = (
        "from pathlib import Path\nfrom db.store import open_store\nfrom db.errors import StoreError\n"
        "try:\n    s = open_store(Path(__import__('sys').argv[1]), bytes(range(32)))\n"
        '    with s.write() as tx: tx.exec_driver_sql("UPDATE meta SET value = value")\n'
        "except StoreError as error: print(type(error).__name__)\n"
    )
    ran = subprocess.run(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-c", script, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path.cwd()), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    if "Permission denied" in ran.stderr or "cannot execute" in ran.stderr:
        pytest.skip("another account may not run this interpreter")
    assert ran.stdout.strip() == StoreReadOnly.__name__


_OPENS = """
import resource, sys
from pathlib import Path
from db.errors import StoreError
from db.store import open_store
if sys.argv[2]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    open_store(Path(sys.argv[1]), bytes(range(32)))
except StoreError as error:
    print(type(error).__name__, error.what, error.safe, error.todo, sep="|")
"""
"""Opens a store in a process that may write no file longer than so many bytes."""


def opened_elsewhere(folder: Path, most: int | str = "") -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", _OPENS, str(folder), str(most)], capture_output=True, text=True, check=True
    )
    return ran.stdout.strip().split("|")


def test_a_store_that_has_no_room_to_open_is_not_called_damaged(office: Office, tmp_path: Path) -> None:
    office.entry.store.close()
    before = (tmp_path / "desk" / FILE).read_bytes()
    kind, what, safe, todo = opened_elsewhere(tmp_path / "desk", 16384)
    assert kind == DiskFull.__name__
    assert what == "The disk is full, so the store cannot be opened."
    assert safe == "Everything saved so far is safe."
    assert "then open the desk again" in todo
    assert (tmp_path / "desk" / FILE).read_bytes() == before
    assert opened_elsewhere(tmp_path / "desk") == [""]


@pytest.fixture
def small_disk(office: Office, tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MiB of its own with a closed store on it, where this account may mount one."""
    office.entry.store.close()
    with mounted(tmp_path / "disk", "4m") as disk:
        shutil.copy(tmp_path / "desk" / FILE, disk / FILE)
        yield disk


def test_a_store_on_a_full_disk_opens_once_there_is_room(small_disk: Path) -> None:
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file:
        while file.write(bytes(4096)) == 4096 and os.statvfs(small_disk).f_bavail:
            pass
    with pytest.raises(DiskFull, match="open the desk again") as caught:
        open_store(small_disk, KEY)
    assert has_three_sentences(caught.value)
    filler.unlink()
    open_store(small_disk, KEY).close()


def test_a_store_on_a_disk_that_may_only_be_read(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(StoreReadOnly, match="can be read but not written") as fixed:
        open_store(small_disk, KEY)
    assert has_three_sentences(fixed.value)


def test_two_processes_on_one_store_lose_no_update(office: Office, tmp_path: Path) -> None:
    done = office.register()
    second = signed_in(make_entry(open_store(tmp_path / "desk", KEY)))
    first_saved = office.save(done, necessity__statement="The first desk.")
    with pytest.raises(Conflict, match="Ruth Adeyemi changed this case"):
        second.save(done, necessity__statement="The second desk.")
    seen = case_page(second.caseworker, done.case_id)
    assert seen.case.answers["necessity.statement"] == "The first desk."
    assert second.save(first_saved, necessity__statement="The second desk, after a look.").version == 3
    assert verify_store(second.entry).sound
    second.entry.store.close()
