"""The copy of the holds: what was held stays held where the store itself is lost."""

from __future__ import annotations

import os
import secrets
import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from db import erasures, heldrows, journal
from db.records import Role
from db.replaying import without_guards
from db.schema_disposal import hold
from db.store import FILE, open_store
from desktop.casework import accounts, disposal, heldcopies, holds, keptlists, restorepreview, restoring
from desktop.casework.accounts import NewUser
from desktop.casework.desk import Refused
from desktop.casework.heldcopies import NAME, read_copy
from desktop.casework.holds import DecideRelease, ProposeRelease
from desktop.casework.restorepreview import Preview
from desktop.casework.restoring import Restored
from desktop.security.keys import new_code
from tests.fixtures import KEY, Office, make_entry, signed_in
from tests.store.backing import backed_up, count, held, released, restored
from tests.store.disposing import closed, faults, many_closed, pass_days
from tests.store.holding import over, place, reference, row_of, same_person
from tests.store.test_change_key import changed
from tests.store.test_put_back import opened

COPY = "the copy of the holds"


def home_of(office: Office) -> Path:
    return office.entry.store.path.parent


def lost(office: Office, *, gone: bool = False) -> None:
    """The store's file is damaged so that nothing of it can be read, or is gone."""
    office.entry.store.close()
    if gone:
        (home_of(office) / FILE).unlink()
    else:
        (home_of(office) / FILE).write_bytes(b"not a store any more" * 500)


def brought_back(office: Office, path: Path) -> tuple[Preview, Restored, Office]:
    """What is said before, what is done, and the office on the restored store."""
    home, clock = home_of(office), office.entry.clock
    seen = restorepreview.preview(home, KEY, path, KEY)
    found = restoring.put_back(home, KEY, path, KEY, clock)
    return seen, found, opened(signed_in(make_entry(open_store(home, KEY), clock())))


def amiss(office: Office) -> list[str]:
    """What the check finds wrong with more than the store that was replaced, which nobody can read."""
    return [fault for fault in faults(office) if "desk-replaced" not in fault]


@pytest.mark.parametrize("gone", [False, True])
def test_holds_since_the_backup_outlive_the_store(office: Office, tmp_path: Path, gone: bool) -> None:
    first, second, third, fourth = (office.register(person=one) for one in range(4))
    early = held(office, fourth.case_id)
    path = backed_up(office, tmp_path / "backups")
    until = office.entry.today()
    dated = place(office.officers[0], agreement_id="law-enforcement-tracing", received_to=until)
    same_person(office, second, third, same=True)
    place(office.officers[0], person_of=reference(office, second))
    released(office, early)
    before = [over(office, one) for one in (first, second, third, fourth)]
    lost(office, gone=gone)
    seen, found, again = brought_back(office, path)
    assert (seen.readable, seen.copied, seen.holds, seen.list_faults) == (False, True, 5, ())
    assert any("From the copy of the holds, 5 changes of holds and links would be carried over." in one
               for one in seen.sentences())  # fmt: skip
    assert not found.readable
    assert (found.carried.copied.holds, found.carried.copied.steps, found.carried.copied.links) == (2, 2, 1)
    assert [over(again, one) for one in (first, second, third, fourth)] == before
    assert row_of(again.guardian, dated).hold.scope.received_to == until
    assert [one.step for one in row_of(again.guardian, early).hold.steps] == ["propose", "release"]
    with again.entry.store.read() as tx:
        entry = next(journal.of_action(tx, "restore"))
        placed = next(journal.of_action(tx, "place_hold"))
    assert [entry.data[one] for one in ("holds", "holds_from_copy", "links_from_copy")] == [0, 4, 1]
    assert (placed.actor_id, placed.data["by"], placed.data["who"]) == (None, "copy", office.officers[0].user.id)
    assert amiss(again) == []
    again.entry.store.close()


def test_a_step_from_the_copy_comes_after_those_of_the_backup(office: Office, tmp_path: Path) -> None:
    done = closed(office)
    number = held(office, done.case_id)
    holds.propose_release(office.officers[0], ProposeRelease(hold_id=number, because="It is over."))
    with office.entry.store.write() as tx, without_guards(tx):
        tx.execute(text("UPDATE hold_step SET id = 50"))
    path = backed_up(office, tmp_path / "backups")
    holds.decide_release(office.officers[1], DecideRelease(hold_id=number, release=True, because="So it is."))
    lost(office)
    _, _, again = brought_back(office, path)
    assert row_of(again.guardian, number).hold.standing == "released"
    again.entry.store.close()


