"""A store of invented cases with a row in every table, made with every guard lifted, for attacks with SQL."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import text

from db import emptying
from db.engine import make_engine
from db.migrations import guards, whole_schema
from db.records import Role
from db.store import FILE, Tx
from tests.fixtures import KEY, NOW

AT = NOW.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
_STATES = ("draft", "returned", "submitted", "approved", "refused", "recorded", "released", "withdrawn")
_OF_CASES = ("issued", "gone", "ready", "linked")
"""What the closed cases with a disclosure are for, one each."""
_CASE_ROWS = """
  INSERT INTO attachment (case_id, name, media_type, size, sha256, content, added_by, added_at)
    VALUES (:case, 'x', 'text/plain', 1, 'x', X'00', 1, :at);
  INSERT INTO chase (case_id, asked_on, next_on, note, recorded_by, recorded_at)
    VALUES (:case, '2026-06-01', '2026-06-20', 'x', 1, :at);
  INSERT INTO extension (case_id, length, because, told_on, note, extended_by, extended_at)
    VALUES (:case, 1, 'x', '2026-06-01', 'x', 1, :at);
  INSERT INTO pause (case_id, since, until, reason) VALUES (:case, '2026-06-01', '2026-06-02', 'x');
  INSERT INTO retention_change (case_id, kind, due_on, rule, source, because, decided_by, decided_at)
    VALUES (:case, 'retain', '2020-01-01', 'x', 'x', 'x', {officer}, :at);
  INSERT OR REPLACE INTO finding_review (case_id, number, action, reviewed_by, reviewed_at, reasons)
    VALUES (:case, 1, 'release', 2, :at, 'x');
  INSERT INTO owed_notice (id, case_id, finding, recipient, content) VALUES (:case * 10, :case, 1, 'x', 'x');
  INSERT INTO notice (owed_id, case_id, number, sha256, snapshot_hash, issued_by, issued_at, pdf)
    VALUES (:case * 10, :case, 500 + :case, 'x', 'x', 1, :at, zeroblob(200));
  INSERT INTO notice_excuse VALUES (:case * 10, :case, 'impossible', 'x', 2, :at);
  INSERT INTO link VALUES (:case, {draft}, 0, 1, :at);
  INSERT INTO given_reason SELECT MAX(seq), :case, 'x' FROM journal WHERE case_id = :case
