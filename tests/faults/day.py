"""A scripted day's work, run in a process of its own that a test kills: prints a line for each action that returned."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from db.store import open_store
from tests.fixtures import KEY, Office, make_entry, on, signed_in


def work(office: Office, said: str) -> None:
    """One case from registration to its letter, saying each step once it is safe."""
    from desktop.casework import issuing

    def say(step: str, case_id: int, version: int) -> None:
        sys.stdout.write(f"{said}:{step}:{case_id}:{version}\n")
        sys.stdout.flush()

    done = office.register(received=date(2026, 6, 1))
    say("register", done.case_id, done.version)
    for word in ("one", "two", "three"):
        done = office.save(done, necessity__statement=f"Typed {word}.")
        say("save", done.case_id, done.version)
    for step, run in (
        ("submit", office.submit),
        ("approve", office.approve),
        ("record", office.traced),
        ("release", office.release),
        ("issue", lambda d: issuing.issue(office.caseworker, issuing.Issue(**on(d)))),
    ):
        done = run(done)
        say(step, done.case_id, done.version)


def main(folder: Path) -> None:
    """Works until killed."""
    office = signed_in(make_entry(open_store(folder, KEY)))
    # Fonts and templates are read before the first kill can fall, so that the kills fall among the writes.
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for number in range(1000):
        work(office, str(number))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
