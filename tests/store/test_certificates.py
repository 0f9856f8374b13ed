"""The organisation's certificate: there from the first day, signs each letter, and is replaced by an administrator."""

from __future__ import annotations

import hashlib
import os
import sys
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import page
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import text

from db import certificates as stored
from db import journal
from db.errors import RuleKept
from db.records import LetterKind, Role, State
from db.store import create_store
from desktop.casework import issuing, notices
from desktop.casework.certificates import (
    ImportCertificate,
    MakeCertificate,
    certificates,
    import_certificate,
    make_certificate,
    save_certificate_page,
)
from desktop.casework.desk import Desk, Done, Invalid, Refused
from desktop.casework.lettercheck import Whose, check_letter
from desktop.casework.sample import MovingClock
from desktop.casework.verifying import verify_store
from desktop.letters.pages import render
from desktop.security.certificates import Identity, facts_of, make_identity
from desktop.security.signing import State as Found
from desktop.security.signing import check, sign
from desktop.security.signingsecrets import PREFIX
from tests.fixtures import KEY, NOW, Office, make_entry, on, staffed
from tests.journeys.rectification import given, released, tell
from tests.letters.factory import letter as facts
from tests.letters.reading import pages_of, text_of
from tests.letters.signers import AT, PASSWORD, ec_key, from_authority, issued, packed

__all__ = ["given"]


def admin(office: Office) -> Desk:
    return office.desk(Role.ADMINISTRATOR)


def letter(office: Office, tmp_path: Path, name: str = "letter.pdf") -> Path:
    """An issued letter, saved."""
    path = tmp_path / name
    done = office.in_state(State.ISSUED)
    path.write_bytes(issuing.read_letter(office.caseworker, done.case_id))
    return path


def set_clock(office: Office, at: datetime) -> None:
    clock = office.entry.clock
    assert isinstance(clock, MovingClock)
    clock.at = at


def actions(office: Office) -> list[str]:
    with office.entry.store.read() as tx:
        return [one.action for one in journal.entries(tx)]


def test_a_store_begins_with_a_certificate_of_its_organisation(office: Office) -> None:
    found = certificates(admin(office))
    (held,) = found.held
    assert (found.matter, found.usable) == ("", True)
    assert held.facts.name == "Meridian Health Records"
    assert held.facts.valid_at(office.entry.clock())
    assert held.stored.made_by == ""
    assert actions(office)[:2] == ["set_up", "first_certificate"]


def test_a_strangers_name_is_one_line_that_turns_nothing_round_and_has_an_end(tmp_path: Path) -> None:
    key = ec_key()
    name = "Meridian\r\nIt is sound.\x1b[2J \u202edrahciR\u2028 \x00\xad Records"
    identity = Identity(key, issued(name, key))
    path = tmp_path / "letter.pdf"
    path.write_bytes(sign(render(facts(LetterKind.REFUSAL)), identity, AT))
    said = " ".join(check_letter(None, path).sentences())
    assert "names Meridian It is sound. [2J drahciR Records." in said
    assert not [c for c in said if unicodedata.category(c)[0] in "CZ" and c != " "]
    units = [x509.NameAttribute(x509.NameOID.ORGANIZATIONAL_UNIT_NAME, "A" * 60) for _ in range(20)]
    long = x509.CertificateBuilder().subject_name(x509.Name(units)).issuer_name(x509.Name(units))
    long = long.public_key(key.public_key()).serial_number(1).not_valid_before(AT).not_valid_after(AT)
    assert len(facts_of(long.sign(key, SHA256())).name) == 201


def test_an_issued_letter_is_signed_and_its_preview_is_not(office: Office, tmp_path: Path) -> None:
    done = office.in_state(State.RELEASED)
    before = issuing.preview(office.caseworker, done.case_id)
    assert check(before.pdf).state is Found.UNSIGNED
    issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    pdf = issuing.read_letter(office.caseworker, done.case_id)
    assert check(pdf).state is Found.INTACT
    assert pages_of(pdf) == pages_of(before.pdf)
    with office.entry.store.read() as tx:
        kept = tx.execute(text("SELECT sha256, issued_at FROM letter")).one()
        last = [one for one in journal.entries(tx) if one.action == "issue"][-1]
    assert kept.sha256 == last.data["sha256"] == hashlib.sha256(pdf).hexdigest()
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf)
    found = check_letter(office.entry, path)
    assert found.good
    assert found.whose is Whose.CURRENT
    assert found.found.signed_at == last.at.replace(microsecond=0)


def test_a_notice_of_correction_is_signed(office: Office, given: Done) -> None:
    done = tell(office, released(office, given))
    with office.entry.store.read() as tx:
        notice_id = tx.execute(text("SELECT owed_id FROM notice")).scalar_one()
    pdf = notices.read_notice(office.caseworker, done.case_id, notice_id)
    assert check(pdf).state is Found.INTACT


