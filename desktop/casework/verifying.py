"""Checks that the store is sound: its journal, its pages, its index, its files, and the known deadlines."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from db import chain
from db.destroyed import remains, wrongly_destroyed
from db.errors import StoreDamaged, readable
from db.health import (
    broken_pages,
    changed_records,
    closed_otherwise,
    decided_back,
    ended_otherwise,
    kept_files,
    last_number,
    put_back,
    set_back,
    under_another_agreement,
    unknown_accounts,
    void_but_standing,
    without_timer,
)
from db.said import runs_of_other_cases, unjournalled, unkept, unkept_publications
from db.store import Tx
from db.wholeness import beside_facts, changed_schema
from desktop.casework.anchors import anchor_faults
from desktop.casework.backupchecks import backup_faults
from desktop.casework.certificates import certificate_faults
from desktop.casework.certifying import certified_otherwise
from desktop.casework.desk import Entry
from desktop.casework.letterfacts import file_id
from desktop.casework.recounting import index_faults, other_timers, recounted
from desktop.casework.secondlooks import draw_faults
from desktop.casework.setup import lost_words
from desktop.policy.clocks import working_days

KNOWN_DEADLINES = (
    # Received, working days, calendar, due: Home Office FOI cases 65915 to 67563 and the St Andrew's Day vector.
    (date(2021, 9, 6), 20, date(2021, 10, 4)),
    (date(2021, 9, 27), 20, date(2021, 10, 25)),
    (date(2021, 10, 28), 20, date(2021, 11, 25)),
    (date(2021, 12, 20), 20, date(2022, 1, 21)),
    (date(2017, 5, 18), 20, date(2017, 6, 16)),
    (date(2023, 11, 27), 20, date(2023, 12, 28)),
)
HORIZON_DAYS = 180
_Step = Callable[[Tx], tuple[str, ...]]
_BESIDE_JOURNAL: tuple[_Step, ...] = (
    put_back,
    unjournalled,
    partial(unkept, of_destroyed=True),
    runs_of_other_cases,
    unkept_publications,
)


@dataclass(frozen=True, slots=True)
class Report:
    """Each check by name, with what it found wrong."""

    checks: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found wrong."""
        return not any(faults for _, faults in self.checks)


def verify_store(entry: Entry) -> Report:
    """Runs every check. Changes nothing, and goes on past what is damaged."""
    now = entry.clock()
    return Report(
        (
            _tried(entry, "Journal", partial(_chain, entry), *_reading(entry, *_BESIDE_JOURNAL)),
            _read(entry, "Anchors", partial(anchor_faults, entry)),
            _read(entry, "Store", broken_pages, lambda _tx: lost_words(entry.store.lost)),
            _read(entry, "Counts", set_back),
            _read(entry, "Guards", changed_schema, beside_facts),
            _read(entry, "Fixed records", changed_records),
            _read(entry, "Letters", _letters),
            _read(entry, "Decisions", void_but_standing, ended_otherwise, under_another_agreement, draw_faults),
            _read(entry, "Dates and identifiers", partial(recounted, entry)),
            _read(entry, "Accounts", unknown_accounts),
            _read(entry, "Retention timers", without_timer, other_timers, closed_otherwise),
            _read(
                entry,
                "Destruction",
                remains,
                partial(wrongly_destroyed, now=now),
                partial(decided_back, now=now),
                certified_otherwise,
            ),
            _read(entry, "Search index", index_faults),
            _read(entry, "Certificate", lambda tx: certificate_faults(tx, entry)),
            _tried(entry, "Backups", partial(backup_faults, entry)),
            ("Files", _open_files(entry)),
            ("Known deadlines", _deadlines(entry)),
            ("Bank holidays", _horizon(entry)),
        )
    )


def _read(entry: Entry, name: str, *steps: _Step) -> tuple[str, tuple[str, ...]]:
    return _tried(entry, name, *_reading(entry, *steps))


def _reading(entry: Entry, *steps: _Step) -> list[Callable[[], tuple[str, ...]]]:
    """Each step with a view of the store of its own."""

    def reading(step: _Step) -> tuple[str, ...]:
        with entry.store.read() as tx:
            return step(tx)

    return [partial(reading, step) for step in steps]


def _tried(entry: Entry, name: str, *steps: Callable[[], tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    """A check by its name. Where a step of it met what is damaged, that is what it says, and the next one can read
    again: what the others found is told with it.
    """
    found: list[str] = []
    for step in steps:
        try:
            with readable():
                found += step()
        except StoreDamaged as error:
            entry.store.reopen()
            found.append(error.what)
        # A look that was stopped halfway may be taken for damage.
        entry.store.still_wanted()
    return name, tuple(dict.fromkeys(found))


def _chain(entry: Entry) -> tuple[str, ...]:
    with entry.store.read() as tx:
        count, broken = chain.verify(tx, store=entry.store)
        last = last_number(tx, "journal")
    faults = [f"entry {fault.seq}: {fault.what}" for fault in broken]
    if last > count:
        faults.append(f"{last - count} entries are missing from its end")
    return tuple(faults)


def _letters(tx: Tx) -> tuple[str, ...]:
    """Letters whose file does not name what they were made from. Older ones name its hash as it is."""
    from desktop.letters.archive import identity_of

    return tuple(
        f"the file of letter {one.number} is not of what the letter was made from"
        for one in kept_files(tx)
        if identity_of(one.pdf) not in (file_id(one.salt, one.snapshot_hash), one.snapshot_hash)
    )


def _open_files(entry: Entry) -> tuple[str, ...]:
    """Files and folders of the data folder that others than their owner may read."""
    folder = entry.store.path.parent
    return tuple(
        f"{path.relative_to(folder) if path != folder else path.name} may be read by other accounts of this computer"
        for path in [folder, *sorted(folder.rglob("*"))]
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    )


def _deadlines(entry: Entry) -> tuple[str, ...]:
    calendar = entry.calendars["uk-any-part"]
    return tuple(
        f"{length} working days from {received.isoformat()} came out as {found.isoformat()}, not {known.isoformat()}"
        for received, length, known in KNOWN_DEADLINES
        if (found := working_days(received, length, calendar).due_on) != known
    )


def _horizon(entry: Entry) -> tuple[str, ...]:
    last = entry.calendars["uk-any-part"].last
    if (last - entry.today()).days < HORIZON_DAYS:
        return (f"bank holidays are known only to {last.isoformat()}: later due dates are provisional",)
    return ()
