"""What a destroyed case leaves: its stub, and no value of it on any page of any file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlalchemy import text

from db.intake import bound_hash
from db.journal import canonical, commitment, digest
from db.migrations import conditions_0016, guards_disposal, guards_rebasing, guards_retention, whole_schema
from db.records import LetterKind
from db.store import FILE
from db.times import moment_text
from desktop.casework import disposal
from desktop.casework.desk import Done
from desktop.casework.intake import import_batch, save_rows_to_send_back
from desktop.casework.issuing import Issue, issue
from desktop.casework.register import find
from desktop.casework.requests import WithReasons, withdraw
from desktop.casework.writing import write
from desktop.policy.disposal import GRACE_DAYS, QUIET_DAYS
from tests.fixtures import KEY, NOW, Office, on
from tests.journeys.test_intake import file_of, good, looked
from tests.journeys.walking import write_command
from tests.store.disposing import (
    WIPED,
    approved,
    destroyed,
    many_closed,
    pass_days,
    pass_grace,
    statement,
)

MARK = "QXZVMARK"


def destroy_marked(office: Office, look: Callable[[], object] = lambda: None) -> Done:
    """Destroys a case with a marker in every column that is wiped, in every table of a case. They are put there once
    the run is under way: it does not begin where cases are found by something else than their answers.
    """
    other, done = many_closed(office, 2)
    run = approved(office, other, done)
    pass_grace(office)

    def told(number: int, _of: int) -> bool:
        if number == 1:
            _mark(office, done)
            look()
        return True

    found = disposal.carry_out(office.officers[0], run, told)
    assert (found.destroyed, found.kept) == (2, 0), disposal.run_items(office.officers[0], run)
    return done


def _mark(office: Office, done: Done) -> None:
    with office.entry.store.write() as tx:
        wanted = {one.name for one in whole_schema().sorted_tables} & {*WIPED}
        triggers = tx.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).fetchall()
        for row in triggers:
            tx.execute(text(f"DROP TRIGGER {row.name}"))
        ids = {"id": done.case_id, "by": office.caseworker.user.id, "at": moment_text(NOW)}
        for sql in _ROWS:
            tx.execute(text(sql), ids)
        for table in sorted(wanted):
            for column, empty in WIPED[table][1].items():
                mark = f"{MARK}.{table}.{column}." * (400 if empty == "NULL" else 3)
                value = mark.encode() if column in ("pdf", "content") and empty == "NULL" else mark
                size = f", size = {len(value)}" if (table, column) == ("attachment", "content") else ""
                sql = f"UPDATE {table} SET {column} = :value{size} WHERE case_id = :id"
                assert tx.execute(text(sql), {"value": value, **ids}).rowcount > 0, table
        for column in guards_disposal.CASE_WIPED:
            value = MARK.encode() * 4 if column == "salt" else f"{MARK}.{column}"
            tx.execute(text(f"UPDATE cases SET {column} = :value WHERE id = :id"), {"value": value, **ids})
        index = "UPDATE search SET names = :mark, born = :mark, requester_reference = :mark WHERE rowid = :id"
        tx.execute(text(index), {"mark": MARK, **ids})
        for row in triggers:
            tx.execute(text(row.sql.replace(":", "\\:")))


_ROWS = (
    (
        "INSERT INTO attachment (case_id, name, media_type, size, sha256, content, added_by, added_at)"
        " VALUES (:id, 'x', 'text/plain', 1, 'x', X'00', :by, :at)"
    ),
    (
        "INSERT INTO chase (case_id, asked_on, next_on, note, recorded_by, recorded_at)"
        " VALUES (:id, '2026-06-01', '2026-06-20', 'x', :by, :at)"
    ),
    (
        "INSERT INTO extension (case_id, length, because, told_on, note, extended_by, extended_at)"
        " VALUES (:id, 1, 'x', '2026-06-01', 'x', :by, :at)"
    ),
    "INSERT INTO concern (case_id, about, who, why, raised_by, raised_at) VALUES (:id, 'person', 'x', 'x', :by, :at)",
    "INSERT INTO pause (case_id, since, until, reason) VALUES (:id, '2026-06-01', '2026-06-02', 'x')",
    (
        "INSERT INTO finding_review (case_id, number, action, reviewed_by, reviewed_at, reasons)"
        " VALUES (:id, 1, 'release', :by, :at, 'x')"
    ),
    "INSERT INTO owed_notice (id, case_id, finding, recipient, content) VALUES (1, :id, 1, 'x', 'x')",
    (
        "INSERT INTO notice (owed_id, case_id, number, sha256, snapshot_hash, issued_by, issued_at, pdf)"
        " VALUES (1, :id, 1, 'x', 'x', :by, :at, X'00')"
    ),
    (
        "INSERT INTO notice_excuse (owed_id, case_id, because, reasons, excused_by, excused_at)"
        " VALUES (1, :id, 'impossible', 'x', :by, :at)"
    ),
    "INSERT INTO second_look_draw SELECT MIN(id), case_id FROM decision WHERE case_id = :id",
    "INSERT INTO given_reason SELECT MAX(seq), :id, 'x' FROM journal WHERE case_id = :id",
    "INSERT INTO second_look SELECT decision_id, case_id, 'refuse', :by, :at, 'x' FROM second_look_draw",
    (
        "INSERT INTO retention_change (case_id, kind, due_on, rule, source, because, decided_by, decided_at)"
        " VALUES (:id, 'retain', '2026-06-20', 'x', 'x', 'x', :by, :at)"
    ),
)


def pages_in_clear(path: Path) -> Iterator[bytes]:
    """Every page of the encrypted file, decrypted: 4,096 bytes, of which 80 are for the page's vector and code."""
    data = path.read_bytes()
    for at in range(0, len(data), 4096):
        page = data[at : at + 4096]
        body, vector = page[16 if at == 0 else 0 : 4016], page[4016:4032]
        made = Cipher(algorithms.AES256(KEY), modes.CBC(vector)).decryptor()
        yield made.update(body) + made.finalize()


