"""The cases that a large store is copied from: lived through by the same actions that the windows call, then read out.

A *week* is a dozen requests of five days, answered, and three years later destroyed in one approved run. It is read
twice: as it stood with its letters, and as its stubs. Beside it: one request that was withdrawn as soon as it came, and
a few that are still open.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, text

from db.casereads import load_case
from db.journal import append, canonical
from db.migrations import whole_schema
from db.records import Answers, Heading, Role
from db.store import Store, Tx
from desktop.casework import accounts, certificates, disposal, requests
from desktop.casework.consulting import consult
from desktop.casework.sample import CaseMaker, MovingClock, desk_of, fill_people, sample_data
from desktop.casework.setup import entry_for
from desktop.policy.clocks import working_days_before
from desktop.policy.disposal import GRACE_DAYS
from tests.fixtures import KEY, on

MONDAY = date(2017, 5, 15)
"""The week that is lived through: every agreement of it was in force."""
WEEK = (
    (0, "law-enforcement-tracing", "police", 0, "issued_traced"),
    (0, "home-office-tracing", "home_office", 1, "issued_traced"),
    (0, "law-enforcement-tracing", "missing", 2, "issued_no_trace"),
    (1, "home-office-tracing", "home_office", 3, "issued_traced"),
    (1, "law-enforcement-tracing", "police", 4, "issued_refused"),
    (1, "home-office-tracing", "home_office", 5, "issued_no_trace"),
    (2, "home-office-tracing", "home_office", 6, "issued_rejected"),
    (2, "law-enforcement-tracing", "missing", 8, "issued_traced"),
    (3, "home-office-tracing", "home_office", 9, "issued_traced"),
    (3, "law-enforcement-tracing", "police", 10, "issued_no_trace"),
    (4, "home-office-tracing", "home_office", 11, "issued_refused"),
    (4, "law-enforcement-tracing", "police", 12, "issued_traced"),
)
"""Day of the week, agreement, requester, person, and how far it went."""
OPEN = (
    "start", "draft", "submitted", "resubmitted", "sent_back", "approved", "recorded", "released", "refused",
    "returned",
)  # fmt: skip
RUN_DAY = date(2020, 6, 8)
"""When every case of the week is due for review, and the run is proposed."""
RECORDS = 12
"""Entries of the journal that each case has, at least: the rest are looks at it."""
_BOUND = 2
"""Commitments that are kept of an entry: all of them would be the larger half of the store, and tell nothing."""
_OF_EACH = ("person.", "requester.", "received.")
"""Answers that each copy has of its own."""
_NOT_COPIED = ("command", "journal", "identifier", "given_reason")
"""What is not read out case by case: what is found by, the journal and what goes by its numbers are made anew."""

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Entry:
    """An entry of the journal without its place in it."""

    at: str
    actor_id: int | None
    action: str
    heading: str
    case_id: int | None
    data: str


@dataclass(frozen=True)
class Life:
    """All that the store holds of one case, by table, and its entries."""

    id: int
    rows: Mapping[str, tuple[Row, ...]]
    entries: tuple[Entry, ...]
    answers: Answers
    letter: int | None
    """The number of its letter."""

    @property
    def reference(self) -> str:
        """Its reference."""
        return str(self.rows["cases"][0][1])


@dataclass
class Lives:
    """What was lived through. ``base``: entries that are of no case and no run."""

    standing: tuple[Life, ...] = ()
    stubs: tuple[Life, ...] = ()
    withdrawn: tuple[Life, ...] = ()
    open: tuple[Life, ...] = ()
    run: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    run_entries: tuple[Entry, ...] = ()
    base: tuple[Entry, ...] = ()
    reasons: str = ""
    """Why each was withdrawn."""


def live(store: Store, folder: Path, until: datetime) -> Lives:
    """Lives them through in a new store, up to `until`."""
    clock = MovingClock(datetime.combine(MONDAY - timedelta(days=10), datetime.min.time(), UTC))
    entry = entry_for(store, folder, KEY, clock)
    data = sample_data()
    fill_people(entry, data)
    made = Lives(reasons=data["text"]["withdraw"])
    desks = {one.role: desk_of(entry, one) for one in accounts.users(entry)}
    maker = CaseMaker(entry, desks, data, clock, until.date())
    ids = [
        maker.make(agreement, requester, person, MONDAY + timedelta(days=day), stage).case_id
        for day, agreement, requester, person, stage in WEEK
    ]
    done = maker.make("law-enforcement-tracing", "missing", 7, MONDAY + timedelta(days=2), "start")
    clock.at += timedelta(days=2)
    requests.withdraw(maker.caseworker, requests.WithReasons(**on(done), reasons=made.reasons))
    for case_id in (*ids, done.case_id):
        _looked_at(store, maker, case_id)
    with store.read() as tx:
        made.standing = tuple(_life(tx, one) for one in ids)
        made.withdrawn = (_life(tx, done.case_id),)
        began = int(tx.execute(text("SELECT max(seq) FROM journal")).scalar_one())
    run = _destroy(store, maker, clock, ids)
    with store.read() as tx:
        made.stubs = tuple(_stub(_life(tx, one)) for one in ids)
        made.run = _of_run(tx, run)
        made.run_entries = _entries(tx, f"case_id IS NULL AND seq > {began}")
        made.base = _entries(tx, f"case_id IS NULL AND seq <= {began}")
    made.open, renewed = _still_open(store, maker, clock, until)
    made.base += renewed
    return made


def _still_open(store: Store, maker: CaseMaker, clock: MovingClock, until: datetime) -> tuple[tuple[Life, ...], Any]:
    """Requests of the last weeks, and the certificate that was renewed before."""
    clock.at = until - timedelta(days=60)
    with store.read() as tx:
        last = int(tx.execute(text("SELECT max(seq) FROM journal")).scalar_one())
    renewed = certificates.MakeCertificate(because=maker.data["text"]["certificate"])
    certificates.make_certificate(desk_of(maker.past, _administrator(maker)), renewed)
    calendar = maker.past.calendars["uk-any-part"]
    ids = []
    for number, stage in enumerate(OPEN):
        received = working_days_before(until.date(), 9 + number, calendar)
        ids.append(maker.make("law-enforcement-tracing", "police", number, received, stage).case_id)
    for case_id in ids:
        _looked_at(store, maker, case_id)
    with store.read() as tx:
        return tuple(_life(tx, one) for one in ids), _entries(tx, f"case_id IS NULL AND seq > {last}")


def _administrator(maker: CaseMaker) -> Any:
    return next(one for one in accounts.users(maker.past) if one.role is Role.ADMINISTRATOR)


def _looked_at(store: Store, maker: CaseMaker, case_id: int) -> None:
    """Looks at a case until it has its entries, all in the last minutes of what was done with it."""
    with store.write() as tx:
        query = text("SELECT count(*), max(at) FROM journal WHERE case_id = :id")
        many, last = tx.execute(query, {"id": case_id}).one()
        maker.clock.at = datetime.fromisoformat(last)
        for _ in range(RECORDS - many):
            consult(maker.caseworker, tx, case_id, "form")


def _destroy(store: Store, maker: CaseMaker, clock: MovingClock, ids: Iterable[int]) -> int:
    """The week's run, from its proposal to its certificate."""
    clock.at = datetime.combine(RUN_DAY, datetime.min.time(), UTC) + timedelta(hours=10)
    officers = [desk_of(maker.past, one) for one in accounts.users(maker.past) if one.role is Role.RECORDS_OFFICER]
    proposed = disposal.ProposeRun(case_ids=tuple(ids), because="Their time has come.")
    run = disposal.propose_run(officers[0], proposed)
    clock.at += timedelta(hours=4)
    disposal.decide_run(officers[1], disposal.DecideRun(run_id=run, approved=True))
    for days in (5, 5, GRACE_DAYS - 10):
        clock.at += timedelta(days=days)
        with store.write() as tx:
            who = maker.caseworker.user.id
            append(tx, at=clock.at, actor_id=who, action="sign_in", heading=Heading.SYSTEM)
    clock.at += timedelta(hours=1)
    found = disposal.carry_out(officers[0], run)
    if found.left or found.kept:
        raise RuntimeError(f"the run did not go as it should: {found}")
    return run


