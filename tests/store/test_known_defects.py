"""Defects of other systems about destruction, each replayed under its number, beside those of ``test_disposal.py``."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from db import chain
from db.casereads import load_case
from db.migrations import guards
from db.records import Outcome, Role, State
from db.store import FILE, open_store
from db.times import moment_text
from desktop.casework import decisions, disposal, issuing, outcomes
from desktop.casework.backups import back_up
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done, Refused
from desktop.casework.disposal import DecideRun, ProposeRun
from desktop.casework.reissuing import Reissue, reissue
from desktop.casework.requests import WithReasons
from desktop.casework.verifying import verify_store
from desktop.policy.disposal import GRACE_DAYS
from tests.fixtures import KEY, Office, make_entry, on, signed_in
from tests.store.disposing import (
    DESTROY,
    WHY,
    approved,
    destroy_by_sql,
    destroyed,
    faults,
    many_closed,
    moment,
    pass_days,
    pass_grace,
    said_and_decided,
    said_and_destroyed,
    said_and_proposed,
    state_of,
    statement,
    without,
)
from tests.store.test_destruction import pages_in_clear

NUMBERS = (*range(1, 26),)


def test_every_known_defect_has_a_test_of_its_number() -> None:
    found: set[int] = set()
    for path in Path("tests").rglob("test_*.py"):
        found |= {int(one) for one in re.findall(r"^def test_d0?(\d+)_", path.read_text(), re.MULTILINE)}
    assert found == set(NUMBERS)


def test_d3_a_case_that_the_database_refuses_stops_none_of_the_others(office: Office) -> None:
    """Another system stopped at the first error, and told that alone."""
    first, second, third = many_closed(office, 3)
    run = approved(office, first, second, third)
    pass_grace(office)

    def refusing(done: int, _of: int) -> bool:
        if done == 1:
            with office.entry.store.write() as tx:
                tx.exec_driver_sql(
                    "CREATE TRIGGER refusing BEFORE UPDATE ON cases WHEN NEW.state = 'destroyed'"
                    f" AND NEW.id = {second.case_id} BEGIN SELECT RAISE(ABORT, 'not this one'); END"
                )
        return True

    found = disposal.carry_out(office.officers[0], run, refusing)
    with office.entry.store.write() as tx:
        tx.exec_driver_sql("DROP TRIGGER refusing")
    assert (found.destroyed, found.kept, found.left, found.certificate) == (2, 1, 0, 1)
    results = {one.case_id: (one.destroyed, one.why) for one in disposal.run_items(office.officers[0], run)}
    assert results[first.case_id] == results[third.case_id] == (True, "")
    kept, why = results[second.case_id]
    assert not kept
    assert "does not allow" in why
    assert state_of(office, second) is State.ISSUED
    assert faults(office) == []


def test_d4_who_approved_by_what_rule_and_when_stays_beside_the_stub(office: Office) -> None:
    (done,) = many_closed(office, 1)
    destroyed(office, done)
    first, second = office.officers
    (run,) = disposal.runs(first)
    (item,) = disposal.run_items(office.desk(Role.AUDITOR), run.id)
    assert run.verdict is not None
    assert (run.proposed_by, run.verdict.by, item.done_by) == (first.user.name, second.user.name, first.user.name)
    assert (item.destroyed, item.rule) == (True, "3 years after the letter is issued")
    assert item.done_at is not None
    assert run.proposed_at < run.verdict.at < item.done_at
    assert item.done_at - run.verdict.at >= timedelta(days=GRACE_DAYS - 1)
    with office.entry.store.read() as tx:
        assert chain.verify(tx)[1] == ()
        assert load_case(tx, done.case_id).row.caseworker_id == office.caseworker.user.id


def _marked(office: Office, number: int, done: Done) -> Done:
    """Another revision of the request's words, with a marker of its own."""
    mark = f"QXZVREVISION{number}X "
    return office.save(done, necessity__statement=mark * 30, person__nationality=mark)


