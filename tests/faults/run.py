"""A disposal run, carried out in processes of its own that a test kills: prints a line for each case that is done."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from db.store import create_store, open_store
from desktop.casework import disposal
from tests.faults.day import ENDED, say
from tests.fixtures import KEY, make_entry, signed_in, staffed
from tests.store.disposing import destroyed, many_closed


def warm() -> None:
    """Destroys a case of another store, so that whatever is read or imported on the way is there."""
    with TemporaryDirectory() as scratch:
        store = create_store(Path(scratch), KEY)
        office = staffed(make_entry(store))
        destroyed(office, *many_closed(office, 1))
        store.close()


def carry_out(folder: Path, at: datetime, run: int) -> None:
    """Goes on with the run until killed or done."""
    office = signed_in(make_entry(open_store(folder, KEY), at))

    def told(done: int, _of: int) -> bool:
        say(f"done:{done}")
        return True

    disposal.carry_out(office.officers[0], run, told)
    say("certified")


def main(folder: Path, at: datetime, run: int) -> None:
    """Forks for each line of the input. It says its process first; once it is over, this says ENDED."""
    warm()
    for _ in sys.stdin:
        process = os.fork()
        if not process:
            say(str(os.getpid()))
            carry_out(folder, at, run)
            os._exit(0)
        os.waitpid(process, 0)
        say(ENDED)


if __name__ == "__main__":
    main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), int(sys.argv[3]))