def test_a_hold_of_an_account_that_is_lost_with_the_store_stands(office: Office, tmp_path: Path) -> None:
    done = closed(office)
    path = backed_up(office, tmp_path / "backups")
    administrator = office.desk(Role.ADMINISTRATOR)
    new = NewUser("new.officer", "New Officer", Role.RECORDS_OFFICER, "violet hammer orbit")
    accounts.add_user(administrator, new)
    officer = accounts.change_password(
        accounts.sign_in(office.entry, new.username, new.password), new.password, "amber kettle orchard"
    )
    number = place(officer, case=reference(office, done))
    lost(office)
    _, found, again = brought_back(office, path)
    assert found.sentences()[1:] == [
        "1 change of holds and links came from the copy of the holds.",
        "1 account came with them, switched off and without a password.",
    ]
    assert row_of(again.guardian, number).hold.placed_by == "New Officer"
    (account,) = (one for one in accounts.users(again.entry) if one.username == "new.officer")
    assert not account.active
    with again.entry.store.read() as tx:
        made = next(journal.of_action(tx, "add_user"))
    assert (made.actor_id, made.data) == (None, {"user": account.id, "role": "records_officer", "by": "copy"})
    assert amiss(again) == []
    # Nobody signs in with what they knew, until an administrator says so and gives a first password.
    accounts.set_active(again.desk(Role.ADMINISTRATOR), account.id, active=True)
    for tried in ("amber kettle orchard", ""):
        with pytest.raises(Refused, match="not right"):
            accounts.sign_in(again.entry, new.username, tried)
    again.entry.store.close()


def test_an_account_that_the_backup_has_stays_as_it_is_there(office: Office, tmp_path: Path) -> None:
    done = closed(office)
    held(office, done.case_id)
    accounts.set_active(office.desk(Role.ADMINISTRATOR), office.officers[0].user.id, active=False)
    path = backed_up(office, tmp_path / "backups")
    lost(office)
    _, _, again = brought_back(office, path)
    there = {one.id: one for one in accounts.users(again.entry)}
    assert not there[office.officers[0].user.id].active
    again.entry.store.close()


def test_what_is_lost_is_said_where_there_is_no_copy(office: Office, tmp_path: Path) -> None:
    done = closed(office)
    path = backed_up(office, tmp_path / "backups")
    held(office, done.case_id)
    lost(office)
    for folder in (home_of(office), tmp_path / "backups"):
        (folder / NAME).unlink()
    seen, found, again = brought_back(office, path)
    assert not seen.copied
    assert any("is lost, and holds with it." in one for one in seen.sentences())
    assert seen.list_faults == (f"{COPY} in {tmp_path / 'backups'}: it is missing: it was taken away",)
    assert (found.carried.copied.holds, over(again, done)) == (0, [])
    again.entry.store.close()


def test_one_copy_that_can_be_read_is_enough(office: Office, tmp_path: Path) -> None:
    done = closed(office)
    path = backed_up(office, tmp_path / "backups")
    number = held(office, done.case_id)
    lost(office)
    (home_of(office) / NAME).unlink()
    seen, _, again = brought_back(office, path)
    assert (seen.copied, seen.holds) == (True, 1)
    assert over(again, done) == [number]
    again.entry.store.close()


def _flipped(content: bytes) -> list[bytes]:
    places = (0, 25, 40, len(content) // 2, len(content) - 1)
    return [content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :] for at in places]


def test_a_damaged_or_foreign_copy_is_told_and_written_anew(office: Office, tmp_path: Path) -> None:
    done, home = closed(office), home_of(office)
    held(office, done.case_id)
    path = backed_up(office, tmp_path / "backups")
    sound = (home / NAME).read_bytes()
    assert b"inquiry" not in sound
    heldcopies.write_copy(tmp_path, read_copy(home, KEY).rows, bytes(32), os.urandom)
    for content in (*_flipped(sound), sound[:-1], sound[:10], b"", (tmp_path / NAME).read_bytes()):
        (home / NAME).write_bytes(content)
        said = f"{COPY} in {home}: it does not open: it was changed or cut short, or is under another key"
        assert said in faults(office)
        assert restorepreview.preview_restore(office.entry, path).list_faults == (said,)
        (told,) = keptlists.write_lists(office.entry).mended
        assert told.startswith(f"{said}; it was set aside as holds-unreadable-")
        # It may be another desk's: nothing is written over it.
        (aside,) = home.glob("holds-unreadable-*.sealed")
        assert aside.read_bytes() == content
        aside.unlink()
        assert faults(office) == []
    assert count(office, "SELECT COUNT(*) FROM journal WHERE action = 'mend_erasures'") == 9
    (home / NAME).write_bytes(b"")
    assert restored(office, path).readable
    with office.entry.store.read() as tx:
        assert next(journal.of_action(tx, "restore")).data["list_faults"] == 1


