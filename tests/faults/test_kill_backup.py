"""kill -9 while backups are written and brought back: the store opens and is sound, and each backup is whole."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

from db.backup import faults_of
from db.store import FILE, create_store, open_store
from desktop.casework.backups import backups_in
from tests.faults.test_kill_destruction import killed
from tests.fixtures import KEY, make_entry, signed_in, staffed
from tests.store.disposing import destroyed, faults, many_closed

ROUNDS = int(os.environ.get("KILLS", "10"))


def test_a_kill_leaves_a_store_and_no_half_backup(tmp_path: Path) -> None:
    folder, where = tmp_path / "desk", tmp_path / "backups"
    for one in (folder, where):
        one.mkdir(mode=0o700)
    store = create_store(folder, KEY)
    office = staffed(make_entry(store))
    cases = many_closed(office, 3)
    destroyed(office, cases[0])
    at = office.entry.clock()
    store.close()
    call = [sys.executable, "-m", "tests.faults.backing", str(folder), str(where), at.isoformat()]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    chance = random.Random(20261129)
    told = 0
    with subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as process:
        for _ in range(ROUNDS):
            said = killed(process, chance.randrange(0, 4), chance.random() * 0.2)
            told += len(said)
            store = open_store(folder, KEY)
            office = signed_in(make_entry(store, at))
            assert [one for one in faults(office) if "older than the last destruction" not in one] == []
            store.close()
            for _moment, path in backups_in(where):
                (tmp_path / "look").mkdir(exist_ok=True)
                (tmp_path / "look" / FILE).write_bytes(path.read_bytes())
                copy = open_store(tmp_path / "look", KEY)
                assert faults_of(copy) == ()
                copy.close()
    assert told >= ROUNDS
