"""Speed, as ratios to a floor measured in the same run: ``make bench`` and ``bench-million``. Prints; fails nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.bench import destruction, intake, journals, large, letters
from tests.bench.lines import Line

CASES = int(os.environ.get("BENCH_CASES", "100000"))
MILLION = 1_000_000


def desk(size: int, smaller: Iterable[int]) -> None:
    """The desk on the store of so many cases, and how that grew from those that are smaller."""
    found: dict[int, large.Figures] = {}
    starts: dict[int, dict[str, dict[str, float]]] = {}
    for one in (*smaller, size):
        folder = large.made_store(one)
        starts[one] = large.started(folder)
        found[one] = {**large.run("desk", str(folder)), "work": starts[one]["desk"]["work"]}
    folder, ours, floor = large.made_store(size), starts[size]["desk"], starts[size]["floor"]
    say(f"{size:,} cases")
    tell(Line("Start to the sign-in window painted", ours["start"], floor["start"], "ms", 1.3))
    tell(Line("Password accepted to My work painted", ours["work"], floor["work"], "ms", 2.0))
    tell(Line("Memory at My work, above the bare window", ours["mib"], floor["mib"], "MiB", 60, False))
    tell(*large.windows(found[size], floor))
    tell(large.earlier(folder))
    tell(*large.journal(folder))
    tell(large.backup(folder, rounds=1 if size == MILLION else large.ROUNDS))
    for row in large.growth(found):
        say(row)


def letter() -> Iterator[Line]:
    """A letter of one page beside the same page drawn with bare Platypus; many letters; another program's batch."""
    found = letters.measure()
    floor = found["floor"]
    yield Line("A letter, accessible and archival, beside bare ReportLab", found["ours"], floor, "ms", 1.5)
    yield Line("The same, signed", found["signed"], floor, "ms", 2.0)
    yield Line("Memory, from the 400th of 1,000 signed letters to the last", letters.growth(1000), 0.0, "MiB", 4, False)
    office = letters.office_batch(20)
    if office is None:
        say("LibreOffice is not installed, so its batch conversion is not measured.")
    else:
        yield Line("A signed letter, beside LibreOffice's batch of text", found["signed"], office, "ms", 1.0)


def requests() -> Line:
    """Many requests imported."""
    ours, floor = intake.measure()
    return Line(f"Import of {intake.ROWS:,} requests, beside bare rows", ours, floor, "ms", 2.0)


def disposal(folder: Path) -> Line:
    """A run carried out on the large store, beside the bare deletes."""
    ours, floor = destruction.measure(folder)
    return Line(f"{destruction.COUNT:,} cases destroyed, beside bare deletes", ours, floor, "ms", 3.0)


def long_journal() -> Iterator[Line]:
    """The check of a million records with commitments: beside decrypting and hashing, and beside hashing alone."""
    found = journals.measure()
    what = f"Check of {journals.RECORDS:,} journal records, beside decrypting and hashing"
    yield Line(what, found["ours"], found["pages"] + found["hashing"], "ms", 2.0)
    yield Line("The same, beside hashing bytes that lie in memory", found["ours"], found["hashing"], "ms", 2.0)
    yield Line("Of that, decrypting the pages that hold them", found["pages"], found["hashing"], "ms", 2.0)
    yield Line("The check of the last thousand, since an anchor", found["since"], 0.0, "ms", 50, False)


def longest_block() -> Line:
    """The longest time that the window's thread was blocked during the tour."""
    with tempfile.TemporaryDirectory() as out:
        subprocess.run(
            [sys.executable, "-m", "desktop", "tour", "--out", out],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "TRACING_DESK_PROBE": "1"},
        )
        probe = json.loads((Path(out) / "probe.json").read_text())
    return Line(f"Longest block of the window's thread ({probe['during']})", probe["ms"], 0.0, "ms", 50, False)


def say(words: str) -> None:
    """Prints a line at once: the next one may take minutes."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def tell(*lines: Line) -> None:
    """Prints measurements."""
    for line in lines:
        say(line.text())


def main(*, million: bool) -> None:
    """Measures and prints."""
    say(f"{'':<58}{'ours':>8} {'floor':>8}")
    if million:
        desk(MILLION, (large.SMALL, CASES))
        return
    desk(CASES, (large.SMALL,))
    for lines in (letter(), long_journal()):
        for line in lines:
            tell(line)
    tell(requests(), disposal(large.made_store(CASES)), longest_block())


if __name__ == "__main__":
    main(million=sys.argv[1:] == ["million"])