def test_a_copy_that_a_crash_left_behind_is_brought_up_as_the_store_is_opened(office: Office, tmp_path: Path) -> None:
    done, folders = closed(office), (home_of(office), tmp_path / "backups")
    backed_up(office, folders[1])
    before = [(one / NAME).read_bytes() for one in folders]
    held(office, done.case_id)
    for folder, content in zip(folders, before, strict=True):
        (folder / NAME).write_bytes(content)
    assert [fault for fault in faults(office) if "lacks 1 change of holds" in fault]
    again = opened(office)
    assert [len(read_copy(one, KEY).rows["hold"]) for one in folders] == [1, 1]
    assert again.entry.store.settled == ""
    moments = [(one / NAME).stat().st_mtime_ns for one in folders]
    last = opened(again)
    assert [(one / NAME).stat().st_mtime_ns for one in folders] == moments
    (folders[0] / NAME).unlink()
    (folders[0] / erasures.NAME).unlink()
    final = opened(last)
    assert faults(final) == []
    assert read_copy(folders[0], KEY).readable
    final.entry.store.close()


def test_an_older_copy_releases_nothing(office: Office, tmp_path: Path) -> None:
    """Each time it is of before the last thing that was done, which the backup does not know either."""
    first, second, third = (office.register(person=one) for one in range(3))
    home, folder = home_of(office), tmp_path / "backups"
    same_person(office, first, second, same=True)
    number = held(office, third.case_id)
    path = backed_up(office, folder)
    pass_days(office, 1)
    same_person(office, first, second, same=False)
    other = place(office.officers[0], case=reference(office, first))
    place(office.officers[0], person_of=reference(office, first))
    propose = ProposeRelease(hold_id=number, because="It is over.")
    holds.propose_release(office.officers[0], propose)
    older = (home / NAME).read_bytes()
    same_person(office, first, second, same=True)
    holds.decide_release(office.officers[1], DecideRelease(hold_id=number, release=False, because="It is not."))
    released(office, other)
    lost(office)
    for one in (home, folder):
        (one / NAME).write_bytes(older)
    _, _, again = brought_back(office, path)
    assert [len(over(again, one)) for one in (first, second, third)] == [2, 1, 1]
    assert row_of(again.guardian, number).hold.standing == "proposed"
    again.entry.store.close()


def test_an_older_store_in_its_place_is_told_by_the_copy_and_a_restore_mends_it(office: Office, tmp_path: Path) -> None:
    done, home = closed(office), home_of(office)
    office.entry.store.empty_log()
    shutil.copy(home / FILE, tmp_path / "older.db")
    number = held(office, done.case_id)
    office.entry.store.close()
    shutil.copy(tmp_path / "older.db", home / FILE)
    again = opened(office)
    told = "1 change of holds is not in the store any more: run tracing-desk verify."
    assert again.entry.store.settled.startswith(told)
    assert [fault for fault in faults(again) if "knows 1 change of holds that the store does not" in fault]
    # What is written since forgets nothing of it.
    later = place(again.officers[0], received_to=again.entry.today())
    path = backed_up(again, tmp_path / "backups")
    found = restored(again, path)
    assert (found.readable, found.carried.held.holds, found.carried.copied.holds) == (True, 0, 1)
    assert len(over(again, done)) == 2
    assert {one.hold.authority for one in holds.hold_rows(again.guardian)} == {"Public inquiry, terms of 3 May"}
    assert later == number
    assert faults(again) == []
    again.entry.store.close()


def test_a_link_that_was_taken_back_later_is_not_missed(office: Office, tmp_path: Path) -> None:
    first, second = many_closed(office, 2)
    same_person(office, first, second, same=True)
    number = place(office.officers[0], person_of=reference(office, first))
    released(office, number)
    same_person(office, first, second, same=False)
    assert faults(office) == []
    backed_up(office, tmp_path / "backups")
    assert read_copy(tmp_path / "backups", KEY).rows["link"] == []
    keptlists.write_lists(office.entry)
    assert read_copy(home_of(office), KEY).rows["link"] == []
    assert opened(office).entry.store.settled == ""
    office.entry.store.close()