# Reading out


def _life(tx: Tx, case_id: int) -> Life:
    rows = {}
    for table in whole_schema().sorted_tables:
        if table.name in _NOT_COPIED:
            continue
        if found := _rows(tx, table, case_id):
            rows[table.name] = found
    letter = rows["letter"][0] if "letter" in rows else None
    entries = _entries(tx, f"case_id = {case_id}")
    answers = {} if "answer" not in rows else load_case(tx, case_id).answers
    return Life(case_id, rows, entries, answers, letter[1] if letter else None)


def _stub(life: Life) -> Life:
    """With as many entries as others have, since that it was destroyed counts too; and without the empty rows that it
    keeps of its answers, which nothing reads and which would be half of the store.
    """
    look = next(one for one in life.entries if one.action == "open_case")
    rows = {name: some for name, some in life.rows.items() if name != "answer"}
    return replace(life, rows=rows, entries=tuple(one for one in life.entries if one is not look))


def _rows(tx: Tx, table: Table, case_id: int) -> tuple[Row, ...]:
    if table.name == "cases":
        where = f"id = {case_id}"
    elif table.name == "letter_event":
        where = f"letter_id IN (SELECT id FROM letter WHERE case_id = {case_id})"
    elif "case_id" in table.c:
        where = f"case_id = {case_id}"
    else:
        return ()
    return tuple(tuple(row) for row in tx.exec_driver_sql(f'SELECT {columns(table)} FROM "{table.name}" WHERE {where}'))


def columns(table: Table) -> str:
    """The table's columns, in its order, as SQL."""
    return ", ".join(f'"{one.name}"' for one in table.c)


def _of_run(tx: Tx, run: int) -> dict[str, tuple[Row, ...]]:
    """What a run has beside its cases."""
    found = {}
    for table in whole_schema().sorted_tables:
        of_it = "id" if table.name == "disposal_run" else "run_id"
        if of_it in table.c and (of_it == "id" or "case_id" not in table.c):
            query = f'SELECT {columns(table)} FROM "{table.name}" WHERE {of_it} = {run}'
            found[table.name] = tuple(tuple(row) for row in tx.exec_driver_sql(query))
    return found


def _entries(tx: Tx, where: str) -> tuple[Entry, ...]:
    query = f"SELECT at, actor_id, action, heading, case_id, data FROM journal WHERE {where} ORDER BY at, seq"
    return tuple(replace(Entry(*row), data=_shortened(row.data)) for row in tx.exec_driver_sql(query))


def _shortened(data: str) -> str:
    said = json.loads(data)
    if "bound" in said:
        # Of what each copy says alike.
        alike = [
            one
            for one in sorted(said["bound"].items())
            if not one[0].startswith(("person.", "requester.", "received."))
        ]
        said["bound"] = dict(alike[:_BOUND])
    return canonical(said)
