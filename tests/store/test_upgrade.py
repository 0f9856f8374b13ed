"""A store of an earlier program is brought up to date when it is opened, with a copy of it kept beside."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

import db.migrations
from db.engine import make_engine
from db.errors import RuleKept
from db.records import Case, LetterKind, State
from db.store import FILE, HEAD, create_store, open_store
from desktop.casework import issuing
from desktop.casework.casepage import case_page
from desktop.casework.certificates import ensure_certificate
from desktop.casework.rebasing import moved_dates
from desktop.casework.register import timers
from desktop.casework.verifying import verify_store
from tests.fixtures import KEY, make_entry, signed_in, staffed
from tests.store.disposing import destroyed, pass_days


def taken_back(folder: Path, revision: str) -> None:
    """Makes the store one of an earlier revision, with foreign keys off as the program migrates."""
    engine = make_engine(folder / FILE, KEY)
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            config = Config()
            config.set_main_option("script_location", str(Path(db.migrations.__file__).parent))
            config.attributes["connection"] = connection
            command.downgrade(config, revision)
    engine.dispose()


@pytest.mark.parametrize("revision", ["0001", "0010"])
def test_a_store_of_an_earlier_revision_is_brought_up_to_date(tmp_path: Path, revision: str) -> None:
    folder = tmp_path / "desk"
    folder.mkdir(mode=0o700)
    store = create_store(folder, KEY)
    office = staffed(make_entry(store))
    done = office.in_state(State.ISSUED)
    done = office.sent(done)
    before = case_page(office.caseworker, done.case_id).case
    letter = issuing.read_letter(office.caseworker, done.case_id)
    store.close()
    taken_back(folder, revision)

    opened = open_store(folder, KEY)
    theirs = signed_in(make_entry(opened))
    after = case_page(theirs.caseworker, done.case_id).case
    assert as_before(after) == as_before(before)
    assert issuing.read_letter(theirs.caseworker, done.case_id) == letter
    ensure_certificate(theirs.entry)
    assert theirs.submit(theirs.register()).state is State.SUBMITTED
    assert theirs.in_state(State.ISSUED).state is State.ISSUED
    with pytest.raises(RuleKept, match="never changed"), opened.write() as tx:
        tx.exec_driver_sql("UPDATE letter SET pdf = X'00'")
    assert not [fault for name, faults in verify_store(theirs.entry).checks for fault in faults if name != "Files"]
    opened.close()
    copy = folder / f"desk-before-{HEAD}-from-{revision}.db"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    content = copy.read_bytes()
    assert b"SQLite format" not in content
    assert b"Kowalczyk" not in content


def test_a_timer_of_before_there_were_triggers_keeps_its_day_and_its_case_can_go(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir(mode=0o700)
    store = create_store(folder, KEY)
    office = staffed(make_entry(store))
    done = office.in_state(State.ISSUED)
    (before,) = timers(office.officers[0])
    store.close()
    taken_back(folder, "0016")

    opened = open_store(folder, KEY)
    theirs = signed_in(make_entry(opened))
    ensure_certificate(theirs.entry)
    (after,) = timers(theirs.officers[0])
    assert (after.timer.due_on, after.timer.rule, after.timer.waits) == (before.timer.due_on, before.timer.rule, False)
    assert moved_dates(theirs.officers[0]) == ()
    pass_days(theirs, 3 * 366)
    assert destroyed(theirs, done).destroyed == 1
    opened.close()


def as_before(case: Case) -> list[object]:
    """A case as an earlier program knew it: of a disclosure in part it said that it was one."""
    assert case.letter is not None
    assert case.letter.kind in (LetterKind.DISCLOSURE, LetterKind.PARTIAL_DISCLOSURE)
    one = case.letter
    letter = (one.id, one.number, one.sha256, one.snapshot_hash, one.issued_at, one.sent_at, one.sent_by_name)
    return [case.row, case.answers, case.submissions, case.decisions, case.finding, letter, case.authors]
