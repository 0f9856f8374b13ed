"""Backups, their rotation, and the erasure list beside them."""

from __future__ import annotations

import os
import signal
import stat
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from db import backup, erasures
from db.errors import StoreDamaged, WrongKey
from db.records import Role
from db.store import FILE, Store, open_store
from desktop.casework import backups, heldcopies, keptlists
from desktop.casework.anchors import FILE_NAME as ANCHORS
from desktop.casework.anchors import anchor_by_itself
from desktop.casework.backups import recovery_of
from desktop.casework.casepage import case_page
from desktop.casework.desk import Refused
from desktop.casework.sample import MovingClock
from desktop.casework.setup import open_keyed
from desktop.security.keys import RECOVERY_FILE
from tests.fixtures import KEY, NOW, Office, make_entry, signed_in
from tests.store.backing import NAME, backed_up, count, hash_of, restored, sheet_of
from tests.store.disposing import closed, destroyed, faults, many_closed, pass_days

# Writing


def test_a_backup_is_the_store_encrypted_private_and_named_by_its_moment(office: Office, tmp_path: Path) -> None:
    done = office.register(person__family_name=NAME)
    found = backups.back_up(office.desk(Role.ADMINISTRATOR), tmp_path / "backups")
    path = found.contents.path
    assert backup.moment_of(path) is not None
    assert path.name.startswith("desk-2026-06-10T")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"SQLite format" not in path.read_bytes()
    assert NAME.encode() not in path.read_bytes()
    assert (found.contents.cases, found.contents.destroyed) == (1, 0)
    assert backup.look_into(path, KEY) == found.contents
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / FILE).write_bytes(path.read_bytes())
    opened = open_store(copy, KEY)
    assert case_page(signed_in(make_entry(opened)).caseworker, done.case_id).case.answers["person.family_name"] == NAME
    opened.close()
    assert {one.name for one in (tmp_path / "backups").iterdir()} == {path.name, erasures.NAME, heldcopies.NAME}
    assert faults(office) == []


def test_a_recovery_file_that_went_from_beside_a_backup_comes_back_with_the_next(
    office: Office, tmp_path: Path
) -> None:
    sheet_of(office)
    first = backed_up(office, tmp_path / "backups")
    recovery_of(first).unlink()
    ours = (office.entry.store.path.parent / RECOVERY_FILE).read_bytes()
    left, moved = (first.with_name(f"desk-2026-01-0{day}T000000Z.recovery") for day in (1, 2))
    left.write_bytes(ours)
    moved.write_bytes(b"the sealed key of a backup that somebody moved, of an earlier sheet")
    (said,) = faults(office)
    assert first.with_suffix(".recovery").name in said
    assert "Back up into this folder" in said
    pass_days(office, 1)
    second = backed_up(office, tmp_path / "backups")
    assert recovery_of(first).read_bytes() == recovery_of(second).read_bytes() == ours
    assert not left.exists()
    assert moved.exists()
    assert faults(office) == []


@pytest.mark.parametrize("at", ["a part", "its name"])
def test_a_backup_that_is_killed_is_known_with_its_folder_and_its_sheet(
    office: Office, tmp_path: Path, at: str
) -> None:
    gone, _ = many_closed(office, 2)
    sheet_of(office)
    home, folder = office.entry.store.path.parent, tmp_path / "backups"
    office.entry.store.close()
    if not (pid := os.fork()):
        backups_at_work(home, folder, at)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    entry = open_keyed(home, KEY, office.entry.clock)
    again = signed_in(entry)
    there = [one for one in folder.iterdir() if one.suffix == ".db"]
    assert len(there) == (at == "its name")
    assert all(recovery_of(one).exists() for one in there)
    destroyed(again, gone)
    assert [one.path for one in backups.old_files(entry)] == there
    entry.store.close()


