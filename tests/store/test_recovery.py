"""Ways back in: each works with the recovery sheet, and with two people where it should."""

from __future__ import annotations

import os
import secrets
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from db import swapping
from db.errors import StoreBusy, StoreError
from db.files import copy_whole
from db.records import Role, State
from db.replaying import without_guards
from db.store import FILE
from desktop.casework import accounts, backups, recovery, restorepreview, restoring
from desktop.casework.accounts import NewUser
from desktop.casework.backups import recovery_of
from desktop.casework.desk import Desk, Entry, Invalid, Refused
from desktop.casework.journalview import JournalAsked, journal_lines, journal_numbers
from desktop.casework.recovery import KeyPlace, NewAdministrator
from desktop.casework.recoverysheets import make_sheet
from desktop.casework.sample import sample_password
from desktop.casework.setup import create, open_entry, open_recovered
from desktop.security.keyfiles import KeyFileRefused, read_key_file, read_recovery_file
from desktop.security.keys import (
    PASSPHRASE_FILE,
    RECOVERY_FILE,
    KeyMissing,
    WrongPassphrase,
    WrongRecoveryCode,
    new_code,
    open_sealed,
)
from tests.fixtures import KEY, Office, signed_in
from tests.journeys.test_setup import START
from tests.store.backing import backed_up, held, sheet_of
from tests.store.disposing import destroyed, faults, many_closed, pass_days, state_of

PASSPHRASE = "seven green umbrellas wait"
OTHER = "nine red bicycles wander"


@pytest.fixture
def sheet(office: Office) -> str:
    return sheet_of(office)


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, str]:
    """A real store that opens with a passphrase, closed, and its recovery key."""
    folder = tmp_path / "real"
    folder.mkdir(mode=0o700)
    created = create(folder, replace(START, passphrase=PASSPHRASE))
    created.entry.store.close()
    return folder, created.recovery_code


def administrator_of(entry: Entry) -> Desk:
    return accounts.sign_in(entry, START.administrator.username, START.administrator.password)


# Where the key is kept


def test_a_forgotten_passphrase_is_replaced_with_the_recovery_sheet(made: tuple[Path, str]) -> None:
    folder, code = made
    entry = open_recovered(folder, code)
    with pytest.raises(Invalid):
        recovery.keep_key(administrator_of(entry), "password")
    recovery.keep_key(administrator_of(entry), OTHER)
    entry.store.close()
    with pytest.raises(WrongPassphrase):
        open_entry(folder, lambda: PASSPHRASE)
    open_entry(folder, lambda: OTHER).store.close()


def test_a_store_moved_to_another_computer_opens_with_its_sheet_and_is_kept_there(
    made: tuple[Path, str], tmp_path: Path
) -> None:
    folder, code = made
    moved = tmp_path / "moved"
    moved.mkdir(mode=0o700)
    for name in (FILE, "store.recovery"):
        (moved / name).write_bytes((folder / name).read_bytes())
        (moved / name).chmod(0o600)
    with pytest.raises(KeyMissing):
        open_entry(moved, lambda: PASSPHRASE)
    entry = open_recovered(moved, code)
    recovery.keep_key(administrator_of(entry), OTHER)
    entry.store.close()
    open_entry(moved, lambda: OTHER).store.close()


def test_a_new_sheet_takes_the_place_of_the_old_one_beside_the_backups_too(
    office: Office, sheet: str, tmp_path: Path
) -> None:
    path = backed_up(office, tmp_path / "backups")
    away = tmp_path / "backups" / "desk-2001-01-01T000000Z.db"
    away.write_bytes(b"another store's")
    backups.recovery_of(away).write_bytes(b"another's")
    assert open_sealed(backups.recovery_of(path), sheet) == KEY
    home = office.entry.store.path.parent
    make_sheet(office.desk(Role.ADMINISTRATOR), sample_password())
    assert backups.recovery_of(path).read_bytes() == (home / RECOVERY_FILE).read_bytes()
    assert backups.recovery_of(away).read_bytes() == b"another's"
    with pytest.raises(WrongRecoveryCode):
        open_sealed(backups.recovery_of(path), sheet)
    with pytest.raises(WrongRecoveryCode):
        open_recovered(home, sheet)


