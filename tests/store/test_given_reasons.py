"""Why a request was withdrawn, reopened or taken off hold stays readable as long as the case is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import text

from db import packages
from db.journal import append
from db.records import Heading, State
from desktop.casework import requests
from desktop.casework.casepage import history
from desktop.casework.desk import Desk
from tests.fixtures import Office, on
from tests.store.backing import backed_up, count, restored
from tests.store.disposing import behind_guards, destroyed, faults, pass_days, state_of, statement
from tests.store.test_reopened import reopened, withdrawn

INSERT = "INSERT INTO given_reason (entry, case_id, reasons) VALUES (:entry, :id, 'Another story.')"


def given(desk: Desk, case_id: int) -> list[str]:
    """The reasons in a case's history, the latest first."""
    return [line.reasons for line in history(desk, case_id) if line.reasons]


def test_each_reason_is_read_where_it_was_given(office: Office) -> None:
    done = reopened(office, withdrawn(office))
    requests.withdraw(office.caseworker, requests.WithReasons(**on(done), reasons=" Nobody\nasks any more. "))
    told = ["Nobody\nasks any more.", "They go on with it.", "Taken back."]
    for desk in (office.caseworker, office.reviewer):
        assert given(desk, done.case_id) == told
    assert [line.what for line in history(office.caseworker, done.case_id) if line.reasons][1] == "reopened it"
    assert faults(office) == []


def test_why_it_was_taken_off_hold_is_read_too(office: Office) -> None:
    held = office.register("home-office-tracing", "home_office", 7, date(2018, 5, 9))
    assert held.state is State.HELD
    requests.take_off_hold(office.guardian, requests.WithReasons(**on(held), reasons="It meets the criteria."))
    assert given(office.caseworker, held.case_id) == ["It meets the criteria."]
    assert faults(office) == []


def test_they_go_with_the_case_and_are_in_its_package_before(office: Office) -> None:
    done = withdrawn(office)
    pass_days(office, 3 * 366)
    with office.entry.store.read() as tx:
        rows = packages.contents_of(tx, done.case_id).rows["given_reason"]
    assert isinstance(rows, list)
    assert [one["reasons"] for one in rows if isinstance(one, dict)] == ["Taken back."]
    destroyed(office, done)
    assert state_of(office, done) is State.DESTROYED
    assert given(office.caseworker, done.case_id) == []
    assert count(office, "SELECT COUNT(*) FROM given_reason WHERE reasons = ''") == 1
    assert faults(office) == []


def test_a_restore_brings_back_those_of_the_backup(office: Office, tmp_path: Path) -> None:
    done = withdrawn(office)
    file = backed_up(office, tmp_path / "backups")
    reopened(office, done)
    restored(office, file)
    assert given(office.caseworker, done.case_id) == ["Taken back."]
    reopened(office, done)
    assert given(office.caseworker, done.case_id) == ["They go on with it.", "Taken back."]
    assert faults(office) == []


def test_none_is_given_for_what_was_not_done_nor_twice(office: Office) -> None:
    done, other = withdrawn(office), office.register()
    with office.entry.store.read() as tx:
        last = tx.execute(text("SELECT MAX(seq) FROM journal WHERE case_id = :id"), {"id": other.case_id}).scalar_one()
        (entry,) = tx.execute(text("SELECT entry FROM given_reason")).scalars()
    statement(office, INSERT, entry=last, id=other.case_id)
    statement(office, INSERT, entry=entry, id=other.case_id)
    statement(office, INSERT, entry=entry, id=done.case_id)
    statement(office, INSERT.replace("INSERT", "INSERT OR REPLACE"), entry=entry, id=done.case_id)


def test_one_that_was_changed_or_given_later_is_told(office: Office) -> None:
    _first, second, third = (withdrawn(office) for _ in range(3))
    change = "UPDATE given_reason SET reasons = 'Another story.' WHERE case_id = :id"
    behind_guards(office, "given_reason", change, id=second.case_id)
    with office.entry.store.write() as tx:
        at, who = office.entry.clock(), office.caseworker.user.id
        heading = Heading.DECISION
        append(tx, at=at, actor_id=who, action="take_off_hold", heading=heading, case_id=third.case_id, data={})
        entry = tx.execute(text("SELECT MAX(seq) FROM journal")).scalar_one()
        tx.execute(text(INSERT), {"entry": entry, "id": third.case_id})
    with office.entry.store.read() as tx:
        query = text("SELECT reference FROM cases WHERE id IN (:one, :other) ORDER BY id")
        named = tx.execute(query, {"one": second.case_id, "other": third.case_id}).scalars().all()
    assert [one for one in faults(office) if "reasons" in one] == [
        f"the reasons of {one} were changed" for one in named
    ]