def backups_at_work(home: Path, folder: Path, at: str) -> None:
    """Backs up, in a process of its own, and dies as soon as there is a part of it, or it has its name."""
    entry = open_keyed(home, KEY, MovingClock(NOW + timedelta(days=1)))

    def dies(_frame: object, event: str, _what: object) -> None:
        there = any(folder.glob(".desk-*.part" if at == "a part" else "desk-*.db"))
        if event == "return" and there:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(dies)
    backups.back_up_unattended(entry, folder)


def test_only_an_administrator_backs_up_and_not_beside_the_store(office: Office, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="role"):
        backups.back_up(office.caseworker, tmp_path / "backups")
    with pytest.raises(Refused, match="another folder"):
        backups.back_up(office.desk(Role.ADMINISTRATOR), office.entry.store.path.parent)


def test_a_backup_that_does_not_read_back_is_not_kept(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = backed_up(office, tmp_path / "backups")
    before = {one.name for one in (tmp_path / "backups").iterdir()}
    whole = Store.copy_to

    def on_a_bad_disk(store: Store, path: Path) -> None:
        whole(store, path)
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)

    monkeypatch.setattr(Store, "copy_to", on_a_bad_disk)
    pass_days(office, 1)
    with pytest.raises(StoreDamaged):
        backed_up(office, tmp_path / "backups")
    assert {one.name for one in (tmp_path / "backups").iterdir()} == before
    assert backup.look_into(earlier, KEY).cases == 0


