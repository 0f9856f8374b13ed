"""Destroying and issuing, in processes of their own that a test kills: prints a line for each case that is done.

The process that is started reads everything in, and forks for each line that it is sent: see ``day.py``.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from db.store import create_store, open_store
from desktop.casework import batch, disposal
from tests.faults.day import ENDED, say, warm
from tests.fixtures import KEY, Office, make_entry, signed_in, staffed
from tests.store.disposing import destroyed, many_closed

RUN = 1
COPIES = "copies"
"""The folder beside the store for copies of the letters."""


def destroy(office: Office) -> None:
    """Carries out the first run, or goes on with it."""

    def told(done: int, _of: int) -> bool:
        say(f"done:{done}")
        return True

    found = disposal.carry_out(office.officers[0], RUN, told)
    say(f"certified:{found.certificate}")


def issue(office: Office) -> None:
    """Issues every letter that is ready, and saves a copy of each."""

    def told(done: int, _of: int) -> bool:
        say(f"done:{done}")
        return True

    folder = office.entry.store.path.parent.parent / COPIES
    letters = batch.ready_letters(office.caseworker)
    batch.run_batch(office.caseworker, batch.Batch(letters=letters, folder=folder), told)


DEEDS = {"destroy": destroy, "issue": issue}


def _warm() -> None:
    """Does it all in another store, so that whatever is read or imported on the way is there."""
    warm()
    with TemporaryDirectory() as scratch:
        store = create_store(Path(scratch), KEY)
        office = staffed(make_entry(store))
        destroyed(office, *many_closed(office, 1))
        store.close()


def main(folder: Path, at: datetime, deed: str) -> None:
    """Forks for each line of the input. It says its process first; once it is over, this says ENDED."""
    _warm()
    for _ in sys.stdin:
        process = os.fork()
        if not process:
            say(str(os.getpid()))
            DEEDS[deed](signed_in(make_entry(open_store(folder, KEY), at)))
            os._exit(0)
        os.waitpid(process, 0)
        say(ENDED)


if __name__ == "__main__":
    main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), sys.argv[3])
