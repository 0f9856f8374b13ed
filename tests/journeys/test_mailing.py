"""E-mail drafts: to a secure address on record, with the letter and nothing about anybody beside it."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from db import journal
from db.errors import RuleKept
from db.records import Action, Outcome, Role, State
from db.records_requesters import Body
from desktop.casework import accounts, issuing, outcomes, requesters
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done, Invalid, Refused
from desktop.casework.mailing import PrepareMail, mail_address, prepare_mail
from desktop.policy.requesters import secure_address
from tests.fixtures import Office, on
from tests.journeys.test_subject_access import asked, recorded, references

__all__ = ["asked"]

ID = "law-enforcement-tracing"


def on_record(office: Office, addresses: str = "@northshire.police.uk.example", last: date = date(2026, 12, 31)) -> int:
    desk = office.desk(Role.GUARDIAN)
    number = requesters.put_body(desk, requesters.PutBody(name="Northshire Police", addresses=addresses))
    given = requesters.Accredit(
        body_id=number, agreement_id=ID, reference="AC/1", valid_from=date(2026, 1, 1), valid_to=last
    )
    requesters.accredit(desk, given)
    return number


def issued(office: Office, **changes: Any) -> Done:
    done = office.release(office.traced(office.approve(office.submit(office.register(**changes)))))
    return issuing.issue(office.caseworker, issuing.Issue(**on(done)))


def drafted(office: Office, done: Done, out: Path) -> EmailMessage:
    prepare_mail(office.caseworker, PrepareMail(**on(done), out=out))
    message = message_from_bytes(out.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_draft_holds_the_very_letter_and_says_nothing_of_anybody(office: Office, tmp_path: Path) -> None:
    on_record(office)
    done = issued(office)
    out = tmp_path / "TR-000001-7.eml"
    message = drafted(office, done, out)
    assert message["X-Unsent"] == "1"
    assert message["To"] == "ecu@northshire.police.uk.example"
    assert message["From"].addresses[0].addr_spec == "tracing@meridian.example"
    assert message["Subject"] == "[secure] OFFICIAL-SENSITIVE TR-000001-7"
    assert message["Date"].datetime.date() == date(2026, 6, 10)
    assert message["Cc"] is message["Bcc"] is None
    body, attached = message.get_body(("plain",)), list(message.iter_attachments())
    assert body is not None
    said = body.get_content()
    assert "It is marked OFFICIAL-SENSITIVE." in said
    assert "01632 960148" in said
    case = case_page(office.caseworker, done.case_id).case
    names = f"{case.row.family_name} {case.row.given_names} Ropewalk Hale".split()
    assert not [name for name in names if name in said or name in str(message["Subject"])]
    stored = issuing.read_letter(office.caseworker, done.case_id)
    assert [one.get_filename() for one in attached] == ["TR-000001-7.pdf"]
    assert attached[0].get_content() == stored
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    raw = out.read_bytes()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert raw.isascii()


def test_a_draft_is_journalled_as_a_disclosure_without_the_address(office: Office, tmp_path: Path) -> None:
    on_record(office)
    done = issued(office)
    drafted(office, done, tmp_path / "a.eml")
    with office.entry.store.read() as tx:
        last = list(journal.entries(tx, case_id=done.case_id, limit=1000))[-1]
    assert (last.action, last.heading.value) == ("prepare_mail", "disclosure")
    assert "northshire" not in str(last.data).lower()
    assert last.data["letter"] == 1
    history = case_page(office.caseworker, done.case_id)
    assert not history.actions[Action.PREPARE_MAIL]


def test_nothing_that_was_typed_becomes_a_header(office: Office) -> None:
    from desktop.casework.mailing import draft

    on_record(office)
    done = issued(office)
    case = case_page(office.caseworker, done.case_id).case
    with office.entry.store.read() as tx:
        from db.people import organisation_of

        organisation = organisation_of(tx)
    evil = replace(organisation, name="A\r\nBcc: x@else.example", team="B\r\n\r\n")
    raw = draft(evil, case, "a@b.example", "OFFICIAL\r\nX: y", b"%PDF-1.7", office.entry.clock())
    message = message_from_bytes(raw, policy=policy.default)
    assert message.keys() == ["X-Unsent", "From", "To", "Date", "Subject", "MIME-Version", "Content-Type"]
    assert message["Subject"] == "[secure] OFFICIAL X: y TR-000001-7"
    assert len(message["To"].addresses) == len(message["From"].addresses) == 1


NO_ADDRESS = ("ünï@b.example", "<a@b.example>", "a;b@c.example", ".a@b.example", "\u212a@b.example", "a b@c.example")


@pytest.mark.parametrize("address", NO_ADDRESS)
def test_an_address_that_cannot_stand_in_a_draft_is_not_kept_and_one_that_is_kept_is_told(
    office: Office, tmp_path: Path, address: str
) -> None:
    desk, body = office.desk(Role.ADMINISTRATOR), accounts.organisation(office.entry)
    with pytest.raises(Invalid, match="Give an e-mail address"):
        accounts.save_organisation(desk, replace(body, email=address))
    on_record(office)
    done = issued(office)
    with office.entry.store.write() as tx:
        tx.execute(text("UPDATE organisation SET email = :email"), {"email": address})
    with pytest.raises(Refused, match="cannot stand in an e-mail"):
        prepare_mail(office.caseworker, PrepareMail(**on(done), out=tmp_path / "a.eml"))
    assert not list(tmp_path.glob("*.eml"))


@pytest.mark.parametrize(
    "reference",
    [
        "Kowalczyk 12", "999 012 3456/1", "4/11/1991", "4.11.91", "NSP/041191", "Nov 1991 LWA", "NB2 6QX",
        "Flat 3, 18 Tanners Row", "NSP/ECU/2026/331",
    ],
)  # fmt: skip
def test_nothing_that_a_requester_typed_stands_in_a_draft(office: Office, tmp_path: Path, reference: str) -> None:
    on_record(office)
    message = drafted(office, issued(office, requester__reference=reference), tmp_path / "a.eml")
    assert message["Subject"] == "[secure] OFFICIAL-SENSITIVE TR-000001-7"
    body = message.get_body(("plain",))
    assert body is not None
    assert reference not in body.get_content()
    assert reference not in str(message)


def test_it_goes_to_no_address_that_is_not_on_record_as_secure(office: Office, tmp_path: Path) -> None:
    done = issued(office)
    out = tmp_path / "a.eml"
    with pytest.raises(Refused, match="not on record"):
        prepare_mail(office.caseworker, PrepareMail(**on(done), out=out))
    number = on_record(office, addresses="@elsewhere.example")
    with pytest.raises(Refused, match="No secure address of Northshire Police"):
        prepare_mail(office.caseworker, PrepareMail(**on(done), out=out))
    assert not out.exists()
    assert "prepare_mail" not in actions(office, done)
    desk = office.desk(Role.GUARDIAN)
    change = requesters.PutBody(body_id=number, version=1, name="Northshire Police", addresses="box@nsp.example")
    requesters.put_body(desk, change)
    assert mail_address(office.caseworker, done.case_id) == "box@nsp.example"
    (body,) = requesters.bodies(desk)
    held = body.accreditations[0].id
    requesters.end_accreditation(
        desk,
        requesters.EndAccreditation(
            body_id=number, accreditation_id=held, on=office.entry.today(), because="They left the agreement."
        ),
    )
    with pytest.raises(Refused, match="not accredited"):
        mail_address(office.caseworker, done.case_id)


def actions(office: Office, done: Done) -> list[str]:
    with office.entry.store.read() as tx:
        return [one.action for one in journal.entries(tx, case_id=done.case_id, limit=1000)]


def test_a_letter_that_discloses_nothing_needs_no_accreditation_to_be_mailed(office: Office, tmp_path: Path) -> None:
    on_record(office, last=date(2026, 6, 5))
    done = office.approve(office.submit(office.register()))
    record = outcomes.Record(**on(done), outcome=Outcome.NO_TRACE, matched=(), values={})
    done = issuing.issue(office.caseworker, issuing.Issue(**on(outcomes.record(office.caseworker, record))))
    message = drafted(office, done, tmp_path / "a.eml")
    assert message["Subject"].startswith("[secure] OFFICIAL TR-000001-7")


def test_only_an_issued_letter_is_mailed(office: Office) -> None:
    done = office.in_state(State.DRAFT)
    with pytest.raises(Refused, match="No letter of this case is kept"):
        mail_address(office.caseworker, done.case_id)


def test_who_asks_for_themselves_is_written_to_by_post(office: Office, asked: tuple[Done, Done, Done, Done]) -> None:
    told, _kept, _other, mine = asked
    (reference,) = references(office, told)
    done = office.save(mine, register__told=[reference], register__why="Crime exemption.")
    done = office.release(recorded(office, office.approve(office.submit(done))))
    done = issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    with pytest.raises(Refused, match="no secure address on record"):
        mail_address(office.caseworker, done.case_id)


def test_a_file_that_is_there_stays_unless_it_was_to_be_replaced(office: Office, tmp_path: Path) -> None:
    on_record(office)
    done = issued(office)
    out = tmp_path / "a.eml"
    out.write_bytes(b"What was there before.")
    with pytest.raises(FileExistsError):
        prepare_mail(office.caseworker, PrepareMail(**on(done), out=out))
    assert out.read_bytes() == b"What was there before."
    assert "prepare_mail" not in actions(office, done)
    prepare_mail(office.caseworker, PrepareMail(**on(done), out=out, replace=True))
    assert out.read_bytes().startswith(b"X-Unsent: 1\r\n")


def test_the_store_knows_no_other_deed_of_a_letter(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    del done
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        tx.execute(
            text(
                "INSERT INTO letter_event (letter_id, action, done_by, done_at)"
                " SELECT id, 'send_mail', issued_by, issued_at FROM letter"
            )
        )


@pytest.mark.parametrize(
    ("given", "officer", "expected"),
    [
        ("ecu@police.example", "Joanne Hale", "ecu@police.example"),
        ("ECU@Police.Example", "", "ECU@Police.Example"),
        ("joanne@home.example", "Joanne Hale", "hale@police.example"),
        ("joanne@home.example", "joanne hale", "hale@police.example"),
        ("", "Gone Long", "box@cjsm.example"),
        ("", "Private Mail", "box@cjsm.example"),
        ("a@sub.police.example", "", "box@cjsm.example"),
        ("a@b@police.example", "", "box@cjsm.example"),
        ("<a>,b@police.example", "", "box@cjsm.example"),
        ("@police.example", "", "box@cjsm.example"),
    ],
)
def test_which_address_is_secure(given: str, officer: str, expected: str) -> None:
    from db.records_requesters import Officer
    from desktop.policy.people import name_key

    def one(name: str, email: str, left_on: date | None = None) -> Officer:
        return Officer(1, name, name_key(name), "", "", email, False, left_on)

    officers = (
        one("Joanne Hale", "hale@police.example"),
        one("Gone Long", "gone@police.example", date(2026, 6, 1)),
        one("Private Mail", "private@home.example"),
    )
    body = Body(1, "Police", "police", ("@police.example", "box@cjsm.example"), "", 1, officers)
    assert secure_address(body, given, officer, date(2026, 6, 10)) == expected
    nothing = Body(1, "Police", "police", ("@police.example",), "", 1)
    assert secure_address(nothing, "", "", date(2026, 6, 10)) == ""
