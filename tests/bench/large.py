"""The desk on a large store: what it takes beside the floors of the same run, and how that grows with the cases."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from db.backup import write_backup
from db.chain import records, verify
from db.journal import append
from db.records import Heading
from db.store import Store, open_store
from desktop.casework.anchors import anchor_by_itself
from desktop.casework.sample import sample_password
from desktop.casework.setup import SAMPLE_MARK, entry_for
from desktop.security.keys import Cost, PassphraseHome
from tests.bench import intake, reports
from tests.bench.lines import Line
from tests.bench.million import large_store
from tests.fixtures import KEY

MADE = Path("build/bench")
ROUNDS = 5
SMALL = 10_000
"""What the growth is counted from."""
GROWTH = 3.0
_AT_ONCE = 100_000
_A_DAY = 1000
"""Entries that a day adds."""

Figures = Mapping[str, Any]


def made_store(count: int) -> Path:
    """The store of so many cases, made once and kept in build/. One that an earlier version made is made anew."""
    folder = MADE / f"store-{count}"
    if not (folder / SAMPLE_MARK).exists():
        sys.stdout.write(f"Making a store of {count:,} invented cases in {folder} (once) ...\n")
        sys.stdout.flush()
        folder.parent.mkdir(parents=True, exist_ok=True)
        start = perf_counter()
        large_store(folder, count)
        PassphraseHome(folder, os.urandom, Cost(memory_kib=64, passes=1, lanes=1)).put(KEY, sample_password())
        (folder / SAMPLE_MARK).touch(mode=0o600)
        size = (folder / "desk.db").stat().st_size / 1e9
        sys.stdout.write(f"It took {perf_counter() - start:.0f} s and has {size:.1f} GB.\n")
    return folder


def run(module: str, *arguments: str) -> Figures:
    """What a process of its own found."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.{module}", *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def started(folder: Path, rounds: int = ROUNDS) -> dict[str, dict[str, float]]:
    """A start of the desk and of the bare window beside it, in turn: medians, by "desk" and "floor"."""
    runs: dict[str, list[Figures]] = {"floor": [], "desk": []}
    for number in range(rounds + 1):
        for kind, kept in runs.items():
            found = run("start", kind, str(folder))
            if number:
                kept.append(found)
    return {kind: {name: median(one[name] for one in some) for name in some[0]} for kind, some in runs.items()}


def windows(found: Figures, floor: Mapping[str, float]) -> Iterator[Line]:
    """What people wait for in the windows. The floor of a list is its query by itself, and a bare window's rows."""
    bare = floor["work"]
    for name, what in _LISTS:
        queries = zip(found[f"{name}_whole"], found[f"{name}_bare"], strict=True)
        worst = max(((ours, query + bare) for ours, query in queries), key=lambda pair: pair[0] / pair[1])
        yield Line(f"Register {what}", *worst, "ms", 2.0)
    what = f"Longest block of the window's thread ({found['longest_during']})"
    yield Line(what, found["longest_block"], 0.0, "ms", 50, False)
    yield Line("Scrolling by wheel and jumps, p95 of a frame", found["frames"], 0.0, "ms", 16, False)
    yield Line("Search as typed, p95 from key to painted", found["search"], 0.0, "ms", 50, False)
    yield Line("A case opened", found["case"], 0.0, "ms", 100, False)
    yield from reports.lines(found)
    yield Line("Memory with every window opened, above the bare window", found["mib"], floor["mib"], "MiB", 130, False)


def earlier(folder: Path) -> Line:
    """The requests that were made before about a person."""
    store = open_store(folder, KEY)
    found = intake.duplicate_search(store)
    store.close()
    return Line("Earlier requests about a person", found, 0.0, "ms", 100, False)


