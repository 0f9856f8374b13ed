"""Backing up, restoring and changing the key again and again, in processes of their own that a test kills.

Prints a line before what may take earlier cases away and after each thing that returned. As ``day`` does, it reads
everything in first and forks for each line that it is sent.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from db.records import Role
from db.store import create_store
from desktop.casework import backups, recovery, restoring
from desktop.casework.recovery import ChangeKey
from desktop.casework.sample import sample_password
from desktop.casework.setup import now, open_recovered
from desktop.security.keys import new_code, seal_recovery
from tests.faults.day import ENDED, say
from tests.fixtures import KEY, NOW, Office, make_entry, signed_in, staffed

READY = "ready"


def sheet() -> str:
    """A recovery key that is the same in every process."""
    return new_code(bytes)


def turn(office: Office, folder: Path, old: Path, number: int) -> None:
    """One case, one backup, one restore of it; now and then a restore of the old backup, from before
    a case was destroyed, or, once the restore is
    confirmed, a new key.
    """
    done = office.register()
    say(f"registered:{done.case_id}")
    path = backups.back_up_unattended(office.entry, folder).contents.path
    say(f"backup:{path.name}")
    restoring.restore_unattended(office.entry, path)
    say("restored")
    if number % 3 == 1:
        say("forget")
        restoring.restore_unattended(office.entry, old, sheet())
        say("restored")
    if number % 3 == 2:
        restoring.confirm_restore(office.desk(Role.ADMINISTRATOR))
        say("confirmed")
        recovery.change_key(
            office.desk(Role.ADMINISTRATOR),
            ChangeKey(code=sheet(), second=office.guardian.user.username, password=sample_password()),
        )
        say("changed")


def ahead(seconds: float) -> Callable[[], datetime]:
    """A clock that is so far ahead of this computer's, in every process alike."""
    return lambda: now() + timedelta(seconds=seconds)


def keep(home: Path, old: Path, clock: Callable[[], datetime], start: int) -> None:
    """Works until killed."""
    office = signed_in(open_recovered(home, sheet(), clock))
    for number in range(start, 1000):
        turn(office, old.parent, old, number)


def warm() -> None:
    """Does everything once elsewhere, so that what is read or imported on the way is there."""
    with TemporaryDirectory() as scratch:
        home, folder = Path(scratch) / "desk", Path(scratch) / "backups"
        home.mkdir(mode=0o700)
        store = create_store(home, KEY)
        office = staffed(make_entry(store, NOW))
        seal_recovery(home, KEY, sheet(), os.urandom)
        turn(office, folder, folder, 2)
        store.close()


def main(home: Path, old: Path, clock: Callable[[], datetime]) -> None:
    """Forks for each line of the input. It says its process first; once it is killed, this says ENDED."""
    warm()
    say(READY)
    for number, _ in enumerate(sys.stdin):
        process = os.fork()
        if not process:
            say(str(os.getpid()))
            keep(home, old, clock, number)
            return
        os.waitpid(process, 0)
        say(ENDED)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), ahead(float(sys.argv[3])))
