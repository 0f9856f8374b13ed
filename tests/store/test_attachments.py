"""Attachments: what is kept, what is refused, what a submission fixes, and that nothing of a removed file is left."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from db import journal
from db.attachments import LARGEST_CASE, LARGEST_FILE, content_of
from db.errors import RuleKept
from db.records import Heading, Relation, Role, State
from db.records_views import RegisterFilter
from db.schema import metadata
from db.store import FILE
from desktop.casework import attachments, links, returning, waiting
from desktop.casework.attachments import AddAttachment, RemoveAttachment
from desktop.casework.casepage import case_page, changes_since_sent_back
from desktop.casework.desk import Conflict, Done, Invalid, Refused
from desktop.casework.verifying import verify_store
from tests.fixtures import KEY, Office, on
from tests.store.test_separation import as_role

PDF = b"%PDF-1.4\n% nothing but a head\n"


def add(office: Office, done: Done, content: bytes = PDF, name: str = "request.pdf") -> Done:
    return attachments.add_attachment(office.caseworker, AddAttachment(**on(done), name=name, content=content))


def held(office: Office, done: Done) -> tuple[attachments.Attachment, ...]:
    return case_page(office.caseworker, done.case_id).attachments


def remove(office: Office, done: Done, number: int) -> Done:
    command = RemoveAttachment(**on(done), attachment_id=number)
    return attachments.remove_attachment(office.caseworker, command)


def test_a_file_is_kept_with_its_kind_its_hash_and_who_added_it(office: Office) -> None:
    done = add(office, office.register(), name="../a\u202eb.exe")
    (one,) = held(office, done)
    assert (one.name, one.media_type, one.size) == ("ab.exe", "application/pdf", len(PDF))
    assert one.sha256 == hashlib.sha256(PDF).hexdigest()
    assert one.added_by_name == office.caseworker.user.name
    assert attachments.read_attachment(office.reviewer, done.case_id, one.id) == PDF
    assert attachments.copy_name("TR-000001-7", one) == f"TR-000001-7-attachment-{one.id}.pdf"


def test_looking_at_a_file_is_journalled_as_a_consultation(office: Office) -> None:
    done = add(office, office.register())
    attachments.read_attachment(office.reviewer, done.case_id, held(office, done)[0].id)
    with office.entry.store.read() as tx:
        last = list(journal.entries(tx, case_id=done.case_id))[-1]
    assert (last.action, last.heading, last.actor) == (
        "read_attachment",
        Heading.CONSULTATION,
        office.reviewer.user.name,
    )


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_roles_that_see_no_names_read_no_files(office: Office, role: Role) -> None:
    done = add(office, office.register())
    with pytest.raises(Refused, match="not whom they are about"):
        attachments.read_attachment(office.desk(role), done.case_id, held(office, done)[0].id)


def test_a_file_of_another_case_is_not_given_out(office: Office) -> None:
    done, other = add(office, office.register()), office.register()
    with pytest.raises(Refused, match="not in the case"):
        attachments.read_attachment(office.caseworker, other.case_id, held(office, done)[0].id)


def test_a_saved_copy_is_private_journalled_and_never_overwrites(office: Office, tmp_path: Path) -> None:
    done = add(office, office.register())
    number, out = held(office, done)[0].id, tmp_path / "copy.pdf"
    attachments.copy_attachment(office.caseworker, done.case_id, number, out)
    assert out.read_bytes() == PDF
    assert os.name == "nt" or out.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        attachments.copy_attachment(office.caseworker, done.case_id, number, out)
    with office.entry.store.read() as tx:
        assert list(journal.entries(tx, case_id=done.case_id))[-1].heading is Heading.DISCLOSURE


def test_a_copy_takes_the_place_of_a_file_once_it_is_whole_and_journalled(office: Office, tmp_path: Path) -> None:
    done = add(office, office.register())
    number, out = held(office, done)[0].id, tmp_path / "copy.pdf"
    out.write_bytes(b"What was there before.")
    out.chmod(0o644)
    with pytest.raises(Refused):
        attachments.copy_attachment(office.caseworker, done.case_id, number + 1, out, replace=True)
    assert out.read_bytes() == b"What was there before."
    assert list(tmp_path.glob(".new-*")) == []
    attachments.copy_attachment(office.caseworker, done.case_id, number, out, replace=True)
    assert out.read_bytes() == PDF
    assert os.name == "nt" or out.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob(".new-*")) == []


def test_the_same_file_is_noticed_here_and_elsewhere(office: Office) -> None:
    done, other = add(office, office.register()), office.register()
    with pytest.raises(Invalid, match=r"attached already, as “request\.pdf”"):
        add(office, done, name="again.pdf")
    add(office, other)
    assert held(office, done)[0].also_in == (case_page(office.caseworker, other.case_id).case.row.reference,)


def test_limits_are_kept_and_said(office: Office) -> None:
    done = office.register()
    with pytest.raises(Invalid, match="10 MB a file and 50 MB a case"):
        add(office, done, b"x" * (LARGEST_FILE + 1))
    for number in range(5):
        done = add(office, done, bytes([65 + number]) * LARGEST_FILE, f"{number}.txt")
    with pytest.raises(Invalid, match="too large together"):
        add(office, done, b"One more.")
    assert sum(one.size for one in held(office, done)) == LARGEST_CASE
    done = remove(office, done, held(office, done)[0].id)
    add(office, done, b"One more.")


def test_a_program_by_another_name_is_refused_and_nothing_is_kept(office: Office) -> None:
    done = office.register()
    with pytest.raises(Invalid, match="a program for Windows") as error:
        add(office, done, b"MZ" + bytes(100), "request.pdf")
    assert error.value.problems[0].field == "file"
    assert held(office, done) == ()


@pytest.mark.parametrize("state", [one for one in State if one not in (State.DRAFT, State.SENT_BACK, State.HELD)])
def test_files_come_and_go_only_while_the_request_is_open(office: Office, state: State) -> None:
    if state is State.DESTROYED:
        return
    done = office.in_state(state)
    with pytest.raises(Refused):
        add(office, done)


def test_a_submission_fixes_the_files_that_the_reviewer_saw(office: Office) -> None:
    done = office.submit(add(office, office.register()))
    page = case_page(office.reviewer, done.case_id)
    assert page.case.submissions[-1].snapshot["attachments"] == [["request.pdf", hashlib.sha256(PDF).hexdigest()]]
    from desktop.casework import decisions

    back = decisions.send_back(office.reviewer, office.decide(done, reasons="And the authority?"))
    (one,) = held(office, back)
    with pytest.raises(Refused, match="stays with the case"):
        remove(office, back, one.id)
    again = office.submit(add(office, back, b"The authority.", "authority.txt"))
    (change,) = changes_since_sent_back(case_page(office.reviewer, again.case_id))
    assert (change.label, change.before.count("\n"), change.after.count("\n")) == ("Attachments", 0, 1)
    assert "authority.txt" in change.after


def test_a_submission_without_files_is_as_it_was_before_there_were_any(office: Office) -> None:
    done = office.submit(office.register())
    assert "attachments" not in case_page(office.reviewer, done.case_id).case.submissions[-1].snapshot


def test_who_adds_a_file_is_an_author(office: Office) -> None:
    done = add(office, office.register())
    as_role(office.reviewer, Role.CASEWORKER)
    with office.entry.store.write() as tx:
        tx.execute(
            text(
                "INSERT INTO attachment (case_id, name, media_type, size, sha256, content, added_by, added_at)"
                " VALUES (:id, 'n', 'text/plain', 1, 'x', X'61', :who, '2026-06-10T09:00:00.000000Z')"
            ),
            {"id": done.case_id, "who": office.reviewer.user.id},
        )
    assert office.reviewer.user.id in case_page(office.caseworker, done.case_id).case.authors


def test_d25_a_double_click_attaches_once(office: Office) -> None:
    done = office.register()
    command = AddAttachment(**on(done), name="a.pdf", content=PDF)
    assert attachments.add_attachment(office.caseworker, command) == attachments.add_attachment(
        office.caseworker, command
    )
    assert len(held(office, done)) == 1


def test_two_windows_do_not_change_the_files_under_each_other(office: Office) -> None:
    done = office.register()
    add(office, done)
    with pytest.raises(Conflict, match="changed this case"):
        add(office, done, b"Another.", "b.txt")
    with pytest.raises(Conflict, match="changed this case"):
        office.submit(done)


SQL_THAT_IS_REFUSED = {
    "other bytes": "UPDATE attachment SET content = X'61', size = 1",
    "other name": "UPDATE attachment SET name = 'x'",
    "removed after submission": "UPDATE attachment SET name = '', sha256 = '', content = NULL, removed_by = 1,"
    " removed_at = '2026-06-10T09:00:00.000000Z'",
    "deleted": "DELETE FROM attachment",
    "replaced": "INSERT OR REPLACE INTO attachment SELECT * FROM attachment",
    "unsubmitted": "UPDATE attachment SET submitted = NULL",
    "moved": "UPDATE attachment SET case_id = 2",
    "added late": "INSERT INTO attachment (case_id, name, media_type, size, sha256, content, added_by, added_at)"
    " SELECT 1, 'x', media_type, 1, 'x', X'61', 1, added_at FROM attachment",
    "without bytes": "INSERT INTO attachment (case_id, name, media_type, size, sha256, added_by, added_at)"
    " SELECT 2, 'x', media_type, 1, 'x', 1, added_at FROM attachment",
    "of another size": "INSERT INTO attachment (case_id, name, media_type, size, sha256, content, added_by, added_at)"
    " SELECT 2, 'x', media_type, 2, 'x', X'61', 1, added_at FROM attachment",
    "too large": "INSERT INTO attachment (case_id, name, media_type, size, sha256, content, added_by, added_at)"
    " SELECT 2, 'x', media_type, 10485761, 'x', zeroblob(10485761), 1, added_at FROM attachment",
    "submitted in none": "INSERT INTO attachment (case_id, name, media_type, size, sha256, content, added_by, added_at,"
    " submitted) SELECT 2, 'x', media_type, 1, 'x', X'61', 1, added_at, 1 FROM attachment",
}


@pytest.mark.parametrize("name", SQL_THAT_IS_REFUSED)
def test_d19_direct_sql_changes_no_file_after_submission(office: Office, name: str) -> None:
    office.submit(add(office, office.register()))
    office.register()
    with office.entry.store.read() as tx:
        tx.exec_driver_sql("PRAGMA recursive_triggers = OFF")
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        tx.exec_driver_sql(SQL_THAT_IS_REFUSED[name])


def test_sql_cannot_attach_the_same_file_twice_or_more_than_there_is_room_for(office: Office) -> None:
    add(office, office.register())
    again = (
        "INSERT INTO attachment (case_id, name, media_type, size, sha256, content, added_by, added_at)"
        " SELECT 1, 'x', media_type, size, sha256, content, 1, added_at FROM attachment"
    )
    with pytest.raises(RuleKept, match="attached already"), office.entry.store.write() as tx:
        tx.exec_driver_sql(again)
    with office.entry.store.write() as tx:
        for digest in "12345":
            tx.execute(text(FULL), {"digest": digest, "size": LARGEST_FILE - 100})
    with pytest.raises(RuleKept, match="too large"), office.entry.store.write() as tx:
        tx.execute(text(FULL), {"digest": "6", "size": 1000})


FULL = (
    "INSERT INTO attachment (case_id, name, media_type, size, sha256, content, added_by, added_at)"
    " VALUES (1, 'x', 'text/plain', :size, :digest, zeroblob(:size), 1, '2026-06-10T09:00:00.000000Z')"
)


def test_verify_finds_a_changed_file_and_a_lifted_guard(office: Office) -> None:
    done = add(office, office.register())
    assert not [one for _name, faults in verify_store(office.entry).checks for one in faults]
    with office.entry.store.write() as tx:
        tx.exec_driver_sql("DROP TRIGGER attachment_fixed")
        tx.exec_driver_sql("UPDATE attachment SET content = X'25504446', size = 4")
    found = " ".join(one for _name, faults in verify_store(office.entry).checks for one in faults)
    assert "attachment_fixed is missing" in found
    assert f"of {case_page(office.caseworker, done.case_id).case.row.reference} was changed" in found


def plain_bytes(path: Path) -> bytes:
    """Every page of the file decrypted, live and free ones alike (SQLCipher 4: AES-256-CBC, 80 bytes reserved)."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    held, size, reserved, salt = path.read_bytes(), 4096, 80, 16
    plain = []
    for start in range(0, len(held), size):
        page = held[start : start + size]
        end = size - reserved
        cipher = Cipher(algorithms.AES(KEY), modes.CBC(page[end : end + 16])).decryptor()
        plain.append(cipher.update(page[salt if start == 0 else 0 : end]))
    return b"".join(plain)


