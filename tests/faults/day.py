"""A scripted day's work, run in processes of its own that a test kills: prints a line for each action that returned.

The process that is started reads everything in, and forks a day's work for each line that it is sent: a kill is then
as hard as any, and fifty of them need not start Python fifty times.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from db.records import State
from db.store import create_store, open_store
from desktop.casework import issuing
from tests.fixtures import KEY, Office, make_entry, on, signed_in, staffed

ENDED = "ended"


def say(line: str) -> None:
    """Says something at once: a killed process has nothing unsaid."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def work(office: Office, said: str) -> None:
    """One case from registration to its letter, saying each step once it is safe."""
    done = office.register(received=date(2026, 6, 1))
    say(f"{said}:register:{done.case_id}:{done.version}")
    for word in ("one", "two", "three"):
        done = office.save(done, necessity__statement=f"Typed {word}.")
        say(f"{said}:save:{done.case_id}:{done.version}")
    for step, run in (
        ("submit", office.submit),
        ("approve", office.approve),
        ("record", office.traced),
        ("release", office.release),
        ("issue", lambda d: issuing.issue(office.caseworker, issuing.Issue(**on(d)))),
    ):
        done = run(done)
        say(f"{said}:{step}:{done.case_id}:{done.version}")


def day(folder: Path) -> None:
    """Works until killed."""
    office = signed_in(make_entry(open_store(folder, KEY)))
    for number in range(1000):
        work(office, str(number))


def warm() -> None:
    """Takes a case of another store to its letter, so that whatever is read or imported on the way is there."""
    with TemporaryDirectory() as scratch:
        store = create_store(Path(scratch), KEY)
        staffed(make_entry(store)).in_state(State.ISSUED)
        store.close()


def main(folder: Path) -> None:
    """Forks a day's work for each line of the input. It says its process first; once it is killed, this says ENDED."""
    # Before the first kill can fall, so that the kills fall among the writes.
    warm()
    for _ in sys.stdin:
        process = os.fork()
        if not process:
            say(str(os.getpid()))
            day(folder)
            return
        os.waitpid(process, 0)
        say(ENDED)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
