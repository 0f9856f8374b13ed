"""Who was destroyed stays so through a restore, whatever the store that it replaces holds of them; and is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from db import erasures
from db.records import State
from db.store import FILE
from desktop.casework import keptfolders, recovery, restorepreview
from desktop.cli import run
from desktop.security.keyfiles import key_file_text
from tests.fixtures import KEY, Office, make_entry, signed_in
from tests.store.backing import backed_up, count, held, released, restored, sheet_of
from tests.store.disposing import closed, destroyed, faults, many_closed, state_of
from tests.store.holding import reference
from tests.store.test_put_back import older_of, put_in_place
from tests.store.test_restore_torn import brought_back, torn_at


def test_a_destroyed_case_that_an_older_store_never_had_goes_again(office: Office, tmp_path: Path) -> None:
    office.register()
    older = older_of(office, tmp_path / "older.db")
    gone = closed(office)
    named = reference(office, gone)
    path = backed_up(office, tmp_path / "backups")
    destroyed(office, gone)
    again = put_in_place(office, older, lists=True)
    seen = restorepreview.preview_restore(again.entry, path)
    found = restored(again, path)
    assert (seen.listed, seen.spared) == (1, frozenset())
    assert (found.listed, found.carried.spared) == ((named,), frozenset())
    assert state_of(again, gone) is State.DESTROYED
    assert not any("is back" in fault for fault in faults(again))
    again.entry.store.close()


def test_a_destroyed_case_that_is_torn_in_the_store_goes_again(office: Office, tmp_path: Path) -> None:
    gone, _ = many_closed(office, 2)
    path = backed_up(office, tmp_path / "backups")
    destroyed(office, gone)
    # The store keeps the hash of the case from now on, beside its stub.
    restored(office, path)
    torn_at(office, "cases")
    seen, found, again = brought_back(office, path)
    assert (seen.listed + len(seen.erased), seen.spared) == (len(found.again), frozenset())
    assert (len(found.again), found.carried.spared) == (1, frozenset())
    assert state_of(again, gone) is State.DESTROYED
    again.entry.store.close()


def test_no_number_is_given_out_twice_where_the_store_is_gone(office: Office, tmp_path: Path) -> None:
    home, clock, sheet = office.entry.store.path.parent, office.entry.clock, sheet_of(office)
    office.register()
    path = backed_up(office, tmp_path / "backups")
    lost = reference(office, office.register(person=1))
    office.entry.store.close()
    for one in home.glob(f"{FILE}*"):
        one.unlink()
    entry, _ = recovery.recover(home, path, sheet, clock)
    again = signed_in(make_entry(entry.store, clock()))
    assert reference(again, again.register(person=2)) > lost
    again.entry.store.close()


def test_no_letter_gets_a_number_twice_where_the_count_of_them_is_torn(office: Office, tmp_path: Path) -> None:
    office.in_state(State.ISSUED)
    path = backed_up(office, tmp_path / "backups")
    office.in_state(State.ISSUED)
    lost = count(office, "SELECT MAX(number) FROM letter")
    torn_at(office, "sqlite_sequence")
    _, _, again = brought_back(office, path)
    again.in_state(State.ISSUED)
    assert count(again, "SELECT MAX(number) FROM letter") > lost
    again.entry.store.close()


def test_a_list_that_is_missing_is_told_by_a_restore_that_nobody_attends(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = backed_up(office, tmp_path / "backups")
    (tmp_path / "backups" / erasures.NAME).unlink()
    key = tmp_path / "key"
    key.write_bytes(key_file_text(KEY))
    key.chmod(0o600)
    asked = ["--data-dir", str(tmp_path / "new"), "restore", str(path), "--yes", "--key-file", str(key)]
    assert run(asked) != 0
    found = capsys.readouterr()
    assert "it is missing: it was taken away" in found.err
    assert "or say --without-list too" in found.err
    assert not (tmp_path / "new" / FILE).exists()
    assert run([*asked, "--without-list"]) == 1
    said = f"Wrong: the erasure list in {tmp_path / 'backups'}: it is missing: it was taken away.\n"
    found = capsys.readouterr()
    assert said in found.out
    assert found.err == said


@pytest.mark.parametrize("name", ["sqlite_stat1", "sqlite_stat4"])
def test_a_damaged_page_of_statistics_hinders_no_restore(office: Office, tmp_path: Path, name: str) -> None:
    home, sheet, gone = office.entry.store.path.parent, sheet_of(office), closed(office)
    path = backed_up(office, tmp_path / "backups")
    destroyed(office, gone)
    office.entry.store.empty_log()
    torn_at(office, name)
    assert recovery.look(home, path, sheet).listed == 1
    entry, _ = recovery.recover(home, path, sheet, office.entry.clock)
    assert state_of(signed_in(entry), gone) is State.DESTROYED
    entry.store.close()


def test_the_folder_of_a_restored_backup_has_its_list_kept_up(office: Office, tmp_path: Path) -> None:
    gone, _ = many_closed(office, 2)
    path = backed_up(office, tmp_path / "backups")
    for name in ("copy", "third"):
        shutil.copytree(path.parent, tmp_path / name)
    restored(office, tmp_path / "copy" / path.name)
    new, sheet = tmp_path / "new", sheet_of(office)
    destroyed(office, gone)
    assert len(erasures.read_list(tmp_path / "copy" / erasures.NAME, KEY).hashes) == 2
    new.mkdir(mode=0o700)
    shutil.copy(office.entry.store.path.parent / "store.recovery", new)
    entry, _ = recovery.recover(new, tmp_path / "third" / path.name, sheet, office.entry.clock)
    assert keptfolders.kept_of(new).folders == (tmp_path / "third",)
    entry.store.close()


def test_a_hold_that_was_released_since_the_backup_keeps_nobody_by_what_is_said_before_either(
    office: Office, tmp_path: Path
) -> None:
    gone, _ = many_closed(office, 2)
    sheet = sheet_of(office)
    hold = held(office, gone.case_id)
    path = backed_up(office, tmp_path / "backups")
    older = older_of(office, tmp_path / "older.db")
    released(office, hold)
    destroyed(office, gone)
    seen = restorepreview.preview_restore(office.entry, path)
    assert (seen.erased, seen.listed, seen.spared) == (("TR-000001-7",), 0, frozenset())
    # On another computer the copy of the holds says so; and where an older store stands that knows the hold alone.
    new = tmp_path / "new"
    new.mkdir(mode=0o700)
    apart = recovery.look(new, path, sheet)
    assert (apart.listed, apart.spared) == (1, frozenset())
    entry, done = recovery.recover(new, path, sheet, office.entry.clock)
    assert done.again == ("TR-000001-7",)
    entry.store.close()
    again = put_in_place(office, older, lists=True)
    behind = restorepreview.preview_restore(again.entry, path)
    found = restored(again, path)
    assert (behind.listed, behind.spared) == (len(found.listed), found.carried.spared) == (1, frozenset())
    again.entry.store.close()
