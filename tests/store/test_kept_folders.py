"""The file that says where backups are kept: damaged or taken away, it is told and made good."""

from __future__ import annotations

import json
import secrets
import shutil
from pathlib import Path

import pytest

from db import erasures
from db.backup import backups_in
from db.journal import of_action
from db.people import change_fact
from db.records import Role
from desktop.casework import backups, recovery
from desktop.casework.desk import Invalid, Refused
from desktop.casework.givenup import GiveUp, give_up_folder
from desktop.casework.keptfolders import KNOWN, LEFT, Kept, keep, kept_of
from desktop.casework.keptlists import write_lists
from desktop.casework.restoring import Restore, restore
from desktop.casework.sample import sample_password
from desktop.security.keys import new_code
from tests.faults.test_flipped_byte import PAGE
from tests.fixtures import KEY, Office
from tests.store.backing import backed_up, count, sheet_of
from tests.store.disposing import closed, destroyed, faults, pass_days
from tests.store.test_change_key import changed
from tests.store.test_put_back import opened

ANEW = f"{KNOWN}, which says where backups are kept, was damaged or taken away, and was written anew"


def two_folders(office: Office, tmp_path: Path) -> tuple[Path, ...]:
    folders = (tmp_path / "one", tmp_path / "two")
    for folder in folders:
        backed_up(office, folder)
    return folders


def test_one_flipped_bit_anywhere_in_it_is_noticed(office: Office, tmp_path: Path) -> None:
    home = tmp_path / "desk"
    two_folders(office, tmp_path)
    content = (home / KNOWN).read_bytes()
    assert kept_of(home) == Kept((tmp_path / "two", tmp_path / "one"))
    for place in range(len(content)):
        for bit in range(8):
            content_now = bytearray(content)
            content_now[place] ^= 1 << bit
            (home / KNOWN).write_bytes(content_now)
            assert kept_of(home) == Kept(damaged=True), f"bit {bit} of byte {place}"


def test_what_an_earlier_program_wrote_of_it_is_read(tmp_path: Path) -> None:
    (tmp_path / KNOWN).write_text(json.dumps({"folders": [str(tmp_path / "b")], "under_old_key": []}))
    assert kept_of(tmp_path) == Kept((tmp_path / "b",))


@pytest.mark.parametrize("how", ["damaged", "gone"])
def test_it_is_written_anew_from_what_the_store_remembers(office: Office, tmp_path: Path, how: str) -> None:
    home, folders = tmp_path / "desk", two_folders(office, tmp_path)
    if how == "damaged":
        (home / KNOWN).write_bytes(b'{"folders": [')
        assert any(one.startswith(f"{KNOWN}, which says where backups are kept, is damaged") for one in faults(office))
        assert backups.overview(office.desk(Role.ADMINISTRATOR)).faults
    else:
        (home / KNOWN).unlink()
    again = opened(office)
    assert again.entry.store.settled == f"{ANEW}: see Administration, Backups."
    assert set(kept_of(home).folders) == set(folders)
    assert count(again, "SELECT COUNT(*) FROM journal WHERE action = 'mend_folders'") == 1
    destroyed(again, closed(again))
    for folder in folders:
        assert len(erasures.read_list(folder / erasures.NAME, KEY).hashes) == 2
    # Until whoever has seen to it removes what was set aside.
    aside = list(home.glob("store-unreadable-*.backups"))
    said = [one for one in faults(again) if "the desk knows 2 folders now" in one]
    assert (len(aside), len(said)) == ((1, 1) if how == "damaged" else (0, 0))
    assert backups.overview(again.desk(Role.ADMINISTRATOR)).faults == tuple(said)
    for one in aside:
        one.unlink()
    assert not any("backups are kept" in one for one in faults(again))
    again.entry.store.close()


@pytest.mark.parametrize("said", ["", "zz", "1", "[]", "[[], 5]", "[[], [5]]", "{}"])
def test_what_the_store_remembers_of_it_stops_nothing_where_it_cannot_be_read(
    office: Office, tmp_path: Path, said: str
) -> None:
    home, (first, _) = tmp_path / "desk", two_folders(office, tmp_path)
    with office.entry.store.write() as tx:
        change_fact(tx, LEFT, said)
    (home / KNOWN).unlink()
    assert faults(office) == []
    again = opened(office)
    assert backed_up(again, first).exists()
    assert kept_of(home).folders == (first,)
    again.entry.store.close()


