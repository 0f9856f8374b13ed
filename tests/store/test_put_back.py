"""An older copy of the store, of its lists or of the whole folder that was put back: each is found, and said."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from db import backup, erasures
from db.records import Role, State
from db.store import FILE
from desktop.casework import disposal, restorepreview
from desktop.casework.anchors import FILE_NAME as ANCHORS
from desktop.casework.anchors import anchor_by_itself, make_anchor
from desktop.casework.heldcopies import read_copy
from desktop.casework.keptfolders import KNOWN
from desktop.casework.numbering import next_references
from desktop.casework.setup import open_keyed
from desktop.policy.wording import day, london
from tests.fixtures import KEY, Office, make_entry, signed_in
from tests.store.backing import backed_up, count, held, released, restored
from tests.store.disposing import (
    approved,
    behind_guards,
    closed,
    destroyed,
    faults,
    many_closed,
    pass_days,
    pass_grace,
    state_of,
)
from tests.store.holding import reference


def opened(office: Office) -> Office:
    """The store, closed and opened anew."""
    home, clock = office.entry.store.path.parent, office.entry.clock
    office.entry.store.close()
    entry = open_keyed(home, KEY, clock)
    return signed_in(make_entry(entry.store, clock()))


def copied(home: Path, to: Path) -> None:
    """A copy of a folder whose store is open, with its log."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(home, to)
    to.chmod(0o700)


def test_a_list_that_a_cut_off_run_left_behind_is_brought_up_as_the_store_is_opened(
    office: Office, tmp_path: Path
) -> None:
    folders = (tmp_path / "desk", tmp_path / "backups")
    backed_up(office, folders[1])
    before = [(one / erasures.NAME).read_bytes() for one in folders]
    destroyed(office, closed(office))
    after = [(one / erasures.NAME).read_bytes() for one in folders]
    assert before != after
    for folder, content in zip(folders, before, strict=True):
        (folder / erasures.NAME).write_bytes(content)
    again = opened(office)
    assert [(one / erasures.NAME).read_bytes() for one in folders] == after
    assert again.entry.store.settled == ""
    # Where it says all that it should, it is left alone.
    moments = [(one / erasures.NAME).stat().st_mtime_ns for one in folders]
    last = opened(again)
    assert [(one / erasures.NAME).stat().st_mtime_ns for one in folders] == moments
    last.entry.store.close()


def test_no_backup_is_ever_without_its_lists(office: Office, tmp_path: Path) -> None:
    """Where what says where backups are cannot be written, none is written that nobody would know of."""
    destroyed(office, closed(office))
    home, folder = tmp_path / "desk", tmp_path / "backups"
    (home / f".{KNOWN}.{os.getpid()}.new").mkdir()
    with pytest.raises(OSError, match=KNOWN):
        backed_up(office, folder)
    assert backup.backups_in(folder) == ()
    assert (folder / erasures.NAME).read_bytes() == (home / erasures.NAME).read_bytes()
    assert read_copy(folder, KEY).readable


def test_a_list_is_read_again_once_anything_of_it_has_changed(office: Office, tmp_path: Path) -> None:
    destroyed(office, closed(office))
    path = tmp_path / "desk" / erasures.NAME
    whole, was = path.read_bytes(), path.stat()
    changed = whole.replace(b"end 2", b"end 3")
    # In its place, as long, and of the same moment: nothing tells it from what was left but its content.
    with path.open("r+b") as file:
        file.write(changed)
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    again = opened(office)
    assert path.read_bytes() == changed
    assert any("it had 3 lines" in fault for fault in faults(again))
    path.touch()
    last = opened(again)
    assert path.read_bytes() == whole
    last.entry.store.close()


def test_a_run_writes_the_list_on_its_way(office: Office) -> None:
    cases = many_closed(office, 11)
    run = approved(office, *cases)
    pass_grace(office)
    seen: list[int] = []

    def told(_done: int, _of: int) -> bool:
        seen.append(len(erasures.read_list(office.entry.store.path.parent / erasures.NAME, KEY).hashes))
        return True

    disposal.carry_out(office.officers[0], run, told)
    assert (seen[0], seen[9]) == (0, 11), "each case, and the one request that all of them share"


