"""A large store for measuring: cases that were lived through, copied with other people and at other times.

Nine in ten are stubs, destroyed in runs over twenty years; one in twenty was withdrawn as soon as it came; the rest
have their content, and their letter unless they are still open. What a case's form says of the person, what it is found
by and the journal's chain are made for each; what was submitted, and the letter, stay those of the case that was
copied. The guards are away while it is made.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from db.engine import make_engine
from db.erasures import request_key
from db.migrations import whole_schema
from db.replaying import without_guards
from db.store import FILE, Tx, create_store, open_store
from desktop.casework.anchors import anchor_by_itself
from desktop.casework.keptlists import write_lists
from desktop.casework.setup import entry_for
from tests.bench.chained import Chain, Same
from tests.bench.copies import Copies, certificate, run_entries, run_rows
from tests.bench.lives import MONDAY, WEEK, Life, Lives, columns, live
from tests.fixtures import KEY

YEARS = 20
KEPT_WEEKS = 165
"""Before the end: the cases of these weeks were not destroyed."""
FRESH_WEEKS = 4
"""Before the end, every case is still open."""
MOST_OPEN = 2000
"""A desk has so many open cases at most, however old it is."""
_KEPT = ("user", "organisation", "agreement_text", "certificate", "alembic_version", "meta")
"""Tables that stay as those who lived the cases through left them."""


def large_store(folder: Path, count: int, until: datetime | None = None) -> None:
    """Makes a store of ``count`` cases (600 at least) in a folder that is not there yet; they end today, or before
    ``until``.
    """
    end = until or datetime.combine(datetime.now(UTC).date(), datetime.min.time(), UTC)
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        lived = Path(made) / "desk"
        lived.mkdir(mode=0o700)
        store = create_store(lived, KEY)
        lives = live(store, lived, end)
        store.close()
        plan = _Plan(lives, count, end)
        with _bulk(lived) as tx:
            _fill(tx, plan)
        lived.rename(folder)
    store = open_store(folder, KEY)
    entry = entry_for(store, folder, KEY, lambda: end)
    write_lists(entry)
    anchor_by_itself(entry)
    store.close()


class _Plan:
    """Which life is copied how often, and when."""

    def __init__(self, lives: Lives, count: int, end: datetime) -> None:
        self.lives = lives
        self.copies: list[Copies] = []
        self.runs: list[int] = []
        """Of each run, how many days after the one that was lived through."""
        self.cases = self.letters = 0
        withdrawn, still_open = count // 20, min(MOST_OPEN, count // 50)
        standing, destroyed = withdrawn - still_open, count - 2 * withdrawn
        last = _week(end - timedelta(weeks=KEPT_WEEKS))
        for week, part in _spread(destroyed, _week(end - timedelta(days=YEARS * 365)), last):
            self.runs.append(7 * week)
            self._add(lives.stubs, part, 7 * week, len(self.runs))
        for week, part in _spread(standing, last + 1, _week(end - timedelta(weeks=FRESH_WEEKS))):
            self._add(lives.standing, part, 7 * week)
            self._add(lives.withdrawn, part * withdrawn // standing, 7 * week)
        self._add(lives.open, count - self.cases, 0)

    def _add(self, lives: tuple[Life, ...], count: int, days: int, run: int = 0) -> None:
        """So many copies of these lives together."""
        for number, life in enumerate(lives):
            many = _part(count, len(lives), number)
            asked = str(self.lives.standing[number].answers["requester.body"]) if run else ""
            self.copies.append(Copies(life, days, self.cases + 1, many, self.letters + 1, run, asked))
            self.cases += many
            self.letters += many if life.letter is not None else 0

    def entries(self) -> list[Same]:
        """All that the journal says, in order."""
        began = min(one.at for one in self.copies[0].entries())
        found = [
            Same(began if one.at < MONDAY.isoformat() else one.at, one.actor_id, one.action, one.heading, one.data)
            for one in self.lives.base
        ]
        for copies in self.copies:
            found += copies.entries()
        for number, days in enumerate(self.runs, 1):
            named = self._named(number)
            cases = [one for some in named.values() for one in some]
            found += run_entries(self.lives.run_entries, days, number, cases, self.certificate(number, days))
        # What is of one moment stays in the order in which it happened.
        return sorted(found, key=lambda one: one.at)

    def certificate(self, run: int, days: int) -> str:
        """What the certificate of a run says."""
        return certificate(self._first, days, run, self._named(run))

    def _named(self, run: int) -> dict[str, list[str]]:
        """The references of a run's cases, by that of the case that they are copies of."""
        return {one.life.reference: one.cases() for one in self.copies if one.run == run}

    @property
    def _first(self) -> str:
        """What the certificate of the run says that was lived through."""
        ((_run, _number, said, *_rest),) = self.lives.run["destruction_certificate"]
        return str(said)


