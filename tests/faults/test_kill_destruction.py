"""kill -9 in the middle of a disposal run: each case is whole or gone, what was told is done, and the run goes on."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import text

from db import chain
from db.destroyed import remains
from db.store import FILE, Store, open_store
from desktop.casework import disposal
from tests.faults.day import ENDED
from tests.faults.deeds import RUN
from tests.faults.forking import Forking, forking
from tests.fixtures import KEY, Office, make_entry, signed_in
from tests.store.disposing import approved, faults, many_closed, pass_grace

ROUNDS = int(os.environ.get("KILLS", "20"))
"""``make kills`` asks for 200."""
EACH = 4
"""Cases that are destroyed, or letters that are issued, before a new store takes the place of the one before."""


def killed(process: Forking, lines: int, later: float) -> list[str]:
    """Lets the deed go on, kills it so many lines and seconds later, and returns what it said."""
    working = process.another()
    said: list[str] = []
    while len(said) < lines and (line := process.heard()) != ENDED:
        said.append(line)
    if len(said) < lines:
        return said
    time.sleep(later)
    # It may be done by now.
    with suppress(ProcessLookupError):
        os.kill(working, signal.SIGKILL)
    return said + process.until_ended()


def deeds(folder: Path, at: datetime, deed: str) -> AbstractContextManager[Forking]:
    """The process that forks a deed on the store in `folder` whenever it is sent a line."""
    return forking("deeds", folder, at.isoformat(), deed)


def count(store: Store, sql: str) -> int:
    with store.read() as tx:
        return int(tx.execute(text(sql)).scalar_one())


def renewed(folder: Path, made: Path) -> None:
    """The store as it was made, and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(made, folder)
    folder.chmod(0o700)


def nothing_strange(folder: Path, made: Path) -> None:
    """Beside the store's own files there is nothing, once it is open."""
    known = {one.name for one in made.iterdir()} | {FILE, f"{FILE}-wal", f"{FILE}-shm", "erasures.list", "holds.sealed"}
    assert {one.name for one in folder.iterdir()} <= known


def gone_in(store: Store) -> int:
    """How many cases are gone: none half, and each with its result and its entry."""
    assert store.lost == 0
    with store.read() as tx:
        _, broken = chain.verify(tx)
        left = remains(tx)
    gone = count(store, "SELECT COUNT(*) FROM cases WHERE state = 'destroyed'")
    whole = count(
        store,
        "SELECT COUNT(*) FROM cases WHERE state = 'issued' AND family_name <> '' AND length(salt) = 32"
        " AND id IN (SELECT rowid FROM search) AND id IN (SELECT case_id FROM letter WHERE pdf IS NOT NULL)",
    )
    assert broken == ()
    assert left == ()
    assert count(store, "SELECT COUNT(*) FROM disposal_result") == gone
    assert whole + gone == EACH
    certified = count(store, "SELECT COUNT(*) FROM destruction_certificate")
    assert certified == count(store, "SELECT COUNT(*) FROM journal WHERE action = 'certify_run'")
    numbers = count(store, "SELECT COALESCE(MAX(value), 0) FROM meta WHERE key = 'sequence.destruction'")
    assert certified == numbers <= (gone == EACH)
    return gone


def test_a_run_that_is_killed_again_and_again_is_done_once(office: Office, tmp_path: Path) -> None:
    made, folder = tmp_path / "made", tmp_path / "killed"
    assert approved(office, *many_closed(office, EACH)) == RUN
    pass_grace(office)
    office.entry.store.close()
    shutil.copytree(tmp_path / "desk", made)
    at = office.entry.clock()
    chance = random.Random(20261129)
    renewed(folder, made)
    done = finished = 0
    with deeds(folder, at, "destroy") as process:
        for _ in range(ROUNDS):
            said = killed(process, chance.randrange(EACH + 1), chance.random() * 0.04)
            store = open_store(folder, KEY)
            gone = gone_in(store)
            assert gone >= done + sum(line.startswith("done:") for line in said), "what was told is done"
            done = gone
            if done < EACH and chance.random() < 0.9:
                store.close()
                continue
            here = signed_in(make_entry(store, at))
            found = disposal.carry_out(here.officers[1], RUN)
            assert (found.destroyed, found.left, found.certificate) == (EACH, 0, 1)
            assert gone_in(store) == EACH
            assert finished % 5 or not faults(here)
            nothing_strange(folder, made)
            store.close()
            renewed(folder, made)
            done = 0
            finished += 1
    assert finished > ROUNDS // 20
