"""kill -9 in the middle of a disposal run: each case is whole or gone, what was told is done, and the run goes on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import text

from db import chain
from db import disposal as stored
from db.store import Store, create_store, open_store
from desktop.casework import disposal
from desktop.policy.disposal import GRACE_DAYS
from tests.faults.day import ENDED
from tests.fixtures import KEY, make_entry, signed_in, staffed
from tests.store.disposing import approved, faults, many_closed, pass_days

ROUNDS = int(os.environ.get("KILLS", "10"))
EACH = 4
"""Cases for each kill."""


def killed(process: subprocess.Popen[str], lines: int, later: float) -> list[str]:
    """Lets the run go on, kills it so many lines and seconds later, and returns what it said."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("another\n")
    process.stdin.flush()
    working = int(process.stdout.readline())
    said = [process.stdout.readline().strip() for _ in range(lines)]
    time.sleep(later)
    os.kill(working, signal.SIGKILL)
    return said + [line.strip() for line in iter(process.stdout.readline, f"{ENDED}\n")]


def check(store: Store, run: int) -> int:
    """No case is half gone, and each that is gone has its result and its entry; returns how many are gone."""
    with store.read() as tx:
        _, broken = chain.verify(tx)
        left = stored.remains(tx)
        gone = tx.execute(text("SELECT COUNT(*) FROM cases WHERE state = 'destroyed'")).scalar_one()
        results = tx.execute(
            text("SELECT COUNT(*) FROM disposal_result WHERE run_id = :run"), {"run": run}
        ).scalar_one()
        whole = tx.execute(
            text(
                "SELECT COUNT(*) FROM cases WHERE state = 'issued' AND family_name <> '' AND length(salt) = 32"
                " AND id IN (SELECT rowid FROM search) AND id IN (SELECT case_id FROM letter WHERE pdf IS NOT NULL)"
            )
        ).scalar_one()
        every = tx.execute(text("SELECT COUNT(*) FROM cases")).scalar_one()
    assert broken == ()
    assert left == ()
    assert results == gone
    assert whole + gone == every
    return int(gone)


def test_a_run_that_is_killed_again_and_again_is_done_once(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir(mode=0o700)
    store = create_store(folder, KEY)
    office = staffed(make_entry(store))
    run = approved(office, *many_closed(office, EACH * (ROUNDS + 1)))
    pass_days(office, GRACE_DAYS)
    at = office.entry.clock()
    store.close()
    call = [sys.executable, "-m", "tests.faults.run", str(folder), at.isoformat(), str(run)]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    chance = random.Random(20261129)
    with subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as process:
        done = 0
        for _ in range(ROUNDS):
            said = killed(process, chance.randrange(0, 3), chance.random() * 0.01)
            store = open_store(folder, KEY)
            gone = check(store, run)
            assert gone >= done + sum(line.startswith("done:") for line in said), "what was told is done"
            done = gone
            store.close()
    store = open_store(folder, KEY)
    office = signed_in(make_entry(store, at))
    found = disposal.carry_out(office.officers[1], run)
    assert (found.destroyed, found.left, found.certificate) == (EACH * (ROUNDS + 1), 0, 1)
    assert not faults(office)
    store.close()
