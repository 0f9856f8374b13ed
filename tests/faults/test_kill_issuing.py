"""kill -9 while letters are issued: each is whole or not there, with all that goes with it, and the rest follow."""

from __future__ import annotations

import hashlib
import random
import shutil
from pathlib import Path

from sqlalchemy import text

from db import chain
from db.records import State
from db.store import Store, open_store
from desktop.casework import batch
from tests.faults.deeds import COPIES
from tests.faults.test_kill_destruction import EACH, ROUNDS, count, deeds, killed, nothing_strange, renewed
from tests.fixtures import KEY, Office, make_entry, signed_in
from tests.store.disposing import faults


def letters_in(store: Store, copies: Path) -> int:
    """How many letters are issued: none half, numbered from 1 without a gap, and each with all that goes with it."""
    assert store.lost == 0
    with store.read() as tx:
        _, broken = chain.verify(tx)
        rows = tx.execute(
            text("SELECT number, pdf, sha256, cases.reference FROM letter JOIN cases ON cases.id = case_id")
        )
        letters = {row.reference: row for row in rows}
    assert broken == ()
    assert sorted(row.number for row in letters.values()) == list(range(1, len(letters) + 1))
    for row in letters.values():
        assert hashlib.sha256(row.pdf).hexdigest() == row.sha256
    for sql in (
        "SELECT COUNT(*) FROM letter",
        "SELECT COUNT(*) FROM cases WHERE state = 'issued' AND closed_on IS NOT NULL",
        "SELECT COUNT(*) FROM retention",
        "SELECT COUNT(*) FROM disclosure",
        "SELECT COUNT(*) FROM journal WHERE action = 'issue'",
        "SELECT COUNT(*) FROM command WHERE action = 'issue'",
        "SELECT COALESCE(MAX(CAST(value AS INTEGER)), 0) FROM meta WHERE key = 'sequence.letter'",
    ):
        assert count(store, sql) == len(letters), sql
    assert count(store, "SELECT COUNT(*) FROM cases WHERE state = 'released'") == EACH - len(letters)
    for one in copies.glob("[!.]*"):
        assert one.read_bytes() == letters[one.stem].pdf, "a copy is whole, or is not there"
    return len(letters)


def test_letters_whose_issue_is_killed_are_whole_or_not_there(office: Office, tmp_path: Path) -> None:
    made, folder, copies = tmp_path / "made", tmp_path / "killed", tmp_path / COPIES
    for _ in range(EACH):
        office.in_state(State.RELEASED)
    office.entry.store.close()
    shutil.copytree(tmp_path / "desk", made)
    at = office.entry.clock()
    chance = random.Random(20261129)
    renewed(folder, made)
    copies.mkdir()
    done = finished = 0
    with deeds(folder, at, "issue") as process:
        for _ in range(ROUNDS):
            said = killed(process, chance.randrange(EACH), chance.random() * 0.06)
            store = open_store(folder, KEY)
            issued = letters_in(store, copies)
            assert issued >= done + len(said), "what was told is done"
            done = issued
            if done < EACH and chance.random() < 0.9:
                store.close()
                continue
            here = signed_in(make_entry(store, at))
            letters = batch.ready_letters(here.caseworker)
            results = batch.run_batch(here.caseworker, batch.Batch(letters=letters), lambda *_: True)
            assert all(one.well for one in results)
            assert letters_in(store, copies) == EACH
            assert finished % 5 or not faults(here)
            nothing_strange(folder, made)
            store.close()
            renewed(folder, made)
            shutil.rmtree(copies)
            copies.mkdir()
            done = 0
            finished += 1
    assert finished > ROUNDS // 20
