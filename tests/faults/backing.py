"""Backups written and brought back in processes of their own that a test kills: prints a line for each that is done."""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

from db.store import open_store
from desktop.casework.backups import back_up, restore
from desktop.casework.sample import MovingClock
from tests.faults.day import ENDED, say
from tests.fixtures import KEY, make_entry


def work(folder: Path, where: Path, at: datetime) -> None:
    """Backs up and brings back until killed, a minute apart by its own clock."""
    clock = MovingClock(at)
    for number in range(1000):
        clock.at += timedelta(minutes=1)
        entry = make_entry(open_store(folder, KEY), clock.at)
        made = back_up(entry, where)
        entry.store.close()
        say(f"backup:{made.path}")
        restore(folder, made.path, KEY, clock.at)
        say(f"restore:{number}")


def main(folder: Path, where: Path, at: datetime) -> None:
    """Forks for each line of the input, each an hour later. It says its process first; once it is over, ENDED."""
    for number, _line in enumerate(sys.stdin, start=1):
        process = os.fork()
        if not process:
            say(str(os.getpid()))
            work(folder, where, at + timedelta(hours=number))
            return
        os.waitpid(process, 0)
        say(ENDED)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3]))
