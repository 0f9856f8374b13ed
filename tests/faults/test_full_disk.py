"""A disk that fills up at each write of a disposal run and of an issue: it is said, nothing is half done, and the next
try works.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from db import chain
from db.destroyed import remains
from db.errors import DiskFull
from db.records import Role, State
from db.store import Store, open_store
from desktop.casework import disposal, issuing
from desktop.casework.journalexport import export_journal
from desktop.casework.reporting import Form, Made
from desktop.casework.requestforms import make_request_form
from desktop.casework.retentionrules import save_retention_rules
from desktop.casework.today import save_today
from tests.faults.disks import mounted
from tests.fixtures import KEY, Office, make_entry, on, signed_in
from tests.store.disposing import approved, faults, many_closed, pass_grace

PAGE = 4096


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MiB of its own, where this account may mount one."""
    with mounted(tmp_path / "disk", "8m") as place:
        yield place


@dataclass
class Filling:
    """A store on a disk, made anew for each try with room for so many pages more."""

    made: Path
    disk: Path
    at: datetime

    def open(self) -> Office:
        folder = self.disk / "desk"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.made, folder)
        folder.chmod(0o700)
        office = signed_in(make_entry(open_store(folder, KEY), self.at))
        # What an open store needs beside it.
        with office.entry.store.read() as tx:
            chain.verify(tx)
        return office

    def fill(self, leave: int) -> None:
        """Leaves room for so many pages."""
        free = os.statvfs(self.disk).f_bavail * os.statvfs(self.disk).f_frsize
        (self.disk / "filler").write_bytes(bytes(max(0, free - leave * PAGE)))

    def each(
        self, does: Callable[[Office], object], after: Callable[[Store], None], whole: Callable[[Office], None]
    ) -> int:
        """Lets each write after the other find no room, until all of it finds some: returns how many did not."""
        for pages in range(2000):
            office = self.open()
            try:
                self.fill(pages)
                full = _full(does, office)
                after(office.entry.store)
                (self.disk / "filler").unlink()
                if full is None:
                    whole(office)
                    return pages
                assert full.what == "The disk is full."
                assert full.safe.startswith("Everything saved so far is safe")
                assert full.todo.startswith("Free some space on this disk")
                if pages % 10 == 0:
                    # The same desk goes on, and so does one that is started anew.
                    if pages % 20 == 0:
                        office.entry.store.close()
                        office = signed_in(make_entry(open_store(self.disk / "desk", KEY), self.at))
                    does(office)
                    whole(office)
            finally:
                (self.disk / "filler").unlink(missing_ok=True)
                office.entry.store.close()
        raise AssertionError("it never found room")


def _full(does: Callable[[Office], object], office: Office) -> DiskFull | None:
    try:
        does(office)
    except DiskFull as error:
        return error
    return None


def many(store: Store, sql: str) -> int:
    with store.read() as tx:
        return int(tx.execute(text(sql)).scalar_one())


def test_a_run_whose_every_write_finds_the_disk_full_leaves_no_case_half_gone(
    office: Office, disk: Path, tmp_path: Path
) -> None:
    run = approved(office, *many_closed(office, 2))
    pass_grace(office)
    office.entry.store.close()

    def after(store: Store) -> None:
        with store.read() as tx:
            assert chain.verify(tx)[1] == ()
            assert remains(tx) == ()
        gone = many(store, "SELECT COUNT(*) FROM cases WHERE state = 'destroyed'")
        assert gone == many(store, "SELECT COUNT(*) FROM disposal_result WHERE destroyed")
        assert many(store, "SELECT COUNT(*) FROM cases WHERE state = 'issued' AND family_name <> ''") == 2 - gone
        assert many(store, "SELECT COUNT(*) FROM destruction_certificate") <= (gone == 2)

    def whole(office: Office) -> None:
        found = disposal.carry_out(office.officers[1], run)
        assert (found.destroyed, found.kept, found.left, found.certificate) == (2, 0, 0, 1)
        assert faults(office) == []

    filling = Filling(tmp_path / "desk", disk, office.entry.clock())
    pages = filling.each(lambda here: disposal.carry_out(here.officers[0], run), after, whole)
    assert pages > 20


def test_a_letter_whose_every_write_finds_the_disk_full_is_issued_whole_or_not(
    office: Office, disk: Path, tmp_path: Path
) -> None:
    done = office.in_state(State.RELEASED)
    office.entry.store.close()

    def after(store: Store) -> None:
        with store.read() as tx:
            assert chain.verify(tx)[1] == ()
        letters = many(store, "SELECT COUNT(*) FROM letter WHERE number = 1 AND length(pdf) > 0")
        for sql in (
            "SELECT COUNT(*) FROM letter",
            "SELECT COUNT(*) FROM cases WHERE state = 'issued'",
            "SELECT COUNT(*) FROM retention",
            "SELECT COUNT(*) FROM journal WHERE action = 'issue'",
            "SELECT COUNT(*) FROM meta WHERE key = 'sequence.letter'",
        ):
            assert many(store, sql) == letters

    def whole(office: Office) -> None:
        assert many(office.entry.store, "SELECT number FROM letter") == 1
        assert faults(office) == []

    filling = Filling(tmp_path / "desk", disk, office.entry.clock())
    pages = filling.each(lambda here: issuing.issue(here.caseworker, issuing.Issue(**on(done))), after, whole)
    assert pages > 20


def _report(office: Office, out: Path) -> None:
    save_today(office.desk(Role.GUARDIAN), Made(out, Form.CSV))


def _form(office: Office, out: Path) -> None:
    make_request_form(office.caseworker, office.caseworker.agreements.all()[0].id, out)


def _register(office: Office, out: Path) -> None:
    save_retention_rules(office.officers[0], out)


def _journal(office: Office, out: Path) -> None:
    export_journal(office.desk(Role.AUDITOR), out)


@pytest.mark.parametrize("write", [_report, _form, _register, _journal])
def test_a_copy_for_which_there_is_no_room_is_not_journalled(
    office: Office, disk: Path, write: Callable[[Office, Path], None]
) -> None:
    office.in_state(State.ISSUED)
    kept = "SELECT (SELECT COUNT(*) FROM journal) + (SELECT COUNT(*) FROM publication)"
    before = many(office.entry.store, kept)
    filler = disk / "filler"
    filler.write_bytes(bytes(os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize))
    with pytest.raises(OSError, match="No space left"):
        write(office, disk / "copy.csv")
    assert [one.name for one in disk.iterdir()] == ["filler"]
    assert many(office.entry.store, kept) == before
    filler.unlink()
    write(office, disk / "copy.csv")
    assert many(office.entry.store, kept) > before
