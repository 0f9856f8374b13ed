"""Speed, as ratios to a floor measured in the same run: ``make bench``. Prints; fails nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from db.backup import write_backup
from db.store import open_store
from desktop.casework.sample import sample_password
from desktop.casework.setup import SAMPLE_MARK
from desktop.security.keys import Cost, PassphraseHome
from tests.bench import destruction, intake, journals, letters
from tests.bench.stores import large_store
from tests.fixtures import KEY

CASES = int(os.environ.get("BENCH_CASES", "100000"))
ROUNDS = 7
STORE = Path("build/bench") / f"store-{CASES}"


@dataclass(frozen=True)
class Line:
    """One measurement beside its limit."""

    what: str
    ours: float
    floor: float
    unit: str
    limit: float
    is_ratio: bool = True

    def text(self) -> str:
        """As printed."""
        found = self.ours / self.floor if self.is_ratio else self.ours - self.floor
        shown = f"{found:.2f} x" if self.is_ratio else f"{found:.0f} {self.unit}"
        limit = f"{self.limit:g} x" if self.is_ratio else f"{self.limit:g} {self.unit}"
        word = "within" if found <= self.limit else "OVER"
        return f"{self.what:<58}{self.ours:8.1f} {self.floor:8.1f} {self.unit:<4}{shown:>10}  {word} {limit}"


def made_store() -> Path:
    """The large store, made once and kept in build/."""
    if not (STORE / SAMPLE_MARK).exists():
        sys.stdout.write(f"Making a store of {CASES:,} invented cases in {STORE} (once) ...\n")
        STORE.parent.mkdir(parents=True, exist_ok=True)
        large_store(STORE, CASES).close()
        PassphraseHome(STORE, os.urandom, Cost(memory_kib=64, passes=1, lanes=1)).put(KEY, sample_password())
        (STORE / SAMPLE_MARK).touch(mode=0o600)
    return STORE


def one_run(kind: str, folder: Path) -> dict[str, float]:
    """One start in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.start", kind, str(folder)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def starts(folder: Path) -> Iterator[Line]:
    """Desk and floor in turn; medians."""
    runs: dict[str, list[dict[str, float]]] = {"floor": [], "desk": []}
    for number in range(ROUNDS + 1):
        for kind, kept in runs.items():
            found = one_run(kind, folder)
            if number:
                kept.append(found)

    def middle(kind: str, figure: str) -> float:
        return median(run[figure] for run in runs[kind])

    yield Line("Start to the sign-in window painted", middle("desk", "start"), middle("floor", "start"), "ms", 1.3)
    what = f"Password accepted to My work painted, {CASES:,} cases"
    yield Line(what, middle("desk", "work"), middle("floor", "work"), "ms", 2.0)
    yield Line(
        "Memory at My work, above the bare window", middle("desk", "mib"), middle("floor", "mib"), "MiB", 60, False
    )


def letter() -> Iterator[Line]:
    """A letter of one page beside the same page drawn with bare Platypus; many letters; another program's batch."""
    found = letters.measure()
    floor = found["floor"]
    yield Line("A letter, accessible and archival, beside bare ReportLab", found["ours"], floor, "ms", 1.5)
    yield Line("The same, signed", found["signed"], floor, "ms", 2.0)
    yield Line("Memory, from the 400th of 1,000 signed letters to the last", letters.growth(1000), 0.0, "MiB", 4, False)
    office = letters.office_batch(20)
    if office is None:
        sys.stdout.write("LibreOffice is not installed, so its batch conversion is not measured.\n")
    else:
        yield Line("A signed letter, beside LibreOffice's batch of text", found["signed"], office, "ms", 1.0)


def requests(folder: Path) -> Iterator[Line]:
    """Many requests imported, and one looked for among many."""
    ours, floor = intake.measure()
    yield Line(f"Import of {intake.ROWS:,} requests, beside bare rows", ours, floor, "ms", 2.0)
    store = open_store(folder, KEY)
    found = intake.duplicate_search(store)
    store.close()
    yield Line(f"Earlier requests about a person, {CASES:,} cases", found, 0.0, "ms", 50, False)


def disposal(folder: Path) -> Line:
    """A run carried out on the large store, beside the bare deletes."""
    ours, floor = destruction.measure(folder)
    return Line(f"{destruction.COUNT:,} cases destroyed of {CASES:,}, beside bare deletes", ours, floor, "ms", 3.0)


def journal() -> Iterator[Line]:
    """The check of a million records: beside decrypting and hashing them, and beside hashing alone."""
    found = journals.measure()
    what = f"Check of {journals.RECORDS:,} journal records, beside decrypting and hashing"
    yield Line(what, found["ours"], found["pages"] + found["hashing"], "ms", 2.0)
    yield Line("The same, beside hashing bytes that lie in memory", found["ours"], found["hashing"], "ms", 2.0)
    yield Line("Of that, decrypting the pages that hold them", found["pages"], found["hashing"], "ms", 2.0)
    yield Line("The check of the last thousand, since an anchor", found["since"], 0.0, "ms", 50, False)


def backups(folder: Path) -> Line:
    """A verified backup beside the bare copy by the database."""
    store = open_store(folder, KEY)
    ours, floor = [], []
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        for number in range(5):
            start = perf_counter()
            write_backup(store, Path(scratch), datetime.now(UTC))
            ours.append((perf_counter() - start) * 1000)
            start = perf_counter()
            store.copy_to(Path(scratch) / f"bare-{number}.db")
            floor.append((perf_counter() - start) * 1000)
    store.close()
    return Line("A backup, written and verified, beside VACUUM INTO", median(ours), median(floor), "ms", 2.0)


def longest_block() -> Line:
    """The longest time that the window's thread was blocked during the tour."""
    with tempfile.TemporaryDirectory() as out:
        done = subprocess.run(
            [sys.executable, "-m", "desktop", "tour", "--out", out],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "TRACING_DESK_PROBE": "1"},
        )
        probe = json.loads((Path(out) / "probe.json").read_text())
    assert done.returncode == 0
    return Line(f"Longest block of the window's thread ({probe['during']})", probe["ms"], 0.0, "ms", 50, False)


def main() -> None:
    """Measures and prints."""
    folder = made_store()
    sys.stdout.write(f"{'':<58}{'ours':>8} {'floor':>8}\n")
    for line in starts(folder):
        sys.stdout.write(line.text() + "\n")
    for line in (*letter(), *requests(folder), disposal(folder), *journal()):
        sys.stdout.write(line.text() + "\n")
    sys.stdout.write(backups(folder).text() + "\n")
    sys.stdout.write(longest_block().text() + "\n")


if __name__ == "__main__":
    main()