"""
_ROWS = """
  INSERT INTO concern (case_id, about, who, why, raised_by, raised_at)
    VALUES ({released}, 'person', '', '', 1, :at);
  INSERT INTO concern (case_id, about, who, why, raised_by, raised_at) VALUES ({gone}, 'person', '', '', 1, :at);
  INSERT INTO address_release SELECT id, case_id, 3, :at FROM decision WHERE case_id = {issued};
  INSERT INTO voiding SELECT id, 1, :at FROM decision WHERE case_id = {submitted}
    UNION SELECT MIN(id), 1, :at FROM decision;
  INSERT INTO owed_notice (id, case_id, finding, recipient, content)
    SELECT 1, case_id, MAX(number), 'x', 'x' FROM finding WHERE case_id = {released};
  INSERT INTO notice_excuse VALUES (2, {issued}, 'impossible', 'x', 2, :at);
  INSERT INTO notice_event (notice_id, action, done_by, done_at) VALUES (1, 'print', 1, :at);
  INSERT INTO correction VALUES (1, {issued}, 'x');
  INSERT INTO asking SELECT id, 'x', 0 FROM pause;
  INSERT INTO relation (case_id, other_id, kind, linked_by, linked_at)
    VALUES ({linked}, {draft}, 'follow_up', 1, :at), ({submitted}, {approved}, 'duplicate', 1, :at);
  INSERT INTO calendar (text, hash, source, first_known, last_known, replaced_by, replaced_at)
    VALUES ('x', 'x', 'x', '2020-01-01', '2028-01-01', 5, :at);
  INSERT INTO letter_words (kind, part, english, because, made_by, made_at)
    VALUES ('refusal', 'x', 'x', 'x', 5, :at);
  INSERT INTO policy_change (agreement_id, kind, takes_effect, because, agreement_hash, decided_by, decided_at)
    SELECT agreement_id, 'suspend', '2026-07-01', 'x', hash, 3, :at FROM agreement_text LIMIT 1;
  INSERT INTO import_batch VALUES (1, 'x', 'x', 1, 1, 'x', '[]', 1, :at, NULL);
  INSERT INTO disposal_run VALUES (1, 'x', {officer}, :at), (2, 'x', {officer}, :at);
  INSERT INTO disposal_item VALUES (1, {ready}, '2020-01-01', 'x'), (1, {gone}, '2020-01-01', 'x');
  INSERT INTO disposal_item VALUES (2, {linked}, '2020-01-01', 'x');
  INSERT INTO disposal_verdict VALUES (1, 1, '', {other}, '2020-01-01T00:00:00.000000Z', '2020-01-15');
  INSERT INTO disposal_result VALUES (1, {gone}, 1, '', {officer}, :at), (1, {issued}, 0, 'x', {officer}, :at);
  INSERT INTO destruction_certificate VALUES (1, 1, '{{}}', X'00', 'x', {officer}, :at);
  INSERT INTO disposal_transfer VALUES (1, 'x');
  INSERT INTO transfer_package VALUES (1, {gone}, 'x', 1, {officer}, :at), (1, {issued}, 'x', 1, {officer}, :at);
  INSERT INTO retention_event (case_id, "trigger", happened_on, recorded_by, recorded_at)
    VALUES ({issued}, 'debt_settled', '2026-06-01', 1, :at);
  INSERT INTO hold (case_id, authority, because, review_on, placed_by, placed_at)
    VALUES ({issued}, 'x', 'x', '2030-01-01', {officer}, :at), ({refused}, 'x', 'x', '2030-01-01', {officer}, :at);
  INSERT INTO hold (person_of, authority, because, review_on, placed_by, placed_at)
    VALUES ({draft}, 'x', 'x', '2030-01-01', {officer}, :at);
  INSERT INTO hold_step (hold_id, step, because, taken_by, taken_at) VALUES (2, 'propose', 'x', {officer}, :at);
  INSERT INTO publication (title, first, last, per, control, agreements, figures, published_by, published_at)
    VALUES ('x', '2026-01-01', '2026-03-31', 'all', 'none', '["x"]', 'x', {officer}, :at);
  INSERT INTO second_look_share (percent, after_decision, set_by, set_at) VALUES (100, 0, 5, :at);
  INSERT INTO second_look_draw SELECT MIN(id), case_id FROM decision WHERE case_id IN ({refused}, {issued}, {gone})
    GROUP BY case_id;
  INSERT INTO second_look SELECT decision_id, case_id, 'approve', 3, :at, 'x' FROM second_look_draw
    WHERE case_id <> {refused};
  INSERT INTO saved_view (kind, name, name_key, owner_id, choices, saved_by, saved_at)
    VALUES ('register', 'open', 'open', 1, '{{}}', 1, :at);
  INSERT OR IGNORE INTO meta VALUES ('second_look_secret', 'x');
  UPDATE journal SET at = '2020-01-01T00:00:00.000000Z';
  UPDATE pause SET until = '2026-06-02';
  DELETE FROM link WHERE case_id = {ready}
"""


def dressed(made: Path, folder: Path) -> tuple[Any, dict[str, Any]]:
    """A connection of the driver to a copy of the invented cases in `folder`, as a hostile client has it, and what its
    attacks name: cases and people.
    """
    shutil.copytree(made, folder)
    engine = make_engine(folder / FILE, KEY)
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("PRAGMA ignore_check_constraints = ON")
        # INSERT OR REPLACE deletes without a word.
        raw.execute("PRAGMA recursive_triggers = OFF")
    with engine.begin() as tx:
        for name in guards():
            tx.exec_driver_sql(f"DROP TRIGGER {name}")
        known = _known(tx)
        for one in _OF_CASES:
            for sql in _CASE_ROWS.split(";"):
                tx.execute(text(sql.format(**known)), {"case": known[one], "at": AT})
        for sql in _ROWS.split(";"):
            tx.execute(text(sql.format(**known)), {"at": AT})
        emptying.destroy_again(tx, known["gone"], {"version": 100, "changed_at": NOW})
        for statement in guards().values():
            tx.exec_driver_sql(statement)
        empty = [
            one.name
            for one in whole_schema().sorted_tables
            if not tx.execute(text(f'SELECT COUNT(*) FROM "{one.name}"')).scalar()
        ]
    if empty:
        raise RuntimeError(f"no attack could change {empty}")
    return raw, known


def _known(tx: Tx) -> dict[str, Any]:
    known: dict[str, Any] = {"at": AT, "hash": "f" * 64}
    for role in Role:
        ids = tx.execute(text("SELECT id FROM user WHERE role = :role ORDER BY id"), {"role": role.value}).scalars()
        known[role.value] = next(ids)
    known["officer"] = known["records_officer"]
    query = text("SELECT MAX(id) FROM user WHERE role = 'records_officer'")
    known["other"] = tx.execute(query).scalar_one()
    for state in _STATES:
        query = text("SELECT MIN(id) FROM cases WHERE state = :state")
        known[state] = tx.execute(query, {"state": state}).scalar_one()
    given = text("SELECT DISTINCT case_id FROM disclosure JOIN cases ON cases.id = case_id WHERE state = 'issued'")
    known |= dict(zip(_OF_CASES, tx.execute(given).scalars(), strict=False))
    return known