def _revised(office: Office) -> Done:
    """A case of which every table that keeps a revision has several."""
    done = office.register()
    for number in range(3):
        done = _marked(office, number, done)
    done = office.submit(done)
    done = decisions.send_back(office.reviewer, office.decide(done, reasons="QXZVREVISION3X Say when."))
    done = office.submit(_marked(office, 4, done))
    done = office.traced(office.approve(done))
    returned = WithReasons(**on(done), reasons="QXZVREVISION5X Look again.")
    done = outcomes.return_outcome(office.reviewer, returned)
    for address in ("QXZVREVISION6X Court", "QXZVREVISION7X Court"):
        value = {"address": {"value": address, "recorded_on": "19 January 2016"}}
        command = outcomes.Record(**on(done), outcome=Outcome.TRACED, matched=("name", "born", "address"), values=value)
        done = outcomes.record(office.caseworker, command)
        if address.startswith("QXZVREVISION6X"):
            again = WithReasons(**on(done), reasons="Once more.")
            done = outcomes.return_outcome(office.reviewer, again)
    done = office.submit(_marked(office, 8, done))
    done = office.release(office.traced(office.approve(done)))
    done = issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    return reissue(office.caseworker, Reissue(**on(done), why="The first one was lost."))


def test_d15_destruction_reaches_every_revision(office: Office) -> None:
    """Another system kept a whole copy of the row with each edit, and destroyed the newest."""
    done = _revised(office)
    store = office.entry.store
    store.empty_log()
    before = b"".join(pages_in_clear(store.path))
    seen = {int(one) for one in re.findall(rb"QXZVREVISION(\d)X", before)}
    assert {2, 3, 4, 5, 6, 7, 8} <= seen, "the revisions would not be seen"
    with store.read() as tx:
        for table, least in (("submission", 3), ("finding", 4), ("letter", 2), ("decision", 3)):
            assert tx.execute(text(f"SELECT COUNT(*) FROM {table}")).scalar_one() >= least, table  # noqa: S608
    pass_days(office, 3 * 366)
    assert destroyed(office, done).destroyed == 1
    after = b"".join(pages_in_clear(store.path))
    assert b"QXZVREVISION" not in after
    assert b"Kowalczyk" not in after
    assert not faults(office)


def test_d16_nothing_is_destroyed_without_an_approved_run(office: Office, tmp_path: Path) -> None:
    """Another system deleted what was old by itself, every night."""
    due, asked, refused = many_closed(office, 3)
    first, second = office.officers
    for done, run in ((asked, 1), (refused, 2)):
        command = ProposeRun(case_ids=(done.case_id,), because=WHY)
        assert disposal.propose_run(first, command) == run
    disposal.decide_run(second, DecideRun(run_id=2, approved=False, reasons="Not yet."))
    (tmp_path / "backups").mkdir(mode=0o700)
    for _year in range(10):
        pass_days(office, 365)
        disposal.candidates(first)
        back_up(office.desk(Role.ADMINISTRATOR), tmp_path / "backups")
        verify_store(office.entry)
    at = office.entry.clock()
    office.entry.store.close()
    again = signed_in(make_entry(open_store(tmp_path / "desk", KEY), at))
    for done in (due, asked, refused):
        assert state_of(again, done) is State.ISSUED
        destroy_by_sql(again, done, first.user.id, "only an approved run")
    for run in (1, 2):
        with pytest.raises(Refused, match="approves this run first"):
            disposal.carry_out(again.officers[0], run)
    again.entry.store.close()


def test_d17_a_case_that_is_due_past_the_known_holidays_says_so_and_so_does_the_check(office: Office) -> None:
    """The date in the store, on the case's page and in the checks: none is quietly short."""
    pass_days(office, (date(2028, 12, 20) - office.entry.today()).days)
    done = office.register(received=date(2028, 12, 18))
    page = case_page(office.caseworker, done.case_id)
    assert page.case.row.provisional
    assert page.due is not None
    assert "bank holidays are known up to 31 December 2028" in page.due.provisional_words
    (said,) = dict(verify_store(office.entry).checks)["Bank holidays"]
    assert said == "bank holidays are known only to 2028-12-31: later due dates are provisional"


def test_d20_the_certificate_is_in_the_file_before_it_is_said_that_it_is_done(office: Office, tmp_path: Path) -> None:
    (done,) = many_closed(office, 1)
    found = destroyed(office, done)
    # What the file holds at that moment, as another program sees it after a crash.
    copy = tmp_path / "after the crash"
    copy.mkdir(mode=0o700)
    for name in (FILE, f"{FILE}-wal"):
        if (tmp_path / "desk" / name).exists():
            (copy / name).write_bytes((tmp_path / "desk" / name).read_bytes())
    store = open_store(copy, KEY)
    with store.read() as tx:
        row = tx.execute(text("SELECT number, content, pdf, sha256 FROM destruction_certificate")).one()
        entry = tx.execute(text("SELECT data FROM journal WHERE action = 'certify_run'")).scalar_one()
    store.close()
    assert row.number == found.certificate
    assert hashlib.sha256(row.pdf).hexdigest() == row.sha256 == json.loads(entry)["sha256"]
    assert json.loads(entry)["content"] == hashlib.sha256(row.content.encode()).hexdigest()