def test_an_administrator_replaces_it_and_earlier_letters_stay_the_desks(office: Office, tmp_path: Path) -> None:
    before = letter(office, tmp_path)
    make_certificate(admin(office), MakeCertificate(because="The key may have been seen."))
    after = letter(office, tmp_path, "after.pdf")
    assert check_letter(office.entry, before).whose is Whose.EARLIER
    assert check_letter(office.entry, before).good
    assert check_letter(office.entry, after).whose is Whose.CURRENT
    held = certificates(admin(office)).held
    assert [one.stored.because for one in held] == ["The key may have been seen.", ""]
    assert held[0].stored.made_by == admin(office).user.name
    assert actions(office).count("make_certificate") == 1
    # The password of the one before is gone: nobody signs with it again.
    names = [one.name for one in office.entry.store.path.parent.glob(f"{PREFIX}*")]
    assert names == [f"{PREFIX}{held[0].facts.fingerprint[:16]}"]


def test_one_of_an_authority_is_imported(office: Office, tmp_path: Path) -> None:
    command = ImportCertificate(content=from_authority(), password=PASSWORD, because="Recipients’ readers know it.")
    import_certificate(admin(office), command)
    found = check_letter(office.entry, letter(office, tmp_path))
    assert found.good
    assert found.whose is Whose.CURRENT
    assert found.found.signer is not None
    assert found.found.signer.issuer == "Invented Authority"
    with pytest.raises(Invalid, match="already"):
        import_certificate(admin(office), command)
    assert letter(office, tmp_path, "again.pdf").exists()


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.ADMINISTRATOR])
def test_nobody_else_replaces_or_sees_it(office: Office, role: Role) -> None:
    desk = office.desk(role)
    with pytest.raises(Refused):
        certificates(desk)
    with pytest.raises(Refused):
        make_certificate(desk, MakeCertificate(because="Why not."))
    with pytest.raises(Refused):
        import_certificate(desk, ImportCertificate(content=b"", password="", because="Why not."))


def test_it_is_not_replaced_without_a_reason_or_by_a_bad_file(office: Office) -> None:
    desk = admin(office)
    with pytest.raises(Invalid) as no_reason:
        make_certificate(desk, MakeCertificate(because=" "))
    assert [one.field for one in no_reason.value.problems] == ["because"]
    key = ec_key()
    file = packed(key, issued("Meridian Health Records", key))
    for content, password, field in ((file, "wrong", "password"), (file[:-20], PASSWORD, "file")):
        with pytest.raises(Invalid) as bad:
            import_certificate(desk, ImportCertificate(content=content, password=password, because="New."))
        assert [one.field for one in bad.value.problems] == [field]
    assert len(certificates(desk).held) == 1
    assert not {"make_certificate", "import_certificate"} & {*actions(office)}