def test_d5_no_value_of_a_destroyed_case_is_found_anywhere(office: Office) -> None:
    store = office.entry.store.path
    assert store.name == FILE

    def look() -> None:
        office.entry.store.empty_log()
        before = b"".join(pages_in_clear(store))
        for table, (_kept, emptied) in WIPED.items():
            for column in emptied:
                assert f"{MARK}.{table}.{column}".encode() in before, "the test would not see it"

    destroy_marked(office, look)
    after = b"".join(pages_in_clear(store))
    assert b"destroyed" in after
    assert MARK.encode() not in after
    assert MARK.lower().encode() not in after
    for path in store.parent.rglob("*"):
        assert path.is_dir() or MARK.encode() not in path.read_bytes()
        assert not path.name.endswith("-wal") or path.stat().st_size == 0


def test_d5_no_hash_that_stays_can_be_tried_with_a_guess_at_what_went(office: Office) -> None:
    """A date of birth is soon guessed: what binds it is keyed with what goes with the case."""
    acknowledged = write(office.caseworker, write_command(office.register(), LetterKind.ACKNOWLEDGEMENT))
    released = office.release(office.traced(office.approve(office.submit(acknowledged))))
    done = issue(office.caseworker, Issue(**on(released)))
    pass_days(office, 3 * 366)
    with office.entry.store.read() as tx:
        texts = [row.snapshot for row in tx.execute(text("SELECT snapshot FROM submission"))]
        texts += [row.facts for row in tx.execute(text("SELECT facts FROM letter WHERE facts IS NOT NULL"))]
        findings = tx.execute(text(f"SELECT {_BOUND} AS bound, snapshot_hash FROM finding")).all()
        salt = tx.execute(text("SELECT salt FROM cases WHERE id = :id"), {"id": done.case_id}).scalar_one()
        bound = [row.snapshot_hash for row in tx.execute(text("SELECT snapshot_hash FROM letter"))]
    assert texts[1:], "the acknowledgement has facts of its own"
    for row in findings:
        keyed = commitment(salt, "finding", json.loads(row.bound))
        assert row.snapshot_hash in (keyed, digest(json.loads(row.bound))), "the guess would be at something else"
    texts += [row.bound for row in findings]
    office.entry.store.empty_log()
    clear = b"".join(pages_in_clear(office.entry.store.path))
    assert all(one.encode() in clear for one in bound), "the test would not see them"
    destroyed(office, done)
    after = b"".join(pages_in_clear(office.entry.store.path))
    assert all(one.encode() in after for one in bound), "they stay"
    for one in texts:
        known = json.loads(one)
        for guess in (known, *known.values()):
            said = guess if isinstance(guess, str) else canonical(guess)
            assert hashlib.sha256(said.encode()).hexdigest().encode() not in after


