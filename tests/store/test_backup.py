"""Backups: whole, encrypted and read back; brought back without whoever was destroyed since."""

from __future__ import annotations

import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from db.casereads import load_case
from db.errors import StoreError
from db.records import State
from db.store import FILE, open_store
from desktop.casework import backups, disposal, holds
from desktop.casework.backups import back_up, backups_in, confirm_restore, note_erasures, preview_restore, restore
from desktop.casework.casepage import open_case
from desktop.casework.desk import Refused
from desktop.casework.disposal import ProposeRun
from desktop.casework.stubs import IsDestroyed
from desktop.casework.verifying import verify_store
from desktop.security.erasures import (
    FILE_NAME,
    erasure_hash,
    erasure_key,
    read_erasures,
    write_erasures,
)
from tests.fixtures import KEY, Office, make_entry, signed_in
from tests.store.disposing import destroyed, faults, many_closed, pass_days
from tests.store.test_transferring import TO, handing_over, packages, sealing

LISTED = erasure_key(KEY)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the backups are."""
    where = tmp_path / "backups"
    where.mkdir(mode=0o700)
    return where


def closed_down(office: Office) -> Path:
    """The folder of the office's store, which is not open any more."""
    office.entry.store.close()
    return office.entry.store.path.parent


def opened(folder: Path, office: Office) -> Office:
    """The office on what is the store now."""
    return signed_in(make_entry(open_store(folder, KEY), office.entry.clock()))


def test_a_backup_is_whole_encrypted_private_and_journalled(office: Office, place: Path) -> None:
    cases = many_closed(office, 2)
    made = back_up(office.entry, place)
    assert made.contents.cases == len(cases)
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert b"SQLite" not in made.path.read_bytes()[:100]
    assert b"Kowalczyk" not in made.path.read_bytes()
    with office.entry.store.read() as tx:
        last = tx.execute(text("SELECT action, data FROM journal ORDER BY seq DESC LIMIT 1")).one()
    assert last.action == "back_up"
    assert made.path.name in last.data
    (place / "copy").mkdir()
    (place / "copy" / FILE).write_bytes(made.path.read_bytes())
    copy = open_store(place / "copy", KEY)
    with copy.read() as tx:
        assert load_case(tx, cases[0].case_id).row.state is State.ISSUED
    copy.close()
    assert not list(place.glob(".making*"))


def test_a_destroyed_person_does_not_come_back_with_a_backup(office: Office, place: Path) -> None:
    kept, gone = many_closed(office, 2)
    made = back_up(office.entry, place)
    found = destroyed(office, gone)
    note_erasures(office.entry)
    folder = closed_down(office)
    seen = preview_restore(folder, made.path, KEY)
    assert len(seen.erased_again) == 1
    assert seen.now is not None
    assert seen.now.destroyed == 1
    assert "they are destroyed again" in " ".join(seen.sentences())
    before = (folder / FILE).read_bytes()
    done = restore(folder, made.path, KEY, office.entry.clock())
    assert done.erased_again == seen.erased_again
    assert done.kept is not None
    assert done.kept.read_bytes() == before, "what was the store is kept until it is let go"
    # The test's clock is years ahead of the disk's.
    os.utime(done.kept, (2e9, 2e9))
    office = opened(folder, office)
    with office.entry.store.read() as tx:
        assert load_case(tx, gone.case_id).row.state is State.DESTROYED
        assert load_case(tx, kept.case_id).row.state is State.ISSUED
        assert set(tx.execute(text("SELECT rowid FROM search")).scalars()) == {kept.case_id}
    assert not faults(office)
    assert disposal.read_certificate(office.officers[0], 1)[0] == found.certificate, "runs and certificates go on"
    assert confirm_restore(folder) == (done.kept.name,)
    office.entry.store.close()


def test_without_the_store_the_list_alone_keeps_them_destroyed(office: Office, place: Path) -> None:
    (gone,) = many_closed(office, 1)
    made = back_up(office.entry, place)
    destroyed(office, gone)
    later = back_up(office.entry, place)
    assert later.path != made.path
    folder = closed_down(office)
    for path in folder.iterdir():
        if path.name in (FILE, FILE_NAME):
            path.unlink()
    done = restore(folder, made.path, KEY, office.entry.clock())
    assert len(done.erased_again) == 1
    assert done.kept is None
    office = opened(folder, office)
    with office.entry.store.read() as tx:
        assert load_case(tx, gone.case_id).row.state is State.DESTROYED
    with pytest.raises(IsDestroyed) as told:
        open_case(office.caseworker, gone.case_id)
    assert told.value.stub.ended is None, "the run itself is lost with the store"
    assert not faults(office)
    office.entry.store.close()


def test_a_damaged_store_is_replaced(office: Office, place: Path) -> None:
    many_closed(office, 1)
    made = back_up(office.entry, place)
    folder = closed_down(office)
    whole = bytearray((folder / FILE).read_bytes())
    whole[100:200] = os.urandom(100)
    (folder / FILE).write_bytes(bytes(whole))
    with pytest.raises(StoreError):
        open_store(folder, KEY)
    seen = preview_restore(folder, made.path, KEY)
    assert seen.now is None
    assert "does not open" in " ".join(seen.sentences())
    restore(folder, made.path, KEY, office.entry.clock())
    office = opened(folder, office)
    assert not faults(office)
    office.entry.store.close()