def _week(at: datetime) -> int:
    """How many weeks after the one that was lived through."""
    return (at.date() - MONDAY).days // 7


def _part(count: int, parts: int, number: int) -> int:
    """How many of so many fall to one of the parts."""
    return count * (number + 1) // parts - count * number // parts


def _spread(count: int, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Weeks, and how many of so many cases fall into each: as many weeks as have a case for each life."""
    many = min(last - first + 1, count // len(WEEK))
    for number in range(many):
        yield first + number * (last - first) // max(many - 1, 1), _part(count, many, number)


@contextmanager
def _bulk(folder: Path) -> Iterator[Tx]:
    """One transaction on the store's file, as fast as can be: without guards, indexes or SQLite's own journal, and
    without waiting for the disk. Where it is stopped, the file is of no use.
    """
    engine = make_engine(folder / FILE, KEY)
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        for setting in (
            "journal_mode = DELETE",
            "journal_mode = OFF",
            "synchronous = OFF",
            "locking_mode = EXCLUSIVE",
            "foreign_keys = OFF",
            "secure_delete = OFF",
            "cache_size = -400000",
        ):
            raw.execute(f"PRAGMA {setting}")
        with connection.begin(), without_guards(connection):
            query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            indexes = connection.execute(text(query)).fetchall()
            # What the migrations say of indexes goes with them.
            known = connection.execute(text("SELECT tbl, idx, stat FROM sqlite_stat1")).fetchall()
            for index in indexes:
                connection.exec_driver_sql(f'DROP INDEX "{index.name}"')
            yield connection
            for index in indexes:
                connection.exec_driver_sql(index.sql)
            raw.executemany("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", [tuple(one) for one in known])
    engine.dispose()


def _fill(tx: Tx, plan: _Plan) -> None:
    """Puts the copies in the place of what was lived through."""
    raw: Any = tx.connection.driver_connection
    tables = {one.name: (columns(one), len(one.c)) for one in whole_schema().sorted_tables}
    tables["search"] = ("rowid, reference, names, born, numbers, requester_reference", 6)

    def write(name: str, rows: list[tuple[Any, ...]]) -> None:
        into, many = tables[name]
        raw.executemany(f'INSERT INTO "{name}" ({into}) VALUES ({", ".join("?" * many)})', rows)

    for name in tables:
        if name not in _KEPT:
            raw.execute(f'DELETE FROM "{name}"')
    raw.execute("DELETE FROM meta WHERE key LIKE 'erased.%'")
    raw.execute("DELETE FROM sqlite_sequence WHERE name NOT IN ('user', 'certificate')")
    key = request_key(KEY)
    for copies in plan.copies:
        for name, rows in copies.rows(key):
            write(name, rows)
    for number, days in enumerate(plan.runs, 1):
        for name, rows in run_rows(plan.lives.run, days, number, plan.certificate(number, days)):
            write(name, rows)
    chain = Chain(lambda rows: write("journal", rows))
    for same in plan.entries():
        chain.add(same)
    chain.flush()
    given = "INSERT INTO given_reason SELECT seq, case_id, ? FROM journal WHERE action = 'withdraw'"
    raw.execute(given, (plan.lives.reasons,))
    numbers = {"case.TR": plan.cases, "letter": plan.letters, "destruction": len(plan.runs)}
    for name, last in numbers.items():
        raw.execute("UPDATE meta SET value = ? WHERE key = ?", (str(last), f"sequence.{name}"))