def test_it_is_known_where_the_key_is_kept(made: tuple[Path, str], office: Office) -> None:
    folder, code = made
    entry = open_recovered(folder, code)
    desk = administrator_of(entry)
    assert recovery.key_place(desk) is KeyPlace.SHEET, "its passphrase may be lost"
    assert recovery.key_to_keep(desk)
    (folder / PASSPHRASE_FILE).unlink()
    assert recovery.key_place(desk) is KeyPlace.NOWHERE
    assert recovery.key_to_keep(desk)
    with pytest.raises(Invalid) as wrong:
        recovery.keep_key(desk)
    assert [one.field for one in wrong.value.problems] == ["passphrase"], "there is no keyring here"
    assert recovery.key_to_keep(desk)
    recovery.keep_key(desk, OTHER)
    assert recovery.key_place(desk) is KeyPlace.PASSPHRASE
    assert not recovery.key_to_keep(desk)
    entry.store.close()
    again = open_entry(folder, lambda: OTHER)
    assert not recovery.key_to_keep(administrator_of(again)), "the passphrase is known"
    again.store.close()
    with pytest.raises(Refused):
        recovery.key_place(office.caseworker)


# A lost administrator


def command(office: Office, code: str) -> NewAdministrator:
    return NewAdministrator(
        code=code,
        guardian=office.guardian.user.username,
        guardian_password=sample_password(),
        officer=office.officers[0].user.username,
        officer_password=sample_password(),
        new=NewUser("second.admin", "Second Admin", Role.ADMINISTRATOR, "violet hammer orbit"),
    )


def test_two_people_and_the_sheet_make_an_administrator(office: Office, sheet: str) -> None:
    number = recovery.new_administrator(office.entry, command(office, sheet))
    there = {one.id: one for one in accounts.users(office.entry)}
    assert there[number].role is Role.ADMINISTRATOR
    assert there[number].must_change_password
    assert faults(office) == []
    auditor = office.desk(Role.AUDITOR)
    (line,) = journal_lines(auditor, journal_numbers(auditor, JournalAsked(action="add_user")))
    assert line.said == "Made a new administrator with the recovery sheet, two people together"
    assert line.entry.actor == office.guardian.user.name
    assert line.details == f"role: administrator; user: Second Admin; with: {office.officers[0].user.name}"


def test_nobody_makes_an_administrator_alone_or_without_the_sheet(office: Office, sheet: str) -> None:
    right = command(office, sheet)
    before = accounts.users(office.entry)
    wrong = new_code(secrets.token_bytes)
    reviewer = office.reviewer.user.username
    for one, error in (
        (replace(right, code=wrong), WrongRecoveryCode),
        (replace(right, officer=right.guardian), Refused),
        (replace(right, guardian=right.officer, officer=office.officers[1].user.username), Refused),
        (replace(right, officer=reviewer), Refused),
        (replace(right, officer_password="not this one"), Refused),
        (replace(right, new=replace(right.new, role=Role.REVIEWER)), Refused),
        (replace(right, new=replace(right.new, password="password")), Invalid),
    ):
        with pytest.raises(error):
            recovery.new_administrator(office.entry, one)
    assert [one.id for one in accounts.users(office.entry)] == [one.id for one in before]


# A damaged file, an empty folder


def test_a_damaged_store_is_restored_with_the_sheet(office: Office, sheet: str, tmp_path: Path) -> None:
    gone, stays = many_closed(office, 2)
    path = backed_up(office, tmp_path / "backups")
    destroyed(office, gone)
    home, clock = office.entry.store.path.parent, office.entry.clock
    office.entry.store.close()
    (home / FILE).write_bytes(b"\0" * 20000)
    with pytest.raises(StoreError):
        open_recovered(home, sheet)
    with pytest.raises(WrongRecoveryCode):
        recovery.recover(home, path, new_code(secrets.token_bytes), clock)
    entry, done = recovery.recover(home, path, sheet, clock)
    assert done.listed == ("TR-000001-7",)
    again = signed_in(entry)
    assert (state_of(again, gone), state_of(again, stays)) == (State.DESTROYED, State.ISSUED)
    entry.store.close()