def test_holds_and_numbers_outlive_a_restore(office: Office, place: Path) -> None:
    held, other = many_closed(office, 2)
    made = back_up(office.entry, place)
    first = office.officers[0]
    with office.entry.store.read() as tx:
        reference = load_case(tx, held.case_id).row.reference
    review = first.today() + timedelta(days=90)
    command = holds.PlaceHold(case=reference, authority="Inquiry 4", because="It asks for them.", review_on=review)
    holds.place_hold(first, command)
    lost = office.register()
    with office.entry.store.read() as tx:
        given = load_case(tx, lost.case_id).row.reference
    folder = closed_down(office)
    restore(folder, made.path, KEY, office.entry.clock())
    office = opened(folder, office)
    with pytest.raises(Refused, match="A hold stands over it"):
        disposal.propose_run(office.officers[0], ProposeRun(case_ids=(held.case_id,), because="x"))
    assert disposal.propose_run(office.officers[0], ProposeRun(case_ids=(other.case_id,), because="x")) == 1
    again = office.register()
    with office.entry.store.read() as tx:
        assert load_case(tx, again.case_id).row.reference != given, "no number is given out twice"
    assert not faults(office)
    office.entry.store.close()


def test_what_is_handed_over_stays_handed_over_and_a_run_stays_what_it_was_proposed_as(
    office: Office, place: Path, tmp_path: Path
) -> None:
    waiting, gone = many_closed(office, 2)
    made = back_up(office.entry, place)
    disposal.carry_out(office.officers[0], handing_over(office, gone), sealing=sealing(tmp_path))
    run = handing_over(office, waiting)
    (package,) = packages(tmp_path)
    folder = closed_down(office)
    restore(folder, made.path, KEY, office.entry.clock())
    office = opened(folder, office)
    with pytest.raises(IsDestroyed) as told:
        open_case(office.caseworker, gone.case_id)
    ended = told.value.stub.ended
    assert ended is not None
    assert (ended.transfer_to, ended.package) == (TO, hashlib.sha256(package.read_bytes()).hexdigest())
    assert [one.transfer_to for one in disposal.runs(office.officers[0])] == [TO, TO]
    with pytest.raises(Refused, match="hands its cases over"):
        disposal.carry_out(office.officers[0], run)
    office.entry.store.close()


def test_every_byte_of_a_backup_counts(office: Office, place: Path) -> None:
    many_closed(office, 1)
    made = back_up(office.entry, place)
    folder = closed_down(office)
    sound = made.path.read_bytes()
    store = (folder / FILE).read_bytes()
    for at in range(20, len(sound), max(1, len(sound) // 60)):
        broken = bytearray(sound)
        broken[at] ^= 1
        made.path.write_bytes(bytes(broken))
        with pytest.raises(StoreError):
            restore(folder, made.path, KEY, office.entry.clock())
        assert (folder / FILE).read_bytes() == store, "the store is as it was"
        assert not (folder / ".restoring").exists()


def test_a_disk_that_is_full_leaves_no_half_backup(office: Office, place: Path) -> None:
    many_closed(office, 1)
    with pytest.raises(FileNotFoundError, match="no such folder"):
        back_up(office.entry, place / "no such folder")
    (place / FILE_NAME).mkdir()
    with pytest.raises(IsADirectoryError):
        back_up(office.entry, place)
    (place / FILE_NAME).rmdir()
    assert not list(place.glob(".making*"))


def test_older_backups_give_way_by_their_age(office: Office, place: Path) -> None:
    for _ in range(70):
        pass_days(office, 6)
        back_up(office.entry, place)
    (place / "notes.db").write_text("mine")
    now = office.entry.clock()
    moments = [at for at, _path in backups_in(place)]
    ages = [now - at for at in moments]
    assert (place / "notes.db").exists()
    assert max(ages) <= backups.KEEP_MONTHLY
    assert len([one for one in ages if one > backups.KEEP_WEEKLY]) <= 13
    assert moments == sorted(moments, reverse=True)


# The list of erasures


def test_a_list_says_only_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    hashes = {erasure_hash(LISTED, f"TR-{n:06d}") for n in range(20)}
    write_erasures(path, LISTED, hashes)
    assert read_erasures(path, LISTED).hashes == hashes
    assert read_erasures(path, LISTED).faults == ()
    assert b"TR-" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    other = read_erasures(path, erasure_key(bytes(32)))
    assert other.faults
    sound = path.read_bytes()
    for at in range(len(sound)):
        broken = bytearray(sound)
        broken[at] ^= 1
        path.write_bytes(bytes(broken))
        found = read_erasures(path, LISTED)
        assert found.faults, at
        assert len(hashes - found.hashes) <= 2, "the rest still counts"
    lines = sound.decode().splitlines()
    for name, changed in {
        "cut": lines[:-3],
        "taken out": lines[:4] + lines[5:],
        "moved": [*lines[:4], lines[5], lines[4], *lines[6:]],
        "put in": [*lines[:4], lines[3], *lines[4:]],
        "empty": [],
    }.items():
        path.write_text("\n".join(changed) + "\n")
        assert read_erasures(path, LISTED).faults, name


def test_there_is_no_list_before_anything_was_destroyed(tmp_path: Path) -> None:
    assert read_erasures(tmp_path / FILE_NAME, LISTED).faults == ()


def test_a_copy_that_holds_who_was_destroyed_is_told(office: Office) -> None:
    (gone,) = many_closed(office, 1)
    folder = office.entry.store.path.parent
    copy = folder / "desk-before-0017-from-0016.db"
    copy.write_bytes(b"x")
    copy.chmod(0o600)
    os.utime(copy, (0, 0))
    assert dict(verify_store(office.entry).checks)["Copies"] == ()
    destroyed(office, gone)
    assert read_erasures(folder / FILE_NAME, LISTED).hashes, "the run itself has noted it"
    (said,) = dict(verify_store(office.entry).checks)["Copies"]
    assert said.startswith(f"{copy.name} is older than the last destruction")
