"""The key of the store is changed by two people, and nobody who has the old one is locked out or let in."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

import pytest

from db import erasures, swapping
from db.errors import StoreError, WrongKey
from db.records import Role, State
from db.store import FILE, open_store
from desktop.casework import backups, holds, recovery, restorepreview, restoring
from desktop.casework.desk import Invalid, Refused
from desktop.casework.recovery import ChangeKey
from desktop.casework.recoverysheets import SheetState, sheet_state
from desktop.casework.restoring import Restore
from desktop.casework.sample import sample_password
from desktop.casework.setup import open_keyed, open_recovered
from desktop.casework.verifying import verify_store
from desktop.security.keys import (
    NEXT_FILE,
    PASSPHRASE_FILE,
    RECOVERY_FILE,
    PassphraseHome,
    WrongRecoveryCode,
    make_recovery,
    new_code,
)
from desktop.security.problems import KeyProblem
from tests.fixtures import KEY, Office, signed_in
from tests.store.backing import backed_up, hash_of, held, restored, sheet_of
from tests.store.disposing import closed, destroyed, faults, many_closed, state_of
from tests.store.holding import reference
from tests.store.test_put_back import older_of, opened, put_in_place

PASSPHRASE = "seven green umbrellas wait"
OTHER = "nine red bicycles wander"


@pytest.fixture
def sheet(office: Office) -> str:
    return sheet_of(office)


def changed(office: Office, code: str, **more: str) -> None:
    second = {"second": office.guardian.user.username, "password": sample_password()}
    recovery.change_key(office.desk(Role.ADMINISTRATOR), ChangeKey(code=code, **(second | more)))


def test_a_changed_key_opens_everything_and_the_old_one_nothing(office: Office, sheet: str, tmp_path: Path) -> None:
    gone, stays = many_closed(office, 2)
    old = backed_up(office, tmp_path / "backups")
    destroyed(office, gone)
    home, clock = office.entry.store.path.parent, office.entry.clock
    new = recovery.sheet_for_change(office.desk(Role.ADMINISTRATOR))
    changed(office, new.code)
    with pytest.raises(WrongKey):
        open_store(home, KEY)
    with pytest.raises(WrongRecoveryCode):
        open_recovered(home, sheet)
    assert not (home / NEXT_FILE).exists()
    entry = open_recovered(home, new.code, clock)
    again = signed_in(entry)
    key = entry.store.key
    assert key != KEY
    for folder in (home, tmp_path / "backups"):
        assert hash_of("TR-000001-7", key) in erasures.read_list(folder / erasures.NAME, key).hashes
    assert sheet_state(again.desk(Role.ADMINISTRATOR)) is SheetState.KEPT
    # Letters are still signed: the passwords of the certificates moved with the key.
    assert again.in_state(State.ISSUED).state is State.ISSUED
    assert [one.path for one in backups.old_files(entry)] == [old]
    said = [fault for name, found in verify_store(entry).checks if name != "Bank holidays" for fault in found]
    unread = "cannot be looked into: it is under an earlier key of the store, or damaged"
    assert said == [f"{old.name} {unread}: replace it, in Administration, Backups"]
    # The old backup opens with the sheet of its day, and nobody comes back with it.
    done = restoring.restore(
        again.desk(Role.ADMINISTRATOR),
        Restore(file=old, second=again.guardian.user.username, password=sample_password(), recovery=sheet),
    )
    assert done.carried.erased == ["TR-000001-7"]
    assert (state_of(again, gone), state_of(again, stays)) == (State.DESTROYED, State.ISSUED)
    assert backups.replace_old_backups(again.desk(Role.ADMINISTRATOR)) == (old,)
    entry.store.close()


def test_no_key_is_changed_while_a_restore_waits_whose_way_back_is_under_it(office: Office, tmp_path: Path) -> None:
    path = backed_up(office, tmp_path / "backups")
    home, clock = office.entry.store.path.parent, office.entry.clock
    restored(office, path)
    again = signed_in(open_keyed(home, KEY, clock))
    with pytest.raises(Refused, match="A restore waits"):
        changed(again, new_code(secrets.token_bytes))
    restoring.confirm_restore(again.desk(Role.ADMINISTRATOR))
    assert again.entry.store.key == KEY
    again.entry.store.close()


def test_a_list_that_cannot_be_written_is_found_by_the_check_and_fails_no_change_of_key(
    office: Office, sheet: str, tmp_path: Path
) -> None:
    gone, _ = many_closed(office, 2)
    for name in ("one", "two"):
        backed_up(office, tmp_path / name)
    destroyed(office, gone)
    # A folder stands where the new list is written first, as on a disk that takes nothing.
    (tmp_path / "one" / f".{erasures.NAME}.{os.getpid()}.new").mkdir()
    changed(office, new_code(secrets.token_bytes))
    key = office.entry.store.key
    assert key != KEY
    assert not (office.entry.store.path.parent / NEXT_FILE).exists()
    assert erasures.read_list(tmp_path / "two" / erasures.NAME, key).hashes
    assert [fault for fault in faults(office) if f"the erasure list in {tmp_path / 'one'}" in fault]


def test_the_key_is_changed_by_two(office: Office) -> None:
    for wrong in ({"second": office.caseworker.user.username}, {"password": "not this one"}):
        with pytest.raises(Refused):
            changed(office, new_code(secrets.token_bytes), **wrong)
    assert swapping.replaced_files(office.entry.store.path.parent) == ()
    assert faults(office) == []


def test_the_passphrase_stays_when_the_key_is_changed(office: Office, sheet: str) -> None:
    home = office.entry.store.path.parent
    PassphraseHome(home, secrets.token_bytes).put(KEY, PASSPHRASE)
    with pytest.raises(Invalid, match="not the passphrase of the store"):
        changed(office, new_code(secrets.token_bytes), passphrase=OTHER)
    changed(office, new_code(secrets.token_bytes), passphrase=PASSPHRASE)
    key = PassphraseHome(home, secrets.token_bytes).get(PASSPHRASE)
    assert key != KEY
    assert (home / PASSPHRASE_FILE).exists()
    open_store(home, key).close()


def test_whoever_still_has_the_old_key_is_led_to_the_new_one(
    office: Office, sheet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a crash between the swap and the keyring."""
    home, clock = office.entry.store.path.parent, office.entry.clock

    def crash(_folder: Path, _key: bytes) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(recovery, "put_in_place", crash)
        with pytest.raises(KeyboardInterrupt):
            changed(office, new_code(secrets.token_bytes))
    office.entry.store.close()
    assert (home / NEXT_FILE).exists()
    entry = open_keyed(home, KEY, clock)
    assert entry.store.key != KEY
    assert not (home / NEXT_FILE).exists()
    entry.store.close()
    with pytest.raises(StoreError):
        open_keyed(home, KEY, clock)
    open_store(home, entry.store.key).close()