def test_d5_what_is_kept_of_an_imported_file_goes_with_the_first_of_its_cases_that_goes(office: Office) -> None:
    """A line of a file is soon guessed too."""
    content = file_of(*good(2))
    batch = looked(office, content)
    gone, stays = import_batch(office.caseworker, batch).references
    save_rows_to_send_back(office.caseworker, batch, office.entry.store.path.with_name("back.csv"))
    (row,) = find(office.caseworker, gone)
    with office.entry.store.read() as tx:
        kept = tx.execute(text("SELECT sha256 FROM import_batch")).scalar_one()
        salts = tx.execute(text("SELECT salt FROM cases ORDER BY id")).scalars().all()
    assert kept == bound_hash(salts, batch.sha256)
    assert looked(office, content).imported_before != ""
    withdraw(office.caseworker, WithReasons(command_id="w", case_id=row.id, version=row.version, reasons="An error."))
    pass_days(office, 3 * 366)
    destroyed(office, Done(row.id, row.version, row.state))
    office.entry.store.empty_log()
    after = b"".join(pages_in_clear(office.entry.store.path))
    assert kept.encode() in after
    for known in (batch.sha256, hashlib.sha256(content).hexdigest()):
        assert known.encode() not in after
    again = looked(office, content)
    assert (again.imported_before, again.good) == ("", ()), "its rows are known one by one"
    assert [one.number for one in again.wrong] == [2]
    assert [one.reference for one in again.known] == [stays]


_BOUND = (
    "json_object('matched', json(matched), 'outcome', outcome, 'released', json(released), 'status_answer',"
    " status_answer, 'submission', (SELECT snapshot_hash FROM submission WHERE submission.case_id = finding.case_id"
    " AND submission.number = finding.submission))"
)
"""What a finding's hash binds."""


def test_d6_the_guards_know_every_column_that_is_wiped() -> None:
    """The database lets through just what the schema marks, and nothing that it marks to keep."""
    for table in whole_schema().sorted_tables:
        wiped = {one.name for one in table.columns if one.info["disposal"] == "wipe"}
        if table.name == "cases":
            assert wiped == {*guards_disposal.CASE_WIPED}
        elif wiped:
            kept, emptied = WIPED[table.name]
            assert wiped == {*emptied}
            since = [name for one in (guards_retention, guards_rebasing) for name in one.ADDED.get(table.name, ())]
            assert {*kept.split(", "), *since} == {one.name for one in table.columns} - wiped
    assert {*WIPED} <= {one.name for one in whole_schema().sorted_tables}
    assert (guards_disposal.GRACE_DAYS, conditions_0016.QUIET_DAYS) == (GRACE_DAYS, QUIET_DAYS)


@pytest.mark.parametrize("table", [*WIPED, "cases"])
def test_nothing_comes_back_to_a_destroyed_case(office: Office, table: str) -> None:
    marked = destroy_marked(office)
    if table == "cases":
        for column in ("family_name", "requester", "salt", "state", "due_on"):
            sql = f"UPDATE cases SET version = version + 1, {column} = 'x' WHERE id = :id"
            statement(office, sql, id=marked.case_id)
        return
    for column in WIPED[table][1]:
        statement(office, f"UPDATE {table} SET {column} = 'back' WHERE case_id = :id", id=marked.case_id)
    keys = ("case_id", "id", "owed_id", "decision_id", "entry")
    kept = next((one for one in WIPED[table][0].split(", ") if one not in keys), "case_id")
    statement(office, f"UPDATE {table} SET {kept} = '2000-01-01' WHERE case_id = :id", id=marked.case_id)
