"""What takes long is stopped soon after nobody wants it any more, and nothing of it is left."""

from __future__ import annotations

from datetime import date
from math import inf
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from db import journal
from db.records import Heading, Role, State
from db.store import Tx
from desktop.casework.desk import Desk, changing
from desktop.casework.publication import Asked, publication, publish
from desktop.casework.reporting import Form, Made, NotWanted, keep_report, while_wanted, written_as
from desktop.policy.disclosurecontrol import NONE
from desktop.policy.publication import Per
from desktop.policy.reports import Report
from tests.fixtures import Office

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
        while_wanted(office.caseworker, Patience(3), reads)
    assert office.in_state(State.DRAFT).case_id


def test_what_a_long_change_wrote_is_not_kept(office: Office) -> None:
    def changes(desk: Desk) -> None:
        with changing(desk) as tx:
            tx.execute(text("UPDATE organisation SET name = 'Changed'"))
            tx.execute(text(ENDLESS))

    with pytest.raises(NotWanted):
        while_wanted(office.caseworker, Patience(3), changes)
    with office.entry.store.read() as tx:
        assert tx.execute(text("SELECT name FROM organisation")).scalar() != "Changed"


def test_what_is_wanted_is_done(office: Office) -> None:
    office.in_state(State.ISSUED)
    today = office.entry.today()
    asked = Asked(table="Tracing requests", first=date(today.year, 1, 1), last=today, control=NONE)
    made = while_wanted(office.caseworker, lambda: True, lambda desk: publication(desk, asked))
    assert made == publication(office.caseworker, asked)


def test_what_is_computed_between_two_reads_is_stopped_too(office: Office) -> None:
    """So few cases take SQLite too few steps to ask."""
    office.in_state(State.ISSUED)
    today = office.entry.today()
    asked = Asked(table="Tracing requests", first=date(today.year, 1, 1), last=today, control=NONE)
    with pytest.raises(NotWanted):
        while_wanted(office.caseworker, lambda: False, lambda desk: publication(desk, asked))


def test_a_table_that_is_stopped_is_not_published(office: Office, tmp_path: Path) -> None:
    office.in_state(State.ISSUED)
    officer, today = office.desk(Role.RECORDS_OFFICER), office.entry.today()
    asked = Asked(table="Tracing requests", first=date(today.year, 1, 1), last=today, control=NONE)

    def publishes(desk: Desk) -> None:
        reads(desk)
        publish(desk, asked, Made(tmp_path / "table.csv", Form.CSV))

    with pytest.raises(NotWanted):
        while_wanted(officer, Patience(0), publishes)
    assert nothing_published(office, tmp_path)


def test_a_file_that_is_stopped_while_its_pages_are_drawn_is_not_there(office: Office, tmp_path: Path) -> None:
    """All is counted by then: what stops it is asked for while the pages are drawn."""
    office.in_state(State.ISSUED)
    officer, today = office.desk(Role.RECORDS_OFFICER), office.entry.today()
    asked = Asked(table="Tracing requests", first=date(today.year - 9, 1, 1), last=today, per=Per.MONTH, control=NONE)
    counting, all_of_it = Patience(inf), Patience(inf)
    counted = while_wanted(officer, counting, lambda desk: publication(desk, asked))
    while_wanted(officer, all_of_it, lambda desk: written_as(Form.PDF, counted.report, desk.store.still_wanted))
    # Often enough: with each table several times, of which hundreds are drawn in a second.
    assert all_of_it.looks > 5 * len(counted.report.grids)
    for share in (0.2, 0.5, 0.8):
        wanted = Patience(counting.looks + all_of_it.looks * share)
        with pytest.raises(NotWanted):
            while_wanted(officer, wanted, lambda desk: publish(desk, asked, Made(tmp_path / "table.pdf", Form.PDF)))
        assert nothing_published(office, tmp_path)


@pytest.mark.parametrize("form", Form)
def test_what_is_stopped_once_it_is_counted_is_not_kept(office: Office, tmp_path: Path, form: Form) -> None:
    office.in_state(State.ISSUED)
    officer, today = office.desk(Role.RECORDS_OFFICER), office.entry.today()
    counted = publication(officer, Asked(table="Tracing requests", first=today, last=today, control=NONE)).report
    wanted = [True]

    def report(_tx: Tx) -> Report:
        wanted[0] = False
        return counted

    def keeps(desk: Desk) -> None:
        made = Made(tmp_path / f"table.{form.value}", form)
        keep_report(desk, made, report, action="publish", heading=Heading.DISCLOSURE, data={})

    with pytest.raises(NotWanted):
        while_wanted(officer, lambda: wanted[0], keeps)
    assert nothing_published(office, tmp_path)


def test_another_thread_says_that_it_is_not_wanted(office: Office) -> None:
    """The window's thread sets a flag that the store's own looks at."""
    raised: list[BaseException] = []
    asked = [True]

    def work() -> None:
        try:
            while_wanted(office.caseworker, lambda: asked[0], reads)
        except NotWanted as error:
            raised.append(error)

    thread = Thread(target=work)
    thread.start()
    asked[0] = False
    thread.join(5)
    assert not thread.is_alive()
    assert raised