def test_a_link_after_a_hold_is_in_the_copy(office: Office, tmp_path: Path) -> None:
    first, second = (office.register(person=one) for one in range(2))
    path = backed_up(office, tmp_path / "backups")
    number = place(office.officers[0], person_of=reference(office, first))
    same_person(office, second, first, same=True)
    lost(office)
    _, _, again = brought_back(office, path)
    assert over(again, second) == [number]
    again.entry.store.close()


def test_a_copy_that_cannot_be_written_is_told_and_the_hold_stands(office: Office) -> None:
    done, home = closed(office), home_of(office)
    blocked = home / f".{NAME}.{os.getpid()}.new"
    # A folder stands where the new copy is written first, as on a disk that takes nothing.
    blocked.mkdir()
    command = holds.PlaceHold(
        case=reference(office, done), authority="An order", because="It asks.", review_on=date(2031, 1, 1)
    )
    found = holds.place_hold(office.officers[0], command)
    assert found.unwritten == (f"{COPY} in {home} cannot be written: Is a directory",)
    assert over(office, done) == [found.number]
    assert [fault for fault in faults(office) if f"{COPY} in {home}: it lacks 1 change of holds" in fault]
    blocked.rmdir()
    assert holds.propose_release(
        office.officers[0], ProposeRelease(hold_id=found.number, because="It is over.")
    ).unwritten == ()  # fmt: skip
    assert {name: len(rows) for name, rows in read_copy(home, KEY).rows.items()} == {
        "hold": 1, "hold_step": 1, "link": 0, "cover": 0, "user": 1
    }  # fmt: skip
    assert faults(office) == []


def test_a_change_of_key_writes_the_copy_anew(office: Office, tmp_path: Path) -> None:
    done = closed(office)
    backed_up(office, tmp_path / "backups")
    held(office, done.case_id)
    rows = read_copy(home_of(office), KEY).rows
    changed(office, new_code(secrets.token_bytes))
    key = office.entry.store.key
    assert key != KEY
    for folder in (home_of(office), tmp_path / "backups"):
        assert read_copy(folder, key).rows == rows
        assert read_copy(folder, KEY).faults
    assert [fault for fault in faults(office) if COPY in fault] == []


def test_the_copy_has_what_the_store_keeps_of_a_hold_for_good_and_names_no_person_sought(office: Office) -> None:
    done = closed(office)
    held(office, done.case_id)
    rows = read_copy(home_of(office), KEY).rows
    assert rows["user"] == [{"username": "priya.nair", "name": office.officers[0].user.name, "role": "records_officer"}]
    assert set(rows["hold"][0]) == {"case_id", "authority", "because", "review_on", "placed_by", "placed_at"}
    with heldrows.as_store(rows) as copy:
        assert set(copy.rows("hold")[0]) == {one.name for one in hold.columns}
        assert copy.rows("hold")[0]["agreement_id"] is None
    assert heldrows.together(rows, rows) == rows
    assert disposal.candidates(office.officers[0])[0].kept_by == ("held",)


def test_steps_of_a_hold_on_a_case_that_a_restore_lost_are_not_missed(office: Office, tmp_path: Path) -> None:
    path = backed_up(office, tmp_path / "backups")
    released(office, held(office, office.register().case_id))
    restored(office, path)
    assert len(read_copy(home_of(office), KEY).rows["hold_step"]) == 2
    again = opened(office)
    assert again.entry.store.settled == ""
    assert faults(again) == []
    again.entry.store.close()


def test_rows_of_two_copies_stand_in_the_order_in_which_each_has_them(office: Office) -> None:
    held(office, closed(office).case_id)
    rows = read_copy(home_of(office), KEY).rows
    first, second, third = ({**rows["hold"][0], "authority": one} for one in ("One", "Two", "Three"))
    (who,) = rows["user"]
    one = {**rows, "hold": [first, third]}
    other = {**rows, "hold": [first, second, third], "user": [{**who, "name": "Earlier Name"}]}
    both = heldrows.together(one, other)
    assert both["hold"] == [first, second, third]
    assert len(both["user"]) == 2
    # Of one account under two names the newer counts: what another copy alone has stands before it.
    with heldrows.as_store(heldrows.together({**one, "user": []}, one, other)) as copy:
        assert [(row["username"], row["name"]) for row in copy.rows("user")] == [(who["username"], who["name"])]