def test_an_older_store_in_its_place_is_told_by_its_list(office: Office, tmp_path: Path) -> None:
    home = office.entry.store.path.parent
    gone = closed(office)
    office.entry.store.empty_log()
    shutil.copy(home / FILE, tmp_path / "older.db")
    destroyed(office, gone)
    assert not any("is back" in fault for fault in faults(office))
    office.entry.store.close()
    for one in home.glob(f"{FILE}*"):
        one.unlink()
    shutil.copy(tmp_path / "older.db", home / FILE)
    again = opened(office)
    assert again.entry.store.settled.startswith("1 destroyed case came back: run tracing-desk verify.")
    said = "TR-000001-7 was destroyed, and is back: restore the newest backup, which destroys it again"
    assert said in faults(again)
    # As it says: restoring destroys it again.
    path = backed_up(again, tmp_path / "backups")
    assert restored(again, path).listed == ("TR-000001-7",)
    assert said not in faults(again)
    again.entry.store.close()


def test_a_whole_folder_put_back_is_told_by_the_anchors_beside_a_backup(office: Office, tmp_path: Path) -> None:
    home, folder = office.entry.store.path.parent, tmp_path / "backups"
    office.register()
    anchor_by_itself(office.entry)
    backed_up(office, folder)
    office.entry.store.empty_log()
    copied(home, tmp_path / "older")
    office.register(person=1)
    make_anchor(office.desk(Role.AUDITOR))
    backed_up(office, folder)
    newer = (folder / ANCHORS).read_text()
    assert not any(ANCHORS in fault for fault in faults(office))
    office.entry.store.close()
    copied(tmp_path / "older", home)
    again = opened(office)
    assert any(f"{ANCHORS} in {folder} knows entry" in fault for fault in faults(again))
    # Neither a backup nor another anchor makes the line go away.
    pass_days(again, 1)
    make_anchor(again.desk(Role.AUDITOR))
    backed_up(again, folder)
    assert (folder / ANCHORS).read_text().startswith(newer)
    assert len((folder / ANCHORS).read_text().splitlines()) == len(newer.splitlines()) + 1
    assert any(f"{ANCHORS} in {folder} knows entry" in fault for fault in faults(again))
    again.entry.store.close()