@pytest.mark.parametrize("by", ["backup", "key"])
def test_it_is_made_good_before_anything_is_written_over_it(office: Office, tmp_path: Path, by: str) -> None:
    home, (first, second) = tmp_path / "desk", two_folders(office, tmp_path)
    (home / KNOWN).write_bytes(b"")
    if by == "backup":
        found = backups.back_up(office.desk(Role.ADMINISTRATOR), tmp_path / "three")
        assert found.mended == (ANEW,)
        assert kept_of(home).folders[0] == tmp_path / "three"
        assert set(kept_of(home).folders[1:]) == {first, second}
    else:
        changed(office, new_code(secrets.token_bytes))
        assert set(kept_of(home).folders) == {first, second}
        assert len(kept_of(home).under_old_key) == 2


# A folder that is gone for good


def give_up(office: Office, folder: Path, **more: str) -> None:
    said = {"second": office.guardian.user.username, "password": sample_password(), **more}
    give_up_folder(office.desk(Role.ADMINISTRATOR), GiveUp(folder=folder, **said))


def test_a_folder_that_is_gone_for_good_is_given_up_by_two_and_told_no_more(office: Office, tmp_path: Path) -> None:
    home, (first, second) = tmp_path / "desk", two_folders(office, tmp_path)
    shutil.rmtree(first)
    assert f"the lists in {first} cannot be reached: connect its disk" in " ".join(faults(office))
    assert backups.overview(office.desk(Role.ADMINISTRATOR)).unreached == (first,)
    for wrong in ({"second": office.caseworker.user.username}, {"password": "not this one"}):
        with pytest.raises(Invalid):
            give_up(office, first, **wrong)
    with pytest.raises(Refused):
        give_up_folder(
            office.officers[0], GiveUp(folder=first, second=office.guardian.user.username, password=sample_password())
        )
    assert set(kept_of(home).folders) == {first, second}
    give_up(office, first)
    assert kept_of(home).folders == (second,)
    assert faults(office) == []
    assert destroyed(office, closed(office)).unwritten == ()
    (entry,) = of_action_in(office, "give_up_folder")
    assert entry == {
        "asked_by": office.desk(Role.ADMINISTRATOR).user.id,
        "confirmed_by": office.guardian.user.id,
        "folders": 1,
    }
    # What the store remembers does not bring it back.
    (home / KNOWN).unlink()
    again = opened(office)
    assert kept_of(home).folders == (second,)
    again.entry.store.close()


def of_action_in(office: Office, action: str) -> list[object]:
    with office.entry.store.read() as tx:
        return [one.data for one in of_action(tx, action)]


def test_a_folder_that_holds_backups_is_not_given_up(office: Office, tmp_path: Path) -> None:
    home, (first, second) = tmp_path / "desk", two_folders(office, tmp_path)
    with pytest.raises(Refused, match="holds backups of this store"):
        give_up(office, first)
    changed(office, new_code(secrets.token_bytes))
    with pytest.raises(Refused, match="holds backups of this store"):
        give_up(office, first)
    with pytest.raises(Refused, match="keeps no backups in"):
        give_up(office, tmp_path / "three")
    for path in backups_in(first):
        path.unlink()
    give_up(office, first)
    assert kept_of(home).folders == (second,)
    assert [one.parent for one in kept_of(home).under_old_key] == [second]


@pytest.fixture
def sheet(office: Office) -> str:
    return sheet_of(office)


@pytest.fixture
def away(office: Office, sheet: str, tmp_path: Path) -> Path:
    """A folder of a backup whose disk was away as the key was changed and somebody was destroyed, and that is back."""
    gone = closed(office)
    first, _ = two_folders(office, tmp_path)
    first.rename(tmp_path / "away")
    changed(office, new_code(secrets.token_bytes))
    destroyed(office, gone)
    (tmp_path / "away").rename(first)
    return first


