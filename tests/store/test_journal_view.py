"""The journal as an auditor reads it: filters, pseudonyms, restricted looks; and who asked about a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from db import journal
from db.records import Heading, Role
from desktop.casework import journalview, requests
from desktop.casework.casepage import open_case
from desktop.casework.desk import Done, Refused
from desktop.casework.journalview import JournalAsked, JournalLine
from desktop.casework.sample import MovingClock
from tests.fixtures import Office
from tests.store.disposing import destroyed, many_closed


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
