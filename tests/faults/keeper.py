"""Backing up, restoring and changing the key again and again, in processes of their own that a test kills.

Prints a line before what may take earlier cases away and after each thing that returned. As ``day`` does, it reads
everything in first and forks for each line that it is sent.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from db.records import Role
from db.store import create_store
from desktop.casework import backups, recovery, restoring
from desktop.casework.recovery import ChangeKey
from desktop.casework.sample import sample_password
from desktop.casework.setup import open_recovered
from desktop.security.keys import new_code, seal_recovery
from tests.faults.day import ENDED, say
from tests.fixtures import KEY, NOW, Office, make_entry, signed_in, staffed

OLD = "desk-2026-01-01T000000Z.db"
"""A backup from before a case was destroyed."""


READY = "ready"


def sheet() -> str:
    """A recovery key that is the same in every process."""
    return new_code(bytes)


def turn(office: Office, folder: Path, number: int) -> None:
    """One case, one backup, one restore of it; now and then a restore of the old backup, or a new key."""
    done = office.register()
    say(f"registered:{done.case_id}")
    path = backups.back_up_unattended(office.entry, folder).contents.path
    say(f"backup:{path.name}")
    restoring.restore_unattended(office.entry, path)
    say("restored")
    if number % 3 == 1:
        say("forget")
        restoring.restore_unattended(office.entry, folder / OLD, sheet())
        say("restored")
    if number % 3 == 2:
        recovery.change_key(
            office.desk(Role.ADMINISTRATOR),
            ChangeKey(code=sheet(), second=office.guardian.user.username, password=sample_password()),
        )
        say("changed")


def keep(home: Path, folder: Path, start: int) -> None:
    """Works until killed."""
    office = signed_in(open_recovered(home, sheet()))
    for number in range(start, 1000):
        turn(office, folder, number)


def warm() -> None:
    """Does everything once elsewhere, so that what is read or imported on the way is there."""
    with TemporaryDirectory() as scratch:
        home, folder = Path(scratch) / "desk", Path(scratch) / "backups"
        home.mkdir(mode=0o700)
        store = create_store(home, KEY)
        office = staffed(make_entry(store, NOW))
        seal_recovery(home, KEY, sheet(), os.urandom)
        turn(office, folder, 2)
        store.close()


def main(home: Path, folder: Path) -> None:
    """Forks for each line of the input. It says its process first; once it is killed, this says ENDED."""
    warm()
    say(READY)
    for number, _ in enumerate(sys.stdin):
        process = os.fork()
        if not process:
            say(str(os.getpid()))
            keep(home, folder, number)
            return
        os.waitpid(process, 0)
        say(ENDED)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