def test_the_anchors_of_a_journal_that_a_restore_ended_are_known(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    office.register()
    anchor_by_itself(office.entry)
    path = backed_up(office, folder)
    office.register(person=1)
    make_anchor(office.desk(Role.AUDITOR))
    pass_days(office, 1)
    backed_up(office, folder)
    restored(office, path)
    assert not any(ANCHORS in fault for fault in faults(office))


def test_a_list_that_was_taken_from_beside_a_backup_is_missed(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    path = backed_up(office, folder)
    assert faults(office) == []
    (folder / erasures.NAME).unlink()
    missing = f"the erasure list in {folder}: it is missing: it was taken away"
    assert missing in faults(office)
    assert missing in restorepreview.preview_restore(office.entry, path).list_faults
    again = opened(office)
    assert count(again, "SELECT COUNT(*) FROM journal WHERE action = 'mend_erasures'") == 1
    assert missing not in faults(again)
    again.entry.store.close()


def test_a_flipped_byte_in_any_backup_is_found_by_the_check(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    first = backed_up(office, folder)
    pass_days(office, 1)
    second = backed_up(office, folder)
    (folder / backup.backup_name(office.entry.clock().replace(year=2020))).write_bytes(b"another's" * 1000)
    assert faults(office) == []
    for path in (first, second):
        whole = path.read_bytes()
        for at in (5, len(whole) // 2, len(whole) - 1):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            assert f"{path.name} in {folder} is damaged: it is not as it was written" in faults(office)
        path.write_bytes(whole)
    assert faults(office) == []


def test_a_clock_far_from_the_end_of_the_journal_is_told_at_the_start(office: Office) -> None:
    office.register()
    home, last = office.entry.store.path.parent, office.entry.clock()
    said = f"The desk was last used on {day(london(last).date())}. If today is not {{}}, set this computer’s clock"
    before = f"The desk was used on {day(london(last).date())}, and this computer says that today is {{}}: set this"
    before += " computer’s clock"
    for days, told in ((29, ""), (31, said), (-3, before)):
        office.entry.store.close()
        at = last + timedelta(days=days)
        again = open_keyed(home, KEY, lambda at=at: at)  # type: ignore[misc]
        again.store.close()
        wanted = f"{told.format(day(london(at).date()))} right before you go on." if told else ""
        assert again.store.settled == wanted


# A reference that was given out twice


def put_in_place(office: Office, older: Path, *, lists: bool) -> Office:
    """An older copy of the store in its place, and opened: with the lists of today beside it, or with none at hand."""
    home = office.entry.store.path.parent
    office.entry.store.close()
    for path in home.glob(f"{FILE}*"):
        path.unlink()
    shutil.copy(older, home / FILE)
    if not lists:
        (home / erasures.NAME).unlink()
    return opened(office)


def older_of(office: Office, to: Path) -> Path:
    office.entry.store.empty_log()
    return Path(shutil.copy(office.entry.store.path, to))


def test_a_reference_on_a_list_is_not_given_out_by_an_older_store(office: Office, tmp_path: Path) -> None:
    office.register()
    older = older_of(office, tmp_path / "older.db")
    gone = closed(office)
    was = reference(office, gone)
    destroyed(office, gone)
    again = put_in_place(office, older, lists=True)
    new = reference(again, again.register())
    assert (was, new) == ("TR-000002-5", "TR-000003-3")
    with again.entry.store.write() as tx:
        some = next_references(tx, "TR", 3, KEY)
    assert [one[3:9] for one in some] == ["000004", "000005", "000006"]
    assert faults(again) == []
    again.entry.store.close()


@pytest.mark.parametrize("why", ["held", "another", "known"])
def test_a_case_under_the_reference_of_a_destroyed_one_is_not_destroyed_for_it(
    office: Office, tmp_path: Path, why: str
) -> None:
    home = office.entry.store.path.parent
    older = older_of(office, tmp_path / "older.db")
    gone = closed(office)
    named = reference(office, gone)
    destroyed(office, gone)
    kept = (home / erasures.NAME).read_bytes()
    newer = older_of(office, tmp_path / "newer.db")
    pass_days(office, 1)
    again = put_in_place(office, older, lists=False)
    new = again.register()
    assert reference(again, new) == named
    if why == "held":
        held(again, new.case_id)
    path = backed_up(again, tmp_path / "backups")
    if why == "another":
        # The store that has destroyed the first one is back in its place.
        again = put_in_place(again, newer, lists=True)
    (home / erasures.NAME).write_bytes(kept)
    if why == "known":
        held(again, new.case_id)
        restored(again, path)
        released(again, 1)
    seen = restorepreview.preview_restore(again.entry, path)
    found = restored(again, path)
    assert seen.spared == found.carried.spared == {named}
    assert (seen.erased, seen.listed, found.again) == ((), 0, ())
    for told in (seen.sentences(), found.sentences()):
        assert any(one.startswith("1 case stays though the erasure list has its reference") for one in told)
    assert state_of(again, new) is State.DRAFT
    again.entry.store.close()


def test_an_end_of_the_journal_that_only_a_backup_knows_is_missed(office: Office, tmp_path: Path) -> None:
    """Cut off with the guards away, and the counts set back: no anchor reaches it, and the newest backup does."""
    closed(office)
    make_anchor(office.desk(Role.AUDITOR))
    office.register(person=1)
    file = backed_up(office, tmp_path / "one")
    assert faults(office) == []
    with office.entry.store.read() as tx:
        known = tx.exec_driver_sql("SELECT MAX(seq) FROM journal WHERE action = 'anchor'").scalar_one()
    statements = (
        "DELETE FROM journal WHERE seq > :known",
        "UPDATE sqlite_sequence SET seq = :known WHERE name = 'journal'",
    )
    behind_guards(office, "journal", *statements, known=known)
    found = [one for one in faults(office) if "knows entry" in one]
    assert [one.startswith(f"{file.name} in {file.parent} knows entry ") for one in found] == [True], found