def test_nothing_of_a_file_is_ever_written_in_clear(office: Office) -> None:
    marker = secrets.token_hex(20).encode()
    add(office, office.register(), b"A text with " + marker, f"{marker.decode()}.txt")
    folder = office.entry.store.path.parent
    assert all(marker not in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_nothing_of_a_removed_file_is_left_in_the_store_or_its_log(office: Office) -> None:
    marker = secrets.token_hex(20)
    done = add(office, office.register(), f"{marker}\n".encode() * 50_000, f"{marker}.txt")
    store = office.entry.store
    log = store.path.with_name(f"{FILE}-wal")
    assert log.stat().st_size > 0
    store.empty_log()
    # The marker is found where it is: so it would be found where it should not be.
    assert plain_bytes(store.path).count(marker.encode()) > 40_000
    remove(office, done, held(office, done)[0].id)
    (row,) = _rows(office, "attachment")
    assert (row["name"], row["sha256"], row["content"]) == ("", "", None)
    assert log.stat().st_size == 0
    assert marker.encode() not in plain_bytes(store.path)


def _rows(office: Office, table: str) -> list[dict[str, Any]]:
    with office.entry.store.read() as tx:
        return [dict(row._mapping) for row in tx.execute(metadata.tables[table].select())]


def test_d5_every_column_that_may_hold_a_marker_is_wiped_with_the_case(office: Office) -> None:
    marker = secrets.token_hex(12)
    done = add(office, office.register(), f"It says {marker}.".encode(), f"{marker}.txt")
    other = office.register()
    reference = case_page(office.caseworker, other.case_id).case.row.reference
    links.link_cases(
        office.caseworker,
        links.LinkCases(command_id="1", case_id=done.case_id, reference=reference, kind=Relation.RELATED),
    )
    done = returning.return_to_requester(
        office.caseworker, returning.Dated(**on(done), on=office.entry.today(), reasons=marker)
    )
    waiting.chase(office.caseworker, waiting.Chase(**on(done), on=office.entry.today(), note=f"Said {marker}."))
    digest = hashlib.sha256(f"It says {marker}.".encode()).hexdigest()
    kept: set[str] = set()
    wiped: set[str] = set()
    for table in metadata.sorted_tables:
        for row in _rows(office, table.name):
            for column in table.columns:
                value = row[column.name]
                words = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                if marker in words or digest in words:
                    (wiped if column.info["disposal"] == "wipe" else kept).add(f"{table.name}.{column.name}")
    assert kept == set()
    assert {"attachment.name", "attachment.content", "attachment.sha256", "chase.note", "pause.reason"} <= wiped


def test_d15_no_other_row_holds_a_copy_of_a_file(office: Office) -> None:
    marker = secrets.token_hex(12)
    done = add(office, office.register(), f"It says {marker}.".encode(), "a.txt")
    office.submit(office.save(done, necessity__statement="Changed."))
    holding = {
        table.name
        for table in metadata.sorted_tables
        for row in _rows(office, table.name)
        if any(marker in (v.decode("latin-1") if isinstance(v, bytes) else str(v)) for v in row.values())
    }
    assert holding == {"attachment"}


def test_d10_a_name_with_a_marker_is_in_no_index_and_no_reference(office: Office) -> None:
    from desktop.casework.register import register_ids

    add(office, office.register(), b"Words.", "Quillfeather.txt")
    assert not len(register_ids(office.caseworker, RegisterFilter(text="Quillfeather")))


def test_reading_a_file_goes_piece_by_piece_and_can_be_cancelled(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(b"x" * (attachments.CHUNK * 3 + 1))
    seen: list[tuple[int, int]] = []

    def on_and_on(read: int, size: int) -> bool:
        seen.append((read, size))
        return True

    assert len(attachments.read_file(path, on_and_on)) == attachments.CHUNK * 3 + 1
    assert [one[0] for one in seen] == [attachments.CHUNK * n for n in (1, 2, 3)] + [attachments.CHUNK * 3 + 1]
    with pytest.raises(attachments.Cancelled):
        attachments.read_file(path, lambda _read, _size: False)


def test_a_huge_file_is_not_read_and_a_pipe_not_waited_for(tmp_path: Path) -> None:
    huge = tmp_path / "huge.pdf"
    with huge.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(Invalid, match="too large"):
        attachments.read_file(huge, lambda _read, _size: pytest.fail("nothing is read"))
    with pytest.raises(IsADirectoryError):
        attachments.read_file(tmp_path, lambda _read, _size: True)
    if hasattr(os, "mkfifo"):
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        with pytest.raises(Refused, match="not a file"):
            attachments.read_file(pipe, lambda _read, _size: True)


def test_content_of_a_removed_file_is_gone(office: Office) -> None:
    done = add(office, office.register())
    number = held(office, done)[0].id
    done = remove(office, done, number)
    with office.entry.store.read() as tx:
        assert content_of(tx, done.case_id, number) is None
    with pytest.raises(Refused, match="not in the case any more"):
        remove(office, done, number)
    assert len(held(office, add(office, done))) == 1
