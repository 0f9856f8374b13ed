"""The journal as an auditor reads it: filters, pseudonyms, restricted looks; and who asked about a person."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db import journal
from db.records import Heading, Role
from desktop.casework import accounts, journalview, requests
from desktop.casework.accounts import NewUser
from desktop.casework.anchors import make_anchor
from desktop.casework.casepage import history, open_case
from desktop.casework.desk import Done, Refused
from desktop.casework.journalview import JournalAsked, JournalLine
from desktop.casework.sample import MovingClock
from desktop.security.certificates import groups
from tests.fixtures import Office
from tests.store.backing import backed_up, restored
from tests.store.disposing import destroyed, many_closed, pass_days


def shown(office: Office, **asked: Any) -> list[JournalLine]:
    auditor = office.desk(Role.AUDITOR)
    return list(journalview.journal_lines(auditor, journalview.journal_numbers(auditor, JournalAsked(**asked))))


def reference(office: Office, done: Done) -> str:
    with office.entry.store.read() as tx:
        return next(journal.entries(tx, case_id=done.case_id)).reference


def same(office: Office, one: Done, other: Done) -> None:
    requests.link(
        office.caseworker,
        requests.Link(command_id=str(uuid4()), case_id=one.case_id, other_id=other.case_id, same=True),
    )


def test_the_newest_comes_first(office: Office) -> None:
    office.register()
    found = [line.entry.seq for line in shown(office)]
    assert found == sorted(found, reverse=True)
    assert found[-1] == 1


def test_each_filter_admits_what_it_says(office: Office) -> None:
    first = office.submit(office.register())
    second = office.register(person=1)
    assert {line.entry.heading for line in shown(office, heading=Heading.COLLECTION)} == {Heading.COLLECTION}
    assert {line.entry.action for line in shown(office, action="submit")} == {"submit"}
    assert {line.entry.case_id for line in shown(office, reference=f" {reference(office, second).lower()}")} == {
        second.case_id
    }
    assert {line.entry.case_id for line in shown(office, reference=reference(office, first))} == {first.case_id}
    assert shown(office, reference="TR-999999-9") == []
    ours = shown(office, actor_id=office.caseworker.user.id)
    assert {line.entry.actor_id for line in ours} == {office.caseworker.user.id}
    both = shown(office, heading=Heading.COLLECTION, reference=reference(office, first))
    assert {line.entry.action for line in both} == {"register"}


def test_days_are_those_of_london(office: Office) -> None:
    clock = office.entry.clock
    assert isinstance(clock, MovingClock)
    clock.at = clock.at.replace(hour=22, minute=30)  # half past eleven at night in summer
    late = office.register()
    clock.at += timedelta(hours=1)
    next_day = office.register(person=1)
    today = office.entry.today()
    assert next_day.case_id in {line.entry.case_id for line in shown(office, first=today)}
    assert late.case_id not in {line.entry.case_id for line in shown(office, first=today)}
    until = {line.entry.case_id for line in shown(office, last=today - timedelta(days=1))}
    assert late.case_id in until
    assert next_day.case_id not in until


def test_looks_at_restricted_cases_stand_out(office: Office) -> None:
    draft = office.register()
    open_case(office.caseworker, draft.case_id)
    open_case(office.reviewer, draft.case_id, "complaint")
    found = shown(office, restricted=True)
    assert [(line.entry.actor_id, line.why, line.restricted) for line in found] == [
        (office.reviewer.user.id, "A complaint, a review or an inquiry", "not their own case")
    ]
    assert [line.restricted for line in shown(office, action="open_case")] == ["not their own case", ""]


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.REVIEWER, Role.GUARDIAN, Role.RECORDS_OFFICER])
def test_others_do_not_read_the_journal(office: Office, role: Role) -> None:
    with pytest.raises(Refused):
        journalview.journal_numbers(office.desk(role), JournalAsked())
    with pytest.raises(Refused):
        journalview.journal_lines(office.desk(role), [1])


def person_of(office: Office, done: Done) -> str:
    (name,) = {line.person for line in shown(office, reference=reference(office, done))}
    return name


def test_one_person_has_one_pseudonym_and_others_have_others(office: Office) -> None:
    one, again, other = office.register(), office.register(), office.register(person=1)
    assert person_of(office, one) == person_of(office, again)
    assert person_of(office, one) != person_of(office, other)
    assert len(person_of(office, one)) == 8
    assert person_of(office, one) == person_of(office, one), "it stays"


def test_cases_that_someone_found_to_be_about_one_person_share_it(office: Office) -> None:
    one, other, third = office.register(), office.register(person=1), office.register(person=2)
    same(office, other, one)
    same(office, third, other)
    assert person_of(office, one) == person_of(office, other) == person_of(office, third)


def test_a_destroyed_case_is_about_nobody(office: Office) -> None:
    (case,) = many_closed(office, 1)
    assert person_of(office, case)
    destroyed(office, case)
    assert person_of(office, case) == ""


def test_what_a_restore_carried_over_stands_as_what_it_was(office: Office, tmp_path: Path) -> None:
    draft = office.register()
    path = backed_up(office, tmp_path / "backups")
    open_case(office.reviewer, draft.case_id, "complaint")
    (before,) = shown(office, restricted=True)
    added = accounts.add_user(
        office.desk(Role.ADMINISTRATOR), NewUser("new.person", "New Person", Role.CASEWORKER, "violet hammer orbit")
    )
    restored(office, path)
    (after,) = shown(office, restricted=True)
    assert (after.said, after.why, after.restricted) == (before.said, before.why, before.restricted)
    assert after.entry.heading is Heading.CONSULTATION
    assert after.entry.actor == before.entry.actor
    assert after.carried.startswith(f"entry {before.entry.seq} of the store that a restore replaced, ")
    assert "case: " not in after.details
    assert before.carried == ""
    assert after.entry.seq in {one.entry.seq for one in shown(office, action="open_case")}
    assert {one.entry.action for one in shown(office, action="open_case")} == {"open_case"}
    assert {one.entry.heading for one in shown(office, heading=Heading.CONSULTATION)} == {Heading.CONSULTATION}
    own = next(one for one in shown(office, action="add_user") if one.carried)
    assert own.details.startswith("role: caseworker; user: New Person"), added


@pytest.mark.parametrize("restores", [1, 2])
def test_a_case_tells_what_a_restore_carried_over_as_what_it_was(office: Office, tmp_path: Path, restores: int) -> None:
    draft, other = office.register(), office.register(person=1)
    path = backed_up(office, tmp_path / "backups")
    office.save(draft, person__family_name="Mistral")
    same(office, draft, other)
    before = history(office.caseworker, draft.case_id)
    for _ in range(restores):
        pass_days(office, 1)
        restored(office, path)
    after = history(office.caseworker, draft.case_id)
    assert [line.what for line in after[:2]] == [f"{line.what} (carried over a restore)" for line in before[:2]]
    assert before[1].what == "changed the request"
    assert [(line.at, line.who) for line in after] == [(line.at, line.who) for line in before]
    assert [line.what for line in after[2:]] == [line.what for line in before[2:]]


def test_an_account_is_told_by_its_name(office: Office) -> None:
    administrator = office.desk(Role.ADMINISTRATOR)
    accounts.set_active(administrator, office.caseworker.user.id, active=False)
    (line,) = shown(office, action="switch_off_user")
    assert line.details == f"user: {office.caseworker.user.name}"


def test_the_hash_of_an_anchor_is_shown_as_its_page_has_it(office: Office) -> None:
    made = make_anchor(office.desk(Role.AUDITOR))
    line = next(one for one in shown(office, action="anchor"))
    assert f"SHA-256 of that entry: {groups(made.hash)}" in line.details
    assert made.signature not in line.details
    (anchored,) = [one for one in shown(office) if one.entry.seq == made.seq]
    assert anchored.entry.hash == made.hash
