"""Who asked about a person: every case about them, who looked at those, and that each look is kept."""

from __future__ import annotations

import csv
import stat
from pathlib import Path
from uuid import uuid4

import pytest

from db import journal
from db.casereads import load_case
from db.records import Heading, Role, State
from db.records_log import JournalEntry
from desktop.casework.beside import MOST_EARLIER
from desktop.casework.casepage import history, open_case
from desktop.casework.concerns import RaiseConcern, raise_concern
from desktop.casework.consulting import ReasonNeeded
from desktop.casework.desk import Desk, Done, Refused
from desktop.casework.journalview import JournalAsked, journal_numbers
from desktop.casework.stubs import IsDestroyed
from desktop.casework.whoasked import WhoAsked, save_who_asked, who_asked
from tests.fixtures import Office
from tests.store.disposing import destroyed, many_closed
from tests.store.holding import same_person


def asked(desk: Desk, done: Done) -> WhoAsked:
    return who_asked(desk, done.case_id, "enquiry")


def ids(found: WhoAsked) -> set[int]:
    return {one.case_id for one in found.asked}


def kept(office: Office, done: Done) -> list[JournalEntry]:
    with office.entry.store.read() as tx:
        return list(journal.entries(tx, case_id=done.case_id))


def name_in(office: Office, done: Done) -> str:
    with office.entry.store.read() as tx:
        return load_case(tx, done.case_id).row.family_name


def test_it_tells_every_case_about_the_person_and_what_came_of_it(office: Office) -> None:
    answered = office.in_state(State.ISSUED)
    draft = office.register(person__family_name=name_in(office, answered))
    elsewhere = office.register(person=3)
    found = {one.case_id: one for one in asked(office.guardian, draft).asked}
    assert set(found) == {answered.case_id, draft.case_id}
    assert elsewhere.case_id not in found
    told = found[answered.case_id]
    assert (told.outcome, told.sure) == ("Traced", False)
    assert told.disclosed_on is not None
    assert (found[draft.case_id].outcome, found[draft.case_id].sure) == ("Draft", True)
    same_person(office, draft, answered, same=True)
    assert all(one.sure for one in asked(office.officers[0], draft).asked)


def test_there_are_as_many_as_there_are(office: Office) -> None:
    made = [office.register() for _ in range(MOST_EARLIER + 5)]
    assert ids(asked(office.guardian, made[0])) == {one.case_id for one in made}


def test_cases_that_were_found_to_be_about_one_person_lead_on_to_others(office: Office) -> None:
    one, under_another_name, third = office.register(), office.register(person=1), office.register(person=1)
    assert ids(asked(office.guardian, one)) == {one.case_id}
    same_person(office, one, under_another_name, same=True)
    found = {each.case_id: each.sure for each in asked(office.guardian, one).asked}
    assert found == {one.case_id: True, under_another_name.case_id: True, third.case_id: False}


def test_someone_else_is_not_among_them(office: Office) -> None:
    one, other = office.register(), office.register()
    same_person(office, one, other, same=False)
    assert ids(asked(office.guardian, one)) == {one.case_id}


def test_a_destroyed_case_leads_to_nobody_and_nobody_leads_to_it(office: Office) -> None:
    gone, stays = many_closed(office, 2)
    same_person(office, stays, gone, same=True)
    assert ids(asked(office.guardian, stays)) == {stays.case_id, gone.case_id}
    destroyed(office, gone)
    assert ids(asked(office.guardian, stays)) == {stays.case_id}
    with pytest.raises(IsDestroyed):
        asked(office.guardian, gone)


def test_each_look_is_kept_with_its_reason_in_the_history_of_each(office: Office) -> None:
    one, other, elsewhere = office.register(), office.register(), office.register(person=3)
    who_asked(office.guardian, one.case_id, "complaint")
    first, second = kept(office, one)[-1], kept(office, other)[-1]
    assert (first.action, first.heading) == ("who_asked", Heading.CONSULTATION)
    assert dict(first.data) == {"why": "complaint", "found": 2, "restricted": ["not_own"]}
    assert (second.action, second.heading) == ("shown_by_who_asked", Heading.CONSULTATION)
    assert dict(second.data) == {"why": "complaint", "other": first.reference, "restricted": ["not_own"]}
    assert kept(office, elsewhere)[-1].action == "register"
    said = history(office.caseworker, other.case_id)[0].what
    assert said == f"was shown it among those that asked about the person of {first.reference}"
    restricted = journal_numbers(office.desk(Role.AUDITOR), JournalAsked(restricted=True))
    assert list(restricted) == [second.seq, first.seq]


def test_a_worry_about_one_of_them_stands_out(office: Office) -> None:
    one, other = office.register(), office.register()
    raise_concern(office.caseworker, RaiseConcern(command_id=str(uuid4()), case_id=other.case_id, why="A threat."))
    asked(office.guardian, one)
    assert kept(office, other)[-1].data["restricted"] == ["concern", "not_own"]


@pytest.mark.parametrize("why", ["", "casework", "Kowalczyk is my neighbour"])
def test_nobody_asks_without_a_reason(office: Office, why: str) -> None:
    draft = office.register()
    before = kept(office, draft)
    with pytest.raises(ReasonNeeded):
        who_asked(office.guardian, draft.case_id, why)
    assert kept(office, draft) == before


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.REVIEWER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_others_do_not_ask(office: Office, role: Role, tmp_path: Path) -> None:
    draft = office.register()
    found = asked(office.guardian, draft)
    with pytest.raises(Refused):
        asked(office.desk(role), draft)
    with pytest.raises(Refused):
        save_who_asked(office.desk(role), found, tmp_path / "found.csv")
    assert list(tmp_path.glob("*.csv")) == []


def test_it_tells_who_of_the_desk_looked(office: Office) -> None:
    one, other = office.register(), office.register()
    open_case(office.caseworker, one.case_id)
    open_case(office.caseworker, other.case_id)
    open_case(office.reviewer, other.case_id, "check")
    looked = {each.name: each.times for each in asked(office.guardian, one).looked}
    assert looked == {office.caseworker.user.name: 2, office.reviewer.user.name: 1}
    assert office.guardian.user.name in {each.name for each in asked(office.guardian, one).looked}


def test_what_was_found_is_saved_privately_and_that_is_kept(office: Office, tmp_path: Path) -> None:
    answered = office.in_state(State.ISSUED)
    found = asked(office.guardian, answered)
    out = tmp_path / "who-asked.csv"
    save_who_asked(office.guardian, found, out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    rows = list(csv.reader(out.read_text("utf-8-sig").splitlines()))
    assert rows[0][:2] == ["Received", "Case"]
    assert [row[1] for row in rows[1:]] == [one.reference for one in found.asked]
    assert (kept(office, answered)[-1].action, kept(office, answered)[-1].heading) == (
        "save_who_asked",
        Heading.DISCLOSURE,
    )
    before = kept(office, answered)
    with pytest.raises(FileExistsError):
        save_who_asked(office.guardian, found, out)
    assert kept(office, answered) == before