def old_in(office: Office, folder: Path) -> list[Path]:
    """The backups in a folder that are to be replaced."""
    return [one.path for one in backups.old_files(office.entry) if one.path.parent == folder]


def test_a_backup_on_a_disk_that_was_away_as_the_key_changed_is_to_be_replaced(office: Office, away: Path) -> None:
    (old,) = backups_in(away)
    assert any(f"the erasure list in {away}: it is under another key" in one for one in faults(office))
    assert not any("not as it was written" in one for one in faults(office))
    assert write_lists(office.entry).unwritten == ()
    assert old_in(office, away) == [old]
    said = f"{old.name} cannot be looked into: it is under an earlier key of the store, or damaged: replace it"
    assert any(one.startswith(said) for one in faults(office))
    assert not any("not as it was written" in one for one in faults(office))
    pass_days(office, 1)
    assert old in backups.replace_old_backups(office.desk(Role.ADMINISTRATOR))
    assert old not in backups_in(away)
    assert old_in(office, away) == []


def test_so_it_is_where_the_key_changes_once_more_before_anything_else(office: Office, away: Path) -> None:
    changed(office, new_code(secrets.token_bytes))
    assert old_in(office, away) == list(backups_in(away))


def test_so_it_is_after_it_is_restored_where_an_earlier_program_said_nothing(
    office: Office, sheet: str, away: Path
) -> None:
    home, (old,) = office.entry.store.path.parent, backups_in(away)
    write_lists(office.entry)
    # As that left it.
    keep(home, Kept(kept_of(home).folders))
    command = Restore(file=old, second=office.guardian.user.username, password=sample_password(), recovery=sheet)
    restore(office.desk(Role.ADMINISTRATOR), command)
    assert old_in(office, away) == [old]


def test_a_disk_that_was_away_as_the_key_changed_is_not_given_up_while_it_is_there(office: Office, away: Path) -> None:
    with pytest.raises(Refused, match="holds backups of this store"):
        give_up(office, away)


def test_a_disk_that_turns_up_again_is_known_with_its_next_backup(office: Office, tmp_path: Path) -> None:
    home, (first, _) = tmp_path / "desk", two_folders(office, tmp_path)
    gone = closed(office)
    first.rename(tmp_path / "away")
    give_up(office, first)
    destroyed(office, gone)
    (tmp_path / "away").rename(first)
    backed_up(office, first)
    assert kept_of(home).folders[0] == first
    assert (first / erasures.NAME).read_bytes() == (home / erasures.NAME).read_bytes()


def test_a_disk_that_turns_up_after_the_key_changed_is_taken_for_another_desks(office: Office, tmp_path: Path) -> None:
    """As it is said before the folder is given up."""
    first, _ = two_folders(office, tmp_path)
    first.rename(tmp_path / "away")
    give_up(office, first)
    changed(office, new_code(secrets.token_bytes))
    (tmp_path / "away").rename(first)
    before = {one.name: one.read_bytes() for one in first.iterdir()}
    with pytest.raises(Refused, match="is another desk’s, or under an earlier key of this one"):
        backed_up(office, first)
    assert {one.name: one.read_bytes() for one in first.iterdir()} == before


# A disk that is away, with the bare place of it there


@pytest.fixture
def bare(office: Office, tmp_path: Path) -> Path:
    """A folder of a backup whose disk was taken out: it is there, and empty."""
    folder = tmp_path / "disk"
    backed_up(office, folder)
    folder.rename(tmp_path / "away")
    folder.mkdir()
    return folder


def test_the_bare_place_of_a_disk_is_named_and_written_to_by_nothing(
    office: Office, tmp_path: Path, bare: Path
) -> None:
    assert destroyed(office, closed(office)).unwritten == (f"the erasure list in {bare} cannot be reached",)
    assert any(one.startswith(f"the lists in {bare} cannot be reached: connect its disk") for one in faults(office))
    assert backups.overview(office.desk(Role.ADMINISTRATOR)).unreached == (bare,)
    opened(office).entry.store.close()
    assert list(bare.iterdir()) == []
    bare.rmdir()
    (tmp_path / "away").rename(bare)
    again = opened(office)
    assert backups.overview(again.desk(Role.ADMINISTRATOR)).unreached == ()
    assert (bare / erasures.NAME).read_bytes() == (tmp_path / "desk" / erasures.NAME).read_bytes()
    again.entry.store.close()