def test_every_flipped_byte_in_a_backup_is_noticed(office: Office, tmp_path: Path) -> None:
    many_closed(office, 1)
    path = backed_up(office, tmp_path / "backups")
    sound = path.read_bytes()
    for place in [*range(0, len(sound), max(1, len(sound) // 60)), len(sound) - 1]:
        changed = bytearray(sound)
        changed[place] ^= 1 << place % 8
        path.write_bytes(changed)
        with pytest.raises((StoreDamaged, WrongKey)):
            backup.look_into(path, KEY)


@pytest.mark.parametrize("place", [0.001, 0.2, 0.5, 0.8, 0.999])
def test_one_flipped_byte_in_a_backup_is_noticed_and_the_others_are_of_use(
    office: Office, tmp_path: Path, place: float
) -> None:
    office.register()
    sound = backed_up(office, tmp_path / "backups")
    pass_days(office, 1)
    path = backed_up(office, tmp_path / "backups")
    content = bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 0x10
    path.write_bytes(content)
    with pytest.raises((StoreDamaged, WrongKey)):
        restored(office, path)
    assert count(office, "SELECT COUNT(*) FROM cases") == 1
    assert restored(office, sound).readable


def test_a_first_page_that_is_damaged_is_noticed_after_restores_too(office: Office, tmp_path: Path) -> None:
    first = backed_up(office, tmp_path / "one")
    pass_days(office, 1)
    later = backed_up(office, tmp_path / "one")
    home, clock, again = office.entry.store.path.parent, office.entry.clock, office
    content = later.read_bytes()
    later.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    said = [f"{later.name} in {tmp_path / 'one'} is damaged: it is not as it was written"]
    assert [one for one in faults(office) if "as it was written" in one] == said
    # What the journal says of the later one was carried over, and then carried over once more.
    for _ in range(2):
        restored(again, first)
        again.entry.store.close()
        again = signed_in(make_entry(open_store(home, KEY), clock()))
        assert [one for one in faults(again) if "as it was written" in one] == said
    again.entry.store.close()


def test_rotation_keeps_a_week_five_weeks_a_year_and_the_newest() -> None:
    days = [NOW - timedelta(days=number) for number in range(800)]
    gone = backup.too_old(days, NOW)
    kept = [one for one in days if one not in gone]
    assert kept[:7] == days[:7]
    assert len(kept) <= 7 + 5 + 12
    weeks = {one.date().toordinal() // 7 for one in kept if NOW - one < timedelta(weeks=5)}
    assert len(weeks) >= 5
    assert len({(one.year, one.month) for one in kept}) == 12
    assert backup.too_old([NOW - timedelta(days=9000)], NOW) == frozenset()
    # Day after day, what is kept goes on to be kept: nothing that a week or a month needs went before.
    there: set[datetime] = set()
    for number in range(500):
        now = NOW + timedelta(days=number)
        there = (there | {now}) - backup.too_old(there | {now}, now)
    assert len({(one.year, one.month) for one in there}) == 12


def test_a_clock_that_jumps_takes_few_backups_with_it_and_no_day_to_come_is_the_newest() -> None:
    days = [NOW - timedelta(days=number) for number in range(400)]
    there = set(days) - backup.too_old(days, NOW)
    ahead = NOW + timedelta(days=365 * 30)
    # Once the clock is right again, what it wrote ahead of time counts for nothing and stays.
    kept = there | {ahead}
    assert ahead not in backup.too_old(kept, NOW)
    assert backup.too_old(kept, NOW) == backup.too_old(there, NOW) == frozenset()
    assert backup.too_old([NOW - timedelta(days=9000), ahead], NOW) == frozenset()


def test_few_backups_go_at_a_time(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    administrator = office.desk(Role.ADMINISTRATOR)
    for _ in range(8):
        backed_up(office, folder)
        pass_days(office, 1)
    before = len(list(folder.glob("desk-*.db")))
    pass_days(office, 30 * 365)
    removed = backups.back_up(administrator, folder).removed
    assert len(removed) == backup.MOST_GONE
    assert len(list(folder.glob("desk-*.db"))) == before + 1 - backup.MOST_GONE


def test_rotation_leaves_what_the_desk_did_not_write(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    path = backed_up(office, folder)
    for name in ("desk-2001-01-01T000000Z.db", "desk-2001-01-01T000000Z.db.copy", "notes.txt", "desk-x.db"):
        (folder / name).write_bytes(b"somebody else's")
    old = folder / "desk-2002-01-01T000000Z.db"
    old.write_bytes(path.read_bytes())
    pass_days(office, 1)
    found = backups.back_up(office.desk(Role.ADMINISTRATOR), folder)
    assert found.removed == (old,)
    assert {one.name for one in folder.iterdir()} >= {"desk-2001-01-01T000000Z.db", "notes.txt", path.name}


def test_what_a_killed_backup_left_is_taken_away_by_the_next(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / ".desk-999999999.part").write_bytes(b"half")
    found = backups.back_up(office.desk(Role.ADMINISTRATOR), folder)
    assert found.swept == 1
    assert {one.name for one in folder.iterdir()} == {found.contents.path.name, erasures.NAME, heldcopies.NAME}


# The erasure list


def test_the_list_says_nothing_without_the_key(office: Office) -> None:
    done = closed(office)
    destroyed(office, done)
    path = office.entry.store.path.parent / erasures.NAME
    reference = "TR-000001-7"
    said = erasures.read_list(path, KEY)
    assert said.faults == ()
    assert len(said.hashes) == 2
    assert hash_of(reference, KEY) in said.hashes
    assert hash_of(reference, bytes(32)) not in said.hashes
    assert reference not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("count", [0, 1, 2])
def test_one_flipped_bit_makes_no_list_another_desks(tmp_path: Path, count: int) -> None:
    path = tmp_path / erasures.NAME
    known = {hash_of(f"TR-{number}", KEY) for number in range(count)}
    erasures.write_list(path, known, KEY)
    content = path.read_bytes()
    assert erasures.read_list(path, KEY) == erasures.Erasures(frozenset(known))
    for place in range(len(content)):
        for bit in range(8):
            changed = bytearray(content)
            changed[place] ^= 1 << bit
            path.write_bytes(changed)
            found = erasures.read_list(path, KEY)
            assert found.faults, f"bit {bit} of byte {place}"
            assert not found.foreign, f"bit {bit} of byte {place}"
            # Only a change of a hash itself takes it away.
            lost = {one for one in known if content.index(one.encode()) <= place < content.index(one.encode()) + 64}
            assert known - found.hashes == lost
    path.write_bytes(content)
    assert erasures.read_list(path, bytes(32)).foreign


def test_whatever_happens_to_the_list_is_noticed_and_the_rest_is_of_use(tmp_path: Path) -> None:
    path = tmp_path / erasures.NAME
    known = {hash_of(f"TR-{number}", KEY) for number in range(4)}
    erasures.write_list(path, known, KEY)
    content = path.read_bytes()
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1 << place % 8
        path.write_bytes(changed)
        found = erasures.read_list(path, KEY)
        assert found.faults, f"byte {place}"
        assert len(found.hashes & known) >= 3
    lines = content.decode().splitlines(keepends=True)
    for wrong in (
        lines[:-1],
        lines[:-2],
        [*lines[:2], *lines[3:]],
        [lines[0], lines[2], lines[1], *lines[3:]],
        [*lines[:2], *lines[1:]],
        [*lines, lines[1]],
        lines[:1],
        [],
    ):
        path.write_text("".join(wrong))
        assert erasures.read_list(path, KEY).faults
    path.unlink()
    assert erasures.read_list(path, KEY) == erasures.Erasures(frozenset())


def test_a_missing_or_old_list_is_found_and_written_anew(office: Office, tmp_path: Path) -> None:
    backed_up(office, tmp_path / "backups")
    destroyed(office, closed(office))
    for folder in (tmp_path / "desk", tmp_path / "backups"):
        path = folder / erasures.NAME
        whole = path.read_bytes()
        path.write_bytes(whole.replace(b"end 2", b"end 3"))
        assert any("it had 3 lines" in fault for fault in faults(office))
        path.unlink()
        assert any("lacks 2 lines" in fault for fault in faults(office))
        missing = (f"the erasure list in {folder}: it is missing: it was taken away",)
        assert keptlists.write_lists(office.entry).mended == (missing if folder.name == "backups" else ())
        assert path.read_bytes() == whole


def test_a_damaged_list_is_told_and_journalled_when_it_is_written_anew(office: Office, tmp_path: Path) -> None:
    destroyed(office, closed(office))
    path = tmp_path / "desk" / erasures.NAME
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"end 2", b"end 3"))
    found = backups.back_up(office.desk(Role.ADMINISTRATOR), tmp_path / "backups")
    assert found.mended == (f"the erasure list in {tmp_path / 'desk'}: it had 3 lines",)
    assert path.read_bytes() == whole
    assert count(office, "SELECT COUNT(*) FROM journal WHERE action = 'mend_erasures'") == 1


def test_a_backup_is_known_though_what_belongs_beside_it_cannot_be_written(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    office.register()
    anchor_by_itself(office.entry)
    (folder / ANCHORS).mkdir()
    with pytest.raises(OSError, match=ANCHORS):
        backed_up(office, folder)
    assert count(office, "SELECT COUNT(*) FROM journal WHERE action = 'back_up'") == 1
    (known,) = backups.overview(office.desk(Role.ADMINISTRATOR)).written
    assert backup.look_into(known[1], KEY).cases == 1


def test_a_list_that_cannot_be_read_is_told_with_all_else(office: Office, tmp_path: Path) -> None:
    destroyed(office, closed(office))
    path = tmp_path / "desk" / erasures.NAME
    path.unlink()
    path.mkdir(mode=0o700)
    assert any("cannot be read: Is a directory" in fault for fault in faults(office))


@pytest.mark.parametrize("at", [0, 100])
def test_a_backup_of_its_own_is_named_and_replaced_where_its_first_page_is_damaged(
    office: Office, tmp_path: Path, at: int
) -> None:
    folder = tmp_path / "backups"
    old = backed_up(office, folder)
    content = bytearray(old.read_bytes())
    content[at] ^= 1
    old.write_bytes(content)
    assert [one.path for one in backups.old_files(office.entry)] == [old]
    pass_days(office, 1)
    assert backups.replace_old_backups(office.desk(Role.ADMINISTRATOR)) == (old,)
    assert not old.exists()