# What SQL could still do with the guards in place, and what the checks say of it.


def _forged(office: Office, done: Done, at: str) -> None:
    """Destroys a case by SQL with a run, an approval and entries of the journal that SQL wrote too."""
    first, second = (one.user.id for one in office.officers)
    now = moment(office)
    values = {"at": now, "one": first, "id": done.case_id, "when": at}
    last = (office.entry.today() + timedelta(days=GRACE_DAYS)).isoformat()
    with office.entry.store.write() as tx:
        said_and_proposed(tx, 1, done, first, datetime.fromisoformat(now))
        said_and_decided(tx, 1, second, datetime.fromisoformat(now), last)
        said_and_destroyed(tx, done, first, datetime.fromisoformat(at))
        tx.execute(text("INSERT INTO disposal_result VALUES (1, :id, 1, '', :one, :when)"), values)


def test_sql_destroys_nothing_that_the_journal_does_not_say_of_that_moment_and_person(office: Office) -> None:
    (done,) = many_closed(office, 1)
    first, second = office.officers
    run = disposal.propose_run(first, ProposeRun(case_ids=(done.case_id,), because=WHY))
    disposal.decide_run(second, DecideRun(run_id=run, approved=True))
    late = office.entry.clock() + timedelta(days=GRACE_DAYS + 1)
    statement(office, DESTROY, by=first.user.id, at=moment_text(late), id=done.case_id)
    unsaid = "the entry of the journal that says so"
    destroy_by_sql(office, done, first.user.id, unsaid, late, said_by=second.user.id)
    assert state_of(office, done) is State.ISSUED


def test_a_forged_moment_that_gets_past_the_guards_is_found_by_the_checks(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    _forged(office, done, "2035-01-01T09:00:00.000000Z")
    said = faults(office)
    assert "TR-000001-7 was destroyed on a day that is still to come by this computer’s clock" in said
    office.register()
    assert "TR-000001-7 was destroyed at a later moment than what came after it" in faults(office)


def test_what_lifted_guards_let_through_is_found_by_the_checks(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    with office.entry.store.write() as tx:
        for name in guards():
            tx.exec_driver_sql(f"DROP TRIGGER {name}")
    _forged(office, done, moment(office))
    with office.entry.store.write() as tx:
        tx.exec_driver_sql("UPDATE disposal_verdict SET decided_by = (SELECT proposed_by FROM disposal_run)")
        author = {"id": done.case_id, "by": office.officers[0].user.id}
        tx.execute(text("INSERT INTO case_author VALUES (:id, :by)"), author)
        for sql in guards().values():
            tx.exec_driver_sql(sql)
    found = dict(verify_store(office.entry).checks)
    assert found["Guards"] == ()
    for words in ("before its day", "by one person", "by somebody who worked on it"):
        assert f"TR-000001-7 was destroyed {words}" in found["Destruction"]
    assert "a decision of a disposal run is not in the journal" in found["Journal"]


def test_a_timer_and_a_hold_that_the_journal_knows_nothing_of_are_found_by_the_checks(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    first, second = office.officers
    by = {"id": done.case_id, "by": first.user.id, "second": second.user.id, "at": moment(office)}
    with office.entry.store.write() as tx, without(tx, "retention_change_said", "hold_said"):
        tx.execute(
            text(
                "INSERT INTO retention_change (case_id, kind, due_on, rule, source, because, decided_by, decided_at,"
                ' "trigger", months, confirmed_by)'
                " VALUES (:id, 'rebase', '2020-01-01', 'x', 'x', 'x', :by, :at, 'letter_issued', 1, :second)"
            ),
            by,
        )
        tx.execute(
            text(
                "INSERT INTO hold (case_id, authority, because, review_on, placed_by, placed_at)"
                " VALUES (:id, 'x', 'x', '2030-01-01', :by, :at)"
            ),
            by,
        )
    said = faults(office)
    assert "a changed timer of TR-000001-7 is not in the journal" in said
    assert "a hold is not in the journal" in said