@pytest.mark.parametrize("gone", ["empty", "missing"])
def test_no_backup_is_written_where_its_disk_is_away(office: Office, bare: Path, gone: str) -> None:
    if gone == "missing":
        bare.rmdir()
    with pytest.raises(Refused, match="nothing of them is there now: connect its disk"):
        backups.back_up_unattended(office.entry, bare)
    assert not bare.exists() or list(bare.iterdir()) == []
    give_up(office, bare)
    assert backups.back_up_unattended(office.entry, bare).contents.path.parent == bare
    assert faults(office) == []


def test_a_folder_whose_backups_were_taken_away_goes_on_by_its_lists(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    backed_up(office, folder)
    for path in backups_in(folder):
        path.unlink()
    assert destroyed(office, closed(office)).unwritten == ()
    backed_up(office, folder)
    assert len(backups_in(folder)) == 1


# One folder under one name


def test_the_folder_of_the_store_and_what_is_within_it_are_refused_by_whatever_name(
    office: Office, tmp_path: Path
) -> None:
    home = tmp_path / "desk"
    (tmp_path / "link").symlink_to(home)
    (home / "agreements").mkdir()
    for name in (home, tmp_path / "link", home / "x" / "..", home / "agreements", tmp_path / "link" / "new" / "one"):
        with pytest.raises(Refused, match="Choose another folder"):
            backups.back_up_unattended(office.entry, name)
    assert kept_of(home) == Kept()
    assert list((home / "agreements").iterdir()) == []
    assert not (home / "new").exists()
    # One whose name begins as its own does is another.
    assert backed_up(office, tmp_path / "desk backups").exists()


def test_a_folder_with_two_names_is_kept_once(office: Office, tmp_path: Path) -> None:
    home, folder = tmp_path / "desk", tmp_path / "one"
    (tmp_path / "link").symlink_to(folder)
    old = backed_up(office, folder)
    # As an earlier program took them.
    keep(home, Kept((tmp_path / "link",), (tmp_path / "link" / old.name,)))
    backed_up(office, tmp_path / "link")
    assert kept_of(home) == Kept((folder,), (old,))
    shutil.rmtree(folder)
    give_up(office, tmp_path / "link")
    assert kept_of(home) == Kept()


def test_what_is_on_a_disk_that_is_away_is_not_forgotten_with_what_is_replaced(office: Office, tmp_path: Path) -> None:
    sheet_of(office)
    gone = closed(office)
    first, second = two_folders(office, tmp_path)
    (old,) = backups_in(second)
    changed(office, new_code(secrets.token_bytes))
    destroyed(office, gone)
    second.rename(tmp_path / "away")
    pass_days(office, 1)
    assert {one.parent for one in backups.replace_old_backups(office.desk(Role.ADMINISTRATOR))} == {first}
    (tmp_path / "away").rename(second)
    assert old_in(office, second) == [old]


def test_a_damaged_backup_that_may_hold_somebody_destroyed_is_to_be_replaced(office: Office, tmp_path: Path) -> None:
    gone = closed(office)
    first, _ = two_folders(office, tmp_path)
    (old,) = backups_in(first)
    destroyed(office, gone)
    with old.open("r+b") as file:
        # All but its first page, with which it opens.
        file.seek(PAGE)
        file.write(secrets.token_bytes(old.stat().st_size - PAGE))
    assert old_in(office, first) == [old]
    pass_days(office, 1)
    assert old in backups.replace_old_backups(office.desk(Role.ADMINISTRATOR))
    assert old_in(office, first) == []


def test_the_keys_file_is_not_written_beside_what_it_opens(office: Office, tmp_path: Path) -> None:
    home, copies = office.entry.store.path.parent, tmp_path / "copies"
    backed_up(office, copies)
    for folder in (home, home / "within", copies):
        folder.mkdir(exist_ok=True)
        with pytest.raises(Refused, match="another folder"):
            recovery.write_key_file(office.desk(Role.ADMINISTRATOR), folder / "unattended.key")
        assert not (folder / "unattended.key").exists()
