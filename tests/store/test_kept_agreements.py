"""A store of before: its cases are read, decided and answered by the text of their day."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text as sql

from db.casefile import keep_agreement
from db.records import Json, LetterKind, State
from desktop.casework import decisions, issuing
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done
from desktop.casework.verifying import verify_store
from desktop.casework.work import my_work
from desktop.policy.agreements import decode, load_agreements
from tests.fixtures import Office, on

NOT_MET: Json = {"answer": "not_met", "reasons": "No.", "evidence": []}
KEPT = Path(__file__).parents[1] / "unit" / "data" / "kept"


@pytest.fixture
def before(office: Office) -> Office:
    """An office whose agreement for law enforcement is the one that an earlier program shipped."""
    one = decode((KEPT / "law-enforcement-tracing.toml").read_text("utf-8"), "law-enforcement-tracing", kept=True)
    office.entry.agreements.put(one, 0)
    return office


def pinned(office: Office, done: Done) -> str:
    with office.entry.store.read() as tx:
        query = sql("SELECT agreement_hash FROM cases WHERE id = :id")
        return str(tx.execute(query, {"id": done.case_id}).scalar_one())


def test_a_case_of_before_goes_on_to_its_letter(before: Office) -> None:
    done = before.submit(before.register())
    refused = before.submit(before.register(person=1, criteria__tried=NOT_MET))
    # The program of today knows the agreement of today, and the cases stay with theirs.
    now = load_agreements().get("law-enforcement-tracing")
    before.entry.agreements.put(now, 0)
    assert pinned(before, done) != now.content_hash
    with before.entry.store.write() as tx:
        keep_agreement(tx, now.content_hash, now.id, now.text)
    assert case_page(before.caseworker, done.case_id).agreement.content_hash == pinned(before, done)
    assert my_work(before.caseworker).open_count == 2
    command = before.decide(refused, reasons="It is not met.", because_of=("tried",))
    assert decisions.refuse(before.reviewer, command).state is State.REFUSED
    assert issuing.preview(before.caseworker, refused.case_id).kind is LetterKind.REFUSAL
    done = before.release(before.traced(before.approve(done)))
    assert issuing.issue(before.caseworker, issuing.Issue(**on(done))).state is State.ISSUED
    assert verify_store(before.entry).sound
