"""What takes long is done aside: nobody waits for it, and it is stopped soon after nobody wants it any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from math import inf
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import text

from db import journal
from db.errors import StoreReadOnly
from db.figures import Told
from db.records import Role, State
from db.store import Tx
from desktop.casework import recovery
from desktop.casework.aside import NotWanted, aside
from desktop.casework.desk import Desk, changing
from desktop.casework.publication import Asked, publication, publish, told
from desktop.casework.reporting import Form, Made, keep_report, written_as
from desktop.casework.verifying import verify_store
from desktop.policy.disclosurecontrol import NONE
from desktop.policy.publication import Per
from desktop.policy.reports import Report
from tests.fixtures import Office
from tests.store.test_change_key import changed

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"


class Patience:
    """Wants it for so many looks."""

    def __init__(self, looks: float) -> None:
        self.most, self.looks = looks, 0

    def __call__(self) -> bool:
        self.looks += 1
        return self.looks <= self.most


def reads(desk: Desk) -> None:
    with desk.store.read() as tx:
        tx.execute(text(ENDLESS))


def nothing_published(office: Office, folder: Path) -> bool:
    with office.entry.store.read() as tx:
        journalled = "publish" in [entry.action for entry in journal.entries(tx, limit=1000)]
    return not journalled and not [one for one in folder.iterdir() if "table" in one.name]


def test_a_long_read_ends_soon_and_the_store_goes_on(office: Office) -> None:
    with pytest.raises(NotWanted):
        aside(office.caseworker, Patience(3), reads)
    assert office.in_state(State.DRAFT).case_id


def test_what_was_written_when_it_was_stopped_is_not_kept(office: Office) -> None:
    wanted = [True]

    def changes(desk: Desk) -> None:
        with changing(desk) as tx:
            tx.execute(text("UPDATE organisation SET name = 'Changed'"))
            wanted[0] = False
            desk.store.still_wanted()

    with pytest.raises(NotWanted):
        aside(office.caseworker, lambda: wanted[0], changes)
    with office.entry.store.read() as tx:
        assert tx.execute(text("SELECT name FROM organisation")).scalar() != "Changed"


def test_a_long_read_of_the_driver_itself_ends_soon_too(office: Office) -> None:
    def asks(desk: Desk) -> None:
        with desk.store.read() as tx:
            raw: Any = tx.connection.driver_connection
            raw.execute(ENDLESS).fetchone()

    with pytest.raises(NotWanted):
        aside(office.caseworker, Patience(3), asks)


def test_the_whole_store_is_checked_aside_as_it_is_by_itself(office: Office) -> None:
    office.in_state(State.ISSUED)
    administrator = office.desk(Role.ADMINISTRATOR)
    assert aside(administrator, lambda: True, verify_store) == verify_store(administrator)
    looks = Patience(inf)
    aside(administrator, looks, verify_store)
    for share in (0.1, 0.5, 0.9):
        with pytest.raises(NotWanted):
            aside(administrator, Patience(looks.looks * share), verify_store)


def test_what_is_wanted_is_done(office: Office) -> None:
    office.in_state(State.ISSUED)
    today = office.entry.today()
    asked = Asked(table="Tracing requests", first=date(today.year, 1, 1), last=today, control=NONE)
    made = aside(office.caseworker, lambda: True, lambda desk: publication(desk, asked))
    assert made == publication(office.caseworker, asked)


def test_what_is_computed_between_two_reads_is_stopped_too(office: Office) -> None:
    """So few cases take SQLite too few steps to ask."""
    office.in_state(State.ISSUED)
    today = office.entry.today()
    asked = Asked(table="Tracing requests", first=date(today.year, 1, 1), last=today, control=NONE)
    with pytest.raises(NotWanted):
        aside(office.caseworker, lambda: False, lambda desk: publication(desk, asked))


def test_a_table_that_is_stopped_is_not_published(office: Office, tmp_path: Path) -> None:
    office.in_state(State.ISSUED)
    officer, today = office.desk(Role.RECORDS_OFFICER), office.entry.today()
    asked = Asked(table="Tracing requests", first=date(today.year, 1, 1), last=today, control=NONE)

    def publishes(desk: Desk) -> None:
        reads(desk)
        publish(desk, asked, Made(tmp_path / "table.csv", Form.CSV))

    with pytest.raises(NotWanted):
        aside(officer, Patience(0), publishes)
    assert nothing_published(office, tmp_path)


def test_a_file_that_is_stopped_while_its_pages_are_drawn_is_not_there(office: Office, tmp_path: Path) -> None:
    """All is counted by then: what stops it is asked for while the pages are drawn."""
    office.in_state(State.ISSUED)
    officer, today = office.desk(Role.RECORDS_OFFICER), office.entry.today()
    asked = Asked(table="Tracing requests", first=date(today.year - 9, 1, 1), last=today, per=Per.MONTH, control=NONE)
    counting, all_of_it = Patience(inf), Patience(inf)
    counted = aside(officer, counting, lambda desk: publication(desk, asked))
    aside(officer, all_of_it, lambda desk: written_as(Form.PDF, counted.report, desk.store.still_wanted))
    # Often enough: with each table several times, of which hundreds are drawn in a second.
    assert all_of_it.looks > 5 * len(counted.report.grids)
    for share in (0.2, 0.5, 0.8):
        wanted = Patience(counting.looks + all_of_it.looks * share)
        with pytest.raises(NotWanted):
            aside(officer, wanted, lambda desk: publish(desk, asked, Made(tmp_path / "table.pdf", Form.PDF)))
        assert nothing_published(office, tmp_path)


@pytest.mark.parametrize("form", Form)
def test_what_is_stopped_once_it_is_counted_is_not_kept(office: Office, tmp_path: Path, form: Form) -> None:
    office.in_state(State.ISSUED)
    officer, today = office.desk(Role.RECORDS_OFFICER), office.entry.today()
    asked = Asked(table="Tracing requests", first=today, last=today, control=NONE)
    counted = publication(officer, asked).report
    wanted = [True]

    def report(tx: Tx) -> tuple[Report, Told]:
        tells = told(officer, tx, asked, counted.grids)
        wanted[0] = False
        return counted, tells

    def keeps(desk: Desk) -> None:
        made = Made(tmp_path / f"table.{form.value}", form)
        keep_report(desk, made, report, action="publish", data={})

    with pytest.raises(NotWanted):
        aside(officer, lambda: wanted[0], keeps)
    assert nothing_published(office, tmp_path)


def test_another_thread_says_that_it_is_not_wanted(office: Office) -> None:
    """The window's thread sets a flag that the store's own looks at."""
    raised: list[BaseException] = []
    asked = [True]

    def work() -> None:
        try:
            aside(office.caseworker, lambda: asked[0], reads)
        except NotWanted as error:
            raised.append(error)

    thread = Thread(target=work)
    thread.start()
    asked[0] = False
    thread.join(5)
    assert not thread.is_alive()
    assert raised


class Going:
    """Something that is done aside, on a thread of its own, until it is told to end."""

    def __init__(self, desk: Desk, work: Callable[[Desk], object]) -> None:
        self.wanted = True
        self.began, self.found = Event(), list[object]()
        self._work = work
        self.thread = Thread(target=self._run, args=(desk,))
        self.thread.start()
        assert self.began.wait(5)

    def _run(self, desk: Desk) -> None:
        def work(reading: Desk) -> object:
            self.began.set()
            return self._work(reading)

        try:
            self.found.append(aside(desk, lambda: self.wanted, work))
        except NotWanted as error:
            self.found.append(error)

    def end(self) -> object:
        """Stops it; what became of it."""
        self.wanted = False
        self.thread.join(5)
        assert not self.thread.is_alive()
        return self.found[0]


def test_nobody_waits_for_what_is_done_aside(office: Office) -> None:
    going = Going(office.caseworker, reads)
    assert office.in_state(State.ISSUED).state is State.ISSUED
    assert going.thread.is_alive()
    assert isinstance(going.end(), NotWanted)


def test_what_reads_aside_changes_nothing(office: Office) -> None:
    def changes(desk: Desk) -> None:
        with desk.store.read() as tx:
            tx.execute(text("DELETE FROM saved_view"))

    with pytest.raises(StoreReadOnly):
        aside(office.caseworker, lambda: True, changes)


def test_the_log_is_emptied_though_something_is_read_aside_which_then_begins_anew(office: Office) -> None:
    views: list[int] = []

    def counts(desk: Desk) -> int:
        with desk.store.read() as tx:
            views.append(int(tx.execute(text("SELECT COUNT(*) FROM cases")).scalar_one()))
            if len(views) == 1:
                tx.execute(text(ENDLESS))
        return views[-1]

    going = Going(office.caseworker, counts)
    while not views:
        assert going.thread.is_alive()
    office.register()
    office.entry.store.empty_log()
    log = office.entry.store.path.with_name("desk.db-wal")
    assert not log.stat().st_size
    going.thread.join(30)
    assert going.found == [views[0] + 1]


def test_what_is_read_aside_ends_where_the_store_is_closed(office: Office) -> None:
    going = Going(office.caseworker, reads)
    office.entry.store.close()
    going.thread.join(5)
    assert isinstance(going.found[0], NotWanted)
    with pytest.raises(NotWanted):
        aside(office.caseworker, lambda: True, lambda _desk: None)
    assert office.register().case_id
    assert aside(office.caseworker, lambda: True, lambda _desk: True)


def test_what_waits_for_its_turn_to_write_is_stopped_at_once(office: Office) -> None:
    def writes(desk: Desk) -> None:
        with desk.store.write() as tx:
            tx.execute(text("UPDATE organisation SET name = 'Changed'"))

    with office.entry.store.write():
        going = Going(office.caseworker, writes)
        start = monotonic()
        assert isinstance(going.end(), NotWanted)
        assert monotonic() - start < 0.2


def test_a_key_is_changed_while_something_is_read_aside(office: Office) -> None:
    before = office.entry.store.key
    going = Going(office.caseworker, reads)
    changed(office, recovery.sheet_for_change(office.desk(Role.ADMINISTRATOR)).code)
    assert office.entry.store.key != before
    assert isinstance(going.end(), NotWanted)
    with office.entry.store.read() as tx:
        there = tx.execute(text("SELECT COUNT(*) FROM cases")).scalar_one()

    def counts(desk: Desk) -> object:
        with desk.store.read() as tx:
            return tx.execute(text("SELECT COUNT(*) FROM cases")).scalar_one()

    assert aside(office.caseworker, lambda: True, counts) == there