def test_a_letter_of_another_body_of_the_same_name_is_not_the_desks(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir(mode=0o700)
    store = create_store(folder, KEY)
    theirs = letter(staffed(make_entry(store)), tmp_path)
    store.close()
    found = check_letter(office.entry, theirs)
    assert found.found.state is Found.INTACT
    assert found.whose is Whose.OTHER
    assert not found.good
    worst, *others = found.sentences()
    assert worst.startswith("It was not signed by this desk")
    assert worst.endswith("Do not rely on it.")
    assert "Not one byte of it was changed since it was signed." in others
    assert check_letter(None, theirs).good
    assert check_letter(None, theirs).whose is Whose.UNKNOWN


def test_a_letter_dated_outside_its_certificate_is_not_good(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    identity = make_identity("Meridian Health Records", NOW)
    path.write_bytes(sign(render(facts(LetterKind.NO_TRACE)), identity, NOW - timedelta(days=1)))
    found = check_letter(None, path)
    assert found.found.state is Found.INTACT
    assert not found.good
    assert found.sentences()[0] == "The certificate was not valid when it was signed. Do not rely on it."


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes among its files")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "letter.pdf"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path):
        with pytest.raises(OSError, match="It is not a file"):
            check_letter(None, path)


def lose_password(office: Office) -> None:
    """As where the store was opened with its recovery key on another computer."""
    for path in office.entry.store.path.parent.glob(f"{PREFIX}*"):
        path.unlink()


def test_without_its_password_nothing_is_issued_and_everyone_is_told_what_to_do(office: Office, tmp_path: Path) -> None:
    before = letter(office, tmp_path)
    done = office.in_state(State.RELEASED)
    lose_password(office)
    elsewhere = staffed_again(office)
    with pytest.raises(Refused, match="Ask an administrator to make or import a certificate"):
        issuing.issue(elsewhere.caseworker, issuing.Issue(**on(done)))
    with elsewhere.entry.store.read() as tx:
        assert tx.execute(text("SELECT COUNT(*) FROM letter")).scalar() == 1
    found = certificates(admin(elsewhere))
    assert not found.usable
    assert "does not open here" in found.matter
    assert found.matter in dict(verify_store(elsewhere.entry).checks)["Certificate"]
    make_certificate(admin(elsewhere), MakeCertificate(because="The computer was lost."))
    assert certificates(admin(elsewhere)).matter == ""
    issuing.issue(elsewhere.caseworker, issuing.Issue(**on(done)))
    assert check_letter(elsewhere.entry, before).whose is Whose.EARLIER
    assert check_letter(elsewhere.entry, before).good


def staffed_again(office: Office) -> Office:
    """The same store, opened anew."""
    secrets = make_entry(office.entry.store).secrets
    return Office(
        replace(office.entry, secrets=secrets),
        {role: replace(desk, secrets=secrets) for role, desk in office.desks.items()},
    )


def test_its_end_is_told_of_30_days_before_and_then_nothing_is_signed(office: Office, tmp_path: Path) -> None:
    end = certificates(admin(office)).held[0].facts.valid_to
    before = letter(office, tmp_path)
    set_clock(office, end - timedelta(days=30, minutes=5))
    assert certificates(admin(office)).matter == ""
    set_clock(office, end - timedelta(days=29))
    soon = certificates(admin(office))
    assert soon.usable
    assert "ends on 10 June 2031" in soon.matter
    set_clock(office, NOW)
    done = office.in_state(State.RELEASED)
    set_clock(office, end + timedelta(days=1))
    with pytest.raises(Refused, match="ended on 10 June 2031"):
        issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    assert not certificates(admin(office)).usable
    # What was signed while it was valid stays good.
    assert check_letter(office.entry, before).good


def test_a_clock_that_is_behind_signs_nothing(office: Office) -> None:
    done = office.in_state(State.RELEASED)
    set_clock(office, NOW - timedelta(days=400))
    with pytest.raises(Refused, match="clock"):
        issuing.issue(office.caseworker, issuing.Issue(**on(done)))


_INSERT = (
    "INSERT INTO certificate ({id}fingerprint, der, packed, imported, because, made_by, made_at)"
    " SELECT {number}'ab', der, packed, 0, '{because}', {who}, made_at FROM certificate"
)
_CASEWORKER = "(SELECT id FROM user WHERE role = 'caseworker')"
_ADMINISTRATOR = "(SELECT id FROM user WHERE role = 'administrator')"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE certificate SET der = x'00'",
        "UPDATE certificate SET packed = x'00'",
        "DELETE FROM certificate",
        "INSERT OR REPLACE INTO certificate SELECT * FROM certificate",
        _INSERT.format(id="", number="", because="Why.", who="NULL"),
        _INSERT.format(id="", number="", because="Why.", who=_CASEWORKER),
        _INSERT.format(id="", number="", because=" ", who=_ADMINISTRATOR),
        _INSERT.format(id="id, ", number="1, ", because="Why.", who=_ADMINISTRATOR),
    ],
)
def test_sql_cannot_change_forget_or_slip_in_a_certificate(office: Office, sql: str) -> None:
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        tx.execute(text(sql))
    with office.entry.store.read() as tx:
        assert len(stored.certificates(tx)) == 1


def test_an_administrator_who_was_switched_off_replaces_nothing(office: Office) -> None:
    with office.entry.store.write() as tx:
        tx.execute(text("UPDATE user SET active = 0 WHERE role = 'administrator'"))
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        tx.execute(text(_INSERT.format(id="", number="", because="Why.", who=_ADMINISTRATOR)))
    with pytest.raises(Refused, match="Sign in again"):
        make_certificate(admin(office), MakeCertificate(because="Why."))


def test_sql_puts_one_in_use_only_as_an_administrator_does(office: Office) -> None:
    with office.entry.store.write() as tx:
        tx.execute(text(_INSERT.format(id="", number="", because="Why.", who=_ADMINISTRATOR)))
        assert stored.packed(tx) is not None
        assert stored.certificates(tx)[0].fingerprint == "ab"


def test_the_page_for_recipients_says_how_to_check_a_letter(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    save_certificate_page(admin(office), path)
    facts = certificates(admin(office)).held[0].facts
    assert len(pages_of(path.read_bytes())) == 1
    said = text_of(path.read_bytes())
    assert facts.fingerprint[:4].upper() in said
    assert "".join(said.split()).count(facts.fingerprint[-4:].upper()) >= 1
    for words in ("Meridian Health Records", "10 June 2026 to 10 June 2031", "compare its SHA-256 fingerprint"):
        assert words in said
    for profile in ("ua1", "2a"):
        assert "no failures" in str(page.validate_pdf(str(path), profile=profile))
    assert actions(office)[-1] == "save_certificate_page"
    with pytest.raises(FileExistsError):
        save_certificate_page(admin(office), path)
