"""kill -9 while backing up, restoring and changing the key: nothing that returned is lost, nothing is half done."""

from __future__ import annotations

import os
import random
import select
import signal
from pathlib import Path

from sqlalchemy import text

from db import backup, swapping
from db.records import State
from desktop.casework.desk import Entry
from desktop.casework.heldcopies import read_copy
from desktop.casework.setup import now, open_recovered
from desktop.casework.verifying import verify_store
from desktop.security.keys import NEXT_FILE, seal_recovery
from tests.faults.forking import Forking, forking
from tests.faults.keeper import READY, ahead, sheet
from tests.fixtures import KEY, Office, signed_in
from tests.store.backing import backed_up, held
from tests.store.disposing import destroyed, many_closed, state_of

ROUNDS = int(os.environ.get("KILLS", "8"))
"""200 of them take some minutes."""
LONGEST = 1.2
"""Seconds after which the kill falls at the latest: as long as a turn with a change of the key takes."""


def killed(keeper: Forking, after: float) -> list[str]:
    """Starts a turn, kills it so many seconds after its first case is safe, and returns what it managed to say."""
    working = keeper.another()
    said = [keeper.heard()]
    assert said[0].startswith("registered:"), said
    # Nothing is ever there to be read: it only waits.
    reading, writing = os.pipe()
    select.select([reading], [], [], after)
    os.close(reading)
    os.close(writing)
    os.kill(working, signal.SIGKILL)
    return said + keeper.until_ended()


def cases(entry: Entry) -> set[int]:
    with entry.store.read() as tx:
        return set(tx.execute(text("SELECT id FROM cases")).scalars())


def test_kill_while_the_store_is_kept(office: Office, tmp_path: Path) -> None:
    home, folder = tmp_path / "desk", tmp_path / "backups"
    gone, stays = many_closed(office, 2)
    seal_recovery(home, KEY, sheet(), os.urandom)
    old = backed_up(office, folder)
    destroyed(office, gone)
    held(office, stays.case_id)
    seconds = (office.entry.clock() - now()).total_seconds()
    office.entry.store.close()
    with forking("keeper", home, old, str(seconds)) as keeper:
        while keeper.heard() != READY:
            pass
        chance = random.Random(20261129)
        there: set[int] = set()
        interrupted = 0
        for number in range(ROUNDS):
            before = office.entry.store.key
            said = killed(keeper, chance.uniform(0, LONGEST))
            there, written = followed(said, there)
            cut = (home / swapping.MARK).exists() or (home / swapping.STAGING).exists()
            interrupted += cut
            entry = open_recovered(home, sheet(), ahead(seconds))
            assert bool(entry.store.settled) == cut
            assert not any((home / name).exists() for name in (swapping.MARK, swapping.STAGING, NEXT_FILE))
            assert there <= cases(entry), f"round {number}: {said}"
            again = signed_in(entry)
            assert (state_of(again, gone), state_of(again, stays)) == (State.DESTROYED, State.ISSUED)
            with entry.store.read() as tx:
                assert tx.execute(text("SELECT COUNT(*) FROM hold")).scalar_one() == 1
                assert (
                    tx.execute(text("SELECT COUNT(*) FROM answer WHERE case_id = 1 AND value <> ''")).scalar_one() == 0
                )
            assert len(read_copy(home, entry.store.key).rows["hold"]) == 1
            assert wrong(entry) == [], f"round {number}: {said}"
            for name in written:
                if backup.opens(folder / name, entry.store.key):
                    backup.look_into(folder / name, entry.store.key)
                else:
                    # A key can be changed and the kill fall before that is said.
                    assert "changed" in said or backup.opens(folder / name, before), f"round {number}: {said}"
            entry.store.close()
            for path in swapping.replaced_files(home):
                path.unlink()
            office.entry.store.rekeyed(entry.store.key)
        assert interrupted


def followed(said: list[str], there: set[int]) -> tuple[set[int], list[str]]:
    """The cases that have to be there after this, and the backups."""
    written = []
    for one in said:
        what, _, rest = one.partition(":")
        if what == "registered":
            there = there | {int(rest)}
        elif what == "forget":
            # The old backup knows nothing of them: whether it was restored or not, none of them has to be there.
            there = set()
        elif what == "backup":
            written.append(rest)
    return there, written


def wrong(entry: Entry) -> list[str]:
    """What verify finds, but for years to come, old backups, and lists that a kill left to be written anew."""
    checks = dict(verify_store(entry).checks)
    return [fault for name, faults in checks.items() if name not in ("Bank holidays", "Backups") for fault in faults]
