"""A restore brings nobody back and frees nothing that is held."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from db import erasures, journal, replayheld, swapping
from db.errors import StoreBusy, StoreDamaged, StoreError
from db.records import Heading, Json, Role, State
from db.store import FILE, open_store
from desktop.casework import accounts, backups, disposal, journalview, restorepreview, restoring
from desktop.casework.accounts import NewUser
from desktop.casework.anchors import FILE_NAME as ANCHORS
from desktop.casework.anchors import make_anchor
from desktop.casework.casepage import case_page
from desktop.casework.desk import Refused
from desktop.casework.disposal import Retain
from desktop.casework.restoring import Restore
from desktop.casework.sample import sample_password
from desktop.policy.wording import day
from tests.fixtures import KEY, Office, make_entry, signed_in
from tests.store.backing import backed_up, count, held, released, restored
from tests.store.disposing import approved, closed, destroyed, faults, many_closed, pass_days, pass_grace, state_of
from tests.store.holding import over

# Restoring


def test_a_restore_says_what_it_would_change_and_then_changes_that(office: Office, tmp_path: Path) -> None:
    kept = office.register(person__family_name="Before")
    path = backed_up(office, tmp_path / "backups")
    office.save(kept, person__family_name="After")
    office.register()
    seen = restorepreview.preview_restore(office.entry, path)
    assert (len(seen.lost), len(seen.older), seen.erased, seen.readable) == (1, 1, (), True)
    assert seen.entries > 2
    assert case_page(office.caseworker, kept.case_id).case.answers["person.family_name"] == "After"
    found = restored(office, path)
    assert found.carried.entries == seen.entries + 1  # and the second person's sign-in
    assert case_page(office.caseworker, kept.case_id).case.answers["person.family_name"] == "Before"
    assert count(office, "SELECT COUNT(*) FROM cases") == 1
    assert faults(office) == []


def test_whoever_was_destroyed_stays_destroyed(office: Office, tmp_path: Path) -> None:
    gone, stays = many_closed(office, 2)
    path = backed_up(office, tmp_path / "backups")
    run = approved(office, gone)
    pass_grace(office)
    assert disposal.carry_out(office.officers[0], run).old_files == 1
    certificate = disposal.read_certificate(office.officers[0], run)
    before = count(office, "SELECT COUNT(*) FROM journal")
    seen = restorepreview.preview_restore(office.entry, path)
    assert seen.erased == ("TR-000001-7",)
    found = restored(office, path)
    assert found.carried.erased == ["TR-000001-7"]
    assert (state_of(office, gone), state_of(office, stays)) == (State.DESTROYED, State.ISSUED)
    assert count(office, "SELECT COUNT(*) FROM answer WHERE case_id = 1 AND value <> ''") == 0
    assert count(office, "SELECT COUNT(*) FROM letter WHERE case_id = 1 AND pdf IS NOT NULL") == 0
    assert disposal.read_certificate(office.officers[0], run) == certificate
    assert count(office, "SELECT COUNT(*) FROM journal") > before
    assert [fault for fault in faults(office) if "holds 1 case" not in fault] == []


def test_a_destruction_carried_over_twice_is_vouched_for_still(office: Office, tmp_path: Path) -> None:
    done, _ = many_closed(office, 2)
    path = backed_up(office, tmp_path / "backups")
    destroyed(office, done)
    then = office.entry.today()
    office.register()
    restoring.restore_unattended(office.entry, path)
    again = signed_in(office.entry)
    pass_days(again, 1)
    again.register()
    restoring.restore_unattended(office.entry, path)
    path.unlink()
    assert faults(office) == []
    auditor = signed_in(office.entry).desk(Role.AUDITOR)
    seqs = journalview.journal_numbers(auditor, journalview.JournalAsked(action="destroy"))
    assert [day(then) in one.carried for one in journalview.journal_lines(auditor, seqs)] == [True]


def test_answers_that_were_given_since_are_of_the_store_that_was_replaced(office: Office, tmp_path: Path) -> None:
    done = office.register()
    path = backed_up(office, tmp_path / "backups")
    office.save(done, person__family_name="Another")
    restoring.restore_unattended(office.entry, path)
    assert [fault for fault in faults(signed_in(office.entry)) if "answer" in fault] == []


def test_the_list_alone_destroys_again_where_the_store_is_lost(office: Office, tmp_path: Path) -> None:
    gone, stays = many_closed(office, 2)
    path = backed_up(office, tmp_path / "backups")
    destroyed(office, gone)
    home, clock = office.entry.store.path.parent, office.entry.clock
    office.entry.store.close()
    (home / FILE).write_bytes(b"not a store any more" * 500)
    (home / erasures.NAME).unlink()
    seen = restorepreview.preview(home, KEY, path, KEY)
    assert (seen.readable, seen.listed) == (False, 1)
    found = restoring.put_back(home, KEY, path, KEY, clock)
    assert found.listed == ("TR-000001-7",)
    assert not found.readable
    again = signed_in(make_entry(open_store(home, KEY), clock()))
    with again.entry.store.read() as tx:
        assert next(journal.of_action(tx, "restore")).data["erasure_list"] is True
    assert (state_of(again, gone), state_of(again, stays)) == (State.DESTROYED, State.ISSUED)
    assert count(again, "SELECT COUNT(*) FROM answer WHERE case_id = 1 AND value <> ''") == 0
    # Nobody knows which numbers the lost store gave out: a reference is never given to a second case.
    assert again.register().case_id == 1003
    assert case_page(again.caseworker, 1003).case.row.reference.startswith("TR-00100")
    wrong = [fault for fault in faults(again) if "holds 1 case" not in fault and "erasure list" not in fault]
    assert [fault.partition(" ")[2].partition(":")[0] for fault in wrong] == ["cannot be looked into"]
    again.entry.store.close()


def test_a_store_damaged_in_one_place_still_gives_its_holds(office: Office, tmp_path: Path) -> None:
    done = closed(office)
    path = backed_up(office, tmp_path / "backups")
    held(office, done.case_id)
    home, clock = office.entry.store.path.parent, office.entry.clock
    with office.entry.store.read() as tx:
        page = tx.execute(text("SELECT rootpage FROM sqlite_master WHERE name = 'chase'")).scalar_one()
    office.entry.store.close()
    content = bytearray((home / FILE).read_bytes())
    content[page * 4096 - 2000] ^= 1
    (home / FILE).write_bytes(content)
    found = restoring.put_back(home, KEY, path, KEY, clock)
    assert found.readable
    assert found.carried.held.holds == 1


def test_holds_placed_and_released_since_are_carried_over(office: Office, tmp_path: Path) -> None:
    first, second = many_closed(office, 2)
    over = held(office, first.case_id)
    path = backed_up(office, tmp_path / "backups")
    released(office, over)
    held(office, second.case_id)
    assert restorepreview.preview_restore(office.entry, path).holds == 3
    found = restored(office, path)
    assert (found.carried.held.holds, found.carried.held.steps) == (1, 2)
    kept = {one.case_id: one.kept_by for one in disposal.candidates(office.officers[0])}
    assert kept == {first.case_id: (), second.case_id: ("held",)}
    assert faults(office) == []


def test_later_dates_accounts_and_counts_are_carried_over(office: Office, tmp_path: Path) -> None:
    done = closed(office)
    path = backed_up(office, tmp_path / "backups")
    administrator = office.desk(Role.ADMINISTRATOR)
    review = office.entry.today() + timedelta(days=400)
    disposal.retain(
        office.officers[0], Retain(case_ids=(done.case_id,), review_on=review, because="An audit needs them.")
    )
    accounts.set_active(administrator, office.caseworker.user.id, active=False)
    new = NewUser("new.person", "New Person", Role.CASEWORKER, "violet hammer orbit")
    number = accounts.add_user(administrator, new)
    accounts.set_active(administrator, office.caseworker.user.id, active=True)
    lost = office.register()
    accounts.set_active(administrator, office.caseworker.user.id, active=False)
    restored(office, path)
    assert disposal.candidates(office.officers[0]) == ()
    there = {one.id: one for one in accounts.users(office.entry)}
    assert not there[office.caseworker.user.id].active
    assert there[number].username == "new.person"
    accounts.set_active(administrator, office.caseworker.user.id, active=True)
    assert office.register().case_id > lost.case_id
    assert faults(office) == []


def test_the_anchors_are_those_of_the_restored_journal(office: Office, tmp_path: Path) -> None:
    home, administrator = tmp_path / "desk", office.desk(Role.ADMINISTRATOR)
    early = make_anchor(administrator).line
    path = backed_up(office, tmp_path / "backups")
    assert (tmp_path / "backups" / ANCHORS).read_text().splitlines() == [early]
    late = make_anchor(administrator).line
    found = restored(office, path)
    assert found.replaced is not None
    assert (home / ANCHORS).read_text().splitlines() == [early]
    assert (home / f"anchors-of-{found.replaced.stem}.txt").read_text().splitlines() == [early, late]
    assert faults(office) == []
    assert make_anchor(office.desk(Role.ADMINISTRATOR)).seq > found.contents.head
    assert faults(office) == []
    restoring.undo_restore(office.desk(Role.ADMINISTRATOR), office.guardian.user.username, sample_password())
    assert (home / ANCHORS).read_text().splitlines() == [early, late]
    assert faults(office) == []


def test_people_keep_their_deeds_where_two_have_the_same_number(office: Office, tmp_path: Path) -> None:
    administrator, clock = office.desk(Role.ADMINISTRATOR), office.entry.clock
    early = backed_up(office, tmp_path / "backups")
    pass_days(office, 1)
    accounts.add_user(administrator, NewUser("first.new", "First New", Role.CASEWORKER, "violet hammer orbit"))
    late = backed_up(office, tmp_path / "backups")
    office.entry.store.close()
    (tmp_path / "desk" / FILE).write_bytes(b"broken" * 4000)
    restoring.put_back(tmp_path / "desk", KEY, early, KEY, clock)
    again = signed_in(make_entry(open_store(tmp_path / "desk", KEY), clock()))
    new = NewUser("second.new", "Second New", Role.ADMINISTRATOR, "violet hammer orbit")
    number = accounts.add_user(again.desk(Role.ADMINISTRATOR), new)
    second = accounts.sign_in(again.entry, new.username, new.password)
    second = accounts.change_password(second, new.password, "amber kettle orchard")
    command = Restore(file=late, second=again.guardian.user.username, password=sample_password())
    restoring.restore(second, command)
    there = {one.username: one.id for one in accounts.users(again.entry)}
    assert there["first.new"] == number
    with again.entry.store.read() as tx:
        last = next(journal.of_action(tx, "restore"))
    assert last.actor == "Second New"
    assert last.data["asked_by"] == last.actor_id == there["second.new"] != number
    assert [fault for fault in faults(again) if "desk-replaced" not in fault] == []
    again.entry.store.close()


def test_numbers_of_accounts_in_the_tail_are_those_of_here_or_are_said_to_be_of_there(
    office: Office, tmp_path: Path
) -> None:
    early, clock = backed_up(office, tmp_path / "backups"), office.entry.clock
    (tmp_path / "other").mkdir(mode=0o700)
    (tmp_path / "other" / FILE).write_bytes(early.read_bytes())
    other = signed_in(make_entry(open_store(tmp_path / "other", KEY), clock()))
    new = NewUser("other.new", "Other New", Role.CASEWORKER, "violet hammer orbit")
    accounts.add_user(other.desk(Role.ADMINISTRATOR), new)
    late = backed_up(other, tmp_path / "others")
    other.entry.store.close()
    administrator = office.desk(Role.ADMINISTRATOR)
    number = accounts.add_user(administrator, replace(new, username="first.new", name="First New"))
    accounts.set_active(administrator, number, active=False)
    with office.entry.store.write() as tx:
        said: dict[str, Json] = {"user": number, "role": "caseworker", "with": number}
        journal.append(tx, at=clock(), actor_id=None, action="add_user", heading=Heading.SYSTEM, data=said)
    restored(office, late)
    there = {one.username: one.id for one in accounts.users(office.entry)}
    assert there["other.new"] == number != there["first.new"]
    with office.entry.store.read() as tx:
        last = next(journal.of_action(tx, "add_user"))
    assert (last.data["user"], last.data["with"]) == (there["first.new"], there["first.new"])
    auditor = office.desk(Role.AUDITOR)
    asked = journalview.JournalAsked(action="switch_off_user")
    (line,) = journalview.journal_lines(auditor, journalview.journal_numbers(auditor, asked))
    assert f"account {number}" in line.details
    assert "Other New" not in line.details


def test_a_restore_needs_a_second_person_of_the_right_role(office: Office, tmp_path: Path) -> None:
    path = backed_up(office, tmp_path / "backups")
    administrator = office.desk(Role.ADMINISTRATOR)
    wrong = Restore(file=path, second=office.guardian.user.username, password="not this one")
    with pytest.raises(Refused, match="not right"):
        restoring.restore(administrator, wrong)
    worker = Restore(file=path, second=office.caseworker.user.username, password=sample_password())
    with pytest.raises(Refused, match="records officer or the guardian"):
        restoring.restore(administrator, worker)
    with pytest.raises(Refused, match="role"):
        restoring.restore(office.guardian, replace(worker, second=office.officers[0].user.username))
    assert swapping.replaced_files(tmp_path / "desk") == ()


def test_the_replaced_store_is_kept_until_confirmed_and_can_be_put_back(office: Office, tmp_path: Path) -> None:
    gone, stays = many_closed(office, 2)
    path = backed_up(office, tmp_path / "backups")
    since = office.register(person__family_name="Since")
    found = restored(office, path)
    assert found.replaced in swapping.replaced_files(tmp_path / "desk")
    destroyed(office, gone)
    held(office, stays.case_id)
    back = restoring.undo_restore(office.desk(Role.ADMINISTRATOR), office.officers[0].user.username, sample_password())
    assert back.carried.erased == ["TR-000001-7"]
    assert back.carried.held.holds == 1
    assert case_page(office.caseworker, since.case_id).case.answers["person.family_name"] == "Since"
    assert state_of(office, gone) is State.DESTROYED
    assert [fault for fault in faults(office) if "holds 1 case" not in fault] == []
    assert restoring.confirm_restore(office.desk(Role.ADMINISTRATOR)) == 2
    assert swapping.replaced_files(tmp_path / "desk") == ()
    with pytest.raises(Refused):
        restoring.confirm_restore(office.desk(Role.ADMINISTRATOR))


def test_going_back_takes_the_store_of_the_last_restore_whatever_the_clock_did(tmp_path: Path) -> None:
    at = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
    names = []
    for moved in (0, 0, -400, 30):
        at += timedelta(days=moved)
        names.append(swapping.replaced_name(tmp_path, at))
        (tmp_path / names[-1]).touch()
        (tmp_path / "desk-replaced-by-hand.db").touch()
    assert names == sorted(set(names))
    assert names[0] == "desk-replaced-2026-06-10T093000Z.db"


def test_a_store_open_elsewhere_is_not_replaced(office: Office, tmp_path: Path) -> None:
    path = backed_up(office, tmp_path / "backups")
    other = open_store(tmp_path / "desk", KEY)
    with other.read() as tx:
        tx.execute(text("SELECT 1"))
    with pytest.raises(StoreBusy, match="open"):
        restored(office, path)
    other.close()
    assert restored(office, path).readable


def test_a_fault_of_the_new_file_is_none_of_the_store(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = closed(office)
    path = backed_up(office, tmp_path / "backups")
    held(office, done.case_id)

    def torn(*_: object) -> None:
        raise StoreDamaged

    monkeypatch.setattr(replayheld, "_holds", torn)
    with pytest.raises(StoreDamaged):
        restored(office, path)
    assert over(office, done)


def test_a_file_that_is_no_backup_changes_nothing(office: Office, tmp_path: Path) -> None:
    for content in (b"", b"x" * 9000):
        path = tmp_path / "desk-2026-01-01T000000Z.db"
        path.write_bytes(content)
        with pytest.raises(StoreError):
            restored(office, path)
    with pytest.raises(StoreError, match="no such file"):
        restored(office, tmp_path / "nothing.db")
    assert faults(office) == []


# Those to be replaced


def test_old_backups_are_named_and_replaced(office: Office, tmp_path: Path) -> None:
    gone, _ = many_closed(office, 2)
    paths = [backed_up(office, tmp_path / name) for name in ("one", "two")]
    (tmp_path / "desk" / "desk-before-0016-from-0015.db").write_bytes(paths[0].read_bytes())
    assert destroyed(office, gone).old_files == 3
    assert len([fault for fault in faults(office) if "holds 1 case that was destroyed since" in fault]) == 3
    administrator = office.desk(Role.ADMINISTRATOR)
    assert len(backups.overview(administrator).old) == 3
    removed = backups.replace_old_backups(administrator)
    assert {*paths} < {*removed}
    assert not any(path.exists() for path in removed)
    seen = backups.overview(administrator)
    assert (len(seen.written), seen.old) == (2, ())
    assert faults(office) == []


def test_a_copy_beside_the_store_that_nobody_can_look_into_is_named_too(office: Office, tmp_path: Path) -> None:
    copy = tmp_path / "desk" / "desk-before-0016-from-0015.db"
    copy.write_bytes(b"x" * 9000)
    copy.chmod(0o600)
    (said,) = faults(office)
    assert said.startswith(f"{copy.name} cannot be looked into")
    destroyed(office, closed(office))
    assert faults(office) == [said]
    assert backups.replace_old_backups(office.desk(Role.ADMINISTRATOR)) == (copy,)
    assert faults(office) == []
