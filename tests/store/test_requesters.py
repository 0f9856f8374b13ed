"""Requesters as records: kept by two roles, guarded by the store, and held against each request."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from db.errors import RuleKept
from db.journal import entries
from db.records import Role, State
from db.records_requesters import Body
from desktop.casework.casepage import case_page
from desktop.casework.desk import Conflict, Desk, Invalid, Refused
from desktop.casework.intake import columns_for, look_through
from desktop.casework.requesters import (
    Accredit,
    EndAccreditation,
    PutBody,
    PutOfficer,
    accredit,
    bodies,
    end_accreditation,
    put_body,
    put_officer,
    remove_body,
    remove_officer,
)
from desktop.policy.tables import read_table
from tests.fixtures import Office

ID = "law-enforcement-tracing"
INSERTED = (
    "INSERT INTO accreditation"
    " (body_id, agreement_id, reference, valid_from, valid_to, given_by, given_at, ended_because)"
    " SELECT body_id, 'foi', '', valid_from, '2099-01-01', :caseworker, given_at, '' FROM accreditation"
)


def guardian(office: Office) -> Desk:
    return office.desk(Role.GUARDIAN)


def named(office: Office, name: str = "Northshire Police") -> Body:
    return next(one for one in bodies(guardian(office)) if one.name == name)


def put(office: Office, name: str = "Northshire Police", addresses: str = "@northshire.police.uk.example") -> int:
    return put_body(guardian(office), PutBody(name=name, addresses=addresses))


def given(office: Office, body_id: int, last: date = date(2026, 12, 31)) -> int:
    command = Accredit(body_id=body_id, agreement_id=ID, reference="AC/1", valid_from=date(2026, 1, 1), valid_to=last)
    return accredit(guardian(office), command)


def doubts_of(office: Office, case_id: int) -> list[str]:
    return [one.words for one in case_page(office.caseworker, case_id).standings if not one.good]


def test_a_body_with_all_that_belongs_to_it(office: Office) -> None:
    desk = guardian(office)
    body_id = put(
        office, addresses="@northshire.police.uk.example\n tracing@nsp.example \n@northshire.police.uk.example"
    )
    officer = put_officer(desk, PutOfficer(body_id=body_id, name=" Joanne Hale ", unit="ECU", countersigns=True))
    given(office, body_id)
    found = named(office)
    assert found.addresses == ("@northshire.police.uk.example", "tracing@nsp.example")
    assert [(one.id, one.name, one.unit, one.countersigns) for one in found.officers] == [
        (officer, "Joanne Hale", "ECU", True)
    ]
    assert [(one.agreement_id, one.valid_to) for one in found.accreditations] == [(ID, date(2026, 12, 31))]
    put_officer(desk, PutOfficer(body_id=body_id, officer_id=officer, name="Joanne Hale", left_on=date(2026, 5, 1)))
    assert named(office).officers[0].left_on == date(2026, 5, 1)
    remove_officer(desk, body_id, officer)
    assert named(office).officers == ()


def test_each_request_is_held_against_the_record(office: Office) -> None:
    done = office.register()
    body = str(case_page(office.caseworker, done.case_id).case.answers["requester.body"])
    assert case_page(office.caseworker, done.case_id).standings == (), "where no record is kept, nothing is said"
    put(office, "Somebody else", "")
    assert doubts_of(office, done.case_id)[0].startswith(f"{body} is not on record")
    body_id = put(office, body, "")
    assert "not accredited" in doubts_of(office, done.case_id)[0]
    number = given(office, body_id)
    assert doubts_of(office, done.case_id) == []
    command = EndAccreditation(
        body_id=body_id, accreditation_id=number, on=date(2026, 1, 2), because="Its officers shared a password."
    )
    end_accreditation(guardian(office), command)
    assert doubts_of(office, done.case_id)[0].endswith("2 January 2026: Its officers shared a password.")


def test_the_reviewer_sees_what_was_submitted_held_against_the_record(office: Office) -> None:
    done = office.in_state(State.SUBMITTED)
    put(office, "Somebody else", "")
    assert case_page(office.reviewer, done.case_id).standings[0].good is False


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.REVIEWER, Role.RECORDS_OFFICER, Role.AUDITOR])
def test_others_neither_change_nor_list_them(office: Office, role: Role) -> None:
    body_id = put(office)
    desk = office.desk(role)
    on = date(2026, 1, 1)
    mine = Accredit(body_id=body_id, agreement_id=ID, reference="", valid_from=on, valid_to=on)
    with pytest.raises(Refused):
        put_body(desk, PutBody(name="Mine", addresses=""))
    with pytest.raises(Refused):
        accredit(desk, mine)
    with pytest.raises(Refused):
        put_officer(desk, PutOfficer(body_id=body_id, name="A"))
    with pytest.raises(Refused):
        remove_body(desk, body_id)
    with pytest.raises(Refused):
        bodies(desk)


def test_the_same_name_however_it_is_written_is_one_body_and_one_officer(office: Office) -> None:
    body_id = put(office)
    with pytest.raises(Invalid, match="on record already"):
        put(office, "NORTHSHIRE police")
    put_officer(guardian(office), PutOfficer(body_id=body_id, name="Zoë Hale"))
    with pytest.raises(Invalid, match="on record already"):
        put_officer(guardian(office), PutOfficer(body_id=body_id, name="zoe hale"))


def test_two_who_change_one_body_do_not_overwrite_each_other(office: Office) -> None:
    body_id = put(office)
    put_body(guardian(office), PutBody(body_id=body_id, version=1, name="Northshire Police", addresses="", note="a"))
    with pytest.raises(Conflict):
        put_body(
            guardian(office), PutBody(body_id=body_id, version=1, name="Northshire Police", addresses="", note="b")
        )
    assert named(office).note == "a"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (PutBody(name=" ", addresses=""), "Give the body’s name"),
        (PutBody(name="…", addresses=""), "letters or figures"),
        (PutBody(name="A\nB", addresses=""), "line"),
        (PutBody(name="A", addresses="police.uk"), "neither"),
        (PutBody(name="A" * 201, addresses=""), "200"),
    ],
)
def test_a_body_that_is_not_right_is_said_so(office: Office, command: PutBody, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        put_body(guardian(office), command)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (None, date(2026, 1, 1), "first day"),
        (date(2026, 1, 1), None, "always ends"),
        (date(2026, 1, 2), date(2026, 1, 1), "before the first"),
    ],
)
def test_an_accreditation_has_a_first_and_a_last_day(
    office: Office, first: date | None, last: date | None, words: str
) -> None:
    body_id = put(office)
    command = Accredit(body_id=body_id, agreement_id=ID, reference="", valid_from=first, valid_to=last)
    with pytest.raises(Invalid, match=words):
        accredit(guardian(office), command)


def test_an_accreditation_ends_once_within_its_time_and_with_a_reason(office: Office) -> None:
    body_id = put(office)
    number = given(office, body_id)

    def end(on: date | None, because: str = "Over.") -> None:
        command = EndAccreditation(body_id=body_id, accreditation_id=number, on=on, because=because)
        end_accreditation(guardian(office), command)

    for on, because in ((None, "x"), (date(2027, 1, 1), "x"), (date(2025, 1, 1), "x"), (date(2026, 2, 1), " ")):
        with pytest.raises(Invalid):
            end(on, because)
    end(date(2026, 2, 1))
    with pytest.raises(Refused, match="ended before"):
        end(date(2026, 3, 1))


def test_what_was_accredited_stays_and_the_rest_can_go(office: Office) -> None:
    desk = guardian(office)
    body_id = put(office)
    put_officer(desk, PutOfficer(body_id=body_id, name="A"))
    remove_body(desk, body_id)
    assert bodies(desk) == ()
    again = put(office)
    given(office, again)
    with pytest.raises(Refused, match="stays on record"):
        remove_body(desk, again)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM accreditation",
        "UPDATE accreditation SET valid_to = '2099-01-01'",
        "UPDATE accreditation SET body_id = 2",
        "UPDATE accreditation SET ended_on = '2026-02-01', ended_because = 'x', ended_by = :caseworker",
        "UPDATE accreditation SET ended_on = '2026-02-01', ended_because = ' ', ended_by = :guardian",
        INSERTED,
        "DELETE FROM requester_body",
        "UPDATE requester_body SET name = 'x', version = version + 1, changed_by = :caseworker",
        "UPDATE requester_body SET name = 'x'",
    ],
)
def test_the_store_keeps_it_against_sql_too(office: Office, sql: str) -> None:
    given(office, put(office))
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        tx.execute(text(sql), {"caseworker": office.caseworker.user.id, "guardian": guardian(office).user.id})


def test_the_journal_says_who_did_what_and_names_nobody(office: Office) -> None:
    desk = guardian(office)
    body_id = put(office)
    officer = put_officer(desk, PutOfficer(body_id=body_id, name="Joanne Hale", email="j.hale@x.example"))
    given(office, body_id)
    remove_officer(desk, body_id, officer)
    with office.entry.store.read() as tx:
        told = [one for one in entries(tx, limit=1000) if "requester" in one.data]
    assert [one.action for one in told] == ["add_requester", "add_officer", "accredit", "remove_officer"]
    assert "Hale" not in str([one.data for one in told])


def test_rows_of_a_file_are_held_against_the_record_and_imported_all_the_same(office: Office) -> None:
    put(office, "Somebody else", "")
    rows = ["Organisation,Our ref,Received,Surname,Officer"]
    rows += [f"Northshire Police,R{number},1 June 2026,Kowalczyk,Joanne Hale" for number in range(5)]
    content = "\n".join(rows).encode()
    table = read_table(content)
    desk = office.caseworker
    batch = look_through(desk, ID, content, table, columns_for(desk, ID, table))
    assert len(batch.good) == 5
    assert [(one.words[:37], one.rows) for one in batch.doubts] == [
        ("Northshire Police is not on record. A", (2, 3, 4, 5, 6))
    ]