def test_a_backup_and_its_sheet_are_enough_on_another_computer(office: Office, sheet: str, tmp_path: Path) -> None:
    gone, stays = many_closed(office, 2)
    path = backed_up(office, tmp_path / "backups")
    destroyed(office, gone)
    empty = tmp_path / "elsewhere"
    empty.mkdir(mode=0o700)
    entry, done = recovery.recover(empty, path, sheet, office.entry.clock)
    assert done.replaced is None
    again = signed_in(entry)
    assert (state_of(again, gone), state_of(again, stays)) == (State.DESTROYED, State.ISSUED)
    entry.store.close()
    open_recovered(empty, sheet).store.close()


def test_a_store_that_is_open_elsewhere_is_not_recovered_over(office: Office, sheet: str, tmp_path: Path) -> None:
    path = backed_up(office, tmp_path / "backups")
    with office.entry.store.read() as tx:
        tx.exec_driver_sql("SELECT 1")
    with pytest.raises(StoreBusy, match="open"):
        recovery.recover(tmp_path / "desk", path, sheet, office.entry.clock)
    office.entry.store.close()
    recovery.recover(tmp_path / "desk", path, sheet, office.entry.clock)[0].store.close()


def crashed_copy(office: Office, folder: Path) -> Path:
    """The files of a desk that stopped with something in its log."""
    home = office.entry.store.path.parent
    folder.mkdir(mode=0o700)
    for path in home.iterdir():
        if path.is_file() and not path.name.endswith("-shm"):
            copy_whole(path, folder / path.name)
    assert (folder / f"{FILE}-wal").stat().st_size
    return folder


def test_what_a_crash_left_in_the_log_is_seen_before_it_is_carried_over(
    office: Office, sheet: str, tmp_path: Path
) -> None:
    (done,) = many_closed(office, 1)
    path = backed_up(office, tmp_path / "backups")
    office.entry.store.empty_log()
    held(office, done.case_id)
    office.register()
    home, clock = crashed_copy(office, tmp_path / "crashed"), office.entry.clock
    seen = recovery.look(home, path, sheet)
    assert (len(seen.lost), seen.holds) == (1, 1)
    entry, found = recovery.recover(home, path, sheet, clock)
    assert (found.carried.held.holds, found.carried.entries) == (1, seen.entries)
    assert not (home / f"{swapping.replaced_files(home)[0].name}-wal").exists()
    entry.store.close()


def test_the_log_of_a_store_that_does_not_open_is_kept_with_it(office: Office, sheet: str, tmp_path: Path) -> None:
    path = backed_up(office, tmp_path / "backups")
    office.entry.store.empty_log()
    office.register()
    home, clock = crashed_copy(office, tmp_path / "crashed"), office.entry.clock
    log = (home / f"{FILE}-wal").read_bytes()
    content = bytearray((home / FILE).read_bytes())
    content[:4096] = bytes(4096)
    (home / FILE).write_bytes(content)
    assert not recovery.look(home, path, sheet).readable
    entry, found = recovery.recover(home, path, sheet, clock)
    assert found.replaced is not None
    kept = found.replaced.with_name(f"{found.replaced.name}-wal")
    assert (found.replaced.read_bytes(), kept.read_bytes()) == (bytes(content), log)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    again = signed_in(entry)
    assert faults(again) == []
    assert restoring.confirm_restore(again.desk(Role.ADMINISTRATOR)) == 1
    assert list(home.glob(f"{swapping.REPLACED}*")) == []
    entry.store.close()


def test_what_leads_to_the_key_is_in_place_with_the_backup(office: Office, sheet: str, tmp_path: Path) -> None:
    path = backed_up(office, tmp_path / "backups")
    home = tmp_path / "elsewhere"
    home.mkdir(mode=0o700)
    # Beside the store nothing of this name can be written: what is made is made in the staging folder.
    taken = home / f".{RECOVERY_FILE}.{os.getpid()}.new"
    taken.mkdir()
    entry, _done = recovery.recover(home, path, sheet, office.entry.clock)
    assert (home / RECOVERY_FILE).read_bytes() == backups.recovery_of(path).read_bytes()
    assert stat.S_IMODE((home / RECOVERY_FILE).stat().st_mode) == 0o600
    entry.store.close()
    open_recovered(home, sheet).store.close()


# The key file


