"""Notices of correction in the store: SQL cannot pass a recipient over, nor change what was issued."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from db.errors import RuleKept
from desktop.casework.desk import Done
from desktop.casework.verifying import verify_store
from tests.fixtures import Office
from tests.journeys.rectification import given, page, recorded, reference, released, tell

__all__ = ["given"]


SHORT = {
    "notice": "INSERT INTO notice (owed_id, case_id, number, sha256, snapshot_hash, issued_by, issued_at, pdf)",
    "excuse": "INSERT INTO notice_excuse (owed_id, case_id, because, reasons, excused_by, excused_at)",
    "next": "(SELECT value FROM meta WHERE key = 'sequence.letter')",
    "found": "(SELECT snapshot_hash FROM finding WHERE case_id = 2)",
}
HOSTILE = {
    "blank": "{notice} SELECT {owed}, {case}, {next}, '', {found}, 1, '2026-06-10', NULL",
    "unbound": "{notice} SELECT {owed}, {case}, {next} + 0, sha256, 'x', issued_by, issued_at, pdf FROM letter",
    "number": "{notice} SELECT {owed}, {case}, number, sha256, {found}, issued_by, issued_at, pdf FROM letter",
    "author": "{excuse} SELECT {owed}, id, 'impossible', 'No.', created_by, '2026-06-10' FROM cases WHERE id = {case}",
    "no reasons": "{excuse} SELECT {owed}, {case}, 'impossible', ' ', id, '2026' FROM user WHERE role = 'reviewer'",
    "other finding": "UPDATE owed_notice SET finding = 99",
    "other words": "UPDATE owed_notice SET content = '{{}}'",
    "gone": "DELETE FROM owed_notice",
    "no items": "DELETE FROM correction",
    "unreleased": "INSERT INTO owed_notice (case_id, finding, recipient, content) VALUES ({given}, 1, 'x', '{{}}')",
    "closed": "UPDATE cases SET state = 'issued', version = version + 1 WHERE id = {case}",
}


@pytest.mark.parametrize("statement", HOSTILE.values(), ids=HOSTILE.keys())
def test_sql_cannot_pass_a_recipient_over(office: Office, given: Done, statement: str) -> None:
    done = released(office, given)
    (one,) = page(office, done).notices
    sql = statement.format(owed=one.id, case=done.case_id, given=given.case_id, **SHORT)
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        tx.execute(text(sql))
    assert not page(office, done).notices[0].settled


@pytest.mark.parametrize(
    "sql",
    ["UPDATE notice SET pdf = NULL", "DELETE FROM notice", "INSERT OR REPLACE INTO notice SELECT * FROM notice"],
)
def test_an_issued_notice_is_fixed(office: Office, given: Done, sql: str) -> None:
    tell(office, released(office, given))
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        tx.execute(text(sql))


BUMP = "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'sequence.letter'"
FORGED = (
    "INSERT INTO notice (owed_id, case_id, number, sha256, snapshot_hash, issued_by, issued_at, pdf)"
    " SELECT :owed, :case, (SELECT value FROM meta WHERE key = 'sequence.letter'), sha256, :hash, issued_by, issued_at,"
    " pdf FROM letter LIMIT 1"
)
ANSWERED = (
    "INSERT INTO letter (case_id, number, kind, sha256, snapshot_hash, issued_by, issued_at, pdf, recipient)"
    " SELECT :case, (SELECT value FROM meta WHERE key = 'sequence.letter'), 'answer', sha256, :hash, issued_by,"
    " issued_at, pdf, recipient FROM letter LIMIT 1"
)


def forge(office: Office, done: Done, sql: str, **more: str) -> None:
    shown = page(office, done)
    assert shown.case.finding is not None
    values = {"owed": owed_id(office, done), "case": done.case_id, "hash": shown.case.finding.snapshot_hash} | more
    with office.entry.store.write() as tx:
        tx.execute(text(BUMP))
        tx.execute(text(sql), values)


def owed_id(office: Office, done: Done) -> int:
    with office.entry.store.read() as tx:
        last = text("SELECT MAX(id) FROM owed_notice WHERE case_id = :id")
        return int(tx.execute(last, {"id": done.case_id}).scalar_one())


def test_a_notice_is_bound_to_what_was_released(office: Office, given: Done) -> None:
    done = released(office, given)
    with pytest.raises(RuleKept, match="bound to what was released"):
        forge(office, done, FORGED, hash="0" * 64)


def test_no_notice_is_issued_of_an_outcome_that_was_recorded_anew(office: Office, given: Done) -> None:
    done = recorded(office, released(office, given))
    with pytest.raises(RuleKept, match="no such notice is owed now"):
        forge(office, done, FORGED)


def test_no_answer_is_issued_while_a_recipient_waits(office: Office, given: Done) -> None:
    done = released(office, given)
    with pytest.raises(RuleKept, match="every recipient of what was wrong is told first"):
        forge(office, done, ANSWERED)


def test_a_forged_notice_is_found_out(office: Office, given: Done) -> None:
    done = released(office, given)
    forge(office, done, FORGED)
    found = dict(verify_store(office.entry).checks)
    assert any(f"notice of {reference(office, done)} is not in the journal" in one for one in found["Journal"])