# Who was destroyed


@pytest.mark.parametrize("at_hand", [True, False])
def test_whom_the_lists_alone_know_stays_destroyed_under_the_new_key(
    office: Office, sheet: str, tmp_path: Path, at_hand: bool
) -> None:
    """An older copy was put in place of the store, from before the first case of its kind: no count tells which
    references were given out.
    """
    home, older = office.entry.store.path.parent, older_of(office, tmp_path / "older.db")
    gone = closed(office)
    was = reference(office, gone)
    path = backed_up(office, tmp_path / "backups")
    destroyed(office, gone)
    kept = (home / erasures.NAME).read_bytes()
    if not at_hand:
        # The disk of the backups is connected, and the list put back, once the store is open.
        (tmp_path / "backups").rename(tmp_path / "away")
    again = put_in_place(office, older, lists=at_hand)
    if not at_hand:
        (tmp_path / "away").rename(tmp_path / "backups")
        (home / erasures.NAME).write_bytes(kept)
    changed(again, new_code(secrets.token_bytes))
    key, clock = again.entry.store.key, again.entry.clock
    office.entry.store.rekeyed(key)
    assert reference(again, again.register()) != was
    assert faults(again) == [one for one in faults(again) if "earlier key" in one]
    again.entry.store.close()
    last = signed_in(open_keyed(home, key, clock))
    assert reference(last, last.register(person=1)) != was
    newest = make_recovery(home, key, secrets.token_bytes)
    shutil.copytree(tmp_path / "backups", tmp_path / "copy")
    assert restorepreview.preview_restore(last.entry, path, sheet).listed == 1
    command = Restore(file=path, second=last.guardian.user.username, password=sample_password(), recovery=sheet)
    assert restoring.restore(last.desk(Role.ADMINISTRATOR), command).listed == (was,)
    last.entry.store.close()
    # Neither does the loss of the store bring them back: the list and the sheet of the backup's day are enough.
    new = tmp_path / "new"
    new.mkdir(mode=0o700)
    shutil.copy(home / RECOVERY_FILE, new)
    assert recovery.look(new, tmp_path / "copy" / path.name, newest, sheet).listed == 1
    entry, done = recovery.recover(new, tmp_path / "copy" / path.name, newest, clock, sheet)
    assert done.listed == (was,)
    entry.store.close()


