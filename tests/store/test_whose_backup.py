"""Another desk's backup, and lists under another key: neither takes the place of this desk's."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

import pytest

from db import erasures, swapping
from db.errors import StoreError, WrongKey
from db.records import Role
from db.store import FILE, create_store, open_store
from desktop.casework import backups, keptlists, recovery
from desktop.casework.desk import Refused
from desktop.casework.heldcopies import NAME, read_copy
from desktop.casework.recovery import ChangeKey, recover
from desktop.casework.restorepreview import EarlierKey
from desktop.casework.sample import sample_password
from desktop.casework.setup import create, open_recovered
from desktop.cli import run
from desktop.security.keyfiles import key_file_text
from desktop.security.keys import new_code
from tests.fixtures import Office, make_entry, signed_in, staffed
from tests.journeys.test_setup import START
from tests.store.backing import backed_up, count, hash_of, held, sheet_of
from tests.store.disposing import destroyed, faults, many_closed
from tests.store.test_held_copy import home_of

OTHER = bytes(range(100, 132))
ANOTHERS = "is another desk’s, and was left alone: back up into a folder that no other desk uses"


def _theirs(folder: Path) -> Office:
    folder.mkdir(mode=0o700)
    return staffed(make_entry(create_store(folder, OTHER)))


def _private(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    path.chmod(0o600)
    return str(path)


def test_another_desks_backup_takes_no_healthy_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = []
    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir(mode=0o700)
        made.append(create(tmp_path / name, replace(START, passphrase=f"seven green umbrellas of {name}")))
    ours, theirs = made
    path = backups.back_up_unattended(theirs.entry, tmp_path / "their backups").contents.path
    key = theirs.entry.store.key
    for one in made:
        one.entry.store.close()
    home, sheet = tmp_path / "ours", theirs.recovery_code
    before = (home / FILE).read_bytes()
    for tried in (recovery.look, recovery.recover):
        with pytest.raises(StoreError, match="backup of another desk"):
            tried(home, path, sheet)
    for way in (["--recovery-file", _private(tmp_path / "sheet", sheet.encode())],
                ["--key-file", _private(tmp_path / "key", key_file_text(key))]):  # fmt: skip
        assert run(["--data-dir", str(home), "restore", str(path), "--yes", *way]) != 0
        assert "backup of another desk" in capsys.readouterr().err
    assert (home / FILE).read_bytes() == before
    assert swapping.replaced_files(home) == ()
    open_store(home, ours.entry.store.key).close()
    # Into a folder of its own it goes.
    (tmp_path / "new").mkdir(mode=0o700)
    entry, _ = recover(tmp_path / "new", path, sheet)
    entry.store.close()


def test_no_desk_backs_up_into_another_desks_folder(office: Office, tmp_path: Path) -> None:
    gone, stays = many_closed(office, 2)
    destroyed(office, gone)
    backed_up(office, tmp_path / "b")
    held(office, stays.case_id)
    before = {one.name: one.read_bytes() for one in (tmp_path / "b").iterdir()}
    theirs = _theirs(tmp_path / "theirs")
    with pytest.raises(Refused, match="is another desk’s, or under an earlier key of this one"):
        backups.back_up_unattended(theirs.entry, tmp_path / "b")
    assert {one.name: one.read_bytes() for one in (tmp_path / "b").iterdir()} == before
    backups.back_up_unattended(theirs.entry, tmp_path / "c")
    assert faults(theirs) == []
    theirs.entry.store.close()


def test_where_two_desks_share_a_folder_already_each_is_told_and_leaves_the_others_lists_alone(
    office: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "b"
    gone, stays = many_closed(office, 2)
    backed_up(office, folder)
    theirs = _theirs(tmp_path / "theirs")
    # As a program left it that told nobody.
    for name in (NAME, erasures.NAME):
        (folder / name).unlink()
    backups.back_up_unattended(theirs.entry, folder)
    kept = {name: (folder / name).read_bytes() for name in (NAME, erasures.NAME)}
    for name in kept:
        assert any(f"in {folder} is another desk’s, and was left alone" in one for one in _unwritten(office, name))
    assert f"the erasure list in {folder} {ANOTHERS}" in destroyed(office, gone).unwritten
    held(office, stays.case_id)
    assert f"the erasure list in {folder} {ANOTHERS}" in faults(office)
    with pytest.raises(Refused, match="is another desk’s"):
        backed_up(office, folder)
    _changed(office)
    assert {name: (folder / name).read_bytes() for name in (NAME, erasures.NAME)} == kept
    assert faults(theirs) == []
    theirs.entry.store.close()


def _unwritten(office: Office, name: str) -> tuple[str, ...]:
    write = keptlists.keep_holds if name == NAME else keptlists.write_lists
    return write(office.entry).unwritten


def test_the_list_on_a_disk_that_was_away_as_the_key_changed_is_no_other_desks(office: Office, tmp_path: Path) -> None:
    gone, _ = many_closed(office, 2)
    backed_up(office, tmp_path / "b")
    destroyed(office, gone)
    (tmp_path / "b").rename(tmp_path / "away")
    _changed(office)
    (tmp_path / "away").rename(tmp_path / "b")
    assert keptlists.write_lists(office.entry).unwritten == ()
    assert len(list((tmp_path / "b").glob("erasures-unreadable-*.list"))) == 1
    key = office.entry.store.key
    assert hash_of("TR-000001-7", key) in erasures.read_list(tmp_path / "b" / erasures.NAME, key).hashes
    backed_up(office, tmp_path / "b")


def test_a_change_of_the_key_writes_over_no_list_of_another(office: Office, tmp_path: Path) -> None:
    backed_up(office, tmp_path / "b")
    (tmp_path / "b" / NAME).write_bytes(b"of another desk")
    _changed(office)
    (aside,) = (tmp_path / "b").glob("holds-unreadable-*.sealed")
    assert aside.read_bytes() == b"of another desk"
    assert read_copy(tmp_path / "b", office.entry.store.key).readable
    assert faults(office) == [one for one in faults(office) if "earlier key" in one]


def _changed(office: Office) -> str:
    code = new_code(secrets.token_bytes)
    second = office.guardian.user.username
    command = ChangeKey(code=code, second=second, password=sample_password())
    recovery.change_key(office.desk(Role.ADMINISTRATOR), command)
    return code


def test_an_old_sheet_restores_nothing_beside_a_list_under_a_newer_key(office: Office, tmp_path: Path) -> None:
    old = sheet_of(office)
    gone, stays = many_closed(office, 2)
    path = backed_up(office, tmp_path / "b")
    destroyed(office, gone)
    held(office, stays.case_id)
    _changed(office)
    new = tmp_path / "new"
    new.mkdir(mode=0o700)
    for tried in (recovery.look, recovery.recover):
        with pytest.raises(WrongKey, match="beside the backup is under another key") as caught:
            tried(new, path, old)
        assert "Use the newest recovery sheet." in caught.value.todo
    assert list(new.iterdir()) == []


@pytest.mark.parametrize("by", ["function", "two sheets", "key file and sheet"])
def test_both_sheets_restore_a_backup_from_before_the_key_was_changed(office: Office, tmp_path: Path, by: str) -> None:
    old = sheet_of(office)
    gone, stays = many_closed(office, 2)
    path = backed_up(office, tmp_path / "b")
    destroyed(office, gone)
    held(office, stays.case_id)
    home, clock = home_of(office), office.entry.clock
    code = _changed(office)
    key = office.entry.store.key
    office.entry.store.close()
    (home / FILE).write_bytes(b"not a store any more" * 500)
    if by == "function":
        assert recovery.look(home, path, code, old).listed == 1
        entry, _ = recover(home, path, code, clock, old)
        entry.store.close()
    else:
        newest = (
            ["--recovery-file", _private(tmp_path / "new sheet", code.encode())]
            if by == "two sheets"
            else ["--key-file", _private(tmp_path / "key", key_file_text(key))]
        )
        earlier = ["--recovery-file", _private(tmp_path / "old sheet", old.encode())]
        assert run(["--data-dir", str(home), "restore", str(path), "--yes", *newest, *earlier]) == 0
    there = signed_in(make_entry(open_store(home, key), clock()))
    assert count(there, "SELECT COUNT(*) FROM cases WHERE state = 'destroyed'") == 1
    assert count(there, "SELECT COUNT(*) FROM hold") == 1
    there.entry.store.close()


@pytest.mark.parametrize(("newest", "by"), [("whole", "function"), ("damaged", "two sheets")])
def test_both_sheets_restore_it_on_another_computer_whatever_became_of_the_newest_backup(
    office: Office, tmp_path: Path, newest: str, by: str
) -> None:
    old = sheet_of(office)
    gone, _ = many_closed(office, 2)
    path = backed_up(office, tmp_path / "b")
    code = _changed(office)
    destroyed(office, gone)
    last, key, clock = backed_up(office, tmp_path / "b"), office.entry.store.key, office.entry.clock
    new = tmp_path / "new"
    new.mkdir(mode=0o700)
    if newest == "damaged":
        last.write_bytes(b"not a backup any more" * 500)
    with pytest.raises(EarlierKey):
        recovery.look(new, path, code)
    if by == "function":
        assert recovery.look(new, path, code, old).listed == 1
        recover(new, path, code, clock, old)[0].store.close()
    else:
        sheets = [_private(tmp_path / f"sheet {one[:4]}", one.encode()) for one in (code, old)]
        named = [part for one in sheets for part in ("--recovery-file", one)]
        assert run(["--data-dir", str(new), "restore", str(path), "--yes", *named]) == 0
    # The newest sheet opens it from here on.
    entry = open_recovered(new, code, clock)
    assert entry.store.key == key
    assert count(signed_in(entry), "SELECT COUNT(*) FROM cases WHERE state = 'destroyed'") == 1
    entry.store.close()


def test_both_sheets_restore_it_where_the_disk_was_away_as_the_key_was_changed(office: Office, tmp_path: Path) -> None:
    """It came back, the desk was opened, and the computer was lost before the next backup."""
    old = sheet_of(office)
    gone, _ = many_closed(office, 2)
    path = backed_up(office, tmp_path / "b")
    (tmp_path / "b").rename(tmp_path / "away")
    code, home, clock = _changed(office), home_of(office), office.entry.clock
    destroyed(office, gone)
    office.entry.store.close()
    (tmp_path / "away").rename(tmp_path / "b")
    open_recovered(home, code, clock).store.close()
    new = tmp_path / "new"
    new.mkdir(mode=0o700)
    entry, _ = recover(new, path, code, clock, old)
    assert count(signed_in(entry), "SELECT COUNT(*) FROM cases WHERE state = 'destroyed'") == 1
    entry.store.close()