def journal(folder: Path) -> Iterator[Line]:
    """The check of the whole journal beside hashing the same bytes, and anchoring what is new."""
    store = open_store(folder, KEY)
    with store.read() as tx:
        hashing, many, found = 0.0, 0, records(tx)
        while lying := [record.encode() for record, _hash in islice(found, _AT_ONCE)]:
            start = perf_counter()
            for one in lying:
                hashlib.sha256(one).hexdigest()
            hashing += _since(start)
            many += len(lying)
        raw: Any = tx.connection.driver_connection
        start = perf_counter()
        raw.execute("SELECT sum(length(hash)) FROM journal NOT INDEXED").fetchone()
        pages = _since(start)
        start = perf_counter()
        _count, faults = verify(tx, store=store)
        ours = _since(start)
    assert not faults
    yield Line(f"Check of all {many:,} journal records, beside hashing", ours, hashing, "ms", 2.0)
    yield Line("The same, beside decrypting their pages and hashing", ours, hashing + pages, "ms", 2.0)
    yield Line(
        "A day of it checked since its last anchor, and anchored", _anchored(store, folder), 0.0, "ms", 1000, False
    )
    store.close()


def _anchored(store: Store, folder: Path) -> float:
    at = datetime.now(UTC)
    with store.write() as tx:
        for _ in range(_A_DAY):
            append(tx, at=at, actor_id=None, action="sign_in", heading=Heading.SYSTEM)
    start = perf_counter()
    anchor_by_itself(entry_for(store, folder, KEY, lambda: at))
    return _since(start)


def backup(folder: Path, rounds: int = ROUNDS) -> Line:
    """A verified backup beside the bare copy by the database."""
    store = open_store(folder, KEY)
    ours, floor = [], []
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        for number in range(rounds):
            start = perf_counter()
            store.copy_to(Path(scratch) / f"bare-{number}.db")
            floor.append(_since(start))
            (Path(scratch) / f"bare-{number}.db").unlink()
            start = perf_counter()
            made = write_backup(store, Path(scratch), datetime.now(UTC))
            ours.append(_since(start))
            made.path.unlink()
    store.close()
    return Line("A backup, written and verified, beside VACUUM INTO", median(ours), median(floor), "ms", 2.0)


def growth(sizes: Mapping[int, Figures]) -> Iterator[str]:
    """How each user action's time grows with the cases: a table with the factor from the fewest to the most."""
    yield "".join(
        [f"{'How it grows with the cases (ms)':<44}", *(f"{size:>12,}" for size in sorted(sizes)), "  factor"]
    )
    for what, name in ACTIONS:
        took = [_middle(sizes[size][name]) for size in sorted(sizes)]
        factor = took[-1] / took[0]
        word = "within" if factor <= GROWTH else "OVER"
        yield f"{what:<44}" + "".join(f"{one:12.1f}" for one in took) + f"{factor:8.2f}  {word} {GROWTH:g}"


_LISTS = (
    ("opened", "opened, all of it"),
    ("sorted", "in the slowest order, all of it"),
    ("filtered", "by the slowest filter, all of it"),
)
ACTIONS = (
    ("The store opened behind the sign-in", "opened"),
    ("Password accepted to My work painted", "work"),
    ("Register opened the first time", "register_opened"),
    ("Register in another order, painted", "sorted_painted"),
    ("Register filtered, painted", "filtered_painted"),
    ("A frame while scrolling", "frames"),
    ("A key in the search field", "search"),
    ("A case opened", "case"),
    ("The desk today, opened", "report_today"),
    ("Review queue opened", "page_reviewer_review"),
    ("Retention opened, what is due painted", "page_guardian_retention_painted"),
    ("Retention opened, every timer counted", "page_guardian_retention"),
    ("Administration opened", "page_administrator_admin"),
    ("Journal opened", "page_auditor_admin"),
)
"""What people do, and the figure that has it."""


def _middle(found: float | list[float]) -> float:
    return median(found) if isinstance(found, list) else found


def _since(start: float) -> float:
    return (perf_counter() - start) * 1000