def test_who_is_back_is_still_told_under_the_new_key(office: Office, tmp_path: Path) -> None:
    gone = closed(office)
    older = older_of(office, tmp_path / "older.db")
    destroyed(office, gone)
    again = put_in_place(office, older, lists=True)
    was = reference(again, gone)
    changed(again, new_code(secrets.token_bytes))
    changed(again, new_code(secrets.token_bytes))
    home, key, clock = again.entry.store.path.parent, again.entry.store.key, again.entry.clock
    office.entry.store.rekeyed(key)
    again.entry.store.close()
    last = signed_in(open_keyed(home, key, clock))
    assert last.entry.store.settled.startswith("1 destroyed case came back")
    assert any(one.startswith(f"{was} was destroyed, and is back") for one in faults(last))
    path = backed_up(last, tmp_path / "backups")
    assert restored(last, path).listed == (was,)
    assert state_of(last, gone) is State.DESTROYED
    last.entry.store.close()


def test_a_restore_keeps_every_key_under_which_somebody_was_destroyed(
    office: Office, sheet: str, tmp_path: Path
) -> None:
    path = backed_up(office, tmp_path / "backups")
    changed(office, new_code(secrets.token_bytes))
    between = office.entry.store.key
    changed(office, new_code(secrets.token_bytes))
    command = Restore(file=path, second=office.guardian.user.username, password=sample_password(), recovery=sheet)
    restoring.restore(office.desk(Role.ADMINISTRATOR), command)
    with office.entry.store.read() as tx:
        known = erasures.case_keys(tx, office.entry.store.key)
    assert {erasures.case_key(one) for one in (KEY, between, office.entry.store.key)} == set(known)


def test_an_older_store_under_the_key_of_its_day_is_told_until_it_is_seen_to(office: Office, tmp_path: Path) -> None:
    gone = closed(office)
    older = older_of(office, tmp_path / "older.db")
    code = new_code(secrets.token_bytes)
    changed(office, code)
    destroyed(office, gone)
    path = backed_up(office, tmp_path / "backups")
    home = office.entry.store.path.parent
    office.entry.store.close()
    shutil.copy(older, home / FILE)
    office.entry.store.rekeyed(KEY)
    again = opened(office)
    (aside,) = home.glob("erasures-unreadable-*.list")
    told = "The erasure list beside the store was under another key, as where an older copy of the store was put back:"
    for _ in range(2):
        assert told in again.entry.store.settled
        assert [one for one in faults(again) if aside.name in one]
        assert [one for one in backups.overview(again.desk(Role.ADMINISTRATOR)).faults if aside.name in one]
        again = opened(again)
    # As it says.
    command = Restore(file=path, second=again.guardian.user.username, password=sample_password(), recovery=code)
    restoring.restore(again.desk(Role.ADMINISTRATOR), command)
    aside.unlink()
    last = opened(again)
    assert state_of(last, gone) is State.DESTROYED
    assert not last.entry.store.settled
    assert not [one for one in faults(last) if "unreadable" in one]
    last.entry.store.close()


def test_a_lost_computer_is_restored_from_backups_that_are_older_than_the_key(
    office: Office, sheet: str, tmp_path: Path
) -> None:
    """Both sheets lead to who was destroyed and what is held; one of them alone does not."""
    gone, kept = many_closed(office, 2)
    file = backed_up(office, tmp_path / "one")
    destroyed(office, gone)
    held(office, kept.case_id)
    code = new_code(secrets.token_bytes)
    changed(office, code)
    clock, home = office.entry.clock, tmp_path / "anew"
    home.mkdir(mode=0o700)
    for alone in (code, sheet):
        with pytest.raises((WrongKey, StoreError, KeyProblem)):
            recovery.look(home, file, alone)
    assert recovery.look(home, file, code, sheet).sentences()
    entry, _done = recovery.recover(home, file, code, clock, sheet)
    anew = signed_in(entry)
    assert state_of(anew, gone) is State.DESTROYED
    assert len(holds.hold_rows(anew.officers[0])) == 1
    entry.store.close()
    # The next backup brings the sealed key of its day, and another sheet leaves nothing that the last one opens.
    left = tmp_path / "one" / RECOVERY_FILE
    assert left.exists()
    make_recovery(office.entry.store.path.parent, office.entry.store.key, secrets.token_bytes)
    backups.reseal_backups(office.entry)
    with pytest.raises(KeyProblem):
        recovery.sheet_key(tmp_path / "none", file, code)
    backed_up(office, tmp_path / "one")
    assert not left.exists()