def private(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    path.chmod(0o600)
    return path


def test_a_key_file_is_its_owners_alone(office: Office, tmp_path: Path) -> None:
    assert read_recovery_file(private(tmp_path / "sheet", b"7FV70-HBEX7\n")).strip() == "7FV70-HBEX7"
    (tmp_path / "sheet").chmod(0o640)
    with pytest.raises(KeyFileRefused, match="chmod 600"):
        read_recovery_file(tmp_path / "sheet")
    path = tmp_path / "key"
    with pytest.raises(Refused):
        recovery.write_key_file(office.caseworker, path)
    recovery.write_key_file(office.desk(Role.ADMINISTRATOR), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key_file(path) == KEY
    path.chmod(0o400)
    assert read_key_file(path) == KEY
    for mode in (0o644, 0o640, 0o660, 0o604, 0o700):
        path.chmod(mode)
        with pytest.raises(KeyFileRefused, match="chmod 600"):
            read_key_file(path)
    path.chmod(0o600)
    link = tmp_path / "link"
    link.symlink_to(path)
    for wrong in (link, tmp_path, tmp_path / "nothing"):
        with pytest.raises(KeyFileRefused):
            read_key_file(wrong)
    with pytest.raises(KeyFileRefused, match="is a link: give the file itself"):
        read_key_file(link)
    for content in (b"", b"00" * 31, b"zz" * 32, b"00" * 40):
        path.write_bytes(content)
        with pytest.raises(KeyFileRefused, match="no key"):
            read_key_file(path)


def test_another_desks_backup_takes_no_readable_store(made: tuple[Path, str], tmp_path: Path) -> None:
    """Not with its own sheet either, nor over a store that does not open: by the wrong key a sound one does not. Where
    there is none it may, as on a computer that is taken over.
    """
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    theirs = create(other, replace(START, passphrase=OTHER))
    file = backups.back_up_unattended(theirs.entry, tmp_path / "theirs").contents.path
    theirs.entry.store.close()
    home, _ = made
    entry = open_entry(home, lambda: PASSPHRASE)
    for tried in (restorepreview.preview_restore, restoring.restore_unattended):
        with pytest.raises(StoreError, match="another desk’s store"):
            tried(entry, file, theirs.recovery_code)
    assert swapping.replaced_files(home) == ()
    key = entry.store.key
    assert backups.back_up_unattended(entry, tmp_path / "ours").contents.store_id not in ("", file.name)
    entry.store.close()
    (home / FILE).write_bytes(b"broken" * 4000)
    with pytest.raises(StoreError, match="another desk’s store"):
        restorepreview.key_of(home, file, key, theirs.recovery_code)
    assert restorepreview.key_of(tmp_path, file, key, theirs.recovery_code) == theirs.entry.store.key


def test_a_backup_that_is_older_than_ids_is_let_in_with_its_sheet(
    office: Office, made: tuple[Path, str], tmp_path: Path
) -> None:
    with office.entry.store.write() as tx, without_guards(tx):
        tx.execute(text("DELETE FROM meta WHERE key = 'store_id'"))
    sheet = sheet_of(office)
    file = backed_up(office, tmp_path / "backups")
    home, _ = made
    entry = open_entry(home, lambda: PASSPHRASE)
    assert restorepreview.preview_restore(entry, file, sheet).contents.store_id == ""
    entry.store.close()


@pytest.mark.parametrize("where", ["store", "backup"])
def test_a_damaged_or_missing_seal_of_the_key_is_noticed_before_the_sheet_is_needed(
    office: Office, tmp_path: Path, where: str
) -> None:
    sheet_of(office)
    first = backed_up(office, tmp_path / "backups")
    pass_days(office, 1)
    second = backed_up(office, tmp_path / "backups")
    assert faults(office) == []
    path = tmp_path / "desk" / RECOVERY_FILE if where == "store" else recovery_of(second)
    whole = path.read_bytes()
    other = (
        f"{recovery_of(first).name} and {recovery_of(second).name}" if where == "store" else recovery_of(second).name
    )
    said = f"{other} in {tmp_path / 'backups'} {'are' if where == 'store' else 'is'} not the same as store.recovery:"
    for place in range(0, len(whole), 80):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert [one.startswith(said) for one in faults(office)] == [True]
    path.unlink()
    gone = said if where == "store" else f"{other} in {tmp_path / 'backups'} is missing, without which"
    assert [one.startswith(gone) for one in faults(office)] == [True]
    # A new sheet takes the place of them all.
    make_sheet(office.desk(Role.ADMINISTRATOR), sample_password())
    assert faults(office) == []
    assert recovery_of(first).read_bytes() == recovery_of(second).read_bytes() != whole
