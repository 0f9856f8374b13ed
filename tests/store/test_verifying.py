"""What `verify` sees: lifted guards, changed submissions and letters, and a journal that was cut off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from db.errors import RuleKept
from db.journal import append
from db.records import Heading, Json, Organisation, Role, State
from db.store import create_store
from db.times import moment_text
from desktop.casework import accounts
from desktop.casework.anchors import anchor_by_itself
from desktop.casework.sample import sample_data
from desktop.casework.setup import fill_new_store
from desktop.casework.verifying import verify_store
from desktop.policy.calendars import load_calendars
from desktop.security.passwords import hash_password
from desktop.security.signingsecrets import PREFIX
from tests.fixtures import KEY, Office, make_entry, signed_in
from tests.store.backing import backed_up, held, released, restored
from tests.store.disposing import closed, faults, moment, pass_days, without
from tests.store.holding import reference
from tests.store.test_put_back import opened

TAMPERED = {
    "Guards": "DROP TRIGGER decision_second_person",
    "Fixed records": "UPDATE submission SET snapshot = '{}'",
    "Journal": "DELETE FROM journal WHERE seq > (SELECT MAX(seq) - 5 FROM journal)",
}


def test_an_untouched_store_is_sound(sample_office: Office) -> None:
    assert verify_store(sample_office.entry).sound


@pytest.mark.parametrize("check", TAMPERED)
def test_tampering_is_seen(sample_office: Office, check: str) -> None:
    with sample_office.entry.store.write() as tx:
        for name in ("submission_no_update", "journal_no_delete"):
            made = tx.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": name}).scalar_one()
            tx.exec_driver_sql(f"DROP TRIGGER {name}")
            if name.split("_")[0] in TAMPERED[check].lower():
                tx.exec_driver_sql(TAMPERED[check])
            tx.exec_driver_sql(made)
        if check == "Guards":
            tx.exec_driver_sql(TAMPERED[check])
    faults = dict(verify_store(sample_office.entry).checks)
    assert [name for name, found in faults.items() if found] == [check]


def changed(office: Office, sql: str, *lifted: str, **values: object) -> dict[str, tuple[str, ...]]:
    """What is found after a change by SQL with these guards lifted and put back."""
    with office.entry.store.write() as tx:
        made = []
        for name in lifted:
            found = tx.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": name})
            made.append(found.scalar_one())
            tx.exec_driver_sql(f"DROP TRIGGER {name}")
        tx.execute(text(sql), values)
        for one in made:
            tx.exec_driver_sql(one)
    return {name: found for name, found in verify_store(office.entry).checks if found}


def test_a_due_date_that_was_put_off_is_seen(office: Office) -> None:
    draft = office.register()
    sql = "UPDATE cases SET due_on = '2030-01-01', version = version + 1 WHERE id = :id"
    found = changed(office, sql, id=draft.case_id)
    assert found == {
        "Dates and identifiers": (f"TR-000001-7 is due on 2030-01-01, and its records give {draft.due_on}",)
    }


def test_a_due_date_put_off_behind_the_guards_is_seen(office: Office) -> None:
    done = office.in_state(State.SUBMITTED)
    sql = "UPDATE cases SET due_on = '2030-01-01', version = version + 1 WHERE id = :id"
    assert list(changed(office, sql, "cases_dates", id=done.case_id)) == ["Dates and identifiers"]


def test_a_draft_that_is_not_found_any_more_is_seen(office: Office) -> None:
    done = office.register()
    found = changed(office, "DELETE FROM identifier WHERE case_id = :id AND kind = 'name'", id=done.case_id)
    assert found == {"Dates and identifiers": ("what TR-000001-7 is found by was changed",)}


def test_a_decision_made_void_behind_its_case_is_seen(office: Office) -> None:
    done = office.in_state(State.APPROVED)
    sql = "INSERT INTO voiding SELECT id, :who, decided_at FROM decision WHERE case_id = :id"
    found = changed(office, sql, id=done.case_id, who=office.caseworker.user.id)
    assert found == {"Decisions": ("TR-000001-7 stands as approved, and its decision is void",)}


def real_store(folder: Path) -> Office:
    """A store of real work, as far as it knows: an administrator, and a caseworker whom they added."""
    folder.mkdir(mode=0o700)
    entry = make_entry(create_store(folder, KEY))
    data = sample_data()
    first = accounts.NewUser("sam.boyd", "Sam Boyd", Role.ADMINISTRATOR, "")
    with entry.store.write() as tx:
        fill_new_store(
            tx, entry.clock(), Organisation(**data["organisation"], logo=None, sample=False), "real", entry.secrets
        )
        accounts.insert_user(tx, first, hash_password("three odd words"), must_change=False)
    office = signed_in(entry)
    new = accounts.NewUser("ruth.adeyemi", "Ruth Adeyemi", Role.CASEWORKER, "marmalade on a kite")
    accounts.add_user(office.desk(Role.ADMINISTRATOR), new)
    return office


COPIED = (
    "INSERT INTO user (username, name, role, password_hash, active, failed, must_change_password)"
    " SELECT 'second', 'Second', 'reviewer', password_hash || :more, 1, 0, 0 FROM user WHERE role = 'caseworker'"
)


def test_nobody_is_two_people_with_one_password(tmp_path: Path) -> None:
    office = real_store(tmp_path / "desk")
    assert verify_store(office.entry).sound
    with pytest.raises(RuleKept, match="password of another"):
        changed(office, COPIED, "user_said", more="")
    copied = "UPDATE user SET password_hash = (SELECT password_hash FROM user ORDER BY id LIMIT 1)"
    with pytest.raises(RuleKept, match="password of another"):
        changed(office, copied, "user_password_said")
    with pytest.raises(RuleKept, match="with the entry of the journal that says so"):
        changed(office, "UPDATE user SET password_hash = 'x' || id")
    with pytest.raises(RuleKept, match="with the entry of the journal that says so"):
        changed(office, COPIED, more="x")
    with pytest.raises(RuleKept, match="sample is fixed"):
        changed(office, "UPDATE organisation SET sample = 1")
    assert changed(office, COPIED, "user_said", more="x") == {"Accounts": ("the account second is not in the journal",)}
    office.entry.store.close()


def test_a_case_of_an_account_that_is_not_there_is_told_and_the_rest_is_checked(office: Office) -> None:
    done = office.register()
    with office.entry.store.read() as tx:
        raw: Any = tx.connection.driver_connection
    raw.execute("PRAGMA foreign_keys = OFF")
    names = [
        row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'cases'")
    ]
    for name in names:
        raw.execute(f"DROP TRIGGER {name}")
    raw.execute("UPDATE cases SET caseworker_id = 99")
    found = dict(verify_store(office.entry).checks)
    said = f"case number {done.case_id} names an account that is not there, so it cannot be read"
    assert said in found["Dates and identifiers"]
    assert found["Journal"] == ()


def test_an_account_with_the_password_of_another_is_seen(tmp_path: Path) -> None:
    office = real_store(tmp_path / "desk")
    sql = "UPDATE user SET password_hash = (SELECT password_hash FROM user ORDER BY id LIMIT 1)"
    found = changed(office, sql, "user_own_password", "user_password_said")
    assert found == {"Accounts": ("the account ruth.adeyemi has the password of another",)}
    office.entry.store.close()


def test_a_journal_that_was_cut_and_mended_is_seen(sample_office: Office) -> None:
    with sample_office.entry.store.write() as tx:
        made = tx.execute(text("SELECT sql FROM sqlite_master WHERE name = 'journal_no_delete'")).scalar_one()
        tx.exec_driver_sql("DROP TRIGGER journal_no_delete")
        tx.exec_driver_sql(
            "DELETE FROM journal WHERE seq >= (SELECT MAX(seq) FROM journal WHERE action IN ('submit', 'approve'))"
        )
        tx.exec_driver_sql("UPDATE sqlite_sequence SET seq = (SELECT MAX(seq) FROM journal) WHERE name = 'journal'")
        tx.exec_driver_sql(made)
    assert any("is not in the journal" in fault for fault in dict(verify_store(sample_office.entry).checks)["Journal"])


def test_a_timer_that_was_taken_away_is_seen(sample_office: Office) -> None:
    with sample_office.entry.store.write() as tx:
        made = tx.execute(text("SELECT sql FROM sqlite_master WHERE name = 'retention_no_delete'")).scalar_one()
        tx.exec_driver_sql("DROP TRIGGER retention_no_delete")
        tx.exec_driver_sql("DELETE FROM retention")
        tx.exec_driver_sql(made)
    faults = dict(verify_store(sample_office.entry).checks)["Retention timers"]
    assert faults
    assert all(fault.startswith("no retention timer runs for ") for fault in faults)


def test_a_changed_letter_is_seen(sample_office: Office) -> None:
    with sample_office.entry.store.write() as tx:
        made = tx.execute(text("SELECT sql FROM sqlite_master WHERE name = 'letter_no_update'")).scalar_one()
        tx.exec_driver_sql("DROP TRIGGER letter_no_update")
        tx.exec_driver_sql("UPDATE letter SET pdf = X'00' WHERE number = 1")
        tx.exec_driver_sql(made)
    faults = dict(verify_store(sample_office.entry).checks)
    assert faults["Fixed records"] == ("letter 1 was changed",)


INDEX = {
    "UPDATE search SET names = 'Nobody' WHERE rowid = :id": (
        "it finds TR-000001-7 by other words than those of its answers",
    ),
    "DELETE FROM search WHERE rowid = :id": ("TR-000001-7 is not in it",),
    "INSERT INTO search (rowid, names) VALUES (:id + 98, 'Quillfeather')": ("it has an entry of no case, number 99",),
    # As many entries as there are cases, and yet not theirs.
    "UPDATE search SET rowid = :id + 98 WHERE rowid = :id": (
        "TR-000001-7 is not in it",
        "it has an entry of no case, number 99",
    ),
}


@pytest.mark.parametrize("sql", INDEX)
def test_an_index_that_is_not_of_the_tables_is_seen(office: Office, sql: str) -> None:
    assert changed(office, sql, id=office.register().case_id) == {"Search index": INDEX[sql]}


def test_an_index_that_is_broken_within_is_seen(office: Office) -> None:
    draft = office.register()
    found = changed(office, "DELETE FROM search_docsize WHERE id = :id", id=draft.case_id)
    assert any("search" in fault for fault in found["Store"])


def test_a_file_that_others_may_read_is_seen_however_deep(office: Office) -> None:
    folder = office.entry.store.path.parent / "agreements"
    folder.mkdir(mode=0o700)
    left = folder / "left-open.toml"
    left.touch(mode=0o600)
    assert verify_store(office.entry).sound
    left.chmod(0o640)
    found = {name: faults for name, faults in verify_store(office.entry).checks if faults}
    assert found == {
        "Files": (f"{Path('agreements') / 'left-open.toml'} may be read by other accounts of this computer",)
    }


def test_the_end_of_the_known_bank_holidays_is_seen_before_it_comes(office: Office) -> None:
    clock = office.entry.clock
    last = office.entry.calendars.last
    clock.at = clock.at.replace(year=last.year - 1)  # type: ignore[attr-defined]
    assert verify_store(office.entry).sound
    clock.at = clock.at.replace(year=last.year, month=11)  # type: ignore[attr-defined]
    found = {name: faults for name, faults in verify_store(office.entry).checks if faults}
    assert found == {
        "Bank holidays": (f"bank holidays are known only to {last.isoformat()}: later due dates are provisional",)
    }


def test_bank_holidays_that_count_a_known_deadline_otherwise_are_seen(office: Office) -> None:
    without = json.loads(office.entry.calendars.text)
    for nation in without.values():
        nation["events"] = [one for one in nation["events"] if one["date"] != "2021-12-27"]
    # Put in force behind the desk's back, as a changed file of the program would.
    office.entry.calendars.put(load_calendars(json.dumps(without)), 0)
    found = dict(verify_store(office.entry).checks)["Known deadlines"]
    assert found == ("20 working days from 2021-12-20 came out as 2022-01-20, not 2022-01-21",)


def test_entries_of_the_journal_without_their_rows_cover_no_other_rows(office: Office, tmp_path: Path) -> None:
    """A restore carries over what the journal said, of cases too that the backup does not have."""
    kept = closed(office)
    hold = held(office, kept.case_id)
    path = backed_up(office, tmp_path / "backups")
    lost = closed(office)
    released(office, held(office, lost.case_id))
    restored(office, path)
    again = opened(office)
    assert not any("is not in the journal" in one for one in faults(again))
    pass_days(again, 1)
    with again.entry.store.write() as tx, without(tx, "hold_step_said"):
        for step, desk in zip(("propose", "release"), again.officers, strict=True):
            values = {"hold": hold, "step": step, "by": desk.user.id, "at": moment(again)}
            tx.execute(text(_STEP), values)
    assert "a step towards the release of a hold is not in the journal" in faults(again)
    again.entry.store.close()


def test_an_entry_of_the_journal_is_of_the_one_who_did_it(office: Office) -> None:
    done = closed(office)
    number = held(office, done.case_id)
    first, second = (one.user.id for one in office.officers)
    data: dict[str, Json] = {"hold": number}
    with office.entry.store.write() as tx:
        now = office.entry.clock()
        append(tx, at=now, actor_id=first, action="propose_release_of_hold", heading=Heading.ERASURE, data=data)
        values = {"hold": number, "step": "propose", "by": second, "at": moment_text(now)}
        with without(tx, "hold_step_said"):
            tx.execute(text(_STEP), values)
    assert "a step towards the release of a hold is not in the journal" in faults(office)


_STEP = "INSERT INTO hold_step (hold_id, step, because, taken_by, taken_at) VALUES (:hold, :step, 'x', :by, :at)"


def test_a_damaged_file_of_a_signing_key_is_told_with_what_to_do(office: Office) -> None:
    anchor_by_itself(office.entry)
    files = sorted(office.entry.store.path.parent.glob(f"{PREFIX}*"))
    assert len(files) == 2
    for path in files:
        kept = path.read_bytes()
        path.write_bytes(kept[:-3] + bytes([kept[-3] ^ 1]) + kept[-2:])
        (said,) = faults(office)
        assert "does not open here" in said
        assert ("take it away: a new key is made then" if path.name.endswith("journal") else "certificate") in said
        path.write_bytes(kept)
    assert faults(office) == []


def test_a_version_that_is_no_number_is_told(office: Office) -> None:
    done = office.register()
    with office.entry.store.write() as tx:
        tx.execute(text("UPDATE cases SET version = 'zz' WHERE id = :id"), {"id": done.case_id})
    assert faults(office) == [f"the version of {reference(office, done)} is no number: it was changed"]
